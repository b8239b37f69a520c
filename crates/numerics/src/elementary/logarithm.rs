//! `ln`.

use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::{fma, polynomial};

/// `(2 atanh(s) - 2 s) / s^3` in `s^2`, `|s| <= 0.1716`; error of the result below 2^-59.
const LN: [f64; 7] = [
    0.6666666666666735,
    0.3999999999941152,
    0.28571428743180216,
    0.22222198483630579,
    0.18183569381855746,
    0.15313911399005525,
    0.14797436158903848,
];

/// Bits of the double just above `1 / sqrt 2`.
const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE: u64 = 0x3ff0_0000_0000_0000;
const FRACTION: u64 = 0x000f_ffff_ffff_ffff;
/// `2^52` as bits: or-ing a small whole number into it makes `2^52 + number`.
const TWO_52: u64 = 0x4330_0000_0000_0000;

/// `x = 2^k m` with `m = 1 + f` in `[1/sqrt 2, sqrt 2)`, and `s = f / (2 + f)`: the first half of a logarithm, for those who go over many arguments
/// in stages.
#[derive(Clone, Copy)]
pub struct Parted {
    /// `k`.
    pub k: f64,
    /// `f`.
    pub f: f64,
    /// `s`.
    pub s: f64,
}

impl Parted {
    /// Of a positive, finite, normal `x` (not checked).
    #[inline(always)]
    pub fn new(x: f64) -> Self {
        let bits = x.to_bits().wrapping_add(ONE - SQRT_HALF);
        let k = f64::from_bits((bits >> 52) | TWO_52) - (4_503_599_627_370_496.0 + 1023.0);
        let f = f64::from_bits((bits & FRACTION).wrapping_add(SQRT_HALF)) - 1.0;
        Self { k, f, s: f / (2.0 + f) }
    }

    /// `ln(x)`: `ln m = f - (f^2/2 - s (f^2/2 + R(s^2)))`. Error below 0.8 ulp.
    #[inline(always)]
    pub fn ln(self) -> f64 {
        let Self { k, f, s } = self;
        let z = s * s;
        let half_square = 0.5 * f * f;
        let rest = half_square - fma(s, fma(z, polynomial(z, &LN), half_square), k * LN_2_LOW);
        // exact, and beside the longest chain
        k * LN_2_HIGH - (rest - f)
    }
}

/// `ln(x)`; `-inf` at 0, NaN below. Error below 0.8 ulp.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let subnormal = x < f64::MIN_POSITIVE;
    let lifted = x * 18_014_398_509_481_984.0; // 2^54
    let parted = Parted::new(if subnormal { lifted } else { x });
    let value = Parted { k: parted.k + if subnormal { -54.0 } else { 0.0 }, ..parted }.ln();
    let value = if x < f64::INFINITY { value } else { x };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x < 0.0 { f64::NAN } else { value }
}
