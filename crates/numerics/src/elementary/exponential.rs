//! `exp` and its relatives.

use super::{estrin, fma};
use std::f64::consts::LOG2_E;

/// Adding this to `|x| < 2^51` rounds it to a whole number, which then stands in the low bits.
pub(super) const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52

/// [`ROUND`] and the bias of exponents, which then stands in the low bits with the whole number.
const ROUND_BIASED: f64 = ROUND + 1023.0;

/// `ln 2 = LN_2_HIGH + LN_2_LOW`; the high part has 21 trailing zero bits, so small multiples of it are exact.
pub(super) const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
pub(super) const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);

/// `(exp(r) - 1 - r - r^2 / 2) / r^3` for `|r| <= ln(2) / 2`; error of `exp(r)` below 2^-64 before rounding the coefficients.
const EXP: [f64; 10] = [
    0.16666666666666682,
    0.04166666666666672,
    0.008333333333317108,
    0.0013888888888859898,
    0.0001984126989629677,
    2.480158737148278e-05,
    2.7557234890435834e-06,
    2.755723496702908e-07,
    2.5112039785294988e-08,
    2.0926514479456774e-09,
];

/// `exp(x + low) = (1 + s + e) 2^n`, `|s| < 0.42`, with `e` the rounding error of `s`.
#[derive(Clone, Copy)]
pub(super) struct Reduced {
    pub s: f64,
    pub e: f64,
    /// `n + 1023` in the low 12 bits; those above are meaningless.
    pub biased: u64,
}

/// An argument of `exp` less the nearest multiple of `ln 2`: the first half of [`Reduced::new`], for those who go over many arguments in stages.
#[derive(Clone, Copy)]
pub(super) struct Remainder {
    /// The remainder is `high - rest`.
    pub high: f64,
    pub rest: f64,
    /// As in [`Reduced`].
    pub biased: u64,
}

impl Remainder {
    /// Cody-Waite reduction by multiples of ln 2 of `x + low`; needs `|x| <= 1e4`, `|low| < 1e-4`.
    #[inline(always)]
    pub fn new(x: f64, low: f64) -> Self {
        let rounded = fma(x, LOG2_E, ROUND_BIASED);
        let n = rounded - ROUND_BIASED;
        Self { high: fma(-n, LN_2_HIGH, x), rest: fma(n, LN_2_LOW, -low), biased: rounded.to_bits() }
    }
}

impl Reduced {
    /// Of `x + low`; needs `|x| <= 1e4`, `|low| < 1e-4`.
    #[inline(always)]
    pub fn new(x: f64, low: f64) -> Self {
        Self::of(Remainder::new(x, low))
    }

    /// By the series of the remainder.
    #[inline(always)]
    pub fn of(Remainder { high, rest, biased }: Remainder) -> Self {
        let r = high - rest;
        let square = r * r;
        let c = fma(0.5, square, fma(square * r, estrin(r, &EXP), -rest));
        let s = high + c;
        Self { s, e: c - (s - high), biased }
    }

    /// `1 + s + e` as `(head, tail)`.
    #[inline(always)]
    pub fn head_tail(self) -> (f64, f64) {
        let head = 1.0 + self.s;
        (head, ((1.0 - head) + self.s) + self.e)
    }

    /// `2^n` for `-1022 <= n <= 1023`.
    #[inline(always)]
    pub fn scale(self) -> f64 {
        f64::from_bits(self.biased << 52)
    }

    /// `m 2^n` for `-2046 <= n <= 2046` in two steps: overflow and gradual underflow come out right.
    #[inline(always)]
    pub fn scaled(self, m: f64) -> f64 {
        let biased = self.biased.wrapping_sub(ROUND.to_bits()).wrapping_add(1023);
        let half = biased >> 1;
        (m * f64::from_bits(half << 52)) * f64::from_bits(biased.wrapping_sub(half) << 52)
    }
}

/// `exp(x)`. Error below 0.85 ulp (subnormal results: 0.85 ulp).
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let x = if x > 710.0 { 710.0 } else { x };
    let x = if x < -746.0 { -746.0 } else { x };
    let reduced = Reduced::new(x, 0.0);
    reduced.scaled(1.0 + reduced.s)
}

/// `exp(x) - 1`, relatively accurate for small `x` too. Error below 0.9 ulp.
///
/// `2^n - 1 + 2^n (s + e)` is summed with its rounding error (Knuth's two-sum).
#[inline(always)]
pub fn expm1(x: f64) -> f64 {
    let y = if x > 710.0 { 710.0 } else { x };
    let y = if y < -50.0 { -50.0 } else { y };
    let reduced = Reduced::new(y, 0.0);
    let half_scale = f64::from_bits(reduced.biased.wrapping_sub(1) << 52);
    let t = half_scale - 0.5;
    let s = half_scale * reduced.s;
    let sum = t + s;
    let back = sum - t;
    let error = (t - (sum - back)) + (s - back);
    let error = fma(half_scale, reduced.e, error + ((half_scale - t) - 0.5));
    let value = 2.0 * (sum + error);
    if x.abs() < 1e-200 { x } else { value }
}
