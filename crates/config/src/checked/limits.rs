//! Numbers from a least to a largest value: what singular learning has a meaning for in double precision.

use super::{List, checked, within};
use crate::Grid;
use neurodyn_model::Perceptron;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserializer;
use std::borrow::Cow;
use std::marker::PhantomData;

/// A range of numbers.
pub trait Limits {
    /// The least number.
    const LEAST: f64;
    /// The largest number.
    const LARGEST: f64;

    /// The number as a message shows it, where it is outside.
    fn outside(value: f64) -> Option<String> {
        (!(Self::LEAST..=Self::LARGEST).contains(&value)).then(|| shown(value))
    }

    /// What is allowed.
    fn allowed() -> String {
        format!("a number from {} to {}", shown(Self::LEAST), shown(Self::LARGEST))
    }

    /// Schema of a number.
    fn schema() -> Schema {
        json_schema!({ "type": "number", "minimum": Self::LEAST, "maximum": Self::LARGEST })
    }
}

/// A number without hundreds of zeros.
fn shown(value: f64) -> String {
    let plain = value == 0.0 || (1e-4..1e7).contains(&value.abs());
    if plain { value.to_string() } else { format!("{value:e}") }
}

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident from $least:literal to $largest:literal;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Limits for $name {
            const LEAST: f64 = $least;
            const LARGEST: f64 = $largest;
        }
    )*};
}

limits! {
    /// A weight of a perceptron, or a coordinate of two units. Losses are right to 1e-16 of squared weights, so larger ones leave too few digits.
    Coordinate from -100.0 to 100.0;
    /// A distance, or a standard deviation of noise.
    Distance from 0.0 to 100.0;
    /// A distance that is not 0, so that its powers are numbers of full precision.
    Separation from 1e-9 to 100.0;
    /// A time of averaged learning. A flow up to the longest takes about a minute.
    Time from 1e-9 to 1e6;
    /// An inverse temperature.
    Beta from 1e-6 to 1e12;
    /// An angle below pi.
    Angle from 1e-12 to 3.0;
    /// A step size of online learning.
    Step from 1e-9 to 10.0;
}

/// A number within limits.
pub struct Number<L>(PhantomData<L>);

impl<L: Limits> Number<L> {
    /// Reads and checks a value.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        checked(deserializer, |value: &f64| L::outside(*value), &L::allowed())
    }
}

/// A list of numbers within limits that is not empty.
pub struct Numbers<L>(PhantomData<L>);

impl<L: Limits> Numbers<L> {
    /// Reads and checks a value.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        let refused = |list: &Vec<f64>| list.iter().find_map(|value| L::outside(*value));
        within(List::<f64>::deserialize(deserializer)?, refused, &L::allowed())
    }
}

/// A grid of numbers within limits.
pub struct NumberGrid<L>(PhantomData<L>);

impl<L: Limits> NumberGrid<L> {
    /// Reads and checks a value.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Grid, D::Error> {
        let refused = |grid: &Grid| grid.values().iter().find_map(|value| L::outside(*value));
        checked(deserializer, refused, &L::allowed())
    }
}

/// A perceptron with weights within [`Coordinate`].
pub struct Network;

impl Network {
    /// Reads and checks a value.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Perceptron, D::Error> {
        let refused = |network: &Perceptron| {
            let found = network.parameters().into_iter().find_map(Coordinate::outside)?;
            Some(format!("a weight of {found}"))
        };
        checked(deserializer, refused, &Coordinate::allowed())
    }
}

macro_rules! schemas {
    ($($rule:ident named $name:literal: |$generator:ident| $schema:expr;)*) => {$(
        impl<L: Limits> JsonSchema for $rule<L> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                format!("{}{}To{}", $name, L::LEAST, L::LARGEST).into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

schemas! {
    Number named "NumberFrom": |_generator| L::schema();
    Numbers named "NumbersFrom": |_generator| json_schema!({ "type": "array", "minItems": 1, "items": L::schema() });
    NumberGrid named "GridFrom": |generator| Grid::schema_of(generator, L::schema());
}

impl JsonSchema for Network {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "NetworkWithinLimits".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Perceptron::json_schema(generator);
        for weight in ["/properties/input_weights/items/items", "/properties/output_weights/items"] {
            if let Some(weight) = schema.pointer_mut(weight) {
                *weight = Coordinate::schema().into();
            }
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, JsonSchema)]
    struct Holder {
        #[serde(rename = "time", with = "Number::<Time>")]
        _time: f64,
        #[serde(rename = "list", with = "Numbers::<Coordinate>")]
        _list: Vec<f64>,
        #[serde(rename = "grid", with = "NumberGrid::<Separation>")]
        _grid: Grid,
        #[serde(rename = "teacher", with = "Network")]
        _teacher: Perceptron,
    }

    #[test]
    fn values_outside_are_refused_with_the_limits() {
        let good = "time = 1e6\nlist = [-100, 0]\ngrid = [1e-9]\nteacher = { input_weights = [[100]], output_weights = [5] }\n";
        assert!(toml::from_str::<Holder>(good).is_ok());
        for (from, to, message) in [
            ("1e6", "0", "0, but must be a number from 1e-9 to 1000000"),
            ("1e6", "1e308", "1e308, but must be a number from 1e-9 to 1000000"),
            ("1e6", "nan", "NaN, but must be"),
            ("[-100, 0]", "[1, 101]", "101, but must be a number from -100 to 100"),
            ("[-100, 0]", "[]", "an empty grid"),
            ("[1e-9]", "[1, 1e-320]", "e-320, but must be a number from 1e-9 to 100"),
            ("[[100]]", "[[1e12]]", "a weight of 1e12, but must be a number from -100 to 100"),
            ("[[100]]", "[[]]", "input_weights is empty"),
            ("[5]", "[-1e100]", "a weight of -1e100"),
        ] {
            let error = toml::from_str::<Holder>(&good.replacen(from, to, 1)).expect_err(to);
            assert!(error.message().contains(message) && error.span().is_some(), "{to}: {error}");
        }
    }

    #[test]
    fn the_schema_has_the_limits_of_weights() {
        let schema = serde_json::to_string(&schemars::schema_for!(Holder)).expect("written");
        assert!(schema.contains("-100.0") && !schema.contains("1e+100") && !schema.contains("1e100"), "{schema}");
    }
}
