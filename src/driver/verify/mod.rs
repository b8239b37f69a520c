//! Does a figure come from what it says? Its experiment is computed again from the figure alone and drawn again.

mod compare;

use super::output::{csv_files, draw};
use super::{Selected, Settings, Theme, compute};
use crate::config::Document;
use crate::experiments::{Part, Tables, find};
use crate::files;
use crate::provenance::{Media, Numbers, PROGRAM, Provenance};
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What was found of one figure.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Verification {
    /// The file.
    pub file: String,
    /// Its format.
    pub format: Media,
    /// Name of the figure.
    pub figure: String,
    /// Experiment that it says it comes from.
    pub experiment: String,
    /// Seed that it states.
    pub seed: u64,
    /// Program that it says it was drawn by.
    pub program: String,
    /// Whether the numbers behind it came out the same, to the last bit.
    pub numbers_identical: bool,
    /// Whether the drawing came out the same, to the last byte.
    pub drawing_identical: bool,
    /// What differs; nothing where all is well.
    pub problems: Vec<String>,
}

impl Verification {
    /// Whether the figure is what it says.
    pub fn holds(&self) -> bool {
        self.numbers_identical && self.drawing_identical && self.problems.is_empty()
    }
}

/// A file that can be verified.
struct Figure {
    path: PathBuf,
    bytes: Vec<u8>,
    media: Media,
    provenance: Provenance,
    document: Document,
}

/// Verifies all files, computing each experiment once. Nothing is computed unless every file can be read.
pub fn verify(paths: &[PathBuf], settings: &Settings) -> Result<Vec<Verification>> {
    let read: Vec<Result<Figure>> = paths.iter().map(|path| figure(path)).collect();
    let refused: Vec<String> = read.iter().filter_map(|figure| Some(format!("{:#}", figure.as_ref().err()?))).collect();
    if !refused.is_empty() {
        return Err(anyhow!("{}", refused.join("\n")));
    }
    let figures: Vec<Figure> = read.into_iter().flatten().collect();
    let mut found: Vec<Option<Verification>> = figures.iter().map(|_| None).collect();
    for first in 0..figures.len() {
        if found[first].is_some() {
            continue;
        }
        // all figures of one experiment
        let document = &figures[first].document;
        let group: Vec<usize> = (first..figures.len()).filter(|&index| figures[index].document == *document).collect();
        let start = Instant::now();
        let selected = Selected { document: document.clone(), entry: find(document)? };
        let result = compute(&selected, settings, Part::All)?;
        let seconds = start.elapsed().as_secs_f64();
        let again = match &result {
            Ok(tables) => Some(Again::new(&selected, tables)?),
            Err(_) => None,
        };
        for index in group {
            found[index] = Some(match (&again, &result) {
                (Some(again), _) => again.judge(&figures[index])?,
                (None, Err(error)) => failed(&figures[index], format!("its experiment fails: {error}")),
                (None, Ok(_)) => failed(&figures[index], "its experiment gives no tables".to_owned()),
            });
        }
        settings.report.line(&format!("{}: computed again in {seconds:.1} s", document.id), false);
        settings.report.end();
    }
    Ok(found.into_iter().flatten().collect())
}

fn figure(path: &Path) -> Result<Figure> {
    let bytes = files::bytes(path)?;
    let shown = path.display();
    let (media, provenance) = Provenance::from_file(&bytes).map_err(|error| anyhow!("{shown}: {error}"))?;
    let name = PathBuf::from(format!("{}.toml", provenance.id));
    let inside = || format!("{shown}: the experiment in it");
    let mut document = Document::parse(&name, provenance.toml.clone()).with_context(inside)?;
    document.settings.clone_from(&provenance.settings);
    if document.id != provenance.id {
        return Err(anyhow!(
            "{shown}: its experiment is called {:?}; allowed are lower case letters, digits and _",
            provenance.id
        ));
    }
    find(&document).with_context(inside)?;
    Ok(Figure { path: path.to_owned(), bytes, media, provenance, document })
}

fn blank(figure: &Figure) -> Verification {
    let provenance = &figure.provenance;
    Verification {
        file: figure.path.display().to_string(),
        format: figure.media,
        figure: provenance.figure.clone(),
        experiment: provenance.id.clone(),
        seed: provenance.seed,
        program: provenance.program.clone(),
        numbers_identical: false,
        drawing_identical: false,
        problems: provenance.contradictions(&figure.document),
    }
}

fn failed(figure: &Figure, problem: String) -> Verification {
    let mut verification = blank(figure);
    verification.problems.push(problem);
    verification
}

/// An experiment computed and drawn again.
struct Again<'a> {
    selected: &'a Selected,
    tables: &'a Tables,
    numbers: Numbers,
}

impl<'a> Again<'a> {
    fn new(selected: &'a Selected, tables: &'a Tables) -> Result<Self> {
        Ok(Self { selected, tables, numbers: Numbers::new(&csv_files(selected.id(), tables)?) })
    }

    fn judge(&self, figure: &Figure) -> Result<Verification> {
        let (mut verification, stated) = (blank(figure), &figure.provenance);
        verification.numbers_identical = self.numbers == stated.numbers;
        if !verification.numbers_identical {
            verification.problems.push(compare::numbers(&stated.numbers, &self.numbers));
        }
        let Some(theme) = Theme::named(&stated.theme) else {
            let names: Vec<&str> = Theme::ALL.iter().map(|theme| theme.name()).collect();
            let problem = format!("it states theme {:?}; there are {}", stated.theme, names.join(", "));
            verification.problems.push(problem);
            return Ok(verification);
        };
        let drawings = draw(self.selected, self.tables, |_| theme)?;
        let Some(meant) = drawings.iter().find(|drawing| drawing.provenance.figure == stated.figure) else {
            let names: Vec<&str> = drawings.iter().map(|drawing| drawing.provenance.figure.as_str()).collect();
            let problem = format!("its experiment draws no figure {:?}; it draws {}", stated.figure, names.join(", "));
            verification.problems.push(problem);
            return Ok(verification);
        };
        // the drawing is compared under the provenance that the file states, which was judged before
        let drawn = meant.under(stated).file(figure.media, stated.dpi.unwrap_or_default());
        let difference = match &drawn {
            Ok(bytes) => compare::drawing(figure.media, &figure.bytes, bytes),
            Err(error) => Some(format!("drawing: {error:#}")),
        };
        verification.drawing_identical = difference.is_none();
        verification.problems.extend(difference);
        for (name, stated, meant) in [
            ("title", &stated.title, &meant.provenance.title),
            ("description", &stated.description, &meant.provenance.description),
        ] {
            if stated != meant {
                verification.problems.push(format!("its {name} is {stated:?}, but that of the figure is {meant:?}"));
            }
        }
        if !verification.holds() && stated.program != PROGRAM {
            verification.problems.push(format!("it was drawn by {}, and this is {PROGRAM}", stated.program));
        }
        Ok(verification)
    }
}
