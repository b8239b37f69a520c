//! Numbers in Parquet files of others. What a file says of itself is held against its size before polars unfolds anything: types, rows, where pages are and
//! how large they become.

mod page;
#[cfg(test)]
mod tests;

use polars::prelude::*;
use std::cell::Cell;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// What was found.
    pub found: String,
    /// What is allowed.
    pub allowed: String,
}

fn refusal(found: impl Into<String>, allowed: impl Into<String>) -> Refusal {
    Refusal { found: found.into(), allowed: allowed.into() }
}

fn damaged(error: impl std::fmt::Display) -> Refusal {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    refusal(format!("a damaged file ({line})"), "a Parquet file")
}

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread will be caught here, so that nobody need hear of it.
pub fn panics_are_caught() -> bool {
    CAUGHT.get()
}

/// polars panics at some damaged files; for the reader that is an error like any other.
fn caught<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    CAUGHT.set(true);
    let found = catch_unwind(AssertUnwindSafe(read));
    CAUGHT.set(false);
    found.unwrap_or_else(|_| Err(damaged("polars cannot read it")))
}

/// Rows and columns of a file that has numbers alone; they and all pages may take this many bytes.
pub fn size_of_numbers(bytes: &[u8], most: u64) -> Result<(usize, usize), Refusal> {
    caught(|| size(bytes, most))
}

/// All numbers, row by row, of a file that [`size_of_numbers`] lets pass.
pub fn numbers(bytes: &[u8], most: u64) -> Result<Vec<f64>, Refusal> {
    caught(|| read(bytes, most))
}

fn size(bytes: &[u8], most: u64) -> Result<(usize, usize), Refusal> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let metadata = reader.get_metadata().map_err(damaged)?.clone();
    let schema = reader.schema().map_err(damaged)?;
    for (name, field) in schema.iter() {
        if !is_number(&field.dtype) {
            return Err(refusal(format!("column {name} of {:?}", field.dtype), ALLOWED));
        }
    }
    let (rows, columns) = (metadata.num_rows, schema.len());
    let beyond = || refusal(format!("{rows} rows of {columns} columns"), format!("what takes at most {most} bytes"));
    let needed = rows.checked_mul(columns).and_then(|count| count.checked_mul(8)).ok_or_else(beyond)?;
    if needed as u64 > most {
        return Err(beyond());
    }
    let (mut counted, mut unfolded) = (0usize, 0u64);
    for group in &metadata.row_groups {
        let (of_group, here) = (group.parquet_columns(), group.num_rows());
        counted = counted.saturating_add(here);
        if of_group.len() != columns {
            return Err(refusal(format!("{} columns in a group of rows", of_group.len()), columns.to_string()));
        }
        for (column, (name, field)) in of_group.iter().zip(schema.iter()) {
            // where the two differ, polars reckons with one and unfolds the other, to lengths below zero among others
            let stored = format!("{:?}", column.physical_type());
            if stored != stored_as(&field.dtype) {
                return Err(refusal(
                    format!("column {name} of {:?}, stored as {stored}", field.dtype),
                    stored_as(&field.dtype),
                ));
            }
            if usize::try_from(column.num_values()) != Ok(here) {
                return Err(refusal(format!("{} values in {here} rows of a column", column.num_values()), "one a row"));
            }
            let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
            let place = usize::try_from(start).ok().zip(usize::try_from(column.compressed_size()).ok());
            let place = place.and_then(|(start, length)| Some(start..start.checked_add(length)?));
            let inside = place.and_then(|range| bytes.get(range)).ok_or_else(|| {
                refusal(format!("{} bytes of a column at {start}", column.compressed_size()), "bytes of the file")
            })?;
            unfolded = unfolded.saturating_add(pages(inside, here, most)?);
        }
    }
    if counted != rows {
        return Err(refusal(format!("{counted} rows in groups"), format!("{rows}, as the file says")));
    }
    if unfolded > most {
        return Err(refusal(format!("pages of {unfolded} bytes"), format!("at most {most}")));
    }
    Ok((rows, columns))
}

fn read(bytes: &[u8], most: u64) -> Result<Vec<f64>, Refusal> {
    let (rows, columns) = size(bytes, most)?;
    // on this thread, where a panic is caught
    let reader = ParquetReader::new(Cursor::new(bytes)).read_parallel(ParallelStrategy::None);
    let frame = reader.finish().map_err(damaged)?;
    if frame.height() != rows || frame.width() != columns {
        return Err(damaged("its columns have other lengths than it says"));
    }
    let mut values = vec![0.0; rows * columns];
    for (place, column) in frame.columns().iter().enumerate() {
        let numbers = column.cast(&DataType::Float64).map_err(damaged)?;
        let numbers = numbers.f64().map_err(damaged)?;
        for (row, number) in numbers.iter().enumerate() {
            let gap =
                || refusal(format!("nothing in column {}, row {row} from 0", column.name()), "numbers without gaps");
            values[row * columns + place] = number.ok_or_else(gap)?;
        }
    }
    Ok(values)
}

const ALLOWED: &str = "columns of Boolean, Int32, Int64, UInt32, UInt64, Float32 or Float64";

fn is_number(dtype: &ArrowDataType) -> bool {
    use ArrowDataType::*;
    matches!(dtype, Boolean | Int32 | Int64 | UInt32 | UInt64 | Float32 | Float64)
}

/// The name that polars has for how numbers of a type are stored.
fn stored_as(dtype: &ArrowDataType) -> &'static str {
    use ArrowDataType::*;
    match dtype {
        Boolean => "Boolean",
        Int32 | UInt32 => "Int32",
        Int64 | UInt64 => "Int64",
        Float32 => "Float",
        _ => "Double",
    }
}

/// Bytes of the pages of a column once they are unfolded. Each value of a flat column is in one page.
fn pages(bytes: &[u8], rows: usize, most: u64) -> Result<u64, Refusal> {
    let (mut rest, mut values, mut unfolded) = (bytes, 0usize, 0u64);
    while values < rows {
        let head = page::head(rest).ok_or_else(|| damaged("the head of a page"))?;
        let of =
            |number: i64| usize::try_from(number).map_err(|_| damaged(format!("a page with {number} bytes or values")));
        let (size, count) = (of(head.unfolded)?, of(head.values)?);
        if !head.dictionary {
            values = values.saturating_add(count);
        }
        unfolded = unfolded.saturating_add(size as u64);
        // a value of a dictionary takes a byte or more
        if values > rows || head.dictionary && count > size || unfolded > most {
            let found = format!("a page of {count} values in {size} bytes");
            return Err(refusal(found, format!("{rows} values and {most} bytes in all pages of a column")));
        }
        let end = head.length.checked_add(of(head.folded)?);
        rest = end.and_then(|end| rest.get(end..)).ok_or_else(|| damaged("a page beyond its column"))?;
    }
    Ok(unfolded)
}
