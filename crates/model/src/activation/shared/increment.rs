//! Differences of the activations that are made of a Gaussian's integral.

use super::close;
use crate::activation::kernel::ActivationKernel;
use neurodyn_numerics::elementary::within::exp;
use neurodyn_numerics::quadrature::GAUSS_LEGENDRE_8;

/// `int_u^(u+t) exp(-s^2/2) ds` for `|t| < 1/3` and `|m t| < 2`, to 2e-16 relative: with the middle `m` and `h = t/2` it is
/// `2 h exp(-m^2/2) sum_k He_2k(m) h^2k / (2k+1)!`, cut after `k = 8` (the next term is below 2e-17).
#[inline(always)]
pub fn normal_increment(u: f64, t: f64) -> f64 {
    const INVERSE: [f64; 9] = inverse_factorials();
    let (m, h) = (u + 0.5 * t, 0.5 * t);
    let (p, r) = (m * h, h * h);
    // He_n h^n by its recurrence
    let (mut previous, mut current) = (1.0, p);
    let mut sum = 1.0;
    for k in 1..9 {
        let even = p * current - (2 * k - 1) as f64 * r * previous;
        sum += INVERSE[k] * even;
        current = p * even - (2 * k) as f64 * r * current;
        previous = even;
    }
    t * exp(-0.5 * m * m) * sum
}

/// `1 / (2k + 1)!`.
const fn inverse_factorials() -> [f64; 9] {
    let mut inverse = [1.0; 9];
    let mut k = 1;
    while k < 9 {
        inverse[k] = inverse[k - 1] / ((2 * k) as f64 * (2 * k + 1) as f64);
        k += 1;
    }
    inverse
}

/// Whether [`normal_increment`] may stand for the difference of Gaussians of `rate u`, or is not needed: differences that are close and
/// yet far out are hard.
#[inline(always)]
pub fn easy(u: f64, t: f64, rate: f64) -> bool {
    let (scaled, step) = (rate * u, rate * t);
    !close(t) || ((scaled + 0.5 * step) * step).abs() < 2.0
}

/// A close difference, or the plain one.
#[inline(always)]
pub fn near_or_far<K: ActivationKernel>(u: f64, t: f64, near: f64) -> f64 {
    let far = K::value(u + t) - K::value(u);
    if close(t) { near } else { far }
}

/// The difference wherever it is: where it is hard, the integral of the slope.
#[inline(always)]
pub fn difference<K: ActivationKernel>(u: f64, t: f64) -> f64 {
    let (easy, far_out) = (K::easy_difference(u, t), by_slope(t, u, K::slope));
    if K::easy(u, t) { easy } else { far_out }
}

/// `phi(u + t) - phi(u)` for `|t| < 1/4` as the integral of `slope` (four panels of 8 points of Gauss and Legendre, good to
/// rounding as far as `u t = 8`).
#[inline(always)]
pub fn by_slope(t: f64, u: f64, slope: impl Fn(f64) -> f64) -> f64 {
    const PANELS: usize = 4;
    let half = 0.5 / PANELS as f64 * t;
    let mut sum = 0.0;
    for (x, weight) in GAUSS_LEGENDRE_8 {
        for panel in 0..PANELS {
            let middle = u + (2 * panel + 1) as f64 * half;
            sum += weight * (slope(middle - half * x) + slope(middle + half * x));
        }
    }
    half * sum
}
