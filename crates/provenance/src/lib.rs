//! Provenance inside a figure: what it was made from, complete enough to make it again.
//!
//! It is one RDF description in Dublin Core and a vocabulary of our own (`rdf`), and lies where each format keeps such things: in
//! `<metadata>` of an SVG, in the XMP packet of a PDF or a PNG (`embedded`). Nothing in it depends on the machine or the time:
//! those go to `results/<id>/run.json`.

mod embedded;
mod rdf;

pub use embedded::{Media, PNG_KEYWORD, ProvenanceError, is_whole};

use neurodyn_config::Document;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Name of the figure.
    pub figure: String,
    /// Its title.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// Experiment identifier.
    pub id: String,
    /// Family of experiments.
    pub family: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Version of the experiment's values.
    pub values: u32,
    /// Name and version of the program that drew it.
    pub program: String,
    /// Digests of the numbers.
    pub numbers: Numbers,
    /// Theme that it was drawn in.
    pub theme: String,
    /// What else of its look is not as usual: a name and a value each.
    pub look: Vec<String>,
    /// Pixels an inch, of a PNG.
    pub dpi: Option<u32>,
    /// The whole experiment file.
    pub toml: String,
    /// Files of data that it was computed from, each with its SHA-256.
    pub data: Vec<(String, String)>,
    /// What was set on the command line; a figure with any is not citable.
    pub settings: Vec<String>,
}

/// Digests of the tables of an experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// SHA-256 of all tables as CSV, see [`digest`].
    pub digest: String,
    /// Name and SHA-256 of each.
    pub tables: Vec<(String, String)>,
}

impl Numbers {
    /// Digests of these golden files, in the order of their names.
    pub fn new(files: &[(String, Vec<u8>)]) -> Self {
        let mut files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
        files.sort();
        let tables = files.iter().map(|&(name, text)| (name.to_owned(), digest([(name, text)]))).collect();
        Self { digest: digest(files), tables }
    }
}

/// SHA-256 over the CSV texts of all tables: for each, its file name, its length and its bytes.
pub fn digest<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut hasher = Sha256::new();
    for (name, bytes) in files {
        hasher.update(format!("{name}\n{}\n", bytes.len()).as_bytes());
        hasher.update(bytes);
    }
    finished(hasher)
}

/// SHA-256 of these bytes alone, as `sha256sum` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    finished(Sha256::new().chain_update(bytes))
}

fn finished(hasher: Sha256) -> String {
    hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        // writing to a string cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Name and version of this program.
pub const PROGRAM: &str = concat!("neurodyn ", env!("CARGO_PKG_VERSION"));

/// The version in the name of a program, where it is neurodyn.
pub fn version(program: &str) -> Option<&str> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || ".+-".contains(letter);
    let version = program.strip_prefix("neurodyn ")?;
    (version.starts_with(|first: char| first.is_ascii_digit()) && version.len() <= 40 && version.chars().all(allowed))
        .then_some(version)
}

impl Provenance {
    /// Provenance of a figure drawn by this program from this document and these numbers.
    pub fn new(document: &Document, numbers: Numbers, figure: &str, title: &str, description: &str) -> Self {
        Self {
            figure: figure.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            id: document.id.clone(),
            family: document.header.family.clone(),
            seed: document.header.seed,
            values: document.header.values,
            program: PROGRAM.to_owned(),
            numbers,
            theme: String::new(),
            look: Vec::new(),
            dpi: None,
            toml: document.text.clone(),
            data: Vec::new(),
            settings: document.settings.clone(),
        }
    }

    /// What its parts say of the experiment file that the file itself does not, and what no program of ours says of itself; nothing where
    /// all is well.
    pub fn contradictions(&self, document: &Document) -> Vec<String> {
        let header = &document.header;
        let pairs = [
            ("seed", self.seed.to_string(), header.seed.to_string()),
            ("values", self.values.to_string(), header.values.to_string()),
            ("family", self.family.clone(), header.family.clone()),
        ];
        let differing = pairs.into_iter().filter(|(_, stated, meant)| stated != meant);
        let mut found: Vec<String> = differing
            .map(|(name, stated, meant)| format!("it states {name} {stated}, but its experiment has {name} {meant}"))
            .map(|text| text.replace(char::is_control, " "))
            .collect();
        if version(&self.program).is_none() {
            found.push(format!("it says that it was drawn by {:?}, which is no version of neurodyn", self.program));
        }
        found
    }
}

#[cfg(test)]
mod tests;
