//! `u Phi(u)`. Its Gaussian integrals by two integrations by parts.

use super::definition::{Definition, PairForm};
use super::kernel::{ActivationKernel, Jet};
use super::pair::PairLaw;
use super::shared::arcs::{arc, asin_ratio};
use super::shared::increment::{self, normal_increment};
use neurodyn_numerics::elementary::within::{normal_cdf, normal_pdf};
use neurodyn_numerics::quadrature::PairCovariance;
use std::f64::consts::FRAC_1_PI;

const INV_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// `u Phi(u)`. Its Gaussian integrals by two integrations by parts.
pub struct Gelu;

impl ActivationKernel for Gelu {
    const CHECKED: bool = true;

    #[inline(always)]
    fn value(u: f64) -> f64 {
        u * normal_cdf(u)
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        normal_cdf(u) + u * normal_pdf(u)
    }

    #[inline(always)]
    fn bend(u: f64) -> f64 {
        (2.0 - u * u) * normal_pdf(u)
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        increment::difference::<Self>(u, t)
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        let (p, cdf, u2) = (normal_pdf(u), normal_cdf(u), u * u);
        [
            u * cdf,
            cdf + u * p,
            (2.0 - u2) * p,
            u * (u2 - 4.0) * p,
            ((7.0 - u2) * u2 - 4.0) * p,
            u * ((u2 - 11.0) * u2 + 18.0) * p,
        ]
    }

    #[inline(always)]
    fn easy(u: f64, t: f64) -> bool {
        increment::easy(u, t, 1.0)
    }

    #[inline(always)]
    fn easy_difference(u: f64, t: f64) -> f64 {
        let near = t * normal_cdf(u + t) + u * (INV_SQRT_TAU * normal_increment(u, t));
        increment::near_or_far::<Self>(u, t, near)
    }
}

impl Definition for Gelu {
    fn label(&self) -> &'static str {
        r"$u \Phi(u)$"
    }

    fn cost(&self) -> [u64; 2] {
        [2_990, 12_650]
    }

    fn bound(&self) -> Option<f64> {
        None
    }

    fn tails(&self) -> (f64, f64) {
        (0.0, 1.0)
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        let d = 1.0 + 2.0 * q;
        match order {
            0 => Some(0.25 * q + 0.5 * FRAC_1_PI * q * asin_ratio(q) + FRAC_1_PI * (q / (1.0 + q)) * (q / d.sqrt())),
            1 => self.overlap_slope(&PairLaw::of(&PairCovariance { q, difference: 0.0, gap: 0.0 })),
            2 => {
                let r = q / d;
                Some(0.5 * FRAC_1_PI * (4.0 - 4.0 * r + 3.0 * r * r) / d.sqrt())
            }
            _ => None,
        }
    }

    fn second_moment_slope(&self, q: f64) -> Option<f64> {
        let d = 1.0 + 2.0 * q;
        let r = 1.0 / ((1.0 + q) * d.sqrt());
        Some(0.25 + 0.5 * FRAC_1_PI * (asin_ratio(q) + q * r) + FRAC_1_PI * r * q * (2.0 - q / (1.0 + q) - q / d))
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        // with e = 1/(1+q) + 1/(1+q') and d the determinant, k/4 + (k asin(.) + (q q' - k^2 + e k^2) / sqrt d) / (2 pi)
        let k = law.k;
        let e = 1.0 / (1.0 + law.q) + 1.0 / (1.0 + law.q_prime);
        let bracket = law.gram + k * k * e;
        Some(0.5 * FRAC_1_PI * (bracket / law.determinant(1.0).sqrt() + k * arc(1.0, law)) + 0.25 * k)
    }

    fn overlap_slope(&self, law: &PairLaw) -> Option<f64> {
        // the derivative of the overlap in the covariance, with the terms of order q cancelled by hand
        let (k, d) = (law.k, law.determinant(1.0));
        let (p1, p2) = (1.0 + law.q, 1.0 + law.q_prime);
        let (e, s) = (1.0 / p1 + 1.0 / p2, 1.0 + law.q + law.q_prime);
        let bracket = (1.0 - s / p1 * ((s + 1.0) / p2) - law.gram * e) / d + 2.0 * e;
        Some(0.25 + 0.5 * FRAC_1_PI * (arc(1.0, law) + k * bracket / d.sqrt()))
    }

    fn pair_form(&self) -> Option<PairForm> {
        Some(PairForm::Gelu)
    }
}
