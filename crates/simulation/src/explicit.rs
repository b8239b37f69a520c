//! Explicit weight matrices: the independent witness of the exact-law sampler, and the way to measure what it saves.
//!
//! Weights are drawn row by row, multiplied with the columns of the layer before in a fixed order, and dropped: row `i` of
//! layer `l` comes from stream `(l, i)`, its bias from the number after its weights. Inputs are dense vectors of as many
//! components as layer 1 has neurons, with exactly the Gram matrix asked for.

use super::chain_rule::ChainRule;
use super::dropout::{MaskStream, check_masks};
use super::gram::{Columns, check, check_inputs, check_smooth, gram};
use super::replicas::both;
use super::{Sampler, SimulationError, Trajectory, cost, parallel_map};
use neurodyn_model::{Column, Ensemble, Inputs, Keep, Network};
use neurodyn_numerics::elementary::cos;
use neurodyn_numerics::linalg::Factor;
use neurodyn_numerics::product::Vectors;
use neurodyn_random::{Address, Role, fill_normals};

/// The sampler with explicit weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explicit;

impl Explicit {
    /// Widest layer accepted: beyond it a layer of weights takes minutes.
    pub const WIDEST: u64 = 20_000;
}

impl Sampler for Explicit {
    fn sample(&self, network: &Network, inputs: &Inputs, address: &Address) -> Result<Trajectory, SimulationError> {
        self.sample_masked(network, inputs, None, address)
    }
}

impl Explicit {
    /// Gram matrices of all layers, of masked columns where there is a dropout.
    pub(super) fn sample_masked(
        self,
        network: &Network,
        inputs: &Inputs,
        keep: Option<Keep>,
        address: &Address,
    ) -> Result<Trajectory, SimulationError> {
        if let Some(width) = network.widths().iter().find(|width| width.get() > Self::WIDEST) {
            return Err(SimulationError::TooWide { width: width.get(), limit: Self::WIDEST });
        }
        cost::afford(network, inputs, 1)?;
        check_smooth(&network.ensemble, inputs)?;
        check_masks(inputs, keep)?;
        let address = address.with_role(Role::WEIGHTS);
        let (kinds, rule) = (inputs.columns(), ChainRule::new(inputs.columns()));
        let width = |index: usize| network.widths()[index].get() as usize;
        let next = |index: usize, columns: &Columns, length: usize| -> Result<Columns, SimulationError> {
            let layer = Layer { ensemble: network.ensemble, kinds, rule: &rule, address, layer: index as u32 + 1 };
            let mut columns = layer.next(columns, length, width(index))?;
            if let Some(keep) = keep {
                MaskStream::new(keep, &address, layer.layer, 0).apply(&mut columns, width(index));
            }
            Ok(columns)
        };
        let mut trajectory = vec![inputs.gram().clone()];
        let mut columns = next(0, &dense_inputs(inputs, width(0))?, width(0))?;
        for index in 0..network.depth() {
            let length = width(index);
            let seen = || check(gram(&columns, length), index + 1, address.replica);
            if index + 1 == network.depth() {
                trajectory.push(seen()?);
                break;
            }
            let following = || next(index + 1, &columns, length);
            // neither waits for the other
            let (seen, following) =
                if pays(length, width(index + 1)) { both(seen, following) } else { (seen(), following()) };
            trajectory.push(seen?);
            columns = following?;
        }
        Ok(trajectory)
    }
}

/// Input vectors `x_c = sqrt(n) sum_k L_ck e_k` with `G = L L^T` and the orthonormal cosine basis `e_k` (DCT-II).
pub(super) fn dense_inputs(inputs: &Inputs, n: usize) -> Result<Columns, SimulationError> {
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
        let angle = |j: usize| std::f64::consts::PI * (j as f64 + 0.5) * k as f64 / n as f64;
        let components: Vec<f64> = (0..n).map(|j| scale * cos(angle(j))).collect();
        for c in 0..m {
            let share = factor.row(c)[k];
            columns.column_mut(c, n).iter_mut().zip(&components).for_each(|(sum, component)| *sum += share * component);
        }
    }
    Ok(columns)
}

/// Number of dimensions that the inputs span.
pub(super) fn rank(inputs: &Inputs) -> usize {
    Factor::new(inputs.columns().len(), |i, j| inputs.gram().get(i, j)).rank()
}

/// Whether a layer is worth several threads: not where it takes less time than waking another.
fn pays(length: usize, width: usize) -> bool {
    length * width > 1 << 17
}

/// One layer of weights.
pub(super) struct Layer<'a> {
    pub(super) ensemble: Ensemble,
    pub(super) kinds: &'a [Column],
    pub(super) rule: &'a ChainRule,
    pub(super) address: Address,
    pub(super) layer: u32,
}

/// Neurons computed at once: as many as a product packs.
pub(super) const ROWS: usize = 96;

impl Layer<'_> {
    /// Columns of the next layer.
    pub(super) fn next(&self, columns: &Columns, length: usize, width: usize) -> Result<Columns, SimulationError> {
        let firsts: Vec<usize> = (0..width).step_by(ROWS).collect();
        let rows = |&first: &usize| Ok(self.neurons(columns, length, first, ROWS.min(width - first)));
        let threads = pays(length, width);
        let groups: Vec<Columns> = if threads {
            parallel_map(&firsts, rows)?
        } else {
            firsts.iter().map(rows).collect::<Result<_, SimulationError>>()?
        };
        Ok(Columns::joined(&groups, ROWS, width, threads))
    }

    /// All columns of the neurons from `first` on, `count` of them.
    fn neurons(&self, columns: &Columns, length: usize, first: usize, count: usize) -> Columns {
        // each row of weights is followed by its bias
        let stride = length + 1;
        let mut weights = vec![0.0; count * stride];
        for (row, weights) in weights.chunks_mut(stride).enumerate() {
            fill_normals(&mut self.address.stream(self.layer, (first + row) as u32), weights);
        }
        let mut group = Columns::new(self.kinds.len(), ROWS);
        group.multiply(columns.vectors(length), Vectors { values: &weights, stride, count, length });
        let scale = self.ensemble.sigma_w.get() / (length as f64).sqrt();
        let biases = weights.iter().skip(length).step_by(stride);
        let biases: Vec<f64> = biases.map(|bias| self.ensemble.sigma_b.get() * bias).collect();
        for (c, kind) in self.kinds.iter().enumerate() {
            let column = group.column_mut(c, count);
            if kind.has_bias() {
                column.iter_mut().zip(&biases).for_each(|(value, bias)| *value = *value * scale + bias);
            } else {
                column.iter_mut().for_each(|value| *value *= scale);
            }
        }
        self.rule.apply::<ROWS>(self.ensemble.activation.operation(), &mut group);
        group
    }
}
