//! Observables of a Gram matrix and their estimates over replicas.

use super::Trajectory;
use neurodyn_model::{Column, Inputs, SymmetricMatrix};
use neurodyn_numerics::statistics::{mean_and_stderr, variance_and_stderr};

/// A mean over independent replicas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub mean: f64,
    /// Its standard error; `None` for a single replica.
    pub stderr: Option<f64>,
    /// Number of replicas.
    pub replicas: usize,
}

impl Estimate {
    /// Mean of one value a replica.
    pub fn of(values: &[f64]) -> Self {
        let (mean, stderr) = mean_and_stderr(values);
        Self { mean, stderr, replicas: values.len() }
    }

    /// Variance over replicas of one value a replica.
    pub fn variance_of(values: &[f64]) -> Self {
        let (mean, stderr) = variance_and_stderr(values);
        Self { mean, stderr, replicas: values.len() }
    }

    /// The same times a constant above 0.
    pub fn times(&self, factor: f64) -> Self {
        Self { mean: factor * self.mean, stderr: self.stderr.map(|stderr| factor * stderr), ..*self }
    }

    /// The root of what is estimated, by the delta method.
    pub fn root(&self) -> Self {
        let root = self.mean.sqrt();
        Self { mean: root, stderr: self.stderr.map(|stderr| 0.5 * stderr / root), ..*self }
    }

    /// Mean over replicas of an observable of one layer.
    pub fn over(trajectories: &[Trajectory], layer: usize, observable: impl Fn(&SymmetricMatrix) -> f64) -> Self {
        let values: Vec<f64> = trajectories.iter().map(|t| observable(&t[layer])).collect();
        Self::of(&values)
    }
}

/// The first two inputs of a network, as points or as a point and a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    difference: bool,
}

impl Pair {
    /// A point and its difference to the second one, as `Inputs::pair` gives them.
    pub const POINT_AND_DIFFERENCE: Self = Self { difference: true };

    /// The first two columns of these inputs; `None` when there are fewer.
    pub fn of(inputs: &Inputs) -> Option<Self> {
        match inputs.columns() {
            [Column::State, second, ..] => Some(Self { difference: *second != Column::State }),
            _ => None,
        }
    }

    /// `A` of the first input.
    pub fn activity(self, gram: &SymmetricMatrix) -> f64 {
        gram.get(0, 0)
    }

    /// `C = x . x' / n`.
    pub fn overlap(self, gram: &SymmetricMatrix) -> f64 {
        if self.difference { gram.get(0, 0) + gram.get(1, 0) } else { gram.get(1, 0) }
    }

    /// `D = |x' - x|^2 / n`, without cancellation for a difference column.
    pub fn distance(self, gram: &SymmetricMatrix) -> f64 {
        if self.difference { gram.get(1, 1) } else { gram.get(0, 0) + gram.get(1, 1) - 2.0 * gram.get(1, 0) }
    }

    /// `A'` of the second input.
    pub fn activity_prime(self, gram: &SymmetricMatrix) -> f64 {
        if self.difference { gram.get(0, 0) + 2.0 * gram.get(1, 0) + gram.get(1, 1) } else { gram.get(1, 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_follow_what_is_estimated() {
        let estimate = Estimate { mean: 4.0, stderr: Some(0.2), replicas: 9 };
        assert_eq!(estimate.times(3.0), Estimate { mean: 12.0, stderr: Some(3.0 * 0.2), replicas: 9 });
        // the slope of the root at 4 is a quarter
        assert_eq!(estimate.root(), Estimate { mean: 2.0, stderr: Some(0.05), replicas: 9 });
        assert_eq!(Estimate { stderr: None, ..estimate }.root().stderr, None);
    }
}
