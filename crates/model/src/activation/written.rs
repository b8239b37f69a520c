//! How files write an activation: its name, a formula, or a formula with its constants.

use super::Activation;
use crate::formula::{Formula, LONGEST, NAMED, WITH_A_FILE, functions};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

impl Serialize for Activation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Activation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

/// Most constants of a formula.
const CONSTANTS: usize = 32;

struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Activation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an activation, a formula in u, or a table with `formula` and its constants")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Activation, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Activation, A::Error> {
        let mut formula: Option<String> = None;
        let mut constants = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == "formula" {
                formula = Some(map.next_value()?);
            } else if constants.len() == CONSTANTS {
                return Err(A::Error::custom(format!("a formula has at most {CONSTANTS} constants")));
            } else {
                let value = map.next_value()?;
                constants.insert(key, value);
            }
        }
        let formula = formula.ok_or_else(|| A::Error::missing_field("formula"))?;
        Formula::activation(&formula, &constants).map_err(A::Error::custom)
    }
}

impl JsonSchema for Activation {
    fn schema_name() -> Cow<'static, str> {
        "Activation".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let shipped = Self::ALL.iter().map(|one| json_schema!({ "const": one.name(), "description": one.about() }));
        let named = NAMED[WITH_A_FILE..].iter();
        let named = named
            .map(|one| json_schema!({ "const": one.name, "description": format!("`{}`. {}", one.formula, one.about) }));
        let taken = |name: &&str| Self::ALL.iter().all(|one| one.name() != *name);
        let functions = functions().filter(taken);
        let functions = functions.map(|name| json_schema!({ "const": name, "description": format!("`{name}(u)`.") }));
        let mut all: Vec<Schema> = shipped.chain(named).chain(functions).collect();
        all.push(json_schema!({
            "type": "string",
            "pattern": "(^|[^A-Za-z0-9_])u([^A-Za-z0-9_]|$)",
            "maxLength": LONGEST,
            "description": "A formula in `u`, such as `u * sigmoid(1.702 * u)`.",
        }));
        all.push(json_schema!({
            "type": "object",
            "properties": { "formula": { "type": "string", "maxLength": LONGEST, "description": "A formula in `u` and the constants." } },
            "required": ["formula"],
            "additionalProperties": { "type": "number", "description": "A constant of the formula." },
            "maxProperties": CONSTANTS + 1,
            "description": "A formula with constants, such as `{ formula = \"u * sigmoid(beta * u)\", beta = 1.702 }`.",
        }));
        json_schema!({ "description": "The non-linearity of a network.", "anyOf": all })
    }
}
