//! Eigenvalues and eigenvectors of symmetric matrices.

use crate::elementary::cos;
use std::f64::consts::TAU;

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

/// Principal components of points whose scalar products are `entry(i, j)`: eigenvalues and eigenvectors of their products about their mean.
pub fn principal_components(m: usize, entry: impl Fn(usize, usize) -> f64) -> Eigen {
    let means: Vec<f64> = (0..m).map(|i| (0..m).map(|j| entry(i, j)).sum::<f64>() / m as f64).collect();
    let mean = means.iter().sum::<f64>() / m as f64;
    symmetric_eigen(m, |i, j| entry(i, j) - means[i] - means[j] + mean)
}

/// Eigenvalue of the symmetric circulant matrix with this first row that belongs to the cosine and the sine of so many periods.
pub fn circulant_eigenvalue(row: &[f64], periods: usize) -> f64 {
    let m = row.len();
    let step = TAU / m as f64;
    row.iter().enumerate().map(|(k, value)| value * cos(step * (periods * k % m) as f64)).sum()
}

/// Shares of the variance in the principal components of points whose products are the circulant matrix with this first row, largest first, and
/// the number of periods of each.
pub fn circulant_shares(row: &[f64]) -> Vec<(f64, usize)> {
    let m = row.len();
    // the mean is taken out, so the constant is not there
    let of = |periods: usize| (circulant_eigenvalue(row, periods), periods.min(m - periods));
    let mut values: Vec<(f64, usize)> = (1..m).map(of).collect();
    values.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total: f64 = values.iter().map(|(value, _)| value).sum();
    values.into_iter().map(|(value, periods)| (value / total, periods)).collect()
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

    #[test]
    fn waves_are_eigenvectors_of_circulant_matrices() {
        let row = [3.0, 1.0, 0.5, 0.25, 0.5, 1.0];
        let matrix = |i: usize, j: usize| row[(6 + i - j) % 6];
        let mut waves: Vec<f64> = (0..6).map(|periods: usize| circulant_eigenvalue(&row, periods)).collect();
        assert!((waves[1] - waves[5]).abs() < 1e-14 && (waves[0] - 6.25).abs() < 1e-14);
        // about their mean the points lack the constant
        let found = principal_components(6, |i, j| matrix(i.max(j), i.min(j)));
        waves[0] = 0.0;
        waves.sort_by(|a, b| b.total_cmp(a));
        let shares = circulant_shares(&row);
        assert!(shares.len() == 5 && (shares[0].1, shares[1].1) == (1, 1));
        let total: f64 = waves.iter().sum();
        assert!(shares.iter().zip(&waves).all(|((share, _), wave)| (share - wave / total).abs() < 1e-14), "{shares:?}");
        assert!(found.values.iter().zip(&waves).all(|(a, b)| (a - b).abs() < 1e-13), "{:?} {waves:?}", found.values);
    }
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
