//! Derivatives of the activations up to the fifth, each in closed form.

use super::{Activation, LEAK, ORDERS};
use neurodyn_numerics::elementary::{erf, exp, ln_1p_exp, normal_cdf, normal_pdf, sigmoid, sin_cos, tanh};
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

type Jet = [f64; ORDERS];

/// `phi` and its derivatives of order 1 to 5 at `u`.
pub(super) fn jet(activation: Activation, u: f64) -> Jet {
    match activation {
        Activation::Tanh => tanh_jet(u),
        Activation::ErfSqrt2 => erf_jet(u, FRAC_1_SQRT_2),
        Activation::ErfSqrtpi2 => erf_jet(u, 0.886_226_925_452_758),
        Activation::GaussCdf => {
            let [d1, d2, d3, d4, d5, _] = hermite_jet(u, normal_pdf(u));
            [normal_cdf(u), d1, d2, d3, d4, d5]
        }
        Activation::Relu => piecewise_linear_jet(u, 0.0),
        Activation::LeakyRelu => piecewise_linear_jet(u, LEAK),
        Activation::Linear => [u, 1.0, 0.0, 0.0, 0.0, 0.0],
        Activation::Sin => {
            let (s, c) = sin_cos(u);
            [s, c, -s, -c, s, c]
        }
        Activation::Cos => {
            let (s, c) = sin_cos(u);
            [c, -s, -c, s, c, -s]
        }
        Activation::Gaussian => hermite_jet(u, exp(-0.5 * u * u)),
        Activation::Sigmoid => sigmoid_jet(u),
        Activation::Gelu => gelu_jet(u),
        Activation::Softplus => {
            let [d1, d2, d3, d4, d5, _] = sigmoid_jet(u);
            [ln_1p_exp(u), d1, d2, d3, d4, d5]
        }
    }
}

/// In terms of `t = tanh u` and `s = 1 - t^2`, the latter formed as `4 e / (1 + e)^2`, `e = exp(-2 |u|)`.
fn tanh_jet(u: f64) -> Jet {
    let t = tanh(u);
    let e = exp(-2.0 * u.abs());
    let s = 4.0 * e / ((1.0 + e) * (1.0 + e));
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
fn sigmoid_jet(u: f64) -> Jet {
    let [_, d1, d2, d3, d4, d5] = tanh_jet(0.5 * u);
    [sigmoid(u), d1 / 4.0, d2 / 8.0, d3 / 16.0, d4 / 32.0, d5 / 64.0]
}

/// `g, g', ...` for a multiple `g` of `exp(-u^2/2)`: `g^(k) = (-1)^k He_k(u) g`.
fn hermite_jet(u: f64, g: f64) -> Jet {
    let u2 = u * u;
    [g, -u * g, (u2 - 1.0) * g, -u * (u2 - 3.0) * g, ((u2 - 6.0) * u2 + 3.0) * g, -u * ((u2 - 10.0) * u2 + 15.0) * g]
}

/// `erf(a u)`: derivatives are those of the Gaussian `exp(-x^2/2)`, `x = sqrt(2) a u`.
fn erf_jet(u: f64, a: f64) -> Jet {
    let rate = std::f64::consts::SQRT_2 * a;
    let x = rate * u;
    let [g0, g1, g2, g3, g4, _] = hermite_jet(x, FRAC_2_SQRT_PI * a * exp(-0.5 * x * x));
    let r2 = rate * rate;
    [erf(a * u), g0, rate * g1, r2 * g2, rate * r2 * g3, r2 * r2 * g4]
}

fn piecewise_linear_jet(u: f64, leak: f64) -> Jet {
    let slope = if u > 0.0 {
        1.0
    } else if u < 0.0 {
        leak
    } else {
        0.5 * (1.0 + leak)
    };
    [slope * u, slope, 0.0, 0.0, 0.0, 0.0]
}

/// `u Phi(u)`: with `p` the normal density, `phi' = Phi + u p`, `phi'' = (2 - u^2) p`, ...
fn gelu_jet(u: f64) -> Jet {
    let (p, cdf, u2) = (normal_pdf(u), normal_cdf(u), u * u);
    [
        u * cdf,
        cdf + u * p,
        (2.0 - u2) * p,
        u * (u2 - 4.0) * p,
        ((7.0 - u2) * u2 - 4.0) * p,
        u * ((u2 - 11.0) * u2 + 18.0) * p,
    ]
}
