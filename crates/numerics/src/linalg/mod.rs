//! Small dense linear algebra.

mod cholesky;
mod eigen;
mod leave_out;
mod solve;
mod toeplitz;

pub use cholesky::Cholesky;
pub use eigen::{Eigen, circulant_eigenvalue, circulant_shares, principal_components, symmetric_eigen};
pub use leave_out::{Targets, leave_one_out};
pub use solve::{solve_positive, weighted_least_squares};
pub use toeplitz::ToeplitzInverse;

use super::simd::{Kernel, dispatch};

/// Rank-revealing Cholesky factor of a positive semidefinite matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    rows: usize,
    rank: usize,
    entries: Vec<f64>,
    defect: f64,
}

impl Factor {
    /// Factor `L` (`m x r`) with `S = L L^T`, for `S` given by `entry(i, j)`.
    ///
    /// Columns are scaled to unit diagonal first, so that rows of very different size keep their relative accuracy, and
    /// pivoted by the largest remaining diagonal; the factorisation stops at a pivot below `m 1e-15`, where only rounding is
    /// left. Rows with a diagonal of 0 are 0. See [`Factor::defect`] for matrices that are not semidefinite.
    pub fn new(m: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let scale: Vec<f64> = (0..m).map(|i| entry(i, i).max(0.0).sqrt()).collect();
        let scaled = |i: usize, j: usize| {
            if scale[i] > 0.0 && scale[j] > 0.0 { entry(i, j) / scale[i] / scale[j] } else { 0.0 }
        };
        let tolerance = m as f64 * 1e-15;
        let mut diagonal: Vec<f64> = (0..m).map(|i| f64::from(u8::from(scale[i] > 0.0))).collect();
        // column k of the factor, one entry a row
        let mut columns: Vec<Vec<f64>> = Vec::new();
        let mut known = vec![0.0; m];
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
            dispatch(Known { columns: &columns, pivot, known: &mut known });
            let mut column = vec![0.0; m];
            for i in 0..m {
                // rows that were pivots have 0 left
                if diagonal[i] > 0.0 && i != pivot {
                    column[i] = (scaled(i, pivot) - known[i]) / root;
                    diagonal[i] -= column[i] * column[i];
                }
            }
            column[pivot] = root;
            diagonal[pivot] = 0.0;
            columns.push(column);
        }
        let defect = diagonal.iter().fold(0.0, |defect: f64, left| defect.max(-left));
        let rank = columns.len();
        let entries = (0..m).flat_map(|i| columns.iter().map(move |c| (i, c[i]))).map(|(i, x)| x * scale[i]).collect();
        Self { rows: m, rank, entries, defect }
    }

    /// How far the matrix is from being semidefinite: the size of the most negative diagonal left when the factorisation
    /// stopped, as a share of its row's own. Rounding leaves about `m 1e-15`; a correlation `c > 1` leaves `c^2 - 1`.
    pub fn defect(&self) -> f64 {
        self.defect
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

/// `known_i = sum_k c_k,i c_k,pivot` over the columns so far, in their order for each row. Four columns at a time and rows side
/// by side change the speed, not the bits.
struct Known<'a> {
    columns: &'a [Vec<f64>],
    pivot: usize,
    known: &'a mut [f64],
}

impl Kernel for Known<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let m = self.known.len();
        // what an empty sum is
        self.known.fill(-0.0);
        let (fours, rest) = self.columns.as_chunks::<4>();
        for four in fours {
            let [a, b, c, d] = [0, 1, 2, 3].map(|k| &four[k][..m]);
            let [fa, fb, fc, fd] = [a, b, c, d].map(|column| column[self.pivot]);
            for i in 0..m {
                self.known[i] = self.known[i] + a[i] * fa + b[i] * fb + c[i] * fc + d[i] * fd;
            }
        }
        for column in rest {
            let factor = column[self.pivot];
            for (known, entry) in self.known.iter_mut().zip(column) {
                *known += entry * factor;
            }
        }
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

    #[test]
    fn matrices_that_are_not_semidefinite_leave_a_defect() {
        let of = |c: f64| Factor::new(2, |i, j| if i == j { 4.0 } else { 4.0 * c }).defect();
        assert!((of(2.0) - 3.0).abs() < 1e-15 && (of(1.0 + 1e-6) / 2e-6 - 1.0).abs() < 1e-6);
        assert!(of(1.0) == 0.0 && of(0.5) == 0.0);
        // 1000 points of a circle: rank 2, and a defect of rounding only
        let circle = Factor::new(1000, |i, j| crate::elementary::cos(0.1 * (i as f64 - j as f64)));
        assert!(circle.rank() == 2 && circle.defect() < 1e-13, "{} {:e}", circle.rank(), circle.defect());
    }

    #[test]
    fn every_level_gives_the_same_bits() {
        use crate::simd::{Level, dispatch_at};
        let columns: Vec<Vec<f64>> =
            (0..7).map(|k| (0..53).map(|i| 1.0 / (3 * k + 2 * i + 1) as f64).collect()).collect();
        // the sums as a plain loop has them
        let plain: Vec<f64> = (0..53).map(|i| columns.iter().map(|c| c[i] * c[9]).sum()).collect();
        for level in Level::available() {
            let mut known = vec![0.0; 53];
            dispatch_at(level, Known { columns: &columns, pivot: 9, known: &mut known });
            assert_eq!(known, plain, "{level:?}");
        }
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
