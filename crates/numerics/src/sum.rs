//! Sums in a fixed order.

use super::fused::fma;
use super::simd::{Kernel, dispatch};

/// Number of lanes of [`dot`] and [`sum`]: term `i` goes to lane `i % 8`.
pub const LANES: usize = 8;

/// Adds the lanes pairwise, always in the same order.
#[inline(always)]
pub fn reduce(lanes: [f64; LANES]) -> f64 {
    ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}

/// `sum a_i b_i`, in eight lanes of fused multiply-adds, at the active SIMD level.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    dispatch(Dot { a, b })
}

struct Dot<'a> {
    a: &'a [f64],
    b: &'a [f64],
}

impl Kernel for Dot<'_> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        dot_within(self.a, self.b)
    }
}

/// [`dot`] within a kernel.
#[inline(always)]
pub fn dot_within(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for k in 0..LANES {
            lanes[k] = fma(a[k], b[k], lanes[k]);
        }
    }
    for (k, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        lanes[k] = fma(*a, *b, lanes[k]);
    }
    reduce(lanes)
}

/// `y += a x`, fused, up to the shorter of both, at the active SIMD level.
pub fn add_scaled(y: &mut [f64], a: f64, x: &[f64]) {
    dispatch(AddScaled { y, a, x });
}

struct AddScaled<'a> {
    y: &'a mut [f64],
    a: f64,
    x: &'a [f64],
}

impl Kernel for AddScaled<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        add_scaled_within(self.y, self.a, self.x);
    }
}

/// [`add_scaled`] within a kernel.
#[inline(always)]
pub fn add_scaled_within(y: &mut [f64], a: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y = fma(a, *x, *y);
    }
}

/// Compensated (Neumaier) sum in the order given: the error is that of one rounding, whatever the number of terms.
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0f64, 0.0f64);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compensated_sum_keeps_what_a_plain_one_loses() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
        assert!((sum(std::iter::repeat_n(0.1, 1_000_000)) - 100_000.0).abs() < 1e-10);
    }

    #[test]
    fn dot_takes_any_length() {
        for n in 0..40 {
            let a: Vec<f64> = (0..n).map(f64::from).collect();
            let exact: f64 = (0..n).map(|i| f64::from(i * i)).sum();
            assert_eq!(dot(&a, &a), exact);
        }
    }
}
