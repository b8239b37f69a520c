//! Dropout: networks whose neurons are masked, independently for each column, by either sampler.
//!
//! The columns are copies of a network with the same weights and biases: each is a point with masks of its own in every layer, drawn
//! afresh for each network. The input layer has none. Masks of a tile of neurons come column after column, a word each, from
//! streams of their own role; a neuron is kept where the word's number in `[0, 1)` is below `rho`.

use super::gram::Columns;
use super::{Explicit, Macroscopic, Sampler, SamplerKind, SimulationError, Trajectory};
use neurodyn_model::{Column, Inputs, Keep, Network};
use neurodyn_random::{Address, Role, Stream, uniform};

/// A sampler of networks with dropout. Its trajectories hold the Gram matrices of the *masked* columns `x~ = m x / rho`, which are what the next layer
/// sees; layer 0 is the input as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    /// Probability that a neuron is kept.
    pub keep: Keep,
    /// How weights are dealt with.
    pub kind: SamplerKind,
}

impl Sampler for Dropout {
    fn sample(&self, network: &Network, inputs: &Inputs, address: &Address) -> Result<Trajectory, SimulationError> {
        match self.kind {
            SamplerKind::Macroscopic => Macroscopic.sample_masked(network, inputs, Some(self.keep), address),
            SamplerKind::Explicit => Explicit.sample_masked(network, inputs, Some(self.keep), address),
        }
    }
}

/// Refuses masks on anything but points.
pub(super) fn check_masks(inputs: &Inputs, keep: Option<Keep>) -> Result<(), SimulationError> {
    let points = inputs.columns().iter().all(|column| *column == Column::State);
    if keep.is_none() || points { Ok(()) } else { Err(SimulationError::MaskedDerivative) }
}

/// Masks of one block of neurons, in order.
pub(super) struct MaskStream {
    keep: f64,
    scale: f64,
    stream: Stream,
    words: Vec<u64>,
}

impl MaskStream {
    pub(super) fn new(keep: Keep, address: &Address, layer: u32, block: u32) -> Self {
        let stream = address.with_role(Role::MASKS).stream(layer, block);
        Self { keep: keep.get(), scale: 1.0 / keep.get(), stream, words: Vec::new() }
    }

    /// Masks the next `count` neurons of all columns.
    #[inline(always)]
    pub(super) fn apply(&mut self, columns: &mut Columns, count: usize) {
        self.words.resize(count, 0);
        for i in 0..columns.count() {
            self.stream.fill(&mut self.words);
            for (value, word) in columns.column_mut(i, count).iter_mut().zip(&self.words) {
                *value *= if uniform(*word) < self.keep { self.scale } else { 0.0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::{Activation, Ensemble, SymmetricMatrix, Width};

    fn gram(activity: f64, overlap: f64) -> Inputs {
        Inputs::points(SymmetricMatrix::from_fn(2, |i, j| if i == j { activity } else { overlap })).expect("valid")
    }

    #[test]
    fn masks_keep_as_many_as_they_should_and_columns_apart() {
        let address = Address { seed: 5, role: Role::NETWORK, point: 0, replica: 0 };
        const N: usize = 100_000;
        for keep in [0.3, 0.9] {
            let mut columns = Columns::new(2, N);
            (0..2).for_each(|i| columns.column_mut(i, N).fill(1.0));
            MaskStream::new(Keep::new(keep).expect("valid"), &address, 1, 0).apply(&mut columns, N);
            let kept = |i: usize, n: usize| columns.column(i, N)[n] > 0.0;
            assert!((0..2).all(|i| columns.column(i, N).iter().all(|x| *x == 0.0 || *x == 1.0 / keep)));
            let share = |which: &dyn Fn(usize) -> bool| (0..N).filter(|n| which(*n)).count() as f64 / N as f64;
            for (found, exact) in [
                (share(&|n| kept(0, n)), keep),
                (share(&|n| kept(1, n)), keep),
                (share(&|n| kept(0, n) && kept(1, n)), keep * keep),
            ] {
                let sd = (exact * (1.0 - exact) / N as f64).sqrt();
                assert!((found - exact).abs() < 4.5 * sd, "{keep}: {found} {exact}");
            }
        }
    }

    #[test]
    fn nothing_dropped_is_the_plain_sampler_to_the_bit() {
        let ensemble = Ensemble::new(Activation::Tanh, 2.5, 0.3).expect("valid");
        let network = Network::uniform(ensemble, Width::new(300).expect("valid"), 4).expect("valid");
        let address = Address { seed: 5, role: Role::NETWORK, point: 1, replica: 2 };
        for kind in [SamplerKind::Macroscopic, SamplerKind::Explicit] {
            let all = Dropout { keep: Keep::new(1.0).expect("valid"), kind };
            let inputs = gram(0.7, 0.3);
            let plain = kind.sampler().sample(&network, &inputs, &address);
            assert_eq!(all.sample(&network, &inputs, &address), plain);
            let half = Dropout { keep: Keep::new(0.5).expect("valid"), kind };
            let found = half.sample(&network, &inputs, &address).expect("sampled");
            assert_ne!(Ok(&found), plain.as_ref());
            // blocks, tiles and ragged ends: the same with more than one tile
            let twins = half.sample(&network, &gram(0.7, 0.7), &address).expect("sampled");
            assert!(twins[1].get(0, 0) != twins[1].get(1, 1), "masks of two copies differ");
        }
    }

    #[test]
    fn masks_are_for_points() {
        let ensemble = Ensemble::new(Activation::Tanh, 2.5, 0.3).expect("valid");
        let network = Network::uniform(ensemble, Width::new(10).expect("valid"), 1).expect("valid");
        let address = Address { seed: 5, role: Role::NETWORK, point: 1, replica: 2 };
        let pair = Inputs::pair(0.7, 0.0, 0.4).expect("valid");
        for kind in [SamplerKind::Macroscopic, SamplerKind::Explicit] {
            let half = Dropout { keep: Keep::new(0.5).expect("valid"), kind };
            assert_eq!(half.sample(&network, &pair, &address), Err(SimulationError::MaskedDerivative));
        }
    }
}
