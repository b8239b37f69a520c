//! Rows of a table, each column beside its value. The names are those of [`columns!`](crate::columns::columns), so that a misspelt one does not
//! compile; nor does one that stands twice, nor a second row of the same table with other columns.

use crate::RunError;
#[doc(hidden)]
pub use neurodyn_table::{Cell, Quantity};
use neurodyn_table::{Table, TableError};
use std::marker::PhantomData;

/// One row: its columns, the same of every row of a table, and its cells. Written by [`row!`].
pub trait Row {
    /// Name of each value, and what the columns that it fills hold.
    const HEADER: &'static [(&'static str, &'static [Quantity])];

    /// The cells, in the order of the columns.
    fn cells(self) -> Vec<Cell>;
}

/// A table under construction. Only what a row needs is compiled for each kind of row.
pub struct Rows<R> {
    name: &'static str,
    rows: Vec<Vec<Cell>>,
    row: PhantomData<R>,
}

impl<R: Row> Rows<R> {
    /// An empty table of this name.
    pub fn new(name: &'static str) -> Self {
        Self { name, rows: Vec::new(), row: PhantomData }
    }

    /// Adds a row.
    pub fn push(&mut self, row: R) {
        self.rows.push(row.cells());
    }

    /// The table.
    pub fn table(self) -> Result<Table, TableError> {
        of_rows(self.name, R::HEADER, self.rows)
    }
}

impl<R: Row> Extend<R> for Rows<R> {
    fn extend<I: IntoIterator<Item = R>>(&mut self, rows: I) {
        rows.into_iter().for_each(|row| self.push(row));
    }
}

fn of_rows(name: &str, header: &[(&str, &[Quantity])], rows: Vec<Vec<Cell>>) -> Result<Table, TableError> {
    let columns = header.iter().flat_map(|(name, quantities)| quantities.iter().map(|q| q.column(name))).collect();
    Table::from_rows(name, columns, rows)
}

/// Tables under construction, each in a variable of its name or of another: `rows!(curve, layer: "monte_carlo")`.
#[macro_export]
macro_rules! rows {
    ($($table:ident $(: $name:literal)?),+ $(,)?) => {
        $(let mut $table = $crate::rows::Rows::new([$($name,)? stringify!($table)][0]);)+
    };
}
pub use rows;

/// The tables, once their rows are known: `tables![curve, layer]`.
#[macro_export]
macro_rules! tables {
    ($($rows:ident),+ $(,)?) => {
        [$($rows.table()?),+]
    };
}
pub use tables;

/// The table of these rows.
pub fn table<R: Row>(name: &'static str, rows: impl IntoIterator<Item = R>) -> Result<Table, RunError> {
    let mut table = Rows::new(name);
    table.extend(rows);
    Ok(table.table()?)
}

/// A row: `row! { sigma_w, q: star.q, distance: Judged::new(theory, mean) }`.
#[macro_export]
macro_rules! row {
    ($($name:ident $(: $value:expr)?),+ $(,)?) => {{
        #[allow(non_camel_case_types)]
        struct Row<$($name),+> {
            $($name: $name,)+
        }

        #[allow(non_camel_case_types)]
        impl<$($name: $crate::cells::Cells),+> $crate::rows::Row for Row<$($name),+> {
            const HEADER: &'static [(&'static str, &'static [$crate::rows::Quantity])] = &[$((
                columns::$name.name,
                <$name as $crate::cells::Cells>::QUANTITIES,
            ),)+];

            fn cells(self) -> Vec<$crate::rows::Cell> {
                let mut cells = Vec::new();
                $(self.$name.put(&mut cells);)+
                cells
            }
        }

        Row { $($name $(: $value)?,)+ }
    }};
}
pub use row;
