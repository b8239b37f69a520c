//! One zero-sized type an activation, for code that is compiled once for each: branch-free values and differences.

use super::LEAK;
use crate::numerics::elementary::{erf, exp, expm1, ln_1p_exp, normal_cdf, normal_pdf, sigmoid, sin_cos, tanh};
use crate::numerics::quadrature::GAUSS_LEGENDRE_8;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, FRAC_PI_2, FRAC_PI_4};

/// `phi` and its differences, inlined into the caller's loop.
pub trait ActivationKernel: Copy + Send + Sync + 'static {
    /// `phi(u)`.
    fn value(u: f64) -> f64;
    /// `phi'(u)`.
    fn slope(u: f64) -> f64;
    /// `phi''(u)`, 0 where it is not defined.
    fn bend(u: f64) -> f64;
    /// `phi(u + t) - phi(u)` to a few ulp of its size (of the local slope times `t`, where the slope is extremely small).
    fn difference(u: f64, t: f64) -> f64;
}

/// Something to do with a kernel type.
pub trait Visitor {
    /// Result.
    type Output;
    /// Runs with the kernel `K`.
    fn visit<K: ActivationKernel>(self) -> Self::Output;
}

macro_rules! kernels {
    ($($name:ident: |$u:ident| $value:expr, |$w:ident| $slope:expr, |$x:ident| $bend:expr, |$v:ident, $t:ident| $difference:expr;)*) => {
        $(
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl ActivationKernel for $name {
                #[inline(always)]
                fn value($u: f64) -> f64 {
                    $value
                }
                #[inline(always)]
                fn slope($w: f64) -> f64 {
                    $slope
                }
                #[inline(always)]
                fn bend($x: f64) -> f64 {
                    $bend
                }
                #[inline(always)]
                fn difference($v: f64, $t: f64) -> f64 {
                    $difference
                }
            }
        )*
    };
}

/// `phi(u + t) - phi(u)` as the integral of `slope` for `|t| < 1/4` (8-point Gauss-Legendre), the plain difference beyond.
#[inline(always)]
fn by_slope(u: f64, t: f64, value: impl Fn(f64) -> f64, slope: impl Fn(f64) -> f64) -> f64 {
    let half = 0.5 * t;
    let mut sum = 0.0;
    for (x, weight) in GAUSS_LEGENDRE_8 {
        sum += weight * (slope(u + half * (1.0 - x)) + slope(u + half * (1.0 + x)));
    }
    let plain = value(u + t) - value(u);
    if t.abs() < 0.25 { half * sum } else { plain }
}

const HALF_SQRT_PI: f64 = 0.886_226_925_452_758;
const SQRT_2_OVER_PI: f64 = FRAC_2_SQRT_PI * FRAC_1_SQRT_2;

kernels! {
    Tanh: |u| tanh(u), |u| tanh_slope(u), |u| -2.0 * tanh(u) * tanh_slope(u),
        |u, t| tanh(t) * (1.0 - tanh(u) * tanh(u + t));
    ErfSqrt2: |u| erf(u * FRAC_1_SQRT_2), |u| SQRT_2_OVER_PI * exp(-0.5 * u * u), |u| -u * Self::slope(u),
        |u, t| by_slope(u, t, Self::value, Self::slope);
    ErfSqrtpi2: |u| erf(u * HALF_SQRT_PI), |u| exp(-FRAC_PI_4 * u * u), |u| -FRAC_PI_2 * u * Self::slope(u),
        |u, t| by_slope(u, t, Self::value, Self::slope);
    GaussCdf: |u| normal_cdf(u), |u| normal_pdf(u), |u| -u * normal_pdf(u),
        |u, t| by_slope(u, t, Self::value, Self::slope);
    Relu: |u| if u > 0.0 { u } else { 0.0 }, |u| step(u, 0.0), |_u| 0.0, |u, t| relu_difference(u, t);
    LeakyRelu: |u| if u > 0.0 { u } else { LEAK * u }, |u| step(u, LEAK), |_u| 0.0,
        |u, t| LEAK * t + (1.0 - LEAK) * relu_difference(u, t);
    Linear: |u| u, |_u| 1.0, |_u| 0.0, |_u, t| t;
    Sin: |u| sin_cos(u).0, |u| sin_cos(u).1, |u| -sin_cos(u).0,
        |u, t| 2.0 * sin_cos(u + 0.5 * t).1 * sin_cos(0.5 * t).0;
    Cos: |u| sin_cos(u).1, |u| -sin_cos(u).0, |u| -sin_cos(u).1,
        |u, t| -2.0 * sin_cos(u + 0.5 * t).0 * sin_cos(0.5 * t).0;
    Gaussian: |u| exp(-0.5 * u * u), |u| -u * exp(-0.5 * u * u), |u| (u * u - 1.0) * exp(-0.5 * u * u),
        |u, t| gaussian_difference(u, t);
    Sigmoid: |u| sigmoid(u), |u| 0.25 * tanh_slope(0.5 * u), |u| -0.25 * tanh(0.5 * u) * tanh_slope(0.5 * u),
        |u, t| 0.5 * tanh(0.5 * t) * (1.0 - tanh(0.5 * u) * tanh(0.5 * (u + t)));
    Gelu: |u| u * normal_cdf(u), |u| normal_cdf(u) + u * normal_pdf(u), |u| (2.0 - u * u) * normal_pdf(u),
        |u, t| by_slope(u, t, Self::value, Self::slope);
    Softplus: |u| ln_1p_exp(u), |u| sigmoid(u), |u| 0.25 * tanh_slope(0.5 * u),
        |u, t| by_slope(u, t, Self::value, Self::slope);
}

/// `1 - tanh(u)^2 = 4 e / (1 + e)^2`, `e = exp(-2 |u|)`.
#[inline(always)]
fn tanh_slope(u: f64) -> f64 {
    let e = exp(-2.0 * u.abs());
    4.0 * e / ((1.0 + e) * (1.0 + e))
}

/// Slope of a piecewise linear function: 1 above 0, `leak` below, their mean at 0.
#[inline(always)]
fn step(u: f64, leak: f64) -> f64 {
    let below = if u < 0.0 { leak } else { 0.5 * (1.0 + leak) };
    if u > 0.0 { 1.0 } else { below }
}

/// `max(u + t, 0) - max(u, 0)`, exact up to the rounding of `u + t`.
#[inline(always)]
fn relu_difference(u: f64, t: f64) -> f64 {
    let from_above = if t > -u { t } else { -u };
    let v = u + t;
    let from_below = if v > 0.0 { v } else { 0.0 };
    if u > 0.0 { from_above } else { from_below }
}

/// `exp(-v^2/2) - exp(-u^2/2)` with `v^2 - u^2 = 2 t (u + t/2)` formed without cancellation.
#[inline(always)]
fn gaussian_difference(u: f64, t: f64) -> f64 {
    let v = u + t;
    let excess = t * (u + 0.5 * t);
    let nearer = if excess > 0.0 { u } else { v };
    let size = -exp(-0.5 * nearer * nearer) * expm1(-excess.abs());
    if excess > 0.0 { -size } else { size }
}
