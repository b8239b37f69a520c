//! The exact-law sampler: Gram matrices of finite networks without weights.
//!
//! Given the Gram matrix `G` of layer `l - 1`, the `m` preactivations of each neuron of layer `l` are independent draws from
//! `N(0, sigma_w^2 G + sigma_b^2 o o^T)`, `o_j` = 1 for points and 0 for differences and derivatives: rows of a Gaussian
//! weight matrix are independent. So a layer is a factorisation, `n` draws of an `m`-vector, the activation, and a new Gram matrix. The joint
//! law of all layers is that of explicit weights at every width; memory does not grow with the width.
//!
//! Masks of dropout act on the columns of a layer before they are summed up: what the next layer sees of this one is the Gram matrix
//! of the masked columns, so the law stays exact.
//!
//! Neurons come in blocks of [`BLOCK`], block `b` of layer `l` from stream `(l, b)`; blocks are added up in order.

use super::chain_rule::ChainRule;
use super::dropout::{MaskStream, check_masks};
use super::gram::{Columns, GramSum, accumulate, check, check_inputs, check_smooth};
use super::{Sampler, SimulationError, Trajectory, cost};
use neurodyn_model::{Column, Ensemble, Inputs, Keep, Network, SymmetricMatrix};
use neurodyn_numerics::fused::fma;
use neurodyn_numerics::linalg::Factor;
use neurodyn_numerics::simd::{Kernel, dispatch};
use neurodyn_random::{Address, CHUNK, Role, Stream, normals_from_words};
use rayon::prelude::*;

/// Neurons in a block, the unit of random addressing.
pub const BLOCK: usize = 1024;
/// Neurons treated at once, so that all columns stay in cache.
const TILE: usize = 256;
/// Neurons that draw the normals of one column before the next column does: part of what a seed stands for.
const GROUP: usize = 128;
/// Blocks handed to the threads at once; bounds the memory of wide layers.
const ROUND: u64 = 256;

/// The exact-law sampler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Macroscopic;

impl Sampler for Macroscopic {
    fn sample(&self, network: &Network, inputs: &Inputs, address: &Address) -> Result<Trajectory, SimulationError> {
        self.sample_masked(network, inputs, None, address)
    }
}

impl Macroscopic {
    /// Gram matrices of all layers, of masked columns where there is a dropout.
    pub(super) fn sample_masked(
        self,
        network: &Network,
        inputs: &Inputs,
        keep: Option<Keep>,
        address: &Address,
    ) -> Result<Trajectory, SimulationError> {
        cost::afford(network, inputs, 1)?;
        check_smooth(&network.ensemble, inputs)?;
        check_masks(inputs, keep)?;
        let address = address.with_role(Role::PREACTIVATIONS);
        let rule = ChainRule::new(inputs.columns());
        let mut scratch = Scratch::new(inputs.columns().len());
        let mut trajectory = Vec::with_capacity(network.depth() + 1);
        trajectory.push(inputs.gram().clone());
        for (index, width) in network.widths().iter().enumerate() {
            let factor = preactivation_factor(&network.ensemble, inputs.columns(), &trajectory[index]);
            if index == 0 {
                check_inputs(inputs.gram(), &factor)?;
            }
            let layer = Layer {
                ensemble: network.ensemble,
                columns: inputs.columns(),
                rule: &rule,
                factor,
                address,
                layer: index as u32 + 1,
                width: width.get(),
                keep,
            };
            let sum = layer.gram(&mut scratch);
            trajectory.push(check(sum.mean(width.get() as f64), index + 1, address.replica)?);
        }
        Ok(trajectory)
    }
}

/// Factor of the law of one neuron's preactivations.
fn preactivation_factor(ensemble: &Ensemble, columns: &[Column], gram: &SymmetricMatrix) -> Factor {
    let (weight, bias) = (ensemble.sigma_w.squared(), ensemble.sigma_b.squared());
    let biased = |j: usize| columns[j].has_bias();
    Factor::new(gram.order(), |i, j| weight * gram.get(i, j) + if biased(i) && biased(j) { bias } else { 0.0 })
}

struct Layer<'a> {
    ensemble: Ensemble,
    columns: &'a [Column],
    rule: &'a ChainRule,
    factor: Factor,
    address: Address,
    layer: u32,
    width: u64,
    keep: Option<Keep>,
}

/// Buffers of one thread: words of a group, normals and columns of one tile.
struct Scratch {
    words: Vec<u64>,
    normals: Vec<f64>,
    columns: Columns,
}

impl Scratch {
    fn new(m: usize) -> Self {
        Self { words: vec![0; m * GROUP], normals: vec![0.0; m * TILE], columns: Columns::new(m, TILE) }
    }
}

impl Layer<'_> {
    fn gram(&self, scratch: &mut Scratch) -> GramSum {
        let blocks = self.width.div_ceil(BLOCK as u64);
        let mut total = GramSum::new(self.columns.len());
        if blocks <= 8 {
            for block in 0..blocks {
                total.add(&self.block(block, scratch));
            }
            return total;
        }
        let mut first = 0;
        while first < blocks {
            let last = (first + ROUND).min(blocks);
            let sums: Vec<GramSum> = (first..last)
                .collect::<Vec<_>>()
                .par_iter()
                .with_min_len(4)
                .map_init(|| Scratch::new(self.columns.len()), |scratch, &block| self.block(block, scratch))
                .collect();
            sums.iter().for_each(|sum| total.add(sum));
            first = last;
        }
        total
    }

    fn block(&self, block: u64, scratch: &mut Scratch) -> GramSum {
        let neurons = (self.width - block * BLOCK as u64).min(BLOCK as u64) as usize;
        // block numbers fit: widths are at most 1e12, blocks of 1024
        let mut stream = self.address.stream(self.layer, block as u32);
        let mut masks = self.keep.map(|keep| MaskStream::new(keep, &self.address, self.layer, block as u32));
        let mut sum = GramSum::new(self.columns.len());
        let operation = self.ensemble.activation.operation();
        for first in (0..neurons).step_by(TILE) {
            let count = (neurons - first).min(TILE);
            dispatch(Preactivations {
                factor: &self.factor,
                stream: &mut stream,
                words: &mut scratch.words,
                normals: &mut scratch.normals,
                columns: &mut scratch.columns,
                count,
            });
            self.rule.apply::<TILE>(operation, &mut scratch.columns);
            dispatch(MaskedSum { masks: masks.as_mut(), columns: &mut scratch.columns, count, sum: &mut sum });
        }
        sum
    }
}

/// Normals of up to [`TILE`] neurons and what the factor makes of them.
struct Preactivations<'a> {
    factor: &'a Factor,
    stream: &'a mut Stream,
    words: &'a mut [u64],
    normals: &'a mut [f64],
    columns: &'a mut Columns,
    count: usize,
}

impl Kernel for Preactivations<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let rank = self.factor.rank();
        // neurons draw in groups, column after column, in whole chunks
        for first in (0..self.count).step_by(GROUP) {
            let padded = (self.count - first).min(GROUP).next_multiple_of(CHUNK);
            let words = &mut self.words[..rank * padded];
            self.stream.fill(words);
            for (k, words) in words.chunks(padded).enumerate() {
                let column = &mut self.normals[k * TILE + first..k * TILE + first + padded];
                for (words, normals) in words.as_chunks().0.iter().zip(column.as_chunks_mut().0) {
                    normals_from_words(words, normals);
                }
            }
        }
        for i in 0..self.columns.count() {
            let target = self.columns.column_mut(i, TILE);
            let normals =
                |k: usize| -> &[f64; TILE] { self.normals[k * TILE..(k + 1) * TILE].as_array().expect("one tile") };
            let mut entries = self.factor.row(i).iter().enumerate().filter(|(_, entry)| **entry != 0.0);
            match entries.next() {
                None => target.fill(0.0),
                Some((k, &entry)) => {
                    let normals = normals(k);
                    for n in 0..TILE {
                        target[n] = entry * normals[n];
                    }
                }
            }
            for (k, &entry) in entries {
                let normals = normals(k);
                for n in 0..TILE {
                    target[n] = fma(entry, normals[n], target[n]);
                }
            }
        }
    }
}

/// Products of their columns, masked where there is a dropout.
struct MaskedSum<'a> {
    masks: Option<&'a mut MaskStream>,
    columns: &'a mut Columns,
    count: usize,
    sum: &'a mut GramSum,
}

impl Kernel for MaskedSum<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        if let Some(masks) = self.masks {
            masks.apply(self.columns, self.count);
        }
        accumulate(self.columns, self.count, self.sum);
    }
}
