//! Averaged learning: gradient flow and natural gradient flow.

use super::Population;
use crate::model::{ParameterError, Perceptron};
use crate::numerics::ode::{Integrator, OdeError, Solution};

/// The direction of learning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learning {
    /// `theta' = -grad L`.
    Gradient,
    /// `theta' = -G^-1 grad L`, undamped.
    Natural,
}

/// Why a flow stopped.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FlowError {
    /// A parameter.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The natural gradient does not exist numerically.
    #[error(
        "the Fisher information is numerically singular (smallest eigenvalue {smallest:e}); the natural gradient is undefined"
    )]
    SingularFisher {
        /// Its smallest eigenvalue.
        smallest: f64,
    },
    /// The step size vanishes, or there are too many steps.
    #[error("{0}")]
    Integration(String),
}

impl From<OdeError<FlowError>> for FlowError {
    fn from(error: OdeError<FlowError>) -> Self {
        match error {
            OdeError::Field(error) => error,
            other => FlowError::Integration(other.to_string()),
        }
    }
}

impl Population {
    /// Velocity of the parameters.
    pub fn velocity(&self, student: &Perceptron, learning: Learning) -> Result<Vec<f64>, FlowError> {
        let ascent = match learning {
            Learning::Gradient => self.gradient(student)?,
            Learning::Natural => self.natural_gradient(student)?,
        };
        Ok(ascent.iter().map(|x| -x).collect())
    }
}

/// Students at these times (in any order, 0 or more), from `start` at time 0; local error 1e-13 a step.
pub fn flow(
    population: &Population,
    start: &Perceptron,
    learning: Learning,
    times: &[f64],
) -> Result<Vec<Perceptron>, FlowError> {
    let field = |parameters: &[f64]| population.velocity(&start.with_parameters(parameters), learning);
    let mut solution = Solution::new(field, start.parameters(), Integrator::default());
    times.iter().map(|&time| Ok(start.with_parameters(&solution.at(time)?))).collect()
}
