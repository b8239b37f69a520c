//! The data that a figure was computed from: are they there, and are they the same?

use super::{Figure, Verification};
use crate::arrays::MOST_BYTES;
use crate::files;
use crate::provenance::sha256;
use std::io::ErrorKind;
use std::path::Path;

/// Why a figure cannot be computed from the data that are here.
pub(super) fn fault(figure: &Figure) -> Option<Verification> {
    let selected = &figure.given.selected;
    for file in selected.files() {
        let path = selected.document.folder.join(&file);
        if !is_below(&path, &figure.root) {
            let root = figure.root.display();
            return Some(figure.refused(format!("its data {file} lie outside of {root}, and nothing there is read")));
        }
        let stated = figure.given.provenance.data.iter().find(|(name, _)| *name == file);
        let Some((_, stated)) = stated else {
            return Some(figure.failed(format!("data: its experiment names {file}, but it states no digest of it")));
        };
        match files::bytes_at_most(&path, MOST_BYTES) {
            Err(error) if error.reason.kind() == ErrorKind::NotFound => {
                let path = path.display();
                return Some(figure.refused(format!("the data are missing: {path}, of SHA-256 {stated}, is wanted")));
            }
            Err(error) => return Some(figure.refused(format!("the data cannot be read: {error}"))),
            Ok(bytes) => {
                let found = sha256(&bytes);
                if found != *stated {
                    let path = path.display();
                    return Some(
                        figure.failed(format!("the data differ: {path} has SHA-256 {found}, stated is {stated}")),
                    );
                }
            }
        }
    }
    None
}

/// Whether a path, once links are followed, is in this folder or below it; true of what is not there in such a folder.
fn is_below(path: &Path, root: &Path) -> bool {
    let Ok(root) = root.canonicalize() else { return false };
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    match path.canonicalize() {
        Ok(path) => path.starts_with(root),
        Err(_) => folder.canonicalize().is_ok_and(|folder| folder.starts_with(root)),
    }
}

/// What is stated of data that the experiment does not read.
pub(super) fn unlike(stated: &[(String, String)], meant: &[(String, String)]) -> String {
    let names = |data: &[(String, String)]| {
        let names: Vec<&str> = data.iter().map(|(file, _)| file.as_str()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    format!("data: it states {}, but its experiment reads {}", names(stated), names(meant))
}
