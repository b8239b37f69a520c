//! Parquet, by polars: columns of numbers without gaps.

use super::archive::{Entry, Place};
use super::error::Fault;
use super::kind::Kind;
use super::{Array, MOST_UNFOLDED};
use neurodyn_table::foreign;

/// What a file of Parquet begins and ends with.
pub(crate) const MAGIC: &[u8] = b"PAR1";

fn refused(why: foreign::Refusal) -> Fault {
    Fault::new(why.found, why.allowed)
}

/// Most bytes that its numbers may take.
fn most(bytes: &[u8]) -> u64 {
    MOST_UNFOLDED.saturating_mul(bytes.len() as u64).saturating_add(1 << 20)
}

pub(crate) fn entry(bytes: &[u8]) -> Result<Entry, Fault> {
    let (rows, columns) = foreign::size_of_numbers(bytes, most(bytes)).map_err(refused)?;
    let (shape, written) = (vec![rows, columns], "columns of numbers".to_owned());
    Ok(Entry { name: String::new(), shape, written, kind: Some(Kind::F64), place: Place::Columns })
}

pub(crate) fn array(bytes: &[u8], entry: &Entry) -> Result<Array, Fault> {
    let values = foreign::numbers(bytes, most(bytes)).map_err(refused)?;
    Ok(Array { name: String::new(), shape: entry.shape.clone(), values })
}
