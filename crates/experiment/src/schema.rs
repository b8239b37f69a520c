//! JSON Schemas (draft 7) of experiment files, for editors: what may stand where, and what it means.
//!
//! They follow from the types that read the files. What only a whole file can tell, such as a layer deeper than the network, stays
//! with [`Catalogue::find`](crate::Catalogue::find).

use crate::{Catalogue, Entry};
use neurodyn_config::Header;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Map, Value, json};

/// Schema of the files that any module runs.
pub fn of_any(catalogue: &Catalogue) -> Value {
    let named = |entry: &Entry| {
        json!({
            "if": { "properties": { "experiment": { "const": entry.module } }, "required": ["experiment"] },
            "then": { "properties": { "parameters": reference(entry) } }
        })
    };
    // without a name the file's own decides, which no schema sees
    let any: Vec<Value> = catalogue.entries.iter().map(reference).collect();
    let unnamed = json!({
        "if": { "not": { "required": ["experiment"] } },
        "then": { "properties": { "parameters": { "anyOf": any } } }
    });
    let names: Vec<&str> = catalogue.entries.iter().map(|entry| entry.module).collect();
    let mut schema =
        file(catalogue.families, &names, json!({ "type": "object", "description": "Parameters of the experiment." }));
    let rules: Vec<Value> = catalogue.entries.iter().map(named).chain([unnamed]).collect();
    schema.insert("allOf".to_owned(), rules.into());
    let definitions: Map<String, Value> =
        catalogue.entries.iter().map(|entry| (entry.module.to_owned(), (entry.schema)())).collect();
    schema.insert("definitions".to_owned(), definitions.into());
    schema.insert("title".to_owned(), "neurodyn experiment".into());
    schema.into()
}

/// Schema of the files that this module runs; `None` where there is no such module.
pub fn of_module(catalogue: &Catalogue, module: &str) -> Option<Value> {
    let entry = catalogue.entries.iter().find(|entry| entry.module == module)?;
    let mut schema = file(catalogue.families, &[module], (entry.schema)());
    schema.insert("title".to_owned(), format!("neurodyn experiment {module}").into());
    Some(schema.into())
}

/// Schema of these parameters alone.
pub(super) fn of_parameters<P: JsonSchema>() -> Value {
    let mut schema = plain::<P>();
    schema.insert("description".to_owned(), "Parameters of the experiment.".into());
    schema.into()
}

/// Schema of files of these modules whose parameters have this schema.
fn file(families: &[&str], modules: &[&str], parameters: Value) -> Map<String, Value> {
    let mut schema = plain::<Header>();
    schema.insert("$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into());
    schema.insert("description".to_owned(), "An experiment of neurodyn.".into());
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.insert("parameters".to_owned(), parameters);
        for (name, allowed) in [("experiment", modules), ("family", families)] {
            if let Some(Value::Object(property)) = properties.get_mut(name) {
                property.insert("enum".to_owned(), allowed.into());
            }
        }
    }
    schema
}

fn reference(entry: &Entry) -> Value {
    json!({ "$ref": format!("#/definitions/{}", entry.module) })
}

/// Schema of a type, all in one piece, in words for readers of files.
fn plain<T: JsonSchema>() -> Map<String, Value> {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.with_transform(Plain).into_generator().into_root_schema_for::<T>();
    let mut schema = schema.as_object_mut().map(std::mem::take).unwrap_or_default();
    schema.remove("$schema");
    schema.remove("title");
    schema
}

/// Takes out what only programs of other languages need, and makes choices of words plain `enum`s, which editors complete and explain.
#[derive(Clone)]
struct Plain;

impl Transform for Plain {
    fn transform(&mut self, schema: &mut Schema) {
        schema.remove("format");
        // TOML has no null; what may be absent is not required
        if let Some(Value::Array(types)) = schema.get("type")
            && let [one, Value::String(null)] = &types[..]
            && null == "null"
        {
            let one = one.clone();
            schema.insert("type".to_owned(), one);
        }
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        if let Some((words, meanings)) = schema.get("oneOf").and_then(Value::as_array).and_then(|list| choice(list)) {
            schema.remove("oneOf");
            let explained = json_schema!({
                "type": "string", "enum": words, "x-taplo": { "docs": { "enumValues": meanings } }
            });
            for (key, value) in explained.as_object().into_iter().flatten() {
                schema.insert(key.clone(), value.clone());
            }
        }
        transform_subschemas(self, schema);
    }
}

/// The words of a choice that consists of explained words alone.
fn choice(list: &[Value]) -> Option<(Vec<Value>, Vec<Value>)> {
    let word = |value: &Value| Some((value.get("const")?.clone(), value.get("description")?.clone()));
    list.iter().map(word).collect::<Option<Vec<_>>>().map(|pairs| pairs.into_iter().unzip())
}
