//! Small dense linear algebra.

/// Rank-revealing Cholesky factor of a positive semidefinite matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    rows: usize,
    rank: usize,
    entries: Vec<f64>,
}

impl Factor {
    /// Factor `L` (`m x r`) with `S = L L^T`, for `S` given by `entry(i, j)`.
    ///
    /// Columns are scaled to unit diagonal first, so that rows of very different size keep their relative accuracy, and
    /// pivoted by the largest remaining diagonal; the factorisation stops at a pivot below `m 1e-15`, where only rounding is
    /// left. Rows with a diagonal of 0 are 0.
    pub fn new(m: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let scale: Vec<f64> = (0..m).map(|i| entry(i, i).max(0.0).sqrt()).collect();
        let scaled = |i: usize, j: usize| {
            if scale[i] > 0.0 && scale[j] > 0.0 { entry(i, j) / scale[i] / scale[j] } else { 0.0 }
        };
        let tolerance = m as f64 * 1e-15;
        let mut diagonal: Vec<f64> = (0..m).map(|i| f64::from(u8::from(scale[i] > 0.0))).collect();
        // column k of the factor, one entry a row
        let mut columns: Vec<Vec<f64>> = Vec::new();
        while columns.len() < m {
            let mut pivot = 0;
            for i in 1..m {
                if diagonal[i] > diagonal[pivot] {
                    pivot = i;
                }
            }
            if diagonal[pivot] <= tolerance || diagonal[pivot].is_nan() {
                break;
            }
            let root = diagonal[pivot].sqrt();
            let mut column = vec![0.0; m];
            for i in 0..m {
                // rows that were pivots have 0 left
                if diagonal[i] > 0.0 && i != pivot {
                    let known: f64 = columns.iter().map(|c| c[i] * c[pivot]).sum();
                    column[i] = (scaled(i, pivot) - known) / root;
                    diagonal[i] -= column[i] * column[i];
                }
            }
            column[pivot] = root;
            diagonal[pivot] = 0.0;
            columns.push(column);
        }
        let rank = columns.len();
        let entries = (0..m).flat_map(|i| columns.iter().map(move |c| (i, c[i]))).map(|(i, x)| x * scale[i]).collect();
        Self { rows: m, rank, entries }
    }

    /// Number of rows `m`.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Rank `r`.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Row `i`, of `r` entries.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.rank..(i + 1) * self.rank]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn product(factor: &Factor, i: usize, j: usize) -> f64 {
        factor.row(i).iter().zip(factor.row(j)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn coincident_columns_lower_the_rank() {
        let s = [[2.0, 2.0, 1.0], [2.0, 2.0, 1.0], [1.0, 1.0, 5.0]];
        let factor = Factor::new(3, |i, j| s[i][j]);
        assert_eq!(factor.rank(), 2);
        for (i, row) in s.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                assert!((product(&factor, i, j) - entry).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn tiny_and_zero_rows_keep_their_size() {
        let s = [[1.0, -5e-281, 0.0], [-5e-281, 1e-280, 0.0], [0.0, 0.0, 0.0]];
        let factor = Factor::new(3, |i, j| s[i][j]);
        assert_eq!(factor.rank(), 2);
        assert!((product(&factor, 1, 1) / 1e-280 - 1.0).abs() < 1e-15);
        assert!((product(&factor, 0, 1) / -5e-281 - 1.0).abs() < 1e-12);
        assert_eq!(factor.row(2), &[0.0, 0.0]);
    }

    proptest! {
        #[test]
        fn the_factor_gives_the_matrix_back(values in proptest::collection::vec(-2.0f64..2.0, 5 * 7), rank in 1usize..7) {
            let m = 5;
            let s = |i: usize, j: usize| (0..rank).map(|k| values[7 * i + k] * values[7 * j + k]).sum::<f64>();
            let factor = Factor::new(m, s);
            prop_assert!(factor.rank() <= rank.min(m));
            for i in 0..m {
                for j in 0..m {
                    let size = (s(i, i) * s(j, j)).sqrt();
                    prop_assert!((product(&factor, i, j) - s(i, j)).abs() <= 1e-13 * size);
                }
            }
        }
    }
}
