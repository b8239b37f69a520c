//! A file of arrays: what is in it, and its arrays one at a time.

use super::error::Fault;
use super::kind::{Kind, Order};
use super::{Array, ArrayError, MOST_BYTES, npy, npz, tensors};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// An array that a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name; empty in an NPY file.
    pub name: String,
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// The type of its numbers as the file writes it.
    pub written: String,
    /// The type of its numbers; none where they cannot be read as numbers.
    pub kind: Option<Kind>,
    pub(crate) place: Place,
}

/// Where the numbers are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Place {
    /// These bytes of the file, little-endian and in row order.
    Bytes(Range<usize>),
    /// All bytes after the head.
    File,
    /// A member of an archive.
    Member(usize),
}

/// A file of arrays, whose format its bytes tell.
pub struct Archive {
    file: PathBuf,
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

impl Archive {
    /// Reads a file of at most [`MOST_BYTES`].
    pub fn open(file: &Path) -> Result<Archive, ArrayError> {
        Archive::from_bytes(file, neurodyn_files::bytes_at_most(file, MOST_BYTES)?)
    }

    /// The same from bytes; the file is for messages.
    pub fn from_bytes(file: &Path, bytes: Vec<u8>) -> Result<Archive, ArrayError> {
        let entries = if bytes.starts_with(npy::MAGIC) {
            npy::head(&bytes).map(|head| {
                let npy::Head { shape, written, kind, .. } = head;
                vec![Entry { name: String::new(), shape, written, kind, place: Place::File }]
            })
        } else if bytes.starts_with(b"PK") {
            npz::entries(&bytes)
        } else if tensors::looks_so(&bytes) {
            tensors::entries(&bytes)
        } else {
            Err(unknown(&bytes))
        };
        let entries = entries.map_err(|fault| fault.at(file, None))?;
        Ok(Archive { file: file.to_owned(), bytes, entries })
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// All bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the file holds, in its order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Reads one of its arrays.
    pub fn array(&self, entry: &Entry) -> Result<Array, ArrayError> {
        let read = || {
            let kind = entry.kind.ok_or_else(|| no_numbers(&entry.written))?;
            match &entry.place {
                Place::Bytes(range) => {
                    let bytes = self.bytes.get(range.clone()).unwrap_or_default();
                    let needed = kind.bytes(&entry.shape)?;
                    if bytes.len() != needed {
                        return Err(Fault::new(format!("{} bytes of numbers", bytes.len()), needed.to_string()));
                    }
                    let values = kind.decode(bytes, &entry.shape, Order::default());
                    Ok(Array { name: entry.name.clone(), shape: entry.shape.clone(), values })
                }
                Place::File => {
                    let head = npy::head(&self.bytes)?;
                    npy::numbers(&entry.name, &head, &self.bytes[head.length..])
                }
                &Place::Member(index) => npz::array(&self.bytes, entry, index),
            }
        };
        read().map_err(|fault| fault.at(&self.file, Some(&entry.name)))
    }

    /// The only array of a file that is to hold one.
    pub fn single(&self) -> Result<Array, ArrayError> {
        match &self.entries[..] {
            [entry] => self.array(entry),
            entries => {
                let names: Vec<&str> = entries.iter().take(10).map(|entry| entry.name.as_str()).collect();
                let found = format!("{} arrays ({})", entries.len(), names.join(", "));
                Err(Fault::new(found, "one array").at(&self.file, None))
            }
        }
    }
}

pub(crate) fn no_numbers(written: &str) -> Fault {
    Fault::new(format!("numbers of type {written}"), Kind::allowed())
}

fn unknown(bytes: &[u8]) -> Fault {
    let found = match bytes {
        [] => "an empty file",
        [0x89, b'H', b'D', b'F', ..] => "an HDF5 file",
        [0x80, ..] => "a Python pickle",
        _ => "none of them",
    };
    Fault::new(found, "NPY, NPZ (numpy.savez) or safetensors")
}
