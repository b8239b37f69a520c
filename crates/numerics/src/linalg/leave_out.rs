//! What regression with a kernel errs by on each example when it has learned from all others, without learning so often.

use super::Cholesky;

/// Errors left out one by one: `e_i = (M^-1 y)_i / (M^-1)_ii` with `M = K + ridge` (Wahba, Spline Models for Observational Data, 1990), for each
/// vector of targets; none where `M` is not positive definite.
///
/// # Panics
/// If a vector of targets has another length than the kernel.
pub fn leave_one_out(kernel: &[Vec<f64>], ridge: f64, targets: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let order = kernel.len();
    assert!(targets.iter().all(|target| target.len() == order), "targets");
    let mut entries = vec![0.0; order * order];
    for (i, row) in kernel.iter().enumerate() {
        entries[i * order..=i * order + i].copy_from_slice(row);
        entries[i * order + i] += ridge;
    }
    let factor = Cholesky::new(order, entries)?;
    let mut inverse = vec![0.0; order * order];
    (0..order).for_each(|i| inverse[i * order + i] = 1.0);
    factor.solve(&mut inverse);
    let mut solved = targets.concat();
    factor.solve(&mut solved);
    let errors = |target: &[f64]| (0..order).map(|i| target[i] / inverse[i * order + i]).collect();
    Some(solved.chunks(order).map(errors).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elementary::cos;
    use crate::linalg::solve_positive;

    #[test]
    fn each_error_is_that_of_learning_from_the_others() {
        let m = 13;
        let kernel: Vec<Vec<f64>> = (0..m)
            .map(|i| (0..=i).map(|j| 1.0 + 0.7 * cos(0.3 * (i - j) as f64) + f64::from(u8::from(i == j))).collect())
            .collect();
        let target: Vec<f64> = (0..m).map(|i| cos(1.7 * i as f64) - 0.2).collect();
        let entry = |i: usize, j: usize| kernel[i.max(j)][i.min(j)];
        for ridge in [0.0, 0.3] {
            let found = leave_one_out(&kernel, ridge, &[target.clone(), vec![1.0; m]]).expect("positive");
            for out in 0..m {
                let others: Vec<usize> = (0..m).filter(|i| *i != out).collect();
                let matrix: Vec<Vec<f64>> = others
                    .iter()
                    .map(|&i| others.iter().map(|&j| entry(i, j) + if i == j { ridge } else { 0.0 }).collect())
                    .collect();
                let right: Vec<f64> = others.iter().map(|&i| target[i]).collect();
                let weights = solve_positive(&matrix, &right, 0.0).expect("positive");
                let predicted: f64 = others.iter().zip(&weights).map(|(&i, weight)| weight * entry(out, i)).sum();
                assert!((found[0][out] - (target[out] - predicted)).abs() < 1e-12, "{ridge} {out}");
            }
        }
        assert_eq!(leave_one_out(&[vec![1.0], vec![1.0, 1.0]], 0.0, &[vec![1.0, 2.0]]), None);
    }
}
