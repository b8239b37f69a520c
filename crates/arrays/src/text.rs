//! Numbers as text, a row a line: CSV with commas, semicolons, tabs or single spaces in between. A first line without a number holds the names of columns;
//! lines that begin with `#` are left out.

use super::archive::{Entry, Place};
use super::error::Fault;
use super::kind::Kind;
use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder, Trim};

/// What may stand between two numbers, tried in this order.
const BETWEEN: [u8; 4] = [b',', b';', b'\t', b' '];

/// Whether it may be text at all.
pub(crate) fn looks_so(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(1024)];
    !start.is_empty() && start.iter().all(|&byte| byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t'))
}

/// The table, once its rows are found to have one length.
pub(crate) fn entry(bytes: &[u8]) -> Result<Entry, Fault> {
    let (mut rows, mut columns) = (0usize, 0);
    each(bytes, |_, record| {
        (rows, columns) = (rows + 1, record.len());
        Ok(())
    })?;
    let (shape, written) = (vec![rows, columns], "text".to_owned());
    Ok(Entry { name: String::new(), shape, written, kind: Some(Kind::F64), place: Place::Text })
}

/// All its numbers, row by row.
pub(crate) fn numbers(bytes: &[u8]) -> Result<Vec<f64>, Fault> {
    let mut values = Vec::new();
    each(bytes, |line, record| {
        for (column, cell) in record.iter().enumerate() {
            values.push(number(cell).ok_or_else(|| {
                let shown: String = String::from_utf8_lossy(cell).chars().take(40).collect();
                Fault::new(format!("{shown:?} in line {line}, column {}", column + 1), "a number")
            })?);
        }
        Ok(())
    })?;
    Ok(values)
}

fn number(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(cell).ok()?.parse().ok()
}

/// Hands out every row of numbers with its line.
fn each(bytes: &[u8], mut row: impl FnMut(u64, &ByteRecord) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut reader = reader(bytes);
    let mut record = ByteRecord::new();
    let mut first = true;
    while read(&mut reader, &mut record)? {
        let names = first && record.iter().all(|cell| number(cell).is_none());
        first = false;
        if !names {
            row(record.position().map_or(0, csv::Position::line), &record)?;
        }
    }
    Ok(())
}

fn reader(bytes: &[u8]) -> Reader<&[u8]> {
    // a mark of UTF-8 that some programs put first
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = bytes.split(|&byte| byte == b'\n');
    let line = lines.map(<[u8]>::trim_ascii).find(|line| !line.is_empty() && line[0] != b'#').unwrap_or_default();
    let between = BETWEEN.into_iter().find(|between| line.contains(between)).unwrap_or(b',');
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).delimiter(between).comment(Some(b'#'));
    // spaces that separate numbers are not trimmed away
    builder.trim(if between == b' ' { Trim::None } else { Trim::All }).from_reader(bytes)
}

fn read(reader: &mut Reader<&[u8]>, record: &mut ByteRecord) -> Result<bool, Fault> {
    reader.read_byte_record(record).map_err(|error| match error.kind() {
        ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            Fault::new(format!("{len} cells in line {line}"), format!("{expected_len}, as in the lines before"))
        }
        _ => Fault::new(format!("damaged text ({error})"), "numbers, a row a line"),
    })
}
