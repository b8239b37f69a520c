//! What a sampled network costs: plans and the balance of shards depend on it, no number does.
//!
//! A layer of `n` neurons and `m` columns takes
//!
//! ```text
//! t = d m + b m ceil_64(n) + (c m^2 + sum of the activation over its columns) ceil_256(n)
//! ```
//!
//! since normals are drawn 64 at a time and columns computed for 256 neurons at a time. `cargo bench --bench cost` measures the constants, on
//! one thread of an AMD EPYC (Zen 4, AVX-512).

use crate::model::{Activation, Column, Inputs, Network};

/// `d`, `b` and `c`, in picoseconds.
pub const CONSTANTS: [u64; 3] = [189_000, 2_515, 81];

/// Picoseconds of the activation for a point, and for a difference.
pub fn of_activation(activation: Activation) -> [u64; 2] {
    match activation {
        Activation::Tanh => [1_710, 3_370],
        Activation::ErfSqrt2 => [3_170, 10_140],
        Activation::ErfSqrtpi2 => [3_220, 10_190],
        Activation::GaussCdf => [4_970, 13_070],
        Activation::Relu => [60, 150],
        Activation::LeakyRelu => [90, 120],
        Activation::Linear => [0, 0],
        Activation::Sin => [2_090, 4_130],
        Activation::Cos => [2_050, 4_390],
        Activation::Gaussian => [1_150, 4_120],
        Activation::Sigmoid => [2_050, 5_540],
        Activation::Gelu => [4_810, 13_560],
        Activation::Softplus => [2_580, 8_810],
    }
}

/// Nanoseconds to sample a network in law.
pub fn nanoseconds(network: &Network, inputs: &Inputs) -> u64 {
    let columns = inputs.columns();
    let m = columns.len() as u64;
    let differences = columns.iter().filter(|column| matches!(column, Column::Difference { .. })).count() as u64;
    let [layer, normal, product] = CONSTANTS;
    let [value, difference] = of_activation(network.ensemble.activation);
    let tile = product * m * m + value * (m - differences) + difference * differences;
    let padded = |width: u64, unit: u64| width.div_ceil(unit).saturating_mul(unit);
    let layers = network.widths().iter().map(|width| {
        let drawn = (normal * m).saturating_mul(padded(width.get(), 64));
        (layer * m).saturating_add(drawn).saturating_add(tile.saturating_mul(padded(width.get(), 256)))
    });
    layers.fold(0, u64::saturating_add) / 1000
}
