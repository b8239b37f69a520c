//! Eigenvalues and eigenvectors of symmetric matrices.

/// Eigenvalues in descending order, and their eigenvectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigen {
    /// Eigenvalues, largest first.
    pub values: Vec<f64>,
    /// Unit eigenvectors in the same order; the component of largest size (the first of equals) is positive.
    pub vectors: Vec<Vec<f64>>,
}

/// Cyclic Jacobi rotations of the symmetric `m x m` matrix `entry(i, j)`.
///
/// Slower than tridiagonal methods but accurate to a few ulp of the largest eigenvalue, and the same bits everywhere: only
/// `+ - * /` and square roots, in a fixed order. Stops when no off-diagonal entry exceeds 1e-17 of the largest diagonal
/// one, after 60 sweeps at most (8 to 10 are usual).
pub fn symmetric_eigen(m: usize, entry: impl Fn(usize, usize) -> f64) -> Eigen {
    diagonalised((0..m).map(|i| (0..m).map(|j| if i >= j { entry(i, j) } else { entry(j, i) }).collect()).collect())
}

/// The same of a matrix, compiled once for all who ask.
fn diagonalised(mut a: Vec<Vec<f64>>) -> Eigen {
    let m = a.len();
    // row k is the k-th eigenvector
    let mut vectors: Vec<Vec<f64>> = (0..m).map(|i| (0..m).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
    for _ in 0..60 {
        let scale = (0..m).map(|i| a[i][i].abs()).fold(0.0, f64::max);
        let mut rotated = false;
        for p in 0..m {
            for q in p + 1..m {
                if a[p][q].abs() <= 1e-17 * scale {
                    continue;
                }
                rotated = true;
                let theta = 0.5 * (a[q][q] - a[p][p]) / a[p][q];
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                let turn = |x: &mut f64, y: &mut f64| (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                let (above, below) = a.split_at_mut(q);
                above[p].iter_mut().zip(&mut below[0]).for_each(|(x, y)| turn(x, y));
                for row in &mut a {
                    let (left, right) = row.split_at_mut(q);
                    turn(&mut left[p], &mut right[0]);
                }
                let (above, below) = vectors.split_at_mut(q);
                above[p].iter_mut().zip(&mut below[0]).for_each(|(x, y)| turn(x, y));
            }
        }
        if !rotated {
            break;
        }
    }
    let mut order: Vec<usize> = (0..m).collect();
    order.sort_by(|&i, &j| a[j][j].total_cmp(&a[i][i]).then(i.cmp(&j)));
    let values = order.iter().map(|&k| a[k][k]).collect();
    let vectors = order.iter().map(|&k| with_sign(&vectors[k])).collect();
    Eigen { values, vectors }
}

fn with_sign(vector: &[f64]) -> Vec<f64> {
    let mut largest = 0.0f64;
    for x in vector {
        if x.abs() > largest.abs() {
            largest = *x;
        }
    }
    vector.iter().map(|x| if largest < 0.0 { -x } else { *x }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_circulant_has_the_eigenvalues_of_its_fourier_series() {
        let m = 12;
        let cos = |k: usize| crate::elementary::cos(std::f64::consts::TAU * k as f64 / m as f64);
        let eigen = symmetric_eigen(m, |i, j| 1.0 + cos(i.abs_diff(j)) + 0.25 * cos(2 * i.abs_diff(j)));
        for (found, exact) in eigen.values.iter().zip([12.0, 6.0, 6.0, 1.5, 1.5, 0.0, 0.0]) {
            assert!((found - exact).abs() < 1e-13, "{:?}", eigen.values);
        }
    }

    proptest! {
        #[test]
        fn vectors_are_orthonormal_and_give_the_matrix_back(entries in proptest::collection::vec(-1.0f64..1.0, 49)) {
            let m = 7;
            let entry = |i: usize, j: usize| entries[i * m + j] + entries[j * m + i];
            let Eigen { values, vectors } = symmetric_eigen(m, entry);
            prop_assert!(values.is_sorted_by(|a, b| a >= b));
            for i in 0..m {
                for j in 0..m {
                    let product: f64 = (0..m).map(|k| vectors[i][k] * vectors[j][k]).sum();
                    prop_assert!((product - f64::from(u8::from(i == j))).abs() < 1e-14);
                    let back: f64 = (0..m).map(|k| values[k] * vectors[k][i] * vectors[k][j]).sum();
                    prop_assert!((back - entry(i, j)).abs() < 1e-13);
                }
            }
        }
    }
}
