//! Checks of single parameters, for `#[serde(deserialize_with = "...")]`: a value that is not allowed is an error at its place
//! in the file.

use super::Grid;
use crate::model::Replicas;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Most replicas, layers and points; beyond lies a slip of the keyboard.
const MOST: usize = 1_000_000;

fn checked<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    refused: impl FnOnce(&T) -> Option<String>,
    allowed: &str,
) -> Result<T, D::Error> {
    let value = T::deserialize(deserializer)?;
    match refused(&value) {
        Some(found) => Err(D::Error::custom(format!("{found}, but must be {allowed}"))),
        None => Ok(value),
    }
}

/// A whole number from `LEAST` to a million.
pub fn count<'de, const LEAST: usize, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let refused = |value: &usize| (!(LEAST..=MOST).contains(value)).then(|| value.to_string());
    checked(deserializer, refused, &format!("a whole number from {LEAST} to {MOST}"))
}

/// A number of replicas.
pub fn replicas<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    count::<{ Replicas::FEWEST as usize }, D>(deserializer)
}

/// A number of layers.
pub fn depth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    count::<1, D>(deserializer)
}

/// A list of values that is not empty.
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    checked(deserializer, |list: &Vec<T>| list.is_empty().then(|| "an empty grid".to_owned()), "at least one value")
}

/// A list of layers that is not empty.
pub fn layers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<usize>, D::Error> {
    let refused = |list: &Vec<usize>| match list.iter().find(|&&layer| layer > MOST) {
        Some(layer) => Some(layer.to_string()),
        None => list.is_empty().then(|| "an empty grid".to_owned()),
    };
    checked(deserializer, refused, &format!("at least one layer from 0 to {MOST}"))
}

const NON_NEGATIVE: &str = "a finite number, 0 or more";
const CORRELATION: &str = "a number from -1 to 1";

fn is_non_negative(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

fn is_correlation(value: f64) -> bool {
    (-1.0..=1.0).contains(&value)
}

/// A finite number, 0 or more.
pub fn non_negative<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    checked(deserializer, |value: &f64| (!is_non_negative(*value)).then(|| value.to_string()), NON_NEGATIVE)
}

/// A finite number above 0.
pub fn positive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let refused = |value: &f64| (!(is_non_negative(*value) && *value > 0.0)).then(|| value.to_string());
    checked(deserializer, refused, "a finite number above 0")
}

/// A correlation.
pub fn correlation<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    checked(deserializer, |value: &f64| (!is_correlation(*value)).then(|| value.to_string()), CORRELATION)
}

fn first_outside(grid: &Grid, allowed: fn(f64) -> bool) -> Option<String> {
    grid.values().iter().find(|&&value| !allowed(value)).map(f64::to_string)
}

/// A grid of numbers, 0 or more.
pub fn non_negative_grid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Grid, D::Error> {
    checked(deserializer, |grid: &Grid| first_outside(grid, is_non_negative), NON_NEGATIVE)
}

/// A grid of correlations.
pub fn correlation_grid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Grid, D::Error> {
    checked(deserializer, |grid: &Grid| first_outside(grid, is_correlation), CORRELATION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Holder {
        #[serde(rename = "replicas", deserialize_with = "replicas")]
        _replicas: usize,
        #[serde(rename = "list", deserialize_with = "list")]
        _list: Vec<u8>,
        #[serde(rename = "layers", deserialize_with = "layers")]
        _layers: Vec<usize>,
        #[serde(rename = "activity", deserialize_with = "non_negative")]
        _activity: f64,
        #[serde(rename = "tolerance", deserialize_with = "positive")]
        _tolerance: f64,
        #[serde(rename = "correlations", deserialize_with = "correlation_grid")]
        _correlations: Grid,
    }

    #[test]
    fn values_outside_are_refused_with_what_is_allowed() {
        let good =
            "replicas = 30\nlist = [1]\nlayers = [0, 3]\nactivity = 0\ntolerance = 1e-9\ncorrelations = [-1, 1]\n";
        assert!(toml::from_str::<Holder>(good).is_ok());
        for (from, to, message) in [
            ("30", "29", "29, but must be a whole number from 30 to 1000000"),
            ("30", "10000000000", "from 30"),
            ("[1]", "[]", "an empty grid, but must be at least one value"),
            ("[0, 3]", "[]", "an empty grid"),
            ("[0, 3]", "[0, 3000000]", "3000000, but must be at least one layer"),
            ("activity = 0", "activity = -0.5", "-0.5, but must be a finite number, 0 or more"),
            ("activity = 0", "activity = nan", "NaN"),
            ("1e-9", "0.0", "0, but must be a finite number above 0"),
            ("[-1, 1]", "{ from = 0, to = 1.5, count = 2 }", "1.5, but must be a number from -1 to 1"),
        ] {
            let error = toml::from_str::<Holder>(&good.replacen(from, to, 1)).expect_err(to);
            assert!(error.message().contains(message) && error.span().is_some(), "{to}: {error}");
        }
    }
}
