//! Building a table row by row.

use super::{Table, TableError, Values};

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A finite number.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// A label.
    Text(String),
    /// An answer: yes or no.
    Flag(bool),
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Cell::Number(value)
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Cell::Integer(value as i64)
    }
}

impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        Cell::Integer(value as i64)
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Cell::Integer(i64::from(value))
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Cell::Flag(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Cell::Text(value.to_owned())
    }
}

/// A table under construction: the column names first, then rows of cells in the same order.
#[derive(Debug, Clone)]
pub struct Rows<const N: usize> {
    name: &'static str,
    columns: [&'static str; N],
    rows: Vec<[Cell; N]>,
}

impl<const N: usize> Rows<N> {
    /// An empty table with these columns.
    pub fn new(name: &'static str, columns: [&'static str; N]) -> Self {
        Self { name, columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: [Cell; N]) {
        self.rows.push(row);
    }

    /// The table. The first row fixes the kind of each column; a cell of another kind is an error.
    pub fn table(self) -> Result<Table, TableError> {
        let Self { name, columns, rows } = self;
        let mut table = Table::new(name);
        for (index, column) in columns.into_iter().enumerate() {
            let cells = rows.iter().map(|row| &row[index]);
            let values = match rows.first().map(|row| &row[index]) {
                Some(Cell::Integer(_)) => {
                    collect(cells, |c| if let Cell::Integer(x) = c { Some(*x) } else { None }).map(Values::Integer)
                }
                Some(Cell::Text(_)) => {
                    collect(cells, |c| if let Cell::Text(x) = c { Some(x.clone()) } else { None }).map(Values::Text)
                }
                Some(Cell::Flag(_)) => {
                    collect(cells, |c| if let Cell::Flag(x) = c { Some(*x) } else { None }).map(Values::Flag)
                }
                _ => collect(cells, |c| if let Cell::Number(x) = c { Some(*x) } else { None }).map(Values::Number),
            };
            let mixed = || TableError::Mixed { table: name.to_owned(), column: column.to_owned() };
            table = table.with(column, values.ok_or_else(mixed)?)?;
        }
        Ok(table)
    }
}

fn collect<'a, T>(cells: impl Iterator<Item = &'a Cell>, pick: impl Fn(&Cell) -> Option<T>) -> Option<Vec<T>> {
    cells.map(pick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_typed_columns() {
        let mut rows = Rows::new("t", ["layer", "x", "name", "wide"]);
        rows.push([1usize.into(), 0.5.into(), "a".into(), true.into()]);
        rows.push([2usize.into(), 1.5.into(), "b".into(), false.into()]);
        let table = rows.table().expect("consistent");
        assert_eq!(table.column("wide"), Some(&Values::Flag(vec![true, false])));
        assert_eq!(table.column("layer"), Some(&Values::Integer(vec![1, 2])));
        assert_eq!(table.numbers("x"), Ok(vec![0.5, 1.5]));
    }

    #[test]
    fn mixed_columns_and_missing_numbers_are_errors() {
        let mut mixed = Rows::new("t", ["x"]);
        mixed.push([1.0.into()]);
        mixed.push([1usize.into()]);
        assert!(matches!(mixed.table(), Err(TableError::Mixed { .. })));
        let mut missing = Rows::new("t", ["x"]);
        missing.push([f64::NAN.into()]);
        assert!(matches!(missing.table(), Err(TableError::NotFinite { row: 0, .. })));
    }
}
