//! Gaussian expectations of functions of one or two correlated variables.
//!
//! One idea carries all rules: the integrand varies on scale 1 around `u = 0` (where an activation bends) and the
//! Gaussian on scale `sqrt(q)`. The map `u = a sinh(x)` with `a = min(1, sqrt q)` resolves both, and the trapezoid rule in
//! `x` converges geometrically: poles of `tanh`-like functions on the imaginary axis map to `|Im x| = pi/2`, and the
//! Gaussian stays bounded for `|Im x| < pi/4`, so a step `h` costs about `exp(-2 pi (pi/4) / h)`. With `h = 1/9` that is
//! `7e-20`; sums are cut where the Gaussian falls below `exp(-10.5^2 / 2) = 1e-24`. What is left is rounding, about
//! `1e-15` relative for integrands of one sign (tests: 1e-12 for every activation, `q` from 1e-8 to 1e4).
//!
//! That is for functions whose shape is known. One that nobody has looked at is searched for panels on which 16 points of Gauss and
//! Legendre resolve it ([`Pieces`]); its rules are made of such panels, no wider than three standard deviations. For a pair the expectation of
//! `phi(v)` given `u` has the breaks of `phi` too, blurred by the spread of `v`: the outer rule has panels of that width there. Places
//! near a break are kept as their distance to it, so that a pair may be as close as `1e-150`.

mod bivariate;
mod law;
mod legendre;
mod pieces;
mod univariate;

pub use bivariate::{Bivariate, Node, PairIntegrand};
pub use law::PairCovariance;
pub use legendre::{GAUSS_LEGENDRE_8, GaussLegendre};
pub use pieces::{Pieces, Reason, Unresolved};
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
    /// Smooth between breaks, on panels that a search has found.
    ///
    /// Relative accuracy 1e-12 for integrands of one sign that are products of up to four of `phi, phi', phi''`, times polynomials; variances
    /// up to [`Pieces::largest_variance`]. As everywhere, 10.5 standard deviations are kept: an integral that is all tail (`relu(u - 0.7)` at variance 0.01 begins
    /// after seven) is found to 1e-24 of the largest value, not of its own; and one that grows like the inverse of the Gaussian is cut there without notice.
    Pieces(&'static Pieces),
}

impl Shape {
    /// Largest variance at which a rule for this shape takes a reasonable number of nodes. Rules for oscillating integrands take about
    /// `3.3 (frequency sqrt q + 15)` nodes in each variable, 2700 at this bound; those of the others grow like a logarithm at most.
    pub fn largest_variance(self) -> f64 {
        match self {
            Shape::Oscillating { frequency } => (800.0 / frequency) * (800.0 / frequency),
            Shape::Localised | Shape::KinkedAtZero => f64::MAX,
            Shape::Pieces(pieces) => pieces.largest_variance(),
        }
    }
}
