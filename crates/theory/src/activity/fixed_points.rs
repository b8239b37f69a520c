//! All fixed points of the variance map `V(q)`, with their stability and which of them is reached from large `q`.
//!
//! None is passed over, by an argument for each kind of activation:
//!
//! * Homogeneous: `V(q) = gain q + sigma_b^2`, a line.
//! * Bounded: `E[phi^2]` is concave in `q` or falls. For the erf family, sin and the Gaussian that is seen from its closed form; `1 - tanh^2`
//!   is a logistic density, a mixture of centred Gaussians (Andrews and Mallows 1974), so `E[tanh^2]` is 1 less a mixture of
//!   `(1 + s q)^(-1/2)`, and sigmoid is 1/2 plus half a tanh. Then `V(q) - q` has at most one root above 0, and one only if it is positive
//!   below: any bracket holds the right one.
//! * Others approach lines: see [`Tails`].
//!
//! That is for activations with a file of their own; [`formulas`](super::formulas) says what is searched and may be missed for the others.

use super::formulas;
use super::local::Local;
use super::tails::Tails;
use super::{ActivityFixedPoint, activity_slope, at};
use crate::TheoryError;
use crate::moments::mean_square_with_slope;
use neurodyn_model::{Activation, Ensemble};
use neurodyn_numerics::roots::newton_bracketed;
use serde::Serialize;

/// What a small push does at a fixed point of the variance map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stability {
    /// It dies out.
    Stable,
    /// It grows.
    Unstable,
    /// It dies out on one side alone: a saddle-node, to rounding.
    Marginal,
}

impl Stability {
    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Stability::Stable => "stable",
            Stability::Unstable => "unstable",
            Stability::Marginal => "marginal",
        }
    }
}

/// A fixed point of the variance map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedPoint {
    /// Where it is.
    pub point: ActivityFixedPoint,
    /// Whether it attracts.
    pub stability: Stability,
}

/// Why no fixed point is reached from large `q`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// Every `q` is a fixed point.
    Continuum,
    /// Large variances grow, by a factor in each layer.
    Growth,
    /// Large variances grow at gain 1, by what each layer adds.
    Drift,
    /// The only fixed point repels into a cycle.
    Cycle,
    /// What large variances do is not known: the formula is not resolved there.
    Unresolved,
}

impl Unreached {
    fn reason(self) -> &'static str {
        match self {
            Unreached::Continuum => "every activity is a fixed point (gain 1 without bias)",
            Unreached::Growth => "the activity grows without bound (gain above 1 for large activities)",
            Unreached::Drift => {
                "the activity grows without bound (gain 1 for large activities, and each layer adds to it)"
            }
            Unreached::Cycle => "the activity settles on a cycle of two values, not on a fixed point",
            Unreached::Unresolved => {
                "what becomes of large activities is not known: the variance still grows, or falls to no known value, where the formula ceases to be resolved"
            }
        }
    }
}

/// All fixed points of the variance map.
#[derive(Debug, Clone, PartialEq)]
pub struct FixedPoints {
    /// In ascending order. Two that are nearer than rounding can tell (a relative excess `V(q)/q - 1` of 1e-14 of its terms between them) are
    /// one, a marginal one. Empty in a continuum.
    pub points: Vec<FixedPoint>,
    /// Why the last one is not reached from large `q`, if it is not.
    pub unreached: Option<Unreached>,
    /// Which one that is: the last, but for maps of formulas that fall.
    pub settles: Option<usize>,
}

impl FixedPoints {
    fn none(unreached: Unreached) -> Self {
        Self::with(Vec::new(), Some(unreached))
    }

    /// The last is reached, or there is a reason why none is.
    pub(super) fn with(points: Vec<FixedPoint>, unreached: Option<Unreached>) -> Self {
        let settles = if unreached.is_none() { points.len().checked_sub(1) } else { None };
        Self { points, unreached, settles }
    }

    /// The one reached from large `q`, or the reason why there is none.
    pub fn reached(&self) -> Result<ActivityFixedPoint, TheoryError> {
        let none = |why: Unreached| TheoryError::OutOfRegime { what: "q_star", reason: why.reason() };
        match (self.unreached, self.settles.and_then(|index| self.points.get(index))) {
            (None, Some(found)) => Ok(found.point),
            (why, _) => Err(none(why.unwrap_or(Unreached::Growth))),
        }
    }
}

/// `gain - 1`, and 0 where that is rounding: half a unit in the last place of `sigma_w`, of the root of a keep probability and of their
/// quotient (1.5 together, twice that in the square), of the square and of its product move the gain by up to 4 units of 2^-53.
pub(crate) fn excess_gain(gain: f64) -> f64 {
    unless_rounding(gain - 1.0)
}

/// The same for an excess that is formed already.
pub(super) fn unless_rounding(excess: f64) -> f64 {
    if excess.abs() <= 4.0 * f64::EPSILON { 0.0 } else { excess }
}

/// Every fixed point of the variance map of this ensemble.
pub fn fixed_points(ensemble: &Ensemble) -> Result<FixedPoints, TheoryError> {
    if ensemble.activation.is_homogeneous() {
        return Ok(of_a_line(ensemble));
    }
    if let Activation::Formula(_) = ensemble.activation {
        return formulas::fixed_points(ensemble);
    }
    match ensemble.activation.bound() {
        Some(bound) => of_a_bounded_map(ensemble, bound),
        None => Tails::of(ensemble.activation).fixed_points(ensemble),
    }
}

fn of_a_line(ensemble: &Ensemble) -> FixedPoints {
    let (gain, bias) = (activity_slope(ensemble, 1.0), ensemble.sigma_b.squared());
    let excess = excess_gain(gain);
    if excess < 0.0 {
        let point = at(ensemble, bias / (1.0 - gain), 0);
        return FixedPoints::with(vec![FixedPoint { point, stability: Stability::Stable }], None);
    }
    match (excess == 0.0, bias == 0.0) {
        (true, true) => FixedPoints::none(Unreached::Continuum),
        (true, false) => FixedPoints::none(Unreached::Drift),
        (false, true) => {
            let silence = FixedPoint { point: at(ensemble, 0.0, 0), stability: Stability::Unstable };
            FixedPoints::with(vec![silence], Some(Unreached::Growth))
        }
        (false, false) => FixedPoints::none(Unreached::Growth),
    }
}

/// The root above 0, where there is one, is in reach of the expansion at 0 or below `sigma_w^2 bound^2 + sigma_b^2`: Newton's method with a
/// bracket, to 2 ulp of `q`.
fn of_a_bounded_map(ensemble: &Ensemble, bound: f64) -> Result<FixedPoints, TheoryError> {
    let excess = |q: f64| {
        let (square, slope) = mean_square_with_slope(ensemble.activation, q);
        (ensemble.preactivation_variance(square) - q, ensemble.sigma_w.squared() * slope - 1.0)
    };
    let local = Local::of(ensemble);
    let high = ensemble.preactivation_variance(bound * bound);
    let mut evaluations = 0;
    let point = match local.roots(Local::REACH).last() {
        Some(&q) => Some(at(ensemble, q, 0)),
        None => match lower_end(ensemble.sigma_b.squared(), high, &local, &excess, &mut evaluations) {
            None => None,
            Some(low) => {
                let root = newton_bracketed(low, high, high, excess)
                    .map_err(|source| TheoryError::NoConvergence { what: "q_star", source })?;
                Some(at(ensemble, root.x, evaluations + root.iterations))
            }
        },
    };
    let mut points = Vec::from_iter(local.silence(ensemble, evaluations));
    let Some(point) = point else { return Ok(FixedPoints::with(points, None)) };
    // the falling maps here (cos, gaussian) keep |slope| < 1/2, so this guards activations still to come
    let cycle = point.slope <= -1.0;
    let stability = if cycle { Stability::Unstable } else { Stability::Stable };
    points.push(FixedPoint { point, stability });
    Ok(FixedPoints::with(points, cycle.then_some(Unreached::Cycle)))
}

/// First `q = high, high / 2, high / 4, ...` (and at last `bias`) where the map does not decrease; `None` when 0 is the only fixed point.
fn lower_end(
    bias: f64,
    high: f64,
    local: &Local,
    excess: &impl Fn(f64) -> (f64, f64),
    evaluations: &mut u32,
) -> Option<f64> {
    let mut q = high;
    loop {
        q = (0.5 * q).max(bias);
        *evaluations += 1;
        if q < 1e-290 {
            return (excess(0.0).0 > 0.0).then_some(0.0);
        }
        let (value, slope) = excess(q);
        if value >= 0.0 || q <= bias {
            return Some(q);
        }
        // once 0 is a fixed point that attracts all below, there is nothing to find
        if bias == 0.0 && q < 1e-8 && slope < 0.0 && local.dies_out() {
            return None;
        }
    }
}
