//! Results of earlier runs, read back.

use super::contents::{EXPERIMENT, RECORD, RESULTS};
use super::{Project, Selected};
use crate::experiment::Tables;
use crate::files;
use crate::provenance::digest;
use crate::table::frame;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// Where results are read.
pub(super) struct Stored {
    results: PathBuf,
    /// Results of experiments that have none in `results`.
    others: Option<PathBuf>,
}

impl Stored {
    /// Below this folder.
    pub(super) fn below(folder: &Path) -> Self {
        Self { results: folder.join(RESULTS), others: None }
    }

    /// Below this folder; without one below that which is written to, and in the project what it lacks.
    pub(super) fn find(project: &Project, folder: Option<&Path>, out: &Path) -> Self {
        match folder {
            Some(folder) => Self::below(folder),
            None => Self { others: Some(project.root.join(RESULTS)), ..Self::below(out) },
        }
    }

    /// The folder of all of them.
    pub(super) fn folder(&self) -> &Path {
        &self.results
    }

    /// The folder of an experiment.
    fn folder_of(&self, id: &str) -> PathBuf {
        let own = self.results.join(id);
        match &self.others {
            Some(others) if !own.is_dir() => others.join(id),
            _ => own,
        }
    }

    /// The record of the last run.
    pub(super) fn record(&self, id: &str) -> Result<serde_json::Value> {
        let path = self.folder_of(id).join(RECORD);
        serde_json::from_str(&files::read(&path)?)
            .with_context(|| format!("{}: damaged; run it again: neurodyn run {id}", path.display()))
    }

    /// Tables stored by the last run of this experiment file.
    pub(super) fn tables(&self, experiment: &Selected) -> Result<Tables> {
        let folder = self.folder_of(experiment.id());
        if !folder.is_dir() {
            let folder = folder.display();
            return Err(anyhow!(
                "{folder}: no results here yet; compute them with: neurodyn run {}",
                experiment.called()
            ));
        }
        let again = format!("run it again: neurodyn run {}", experiment.called());
        let record = files::read(&folder.join(RECORD)).unwrap_or_default();
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
        let tables = tables.with_context(|| damaged(&folder.join(RECORD)))?;
        tables
            .iter()
            .map(|table| {
                let (Some(name), Some(stated)) = (table["name"].as_str(), table["digest"].as_str()) else {
                    return Err(anyhow!(damaged(&folder.join(RECORD))));
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
}
