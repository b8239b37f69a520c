//! The tangent kernel of a deep random network with one linear output, and with it the spectrum of its Fisher information
//! (Jacot et al. 2018; Karakida, Akaho, Amari 2019, for weights alone).
//!
//! `f = V . x^(L-1)`, `V_j ~ N(0, sigma_w^2 / n)`; all hidden layers of the same width `n`. The sum over all weights of
//! `d_w f(s) d_w f(t)` is `n sum_l C^(l-1) kt^l`, with the overlap `C` of the two inputs and that of what is passed back,
//!
//! ```text
//! kt^L = 1,     kt^l = sigma_w^2 E[phi'(u_s^l) phi'(u_t^l)] kt^(l+1)
//! ```
//!
//! Assumes infinite width, and that what goes forward and what comes back are independent, which holds there.

use super::TheoryError;
use super::distance::{PairState, pair_trajectory};
use super::layers::Memo;
use super::overlap::overlap_slope;
use super::roughness::check_slopes;
use super::signals::{Signals, signal_trajectory};
use neurodyn_model::Ensemble;
use neurodyn_numerics::quadrature::PairCovariance;

/// Sums over the layers.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct KernelSums {
    /// `sum_l A^(l-1) qt^l` of the first input with itself.
    pub kappa_1: f64,
    /// `sum_l C^(l-1) kt^l` of the two inputs.
    pub kappa_2: f64,
}

/// The kernel sums of two inputs through `depth` layers of weights, the output's among them. Fails where the signal overflows, and
/// without any layer.
pub fn kernel_sums(ensemble: &Ensemble, input: PairState, depth: usize) -> Result<KernelSums, TheoryError> {
    let states = pair_trajectory(ensemble, input, hidden_layers(depth)?)?;
    let layers = states.iter().map(|state| Layer {
        activity: state.activity,
        overlap: state.overlap(),
        same: ensemble.preactivation_variance(state.activity),
        law: state.preactivations(ensemble),
    });
    sums(ensemble, &layers.collect::<Vec<_>>())
}

/// [`kernel_sums`] of two inputs of any activities; `kappa_1` is that of the first.
pub fn signal_kernel_sums(ensemble: &Ensemble, input: Signals, depth: usize) -> Result<KernelSums, TheoryError> {
    let states = signal_trajectory(ensemble, input, hidden_layers(depth)?)?;
    let layers = states.iter().map(|state| Layer {
        activity: state.activity(),
        overlap: state.overlap(),
        same: ensemble.preactivation_variance(state.activity()),
        law: state.law(ensemble),
    });
    sums(ensemble, &layers.collect::<Vec<_>>())
}

fn hidden_layers(depth: usize) -> Result<usize, TheoryError> {
    let none = TheoryError::OutOfRegime { what: "the kernel sums", reason: "a network has at least one layer" };
    depth.checked_sub(1).ok_or(none)
}

/// What the sums take of one layer.
struct Layer {
    activity: f64,
    overlap: f64,
    /// Variance of the preactivations of the first input.
    same: f64,
    /// Law of those of both.
    law: PairCovariance,
}

fn sums(ensemble: &Ensemble, layers: &[Layer]) -> Result<KernelSums, TheoryError> {
    if layers.len() > 1 {
        check_slopes(ensemble.activation, "the tangent kernel")?;
    }
    let mut sums = KernelSums { kappa_1: 0.0, kappa_2: 0.0 };
    let (mut back, mut back_pair) = (1.0, 1.0);
    let weight = ensemble.sigma_w.squared();
    let mut known = Memo::new();
    for (index, layer) in layers.iter().enumerate().rev() {
        sums.kappa_1 += layer.activity * back;
        sums.kappa_2 += layer.overlap * back_pair;
        if index > 0 {
            let Layer { same, law, .. } = layers[index - 1];
            let (one, pair) = known.of((same, law), || {
                let same = PairCovariance { q: same, difference: 0.0, gap: 0.0 };
                (overlap_slope(ensemble.activation, &same), overlap_slope(ensemble.activation, &law))
            });
            back *= weight * one;
            back_pair *= weight * pair;
        }
    }
    let finite = sums.kappa_1.is_finite() && sums.kappa_2.is_finite();
    if finite { Ok(sums) } else { Err(TheoryError::NotFinite { what: "the kernel sum", layer: layers.len() }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::Activation;

    #[test]
    fn equal_inputs_have_equal_sums_and_linear_networks_closed_ones() {
        let input = PairState { activity: 0.8, activity_difference: 0.0, distance: 0.0 };
        for &activation in Activation::ALL {
            let ensemble = Ensemble::new(activation, 1.2, 0.3).expect("valid");
            let sums = kernel_sums(&ensemble, input, 5).expect("finite");
            assert!((sums.kappa_1 / sums.kappa_2 - 1.0).abs() < 1e-12, "{activation} {sums:?}");
        }
        // without bias each of L terms is sigma_w^(2L-2) times A or C
        let ensemble = Ensemble::new(Activation::Linear, 1.1, 0.0).expect("valid");
        let input = PairState { activity: 0.8, activity_difference: 0.0, distance: 1.2 };
        let sums = kernel_sums(&ensemble, input, 4).expect("finite");
        let scale = 4.0 * 1.21 * 1.21 * 1.21;
        assert!((sums.kappa_1 - 0.8 * scale).abs() < 1e-13 && (sums.kappa_2 - 0.2 * scale).abs() < 1e-13);
        assert!(kernel_sums(&ensemble, input, 0).is_err());
        let wild = Ensemble::new(Activation::Linear, 1e80, 0.0).expect("valid");
        assert!(matches!(kernel_sums(&wild, input, 5), Err(TheoryError::NotFinite { .. })));
    }
}
