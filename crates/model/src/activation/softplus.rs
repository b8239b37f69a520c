//! `ln(1 + exp(u))`.

use super::definition::Definition;
use super::kernel::{ActivationKernel, Jet};
use super::shared::close;
use super::shared::logistic::{sigmoid_jet, sigmoid_slope};
use neurodyn_numerics::elementary::within::{expm1, ln_1p_bounded, ln_1p_exp, sigmoid};

/// `ln(1 + exp(u))`.
pub struct Softplus;

impl ActivationKernel for Softplus {
    #[inline(always)]
    fn value(u: f64) -> f64 {
        ln_1p_exp(u)
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        sigmoid(u)
    }

    #[inline(always)]
    fn bend(u: f64) -> f64 {
        sigmoid_slope(u)
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        // ln(1 + sigmoid(u) (e^t - 1)), the plain difference where that is large
        let near = ln_1p_bounded(sigmoid(u) * expm1(t));
        let far = ln_1p_exp(u + t) - ln_1p_exp(u);
        if close(t) { near } else { far }
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        let [d1, d2, d3, d4, d5, _] = sigmoid_jet(u);
        [ln_1p_exp(u), d1, d2, d3, d4, d5]
    }
}

impl Definition for Softplus {
    fn label(&self) -> &'static str {
        r"$\ln(1 + \exp u)$"
    }

    fn cost(&self) -> [u64; 2] {
        [1_930, 6_790]
    }

    fn bound(&self) -> Option<f64> {
        None
    }

    fn tails(&self) -> (f64, f64) {
        (0.0, 1.0)
    }
}
