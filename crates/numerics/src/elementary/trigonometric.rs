//! Sine and cosine.

use super::exponential::ROUND;
use super::{fma, polynomial};
use std::f64::consts::FRAC_2_PI;

/// Largest argument of [`sin_cos_bounded`].
pub const SIN_COS_LIMIT: f64 = 1e6;

/// `pi / 2` in four parts; the first three have at most 33 bits, so their multiples by whole numbers to 2^20 are exact.
const HALF_PI: [f64; 4] = [
    f64::from_bits(0x3ff9_21fb_5440_0000),
    f64::from_bits(0x3dd0_b461_1a60_0000),
    f64::from_bits(0x3ba3_198a_2e00_0000),
    f64::from_bits(0x397b_839a_2520_49c1),
];

/// `(sin(x) / x - 1) / x^2` in `x^2`, `|x| <= pi/4`; error of the result below 2^-57.
const SIN: [f64; 6] = [
    -0.16666666666666632,
    0.008333333333322392,
    -0.00019841269829783684,
    2.7557313681494048e-06,
    -2.505075621957502e-08,
    1.5896673264004407e-10,
];

/// `(cos(x) - 1 + x^2/2) / x^4` in `x^2`, `|x| <= pi/4`; error of the result below 2^-59.
const COS: [f64; 6] = [
    0.0416666666666666,
    -0.0013888888888874075,
    2.4801587289447964e-05,
    -2.7557314341658313e-07,
    2.087572173000487e-09,
    -1.1359563718369174e-11,
];

/// `(sin(2 pi r) / r - 2 pi) / r^2` in `r^2`, `|r| <= 1/8`; error of the result below 2^-54.
const SIN_TWO_PI: [f64; 6] = [
    -41.341702240398575,
    81.6052492751409,
    -76.70585948090117,
    42.058657162262605,
    -15.092206294930383,
    3.7465508862100285,
];

/// `(cos(2 pi r) - 1) / r^2` in `r^2`, `|r| <= 1/8`; error of the result below 2^-55.
const COS_TWO_PI: [f64; 7] = [
    -19.739208802178716,
    64.93939402266801,
    -85.45681720654005,
    60.244641331610495,
    -26.426251140264423,
    7.903101628040189,
    -1.6970198602290676,
];

/// `(sin, cos)` of an angle in quadrant `quadrant mod 4`, given those of the rest.
#[inline(always)]
fn rotate(quadrant: u64, sin: f64, cos: f64) -> (f64, f64) {
    let odd = quadrant & 1 != 0;
    let (a, b) = if odd { (cos, sin) } else { (sin, cos) };
    let sign_sin = (quadrant & 2) << 62;
    let sign_cos = (quadrant.wrapping_add(1) & 2) << 62;
    (f64::from_bits(a.to_bits() ^ sign_sin), f64::from_bits(b.to_bits() ^ sign_cos))
}

/// `a - b` and its rounding error (Knuth's two-sum).
#[inline(always)]
fn two_difference(a: f64, b: f64) -> (f64, f64) {
    let difference = a - b;
    let back = difference - a;
    (difference, (a - (difference - back)) - (b + back))
}

/// `(sin x, cos x)` without branches for `|x| <=` [`SIN_COS_LIMIT`]; NaN beyond. Error below 0.8 ulp.
///
/// Cody-Waite reduction by multiples of `pi/2` in four parts (150 bits), the rest as a sum of two doubles.
#[inline(always)]
pub fn sin_cos_bounded(x: f64) -> (f64, f64) {
    let x = if x.abs() <= SIN_COS_LIMIT { x } else { f64::NAN };
    let rounded = fma(x, FRAC_2_PI, ROUND);
    let n = rounded - ROUND;
    let first = fma(-n, HALF_PI[0], x);
    let (second, error) = two_difference(first, n * HALF_PI[1]);
    let (third, error_too) = two_difference(second, n * HALF_PI[2]);
    let rest = fma(-n, HALF_PI[3], error + error_too);
    let y = third + rest;
    let low = (third - y) + rest;

    let z = y * y;
    let cube = z * y;
    let tail = polynomial(z, &SIN);
    let sin = y + fma(cube, tail, fma(-0.5 * z, low, low));
    let half = 0.5 * z;
    let head = 1.0 - half;
    let cos = head + (((1.0 - head) - half) + fma(z * z, polynomial(z, &COS), -(y * low)));
    let (sin, cos) = rotate(rounded.to_bits(), sin, cos);
    (if x.abs() < 1e-9 { x } else { sin }, cos)
}

/// `sin x`; see [`sin_cos_bounded`].
#[inline(always)]
pub fn sin_bounded(x: f64) -> f64 {
    sin_cos_bounded(x).0
}

/// `cos x`; see [`sin_cos_bounded`].
#[inline(always)]
pub fn cos_bounded(x: f64) -> f64 {
    sin_cos_bounded(x).1
}

/// `(sin x, cos x)` for every `x` (NaN at the infinities). Error below 0.8 ulp up to [`SIN_COS_LIMIT`], below
/// 1 ulp beyond, where the `libm` crate is called; that branch keeps loops over it from vectorising, for which there is
/// [`sin_cos_bounded`].
#[inline(always)]
pub fn sin_cos(x: f64) -> (f64, f64) {
    if x.abs() <= SIN_COS_LIMIT { sin_cos_bounded(x) } else { far(x) }
}

#[cold]
#[inline(never)]
fn far(x: f64) -> (f64, f64) {
    libm::sincos(x)
}

/// `sin x`; see [`sin_cos`].
#[inline(always)]
pub fn sin(x: f64) -> f64 {
    sin_cos(x).0
}

/// `cos x`; see [`sin_cos`].
#[inline(always)]
pub fn cos(x: f64) -> f64 {
    sin_cos(x).1
}

/// `(sin 2 pi u, cos 2 pi u)` for `|u| <= 2^48`, exact in the reduction. Error below 1.4 ulp.
#[inline(always)]
pub fn sin_cos_two_pi(u: f64) -> (f64, f64) {
    let rounded = fma(4.0, u, ROUND);
    let r = fma(-0.25, rounded - ROUND, u);
    let z = r * r;
    let sin = r * fma(z, polynomial(z, &SIN_TWO_PI), std::f64::consts::TAU);
    let cos = fma(z, polynomial(z, &COS_TWO_PI), 1.0);
    rotate(rounded.to_bits(), sin, cos)
}
