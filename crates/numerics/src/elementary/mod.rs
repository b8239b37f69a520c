//! The only door to transcendental functions.
//!
//! The platform's libm differs between machines, so it is never called. The functions of this module are of two kinds:
//!
//! * branch-free polynomial kernels ([`exp`], [`expm1`], [`ln`], [`sin_cos_bounded`](within::sin_cos_bounded), [`sin_cos_two_pi`], [`tanh`], [`erf`],
//!   [`normal_cdf`], [`normal_pdf`], [`ln_1p_exp`], [`sigmoid`], [`asin`]): additions, multiplications, fused multiply-adds, divisions,
//!   bit operations and selections only, all exact by IEEE 754. A loop over a slice that calls them as they are in [`within`] vectorises
//!   at every SIMD level and keeps its bits (NaN payloads aside); those here are for single values, at the active level;
//! * rarer functions through the `libm` crate, which is pure Rust.
//!
//! Errors are stated in units in the last place (ulp) of the exact result, as measured against 25-digit values in
//! `tests/elementary.rs`. All coefficients are minimax polynomials (Remez exchange in 45-digit arithmetic, rounded to
//! nearest); the size of their error, relative to the result, is given with each.
//!
//! No function panics. Outside of its domain a function returns NaN.

use super::fused::fma;

mod arcsine;
mod erf;
mod exponential;
mod hyperbolic;
mod logarithm;
mod normal;
mod rare;
mod single;
mod trigonometric;

pub use rare::{acos, acosh, asinh, atan, atan2, atanh, cosh, erfc, ln_1p, ln_gamma, pow, sinh};
pub use single::*;
pub use trigonometric::SIN_COS_LIMIT;

/// Decimal logarithm; its error is about 1 ulp more than that of [`ln`].
pub fn log10(x: f64) -> f64 {
    ln(x) * std::f64::consts::LOG10_E
}

/// The polynomial functions inlined into loops, for the bodies of [`Kernel`](crate::simd::Kernel)s. Outside of a kernel they give the same
/// bits, but there each fused multiply-add is a call.
pub mod within {
    pub use super::arcsine::asin;
    pub use super::erf::erf;
    pub use super::exponential::{exp, expm1};
    pub use super::hyperbolic::{TANH_TILE, ln_1p_bounded, ln_1p_exp, sigmoid, tanh, tanh_each};
    pub use super::logarithm::{Parted, ln};
    pub use super::normal::{normal_cdf, normal_pdf};
    pub use super::trigonometric::{cos, cos_bounded, sin, sin_bounded, sin_cos, sin_cos_bounded, sin_cos_two_pi};
}

/// `sum_k c_k x^k`, even and odd powers apart to shorten the dependency chain.
#[inline(always)]
fn polynomial<const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let square = x * x;
    let (mut high, mut low) = (coefficients[N - 1], coefficients[N - 2]);
    let mut k = N - 2;
    while k >= 2 {
        high = fma(high, square, coefficients[k - 1]);
        low = fma(low, square, coefficients[k - 2]);
        k -= 2;
    }
    if k == 1 { fma(fma(high, x, low), x, coefficients[0]) } else { fma(high, x, low) }
}

/// `sum_k c_k x^k` by Estrin's scheme: a shorter dependency chain than [`polynomial`] for two more multiplications.
#[inline(always)]
fn estrin(x: f64, c: &[f64; 10]) -> f64 {
    let x2 = x * x;
    let x4 = x2 * x2;
    let pair = |k: usize| fma(c[2 * k + 1], x, c[2 * k]);
    let (low, middle) = (fma(pair(1), x2, pair(0)), fma(pair(3), x2, pair(2)));
    fma(fma(pair(4), x4, middle), x4, low)
}

/// `sum_k c_k x^k` by Horner's rule: slower than [`polynomial`], smaller errors where terms cancel.
#[inline(always)]
fn horner<const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let mut sum = coefficients[N - 1];
    let mut k = N - 1;
    while k > 0 {
        k -= 1;
        sum = fma(sum, x, coefficients[k]);
    }
    sum
}
