//! The activity `A^l = |x^l|^2 / n`: its one-layer map `chi_0`, fixed point, slope and depth scale, and the
//! susceptibilities `chi_1`, `chi_2` (Amari, Karakida, Oizumi 2018; Poole et al. 2016 for `q`).

use super::TheoryError;
use super::moments::{derivative_mean_square, mean_square, mean_square_with_slope, second_moment, second_moment_slope};
use crate::model::Ensemble;
use crate::numerics::elementary::ln;
use crate::numerics::roots::newton_bracketed;

/// `chi_0(A) = E[phi(u)^2]`, `u ~ N(0, sigma_w^2 A + sigma_b^2)`: the activity of the next layer at infinite width.
pub fn activity_map(ensemble: &Ensemble, activity: f64) -> f64 {
    mean_square(ensemble.activation, ensemble.preactivation_variance(activity))
}

/// `V(q) = sigma_w^2 E[phi^2] + sigma_b^2`: the length map of Poole et al. (2016, eq. 3) in preactivations.
pub fn variance_map(ensemble: &Ensemble, q: f64) -> f64 {
    ensemble.preactivation_variance(mean_square(ensemble.activation, q))
}

/// `d chi_0 / dA = sigma_w^2 E[phi'^2 + phi phi'']`, also the slope of [`variance_map`]; not `chi_1`.
pub fn activity_slope(ensemble: &Ensemble, q: f64) -> f64 {
    ensemble.sigma_w.squared() * second_moment_slope(ensemble.activation, q)
}

/// `chi_1 = sigma_w^2 E[phi'^2]`: growth of small distances and of the metric in one layer.
pub fn chi_1(ensemble: &Ensemble, q: f64) -> f64 {
    ensemble.sigma_w.squared() * derivative_mean_square(ensemble.activation, q)
}

/// `chi_2 = sigma_w^4 E[phi''^2]`, the source of curvature, in the x-convention (that of Poole et al. is this over
/// `sigma_w^2`). Fails for relu and leaky_relu.
pub fn chi_2(ensemble: &Ensemble, q: f64) -> Result<f64, TheoryError> {
    let out = |reason| TheoryError::OutOfRegime { what: "chi_2", reason };
    let square = ensemble.sigma_w.squared();
    let moment = second_moment(ensemble.activation, 2, q).ok_or(out("phi'' is not square-integrable at the kink"))?;
    let chi_2 = square * square * moment;
    if chi_2.is_finite() { Ok(chi_2) } else { Err(out("sigma_w^4 is too large for a 64-bit number")) }
}

/// Depth scale `-1 / ln |slope|` of an exponential approach at this slope per layer; `None` when it is not finite.
pub fn depth_scale(slope: f64) -> Option<f64> {
    let scale = -1.0 / ln(slope.abs());
    (slope.abs() < 1.0).then_some(scale + 0.0)
}

/// The fixed point of the activity map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActivityFixedPoint {
    /// `q* = sigma_w^2 A* + sigma_b^2`.
    pub q: f64,
    /// `A* = E[phi^2]` at `q*`.
    pub activity: f64,
    /// Slope of the map there.
    pub slope: f64,
    /// Evaluations of the map.
    pub iterations: u32,
}

/// The stable fixed point of the activity that is reached from large `q`.
///
/// Bounded activations have it below `sigma_w^2 + sigma_b^2`, homogeneous ones (relu, leaky_relu, linear) in closed form,
/// the others (gelu, softplus) are searched downwards from 1e16. Newton's method with a bracket, to 2 ulp of `q`. Fails
/// with the reason where there is none: divergence, a continuum, or a cycle.
pub fn activity_fixed_point(ensemble: &Ensemble) -> Result<ActivityFixedPoint, TheoryError> {
    let none = |reason| Err(TheoryError::OutOfRegime { what: "q_star", reason });
    let bias = ensemble.sigma_b.squared();
    let activation = ensemble.activation;
    if activation.is_homogeneous() {
        let gain = activity_slope(ensemble, 1.0);
        if gain == 1.0 && bias == 0.0 {
            return none("every activity is a fixed point (gain 1 without bias)");
        }
        if gain >= 1.0 {
            return none("the activity grows without bound (gain at or above 1)");
        }
        return Ok(at(ensemble, bias / (1.0 - gain), 0));
    }
    let excess = |q: f64| {
        let (square, slope) = mean_square_with_slope(activation, q);
        (ensemble.preactivation_variance(square) - q, ensemble.sigma_w.squared() * slope - 1.0)
    };
    let mut evaluations = 0;
    let bracket = match activation.bound() {
        Some(bound) => {
            let high = ensemble.preactivation_variance(bound * bound);
            lower_end(bias, high, 0.5, &excess, &mut evaluations).map(|low| (low, high))
        }
        None => {
            const HIGHEST: f64 = 1e16;
            if excess(HIGHEST).0 >= 0.0 {
                return none("the activity grows without bound (gain at or above 1 for large activities)");
            }
            lower_end(bias, HIGHEST, 0.7, &excess, &mut evaluations).map(|low| (low, low / 0.7))
        }
    };
    let Some((low, high)) = bracket else { return Ok(at(ensemble, 0.0, evaluations)) };
    let root = newton_bracketed(low, high, high, excess)
        .map_err(|source| TheoryError::NoConvergence { what: "q_star", source })?;
    let point = at(ensemble, root.x, evaluations + root.iterations);
    // the falling maps here (cos, gaussian) keep |slope| < 1/2, so this guards activations still to come
    if point.slope <= -1.0 {
        return none("the activity settles on a cycle of two values, not on a fixed point");
    }
    Ok(point)
}

/// First `q = high, high f, high f^2, ...` (and at last `bias`) where the map does not decrease; `None` when the map
/// decreases all the way down to 0.
fn lower_end(
    bias: f64,
    high: f64,
    factor: f64,
    excess: &impl Fn(f64) -> (f64, f64),
    evaluations: &mut u32,
) -> Option<f64> {
    let mut q = high;
    loop {
        q = (q * factor).max(bias);
        *evaluations += 1;
        if q < 1e-290 {
            return (excess(0.0).0 > 0.0).then_some(0.0);
        }
        let (value, slope) = excess(q);
        if value >= 0.0 || q <= bias {
            return Some(q);
        }
        // once 0 is a fixed point that attracts all below, there is nothing to find
        if bias == 0.0 && q < 1e-8 && slope < 0.0 && excess(0.0).0 == 0.0 {
            return None;
        }
    }
}

fn at(ensemble: &Ensemble, q: f64, iterations: u32) -> ActivityFixedPoint {
    let activity = mean_square(ensemble.activation, q);
    ActivityFixedPoint { q, activity, slope: activity_slope(ensemble, q), iterations }
}

/// Activities of layers `0..=depth` at infinite width, the first being the input's.
pub fn activity_trajectory(ensemble: &Ensemble, activity: f64, depth: usize) -> Result<Vec<f64>, TheoryError> {
    let mut activities = Vec::with_capacity(depth.saturating_add(1).min(1 << 20));
    activities.push(activity);
    let mut current = activity;
    for layer in 1..=depth {
        current = activity_map(ensemble, current);
        if !current.is_finite() {
            return Err(TheoryError::NotFinite { what: "the activity", layer });
        }
        activities.push(current);
    }
    Ok(activities)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Activation;
    use proptest::prelude::*;

    fn ensemble(activation: Activation, sigma_w: f64, sigma_b: f64) -> Ensemble {
        Ensemble::new(activation, sigma_w, sigma_b).expect("valid")
    }

    #[test]
    fn regimes_without_a_fixed_point_say_why() {
        let reason = |a, w, b| activity_fixed_point(&ensemble(a, w, b)).expect_err("none").reason();
        assert!(reason(Activation::Relu, 2.0, 0.5).contains("without bound"));
        assert!(reason(Activation::Linear, 1.0, 0.0).contains("every activity"));
        assert!(reason(Activation::Linear, 1.0, 0.1).contains("without bound"));
        assert!(reason(Activation::Softplus, 1.5, 0.1).contains("without bound"));
        assert!(reason(Activation::Gelu, 2.0, 0.0).contains("without bound"));
    }

    #[test]
    fn odd_activations_without_bias_die_out_below_the_edge() {
        for (activation, edge) in
            [(Activation::Tanh, 1.0), (Activation::Sin, 1.0), (Activation::ErfSqrt2, 1.253_314_137_315_5)]
        {
            let below = activity_fixed_point(&ensemble(activation, 0.98 * edge, 0.0)).expect("exists");
            assert_eq!((below.q, below.activity), (0.0, 0.0));
            let above = activity_fixed_point(&ensemble(activation, 1.000_1 * edge, 0.0)).expect("exists");
            assert!(above.q > 1e-6 && above.q < 1e-3, "{activation} {}", above.q);
        }
        let gelu = activity_fixed_point(&ensemble(Activation::Gelu, 1.2, 0.0)).expect("exists");
        assert_eq!(gelu.q, 0.0);
    }

    proptest! {
        #[test]
        fn fixed_points_are_fixed_and_reached_from_large_q(
            w in 0.0f64..5.0, b in 0.0f64..3.0, index in 0..Activation::ALL.len()
        ) {
            let ensemble = ensemble(Activation::ALL[index], w, b);
            if let Ok(point) = activity_fixed_point(&ensemble) {
                prop_assert!((variance_map(&ensemble, point.q) - point.q).abs() <= 1e-14 * point.q);
                prop_assert!(point.slope.abs() <= 1.0 + 1e-12);
                // the iteration itself, from far above
                let mut q = 50.0 * (1.0 + point.q);
                for _ in 0..3000 {
                    q = variance_map(&ensemble, q);
                }
                let speed = 1.0 - point.slope.abs();
                prop_assume!(speed > 0.01);
                prop_assert!((q - point.q).abs() <= 1e-9 * (1.0 + point.q), "{ensemble:?} {point:?} {q}");
            }
        }
    }
}
