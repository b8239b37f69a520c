//! Inputs that somebody measured: rows of numbers, parts of them, centred and scaled, and their Gram matrix.

use super::ParameterError;
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_numerics::spread::{Spread, Triangle};
use schemars::JsonSchema;
use serde::Deserialize;

/// What is subtracted from the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Centre {
    /// Nothing.
    None,
    /// The mean of each column, over all rows.
    Columns,
    /// The mean of each row.
    Rows,
    /// The mean of all numbers.
    All,
}

/// What the numbers are divided by, after they are centred. What is 0 throughout stays 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// By nothing.
    None,
    /// Each column by its root mean square.
    Columns,
    /// Each row by its root mean square, so that every input has activity 1.
    Rows,
    /// All by their root mean square, so that the mean activity of the inputs is 1.
    All,
}

/// Every so many of the numbers from the first to before the last: `[from, to]` or `[from, to, step]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<usize>")]
#[schemars(with = "Vec<usize>", extend("minItems" = 2, "maxItems" = 3))]
pub struct Slice {
    from: usize,
    to: usize,
    step: usize,
}

impl TryFrom<Vec<usize>> for Slice {
    type Error = String;

    fn try_from(numbers: Vec<usize>) -> Result<Self, String> {
        match numbers[..] {
            [from, to] if from < to => Ok(Self { from, to, step: 1 }),
            [from, to, step] if from < to && step > 0 => Ok(Self { from, to, step }),
            _ => Err(format!(
                "{numbers:?} is not allowed; it must be [from, to] or [from, to, step], from below to, step above 0"
            )),
        }
    }
}

impl Slice {
    /// All that are there.
    pub fn all(count: usize) -> Self {
        Self { from: 0, to: count, step: 1 }
    }

    /// Its numbers, unless it goes beyond so many.
    pub fn of(self, count: usize) -> Option<impl Iterator<Item = usize> + Clone> {
        (self.to <= count).then(|| (self.from..self.to).step_by(self.step))
    }
}

impl std::fmt::Display for Slice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self { from, to, step: 1 } => write!(f, "[{from}, {to}]"),
            Self { from, to, step } => write!(f, "[{from}, {to}, {step}]"),
        }
    }
}

/// Finite numbers, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

/// Rows whose products are taken at once.
const BLOCK: usize = 48;

impl Matrix {
    /// Of these numbers; fails where they are not finite, not as many as rows and columns say, or none.
    pub fn new(rows: usize, columns: usize, values: Vec<f64>) -> Result<Self, ParameterError> {
        let refuse = |found, allowed| Err(ParameterError { name: "data".into(), found, allowed });
        if rows == 0 || columns == 0 || rows.checked_mul(columns) != Some(values.len()) {
            return refuse(
                format!("{rows} rows, {columns} columns, {} numbers", values.len()),
                "one row and column or more",
            );
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let found = format!("{} in row {}, column {}, counted from 0", values[at], at / columns, at % columns);
            return refuse(found, "finite numbers");
        }
        Ok(Self { rows, columns, values })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The numbers of a row.
    pub fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.columns..(index + 1) * self.columns]
    }

    /// The numbers of a column.
    pub fn column(&self, index: usize) -> Vec<f64> {
        self.values.iter().skip(index).step_by(self.columns).copied().collect()
    }

    /// Some of the rows and columns.
    pub fn part(self, rows: Option<Slice>, columns: Option<Slice>) -> Result<Self, ParameterError> {
        if rows.is_none() && columns.is_none() {
            return Ok(self);
        }
        let beyond = |name: &'static str, slice: Slice, count| {
            let allowed = if name == "rows" { "rows that the file has" } else { "columns that the file has" };
            ParameterError { name: name.into(), found: format!("{slice} of {count}"), allowed }
        };
        let (rows, columns) = (rows.unwrap_or(Slice::all(self.rows)), columns.unwrap_or(Slice::all(self.columns)));
        let kept = rows.of(self.rows).ok_or_else(|| beyond("rows", rows, self.rows))?;
        let places = columns.of(self.columns).ok_or_else(|| beyond("columns", columns, self.columns))?;
        let values = kept.clone().flat_map(|i| {
            let row = self.row(i);
            places.clone().map(move |j| row[j])
        });
        Self::new(kept.clone().count(), places.clone().count(), values.collect())
    }

    /// Centred, then scaled. Sums run in order. Fails where a number overflows.
    pub fn standardised(mut self, centre: Centre, scale: Scale) -> Result<Self, ParameterError> {
        let (rows, columns) = (self.rows, self.columns);
        match centre {
            Centre::None => {}
            Centre::Rows => self.values.chunks_mut(columns).for_each(|row| subtract(row.iter_mut())),
            Centre::Columns => (0..columns).for_each(|j| subtract(self.values.iter_mut().skip(j).step_by(columns))),
            Centre::All => subtract(self.values.iter_mut()),
        }
        match scale {
            Scale::None => {}
            Scale::Rows => self.values.chunks_mut(columns).for_each(|row| divide(row.iter_mut())),
            Scale::Columns => (0..columns).for_each(|j| divide(self.values.iter_mut().skip(j).step_by(columns))),
            Scale::All => divide(self.values.iter_mut()),
        }
        Self::new(rows, columns, self.values)
    }

    /// `x_i . x_j / n`, each a fused sum in order; nothing where `spread` was stopped.
    pub fn gram(&self, spread: Spread) -> Option<Triangle> {
        let all = Vectors { values: &self.values, stride: self.columns, count: self.rows, length: self.columns };
        let n = self.columns as f64;
        let block = |index: usize| {
            let (from, to) = (index * BLOCK, self.rows.min((index + 1) * BLOCK));
            let mut out = vec![0.0; (to - from) * to];
            products(all.range(from, to), all.range(0, to), &mut out);
            let rows = (from..to).flat_map(|i| out[(i - from) * to..][..=i].iter().map(|product| product / n));
            rows.collect::<Vec<f64>>()
        };
        let mut triangle = Triangle::with_capacity(self.rows);
        for flat in spread(self.rows.div_ceil(BLOCK), &block)? {
            let mut rest = flat.as_slice();
            while !rest.is_empty() {
                let (row, more) = rest.split_at(triangle.len() + 1);
                triangle.push(row.to_vec());
                rest = more;
            }
        }
        Some(triangle)
    }
}

fn subtract<'a>(values: impl Iterator<Item = &'a mut f64>) {
    let mut values: Vec<&mut f64> = values.collect();
    let mean = values.iter().map(|value| **value).sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|value| **value -= mean);
}

fn divide<'a>(values: impl Iterator<Item = &'a mut f64>) {
    let mut values: Vec<&mut f64> = values.collect();
    let largest = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    if largest == 0.0 {
        return;
    }
    // of the shares of the largest, whose squares neither overflow nor vanish together
    let square =
        values.iter().map(|value| (**value / largest) * (**value / largest)).sum::<f64>() / values.len() as f64;
    let size = square.sqrt();
    values.iter_mut().for_each(|value| **value = **value / largest / size);
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_numerics::spread::alone;

    fn sample() -> Matrix {
        Matrix::new(3, 4, vec![1.0, 2.0, 3.0, 4.0, -1.0, 0.5, 7.0, 4.0, 0.0, 1.0, 2.0, 4.0]).expect("finite")
    }

    #[test]
    fn parts_are_rows_and_columns() {
        let slice = |numbers: &[usize]| Some(Slice::try_from(numbers.to_vec()).expect("a slice"));
        let part = sample().part(slice(&[0, 3, 2]), slice(&[1, 3])).expect("inside");
        assert_eq!((part.rows(), part.columns(), part.row(1)), (2, 2, [1.0, 2.0].as_slice()));
        assert_eq!(part.column(0), [2.0, 1.0]);
        let error = sample().part(slice(&[1, 4]), None).expect_err("beyond");
        assert_eq!((&*error.name, error.found.as_str()), ("rows", "[1, 4] of 3"));
        assert!(Slice::try_from(vec![2, 2]).is_err() && Slice::try_from(vec![0, 3, 0]).is_err());
    }

    #[test]
    fn what_is_centred_has_mean_0_and_what_is_scaled_mean_square_1() {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let square = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>() / values.len() as f64;
        let columns = sample().standardised(Centre::Columns, Scale::Columns).expect("finite");
        for j in 0..3 {
            let column = columns.column(j);
            assert!(mean(&column).abs() < 1e-15 && (square(&column) - 1.0).abs() < 1e-15);
        }
        // a constant column stays 0
        assert_eq!(columns.column(3), [0.0; 3]);
        let rows = sample().standardised(Centre::Rows, Scale::Rows).expect("finite");
        (0..3).for_each(|i| assert!(mean(rows.row(i)).abs() < 1e-15 && (square(rows.row(i)) - 1.0).abs() < 1e-15));
        let all = sample().standardised(Centre::All, Scale::All).expect("finite");
        assert!(mean(&all.values).abs() < 1e-15 && (square(&all.values) - 1.0).abs() < 1e-15);
        assert_eq!(sample().standardised(Centre::None, Scale::None).expect("finite"), sample());
    }

    #[test]
    fn the_gram_matrix_is_that_of_the_rows() {
        let values = (0..100 * 7).map(|k| (k * k % 101) as f64 / 50.0 - 1.0).collect();
        let matrix = Matrix::new(100, 7, values).expect("finite");
        let gram = matrix.gram(&alone).expect("not stopped");
        for i in 0..100 {
            assert_eq!(gram[i].len(), i + 1);
            for j in 0..=i {
                let exact = matrix.row(i).iter().zip(matrix.row(j)).map(|(a, b)| a * b).sum::<f64>() / 7.0;
                assert!((gram[i][j] - exact).abs() < 1e-15, "{i} {j}");
            }
        }
    }

    #[test]
    fn what_is_not_finite_is_named() {
        let error = Matrix::new(1, 2, vec![0.0, f64::NAN]).expect_err("not finite");
        assert!(error.found.contains("row 0, column 1"), "{}", error.found);
        assert!(Matrix::new(0, 2, vec![]).is_err() && Matrix::new(2, 2, vec![0.0]).is_err());
    }
}
