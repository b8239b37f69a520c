//! `u` above 0, `0.01 u` below: `LEAK u + (1 - LEAK) max(u, 0)`.

use super::definition::{Definition, PairForm};
use super::kernel::{ActivationKernel, Jet};
use super::pair::PairLaw;
use super::shared::kinks;
use neurodyn_numerics::quadrature::{PairCovariance, Shape};

/// Slope below 0.
pub const LEAK: f64 = 0.01;

/// `u` above 0, `0.01 u` below: `LEAK u + (1 - LEAK) max(u, 0)`.
pub struct LeakyRelu;

impl ActivationKernel for LeakyRelu {
    #[inline(always)]
    fn value(u: f64) -> f64 {
        if u > 0.0 { u } else { LEAK * u }
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        kinks::step(u, LEAK)
    }

    #[inline(always)]
    fn bend(_u: f64) -> f64 {
        0.0
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        LEAK * t + (1.0 - LEAK) * kinks::difference(u, t)
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        kinks::jet(u, LEAK)
    }
}

impl Definition for LeakyRelu {
    fn label(&self) -> &'static str {
        r"$\max(u, 0.01 u)$"
    }

    fn cost(&self) -> [u64; 2] {
        [20, 180]
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
        (LEAK, 1.0)
    }

    fn shape(&self) -> Shape {
        Shape::KinkedAtZero
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        match order {
            0 => Some(0.5 * (1.0 + LEAK * LEAK) * q),
            1 => Some(0.5 * (1.0 + LEAK * LEAK)),
            _ => None,
        }
    }

    fn second_moment_slope(&self, _q: f64) -> Option<f64> {
        Some(0.5 * (1.0 + LEAK * LEAK))
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        Some(LEAK * law.k + (1.0 - LEAK) * (1.0 - LEAK) * kinks::overlap(law))
    }

    fn overlap_slope(&self, law: &PairLaw) -> Option<f64> {
        Some(LEAK + (1.0 - LEAK) * (1.0 - LEAK) * kinks::both_above(law))
    }

    fn squared_difference(&self, law: &PairCovariance) -> Option<f64> {
        Some(LEAK * law.gap + (1.0 - LEAK) * (1.0 - LEAK) * kinks::squared_difference(&PairLaw::of(law)))
    }

    fn pair_form(&self) -> Option<PairForm> {
        Some(PairForm::Kinked { leak: LEAK })
    }
}
