//! Results and figures on disk.

use super::machine;
use super::{Project, Selected, Settings, Verdict};
use crate::experiments::Tables;
use crate::files;
use crate::golden;
use crate::provenance::{Provenance, digest};
use crate::render::{Theme, render};
use crate::table::frame;
use anyhow::{Context, Result, anyhow};
use std::path::PathBuf;

/// Where results and figures go.
pub(super) struct Output {
    figures: PathBuf,
    results: PathBuf,
    theme: Theme,
}

/// Paths of written files.
pub(super) type Written = Vec<PathBuf>;

/// Name of the copy of the experiment file kept with its results.
const EXPERIMENT: &str = "experiment.toml";

impl Output {
    pub(super) fn new(settings: &Settings) -> Self {
        Self { figures: settings.out.join("figures"), results: settings.out.join("results"), theme: settings.theme }
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

    /// Paths of an experiment's figures.
    pub(super) fn figures(&self, experiment: &Selected) -> Result<Written> {
        let figures = experiment.entry.figures(&experiment.document)?;
        Ok(figures.iter().map(|figure| self.figures.join(format!("{}.svg", figure.name))).collect())
    }

    /// Whether all figures of an experiment are drawn in the theme asked for.
    pub(super) fn in_theme(&self, experiment: &Selected) -> Result<bool> {
        let drawn = |path: &PathBuf| std::fs::read_to_string(path).ok().and_then(|svg| Theme::of_svg(&svg));
        Ok(self.figures(experiment)?.iter().all(|path| drawn(path) == Some(self.theme)))
    }

    /// Writes the tables as Parquet and CSV, the experiment file, and the record of the run; returns their paths.
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
        for table in tables {
            write(folder.join(format!("{}.parquet", table.name())), &frame::to_parquet(table)?)?;
            write(folder.join(format!("{}.csv", table.name())), &frame::to_csv(table)?)?;
        }
        let names: Vec<&str> = tables.iter().map(crate::table::Table::name).collect();
        let record = machine::record(project, experiment, &names, verdict, seconds);
        write(folder.join("run.json"), format!("{record:#}\n").as_bytes())?;
        write(marker, experiment.document.text.as_bytes())?;
        Ok(written)
    }

    /// Tables stored by the last run of this experiment file.
    pub(super) fn stored(&self, experiment: &Selected) -> Result<Tables> {
        let folder = self.results.join(experiment.id());
        let again = format!("run it again: neurodyn run {}", experiment.id());
        let text = std::fs::read_to_string(folder.join(EXPERIMENT))
            .map_err(|_| anyhow!("{}: no complete results; {again}", folder.display()))?;
        if !experiment.document.computes_like(&text) {
            let file = experiment.document.path.display();
            return Err(anyhow!("{}: results of another version of {file}; {again}", folder.display()));
        }
        let record: serde_json::Value = serde_json::from_str(&files::read(&folder.join("run.json"))?)
            .with_context(|| format!("{}: damaged; {again}", folder.join("run.json").display()))?;
        let names = record["tables"].as_array().cloned().unwrap_or_default();
        names
            .iter()
            .filter_map(|name| name.as_str())
            .map(|name| {
                let path = folder.join(format!("{name}.parquet"));
                let bytes =
                    std::fs::read(&path).with_context(|| format!("{}: cannot be read; {again}", path.display()))?;
                frame::from_parquet(name, bytes).with_context(|| format!("{}: damaged; {again}", path.display()))
            })
            .collect()
    }

    /// Draws and writes all figures; returns their paths.
    pub(super) fn write_figures(&self, experiment: &Selected, tables: &Tables) -> Result<Written> {
        draw(experiment, tables, |_| self.theme)?
            .into_iter()
            .map(|(name, svg)| {
                let path = self.figures.join(&name);
                files::write(&path, svg.as_bytes())?;
                Ok(path)
            })
            .collect()
    }
}

/// All figures of an experiment: file names and SVG texts, each in the theme that goes with its file name.
pub(super) fn draw(
    experiment: &Selected,
    tables: &Tables,
    theme: impl Fn(&str) -> Theme,
) -> Result<Vec<(String, String)>> {
    let csv = csv_files(experiment.id(), tables)?;
    let mut sorted: Vec<(&str, &[u8])> = csv.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    sorted.sort();
    let metadata = Provenance::new(&experiment.document, digest(sorted)).to_xml();
    experiment
        .entry
        .figures(&experiment.document)?
        .iter()
        .map(|figure| {
            let name = format!("{}.svg", figure.name);
            let svg = render(figure, tables, &metadata, theme(&name))?;
            Ok((name, svg))
        })
        .collect()
}

/// Golden file names and CSV texts of all tables.
pub(super) fn csv_files(id: &str, tables: &Tables) -> Result<Vec<(String, Vec<u8>)>> {
    tables.iter().map(|table| Ok((golden::file_name(id, table, tables.len()), frame::to_csv(table)?))).collect()
}
