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
    /// No number: what the column holds does not exist here.
    Missing,
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

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Missing, Into::into)
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

impl Table {
    /// A table of rows whose cells stand in the order of the columns. The first cell that is not missing fixes the kind of each column; a cell
    /// of another kind is an error, and so is a missing label.
    pub fn from_rows(name: &str, columns: Vec<String>, rows: Vec<Vec<Cell>>) -> Result<Table, TableError> {
        let mut table = Table::new(name);
        for (index, column) in columns.into_iter().enumerate() {
            let cells = rows.iter().map(|row| row.get(index).unwrap_or(&Cell::Missing));
            let values = match cells.clone().find(|cell| **cell != Cell::Missing) {
                Some(Cell::Integer(_)) => {
                    gaps(cells, |c| if let Cell::Integer(x) = c { Some(*x) } else { None }).map(Values::IntegerGaps)
                }
                Some(Cell::Text(_)) => {
                    collect(cells, |c| if let Cell::Text(x) = c { Some(x.clone()) } else { None }).map(Values::Text)
                }
                Some(Cell::Flag(_)) => {
                    collect(cells, |c| if let Cell::Flag(x) = c { Some(*x) } else { None }).map(Values::Flag)
                }
                _ => gaps(cells, |c| if let Cell::Number(x) = c { Some(*x) } else { None }).map(Values::NumberGaps),
            };
            let values = values.ok_or_else(|| TableError::Mixed { table: name.to_owned(), column: column.clone() })?;
            table = table.with(column, values)?;
        }
        Ok(table)
    }
}

fn collect<'a, T>(cells: impl Iterator<Item = &'a Cell>, pick: impl Fn(&Cell) -> Option<T>) -> Option<Vec<T>> {
    cells.map(pick).collect()
}

fn gaps<'a, T>(cells: impl Iterator<Item = &'a Cell>, pick: impl Fn(&Cell) -> Option<T>) -> Option<Vec<Option<T>>> {
    cells.map(|cell| if *cell == Cell::Missing { Some(None) } else { pick(cell).map(Some) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Rows(&'static str, Vec<String>, Vec<Vec<Cell>>);

    impl Rows {
        fn push<const N: usize>(&mut self, row: [Cell; N]) {
            self.2.push(row.to_vec());
        }

        fn table(self) -> Result<Table, TableError> {
            Table::from_rows(self.0, self.1, self.2)
        }
    }

    #[test]
    fn what_does_not_exist_leaves_a_gap() {
        let mut rows = Rows("t", ["x", "layers", "none"].map(str::to_owned).to_vec(), Vec::new());
        rows.push([None::<f64>.into(), 3usize.into(), Cell::Missing]);
        rows.push([Some(0.5).into(), Cell::Missing, Cell::Missing]);
        let table = rows.table().expect("consistent");
        assert_eq!(table.column("x"), Some(&Values::NumberGaps(vec![None, Some(0.5)])));
        assert_eq!(table.column("layers"), Some(&Values::IntegerGaps(vec![Some(3), None])));
        assert_eq!(table.numbers_or_gaps("none"), Ok(vec![None, None]));
        let gap = table.numbers("layers").expect_err("a gap");
        assert_eq!(gap.to_string(), "table t: column layers, row 1 has no number");
        // a missing label is none, and an infinite number beside a gap is refused
        let mut labels = Rows("t", ["name"].map(str::to_owned).to_vec(), Vec::new());
        labels.push(["a".into()]);
        labels.push([Cell::Missing]);
        assert!(matches!(labels.table(), Err(TableError::Mixed { .. })));
        let infinite = Values::NumberGaps(vec![None, Some(f64::INFINITY)]);
        assert!(matches!(Table::new("t").with("x", infinite), Err(TableError::NotFinite { row: 1, .. })));
        // without gaps there is one kind
        let whole = Table::new("t").with("x", Values::NumberGaps(vec![Some(1.0)])).expect("a table");
        assert_eq!(whole.column("x"), Some(&Values::Number(vec![1.0])));
    }

    #[test]
    fn rows_become_typed_columns() {
        let mut rows = Rows("t", ["layer", "x", "name", "wide"].map(str::to_owned).to_vec(), Vec::new());
        rows.push([1usize.into(), 0.5.into(), "a".into(), true.into()]);
        rows.push([2usize.into(), 1.5.into(), "b".into(), false.into()]);
        let table = rows.table().expect("consistent");
        assert_eq!(table.column("wide"), Some(&Values::Flag(vec![true, false])));
        assert_eq!(table.column("layer"), Some(&Values::Integer(vec![1, 2])));
        assert_eq!(table.numbers("x"), Ok(vec![0.5, 1.5]));
    }

    #[test]
    fn mixed_columns_and_missing_numbers_are_errors() {
        let mut mixed = Rows("t", ["x"].map(str::to_owned).to_vec(), Vec::new());
        mixed.push([1.0.into()]);
        mixed.push([1usize.into()]);
        assert!(matches!(mixed.table(), Err(TableError::Mixed { .. })));
        let mut missing = Rows("t", ["x"].map(str::to_owned).to_vec(), Vec::new());
        missing.push([f64::NAN.into()]);
        assert!(matches!(missing.table(), Err(TableError::NotFinite { row: 0, .. })));
    }
}
