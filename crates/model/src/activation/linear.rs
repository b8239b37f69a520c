//! `u`.

use super::definition::{Definition, PairForm, Parity};
use super::kernel::{ActivationKernel, Jet};
use super::pair::PairLaw;
use neurodyn_numerics::quadrature::PairCovariance;

/// `u`.
pub struct Linear;

impl ActivationKernel for Linear {
    #[inline(always)]
    fn value(u: f64) -> f64 {
        u
    }

    #[inline(always)]
    fn slope(_u: f64) -> f64 {
        1.0
    }

    #[inline(always)]
    fn bend(_u: f64) -> f64 {
        0.0
    }

    #[inline(always)]
    fn difference(_u: f64, t: f64) -> f64 {
        t
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        [u, 1.0, 0.0, 0.0, 0.0, 0.0]
    }
}

impl Definition for Linear {
    fn label(&self) -> &'static str {
        "$u$"
    }

    fn cost(&self) -> [u64; 2] {
        [0, 100]
    }

    fn parity(&self) -> Parity {
        Parity::Odd
    }

    fn is_homogeneous(&self) -> bool {
        true
    }

    fn bound(&self) -> Option<f64> {
        None
    }

    fn tails(&self) -> (f64, f64) {
        (1.0, 1.0)
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        match order {
            0 => Some(q),
            1 => Some(1.0),
            2 => Some(0.0),
            _ => None,
        }
    }

    fn second_moment_slope(&self, _q: f64) -> Option<f64> {
        Some(1.0)
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        Some(law.k)
    }

    fn overlap_slope(&self, _law: &PairLaw) -> Option<f64> {
        Some(1.0)
    }

    fn squared_difference(&self, law: &PairCovariance) -> Option<f64> {
        Some(law.gap)
    }

    fn pair_form(&self) -> Option<PairForm> {
        Some(PairForm::Kinked { leak: 1.0 })
    }
}
