//! A project on disk: experiment files, golden data, figures.

use super::absent::{read, refuse_figure};
use super::numbers;
use crate::config::{ConfigError, Document, same_seed};
use crate::experiments::find;
use crate::files;
use crate::nearest::instead;
use crate::provenance::digest;
use crate::render::check_label;
use anyhow::{Context, Result, anyhow};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A folder with `experiments/`, or the folder of an experiment file that is in none: `figures/` and `results/` are below it, and
/// golden data in `tests/golden/` where it has a folder `tests`, in `golden/` elsewhere.
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    golden: PathBuf,
    members: Vec<Member>,
    /// Files named that are not among those of the project.
    others: Vec<Member>,
    faults: Vec<Fault>,
}

/// A file of the project that cannot be used; it stops no other.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What its experiment would be called.
    pub id: String,
    /// The file.
    pub path: PathBuf,
    /// What is wrong, and where.
    pub message: String,
    /// The seed that it states, as far as that can be told.
    pub(super) seed: Option<u64>,
}

/// An experiment of the project, its parameters checked, and the names of its figures.
struct Member {
    selected: Selected,
    figures: Vec<String>,
}

impl Member {
    fn new(document: Document) -> Result<Self> {
        let selected = find(document)?;
        check_labels(&selected.document)?;
        numbers::check_names(&selected.document)?;
        let figures = selected.figure_names()?;
        Ok(Self { selected, figures })
    }

    fn document(&self) -> &Document {
        &self.selected.document
    }

    /// Why both cannot be in one project.
    fn clash(&self, other: &Self) -> Option<String> {
        let (one, two) = (self.document(), other.document());
        if let Some(error) = same_seed(one, two) {
            return Some(error.to_string());
        }
        let shared = self.figures.iter().find(|name| other.figures.contains(name))?;
        let (one, two) = (one.path.display(), two.path.display());
        Some(format!("{one} and {two} both draw figures/{shared}.svg; one of them needs another name"))
    }
}

impl Fault {
    fn new(path: &Path, text: &str, message: String) -> Self {
        let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Self { id, path: path.to_owned(), message, seed: stated_seed(text) }
    }
}

/// The seed in the text of a file that may be no TOML.
fn stated_seed(text: &str) -> Option<u64> {
    let stated = |line: &str| {
        let value = line.trim_start().strip_prefix("seed")?.trim_start().strip_prefix('=')?;
        let digits = value.trim_start().split(|letter: char| !letter.is_ascii_digit() && letter != '_').next()?;
        digits.replace('_', "").parse().ok()
    };
    text.lines().find_map(stated)
}

/// Whether an experiment is given by its file rather than by its name.
pub fn is_file(name: &str) -> bool {
    name.ends_with(".toml") || name.contains(std::path::is_separator)
}

/// Refuses labels that could not be drawn.
fn check_labels(document: &Document) -> Result<(), ConfigError> {
    for label in document.labels() {
        check_label(label.text, label.template).map_err(|error| document.error_in(&label.path, &error.to_string()))?;
    }
    Ok(())
}

/// One experiment chosen to work on.
pub use crate::experiment::Loaded as Selected;

impl Project {
    /// Reads every experiment file of the project. Those that cannot be used are its faults: files that are wrong in themselves, and those
    /// that share a seed or the name of a figure.
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
        let mut project = Self::empty(root);
        for path in paths {
            // shown as a user would write it
            let shown = path.strip_prefix(root).unwrap_or(&path);
            let text = files::read_by_hand(&path);
            let text = text.map_err(|error| project.faults.push(Fault::new(shown, "", error.to_string())));
            let Ok(text) = text else { continue };
            let document = Document::parse(shown, text.clone());
            let document = document.map(|document| Document { folder: folder.clone(), ..document });
            match document.map_err(Into::into).and_then(Member::new) {
                Ok(member) => project.members.push(member),
                Err(error) => project.faults.push(Fault::new(shown, &text, error.to_string())),
            }
        }
        project.part_clashing();
        Ok(project)
    }

    /// Makes faults of experiments that share a seed or the name of a figure: none of them can be used.
    fn part_clashing(&mut self) {
        let members = &self.members;
        let clash = |index: usize| {
            let others = members.iter().enumerate().filter(|(other, _)| *other != index);
            // both are told of each other in the same words
            others.map(|(other, member)| (index < other, member)).find_map(|(first, other)| {
                if first { members[index].clash(other) } else { other.clash(&members[index]) }
            })
        };
        let clashes: Vec<Option<String>> = (0..members.len()).map(clash).collect();
        for (member, clash) in std::mem::take(&mut self.members).into_iter().zip(clashes) {
            match clash {
                None => self.members.push(member),
                Some(message) => {
                    let Document { path, text, .. } = member.document();
                    let seed = Some(member.document().header.seed);
                    self.faults.push(Fault { seed, ..Fault::new(path, text, message) });
                }
            }
        }
        self.faults.sort_by(|one, two| one.path.cmp(&two.path));
    }

    /// This folder, with no experiments known.
    pub(super) fn empty(root: &Path) -> Self {
        let golden = Self::usual_golden(root);
        Self { root: root.to_owned(), golden, members: Vec::new(), others: Vec::new(), faults: Vec::new() }
    }

    fn usual_golden(root: &Path) -> PathBuf {
        let tests = root.join("tests");
        if tests.is_dir() { tests.join("golden") } else { root.join("golden") }
    }

    /// The folder of golden data, where it is not the one that it is without being told.
    pub(super) fn chosen_golden(&self) -> Option<&Path> {
        (self.golden != Self::usual_golden(&self.root)).then_some(self.golden.as_path())
    }

    /// With golden data in this folder.
    pub fn with_golden(self, folder: &Path) -> Self {
        Self { golden: folder.to_owned(), ..self }
    }

    /// The project that these experiments belong to, names and files alike: `root`, or the nearest one upwards, of a file from its
    /// folder, of names from `here`. A file in no project is one for itself.
    pub fn find(names: &[String], root: Option<&Path>, here: &Path) -> Result<Self> {
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
        let mut document = Document::parse(shown, read(shown, here)?)?;
        document.folder = here.join(&document.folder);
        let known = self.documents().chain(self.others.iter().map(Member::document));
        let known = known.map(|other| (&other.id, &other.path)).chain(self.faults.iter().map(|f| (&f.id, &f.path)));
        if let Some((_, other)) = known.into_iter().find(|(id, _)| **id == document.id) {
            let (this, that) = (here.join(shown).canonicalize(), here.join(self.root.join(other)).canonicalize());
            if this.ok() == that.ok() {
                return Ok(());
            }
            return Err(anyhow!("{} and {} would have one name, {:?}", other.display(), shown.display(), document.id));
        }
        let member = Member::new(document)?;
        if let Some(clash) = self.members.iter().chain(&self.others).find_map(|other| other.clash(&member)) {
            return Err(anyhow!(clash));
        }
        self.others.push(member);
        // no folder of experiments: the files named are all there are
        if !self.root.join("experiments").is_dir() {
            self.members.append(&mut self.others);
        }
        Ok(())
    }

    /// Every experiment file that can be used, in the order of their names.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.members.iter().map(Member::document)
    }

    /// Files of the project that cannot be used, in the order of their names.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The experiment that draws a figure of this name.
    pub(super) fn drawn_by(&self, figure: &str) -> Option<&Document> {
        let draws = |member: &&Member| member.figures.iter().any(|name| name == figure);
        self.members.iter().find(draws).map(Member::document)
    }

    /// The nearest folder from `start` upwards that has an `experiments` folder.
    pub fn root_from(start: &Path) -> Result<PathBuf> {
        start.ancestors().find(|folder| folder.join("experiments").is_dir()).map(Path::to_owned).ok_or_else(|| {
            anyhow!("{}: no folder called experiments here or above; give --root, or a file", start.display())
        })
    }

    /// The experiments of these names, all for none; one that cannot be used is refused where it is named, and where there is no other.
    pub fn select(&self, ids: &[String]) -> Result<Vec<Selected>> {
        if ids.is_empty() {
            if self.members.is_empty() && !self.faults.is_empty() {
                let messages: Vec<&str> = self.faults.iter().map(|fault| fault.message.as_str()).collect();
                return Err(anyhow!(messages.join("\n")));
            }
            return Ok(self.members.iter().map(|member| member.selected.clone()).collect());
        }
        let mut chosen: Vec<Selected> = Vec::new();
        for id in ids {
            refuse_figure(Path::new(id))?;
            let file =
                is_file(id).then(|| Path::new(id).file_stem().unwrap_or_default().to_string_lossy().into_owned());
            let name = file.as_ref().unwrap_or(id);
            if let Some(fault) = self.faults.iter().find(|fault| fault.id == *name) {
                return Err(anyhow!(fault.message.clone()));
            }
            let found = self.members.iter().chain(&self.others).find(|member| member.document().id == *name);
            let found = found.ok_or_else(|| self.unknown(id))?;
            if !chosen.iter().any(|other| other.id() == name) {
                chosen.push(found.selected.clone());
            }
        }
        Ok(chosen)
    }

    /// The error about a name that is no experiment.
    fn unknown(&self, id: &str) -> anyhow::Error {
        match self.drawn_by(id) {
            Some(document) => anyhow!("{id} is a figure of the experiment {0}; give that name: {0}", document.id),
            None => {
                let known: Vec<&str> = self.documents().map(|document| document.id.as_str()).collect();
                anyhow!("no experiment is called {id:?}{}", instead(id, &known))
            }
        }
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
        let unreadable = || format!("{}: cannot be read", folder.display());
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.with_context(unreadable)?,
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.with_context(unreadable)?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let stem = name.strip_suffix(".csv").unwrap_or_default();
            if stem == id || stem.strip_prefix(id).is_some_and(|rest| rest.starts_with('.')) {
                paths.push(path);
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// Golden data of an experiment, read once.
    pub(super) fn golden(&self, id: &str) -> Result<Golden> {
        let read = |path: PathBuf| files::bytes(&path).map(|content| (path, files::with_line_feeds(content)));
        Ok(Golden { files: self.golden_files(id)?.into_iter().map(read).collect::<Result<_, _>>()? })
    }

    /// Digest of an experiment's golden data; `None` without any.
    pub fn golden_digest(&self, id: &str) -> Result<Option<String>> {
        Ok(self.golden(id)?.digest())
    }
}

/// Golden data of one experiment, read once, so that the digest is that of the numbers compared.
pub(super) struct Golden {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Golden {
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files, in the order of their names.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// The text of the file of this name; `None` where there is none.
    pub(super) fn text(&self, name: &str) -> Option<Result<&str>> {
        let (path, content) = self.files.iter().find(|(path, _)| path.ends_with(name))?;
        Some(std::str::from_utf8(content).with_context(|| path.display().to_string()))
    }

    /// SHA-256 of names and contents; `None` without any.
    pub(super) fn digest(&self) -> Option<String> {
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let names: Vec<String> = self.paths().map(name).collect();
        let contents = self.files.iter().map(|(_, content)| content.as_slice());
        (!self.is_empty()).then(|| digest(names.iter().map(String::as_str).zip(contents)))
    }
}

#[cfg(test)]
mod tests {
    use super::stated_seed;

    #[test]
    fn the_seed_of_a_broken_file_is_found_where_it_is_stated() {
        for (text, seed) in [
            ("family = 1\nseed = 11 # x\n", Some(11)),
            ("seed=1_000\n", Some(1000)),
            ("  seed =  7", Some(7)),
            ("seeds = 7\n", None),
            ("seed = x\n", None),
            ("", None),
        ] {
            assert_eq!(stated_seed(text), seed, "{text}");
        }
    }
}
