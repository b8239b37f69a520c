//! Recurrent networks `x_{t+1} = phi(W x_t + b)`: one weight matrix `W_ij ~ N(0, sigma_w^2 / n)` and one bias
//! `b_i ~ N(0, sigma_b^2)` for all steps.
//!
//! Several columns move under the same matrix: points, differences to a point (`phi(u + t) - phi(u)`, without cancellation) and
//! tangents (`phi'(u) p`). The matrix is explicit ([`WeightMatrix`]) or revealed only where it is looked at
//! ([`ConditionedMatrix`], the exact law in `O(n t)` a step); both give one law of everything that can be computed from the columns.

mod attractor;
mod conditioned;
mod continuous;
mod matrix;

pub use attractor::{Attractor, AttractorSearch, Attractors};
pub use conditioned::ConditionedMatrix;
pub use continuous::{ContinuousPlan, ContinuousTrace, follow};
pub use matrix::WeightMatrix;

use super::chain_rule::ChainRule;
use super::gram::{Columns, gram};
use super::{SimulationError, Trajectory};
use neurodyn_model::{Activation, Column, Inputs, SymmetricMatrix};
use neurodyn_numerics::elementary::{cos, ln};
use neurodyn_numerics::linalg::Factor;
use neurodyn_numerics::product::Vectors;
use neurodyn_numerics::sum::dot;
use neurodyn_random::{Address, Role, fill_normals};

/// Neurons activated at once.
const TILE: usize = 256;

/// One weight matrix with its bias.
pub trait RecurrentWeights {
    /// Number of neurons.
    fn order(&self) -> usize;
    /// Writes `W v` for each vector, one after the other.
    fn multiply(&mut self, vectors: Vectors, images: &mut [f64]);
    /// The bias `b`.
    fn bias(&self) -> &[f64];
}

/// Columns that start a recurrent network: what each is, and its components.
#[derive(Debug, Clone)]
pub struct Start {
    kinds: Vec<Column>,
    columns: Columns,
    length: usize,
}

impl Start {
    /// Columns with exactly this Gram matrix, combined from cosines over the neurons: the mean over the neurons of each is 0.
    pub fn cosines(inputs: &Inputs, n: usize) -> Result<Self, SimulationError> {
        let kinds = inputs.columns().to_vec();
        let factor = Factor::new(kinds.len(), |i, j| inputs.gram().get(i, j));
        super::gram::check_inputs(inputs.gram(), &factor)?;
        if factor.rank() >= n {
            return Err(SimulationError::TooFewInputs { needed: factor.rank() + 1, width: n as u64 });
        }
        let mut columns = Columns::new(kinds.len(), n);
        for k in 0..factor.rank() {
            for j in 0..n {
                let angle = std::f64::consts::PI * (j as f64 + 0.5) * (k + 1) as f64 / n as f64;
                let component = std::f64::consts::SQRT_2 * cos(angle);
                for c in 0..kinds.len() {
                    columns.column_mut(c, n)[j] += factor.row(c)[k] * component;
                }
            }
        }
        Ok(Self { kinds, columns, length: n })
    }

    /// `count` points with independent standard normal components, each times `size`; point `i` from stream `(0, i)`.
    pub fn normal(count: usize, size: f64, n: usize, address: &Address) -> Self {
        let address = address.with_role(Role::RECURRENT_STARTS);
        let mut columns = Columns::new(count, n);
        for i in 0..count {
            let column = columns.column_mut(i, n);
            fill_normals(&mut address.stream(0, i as u32), column);
            column.iter_mut().for_each(|value| *value *= size);
        }
        Self { kinds: vec![Column::State; count], columns, length: n }
    }

    /// One of these points with a tangent of length `sqrt(n)`: a cosine over the neurons.
    fn with_tangent(point: &[f64]) -> Self {
        let n = point.len();
        let mut columns = Columns::new(2, n);
        columns.column_mut(0, n).copy_from_slice(point);
        for (j, value) in columns.column_mut(1, n).iter_mut().enumerate() {
            *value = std::f64::consts::SQRT_2 * cos(std::f64::consts::PI * (j as f64 + 0.5) / n as f64);
        }
        Self { kinds: vec![Column::State, Column::Tangent { of: 0 }], columns, length: n }
    }
}

/// A recurrent network on its way.
#[derive(Debug, Clone)]
pub struct Recurrent<W> {
    activation: Activation,
    weights: W,
    kinds: Vec<Column>,
    columns: Columns,
    images: Vec<f64>,
    length: usize,
}

impl<W: RecurrentWeights> Recurrent<W> {
    /// A network before its first step. Second derivatives are not among the columns that it moves.
    ///
    /// # Panics
    /// If the start has another number of neurons than the weights, or second derivatives.
    pub fn new(activation: Activation, weights: W, start: Start) -> Self {
        assert_eq!(weights.order(), start.length, "neurons");
        assert!(!start.kinds.iter().any(|kind| matches!(kind, Column::Second { .. })), "second derivatives");
        let images = vec![0.0; start.kinds.len() * start.length];
        Self { activation, weights, kinds: start.kinds, columns: start.columns, images, length: start.length }
    }

    /// One step of all columns.
    pub fn step(&mut self) {
        self.weights.multiply(self.columns.vectors(self.length), &mut self.images);
        activate_images(self.activation, &self.kinds, &self.images, self.weights.bias(), &mut self.columns);
    }

    /// Components of a column.
    pub fn column(&self, i: usize) -> &[f64] {
        self.columns.column(i, self.length)
    }

    /// Gram matrix `x_i . x_j / n` of the columns.
    pub fn gram(&self) -> SymmetricMatrix {
        gram(&self.columns, self.length)
    }

    /// Gram matrices of steps `0..=steps`.
    pub fn trajectory(&mut self, steps: usize) -> Trajectory {
        let mut trajectory = vec![self.gram()];
        for _ in 0..steps {
            self.step();
            trajectory.push(self.gram());
        }
        trajectory
    }

    /// The same, each with the overlaps of the first column with itself so many steps before; 0 where there was none yet.
    pub fn with_past(&mut self, steps: usize, lags: &[usize]) -> Vec<(SymmetricMatrix, Vec<f64>)> {
        let longest = lags.iter().copied().max().unwrap_or(0);
        let mut past: Vec<Vec<f64>> = Vec::new();
        let mut seen = Vec::with_capacity(steps + 1);
        for step in 0..=steps {
            if step > 0 {
                self.step();
            }
            past.insert(0, self.column(0).to_vec());
            past.truncate(longest + 1);
            let overlap = |lag: &usize| past.get(*lag).map_or(0.0, |earlier| overlap_of(&past[0], earlier));
            seen.push((self.gram(), lags.iter().map(overlap).collect()));
        }
        seen
    }

    /// Gives a tangent the length `sqrt(n)` again and returns the square of what its length was over that.
    pub fn renormalise(&mut self, tangent: usize) -> f64 {
        let square = self.gram().get(tangent, tangent);
        let factor = 1.0 / square.sqrt();
        if factor.is_finite() {
            scale(self.columns.column_mut(tangent, self.length), factor);
        }
        square
    }

    /// Mean growth rate a step of a tangent, renormalised in each step, over the steps `from..to` that come.
    pub fn growth_rate(&mut self, tangent: usize, from: usize, to: usize) -> f64 {
        let mut total = 0.0;
        for step in 0..to {
            self.step();
            let square = self.renormalise(tangent);
            if step >= from {
                total += 0.5 * ln(square);
            }
        }
        total / (to - from) as f64
    }

    /// The weights.
    pub fn weights(&self) -> &W {
        &self.weights
    }
}

/// The columns after a step whose products with the weights are `images`, one after the other. Compiled once for all weights.
fn activate_images(activation: Activation, kinds: &[Column], images: &[f64], bias: &[f64], columns: &mut Columns) {
    let n = bias.len();
    let (rule, mut tile) = (ChainRule::new(kinds), Columns::new(kinds.len(), TILE));
    for first in (0..n).step_by(TILE) {
        let count = TILE.min(n - first);
        for (c, kind) in kinds.iter().enumerate() {
            let image = &images[c * n + first..c * n + first + count];
            let target = tile.column_mut(c, count);
            if kind.has_bias() {
                target.iter_mut().zip(image.iter().zip(&bias[first..])).for_each(|(t, (u, b))| *t = u + b);
            } else {
                target.copy_from_slice(image);
            }
        }
        rule.apply::<TILE>(activation.operation(), &mut tile);
        for c in 0..kinds.len() {
            columns.column_mut(c, n)[first..first + count].copy_from_slice(tile.column(c, count));
        }
    }
}

fn scale(values: &mut [f64], factor: f64) {
    values.iter_mut().for_each(|value| *value *= factor);
}

/// `x . y / n` in the fixed order of sums.
pub fn overlap_of(x: &[f64], y: &[f64]) -> f64 {
    dot(x, y) / x.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::Ensemble;

    #[test]
    fn the_past_is_that_of_the_same_trajectory() {
        let ensemble = Ensemble::new(Activation::Tanh, 1.8, 0.2).expect("valid");
        let address = Address { seed: 3, role: Role::NETWORK, point: 0, replica: 0 };
        let network = || {
            let weights = WeightMatrix::new(&ensemble, 30, &address).expect("fits");
            Recurrent::new(Activation::Tanh, weights, Start::normal(1, 1.0, 30, &address))
        };
        let (seen, trajectory) = (network().with_past(6, &[0, 2]), network().trajectory(6));
        let mut states = Vec::new();
        let mut again = network();
        for step in 0..=6 {
            if step > 0 {
                again.step();
            }
            states.push(again.column(0).to_vec());
            let (gram, overlaps) = &seen[step];
            assert_eq!(gram.get(0, 0), trajectory[step].get(0, 0));
            assert_eq!(overlaps[0], overlap_of(&states[step], &states[step]));
            assert_eq!(overlaps[1], if step < 2 { 0.0 } else { overlap_of(&states[step], &states[step - 2]) });
        }
    }
}
