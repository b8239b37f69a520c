//! The one place that writes what commands leave behind.
//!
//! Each file is written whole or not at all (`files`). Files that count only together have a marker: see [`Marker`].

use crate::files;
use crate::provenance::digest;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// A file to be written: its path below the folder that is written to, and its bytes.
pub type File = (PathBuf, Vec<u8>);

/// Paths of written files below that folder, and digests of what was written.
pub(super) type Written = Vec<(PathBuf, String)>;

/// Makes sure that files of these paths can be written to this folder, before the first of them is.
pub(super) fn check<'a>(folder: &Path, paths: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    files::check_writable(folder)?;
    for path in paths {
        files::check_replaceable(&folder.join(path))?;
    }
    Ok(())
}

/// Writes files, in this order.
pub(super) fn write(folder: &Path, files: &[File]) -> Result<Written> {
    let write = |(path, bytes): &File| {
        files::write(&folder.join(path), bytes)?;
        Ok((path.clone(), digest([("", bytes.as_slice())])))
    };
    files.iter().map(write).collect()
}

/// Writes files that no project is about, once all of them can be, and returns their paths.
pub fn write_files(folder: &Path, files: &[File]) -> Result<Vec<PathBuf>> {
    check(folder, files.iter().map(|(path, _)| path.as_path()))?;
    let written = write(folder, files)?;
    Ok(written.into_iter().map(|(path, _)| folder.join(path)).collect())
}

/// Writes files that count for nothing without the last, their marker.
pub(super) fn write_marked(folder: &Path, files: &[File], (path, bytes): &File) -> Result<Written> {
    let marker = Marker::remove(folder, path.clone())?;
    let mut written = write(folder, files)?;
    written.extend(marker.write(bytes)?);
    Ok(written)
}

/// A file that says that others are whole. It is removed before the first of them is written, and written after the last, so that it is never
/// there beside files of two runs or a part of them.
#[must_use]
pub(super) struct Marker<'a> {
    folder: &'a Path,
    path: PathBuf,
}

impl<'a> Marker<'a> {
    /// Removes it.
    pub(super) fn remove(folder: &'a Path, path: PathBuf) -> Result<Self> {
        files::remove(&folder.join(&path))?;
        Ok(Self { folder, path })
    }

    /// Writes it.
    pub(super) fn write(self, bytes: &[u8]) -> Result<Written> {
        write(self.folder, &[(self.path, bytes.to_vec())])
    }
}
