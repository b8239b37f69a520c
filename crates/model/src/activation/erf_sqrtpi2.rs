//! `erf(sqrt(pi) u / 2)`; unit slope at 0.

use super::definition::{Definition, PairForm, Parity};
use super::kernel::{ActivationKernel, Jet};
use super::pair::PairLaw;
use super::shared::arcs;
use super::shared::hermite::erf_jet;
use super::shared::increment::{self, normal_increment};
use neurodyn_numerics::elementary::within::{erf, exp};
use neurodyn_numerics::quadrature::PairCovariance;
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, FRAC_PI_4};

const HALF_SQRT_PI: f64 = 0.886_226_925_452_758;
const SQRT_HALF_PI: f64 = 1.253_314_137_315_500_3;

/// `erf(sqrt(pi) u / 2)`; unit slope at 0.
pub struct ErfSqrtpi2;

impl ActivationKernel for ErfSqrtpi2 {
    const CHECKED: bool = true;

    #[inline(always)]
    fn value(u: f64) -> f64 {
        erf(u * HALF_SQRT_PI)
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        exp(-FRAC_PI_4 * u * u)
    }

    #[inline(always)]
    fn bend(u: f64) -> f64 {
        -FRAC_PI_2 * u * Self::slope(u)
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        increment::difference::<Self>(u, t)
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        erf_jet(u, HALF_SQRT_PI)
    }

    #[inline(always)]
    fn easy(u: f64, t: f64) -> bool {
        increment::easy(u, t, SQRT_HALF_PI)
    }

    #[inline(always)]
    fn easy_difference(u: f64, t: f64) -> f64 {
        increment::near_or_far::<Self>(
            u,
            t,
            normal_increment(SQRT_HALF_PI * u, SQRT_HALF_PI * t) * (1.0 / SQRT_HALF_PI),
        )
    }
}

impl Definition for ErfSqrtpi2 {
    fn label(&self) -> &'static str {
        r"$\erf(\sqrt{\pi} u / 2)$"
    }

    fn cost(&self) -> [u64; 2] {
        [2_380, 11_570]
    }

    fn parity(&self) -> Parity {
        Parity::Odd
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        arcs::second_moment(FRAC_PI_2, order, q)
    }

    fn second_moment_slope(&self, q: f64) -> Option<f64> {
        Some(arcs::second_moment_slope(FRAC_PI_2, q))
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        Some(arcs::overlap(FRAC_PI_2, law))
    }

    fn overlap_slope(&self, law: &PairLaw) -> Option<f64> {
        Some(arcs::overlap_slope(FRAC_PI_2, law))
    }

    fn squared_difference(&self, law: &PairCovariance) -> Option<f64> {
        arcs::squared_difference(FRAC_PI_2, law)
    }

    fn pair_form(&self) -> Option<PairForm> {
        Some(PairForm::Arcsine { rate: FRAC_PI_2, offset: 0.0, scale: FRAC_2_PI })
    }
}
