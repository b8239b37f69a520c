//! How signals and gradients go with depth where networks are critical: exponentially, as a power, or not at all.

use super::Place;
use crate::activity::depth_scale;
use crate::moments::{derivative_moment_slope, second_moment_curvature};
use neurodyn_model::activation::ORDERS;
use std::f64::consts::FRAC_2_PI;

/// A law in the number of layers `l`, at large `l`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// It tends to a value of its own, or keeps that which it has.
    Kept,
    /// `exp(-l / scale)`.
    Exponential {
        /// In layers.
        scale: f64,
    },
    /// `amplitude l^exponent`.
    Power {
        /// Power of `l`.
        exponent: f64,
        /// What stands before it; `None` where it depends on the input.
        amplitude: Option<f64>,
    },
    /// Slower than the powers that the expansion here tells.
    Slow,
}

/// The side from which a fixed point attracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Smaller activities come to it.
    Below,
    /// Larger activities come to it.
    Above,
}

/// Laws at a critical place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Laws {
    /// Of `|A^l - A*|`, for inputs that are attracted.
    pub signal: Law,
    /// Of the squared error of the first layer over that of layer `l`, for such inputs.
    pub gradient: Law,
    /// The only side from which `A*` attracts, if there is one.
    pub side: Option<Side>,
}

impl Laws {
    fn of(signal: Law, gradient: Law) -> Self {
        Self { signal, gradient, side: None }
    }
}

/// The laws at this place.
///
/// * A slope below 1: `A` approaches `A*` exponentially, so the product of `chi_1` over layers converges.
/// * `q* = 0`: with `V(q) = q - a q^2`, `q ~ 1 / (a l)`; with `chi_1 = 1 + b q` the product goes as `l^(b/a)` (-1 for every odd activation). A kink at 0 has
///   `V(q) = q - c q^(3/2)`, so `q ~ (2 / (c l))^2`, and `chi_1 = 1 - c q^(1/2)`, hence `l^-2`.
/// * Half-stable: `V(q) - q = k (q - q*)^2`, so `|q - q*| ~ 1 / (|k| l)` on the side where `k (q - q*) < 0`, and with `chi_1 = 1 + b (q - q*)` the product goes
///   as `l^(-b/k)`. An input of `A*` itself is kept.
pub fn laws(place: &Place) -> Laws {
    let weight = place.ensemble.sigma_w.squared();
    let Some(q) = place.q else { return Laws::of(Law::Kept, Law::Kept) };
    if !place.is_doubly_critical() {
        // |slope| < 1 has a scale; 0 where the slope is 0
        let scale = depth_scale(place.activity_slope).unwrap_or(f64::INFINITY);
        return Laws::of(Law::Exponential { scale }, Law::Kept);
    }
    let activation = place.ensemble.activation;
    if q == 0.0 {
        const BESIDE: f64 = 1e-30;
        let [left, right] = [-BESIDE, BESIDE].map(|u| activation.jet(u));
        return silence(&left, &right, weight);
    }
    let curvature = 0.5 * weight * second_moment_curvature(activation, q);
    let response = weight * derivative_moment_slope(activation, q);
    if curvature == 0.0 {
        return Laws::of(Law::Slow, Law::Slow);
    }
    Laws {
        signal: Law::Power { exponent: -1.0, amplitude: Some(1.0 / (weight * curvature.abs())) },
        gradient: Law::Power { exponent: -response / curvature, amplitude: None },
        side: Some(if curvature < 0.0 { Side::Above } else { Side::Below }),
    }
}

/// At `q* = 0`, by `phi` and its derivatives on both sides of 0.
pub(super) fn silence(left: &[f64; ORDERS], right: &[f64; ORDERS], weight: f64) -> Laws {
    let kink = weight * FRAC_2_PI.sqrt() * (right[1] * right[2] - left[1] * left[2]);
    if kink < -1e-12 {
        let root = 2.0 / kink;
        let signal = Law::Power { exponent: -2.0, amplitude: Some(root * root / weight) };
        return Laws::of(signal, Law::Power { exponent: -2.0, amplitude: None });
    }
    let [_, slope, second, third, ..] = *right;
    let fall = -weight * (slope * third + 0.75 * second * second);
    if !(fall > 0.0) {
        return Laws::of(Law::Slow, Law::Slow);
    }
    let response = weight * (slope * third + second * second);
    let signal = Law::Power { exponent: -1.0, amplitude: Some(1.0 / (fall * weight)) };
    Laws::of(signal, Law::Power { exponent: response / fall, amplitude: None })
}
