//! Initialisations that frameworks come with, as scales of weights and biases of square layers.
//!
//! A scheme may draw weights uniformly. At infinite width their variance alone matters, and so it does for spreads to first order in 1/n.

use super::{Activation, Ensemble, Width};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An initialisation of a framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// `torch.nn.Linear` as it comes: weights and biases uniform up to `1 / sqrt(n)`, so `sigma_w^2 = 1/3` and `sigma_b^2 = 1/(3 n)`.
    Pytorch,
    /// Xavier, or Glorot, as in Keras: weight variance `2 / (fan_in + fan_out)`, so `sigma_w = 1`; no bias.
    Xavier,
    /// Xavier times `torch.nn.init.calculate_gain`: `sigma_w` is the gain; no bias.
    Gain,
    /// He, or Kaiming: `sigma_w^2 = 2`; no bias.
    He,
    /// LeCun, as in Flax: `sigma_w = 1`; no bias.
    Lecun,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 5] = [Self::Pytorch, Self::Xavier, Self::Gain, Self::He, Self::Lecun];

    /// The name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pytorch => "pytorch",
            Self::Xavier => "xavier",
            Self::Gain => "gain",
            Self::He => "he",
            Self::Lecun => "lecun",
        }
    }

    /// What it is, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Pytorch => "PyTorch nn.Linear, default",
            Self::Xavier => "Xavier (Glorot), Keras default",
            Self::Gain => "Xavier times calculate_gain",
            Self::He => "He (Kaiming)",
            Self::Lecun => "LeCun, Flax default",
        }
    }

    /// The networks that it makes, or why it makes none.
    pub fn ensemble(self, activation: Activation, width: Width) -> Result<Ensemble, &'static str> {
        let (sigma_w, sigma_b) = match self {
            Self::Pytorch => ((1.0f64 / 3.0).sqrt(), (1.0 / (3.0 * width.get() as f64)).sqrt()),
            Self::Xavier | Self::Lecun => (1.0, 0.0),
            Self::Gain => (gain(activation).ok_or(NO_GAIN)?, 0.0),
            Self::He => (std::f64::consts::SQRT_2, 0.0),
        };
        Ensemble::new(activation, sigma_w, sigma_b).map_err(|_| "its scales are no scales of networks")
    }
}

const NO_GAIN: &str = "torch.nn.init.calculate_gain has no gain for this activation";

/// What `torch.nn.init.calculate_gain` says of activations that it knows by this name.
fn gain(activation: Activation) -> Option<f64> {
    match activation.name() {
        "linear" | "sigmoid" => Some(1.0),
        "tanh" => Some(5.0 / 3.0),
        "relu" => Some(std::f64::consts::SQRT_2),
        "selu" => Some(0.75),
        name if name.starts_with("leaky_relu") => {
            let (leak, _) = activation.tails();
            Some((2.0 / (1.0 + leak * leak)).sqrt())
        }
        _ => None,
    }
}
