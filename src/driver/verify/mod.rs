//! Does a figure come from what it says? Its experiment is computed again from the figure alone and drawn again.
//!
//! A figure is a file, or stands on a page of a document that it was put into (`document`). There its operators and resources are compared.
//! A figure is trusted for its experiment, its name, and how it was drawn; all else in it follows and is compared, byte for byte. What
//! follows from nothing is said not to be checked: comments in the experiment, unless the project has the same file, and which version of
//! the program drew it.

mod compare;
mod data;
mod document;
mod measurement;
mod work;

use super::Settings;
use super::given::{Given, shown};
use super::origin::{Origin, origin, place};
use crate::provenance::{Media, PROGRAM, sha256};
use anyhow::Result;
use document::Held;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the command says of a figure, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// It comes from its experiment, which is that of the project, if the project has one of its name.
    Verified,
    /// It is a quick look, and says so: not citable.
    QuickLook,
    /// It comes from its experiment, but the project has another one of that name.
    OtherExperiment,
    /// It does not come from its experiment.
    NotVerified,
    /// It is a drawing in a document that says nothing of where it comes from: another program's.
    Foreign,
    /// It could not be read or not be computed.
    Refused,
}

/// What a figure states.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Stated {
    /// Its format.
    pub format: Media,
    /// Name of the figure.
    pub figure: String,
    /// Experiment that it says it comes from.
    pub experiment: String,
    /// Seed that it states.
    pub seed: u64,
    /// Program that it says it was drawn by, which nothing can check.
    pub program: String,
    /// Values that it says were set on the command line.
    pub settings: Vec<String>,
    /// SHA-256 of the experiment file in it.
    pub experiment_sha256: String,
    /// Where that experiment is known from.
    pub origin: Origin,
}

/// What was found of one figure.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Verification {
    /// The file.
    pub file: String,
    /// Its page, the first being 1, where the file is a document with figures in it.
    pub page: Option<usize>,
    /// The verdict.
    pub verdict: Word,
    /// What it states; nothing where it could not be read.
    #[serde(flatten)]
    pub stated: Option<Stated>,
    /// Program that computed it again.
    pub computed_by: &'static str,
    /// Whether the numbers behind it came out the same, to the last bit.
    pub numbers_identical: bool,
    /// Whether the drawing came out the same, to the last byte.
    pub drawing_identical: bool,
    /// What differs; nothing where all is well.
    pub problems: Vec<String>,
    /// Why it could not be read or not be computed.
    pub refused: Option<String>,
}

impl Verification {
    fn new(path: &Path, page: Option<usize>, stated: Option<Stated>) -> Self {
        Self {
            file: path.display().to_string(),
            page,
            verdict: Word::NotVerified,
            stated,
            computed_by: PROGRAM,
            numbers_identical: false,
            drawing_identical: false,
            problems: Vec::new(),
            refused: None,
        }
    }

    fn refused(path: &Path, page: Option<usize>, stated: Option<Stated>, reason: String) -> Self {
        Self { verdict: Word::Refused, refused: Some(reason), ..Self::new(path, page, stated) }
    }

    /// Of a drawing that says nothing of where it comes from.
    fn silent(path: &Path, page: usize, verdict: Word, problem: String) -> Self {
        Self { verdict, problems: vec![problem], ..Self::new(path, Some(page), None) }
    }

    /// The file, and the page in it.
    pub fn place(&self) -> String {
        shown(Path::new(&self.file), self.page)
    }

    /// With the verdict that follows from what was found.
    fn concluded(self) -> Self {
        let same = self.numbers_identical && self.drawing_identical && self.problems.is_empty();
        let verdict = match (&self.stated, same) {
            _ if self.refused.is_some() => Word::Refused,
            (Some(Stated { origin: Origin::Other { .. }, .. }), true) => Word::OtherExperiment,
            (Some(stated), true) if !stated.settings.is_empty() => Word::QuickLook,
            (Some(_), true) => Word::Verified,
            _ => Word::NotVerified,
        };
        Self { verdict, ..self }
    }

    /// Whether the figure is what it says.
    pub fn holds(&self) -> bool {
        matches!(self.verdict, Word::Verified | Word::QuickLook)
    }
}

/// How figures are verified.
pub struct Terms<'a> {
    /// Project whose experiments count; where none is given, that of the figure or of `here`.
    pub root: Option<&'a Path>,
    /// The current folder.
    pub here: &'a Path,
    /// Most time for each experiment.
    pub at_most: Duration,
}

/// A file that can be verified.
struct Figure {
    given: Given,
    stated: Stated,
    /// Where its data may be.
    root: PathBuf,
}

impl Figure {
    fn new(mut given: Given, terms: &Terms) -> Self {
        let own = terms.here.join(&given.path).parent().unwrap_or(terms.here).to_owned();
        let (folder, root) = match place(&given, terms.root, terms.here) {
            Some((file, root)) => (file.parent().unwrap_or(&own).to_owned(), root),
            None => (own.clone(), own),
        };
        given.selected.document.folder = folder;
        let provenance = &given.provenance;
        let stated = Stated {
            format: given.media,
            figure: provenance.figure.clone(),
            experiment: provenance.id.clone(),
            seed: provenance.seed,
            program: provenance.program.clone(),
            settings: provenance.settings.clone(),
            experiment_sha256: sha256(provenance.toml.as_bytes()),
            origin: origin(&given, terms.root, terms.here),
        };
        Self { given, stated, root }
    }

    fn page(&self) -> Option<usize> {
        self.given.included.as_ref().map(|included| included.page)
    }

    fn blank(&self) -> Verification {
        let problems = self.given.contradictions();
        Verification { problems, ..Verification::new(&self.given.path, self.page(), Some(self.stated.clone())) }
    }

    fn failed(&self, problem: String) -> Verification {
        let mut verification = self.blank();
        verification.problems.push(problem);
        verification
    }

    fn refused(&self, reason: String) -> Verification {
        Verification::refused(&self.given.path, self.page(), Some(self.stated.clone()), reason)
    }
}

/// Verifies all files, and all figures in documents among them, computing each experiment once. Every file gets an answer, whatever the
/// others hold.
pub fn verify(paths: &[PathBuf], terms: &Terms, settings: &Settings) -> Result<Vec<Verification>> {
    let mut found: Vec<Option<Verification>> = Vec::new();
    let mut waiting: Vec<(usize, Figure)> = Vec::new();
    for path in paths {
        if let Some(given) = measurement::Given::read(path, terms) {
            found.push(Some(given.verify(terms, settings)?.concluded()));
            continue;
        }
        let read = match document::read(path, settings.interrupt) {
            Err(error) if error.is::<super::Interrupted>() => return Err(error),
            Err(error) => {
                found.push(Some(Verification::refused(path, None, None, super::one_line_each(&error))));
                continue;
            }
            Ok(read) => read,
        };
        for held in read {
            let answer = match held {
                Held::Figure(given) => {
                    waiting.push((found.len(), Figure::new(*given, terms)));
                    None
                }
                Held::Bare(page, why) => Some(Verification::silent(path, page, Word::NotVerified, why)),
                Held::Foreign(page, what) => Some(Verification::silent(path, page, Word::Foreign, what)),
                Held::Unreadable(page, why) => Some(Verification::refused(path, Some(page), None, why)),
            };
            found.push(answer);
        }
    }
    while !waiting.is_empty() {
        // all figures of one experiment
        let document = waiting[0].1.given.document().clone();
        let (group, rest) = waiting.into_iter().partition(|(_, figure)| figure.given.document() == &document);
        waiting = rest;
        for (index, verification) in work::group(group, terms, settings)? {
            found[index] = Some(verification.concluded());
        }
        settings.listener.end();
    }
    Ok(found.into_iter().flatten().collect())
}
