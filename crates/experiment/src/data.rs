//! Inputs from files: what an experiment file or a command says of them, and reading them. Only their Gram matrix goes into a network.

use crate::RunError;
use crate::columns::general;
use neurodyn_arrays::{Archive, Entry, shape_text};
use neurodyn_config::nearest::instead;
use neurodyn_model::{Centre, Matrix, Scale, Slice};
use neurodyn_numerics::spread::Triangle;
use neurodyn_provenance::sha256 as digest_of;
use neurodyn_simulation::{SimulationError, cost, spread};
use neurodyn_table::{Table, Values};
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
            return Err(format!(
                "{}: found a single number; allowed is an array, a row for each input",
                path.display()
            ));
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
        digest_of(self.archive.bytes())
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
    /// What is subtracted: nothing, the means of columns or of rows, or that of all numbers.
    centre: Centre,
    /// What is divided by afterwards: nothing, the root mean squares of columns or of rows, or that of all numbers.
    scale: Scale,
    /// A label of each input.
    labels: Option<Labels>,
    #[serde(skip)]
    read: OnceLock<Read>,
}

/// A column of a file, with the same rows.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Labels {
    /// The file, from the folder of the experiment file.
    file: String,
    /// Name of the array, in a file with several.
    array: Option<String>,
    /// The column, counted from 0.
    column: usize,
}

/// What was read.
#[derive(Debug, Clone)]
struct Read {
    inputs: Matrix,
    labels: Option<Vec<f64>>,
    stated: Vec<Stated>,
}

/// A file of data, as results and figures state it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// As the experiment file names it.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

impl Stated {
    fn of(file: &str, source: &Source) -> Self {
        Self { file: file.to_owned(), sha256: source.digest() }
    }
}

impl Given {
    /// The files, as the experiment file names them.
    pub fn files(&self) -> Vec<String> {
        let labels = self.labels.iter().map(|labels| &labels.file).filter(|file| **file != self.file);
        std::iter::once(&self.file).chain(labels).cloned().collect()
    }

    /// Whether inputs have labels.
    pub fn is_labelled(&self) -> bool {
        self.labels.is_some()
    }

    /// Reads all files, once; paths are from this folder.
    pub fn read(&self, folder: &Path) -> Result<(), String> {
        if self.read.get().is_some() {
            return Ok(());
        }
        let Self { rows, columns, centre, scale, .. } = *self;
        let selection = Selection { array: self.array.as_deref(), rows, columns, centre, scale };
        let source = Source::open(&folder.join(&self.file), selection.array)?;
        let inputs = source.matrix(&selection)?;
        let mut stated = vec![Stated::of(&self.file, &source)];
        let mut read = None;
        if let Some(labels) = &self.labels {
            let source = Source::open(&folder.join(&labels.file), labels.array.as_deref())?;
            stated.push(Stated::of(&labels.file, &source));
            read = Some(labels.read(&source, rows, &inputs)?);
        }
        stated.dedup();
        // another thread may have been first, with the same bytes
        let _ = self.read.set(Read { inputs, labels: read, stated });
        Ok(())
    }

    /// The files with their digests, once they were read.
    pub fn stated(&self) -> Vec<Stated> {
        self.read.get().map_or(Vec::new(), |read| read.stated.clone())
    }

    fn known(&self) -> Result<&Read, RunError> {
        // the framework reads data before it asks for points or tables
        let unread =
            || RunError::Field { field: "parameters.inputs".into(), message: format!("{} was not read", self.file) };
        self.read.get().ok_or_else(unread)
    }

    /// Number of inputs.
    pub fn count(&self) -> Result<usize, RunError> {
        Ok(self.known()?.inputs.rows())
    }

    /// Their overlaps `x_i . x_j / n`.
    pub fn gram(&self) -> Result<Triangle, RunError> {
        let inputs = &self.known()?.inputs;
        let (rows, columns) = (inputs.rows() as f64, inputs.columns() as f64);
        cost::Work { seconds: 1e-10 * rows * rows * columns, bytes: 8.0 * rows * rows }.afford()?;
        let all = inputs.gram(&|count, task| spread(count, task, &|| true));
        all.ok_or(SimulationError::Interrupted.into())
    }

    /// The label of each input; nothing where they have none.
    pub fn labels(&self) -> Result<Option<&[f64]>, RunError> {
        Ok(self.known()?.labels.as_deref())
    }
}

impl Labels {
    /// The labels of these inputs, which are these rows of their file.
    fn read(&self, source: &Source, rows: Option<Slice>, inputs: &Matrix) -> Result<Vec<f64>, String> {
        let column = Slice::try_from(vec![self.column, self.column.saturating_add(1)])?;
        let array = self.array.as_deref();
        let (centre, scale) = (Centre::None, Scale::None);
        let labels = source.matrix(&Selection { array, rows, columns: Some(column), centre, scale })?;
        if labels.rows() != inputs.rows() {
            let (found, needed) = (labels.rows(), inputs.rows());
            return Err(format!("{}: found {found} labels for {needed} inputs; allowed is one a row", self.file));
        }
        Ok(labels.column(0))
    }
}

/// Which data were read, as a table.
pub fn table(stated: &[Stated]) -> Result<Table, RunError> {
    let column = |of: fn(&Stated) -> &String| stated.iter().map(|one| of(one).clone()).collect::<Vec<String>>();
    Ok(Table::new(TABLE)
        .text(general::file.name, column(|one| &one.file))?
        .text(general::sha256.name, column(|one| &one.sha256))?)
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
