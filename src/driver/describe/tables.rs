//! The tables of an experiment, by its golden data or, as long as there are none, by the results of its last run.

use crate::agreement::is_judged;
use crate::driver::stored::Stored;
use crate::driver::{Project, Selected};
use crate::experiment::Description;
use crate::figure::Figure;
use crate::files;
use crate::golden;
use crate::table::{Quantity, Table, Values};
use anyhow::Result;
use std::collections::BTreeSet;

/// A table in words.
#[derive(Debug, Clone, serde::Serialize)]
pub struct DescribedTable {
    /// Name.
    pub name: String,
    /// Number of rows.
    pub rows: usize,
    /// Names of the figures that draw it.
    pub figures: Vec<String>,
    /// Its columns.
    pub columns: Vec<DescribedColumn>,
}

/// A column in words.
#[derive(Debug, Clone, serde::Serialize)]
pub struct DescribedColumn {
    /// Name.
    pub name: String,
    /// Part that it plays.
    pub role: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Meaning.
    pub meaning: String,
}

impl DescribedColumn {
    /// Role, unit and meaning; the role once, where the meaning begins with it.
    pub(in crate::driver) fn explained(&self) -> String {
        let Self { role, unit, meaning, .. } = self;
        let unit = if ["", "dimensionless"].contains(unit) { String::new() } else { format!(", {unit}") };
        let beginning = meaning.split_once(": ").map_or("", |(beginning, _)| beginning);
        let first = role.split(' ').next().unwrap_or_default();
        if role.is_empty() {
            meaning.clone()
        } else if beginning.starts_with(first) || beginning.ends_with(&format!("{role} to the theory")) {
            meaning.replacen(": ", &format!("{unit}: "), 1)
        } else {
            format!("{role}{unit}: {meaning}")
        }
    }
}

/// The tables, in the order of their names.
pub(super) fn tables(project: &Project, experiment: &Selected, figures: &[Figure]) -> Result<Vec<DescribedTable>> {
    let drawn: Vec<(&str, BTreeSet<String>)> = figures
        .iter()
        .map(|figure| (figure.name.as_str(), figure.columns_drawn().into_iter().map(|(table, _)| table).collect()))
        .collect();
    let mut shapes = golden_shapes(project, experiment, &drawn)?;
    if shapes.is_empty() {
        // a run that cannot be used says nothing
        let stored = Stored::below(&project.root).tables(experiment).unwrap_or_default();
        let shape = |table: &Table| {
            let names = table.columns().iter().map(|(name, _)| name.clone()).collect();
            (table.name().to_owned(), names, table.rows())
        };
        shapes = stored.iter().map(shape).collect();
        shapes.sort();
    }
    let described = |(name, columns, rows): (String, Vec<String>, usize)| {
        let column = |column: String| {
            let found = experiment.entry.column(&name, &column);
            let Description { role, unit, meaning } = found.unwrap_or_default();
            DescribedColumn { name: column, role, unit, meaning }
        };
        let columns = columns.into_iter().map(column).collect();
        let figures = drawn.iter().filter(|(_, tables)| tables.contains(&name)).map(|(figure, _)| (*figure).to_owned());
        let figures = figures.collect();
        DescribedTable { name, rows, figures, columns }
    };
    Ok(shapes.into_iter().map(described).collect())
}

type Shape = (String, Vec<String>, usize);

/// Names, columns and rows of the tables that golden data hold.
fn golden_shapes(project: &Project, experiment: &Selected, drawn: &[(&str, BTreeSet<String>)]) -> Result<Vec<Shape>> {
    let mut shapes = Vec::new();
    for path in project.golden_files(experiment.id())? {
        let cells = golden::cells(&path.display().to_string(), &files::read(&path)?)?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // the file of an only table does not name it, but what is drawn can be of no other
        let only = || drawn.iter().flat_map(|(_, tables)| tables).next().cloned().unwrap_or_default();
        let name = stem.split_once('.').map_or_else(only, |(_, table)| table.to_owned());
        shapes.push((name, cells.names, cells.rows.len()));
    }
    Ok(shapes)
}

/// Measured quantities that have their theory beside them, `table.quantity`.
pub(super) fn judged(tables: &[DescribedTable]) -> Vec<String> {
    let mut judged = Vec::new();
    for described in tables {
        let empty = |table: Table, column: &DescribedColumn| table.with(&column.name, Values::Number(Vec::new()));
        let Ok(table) = described.columns.iter().try_fold(Table::new(&described.name), empty) else { continue };
        let quantities = described.columns.iter().filter_map(|column| Quantity::MonteCarlo.of(&column.name));
        let of_table = quantities.filter(|quantity| is_judged(&table, quantity));
        judged.extend(of_table.map(|quantity| format!("{}.{quantity}", described.name)));
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_said_once() {
        for (role, unit, meaning, text) in [
            ("parameter", "layers", "number of layers", "parameter, layers: number of layers"),
            ("theory", "dimensionless", "theory: the distance", "theory: the distance"),
            (
                "standard error",
                "nats",
                "standard error of the Monte Carlo: gain",
                "standard error of the Monte Carlo, nats: gain",
            ),
            (
                "correction",
                "",
                "first-order (1/n) correction to the theory: gain",
                "first-order (1/n) correction to the theory: gain",
            ),
            ("theory with correction", "", "theory plus correction: gain", "theory plus correction: gain"),
            ("", "", "", ""),
        ] {
            let column = DescribedColumn { name: "x".to_owned(), role, unit, meaning: meaning.to_owned() };
            assert_eq!(column.explained(), text);
        }
    }
}
