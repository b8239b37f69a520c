//! Loops that take what the processor at best takes, for benchmarks to hold others against.

use super::fused::fma;
use super::simd::{Kernel, Level, dispatch, level};
use std::hint::black_box;

/// Fused multiply-adds on registers alone, at the active SIMD level; how many operations that were, two for each.
#[inline(never)]
pub fn multiply_adds(steps: u64) -> f64 {
    match level() {
        Level::Avx512 => chains::<8, 12>(steps),
        Level::Avx2 => chains::<4, 12>(steps),
        Level::Neon => chains::<2, 16>(steps),
        Level::Sse2 | Level::Scalar => chains::<2, 12>(steps),
    }
}

/// Independent chains of registers, enough to hide the latency of a step and no more than there are registers.
fn chains<const LANES: usize, const CHAINS: usize>(steps: u64) -> f64 {
    black_box(dispatch(Chains::<LANES, CHAINS> { steps, factor: black_box(0.999), term: black_box(0.5) }));
    2.0 * steps as f64 * (CHAINS * LANES) as f64
}

struct Chains<const LANES: usize, const CHAINS: usize> {
    steps: u64,
    factor: f64,
    term: f64,
}

impl<const LANES: usize, const CHAINS: usize> Kernel for Chains<LANES, CHAINS> {
    // the whole state: stores at the end are what makes vectors of the lanes
    type Output = [[f64; LANES]; CHAINS];

    #[inline(always)]
    fn run(self) -> Self::Output {
        let mut chains = [[1.0; LANES]; CHAINS];
        for _ in 0..self.steps {
            for c in 0..CHAINS {
                for i in 0..LANES {
                    chains[c][i] = fma(chains[c][i], self.factor, self.term);
                }
            }
        }
        chains
    }
}

/// A chain of multiplications of integers (three cycles each) and exclusive ors (one) that wait for each other: four cycles a link.
#[inline(never)] // where it is called there may be no optimisation
pub fn chain_of_four_cycles(links: u64) {
    let mut product = black_box(3u64);
    for _ in 0..links {
        product = product.wrapping_mul(product) ^ 1;
    }
    black_box(product);
}
