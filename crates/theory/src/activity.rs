//! The activity `A^l = |x^l|^2 / n`: its one-layer map `chi_0`, fixed point, slope and depth scale, and the
//! susceptibilities `chi_1`, `chi_2` (Amari, Karakida, Oizumi 2018; Poole et al. 2016 for `q`).

mod fixed_points;
mod formulas;
mod local;
mod near;
mod tails;

pub(super) use fixed_points::excess_gain;
pub use fixed_points::{FixedPoint, FixedPoints, Stability, Unreached, fixed_points};
pub(super) use tails::saddle_nodes;

use super::TheoryError;
use super::moments::{derivative_mean_square, mean_square, second_moment, second_moment_slope};
use super::roughness::{check_reach, obstacle};
use neurodyn_model::{Activation, Ensemble};
use neurodyn_numerics::elementary::ln;

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
    times(ensemble, second_moment_slope(ensemble.activation, q))
}

/// `sigma_w^2` times a moment, which may be infinite.
fn times(ensemble: &Ensemble, moment: f64) -> f64 {
    let square = ensemble.sigma_w.squared();
    if square == 0.0 && !moment.is_finite() { 0.0 } else { square * moment }
}

/// `chi_1 = sigma_w^2 E[phi'^2]`: growth of small distances and of the metric in one layer; infinite where `phi` jumps.
pub fn chi_1(ensemble: &Ensemble, q: f64) -> f64 {
    times(ensemble, derivative_mean_square(ensemble.activation, q))
}

/// `chi_2 = sigma_w^4 E[phi''^2]`, the source of curvature, in the x-convention (that of Poole et al. is this over
/// `sigma_w^2`). Fails for relu and leaky_relu, and whatever else has a kink.
pub fn chi_2(ensemble: &Ensemble, q: f64) -> Result<f64, TheoryError> {
    let out = |reason| TheoryError::OutOfRegime { what: "chi_2", reason };
    let square = ensemble.sigma_w.squared();
    let rough = match ensemble.activation {
        Activation::Formula(_) => obstacle(ensemble.activation, 2, 2).unwrap_or(NOT_SQUARE_INTEGRABLE),
        _ => NOT_SQUARE_INTEGRABLE,
    };
    let moment = second_moment(ensemble.activation, 2, q).ok_or(out(rough))?;
    let chi_2 = square * square * moment;
    if chi_2.is_finite() { Ok(chi_2) } else { Err(out("sigma_w^4 is too large for a 64-bit number")) }
}

const NOT_SQUARE_INTEGRABLE: &str = "phi'' is not square-integrable at the kink";

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

/// The stable fixed point of the activity that is reached from large `q`, one of [`fixed_points`]. Fails with the reason where there
/// is none: divergence, a continuum, or a cycle.
pub fn activity_fixed_point(ensemble: &Ensemble) -> Result<ActivityFixedPoint, TheoryError> {
    fixed_points(ensemble)?.reached()
}

/// Whether every activity is a fixed point: homogeneous activations of gain 1 without bias, as relu initialised by He et al. (2015).
pub fn keeps_every_activity(ensemble: &Ensemble) -> bool {
    ensemble.activation.is_homogeneous()
        && ensemble.sigma_b.get() == 0.0
        && excess_gain(activity_slope(ensemble, 1.0)) == 0.0
}

fn at(ensemble: &Ensemble, q: f64, iterations: u32) -> ActivityFixedPoint {
    let activity = mean_square(ensemble.activation, q);
    ActivityFixedPoint { q, activity, slope: activity_slope(ensemble, q), iterations }
}

/// Layers from an input of this activity until the activity is within `tolerance` of a fixed point, `longest` at most; and the same between
/// whole layers, the logarithm of the distance to the fixed point being interpolated.
pub fn layers_until(ensemble: &Ensemble, activity: f64, star: f64, tolerance: f64, longest: usize) -> (usize, f64) {
    let (mut activity, mut layers) = (activity, 0);
    let (mut before, mut distance) = (f64::INFINITY, (activity - star).abs());
    while distance > tolerance && layers < longest {
        activity = activity_map(ensemble, activity);
        (before, distance) = (distance, (activity - star).abs());
        layers += 1;
    }
    let inside = layers > 0 && distance <= tolerance;
    let back = if inside { ln(tolerance / distance) / ln(before / distance) } else { 0.0 };
    // a distance of exactly 0 was reached somewhere in the last layer
    (layers, layers as f64 - if back.is_finite() { back } else { 1.0 })
}

/// Activities of layers `0..=depth` at infinite width, the first being the input's.
pub fn activity_trajectory(ensemble: &Ensemble, activity: f64, depth: usize) -> Result<Vec<f64>, TheoryError> {
    let mut activities = Vec::with_capacity(depth.saturating_add(1).min(1 << 20));
    activities.push(activity);
    let mut current = activity;
    for layer in 1..=depth {
        check_reach(ensemble.activation, ensemble.preactivation_variance(current), "the activity")?;
        current = activity_map(ensemble, current);
        if !current.is_finite() {
            return Err(TheoryError::NotFinite { what: "the activity", layer });
        }
        activities.push(current);
    }
    Ok(activities)
}

#[cfg(test)]
mod several;
#[cfg(test)]
mod tests;
