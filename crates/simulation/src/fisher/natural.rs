//! Learning of a small network by gradient, by natural gradient, and by natural gradient with the blocks of single units alone.

use super::{Mlp, SimulationError};
use neurodyn_model::{Ensemble, Examples};
use neurodyn_numerics::linalg::solve_positive;
use neurodyn_numerics::sum::dot;
use neurodyn_random::Address;
use std::ops::Range;

/// How parameters are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LearningRule {
    /// Along the gradient.
    Gradient,
    /// Along the gradient times the inverse of the damped blocks of units.
    UnitWise,
    /// Along the gradient times the inverse of the damped Fisher information.
    Natural,
}

/// Both natural directions at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Directions {
    /// `(F + d I)^-1 g`.
    pub natural: Vec<f64>,
    /// The same with the elements of `F` between units left out.
    pub unit_wise: Vec<f64>,
}

impl Directions {
    /// The directions for a Fisher information (row by row), a gradient and a damping `d`; none where a damped matrix is numerically singular.
    pub fn new(fisher: &[f64], gradient: &[f64], units: &[Range<usize>], damping: f64) -> Option<Self> {
        let whole = 0..gradient.len();
        let natural = solve(fisher, gradient, &whole, damping)?;
        Some(Self { natural, unit_wise: Self::unit_wise(fisher, gradient, units, damping)? })
    }

    fn unit_wise(fisher: &[f64], gradient: &[f64], units: &[Range<usize>], damping: f64) -> Option<Vec<f64>> {
        let parts: Option<Vec<Vec<f64>>> = units.iter().map(|unit| solve(fisher, gradient, unit, damping)).collect();
        Some(parts?.concat())
    }

    /// Cosine of the angle between the two.
    pub fn cosine(&self) -> f64 {
        let square = |vector: &[f64]| dot(vector, vector);
        dot(&self.natural, &self.unit_wise) / (square(&self.natural) * square(&self.unit_wise)).sqrt()
    }

    /// Length of the unit-wise direction over that of the full one.
    pub fn length_ratio(&self) -> f64 {
        (dot(&self.unit_wise, &self.unit_wise) / dot(&self.natural, &self.natural)).sqrt()
    }
}

/// The damped block of these parameters, inverted on the gradient.
fn solve(fisher: &[f64], gradient: &[f64], block: &Range<usize>, damping: f64) -> Option<Vec<f64>> {
    let count = gradient.len();
    let rows: Vec<Vec<f64>> = block
        .clone()
        .map(|i| {
            let mut row = fisher[i * count + block.start..i * count + block.end].to_vec();
            row[i - block.start] += damping;
            row
        })
        .collect();
    solve_positive(&rows, &gradient[block.clone()], 0.0)
}

/// What is learned, and how.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Law of the network at the start.
    pub ensemble: &'a Ensemble,
    /// Hidden units, layer by layer.
    pub hidden: &'a [usize],
    /// Examples to learn from.
    pub learned: &'a Examples,
    /// Examples held out.
    pub held_out: &'a Examples,
    /// The rule.
    pub rule: LearningRule,
    /// Learning rate.
    pub rate: f64,
    /// Damping `d` of both natural directions.
    pub damping: f64,
    /// Steps after which the network is looked at, in increasing order.
    pub steps: &'a [usize],
}

/// A network in the course of learning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// `(1/2T) sum_s (f(s) - y_s)^2` over the examples to learn from.
    pub loss: f64,
    /// The same over the examples held out.
    pub held_out: f64,
    /// Cosine of the angle between the unit-wise and the full natural direction.
    pub cosine: f64,
    /// Length of the unit-wise over that of the full natural direction.
    pub length_ratio: f64,
}

fn residuals(network: &Mlp, examples: &Examples) -> (super::Pass, Vec<f64>) {
    let pass = network.pass(&examples.inputs);
    let residuals = pass.outputs.iter().zip(&examples.outputs).map(|(f, y)| f - y).collect();
    (pass, residuals)
}

fn loss(residuals: &[f64]) -> f64 {
    0.5 * dot(residuals, residuals) / residuals.len() as f64
}

/// Learns with all examples in every step, from the random network at this address.
pub fn learn(task: &Task, address: &Address) -> Result<Vec<Moment>, SimulationError> {
    let sizes: Vec<usize> = [&[Examples::INPUTS], task.hidden, &[1]].concat();
    let mut network = Mlp::random(task.ensemble, &sizes, address);
    let units = network.units();
    let mut moments = Vec::new();
    let last = task.steps.last().copied().unwrap_or(0);
    for step in 0..=last {
        let (pass, error) = residuals(&network, task.learned);
        let gradient = network.gradient(&pass, &error);
        let singular = || SimulationError::SingularMetric { step: step as u64, replica: address.replica };
        if task.steps.contains(&step) {
            let fisher = network.fisher(&pass);
            let both = Directions::new(&fisher, &gradient, &units, task.damping).ok_or_else(singular)?;
            moments.push(Moment {
                loss: loss(&error),
                held_out: loss(&residuals(&network, task.held_out).1),
                cosine: both.cosine(),
                length_ratio: both.length_ratio(),
            });
        }
        let direction = match task.rule {
            LearningRule::Gradient => gradient,
            LearningRule::UnitWise => {
                Directions::unit_wise(&network.fisher(&pass), &gradient, &units, task.damping).ok_or_else(singular)?
            }
            LearningRule::Natural => {
                solve(&network.fisher(&pass), &gradient, &(0..gradient.len()), task.damping).ok_or_else(singular)?
            }
        };
        network.parameters.iter_mut().zip(&direction).for_each(|(parameter, d)| *parameter -= task.rate * d);
    }
    Ok(moments)
}
