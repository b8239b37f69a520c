//! What can be wrong with a file of arrays.

use std::path::{Path, PathBuf};

/// A file of arrays that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArrayError {
    /// The file itself.
    #[error(transparent)]
    File(#[from] neurodyn_files::FileError),
    /// What is in it.
    #[error("{}{}: found {found}; allowed is {allowed}", file.display(), of(array))]
    Content {
        /// The file.
        file: PathBuf,
        /// The array, where it is one array's fault.
        array: Option<String>,
        /// What was found.
        found: String,
        /// What is allowed there.
        allowed: String,
    },
}

fn of(array: &Option<String>) -> String {
    array.as_ref().filter(|name| !name.is_empty()).map(|name| format!(": array {name}")).unwrap_or_default()
}

/// What was found, and what is allowed: an error without its place.
#[derive(Debug)]
pub(crate) struct Fault {
    found: String,
    allowed: String,
}

impl Fault {
    pub(crate) fn new(found: impl Into<String>, allowed: impl Into<String>) -> Fault {
        Fault { found: found.into(), allowed: allowed.into() }
    }

    pub(crate) fn at(self, file: &Path, array: Option<&str>) -> ArrayError {
        let Fault { found, allowed } = self;
        ArrayError::Content { file: file.to_owned(), array: array.map(str::to_owned), found, allowed }
    }
}
