//! The dictionary of an experiment's columns: what each holds, and which figures draw it.

use super::Selected;
use crate::experiment::{Description, Tables};
use crate::table::{Table, Values};
use anyhow::Result;
use std::collections::BTreeSet;

/// Name of the table, and of its file beside the results.
pub(super) const NAME: &str = "columns";

/// A row for each column of each table; only those of these tables if they are named.
pub(super) fn dictionary(experiment: &Selected, tables: &Tables, only: Option<&[&str]>) -> Result<Table> {
    let figures = experiment.figures()?;
    let drawn: Vec<(&str, BTreeSet<(String, String)>)> =
        figures.iter().map(|figure| (figure.name.as_str(), figure.columns_drawn())).collect();
    let mut cells: [Vec<String>; 7] = Default::default();
    for table in tables.iter().filter(|table| only.is_none_or(|only| only.contains(&table.name()))) {
        for (name, values) in table.columns() {
            let kind = match values {
                Values::Number(_) | Values::NumberGaps(_) => "number",
                Values::Integer(_) | Values::IntegerGaps(_) => "whole number",
                Values::Text(_) => "label",
                Values::Flag(_) => "yes or no",
            };
            // a new experiment may not say it yet
            let found = experiment.entry.column(table.name(), name);
            let Description { role, unit, meaning, .. } = found.unwrap_or_default();
            let key = (table.name().to_owned(), name.clone());
            let figures: Vec<&str> = drawn.iter().filter(|(_, columns)| columns.contains(&key)).map(|d| d.0).collect();
            let row = [key.0, key.1, kind.to_owned(), role.to_owned(), unit.to_owned(), meaning, figures.join(" ")];
            cells.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
        }
    }
    let names = ["table", "column", "kind", "role", "unit", "meaning", "figures"];
    Ok(names.into_iter().zip(cells).try_fold(Table::new(NAME), |table, (name, cells)| table.text(name, cells))?)
}

/// Meanings of the columns of one table, to be kept with it.
pub(super) fn meanings(experiment: &Selected, table: &Table) -> Vec<(String, String)> {
    let described = |name: &String| {
        let Description { role, unit, meaning, .. } = experiment.entry.column(table.name(), name)?;
        let unit = if unit.is_empty() { String::new() } else { format!(", {unit}") };
        Some((name.clone(), format!("{meaning} ({role}{unit})")))
    };
    table.columns().iter().filter_map(|(name, _)| described(name)).collect()
}
