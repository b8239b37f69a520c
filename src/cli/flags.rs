//! Flags that several commands have, and how their values are read.

use crate::model::{Activation, BiasStd, Ensemble, WeightStd};

/// The ensemble of networks.
#[derive(clap::Args)]
pub(super) struct EnsembleFlags {
    /// Activation function
    #[arg(long, value_name = "NAME")]
    activation: Activation,
    /// Weight scale: weights are N(0, sigma_w^2 / n)
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = weight)]
    sigma_w: WeightStd,
    /// Bias scale: biases are N(0, sigma_b^2)
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = bias)]
    sigma_b: BiasStd,
}

impl EnsembleFlags {
    pub(super) fn ensemble(&self) -> Ensemble {
        Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b }
    }
}

fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number"))
}

fn weight(text: &str) -> Result<WeightStd, String> {
    WeightStd::new(number(text)?).map_err(|error| error.to_string())
}

fn bias(text: &str) -> Result<BiasStd, String> {
    BiasStd::new(number(text)?).map_err(|error| error.to_string())
}

/// A finite number, 0 or more.
pub(super) fn activity(text: &str) -> Result<f64, String> {
    let value = number(text)?;
    let allowed = value.is_finite() && value >= 0.0;
    if allowed { Ok(value) } else { Err(format!("{value} is not allowed; it must be a finite number, 0 or more")) }
}

pub(super) fn correlation(text: &str) -> Result<f64, String> {
    let value = number(text)?;
    let allowed = (-1.0..=1.0).contains(&value);
    if allowed { Ok(value) } else { Err(format!("{value} is not allowed; it must be a number from -1 to 1")) }
}

pub(super) fn finite(text: &str) -> Result<f64, String> {
    let value = number(text)?;
    if value.is_finite() { Ok(value) } else { Err(format!("{value} is not allowed; it must be a finite number")) }
}
