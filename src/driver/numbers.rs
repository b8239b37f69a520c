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
            Err(at(document, name, format!("numbers.{name:?}: {message}")))
        }
        None => Ok(()),
    }
}

/// The file of all numbers of these experiments that have golden data; `None` where none names any.
pub(super) fn tex<'a>(project: &Project, documents: impl Iterator<Item = &'a Document>) -> Result<Option<String>> {
    let mut lines: BTreeMap<&str, (String, &Document)> = BTreeMap::new();
    let mut any = false;
    for document in documents {
        any |= !document.header.numbers.is_empty();
        for (name, number) in &document.header.numbers {
            let Some(macros) = entry(project, document, name, number)? else { continue };
            if let Some((_, other)) = lines.insert(name, (macros, document)) {
                let message = format!("numbers: {name} is the name of a number of {} too", other.path.display());
                return Err(at(document, name, message));
            }
        }
    }
    Ok(any.then(|| lines.into_values().fold(HEAD.to_owned(), |text, (line, _)| text + &line) + END))
}

/// Writes the file, where it is not there already.
pub(super) fn write(text: &str, figures: &Path) -> Result<()> {
    let path = figures.join(FILE);
    if files::bytes(&path).ok().as_deref() != Some(text.as_bytes()) {
        files::write(&path, text.as_bytes())?;
    }
    Ok(())
}

fn at(document: &Document, name: &str, message: String) -> anyhow::Error {
    anyhow!(document.error_at(&format!("{name:?}"), message))
}

/// The macros of one number; `None` as long as its experiment has no golden data.
fn entry(project: &Project, document: &Document, name: &str, number: &Number) -> Result<Option<String>> {
    let problem = |message: String| at(document, name, format!("numbers.{name:?}: {message}"));
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
            [text.mathematics(), text.digits(), String::new()]
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

/// A number in decimal digits, perhaps times a power of ten.
struct Decimal {
    negative: bool,
    body: String,
    power: Option<i32>,
}

impl Decimal {
    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    /// For the eye.
    fn mathematics(&self) -> String {
        let (sign, body) = (self.sign(), &self.body);
        match self.power {
            Some(power) if body == "1" => format!("{sign}10^{{{power}}}"),
            Some(power) => format!("{sign}{body} \\times 10^{{{power}}}"),
            None => format!("{sign}{body}"),
        }
    }

    /// For programs.
    fn digits(&self) -> String {
        let power = self.power.map_or(String::new(), |power| format!("e{power}"));
        format!("{}{}{power}", self.sign(), self.body)
    }
}

/// A number to so many significant digits.
fn significant(x: f64, digits: usize) -> Decimal {
    let (negative, text, exponent) = rounded(x, digits);
    let (body, power) = placed(&text, exponent);
    Decimal { negative, body, power }
}

/// A number with its standard error to two digits in parentheses, for the eye; the number alone to the same place, and the error alone, for
/// programs.
fn with_error(x: f64, error: f64) -> [String; 3] {
    if error <= 0.0 {
        let text = significant(x, 6);
        return [text.mathematics(), text.digits(), "0".to_owned()];
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
        let both = format!("{} \\pm {}", number.mathematics(), error.mathematics());
        return [both, number.digits(), error.digits()];
    }
    let (negative, mut text, exponent) = rounded(x, digits as usize);
    // where rounding has carried into a new first digit, one at the end is missing
    text.push_str(if exponent > first { "0" } else { "" });
    let (body, power) = placed(&text, exponent);
    let alone = Decimal { negative, body, power };
    let both = Decimal { body: format!("{}({spread})", alone.body), ..alone };
    [both.mathematics(), alone.digits(), error.digits()]
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
            assert_eq!(significant(x, digits).mathematics(), expected, "{x}");
            // the digits alone are the same number
            let plain = expected.replace(" \\times 10^{", "e").replace("10^{", "1e").replace('}', "");
            assert_eq!(significant(x, digits).digits(), plain, "{x}");
        }
    }

    #[test]
    fn standard_errors_have_two_digits_and_the_number_ends_with_them() {
        for (x, error, both, alone, spread) in [
            (0.638_259_8, 0.000_147, "0.63826(15)", "0.63826", "0.00015"),
            (-4.819_06, 0.8324, "-4.82(83)", "-4.82", "0.83"),
            (227.06, 11.3, "227(11)", "227", "11"),
            (2271.4, 113.0, "2.27(11) \\times 10^{3}", "2.27e3", "1.1e2"),
            (9.9996, 0.0021, "9.9996(21)", "9.9996", "0.0021"),
            (9.99996, 0.0021, "10.0000(21)", "10.0000", "0.0021"),
            (1.234e-9, 5.6e-11, "1.234(56) \\times 10^{-9}", "1.234e-9", "5.6e-11"),
            (0.001, 0.5, "0.0010 \\pm 0.50", "0.0010", "0.50"),
            (0.7, 0.0, "0.700000", "0.700000", "0"),
        ] {
            assert_eq!(with_error(x, error), [both, alone, spread], "{x} {error}");
        }
    }
}
