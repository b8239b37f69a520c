//! Gaussian expectations of functions of one or two correlated variables.
//!
//! One idea carries all rules: the integrand varies on scale 1 around `u = 0` (where an activation bends) and the
//! Gaussian on scale `sqrt(q)`. The map `u = a sinh(x)` with `a = min(1, sqrt q)` resolves both, and the trapezoid rule in
//! `x` converges geometrically: poles of `tanh`-like functions on the imaginary axis map to `|Im x| = pi/2`, and the
//! Gaussian stays bounded for `|Im x| < pi/4`, so a step `h` costs about `exp(-2 pi (pi/4) / h)`. With `h = 1/9` that is
//! `7e-20`; sums are cut where the Gaussian falls below `exp(-10.5^2 / 2) = 1e-24`. What is left is rounding, about
//! `1e-15` relative for integrands of one sign (tests: 1e-12 for every activation, `q` from 1e-8 to 1e4).

mod bivariate;
mod legendre;
mod univariate;

pub use bivariate::{Bivariate, Node, PairCovariance, PairIntegrand};
pub use legendre::{GAUSS_LEGENDRE_8, GaussLegendre};
pub use univariate::{CHUNK, Integrand, Univariate};

/// Where the Gaussian weight is cut, in standard deviations.
pub(crate) const CUT: f64 = 10.5;

/// How the integrand varies; decides the rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Analytic, varying on scale 1 near the origin, with poles no closer to the real axis than pi/2 (tanh, erf, logistic
    /// functions, Gaussians and their derivatives, products of a few of them, times polynomials).
    Localised,
    /// Sines and cosines up to this angular frequency (that of the whole integrand, products included).
    Oscillating {
        /// Largest angular frequency in the integrand.
        frequency: f64,
    },
    /// Analytic on either side of the origin, with a kink or a jump at 0 (relu).
    KinkedAtZero,
}

impl Shape {
    /// Largest variance at which a rule for this shape takes a reasonable number of nodes. Rules for oscillating integrands take about
    /// `3.3 (frequency sqrt q + 15)` nodes in each variable, 2700 at this bound; those of the others grow like a logarithm at most.
    pub fn largest_variance(self) -> f64 {
        match self {
            Shape::Oscillating { frequency } => (800.0 / frequency) * (800.0 / frequency),
            Shape::Localised | Shape::KinkedAtZero => f64::MAX,
        }
    }
}
