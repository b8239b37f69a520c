//! Numbers for programs.

use super::Quoted;
use crate::config::Value as Cell;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// An object with an entry for each number: rounded as texts quote it, as text since trailing zeros mean something, and the cell that it is.
pub(super) fn file(numbers: &BTreeMap<&str, Quoted>) -> String {
    let mut all = Map::new();
    for (name, Quoted { document, number, value, error, .. }) in numbers {
        let cell = |value: &Cell| match value {
            Cell::Number(value) => json!(value),
            Cell::Text(value) => json!(value),
        };
        let at: Map<String, Value> = number.at.iter().map(|(column, value)| (column.clone(), cell(value))).collect();
        let mut entry = json!({
            "value": value,
            "experiment": document.id,
            "table": number.table,
            "column": number.column,
            "at": at,
        });
        if number.error.is_some() {
            entry["error"] = json!(error);
        }
        all.insert((*name).to_owned(), entry);
    }
    format!("{:#}\n", Value::Object(all))
}
