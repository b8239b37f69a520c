//! The parameters of an experiment: what its file has, and what the schema says of it.

use super::allowed::{allowed, words};
use crate::config::{Setting, Written};
use crate::driver::Selected;
use crate::experiment::schema;
use crate::experiments::{CATALOGUE, find};
use serde_json::Value;

/// A parameter.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Parameter {
    /// Its path below `parameters`, with `[]` for each table of a list.
    pub name: String,
    /// What the file has, as it writes it; of a list of tables, each one's. Empty for a section, and where the file leaves it out.
    pub values: Vec<String>,
    /// Meaning.
    pub meaning: String,
    /// Unit, where the columns of the tables say it and its meaning does not.
    pub unit: Option<&'static str>,
    /// What is allowed, in words; empty for a section.
    pub allowed: String,
    /// The words that are allowed, where only these are.
    pub words: Option<Vec<String>>,
    /// Whether the file may leave it out.
    pub optional: bool,
}

/// All parameters of an experiment, in the order of its file, sections before what is in them.
pub(super) fn parameters(experiment: &Selected) -> Vec<Parameter> {
    let schema = schema::of_module(&CATALOGUE, experiment.entry.module).unwrap_or_default();
    let mut found = Vec::new();
    let written = experiment.document.written();
    walk(experiment, &schema["properties"]["parameters"], &[Some(&written)], "", &mut found);
    found
}

/// The parameters of these tables, which have one schema.
fn walk(experiment: &Selected, schema: &Value, given: &[Option<&Written>], prefix: &str, found: &mut Vec<Parameter>) {
    let Some(properties) = schema["properties"].as_object() else { return };
    let mut names: Vec<&String> = Vec::new();
    for table in given.iter().flatten() {
        if let Written::Table(entries) = table {
            entries.iter().for_each(|(name, _)| {
                if !names.contains(&name) {
                    names.push(name);
                }
            });
        }
    }
    names.extend(properties.keys().filter(|name| !names.contains(name)).collect::<Vec<_>>());
    for name in names {
        let Some(schema_of) = properties.get(name) else { continue };
        let values: Vec<Option<&Written>> = given.iter().map(|table| table.and_then(|table| table.get(name))).collect();
        let optional = !schema["required"].as_array().is_some_and(|required| required.iter().any(|one| one == name));
        let meaning = schema_of["description"].as_str().unwrap_or_default().to_owned();
        let name = format!("{prefix}{name}");
        let mut row =
            Parameter { name, values: Vec::new(), meaning, unit: None, allowed: String::new(), words: None, optional };
        if schema_of.get("properties").is_some() {
            let prefix = format!("{}.", row.name);
            found.push(row);
            walk(experiment, schema_of, &values, &prefix, found);
            continue;
        }
        let item = &schema_of["items"];
        if item.get("properties").is_some() {
            let tables: Vec<Option<&Written>> = values.iter().flat_map(|list| entries(*list)).map(Some).collect();
            row.name.push_str("[]");
            let prefix = format!("{}.", row.name);
            found.push(row);
            walk(experiment, item, &tables, &prefix, found);
            continue;
        }
        if values.iter().any(Option::is_some) {
            row.values = values.iter().map(|value| value.map_or_else(|| "-".to_owned(), Written::to_string)).collect();
        }
        row.unit = unit(experiment, &row.name, &row.meaning);
        row.allowed = allowed(schema_of);
        row.words = words(schema_of).or_else(|| words(item));
        found.push(row);
    }
}

fn entries(list: Option<&Written>) -> &[Written] {
    match list {
        Some(Written::List(entries)) => entries,
        _ => &[],
    }
}

/// The unit of the parameter that tables have in a column of this name, or of its singular; none where name or meaning say it already.
fn unit(experiment: &Selected, name: &str, meaning: &str) -> Option<&'static str> {
    let name = name.rsplit('.').next().unwrap_or_default();
    let found = [name, name.trim_end_matches('s')].into_iter().find_map(|name| experiment.entry.column("", name))?;
    let said = |unit: &&str| *unit == name || meaning.to_lowercase().contains(*unit);
    (found.role == "parameter" && !["", "dimensionless"].contains(&found.unit))
        .then_some(found.unit)
        .filter(|unit| !said(unit))
}

/// A change of one number that the experiment takes, as `--set` has it: of a scale or another real number where there is one.
pub(super) fn setting(experiment: &Selected) -> Option<String> {
    let mut numbers = Vec::new();
    collect(&experiment.document.written(), "parameters", &mut numbers);
    // what all parts of an experiment share comes first; a stable sort keeps the order of the file
    numbers.sort_by_key(|(path, text)| {
        let scale = ["sigma_w", "sigma_b", "gain"].iter().position(|name| path.ends_with(name));
        let nested = scale.is_some() && path.matches(['.', '[']).count() > 1;
        (scale.is_none(), nested, scale, text.parse::<i64>().is_ok())
    });
    numbers.into_iter().find_map(|(path, text)| {
        let number: f64 = text.replace('_', "").parse().ok()?;
        let whole = text.replace('_', "").parse::<i64>().is_ok();
        [1.2, 0.8, 2.0, 0.5].into_iter().find_map(|factor| {
            let changed =
                if whole { (number * factor).round() } else { format!("{:.1e}", number * factor).parse().ok()? };
            let text = if whole { format!("{path}={changed}") } else { format!("{path}={changed:?}") };
            let setting: Setting = text.parse().ok()?;
            (changed != number && takes(experiment, setting)).then_some(text)
        })
    })
}

/// Numbers with their paths; of a list of numbers the first, which may stand for all.
fn collect(written: &Written, path: &str, numbers: &mut Vec<(String, String)>) {
    match written {
        Written::Scalar(text) => numbers.push((path.to_owned(), text.clone())),
        Written::Table(entries) => {
            entries.iter().for_each(|(name, value)| collect(value, &format!("{path}.{name}"), numbers))
        }
        Written::List(values) => match values.first() {
            Some(Written::Scalar(text)) => numbers.push((path.to_owned(), text.clone())),
            _ => values.iter().enumerate().for_each(|(at, value)| collect(value, &format!("{path}[{at}]"), numbers)),
        },
    }
}

fn takes(experiment: &Selected, setting: Setting) -> bool {
    let Ok(document) = experiment.document.with_settings(&[setting]) else { return false };
    find(document).is_ok_and(|found| found.plan().is_ok() && found.figures().is_ok())
}
