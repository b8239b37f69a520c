//! Explicit weight matrices: the independent witness of the exact-law sampler, and the way to measure what it saves.
//!
//! Weights are drawn row by row, multiplied with the columns of the layer before in a fixed order, and dropped: row `i` of
//! layer `l` comes from stream `(l, i)`, its bias from the number after its weights. Inputs are dense vectors of as many
//! components as layer 1 has neurons, with exactly the Gram matrix asked for.

use super::gram::{Columns, GramSum, accumulate, check, check_inputs, check_smooth};
use super::{Sampler, SimulationError, Trajectory, parallel_map};
use crate::model::{Column, Ensemble, Inputs, Network};
use crate::numerics::elementary::cos;
use crate::numerics::linalg::Factor;
use crate::numerics::simd::{Kernel, dispatch};
use crate::numerics::sum::dot;
use crate::random::{Address, Role, fill_normals};

/// The sampler with explicit weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explicit;

impl Explicit {
    /// Widest layer accepted: beyond it a layer of weights takes minutes.
    pub const WIDEST: u64 = 20_000;
}

impl Sampler for Explicit {
    fn sample(&self, network: &Network, inputs: &Inputs, address: &Address) -> Result<Trajectory, SimulationError> {
        if let Some(width) = network.widths().iter().find(|width| width.get() > Self::WIDEST) {
            return Err(SimulationError::TooWide { width: width.get(), limit: Self::WIDEST });
        }
        check_smooth(&network.ensemble, inputs)?;
        let address = address.with_role(Role::WEIGHTS);
        let kinds = inputs.columns();
        let mut columns = dense_inputs(inputs, network.widths()[0].get() as usize)?;
        let mut length = network.widths()[0].get() as usize;
        let mut trajectory = vec![inputs.gram().clone()];
        for (index, width) in network.widths().iter().enumerate() {
            let width = width.get() as usize;
            let layer = Layer { ensemble: network.ensemble, kinds, address, layer: index as u32 + 1 };
            columns = layer.next(&columns, length, width)?;
            length = width;
            let mut sum = GramSum::new(kinds.len());
            accumulate(&columns, length, &mut sum);
            trajectory.push(check(sum.mean(length as f64), index + 1, address.replica)?);
        }
        Ok(trajectory)
    }
}

/// Input vectors `x_c = sqrt(n) sum_k L_ck e_k` with `G = L L^T` and the orthonormal cosine basis `e_k` (DCT-II).
fn dense_inputs(inputs: &Inputs, n: usize) -> Result<Columns, SimulationError> {
    let m = inputs.columns().len();
    let factor = Factor::new(m, |i, j| inputs.gram().get(i, j));
    check_inputs(inputs.gram(), &factor)?;
    if factor.rank() > n {
        return Err(SimulationError::TooFewInputs { needed: factor.rank(), width: n as u64 });
    }
    let mut columns = Columns::new(m, n);
    for k in 0..factor.rank() {
        // sqrt(n) times the unit vector
        let scale = if k == 0 { 1.0 } else { std::f64::consts::SQRT_2 };
        for j in 0..n {
            let angle = std::f64::consts::PI * (j as f64 + 0.5) * k as f64 / n as f64;
            let component = scale * cos(angle);
            for c in 0..m {
                columns.column_mut(c, n)[j] += factor.row(c)[k] * component;
            }
        }
    }
    Ok(columns)
}

struct Layer<'a> {
    ensemble: Ensemble,
    kinds: &'a [Column],
    address: Address,
    layer: u32,
}

impl Layer<'_> {
    /// Columns of the next layer.
    fn next(&self, columns: &Columns, length: usize, width: usize) -> Result<Columns, SimulationError> {
        const ROWS: usize = 32;
        let groups: Vec<usize> = (0..width.div_ceil(ROWS)).collect();
        let rows = |group: &usize| {
            let mut weights = vec![0.0; length + 1];
            let rows = (group * ROWS)..((group + 1) * ROWS).min(width);
            Ok::<_, SimulationError>(
                rows.map(|row| self.neuron(columns, length, row, &mut weights)).collect::<Vec<_>>(),
            )
        };
        // one thread for what takes less time than waking another
        let neurons: Vec<Vec<Vec<f64>>> = if length * width > 1 << 17 {
            parallel_map(&groups, rows)?
        } else {
            groups.iter().map(rows).collect::<Result<_, _>>()?
        };
        let mut next = Columns::new(self.kinds.len(), width);
        for (i, values) in neurons.iter().flatten().enumerate() {
            for (c, &value) in values.iter().enumerate() {
                next.column_mut(c, width)[i] = value;
            }
        }
        Ok(next)
    }

    /// All columns of one neuron.
    fn neuron(&self, columns: &Columns, length: usize, row: usize, weights: &mut [f64]) -> Vec<f64> {
        fill_normals(&mut self.address.stream(self.layer, row as u32), weights);
        let scale = self.ensemble.sigma_w.get() / (length as f64).sqrt();
        let bias = self.ensemble.sigma_b.get() * weights[length];
        let mut values = dispatch(Products { columns, length, weights });
        for (value, kind) in values.iter_mut().zip(self.kinds) {
            *value = *value * scale + if kind.has_bias() { bias } else { 0.0 };
        }
        let activation = self.ensemble.activation;
        let preactivations = values.clone();
        for (c, kind) in self.kinds.iter().enumerate() {
            values[c] = match *kind {
                Column::State => activation.value(preactivations[c]),
                Column::Difference { of } => activation.difference(preactivations[of], preactivations[c]),
                Column::Tangent { of } => activation.derivative(preactivations[of]) * preactivations[c],
                Column::Second { of, along: [a, b] } => {
                    let [_, slope, bend, ..] = activation.jet(preactivations[of]);
                    bend * preactivations[a] * preactivations[b] + slope * preactivations[c]
                }
            };
        }
        values
    }
}

/// Products of one row of weights with every column.
struct Products<'a> {
    columns: &'a Columns,
    length: usize,
    weights: &'a [f64],
}

impl Kernel for Products<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run(self) -> Vec<f64> {
        let weights = &self.weights[..self.length];
        (0..self.columns.count()).map(|c| dot(weights, self.columns.column(c, self.length))).collect()
    }
}
