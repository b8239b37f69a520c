//! The logistic function `1 / (1 + exp(-u)) = (1 + tanh(u/2)) / 2`.

use super::definition::Definition;
use super::kernel::{ActivationKernel, Jet};
use super::shared::logistic::{sigmoid_jet, sigmoid_slope, tanh_slope};
use neurodyn_numerics::elementary::within::{sigmoid, tanh};

/// The logistic function `1 / (1 + exp(-u)) = (1 + tanh(u/2)) / 2`.
pub struct Sigmoid;

impl ActivationKernel for Sigmoid {
    #[inline(always)]
    fn value(u: f64) -> f64 {
        sigmoid(u)
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        sigmoid_slope(u)
    }

    #[inline(always)]
    fn bend(u: f64) -> f64 {
        -0.25 * tanh(0.5 * u) * tanh_slope(0.5 * u)
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        0.5 * tanh(0.5 * t) * (1.0 - tanh(0.5 * u) * tanh(0.5 * (u + t)))
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        sigmoid_jet(u)
    }
}

impl Definition for Sigmoid {
    fn label(&self) -> &'static str {
        r"$1 / (1 + \exp(-u))$"
    }

    fn cost(&self) -> [u64; 2] {
        [1_620, 4_780]
    }
}
