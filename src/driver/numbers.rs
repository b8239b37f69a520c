//! Numbers that a paper quotes, as LaTeX macros: `\nd{activity.star}` in a text cannot drift from its data.

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

/// Name of the file, beside the figures.
const FILE: &str = "numbers.tex";

/// Definitions. Categories of letters are set for this file alone, since packages change them (`_` in names); what is a public name may be
/// taken, or defined by this very file before. `\ndvalue` and `\nderror` expand to plain digits, so that programs in TeX can read them.
const HEAD: &str = r"% Numbers of all experiments, from their golden data: \nd{NAME} is the number with its standard error in parentheses,
% \ndvalue{NAME} the number alone, \nderror{NAME} its standard error: digits, as in \num{\ndvalue{NAME}} or \fpeval{2*\ndvalue{NAME}}.
% \ndmath{\ndvalue{NAME}} sets one with its power of ten. Where \nd is taken, \ndnumber is the same. Written by neurodyn.
\begingroup\endlinechar=-1\relax
\catcode`\@=11 \catcode`\_=12 \catcode`\-=12 \catcode`\.=12 \catcode`\^=7\relax
\protected\gdef\neurodyn@unknown#1{\GenericError{}{neurodyn: numbers.tex has no number called \detokenize{#1}}{}{}}
\gdef\neurodyn@get#1#2{\ifcsname nd@\detokenize{#1}#2\endcsname\expandafter\@firstoftwo\else\expandafter\@secondoftwo\fi
  {\csname nd@\detokenize{#1}#2\endcsname}{\neurodyn@unknown{#1#2}}}
\gdef\neurodyn@number#1{\ensuremath{\neurodyn@get{#1}{}}}
\gdef\neurodyn@value#1{\neurodyn@get{#1}{@value}}
\gdef\neurodyn@error#1{\neurodyn@get{#1}{@error}}
\protected\gdef\neurodyn@math#1{\ensuremath{\expandafter\neurodyn@power\romannumeral-`\0#1ee\neurodyn@end}}
\gdef\neurodyn@power#1e#2e#3\neurodyn@end{#1\if\relax\detokenize{#2}\relax\else\times 10^{#2}\fi}
\gdef\neurodyn@name#1#2{\ifdefined#1\ifx#1#2\else
  \PackageWarningNoLine{neurodyn}{\string#1\space is taken, and stays what it is}\fi\else\global\let#1#2\fi}
\neurodyn@name\nd\neurodyn@number
\neurodyn@name\ndnumber\neurodyn@number
\neurodyn@name\ndvalue\neurodyn@value
\neurodyn@name\nderror\neurodyn@error
\neurodyn@name\ndmath\neurodyn@math
\globaldefs=1\relax
";

/// Ends the group, and with it what was set for this file.
const END: &str = "\\endgroup\n";

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

/// The file of all numbers of these experiments that have golden data; `None` where none names any.
fn tex<'a>(project: &Project, documents: impl Iterator<Item = &'a Document>) -> Result<Option<String>> {
    let mut lines: BTreeMap<&str, (String, &Document)> = BTreeMap::new();
    let mut any = false;
    for document in documents {
        any |= !document.header.numbers.is_empty();
        for (name, number) in &document.header.numbers {
            let Some(macros) = entry(project, document, name, number)? else { continue };
            if let Some((_, other)) = lines.insert(name, (macros, document)) {
                let message = format!("numbers: {name} is the name of a number of {} too", other.path.display());
                return Err(error_at(document, name, message));
            }
        }
    }
    Ok(any.then(|| lines.into_values().fold(HEAD.to_owned(), |text, (line, _)| text + &line) + END))
}

/// The file of the whole project; `None` where no experiment names a number, or where an experiment that was not selected keeps the numbers
/// from being known, which is said.
fn known(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Option<String>> {
    let unknown = |why: &str| {
        settings.listener.line(&format!("{FILE}: left as it is: {why}"), false);
        Ok(None)
    };
    match (tex(project, project.documents()), project.faults().first()) {
        (Err(error), _) => {
            tex(project, selected.iter().map(|experiment| &experiment.document))?;
            unknown(&one_line_each(&error))
        }
        (Ok(Some(_)), Some(fault)) => unknown(&format!("{} cannot be used", fault.path.display())),
        (found, _) => found,
    }
}

/// Writes the file beside the figures, where it is not there already.
pub(super) fn write(project: &Project, selected: &[Selected], settings: &Settings) -> Result<()> {
    let Some(text) = known(project, selected, settings)? else { return Ok(()) };
    let path = settings.out.join(FIGURES).join(FILE);
    if files::bytes(&path).ok().as_deref() != Some(text.as_bytes()) {
        files::write(&path, text.as_bytes())?;
    }
    Ok(())
}

/// What is wrong with the file of the project, if anything.
pub(super) fn check(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Option<String>> {
    let Some(text) = known(project, selected, settings)? else { return Ok(None) };
    let path = project.root.join(FIGURES).join(FILE);
    let same = files::bytes(&path).is_ok_and(|there| files::is_text(&there, &text));
    let problem = || format!("{} is not what the golden data say; write it with: neurodyn run", path.display());
    Ok((!same).then(problem))
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

/// The macros of one number; `None` as long as its experiment has no golden data.
fn entry(project: &Project, document: &Document, name: &str, number: &Number) -> Result<Option<String>> {
    let Some([both, alone, spread]) = quoted(project, document, name, number)? else { return Ok(None) };
    let mut text = format!("% {}, {}\n", document.id, place(number));
    let mut define = |kind: &str, value: &str| {
        text.push_str(&format!("\\expandafter\\def\\csname nd@{name}{kind}\\endcsname{{{value}}}\n"));
    };
    define("", &both);
    define("@value", &alone);
    if number.error.is_some() {
        define("@error", &spread);
    }
    Ok(Some(text))
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
