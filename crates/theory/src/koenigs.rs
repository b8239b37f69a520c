//! The Koenigs scaling function of the distance map, `Dcal(s) = lim K^l(s^2 chi_1^-l)`: what the image of a smooth curve becomes in
//! the chaotic phase. On a great circle `D^l(theta) -> Dcal(sqrt(A) chi_1^(l/2) theta)`, so all depths fall on one curve.
//!
//! It solves `Dcal(sqrt(chi_1) s) = K(Dcal(s))` with `Dcal(s) = s^2 + ...` (Koenigs 1884), and ends at `D-bar` as a power law,
//! `D-bar - Dcal(s) ~ s^(-2 / (xi_c ln chi_1))` times a factor periodic in `ln s`.

use super::TheoryError;
use super::activity::{ActivityFixedPoint, chi_1, chi_2};
use super::distance::{DistanceFixedPoint, Phase, distance_map, distance_slope};
use super::roughness::check_slopes;
use neurodyn_model::Ensemble;
use neurodyn_numerics::elementary::{exp, ln};
use neurodyn_numerics::roots::newton_bracketed;

/// Most layers followed; beyond them `chi_1` is 1 for all that matters.
const DEEPEST: f64 = 1e6;

/// The scaling function of one ensemble at its activity fixed point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Koenigs {
    ensemble: Ensemble,
    activity: f64,
    chi_1: f64,
    /// Coefficient of `s^4`: `-chi_2 / (4 chi_1 (chi_1 - 1))`.
    bend: f64,
    /// Largest `s^2` at which two terms of the series are enough.
    start: f64,
}

impl Koenigs {
    /// The scaling function. Fails where `chi_1 <= 1`, since there distances do not grow from 0, and where `chi_2` does not exist.
    pub fn new(ensemble: &Ensemble, point: &ActivityFixedPoint) -> Result<Self, TheoryError> {
        check_slopes(ensemble.activation, "koenigs")?;
        let chi_1 = chi_1(ensemble, point.q);
        if Phase::of(chi_1) != Phase::Chaotic {
            return Err(TheoryError::OutOfRegime {
                what: "koenigs",
                reason: "small distances do not grow (chi_1 is not above 1), so there is no scaling function",
            });
        }
        let bend = -0.25 * chi_2(ensemble, point.q)? / (chi_1 * (chi_1 - 1.0));
        // the next term is of the order of (bend s^2)^2, relatively, and of |bend s^2|^(3/2) where phi'' jumps
        let jumps = ensemble.activation.breaks().iter().any(|one| one.continuous() < 3);
        let small = if jumps { 1e-10 } else { 1e-7 };
        let largest = small * point.activity;
        let start = if bend == 0.0 { largest } else { (small / bend.abs()).min(largest) };
        Ok(Self { ensemble: *ensemble, activity: point.activity, chi_1, bend, start })
    }

    /// `chi_1` of the ensemble.
    pub fn chi_1(&self) -> f64 {
        self.chi_1
    }

    /// `Dcal(s)` to about 1e-13 relative, more the nearer `chi_1` is to 1: the two-term series as many layers up as needed, and
    /// the distance map, which loses nothing at small distances, down from there. `s` from 0 to infinity; even in `s`.
    ///
    /// Fails where more than a million layers would be needed.
    pub fn scaling(&self, s: f64) -> Result<f64, TheoryError> {
        Ok(self.follow(s, |_, _| ())?.0)
    }

    /// `Dcal(s)` and its local exponent `m = d ln Dcal / d ln s`: 2 at `s = 0`, 0 at infinity. The chain rule along the layers,
    /// `m -> m K'(D) D / K(D)`, a product without differences; accuracy and domain of [`Koenigs::scaling`].
    pub fn scaling_with_slope(&self, s: f64) -> Result<(f64, f64), TheoryError> {
        let mut factor = 1.0;
        let (value, square) = self.follow(s, |distance, next| {
            factor *= distance_slope(&self.ensemble, self.activity, distance) * distance / next;
        })?;
        Ok((value, factor * (2.0 + 2.0 * self.bend * square / (1.0 + self.bend * square))))
    }

    /// The `s > 0` with `Dcal(s) = distance`, to about 1e-13 relative; for `0 < distance < D-bar`, where `Dcal` grows.
    pub fn inverse(&self, distance: f64, fixed: &DistanceFixedPoint) -> Result<f64, TheoryError> {
        if !(distance > 0.0 && distance < fixed.distance) {
            let reason = "the distance is not between 0 and its fixed point, so no scaled angle has it";
            return Err(TheoryError::OutOfRegime { what: "koenigs", reason });
        }
        // Dcal(s) <= s^2 does not hold for every activation, so the bracket is searched
        let target = ln(distance);
        let above = |x: f64| Ok::<_, TheoryError>(ln(self.scaling(exp(x))?) > target);
        let (mut low, mut high) = (0.5 * target - 1.0, 0.5 * target);
        while above(low)? {
            low -= 1.0;
        }
        while !above(high)? {
            high += 1.0;
        }
        let mut failure = None;
        // from 1, so that a small relative step in the unknown is a small step of the logarithm
        let root =
            newton_bracketed(1.0, 1.0 + (high - low), 1.0, |x| match self.scaling_with_slope(exp(low + (x - 1.0))) {
                Ok((value, slope)) => (target - ln(value), -slope),
                Err(error) => {
                    failure = Some(error);
                    (f64::NAN, f64::NAN)
                }
            });
        match (root, failure) {
            (Ok(root), _) => Ok(exp(low + (root.x - 1.0))),
            (Err(_), Some(error)) => Err(error),
            (Err(source), None) => Err(TheoryError::NoConvergence { what: "the scaled angle", source }),
        }
    }

    /// `Dcal(s)` and the `s^2` at which the series began; every layer, before and after, is shown to `visit`.
    fn follow(&self, s: f64, mut visit: impl FnMut(f64, f64)) -> Result<(f64, f64), TheoryError> {
        let out = |reason| Err(TheoryError::OutOfRegime { what: "koenigs", reason });
        if !s.is_finite() {
            return out("s is not a finite number");
        }
        if s == 0.0 {
            return Ok((0.0, 0.0));
        }
        let growth = ln(self.chi_1);
        let layers = ((2.0 * ln(s.abs()) - ln(self.start)) / growth).ceil().max(0.0);
        if layers > DEEPEST {
            return out("chi_1 is so near to 1 that more than a million layers would be needed");
        }
        // s^2 itself may be beyond the largest number
        let root = s.abs() * exp(-0.5 * growth * layers);
        let square = root * root;
        let mut distance = square * (1.0 + self.bend * square);
        for _ in 0..layers as u64 {
            let next = distance_map(&self.ensemble, self.activity, distance);
            visit(distance, next);
            if next == distance {
                break;
            }
            distance = next;
        }
        Ok((distance, square))
    }
}

/// Exponent `alpha = 2 / (xi_c ln chi_1) = -2 ln K'(D-bar) / ln chi_1` of the tail `D-bar - Dcal(s) ~ s^-alpha`.
pub fn tail_exponent(koenigs: &Koenigs, fixed: &DistanceFixedPoint) -> f64 {
    -2.0 * ln(fixed.slope) / ln(koenigs.chi_1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::{activity_fixed_point, chi_1};
    use crate::distance::{PairState, distance_fixed_point, pair_trajectory};
    use neurodyn_model::Activation;
    use proptest::prelude::*;

    fn chaotic(activation: Activation, sigma_w: f64, sigma_b: f64) -> (Koenigs, DistanceFixedPoint, Ensemble) {
        let ensemble = Ensemble::new(activation, sigma_w, sigma_b).expect("valid");
        let point = activity_fixed_point(&ensemble).expect("exists");
        let fixed = distance_fixed_point(&ensemble, &point).expect("exists");
        (Koenigs::new(&ensemble, &point).expect("chaotic"), fixed, ensemble)
    }

    #[test]
    fn order_and_criticality_have_none_and_say_why() {
        let none = |activation, w, b| {
            let ensemble = Ensemble::new(activation, w, b).expect("valid");
            let point = activity_fixed_point(&ensemble).expect("exists");
            Koenigs::new(&ensemble, &point).expect_err("none").reason()
        };
        assert!(none(Activation::Tanh, 1.3, 0.3).contains("chi_1 is not above 1"));
        assert!(none(Activation::Tanh, 1.0, 0.0).contains("chi_1 is not above 1"));
        let (koenigs, ..) = chaotic(Activation::Tanh, 1.000_01, 0.0);
        assert!(koenigs.scaling(1e9).expect_err("too deep").reason().contains("million"));
        assert!(koenigs.scaling(f64::INFINITY).is_err() && koenigs.scaling(f64::NAN).is_err());
    }

    proptest! {
        #[test]
        fn it_obeys_its_functional_equation(w in 1.6f64..4.0, b in 0.0f64..0.6, log in -6.0f64..6.0, erf: bool) {
            let (activation, w) = if erf { (Activation::ErfSqrt2, 1.3 * w) } else { (Activation::Tanh, w) };
            // a corner of these scales is ordered
            let ensemble = Ensemble::new(activation, w, b).expect("valid");
            prop_assume!(chi_1(&ensemble, activity_fixed_point(&ensemble).expect("exists").q) > 1.001);
            let (koenigs, fixed, ensemble) = chaotic(activation, w, b);
            let s = exp(log);
            let value = koenigs.scaling(s).expect("finite");
            let image = distance_map(&ensemble, koenigs.activity, value);
            let next = koenigs.scaling(s * koenigs.chi_1.sqrt()).expect("finite");
            prop_assert!((next / image - 1.0).abs() < 1e-12, "{ensemble:?} {s}: {next} {image}");
            prop_assert!(value <= fixed.distance * (1.0 + 1e-12) && koenigs.scaling(-s) == Ok(value));
            // from far above, where only s^2 is left of the series
            let layers = (80.0 / ln(koenigs.chi_1)) as usize;
            let mut distance = s * s * exp(-ln(koenigs.chi_1) * layers as f64);
            for _ in 0..layers {
                distance = distance_map(&ensemble, koenigs.activity, distance);
            }
            prop_assert!((value / distance - 1.0).abs() < 1e-11, "{ensemble:?} {s}: {value} {distance}");
        }
    }

    #[test]
    fn deep_circles_fall_on_it() {
        let (koenigs, fixed, ensemble) = chaotic(Activation::Tanh, 2.5, 0.3);
        for layer in [30, 45] {
            for s in [0.05, 0.6, 2.0, 9.0] {
                let angle = s / (koenigs.activity.sqrt() * exp(0.5 * layer as f64 * ln(koenigs.chi_1)));
                let half = neurodyn_numerics::elementary::sin(0.5 * angle);
                let distance = 4.0 * koenigs.activity * half * half;
                let input = PairState { activity: koenigs.activity, activity_difference: 0.0, distance };
                let found = pair_trajectory(&ensemble, input, layer).expect("finite")[layer].distance;
                let expected = koenigs.scaling(s).expect("finite");
                // what is left is of the order of the distance of the inputs
                assert!((found / expected - 1.0).abs() < 10.0 * distance + 1e-11, "{layer} {s}: {found} {expected}");
            }
        }
        let far = koenigs.scaling(1e150).expect("finite");
        assert!((far / fixed.distance - 1.0).abs() < 1e-12);
    }

    #[test]
    fn its_slope_and_its_inverse_are_its_own() {
        for (activation, w) in [(Activation::Tanh, 1.5), (Activation::Tanh, 2.5), (Activation::ErfSqrt2, 3.0)] {
            let (koenigs, fixed, _) = chaotic(activation, w, 0.3);
            for s in [1e-8, 1e-3, 0.3, 1.0, 4.0] {
                let (value, slope) = koenigs.scaling_with_slope(s).expect("finite");
                assert_eq!(Ok(value), koenigs.scaling(s));
                let h = 1e-4;
                let at = |h: f64| ln(koenigs.scaling(s * exp(h)).expect("finite"));
                let quotient = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
                assert!((slope - quotient).abs() < 1e-9, "{s}: {slope} {quotient}");
                let back = koenigs.inverse(value, &fixed).expect("between");
                assert!((back / s - 1.0).abs() < 1e-11, "{s}: {back}");
            }
            assert!(koenigs.inverse(fixed.distance, &fixed).is_err() && koenigs.inverse(0.0, &fixed).is_err());
        }
    }

    #[test]
    fn its_tail_is_a_power_law() {
        let (koenigs, fixed, _) = chaotic(Activation::Tanh, 2.5, 0.3);
        // over whole periods of ln s, where a periodic factor is the same
        let period = koenigs.chi_1.sqrt();
        let rest = |s: f64| fixed.distance - koenigs.scaling(s).expect("finite");
        let s = 3e4;
        let slope = ln(rest(s * period) / rest(s)) / ln(period);
        assert!((slope / -tail_exponent(&koenigs, &fixed) - 1.0).abs() < 1e-3, "{slope}");
    }
}
