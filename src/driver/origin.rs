//! Whether the experiment in a figure is the one that the project of the reader has under that name.

use super::given::Given;
use super::{Project, Setting};
use crate::config::Document;
use crate::files;
use std::path::{Path, PathBuf};

/// Where the experiment of a figure is known from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// From the figure alone: no project here has an experiment of this name.
    FigureAlone,
    /// It is no experiment but a measurement, of these files.
    Files {
        /// Their names and digests.
        files: Vec<String>,
    },
    /// It is this experiment file, to the last byte, with the settings that the figure states, if it states any.
    Project {
        /// The file.
        file: String,
    },
    /// It is not this experiment file, which has its name.
    Other {
        /// The file.
        file: String,
        /// How it differs.
        difference: String,
    },
}

/// The experiment file that a figure is held against, and the folder of its project: `root`, or the nearest one from the figure's folder
/// upwards, or the one beside that folder, or the nearest one from `here` upwards.
pub(super) fn place(given: &Given, root: Option<&Path>, here: &Path) -> Option<(PathBuf, PathBuf)> {
    let name = format!("{}.toml", given.document().id);
    let of_project = |root: PathBuf| (root.join("experiments").join(&name), root);
    let candidates = match root {
        Some(root) => vec![of_project(here.join(root))],
        None => {
            let folder = here.join(&given.path).parent().map(Path::to_owned);
            // without `..`, so that what is upwards is above
            let folder = folder.map(|folder| folder.canonicalize().unwrap_or(folder));
            let own = folder.as_ref().and_then(|folder| Project::root_from(folder).ok()).map(of_project);
            let beside = folder.as_ref().and_then(|folder| folder.parent());
            let beside = beside.map(|folder| (folder.join(&name), folder.to_owned()));
            let around = Project::root_from(here).ok().map(of_project);
            own.into_iter().chain(beside).chain(around).collect()
        }
    };
    candidates.into_iter().find(|(file, _)| file.is_file())
}

/// Holds a figure against the experiment file of its name.
pub(super) fn origin(given: &Given, root: Option<&Path>, here: &Path) -> Origin {
    place(given, root, here).map_or(Origin::FigureAlone, |(file, _)| origin_in(given, &file, here))
}

/// Holds a figure against this experiment file.
pub(super) fn origin_in(given: &Given, path: &Path, here: &Path) -> Origin {
    let document = given.document();
    let file = path.strip_prefix(here).unwrap_or(path).display().to_string();
    let other = |difference| Origin::Other { file: file.clone(), difference };
    let text = match files::read(path) {
        Ok(text) => text,
        Err(error) => return other(error.to_string()),
    };
    match set(given, path, text) {
        Err(error) => other(error),
        Ok(text) if text == document.text => Origin::Project { file },
        Ok(text) => other(difference(document, &text)),
    }
}

/// How a text differs from that of a document.
pub(super) fn difference(document: &Document, text: &str) -> String {
    let fields = document.differences(text);
    if fields.is_empty() { "comments or layout differ".to_owned() } else { fields.join("; ") }
}

/// The text of a file with the values that the figure says were set in it.
fn set(given: &Given, path: &Path, text: String) -> Result<String, String> {
    if given.provenance.settings.is_empty() {
        return Ok(text);
    }
    let settings =
        given.provenance.settings.iter().map(|setting| setting.parse()).collect::<Result<Vec<Setting>, _>>()?;
    let read = Document::parse(path, text);
    let document = read.and_then(|document| document.with_settings(&settings)).map_err(|error| error.to_string())?;
    Ok(document.text)
}
