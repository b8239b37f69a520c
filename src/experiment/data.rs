//! Inputs from files: what an experiment file or a command says of them, and reading them. Only their Gram matrix goes into a network.

use super::RunError;
use crate::arrays::{Archive, Entry, shape_text};
use crate::model::{Centre, Matrix, Scale, Slice};
use crate::nearest::instead;
use crate::numerics::spread::Triangle;
use crate::provenance::sha256;
use crate::simulation::{SimulationError, cost, spread};
use crate::table::{Table, Values};
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::Path;
use std::sync::OnceLock;

/// Name of the table that says which data an experiment has read.
pub const TABLE: &str = "data";

/// Which numbers of a file are meant, and what is made of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Selection<'a> {
    /// Name of the array, in a file that has several.
    pub array: Option<&'a str>,
    /// Rows, all where none are given.
    pub rows: Option<Slice>,
    /// Columns, all where none are given.
    pub columns: Option<Slice>,
    /// What is subtracted.
    pub centre: Centre,
    /// What they are divided by.
    pub scale: Scale,
}

/// A file of numbers that has been opened: what is in it is known, its numbers are not read yet.
pub struct Source {
    archive: Archive,
    entry: Entry,
}

impl Source {
    /// Opens a file.
    pub fn open(path: &Path, array: Option<&str>) -> Result<Self, String> {
        let archive = Archive::open(path).map_err(|error| error.to_string())?;
        let entry = chosen(&archive, array).map_err(|message| format!("{}: {message}", path.display()))?.clone();
        if entry.shape.is_empty() {
            return Err(format!("{}: found a single number; allowed is an array, a row for each input", path.display()));
        }
        Ok(Self { archive, entry })
    }

    /// Rows, and columns: all axes but the first as one.
    pub fn size(&self) -> (usize, usize) {
        let (rows, rest) = self.entry.shape.split_first().unwrap_or((&0, &[]));
        (*rows, rest.iter().product())
    }

    /// SHA-256 of the whole file.
    pub fn digest(&self) -> String {
        sha256(self.archive.bytes())
    }

    /// Bytes of the file.
    pub fn bytes(&self) -> usize {
        self.archive.bytes().len()
    }

    /// Its numbers.
    pub fn matrix(&self, selection: &Selection) -> Result<Matrix, String> {
        let at = |message: String| format!("{}: {message}", self.archive.file().display());
        let (rows, columns) = self.size();
        let array = self.archive.array(&self.entry).map_err(|error| error.to_string())?;
        let matrix = Matrix::new(rows, columns, array.values).map_err(|error| at(error.to_string()))?;
        let part = matrix.part(selection.rows, selection.columns).map_err(|error| at(error.to_string()))?;
        part.standardised(selection.centre, selection.scale).map_err(|error| at(error.to_string()))
    }
}

/// The array of this name, or the only one.
fn chosen<'a>(archive: &'a Archive, array: Option<&str>) -> Result<&'a Entry, String> {
    let entries = archive.entries();
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    match (array, entries) {
        (None, [entry]) => Ok(entry),
        (None, []) => Err("found no array; allowed is an array, a row for each input".to_owned()),
        (None, _) => {
            let shown: Vec<String> =
                entries.iter().take(10).map(|entry| format!("{} ({})", entry.name, shape_text(&entry.shape))).collect();
            Err(format!("found {} arrays, {}; give the name of one as array", entries.len(), shown.join(", ")))
        }
        (Some(name), _) => entries
            .iter()
            .find(|entry| entry.name == name)
            .ok_or_else(|| format!("no array is called {name:?}{}", instead(name, &names))),
    }
}

/// Inputs from a file, and what each is labelled with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The file, from the folder of the experiment file: NPY, NPZ, safetensors, IDX, Parquet or CSV.
    file: String,
    /// Name of the array, in a file with several.
    array: Option<String>,
    /// Rows to take, an input each: `[from, to]` or `[from, to, step]`, counted from 0; all where it is absent.
    rows: Option<Slice>,
    /// Columns to take, likewise.
    columns: Option<Slice>,
    /// What is subtracted: `none`, the means of `columns` or of `rows`, or that of `all`.
    centre: Centre,
    /// What is divided by afterwards: `none`, the root mean squares of `columns` or of `rows`, or that of `all`.
    scale: Scale,
    #[serde(skip)]
    read: OnceLock<Read>,
}

/// A column of a file: a label or a target for each input.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// The file, from the folder of the experiment file.
    file: String,
    /// Name of the array, in a file with several.
    array: Option<String>,
    /// The column, counted from 0.
    column: usize,
    #[serde(skip)]
    read: OnceLock<Read>,
}

/// What was read from a file.
#[derive(Debug, Clone)]
struct Read {
    matrix: Matrix,
    stated: Stated,
}

/// A file of data, as results and figures state it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// As the experiment file names it.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A field that names a file of data.
pub trait FromFile {
    /// The file, as the experiment file names it.
    fn file(&self) -> &str;
    /// Reads it, once; paths are from this folder.
    fn read(&self, folder: &Path) -> Result<(), String>;
    /// What was read.
    fn stated(&self) -> Option<&Stated>;
}

fn read_once(
    place: &OnceLock<Read>,
    (file, array): (&str, Option<&str>),
    folder: &Path,
    matrix: impl FnOnce(&Source) -> Result<Matrix, String>,
) -> Result<(), String> {
    if place.get().is_none() {
        let source = Source::open(&folder.join(file), array)?;
        let stated = Stated { file: file.to_owned(), sha256: source.digest() };
        // another thread may have been first, with the same bytes
        let _ = place.set(Read { matrix: matrix(&source)?, stated });
    }
    Ok(())
}

impl FromFile for Given {
    fn file(&self) -> &str {
        &self.file
    }

    fn read(&self, folder: &Path) -> Result<(), String> {
        let Self { rows, columns, centre, scale, .. } = *self;
        let selection = Selection { array: self.array.as_deref(), rows, columns, centre, scale };
        read_once(&self.read, (&self.file, self.array.as_deref()), folder, |source| source.matrix(&selection))
    }

    fn stated(&self) -> Option<&Stated> {
        self.read.get().map(|read| &read.stated)
    }
}

impl FromFile for Labels {
    fn file(&self) -> &str {
        &self.file
    }

    fn read(&self, folder: &Path) -> Result<(), String> {
        let columns = Slice::try_from(vec![self.column, self.column.saturating_add(1)])?;
        let array = self.array.as_deref();
        let selection = Selection { array, rows: None, columns: Some(columns), centre: Centre::None, scale: Scale::None };
        read_once(&self.read, (&self.file, array), folder, |source| source.matrix(&selection))
    }

    fn stated(&self) -> Option<&Stated> {
        self.read.get().map(|read| &read.stated)
    }
}

impl Given {
    /// The inputs, a row each.
    pub fn matrix(&self) -> Result<&Matrix, RunError> {
        self.read.get().map(|read| &read.matrix).ok_or(UNREAD)
    }

    /// Their overlaps `x_i . x_j / n`.
    pub fn gram(&self) -> Result<Triangle, RunError> {
        let matrix = self.matrix()?;
        let rows = matrix.rows() as f64;
        cost::Work { seconds: 1e-10 * rows * rows * matrix.columns() as f64, bytes: 8.0 * rows * rows }.afford()?;
        let all = matrix.gram(&|count, task| spread(count, task, &|| true));
        all.ok_or(SimulationError::Interrupted.into())
    }

    /// The labels of these inputs: in the same rows.
    pub fn labels(&self, of: &Labels) -> Result<Vec<f64>, RunError> {
        let all = of.read.get().ok_or(UNREAD)?.matrix.column(0);
        let rows = self.rows.unwrap_or(Slice::all(all.len()));
        let taken = rows.of(all.len()).map(|rows| rows.map(|row| all[row]).collect::<Vec<f64>>());
        match taken {
            Some(taken) if taken.len() == self.matrix()?.rows() => Ok(taken),
            _ => {
                let inputs = self.matrix()?.rows();
                let message = format!("{}: found {} labels for {inputs} inputs, rows {rows}; allowed is one a row", of.file, all.len());
                Err(RunError::Field { field: "parameters.labels", message })
            }
        }
    }
}

/// The framework reads data before it asks for points or tables.
const UNREAD: RunError = RunError::Field { field: "parameters.inputs", message: String::new() };

/// The files of these fields, each once, in the order of their names.
pub fn stated(fields: &[&dyn FromFile]) -> Vec<Stated> {
    let mut all: Vec<Stated> = fields.iter().filter_map(|field| field.stated().cloned()).collect();
    all.sort_by(|a, b| a.file.cmp(&b.file));
    all.dedup();
    all
}

/// Which data were read, as a table.
pub fn table(stated: &[Stated]) -> Result<Table, RunError> {
    let column = |of: fn(&Stated) -> &String| stated.iter().map(|one| of(one).clone()).collect::<Vec<String>>();
    Ok(Table::new(TABLE).text("file", column(|one| &one.file))?.text("sha256", column(|one| &one.sha256))?)
}

/// What a table says of the data that were read; nothing in the tables of an experiment without any.
pub fn stated_in(tables: &[Table]) -> Vec<Stated> {
    let Some(table) = tables.iter().find(|table| table.name() == TABLE) else { return Vec::new() };
    let texts = |name: &str| match table.column(name) {
        Some(Values::Text(texts)) => texts.as_slice(),
        _ => &[],
    };
    let pairs = texts("file").iter().zip(texts("sha256"));
    pairs.map(|(file, sha256)| Stated { file: file.clone(), sha256: sha256.clone() }).collect()
}
