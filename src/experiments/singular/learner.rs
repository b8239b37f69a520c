//! What experiments on singular learning share: teachers and students of the file, and what is refused of them.

use crate::experiment::prelude::*;
use crate::simulation::Students;
pub use crate::simulation::{Course, LANES, OnlineTask};
pub use crate::theory::perceptron::{Learner, Learning, OneUnitFit, Population, flow, online_moments};

/// What theory finds for a value of this field; where it finds nothing, that is an error at the field, with the value.
pub fn at<T, E: Into<RunError>>(
    field: &'static str,
    value: impl FnOnce() -> String,
    found: Result<T, E>,
) -> Result<T, RunError> {
    found.map_err(|error| match error.into() {
        // of the whole run, or at its field already
        error @ (RunError::Simulation(_) | RunError::Field { .. } | RunError::Config(_)) => error,
        error => RunError::Field { field: field.into(), message: format!("{}: {error}", value()) },
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
    Err(RunError::Field { field: field.into(), message })
}

/// Refuses values that are no axis of a figure.
pub fn check_axis(name: &'static str, values: &[f64]) -> Result<(), ParameterError> {
    let (first, last) = ends(values);
    let apart = last > first && ((first + last) / 2.0) > first;
    refuse_where(!apart, name, format!("{first:?} to {last:?}"), "from a smaller to a larger number")
}

/// Refuses a teacher of more inputs than one.
pub fn check_one_input(teacher: &Perceptron) -> Result<(), ParameterError> {
    refuse_where(teacher.inputs() != 1, "teacher", format!("{} inputs", teacher.inputs()), "one input")
}

/// Most steps of online learning that are taken.
pub const MOST_STEPS: f64 = 1e9;

/// The students of each replica of a course. Refuses, at the field of the step size, those that are driven off to infinity.
pub fn students(field: &'static str, course: &Course, rows: &[Vec<f64>]) -> Result<Vec<Students>, RunError> {
    let step = course.step;
    course.students(rows).ok_or_else(|| {
        let message =
            format!("{step:?}: online learning diverges, so steps must be smaller for this student and teacher");
        RunError::Field { field: field.into(), message }
    })
}

/// The teacher that this field holds under this name.
pub fn learner(field: &'static str, name: &str, phi: Sigmoid, teacher: &Perceptron) -> Result<Learner, RunError> {
    let population = Population::new(phi, teacher.clone());
    let fit = best_one_unit(field, name, &population)?;
    Ok(Learner::new(population, fit)?)
}

/// A teacher of two units of output weight 1, their input weights `spread` apart, which this field holds, about `centre`.
pub fn learner_of_pair(field: &'static str, phi: Sigmoid, centre: f64, spread: f64) -> Result<Learner, RunError> {
    let [low, high] = [-0.5, 0.5].map(|share| centre + share * spread);
    let name = format!("{spread:?} about {centre:?}");
    learner(field, &name, phi, &Perceptron::new(vec![vec![low], vec![high]], vec![1.0, 1.0])?)
}
