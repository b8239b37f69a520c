//! The activations `phi`. Each has a file with all that is known of it: values, derivatives, differences, facts, cost, and Gaussian
//! integrals in closed form. A new one is such a file and a line below.

mod definition;
mod kernel;
mod operation;
mod pair;
pub(super) mod shared;
mod written;

pub use definition::{Definition, PairForm, Parity, SlopeMoments};
pub use kernel::Jet;
pub use operation::Operation;
pub use pair::PairLaw;

use super::formula::{Break, Formula, FormulaError, Growth};
use neurodyn_numerics::quadrature::{GAUSS_LEGENDRE_8, Shape};
use std::collections::BTreeMap;

/// Number of derivatives available, the function itself (order 0) included.
pub const ORDERS: usize = 6;

macro_rules! activations {
    ($($module:ident $variant:ident $doc:literal;)*) => {
        $(mod $module;)*

        /// The non-linearity of a network.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Activation {
            $(#[doc = $doc] $variant,)*
            /// A formula, which may have a name.
            Formula(&'static Formula),
        }

        impl Activation {
            /// Every activation that has a file of its own.
            pub const ALL: &[Activation] = &[$(Activation::$variant,)*];

            /// The name or the formula used in files and on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    $(Activation::$variant => stringify!($module),)*
                    Activation::Formula(formula) => formula.text(),
                }
            }

            /// Its formula in plain text, and what there is to say of it in one line.
            pub fn about(self) -> &'static str {
                match self {
                    $(Activation::$variant => $doc,)*
                    Activation::Formula(formula) => formula.about(),
                }
            }

            /// What it does to the neurons of a layer. Not inlined, or its operations would be compiled again in every crate that asks.
            #[inline(never)]
            pub fn operation(self) -> &'static dyn Operation {
                match self {
                    Activation::Formula(formula) => formula,
                    $(Activation::$variant => &operation::Compiled::<$module::$variant>::NEW,)*
                }
            }

            /// What is known of it.
            #[inline(never)]
            pub fn definition(self) -> &'static dyn Definition {
                match self {
                    $(Activation::$variant => &$module::$variant,)*
                    Activation::Formula(formula) => formula,
                }
            }
        }
    };
}

activations! {
    tanh Tanh "`tanh u`.";
    erf_sqrt2 ErfSqrt2 "`erf(u / sqrt 2) = sqrt(2/pi) int_0^u exp(-t^2/2) dt`; slope `sqrt(2/pi)` at 0.";
    erf_sqrtpi2 ErfSqrtpi2 "`erf(sqrt(pi) u / 2)`; unit slope at 0.";
    gauss_cdf GaussCdf "The standard normal distribution function `Phi(u)`; not odd.";
    relu Relu "`max(u, 0)`.";
    leaky_relu LeakyRelu "`u` above 0, `0.01 u` below.";
    linear Linear "`u`.";
    sin Sin "`sin u`.";
    cos Cos "`cos u`.";
    gaussian Gaussian "`exp(-u^2 / 2)`.";
    sigmoid Sigmoid "`1 / (1 + exp(-u))`.";
    gelu Gelu "`u Phi(u)`.";
    softplus Softplus "`ln(1 + exp(u))`.";
}

impl std::fmt::Display for Activation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Activation {
    type Err = FormulaError;

    fn from_str(text: &str) -> Result<Self, FormulaError> {
        match Self::ALL.iter().find(|shipped| shipped.name() == text) {
            Some(shipped) => Ok(*shipped),
            None => Formula::activation(text, &BTreeMap::new()),
        }
    }
}

impl Activation {
    /// Its formula as figures set it, in the markup of labels.
    pub fn label(self) -> &'static str {
        self.definition().label()
    }

    /// As a key of figures names it: the typeset name of one that has a name, else its formula.
    pub fn short_label(self) -> String {
        match self {
            Activation::Formula(formula) => formula.label().to_owned(),
            shipped => shipped.name().replace('_', r"\_"),
        }
    }

    /// All that have a file of their own, and all formulas asked for so far.
    pub fn known() -> Vec<Activation> {
        Self::ALL.iter().copied().chain(Formula::all()).collect()
    }

    /// Picoseconds for a point, and for a difference.
    pub fn cost(self) -> [u64; 2] {
        self.definition().cost()
    }

    /// `phi(u)`.
    pub fn value(self, u: f64) -> f64 {
        self.operation().value(u)
    }

    /// `phi(u + t) - phi(u)` to a few ulp of its size, however small `t` is.
    pub fn difference(self, u: f64, t: f64) -> f64 {
        self.operation().difference(u, t)
    }

    /// `phi` and its first five derivatives at `u`. At the kink of relu and leaky_relu the slope is the mean of both
    /// sides; their higher derivatives are distributions and are given as 0 (see [`Activation::is_smooth`]).
    pub fn jet(self, u: f64) -> [f64; ORDERS] {
        self.operation().jet(u)
    }

    /// `phi'(u)`.
    pub fn derivative(self, u: f64) -> f64 {
        self.operation().slope(u)
    }

    /// `phi''(u)`.
    pub fn second_derivative(self, u: f64) -> f64 {
        self.jet(u)[2]
    }

    /// `phi^(k)(v) - phi^(k)(u)` for `k = 0..=4`, `v = u + t`, without cancellation for small `t`: below `|t| = 1/4` the
    /// integral of the next derivative by 8-point Gauss-Legendre (error below 1e-16 of it), beyond it the plain difference.
    pub fn jet_difference(self, u: f64, t: f64) -> [f64; ORDERS - 1] {
        let mut difference = [0.0; ORDERS - 1];
        if t.abs() < 0.25 && self.is_smooth() {
            for (x, weight) in GAUSS_LEGENDRE_8 {
                for x in [-x, x] {
                    let jet = self.jet(u + t * 0.5 * (1.0 + x));
                    for k in 0..ORDERS - 1 {
                        difference[k] += weight * jet[k + 1];
                    }
                }
            }
            difference.map(|sum| 0.5 * t * sum)
        } else {
            let (jet, jet_prime) = (self.jet(u), self.jet(u + t));
            for k in 1..ORDERS - 1 {
                difference[k] = jet_prime[k] - jet[k];
            }
            difference[0] = self.difference(u, t);
            difference
        }
    }

    /// Whether `phi` and `phi'` are continuous everywhere and `phi''`, which may jump, is square-integrable (not so for relu and leaky_relu).
    pub fn is_smooth(self) -> bool {
        self.definition().is_smooth()
    }

    /// Whether `phi` is continuous everywhere and `phi'`, which may jump, is square-integrable; only then have tangents images.
    pub fn is_continuous(self) -> bool {
        self.definition().is_continuous()
    }

    /// Whether `phi(-u) = -phi(u)`.
    pub fn is_odd(self) -> bool {
        self.definition().parity() == Parity::Odd
    }

    /// Whether `phi(-u) = phi(u)`.
    pub fn is_even(self) -> bool {
        self.definition().parity() == Parity::Even
    }

    /// Whether `phi(s u) = s phi(u)` for every `s > 0`: activity and distance then have no scale of their own.
    pub fn is_homogeneous(self) -> bool {
        self.definition().is_homogeneous()
    }

    /// Largest `|phi|`, where there is one.
    pub fn bound(self) -> Option<f64> {
        self.definition().bound()
    }

    /// Slopes of the lines through the origin that `phi` stays near, far down and far up; 0 where it is bounded.
    pub fn tails(self) -> (f64, f64) {
        self.definition().tails()
    }

    /// Where `phi` or one of its derivatives jumps, ascending: empty for shipped activations, whose kinks are at 0 and known by their closed
    /// forms.
    pub fn breaks(self) -> &'static [Break] {
        self.definition().breaks()
    }

    /// How it grows with `|u|`.
    pub fn growth(self) -> Growth {
        let (fall, rise) = self.tails();
        match (self, self.bound()) {
            (Activation::Formula(formula), _) => formula.growth(),
            (_, Some(bound)) => Growth::Bounded(bound),
            _ => Growth::Lines { fall, rise },
        }
    }

    /// How Gaussian integrals of products of up to four of `phi` and its derivatives vary.
    pub fn shape(self) -> Shape {
        self.definition().shape()
    }
}

#[cfg(test)]
mod tests;
