//! Online learning up to some times, as a point of a sweep: weights of the students then.

use super::{OnlineTask, Students};
use crate::cost::{OneNetwork, Work};
use neurodyn_model::Perceptron;
use neurodyn_random::Address;

/// Beyond it, variances over replicas are not finite numbers.
const LARGEST_WEIGHT: f64 = 1e60;

/// Online learning with steps of one size. Observed are the weights of the students at some times.
pub struct Course {
    /// What is learned.
    pub task: OnlineTask,
    /// The step size.
    pub step: f64,
    /// Numbers of steps until these times, increasing.
    pub counts: Vec<u64>,
}

impl Course {
    /// Learning with this step size, up to these times.
    pub fn new(task: OnlineTask, step: f64, times: impl IntoIterator<Item = f64>) -> Self {
        Self { task, step, counts: times.into_iter().map(|time| (time / step).round() as u64).collect() }
    }

    /// What one replica costs, given the seconds that a step takes.
    pub fn cost(&self, seconds: f64) -> OneNetwork {
        let steps = self.counts.last().map_or(0.0, |count| *count as f64);
        let numbers = self.task.rotated_start().parameters().len() * self.counts.len();
        OneNetwork::from(Work { seconds: seconds * steps, bytes: 8.0 * numbers as f64 })
    }

    /// Weights of all students of each of these replicas.
    pub fn observe(&self, at: &[Address]) -> Vec<Vec<f64>> {
        let sample = self.task.sample_replicas(&self.counts, at);
        sample.iter().map(|students| students.iter().flat_map(Perceptron::parameters).collect()).collect()
    }

    /// The students of each replica that was observed; none where some are driven off to infinity.
    pub fn students(&self, rows: &[Vec<f64>]) -> Option<Vec<Students>> {
        let start = self.task.rotated_start();
        let size = start.parameters().len();
        let students = |row: &Vec<f64>| row.chunks_exact(size).map(|weights| start.with_parameters(weights)).collect();
        let bounded = rows.iter().flatten().all(|x| x.abs() < LARGEST_WEIGHT);
        bounded.then(|| rows.iter().map(students).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::Sigmoid;
    use neurodyn_random::Role;

    #[test]
    fn observed_students_are_read_back() {
        let network = |w: f64| Perceptron::new(vec![vec![w, 0.2]], vec![1.0]).expect("a network");
        let task = OnlineTask::new(Sigmoid::ErfSqrt2, network(1.0), network(0.3), 2, 0.1, 0.0).expect("a task");
        let course = Course::new(task, 0.1, [0.0, 1.0]);
        assert_eq!(course.counts, [0, 10]);
        let at = [0, 1].map(|replica| Address { seed: 4, role: Role::NETWORK, point: 0, replica });
        let rows = course.observe(&at);
        let students = course.students(&rows).expect("bounded");
        assert_eq!(students[1], course.task.sample(&course.counts, &at[1]));
        assert_eq!(course.students(&[vec![f64::INFINITY; 3]]), None);
    }
}
