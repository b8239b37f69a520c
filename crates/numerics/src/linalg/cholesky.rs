//! Cholesky factors of large positive definite matrices and solutions for many right-hand sides at once, in blocks whose sums are
//! [`products`]: the same bits at every SIMD level.

use crate::product::{Vectors, products};

/// Rows and columns of a block.
const BLOCK: usize = 48;

/// The lower triangle `L` of `A = L L^T`.
#[derive(Debug, Clone)]
pub struct Cholesky {
    order: usize,
    /// `L`, row by row; what is above the diagonal is 0.
    lower: Vec<f64>,
    /// `L^T` with rows and columns in reverse order: a lower triangle again.
    turned: Vec<f64>,
}

impl Cholesky {
    /// The factor of the matrix whose lower triangle stands row by row in `entries`; none where a pivot is not positive.
    ///
    /// # Panics
    /// If there are not `order * order` entries.
    pub fn new(order: usize, mut entries: Vec<f64>) -> Option<Self> {
        assert_eq!(entries.len(), order * order, "entries");
        let mut known = vec![0.0; order * BLOCK];
        for from in (0..order).step_by(BLOCK) {
            let to = (from + BLOCK).min(order);
            let (width, rows) = (to - from, order - from);
            let left = Vectors { values: &entries[from * order..], stride: order, count: rows, length: from };
            products(left, left.range(0, width), &mut known[..rows * width]);
            for i in from..order {
                for j in from..to.min(i + 1) {
                    let mut rest = entries[i * order + j] - known[(i - from) * width + j - from];
                    for k in from..j {
                        rest -= entries[i * order + k] * entries[j * order + k];
                    }
                    entries[i * order + j] = if i > j {
                        rest / entries[j * order + j]
                    } else if rest > 0.0 {
                        rest.sqrt()
                    } else {
                        return None;
                    };
                }
            }
        }
        for i in 0..order {
            entries[i * order + i + 1..(i + 1) * order].fill(0.0);
        }
        let mut turned = vec![0.0; order * order];
        for i in 0..order {
            for j in 0..=i {
                turned[(order - 1 - j) * order + order - 1 - i] = entries[i * order + j];
            }
        }
        Some(Self { order, lower: entries, turned })
    }

    /// Replaces each right-hand side, `order` numbers one after the other, by its solution.
    pub fn solve(&self, sides: &mut [f64]) {
        forward(&self.lower, self.order, sides);
        sides.chunks_mut(self.order).for_each(<[f64]>::reverse);
        forward(&self.turned, self.order, sides);
        sides.chunks_mut(self.order).for_each(<[f64]>::reverse);
    }
}

/// Solves with a lower triangle.
fn forward(lower: &[f64], order: usize, sides: &mut [f64]) {
    let count = sides.len() / order;
    let mut known = vec![0.0; count * BLOCK];
    for from in (0..order).step_by(BLOCK) {
        let to = (from + BLOCK).min(order);
        let width = to - from;
        let rows = Vectors { values: &lower[from * order..], stride: order, count: width, length: from };
        products(Vectors { values: sides, stride: order, count, length: from }, rows, &mut known[..count * width]);
        for (side, known) in sides.chunks_mut(order).zip(known.chunks(width)) {
            for i in from..to {
                let mut rest = side[i] - known[i - from];
                for k in from..i {
                    rest -= lower[i * order + k] * side[k];
                }
                side[i] = rest / lower[i * order + i];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elementary::sin;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn solutions_solve(order in 1usize..150, count in 1usize..4, seed in 0.1f64..3.0) {
            let a: Vec<f64> = (0..order * order).map(|i| sin(seed * i as f64 + 0.1 * (i * i % 1013) as f64)).collect();
            let entry = |i: usize, j: usize| -> f64 {
                let sum: f64 = (0..order).map(|k| a[i * order + k] * a[j * order + k]).sum();
                sum / order as f64 + if i == j { 0.1 } else { 0.0 }
            };
            let matrix: Vec<f64> = (0..order * order).map(|at| entry(at / order, at % order)).collect();
            let solutions: Vec<f64> = (0..order * count).map(|i| sin(1.3 * i as f64)).collect();
            let mut sides: Vec<f64> = solutions
                .chunks(order)
                .flat_map(|x| matrix.chunks(order).map(move |row| row.iter().zip(x).map(|(a, x)| a * x).sum::<f64>()))
                .collect();
            Cholesky::new(order, matrix).expect("definite").solve(&mut sides);
            prop_assert!(sides.iter().zip(&solutions).all(|(found, exact)| (found - exact).abs() < 1e-11));
        }
    }

    #[test]
    fn a_matrix_that_is_not_definite_has_no_factor() {
        assert!(Cholesky::new(2, vec![1.0, 0.0, 2.0, 1.0]).is_none());
        assert!(Cholesky::new(1, vec![f64::NAN]).is_none());
    }
}
