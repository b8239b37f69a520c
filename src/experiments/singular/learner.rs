//! What experiments on singular learning share: one teacher with its best single unit, and values at step size 0.

use crate::experiment::prelude::*;
use crate::model::SingularCoordinates;
use crate::simulation::{OnlineTask, Students};
use crate::theory::perceptron::{Flow, OneUnitFit, Population};

/// What theory finds for a value of this field; where it finds nothing, that is an error at the field, with the value.
pub fn at<T, E: Into<RunError>>(
    field: &'static str,
    value: impl FnOnce() -> String,
    found: Result<T, E>,
) -> Result<T, RunError> {
    found.map_err(|error| match error.into() {
        // of the whole run, or at its field already
        error @ (RunError::Simulation(_) | RunError::Field { .. } | RunError::Config(_)) => error,
        error => RunError::Field { field, message: format!("{}: {error}", value()) },
    })
}

/// The best single unit of the teacher that this field holds under this name.
pub fn best_one_unit(field: &'static str, name: &str, population: &Population) -> Result<OneUnitFit, RunError> {
    let fit = at(field, || name.to_owned(), population.best_one_unit())?;
    // coordinates of two units are relative to their sum
    if fit.w.abs() >= 1e-9 {
        return Ok(fit);
    }
    let message = format!(
        "{name}: the best single unit has output weight {:e}, but must have one of size 1e-9 or more, so that there is a function to learn",
        fit.w
    );
    Err(RunError::Field { field, message })
}

/// Refuses values that are no axis of a figure.
pub fn check_axis(name: &'static str, values: &[f64]) -> Result<(), ParameterError> {
    let (first, last) = (values[0], values[values.len() - 1]);
    let apart = last > first && ((first + last) / 2.0) > first;
    refuse_where(!apart, name, format!("{first:?} to {last:?}"), "from a smaller to a larger number")
}

/// Refuses teachers of more inputs than one.
pub fn check_one_input<'a>(teachers: impl IntoIterator<Item = &'a Perceptron>) -> Result<(), ParameterError> {
    let found = teachers.into_iter().map(Perceptron::inputs).find(|inputs| *inputs != 1);
    refuse("teacher", found.map(|inputs| format!("{inputs} inputs")), "one input")
}

/// A loss below it is 0 but for rounding.
pub const PERFECT: f64 = 1e-14;

/// Most steps of online learning that are taken.
pub const MOST_STEPS: f64 = 1e9;

/// Beyond it, variances over replicas are not finite numbers.
const LARGEST_WEIGHT: f64 = 1e60;

/// Online learning with steps of one size: what is simulated at a point of a sweep. Observed are the weights of the students at some times.
pub struct Course {
    pub task: OnlineTask,
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

    /// The students of each replica. Refuses, at the field of the step size, those that are driven off to infinity.
    pub fn students(&self, field: &'static str, rows: &[Vec<f64>]) -> Result<Vec<Students>, RunError> {
        if !rows.iter().flatten().all(|x| x.abs() < LARGEST_WEIGHT) {
            let step = self.step;
            let message =
                format!("{step:?}: online learning diverges, so steps must be smaller for this student and teacher");
            return Err(RunError::Field { field, message });
        }
        let start = self.task.rotated_start();
        let size = start.parameters().len();
        let students = |row: &Vec<f64>| row.chunks_exact(size).map(|weights| start.with_parameters(weights)).collect();
        Ok(rows.iter().map(students).collect())
    }
}

/// A teacher of one input with its best single unit, near which two units learn it.
pub struct Learner {
    pub population: Population,
    pub fit: OneUnitFit,
    /// `H`.
    pub stability: f64,
}

impl Learner {
    /// Of the teacher that this field holds under this name.
    pub fn new(field: &'static str, name: &str, phi: Sigmoid, teacher: &Perceptron) -> Result<Self, RunError> {
        let population = Population::new(phi, teacher.clone());
        let fit = best_one_unit(field, name, &population)?;
        let stability = population.stability(&fit)?[0][0];
        Ok(Self { population, fit, stability })
    }

    /// With a teacher of two units of output weight 1, their input weights `spread` apart, which this field holds, about `centre`.
    pub fn of_pair(field: &'static str, phi: Sigmoid, centre: f64, spread: f64) -> Result<Self, RunError> {
        let [low, high] = [-0.5, 0.5].map(|share| centre + share * spread);
        let name = format!("{spread:?} about {centre:?}");
        Self::new(field, &name, phi, &Perceptron::new(vec![vec![low], vec![high]], vec![1.0, 1.0])?)
    }

    /// Two units at these `z` and `u`, with `w` and `v` of the best single unit.
    pub fn at(&self, z: f64, u: f64) -> SingularCoordinates {
        SingularCoordinates { v: self.fit.v.clone(), w: self.fit.w, u: vec![u], z }
    }

    /// `(1 - z^2) w* H`: the separation of the units grows where it is positive.
    pub fn growth(&self, z: f64) -> f64 {
        (1.0 - z * z) * self.fit.w * self.stability
    }

    /// When the loss along a flow falls through `level` between two times, after so many halvings of the interval; its later end.
    pub fn crossing(
        &self,
        flow: &mut Flow,
        level: f64,
        (mut low, mut high): (f64, f64),
        halvings: usize,
    ) -> Result<f64, RunError> {
        for _ in 0..halvings {
            let middle = 0.5 * (low + high);
            if self.loss(flow, middle)? > level { low = middle } else { high = middle }
        }
        Ok(high)
    }

    /// Loss along a flow.
    pub fn loss(&self, flow: &mut Flow, time: f64) -> Result<f64, RunError> {
        let student = flow.at(time)?;
        Ok(self.population.loss(&student)?)
    }
}

/// A value at one step size, with its standard error.
#[derive(Debug, Clone, Copy)]
pub struct AtStep {
    pub step: f64,
    pub value: f64,
    pub stderr: f64,
}

/// Value and standard error at step size 0, from independent values at two step sizes; errors are of second order.
pub fn extrapolated(small: AtStep, large: AtStep) -> (f64, f64) {
    let range = large.step - small.step;
    let (a, b) = (large.step / range, small.step / range);
    let stderr = (a * a * small.stderr * small.stderr + b * b * large.stderr * large.stderr).sqrt();
    (a * small.value - b * large.value, stderr)
}
