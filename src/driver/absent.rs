//! A file that is not the one meant: a figure in the place of an experiment, or one that is not there.

use crate::files;
use crate::nearest::nearest;
use crate::provenance::Media;
use anyhow::{Error, Result, anyhow};
use std::path::{Path, PathBuf};

/// The error about a file, with the name of the one that is meant where there is none of its own.
pub(super) fn explained(error: impl Into<Error>, path: &Path) -> Error {
    let error = error.into();
    match if path.exists() { None } else { meant(path) } {
        Some(near) => anyhow!("{error}; is {} meant?", near.display()),
        None => error,
    }
}

/// Refuses a figure where an experiment file is meant.
pub(super) fn refuse_figure(path: &Path) -> Result<()> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("svg" | "pdf" | "png") => Err(anyhow!(
            "{0}: this is a figure, not an experiment file; to compute it again: neurodyn verify {0}; to make an experiment of it: neurodyn new \
             NAME --from {0}",
            path.display()
        )),
        _ => Ok(()),
    }
}

/// The text of a file that a user has named, from here.
pub(super) fn read(shown: &Path, here: &Path) -> Result<String> {
    files::read_by_hand(&here.join(shown)).map_err(|error| explained(error, shown))
}

/// The nearest file beside it, or the figure that has its name.
fn meant(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let figure = |media: &Media| Path::new("figures").join(format!("{name}.{}", media.extension()));
    near_in(path.parent()?, name).or_else(|| Media::ALL.iter().map(figure).find(|figure| figure.is_file()))
}

/// A file of this folder; a name without an ending may be that of a file with one.
fn near_in(folder: &Path, name: &str) -> Option<PathBuf> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let files = std::fs::read_dir(here).ok()?.flatten().filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    let stem = |file: &'_ str| Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let whole = nearest(name, names.iter().map(String::as_str));
    let near = whole.map(str::to_owned).or_else(|| {
        let stems: Vec<String> = names.iter().filter_map(|file| stem(file)).collect();
        let near = nearest(name, stems.iter().map(String::as_str))?;
        names.iter().find(|file| stem(file).as_deref() == Some(near)).cloned()
    });
    Some(folder.join(near?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_lead_to_files_and_nothing_leads_to_folders() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for name in ["map.svg", "map.pdf", "widths.toml"] {
            std::fs::write(root.join(name), "").expect("written");
        }
        std::fs::create_dir(root.join("phase.svg")).expect("created");
        for (name, found) in [
            ("mpa.svg", Some("map.svg")),
            ("map.pfd", Some("map.pdf")),
            ("width.toml", Some("widths.toml")),
            ("width", Some("widths.toml")),
            ("phases.svg", None),
            ("nothing.of_the_kind", None),
        ] {
            assert_eq!(meant(&root.join(name)), found.map(|found| root.join(found)), "{name}");
        }
        assert_eq!(explained(anyhow!("no"), &root.join("map.svg")).to_string(), "no");
    }
}
