//! A file of arrays: what is in it, and its arrays one at a time.

use super::error::Fault;
use super::kind::{Kind, Order};
use super::{Array, ArrayError, MOST_BYTES, gzip, idx, npy, npz, parquet, tensors, text};
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
    /// All bytes from here on, most significant first.
    BigEndian(usize),
    /// Numbers in text.
    Text,
    /// Columns of a table.
    Columns,
}

/// A file of arrays, whose format its bytes tell.
pub struct Archive {
    file: PathBuf,
    bytes: Vec<u8>,
    /// What was inside of a file of gzip.
    unfolded: Option<Vec<u8>>,
    entries: Vec<Entry>,
}

impl Archive {
    /// Reads a file of at most [`MOST_BYTES`].
    pub fn open(file: &Path) -> Result<Archive, ArrayError> {
        Archive::from_bytes(file, neurodyn_files::bytes_at_most(file, MOST_BYTES)?)
    }

    /// The same from bytes; the file is for messages.
    pub fn from_bytes(file: &Path, bytes: Vec<u8>) -> Result<Archive, ArrayError> {
        let unfolded = if gzip::looks_so(&bytes) { Some(gzip::unfold(&bytes)) } else { None };
        let unfolded = unfolded.transpose().map_err(|fault| fault.at(file, None))?;
        // what is packed twice would unfold too far
        if unfolded
            .as_ref()
            .is_some_and(|inside| [b"PK".as_slice(), parquet::MAGIC].iter().any(|start| inside.starts_with(start)))
        {
            let fault =
                Fault::new("an archive or a Parquet file in a file of gzip", "NPY, IDX, safetensors or text in it");
            return Err(fault.at(file, None));
        }
        let entries = entries(unfolded.as_deref().unwrap_or(&bytes)).map_err(|fault| fault.at(file, None))?;
        Ok(Archive { file: file.to_owned(), bytes, unfolded, entries })
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
        let content = self.unfolded.as_deref().unwrap_or(&self.bytes);
        let read = || {
            let kind = entry.kind.ok_or_else(|| no_numbers(&entry.written))?;
            match &entry.place {
                Place::Bytes(range) => {
                    let bytes = content.get(range.clone()).unwrap_or_default();
                    let needed = kind.bytes(&entry.shape)?;
                    if bytes.len() != needed {
                        return Err(Fault::new(format!("{} bytes of numbers", bytes.len()), needed.to_string()));
                    }
                    let values = kind.decode(bytes, &entry.shape, Order::default());
                    Ok(Array { name: entry.name.clone(), shape: entry.shape.clone(), values })
                }
                Place::File => {
                    let head = npy::head(content)?;
                    npy::numbers(&entry.name, &head, &content[head.length..])
                }
                &Place::Member(index) => npz::array(content, entry, index),
                &Place::BigEndian(start) => {
                    let order = Order { big_endian: true, first_axis_fastest: false };
                    let values = kind.decode(content.get(start..).unwrap_or_default(), &entry.shape, order);
                    Ok(Array { name: String::new(), shape: entry.shape.clone(), values })
                }
                Place::Text => {
                    let values = text::numbers(content)?;
                    Ok(Array { name: String::new(), shape: entry.shape.clone(), values })
                }
                Place::Columns => parquet::array(content, entry),
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

/// What is in a file with these bytes.
fn entries(bytes: &[u8]) -> Result<Vec<Entry>, Fault> {
    if bytes.starts_with(npy::MAGIC) {
        let npy::Head { shape, written, kind, .. } = npy::head(bytes)?;
        Ok(vec![Entry { name: String::new(), shape, written, kind, place: Place::File }])
    } else if bytes.starts_with(b"PK") {
        npz::entries(bytes)
    } else if tensors::looks_so(bytes) {
        tensors::entries(bytes)
    } else if bytes.starts_with(parquet::MAGIC) {
        Ok(vec![parquet::entry(bytes)?])
    } else if idx::looks_so(bytes) {
        Ok(vec![idx::entry(bytes)?])
    } else if text::looks_so(bytes) {
        Ok(vec![text::entry(bytes)?])
    } else {
        Err(unknown(bytes))
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
    Fault::new(found, "NPY, NPZ (numpy.savez), safetensors, IDX, Parquet or text of numbers (CSV)")
}
