//! Slopes of `tanh`, which those of the logistic function are, too.

use crate::activation::kernel::Jet;
use neurodyn_numerics::elementary::within::{exp, sigmoid, tanh};

/// `1 - tanh(u)^2 = 4 e / (1 + e)^2`, `e = exp(-2 |u|)`.
#[inline(always)]
pub fn tanh_slope(u: f64) -> f64 {
    let e = exp(-2.0 * u.abs());
    4.0 * e / ((1.0 + e) * (1.0 + e))
}

/// In terms of `t = tanh u` and `s = 1 - t^2`.
#[inline(always)]
pub fn tanh_jet(u: f64) -> Jet {
    let t = tanh(u);
    let s = tanh_slope(u);
    let t2 = t * t;
    [
        t,
        s,
        -2.0 * t * s,
        s * (4.0 * t2 - 2.0 * s),
        8.0 * t * s * (2.0 * s - t2),
        s * (16.0 * s * s - 88.0 * s * t2 + 16.0 * t2 * t2),
    ]
}

/// `sigmoid(u) = (1 + tanh(u/2)) / 2`.
#[inline(always)]
pub fn sigmoid_jet(u: f64) -> Jet {
    let [_, d1, d2, d3, d4, d5] = tanh_jet(0.5 * u);
    [sigmoid(u), d1 / 4.0, d2 / 8.0, d3 / 16.0, d4 / 32.0, d5 / 64.0]
}

/// `sigmoid'(u)`.
#[inline(always)]
pub fn sigmoid_slope(u: f64) -> f64 {
    0.25 * tanh_slope(0.5 * u)
}
