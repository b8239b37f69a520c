//! What a network is shown: columns (points, and differences to a point) and their Gram matrix per input component.

use super::ParameterError;

/// A symmetric `m x m` matrix, stored in full, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct SymmetricMatrix {
    order: usize,
    entries: Vec<f64>,
}

impl SymmetricMatrix {
    /// Builds the matrix from `entry(i, j)` with `i >= j`.
    pub fn from_fn(order: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Self {
        let mut entries = vec![0.0; order * order];
        for i in 0..order {
            for j in 0..=i {
                let value = entry(i, j);
                entries[i * order + j] = value;
                entries[j * order + i] = value;
            }
        }
        Self { order, entries }
    }

    /// Number of rows `m`.
    pub fn order(&self) -> usize {
        self.order
    }

    /// Entry `(i, j)`.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        self.entries[i * self.order + j]
    }

    /// All entries, row by row.
    pub fn entries(&self) -> &[f64] {
        &self.entries
    }
}

/// What one column of the propagated matrix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A point `x`: next layer `phi(u)`, bias included.
    State,
    /// A difference `x' - x` to the state column `of`: next layer `phi(u + t) - phi(u)`, computed without cancellation;
    /// the bias drops out.
    Difference {
        /// Index of the state column `x`; smaller than the index of this column.
        of: usize,
    },
}

/// Input columns with their Gram matrix `G_ij = (x_i . x_j) / n_0`.
///
/// Only the Gram matrix matters: every input with the same one gives the same law of all layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    columns: Vec<Column>,
    gram: SymmetricMatrix,
}

impl Inputs {
    /// Any set of columns. Fails when a difference names no earlier state column, or the Gram matrix is not finite or
    /// has a negative diagonal.
    pub fn new(columns: Vec<Column>, gram: SymmetricMatrix) -> Result<Self, ParameterError> {
        let bad = |found: String, allowed| Err(ParameterError { name: "inputs", found, allowed });
        if columns.is_empty() || gram.order() != columns.len() {
            return bad(
                format!("{} columns, Gram matrix of order {}", columns.len(), gram.order()),
                "one row and column for each input",
            );
        }
        for (j, column) in columns.iter().enumerate() {
            if let Column::Difference { of } = *column
                && (of >= j || columns[of] != Column::State)
            {
                return bad(format!("difference column {j} to column {of}"), "differences to an earlier state column");
            }
            if !(gram.get(j, j) >= 0.0) {
                return bad(format!("{}", gram.get(j, j)), "a Gram matrix with a non-negative diagonal");
            }
        }
        if let Some(found) = gram.entries().iter().find(|g| !g.is_finite()) {
            return bad(format!("{found}"), "a finite Gram matrix");
        }
        Ok(Self { columns, gram })
    }

    /// One point of activity `A`.
    pub fn single(activity: f64) -> Result<Self, ParameterError> {
        Self::new(vec![Column::State], SymmetricMatrix::from_fn(1, |_, _| activity))
    }

    /// Two points of activities `A` and `A + activity_difference` at distance `D = |x' - x|^2 / n`, as the columns
    /// `(x, x' - x)`: `x . (x' - x) / n = (activity_difference - D) / 2`.
    pub fn pair(activity: f64, activity_difference: f64, distance: f64) -> Result<Self, ParameterError> {
        let cross = 0.5 * (activity_difference - distance);
        if !(cross * cross <= activity * distance * (1.0 + 1e-12)) {
            return Err(ParameterError {
                name: "distance",
                found: format!("{distance} for activities {activity} and {}", activity + activity_difference),
                allowed: "between (sqrt A - sqrt A')^2 and (sqrt A + sqrt A')^2",
            });
        }
        Self::new(
            vec![Column::State, Column::Difference { of: 0 }],
            SymmetricMatrix::from_fn(2, |i, j| match (i, j) {
                (0, 0) => activity,
                (1, 1) => distance,
                _ => cross,
            }),
        )
    }

    /// Points given by their Gram matrix (no difference columns).
    pub fn points(gram: SymmetricMatrix) -> Result<Self, ParameterError> {
        Self::new(vec![Column::State; gram.order()], gram)
    }

    /// What each column is.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Gram matrix of the input layer.
    pub fn gram(&self) -> &SymmetricMatrix {
        &self.gram
    }
}
