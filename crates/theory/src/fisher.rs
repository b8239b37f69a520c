//! The Fisher information of deep random networks with one linear output, unit variance of the noise, and the weights (not the biases) as
//! parameters (Karakida, Akaho and Amari 2019; Amari, Karakida and Oizumi 2018, arXiv 1808.07172).
//!
//! `F = (1/T) sum_s grad f(s) grad f(s)^T` over `T` inputs. Its eigenvalues other than 0 are those of `Theta / T`, with the tangent kernel
//! `Theta_st = grad f(s) . grad f(t)`. For inputs of one activity and one overlap `Theta / n` tends, as `n` grows at a fixed `T`, to
//! `kappa_1` on the diagonal and `kappa_2` off it ([`kernel_sums`]): one eigenvalue grows with the number of inputs, the others are equal.
//!
//! *The trace to first order in 1/n* ([`trace_bias`]). Given the activity `a` of layer `l - 1`, what follows is a shorter network, so
//! `E[A^(l-1) qt^l] = E[h(A^(l-1))]` with `h(a) = a E[qt^l | a]`, and `E[qt^l | a]` is known to first order ([`error_laws`]). With
//! `g = ln(a prod_k chi_1(q^k(a)))`, `h_0` the value at infinite width, `b` and `v` bias and variance of the activity,
//!
//! ```text
//! E[h] / h_0 - 1 = m + g' b + (g'' + g'^2) v / 2
//! ```
//!
//! where `m = ln E[qt^l | a] - ln qt^l`. Errors are `O(1/n^2)`.
//!
//! *One unit* ([`UnitBlock`]) *and elements between units* ([`unit_elements`]).

use super::TheoryError;
use super::activity::{activity_slope, activity_trajectory};
use super::backward::error_laws;
use super::distance::PairState;
use super::finite_width::{activity_corrections, activity_curvature};
use super::moments::{derivative_mean_square, derivative_moment_curvature, derivative_moment_slope};
use super::ntk::{KernelSums, kernel_sums};
use super::overlap::overlap_slope;
use super::roughness::check;
use neurodyn_model::activation::Operation;
use neurodyn_model::{Activation, Ensemble, Width};
use neurodyn_numerics::elementary::{exp, ln};
use neurodyn_numerics::quadrature::{Bivariate, PairCovariance, Univariate};

/// Spectrum of the Fisher information at infinite width, for inputs of one activity and one overlap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spectrum {
    /// Sums of the tangent kernel.
    pub kappa: KernelSums,
    /// Number of inputs `T`.
    pub inputs: usize,
}

impl Spectrum {
    /// The spectrum of networks with this many layers of weights, the output's among them.
    pub fn new(ensemble: &Ensemble, input: PairState, depth: usize, inputs: usize) -> Result<Self, TheoryError> {
        Ok(Self { kappa: kernel_sums(ensemble, input, depth)?, inputs })
    }

    fn shares(&self) -> (f64, f64) {
        let one = 1.0 / self.inputs as f64;
        (one, 1.0 - one)
    }

    /// `tr F / n = kappa_1`; the mean eigenvalue is `n kappa_1 / P`, `P` the number of parameters.
    pub fn trace(&self) -> f64 {
        self.kappa.kappa_1
    }

    /// `tr F^2 / n^2 = kappa_1^2 / T + (1 - 1/T) kappa_2^2`; the second moment of the eigenvalues is `n^2 / P` times that.
    pub fn square(&self) -> f64 {
        let (one, rest) = self.shares();
        one * self.kappa.kappa_1 * self.kappa.kappa_1 + rest * self.kappa.kappa_2 * self.kappa.kappa_2
    }

    /// `lambda_max / n = kappa_1 / T + (1 - 1/T) kappa_2`, where `kappa_2 >= 0`.
    pub fn largest(&self) -> f64 {
        let (one, rest) = self.shares();
        one * self.kappa.kappa_1 + rest * self.kappa.kappa_2
    }

    /// The other `T - 1` eigenvalues over `n`, `(kappa_1 - kappa_2) / T`.
    pub fn rest(&self) -> f64 {
        self.shares().0 * (self.kappa.kappa_1 - self.kappa.kappa_2)
    }

    /// `n` times the critical learning rate `2 / lambda_max` of gradient descent on half the mean squared error.
    pub fn critical_rate(&self) -> f64 {
        2.0 / self.largest()
    }
}

/// Number of weights of networks with this many layers of weights and `n` inputs and neurons a layer: `(L - 1) n^2 + n`.
pub fn weights(width: u64, depth: usize) -> f64 {
    let n = width as f64;
    (depth as f64 - 1.0) * n * n + n
}

/// `ln |1 - 2 r|`, by which the logarithm of the residual's size changes in one step along the first eigenvector, at `r` times the critical
/// learning rate; none at `r = 1/2`, where it vanishes at once.
pub fn residual_growth(ratio: f64) -> Option<f64> {
    let growth = ln((1.0 - 2.0 * ratio).abs());
    growth.is_finite().then_some(growth)
}

/// `E[tr F / n] - kappa_1` to first order in 1/n, for networks with hidden layers of one width `n` and `n` inputs.
pub fn trace_bias(ensemble: &Ensemble, activity: f64, width: Width, depth: usize) -> Result<f64, TheoryError> {
    let Some(hidden) = depth.checked_sub(1) else {
        return Err(TheoryError::OutOfRegime { what: "the trace", reason: "a network has at least one layer" });
    };
    if hidden == 0 {
        return Ok(0.0);
    }
    let widths = vec![width; hidden];
    let activities = activity_trajectory(ensemble, activity, hidden)?;
    let corrections = activity_corrections(ensemble, activity, &widths)?;
    let weight = ensemble.sigma_w.squared();
    let mut bias = corrections[hidden].bias;
    for (before, &a) in activities[..hidden].iter().enumerate() {
        let law = &error_laws(ensemble, a, &widths[before..])?[0];
        // first and second derivative in the activity: of the logarithm of a qt, and of the activity of each layer
        let (mut first, mut second) = (1.0 / a, -1.0 / (a * a));
        let (mut moved, mut bent) = (1.0, 0.0);
        for &here in &activities[before..hidden] {
            let q = ensemble.preactivation_variance(here);
            let mean = derivative_mean_square(ensemble.activation, q);
            let response = weight * derivative_moment_slope(ensemble.activation, q) / mean;
            let bend =
                weight * weight * derivative_moment_curvature(ensemble.activation, q) / mean - response * response;
            first += response * moved;
            second += bend * moved * moved + response * bent;
            let slope = activity_slope(ensemble, q);
            bent = activity_curvature(ensemble, q) * moved * moved + slope * bent;
            moved *= slope;
        }
        let before = corrections[before];
        let relative = law.log_of_mean() + first * before.bias + 0.5 * (second + first * first) * before.variance;
        bias += a * weight * exp(law.log_variance) * relative;
    }
    if bias.is_finite() { Ok(bias) } else { Err(TheoryError::NotFinite { what: "the trace", layer: depth }) }
}

/// The block of one unit with standard normal inputs, `E[phi'(w . x)^2 x x^T] = a0 I + (a2 - a0) w w^T / |w|^2` (1808.07172).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitBlock {
    /// `a0 = E[phi'(|w| v)^2]`, the eigenvalue across `w`.
    pub across: f64,
    /// `a2 = E[v^2 phi'(|w| v)^2] = a0 + 2 q da0/dq` at `q = |w|^2`, the eigenvalue along `w`.
    pub along: f64,
}

impl UnitBlock {
    /// The block of weights of length `sqrt q`; infinite where `phi` jumps.
    pub fn new(activation: Activation, q: f64) -> Self {
        let across = derivative_mean_square(activation, q);
        Self { across, along: across + 2.0 * q * derivative_moment_slope(activation, q) }
    }

    /// The inverse, `(1/a0) I + (1/a2 - 1/a0) w w^T / |w|^2`, times a vector.
    pub fn solve(&self, weights: &[f64], vector: &[f64]) -> Vec<f64> {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let share = (1.0 / self.along - 1.0 / self.across) * dot(weights, vector) / dot(weights, weights);
        vector.iter().zip(weights).map(|(x, w)| x / self.across + share * w).collect()
    }
}

/// `E[1^T Theta 1] / (n T^2)` of the first weights of networks with one hidden layer and one linear output, exact at every width; the largest
/// eigenvalue of their Fisher information over `n` tends to it, that of each unit's block to a share `1/n` of it on average. Infinite where `phi`
/// jumps.
pub fn first_layer_form(ensemble: &Ensemble, input: PairState, inputs: usize) -> f64 {
    let law = input.preactivations(ensemble);
    let one = 1.0 / inputs as f64;
    let same = input.activity * derivative_mean_square(ensemble.activation, law.q);
    let pair = input.overlap() * overlap_slope(ensemble.activation, &law);
    ensemble.sigma_w.squared() * (one * same + (1.0 - one) * pair)
}

/// Mean squares of elements of the Fisher information of the first layer of one-hidden-layer networks with several linear outputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitElements {
    /// Of elements within the block of a unit.
    pub within: f64,
    /// Of elements between two units.
    pub between: f64,
}

impl UnitElements {
    /// Root of the ratio: size of elements between units relative to those within.
    pub fn relative_size(&self) -> f64 {
        (self.between / self.within).sqrt()
    }
}

/// Mean squares of elements, exact at every width `n`, for inputs of one activity and one overlap.
///
/// `F_(ij)(kh) = (V^T V)_ik (1/T) sum_s phi'(u_i) phi'(u_k) x_j x_h`, and given the inputs the units are independent, so
///
/// ```text
/// within  = O (O + 2) (sigma_w^4 / n^2) <C^2 E[phi'^2 phi'^2]>,    between = O (sigma_w^4 / n^2) <C^2 E[phi' phi']^2>
/// ```
///
/// with the mean `<>` over pairs of inputs, equal ones among them, and `O` outputs. The ratio falls as `1 / (O + 2)`: elements between units are
/// small by `n^(-1/2)` where there are as many outputs as neurons, and are not small where there is one.
pub fn unit_elements(
    ensemble: &Ensemble,
    input: PairState,
    inputs: usize,
    outputs: usize,
    width: u64,
) -> Result<UnitElements, TheoryError> {
    let activation = ensemble.activation;
    check(activation, 1, 4, "the elements of the Fisher information")?;
    let law = input.preactivations(ensemble);
    let same = derivative_mean_square(activation, law.q);
    let pair = overlap_slope(activation, &law);
    let fourth = match activation.definition().slope_moments(law.q) {
        Some(closed) => closed.fourth,
        None => Univariate::new(activation.shape(), law.q).expectation(|u| {
            let slope = activation.derivative(u);
            slope * slope * slope * slope
        }),
    };
    let squares = squares_of_slopes(ensemble, &law);
    let one = 1.0 / inputs as f64;
    let (a, c) = (input.activity * input.activity * one, input.overlap() * input.overlap() * (1.0 - one));
    let (o, w) = (outputs as f64, ensemble.sigma_w.squared() / width as f64);
    Ok(UnitElements {
        within: o * (o + 2.0) * w * w * (a * fourth + c * squares),
        between: o * w * w * (a * same * same + c * pair * pair),
    })
}

/// `E[phi'(u)^2 phi'(v)^2]`.
fn squares_of_slopes(ensemble: &Ensemble, law: &PairCovariance) -> f64 {
    let activation = ensemble.activation;
    if let Some(closed) = activation.definition().squared_slope_overlap(law) {
        return closed;
    }
    let square = |u: f64| {
        let slope = activation.derivative(u);
        slope * slope
    };
    if let Activation::Formula(formula) = activation {
        let slopes = |_: f64, v: &[f64], _: &[f64], found: &mut [f64]| formula.slopes(v, found);
        return Bivariate::new(activation.shape(), law)
            .expectations_along(square, slopes, |outer, slope, _| [outer * (slope * slope)])[0];
    }
    Bivariate::new(activation.shape(), law).expectations(square, |outer, node| [outer * square(node.v)])[0]
}

#[cfg(test)]
mod tests;
