//! `tanh`, the logistic function and its integral.

use super::exponential::Reduced;
use super::polynomial;

/// `(tanh(x) / x - 1) / x^2` in `x^2`, `|x| <= 0.55`; error of the result below 2^-60 before rounding.
const TANH: [f64; 11] = [
    -0.333333333333333,
    0.1333333333332681,
    -0.05396825396386557,
    0.021869488388718245,
    -0.008863232646289328,
    0.0035920924649397524,
    -0.0014555455359941735,
    0.0005884551520360534,
    -0.00023340776412750922,
    8.335275550919122e-05,
    -1.9516389758031856e-05,
];

/// `(2 atanh(s) - 2 s) / s^3` in `s^2`, `0 <= s <= 1/3`; error of the result below 2^-59.
const LN_1P: [f64; 10] = [
    0.6666666666666631,
    0.4000000000015725,
    0.28571428547851885,
    0.22222223969895824,
    0.18181743918360507,
    0.15386560070934344,
    0.13300971603163905,
    0.12106101974262783,
    0.08340033417331338,
    0.17018699628213657,
];

/// `tanh(x)`. Error below 1.0 ulp, relatively accurate for the smallest `x`.
///
/// `x + x^3 P(x^2)` below 0.55, `1 - 2 / (exp(2x) + 1)` beyond, the denominator with its rounding error.
#[inline(always)]
pub fn tanh(x: f64) -> f64 {
    let a = x.abs();
    let z = a * a;
    let near = a + a * z * polynomial(z, &TANH);

    let b = if a > 20.0 { 20.0 } else { a };
    let reduced = Reduced::new(2.0 * b, 0.0);
    let (head, tail) = reduced.head_tail();
    let scale = reduced.scale();
    let head = scale * head;
    let sum = head + 1.0;
    let error = (1.0 - (sum - head)) + scale * tail;
    let q = 2.0 / sum;
    let far = 1.0 - (q - 0.5 * q * q * error);
    (if a < 0.55 { near } else { far }).copysign(x)
}

/// `1 / (1 + exp(-x))`. Error below 1.05 ulp in both tails.
#[inline(always)]
pub fn sigmoid(x: f64) -> f64 {
    let a = x.abs();
    let a = if a > 746.0 { 746.0 } else { a };
    let reduced = Reduced::new(-a, 0.0);
    let (head, tail) = reduced.head_tail();
    let e = reduced.scaled(head);
    // 1 + exp(-a) = sum + error
    let sum = 1.0 + e;
    let error = (e - (sum - 1.0)) + reduced.scaled(tail);
    let negative = x < 0.0;
    let (numerator, numerator_tail) = if negative { (head, tail) } else { (1.0, 0.0) };
    let q = numerator / sum;
    let inverse = if negative { 1.0 - reduced.scaled(q) } else { q };
    let value = q + (numerator_tail - q * error) * inverse;
    if negative { reduced.scaled(value) } else { value }
}

/// `ln(1 + exp(x))` (softplus). Error below 1.4 ulp, relatively accurate in the left tail.
///
/// `max(x, 0) + ln(1 + y)`, `y = exp(-|x|)`, `ln(1 + y) = 2 atanh(s)`, `s = y / (2 + y)`; the rounding of `y` and `2 + y` is
/// carried, using `1 / (2 + y) = (1 - s) / 2`.
#[inline(always)]
pub fn ln_1p_exp(x: f64) -> f64 {
    let a = x.abs();
    let a = if a > 746.0 { 746.0 } else { a };
    let reduced = Reduced::new(-a, 0.0);
    let (head, tail) = reduced.head_tail();
    let y = reduced.scaled(head);
    let y_tail = reduced.scaled(tail);
    let sum = 2.0 + y;
    let error = (y - (sum - 2.0)) + y_tail;
    let s = y / sum;
    let correction = (y_tail - s * error) * (1.0 - s);
    let z = s * s;
    let ln_1p = 2.0 * s + (correction + s * z * polynomial(z, &LN_1P));
    let ln_1p = if a > 40.0 { y } else { ln_1p };
    (if x > 0.0 { x } else { 0.0 }) + ln_1p
}
