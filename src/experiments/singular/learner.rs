//! What experiments on singular learning share: one teacher with its best single unit, and values at step size 0.

use crate::experiment::prelude::*;
use crate::model::SingularCoordinates;
use crate::simulation::Students;
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
    if last > first && ((first + last) / 2.0) > first {
        return Ok(());
    }
    Err(ParameterError { name, found: format!("{first:?} to {last:?}"), allowed: "from a smaller to a larger number" })
}

/// Refuses students that online learning with steps of this size has driven off to infinity.
pub fn check_finite(field: &'static str, step: f64, sample: &[Students]) -> Result<(), RunError> {
    let finite = |student: &Perceptron| student.parameters().iter().all(|x| x.abs() < LARGEST_WEIGHT);
    if sample.iter().flatten().all(finite) {
        return Ok(());
    }
    let message = format!("{step:?}: online learning diverges, so steps must be smaller for this student and teacher");
    Err(RunError::Field { field, message })
}

/// A loss below it is 0 but for rounding.
pub const PERFECT: f64 = 1e-14;

/// Most steps of online learning that are taken.
pub const MOST_STEPS: f64 = 1e9;

/// Beyond it, variances over replicas are not finite numbers.
const LARGEST_WEIGHT: f64 = 1e60;

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
