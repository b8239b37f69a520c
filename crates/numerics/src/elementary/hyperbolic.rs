//! `tanh`, the logistic function and its integral.

use super::exponential::{Reduced, Remainder};
use super::{fma, polynomial};

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

/// `tanh(x)`. Error below 0.8 ulp, relatively accurate for the smallest `x`.
///
/// `t / d` with `t = exp(2a) - 1 = d - 2` and `d = exp(2a) + 1`, `a = |x|`, corrected to first order for its own rounding (`t - q d` is
/// exact) and for what `t` and `d` lost. Below `2^-27` it is `x` to half an ulp.
#[inline(always)]
pub fn tanh(x: f64) -> f64 {
    tanh_of(x, Reduced::of(tanh_remainder(x)))
}

/// Numbers that [`tanh_each`] goes over at once.
pub const TANH_TILE: usize = 64;

/// [`tanh`] of each of these, the same bits, in stages: one loop over all of `tanh` would wait for its longest chain of operations, since
/// fewer of its rounds fit into the processor's window. At AVX2 this takes two thirds of the time.
#[inline(always)]
pub fn tanh_each(values: &mut [f64]) {
    let (tiles, rest) = values.as_chunks_mut::<TANH_TILE>();
    // not before it is known that there is a tile: few numbers would wait for the zeros
    if !tiles.is_empty() {
        let (mut first, mut second, mut biased) = ([0.0; TANH_TILE], [0.0; TANH_TILE], [0; TANH_TILE]);
        for tile in tiles {
            for k in 0..TANH_TILE {
                let remainder = tanh_remainder(tile[k]);
                (first[k], second[k], biased[k]) = (remainder.high, remainder.rest, remainder.biased);
            }
            for k in 0..TANH_TILE {
                let reduced = Reduced::of(Remainder { high: first[k], rest: second[k], biased: biased[k] });
                (first[k], second[k]) = (reduced.s, reduced.e);
            }
            for k in 0..TANH_TILE {
                tile[k] = tanh_of(tile[k], Reduced { s: first[k], e: second[k], biased: biased[k] });
            }
        }
    }
    for value in rest {
        *value = tanh(*value);
    }
}

/// Remainder of the exponent of `exp(2 |x|)`; beyond 20 `tanh` is 1.
#[inline(always)]
fn tanh_remainder(x: f64) -> Remainder {
    let a = x.abs();
    Remainder::new(2.0 * if a > 20.0 { 20.0 } else { a }, 0.0)
}

/// `tanh(x)` from `exp(2 |x|)`.
#[inline(always)]
fn tanh_of(x: f64, reduced: Reduced) -> f64 {
    let a = x.abs();
    let scale = reduced.scale();
    let above = scale + 1.0;
    let d = fma(scale, reduced.s, above);
    let d_lost = fma(scale, reduced.e, fma(scale, reduced.s, above - d));
    let t = d - 2.0;
    let t_lost = ((d - t) - 2.0) + d_lost;
    let inverse = 1.0 / d;
    let q = t * inverse;
    let residual = fma(-q, d, t) + fma(-q, d_lost, t_lost);
    let value = fma(residual, inverse, q);
    (if a < 7.450_580_596_923_828e-9 { a } else { value }).copysign(x)
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
    let value = fma(fma(-q, error, numerator_tail), inverse, q);
    if negative { reduced.scaled(value) } else { value }
}

/// `ln(1 + exp(x))` (softplus). Error below 1.1 ulp, relatively accurate in the left tail.
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
    let correction = fma(-s, error, y_tail) * (1.0 - s);
    let z = s * s;
    let ln_1p = fma(2.0, s, fma(s * z, polynomial(z, &LN_1P), correction));
    let ln_1p = if a > 40.0 { y } else { ln_1p };
    (if x > 0.0 { x } else { 0.0 }) + ln_1p
}

/// `ln(1 + y)` for `-1/4 <= y <= 1/2`, relatively accurate for the smallest `y` (NaN or wrong beyond, not checked). Error below 0.8 ulp.
#[inline(always)]
pub fn ln_1p_bounded(y: f64) -> f64 {
    let s = y / (2.0 + y);
    let z = s * s;
    // 2 s = y - s y, so that the quotient's rounding only counts where it is small
    fma(-s, fma(-z, polynomial(z, &LN_1P), y), y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Kernel, Level, dispatch_at};

    struct Each<'a>(&'a mut [f64]);

    impl Kernel for Each<'_> {
        type Output = ();

        #[inline(always)]
        fn run(self) {
            tanh_each(self.0);
        }
    }

    #[test]
    fn stages_give_the_bits_of_single_values_at_every_level() {
        let special = [0.0, -0.0, 5e-324, 1e-300, 7.45e-9, -7.46e-9, 19.9, 20.1, -710.0, f64::INFINITY, f64::NAN];
        let points = (0..2 * TANH_TILE).map(|k| (k as f64 - 61.0) * 0.173);
        let points: Vec<f64> = special.into_iter().chain(points).chain(special).collect();
        for level in Level::available() {
            for count in [0, 1, TANH_TILE - 1, TANH_TILE, TANH_TILE + 1, points.len()] {
                let mut found = points[..count].to_vec();
                dispatch_at(level, Each(&mut found));
                let same = found.iter().zip(&points).all(|(value, x)| value.to_bits() == tanh(*x).to_bits());
                assert!(same, "{level:?}, {count}: {found:?}");
            }
        }
    }
}
