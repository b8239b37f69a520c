//! The pullback metric `g_ab = e_a . e_b / n` of signals (Amari, Karakida, Oizumi 2018, sections on the metric; Poole et al. 2016
//! for curves): the conformal law, its exact form where the activity varies, the overlap of tangents at two points, and the
//! growth statistics at finite width.
//!
//! Where the activity is constant along the manifold (`x . e_a = 0`), one layer multiplies the metric by `chi_1(A)`: angles are kept
//! and lengths grow by `sqrt(chi_1)`. Elsewhere a term of rank one is added ([`metric_map`]); the full recursion, activity slope
//! included, is that of [`super::jet`].

use super::TheoryError;
use super::activity::{ActivityFixedPoint, activity_map, activity_slope, chi_1};
use super::curvature::not_smooth;
use super::distance::{PairState, pair_map};
use super::finite_width::{stationary_activity, times};
use super::layers::Memo;
use super::moments::{derivative_mean_square, derivative_moment_slope, slope_moments};
use super::overlap::{overlap_slope, pair_rule};
use super::roughness::{check, check_slopes};
use neurodyn_model::activation::{Operation, PairLaw, SlopeMoments};
use neurodyn_model::{Activation, Ensemble};
use neurodyn_numerics::quadrature::{CHUNK, PairCovariance, PairIntegrand};

/// `g^l / g^0 = chi_1(A^0) ... chi_1(A^(l-1))` in layers `0..=depth`: the conformal law along the activities of a constant-activity
/// manifold, at the fixed point or not.
pub fn conformal_factors(ensemble: &Ensemble, activity: f64, depth: usize) -> Result<Vec<f64>, TheoryError> {
    check_slopes(ensemble.activation, "the metric")?;
    let (mut activity, mut factor) = (activity, 1.0);
    let mut factors = vec![factor];
    let mut known = Memo::new();
    for layer in 1..=depth {
        let growth;
        (growth, activity) = known.of(activity, || {
            (chi_1(ensemble, ensemble.preactivation_variance(activity)), activity_map(ensemble, activity))
        });
        factor *= growth;
        if !factor.is_finite() {
            return Err(TheoryError::NotFinite { what: "the metric", layer });
        }
        factors.push(factor);
    }
    Ok(factors)
}

/// One layer of `g_ab` where the activity has the slopes `A_a = d_a A = 2 x . e_a / n`:
/// `g'_ab = chi_1(A) g_ab + (sigma_w^4 / 2) E[phi''^2 + phi' phi'''] A_a A_b`, exact at infinite width (the conditional mean of `w . e_a` given
/// `u` is `sigma_w^2 A_a u / (2 q)`). The second term is `d chi_1 / dA` times `A_a A_b / 2`, so it is 0 for piecewise linear activations,
/// whose conformal law is exact. Infinite where `phi` jumps.
pub fn metric_map(ensemble: &Ensemble, activity: f64, metric: f64, slopes: [f64; 2]) -> f64 {
    if !ensemble.activation.is_continuous() {
        return f64::INFINITY;
    }
    let q = ensemble.preactivation_variance(activity);
    let square = ensemble.sigma_w.squared();
    let bend = 0.5 * square * square * derivative_moment_slope(ensemble.activation, q);
    chi_1(ensemble, q) * metric + bend * slopes[0] * slopes[1]
}

/// One layer of the slope of the activity: `A'_a = chi_0'(A) A_a`.
pub fn activity_slope_map(ensemble: &Ensemble, activity: f64, slope: f64) -> f64 {
    activity_slope(ensemble, ensemble.preactivation_variance(activity)) * slope
}

/// Statistics of `ln g` in deep networks of width `n`, at the activity fixed point: a random walk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MetricGrowth {
    /// `v_g = 3 E[phi'^4] / E[phi'^2]^2 - 1`: `n` times the variance of `g'/g` in one layer at given activity.
    pub one_layer_variance: f64,
    /// `kappa_g = d ln chi_1 / dA`.
    pub activity_response: f64,
    /// `n d Var(ln g) / dl = v_g + 2 kappa_g c / (1 - s) + kappa_g^2 V_A / (1 - s)^2`, with `c = E[phi^2 phi'^2] / E[phi'^2] - A*` the covariance
    /// of activity and `g'/g`, `V_A = E[phi^4] - A*^2` and `s` the slope of the activity map.
    pub variance_rate: f64,
}

/// [`MetricGrowth`] at this fixed point. Fails where fluctuations of the activity do not settle (`|s| >= 1`).
pub fn metric_growth(ensemble: &Ensemble, point: &ActivityFixedPoint) -> Result<MetricGrowth, TheoryError> {
    let activation = ensemble.activation;
    check(activation, 1, 4, "n_log_metric_variance_rate")?;
    let s = point.slope;
    let noise = stationary_activity(ensemble, point)
        .map_err(|_| TheoryError::OutOfRegime {
            what: "n_log_metric_variance_rate",
            reason: "fluctuations of the activity do not settle at a marginal fixed point",
        })?
        .variance
        * (1.0 - s)
        * (1.0 + s);
    let square = derivative_mean_square(activation, point.q);
    if !(chi_1(ensemble, point.q) > 0.0) {
        return Err(TheoryError::OutOfRegime {
            what: "n_log_metric_variance_rate",
            reason: "the metric vanishes in one layer (chi_1 = 0)",
        });
    }
    let SlopeMoments { fourth, mixed, .. } = slope_moments(activation, point.q);
    let one_layer_variance = 3.0 * fourth / (square * square) - 1.0;
    let activity_response = ensemble.sigma_w.squared() * derivative_moment_slope(activation, point.q) / square;
    let response = activity_response / (1.0 - s);
    let variance_rate = one_layer_variance + times(2.0 * response, mixed) / square + times(response * response, noise);
    Ok(MetricGrowth { one_layer_variance, activity_response, variance_rate })
}

/// Two points of a curve of constant activity with their tangents: `C = x . x' / n` as a pair state, its derivative along the
/// first point `x_1 . x' / n`, and the overlap of tangents `e . e' / n`.
///
/// For a stationary curve, `C(theta)`, these are `C`, `-C'(theta)` and `-C''(theta)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TangentPair {
    /// The two points.
    pub points: PairState,
    /// `e . x' / n`.
    pub slope: f64,
    /// `e . e' / n`.
    pub overlap: f64,
    /// `e . e / n` at either point.
    pub metric: f64,
}

impl TangentPair {
    /// Two points of a great circle of this activity at angle `theta`, given `(sin, cos)` of it and `1 - cos`.
    pub fn on_great_circle(activity: f64, (sin, cos): (f64, f64), versine: f64) -> Self {
        let points = PairState { activity, activity_difference: 0.0, distance: 2.0 * activity * versine };
        Self { points, slope: activity * sin, overlap: activity * cos, metric: activity }
    }

    /// Cosine of the angle between the tangents, the rotation of the frame along the curve.
    pub fn correlation(&self) -> f64 {
        self.overlap / self.metric
    }
}

/// One layer at infinite width, with `F' = sigma_w^2 E[phi'(u) phi'(v)]` and `F'' = sigma_w^4 E[phi''(u) phi''(v)]`:
/// `(e . x') -> F' (e . x')`, `(e . e') -> F' (e . e') + F'' (e . x') (x . e')`, where `x . e' = -(e . x')` for a stationary curve.
fn tangent_map(ensemble: &Ensemble, pair: &TangentPair) -> TangentPair {
    let law = pair.points.preactivations(ensemble);
    let square = ensemble.sigma_w.squared();
    let first = square * overlap_slope(ensemble.activation, &law);
    let second = square * square * overlap_bend(ensemble, &law);
    TangentPair {
        points: pair_map(ensemble, &pair.points),
        slope: first * pair.slope,
        overlap: first * pair.overlap - second * pair.slope * pair.slope,
        metric: chi_1(ensemble, law.q) * pair.metric,
    }
}

/// `E[phi''(u) phi''(v)]`, for smooth activations.
fn overlap_bend(ensemble: &Ensemble, law: &PairCovariance) -> f64 {
    let activation = ensemble.activation;
    if let Some(closed) = activation.definition().overlap_bend(&PairLaw::of(law)) {
        return closed;
    }
    if let Activation::Formula(_) = activation {
        return pair_rule(activation, law).integrate(&Bends(activation.operation()))[0];
    }
    let [mean] = pair_rule(activation, law)
        .expectations(|u| activation.second_derivative(u), |bend, node| [bend * activation.second_derivative(node.v)]);
    mean
}

/// `phi''(u) phi''(v)`.
struct Bends(&'static dyn Operation);

impl PairIntegrand<1> for Bends {
    type Prepared = f64;
    #[inline(always)]
    fn prepare(&self, u: f64) -> f64 {
        self.0.jet(u)[2]
    }
    #[inline(always)]
    fn values(&self, bend: f64, _u: f64, v: &[f64; CHUNK], _t: &[f64; CHUNK], [products]: &mut [[f64; CHUNK]; 1]) {
        self.0.slopes_and_bends(v, &mut [0.0; CHUNK], products);
        products.iter_mut().for_each(|value| *value *= bend);
    }
}

/// Layers `0..=depth` of two points with their tangents.
pub fn tangent_trajectory(
    ensemble: &Ensemble,
    input: TangentPair,
    depth: usize,
) -> Result<Vec<TangentPair>, TheoryError> {
    if let Some(reason) = not_smooth(ensemble.activation) {
        return Err(TheoryError::OutOfRegime { what: "the overlap of tangents", reason });
    }
    let mut layers = vec![input];
    for layer in 1..=depth {
        let next = tangent_map(ensemble, &layers[layer - 1]);
        if !(next.metric.is_finite() && next.overlap.is_finite()) {
            return Err(TheoryError::NotFinite { what: "the overlap of tangents", layer });
        }
        layers.push(next);
    }
    Ok(layers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::activity_fixed_point;
    use neurodyn_model::Activation;
    use neurodyn_numerics::elementary::sin_cos;

    /// The overlap of tangents is minus the second derivative of `C(theta)` by difference quotients.
    #[test]
    fn tangents_overlap_as_the_autocorrelation_bends() {
        for activation in [Activation::Tanh, Activation::ErfSqrt2, Activation::Sin, Activation::GaussCdf] {
            let ensemble = Ensemble::new(activation, 1.8, 0.3).expect("valid");
            let at = |angle: f64| {
                let (sin, cos) = sin_cos(angle);
                let input = TangentPair::on_great_circle(0.6, (sin, cos), 1.0 - cos);
                tangent_trajectory(&ensemble, input, 4).expect("finite").swap_remove(4)
            };
            let h = 1e-2;
            for angle in [0.5, 1.3, 2.9] {
                let c = |steps: f64| at(angle + steps * h).points.overlap();
                let second = (-c(2.0) + 16.0 * c(1.0) - 30.0 * c(0.0) + 16.0 * c(-1.0) - c(-2.0)) / (12.0 * h * h);
                let first = (8.0 * (c(1.0) - c(-1.0)) - (c(2.0) - c(-2.0))) / (12.0 * h);
                let found = at(angle);
                assert!((found.overlap + second).abs() < 1e-6 * found.metric, "{activation} {angle}: {second}");
                assert!((found.slope + first).abs() < 1e-6 * found.metric);
            }
            // one point: the overlap is the metric
            assert!((at(0.0).correlation() - 1.0).abs() < 1e-14);
        }
    }

    /// Piecewise linear activations have `v_g = 3 E[phi'^4] / E[phi'^2]^2 - 1` at every `q`, at `q = 0` too; `chi_1` has no slope.
    #[test]
    fn a_kink_at_rest_has_the_growth_of_a_small_signal() {
        for (activation, rate) in [(Activation::Relu, 5.0), (Activation::Linear, 2.0)] {
            for sigma_b in [0.0, 1e-6, 0.4] {
                let ensemble = Ensemble::new(activation, 0.9, sigma_b).expect("valid");
                let growth = metric_growth(&ensemble, &activity_fixed_point(&ensemble).expect("exists"));
                let found = growth.expect("settles").variance_rate;
                assert!((found - rate).abs() < 1e-13, "{activation} {sigma_b}: {found}");
            }
        }
        let at = |sigma_b: f64| {
            let ensemble = Ensemble::new(Activation::LeakyRelu, 1.1, sigma_b).expect("valid");
            metric_growth(&ensemble, &activity_fixed_point(&ensemble).expect("exists")).expect("settles").variance_rate
        };
        assert!((at(0.0) - at(0.3)).abs() < 1e-13);
        let still = Ensemble::new(Activation::Relu, 0.0, 0.3).expect("valid");
        assert!(metric_growth(&still, &activity_fixed_point(&still).expect("exists")).is_err());
    }
}
