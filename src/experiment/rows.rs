//! Rows of a table, each column beside its value. The names are those of [`columns!`](super::columns::columns), so that a misspelt one does not
//! compile; nor does one that stands twice, nor a second row of the same table with other columns.

use crate::table::{Cell, Quantity, Table, TableError};

/// One row: its columns, the same of every row of a table, and its cells. Written by [`row!`].
pub trait Row {
    /// Name of each value, and what the columns that it fills hold.
    const HEADER: &'static [(&'static str, &'static [Quantity])];

    /// The cells, in the order of the columns.
    fn cells(self) -> Vec<Cell>;
}

/// A table under construction.
pub struct Rows<R> {
    name: &'static str,
    rows: Vec<R>,
}

impl<R: Row> Rows<R> {
    /// An empty table of this name.
    pub fn new(name: &'static str) -> Self {
        Self { name, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: R) {
        self.rows.push(row);
    }

    /// The table.
    pub fn table(self) -> Result<Table, TableError> {
        let columns =
            R::HEADER.iter().flat_map(|(name, quantities)| quantities.iter().map(|q| q.column(name))).collect();
        Table::from_rows(self.name, columns, self.rows.into_iter().map(Row::cells).collect())
    }
}

/// A table of these rows.
pub fn table<R: Row>(name: &'static str, rows: impl IntoIterator<Item = R>) -> Result<Table, TableError> {
    let mut table = Rows::new(name);
    table.extend(rows);
    table.table()
}

impl<R> Extend<R> for Rows<R> {
    fn extend<I: IntoIterator<Item = R>>(&mut self, rows: I) {
        self.rows.extend(rows);
    }
}

/// Tables under construction, each in a variable of its name or of another: `rows!(curve, layer: "monte_carlo")`.
macro_rules! rows {
    ($($table:ident $(: $name:literal)?),+ $(,)?) => {
        $(let mut $table = $crate::experiment::rows::Rows::new([$($name,)? stringify!($table)][0]);)+
    };
}
pub(crate) use rows;

/// A row: `row! { sigma_w, q: star.q, distance: Judged::new(theory, mean) }`.
macro_rules! row {
    ($($name:ident $(: $value:expr)?),+ $(,)?) => {{
        #[allow(non_camel_case_types)]
        struct Row<$($name),+> {
            $($name: $name,)+
        }

        #[allow(non_camel_case_types)]
        impl<$($name: $crate::experiment::cells::Cells),+> $crate::experiment::rows::Row for Row<$($name),+> {
            const HEADER: &'static [(&'static str, &'static [$crate::table::Quantity])] = &[$((
                columns::$name.name,
                <$name as $crate::experiment::cells::Cells>::QUANTITIES,
            ),)+];

            fn cells(self) -> Vec<$crate::table::Cell> {
                let mut cells = Vec::new();
                $(self.$name.put(&mut cells);)+
                cells
            }
        }

        Row { $($name $(: $value)?,)+ }
    }};
}
pub(crate) use row;
