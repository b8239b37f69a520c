//! The figure language: marks, frames and maps, in figures made for that and in all shipped ones.

mod frames;
mod marks;
pub mod shipped;

use neurodyn::table::Table;

fn numbers(name: &str, columns: &[(&str, &[f64])]) -> Table {
    columns
        .iter()
        .fold(Table::new(name), |table, (column, values)| table.number(*column, values.to_vec()).expect("new"))
}
