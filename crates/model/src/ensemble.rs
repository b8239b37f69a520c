//! The ensemble of random networks: activation, `sigma_w`, `sigma_b` and the width of every layer.
//!
//! `u^l_i = sum_j W^l_ij x^{l-1}_j + b^l_i`, `x^l = phi(u^l)`, `W^l_ij ~ N(0, sigma_w^2 / n_{l-1})`, `b^l_i ~ N(0, sigma_b^2)`,
//! all independent and fresh in every layer.

use super::Activation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A parameter that is not allowed, with what was found and what is allowed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{name} is {found}, but must be {allowed}")]
pub struct ParameterError {
    /// Name of the parameter; of an item of a list such as `cases[1].width`.
    pub name: Cow<'static, str>,
    /// The value found, as text.
    pub found: String,
    /// What is allowed, as a phrase that completes "must be ...".
    pub allowed: &'static str,
}

macro_rules! standard_deviation {
    ($type:ident, $name:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "f64", into = "f64")]
        #[schemars(extend("minimum" = 0, "maximum" = 1e100))]
        pub struct $type(f64);

        impl $type {
            /// A finite, non-negative standard deviation no larger than 1e100 (its square stays finite).
            pub fn new(value: f64) -> Result<Self, ParameterError> {
                if value.is_finite() && (0.0..=1e100).contains(&value) {
                    Ok(Self(value + 0.0))
                } else {
                    Err(ParameterError {
                        name: $name.into(),
                        found: format!("{value}"),
                        allowed: "a number from 0 to 1e100",
                    })
                }
            }

            /// The standard deviation.
            pub fn get(self) -> f64 {
                self.0
            }

            /// The variance.
            pub fn squared(self) -> f64 {
                self.0 * self.0
            }
        }

        impl TryFrom<f64> for $type {
            type Error = ParameterError;
            fn try_from(value: f64) -> Result<Self, ParameterError> {
                Self::new(value)
            }
        }

        impl From<$type> for f64 {
            fn from(value: $type) -> f64 {
                value.0
            }
        }
    };
}

standard_deviation!(WeightStd, "sigma_w", "Standard deviation scale of the weights: `W_ij ~ N(0, sigma_w^2 / n)`.");
standard_deviation!(BiasStd, "sigma_b", "Standard deviation of the biases: `b_i ~ N(0, sigma_b^2)`.");

/// Number of neurons in one layer, at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u64", into = "u64")]
#[schemars(extend("minimum" = 1, "maximum" = Width::MAX))]
pub struct Width(u64);

impl Width {
    /// Widest layer accepted.
    pub const MAX: u64 = 1_000_000_000_000;

    /// A width from 1 to [`Width::MAX`].
    pub fn new(value: u64) -> Result<Self, ParameterError> {
        if (1..=Self::MAX).contains(&value) {
            Ok(Self(value))
        } else {
            Err(ParameterError {
                name: "width".into(),
                found: value.to_string(),
                allowed: "a whole number from 1 to 1e12",
            })
        }
    }

    /// The number of neurons.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Width {
    type Error = ParameterError;
    fn try_from(value: u64) -> Result<Self, ParameterError> {
        Self::new(value)
    }
}

impl From<Width> for u64 {
    fn from(value: Width) -> u64 {
        value.0
    }
}

/// What every layer has in common: activation, weight scale, bias scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ensemble {
    /// The non-linearity `phi`.
    pub activation: Activation,
    /// Weight scale.
    pub sigma_w: WeightStd,
    /// Bias scale.
    pub sigma_b: BiasStd,
}

impl Ensemble {
    /// Checks the scales and builds the ensemble.
    pub fn new(activation: Activation, sigma_w: f64, sigma_b: f64) -> Result<Self, ParameterError> {
        Ok(Self { activation, sigma_w: WeightStd::new(sigma_w)?, sigma_b: BiasStd::new(sigma_b)? })
    }

    /// Variance `q = sigma_w^2 A + sigma_b^2` of the preactivations of the layer after one of activity `A`.
    pub fn preactivation_variance(&self, activity: f64) -> f64 {
        self.sigma_w.squared() * activity + self.sigma_b.squared()
    }
}

/// An ensemble with the width of each of its layers `1..=L` (layer 0 is the input).
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Activation and scales.
    pub ensemble: Ensemble,
    widths: Vec<Width>,
}

impl Network {
    /// A network whose layer `l` has `widths[l - 1]` neurons; at least one layer.
    pub fn new(ensemble: Ensemble, widths: Vec<Width>) -> Result<Self, ParameterError> {
        if widths.is_empty() {
            return Err(ParameterError { name: "depth".into(), found: "0".into(), allowed: "at least 1" });
        }
        Ok(Self { ensemble, widths })
    }

    /// `depth` layers of `width` neurons each.
    pub fn uniform(ensemble: Ensemble, width: Width, depth: usize) -> Result<Self, ParameterError> {
        Self::new(ensemble, vec![width; depth])
    }

    /// Number of layers `L`, the input not counted.
    pub fn depth(&self) -> usize {
        self.widths.len()
    }

    /// Widths of layers `1..=L`.
    pub fn widths(&self) -> &[Width] {
        &self.widths
    }
}
