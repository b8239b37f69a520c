//! Dropout: every neuron is kept with probability `rho` and then divided by it, by independent masks on two copies of a network
//! with the same weights (Schoenholz et al. 2017, section 4; there for one input shown twice).
//!
//! With `x~ = m x / rho` the masked activity is `A / rho`, the masked overlap of two copies still `C`. So at infinite width
//!
//! ```text
//! q' = sigma_w^2 A / rho + sigma_b^2,     Cov(u, u') = sigma_w^2 C + sigma_b^2
//! ```
//!
//! and the distance of the masked signals is `D + (1/rho - 1)(A + A')`: masks part what is equal. With `A = A' = A*` the
//! correlation of preactivations goes `c -> (sigma_w^2 F(q*, q*, c q*) + sigma_b^2) / q*`, `F` the overlap map. It is a power
//! series in `c` with coefficients that are not negative, hence convex on `[0, 1]`, and below 1 at `c = 1` if `rho < 1`: there is one
//! fixed point in `[0, 1)`, with a slope below 1, in every phase, and its depth scale diverges nowhere.
//!
//! Assumes infinite width and weights, biases and masks drawn afresh in each layer. The error is that of the Gaussian integrals:
//! 1e-12 relative where they have closed forms, 1e-10 elsewhere.

mod finite_width;

pub use finite_width::{MaskedCorrections, masked_corrections};

use super::TheoryError;
use super::activity::{activity_fixed_point, chi_1, depth_scale};
use super::distance::{PairState, distance_fixed_point, pair_map};
use super::layers::follow;
use super::moments::{derivative_mean_square, derivative_moment_slope, mean_square, second_moment_slope};
use super::overlap::{overlap_slope, squared_difference};
use super::phase::{BoundaryPoint, largest};
use super::roughness::{check_reach, check_slopes};
use neurodyn_model::{Activation, Ensemble, Keep};
use neurodyn_numerics::quadrature::PairCovariance;
use neurodyn_numerics::roots::newton_bracketed;

/// The masked state of two copies in this state: `A / rho`, `A' / rho`, and `C` as it is.
pub fn masked(keep: Keep, state: &PairState) -> PairState {
    let sum = state.activity + state.activity_prime();
    PairState {
        activity: state.activity / keep.get(),
        activity_difference: state.activity_difference / keep.get(),
        distance: state.distance + keep.mask_variance() * sum,
    }
}

/// Masked states of layers `0..=depth`. The input is shown as it is, without masks of its own.
pub fn masked_trajectory(
    ensemble: &Ensemble,
    keep: Keep,
    input: PairState,
    depth: usize,
) -> Result<Vec<PairState>, TheoryError> {
    follow(input, depth, |state, layer| {
        let law = state.preactivations(ensemble);
        check_reach(ensemble.activation, law.q.max(law.q_prime()), "the masked activity or distance")?;
        let next = masked(keep, &pair_map(ensemble, state));
        let finite = next.activity.is_finite() && next.activity_prime().is_finite() && next.distance.is_finite();
        if finite { Ok(next) } else { Err(TheoryError::NotFinite { what: "the masked activity or distance", layer }) }
    })
}

/// What the two copies settle at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DropoutFixedPoint {
    /// Variance `q*` of preactivations, `q = sigma_w^2 E[phi^2] / rho + sigma_b^2`.
    pub q: f64,
    /// `A* = E[phi^2]` there, before masks.
    pub activity: f64,
    /// Fixed point `c*` of the correlation of preactivations.
    pub correlation: f64,
    /// Value of the correlation map at 1, `(sigma_w^2 A* + sigma_b^2) / q*`.
    pub map_at_one: f64,
    /// Slope of the correlation map at 1, `sigma_w^2 E[phi'^2]` at `q*`.
    pub chi_1: f64,
    /// Slope of the correlation map at `c*`.
    pub slope: f64,
    /// Evaluations of the maps.
    pub iterations: u32,
}

impl DropoutFixedPoint {
    /// Correlation depth `xi_c = -1 / ln slope`; `None` without dropout at criticality.
    pub fn depth_scale(&self) -> Option<f64> {
        depth_scale(self.slope)
    }
}

/// Correlation map `c -> (sigma_w^2 F(q, q, c q) + sigma_b^2) / q` of two copies at their fixed variance; 1 minus it is formed without
/// cancellation.
pub fn correlation_map(ensemble: &Ensemble, keep: Keep, point: &DropoutFixedPoint, correlation: f64) -> f64 {
    let distance = squared_difference(ensemble.activation, &law(point.q, 1.0 - correlation));
    1.0 - (0.5 * distance + keep.mask_variance() * point.activity) * ensemble.sigma_w.squared() / point.q
}

/// Law of two preactivations of variance `q` and correlation `1 - separation`.
fn law(q: f64, separation: f64) -> PairCovariance {
    PairCovariance { q, difference: 0.0, gap: 2.0 * q * separation }
}

/// The fixed point of two copies with independent masks. Without dropout that of [`distance_fixed_point`]. Fails where the variance
/// has none, and where the signal dies out (`q* = 0`), since correlations then have no limit.
///
/// The search is for `1 - c`, by Newton's method from `c = 0`, which is monotone since the map is convex.
pub fn dropout_fixed_point(ensemble: &Ensemble, keep: Keep) -> Result<DropoutFixedPoint, TheoryError> {
    let none = |reason| TheoryError::OutOfRegime { what: "correlation_star", reason };
    let single = keep
        .of_one_signal(ensemble)
        .map_err(|_| TheoryError::OutOfRegime { what: "q_star", reason: "sigma_w / sqrt(rho) is above 1e100" })?;
    let star = activity_fixed_point(&single)?;
    if star.q == 0.0 {
        return Err(none("the signal dies out (q* = 0), so correlations have no limit"));
    }
    let (weight, q, activity) = (ensemble.sigma_w.squared(), star.q, star.activity);
    let mut found = DropoutFixedPoint {
        q,
        activity,
        correlation: 1.0,
        map_at_one: 1.0 - keep.mask_variance() * activity * weight / q,
        chi_1: chi_1(ensemble, q),
        slope: 0.0,
        iterations: star.iterations,
    };
    if keep.is_all() {
        let pair = distance_fixed_point(ensemble, &star)?;
        found.correlation = pair.correlation.ok_or(none("the signal dies out"))?;
        (found.slope, found.iterations) = (pair.slope, found.iterations + pair.iterations);
        return Ok(found);
    }
    let slope = |separation: f64| weight * overlap_slope(ensemble.activation, &law(q, separation));
    // c* = 0 exactly: the right end itself is the root, up to rounding
    let uncorrelated = ensemble.activation.is_odd() && ensemble.sigma_b.get() == 0.0;
    let separation = if uncorrelated {
        1.0
    } else {
        let excess = |separation: f64| {
            let distance = squared_difference(ensemble.activation, &law(q, separation));
            let next = (0.5 * distance + keep.mask_variance() * activity) * weight / q;
            (next - separation, slope(separation) - 1.0)
        };
        let root = newton_bracketed(0.0, 1.0, 1.0, excess)
            .map_err(|source| TheoryError::NoConvergence { what: "correlation_star", source })?;
        found.iterations += root.iterations;
        root.x
    };
    (found.correlation, found.slope) = (1.0 - separation, slope(separation));
    Ok(found)
}

/// The `sigma_w` at which the slope of the correlation map at 1 passes 1: `sigma_w^2 = 1 / E[phi'^2]`,
/// `sigma_b^2 = q - E[phi^2] / (rho E[phi'^2])`, at the least `q` on a geometric grid of ratio 1.25 from 1e-10 to 1e8 where the latter rises
/// through the `sigma_b^2` given. Without dropout that is the edge of chaos; with it nothing happens there.
pub fn unit_slope(activation: Activation, sigma_b: f64, keep: Keep) -> Result<BoundaryPoint, TheoryError> {
    check_slopes(activation, "sigma_w")?;
    let target = sigma_b * sigma_b;
    let moments = |q: f64| (mean_square(activation, q), derivative_mean_square(activation, q));
    let excess = |q: f64| {
        let (m0, m1) = moments(q);
        let (m0_slope, m1_slope) = (second_moment_slope(activation, q), derivative_moment_slope(activation, q));
        let bend = (m0_slope - m0 / m1 * m1_slope) / (keep.get() * m1);
        // falling, as the root finder wants it
        (target - q + m0 / (keep.get() * m1), bend - 1.0)
    };
    let (mut q, last) = (1e-10, largest(activation) / 1.25);
    while q < last {
        let next = 1.25 * q;
        if excess(q).0 > 0.0 && excess(next).0 <= 0.0 {
            let root = newton_bracketed(q, next, next, excess)
                .map_err(|source| TheoryError::NoConvergence { what: "sigma_w", source })?;
            let sigma_w = (1.0 / moments(root.x).1).sqrt();
            return Ok(BoundaryPoint { sigma_w, sigma_b_squared: target, q: root.x });
        }
        q = next;
    }
    Err(TheoryError::OutOfRegime {
        what: "sigma_w",
        reason: "no weight scale makes the slope at correlation 1 equal 1",
    })
}

#[cfg(test)]
mod tests;
