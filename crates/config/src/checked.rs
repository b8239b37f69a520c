//! Checks of single parameters, for `#[serde(with = "checked::...")]`: a value that is not allowed is an error at its place in the
//! file, and the schema says what is allowed.

mod limits;

pub use limits::{
    Angle, Beta, Coordinate, Distance, Limits, Network, Number, NumberGrid, Numbers, Separation, Step, Time,
};

use super::Grid;
use neurodyn_model::Replicas;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::marker::PhantomData;

/// Most replicas, layers and points. More is taken for a typing error.
const MOST: usize = 1_000_000;
/// Most points where the products of all pairs are kept, 134 MB a layer.
const MOST_POINTS: usize = 4096;

const NON_NEGATIVE: &str = "a finite number, 0 or more";
const CORRELATION: &str = "a number from -1 to 1";

fn checked<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    refused: impl FnOnce(&T) -> Option<String>,
    allowed: &str,
) -> Result<T, D::Error> {
    within(T::deserialize(deserializer)?, refused, allowed)
}

/// The value, or what of it is refused beside what is allowed.
fn within<T, E: Error>(value: T, refused: impl FnOnce(&T) -> Option<String>, allowed: &str) -> Result<T, E> {
    match refused(&value) {
        Some(found) => Err(E::custom(format!("{found}, but must be {allowed}"))),
        None => Ok(value),
    }
}

fn is_non_negative(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

fn is_correlation(value: f64) -> bool {
    (-1.0..=1.0).contains(&value)
}

fn first_outside(grid: &Grid, allowed: fn(f64) -> bool) -> Option<String> {
    grid.values().iter().find(|&&value| !allowed(value)).map(f64::to_string)
}

/// A rule: how a value is read and checked, and the schema that says the same.
macro_rules! rule {
    (
        $(#[$doc:meta])* $rule:ident as $value:ty,
        |$deserializer:ident| $read:expr, |$generator:ident| $schema:expr
    ) => {
        $(#[$doc])*
        pub struct $rule;

        impl $rule {
            /// Reads and checks a value.
            pub fn deserialize<'de, D: Deserializer<'de>>($deserializer: D) -> Result<$value, D::Error> {
                $read
            }
        }

        impl JsonSchema for $rule {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($rule).into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

rule! {
    /// A number of replicas.
    Networks as usize,
    |deserializer| Count::<{ Replicas::FEWEST as usize }>::deserialize(deserializer),
    |generator| Count::<{ Replicas::FEWEST as usize }>::json_schema(generator)
}

rule! {
    /// Numbers of points whose products are all kept; a list that is not empty.
    Points as Vec<usize>,
    |deserializer| {
        let refused = |list: &Vec<usize>| match list.iter().find(|number| !(1..=MOST_POINTS).contains(*number)) {
            Some(number) => Some(number.to_string()),
            None => list.is_empty().then(|| "an empty list".to_owned()),
        };
        checked(deserializer, refused, &format!("at least one number from 1 to {MOST_POINTS}"))
    },
    |_generator| {
        let number = json_schema!({ "type": "integer", "minimum": 1, "maximum": MOST_POINTS });
        json_schema!({ "type": "array", "minItems": 1, "items": number })
    }
}

rule! {
    /// A list of layers that is not empty.
    Layers as Vec<usize>,
    |deserializer| {
        let refused = |list: &Vec<usize>| match list.iter().find(|&&layer| layer > MOST) {
            Some(layer) => Some(layer.to_string()),
            None => list.is_empty().then(|| "an empty grid".to_owned()),
        };
        checked(deserializer, refused, &format!("at least one layer from 0 to {MOST}"))
    },
    |_generator| {
        let layer = json_schema!({ "type": "integer", "minimum": 0, "maximum": MOST });
        json_schema!({ "type": "array", "minItems": 1, "items": layer })
    }
}

rule! {
    /// A finite number, 0 or more.
    NonNegative as f64,
    |deserializer| {
        checked(deserializer, |value: &f64| (!is_non_negative(*value)).then(|| value.to_string()), NON_NEGATIVE)
    },
    |_generator| json_schema!({ "type": "number", "minimum": 0 })
}

rule! {
    /// A finite number above 0.
    Positive as f64,
    |deserializer| {
        let refused = |value: &f64| (!(is_non_negative(*value) && *value > 0.0)).then(|| value.to_string());
        checked(deserializer, refused, "a finite number above 0")
    },
    |_generator| json_schema!({ "type": "number", "exclusiveMinimum": 0 })
}

rule! {
    /// A correlation.
    Correlation as f64,
    |deserializer| {
        checked(deserializer, |value: &f64| (!is_correlation(*value)).then(|| value.to_string()), CORRELATION)
    },
    |_generator| json_schema!({ "type": "number", "minimum": -1, "maximum": 1 })
}

rule! {
    /// A grid of numbers, 0 or more.
    NonNegativeGrid as Grid,
    |deserializer| checked(deserializer, |grid: &Grid| first_outside(grid, is_non_negative), NON_NEGATIVE),
    |generator| {
        let value = NonNegative::json_schema(generator);
        Grid::schema_of(generator, value)
    }
}

rule! {
    /// A grid of correlations.
    CorrelationGrid as Grid,
    |deserializer| checked(deserializer, |grid: &Grid| first_outside(grid, is_correlation), CORRELATION),
    |generator| {
        let value = Correlation::json_schema(generator);
        Grid::schema_of(generator, value)
    }
}

rule! {
    /// A grid of numbers above 0.
    PositiveGrid as Grid,
    |deserializer| {
        checked(deserializer, |grid: &Grid| first_outside(grid, |value| value > 0.0), "finite numbers above 0")
    },
    |generator| {
        let value = Positive::json_schema(generator);
        Grid::schema_of(generator, value)
    }
}

rule! {
    /// A list of layers that are not all the input.
    LayersOfNetwork as Vec<usize>,
    |deserializer| {
        let layers = Layers::deserialize(deserializer)?;
        let above = layers.iter().any(|&layer| layer > 0);
        above.then_some(layers).ok_or_else(|| Error::custom("0, but at least one layer must be above 0, the input"))
    },
    |generator| {
        let mut schema = Layers::json_schema(generator);
        schema.insert("contains".to_owned(), json_schema!({ "minimum": 1 }).into());
        schema
    }
}

/// A scale that is 0, or so small that its powers are.
fn no_scale(value: f64) -> Option<String> {
    match value {
        0.0 => Some("0".to_owned()),
        value if value < LEAST_SCALE => Some(format!("{value:e}, which is 0 within the precision of numbers")),
        _ => None,
    }
}

/// Its reciprocal is the largest scale.
const LEAST_SCALE: f64 = 1e-100;

/// A scale that is not 0.
pub struct AboveZero<T>(PhantomData<T>);

impl<T: Copy + Into<f64>> AboveZero<T> {
    /// Reads and checks a value.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>
    where
        T: Deserialize<'de>,
    {
        checked(deserializer, |value: &T| no_scale((*value).into()), "above 0")
    }
}

impl<T: JsonSchema> JsonSchema for AboveZero<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}AboveZero", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        schema.remove("minimum");
        schema.insert("exclusiveMinimum".to_owned(), 0.into());
        schema
    }
}

/// A list of such scales that is not empty.
pub struct ListAboveZero<T>(PhantomData<T>);

impl<T: Copy + Into<f64>> ListAboveZero<T> {
    /// Reads and checks a value.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error>
    where
        T: Deserialize<'de>,
    {
        let refused = |list: &Vec<T>| list.iter().find_map(|&value| no_scale(value.into()));
        within(List::<T>::deserialize(deserializer)?, refused, "above 0")
    }
}

impl<T: JsonSchema> JsonSchema for ListAboveZero<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("ListOf{}", AboveZero::<T>::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = AboveZero::<T>::json_schema(generator);
        json_schema!({ "type": "array", "minItems": 1, "items": value })
    }
}

/// A whole number from `LEAST` to `LARGEST`.
pub struct Within<const LEAST: usize, const LARGEST: usize>;

/// A whole number from `LEAST` to a million.
pub type Count<const LEAST: usize> = Within<LEAST, MOST>;

/// A number of points whose products are all kept, from `LEAST` to 4096.
pub type Few<const LEAST: usize> = Within<LEAST, MOST_POINTS>;

/// A number of layers.
pub type Depth = Count<1>;

impl<const LEAST: usize, const LARGEST: usize> Within<LEAST, LARGEST> {
    /// Reads and checks a value.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
        let refused = |value: &usize| (!(LEAST..=LARGEST).contains(value)).then(|| value.to_string());
        checked(deserializer, refused, &format!("a whole number from {LEAST} to {LARGEST}"))
    }
}

impl<const LEAST: usize, const LARGEST: usize> JsonSchema for Within<LEAST, LARGEST> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("From{LEAST}To{LARGEST}").into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": LEAST, "maximum": LARGEST })
    }
}

/// A list of values that is not empty.
pub struct List<T>(PhantomData<T>);

impl<T> List<T> {
    /// Reads and checks a value.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error>
    where
        T: Deserialize<'de>,
    {
        filled(Vec::deserialize(deserializer)?)
    }
}

/// A list, if it is not empty.
pub(super) fn filled<T, E: Error>(list: Vec<T>) -> Result<Vec<T>, E> {
    within(list, |list| list.is_empty().then(|| "an empty grid".to_owned()), "at least one value")
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({ "type": "array", "minItems": 1, "items": value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::WeightStd;

    #[derive(Debug, Deserialize)]
    struct Holder {
        #[serde(rename = "replicas", with = "Networks")]
        _replicas: usize,
        #[serde(rename = "list", with = "List::<u8>")]
        _list: Vec<u8>,
        #[serde(rename = "layers", with = "Layers")]
        _layers: Vec<usize>,
        #[serde(rename = "activity", with = "NonNegative")]
        _activity: f64,
        #[serde(rename = "tolerance", with = "Positive")]
        _tolerance: f64,
        #[serde(rename = "correlations", with = "CorrelationGrid")]
        _correlations: Grid,
        #[serde(rename = "distances", with = "PositiveGrid")]
        _distances: Grid,
        #[serde(rename = "shown", with = "LayersOfNetwork")]
        _shown: Vec<usize>,
        #[serde(rename = "scale", with = "AboveZero::<WeightStd>")]
        _scale: WeightStd,
        #[serde(rename = "scales", with = "ListAboveZero::<WeightStd>")]
        _scales: Vec<WeightStd>,
    }

    #[test]
    fn values_outside_are_refused_with_what_is_allowed() {
        let good = "replicas = 30\nlist = [1]\nlayers = [0, 3]\nactivity = 0\ntolerance = 1e-9\ncorrelations = [-1, 1]\n\
                    distances = [1e-300, 2]\nshown = [0, 1]\nscale = 1e-9\nscales = [1, 2]\n";
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
            ("[1e-300, 2]", "[1, 0]", "0, but must be finite numbers above 0"),
            ("[1e-300, 2]", "{ from = 0, to = 1.5, count = 2 }", "0, but must be finite numbers above 0"),
            ("shown = [0, 1]", "shown = [0, 0]", "at least one layer must be above 0"),
            ("shown = [0, 1]", "shown = []", "an empty grid"),
            ("scale = 1e-9", "scale = 0", "0, but must be above 0"),
            ("scale = 1e-9", "scale = -1", "from 0 to 1e100"),
            (
                "scale = 1e-9",
                "scale = 1e-320",
                "e-320, which is 0 within the precision of numbers, but must be above 0",
            ),
            ("[1, 2]", "[1, 0]", "0, but must be above 0"),
            ("[1, 2]", "[]", "an empty grid"),
            ("[-1, 1]", "{ from = 0, to = 1.5, count = 2 }", "1.5, but must be a number from -1 to 1"),
        ] {
            let error = toml::from_str::<Holder>(&good.replacen(from, to, 1)).expect_err(to);
            assert!(error.message().contains(message) && error.span().is_some(), "{to}: {error}");
        }
    }
}
