//! Learning curves that start near the singular region, and how long they stay on the plateau there.

use super::{Flow, FlowError, Learner, Learning, PERFECT};
use neurodyn_model::{ParameterError, Perceptron};
use neurodyn_numerics::linalg::symmetric_eigen;
use neurodyn_numerics::ode::Integrator;

/// Starts at one `z` near the singular region of one teacher.
pub struct Plateau {
    /// The teacher.
    pub learner: Learner,
    /// Rate at which gradient flow leaves the singular region: the largest eigenvalue of minus the Hessian there.
    pub growth: f64,
    z: f64,
}

impl Plateau {
    /// Starts at this `z`.
    pub fn new(learner: Learner, z: f64) -> Result<Self, ParameterError> {
        let hessian = learner.population.hessian(&learner.at(z, 0.0).perceptron()?)?;
        let eigen = symmetric_eigen(hessian.len(), |i, j| hessian[i][j]);
        let growth = -eigen.values.iter().fold(f64::INFINITY, |least, value| least.min(*value));
        Ok(Self { learner, growth, z })
    }

    /// The student at this separation.
    pub fn start(&self, u: f64) -> Result<Perceptron, ParameterError> {
        self.learner.at(self.z, u).perceptron()
    }

    /// Losses at these times, 1e-16 at least; fewer where natural gradient flow meets a singular Fisher information.
    pub fn curve(&self, learning: Learning, u: f64, times: &[f64]) -> Result<Vec<f64>, FlowError> {
        let start = self.start(u)?;
        let integrator = Integrator { relative: 1e-10, absolute: 1e-12, most_steps: 5_000 };
        let mut flow = match learning {
            Learning::Gradient => Flow::new(&self.learner.population, &start, learning),
            Learning::Natural => Flow::with_integrator(&self.learner.population, &start, learning, integrator),
        };
        let mut losses = Vec::with_capacity(times.len());
        for &time in times {
            match flow.at(time) {
                // what is left is rounding
                Ok(student) => losses.push(self.learner.population.loss(&student)?.max(1e-16)),
                Err(FlowError::SingularFisher { .. } | FlowError::Integration(_)) if learning == Learning::Natural => {
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(losses)
    }

    /// Time until the loss is half that of the best single unit; none where that unit is perfect, or the flow stays until `longest`.
    pub fn length(&self, u: f64, longest: f64) -> Result<Option<f64>, FlowError> {
        if self.learner.fit.loss < PERFECT || self.growth * longest < 1.0 {
            return Ok(None);
        }
        let start = self.start(u)?;
        let mut flow = Flow::new(&self.learner.population, &start, Learning::Gradient);
        let level = 0.5 * self.learner.fit.loss;
        let mut time = 1.0;
        while self.learner.loss(&mut flow, time)? > level {
            time *= 1.2;
            if time > longest {
                return Ok(None);
            }
        }
        self.learner.crossing(&mut flow, level, (time / 1.2, time), 30).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::perceptron::Population;
    use neurodyn_model::Sigmoid;
    use neurodyn_numerics::elementary::ln;

    #[test]
    fn lengths_grow_with_the_logarithm_of_the_start_at_the_rate_of_growth() {
        let teacher = Perceptron::new(vec![vec![0.5], vec![1.5]], vec![1.0, 1.0]).expect("a network");
        let population = Population::new(Sigmoid::ErfSqrt2, teacher);
        let fit = population.best_one_unit().expect("found");
        let plateau = Plateau::new(Learner::new(population, fit).expect("one input"), 0.2).expect("two units");
        let length = |u: f64| plateau.length(u, 1e6).expect("integrated").expect("left");
        let rate = ln(1e-3 / 1e-4) / (length(1e-4) - length(1e-3));
        assert!((rate / plateau.growth - 1.0).abs() < 0.02, "{rate} {}", plateau.growth);
        assert_eq!(plateau.length(1e-3, 1.0), Ok(None));
        let losses = plateau.curve(Learning::Gradient, 1e-3, &[1.0, length(1e-3)]).expect("integrated");
        assert!(losses[0] > 0.9 * plateau.learner.fit.loss && losses[1] < 0.51 * plateau.learner.fit.loss);
    }
}
