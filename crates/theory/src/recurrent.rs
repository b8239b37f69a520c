//! Recurrent networks `x_{t+1} = phi(W x_t + b)` at infinite width: one Gaussian matrix `W_ij ~ N(0, sigma_w^2 / n)`, not symmetric,
//! and one bias for all steps.
//!
//! At `n -> infinity`, with the number of steps fixed, states at different times are jointly Gaussian before the activation, with
//! covariance `E[u_{t+1} u_{s+1}] = sigma_w^2 C(t, s) + sigma_b^2`: `W` acts on the states as if it were independent of them, for what a
//! state has of the matrix lies in few of `n` directions (Sompolinsky, Crisanti and Sommers, Phys. Rev. Lett. 61 (1988) 259, in
//! continuous time; Molgedey, Schuchhardt and Schuster, Phys. Rev. Lett. 69 (1992) 3717, in discrete time). So
//!
//! ```text
//! C(t+1, s+1) = E[phi(u) phi(v)],   Var u = sigma_w^2 C(t, t) + sigma_b^2,  Var v = sigma_w^2 C(s, s) + sigma_b^2,
//!                                   Cov(u, v) = sigma_w^2 C(t, s) + sigma_b^2,
//! C(t, 0) = E[phi(u_t)] mean(x_0),  t > 0.
//! ```
//!
//! Single-time quantities (activity, distance of two copies) therefore obey the recursions of independent layers. What differs is the
//! order 1/n, and, at any finite width, times long enough for a fluctuation to grow to order 1. For symmetric `W` none of this holds.

use super::TheoryError;
use super::activity::{activity_fixed_point, activity_trajectory, chi_1};
use super::overlap::overlap;
use super::roughness::check_slopes;
use neurodyn_model::Ensemble;
use neurodyn_numerics::elementary::ln;
use neurodyn_numerics::quadrature::PairCovariance;

/// Overlaps `C(t, s) = x_t . x_s / n` of one trajectory, `0 <= s <= t <= steps`, as rows `t`, from a start of this activity whose mean
/// over the neurons is 0. Absolute accuracy: a few ulp of `sqrt(A_t A_s)` a step, times the slopes of the map.
pub fn lag_overlaps(ensemble: &Ensemble, activity: f64, steps: usize) -> Result<Vec<Vec<f64>>, TheoryError> {
    let activities = activity_trajectory(ensemble, activity, steps)?;
    let mut rows: Vec<Vec<f64>> = vec![vec![activity]];
    for t in 1..=steps {
        let mut row = vec![0.0; t + 1];
        for s in 1..t {
            let q = ensemble.preactivation_variance(activities[s - 1]);
            let difference = ensemble.sigma_w.squared() * (activities[t - 1] - activities[s - 1]);
            let covariance = ensemble.preactivation_variance(rows[t - 1][s - 1]);
            let gap = (2.0 * (q - covariance) + difference).max(0.0);
            row[s] = overlap(ensemble.activation, &PairCovariance { q, difference, gap });
        }
        row[t] = activities[t];
        rows.push(row);
    }
    Ok(rows)
}

/// Lyapunov exponent `(1/2) ln chi_1` at the fixed point of the activity: `|p_{t+1}|^2 = chi_1 |p_t|^2` for tangents, since single-time
/// quantities are those of independent layers. `None` where `chi_1` is 0.
pub fn lyapunov_exponent(ensemble: &Ensemble) -> Result<Option<f64>, TheoryError> {
    check_slopes(ensemble.activation, "the Lyapunov exponent")?;
    let growth = chi_1(ensemble, activity_fixed_point(ensemble)?.q);
    Ok((growth > 0.0).then(|| 0.5 * ln(growth)))
}

/// Mean growth rate `(1 / 2(b - a)) sum_{t=a}^{b-1} ln chi_1(A_t)` of a tangent from step `a` to step `b` after a start of this activity.
/// `None` where some `chi_1` is 0 or the range is empty.
pub fn growth_rate(ensemble: &Ensemble, activity: f64, from: usize, to: usize) -> Result<Option<f64>, TheoryError> {
    check_slopes(ensemble.activation, "the growth of tangents")?;
    let activities = activity_trajectory(ensemble, activity, to)?;
    let mut total = 0.0;
    for activity in activities.get(from..to).unwrap_or_default() {
        let growth = chi_1(ensemble, ensemble.preactivation_variance(*activity));
        if !(growth > 0.0) {
            return Ok(None);
        }
        total += 0.5 * ln(growth);
    }
    Ok((from < to).then(|| total / (to - from) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::{PairState, distance_fixed_point, pair_trajectory};
    use neurodyn_model::Activation;
    use neurodyn_numerics::elementary::exp;

    fn ensemble(activation: Activation, sigma_w: f64, sigma_b: f64) -> Ensemble {
        Ensemble::new(activation, sigma_w, sigma_b).expect("an ensemble")
    }

    #[test]
    fn odd_activations_without_bias_forget_at_once() {
        for activation in [Activation::Tanh, Activation::ErfSqrt2, Activation::Sin] {
            let rows = lag_overlaps(&ensemble(activation, 1.7, 0.0), 0.8, 12).expect("overlaps");
            for (t, row) in rows.iter().enumerate() {
                assert!(row[..t].iter().all(|c| c.abs() < 1e-14), "{activation} {row:?}");
            }
        }
    }

    #[test]
    fn linear_networks_have_geometric_overlaps() {
        // C(t, s) = sigma_w^2 C(t-1, s-1) + sigma_b^2 from C(t - s, 0) = 0
        let rows = lag_overlaps(&ensemble(Activation::Linear, 0.8, 0.5), 2.0, 9).expect("overlaps");
        for (t, row) in rows.iter().enumerate() {
            for (s, found) in row[..t].iter().enumerate() {
                let exact = 0.25 * (1.0 - exp(s as f64 * ln(0.64))) / 0.36;
                assert!((found - exact).abs() < 1e-14, "{t} {s}: {found} {exact}");
            }
        }
    }

    #[test]
    fn late_overlaps_are_those_of_the_distance_fixed_point() {
        for (sigma_w, sigma_b) in [(2.5, 0.3), (0.7, 0.3), (1.2, 0.6)] {
            let ensemble = ensemble(Activation::Tanh, sigma_w, sigma_b);
            let star = activity_fixed_point(&ensemble).expect("a fixed point");
            let limit = star.activity - 0.5 * distance_fixed_point(&ensemble, &star).expect("a fixed point").distance;
            let rows = lag_overlaps(&ensemble, 0.4, 80).expect("overlaps");
            for lag in [1, 2, 7] {
                assert!((rows[80][80 - lag] - limit).abs() < 1e-6, "{sigma_w} {lag}: {} {limit}", rows[80][80 - lag]);
            }
        }
    }

    #[test]
    fn from_the_fixed_point_lags_move_like_distances() {
        // at the fixed point of the activity, C(k + t, t) is the overlap of two inputs that start with overlap 0
        let ensemble = ensemble(Activation::Tanh, 2.5, 0.3);
        let star = activity_fixed_point(&ensemble).expect("a fixed point");
        let start = PairState { activity: star.activity, activity_difference: 0.0, distance: 2.0 * star.activity };
        let pairs = pair_trajectory(&ensemble, start, 10).expect("distances");
        let rows = lag_overlaps(&ensemble, star.activity, 13).expect("overlaps");
        for (t, pair) in pairs.iter().enumerate() {
            assert!((rows[t + 3][t] - pair.overlap()).abs() < 1e-13, "{t}");
        }
    }

    #[test]
    fn lyapunov_exponents_change_sign_at_the_transition() {
        for (activation, critical) in [(Activation::Tanh, 1.0), (Activation::ErfSqrt2, 1.253_314_137_315_500_3)] {
            for (factor, sign) in [(0.98, -1.0), (1.02, 1.0)] {
                let exponent = lyapunov_exponent(&ensemble(activation, factor * critical, 0.0)).expect("a fixed point");
                assert_eq!(exponent.expect("an exponent").signum(), sign, "{activation} {factor}");
            }
            // below it the activity is 0 and the exponent ln(sigma_w phi'(0))
            let exponent = lyapunov_exponent(&ensemble(activation, 0.5 * critical, 0.0)).expect("a fixed point");
            assert!((exponent.expect("an exponent") + std::f64::consts::LN_2).abs() < 1e-14);
        }
        let ensemble = ensemble(Activation::Tanh, 1.8, 0.2);
        let late = growth_rate(&ensemble, 0.3, 90, 100).expect("a rate").expect("a rate");
        assert!((late - lyapunov_exponent(&ensemble).expect("a point").expect("an exponent")).abs() < 1e-10);
        assert_eq!(growth_rate(&ensemble, 0.3, 5, 5), Ok(None));
    }
}
