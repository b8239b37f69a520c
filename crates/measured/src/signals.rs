//! What a network does with data: Gram matrices of its layers, and preactivations held against the layer before.

use super::evidence::{Test, What};
use super::matrix::Matrix;
use neurodyn_model::{Activation, Column, SymmetricMatrix};
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_numerics::sum::dot;
use serde::Serialize;

/// Inputs that are followed through the layers: some points, and the tangent of the line from the first of them to the second, or the first itself
/// where there is no other.
#[derive(Debug, Clone, PartialEq)]
pub struct Signals {
    columns: Vec<Column>,
    /// Vectors of one length, one after the other.
    values: Vec<f64>,
    length: usize,
}

impl Signals {
    /// These points, each of so many numbers. No tangent goes through an activation that jumps.
    pub fn new(points: &[&[f64]], activation: Activation) -> Self {
        let length = points.first().map_or(0, |point| point.len());
        let mut columns = vec![Column::State; points.len()];
        let mut values: Vec<f64> = points.iter().flat_map(|point| point.iter().copied()).collect();
        let along: Option<Vec<f64>> = match points {
            [first, second, ..] => Some(first.iter().zip(*second).map(|(from, to)| to - from).collect()),
            [first] => Some(first.to_vec()),
            [] => None,
        };
        if let Some(along) = along.filter(|along| activation.is_continuous() && along.iter().any(|value| *value != 0.0))
        {
            columns.push(Column::Tangent { of: 0 });
            values.extend(along);
        }
        Self { columns, values, length }
    }

    /// What the vectors are.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn column(&self, index: usize) -> &[f64] {
        &self.values[index * self.length..(index + 1) * self.length]
    }

    /// Products per neuron.
    pub fn gram(&self) -> SymmetricMatrix {
        let scale = self.length as f64;
        SymmetricMatrix::from_fn(self.columns.len(), |i, j| dot(self.column(i), self.column(j)) / scale)
    }

    /// The preactivations of the next layer.
    pub fn times(&self, weights: &Matrix, biases: &[f64]) -> Self {
        let (m, n) = (self.columns.len(), weights.rows);
        let mut values = vec![0.0; m * n];
        let vectors = |values, count| Vectors { values, stride: self.length, count, length: self.length };
        products(vectors(&self.values, m), vectors(&weights.values, n), &mut values);
        for (column, values) in self.columns.iter().zip(values.chunks_mut(n)) {
            if column.has_bias() {
                values.iter_mut().zip(biases).for_each(|(value, bias)| *value += bias);
            }
        }
        Self { columns: self.columns.clone(), values, length: n }
    }

    /// What the activation makes of preactivations.
    pub fn activated(&self, activation: Activation) -> Self {
        let operation = activation.operation();
        let mut next = self.clone();
        for (index, column) in self.columns.iter().enumerate() {
            let values = &mut next.values[index * self.length..(index + 1) * self.length];
            match column {
                Column::State => operation.values(values),
                _ => {
                    let mut slopes = vec![0.0; self.length];
                    operation.slopes(self.column(0), &mut slopes);
                    values.iter_mut().zip(&slopes).for_each(|(value, slope)| *value *= slope);
                }
            }
        }
        next
    }

    /// Whether all numbers are finite.
    pub fn is_finite(&self) -> bool {
        self.values.iter().all(|value| value.is_finite())
    }
}

/// Preactivations of independent Gaussian rows of weights are independent and normal, with a covariance that follows from the layer before: whitened,
/// the sum of their squares is `chi^2`.
pub(crate) fn on_data(before: &Signals, preactivations: &Signals, [weight, bias]: [f64; 2]) -> Option<Test> {
    let points = before.columns.iter().filter(|column| **column == Column::State).count();
    let gram = before.gram();
    let factor = WellConditioned::new(points, |i, j| weight * gram.get(i, j) + bias);
    let neurons = preactivations.length;
    let mut sum = 0.0;
    let mut whitened = vec![0.0; factor.pivots.len()];
    for neuron in 0..neurons {
        for (k, &(pivot, root)) in factor.pivots.iter().enumerate() {
            let known: f64 = factor.rows[k].iter().zip(&whitened[..k]).map(|(entry, white)| entry * white).sum();
            whitened[k] = (preactivations.column(pivot)[neuron] - known) / root;
        }
        sum += whitened.iter().map(|white| white * white).sum::<f64>();
    }
    let dof = (neurons * factor.pivots.len()) as f64;
    (dof > 0.0).then(|| Test::chi_squared(What::OnData, sum, dof))
}

/// Rows of a Cholesky factor that rounding has not reached: points that say something of their own.
struct WellConditioned {
    /// Which point, and its own standard deviation given those before.
    pivots: Vec<(usize, f64)>,
    /// What it shares with those before.
    rows: Vec<Vec<f64>>,
}

impl WellConditioned {
    /// Share of its variance that a point must have of its own.
    const OWN: f64 = 1e-8;

    fn new(points: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let mut found = Self { pivots: Vec::new(), rows: Vec::new() };
        for i in 0..points {
            let mut row: Vec<f64> = Vec::new();
            for (k, &(pivot, root)) in found.pivots.iter().enumerate() {
                let known: f64 = row.iter().zip(&found.rows[k]).map(|(a, b)| a * b).sum();
                row.push((entry(i, pivot) - known) / root);
            }
            let own = entry(i, i) - row.iter().map(|x| x * x).sum::<f64>();
            if own > Self::OWN * entry(i, i) {
                found.pivots.push((i, own.sqrt()));
                found.rows.push(row);
            }
        }
        found
    }
}

/// What is looked at in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Mean over the inputs of `A = |x|^2 / n`.
    Activity,
    /// Mean over pairs of inputs of `C = x . x' / n`.
    Overlap,
    /// Mean over pairs of inputs of `D = |x - x'|^2 / n`.
    Distance,
    /// Squared length per neuron of the tangent, as a multiple of that of the input.
    TangentGrowth,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Quantity; 4] = [Quantity::Activity, Quantity::Overlap, Quantity::Distance, Quantity::TangentGrowth];

    /// Its value, where there is one: of a layer with this Gram matrix, of a network whose input has that one.
    pub fn of(self, columns: &[Column], gram: &SymmetricMatrix, input: &SymmetricMatrix) -> Option<f64> {
        let points = columns.iter().filter(|column| **column == Column::State).count();
        let pairs = (points * points.saturating_sub(1) / 2) as f64;
        let over_pairs = |value: &dyn Fn(usize, usize) -> f64| {
            let sum: f64 = (0..points).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| value(i, j)).sum();
            (points > 1).then(|| sum / pairs)
        };
        match self {
            Quantity::Activity => Some((0..points).map(|i| gram.get(i, i)).sum::<f64>() / points as f64),
            Quantity::Overlap => over_pairs(&|i, j| gram.get(i, j)),
            Quantity::Distance => over_pairs(&|i, j| (gram.get(i, i) + gram.get(j, j) - 2.0 * gram.get(i, j)).max(0.0)),
            Quantity::TangentGrowth => {
                (columns.len() > points).then(|| gram.get(points, points) / input.get(points, points))
            }
        }
    }

    /// The scale on which deviations are counted: logarithms of what grows and shrinks by factors.
    pub(crate) fn on_its_scale(self, value: f64) -> f64 {
        match self {
            Quantity::Distance | Quantity::TangentGrowth => neurodyn_numerics::elementary::ln(value.max(1e-300)),
            _ => value,
        }
    }
}
