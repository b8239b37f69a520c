//! Two signals of any activities, however unequal, through the layers.
//!
//! A [`PairState`] holds `(A, A' - A, D)`, which is right for signals that are close. What follows from it for activities of 1e-8 and 1e4 has
//! the rounding of the larger one: an overlap would lose ten digits, the smaller activity twelve. [`Signals`] carry the larger activity and
//! the overlap besides, so each number has an error of its own size: activities and distances 1e-12 of themselves (a few ulp in closed form),
//! overlaps 1e-13 of `sqrt(A A')` (for sine and cosine an ulp of the variance of the preactivations, if that is more). Ranges hold to the last bit: `|C| <= sqrt(A A')`, correlations from -1 to 1, `D >= 0`.

use super::TheoryError;
use super::distance::{PairState, pair_map};
use super::layers::follow;
use super::moments::mean_square;
use super::overlap::overlap_of_covariance;
use super::roughness::check_reach;
use neurodyn_model::{Ensemble, geometric_mean};
use neurodyn_numerics::quadrature::PairCovariance;

/// Two signals in one layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signals {
    /// From the signal of the smaller activity to the other one.
    near: PairState,
    /// Whether the first signal is the one of the larger activity.
    swapped: bool,
    larger: f64,
    overlap: f64,
}

impl Signals {
    /// Signals of these activities, overlap and distance, which are not checked but for `|C| <= sqrt(A A')`.
    pub fn new(activity: f64, activity_prime: f64, overlap: f64, distance: f64) -> Self {
        let swapped = activity > activity_prime;
        let (activity, larger) = if swapped { (activity_prime, activity) } else { (activity, activity_prime) };
        let reach = geometric_mean(activity, larger);
        let near = PairState { activity, activity_difference: larger - activity, distance };
        Self { near, swapped, larger, overlap: overlap.clamp(-reach, reach) }
    }

    /// `A`.
    pub fn activity(&self) -> f64 {
        if self.swapped { self.larger } else { self.near.activity }
    }

    /// `A'`.
    pub fn activity_prime(&self) -> f64 {
        if self.swapped { self.near.activity } else { self.larger }
    }

    /// `C`.
    pub fn overlap(&self) -> f64 {
        self.overlap
    }

    /// `D`.
    pub fn distance(&self) -> f64 {
        self.near.distance
    }

    /// `C / sqrt(A A')`; `None` when an activity is 0.
    pub fn correlation(&self) -> Option<f64> {
        correlation(self.near.activity, self.larger, self.overlap, self.near.distance)
    }

    /// Correlation of the preactivations that these signals feed; `None` when one of them vanishes.
    pub fn preactivation_correlation(&self, ensemble: &Ensemble) -> Option<f64> {
        let (q, q_prime, covariance) = self.covariances(ensemble);
        correlation(q, q_prime, covariance, self.law(ensemble).gap)
    }

    /// Law of the preactivations, the smaller variance first.
    pub fn law(&self, ensemble: &Ensemble) -> PairCovariance {
        self.near.preactivations(ensemble)
    }

    /// Both variances of the preactivations, the smaller one first, and their covariance.
    fn covariances(&self, ensemble: &Ensemble) -> (f64, f64, f64) {
        let of = |moment: f64| ensemble.preactivation_variance(moment);
        (of(self.near.activity), of(self.larger), of(self.overlap))
    }

    /// One layer at infinite width.
    pub fn next(&self, ensemble: &Ensemble) -> Self {
        let mut near = pair_map(ensemble, &self.near);
        let (q, q_prime, covariance) = self.covariances(ensemble);
        let far = q_prime - q > 0.05 * q;
        let mut larger = if far { mean_square(ensemble.activation, q_prime) } else { near.activity_prime() };
        let mut swapped = self.swapped;
        if near.activity > larger {
            let activity_difference = -near.activity_difference;
            (larger, near) = (near.activity, PairState { activity: larger, activity_difference, ..near });
            swapped = !swapped;
        }
        // the formula of the distance is best where signals are close and has the rounding of the larger activity
        let close = larger <= 4.0 * near.activity && near.distance <= 0.5 * (near.activity + larger);
        let overlap =
            if close { near.overlap() } else { overlap_of_covariance(ensemble.activation, q, q_prime, covariance) };
        let reach = geometric_mean(near.activity, larger);
        Self { near, swapped, larger, overlap: overlap.max(-reach).min(reach) }
    }

    fn is_finite(&self) -> bool {
        self.near.activity.is_finite() && self.larger.is_finite() && self.near.distance.is_finite()
    }
}

/// Layers `0..=depth`, the first being the input's.
pub fn signal_trajectory(ensemble: &Ensemble, input: Signals, depth: usize) -> Result<Vec<Signals>, TheoryError> {
    follow(input, depth, |state, layer| {
        check_reach(ensemble.activation, state.law(ensemble).q_prime(), "the activity or the distance")?;
        let next = state.next(ensemble);
        let error = TheoryError::NotFinite { what: "the activity or the distance", layer };
        if next.is_finite() { Ok(next) } else { Err(error) }
    })
}

/// `k / sqrt(q q')`, by the distance where that is small.
fn correlation(q: f64, q_prime: f64, covariance: f64, gap: f64) -> Option<f64> {
    if q == 0.0 || q_prime == 0.0 {
        None
    } else if q == q_prime && gap <= q {
        Some(1.0 - 0.5 * gap / q)
    } else {
        Some((covariance / geometric_mean(q, q_prime)).clamp(-1.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::pair_trajectory;
    use neurodyn_model::{Activation, pair_distance};

    fn signals(activity: f64, prime: f64, c: f64) -> Signals {
        Signals::new(activity, prime, c * geometric_mean(activity, prime), pair_distance(activity, prime, c))
    }

    /// What holds in mathematics holds to the last bit, in every corner.
    #[test]
    fn ranges_hold_in_every_corner() {
        let activities = [0.0, 1e-300, 1e-8, 0.5, 1.0, 1e4];
        let correlations = [-1.0, -1.0 + f64::EPSILON / 2.0, -0.3, 0.0, 1e-9, 0.7, 1.0 - f64::EPSILON / 2.0, 1.0];
        for &activation in Activation::ALL {
            for (sigma_w, sigma_b) in [(1.0, 0.0), (1.0, 0.3), (1.7, 1e-9), (0.0, 0.5)] {
                let ensemble = Ensemble::new(activation, sigma_w, sigma_b).expect("valid");
                for (a, b) in activities.iter().flat_map(|&a| activities.iter().map(move |&b| (a, b))) {
                    for c in correlations {
                        for (layer, state) in
                            signal_trajectory(&ensemble, signals(a, b, c), 3).expect("finite").iter().enumerate()
                        {
                            check(state, &ensemble, &format!("{ensemble:?} {a:e} {b:e} {c} layer {layer}"));
                        }
                    }
                }
            }
        }
    }

    fn check(state: &Signals, ensemble: &Ensemble, what: &str) {
        let (a, b, c, d) = (state.activity(), state.activity_prime(), state.overlap(), state.distance());
        let reach = geometric_mean(a, b);
        assert!(a >= 0.0 && b >= 0.0 && d >= 0.0 && c.abs() <= reach, "{what}: {state:?}");
        let in_range = |c: Option<f64>| c.is_none_or(|c| (-1.0..=1.0).contains(&c));
        let preactivations = state.preactivation_correlation(ensemble);
        assert!(in_range(state.correlation()) && in_range(preactivations), "{what}: {state:?}");
        assert_eq!(state.correlation().is_none(), a == 0.0 || b == 0.0, "{what}");
        // each of the three is the other two, within rounding
        let wave = matches!(ensemble.activation, Activation::Sin | Activation::Cos);
        // the mean of a wave is exp(-q/2): it has the rounding of the largest q, here 3e4, as its relative error
        let rounding = if wave { 3e-11 } else { 3e-12 };
        assert!((a + b - 2.0 * c - d).abs() <= rounding * (a + b), "{what}: {state:?}");
        let never_negative = [-3.0, -1.0, 1.0, 3.0].iter().all(|&u| ensemble.activation.value(u) >= 0.0);
        let first = what.ends_with("layer 0");
        assert!(first || !never_negative || c >= 0.0, "{what}: the mean of a product of such numbers is {c}");
    }

    #[test]
    fn opposite_signals_of_relu_have_no_overlap() {
        for sigma_b in [0.0, 0.2] {
            let ensemble = Ensemble::new(Activation::Relu, 1.0, sigma_b).expect("valid");
            let next = signals(0.5, 0.5, -1.0).next(&ensemble);
            if sigma_b == 0.0 {
                assert_eq!((next.overlap(), next.correlation(), next.distance()), (0.0, Some(0.0), 0.5));
            } else {
                assert!(next.overlap() > 0.0);
            }
        }
    }

    #[test]
    fn order_does_not_matter_and_close_signals_are_those_of_pairs() {
        for &activation in Activation::ALL {
            let ensemble = Ensemble::new(activation, 1.3, 0.2).expect("valid");
            for (a, b, c) in [(0.3, 40.0, 0.6), (1e-8, 1e4, -0.4), (2.0, 1.9, 0.99)] {
                let (one, other) = (signals(a, b, c), signals(b, a, c));
                let (one, other) = (one.next(&ensemble), other.next(&ensemble));
                assert_eq!((one.activity(), one.activity_prime()), (other.activity_prime(), other.activity()));
                assert_eq!((one.overlap(), one.distance()), (other.overlap(), other.distance()));
            }
            let input = PairState { activity: 0.7, activity_difference: 0.0, distance: 1e-9 };
            let pairs = pair_trajectory(&ensemble, input, 5).expect("finite");
            let found = signal_trajectory(&ensemble, Signals::new(0.7, 0.7, input.overlap(), 1e-9), 5).expect("finite");
            for (pair, found) in pairs.iter().zip(&found).skip(1) {
                assert_eq!((found.distance(), found.overlap()), (pair.distance, pair.overlap()), "{activation}");
                assert_eq!(found.correlation(), pair.correlation());
            }
        }
    }
}
