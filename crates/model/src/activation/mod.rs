//! The activations `phi`: names, values, derivatives up to the fifth, and cancellation-free differences.
//!
//! Closed Gaussian integrals live with the theory; here is only the function itself.

mod jet;
mod kernel;
mod operation;

pub use operation::Operation;

use super::ParameterError;
use neurodyn_numerics::quadrature::{GAUSS_LEGENDRE_8, Shape};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Number of derivatives available, the function itself (order 0) included.
pub const ORDERS: usize = 6;

macro_rules! activations {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// The non-linearity of a network.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Activation {
            $(#[doc = $doc] #[serde(rename = $name)] $variant,)*
        }

        impl Activation {
            /// Every activation.
            pub const ALL: &[Activation] = &[$(Activation::$variant,)*];

            /// The name used in files and on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    $(Activation::$variant => $name,)*
                }
            }

            /// What it does to the neurons of a layer.
            pub fn operation(self) -> &'static dyn Operation {
                match self {
                    $(Activation::$variant => &operation::Compiled::<kernel::$variant>::NEW,)*
                }
            }
        }
    };
}

activations! {
    Tanh "tanh" "`tanh u`.",
    ErfSqrt2 "erf_sqrt2" "`erf(u / sqrt 2) = sqrt(2/pi) int_0^u exp(-t^2/2) dt`; slope `sqrt(2/pi)` at 0.",
    ErfSqrtpi2 "erf_sqrtpi2" "`erf(sqrt(pi) u / 2)`; unit slope at 0.",
    GaussCdf "gauss_cdf" "The standard normal distribution function `Phi(u)`; not odd.",
    Relu "relu" "`max(u, 0)`.",
    LeakyRelu "leaky_relu" "`u` above 0, `0.01 u` below.",
    Linear "linear" "`u`.",
    Sin "sin" "`sin u`.",
    Cos "cos" "`cos u`.",
    Gaussian "gaussian" "`exp(-u^2 / 2)`.",
    Sigmoid "sigmoid" "`1 / (1 + exp(-u))`.",
    Gelu "gelu" "`u Phi(u)`.",
    Softplus "softplus" "`ln(1 + exp(u))`.",
}

/// Slope of `leaky_relu` below 0.
pub const LEAK: f64 = 0.01;

impl std::fmt::Display for Activation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Activation {
    type Err = ParameterError;

    fn from_str(name: &str) -> Result<Self, ParameterError> {
        Self::ALL.iter().copied().find(|a| a.name() == name).ok_or_else(|| ParameterError {
            name: "activation",
            found: format!("{name:?}"),
            allowed: "one of tanh, erf_sqrt2, erf_sqrtpi2, gauss_cdf, relu, leaky_relu, linear, sin, cos, gaussian, sigmoid, gelu, softplus",
        })
    }
}

impl Activation {
    /// Its formula as figures set it, in the markup of labels.
    pub fn label(self) -> &'static str {
        match self {
            Activation::Tanh => r"$\tanh u$",
            Activation::ErfSqrt2 => r"$\erf(u / \sqrt 2)$",
            Activation::ErfSqrtpi2 => r"$\erf(\sqrt{\pi} u / 2)$",
            Activation::GaussCdf => r"$\Phi(u)$",
            Activation::Relu => r"$\max(u, 0)$",
            Activation::LeakyRelu => r"$\max(u, 0.01 u)$",
            Activation::Linear => "$u$",
            Activation::Sin => r"$\sin u$",
            Activation::Cos => r"$\cos u$",
            Activation::Gaussian => r"$\exp(-u^2 / 2)$",
            Activation::Sigmoid => r"$1 / (1 + \exp(-u))$",
            Activation::Gelu => r"$u \Phi(u)$",
            Activation::Softplus => r"$\ln(1 + \exp u)$",
        }
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
        jet::jet(self, u)
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

    /// Whether `phi` is twice differentiable everywhere (all but relu and leaky_relu).
    pub fn is_smooth(self) -> bool {
        !matches!(self, Activation::Relu | Activation::LeakyRelu)
    }

    /// Whether `phi(-u) = -phi(u)`.
    pub fn is_odd(self) -> bool {
        matches!(
            self,
            Activation::Tanh | Activation::ErfSqrt2 | Activation::ErfSqrtpi2 | Activation::Linear | Activation::Sin
        )
    }

    /// Whether `phi(-u) = phi(u)`.
    pub fn is_even(self) -> bool {
        matches!(self, Activation::Cos | Activation::Gaussian)
    }

    /// Whether `phi(s u) = s phi(u)` for every `s > 0`: activity and distance then have no scale of their own.
    pub fn is_homogeneous(self) -> bool {
        matches!(self, Activation::Relu | Activation::LeakyRelu | Activation::Linear)
    }

    /// Largest `|phi|`, where there is one.
    pub fn bound(self) -> Option<f64> {
        match self {
            Activation::Relu | Activation::LeakyRelu | Activation::Linear | Activation::Gelu | Activation::Softplus => {
                None
            }
            _ => Some(1.0),
        }
    }

    /// Slopes of the lines through the origin that `phi` stays near, far down and far up; 0 where it is bounded.
    pub fn tails(self) -> (f64, f64) {
        match self {
            Activation::Relu | Activation::Gelu | Activation::Softplus => (0.0, 1.0),
            Activation::LeakyRelu => (LEAK, 1.0),
            Activation::Linear => (1.0, 1.0),
            Activation::Tanh
            | Activation::ErfSqrt2
            | Activation::ErfSqrtpi2
            | Activation::GaussCdf
            | Activation::Sin
            | Activation::Cos
            | Activation::Gaussian
            | Activation::Sigmoid => (0.0, 0.0),
        }
    }

    /// How Gaussian integrals of products of up to four of `phi` and its derivatives vary.
    pub fn shape(self) -> Shape {
        match self {
            Activation::Sin | Activation::Cos => Shape::Oscillating { frequency: 4.0 },
            Activation::Relu | Activation::LeakyRelu => Shape::KinkedAtZero,
            _ => Shape::Localised,
        }
    }
}

#[cfg(test)]
mod tests;
