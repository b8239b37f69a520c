//! Averaged learning: gradient flow and natural gradient flow.

use super::{FitError, Matrix, Population, solve_metric};
use neurodyn_model::{ParameterError, Perceptron};
use neurodyn_numerics::ode::{Integrator, OdeError, Solution};

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
    /// The place that it starts from.
    #[error(transparent)]
    Fit(#[from] FitError),
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

/// Least pivot of the Fisher information (scaled to unit diagonal) at which natural gradient flow goes on: below, rounding moves the
/// velocity by more than 1e-5 of itself.
const LEAST_PIVOT: f64 = 1e-11;

impl Population {
    /// Velocity of the parameters.
    pub fn velocity(&self, student: &Perceptron, learning: Learning) -> Result<Vec<f64>, FlowError> {
        let ascent = match learning {
            Learning::Gradient => self.gradient(student)?,
            Learning::Natural => self.natural_gradient_where(student, LEAST_PIVOT)?,
        };
        Ok(ascent.iter().map(|x| -x).collect())
    }
}

/// Averaged learning from one start; integrated as far as it is asked for.
pub struct Flow<'a> {
    start: Perceptron,
    solution: Solution<Field<'a>>,
}

type Field<'a> = Box<dyn Fn(&[f64]) -> Result<Vec<f64>, FlowError> + 'a>;

impl<'a> Flow<'a> {
    /// From `start` at time 0; local error 1e-13 a step.
    pub fn new(population: &'a Population, start: &Perceptron, learning: Learning) -> Self {
        // a natural flow that needs more has met a singularity
        let most_steps = if learning == Learning::Natural { 20_000 } else { 1_000_000 };
        Self::with_integrator(population, start, learning, Integrator { most_steps, ..Integrator::default() })
    }

    /// The same with other tolerances.
    pub fn with_integrator(
        population: &'a Population,
        start: &Perceptron,
        learning: Learning,
        integrator: Integrator,
    ) -> Self {
        let shape = start.clone();
        let field: Field =
            Box::new(move |parameters: &[f64]| population.velocity(&shape.with_parameters(parameters), learning));
        Self { solution: Solution::new(field, start.parameters(), integrator), start: start.clone() }
    }

    /// The student at a time, 0 or more. Times may be asked for in any order.
    pub fn at(&mut self, time: f64) -> Result<Perceptron, FlowError> {
        Ok(self.start.with_parameters(&self.solution.at(time)?))
    }
}

/// Students at these times (in any order, 0 or more), from `start` at time 0; local error 1e-13 a step.
pub fn flow(
    population: &Population,
    start: &Perceptron,
    learning: Learning,
    times: &[f64],
) -> Result<Vec<Perceptron>, FlowError> {
    let mut flow = Flow::new(population, start, learning);
    times.iter().map(|&time| flow.at(time)).collect()
}

/// Students at these times under natural gradient learning whose Fisher information is a running average, in the limit of small steps:
/// `theta' = -M^-1 grad L`, `M' = ratio (G(theta) - M)`, `M(0) = G(theta(0))`, `ratio` that of the average's rate to the step size.
pub fn adaptive_natural_flow(
    population: &Population,
    start: &Perceptron,
    ratio: f64,
    times: &[f64],
) -> Result<Vec<Perceptron>, FlowError> {
    let size = start.parameters().len();
    let field = |state: &[f64]| {
        let (parameters, metric) = state.split_at(size);
        let student = start.with_parameters(parameters);
        let metric: Matrix = metric.chunks(size).map(<[f64]>::to_vec).collect();
        let ascent = solve_metric(&metric, &population.gradient(&student)?, LEAST_PIVOT)?;
        let fisher = population.fisher(&student);
        let mut velocity: Vec<f64> = ascent.iter().map(|x| -x).collect();
        let pull = fisher.iter().flatten().zip(metric.iter().flatten()).map(|(g, m)| ratio * (g - m));
        velocity.extend(pull);
        Ok::<_, FlowError>(velocity)
    };
    let mut state = start.parameters();
    state.extend(population.fisher(start).into_iter().flatten());
    let integrator = Integrator { relative: 1e-11, absolute: 1e-12, most_steps: 20_000 };
    let mut solution = Solution::new(field, state, integrator);
    times.iter().map(|&time| Ok(start.with_parameters(&solution.at(time)?[..size]))).collect()
}
