//! `tanh u`.

use super::definition::{Definition, Parity};
use super::kernel::{ActivationKernel, Jet};
use super::shared::logistic::{tanh_jet, tanh_slope};
use neurodyn_numerics::elementary::within::tanh;

/// `tanh u`.
pub struct Tanh;

impl ActivationKernel for Tanh {
    const TOGETHER: bool = true;

    #[inline(always)]
    fn value(u: f64) -> f64 {
        tanh(u)
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        tanh_slope(u)
    }

    #[inline(always)]
    fn bend(u: f64) -> f64 {
        -2.0 * tanh(u) * tanh_slope(u)
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        tanh(t) * (1.0 - tanh(u) * tanh(u + t))
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        tanh_jet(u)
    }
}

impl Definition for Tanh {
    fn label(&self) -> &'static str {
        r"$\tanh u$"
    }

    fn cost(&self) -> [u64; 2] {
        [1_310, 4_460]
    }

    fn parity(&self) -> Parity {
        Parity::Odd
    }
}
