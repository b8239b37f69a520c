//! Two inputs: overlap `C = x . x' / n` and distance `D = |x - x'|^2 / n = A + A' - 2C` (a squared distance) through the
//! layers, for equal and unequal activities, with full relative accuracy for `D` down to 1e-300 and at correlation 1.

use super::TheoryError;
use super::activity::{ActivityFixedPoint, activity_fixed_point, activity_map, chi_1, depth_scale};
use super::layers::follow;
use super::overlap::{activity_difference, overlap_slope, squared_difference};
use super::roughness::check_reach;
use neurodyn_model::Ensemble;
use neurodyn_numerics::quadrature::PairCovariance;
use neurodyn_numerics::roots::newton_bracketed;

/// Macroscopic state of two signals in one layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairState {
    /// `A`.
    pub activity: f64,
    /// `A' - A`, carried by itself so that it keeps its accuracy.
    pub activity_difference: f64,
    /// `D`.
    pub distance: f64,
}

impl PairState {
    /// Two signals of one activity at this distance.
    pub fn equal(activity: f64, distance: f64) -> Self {
        Self { activity, activity_difference: 0.0, distance }
    }

    /// `A'`.
    pub fn activity_prime(&self) -> f64 {
        self.activity + self.activity_difference
    }

    /// `C = (A + A' - D) / 2`.
    pub fn overlap(&self) -> f64 {
        self.activity + 0.5 * (self.activity_difference - self.distance)
    }

    /// `c = C / sqrt(A A')` of post-activations; `None` when an activity is 0.
    pub fn correlation(&self) -> Option<f64> {
        self.law(1.0, 0.0).correlation()
    }

    /// Law of the preactivations of the next layer.
    pub fn preactivations(&self, ensemble: &Ensemble) -> PairCovariance {
        self.law(ensemble.sigma_w.squared(), ensemble.sigma_b.squared())
    }

    fn law(&self, weight: f64, bias: f64) -> PairCovariance {
        PairCovariance {
            q: weight * self.activity + bias,
            difference: weight * self.activity_difference,
            gap: weight * self.distance,
        }
    }
}

/// One layer of the pair recursion at infinite width: `A -> chi_0(A)`, `A' -> chi_0(A')`, `D -> E[(phi(v) - phi(u))^2]`.
pub fn pair_map(ensemble: &Ensemble, state: &PairState) -> PairState {
    let law = state.preactivations(ensemble);
    PairState {
        activity: activity_map(ensemble, state.activity),
        activity_difference: activity_difference(ensemble.activation, law.q, law.difference),
        distance: squared_difference(ensemble.activation, &law),
    }
}

/// States of layers `0..=depth`, the first being the input's.
pub fn pair_trajectory(ensemble: &Ensemble, input: PairState, depth: usize) -> Result<Vec<PairState>, TheoryError> {
    follow(input, depth, |state, layer| {
        let law = state.preactivations(ensemble);
        check_reach(ensemble.activation, law.q.max(law.q_prime()), "the activity or the distance")?;
        let next = pair_map(ensemble, state);
        let finite = next.activity.is_finite() && next.activity_prime().is_finite() && next.distance.is_finite();
        if finite { Ok(next) } else { Err(TheoryError::NotFinite { what: "the activity or the distance", layer }) }
    })
}

/// `K(D)`: one layer of the distance when both activities are `activity`; `K(D) = chi_1 D - chi_2 D^2 / 4 + ...`.
pub fn distance_map(ensemble: &Ensemble, activity: f64, distance: f64) -> f64 {
    squared_difference(ensemble.activation, &equal_law(ensemble, activity, distance))
}

/// `K'(D) = sigma_w^2 E[phi'(u) phi'(v)]`; `chi_1` at `D = 0`.
pub fn distance_slope(ensemble: &Ensemble, activity: f64, distance: f64) -> f64 {
    ensemble.sigma_w.squared() * overlap_slope(ensemble.activation, &equal_law(ensemble, activity, distance))
}

fn equal_law(ensemble: &Ensemble, activity: f64, distance: f64) -> PairCovariance {
    PairState { activity, activity_difference: 0.0, distance }.preactivations(ensemble)
}

/// Order or chaos, by `chi_1` at the activity fixed point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// `chi_1 < 1`: signals merge.
    Ordered,
    /// `|chi_1 - 1| <= 1e-12`.
    Critical,
    /// `chi_1 > 1`: close signals part.
    Chaotic,
}

impl Phase {
    /// The phase of this `chi_1`.
    pub fn of(chi_1: f64) -> Self {
        if (chi_1 - 1.0).abs() <= 1e-12 {
            Phase::Critical
        } else if chi_1 < 1.0 {
            Phase::Ordered
        } else {
            Phase::Chaotic
        }
    }

    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Ordered => "ordered",
            Phase::Critical => "critical",
            Phase::Chaotic => "chaotic",
        }
    }
}

/// The stable fixed point of the distance at the fixed activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistanceFixedPoint {
    /// `D-bar = 2 q* (1 - c*) / sigma_w^2`; 0 unless chaotic.
    pub distance: f64,
    /// `c* = 1 - sigma_w^2 D-bar / (2 q*)` of preactivations; `None` when `q* = 0`.
    pub correlation: Option<f64>,
    /// Slope `K'(D-bar)`; `chi_1` unless chaotic.
    pub slope: f64,
    /// Evaluations of the map.
    pub iterations: u32,
}

impl DistanceFixedPoint {
    /// `xi_c = -1 / ln K'(D-bar)` (Schoenholz et al. 2017); `None` at criticality.
    pub fn depth_scale(&self, phase: Phase) -> Option<f64> {
        if phase == Phase::Critical { None } else { depth_scale(self.slope) }
    }
}

/// Two inputs that no layer brings nearer or parts at infinite width: the activity is at its fixed point, the distance at that of it.
pub fn pair_fixed_point(ensemble: &Ensemble) -> Result<PairState, TheoryError> {
    let point = activity_fixed_point(ensemble)?;
    Ok(PairState::equal(point.activity, distance_fixed_point(ensemble, &point)?.distance))
}

/// Fixed point of `K` at the activity fixed point: 0 when `chi_1 <= 1`, else the root of `K(D) = D` in `(0, 2 q*/sigma_w^2]`.
///
/// `K` is concave there (the overlap map is a power series in the correlation with non-negative coefficients) and the
/// map of correlation 0 is not negative, so the root is unique and Newton's method from the right is monotone.
pub fn distance_fixed_point(
    ensemble: &Ensemble,
    activity: &ActivityFixedPoint,
) -> Result<DistanceFixedPoint, TheoryError> {
    let chi_1 = chi_1(ensemble, activity.q);
    let correlated = (activity.q > 0.0).then_some(1.0);
    if Phase::of(chi_1) != Phase::Chaotic {
        return Ok(DistanceFixedPoint { distance: 0.0, correlation: correlated, slope: chi_1, iterations: 0 });
    }
    let weight = ensemble.sigma_w.squared();
    let high = 2.0 * activity.q / weight;
    let excess = |distance: f64| {
        let value = distance_map(ensemble, activity.activity, distance) / distance - 1.0;
        let slope = (distance_slope(ensemble, activity.activity, distance) - 1.0 - value) / distance;
        (value, slope)
    };
    let no_root = |source| TheoryError::NoConvergence { what: "distance_star", source };
    // c* = 0 exactly (odd activation without bias): the right end itself is the root, up to rounding
    if ensemble.activation.is_odd() && ensemble.sigma_b.get() == 0.0 {
        let slope = distance_slope(ensemble, activity.activity, high);
        return Ok(DistanceFixedPoint { distance: high, correlation: Some(0.0), slope, iterations: 0 });
    }
    let mut low = high;
    let mut iterations = 0;
    while excess(low).0 < 0.0 {
        low *= 0.25;
        iterations += 1;
    }
    let root = newton_bracketed(low, high.min(4.0 * low), high.min(4.0 * low), excess).map_err(no_root)?;
    Ok(DistanceFixedPoint {
        distance: root.x,
        correlation: Some(1.0 - 0.5 * weight * root.x / activity.q),
        slope: distance_slope(ensemble, activity.activity, root.x),
        iterations: iterations + root.iterations,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::chi_2;
    use neurodyn_model::Activation;
    use proptest::prelude::*;

    #[test]
    fn small_distances_grow_by_chi_1_and_bend_by_chi_2() {
        for &activation in Activation::ALL {
            let ensemble = Ensemble::new(activation, 0.9, 0.3).expect("valid");
            let point = activity_fixed_point(&ensemble).expect("exists");
            let chi_1 = chi_1(&ensemble, point.q);
            for distance in [1e-300, 1e-200, 1e-40] {
                let ratio = distance_map(&ensemble, point.activity, distance) / distance;
                assert!((ratio - chi_1).abs() < 1e-12, "{activation} {distance:e}: {ratio} {chi_1}");
            }
            let Ok(chi_2) = chi_2(&ensemble, point.q) else { continue };
            let d = 1e-5;
            let bend = (chi_1 - distance_map(&ensemble, point.activity, d) / d) * 4.0 / d;
            assert!((bend - chi_2).abs() < 1e-4 * (1.0 + chi_2), "{activation}: {bend} {chi_2}");
        }
    }

    #[test]
    fn a_pair_at_its_fixed_point_stays_there() {
        let ensemble = Ensemble::new(Activation::Tanh, 2.5, 0.3).expect("valid");
        let pair = pair_fixed_point(&ensemble).expect("exists");
        let after = pair_map(&ensemble, &pair);
        assert!((after.activity - pair.activity).abs() < 1e-13 && (after.distance - pair.distance).abs() < 1e-13);
        assert!(pair.distance > 0.1, "{pair:?}");
    }

    #[test]
    fn equal_signals_stay_equal() {
        let ensemble = Ensemble::new(Activation::Tanh, 4.0, 0.3).expect("valid");
        let input = PairState { activity: 0.7, activity_difference: 0.0, distance: 0.0 };
        for state in pair_trajectory(&ensemble, input, 30).expect("finite") {
            assert_eq!((state.distance, state.activity_difference, state.correlation()), (0.0, 0.0, Some(1.0)));
        }
    }

    #[test]
    fn overflow_names_its_layer() {
        let ensemble = Ensemble::new(Activation::Relu, 1e80, 0.0).expect("valid");
        let input = PairState { activity: 1.0, activity_difference: 0.0, distance: 1.0 };
        assert!(matches!(pair_trajectory(&ensemble, input, 9), Err(TheoryError::NotFinite { layer: 2, .. })));
    }

    proptest! {
        #[test]
        fn distances_are_those_of_the_overlaps(
            a in 0.01f64..2.0, ratio in 0.2f64..3.0, c in -1.0f64..1.0, index in 0..Activation::ALL.len()
        ) {
            let ensemble = Ensemble::new(Activation::ALL[index], 1.4, 0.2).expect("valid");
            let prime = a * ratio;
            let input = PairState {
                activity: a, activity_difference: prime - a, distance: a + prime - 2.0 * c * (a * prime).sqrt(),
            };
            let next = pair_map(&ensemble, &input);
            let overlap = crate::overlap::overlap(ensemble.activation, &input.preactivations(&ensemble));
            let scale = next.activity + next.activity_prime();
            prop_assert!((next.overlap() - overlap).abs() < 1e-12 * scale);
            prop_assert!((next.activity_prime() - activity_map(&ensemble, prime)).abs() < 1e-12 * scale);
            prop_assert!(next.distance >= 0.0 && next.correlation().is_some_and(|c| c.abs() <= 1.0));
        }

        #[test]
        fn chaotic_fixed_points_are_fixed(w in 1.0f64..5.0, b in 0.0f64..1.5, index in 0..Activation::ALL.len()) {
            let ensemble = Ensemble::new(Activation::ALL[index], w, b).expect("valid");
            if let Ok(point) = activity_fixed_point(&ensemble) {
                let found = distance_fixed_point(&ensemble, &point).expect("converges");
                let image = distance_map(&ensemble, point.activity, found.distance);
                prop_assert!((image - found.distance).abs() <= 1e-12 * found.distance, "{ensemble:?} {found:?} {image}");
                prop_assert!(found.slope <= 1.0 + 1e-12);
            }
        }
    }
}
