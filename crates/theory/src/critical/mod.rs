//! Where networks of an activation are critical: scales `(sigma_w, sigma_b)` with a fixed point `q*` of the activity at which `chi_1 = 1`, so that
//! squared gradients neither vanish nor explode, and at which the slope of the activity map is at most 1, so that signals stay there.
//!
//! `chi_1 = sigma_w^2 E[phi'^2]` and `slope = sigma_w^2 E[phi'^2 + phi phi'']` (`chi_perp` and `chi_par` of Roberts, Yaida and Hanin 2022, chapter 5) differ
//! by the *bend* `E[phi phi'']`. Where it vanishes both can be 1 at once: *doubly critical*, which keeps signals of every size near `q*` and
//! gradients alike. There are three ways to be so, and the [`Kind`] follows from them:
//!
//! * *Homogeneous* (relu, leaky_relu, linear): the bend vanishes at every `q`, so both are one number, `sigma_w^2 E[phi'^2]`. It is 1 for one `sigma_w`
//!   whatever the bias, but a bias adds `sigma_b^2` to `q` in each layer and nothing takes it away, so there is a fixed point only without
//!   bias, and then every `q` is one. A [`Kind::Point`].
//! * *`q* = 0`* (tanh, erf, sin; elu): without bias, at `sigma_w = 1 / |phi'(0)|` both are 1 at `q* = 0`, which attracts. The bend is negative above 0, so
//!   `chi_1 = 1` goes on to every `sigma_b > 0` with a slope below 1: the edge of chaos of Poole et al. (2016). A [`Kind::Line`] with one free
//!   parameter, `sigma_b`; its end without bias is the doubly critical one. A saturating activation that is not 0 at 0 (sigmoid, gauss_cdf) or is even
//!   (cos, gaussian) has such a line as well, from `sigma_b = 0` on, but no doubly critical end: its slope is below 1 all along.
//! * *Half-stable* (gelu, silu): the bend is positive at small `q`, so silence repels and no edge starts there, and negative at large `q`. At its zero
//!   `q*` both are 1 at one pair of scales, and `q*` attracts from one side alone (`V''(q*)` is not 0): [`half_stable`]. A [`Kind::Point`]: below its bias there
//!   is no critical network, since `chi_1` jumps over 1 where fixed points meet. Above it an edge with a slope below 1 goes on,
//!   which is the answer where a bias is asked for.
//!
//! Where the bend is positive at every `q` (softplus), a fixed point with `chi_1 = 1` repels: [`Kind::None`].

mod laws;

use super::TheoryError;
use super::activity::{activity_slope, chi_1};
use super::moments::{derivative_mean_square, derivative_moment_slope, second_moment_curvature, second_moment_slope};
use super::phase::{boundary_curve, boundary_point, chi_1_jump, critical_sigma_w};
use neurodyn_model::{Activation, BiasStd, Ensemble};
use neurodyn_numerics::roots::newton_bracketed;
use serde::Serialize;

pub use laws::{Law, Laws, Side, laws};

/// What the critical networks of an activation are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A weight scale for each bias scale.
    Line,
    /// One pair of scales.
    Point,
    /// There are none.
    None,
}

impl Kind {
    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Line => "line",
            Kind::Point => "point",
            Kind::None => "none",
        }
    }
}

/// Critical networks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Activation and scales.
    pub ensemble: Ensemble,
    /// `q*`; `None` where every `q` is a fixed point.
    pub q: Option<f64>,
    /// `chi_1` at `q*`.
    pub chi_1: f64,
    /// Slope of the activity map at `q*`.
    pub activity_slope: f64,
}

impl Place {
    fn new(activation: Activation, sigma_w: f64, sigma_b: f64, q: Option<f64>) -> Result<Self, TheoryError> {
        let out =
            |_| TheoryError::OutOfRegime { what: "critical", reason: "the scales there are no scales of networks" };
        let ensemble = Ensemble::new(activation, sigma_w, sigma_b).map_err(out)?;
        // at 0 the limit from above, which a kink at 0 has too
        let at = match q {
            None => 1.0,
            Some(0.0) => SMALL,
            Some(q) => q,
        };
        Ok(Self { ensemble, q, chi_1: chi_1(&ensemble, at), activity_slope: activity_slope(&ensemble, at) })
    }

    /// Whether the slope of the activity map is 1 as well, to the rounding of its scales.
    pub fn is_doubly_critical(&self) -> bool {
        (self.activity_slope - 1.0).abs() < DOUBLE
    }
}

/// Moments at this `q` are those of `q = 0` to the last bit but for a kink there, which they see.
const SMALL: f64 = 1e-34;

/// Slopes nearer to 1 than this are 1: the scales of an edge are known to their rounding, and `q*` to its root where the slope is 1.
const DOUBLE: f64 = 1e-7;

/// The answer for one activation.
#[derive(Debug, Clone, PartialEq)]
pub struct Critical {
    /// What there is.
    pub kind: Kind,
    /// The choice; `None` where there is none.
    pub place: Option<Place>,
    /// Why it is a point, or why there is none.
    pub reason: Option<String>,
}

impl Critical {
    fn none(reason: impl Into<String>) -> Self {
        Self { kind: Kind::None, place: None, reason: Some(reason.into()) }
    }

    fn point(place: Place, reason: &str) -> Self {
        Self { kind: Kind::Point, place: Some(place), reason: Some(reason.to_owned()) }
    }
}

/// Where this activation is critical. Without a bias scale it is the doubly critical choice where there is one: that without bias on a line, or a
/// point; at a given one it is the edge there.
pub fn critical(activation: Activation, sigma_b: Option<BiasStd>) -> Result<Critical, TheoryError> {
    let given = sigma_b.map_or(0.0, BiasStd::get);
    if activation.is_homogeneous() {
        if given > 0.0 {
            return Ok(Critical::none(BIASED));
        }
        let sigma_w = boundary_point(activation, 1.0).sigma_w;
        return Ok(Critical::point(Place::new(activation, sigma_w, 0.0, None)?, HOMOGENEOUS));
    }
    let no_edge = match edge(activation, given) {
        Ok(place) => return Ok(Critical { kind: Kind::Line, place: Some(place), reason: None }),
        Err(TheoryError::OutOfRegime { reason, .. }) => reason,
        Err(error) => return Err(error),
    };
    let points = half_stable(activation)?;
    match (sigma_b, points.first()) {
        (None, Some(place)) => Ok(Critical::point(*place, HALF_STABLE)),
        (Some(_), first) => {
            let mut reason = no_edge.to_owned();
            if let Some(jump) = chi_1_jump(activation, given)? {
                reason.push_str(&format!("; it jumps over 1 at the saddle-node sigma_w = {}", jump.sigma_w));
            }
            if let Some(place) = first.filter(|place| place.ensemble.sigma_b.get() > given) {
                let begins = place.ensemble.sigma_b.get();
                reason.push_str(&format!("; critical networks begin at the half-stable point sigma_b = {begins}"));
            }
            Ok(Critical::none(reason))
        }
        (None, None) => Ok(Critical::none(why_none(activation))),
    }
}

/// The edge `chi_1 = 1` at this bias scale, at a fixed point that attracts.
pub fn edge(activation: Activation, sigma_b: f64) -> Result<Place, TheoryError> {
    let point = critical_sigma_w(activation, sigma_b)?;
    let place = Place::new(activation, point.sigma_w, sigma_b, Some(point.q))?;
    if place.activity_slope.abs() <= 1.0 + DOUBLE {
        return Ok(place);
    }
    let reason = "where chi_1 = 1 the slope of the activity map is above 1, so signals do not stay";
    Err(TheoryError::OutOfRegime { what: "critical", reason })
}

/// All points with `chi_1 = 1` and slope 1 at a `q* > 0`, those of small `sigma_b` first: zeros of the bend `E[phi phi'']` between 1e-8 and 1e8
/// whose bias variance is not negative. The bend is bracketed on a geometric grid of ratio 1.25, where it is
/// above its rounding, and refined to a few ulp over its relative slope. Scales follow from `q*`, so `chi_1` is 1 to rounding.
pub fn half_stable(activation: Activation) -> Result<Vec<Place>, TheoryError> {
    let mut places = Vec::new();
    if activation.is_homogeneous() {
        return Ok(places);
    }
    let mut last: Option<(f64, f64)> = None;
    for (q, value) in bends(activation) {
        if let Some((before, sign)) = last.filter(|(_, sign)| *sign != value.signum()) {
            let root = newton_bracketed(before, q, q, |q| {
                let slope = second_moment_curvature(activation, q) - derivative_moment_slope(activation, q);
                (sign * bend(activation, q), sign * slope)
            })
            .map_err(|source| TheoryError::NoConvergence { what: "critical", source })?;
            let point = boundary_point(activation, root.x);
            if point.sigma_b_squared >= 0.0 {
                let sigma_b = point.sigma_b_squared.sqrt();
                places.push(Place::new(activation, point.sigma_w, sigma_b, Some(root.x))?);
            }
        }
        last = Some((q, value.signum()));
    }
    places.sort_by(|a, b| a.ensemble.sigma_b.get().total_cmp(&b.ensemble.sigma_b.get()));
    Ok(places)
}

/// `E[phi phi'']`, by which the slope over `sigma_w^2` exceeds `chi_1` over `sigma_w^2`.
fn bend(activation: Activation, q: f64) -> f64 {
    second_moment_slope(activation, q) - derivative_mean_square(activation, q)
}

/// The bend on a grid, where it is more than rounding.
fn bends(activation: Activation) -> impl Iterator<Item = (f64, f64)> {
    const RATIO: f64 = 1.25;
    const ROUNDING: f64 = 1e-11;
    let grid = std::iter::successors(Some(1e-8), |q| Some(q * RATIO).filter(|q| *q < 1e8));
    grid.map(move |q| (q, bend(activation, q), derivative_mean_square(activation, q)))
        .filter(|(_, bend, square)| bend.abs() > ROUNDING * square)
        .map(|(q, bend, _)| (q, bend))
}

fn why_none(activation: Activation) -> String {
    if bends(activation).all(|(_, bend)| bend > 0.0) {
        return REPELS.to_owned();
    }
    let curve = boundary_curve(activation, 1e-6, 1e6, 400);
    let begins = curve.iter().map(|point| point.sigma_b_squared.sqrt()).min_by(f64::total_cmp);
    match begins {
        Some(begins) => {
            format!("there is no critical network without bias; there are some from about sigma_b = {begins:.3} on")
        }
        None => "no fixed point has chi_1 = 1 at any pair of scales".to_owned(),
    }
}

const HOMOGENEOUS: &str = "phi(s u) = s phi(u) for s > 0, so chi_1 and the slope of the activity map are one number, sigma_w^2 E[phi'^2], at every q, and every q is a \
    fixed point where it is 1; it is a point, not a line, since a bias would add sigma_b^2 to q in each layer and nothing would take it away";
const BIASED: &str = "chi_1 = 1 makes a homogeneous activation keep every q, to which each layer would add sigma_b^2: the activity has no fixed point with a bias";
const HALF_STABLE: &str = "chi_1 and the slope of the activity map are both 1 at this q* alone, where E[phi phi''] = 0; q* attracts from one side, and at smaller sigma_b there is no \
    critical network";
const REPELS: &str = "E[phi phi''] > 0 at every q, so the slope of the activity map is above chi_1: a fixed point with chi_1 = 1 repels, and signals do not stay";

#[cfg(test)]
mod tests;
