//! The only door to polars: tables as data frames, Parquet and CSV. Reads and writes; computes nothing.

use super::{Table, TableError, Values};
use polars::prelude::*;
use std::io::Cursor;

/// A table that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// Polars refuses.
    #[error("table {table}: {source}")]
    Polars {
        /// Table name.
        table: String,
        /// Why.
        source: PolarsError,
    },
    /// A column of a kind that tables do not have, or with missing labels.
    #[error(
        "table {table}: column {column} holds {found}; allowed are numbers, whole numbers and labels, labels without gaps"
    )]
    Kind {
        /// Table name.
        table: String,
        /// Column name.
        column: String,
        /// What was found.
        found: String,
    },
    /// The columns do not make a table.
    #[error(transparent)]
    Table(#[from] TableError),
}

fn refused(table: &str) -> impl FnOnce(PolarsError) -> FrameError {
    let table = table.to_owned();
    move |source| FrameError::Polars { table, source }
}

fn frame(table: &Table) -> Result<DataFrame, FrameError> {
    let columns = table
        .columns()
        .iter()
        .map(|(name, values)| {
            let name = PlSmallStr::from_str(name);
            match values {
                Values::Number(values) => Column::new(name, values),
                Values::Integer(values) => Column::new(name, values),
                Values::Text(values) => Column::new(name, values),
                Values::NumberGaps(values) => Column::new(name, values),
                Values::IntegerGaps(values) => Column::new(name, values),
            }
        })
        .collect();
    DataFrame::new(table.rows(), columns).map_err(refused(table.name()))
}

/// The table as Parquet (uncompressed: the tables are small, and every reader takes it), with texts by key in its metadata.
pub fn to_parquet(table: &Table, texts: &[(String, String)]) -> Result<Vec<u8>, FrameError> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Uncompressed)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(texts.to_vec())))
        .finish(&mut frame(table)?)
        .map_err(refused(table.name()))?;
    Ok(bytes)
}

/// The table as CSV, numbers with the fewest digits that read back to the same bits.
pub fn to_csv(table: &Table) -> Result<Vec<u8>, FrameError> {
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).finish(&mut frame(table)?).map_err(refused(table.name()))?;
    Ok(bytes)
}

/// A table from Parquet.
pub fn from_parquet(name: &str, bytes: Vec<u8>) -> Result<Table, FrameError> {
    let frame = ParquetReader::new(Cursor::new(bytes)).finish().map_err(refused(name))?;
    let mut table = Table::new(name);
    for column in frame.columns() {
        let label = column.name().to_string();
        let gap = || FrameError::Kind {
            table: name.to_owned(),
            column: label.clone(),
            found: format!("{} with {} missing cells", column.dtype(), column.null_count()),
        };
        let values = match column.dtype() {
            DataType::Float64 => column.f64().ok().map(|c| Values::NumberGaps(c.iter().collect())),
            DataType::Int64 => column.i64().ok().map(|c| Values::IntegerGaps(c.iter().collect())),
            DataType::String => column
                .str()
                .ok()
                .and_then(|c| c.iter().map(|cell| cell.map(str::to_owned)).collect::<Option<_>>())
                .map(Values::Text),
            _ => None,
        };
        table = table.with(label.clone(), values.ok_or_else(gap)?)?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        Table::new("t")
            .number("x", vec![0.1 + 0.2, -0.0, 1e-300, 5e-324, f64::MAX])
            .and_then(|t| t.integer("layer", vec![0, 1, 2, 3, i64::MAX]))
            .and_then(|t| t.text("name", ["a", "b,c", "\"q\"", "", "é"].map(str::to_owned).to_vec()))
            .expect("a table")
    }

    #[test]
    fn parquet_gives_the_same_bits_back() {
        let table = sample();
        let back = from_parquet("t", to_parquet(&table, &[("x".to_owned(), "what x is".to_owned())]).expect("written"))
            .expect("read");
        assert_eq!(back, table);
        let Some(Values::Number(x)) = back.column("x") else { panic!("numbers") };
        assert!(x[1].is_sign_negative());
    }

    #[test]
    fn gaps_stay_gaps() {
        let table = Table::new("t")
            .with("x", Values::NumberGaps(vec![None, Some(-0.0), Some(5e-324)]))
            .and_then(|t| t.with("layers", Values::IntegerGaps(vec![Some(i64::MIN), None, None])))
            .and_then(|t| t.with("none", Values::NumberGaps(vec![None; 3])))
            .expect("a table");
        assert_eq!(from_parquet("t", to_parquet(&table, &[]).expect("written")).expect("read"), table);
        let text = String::from_utf8(to_csv(&table).expect("written")).expect("text");
        assert_eq!(text, "x,layers,none\n,-9223372036854775808,\n-0.0,,\n5e-324,,\n");
        let back = crate::golden::parse("t.csv", &text, &table).expect("read");
        assert_eq!(back, table);
        assert_eq!(crate::golden::compare(&back, &table), None);
    }

    #[test]
    fn csv_has_shortest_round_trip_numbers() {
        let text = String::from_utf8(to_csv(&sample()).expect("written")).expect("text");
        let first = text.lines().nth(1).expect("a row");
        assert!(first.starts_with("0.30000000000000004,0,a"), "{first}");
        for (line, x) in text.lines().skip(1).zip([0.1 + 0.2, -0.0, 1e-300, 5e-324, f64::MAX]) {
            let read: f64 = line.split(',').next().and_then(|cell| cell.parse().ok()).expect("a number");
            assert_eq!(read.to_bits(), x.to_bits());
        }
    }

    #[test]
    fn garbage_is_an_error() {
        assert!(from_parquet("t", b"not a table".to_vec()).is_err());
    }
}
