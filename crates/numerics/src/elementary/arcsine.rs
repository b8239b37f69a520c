//! `asin`.

use super::{fma, horner};
use std::f64::consts::FRAC_PI_4;

/// `(asin(x) / x - 1) / x^2` in `x^2`, `|x| <= 1/2`; error of the result below 2^-59.
const ASIN: [f64; 13] = [
    0.1666666666666676,
    0.07499999999970795,
    0.04464285717461546,
    0.030381942707654465,
    0.022372214990353457,
    0.01735161197840807,
    0.013980820840692411,
    0.011398910663298949,
    0.010780257857566597,
    0.00370640067528552,
    0.021707444477925754,
    -0.020999032113656693,
    0.03262859025984347,
];

/// `pi/2` minus the double nearest to it.
const HALF_PI_LOW: f64 = 6.123_233_995_736_766e-17;

/// `asin(x)`; NaN for `|x| > 1`. Error below 0.8 ulp.
///
/// `x + x^3 P(x^2)` up to 1/2, `pi/2 - 2 asin(s)` beyond, `s^2 = (1 - |x|) / 2`, with the rounding error of the root.
#[inline(always)]
pub fn asin(x: f64) -> f64 {
    let a = x.abs();
    let near = a <= 0.5;
    let half = 0.5 * (1.0 - a);
    let z = if near { a * a } else { half };
    let s = if near { a } else { half.sqrt() };
    let tail = z * horner(z, &ASIN);
    // s = high + low to twice the precision: high has 21 bits, so its square is exact
    let high = f64::from_bits(s.to_bits() & 0xffff_ffff_0000_0000);
    let sum = if s + high > 0.0 { s + high } else { 1.0 };
    let low = fma(-high, high, half) / sum;
    let bend = fma(2.0 * s, tail, fma(2.0, low, -HALF_PI_LOW));
    let far = FRAC_PI_4 - (bend - (FRAC_PI_4 - 2.0 * high));
    let value = if near { fma(a, tail, a) } else { far };
    // both forms keep a NaN
    let value = if a > 1.0 { f64::NAN } else { value };
    value.copysign(x)
}
