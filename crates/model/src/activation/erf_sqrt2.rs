//! `erf(u / sqrt 2) = sqrt(2/pi) int_0^u exp(-t^2/2) dt`; slope `sqrt(2/pi)` at 0.

use super::definition::{Definition, PairForm, Parity};
use super::kernel::{ActivationKernel, Jet};
use super::pair::PairLaw;
use super::shared::arcs;
use super::shared::hermite::erf_jet;
use super::shared::increment::{self, normal_increment};
use neurodyn_numerics::elementary::within::{erf, exp};
use neurodyn_numerics::quadrature::PairCovariance;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_PI, FRAC_2_SQRT_PI};

const SQRT_2_OVER_PI: f64 = FRAC_2_SQRT_PI * FRAC_1_SQRT_2;

/// `erf(u / sqrt 2) = sqrt(2/pi) int_0^u exp(-t^2/2) dt`; slope `sqrt(2/pi)` at 0.
pub struct ErfSqrt2;

impl ActivationKernel for ErfSqrt2 {
    const CHECKED: bool = true;

    #[inline(always)]
    fn value(u: f64) -> f64 {
        erf(u * FRAC_1_SQRT_2)
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        SQRT_2_OVER_PI * exp(-0.5 * u * u)
    }

    #[inline(always)]
    fn bend(u: f64) -> f64 {
        -u * Self::slope(u)
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        increment::difference::<Self>(u, t)
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        erf_jet(u, FRAC_1_SQRT_2)
    }

    #[inline(always)]
    fn easy(u: f64, t: f64) -> bool {
        increment::easy(u, t, 1.0)
    }

    #[inline(always)]
    fn easy_difference(u: f64, t: f64) -> f64 {
        increment::near_or_far::<Self>(u, t, SQRT_2_OVER_PI * normal_increment(u, t))
    }
}

impl Definition for ErfSqrt2 {
    fn label(&self) -> &'static str {
        r"$\erf(u / \sqrt 2)$"
    }

    fn cost(&self) -> [u64; 2] {
        [2_300, 10_460]
    }

    fn parity(&self) -> Parity {
        Parity::Odd
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        arcs::second_moment(1.0, order, q)
    }

    fn second_moment_slope(&self, q: f64) -> Option<f64> {
        Some(arcs::second_moment_slope(1.0, q))
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        Some(arcs::overlap(1.0, law))
    }

    fn overlap_slope(&self, law: &PairLaw) -> Option<f64> {
        Some(arcs::overlap_slope(1.0, law))
    }

    fn squared_difference(&self, law: &PairCovariance) -> Option<f64> {
        arcs::squared_difference(1.0, law)
    }

    fn pair_form(&self) -> Option<PairForm> {
        Some(PairForm::Arcsine { rate: 1.0, offset: 0.0, scale: FRAC_2_PI })
    }
}
