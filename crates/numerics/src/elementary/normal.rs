//! The standard normal density and distribution function.

use super::exponential::Reduced;
use super::{fma, horner, polynomial};

/// `(Phi(x) - 1/2) / x` in `x^2`, `|x| <= 1/2`; error below 2^-59 before rounding.
const CENTRE: [f64; 8] = [
    0.3989422804014327,
    -0.06649038006690493,
    0.009973557009992516,
    -0.001187328214092775,
    0.00011543466576699644,
    -9.4444692732495e-06,
    6.650811326630562e-07,
    -3.901884745290534e-08,
];

/// `exp(a^2/2) Phi(-a) (a + 5)` in `t = (a - 5) / (a + 5)`, `1/2 <= a <= 39`; relative error below 2^-56 before rounding.
const TAIL: [f64; 21] = [
    0.769193049750063,
    -0.6653825028900571,
    0.4953056159699778,
    -0.31353315667126413,
    0.16502036617029442,
    -0.06911863870768357,
    0.020795066802079144,
    -0.0029933767490960975,
    -0.0007978694249213225,
    0.000544898880965781,
    -5.9375547780665886e-05,
    -4.9761863573049936e-05,
    1.668047231201444e-05,
    3.977811420567825e-06,
    -2.7673794952504077e-06,
    -3.3025108008670323e-07,
    4.302008696590859e-07,
    3.4214187560302694e-08,
    -6.330057558227426e-08,
    -3.5807710215835742e-09,
    6.490276867962938e-09,
];

/// `exp(-a^2 / 2)` in reduced form, for `0 <= a <= 40`, with the rounding error of the square.
#[inline(always)]
fn gaussian(a: f64) -> Reduced {
    let half = -0.5 * a;
    let square = half * a;
    Reduced::new(square, fma(half, a, -square))
}

/// `1 / (a + b)` as a sum of two doubles.
#[inline(always)]
fn reciprocal(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let back = sum - a;
    let error = (a - (sum - back)) + (b - back);
    let high = 1.0 / sum;
    (high, high * fma(-high, error, fma(-high, sum, 1.0)))
}

/// Density `exp(-x^2 / 2) / sqrt(2 pi)`. Error below 0.7 ulp (subnormal results: 0.7 ulp).
#[inline(always)]
pub fn normal_pdf(x: f64) -> f64 {
    const INV_SQRT_TAU: f64 = 0.398_942_280_401_432_7;
    let a = x.abs();
    let a = if a > 40.0 { 40.0 } else { a };
    let reduced = gaussian(a);
    let (head, tail) = reduced.head_tail();
    reduced.scaled(fma(head, INV_SQRT_TAU, fma(tail, INV_SQRT_TAU, head * -2.492_327_202_777_433e-17)))
}

/// Distribution function `Phi(x)`. Error below 1.2 ulp above -1/2, below 2.7 ulp in the left tail (subnormal results: 0.7 ulp).
///
/// `1/2 + x P(x^2)` for `|x| < 1/2`; `Phi(-a) = exp(-a^2/2) P(t) / (a + 5)` beyond.
#[inline(always)]
pub fn normal_cdf(x: f64) -> f64 {
    let a = x.abs();
    let a = if a > 40.0 { 40.0 } else { a };
    let centre = fma(x, polynomial(a * a, &CENTRE), 0.5);
    let reduced = gaussian(a);
    let (head, tail) = reduced.head_tail();
    let (high, low) = reciprocal(a, 5.0);
    let p = horner(fma(-10.0, low, fma(-10.0, high, 1.0)), &TAIL);
    let mills = p * high;
    let tail = reduced.scaled(fma(head, mills, fma(tail, mills, head * p * low)));
    let outside = if x < 0.0 { tail } else { 1.0 - tail };
    if a < 0.5 { centre } else { outside }
}
