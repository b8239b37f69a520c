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

/// What is learned from examples: vectors of targets, one entry an example, each centred.
#[derive(Debug, Clone, PartialEq)]
pub struct Targets {
    centred: Vec<Vec<f64>>,
    means: Vec<f64>,
    /// Which target is 1, where they are classes.
    classes: Option<Vec<usize>>,
}

impl Targets {
    fn new(mut targets: Vec<Vec<f64>>, classes: Option<Vec<usize>>) -> Self {
        let means: Vec<f64> = targets.iter().map(|target| target.iter().sum::<f64>() / target.len() as f64).collect();
        for (target, mean) in targets.iter_mut().zip(&means) {
            target.iter_mut().for_each(|value| *value -= mean);
        }
        Self { centred: targets, means, classes }
    }

    /// One target, these numbers.
    pub fn numbers(labels: &[f64]) -> Self {
        Self::new(vec![labels.to_vec()], None)
    }

    /// A target for each class, 1 in it and 0 elsewhere, of examples whose classes have these names.
    pub fn classes(labels: &[f64]) -> Self {
        let mut names = labels.to_vec();
        names.sort_by(f64::total_cmp);
        names.dedup();
        let is = |name: &f64| labels.iter().map(|label| f64::from(u8::from(label == name))).collect();
        let of = |label: &f64| names.iter().position(|name| name == label).unwrap_or_default();
        Self::new(names.iter().map(is).collect(), Some(labels.iter().map(of).collect()))
    }

    /// Number of targets.
    pub fn count(&self) -> usize {
        self.means.len()
    }

    /// Whether they are classes.
    pub fn are_classes(&self) -> bool {
        self.classes.is_some()
    }

    /// Whether all examples have the same, so that there is nothing to learn.
    pub fn are_constant(&self) -> bool {
        self.centred.iter().flatten().all(|value| *value == 0.0)
    }

    /// What regression with this kernel explains on examples left out one by one: 1 less the share of the mean square of the targets that it
    /// leaves, and the share of examples whose class has the largest prediction, where targets are classes. None as [`leave_one_out`].
    pub fn explained(&self, kernel: &[Vec<f64>], ridge: f64) -> Option<(f64, Option<f64>)> {
        let errors = leave_one_out(kernel, ridge, &self.centred)?;
        let square = |values: &[Vec<f64>]| values.iter().flatten().map(|value| value * value).sum::<f64>();
        let share = 1.0 - square(&errors) / square(&self.centred);
        let predicted = |class: usize, i: usize| self.centred[class][i] - errors[class][i] + self.means[class];
        let right = self.classes.as_ref().map(|classes| {
            let best = |i: usize| (0..errors.len()).max_by(|&a, &b| predicted(a, i).total_cmp(&predicted(b, i)));
            let right = classes.iter().enumerate().filter(|(i, class)| best(*i) == Some(**class)).count();
            right as f64 / classes.len() as f64
        });
        Some((share, right))
    }
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

    /// With a kernel of two blocks the prediction of an example is that of the others of its block.
    #[test]
    fn classes_are_told_apart_by_a_kernel_that_tells_them_apart() {
        let kernel = |same: f64| -> Vec<Vec<f64>> {
            (0..6).map(|i| (0..=i).map(|j| if i % 2 == j % 2 { same } else { 0.0 }).collect()).collect()
        };
        let targets = Targets::classes(&[3.0, 8.0, 3.0, 8.0, 3.0, 8.0]);
        assert!(targets.count() == 2 && targets.are_classes() && !targets.are_constant());
        let (share, right) = targets.explained(&kernel(1.0), 1e-9).expect("positive");
        assert!(right == Some(1.0) && share > 1.0 - 1e-15, "{share} {right:?}");
        // two others of the block are shrunk by 2 / (2 + ridge)
        let (share, right) = targets.explained(&kernel(1.0), 2.0).expect("positive");
        assert!(right == Some(1.0) && (share - 0.75).abs() < 1e-14, "{share}");
        let (share, right) =
            Targets::numbers(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0]).explained(&kernel(1.0), 2.0).expect("positive");
        assert!(right.is_none() && (share - 0.75).abs() < 1e-14, "{share}");
        assert!(Targets::numbers(&[4.0; 3]).are_constant() && Targets::classes(&[4.0; 3]).are_constant());
    }
}
