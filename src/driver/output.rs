//! Results and figures on disk.

use super::{Project, Selected, Settings, Verdict};
use super::{columns, machine};
use crate::experiments::Tables;
use crate::export::export;
use crate::figure::Figure;
use crate::files;
use crate::golden;
use crate::provenance::{Media, Numbers, Provenance, digest};
use crate::render::{Theme, render};
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
    formats: Formats,
}

/// Paths of written files.
pub(super) type Written = Vec<PathBuf>;

/// Name of the copy of the experiment file kept with its results.
const EXPERIMENT: &str = "experiment.toml";

impl Output {
    pub(super) fn new(settings: &Settings) -> Self {
        Self { formats: settings.formats.clone(), ..Self::of(&settings.out) }
    }

    /// In this folder.
    pub(super) fn of(out: &Path) -> Self {
        let [figures, results] = ["figures", "results"].map(|folder| out.join(folder));
        Self { figures, results, formats: Formats::default() }
    }

    /// Makes sure that results can be written.
    pub(super) fn prepare_results(&self, selected: &[Selected]) -> Result<()> {
        for experiment in selected {
            files::check_writable(&self.results.join(experiment.id()))?;
        }
        Ok(())
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
    pub(super) fn figures(&self, experiment: &Selected) -> Result<Written> {
        let figures = experiment.entry.figures(&experiment.document)?;
        let paths = figures.iter().flat_map(|figure| {
            let name = |media: &Media| self.figures.join(format!("{}.{}", figure.name, media.extension()));
            self.formats.media.iter().map(name)
        });
        Ok(paths.collect())
    }

    /// Writes the tables as Parquet and CSV, what their columns hold, the experiment file, and the record of the run; returns their paths.
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
        let mut write = |path: PathBuf, content: &[u8]| -> Result<()> {
            files::write(&path, content)?;
            written.push(path);
            Ok(())
        };
        let mut stored = Vec::new();
        for table in tables {
            let parquet = frame::to_parquet(table, &columns::meanings(experiment, table))?;
            stored.push((table.name().to_owned(), digest([(table.name(), parquet.as_slice())])));
            write(folder.join(format!("{}.parquet", table.name())), &parquet)?;
            write(folder.join(format!("{}.csv", table.name())), &frame::to_csv(table)?)?;
        }
        let dictionary = columns::dictionary(experiment, tables, None)?;
        write(folder.join(format!("{}.csv", columns::NAME)), &frame::to_csv(&dictionary)?)?;
        let record = machine::record(project, experiment, &stored, verdict, seconds);
        write(folder.join("run.json"), format!("{record:#}\n").as_bytes())?;
        write(marker, experiment.document.text.as_bytes())?;
        Ok(written)
    }

    /// Whether an experiment has complete results, of whatever version of its file.
    pub(super) fn has_results(&self, id: &str) -> bool {
        self.results.join(id).join(EXPERIMENT).is_file()
    }

    /// The record of the last run.
    pub(super) fn record(&self, id: &str) -> Result<serde_json::Value> {
        let path = self.results.join(id).join("run.json");
        serde_json::from_str(&files::read(&path)?)
            .with_context(|| format!("{}: damaged; run it again: neurodyn run {id}", path.display()))
    }

    /// Tables stored by the last run of this experiment file.
    pub(super) fn stored(&self, experiment: &Selected) -> Result<Tables> {
        let folder = self.results.join(experiment.id());
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
        let tables = record["tables"].as_array().with_context(|| damaged(&folder.join("run.json")))?;
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

    /// Draws and writes all figures; returns their paths.
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
        drawings.into_iter().map(|(path, bytes)| Ok(files::write(&path, &bytes).map(|()| path)?)).collect()
    }
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
            let figure = noted(figure.clone(), &experiment.document.settings);
            let (title, description) = (&figure.title, &figure.description);
            let provenance = Provenance::new(&experiment.document, numbers.clone(), &figure.name, title, description);
            let theme = theme(&figure.name);
            let provenance = Provenance { theme: theme.name().to_owned(), ..provenance };
            Ok(Drawing { svg: render(&figure, tables, &provenance.to_rdf(Media::Svg), theme)?, provenance })
        })
        .collect()
}

/// The figure; of a quick look, saying so in its title and description.
fn noted(mut figure: Figure, settings: &[String]) -> Figure {
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
