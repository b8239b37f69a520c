//! What a run leaves behind, as files in memory. Nothing here looks at a disk; paths are those below the output folder.

use super::machine::{Machine, record};
use super::writer::File;
use super::{Selected, Verdict, columns};
use crate::experiment::Tables;
use crate::experiment::data::stated_in;
use crate::export::{Source, export};
use crate::figure::{Figure, Wish};
use crate::golden;
use crate::provenance::{Media, Numbers, Provenance, digest};
use crate::render::{Live, Look, Theme, absent, lay_out, plain_title};
use crate::table::frame;
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How figures are written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Formats {
    /// SVG, PDF, PNG: each once.
    pub media: BTreeSet<Media>,
    /// Pixels an inch of PNG.
    pub dpi: u32,
    /// What they are drawn for.
    pub theme: Option<Theme>,
    /// What is asked for of their look, whatever they ask for themselves.
    #[serde(default)]
    pub wish: Wish,
}

impl Default for Formats {
    fn default() -> Self {
        Self { media: [Media::Svg].into(), dpi: 300, theme: None, wish: Wish::default() }
    }
}

/// Folder of all results.
pub(super) const RESULTS: &str = "results";

/// Folder of all figures.
pub(super) const FIGURES: &str = "figures";

/// Name of the copy of the experiment file kept with its results.
pub(super) const EXPERIMENT: &str = "experiment.toml";

/// Name of the record of a run.
pub(super) const RECORD: &str = "run.json";

/// Folder of an experiment's results.
pub(super) fn folder(id: &str) -> PathBuf {
    Path::new(RESULTS).join(id)
}

/// The tables as Parquet and CSV, what their columns hold, and the record of the run: all results but their marker, [`experiment_file`].
pub(super) fn results(
    experiment: &Selected,
    tables: &Tables,
    verdict: &Verdict,
    seconds: f64,
    machine: &Machine,
) -> Result<Vec<File>> {
    let place = |name: String| folder(experiment.id()).join(name);
    let (mut files, mut digests) = (Vec::new(), Vec::new());
    for table in tables {
        let name = table.name();
        let parquet = frame::to_parquet(table, &columns::meanings(experiment, table))?;
        digests.push((name.to_owned(), digest([(name, parquet.as_slice())])));
        files.push((place(format!("{name}.parquet")), parquet));
        files.push((place(format!("{name}.csv")), frame::to_csv(table)?));
    }
    let dictionary = columns::dictionary(experiment, tables, None)?;
    files.push((place(format!("{}.csv", columns::NAME)), frame::to_csv(&dictionary)?));
    let record = record(experiment, &digests, verdict, seconds, machine);
    files.push((place(RECORD.to_owned()), format!("{record:#}\n").into_bytes()));
    Ok(files)
}

/// The copy of the experiment file, without which its results count for nothing.
pub(super) fn experiment_file(experiment: &Selected) -> File {
    (folder(experiment.id()).join(EXPERIMENT), experiment.document.text.clone().into_bytes())
}

/// All figures, in all formats.
pub(super) fn figures(experiment: &Selected, tables: &Tables, formats: &Formats) -> Result<Vec<File>> {
    let drawings = draw(experiment, tables, |figure| Look::new(formats.theme, formats.wish.or(figure.wish)))?;
    let files = drawings.iter().flat_map(|drawing| {
        let file = move |&media: &Media| {
            Ok((figure_path(&drawing.provenance.figure, media), drawing.file(media, formats.dpi)?))
        };
        formats.media.iter().map(file)
    });
    files.collect()
}

/// Paths of an experiment's figures, in all formats.
pub(super) fn figure_paths(experiment: &Selected, formats: &Formats) -> Result<Vec<PathBuf>> {
    let figures = experiment.figures()?;
    let paths = |figure: &Figure| -> Vec<PathBuf> {
        formats.media.iter().map(|&media| figure_path(&figure.name, media)).collect()
    };
    Ok(figures.iter().flat_map(paths).collect())
}

fn figure_path(figure: &str, media: Media) -> PathBuf {
    Path::new(FIGURES).join(format!("{figure}.{}", media.extension()))
}

/// One figure, drawn.
pub(super) struct Drawing {
    pub(super) svg: String,
    /// What other formats make of live text.
    pub(super) live: Option<Live>,
    pub(super) provenance: Provenance,
}

impl Drawing {
    /// The same drawing with another provenance in it.
    pub(super) fn under(&self, provenance: &Provenance) -> Self {
        let svg = self.svg.replacen(&self.provenance.to_rdf(Media::Svg), &provenance.to_rdf(Media::Svg), 1);
        Self { svg, live: self.live.clone(), provenance: provenance.clone() }
    }

    /// Its file in a format.
    pub(super) fn file(&self, media: Media, dpi: u32) -> Result<Vec<u8>> {
        let provenance = Provenance { dpi: (media == Media::Png).then_some(dpi), ..self.provenance.clone() };
        let live = self.live.as_ref().map(|live| (live.outlined.as_str(), &live.text));
        Ok(export(Source { svg: &self.svg, live }, media, &provenance)?)
    }
}

/// All figures of an experiment, each in its look.
pub(super) fn draw(experiment: &Selected, tables: &Tables, look: impl Fn(&Figure) -> Look) -> Result<Vec<Drawing>> {
    let numbers = Numbers::new(&csv_files(experiment.id(), tables)?);
    experiment
        .figures()?
        .iter()
        .map(|figure| {
            let mut figure = noted(figure.clone(), &experiment.document.settings);
            // what is left out is said where the figure is read without its drawing, too
            let look = look(&figure);
            let laid_out = lay_out(&figure, tables, look)?;
            for sentence in laid_out.remarks().iter().chain(&absent(&figure, tables)?) {
                figure.description = format!("{} {sentence}", figure.description);
            }
            let figure = figure;
            let (title, description) = (&figure.title, &figure.description);
            let provenance = Provenance::new(&experiment.document, numbers.clone(), &figure.name, title, description);
            let data = stated_in(tables).into_iter().map(|stated| (stated.file, stated.sha256)).collect();
            let (theme, look) = (look.theme.name().to_owned(), look.stated());
            let provenance = Provenance { theme, look, data, ..provenance };
            let svg = laid_out.document(&figure, &provenance.to_rdf(Media::Svg))?;
            Ok(Drawing { svg, live: laid_out.live(&figure)?, provenance })
        })
        .collect()
}

/// The figure with its title and description in plain text.
pub(super) fn in_words(mut figure: Figure) -> Figure {
    figure.title = plain_title(&figure.title);
    figure.description = plain_title(&figure.description);
    figure
}

/// The figure as its file describes it; of a quick look, saying so in its title and description.
fn noted(figure: Figure, settings: &[String]) -> Figure {
    let mut figure = in_words(figure);
    if !settings.is_empty() {
        figure.title.push_str(" (not citable)");
        figure.description = format!("Not citable: --set {}. {}", settings.join(", --set "), figure.description);
    }
    figure
}

/// Golden file names and CSV texts of all tables.
pub(super) fn csv_files(id: &str, tables: &Tables) -> Result<Vec<(String, Vec<u8>)>> {
    tables.iter().map(|table| Ok((golden::file_name(id, table, tables.len()), frame::to_csv(table)?))).collect()
}
