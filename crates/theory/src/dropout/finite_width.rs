//! First-order finite-width (1/n) mean and covariance of two copies under dropout (delta method).
//!
//! The masked Gram matrix of a layer given that of the layer before is a mean over `n` independent neurons with their masks: its
//! conditional mean is the infinite-width map exactly, its conditional covariance `N / n`. So the recursion is that of
//! [`finite_width`](crate::finite_width), with another map and another `N`. Of the moments of one neuron, with
//! `a = m phi^2 / rho^2`, `a' = m' phi'^2 / rho^2`, `c = m m' phi phi' / rho^2` and `E m = rho`:
//!
//! ```text
//! E a^2 = E phi^4 / rho^3,     E a a' = E c^2 = E phi^2 phi'^2 / rho^2,     E a c = E phi^3 phi' / rho^2
//! ```

use super::{PairState, masked};
use crate::TheoryError;
use crate::distance::pair_map;
use crate::finite_width::{
    Correction, contract_2, contract_4, hermite_products, pair_corrections, whitened_directions,
};
use crate::moments::check_nodes;
use crate::overlap::{pair_rule, values_along};
use neurodyn_model::{Ensemble, Keep, Width};

/// Corrections of two masked copies in one layer, of `(A~, A~', C~) = (A / rho, A' / rho, C)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaskedCorrections {
    /// Infinite-width masked state.
    pub state: PairState,
    bias: [f64; 3],
    covariance: [[f64; 3]; 3],
}

impl MaskedCorrections {
    fn of(&self, index: usize) -> Correction {
        Correction { bias: self.bias[index], variance: self.covariance[index][index] }
    }

    /// Of `A~`.
    pub fn activity(&self) -> Correction {
        self.of(0)
    }

    /// Of `C~`.
    pub fn overlap(&self) -> Correction {
        self.of(2)
    }
}

/// Corrections in layers `0..=L` for these widths of layers `1..=L`; the input has no masks.
pub fn masked_corrections(
    ensemble: &Ensemble,
    keep: Keep,
    input: PairState,
    widths: &[Width],
) -> Result<Vec<MaskedCorrections>, TheoryError> {
    if keep.is_all() {
        return without_masks(ensemble, input, widths);
    }
    let mut layers = vec![MaskedCorrections { state: input, bias: [0.0; 3], covariance: [[0.0; 3]; 3] }];
    for (index, width) in widths.iter().enumerate() {
        let next = next_layer(ensemble, keep, &layers[index], width.get() as f64, index == 0)?;
        if !next.bias.iter().chain(next.covariance.iter().flatten()).all(|x| x.is_finite()) {
            return Err(TheoryError::NotFinite { what: "the finite-width correction under dropout", layer: index + 1 });
        }
        layers.push(next);
    }
    Ok(layers)
}

fn without_masks(
    ensemble: &Ensemble,
    input: PairState,
    widths: &[Width],
) -> Result<Vec<MaskedCorrections>, TheoryError> {
    let layers = pair_corrections(ensemble, input, widths)?;
    let convert = |layer: &crate::finite_width::PairCorrections| {
        let parts = [layer.activity(), layer.activity_prime(), layer.overlap()];
        let mut covariance = [[0.0; 3]; 3];
        parts.iter().enumerate().for_each(|(i, part)| covariance[i][i] = part.variance);
        MaskedCorrections { state: layer.state, bias: parts.map(|part| part.bias), covariance }
    };
    Ok(layers.iter().map(convert).collect())
}

/// `first`: whether the layer before is the input, which does not vary, so that no derivative is needed (and none may exist: two
/// copies of one input have the same preactivations).
fn next_layer(
    ensemble: &Ensemble,
    keep: Keep,
    layer: &MaskedCorrections,
    width: f64,
    first: bool,
) -> Result<MaskedCorrections, TheoryError> {
    let state = masked(keep, &pair_map(ensemble, &layer.state));
    let one = OneLayer::new(ensemble, keep, &layer.state, first)?;
    let mut next = MaskedCorrections { state, bias: [0.0; 3], covariance: one.noise.map(|row| row.map(|x| x / width)) };
    if first {
        return Ok(next);
    }
    for i in 0..3 {
        for j in 0..3 {
            next.bias[i] += one.jacobian[i][j] * layer.bias[j];
            for k in 0..3 {
                next.bias[i] += 0.5 * one.hessian[i][j][k] * layer.covariance[j][k];
                for l in 0..3 {
                    next.covariance[i][j] += one.jacobian[i][k] * layer.covariance[k][l] * one.jacobian[j][l];
                }
            }
        }
    }
    Ok(next)
}

/// Jacobian, Hessian and one-neuron covariance of the map of `(A~, A~', C~)`.
struct OneLayer {
    jacobian: [[f64; 3]; 3],
    hessian: [[[f64; 3]; 3]; 3],
    noise: [[f64; 3]; 3],
}

impl OneLayer {
    fn new(ensemble: &Ensemble, keep: Keep, state: &PairState, flat: bool) -> Result<Self, TheoryError> {
        let activation = ensemble.activation;
        let law = state.preactivations(ensemble);
        check_nodes(activation, law.q.max(law.q_prime()), "the finite-width correction under dropout")?;
        let rule = pair_rule(activation, &law);
        let prepare = |u: f64| activation.value(u);
        let rho = keep.get();
        let along = |_: f64, v: &[f64], _: &[f64], found: &mut [f64]| values_along(activation, v, found);
        let means: [f64; 3] = rule.expectations_along(prepare, along, |x, y, _| [x * x, y * y, x * y]);
        // products of the fluctuations x^2 - E, y^2 - E, x y - E: a difference of moments would cancel for small signals
        let centred: [f64; 9] = rule.expectations_along(prepare, along, |x, y, _| {
            let values = [x * x - means[0], y * y - means[1], x * y - means[2]];
            std::array::from_fn(|k| values[k / 3] * values[k % 3])
        });
        let fluctuation = |i: usize, j: usize| centred[3 * i + j];
        let moment = |i: usize, j: usize| fluctuation(i, j) + means[i] * means[j];
        let noise = std::array::from_fn(|i| {
            std::array::from_fn(|j| match (i, j) {
                // E[m^2] / rho^4 = 1 / rho^3, less the square of the mean E / rho
                (0, 0) | (1, 1) => (fluctuation(i, j) + keep.mask_variance() * moment(i, j)) / (rho * rho),
                (2, 2) => fluctuation(2, 2) + (1.0 / (rho * rho) - 1.0) * moment(2, 2),
                (0, 1) | (1, 0) => fluctuation(i, j) / (rho * rho),
                // E[m m'] / rho^4 = 1 / rho^2, less E / rho times E
                _ => (fluctuation(i, j) + keep.mask_variance() * moment(i, j)) / rho,
            })
        });
        let mut layer = Self { jacobian: [[0.0; 3]; 3], hessian: [[[0.0; 3]; 3]; 3], noise };
        if flat {
            return Ok(layer);
        }
        let (sd, cross, tau) = rule.factor();
        if sd == 0.0 || tau <= 1e-7 * law.gap.sqrt() {
            return Err(TheoryError::OutOfRegime {
                what: "the finite-width correction under dropout",
                reason: "the preactivations of the two copies are exactly parallel",
            });
        }
        let flat: [f64; 27] = rule.expectations_along(prepare, along, |x, y, node| {
            let (values, hermite) = ([x * x / rho, y * y / rho, x * y], hermite_products(node.z, node.y));
            std::array::from_fn(|k| values[k / 9] * hermite[k % 9])
        });
        let moments: [[f64; 9]; 3] = std::array::from_fn(|i| std::array::from_fn(|k| flat[9 * i + k]));
        let [q, difference, gap] = whitened_directions(sd, cross, tau, 1.0);
        // q = sigma_w^2 A~ + .., difference = sigma_w^2 (A~' - A~), gap = sigma_w^2 (A~ + A~' - 2 C~)
        let mix = |weights: [f64; 3]| -> [f64; 3] {
            std::array::from_fn(|k| weights[0] * q[k] + weights[1] * difference[k] + weights[2] * gap[k])
        };
        let directions = [mix([1.0, -1.0, 1.0]), mix([0.0, 1.0, 1.0]), mix([0.0, 0.0, -2.0])];
        let weight = ensemble.sigma_w.squared();
        for i in 0..3 {
            for j in 0..3 {
                layer.jacobian[i][j] = 0.5 * weight * contract_2(&directions[j], &moments[i]);
                for k in 0..3 {
                    let bend = contract_4(&directions[j], &directions[k], &moments[i]);
                    layer.hessian[i][j][k] = 0.25 * weight * weight * bend;
                }
            }
        }
        Ok(layer)
    }
}
