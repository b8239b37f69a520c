//! A project on disk: experiment files, golden data, figures.

use crate::config::{ConfigError, Document, check_seeds};
use crate::experiments::{Entry, find};
use crate::files;
use crate::provenance::digest;
use crate::render::check_label;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// A folder with `experiments/`, `figures/` and `tests/golden/`.
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    documents: Vec<Document>,
}

/// Refuses labels that could not be drawn.
fn check_labels(document: &Document) -> Result<(), ConfigError> {
    for label in document.labels() {
        check_label(label.text, label.template).map_err(|error| document.error_in(&label.path, &error.to_string()))?;
    }
    Ok(())
}

/// One experiment chosen to work on.
pub struct Selected {
    /// Its file.
    pub document: Document,
    /// What runs it.
    pub entry: &'static Entry,
}

impl Selected {
    /// Its identifier.
    pub fn id(&self) -> &str {
        &self.document.id
    }
}

impl Project {
    /// Reads every experiment file of the project, and refuses seeds used twice.
    pub fn load(root: &Path) -> Result<Self> {
        let folder = root.join("experiments");
        let entries = std::fs::read_dir(&folder).with_context(|| format!("{}: cannot be read", folder.display()))?;
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.with_context(|| format!("{}: cannot be read", folder.display()))?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if !hidden && path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
        }
        paths.sort();
        // shown as a user would write it
        let shown = |path: &Path| path.strip_prefix(root).map_or(path.to_owned(), Path::to_owned);
        let documents = paths
            .iter()
            .map(|path| Ok(Document::parse(&shown(path), files::read(path)?)?))
            .collect::<Result<Vec<_>>>()?;
        check_seeds(&documents)?;
        Ok(Self { root: root.to_owned(), documents })
    }

    /// Every experiment file, in the order of their names.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The nearest folder from `start` upwards that has an `experiments` folder.
    pub fn root_from(start: &Path) -> Result<PathBuf> {
        start
            .ancestors()
            .find(|folder| folder.join("experiments").is_dir())
            .map(Path::to_owned)
            .ok_or_else(|| anyhow!("{}: no folder called experiments here or above; give --root", start.display()))
    }

    /// The experiments of these names, all for none, with their parameters checked.
    pub fn select(&self, ids: &[String]) -> Result<Vec<Selected>> {
        let known = || self.documents.iter().map(|document| document.id.as_str()).collect::<Vec<_>>().join(", ");
        let mut chosen: Vec<&Document> = Vec::new();
        for id in ids {
            let document = self
                .documents
                .iter()
                .find(|document| document.id == *id)
                .ok_or_else(|| anyhow!("no experiment is called {id:?}; there are: {}", known()))?;
            if !chosen.iter().any(|other| other.id == *id) {
                chosen.push(document);
            }
        }
        if ids.is_empty() {
            chosen = self.documents.iter().collect();
        }
        let mut figures: Vec<(String, String)> = Vec::new();
        let mut selected = Vec::new();
        for document in chosen {
            let entry = find(document)?;
            check_labels(document)?;
            for figure in entry.figures(document)? {
                if let Some((_, other)) = figures.iter().find(|(name, _)| *name == figure.name) {
                    return Err(anyhow!("{} and {other} both draw figures/{}.svg", document.id, figure.name));
                }
                figures.push((figure.name, document.id.clone()));
            }
            selected.push(Selected { document: document.clone(), entry });
        }
        Ok(selected)
    }

    /// Folder of golden data.
    pub fn golden_folder(&self) -> PathBuf {
        self.root.join("tests").join("golden")
    }

    /// Whether an experiment has golden data.
    pub fn has_golden(&self, id: &str) -> bool {
        self.golden_files(id).is_ok_and(|files| !files.is_empty())
    }

    /// Golden files of an experiment, in the order of their names.
    pub fn golden_files(&self, id: &str) -> Result<Vec<PathBuf>> {
        let folder = self.golden_folder();
        let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.with_context(|| format!("{}: cannot be read", folder.display()))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let stem = name.strip_suffix(".csv").unwrap_or_default();
            if stem == id || stem.strip_prefix(id).is_some_and(|rest| rest.starts_with('.')) {
                paths.push(path);
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// Digest of an experiment's golden data; `None` without any.
    pub fn golden_digest(&self, id: &str) -> Result<Option<String>> {
        let paths = self.golden_files(id)?;
        let mut contents = Vec::new();
        for path in &paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            contents.push((name, files::read(path)?));
        }
        let pairs = contents.iter().map(|(name, text)| (name.as_str(), text.as_bytes()));
        Ok((!contents.is_empty()).then(|| digest(pairs)))
    }
}
