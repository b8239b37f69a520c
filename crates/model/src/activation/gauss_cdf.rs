//! The standard normal distribution function `Phi(u) = (1 + erf(u / sqrt 2)) / 2`; not odd.

use super::definition::{Definition, PairForm};
use super::kernel::{ActivationKernel, Jet};
use super::pair::PairLaw;
use super::shared::arcs;
use super::shared::hermite::hermite_jet;
use super::shared::increment::{self, normal_increment};
use neurodyn_numerics::elementary::within::{normal_cdf, normal_pdf};
use neurodyn_numerics::quadrature::PairCovariance;
use std::f64::consts::FRAC_1_PI;

const INV_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// The standard normal distribution function `Phi(u) = (1 + erf(u / sqrt 2)) / 2`; not odd.
pub struct GaussCdf;

impl ActivationKernel for GaussCdf {
    const CHECKED: bool = true;

    #[inline(always)]
    fn value(u: f64) -> f64 {
        normal_cdf(u)
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        normal_pdf(u)
    }

    #[inline(always)]
    fn bend(u: f64) -> f64 {
        -u * normal_pdf(u)
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        increment::difference::<Self>(u, t)
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        let [d1, d2, d3, d4, d5, _] = hermite_jet(u, normal_pdf(u));
        [normal_cdf(u), d1, d2, d3, d4, d5]
    }

    #[inline(always)]
    fn easy(u: f64, t: f64) -> bool {
        increment::easy(u, t, 1.0)
    }

    #[inline(always)]
    fn easy_difference(u: f64, t: f64) -> f64 {
        increment::near_or_far::<Self>(u, t, INV_SQRT_TAU * normal_increment(u, t))
    }
}

impl Definition for GaussCdf {
    fn label(&self) -> &'static str {
        r"$\Phi(u)$"
    }

    fn cost(&self) -> [u64; 2] {
        [2_940, 11_300]
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        let erf = arcs::second_moment(1.0, order, q)?;
        Some(if order == 0 { 0.25 + 0.25 * erf } else { 0.25 * erf })
    }

    fn second_moment_slope(&self, q: f64) -> Option<f64> {
        Some(0.25 * arcs::second_moment_slope(1.0, q))
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        Some(0.25 + 0.25 * arcs::overlap(1.0, law))
    }

    fn overlap_slope(&self, law: &PairLaw) -> Option<f64> {
        Some(0.25 * arcs::overlap_slope(1.0, law))
    }

    fn squared_difference(&self, law: &PairCovariance) -> Option<f64> {
        Some(0.25 * arcs::squared_difference(1.0, law)?)
    }

    fn pair_form(&self) -> Option<PairForm> {
        Some(PairForm::Arcsine { rate: 1.0, offset: 0.25, scale: 0.5 * FRAC_1_PI })
    }
}
