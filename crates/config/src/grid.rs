//! Grids of parameter values.

use neurodyn_numerics::elementary::{exp, ln};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::fmt;

/// A list of numbers: written out, or `{ from, to, count }` for `from + (to - from) i / (count - 1)`, with
/// `scale = "log"` for equal ratios.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid(Vec<f64>);

impl Grid {
    /// Most points of one grid.
    pub const MOST: usize = 1_000_000;

    /// The values, at least one.
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}

/// Equal steps, or equal ratios.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Range {
    /// First value.
    from: f64,
    /// Last value.
    to: f64,
    /// Number of values.
    #[schemars(range(min = 1, max = Grid::MOST))]
    count: usize,
    /// `linear` for equal steps, `log` for equal ratios of positive numbers.
    #[serde(default)]
    scale: Scale,
}

#[derive(Deserialize, JsonSchema, Default, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Scale {
    #[default]
    Linear,
    Log,
}

impl<'de> Deserialize<'de> for Grid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

impl JsonSchema for Grid {
    fn schema_name() -> Cow<'static, str> {
        "Grid".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Self::schema_of(generator, json_schema!({ "type": "number" }))
    }
}

impl Grid {
    /// Schema of a grid whose values have this schema.
    pub(super) fn schema_of(generator: &mut SchemaGenerator, value: Schema) -> Schema {
        let list = json_schema!({ "type": "array", "minItems": 1, "maxItems": Self::MOST, "items": value });
        let mut range = Range::json_schema(generator);
        for end in ["/properties/from", "/properties/to"] {
            if let (Some(Value::Object(end)), Some(limits)) = (range.pointer_mut(end), value.as_object()) {
                end.extend(limits.clone());
            }
        }
        let positive = json_schema!({ "exclusiveMinimum": 0 });
        range.insert("if".into(), json!({ "properties": { "scale": { "const": "log" } }, "required": ["scale"] }));
        range.insert("then".into(), json!({ "properties": { "from": positive, "to": positive } }));
        json_schema!({ "anyOf": [list, range] })
    }
}

/// Reads both ways of writing a grid; each error is about its own entry.
struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Grid;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers or { from, to, count } with an optional scale = \"log\"")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Grid, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        checked(values).map_err(A::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Grid, A::Error> {
        let range = Range::deserialize(MapAccessDeserializer::new(map))?;
        spread(&range).and_then(checked).map_err(A::Error::custom)
    }
}

fn checked(values: Vec<f64>) -> Result<Grid, String> {
    if values.is_empty() {
        return Err("an empty grid, but at least one value is needed".to_owned());
    }
    if values.len() > Grid::MOST {
        return Err(format!("a grid of {} values, but at most {} are allowed", values.len(), Grid::MOST));
    }
    match values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(format!("{value} in a grid, but only finite numbers are allowed")),
        None => Ok(Grid(values)),
    }
}

fn spread(range: &Range) -> Result<Vec<f64>, String> {
    let Range { from, to, count, scale } = *range;
    if count > Grid::MOST {
        return Err(format!("a grid of {count} values, but at most {} are allowed", Grid::MOST));
    }
    if count == 1 && from != to {
        return Err(format!("count is 1 with from = {from} and to = {to}, but one point needs from = to"));
    }
    if scale == Scale::Log && !(from > 0.0 && to > 0.0) {
        return Err(format!("scale = \"log\" from {from} to {to}, but both ends must be positive"));
    }
    let last = (count.max(2) - 1) as f64;
    let position = |i: usize| i as f64 / last;
    Ok((0..count)
        .map(|i| match scale {
            _ if i == 0 => from,
            _ if i + 1 == count => to,
            Scale::Linear => from + (to - from) * i as f64 / last,
            Scale::Log => exp(ln(from) + (ln(to) - ln(from)) * position(i)),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Holder {
        grid: Grid,
    }

    fn parse(text: &str) -> Result<Vec<f64>, String> {
        toml::from_str::<Holder>(&format!("grid = {text}"))
            .map(|holder| holder.grid.values().to_vec())
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn lists_and_ranges() {
        assert_eq!(parse("[1.0, 2, 0.5]"), Ok(vec![1.0, 2.0, 0.5]));
        assert_eq!(parse("{ from = 0, to = 1.0, count = 5 }"), Ok(vec![0.0, 0.25, 0.5, 0.75, 1.0]));
        assert_eq!(parse("{ from = 2.0, to = 2.0, count = 1 }"), Ok(vec![2.0]));
        let decades = parse("{ from = 1.0, to = 1000.0, count = 4, scale = \"log\" }").expect("valid");
        assert!((decades[1] - 10.0).abs() < 1e-14 && (decades[2] - 100.0).abs() < 1e-12 && decades[3] == 1000.0);
    }

    #[test]
    fn bad_grids_say_what_is_allowed() {
        for (text, message) in [
            ("[]", "at least one value"),
            ("{ from = 0.0, to = 1.0, count = 0 }", "at least one value"),
            ("{ from = 0.0, to = 1.0, count = 1 }", "from = to"),
            ("{ from = 0.0, to = 1.0, count = 1000000000 }", "at most"),
            ("{ from = 0.0, to = 1.0, count = 3, scale = \"log\" }", "positive"),
            ("[nan]", "finite"),
            ("[1.0, \"two\"]", "f64"),
            (
                "{ from = 0.0, to = 1.0, cuont = 3 }",
                "unknown field `cuont`, expected one of `from`, `to`, `count`, `scale`",
            ),
            ("{ from = 0.0, to = 1.0 }", "missing field `count`"),
            ("{ from = 0.0, to = 1.0, count = 3, scale = \"cubic\" }", "expected `linear` or `log`"),
            ("{ from = -inf, to = 1.0, count = 3 }", "finite"),
            ("\"many\"", "a list of numbers or"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
