//! A project on disk: experiment files, golden data, figures.

use crate::config::{ConfigError, Document, check_seeds};
use crate::experiments::{Entry, find};
use crate::files;
use crate::nearest::instead;
use crate::provenance::digest;
use crate::render::check_label;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// A folder with `experiments/`, or the folder of an experiment file that is in none: `figures/` and `results/` are below it, and
/// golden data in `tests/golden/` where it has a folder `tests`, in `golden/` elsewhere.
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    golden: PathBuf,
    documents: Vec<Document>,
    /// Files named that are not among those of the project.
    others: Vec<Document>,
}

/// Whether an experiment is given by its file rather than by its name.
pub fn is_file(name: &str) -> bool {
    name.ends_with(".toml") || name.contains(std::path::is_separator)
}

/// Refuses a figure where an experiment file is meant.
fn refuse_figure(path: &Path) -> Result<()> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("svg" | "pdf" | "png") => Err(anyhow!(
            "{0}: this is a figure, not an experiment file; to compute it again: neurodyn verify {0}; to make an experiment of it: neurodyn new \
             NAME --from {0}",
            path.display()
        )),
        _ => Ok(()),
    }
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

    /// What commands call it: its identifier, or its file where that is not one of the project.
    pub(super) fn called(&self) -> String {
        let path = &self.document.path;
        let own = path.parent() == Some(Path::new("experiments"));
        if own { self.id().to_owned() } else { path.display().to_string() }
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
            .map(|path| Ok(Document::parse(&shown(path), files::read_by_hand(path)?)?))
            .collect::<Result<Vec<_>>>()?;
        check_seeds(&documents)?;
        Ok(Self { documents, ..Self::empty(root) })
    }

    fn empty(root: &Path) -> Self {
        let tests = root.join("tests");
        let golden = if tests.is_dir() { tests.join("golden") } else { root.join("golden") };
        Self { root: root.to_owned(), golden, documents: Vec::new(), others: Vec::new() }
    }

    /// With golden data in this folder.
    pub fn with_golden(self, folder: &Path) -> Self {
        Self { golden: folder.to_owned(), ..self }
    }

    /// The project that these experiments belong to, names and files alike: `root`, or the nearest one upwards, of a file from its
    /// folder, of names from `here`. A file in no project is one for itself.
    pub fn of(names: &[String], root: Option<&Path>, here: &Path) -> Result<Self> {
        let mut found: Option<(PathBuf, &String)> = None;
        for name in names.iter().filter(|name| is_file(name)) {
            let path = here.join(name);
            let folder = path.parent().unwrap_or(here);
            // without `..`, so that what is upwards is above
            let folder = &folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            let own = match root {
                Some(root) => root.to_owned(),
                None => Self::root_from(folder).unwrap_or_else(|_| folder.to_owned()),
            };
            match &found {
                Some((other, first)) if *other != own => {
                    return Err(anyhow!(
                        "{first} and {name} belong to two projects, {} and {}",
                        other.display(),
                        own.display()
                    ));
                }
                _ => found = Some((own, name)),
            }
        }
        let Some((own, _)) = found else {
            return Self::load(&root.map_or_else(|| Self::root_from(here), |root| Ok(root.to_owned()))?);
        };
        let mut project = if own.join("experiments").is_dir() { Self::load(&own)? } else { Self::empty(&own) };
        for name in names.iter().filter(|name| is_file(name)) {
            project.add(Path::new(name), here)?;
        }
        Ok(project)
    }

    /// Takes in a file that may be one of the project anyway.
    fn add(&mut self, shown: &Path, here: &Path) -> Result<()> {
        refuse_figure(shown)?;
        let document = Document::parse(shown, files::read_by_hand(&here.join(shown))?)?;
        let same = |other: &&Document| other.id == document.id;
        if let Some(other) = self.documents.iter().chain(&self.others).find(same) {
            let (this, that) = (here.join(shown).canonicalize(), here.join(self.root.join(&other.path)).canonicalize());
            if this.ok() == that.ok() {
                return Ok(());
            }
            return Err(anyhow!(
                "{} and {} would have one name, {:?}",
                other.path.display(),
                shown.display(),
                document.id
            ));
        }
        self.others.push(document);
        let all: Vec<Document> = self.documents.iter().chain(&self.others).cloned().collect();
        check_seeds(&all)?;
        // no folder of experiments: the files named are all there are
        if !self.root.join("experiments").is_dir() {
            self.documents.append(&mut self.others);
        }
        Ok(())
    }

    /// Every experiment file, in the order of their names.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The nearest folder from `start` upwards that has an `experiments` folder.
    pub fn root_from(start: &Path) -> Result<PathBuf> {
        start.ancestors().find(|folder| folder.join("experiments").is_dir()).map(Path::to_owned).ok_or_else(|| {
            anyhow!("{}: no folder called experiments here or above; give --root, or a file", start.display())
        })
    }

    /// The experiments of these names, all for none, with their parameters checked.
    pub fn select(&self, ids: &[String]) -> Result<Vec<Selected>> {
        let documents = || self.documents.iter().chain(&self.others);
        let known = || self.documents.iter().map(|document| document.id.as_str()).collect::<Vec<_>>();
        let mut chosen: Vec<&Document> = Vec::new();
        for id in ids {
            refuse_figure(Path::new(id))?;
            let file =
                is_file(id).then(|| Path::new(id).file_stem().unwrap_or_default().to_string_lossy().into_owned());
            let name = file.as_ref().unwrap_or(id);
            let document = documents()
                .find(|document| document.id == *name)
                .ok_or_else(|| anyhow!("no experiment is called {id:?}{}", instead(id, &known())))?;
            if !chosen.iter().any(|other| other.id == *name) {
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
        self.golden.clone()
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
