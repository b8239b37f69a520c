//! Backpropagated errors of deep random networks (Schoenholz, Gilmer, Ganguli and Sohl-Dickstein 2017, section 4).
//!
//! `delta^L = phi'(u^L) o e` with `e` standard normal and independent of the network, `delta^l = phi'(u^l) o (W^(l+1))^T delta^(l+1)`,
//! and `qt^l = |delta^l|^2 / n_l`.
//!
//! *Infinite width.* `qt^l = (n_(l+1) / n_l) chi_1(q^l) qt^(l+1)`: as if the weights were drawn anew for the way back. The gradient
//! `dE/dW^l_ij = delta^l_i x^(l-1)_j` has the mean square `qt^l A^(l-1)`, for every network and at every width.
//!
//! *First order in 1/n.* With weights of the way back independent of those forward, `qt^l / qt^(l+1)` given the forward pass is
//! `sigma_w^2 n_(l+1) / n_l` times a mean over `n_l` of `phi'(u_j)^2 z_j^2`: its relative variance is
//! `v / n`, `v = 3 E[phi'^4] / E[phi'^2]^2 - 1`, and layers are independent but for the activity, which moves `chi_1`. So `ln qt` is a random
//! walk, to first order with the variance of the logarithm of the metric of forward tangents.
//!
//! *The same weights.* Given the forward pass, `W^T v = x (u . v) / |x|^2 + (sigma_w / sqrt n) |v| (1 - P) xi`, `P` the projection on `x` (with a bias, on
//! `x` and one component more, so that `|x|^2 = n q / sigma_w^2`). It differs from independent weights along `x` alone. With
//! `alpha^l = E[(u^l . delta^l)^2] / (q^l |delta^l|^2)`, which is 1 for independent weights,
//!
//! ```text
//! alpha^L = E[u^2 phi'^2] / (q E[phi'^2]),   alpha^l = (s_l^2 (q^l / q^(l+1)) (alpha^(l+1) - 1) + sigma_w^2 E[u^2 phi'^2] / q^l) / chi_1(q^l)
//! E[ln qt^l] (same) - E[ln qt^l] (independent) = sum over k from l to L - 1 of sigma_w^2 E[phi^2 phi'^2] (alpha^(k+1) - 1) / (n_k q^(k+1) E[phi'^2])
//! ```
//!
//! with the moments at `q^l` and `q^k` and `s` the slope of the activity map. It vanishes for piecewise linear activations without biases.
//! The independence assumption is thus right at infinite width, and for the variance to first order; for the mean it is wrong at first order.
//! Errors are `O(1/n^2)` and grow with depth: trust them while `depth << n`.

use super::TheoryError;
use super::activity::{activity_slope, activity_trajectory, chi_1};
use super::distance::{PairState, pair_trajectory};
use super::finite_width::{Correction, activity_corrections};
use super::moments::{
    check_nodes, derivative_mean_square, derivative_moment_curvature, derivative_moment_slope, square_variance,
};
use super::overlap::overlap_slope;
use super::roughness::{check, check_slopes};
use neurodyn_model::{Ensemble, Width};
use neurodyn_numerics::elementary::{ln, normal_cdf};
use neurodyn_numerics::quadrature::Univariate;
use neurodyn_numerics::spacing::even;

/// `xi_grad = 1 / ln chi_1`, layers in which errors change by a factor of e on their way back: negative where they vanish, positive
/// where they explode; `None` at `chi_1 = 1`.
pub fn gradient_depth_scale(chi_1: f64) -> Option<f64> {
    let rate = ln(chi_1);
    (rate != 0.0 && rate.is_finite()).then_some(1.0 / rate)
}

/// Law of the errors of one layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ErrorLaw {
    /// `ln qt^l` at infinite width.
    pub log_variance: f64,
    /// `ln(qt^l A^(l-1))` at infinite width, of the mean square of the gradient.
    pub log_gradient: f64,
    /// Mean and variance over networks of `ln qt^l`, the weights of the way back being those of the way forward.
    pub same: Correction,
    /// The same for independent weights of the way back.
    pub independent: Correction,
    /// Bias of `ln(qt^l A^(l-1))`, same weights.
    pub gradient_bias: f64,
    /// `alpha^l = E[(u^l . delta^l)^2] / (q^l |delta^l|^2)`, same weights.
    pub alignment: f64,
}

impl ErrorLaw {
    /// `ln E[qt^l] - ln qt^l` (infinite width) to first order, same weights.
    pub fn log_of_mean(&self) -> f64 {
        self.same.bias + 0.5 * self.same.variance
    }

    /// Largest distance of the distribution functions of `ln qt^l` of same and of independent weights, were they normal: on a grid so fine that
    /// it is 1e-5 of it off.
    pub fn normal_distance(&self) -> f64 {
        let [(same, wide), (independent, other)] =
            [&self.same, &self.independent].map(|law| (law.bias, law.variance.sqrt()));
        let middle = 0.5 * (same + independent);
        let grid = even(middle - 4.0 * wide, middle + 4.0 * wide, 2001);
        let apart = |x: f64| normal_cdf((x - same) / wide) - normal_cdf((x - independent) / other);
        grid.map(|x| apart(x).abs()).fold(0.0, f64::max)
    }
}

/// Moments of one layer.
struct Layer {
    q: f64,
    /// `E[phi'^2]`.
    slope_square: f64,
    /// `3 E[phi'^4] / E[phi'^2]^2 - 1`.
    walk: f64,
    /// Covariance of the activity and the relative error variance, of one neuron.
    mixed: f64,
    /// `Var[phi^2]`.
    noise: f64,
    /// `E[phi^2 phi'^2]`.
    both: f64,
    /// `E[u^2 phi'^2] / q`.
    spread: f64,
    /// `s`, the slope of the activity map.
    slope: f64,
    /// First and second derivative of `ln chi_1` in the activity.
    response: f64,
    bend: f64,
}

impl Layer {
    fn new(ensemble: &Ensemble, q: f64) -> Result<Self, TheoryError> {
        let activation = ensemble.activation;
        let m1 = derivative_mean_square(activation, q);
        if !(q > 0.0 && m1 > 0.0) {
            return Err(TheoryError::OutOfRegime {
                what: "the variance of backpropagated errors",
                reason: "the signal or its derivative vanishes",
            });
        }
        check_nodes(activation, q, "the variance of backpropagated errors")?;
        let rule = Univariate::new(activation.shape(), q);
        let [fourth, both, spread, square] = rule.expectations(|u| {
            let [value, slope, ..] = activation.jet(u);
            let squared = slope * slope;
            [squared * squared, value * value * squared, u * u / q * squared, value * value]
        });
        let w = ensemble.sigma_w.squared();
        let response = w * derivative_moment_slope(activation, q) / m1;
        Ok(Self {
            q,
            slope_square: m1,
            walk: 3.0 * fourth / (m1 * m1) - 1.0,
            mixed: both / m1 - square,
            noise: square_variance(activation, q),
            both,
            spread,
            slope: activity_slope(ensemble, q),
            response,
            bend: w * w * derivative_moment_curvature(activation, q) / m1 - response * response,
        })
    }
}

/// The law of the errors in layers `1..=L` of networks of these widths, for an input of this activity.
pub fn error_laws(ensemble: &Ensemble, activity: f64, widths: &[Width]) -> Result<Vec<ErrorLaw>, TheoryError> {
    check(ensemble.activation, 1, 4, "the variance of backpropagated errors")?;
    let depth = widths.len();
    let activities = activity_trajectory(ensemble, activity, depth)?;
    let corrections = activity_corrections(ensemble, activity, widths)?;
    let w = ensemble.sigma_w.squared();
    let mut laws = Vec::with_capacity(depth);
    // the layer after, its law, and how ln qt answers to its activity
    let mut after: Option<(Layer, f64)> = None;
    let (mut log_variance, mut independent_bias, mut detour, mut walked, mut answer) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for k in (0..depth).rev() {
        let n = widths[k].get() as f64;
        let layer = Layer::new(ensemble, ensemble.preactivation_variance(activities[k]))?;
        let before = corrections[k];
        log_variance += ln(layer.slope_square);
        let mut alignment = layer.spread / layer.slope_square;
        if let Some((next, alpha)) = &after {
            log_variance += ln(w * widths[k + 1].get() as f64 / n);
            detour += w * layer.both * (alpha - 1.0) / (n * next.q * layer.slope_square);
            let carried = layer.slope * layer.slope * (layer.q / next.q) * (alpha - 1.0);
            alignment += carried / (w * layer.slope_square);
        }
        independent_bias += layer.response * before.bias + 0.5 * layer.bend * before.variance - 0.5 * layer.walk / n;
        walked += (layer.walk + 2.0 * answer * layer.mixed + answer * answer * layer.noise) / n;
        answer = layer.response + layer.slope * answer;
        let variance = walked + answer * answer * before.variance;
        let a = activities[k];
        let law = ErrorLaw {
            log_variance,
            log_gradient: log_variance + ln(a),
            same: Correction { bias: independent_bias + detour, variance },
            independent: Correction { bias: independent_bias, variance },
            gradient_bias: independent_bias + detour + before.bias / a - 0.5 * before.variance / (a * a),
            alignment,
        };
        if !(law.log_gradient.is_finite() && law.same.bias.is_finite() && law.same.variance.is_finite()) {
            return Err(TheoryError::NotFinite { what: "the law of backpropagated errors", layer: k + 1 });
        }
        laws.push(law);
        after = Some((layer, alignment));
    }
    laws.reverse();
    Ok(laws)
}

/// Correlation of the errors of two inputs in layers `1..=L` at infinite width, `e` being common to both: `qt_12` gets the factor
/// `sigma_w^2 E[phi'(u) phi'(v)]` in each layer, `qt_11` and `qt_22` get `chi_1`.
pub fn error_correlations(ensemble: &Ensemble, input: PairState, depth: usize) -> Result<Vec<f64>, TheoryError> {
    check_slopes(ensemble.activation, "the correlation of backpropagated errors")?;
    let states = pair_trajectory(ensemble, input, depth)?;
    let mut correlation = 1.0;
    let mut found = Vec::with_capacity(depth);
    for state in states[..depth].iter().rev() {
        let law = state.preactivations(ensemble);
        let m1 = |q| derivative_mean_square(ensemble.activation, q);
        let size = (m1(law.q) * m1(law.q_prime())).sqrt();
        if !(size > 0.0) {
            return Err(TheoryError::OutOfRegime {
                what: "the correlation of backpropagated errors",
                reason: "the signal or its derivative vanishes",
            });
        }
        correlation *= overlap_slope(ensemble.activation, &law) / size;
        found.push(correlation);
    }
    found.reverse();
    Ok(found)
}

/// `ln chi_1`, the slope of `ln qt` a layer on the way back, at the activity `A`; infinite where `phi` jumps.
pub fn log_growth(ensemble: &Ensemble, activity: f64) -> f64 {
    ln(chi_1(ensemble, ensemble.preactivation_variance(activity)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::activity_fixed_point;
    use crate::jet::JetTheory;
    use crate::metric::metric_growth;
    use neurodyn_model::{Activation, Inputs, JetGram, Manifold, ManifoldKind, Measure};

    fn widths(widths: &[u64]) -> Vec<Width> {
        widths.iter().map(|n| Width::new(*n).expect("valid")).collect()
    }

    /// Normal laws of one variance are farthest apart in the middle between their means.
    #[test]
    fn laws_of_one_variance_are_apart_in_the_middle() {
        let ensemble = Ensemble::new(Activation::Tanh, 1.5, 0.2).expect("valid");
        let mut law = error_laws(&ensemble, 0.3, &widths(&[100, 100])).expect("exist")[0];
        law.same = Correction { bias: 0.3, variance: 0.25 };
        law.independent = Correction { bias: 0.1, variance: 0.25 };
        let exact = 2.0 * normal_cdf(0.2) - 1.0;
        assert!((law.normal_distance() / exact - 1.0).abs() < 1e-5, "{} {exact}", law.normal_distance());
    }

    /// `n_1 E[|delta^1|^2] sigma_w^2 = n_L E[g^L / g^0]` for a forward tangent across the input, exactly and at every width: both are the
    /// mean square of the same matrix. The forward side is the theory of jets, which knows nothing of errors.
    #[test]
    fn errors_of_the_same_weights_mirror_forward_tangents() {
        for activation in
            [Activation::Tanh, Activation::ErfSqrt2, Activation::Sin, Activation::GaussCdf, Activation::Gelu]
        {
            for (sigma_w, sigma_b, activity) in [(1.3, 0.3, 0.4), (2.5, 0.3, 0.7), (1.8, 0.0, 0.2)] {
                let ensemble = Ensemble::new(activation, sigma_w, sigma_b).expect("valid");
                let widths = widths(&[150, 90, 200, 70, 110, 130]);
                let circle = Manifold::new(ManifoldKind::GreatCircle { activity }).expect("valid");
                let inputs = Inputs::jets(&[circle.jet(&[0.0])], 1).expect("valid");
                let input = JetGram::of(inputs.gram(), 1);
                let theory = JetTheory::new(&ensemble, &input).expect("exists");
                let forward = theory.corrections(&input, &widths).expect("finite");
                let last = forward.last().expect("layers");
                let metric = Measure::Metric(0, 0);
                let law = error_laws(&ensemble, activity, &widths).expect("finite")[0];
                let level = ln(metric.of(&last.state) / activity);
                let mirrored = law.log_variance + ln(sigma_w * sigma_w * 150.0 / 130.0);
                assert!((level - mirrored).abs() < 1e-11 * (1.0 + level.abs()), "{activation}: {level} {mirrored}");
                let log = last.of_log(|gram| metric.of(gram));
                assert!(
                    (log.variance - law.same.variance).abs() < 1e-8 * log.variance,
                    "{activation}: {log:?} {law:?}"
                );
                let bias = last.of(|gram| metric.of(gram)).bias / metric.of(&last.state);
                let found = law.log_of_mean();
                assert!((bias - found).abs() < 1e-7 * (bias.abs() + law.same.variance), "{activation}: {bias} {found}");
            }
        }
    }

    #[test]
    fn the_variance_grows_at_the_rate_of_the_metric() {
        for (activation, sigma_w) in [(Activation::Tanh, 1.8), (Activation::Relu, 1.2), (Activation::Gelu, 1.4)] {
            let ensemble = Ensemble::new(activation, sigma_w, 0.3).expect("valid");
            let point = activity_fixed_point(&ensemble).expect("exists");
            let laws = error_laws(&ensemble, point.activity, &widths(&[1000; 300])).expect("finite");
            let found = 1000.0 * (laws[140].same.variance - laws[141].same.variance);
            let rate = metric_growth(&ensemble, &point).expect("settles").variance_rate;
            assert!((found / rate - 1.0).abs() < 1e-9, "{activation}: {found} {rate}");
        }
    }

    #[test]
    fn piecewise_linear_activations_without_biases_do_not_see_the_difference() {
        for activation in [Activation::Linear, Activation::Relu, Activation::LeakyRelu] {
            let ensemble = Ensemble::new(activation, 1.4, 0.0).expect("valid");
            for law in error_laws(&ensemble, 0.7, &widths(&[40, 50, 60, 30, 20])).expect("finite") {
                assert!((law.same.bias - law.independent.bias).abs() < 1e-13 && (law.alignment - 1.0).abs() < 1e-12);
            }
        }
        // a linear network: ln(chi^2_n / n) in each layer, E = -1/n, Var = 2/n, but for phi' = 1 there is no other noise
        let ensemble = Ensemble::new(Activation::Linear, 0.9, 0.2).expect("valid");
        let laws = error_laws(&ensemble, 1.0, &widths(&[50; 4])).expect("finite");
        assert!((laws[0].independent.bias + 4.0 / 50.0).abs() < 1e-14);
        assert!((laws[0].independent.variance - 8.0 / 50.0).abs() < 1e-14);
        assert!((laws[0].log_variance - 3.0 * ln(0.81)).abs() < 1e-14);
    }

    #[test]
    fn signs_of_the_depth_scale_and_limits_of_the_correlation() {
        assert!(gradient_depth_scale(0.5).is_some_and(|xi| (xi + std::f64::consts::LOG2_E).abs() < 1e-15));
        assert!(gradient_depth_scale(2.0).is_some_and(|xi| xi > 0.0));
        assert_eq!(gradient_depth_scale(1.0), None);
        let ensemble = Ensemble::new(Activation::Tanh, 2.5, 0.3).expect("valid");
        let state = |distance| PairState { activity: 0.7, activity_difference: 0.0, distance };
        let equal = error_correlations(&ensemble, state(0.0), 6).expect("finite");
        assert!(equal.iter().all(|c| (c - 1.0).abs() < 1e-12));
        let apart = error_correlations(&ensemble, state(0.5), 6).expect("finite");
        assert!(apart.windows(2).all(|pair| 0.0 < pair[0] && pair[0] < pair[1]) && apart[5] < 1.0, "{apart:?}");
        let fixed = activity_fixed_point(&ensemble).expect("exists").activity;
        let laws = error_laws(&ensemble, fixed, &widths(&[100; 9])).expect("finite");
        let slope = laws[2].log_variance - laws[3].log_variance;
        assert!((slope - log_growth(&ensemble, fixed)).abs() < 1e-12);
    }
}
