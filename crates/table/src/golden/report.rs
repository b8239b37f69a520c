//! What differs, where it is worst, and what kind of change it is.

use super::numbers;
use crate::{Quantity, Table, Values, word};
use neurodyn_numerics::statistics::normal_critical;
use std::collections::{BTreeMap, VecDeque};
use std::f64::consts::SQRT_2;
use std::fmt;

/// Kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// At most 16 units in the last place, or 1e-12 of the value.
    Rounding,
    /// A Monte Carlo number, or its standard error, as far off as other random numbers of the same law may be: within standard errors of the difference
    /// that the largest of all cells of a column exceeds once in a thousand times.
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
    /// Golden rows that are gone, by their leading columns.
    pub missing_rows: Vec<String>,
    /// Rows that golden data lack, by their leading columns.
    pub extra_rows: Vec<String>,
    /// Same columns in another order.
    pub reordered: bool,
    /// Columns with cells that differ.
    pub columns: Vec<ColumnDifference>,
}

impl Difference {
    pub(super) fn is_empty(&self) -> bool {
        self.missing_columns.is_empty()
            && self.extra_columns.is_empty()
            && self.missing_rows.is_empty()
            && self.extra_rows.is_empty()
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
        for (rows, word) in [(&self.missing_rows, "missing"), (&self.extra_rows, "extra")] {
            if let Some(more) = rows.len().checked_sub(1) {
                write!(f, "\n  {} {word} row{}, first {}", more + 1, if more == 0 { "" } else { "s" }, rows[0])?;
            }
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

/// Pairs of rows (golden, now) that are compared: in order where there are as many, else those whose leading columns are
/// the same; and the rows left over on both sides.
pub(super) struct Aligned {
    pub(super) pairs: Vec<(usize, usize)>,
    pub(super) missing: Vec<String>,
    pub(super) extra: Vec<String>,
}

pub(super) fn align(golden: &Table, now: &Table) -> Aligned {
    let (old, new) = (golden.rows(), now.rows());
    if old == new {
        return Aligned { pairs: (0..new).map(|row| (row, row)).collect(), missing: Vec::new(), extra: Vec::new() };
    }
    let mut waiting: BTreeMap<Vec<String>, VecDeque<usize>> = BTreeMap::new();
    for row in 0..old {
        waiting.entry(key(golden, row).collect()).or_default().push_back(row);
    }
    let mut aligned = Aligned { pairs: Vec::new(), missing: Vec::new(), extra: Vec::new() };
    for row in 0..new {
        match waiting.get_mut(&key(now, row).collect::<Vec<_>>()).and_then(VecDeque::pop_front) {
            Some(partner) => aligned.pairs.push((partner, row)),
            None => aligned.extra.push(row_key(now, row)),
        }
    }
    let mut left: Vec<usize> = waiting.into_values().flatten().collect();
    left.sort_unstable();
    aligned.missing = left.into_iter().map(|row| row_key(golden, row)).collect();
    aligned
}

/// Compares one column that both tables may have, over these pairs of rows; `None` when it is equal or missing.
pub(super) fn column(name: &str, golden: &Table, now: &Table, pairs: &[(usize, usize)]) -> Option<ColumnDifference> {
    let (old, new) = (golden.column(name)?, now.column(name)?);
    let (Some(old_numbers), Some(new_numbers)) = (numbers(old), numbers(new)) else {
        return labels(name, old, new, pairs, now);
    };
    let noise = Noise::in_column(name, now);
    // the largest of so many differences of other random numbers alone, but for one column in a thousand
    let allowed = normal_critical(1e-3 / pairs.len() as f64);
    let mut worst: Option<(Class, u64, usize, usize)> = None;
    let mut cells = 0;
    for &(before, row) in pairs {
        let (old, new) = (old_numbers[before], new_numbers[row]);
        let distance = ulps(old, new);
        if distance == 0 {
            continue;
        }
        cells += 1;
        let class = if distance <= 16 || relative(old, new) <= 1e-12 {
            Class::Rounding
        } else if noise.standard_errors(old, new, row).is_some_and(|z| z <= allowed) {
            Class::Statistical
        } else {
            Class::Real
        };
        if worst.is_none_or(|(kind, largest, ..)| (class, distance) > (kind, largest)) {
            worst = Some((class, distance, before, row));
        }
    }
    let (class, distance, before, row) = worst?;
    let (old, new) = (old_numbers[before], new_numbers[row]);
    Some(ColumnDifference {
        column: name.to_owned(),
        cells,
        row: row_key(now, row),
        golden: written(old),
        now: written(new),
        size: (!old.is_nan() && !new.is_nan())
            .then(|| (distance, relative(old, new), noise.standard_errors(old, new, row))),
        class,
    })
}

fn written(value: f64) -> String {
    if value.is_nan() { "missing".to_owned() } else { format!("{value:?}") }
}

fn relative(old: f64, new: f64) -> f64 {
    if old == new { 0.0 } else { (new - old).abs() / old.abs().max(new.abs()) }
}

/// How far other random numbers may move a column.
enum Noise {
    None,
    /// A mean, with its standard errors.
    Mean(Vec<f64>),
    /// A standard error, with the replicas it comes from. Its own relative error is `sqrt((k - 1) / (4 (R - 1)))` where `k` is the kurtosis of what one
    /// replica shows; taken is that of squares of normal numbers, 15, since replicas may show variances.
    StandardError(Vec<f64>),
}

impl Noise {
    fn in_column(name: &str, table: &Table) -> Self {
        let found = match Quantity::split(name) {
            (quantity, Quantity::MonteCarlo) => {
                table.numbers(&Quantity::StandardError.column(quantity)).map(Noise::Mean)
            }
            (_, Quantity::StandardError) => table.numbers("replicas").map(Noise::StandardError),
            _ => return Noise::None,
        };
        found.unwrap_or(Noise::None)
    }

    fn standard_errors(&self, old: f64, new: f64, row: usize) -> Option<f64> {
        match self {
            Noise::None => None,
            // two runs of other random numbers differ by sqrt 2 of the error of one
            Noise::Mean(stderr) => Some((new - old).abs() / (SQRT_2 * stderr[row])),
            Noise::StandardError(replicas) => {
                const KURTOSIS: f64 = 15.0;
                let relative = (KURTOSIS - 1.0) / (4.0 * (replicas[row] - 1.0));
                Some((new - old).abs() / (new * (2.0 * relative).sqrt()))
            }
        }
    }
}

fn labels(name: &str, old: &Values, new: &Values, pairs: &[(usize, usize)], now: &Table) -> Option<ColumnDifference> {
    let differs = |&&(before, row): &&(usize, usize)| cell(old, before) != cell(new, row);
    let different: Vec<&(usize, usize)> = pairs.iter().filter(differs).collect();
    let &&(before, row) = different.first()?;
    Some(ColumnDifference {
        column: name.to_owned(),
        cells: different.len(),
        row: row_key(now, row),
        golden: cell(old, before),
        now: cell(new, row),
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

fn cell(values: &Values, row: usize) -> String {
    match values {
        Values::Text(values) => values[row].clone(),
        Values::Number(values) => format!("{:?}", values[row]),
        Values::Integer(values) => values[row].to_string(),
        Values::NumberGaps(values) => values[row].map_or_else(|| written(f64::NAN), written),
        Values::IntegerGaps(values) => values[row].map_or_else(|| written(f64::NAN), |value| value.to_string()),
        Values::Flag(values) => word(values[row]).to_owned(),
    }
}

/// Leading columns of a row, up to the first result of theory or Monte Carlo.
fn key(table: &Table, row: usize) -> impl Iterator<Item = String> {
    use Quantity::{Correction, MonteCarlo, StandardError, Theory};
    let result = |name: &str| matches!(Quantity::split(name).1, Theory | MonteCarlo | StandardError | Correction);
    table
        .columns()
        .iter()
        .take_while(move |(name, _)| !result(name))
        .filter(|(name, _)| name != "replicas")
        .map(move |(name, values)| format!("{name} = {}", cell(values, row)))
}

/// A row by its number (from 1) and its first leading columns.
pub fn row_key(table: &Table, row: usize) -> String {
    format!("row {} ({})", row + 1, key(table, row).take(4).collect::<Vec<_>>().join(", "))
}
