//! How many replicas a Monte Carlo mean is over: a number, or as many as its standard error needs.

use super::ParameterError;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// A number of replicas, written as `200`; or batches of [`Replicas::BATCH`] until the largest standard error of the means is
/// at most `target_stderr`, but not more than `at_most`, written as `{ target_stderr = 1e-4, at_most = 100000 }`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Replicas {
    at_most: u64,
    target_stderr: Option<f64>,
}

impl Replicas {
    /// Fewest replicas whose standard error is trusted.
    pub const FEWEST: u64 = 30;
    /// Most replicas. More is taken for a typing error.
    pub const MOST: u64 = 1_000_000_000;
    /// The standard error is looked at after every so many replicas.
    pub const BATCH: u64 = 1024;

    /// This many.
    pub fn fixed(count: u64) -> Result<Self, ParameterError> {
        if (Self::FEWEST..=Self::MOST).contains(&count) {
            Ok(Self { at_most: count, target_stderr: None })
        } else {
            let allowed = "a whole number from 30 to 1000000000, or { target_stderr, at_most }";
            Err(ParameterError { name: "replicas".into(), found: count.to_string(), allowed })
        }
    }

    /// This many, where nobody trusts the standard error; 1 at least.
    pub fn few(count: u64) -> Self {
        Self { at_most: count.clamp(1, Self::MOST), target_stderr: None }
    }

    /// As many as bring the standard error down to this.
    pub fn until(target_stderr: f64, at_most: u64) -> Result<Self, ParameterError> {
        let (target, most) = (TargetStderr::try_from(target_stderr)?, AtMost::try_from(at_most)?);
        Ok(Self { at_most: most.0, target_stderr: Some(target.0) })
    }

    /// Their number, or the most there may be.
    pub fn at_most(self) -> u64 {
        self.at_most
    }

    /// The standard error asked for.
    pub fn target_stderr(self) -> Option<f64> {
        self.target_stderr
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "f64")]
#[schemars(extend("exclusiveMinimum" = 0))]
struct TargetStderr(f64);

impl TryFrom<f64> for TargetStderr {
    type Error = ParameterError;
    fn try_from(value: f64) -> Result<Self, ParameterError> {
        if value.is_finite() && value > 0.0 {
            Ok(Self(value))
        } else {
            Err(ParameterError {
                name: "target_stderr".into(),
                found: value.to_string(),
                allowed: "a finite number above 0",
            })
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "u64")]
#[schemars(extend("minimum" = Replicas::BATCH, "maximum" = Replicas::MOST))]
struct AtMost(u64);

impl TryFrom<u64> for AtMost {
    type Error = ParameterError;
    fn try_from(value: u64) -> Result<Self, ParameterError> {
        if (Replicas::BATCH..=Replicas::MOST).contains(&value) {
            Ok(Self(value))
        } else {
            let allowed = "a whole number from 1024 (one batch) to 1000000000";
            Err(ParameterError { name: "at_most".into(), found: value.to_string(), allowed })
        }
    }
}

/// As many replicas as the standard error needs.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Until {
    /// Largest standard error of the means.
    target_stderr: TargetStderr,
    /// Most replicas.
    at_most: AtMost,
}

impl<'de> Deserialize<'de> for Replicas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

impl JsonSchema for Replicas {
    fn schema_name() -> Cow<'static, str> {
        "Replicas".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let until = generator.subschema_for::<Until>();
        json_schema!({ "anyOf": [{ "type": "integer", "minimum": Self::FEWEST, "maximum": Self::MOST }, until] })
    }
}

/// Reads both ways of writing it.
struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Replicas;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number or { target_stderr, at_most }")
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Replicas, E> {
        Replicas::fixed(count).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<Replicas, E> {
        match u64::try_from(count) {
            Ok(count) => self.visit_u64(count),
            Err(_) => Err(E::custom(format!("{count}, but must be a whole number from 30"))),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Replicas, A::Error> {
        let until = Until::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Replicas { at_most: until.at_most.0, target_stderr: Some(until.target_stderr.0) })
    }
}
