//! The data behind figures, from stored results: the tables that each draws, and what their columns hold.

use super::stored::Stored;
use super::writer::{self, File};
use super::{Project, Selected, columns, one_line_each};
use crate::nearest::instead;
use crate::table::frame;
use anyhow::{Result, anyhow};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A file format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// What was written.
pub struct Data {
    /// The files.
    pub paths: Vec<PathBuf>,
    /// Why there are none of some experiments.
    pub left_out: Vec<String>,
}

/// Writes the tables behind the figures of these names, or of the experiments of these names, all for none. Experiments without usable results
/// are left out, unless nothing is left; nothing is written before everything is ready.
pub fn data(
    project: &Project,
    names: &[String],
    out: &Path,
    formats: &[Format],
    results: Option<&Path>,
) -> Result<Data> {
    let results = Stored::below(results.unwrap_or(&project.root));
    let (mut contents, mut left_out) = (Vec::new(), Vec::new());
    for (experiment, figures) in chosen(project, names)? {
        match files_of(&experiment, &figures, &results, formats) {
            Ok(files) => contents.extend(files),
            Err(error) => left_out.push(one_line_each(&error)),
        }
    }
    if contents.is_empty() && !left_out.is_empty() {
        return Err(anyhow!(left_out.join("\n")));
    }
    writer::check(out, contents.iter().map(|(path, _)| path.as_path()))?;
    let written = writer::write(out, &contents)?;
    Ok(Data { paths: written.into_iter().map(|(path, _)| out.join(path)).collect(), left_out })
}

/// The tables behind these figures of an experiment, and what their columns hold.
fn files_of(experiment: &Selected, figures: &[String], results: &Stored, formats: &[Format]) -> Result<Vec<File>> {
    let tables = results.tables(experiment)?;
    let mut contents = Vec::new();
    for figure in experiment.figures()? {
        if !figures.contains(&figure.name) {
            continue;
        }
        let drawn: BTreeSet<String> = figure.columns_drawn().into_iter().map(|(table, _)| table).collect();
        let drawn: Vec<&str> = drawn.iter().map(String::as_str).collect();
        for table in tables.iter().filter(|table| drawn.contains(&table.name())) {
            for format in [Format::Csv, Format::Parquet].iter().filter(|format| formats.contains(format)) {
                let (ending, bytes) = match format {
                    Format::Csv => ("csv", frame::to_csv(table)?),
                    Format::Parquet => ("parquet", frame::to_parquet(table, &columns::meanings(experiment, table))?),
                };
                contents.push((PathBuf::from(format!("{}.{}.{ending}", figure.name, table.name())), bytes));
            }
        }
        let dictionary = columns::dictionary(experiment, &tables, Some(&drawn))?;
        let path = PathBuf::from(format!("{}.{}.csv", figure.name, columns::NAME));
        contents.push((path, frame::to_csv(&dictionary)?));
    }
    Ok(contents)
}

/// Experiments with those of their figures that are meant.
fn chosen(project: &Project, names: &[String]) -> Result<Vec<(Selected, Vec<String>)>> {
    let mut unknown: BTreeSet<&String> = names.iter().collect();
    let mut found = Vec::new();
    let mut known = Vec::new();
    for experiment in project.select(&[])? {
        let mut figures = Vec::new();
        for figure in experiment.figures()? {
            let meant = names.iter().filter(|name| **name == figure.name || *name == experiment.id());
            let meant: Vec<&String> = meant.collect();
            if !meant.is_empty() || names.is_empty() {
                figures.push(figure.name.clone());
            }
            meant.into_iter().for_each(|name| {
                unknown.remove(name);
            });
            known.push(figure.name);
        }
        if !figures.is_empty() {
            found.push((experiment, figures));
        }
    }
    match unknown.first() {
        Some(name) if let Some(fault) = project.faults().iter().find(|fault| fault.id == **name) => {
            Err(anyhow!(fault.message.clone()))
        }
        Some(name) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Err(anyhow!("no figure or experiment is called {name:?}{}", instead(name, &known)))
        }
        None => Ok(found),
    }
}
