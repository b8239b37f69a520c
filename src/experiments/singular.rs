//! What experiments on singular learning share: one teacher with its best single unit, and values at step size 0.

use super::RunError;
use crate::model::{Perceptron, Sigmoid, SingularCoordinates};
use crate::theory::perceptron::{Flow, OneUnitFit, Population};

/// A teacher of one input with its best single unit, near which two units learn it.
pub struct Learner {
    pub population: Population,
    pub fit: OneUnitFit,
    /// `H`.
    pub stability: f64,
}

impl Learner {
    pub fn new(phi: Sigmoid, teacher: &Perceptron) -> Result<Self, RunError> {
        let population = Population::new(phi, teacher.clone());
        let fit = population.best_one_unit()?;
        let stability = population.stability(&fit)?[0][0];
        Ok(Self { population, fit, stability })
    }

    /// With a teacher of two units of output weight 1, their input weights `spread` apart about `centre`.
    pub fn of_pair(phi: Sigmoid, centre: f64, spread: f64) -> Result<Self, RunError> {
        let [low, high] = [-0.5, 0.5].map(|share| centre + share * spread);
        Self::new(phi, &Perceptron::new(vec![vec![low], vec![high]], vec![1.0, 1.0])?)
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
