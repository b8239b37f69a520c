//! The variance map of a formula near 0, where it may have a kink or a jump: powers of `sqrt q`.

use super::at;
use super::fixed_points::{FixedPoint, Stability, unless_rounding};
use crate::moments::derivatives::sides_of_0;
use neurodyn_model::activation::ORDERS;
use neurodyn_model::{Activation, Ensemble};
use neurodyn_numerics::elementary::{exp, ln};

/// `sqrt(2 / pi)`.
const MEAN: f64 = 0.797_884_560_802_865_4;

/// `E[|z|^k]` of a standard normal variable.
const MOMENTS: [f64; ORDERS] = [1.0, MEAN, 1.0, 2.0 * MEAN, 3.0, 8.0 * MEAN];

/// `phi^2` below that of a rounding of 1 is 0 at 0.
const NOTHING: f64 = 4e-16;

/// `V(q) - q = sum_k c_k q^(k/2)`, `k` up to 5, from the one-sided Taylor series of `phi^2`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near {
    coefficients: [f64; ORDERS],
}

/// Taylor coefficients of `phi^2` below and above 0; none where they are not finite.
fn squares(activation: Activation) -> Option<[[f64; ORDERS]; 2]> {
    const FACTORIAL: [f64; ORDERS] = [1.0, 1.0, 2.0, 6.0, 24.0, 120.0];
    let squares = sides_of_0(activation).map(|jet| {
        let series: [f64; ORDERS] = std::array::from_fn(|k| jet[k] / FACTORIAL[k]);
        std::array::from_fn(|k| (0..=k).map(|i| series[i] * series[k - i]).sum())
    });
    squares.iter().flatten().all(|value: &f64| value.is_finite()).then_some(squares)
}

/// Up to this `q` the expansion is right to 1e-14 of its terms, and above it quadrature is: `1e-8 l^2`, `l` being the length on which the Taylor series
/// of `phi^2` varies, or a twelfth of the way to the next break; 1e-30 where there is no such series.
pub(super) fn reach(activation: Activation) -> f64 {
    let Some(squares) = squares(activation) else { return LEAST };
    let mut length = f64::INFINITY;
    for side in &squares {
        let first = side.iter().position(|value| value.abs() > NOTHING * NOTHING).unwrap_or(ORDERS);
        for k in first + 1..ORDERS {
            let ratio = (side[first] / side[k]).abs();
            length = length.min(exp(ln(ratio.max(f64::MIN_POSITIVE)) / (k - first) as f64));
        }
    }
    let next = activation.breaks().iter().map(|one| one.at.abs()).filter(|at| *at > 0.0).fold(f64::INFINITY, f64::min);
    let (series, breaks) = (1e-4 * length, next / 12.0);
    let end = series.min(breaks).min(1e-4);
    (end * end).max(LEAST)
}

/// Least variance of any search.
const LEAST: f64 = 1e-30;

impl Near {
    /// Of this ensemble; none where `phi^2` has no Taylor series beside 0.
    pub(super) fn of(ensemble: &Ensemble) -> Option<Self> {
        let [below, above] = squares(ensemble.activation)?;
        let weight = ensemble.sigma_w.squared();
        let mut coefficients = std::array::from_fn(|k| {
            let even = if k % 2 == 0 { below[k] } else { -below[k] };
            weight * 0.5 * (above[k] + even) * MOMENTS[k]
        });
        coefficients[0] += ensemble.sigma_b.squared();
        coefficients[2] = unless_rounding(coefficients[2] - 1.0);
        Some(Self { coefficients })
    }

    /// The fixed point 0, where it is one.
    pub(super) fn silence(&self, ensemble: &Ensemble) -> Option<FixedPoint> {
        let first = self.coefficients.iter().find(|value| **value != 0.0).copied().unwrap_or(0.0);
        let stability = if first <= 0.0 { Stability::Stable } else { Stability::Unstable };
        (self.coefficients[0] == 0.0).then(|| FixedPoint { point: at(ensemble, 0.0, 0), stability })
    }

    /// The roots in `(0, end)` with their stability, in ascending order.
    pub(super) fn roots(&self, end: f64) -> Vec<(f64, Stability)> {
        let mut coefficients = self.coefficients.to_vec();
        // what is 0 at 0 is divided out
        while coefficients.first() == Some(&0.0) {
            coefficients.remove(0);
        }
        let roots = positive_roots(&coefficients, end.sqrt());
        let of = |s: f64| {
            let rises = value(&coefficients, s * (1.0 + 1e-7)) > value(&coefficients, s * (1.0 - 1e-7));
            (s * s, if rises { Stability::Unstable } else { Stability::Stable })
        };
        roots.into_iter().map(of).collect()
    }
}

fn value(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// The changes of sign of a polynomial in `(0, end)`: it is monotone between those of its derivative.
fn positive_roots(coefficients: &[f64], end: f64) -> Vec<f64> {
    if coefficients.len() < 2 {
        return Vec::new();
    }
    let slope: Vec<f64> = coefficients.iter().enumerate().skip(1).map(|(k, c)| k as f64 * c).collect();
    let turns = positive_roots(&slope, end);
    let mut roots = Vec::new();
    let mut low = 0.0;
    for high in turns.into_iter().chain([end]) {
        let positive = value(coefficients, low) > 0.0;
        if (value(coefficients, high) > 0.0) != positive {
            roots.push(bisected(|x| (value(coefficients, x) > 0.0) == positive, low, high));
        }
        low = high;
    }
    roots
}

/// Where a condition ceases to hold, halving the representation, so that it takes 64 steps from 0 on.
fn bisected(holds: impl Fn(f64) -> bool, low: f64, high: f64) -> f64 {
    let (mut low, mut high) = (low.to_bits(), high.to_bits());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(f64::from_bits(middle)) { low = middle } else { high = middle }
    }
    f64::from_bits(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_of_polynomials_are_all_found() {
        // (x - 1/4) (x - 1/2) (x - 3/4), one beyond the end
        let roots = positive_roots(&[-0.09375, 0.6875, -1.5, 1.0], 0.6);
        assert!(roots.len() == 2 && (roots[0] - 0.25).abs() < 1e-15 && (roots[1] - 0.5).abs() < 1e-15, "{roots:?}");
        let tiny = positive_roots(&[1e-200, -1.0], 1.0);
        assert!((tiny[0] / 1e-200 - 1.0).abs() < 1e-15, "{tiny:?}");
        assert!(positive_roots(&[1.0, 1.0, 1.0], 1.0).is_empty());
    }
}
