//! What is known of an activation, beside what it does to a neuron: facts, cost, and Gaussian integrals in closed form.

use super::pair::PairLaw;
use crate::formula::Break;
use neurodyn_numerics::quadrature::{PairCovariance, Shape};

/// `phi(-u)` in terms of `phi(u)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// `-phi(u)`.
    Odd,
    /// `phi(u)`.
    Even,
    /// Neither.
    None,
}

/// Moments of value and slope together, of fourth order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlopeMoments {
    /// `E[phi'^4]`.
    pub fourth: f64,
    /// `E[phi^2 phi'^2]`.
    pub both: f64,
    /// `E[phi^2 phi'^2] - E[phi^2] E[phi'^2]`, formed without cancellation of large moments.
    pub mixed: f64,
}

/// Pair integrals that are computed for many pairs at once, of preactivations with variances `q`, `q'` and covariance `k`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PairForm {
    /// `E[phi(u) phi(v)] = offset + scale asin(rate k / sqrt((1 + rate q)(1 + rate q')))`.
    Arcsine {
        /// `r`.
        rate: f64,
        /// The part that does not depend on the pair.
        offset: f64,
        /// Factor of the arc.
        scale: f64,
    },
    /// `phi = u` above 0, `leak u` below.
    Kinked {
        /// The slope below 0.
        leak: f64,
    },
    /// `phi = u Phi(u)`.
    Gelu,
}

/// Facts about an activation. What is not said of it is computed by quadrature; `u ~ N(0, q)` in all integrals, and closed forms are right
/// to a few ulp.
pub trait Definition: Sync {
    /// Its formula as figures set it, in the markup of labels.
    fn label(&self) -> &'static str;

    /// Picoseconds for a point, and for a difference, as `cargo bench --bench cost` measures them.
    fn cost(&self) -> [u64; 2];

    /// Symmetry.
    fn parity(&self) -> Parity {
        Parity::None
    }

    /// Whether `phi` and `phi'` are continuous everywhere, and `phi''` is square-integrable.
    fn is_smooth(&self) -> bool {
        true
    }

    /// Whether `phi` is continuous everywhere, and `phi'` is square-integrable.
    fn is_continuous(&self) -> bool {
        true
    }

    /// Whether `phi(s u) = s phi(u)` for every `s > 0`.
    fn is_homogeneous(&self) -> bool {
        false
    }

    /// Largest `|phi|`, where there is one.
    fn bound(&self) -> Option<f64> {
        Some(1.0)
    }

    /// Slopes of the lines through the origin that `phi` stays near, far down and far up; 0 where it is bounded.
    fn tails(&self) -> (f64, f64) {
        (0.0, 0.0)
    }

    /// How Gaussian integrals of products of up to four of `phi` and its derivatives vary.
    fn shape(&self) -> Shape {
        Shape::Localised
    }

    /// Where `phi` or one of its derivatives jumps, ascending, where integrals need to know it.
    fn breaks(&self) -> &'static [Break] {
        &[]
    }

    /// `E[phi^(order)(u)^2]` for `order` 0, 1 or 2.
    fn second_moment(&self, _order: usize, _q: f64) -> Option<f64> {
        None
    }

    /// `d E[phi^2] / dq = E[phi'^2 + phi phi'']`.
    fn second_moment_slope(&self, _q: f64) -> Option<f64> {
        None
    }

    /// `d^2 E[phi^2] / dq^2`.
    fn second_moment_curvature(&self, _q: f64) -> Option<f64> {
        None
    }

    /// `d E[phi'^2] / dq`.
    fn derivative_moment_slope(&self, _q: f64) -> Option<f64> {
        None
    }

    /// `d^2 E[phi'^2] / dq^2`.
    fn derivative_moment_curvature(&self, _q: f64) -> Option<f64> {
        None
    }

    /// `Var[phi^2]`.
    fn square_variance(&self, _q: f64) -> Option<f64> {
        None
    }

    /// [`SlopeMoments`].
    fn slope_moments(&self, _q: f64) -> Option<SlopeMoments> {
        None
    }

    /// `E[phi(u) phi(v)]`.
    fn overlap(&self, _law: &PairLaw) -> Option<f64> {
        None
    }

    /// `E[phi'(u) phi'(v)]`, the slope of the overlap in the covariance.
    fn overlap_slope(&self, _law: &PairLaw) -> Option<f64> {
        None
    }

    /// `E[phi''(u) phi''(v)]`.
    fn overlap_bend(&self, _law: &PairLaw) -> Option<f64> {
        None
    }

    /// `E[phi'(u)^2 phi'(v)^2]`.
    fn squared_slope_overlap(&self, _law: &PairCovariance) -> Option<f64> {
        None
    }

    /// `E[(phi(v) - phi(u))^2]` without cancellation.
    fn squared_difference(&self, _law: &PairCovariance) -> Option<f64> {
        None
    }

    /// The form of `E[phi(u) phi(v)]` and `E[phi'(u) phi'(v)]`, where Gram matrices of many inputs go in vectors.
    fn pair_form(&self) -> Option<PairForm> {
        None
    }
}
