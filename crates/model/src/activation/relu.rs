//! `max(u, 0)`.

use super::definition::{Definition, PairForm};
use super::kernel::{ActivationKernel, Jet};
use super::pair::PairLaw;
use super::shared::kinks;
use neurodyn_numerics::quadrature::{PairCovariance, Shape};

/// `max(u, 0)`.
pub struct Relu;

impl ActivationKernel for Relu {
    #[inline(always)]
    fn value(u: f64) -> f64 {
        if u > 0.0 { u } else { 0.0 }
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        kinks::step(u, 0.0)
    }

    #[inline(always)]
    fn bend(_u: f64) -> f64 {
        0.0
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        kinks::difference(u, t)
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        kinks::jet(u, 0.0)
    }
}

impl Definition for Relu {
    fn label(&self) -> &'static str {
        r"$\max(u, 0)$"
    }

    fn cost(&self) -> [u64; 2] {
        [100, 110]
    }

    fn is_smooth(&self) -> bool {
        false
    }

    fn is_homogeneous(&self) -> bool {
        true
    }

    fn bound(&self) -> Option<f64> {
        None
    }

    fn tails(&self) -> (f64, f64) {
        (0.0, 1.0)
    }

    fn shape(&self) -> Shape {
        Shape::KinkedAtZero
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        match order {
            0 => Some(0.5 * q),
            1 => Some(0.5),
            _ => None,
        }
    }

    fn second_moment_slope(&self, _q: f64) -> Option<f64> {
        Some(0.5)
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        Some(kinks::overlap(law))
    }

    fn overlap_slope(&self, law: &PairLaw) -> Option<f64> {
        Some(kinks::both_above(law))
    }

    fn squared_difference(&self, law: &PairCovariance) -> Option<f64> {
        Some(kinks::squared_difference(&PairLaw::of(law)))
    }

    fn pair_form(&self) -> Option<PairForm> {
        Some(PairForm::Kinked { leak: 0.0 })
    }
}
