//! The tangent kernel of one network with a linear output, from the products of its signals and errors.

use crate::ErrorGrams;
use neurodyn_model::{Network, SymmetricMatrix};

/// `Theta_st = sum_l (x_s^(l-1) . x_t^(l-1)) (delta_s^l . delta_t^l)` over all layers of weights of `f = V . x^(L-1)`, the hidden layers being those of
/// the network. Output weights `V` are `sigma_w n^(-1/2)` times the errors `e` at the end, so errors in the products are to be scaled by that. The
/// input has as many components as the first layer has neurons.
///
/// The eigenvalues of the Fisher information of `T` inputs, other than 0, are those of `Theta / T`.
pub fn tangent_kernel(network: &Network, grams: &ErrorGrams) -> SymmetricMatrix {
    let widths: Vec<f64> = network.widths().iter().map(|width| width.get() as f64).collect();
    let last = widths[widths.len() - 1];
    let scale = network.ensemble.sigma_w.squared() / last;
    SymmetricMatrix::from_fn(grams.signals[0].order(), |s, t| {
        let mut sum = last * grams.signals[widths.len()].get(s, t);
        for (index, errors) in grams.errors.iter().enumerate() {
            let before = widths[index.saturating_sub(1)];
            sum += before * grams.signals[index].get(s, t) * (widths[index] * errors.get(s, t) * scale);
        }
        sum
    })
}
