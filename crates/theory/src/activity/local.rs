//! The variance map near 0, where `V(q) - q` is a difference of near numbers.

use super::fixed_points::{FixedPoint, Stability, excess_gain, unless_rounding};
use super::{activity_slope, at};
use neurodyn_model::Ensemble;

/// `V(q) - q = c_0 + c_1 q + c_2 q^2 + c_3 q^3`, from the derivatives of `phi^2` at 0: `E[phi^2] = sum_k (phi^2)^(2k)(0) q^k / (2^k k!)`.
/// With `phi(0) = 0` what is left out is about `21 q^4 sigma_w^2` for tanh and less than that for the others; otherwise `c_3` is left out too.
#[derive(Debug, Clone, Copy)]
pub(super) struct Local {
    coefficients: [f64; 4],
}

impl Local {
    /// Up to here the expansion gives roots to 1e-11 relative: the excess is then at least `c_2 q^2`, of which the next terms are 1e-11.
    pub(super) const REACH: f64 = 1e-6;

    pub(super) fn of(ensemble: &Ensemble) -> Self {
        let weight = ensemble.sigma_w.squared();
        let [value, slope, second, third, fourth, fifth] = ensemble.activation.jet(0.0);
        let linear = if value == 0.0 {
            // as a product, so that the excess over 1 keeps its digits
            let root = ensemble.sigma_w.get() * slope.abs();
            unless_rounding((root - 1.0) * (root + 1.0))
        } else {
            excess_gain(activity_slope(ensemble, 0.0))
        };
        let square = 0.25 * value * fourth + slope * third + 0.75 * second * second;
        let cube = if value == 0.0 {
            (12.0 * slope * fifth + 30.0 * second * fourth + 20.0 * third * third) / 48.0
        } else {
            0.0
        };
        Self { coefficients: [ensemble.preactivation_variance(value * value), linear, weight * square, weight * cube] }
    }

    /// Whether 0 is a fixed point that attracts what is near.
    pub(super) fn dies_out(&self) -> bool {
        let [constant, linear, square, _] = self.coefficients;
        constant == 0.0 && (linear < 0.0 || (linear == 0.0 && square <= 0.0))
    }

    /// The fixed point 0, where it is one.
    pub(super) fn silence(&self, ensemble: &Ensemble, iterations: u32) -> Option<FixedPoint> {
        let stability = if self.dies_out() { Stability::Stable } else { Stability::Unstable };
        (self.coefficients[0] == 0.0).then(|| FixedPoint { point: at(ensemble, 0.0, iterations), stability })
    }

    /// The roots in `(0, end)` for an `end` up to `REACH`, in ascending order: those of the quadratic, with one Newton step for the cube.
    pub(super) fn roots(&self, end: f64) -> Vec<f64> {
        let [c0, c1, c2, c3] = self.coefficients;
        let candidates = if c0 == 0.0 {
            vec![-c1 / c2]
        } else {
            let discriminant = c1 * c1 - 4.0 * c2 * c0;
            let half = -0.5 * (c1 + discriminant.sqrt().copysign(c1));
            vec![half / c2, c0 / half]
        };
        let step = |q: f64| {
            let (value, slope) = (((c3 * q + c2) * q + c1) * q + c0, (3.0 * c3 * q + 2.0 * c2) * q + c1);
            let next = q - value / slope;
            if next.is_finite() && (next - q).abs() < 0.01 * q { next } else { q }
        };
        let mut roots: Vec<f64> = candidates.into_iter().filter(|q| *q > 0.0 && *q < end).map(step).collect();
        roots.sort_by(f64::total_cmp);
        roots
    }
}
