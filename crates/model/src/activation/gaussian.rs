//! `exp(-u^2 / 2)`.

use super::definition::{Definition, Parity};
use super::kernel::{ActivationKernel, Jet};
use super::pair::PairLaw;
use super::shared::hermite::hermite_jet;
use neurodyn_numerics::elementary::within::{exp, expm1};
use neurodyn_numerics::quadrature::PairCovariance;

/// `exp(-u^2 / 2)`.
pub struct Gaussian;

impl ActivationKernel for Gaussian {
    #[inline(always)]
    fn value(u: f64) -> f64 {
        exp(-0.5 * u * u)
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        -u * exp(-0.5 * u * u)
    }

    #[inline(always)]
    fn bend(u: f64) -> f64 {
        (u * u - 1.0) * exp(-0.5 * u * u)
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        // exp(-v^2/2) - exp(-u^2/2) with v^2 - u^2 = 2 t (u + t/2) formed without cancellation
        let v = u + t;
        let excess = t * (u + 0.5 * t);
        let nearer = if excess > 0.0 { u } else { v };
        let size = -exp(-0.5 * nearer * nearer) * expm1(-excess.abs());
        if excess > 0.0 { -size } else { size }
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        hermite_jet(u, exp(-0.5 * u * u))
    }
}

impl Definition for Gaussian {
    fn label(&self) -> &'static str {
        r"$\exp(-u^2 / 2)$"
    }

    fn cost(&self) -> [u64; 2] {
        [910, 2_370]
    }

    fn parity(&self) -> Parity {
        Parity::Even
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        let d = 1.0 + 2.0 * q;
        let r = q / d;
        match order {
            0 => Some(1.0 / d.sqrt()),
            1 => Some(q / (d * d.sqrt())),
            2 => Some((1.0 - 2.0 * r + 3.0 * r * r) / d.sqrt()),
            _ => None,
        }
    }

    fn second_moment_slope(&self, q: f64) -> Option<f64> {
        let d = 1.0 + 2.0 * q;
        Some(-1.0 / (d * d.sqrt()))
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        Some(1.0 / law.determinant(1.0).sqrt())
    }

    fn overlap_slope(&self, law: &PairLaw) -> Option<f64> {
        let d = law.determinant(1.0);
        Some(law.k / (d * d.sqrt()))
    }

    fn squared_difference(&self, law: &PairCovariance) -> Option<f64> {
        if law.difference != 0.0 {
            return None;
        }
        let b = 1.0 + 2.0 * law.q;
        let excess = law.gap * (law.q - 0.25 * law.gap);
        let (root, root_prime) = (b.sqrt(), (b + excess).sqrt());
        Some(2.0 * excess / (root * root_prime * (root + root_prime)))
    }
}
