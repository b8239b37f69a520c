//! Linear equations with a positive definite matrix.

/// Solves `A x = b` for a symmetric positive definite `A` (rows) by Cholesky factors after scaling to unit diagonal; none where
/// a pivot falls below `m 1e-15` (`A` is numerically singular) or below `least`. The relative error of `x` is about 1e-16 over the least pivot.
pub fn solve_positive(a: &[Vec<f64>], b: &[f64], least: f64) -> Option<Vec<f64>> {
    let m = b.len();
    let scale: Vec<f64> = (0..m).map(|i| 1.0 / a[i][i].sqrt()).collect();
    if scale.iter().any(|s| !s.is_finite()) {
        return None;
    }
    let mut factor = vec![vec![0.0; m]; m];
    for j in 0..m {
        for i in j..m {
            let known: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let left = a[i][j] * scale[i] * scale[j] - known;
            if i > j {
                factor[i][j] = left / factor[j][j];
            } else if left > least.max(m as f64 * 1e-15) {
                factor[j][j] = left.sqrt();
            } else {
                return None;
            }
        }
    }
    let mut x: Vec<f64> = b.iter().zip(&scale).map(|(b, s)| b * s).collect();
    for i in 0..m {
        let known: f64 = (0..i).map(|k| factor[i][k] * x[k]).sum();
        x[i] = (x[i] - known) / factor[i][i];
    }
    for i in (0..m).rev() {
        let known: f64 = (i + 1..m).map(|k| factor[k][i] * x[k]).sum();
        x[i] = (x[i] - known) / factor[i][i];
    }
    Some(x.iter().zip(&scale).map(|(x, s)| x * s).collect())
}

/// The `a` with the least `sum_i weight_i (value_i - row_i . a)^2`; none where the rows, all of one length, do not determine it.
pub fn weighted_least_squares(rows: &[Vec<f64>], values: &[f64], weights: &[f64]) -> Option<Vec<f64>> {
    let size = rows.first()?.len();
    if rows.len() < size {
        return None;
    }
    let mut normal = vec![vec![0.0; size]; size];
    let mut right = vec![0.0; size];
    for ((row, value), weight) in rows.iter().zip(values).zip(weights) {
        for i in 0..size {
            right[i] += weight * row[i] * value;
            for j in 0..size {
                normal[i][j] += weight * row[i] * row[j];
            }
        }
    }
    solve_positive(&normal, &right, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hilbert_matrices_are_solved_until_they_are_singular() {
        let hilbert = |m: usize| -> Vec<Vec<f64>> {
            (0..m).map(|i| (0..m).map(|j| 1.0 / (i + j + 1) as f64).collect()).collect()
        };
        let a = hilbert(4);
        let b: Vec<f64> = a.iter().map(|row| row.iter().zip([1.0, -2.0, 3.0, 0.5]).map(|(a, x)| a * x).sum()).collect();
        let found = solve_positive(&a, &b, 0.0).expect("regular");
        assert!(
            found.iter().zip([1.0, -2.0, 3.0, 0.5]).all(|(found, exact)| (found - exact).abs() < 1e-11),
            "{found:?}"
        );
        assert!(solve_positive(&a, &b, 1e-2).is_none());
        assert!(solve_positive(&hilbert(14), &[1.0; 14], 0.0).is_none());
        assert!(solve_positive(&[vec![1.0, 2.0], vec![2.0, 1.0]], &[1.0, 1.0], 0.0).is_none());
        assert!(solve_positive(&[vec![0.0]], &[1.0], 0.0).is_none());
    }

    #[test]
    fn a_straight_line_is_found_through_weighted_points() {
        let rows: Vec<Vec<f64>> = (0..4).map(|x| vec![1.0, f64::from(x)]).collect();
        let found = weighted_least_squares(&rows, &[1.0, 3.0, 5.0, 9.0], &[1.0, 1.0, 1.0, 0.0]).expect("determined");
        assert!((found[0] - 1.0).abs() < 1e-12 && (found[1] - 2.0).abs() < 1e-12, "{found:?}");
        assert!(weighted_least_squares(&rows[..1], &[1.0], &[1.0]).is_none());
    }
}
