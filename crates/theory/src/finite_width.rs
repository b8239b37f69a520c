//! First-order finite-width (1/n) mean and variance of activity, overlap and distance at each layer (delta method).
//!
//! The Gram matrix of layer `l + 1` given that of layer `l` is a mean over `n` independent neurons: its conditional mean is
//! the infinite-width map `f` exactly, its conditional covariance `N / n`. With the state `m = (A, A' - A, D)`:
//! `Sigma' = J Sigma J^T + N(m) / n`, `beta' = J beta + (1/2) Hess f : Sigma`, `Sigma = 0` and `beta = 0` at the input.
//! Expectation values are then `m + beta` and covariances `Sigma`, up to terms of order `1/n^2` (which grow with depth:
//! trust them while `depth << n`).
//!
//! Derivatives of Gaussian expectations in the covariance are taken on the weight, not on the integrand:
//! `d E[G] / dS = (1/2) L^-T E[G H_2(z)] L^-1` with `S = L L^T` the law of `(u, v - u)` and `H_k` the Hermite tensors, so
//! kinked activations need no derivatives at all. Rounding is relative to `E[G]`, however small the distance.

use super::TheoryError;
use super::activity::{ActivityFixedPoint, activity_map, activity_slope};
use super::distance::{PairState, pair_map};
use super::moments::{check_nodes, second_moment_curvature, square_variance};
use super::overlap::{differences_along, pair_rule};
use super::roughness::{check, check_reach};
use neurodyn_model::{Ensemble, Width};
use neurodyn_numerics::quadrature::{Node, PairCovariance};

/// Mean correction and variance of one quantity.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Correction {
    /// Expectation minus the infinite-width value, first order in 1/n.
    pub bias: f64,
    /// Variance over networks, first order in 1/n.
    pub variance: f64,
}

/// Variance of `phi^2` over one layer's neurons, `V_A = E[phi^4] - E[phi^2]^2`.
fn activity_noise(ensemble: &Ensemble, q: f64) -> f64 {
    square_variance(ensemble.activation, q)
}

/// `chi_0''(A)`.
pub(super) fn activity_curvature(ensemble: &Ensemble, q: f64) -> f64 {
    let square = ensemble.sigma_w.squared();
    square * square * second_moment_curvature(ensemble.activation, q)
}

/// A derivative times a moment: 0 where the moment is, though the derivative may be infinite there (`phi''` that jumps at 0, without a signal; the
/// moment vanishes faster).
pub(super) fn times(derivative: f64, moment: f64) -> f64 {
    if moment == 0.0 { 0.0 } else { derivative * moment }
}

/// Corrections of the activity in layers `0..=L` for these widths of layers `1..=L`.
pub fn activity_corrections(
    ensemble: &Ensemble,
    activity: f64,
    widths: &[Width],
) -> Result<Vec<Correction>, TheoryError> {
    check(ensemble.activation, 0, 4, "the finite-width correction of the activity")?;
    let mut corrections = vec![Correction::default()];
    let (mut activity, mut current) = (activity, Correction::default());
    for (index, width) in widths.iter().enumerate() {
        let q = ensemble.preactivation_variance(activity);
        check_reach(ensemble.activation, q, "the finite-width correction of the activity")?;
        let slope = activity_slope(ensemble, q);
        current = Correction {
            bias: slope * current.bias + times(0.5 * activity_curvature(ensemble, q), current.variance),
            variance: slope * slope * current.variance + activity_noise(ensemble, q) / width.get() as f64,
        };
        activity = activity_map(ensemble, activity);
        if !(current.bias.is_finite() && current.variance.is_finite()) {
            return Err(TheoryError::NotFinite {
                what: "the finite-width correction of the activity",
                layer: index + 1,
            });
        }
        corrections.push(current);
    }
    Ok(corrections)
}

/// Stationary `n Var A = V_A / (1 - s^2)` and `n E[A - A*] = (1/2) chi_0'' n Var A / (1 - s)` in a deep network.
pub fn stationary_activity(ensemble: &Ensemble, point: &ActivityFixedPoint) -> Result<Correction, TheoryError> {
    check(ensemble.activation, 0, 4, "n_var_activity")?;
    let slope = point.slope;
    if !(slope.abs() < 1.0) {
        return Err(TheoryError::OutOfRegime {
            what: "n_var_activity",
            reason: "fluctuations do not settle at a marginal fixed point",
        });
    }
    let variance = activity_noise(ensemble, point.q) / ((1.0 - slope) * (1.0 + slope));
    Ok(Correction { bias: times(0.5 * activity_curvature(ensemble, point.q), variance) / (1.0 - slope), variance })
}

/// Corrections of a pair of inputs in one layer.
///
/// Kept for `(A, (A' - A) / sqrt D, D / D_inf)`, which stays of order 1/n however small the distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairCorrections {
    /// Infinite-width state.
    pub state: PairState,
    bias: [f64; 3],
    covariance: [[f64; 3]; 3],
}

impl PairCorrections {
    fn linear(&self, weights: [f64; 3]) -> Correction {
        let unit = self.state.distance.sqrt();
        self.combine([weights[0], weights[1] * unit, weights[2] * self.state.distance])
    }

    fn combine(&self, weights: [f64; 3]) -> Correction {
        let mut correction = Correction::default();
        for i in 0..3 {
            correction.bias += weights[i] * self.bias[i];
            for j in 0..3 {
                correction.variance += weights[i] * weights[j] * self.covariance[i][j];
            }
        }
        correction
    }

    /// Of `A`.
    pub fn activity(&self) -> Correction {
        self.linear([1.0, 0.0, 0.0])
    }

    /// Of `A'`.
    pub fn activity_prime(&self) -> Correction {
        self.linear([1.0, 1.0, 0.0])
    }

    /// Of `C = A + (A' - A - D) / 2`.
    pub fn overlap(&self) -> Correction {
        self.linear([1.0, 0.5, -0.5])
    }

    /// Of `D`.
    pub fn distance(&self) -> Correction {
        self.linear([0.0, 0.0, 1.0])
    }

    /// Of `ln D`: `E[ln D] = ln D_inf + beta_D / D - Var D / (2 D^2)`; `None` at `D = 0`.
    pub fn log_distance(&self) -> Option<Correction> {
        let relative = self.combine([0.0, 0.0, 1.0]);
        (self.state.distance > 0.0)
            .then_some(Correction { bias: relative.bias - 0.5 * relative.variance, variance: relative.variance })
    }
}

/// Corrections of a pair in layers `0..=L` for these widths of layers `1..=L`.
pub fn pair_corrections(
    ensemble: &Ensemble,
    input: PairState,
    widths: &[Width],
) -> Result<Vec<PairCorrections>, TheoryError> {
    check(ensemble.activation, 0, 4, "the finite-width correction of the pair")?;
    let mut layers = vec![PairCorrections { state: input, bias: [0.0; 3], covariance: [[0.0; 3]; 3] }];
    for (index, width) in widths.iter().enumerate() {
        let next = next_layer(ensemble, &layers[index], width.get() as f64)?;
        let finite = next.bias.iter().chain(next.covariance.iter().flatten()).all(|x| x.is_finite());
        if !finite {
            return Err(TheoryError::NotFinite { what: "the finite-width correction of the pair", layer: index + 1 });
        }
        layers.push(next);
    }
    Ok(layers)
}

fn next_layer(ensemble: &Ensemble, layer: &PairCorrections, width: f64) -> Result<PairCorrections, TheoryError> {
    let law = layer.state.preactivations(ensemble);
    let state = pair_map(ensemble, &layer.state);
    let identical = law.gap == 0.0 && law.difference == 0.0;
    let one_layer = if identical { single(ensemble, &law) } else { OneLayer::new(ensemble, &law, state.distance)? };
    let mut next = PairCorrections { state, bias: [0.0; 3], covariance: [[0.0; 3]; 3] };
    for i in 0..3 {
        for j in 0..3 {
            next.bias[i] += one_layer.jacobian[i][j] * layer.bias[j];
            next.covariance[i][j] += one_layer.noise[i][j] / width;
            for k in 0..3 {
                next.bias[i] += 0.5 * one_layer.hessian[i][j][k] * layer.covariance[j][k];
                for l in 0..3 {
                    next.covariance[i][j] +=
                        one_layer.jacobian[i][k] * layer.covariance[k][l] * one_layer.jacobian[j][l];
                }
            }
        }
    }
    Ok(next)
}

/// Jacobian, Hessian and one-neuron covariance of the map of `(A, (A' - A) / sqrt D, D / D_inf)`.
struct OneLayer {
    jacobian: [[f64; 3]; 3],
    hessian: [[[f64; 3]; 3]; 3],
    noise: [[f64; 3]; 3],
}

/// Two identical inputs: only the activity moves.
fn single(ensemble: &Ensemble, law: &PairCovariance) -> OneLayer {
    let mut layer = OneLayer { jacobian: [[0.0; 3]; 3], hessian: [[[0.0; 3]; 3]; 3], noise: [[0.0; 3]; 3] };
    layer.jacobian[0][0] = activity_slope(ensemble, law.q);
    layer.hessian[0][0][0] = activity_curvature(ensemble, law.q);
    layer.noise[0][0] = activity_noise(ensemble, law.q);
    layer
}

impl OneLayer {
    fn new(ensemble: &Ensemble, law: &PairCovariance, next_distance: f64) -> Result<Self, TheoryError> {
        let activation = ensemble.activation;
        check_nodes(activation, law.q.max(law.q_prime()), "the finite-width correction of the pair")?;
        let rule = pair_rule(activation, law);
        let (sd, cross, tau) = rule.factor();
        if sd == 0.0 || tau <= 1e-7 * law.gap.sqrt() {
            return Err(TheoryError::OutOfRegime {
                what: "the finite-width correction of the pair",
                reason: "the two inputs are exactly parallel but of unequal length, or one is zero",
            });
        }
        let unit = law.gap.sqrt();
        let along = |u: f64, _: &[f64], t: &[f64], found: &mut [f64]| differences_along(activation, u, t, found);
        let observables = |phi: &f64, difference: f64| {
            let difference = difference / unit;
            [phi * phi, difference * (2.0 * phi + difference * unit), difference * difference]
        };
        let prepare = |u: f64| activation.value(u);
        let moments: [[f64; 9]; 3] = {
            let flat: [f64; 27] = rule.expectations_along(prepare, along, |phi, difference, node: &Node| {
                let values = observables(phi, difference);
                let hermite = hermite_products(node.z, node.y);
                std::array::from_fn(|k| values[k / 9] * hermite[k % 9])
            });
            std::array::from_fn(|i| std::array::from_fn(|k| flat[9 * i + k]))
        };
        let mean = moments.map(|m| m[0]);
        let noise: [f64; 9] = rule.expectations_along(prepare, along, |phi, difference, _| {
            let values = observables(phi, difference);
            std::array::from_fn(|k| (values[k / 3] - mean[k / 3]) * (values[k % 3] - mean[k % 3]))
        });
        // observables come as A, (A' - A) / unit, D / unit^2; the parameters of the law are scaled likewise
        let ratio = unit / next_distance.sqrt();
        let output = [1.0, ratio, ratio * ratio];
        let sigma_w = ensemble.sigma_w.get();
        let input = [sigma_w * sigma_w, sigma_w, 1.0];
        let directions = whitened_directions(sd, cross / unit, tau / unit, unit);
        let mut layer = OneLayer { jacobian: [[0.0; 3]; 3], hessian: [[[0.0; 3]; 3]; 3], noise: [[0.0; 3]; 3] };
        for i in 0..3 {
            for j in 0..3 {
                layer.noise[i][j] = noise[3 * i + j] * output[i] * output[j];
                layer.jacobian[i][j] = 0.5 * contract_2(&directions[j], &moments[i]) * output[i] * input[j];
                for k in 0..3 {
                    let bend = contract_4(&directions[j], &directions[k], &moments[i]);
                    layer.hessian[i][j][k] = 0.25 * bend * output[i] * input[j] * input[k];
                }
            }
        }
        Ok(layer)
    }
}

/// `1`, the three `H_2`, the five `H_4` of two independent standard normals: 1, zz, zy, yy, zzzz, zzzy, zzyy, zyyy, yyyy.
pub(super) fn hermite_products(z: f64, y: f64) -> [f64; 9] {
    let (z2, y2) = (z * z, y * y);
    let (z_2, y_2) = (z2 - 1.0, y2 - 1.0);
    let (z_3, y_3) = (z * (z2 - 3.0), y * (y2 - 3.0));
    [1.0, z_2, z * y, y_2, (z2 - 6.0) * z2 + 3.0, z_3 * y, z_2 * y_2, z * y_3, (y2 - 6.0) * y2 + 3.0]
}

/// `B_i = L^-1 M_i L^-T`, as `(zz, zy, yy)`, for the derivatives `M_i` of the law of `(u, t / unit)` in `q`,
/// `difference / unit` and `gap / unit^2`, where `Cov(u, t) = (difference - gap) / 2` and `Var t = gap`.
/// `L` is `(sd, 0; cross, tau)`.
pub(super) fn whitened_directions(sd: f64, cross: f64, tau: f64, unit: f64) -> [[f64; 3]; 3] {
    // z = p u, y = r u + s t / unit
    let (p, r, s) = (1.0 / sd, -cross / (sd * tau), 1.0 / tau);
    let mixed = [0.0, 0.5 * p * s, r * s];
    [[p * p, p * r, r * r], mixed, [0.0, -unit * mixed[1], s * s - unit * mixed[2]]]
}

pub(super) fn contract_2(b: &[f64; 3], moments: &[f64; 9]) -> f64 {
    b[0] * moments[1] + 2.0 * b[1] * moments[2] + b[2] * moments[3]
}

pub(super) fn contract_4(a: &[f64; 3], b: &[f64; 3], moments: &[f64; 9]) -> f64 {
    let [_, _, _, _, h40, h31, h22, h13, h04] = *moments;
    a[0] * b[0] * h40
        + 2.0 * (a[0] * b[1] + a[1] * b[0]) * h31
        + (a[0] * b[2] + a[2] * b[0] + 4.0 * a[1] * b[1]) * h22
        + 2.0 * (a[1] * b[2] + a[2] * b[1]) * h13
        + a[2] * b[2] * h04
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::activity_fixed_point;
    use neurodyn_model::Activation;

    fn widths(width: u64, depth: usize) -> Vec<Width> {
        vec![Width::new(width).expect("valid"); depth]
    }

    /// Jacobian and Hessian against difference quotients of the map itself.
    #[test]
    fn derivatives_are_those_of_the_map() {
        for activation in [Activation::Tanh, Activation::Relu, Activation::Gelu, Activation::Cos, Activation::LeakyRelu]
        {
            let ensemble = Ensemble::new(activation, 1.4, 0.3).expect("valid");
            for (difference, distance) in [(0.0, 0.4), (0.2, 0.5), (-0.3, 1.1)] {
                let base = [0.8, difference, distance];
                let map = |m: [f64; 3]| {
                    let state = PairState { activity: m[0], activity_difference: m[1], distance: m[2] };
                    let next = pair_map(&ensemble, &state);
                    [next.activity, next.activity_difference, next.distance]
                };
                let state = PairState { activity: base[0], activity_difference: base[1], distance: base[2] };
                let next = map(base)[2];
                let layer = OneLayer::new(&ensemble, &state.preactivations(&ensemble), next).expect("regular");
                let (from, to) = ([1.0, distance.sqrt(), distance], [1.0, next.sqrt(), next]);
                let shifted = |h: f64, j: usize, a: f64, k: usize, b: f64| {
                    let mut m = base;
                    m[j] += a * h;
                    m[k] += b * h;
                    map(m)
                };
                for i in 0..3 {
                    for j in 0..3 {
                        let at = |a: f64| shifted(2e-3, j, a, j, 0.0)[i];
                        let slope = (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * 2e-3);
                        let found = layer.jacobian[i][j] * to[i] / from[j];
                        assert!((slope - found).abs() < 1e-8, "{activation} {base:?} J{i}{j}: {slope} {found}");
                        for k in 0..3 {
                            let at = |a: f64, b: f64| shifted(5e-4, j, a, k, b)[i];
                            let bend = (at(1.0, 1.0) - at(1.0, -1.0) - at(-1.0, 1.0) + at(-1.0, -1.0)) / 1e-6;
                            let found = layer.hessian[i][j][k] * to[i] / (from[j] * from[k]);
                            assert!((bend - found).abs() < 1e-5, "{activation} {base:?} H{i}{j}{k}: {bend} {found}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn stationary_values_are_the_limit_of_the_layers() {
        let ensemble = Ensemble::new(Activation::Tanh, 1.8, 0.3).expect("valid");
        let point = activity_fixed_point(&ensemble).expect("exists");
        let stationary = stationary_activity(&ensemble, &point).expect("settles");
        let layers = activity_corrections(&ensemble, point.activity, &widths(1000, 60)).expect("finite");
        let last = layers[60];
        assert!((last.variance * 1000.0 / stationary.variance - 1.0).abs() < 1e-10);
        assert!((last.bias * 1000.0 / stationary.bias - 1.0).abs() < 1e-10);
    }

    #[test]
    fn the_pair_contains_the_single_input_and_scales_with_tiny_distances() {
        for activation in [Activation::Tanh, Activation::ErfSqrt2, Activation::Relu, Activation::Softplus] {
            let ensemble = Ensemble::new(activation, 1.3, 0.2).expect("valid");
            let at = |distance| {
                let input = PairState { activity: 0.5, activity_difference: 0.0, distance };
                pair_corrections(&ensemble, input, &widths(100, 6)).expect("finite")
            };
            let single = activity_corrections(&ensemble, 0.5, &widths(100, 6)).expect("finite");
            let (large, tiny, tinier) = (at(0.3), at(1e-30), at(1e-200));
            for layer in 0..=6 {
                for pair in [&large, &tiny] {
                    let (found, exact) = (pair[layer].activity(), single[layer]);
                    assert!((found.variance - exact.variance).abs() <= 1e-11 * exact.variance, "{activation} {layer}");
                    assert!(
                        (found.bias - exact.bias).abs() <= 1e-9 * exact.variance.max(exact.bias.abs()),
                        "{activation} {layer}"
                    );
                }
                let (a, b) = (tiny[layer].log_distance().expect("D > 0"), tinier[layer].log_distance().expect("D > 0"));
                assert!((a.variance - b.variance).abs() <= 1e-10 * (1.0 + a.variance), "{activation} {layer}");
                assert!((a.bias - b.bias).abs() <= 1e-9, "{activation} {layer}: {a:?} {b:?}");
            }
            // exchange of the two inputs
            let forward = PairState { activity: 0.5, activity_difference: 0.3, distance: 0.4 };
            let backward = PairState { activity: 0.8, activity_difference: -0.3, distance: 0.4 };
            let [f, b] =
                [forward, backward].map(|s| pair_corrections(&ensemble, s, &widths(50, 4)).expect("finite")[4]);
            assert!((f.activity().variance / b.activity_prime().variance - 1.0).abs() < 1e-9);
            assert!((f.distance().variance / b.distance().variance - 1.0).abs() < 1e-9);
            assert!((f.overlap().bias - b.overlap().bias).abs() < 1e-9 * f.overlap().variance);
        }
    }
}
