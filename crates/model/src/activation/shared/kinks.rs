//! Piecewise linear activations: `u` above 0, `leak u` below; and the Gaussian integrals of `max(u, 0)` (Y. Cho and L. Saul, 2009).

use crate::activation::kernel::Jet;
use crate::activation::pair::PairLaw;
use neurodyn_numerics::elementary::{atan2, cos, sin};
use std::f64::consts::{FRAC_1_PI, FRAC_PI_2, PI};

/// The slope: 1 above 0, `leak` below, their mean at 0.
#[inline(always)]
pub fn step(u: f64, leak: f64) -> f64 {
    let below = if u < 0.0 { leak } else { 0.5 * (1.0 + leak) };
    if u > 0.0 { 1.0 } else { below }
}

/// Value, slope, and 0 for what are distributions.
#[inline(always)]
pub fn jet(u: f64, leak: f64) -> Jet {
    let slope = step(u, leak);
    [slope * u, slope, 0.0, 0.0, 0.0, 0.0]
}

/// `max(u + t, 0) - max(u, 0)`, exact up to the rounding of `u + t`.
#[inline(always)]
pub fn difference(u: f64, t: f64) -> f64 {
    let from_above = if t > -u { t } else { -u };
    let v = u + t;
    let from_below = if v > 0.0 { v } else { 0.0 };
    if u > 0.0 { from_above } else { from_below }
}

/// Angle between `u` and `v`, from `sin^2 = Var(v | u) / Var(v)`, accurate for small angles. Where both vanish it is that of equal
/// variables, the limit from above; where one does, a right angle.
fn angle(law: &PairLaw) -> f64 {
    if law.q == 0.0 || law.q_prime == 0.0 {
        return if law.gap == 0.0 { 0.0 } else { FRAC_PI_2 };
    }
    atan2(law.q.sqrt() * law.conditional.sqrt(), law.k)
}

/// `sqrt(q q') (sin th - th cos th) / pi`, the part that is not linear in the covariance.
fn bend(law: &PairLaw) -> f64 {
    if law.conditional == 0.0 {
        // parallel or opposite
        return if law.k < 0.0 { -law.k } else { 0.0 };
    }
    let angle = angle(law);
    let bend = if angle < 0.5 {
        // sum over n >= 1 of (-1)^(n+1) 2n th^(2n+1) / (2n+1)!
        let square = angle * angle;
        let mut term = angle;
        let mut sum = 0.0;
        for n in 1..=9 {
            let n = f64::from(n);
            term *= square / ((2.0 * n) * (2.0 * n + 1.0));
            sum = if n % 2.0 == 1.0 { sum + 2.0 * n * term } else { sum - 2.0 * n * term };
        }
        sum
    } else {
        sin(angle) - angle * cos(angle)
    };
    law.q.sqrt() * law.q_prime.sqrt() * bend * FRAC_1_PI
}

/// `E[phi(u) phi(v)]` of `max(u, 0)`. Not negative, which rounding near opposite inputs would make it.
pub fn overlap(law: &PairLaw) -> f64 {
    (0.5 * (law.k + bend(law))).max(0.0)
}

/// Probability that both are above 0.
pub fn both_above(law: &PairLaw) -> f64 {
    0.5 * (1.0 - angle(law) / PI)
}

/// `E[(phi(v) - phi(u))^2]` of `max(u, 0)`.
pub fn squared_difference(law: &PairLaw) -> f64 {
    0.5 * law.gap - bend(law)
}
