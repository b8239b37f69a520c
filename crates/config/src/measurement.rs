//! What a measurement of a network is of, as a figure of it says.

use super::{ConfigError, invalid};
use neurodyn_model::{Activation, BiasStd, WeightStd};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A file by its name and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digested {
    /// Name of the file, without its folder.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A network, data, and what they are held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Activation of its layers.
    pub activation: Activation,
    /// Whether the last layer has none.
    pub linear_output: bool,
    /// Names of its layers in their order, where they were chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<Vec<String>>,
    /// Weight scale; fitted where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sigma_w: Option<WeightStd>,
    /// Bias scale; fitted where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sigma_b: Option<BiasStd>,
    /// Law of single weights; that found where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Most inputs that are followed.
    pub inputs: usize,
    /// Networks drawn.
    pub replicas: usize,
    /// The file of the network.
    pub network: Digested,
    /// The file of the data.
    pub data: Digested,
}

impl Measurement {
    /// Reads this text; the path is for messages.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| invalid(path, text, error))
    }

    /// The text that is read so.
    pub fn text(&self) -> Result<String, String> {
        toml::to_string(self).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let digested = |file: &str| Digested { file: file.to_owned(), sha256: "0".repeat(64) };
        let measurement = Measurement {
            activation: Activation::Tanh,
            linear_output: true,
            layers: Some(vec!["fc1".to_owned()]),
            sigma_w: WeightStd::new(1.5).ok(),
            sigma_b: None,
            law: Some("uniform".to_owned()),
            inputs: 4,
            replicas: 4096,
            network: digested("net.npz"),
            data: digested("X.npy"),
        };
        let text = measurement.text().expect("TOML");
        assert_eq!(Measurement::parse(Path::new("a.toml"), &text), Ok(measurement), "{text}");
        let more = format!("x = 1\n{text}");
        assert!(Measurement::parse(Path::new("a.toml"), &more).is_err());
    }
}
