//! Numbers that a paper quotes, as LaTeX macros: `\nd{activity.star}` in a text cannot drift from its data.

use super::Project;
use crate::config::{Document, Number};
use crate::files;
use crate::golden::{self, Cells};
use crate::nearest::instead;
use anyhow::{Result, anyhow};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name of the file, beside the figures.
pub(super) const FILE: &str = "numbers.tex";

const HEAD: &str = r"% Numbers of all experiments, from their golden data: \nd{NAME} is the number with its standard error in parentheses,
% \ndvalue{NAME} the number alone, \nderror{NAME} its standard error. Written by neurodyn.
\newcommand{\nd}[1]{\ndget{#1}{}}
\newcommand{\ndvalue}[1]{\ndget{#1}{@value}}
\newcommand{\nderror}[1]{\ndget{#1}{@error}}
\newcommand{\ndget}[2]{\ifcsname nd@#1#2\endcsname\ensuremath{\csname nd@#1#2\endcsname}\else
  \GenericError{}{neurodyn: numbers.tex has no number called #1#2}{}{}\fi}
";

/// The file of all numbers that have golden data; `None` where no experiment names any.
pub(super) fn tex(project: &Project) -> Result<Option<String>> {
    let mut lines: BTreeMap<&str, (String, &Document)> = BTreeMap::new();
    for document in project.documents() {
        for (name, number) in &document.header.numbers {
            let Some(macros) = entry(project, document, name, number)? else { continue };
            if let Some((_, other)) = lines.insert(name, (macros, document)) {
                let message = format!("numbers: {name} is the name of a number of {} too", other.path.display());
                return Err(at(document, name, message));
            }
        }
    }
    let any = project.documents().iter().any(|document| !document.header.numbers.is_empty());
    Ok(any.then(|| lines.into_values().fold(HEAD.to_owned(), |text, (line, _)| text + &line)))
}

/// Writes the file, where there is one and it is not there already.
pub(super) fn write(project: &Project, figures: &Path) -> Result<()> {
    if let Some(text) = tex(project)? {
        let path = figures.join(FILE);
        if files::bytes(&path).ok().as_deref() != Some(text.as_bytes()) {
            files::write(&path, text.as_bytes())?;
        }
    }
    Ok(())
}

fn at(document: &Document, name: &str, message: String) -> anyhow::Error {
    anyhow!(document.error_at(&format!("{name:?}"), message))
}

/// The macros of one number; `None` as long as its experiment has no golden data.
fn entry(project: &Project, document: &Document, name: &str, number: &Number) -> Result<Option<String>> {
    let problem = |message: String| at(document, name, format!("numbers.{name:?}: {message}"));
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    if name.is_empty() || !name.chars().all(allowed) {
        return Err(problem("a name is made of letters, digits, '.', '-' and '_'".to_owned()));
    }
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
    let shown = match &error {
        Some(error) => with_error(read(&value)?, read(error)?),
        None => {
            let text = significant(read(&value)?, number.digits.unwrap_or_default().get());
            [text.clone(), text, String::new()]
        }
    };
    let [both, alone, spread] = shown;
    let row: Vec<String> = number.at.iter().map(|(column, value)| format!(", {column} = {value}")).collect();
    let mut text = format!("% {}, {}: {}{}\n", document.id, number.table, number.column, row.concat());
    let mut define = |kind: &str, value: &str| {
        text.push_str(&format!("\\expandafter\\def\\csname nd@{name}{kind}\\endcsname{{{value}}}\n"));
    };
    define("", &both);
    define("@value", &alone);
    if error.is_some() {
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

/// Sign, digits and decimal exponent of a number rounded to so many significant digits.
fn rounded(x: f64, digits: usize) -> (bool, String, i32) {
    let text = format!("{:.*e}", digits - 1, x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (x.is_sign_negative() && x != 0.0, mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// Digits with the first one standing for `10^exponent`, as far as the last one: plain or times a power of ten.
fn placed(digits: &str, exponent: i32) -> (String, Option<i32>) {
    let length = digits.len() as i32;
    if !(-4..7).contains(&exponent) || length <= exponent {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        return (format!("{first}{point}{rest}"), (exponent != 0).then_some(exponent));
    }
    if exponent < 0 {
        return (format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize)), None);
    }
    let (whole, rest) = digits.split_at(exponent as usize + 1);
    let point = if rest.is_empty() { "" } else { "." };
    (format!("{whole}{point}{rest}"), None)
}

fn finished(negative: bool, body: String, power: Option<i32>) -> String {
    let sign = if negative { "-" } else { "" };
    match power {
        Some(power) if body == "1" => format!("{sign}10^{{{power}}}"),
        Some(power) => format!("{sign}{body} \\times 10^{{{power}}}"),
        None => format!("{sign}{body}"),
    }
}

/// A number to so many significant digits.
fn significant(x: f64, digits: usize) -> String {
    let (negative, text, exponent) = rounded(x, digits);
    let (body, power) = placed(&text, exponent);
    finished(negative, body, power)
}

/// A number with its standard error to two digits in parentheses, the number alone to the same place, and the error alone.
fn with_error(x: f64, error: f64) -> [String; 3] {
    if error <= 0.0 {
        let text = significant(x, 6);
        return [text.clone(), text, "0".to_owned()];
    }
    let (_, spread, last) = rounded(error, 2);
    // the place of the last digit of the error
    let place = last - 1;
    let (_, _, first) = rounded(x, 17);
    let digits = first - place + 1;
    let error = significant(error, 2);
    if digits < 1 || x == 0.0 {
        // smaller than its own error
        let number = significant(x, 2);
        return [format!("{number} \\pm {error}"), number, error];
    }
    let (negative, mut text, exponent) = rounded(x, digits as usize);
    // where rounding has carried into a new first digit, one at the end is missing
    text.push_str(if exponent > first { "0" } else { "" });
    let (body, power) = placed(&text, exponent);
    [finished(negative, format!("{body}({spread})"), power), finished(negative, body, power), error]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_significant_digits() {
        for (x, digits, expected) in [
            (0.638_259_8, 6, "0.638260"),
            (-1.5, 3, "-1.50"),
            (0.0, 3, "0.00"),
            (99.999, 3, "100"),
            (123_456.7, 6, "123457"),
            (1.5e-7, 2, "1.5 \\times 10^{-7}"),
            (2.5e12, 3, "2.50 \\times 10^{12}"),
            (123_456.0, 2, "1.2 \\times 10^{5}"),
            (0.000_123, 3, "0.000123"),
            (-1e6, 1, "-10^{6}"),
            (1e6, 2, "1.0 \\times 10^{6}"),
        ] {
            assert_eq!(significant(x, digits), expected, "{x}");
        }
    }

    #[test]
    fn standard_errors_have_two_digits_and_the_number_ends_with_them() {
        for (x, error, both, alone, spread) in [
            (0.638_259_8, 0.000_147, "0.63826(15)", "0.63826", "0.00015"),
            (-4.819_06, 0.8324, "-4.82(83)", "-4.82", "0.83"),
            (227.06, 11.3, "227(11)", "227", "11"),
            (2271.4, 113.0, "2.27(11) \\times 10^{3}", "2.27 \\times 10^{3}", "1.1 \\times 10^{2}"),
            (9.9996, 0.0021, "9.9996(21)", "9.9996", "0.0021"),
            (9.99996, 0.0021, "10.0000(21)", "10.0000", "0.0021"),
            (1.234e-9, 5.6e-11, "1.234(56) \\times 10^{-9}", "1.234 \\times 10^{-9}", "5.6 \\times 10^{-11}"),
            (0.001, 0.5, "0.0010 \\pm 0.50", "0.0010", "0.50"),
            (0.7, 0.0, "0.700000", "0.700000", "0"),
        ] {
            assert_eq!(with_error(x, error), [both, alone, spread], "{x} {error}");
        }
    }
}
