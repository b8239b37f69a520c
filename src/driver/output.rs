//! Results and figures on disk.

use super::verdict::Change;
use super::{Project, Selected, Settings, Verdict};
use super::{columns, machine};
use crate::experiment::Tables;
use crate::export::export;
use crate::figure::Figure;
use crate::files;
use crate::golden;
use crate::provenance::{Media, Numbers, Provenance, digest};
use crate::render::{Theme, absent, plain_title, render};
use crate::table::frame;
use anyhow::{Context, Result, anyhow};
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
    pub theme: Theme,
}

impl Default for Formats {
    fn default() -> Self {
        Self { media: [Media::Svg].into(), dpi: 300, theme: Theme::Print }
    }
}

/// Where results and figures go.
pub(super) struct Output {
    figures: PathBuf,
    results: PathBuf,
    /// Results of experiments that have none in `results`.
    others: Option<PathBuf>,
    formats: Formats,
}

/// Paths of written files, and digests of what was written.
pub(super) type Written = Vec<(PathBuf, String)>;

/// Name of the copy of the experiment file kept with its results.
pub(super) const EXPERIMENT: &str = "experiment.toml";

impl Output {
    pub(super) fn new(settings: &Settings) -> Self {
        Self { formats: settings.formats.clone(), ..Self::in_folder(&settings.out) }
    }

    pub(super) fn in_folder(folder: &Path) -> Self {
        let [figures, results] = ["figures", "results"].map(|name| folder.join(name));
        Self { figures, results, others: None, formats: Formats::default() }
    }

    /// From the results of a folder; without one those of the folder that is written to, and of the project what it lacks.
    pub(super) fn of_stored(project: &Project, results: Option<&Path>, settings: &Settings) -> Self {
        let output = Self::new(settings);
        match results {
            Some(folder) => Self { results: folder.join("results"), ..output },
            None => Self { others: Some(project.root.join("results")), ..output },
        }
    }

    /// Makes sure that all can be written.
    pub(super) fn prepare(&self, selected: &[Selected]) -> Result<()> {
        for experiment in selected {
            files::check_writable(&self.results.join(experiment.id()))?;
        }
        self.prepare_figures(selected)
    }

    /// Makes sure that figures can be written.
    pub(super) fn prepare_figures(&self, selected: &[Selected]) -> Result<()> {
        files::check_writable(&self.figures)?;
        for experiment in selected {
            for path in self.figures(experiment)? {
                files::check_replaceable(&path)?;
            }
        }
        Ok(())
    }

    /// Paths of an experiment's figures, in all formats.
    pub(super) fn figures(&self, experiment: &Selected) -> Result<Vec<PathBuf>> {
        let figures = experiment.entry.figures(&experiment.document)?;
        let paths = figures.iter().flat_map(|figure| {
            let name = |media: &Media| self.figures.join(format!("{}.{}", figure.name, media.extension()));
            self.formats.media.iter().map(name)
        });
        Ok(paths.collect())
    }

    /// Writes the tables as Parquet and CSV, what their columns hold, the experiment file, and the record of the run.
    pub(super) fn write_results(
        &self,
        project: &Project,
        experiment: &Selected,
        tables: &Tables,
        verdict: &Verdict,
        seconds: f64,
    ) -> Result<Written> {
        let folder = self.results.join(experiment.id());
        // without this file the tables count for nothing, so it goes first and comes last
        let marker = folder.join(EXPERIMENT);
        files::remove(&marker)?;
        let mut written = Written::new();
        let mut keep = |path: PathBuf, content: &[u8]| -> Result<()> {
            written.push(write(path, content)?);
            Ok(())
        };
        let mut stored = Vec::new();
        for table in tables {
            let parquet = frame::to_parquet(table, &columns::meanings(experiment, table))?;
            stored.push((table.name().to_owned(), digest([(table.name(), parquet.as_slice())])));
            keep(folder.join(format!("{}.parquet", table.name())), &parquet)?;
            keep(folder.join(format!("{}.csv", table.name())), &frame::to_csv(table)?)?;
        }
        let dictionary = columns::dictionary(experiment, tables, None)?;
        keep(folder.join(format!("{}.csv", columns::NAME)), &frame::to_csv(&dictionary)?)?;
        let record = machine::record(project, experiment, &stored, verdict, seconds);
        keep(folder.join("run.json"), format!("{record:#}\n").as_bytes())?;
        keep(marker, experiment.document.text.as_bytes())?;
        Ok(written)
    }

    /// Writes the experiment file to its results again, where its labels changed and not what it computes.
    pub(super) fn write_experiment(&self, experiment: &Selected) -> Result<Written> {
        let path = self.results.join(experiment.id()).join(EXPERIMENT);
        Ok(vec![write(path, experiment.document.text.as_bytes())?])
    }

    /// Puts a table that is not its golden data beside them, and takes away what waits there and has been overtaken. Returns where the table
    /// is, which elsewhere than in the project, or where golden data are read-only, are the results.
    pub(super) fn new_table(
        &self,
        project: &Project,
        experiment: &Selected,
        settings: &Settings,
        change: &Change,
    ) -> Result<String> {
        let new = project.golden_folder().join(format!("{}.new", change.name));
        let own = files::same_folder(&settings.out, &project.root);
        if own && change.difference.is_none() && new.exists() {
            files::remove(&new)?;
        }
        let beside = own && change.difference.is_some() && files::write(&new, &change.text).is_ok();
        let stored = self.results.join(experiment.id()).join(format!("{}.csv", change.table));
        Ok(format!("is {}", if beside { new } else { stored }.display()))
    }

    /// Where the results of an experiment are read.
    fn folder_of(&self, id: &str) -> PathBuf {
        let own = self.results.join(id);
        match &self.others {
            Some(others) if !own.is_dir() => others.join(id),
            _ => own,
        }
    }

    /// The record of the last run.
    pub(super) fn record(&self, id: &str) -> Result<serde_json::Value> {
        let path = self.folder_of(id).join("run.json");
        serde_json::from_str(&files::read(&path)?)
            .with_context(|| format!("{}: damaged; run it again: neurodyn run {id}", path.display()))
    }

    /// Tables stored by the last run of this experiment file.
    pub(super) fn stored(&self, experiment: &Selected) -> Result<Tables> {
        let folder = self.folder_of(experiment.id());
        let again = format!("run it again: neurodyn run {}", experiment.called());
        let record = files::read(&folder.join("run.json")).unwrap_or_default();
        let record: serde_json::Value = serde_json::from_str(&record).unwrap_or_default();
        if let Some(settings) = record["settings"].as_array().filter(|settings| !settings.is_empty()) {
            let settings: Vec<&str> = settings.iter().filter_map(|setting| setting.as_str()).collect();
            return Err(anyhow!(
                "{}: a quick look with --set {}; {again}",
                folder.display(),
                settings.join(", --set ")
            ));
        }
        let text = files::read(&folder.join(EXPERIMENT))
            .map_err(|_| anyhow!("{}: no complete results; {again}", folder.display()))?;
        if !experiment.document.computes_like(&text) {
            let file = experiment.document.path.display();
            return Err(anyhow!("{}: results of another version of {file}; {again}", folder.display()));
        }
        let record = self.record(experiment.id())?;
        let damaged = |path: &Path| format!("{}: damaged; {again}", path.display());
        let tables = record["tables"].as_array().filter(|tables| !tables.is_empty());
        let tables = tables.with_context(|| damaged(&folder.join("run.json")))?;
        tables
            .iter()
            .map(|table| {
                let (Some(name), Some(stated)) = (table["name"].as_str(), table["digest"].as_str()) else {
                    return Err(anyhow!(damaged(&folder.join("run.json"))));
                };
                let path = folder.join(format!("{name}.parquet"));
                let bytes = files::bytes(&path).map_err(|error| anyhow!("{error}; {again}"))?;
                // not every changed bit keeps Parquet from being read
                if digest([(name, bytes.as_slice())]) != stated {
                    return Err(anyhow!(damaged(&path)));
                }
                frame::from_parquet(name, bytes).with_context(|| damaged(&path))
            })
            .collect()
    }

    /// Draws and writes all figures.
    pub(super) fn write_figures(&self, experiment: &Selected, tables: &Tables) -> Result<Written> {
        // all are drawn before the first is written
        let drawings = draw(experiment, tables, |_| self.formats.theme)?
            .iter()
            .flat_map(|drawing| self.formats.media.iter().map(move |&media| (drawing, media)))
            .map(|(drawing, media)| {
                let path = self.figures.join(format!("{}.{}", drawing.provenance.figure, media.extension()));
                Ok((path, drawing.file(media, self.formats.dpi)?))
            })
            .collect::<Result<Vec<_>>>()?;
        drawings.into_iter().map(|(path, bytes)| write(path, &bytes)).collect()
    }
}

/// Writes a file, and says what was written.
fn write(path: PathBuf, content: &[u8]) -> Result<(PathBuf, String)> {
    files::write(&path, content)?;
    Ok((path, digest([("", content)])))
}

/// One figure, drawn.
pub(super) struct Drawing {
    pub(super) svg: String,
    pub(super) provenance: Provenance,
}

impl Drawing {
    /// The same drawing with another provenance in it.
    pub(super) fn under(&self, provenance: &Provenance) -> Self {
        let svg = self.svg.replacen(&self.provenance.to_rdf(Media::Svg), &provenance.to_rdf(Media::Svg), 1);
        Self { svg, provenance: provenance.clone() }
    }

    /// Its file in a format.
    pub(super) fn file(&self, media: Media, dpi: u32) -> Result<Vec<u8>> {
        let provenance = Provenance { dpi: (media == Media::Png).then_some(dpi), ..self.provenance.clone() };
        Ok(export(&self.svg, media, &provenance)?)
    }
}

/// All figures of an experiment, each in the theme that goes with its name.
pub(super) fn draw(experiment: &Selected, tables: &Tables, theme: impl Fn(&str) -> Theme) -> Result<Vec<Drawing>> {
    let numbers = Numbers::new(&csv_files(experiment.id(), tables)?);
    experiment
        .entry
        .figures(&experiment.document)?
        .iter()
        .map(|figure| {
            let mut figure = noted(figure.clone(), &experiment.document.settings);
            // what is left out is said where the figure is read without its drawing, too
            for sentence in absent(&figure, tables)? {
                figure.description = format!("{} {sentence}", figure.description);
            }
            let figure = figure;
            let (title, description) = (&figure.title, &figure.description);
            let provenance = Provenance::new(&experiment.document, numbers.clone(), &figure.name, title, description);
            let theme = theme(&figure.name);
            let provenance = Provenance { theme: theme.name().to_owned(), ..provenance };
            Ok(Drawing { svg: render(&figure, tables, &provenance.to_rdf(Media::Svg), theme)?, provenance })
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
