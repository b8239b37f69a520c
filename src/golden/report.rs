//! What differs, where it is worst, and what kind of change it is.

use super::numbers;
use crate::table::{Table, Values};
use std::fmt;

/// Kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// At most 16 units in the last place.
    Rounding,
    /// A Monte Carlo number within 4 standard errors: other random numbers, the same law.
    Statistical,
    /// Neither.
    Real,
}

/// Worst cell of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDifference {
    /// Column name.
    pub column: String,
    /// Number of cells that differ.
    pub cells: usize,
    /// Row of the worst one, by its leading columns.
    pub row: String,
    /// Golden value.
    pub golden: String,
    /// Value now.
    pub now: String,
    /// Units in the last place, relative difference, and difference in standard errors for Monte Carlo columns.
    pub size: Option<(u64, f64, Option<f64>)>,
    /// Kind of the worst change.
    pub class: Class,
}

/// What differs between golden data and a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Table name.
    pub table: String,
    /// Golden columns that are gone.
    pub missing_columns: Vec<String>,
    /// Columns that golden data lack.
    pub extra_columns: Vec<String>,
    /// Golden rows.
    pub golden_rows: usize,
    /// Rows now.
    pub rows: usize,
    /// Same columns in another order.
    pub reordered: bool,
    /// Columns with cells that differ.
    pub columns: Vec<ColumnDifference>,
}

impl Difference {
    pub(super) fn is_empty(&self) -> bool {
        self.missing_columns.is_empty()
            && self.extra_columns.is_empty()
            && self.golden_rows == self.rows
            && !self.reordered
            && self.columns.is_empty()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {} differs from golden data:", self.table)?;
        if !self.missing_columns.is_empty() {
            write!(f, "\n  missing columns: {}", self.missing_columns.join(", "))?;
        }
        if !self.extra_columns.is_empty() {
            write!(f, "\n  extra columns: {}", self.extra_columns.join(", "))?;
        }
        if self.reordered {
            write!(f, "\n  columns in another order")?;
        }
        if self.golden_rows != self.rows {
            write!(f, "\n  {} rows, golden data have {}", self.rows, self.golden_rows)?;
        }
        for column in &self.columns {
            write!(
                f,
                "\n  column {}: {} cell{} differ{}, worst at {}: golden {}, now {}",
                column.column,
                column.cells,
                if column.cells == 1 { "" } else { "s" },
                if column.cells == 1 { "s" } else { "" },
                column.row,
                column.golden,
                column.now
            )?;
            if let Some((ulps, relative, standard_errors)) = column.size {
                write!(f, " ({ulps} ulp, relative {relative:.1e}")?;
                if let Some(z) = standard_errors {
                    write!(f, ", {z:.2} standard errors")?;
                }
                write!(f, ")")?;
            }
            let class = match column.class {
                Class::Rounding => "a rounding difference",
                Class::Statistical => "within statistical error",
                Class::Real => "a real change",
            };
            write!(f, ": {class}")?;
        }
        Ok(())
    }
}

/// Compares one column that both tables may have; `None` when it is equal or missing.
pub(super) fn column(name: &str, golden: &Table, now: &Table) -> Option<ColumnDifference> {
    let (old, new) = (golden.column(name)?, now.column(name)?);
    let rows = golden.rows().min(now.rows());
    let (Some(old_numbers), Some(new_numbers)) = (numbers(old), numbers(new)) else {
        return labels(name, old, new, rows, now);
    };
    let stderr = name.strip_suffix("_mc").and_then(|stem| now.numbers(&format!("{stem}_stderr")).ok());
    let mut worst: Option<(usize, u64)> = None;
    let mut cells = 0;
    for row in 0..rows {
        let distance = ulps(old_numbers[row], new_numbers[row]);
        if distance > 0 {
            cells += 1;
            if worst.is_none_or(|(_, largest)| distance > largest) {
                worst = Some((row, distance));
            }
        }
    }
    let (row, distance) = worst?;
    let (old, new) = (old_numbers[row], new_numbers[row]);
    let relative = if old == new { 0.0 } else { (new - old).abs() / old.abs().max(new.abs()) };
    let standard_errors = stderr.map(|s| (new - old).abs() / s[row]);
    let class = if distance <= 16 {
        Class::Rounding
    } else if standard_errors.is_some_and(|z| z <= 4.0) {
        Class::Statistical
    } else {
        Class::Real
    };
    Some(ColumnDifference {
        column: name.to_owned(),
        cells,
        row: row_key(now, row),
        golden: format!("{old:?}"),
        now: format!("{new:?}"),
        size: Some((distance, relative, standard_errors)),
        class,
    })
}

fn labels(name: &str, old: &Values, new: &Values, rows: usize, now: &Table) -> Option<ColumnDifference> {
    let text = |values: &Values, row: usize| match values {
        Values::Text(values) => values[row].clone(),
        Values::Number(values) => format!("{:?}", values[row]),
        Values::Integer(values) => values[row].to_string(),
    };
    let different: Vec<usize> = (0..rows).filter(|&row| text(old, row) != text(new, row)).collect();
    let &row = different.first()?;
    Some(ColumnDifference {
        column: name.to_owned(),
        cells: different.len(),
        row: row_key(now, row),
        golden: text(old, row),
        now: text(new, row),
        size: None,
        class: Class::Real,
    })
}

/// Number of representable numbers between the two; -0 and 0 differ by one.
fn ulps(a: f64, b: f64) -> u64 {
    let order = |x: f64| {
        let bits = x.to_bits() as i64;
        i128::from(if bits < 0 { i64::MIN.wrapping_sub(bits).wrapping_sub(1) } else { bits })
    };
    u64::try_from((order(a) - order(b)).abs()).unwrap_or(u64::MAX)
}

/// Leading columns of a row, up to the first result of theory or Monte Carlo, at most four.
pub(crate) fn row_key(table: &Table, row: usize) -> String {
    let result = |name: &str| ["_theory", "_mc", "_stderr", "_correction"].iter().any(|end| name.ends_with(end));
    let parts: Vec<String> = table
        .columns()
        .iter()
        .take_while(|(name, _)| !result(name))
        .filter(|(name, _)| name != "replicas")
        .take(4)
        .map(|(name, values)| match values {
            Values::Number(values) => format!("{name} = {:?}", values[row]),
            Values::Integer(values) => format!("{name} = {}", values[row]),
            Values::Text(values) => format!("{name} = {}", values[row]),
        })
        .collect();
    format!("row {} ({})", row + 1, parts.join(", "))
}
