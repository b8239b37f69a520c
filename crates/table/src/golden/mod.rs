//! Golden data: is every number the same as before? Compared as numbers, exactly.

mod read;
mod report;

pub use read::{Cells, GoldenError, cells, parse};
pub use report::row_key;
pub use report::{Class, ColumnDifference, Difference};

use crate::{Table, Values};

/// File name of the golden data of a table: `<id>.csv` for the only table of an experiment, else `<id>.<table>.csv`.
pub fn file_name(id: &str, table: &Table, tables: usize) -> String {
    if tables == 1 { format!("{id}.csv") } else { format!("{id}.{}.csv", table.name()) }
}

/// What differs between golden data and a table; `None` when nothing does.
///
/// Rows are compared in order; where their numbers differ, those with the same leading columns are. A row is named by its
/// leading columns up to the first result.
pub fn compare(golden: &Table, now: &Table) -> Option<Difference> {
    let names = |table: &Table| table.columns().iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let (old, new) = (names(golden), names(now));
    let rows = report::align(golden, now);
    let difference = Difference {
        table: now.name().to_owned(),
        missing_columns: old.iter().filter(|name| !new.contains(name)).cloned().collect(),
        extra_columns: new.iter().filter(|name| !old.contains(name)).cloned().collect(),
        reordered: old != new && old.iter().all(|name| new.contains(name)) && old.len() == new.len(),
        columns: new.iter().filter_map(|name| report::column(name, golden, now, &rows.pairs)).collect(),
        missing_rows: rows.missing,
        extra_rows: rows.extra,
    };
    (!difference.is_empty()).then_some(difference)
}

/// Numbers of a column, not a number where one is missing; labels left out.
fn numbers(values: &Values) -> Option<Vec<f64>> {
    match values {
        Values::Number(values) => Some(values.clone()),
        Values::Integer(values) => Some(values.iter().map(|&x| x as f64).collect()),
        Values::NumberGaps(values) => Some(values.iter().map(|x| x.unwrap_or(f64::NAN)).collect()),
        Values::IntegerGaps(values) => Some(values.iter().map(|x| x.map_or(f64::NAN, |x| x as f64)).collect()),
        Values::Text(_) | Values::Flag(_) => None,
    }
}

#[cfg(test)]
mod tests;
