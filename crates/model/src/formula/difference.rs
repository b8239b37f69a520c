//! Differences without cancellation: each operation takes and gives `(a, d)`, the value at `u` and what is added to it at `u + t`, `d` to a
//! few ulp of its size. Close differences have forms of their own; others are subtractions.

use super::instruction::{Binary, Function};
use super::series::{cosh, sign, sinh};
use crate::activation::shared::increment::{by_slope, normal_increment};
use crate::activation::shared::{close, kinks};
use neurodyn_numerics::elementary::within::{exp, expm1, ln_1p_bounded, normal_pdf, sigmoid, tanh};
use neurodyn_numerics::elementary::{asinh, atan2, pow};
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

const INV_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// A value and its difference.
pub type Pair = [f64; 2];

/// `1 - tanh(a) tanh(b)` without cancellation.
#[inline(always)]
fn tanh_complement(a: f64, b: f64) -> f64 {
    let (x, y) = (exp(-2.0 * a.abs()), exp(-2.0 * b.abs()));
    let numerator = if a * b >= 0.0 { x + y } else { 1.0 + x * y };
    2.0 * numerator / ((1.0 + x) * (1.0 + y))
}

impl Function {
    /// Whether [`Function::difference`] does not hold here, and [`Function::hard_difference`] must be taken: what is close, yet far out in a
    /// Gaussian's tail.
    #[inline(always)]
    pub fn is_hard(self, [a, d]: Pair) -> bool {
        let scale = match self {
            Function::Erf | Function::Erfc => SQRT_2,
            Function::NormalCdf => 1.0,
            _ => return false,
        };
        let step = scale * d;
        close(step) && ((scale * a + 0.5 * step) * step).abs() >= 2.0
    }

    /// The integral of the slope, for what is hard.
    pub fn hard_difference(self, [a, d]: Pair) -> f64 {
        match self {
            Function::Erf => by_slope(d, a, |x| FRAC_2_SQRT_PI * exp(-x * x)),
            Function::Erfc => -by_slope(d, a, |x| FRAC_2_SQRT_PI * exp(-x * x)),
            _ => by_slope(d, a, normal_pdf),
        }
    }

    /// The difference, where it is not hard.
    #[inline(always)]
    pub fn difference<const BOUNDED: bool>(self, [a, d]: Pair) -> f64 {
        let b = a + d;
        let far = self.value::<BOUNDED>(b) - self.value::<BOUNDED>(a);
        let sine = |x: f64| Function::Sin.value::<BOUNDED>(x);
        let cosine = |x: f64| Function::Cos.value::<BOUNDED>(x);
        let near_if = |is_near: bool, near: f64| if is_near { near } else { far };
        match self {
            Function::Negative => -d,
            Function::Exp | Function::Expm1 => near_if(close(d), exp(a) * expm1(d)),
            Function::Ln => near_if(close(d / a), ln_1p_bounded(d / a)),
            Function::Ln1p => {
                let relative = d / (1.0 + a);
                near_if(close(relative), ln_1p_bounded(relative))
            }
            Function::Sqrt => near_if(d != 0.0, d / (b.sqrt() + a.sqrt())),
            Function::Abs => 2.0 * kinks::difference(a, d) - d,
            Function::Sign => sign(b) - sign(a),
            Function::Tanh => near_if(close(d), tanh(d) * tanh_complement(a, b)),
            Function::Sinh => near_if(close(d), 2.0 * cosh(a + 0.5 * d) * sinh(0.5 * d)),
            Function::Cosh => near_if(close(d), 2.0 * sinh(a + 0.5 * d) * sinh(0.5 * d)),
            Function::Erf => {
                near_if(close(SQRT_2 * d), FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * normal_increment(SQRT_2 * a, SQRT_2 * d))
            }
            Function::Erfc => {
                near_if(close(SQRT_2 * d), -(FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * normal_increment(SQRT_2 * a, SQRT_2 * d)))
            }
            Function::Sigmoid => near_if(close(d), 0.5 * tanh(0.5 * d) * tanh_complement(0.5 * a, 0.5 * b)),
            Function::Softplus => near_if(close(d), ln_1p_bounded(sigmoid(a) * expm1(d))),
            Function::Sin => near_if(close(d), 2.0 * cosine(a + 0.5 * d) * sine(0.5 * d)),
            Function::Cos => near_if(close(d), -2.0 * sine(a + 0.5 * d) * sine(0.5 * d)),
            Function::Atan => near_if(close(d), atan2(d, 1.0 + a * b)),
            Function::Asinh => {
                let root = b * (1.0 + a * a).sqrt() + a * (1.0 + b * b).sqrt();
                near_if(close(d) && a * b > 0.0, asinh(d * (a + b) / root))
            }
            Function::NormalCdf => near_if(close(d), INV_SQRT_TAU * normal_increment(a, d)),
            Function::NormalPdf => {
                let exponent = -(a + 0.5 * d) * d;
                near_if(close(exponent), normal_pdf(a) * expm1(exponent))
            }
        }
    }
}

/// `a b`.
#[inline(always)]
pub fn product([a, d]: Pair, [b, e]: Pair) -> Pair {
    [a * b, a * e + d * (b + e)]
}

/// `a / b`.
#[inline(always)]
pub fn quotient([a, d]: Pair, [b, e]: Pair) -> Pair {
    let ratio = a / b;
    [ratio, (d - ratio * e) / (b + e)]
}

/// `a^p` of a whole `p`, in the order of [`super::series::power`].
#[inline(always)]
pub fn power(a: Pair, exponent: i32) -> Pair {
    let (mut result, mut square, mut left) = ([1.0, 0.0], a, exponent.unsigned_abs());
    let mut started = false;
    while left > 0 {
        if left & 1 == 1 {
            result = if started { product(result, square) } else { square };
            started = true;
        }
        left >>= 1;
        if left > 0 {
            square = product(square, square);
        }
    }
    if exponent < 0 { quotient([1.0, 0.0], result) } else { result }
}

/// `a^p` of any `p`.
#[inline(always)]
pub fn real_power([a, d]: Pair, exponent: f64) -> Pair {
    let value = pow(a, exponent);
    let relative = d / a;
    let near = value * expm1(exponent * ln_1p_bounded(relative));
    let difference = if close(relative) { near } else { pow(a + d, exponent) - value };
    [value, difference]
}

/// What is added on the way from a value of one branch to that of another: `(b + e) - a`, as `e + (b - a)`.
#[inline(always)]
fn across(a: f64, [b, e]: Pair) -> f64 {
    e + (b - a)
}

/// `yes` where the condition holds, else `no`; a condition is given at `u`, and by how much it changes.
#[inline(always)]
pub fn branch([before, change]: Pair, yes: Pair, no: Pair) -> Pair {
    let (first, second) = (before != 0.0, before + change != 0.0);
    let (from, to) = (if first { yes } else { no }, if second { yes } else { no });
    let difference = if first == second { from[1] } else { across(from[0], to) };
    [from[0], difference]
}

impl Binary {
    /// `f` of two pairs.
    #[inline(always)]
    pub fn pair(self, a: Pair, b: Pair) -> Pair {
        let truth = |before: bool, after: bool| {
            let number = |truth: bool| if truth { 1.0 } else { 0.0 };
            [number(before), number(after) - number(before)]
        };
        let (v, w) = (a[0] + a[1], b[0] + b[1]);
        match self {
            Binary::Add => [a[0] + b[0], a[1] + b[1]],
            Binary::Subtract => [a[0] - b[0], a[1] - b[1]],
            Binary::Multiply => product(a, b),
            Binary::Divide => quotient(a, b),
            Binary::Min => extreme(a[0] < b[0], b[0] < a[0], v < w, w < v, a, b),
            Binary::Max => extreme(a[0] > b[0], b[0] > a[0], v > w, w > v, a, b),
            Binary::Less => truth(a[0] < b[0], v < w),
            Binary::LessOrEqual => truth(a[0] <= b[0], v <= w),
            Binary::And => truth(a[0] * b[0] != 0.0, v * w != 0.0),
            Binary::Or => truth(a[0] + b[0] != 0.0, v + w != 0.0),
        }
    }
}

/// The smaller or the larger of two: whether at `u` the first or the second is it, and at `u + t`.
#[inline(always)]
fn extreme(first: bool, second: bool, first_after: bool, second_after: bool, a: Pair, b: Pair) -> Pair {
    let mean = 0.5 * (a[0] + b[0]);
    let other = if second { b[0] } else { mean };
    let value = if first { a[0] } else { other };
    // where both are equal, before or after, either is the way's end
    let to_first = first_after || (first && !second_after);
    let to = if to_first { a } else { b };
    let stays = if to_first { !second } else { !first };
    // the two change places on the way, so they are no farther apart than that way; rounding of the point may say more
    let way = (a[1] - b[1]).abs();
    let jump = to[0] - value;
    let jump = if jump > way { way } else { jump };
    let jump = if jump < -way { -way } else { jump };
    [value, if stays { to[1] } else { to[1] + jump }]
}
