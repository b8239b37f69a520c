//! Dropout: each neuron of a layer is kept with probability `rho` and then divided by it, `x~_j = m_j x_j / rho`.

use super::{Ensemble, ParameterError, WeightStd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Probability `rho` that a neuron is kept; 1 is a network without dropout.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "f64", into = "f64")]
#[schemars(extend("minimum" = Keep::LEAST, "maximum" = 1))]
pub struct Keep(f64);

impl Keep {
    /// Least probability accepted.
    pub const LEAST: f64 = 1e-6;

    /// A probability from [`Keep::LEAST`] to 1.
    pub fn new(value: f64) -> Result<Self, ParameterError> {
        if (Self::LEAST..=1.0).contains(&value) {
            Ok(Self(value))
        } else {
            Err(ParameterError { name: "keep".into(), found: format!("{value}"), allowed: "a number from 1e-6 to 1" })
        }
    }

    /// The probability.
    pub fn get(self) -> f64 {
        self.0
    }

    /// Whether nothing is dropped.
    pub fn is_all(self) -> bool {
        self.0 == 1.0
    }

    /// `1 / rho - 1`, the variance of `m / rho`.
    pub fn mask_variance(self) -> f64 {
        (1.0 - self.0) / self.0
    }

    /// The ensemble without dropout in which a single signal fares as in `ensemble` with dropout: `sigma_w / sqrt(rho)`. So do two
    /// signals that share their masks.
    pub fn of_one_signal(self, ensemble: &Ensemble) -> Result<Ensemble, ParameterError> {
        Ok(Ensemble { sigma_w: WeightStd::new(ensemble.sigma_w.get() / self.0.sqrt())?, ..*ensemble })
    }
}

impl TryFrom<f64> for Keep {
    type Error = ParameterError;
    fn try_from(value: f64) -> Result<Self, ParameterError> {
        Self::new(value)
    }
}

impl From<Keep> for f64 {
    fn from(value: Keep) -> f64 {
        value.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_above_zero_and_at_most_one() {
        for good in [1e-6, 0.5, 1.0] {
            assert_eq!(Keep::new(good).expect("valid").get(), good);
        }
        for bad in [0.0, -0.5, 1.0 + 1e-15, f64::NAN, f64::INFINITY] {
            let error = Keep::new(bad).expect_err("not allowed").to_string();
            assert!(error.contains("keep") && error.contains("from 1e-6 to 1"), "{error}");
        }
    }
}
