//! Online natural gradient learning with explicit inputs: `theta <- theta - eta (f(x) - y) K grad f(x)`, `K` the inverse of the Fisher information
//! or of its running average `G <- (1 - epsilon) G + epsilon grad f grad f^T`, kept as an inverse by
//! `K <- (K - epsilon q q^T / (1 - epsilon + epsilon grad f . q)) / (1 - epsilon)`, `q = K grad f` (Sherman and Morrison; to first order in `epsilon` the
//! rule of Amari, Park and Fukumizu 2000). `K` stays positive definite.

use super::{OnlineTask, Students, explicit};
use crate::SimulationError;
use neurodyn_model::Perceptron;
use neurodyn_numerics::sum::dot;
use neurodyn_random::Address;

/// `K v` at a student; none where the Fisher information is numerically singular.
pub type InverseFisher<'a> = dyn Fn(&Perceptron, &[f64]) -> Option<Vec<f64>> + Sync + 'a;

/// Where `K` comes from.
#[derive(Clone, Copy)]
pub enum Metric<'a> {
    /// The inverse Fisher information of the student at hand.
    Exact(&'a InverseFisher<'a>),
    /// The running average.
    Adaptive {
        /// `epsilon`, between 0 and 1.
        rate: f64,
        /// `K` at the start, by rows; of as many parameters as [`OnlineTask::explicit_start`].
        start: &'a [Vec<f64>],
    },
}

impl OnlineTask {
    /// The student at the start in all `N` coordinates.
    pub fn explicit_start(&self) -> Perceptron {
        self.explicit(&self.start)
    }

    /// Students after these numbers of steps (in increasing order) of natural gradient learning.
    pub fn sample_natural(
        &self,
        steps: &[u64],
        metric: Metric,
        address: &Address,
    ) -> Result<Students, SimulationError> {
        match metric {
            Metric::Exact(solve) => explicit::sample(self, steps, address, |student, gradient, step| {
                let singular = || SimulationError::SingularMetric { step, replica: address.replica };
                solve(student, &gradient).ok_or_else(singular)
            }),
            Metric::Adaptive { rate, start } => {
                let mut inverse = start.to_vec();
                explicit::sample(self, steps, address, |_, gradient, _| {
                    let ascent: Vec<f64> = inverse.iter().map(|row| dot(row, &gradient)).collect();
                    average(&mut inverse, &ascent, dot(&gradient, &ascent), rate);
                    Ok(ascent)
                })
            }
        }
    }
}

/// The inverse of the running average one example on, `along = K grad f` and `size = grad f . K grad f`.
fn average(inverse: &mut [Vec<f64>], along: &[f64], size: f64, rate: f64) {
    let (keep, share) = (1.0 / (1.0 - rate), rate / (1.0 - rate + rate * size));
    for (row, a) in inverse.iter_mut().zip(along) {
        row.iter_mut().zip(along).for_each(|(entry, b)| *entry = keep * (*entry - share * (a * b)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The running inverse times the running average is the identity.
    #[test]
    fn the_average_is_inverted() {
        let examples = [[1.0, 0.5, -0.2], [0.3, -1.0, 0.8], [-0.7, 0.1, 1.5], [2.0, 0.4, 0.0]];
        let mut inverse = vec![vec![2.0, 0.1, 0.0], vec![0.1, 1.0, -0.3], vec![0.0, -0.3, 0.5]];
        // its inverse, by hand: determinant 0.815
        let mut fisher =
            [[0.41, -0.05, -0.03], [-0.05, 1.0, 0.6], [-0.03, 0.6, 1.99]].map(|row| row.map(|x| x / 0.815));
        let rate = 0.1;
        for example in examples {
            let along: Vec<f64> = inverse.iter().map(|row| dot(row, &example)).collect();
            average(&mut inverse, &along, dot(&along, &example), rate);
            for i in 0..3 {
                for j in 0..3 {
                    fisher[i][j] = (1.0 - rate) * fisher[i][j] + rate * example[i] * example[j];
                }
            }
            for (i, row) in inverse.iter().enumerate() {
                for j in 0..3 {
                    let product: f64 = (0..3).map(|k| row[k] * fisher[k][j]).sum();
                    assert!((product - f64::from(u8::from(i == j))).abs() < 1e-13, "{i} {j}: {product}");
                }
            }
        }
    }
}
