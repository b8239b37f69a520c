//! Numbers that a paper quotes, for LaTeX, Typst and programs: `\nd{activity.star}` in a text cannot drift from its data.

mod json;
mod tex;
mod typst;

use super::contents::FIGURES;
use super::decimal::{significant, with_error};
use super::{Project, Selected, Settings, one_line_each};
use crate::config::{Document, Number};
use crate::files;
use crate::golden::{self, Cells};
use crate::nearest::instead;
use anyhow::{Result, anyhow};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What writes all numbers, by their names.
type Write = fn(&BTreeMap<&str, Quoted>) -> String;

/// Names of the files, beside the figures, and what writes them.
const FILES: &[(&str, Write)] =
    &[("numbers.tex", tex::file), ("numbers.typ", typst::file), ("numbers.json", json::file)];

/// Refuses names that could not stand in the file.
pub(super) fn check_names(document: &Document) -> Result<()> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    let numbers = &document.header.numbers;
    match numbers.keys().find(|name| name.is_empty() || !name.chars().all(allowed)) {
        Some(name) => {
            let message = "a name is made of letters, digits, '.', '-' and '_'";
            Err(error_at(document, name, format!("numbers.{name:?}: {message}")))
        }
        None => Ok(()),
    }
}

/// A number of a text.
pub(super) struct Quoted<'a> {
    /// The experiment file that names it.
    document: &'a Document,
    /// The cell that it is.
    number: &'a Number,
    /// As mathematics, with its standard error in parentheses.
    both: String,
    /// Digits alone.
    value: String,
    /// Digits of its standard error; empty where it has none.
    error: String,
}

/// The files of all numbers of these experiments that have golden data; `None` where none names any.
fn written<'a>(
    project: &Project,
    documents: impl Iterator<Item = &'a Document>,
) -> Result<Option<Vec<(&'static str, String)>>> {
    let mut all: BTreeMap<&str, Quoted> = BTreeMap::new();
    let mut any = false;
    for document in documents {
        any |= !document.header.numbers.is_empty();
        for (name, number) in &document.header.numbers {
            let Some([both, value, error]) = quoted(project, document, name, number)? else { continue };
            if let Some(other) = all.insert(name, Quoted { document, number, both, value, error }) {
                let message =
                    format!("numbers: {name} is the name of a number of {} too", other.document.path.display());
                return Err(error_at(document, name, message));
            }
        }
    }
    Ok(any.then(|| FILES.iter().map(|(file, write)| (*file, write(&all))).collect()))
}

/// The files of the whole project; `None` where no experiment names a number, or where an experiment that was not selected keeps the numbers
/// from being known, which is said.
fn known(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Option<Vec<(&'static str, String)>>> {
    let unknown = |why: &str| {
        settings.listener.line(&format!("{}: left as it is: {why}", FILES[0].0), false);
        Ok(None)
    };
    match (written(project, project.documents()), project.faults().first()) {
        (Err(error), _) => {
            written(project, selected.iter().map(|experiment| &experiment.document))?;
            unknown(&one_line_each(&error))
        }
        (Ok(Some(_)), Some(fault)) => unknown(&format!("{} cannot be used", fault.path.display())),
        (found, _) => found,
    }
}

/// Writes the files beside the figures, where they are not there already.
pub(super) fn write(project: &Project, selected: &[Selected], settings: &Settings) -> Result<()> {
    for (file, text) in known(project, selected, settings)?.unwrap_or_default() {
        let path = settings.out.join(FIGURES).join(file);
        if files::bytes(&path).ok().as_deref() != Some(text.as_bytes()) {
            files::write(&path, text.as_bytes())?;
        }
    }
    Ok(())
}

/// What is wrong with the files of the project, if anything.
pub(super) fn check(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Option<String>> {
    let problem = |(file, text): (&str, String)| {
        let path = project.root.join(FIGURES).join(file);
        let same = files::bytes(&path).is_ok_and(|there| files::is_text(&there, &text));
        let say = || format!("{} is not what the golden data say; write it with: neurodyn run", path.display());
        (!same).then(say)
    };
    Ok(known(project, selected, settings)?.unwrap_or_default().into_iter().find_map(problem))
}

fn error_at(document: &Document, name: &str, message: String) -> anyhow::Error {
    anyhow!(document.error_at(&format!("{name:?}"), message))
}

/// A number rounded as texts quote it: for the eye, alone, and its standard error (empty where it has none); `None` as long as its
/// experiment has no golden data.
pub(super) fn quoted(
    project: &Project,
    document: &Document,
    name: &str,
    number: &Number,
) -> Result<Option<[String; 3]>> {
    let problem = |message: String| error_at(document, name, format!("numbers.{name:?}: {message}"));
    let paths = project.golden_files(&document.id)?;
    if paths.is_empty() {
        return Ok(None);
    }
    let only = format!("{}.csv", document.id);
    let file = format!("{}.{}.csv", document.id, number.table);
    let Some(path) = paths.iter().find(|path| path.ends_with(&file) || path.ends_with(&only)) else {
        let stem = |path: &PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let tables: Vec<String> = paths.iter().map(stem).collect();
        let tables: Vec<&str> = tables.iter().filter_map(|stem| stem.split_once('.')).map(|(_, table)| table).collect();
        let instead = instead(&number.table, &tables);
        return Err(problem(format!(
            "there is no table {:?}, whose golden data would be {file}{instead}",
            number.table
        )));
    };
    let cells = golden::cells(&path.display().to_string(), &files::read(path)?)?;
    let value = cell(&cells, number, &number.column).map_err(&problem)?;
    let error = number.error.as_ref().map(|column| cell(&cells, number, column)).transpose().map_err(&problem)?;
    let read = |text: &str| {
        let number: Option<f64> = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| problem(format!("{text:?} is not a number")))
    };
    Ok(Some(match &error {
        Some(error) => with_error(read(&value)?, read(error)?),
        None => {
            let text = significant(read(&value)?, number.digits.unwrap_or_default().get());
            [text.mathematics(), text.digits(), String::new()]
        }
    }))
}

/// The cell that a number is, in words.
pub(super) fn place(number: &Number) -> String {
    let row: Vec<String> = number.at.iter().map(|(column, value)| format!(", {column} = {value}")).collect();
    format!("{}: {}{}", number.table, number.column, row.concat())
}

/// The cell of a column in the one row that is meant.
fn cell(cells: &Cells, number: &Number, column: &str) -> Result<String, String> {
    let place = |column: &str| {
        let names = || cells.names.iter().map(String::as_str).collect::<Vec<&str>>();
        cells
            .names
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| format!("table {} has no column {column:?}{}", number.table, instead(column, &names())))
    };
    let mut conditions = Vec::new();
    for (column, value) in &number.at {
        conditions.push((place(column)?, value));
    }
    let column = place(column)?;
    let meant = |row: &[String]| conditions.iter().all(|(place, value)| value.is(&row[*place]));
    let found: Vec<&Vec<String>> = cells.rows.iter().map(|(_, row)| row).filter(|row| meant(row)).collect();
    match found[..] {
        [row] => Ok(row[column].clone()),
        _ => Err(format!(
            "{} rows of table {} are meant, but it must be one; `at` says which",
            found.len(),
            number.table
        )),
    }
}
