//! Arguments as Python gives them, read by the rules of experiment files.

use neurodyn::config::checked::{Correlation, NonNegative, Positive};
use neurodyn::model::{Activation, Ensemble};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The arguments of a call by their names.
pub(crate) struct Given(Map<String, Value>);

impl Given {
    /// Of a JSON object.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map(Self).map_err(|error| error.to_string())
    }

    /// The value of this name by this rule, if there is one.
    pub(crate) fn by<T>(
        &mut self,
        name: &str,
        rule: impl FnOnce(Value) -> Result<T, serde_json::Error>,
    ) -> Result<Option<T>, String> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => rule(value).map(Some).map_err(|error| named(name, &error.to_string())),
        }
    }

    /// The value of this name, if there is one.
    pub(crate) fn maybe<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, String> {
        self.by(name, serde_json::from_value)
    }

    /// The value of this name.
    pub(crate) fn the<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, String> {
        self.maybe(name)?.ok_or_else(|| missing(name))
    }

    /// The value of this name by this rule.
    pub(crate) fn the_by<T>(
        &mut self,
        name: &str,
        rule: impl FnOnce(Value) -> Result<T, serde_json::Error>,
    ) -> Result<T, String> {
        self.by(name, rule)?.ok_or_else(|| missing(name))
    }

    /// A finite number, 0 or more.
    pub(crate) fn non_negative(&mut self, name: &str) -> Result<Option<f64>, String> {
        self.by(name, NonNegative::deserialize)
    }

    /// A finite number above 0.
    pub(crate) fn positive(&mut self, name: &str) -> Result<Option<f64>, String> {
        self.by(name, Positive::deserialize)
    }

    /// A correlation.
    pub(crate) fn correlation(&mut self, name: &str) -> Result<Option<f64>, String> {
        self.by(name, Correlation::deserialize)
    }

    /// An activation.
    pub(crate) fn activation(&mut self) -> Result<Activation, String> {
        self.the("activation")
    }

    /// The ensemble of networks.
    pub(crate) fn ensemble(&mut self) -> Result<Ensemble, String> {
        Ok(Ensemble { activation: self.activation()?, sigma_w: self.the("sigma_w")?, sigma_b: self.the("sigma_b")? })
    }
}

fn missing(name: &str) -> String {
    format!("{name} is missing")
}

/// A message that names the argument once.
fn named(name: &str, message: &str) -> String {
    if message.starts_with(name) {
        message.to_owned()
    } else if message.contains(", but must be ") && !message.starts_with("invalid") {
        format!("{name} is {message}")
    } else {
        format!("{name}: {message}")
    }
}

/// Flags in a message as arguments of Python, but not those of a command that it gives.
pub(crate) fn in_python(message: &str) -> String {
    let mut text = String::new();
    let mut rest = message;
    while let Some(at) = rest.find("--") {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let length = after[2..].find(|letter: char| !(letter.is_ascii_lowercase() || letter == '-'));
        let name = &after[2..length.map_or(after.len(), |length| length + 2)];
        let of_command = text.rsplit([';', ':', ',']).next().is_some_and(|clause| clause.contains("neurodyn "));
        if name.is_empty() || of_command {
            text.push_str("--");
            text.push_str(name);
        } else {
            text.push_str(&name.replace('-', "_"));
        }
        rest = &after[2 + name.len()..];
    }
    text + rest
}
