//! NPZ: a ZIP archive of NPY files, stored or deflated.

use super::Array;
use super::archive::{Entry, Place};
use super::error::Fault;
use super::npy;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// How many times its own size an archive may unfold to, beside a MiB. Weights hardly become smaller, and what is mostly zeros is no network.
pub const MOST_UNFOLDED: u64 = 100;
/// Most members of an archive.
const MOST_MEMBERS: usize = 100_000;

type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn open(bytes: &[u8]) -> Result<Zip<'_>, Fault> {
    ZipArchive::new(Cursor::new(bytes)).map_err(damaged)
}

fn damaged(error: impl std::fmt::Display) -> Fault {
    Fault::new(
        format!("a damaged archive ({error})"),
        "a ZIP archive of NPY files, stored or deflated, as numpy.savez writes it",
    )
}

pub(crate) fn entries(bytes: &[u8]) -> Result<Vec<Entry>, Fault> {
    let mut zip = open(bytes)?;
    if zip.len() > MOST_MEMBERS {
        return Err(Fault::new(format!("{} members", zip.len()), format!("at most {MOST_MEMBERS}")));
    }
    let most = MOST_UNFOLDED.saturating_mul(bytes.len() as u64).saturating_add(1 << 20);
    let mut total = 0u64;
    let mut entries = Vec::new();
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).map_err(damaged)?;
        total = total.saturating_add(member.size());
        if total > most {
            let found = format!("members of over {most} bytes in an archive of {}", bytes.len());
            return Err(Fault::new(found, format!("{MOST_UNFOLDED} times its size and a MiB")));
        }
        let written = member.name().map_err(damaged)?.into_owned();
        let place = Place::Member(index);
        let Some(name) = written.strip_suffix(".npy") else {
            entries.push(Entry {
                name: written,
                shape: Vec::new(),
                written: "no NPY file".to_owned(),
                kind: None,
                place,
            });
            continue;
        };
        let head = head(&mut member)?;
        entries.push(Entry { name: name.to_owned(), shape: head.shape, written: head.written, kind: head.kind, place });
    }
    Ok(entries)
}

pub(crate) fn array(bytes: &[u8], entry: &Entry, index: usize) -> Result<Array, Fault> {
    let mut zip = open(bytes)?;
    let mut member = zip.by_index(index).map_err(damaged)?;
    let head = head(&mut member)?;
    let size = member.size();
    let most = MOST_UNFOLDED.saturating_mul(bytes.len() as u64).saturating_add(1 << 20);
    // one byte more than there may be, so that more is seen; at the end the check sum is compared
    let mut numbers = Vec::new();
    member.take(size.min(most).saturating_add(1)).read_to_end(&mut numbers).map_err(damaged)?;
    npy::numbers(&entry.name, &head, &numbers)
}

/// The head of the NPY file, and nothing after it.
fn head(member: &mut impl Read) -> Result<npy::Head, Fault> {
    let mut bytes = Vec::new();
    member.by_ref().take(12).read_to_end(&mut bytes).map_err(damaged)?;
    let length = npy::head_length(&bytes)?;
    // a shorter head than what has been read would be no dictionary
    let rest = length.checked_sub(bytes.len()).ok_or_else(|| Fault::new("an empty header", "a Python dictionary"))?;
    member.take(rest as u64).read_to_end(&mut bytes).map_err(damaged)?;
    npy::head(&bytes)
}
