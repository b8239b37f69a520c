//! Experiment files: one TOML file an experiment, parsed once and then trusted.
//!
//! Every number that moves a result stands in the file; there are no defaults here.

pub mod checked;
mod difference;
mod drawing;
pub mod exchange;
mod grid;
mod item;
mod measurement;
pub mod nearest;
mod place;
mod setting;
mod variant;
mod written;

pub use drawing::{Columns, Drawing, Label, PanelLabels, Width};
pub use grid::Grid;
pub use item::{Item, ItemError, Section};
pub use measurement::{Digested, Measurement};
pub use setting::{Setting, blame};
pub use written::Written;

use self::nearest::with_nearest;
use neurodyn_files as files;
use neurodyn_model::{Perceptron, Sigmoid};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is wrong with an experiment file: where, what was found, what is allowed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The text is not what the experiment takes.
    #[error("{path}:{line}:{column}: {message}\n{excerpt}")]
    Invalid {
        /// The file.
        path: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// Field, what was found and what is allowed.
        message: String,
        /// The line with a mark under the place.
        excerpt: String,
    },
    /// The file name is not a valid name of an experiment.
    #[error(
        "{path}: the experiment would be called {id:?}; allowed are lower case letters, digits and _ before .toml, at most {LONGEST_ID}"
    )]
    Name {
        /// The file.
        path: String,
        /// Its stem.
        id: String,
    },
    /// A value given on the command line is not what the experiment takes.
    #[error("{settings}: {message}")]
    Setting {
        /// What was given.
        settings: String,
        /// Field, what was found and what is allowed.
        message: String,
    },
    /// Two experiments with one seed would share their random numbers.
    #[error(
        "{first} and {second} have the same seed {seed}; every experiment needs its own (a free one: the largest of `neurodyn list` plus 1)"
    )]
    DuplicateSeed {
        /// One file.
        first: String,
        /// The other.
        second: String,
        /// Their seed.
        seed: u64,
    },
}

/// Most letters of the name of an experiment: with all that figures, tables, formats and temporary files add to it, a file name stays below
/// the 255 bytes that file systems take.
pub const LONGEST_ID: usize = 100;

/// Header of an experiment file.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Module that runs it; where absent, that of the file's own name.
    pub experiment: Option<String>,
    /// Family of experiments.
    pub family: String,
    /// What it is about.
    pub title: String,
    /// Seed of all its random numbers; every experiment has its own.
    pub seed: u64,
    /// Version of its values: raised when they change on purpose.
    #[schemars(range(max = u32::MAX))]
    pub values: u32,
    /// Parameters, checked by the experiment.
    #[schemars(with = "BTreeMap<String, bool>")]
    parameters: toml::Table,
    /// Numbers that a paper may quote, by the names it quotes them under.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": "^[A-Za-z0-9._-]+$" }))]
    pub numbers: BTreeMap<String, Number>,
    /// Titles, sizes and labels of figures, by their names.
    #[serde(default)]
    pub figures: BTreeMap<String, Drawing>,
}

/// One number of a table.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// Table that holds it.
    pub table: String,
    /// Column that holds it.
    pub column: String,
    /// Column that holds its standard error.
    pub error: Option<String>,
    /// What other columns hold in its row; with the row, if the table has more than one.
    #[serde(default)]
    pub at: BTreeMap<String, Value>,
    /// Significant digits of a number without standard error.
    pub digits: Option<Digits>,
}

/// A cell of a table, as a file gives it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A label.
    Text(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Number(number) => number.fmt(f),
            Value::Text(text) => write!(f, "{text:?}"),
        }
    }
}

impl Value {
    /// Whether this cell of a CSV file is the same.
    pub fn is(&self, cell: &str) -> bool {
        match self {
            Value::Number(number) => cell.parse() == Ok(*number),
            Value::Text(text) => cell == text,
        }
    }
}

/// Number of significant digits, 1 to 17.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "usize")]
#[schemars(extend("minimum" = 1, "maximum" = 17))]
pub struct Digits(usize);

impl Digits {
    /// The number.
    pub fn get(self) -> usize {
        self.0
    }
}

impl Default for Digits {
    fn default() -> Self {
        Self(6)
    }
}

impl TryFrom<usize> for Digits {
    type Error = String;

    fn try_from(digits: usize) -> Result<Self, String> {
        let allowed = (1..=17).contains(&digits);
        if allowed { Ok(Self(digits)) } else { Err(format!("{digits} digits are not allowed; it must be 1 to 17")) }
    }
}

/// One experiment file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Identifier: the file stem.
    pub id: String,
    /// The file.
    pub path: PathBuf,
    /// The folder that paths in it start from.
    pub folder: PathBuf,
    /// Its text.
    pub text: String,
    /// Its header.
    pub header: Header,
    /// What was set on the command line, as `PATH=VALUE`; nothing in a file as it stands, and only that can be cited.
    pub settings: Vec<String>,
}

impl Document {
    /// Reads a file and its header.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read(path)?;
        Self::parse(path, text)
    }

    /// Reads the header of this text; its lines end in a line feed, whatever a clone or an archive has made of them.
    pub fn parse(path: &Path, text: String) -> Result<Self, ConfigError> {
        let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(allowed) {
            return Err(ConfigError::Name { path: path.display().to_string(), id });
        }
        let text = if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text };
        let header = toml::from_str(&text).map_err(|error: toml::de::Error| invalid(path, &text, error))?;
        if let Some((offset, letter)) = place::unwritable(&text) {
            let field = place::field(&text, &(offset..offset + 1)).map_or(String::new(), |field| format!("{field}: "));
            let message =
                format!("{field}the character U+{:04X}, but no figure can hold it; leave it out", u32::from(letter));
            return Err(located(path, &text, offset, message));
        }
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { id, path: path.to_owned(), folder, text, header, settings: Vec::new() })
    }

    /// Whether its parameters have one of this name.
    pub fn has_parameter(&self, name: &str) -> bool {
        self.header.parameters.contains_key(name)
    }

    /// Name of the module that runs it.
    pub fn module(&self) -> &str {
        self.header.experiment.as_deref().unwrap_or(&self.id)
    }

    /// The parameters as the experiment's own type; the header has been checked before.
    pub fn parameters<P>(&self, read: impl FnOnce(Item<'_>) -> Result<P, ItemError>) -> Result<P, ConfigError> {
        let found = Item::of_file(&self.text, "parameters").and_then(read);
        found.map_err(|error| invalid(&self.path, &self.text, error))
    }

    /// An error at the first line that starts with this text (the whole file where none does).
    pub fn error_at(&self, start: &str, message: String) -> ConfigError {
        let offset = line_that_starts(&self.text, start).unwrap_or(0);
        located(&self.path, &self.text, offset, message)
    }

    /// An error at a parameter: `name`, `section.name` or, in the second item of a list, `list[1].name`.
    pub fn error_at_parameter(&self, parameter: &str, message: String) -> ConfigError {
        let path: Vec<&str> = ["parameters"].into_iter().chain(parameter.split('.')).collect();
        located(&self.path, &self.text, place::find(&self.text, &path).unwrap_or(0), message)
    }
}

/// A student perceptron and its teacher, as the file of `neurodyn two-unit` gives them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudentAndTeacher {
    /// Activation of both.
    pub phi: Sigmoid,
    /// The student.
    pub student: Perceptron,
    /// The teacher.
    pub teacher: Perceptron,
}

impl StudentAndTeacher {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read(path)?;
        Self::parse(path, &text)
    }

    /// Reads this text.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| invalid(path, text, error))
    }
}

/// What is wrong with two documents that have one seed.
pub fn same_seed(first: &Document, second: &Document) -> Option<ConfigError> {
    let seed = first.header.seed;
    (seed == second.header.seed).then(|| {
        let [first, second] = [first, second].map(|document| document.path.display().to_string());
        ConfigError::DuplicateSeed { first, second, seed }
    })
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |reason: String| ConfigError::Unreadable { path: path.display().to_string(), reason };
    files::read_by_hand(path).map_err(|error| unreadable(error.reason.to_string()))
}

/// Where the first line begins that starts with this text, but for spaces.
fn line_that_starts(text: &str, start: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with(start) {
            return Some(offset);
        }
        offset += line.len();
    }
    None
}

fn invalid(path: &Path, text: &str, error: impl Into<ItemError>) -> ConfigError {
    let ItemError { message, place: span } = error.into();
    let message = match place::without_value(text, span.start) {
        Some(key) => format!("{key} has no value"),
        None => with_nearest(&place::plain(&message)) + place::hint(text, &span),
    };
    let message = match place::field(text, &span) {
        Some(field) => format!("{field}: {message}"),
        None => message,
    };
    located(path, text, span.start, message)
}

fn located(path: &Path, text: &str, offset: usize, message: String) -> ConfigError {
    let offset = offset.min(text.len());
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = text[start..offset].chars().count() + 1;
    let content = text[start..].lines().next().unwrap_or_default();
    let excerpt = format!("{line:>5} | {content}\n      | {}^", " ".repeat(column - 1));
    ConfigError::Invalid { path: path.display().to_string(), line, column, message, excerpt }
}

#[cfg(test)]
mod tests;
