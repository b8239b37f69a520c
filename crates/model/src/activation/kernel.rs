//! One zero-sized type an activation, for code that is compiled once for each: branch-free values and differences.

use super::LEAK;
use neurodyn_numerics::elementary::SIN_COS_LIMIT;
use neurodyn_numerics::elementary::within::{
    erf, exp, expm1, ln_1p_bounded, ln_1p_exp, normal_cdf, normal_pdf, sigmoid, sin_cos, sin_cos_bounded, tanh,
};
use neurodyn_numerics::quadrature::GAUSS_LEGENDRE_8;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, FRAC_PI_2, FRAC_PI_4};

/// `phi` and its differences, inlined into the loops of an [`super::Operation`].
pub trait ActivationKernel: Copy + Send + Sync + 'static {
    /// `phi(u)`.
    fn value(u: f64) -> f64;
    /// `phi'(u)`.
    fn slope(u: f64) -> f64;
    /// `phi''(u)`, 0 where it is not defined.
    fn bend(u: f64) -> f64;
    /// `phi(u + t) - phi(u)` to a few ulp of its size (of the local slope times `t`, where the slope is extremely small).
    fn difference(u: f64, t: f64) -> f64;

    /// Whether the forms below are other than those above: cheaper, the same bits, but only where [`ActivationKernel::easy`] says so. Who
    /// has many arguments asks for all of them first.
    const CHECKED: bool = false;
    /// Whether point and difference go in one loop, which computes once what both need. Larger kernels do not become vectors that way.
    const TOGETHER: bool = false;
    /// Whether the cheap forms hold for a point (`t = 0`) or a difference.
    #[inline(always)]
    fn easy(_u: f64, _t: f64) -> bool {
        true
    }
    /// [`ActivationKernel::value`] where that is easy.
    #[inline(always)]
    fn easy_value(u: f64) -> f64 {
        Self::value(u)
    }
    /// [`ActivationKernel::slope`] where that is easy.
    #[inline(always)]
    fn easy_slope(u: f64) -> f64 {
        Self::slope(u)
    }
    /// [`ActivationKernel::bend`] where that is easy.
    #[inline(always)]
    fn easy_bend(u: f64) -> f64 {
        Self::bend(u)
    }
    /// [`ActivationKernel::difference`] where that is easy.
    #[inline(always)]
    fn easy_difference(u: f64, t: f64) -> f64 {
        Self::difference(u, t)
    }
}

macro_rules! kernels {
    ($($name:ident: |$u:ident| $value:expr, |$w:ident| $slope:expr, |$x:ident| $bend:expr, |$v:ident, $t:ident| $difference:expr
        $(, with { $($more:tt)* })?;)*) => {
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
                $($($more)*)?
            }
        )*
    };
}

/// `phi(u + t) - phi(u)` for `|t| < 1/4` as the integral of `slope` (four panels of 8 points of Gauss and Legendre, good to
/// rounding as far as `u t = 8`).
#[inline(always)]
fn by_slope(t: f64, u: f64, slope: impl Fn(f64) -> f64) -> f64 {
    const PANELS: usize = 4;
    let half = 0.5 / PANELS as f64 * t;
    let mut sum = 0.0;
    for (x, weight) in GAUSS_LEGENDRE_8 {
        for panel in 0..PANELS {
            let middle = u + (2 * panel + 1) as f64 * half;
            sum += weight * (slope(middle - half * x) + slope(middle + half * x));
        }
    }
    half * sum
}

/// Whether the difference is small enough to need more than a subtraction.
#[inline(always)]
fn close(t: f64) -> bool {
    t.abs() < 0.25
}

/// Whether [`normal_increment`] is right: `|m t| < 2`, `m` the middle.
#[inline(always)]
fn smooth(u: f64, t: f64) -> bool {
    ((u + 0.5 * t) * t).abs() < 2.0
}

/// `int_u^(u+t) exp(-s^2/2) ds` for `|t| < 1/3` and `|m t| < 2`, to 2e-16 relative: with the middle `m` and `h = t/2` it is
/// `2 h exp(-m^2/2) sum_k He_2k(m) h^2k / (2k+1)!`, cut after `k = 8` (the next term is below 2e-17).
#[inline(always)]
fn normal_increment(u: f64, t: f64) -> f64 {
    const INVERSE: [f64; 9] = inverse_factorials();
    let (m, h) = (u + 0.5 * t, 0.5 * t);
    let (p, r) = (m * h, h * h);
    // He_n h^n by its recurrence
    let (mut previous, mut current) = (1.0, p);
    let mut sum = 1.0;
    for k in 1..9 {
        let even = p * current - (2 * k - 1) as f64 * r * previous;
        sum += INVERSE[k] * even;
        current = p * even - (2 * k) as f64 * r * current;
        previous = even;
    }
    t * exp(-0.5 * m * m) * sum
}

/// `1 / (2k + 1)!`.
const fn inverse_factorials() -> [f64; 9] {
    let mut inverse = [1.0; 9];
    let mut k = 1;
    while k < 9 {
        inverse[k] = inverse[k - 1] / ((2 * k) as f64 * (2 * k + 1) as f64);
        k += 1;
    }
    inverse
}

/// The common forms of the activations that are made of a Gaussian's integral: everything but differences that are close and yet
/// far out is easy.
macro_rules! gaussian_differences {
    (|$u:ident, $t:ident| $scaled:expr, $near:expr) => {
        const CHECKED: bool = true;
        #[inline(always)]
        fn easy($u: f64, $t: f64) -> bool {
            !close($t) || smooth($scaled * $u, $scaled * $t)
        }
        #[inline(always)]
        fn easy_difference($u: f64, $t: f64) -> f64 {
            let (near, far) = ($near, Self::value($u + $t) - Self::value($u));
            if close($t) { near } else { far }
        }
    };
}

/// [`ActivationKernel::difference`] of these.
#[inline(always)]
fn gaussian_difference_of<K: ActivationKernel>(u: f64, t: f64) -> f64 {
    let (easy, far_out) = (K::easy_difference(u, t), by_slope(t, u, K::slope));
    if K::easy(u, t) { easy } else { far_out }
}

/// Sine and cosine: formulas of `(sin, cos)`, written once for both reductions of their argument. They are easy as long as that needs no
/// table.
macro_rules! waves {
    ($($name:ident: $sin_cos:ident, |$u:ident| $value:expr, $slope:expr, $bend:expr, |$v:ident, $t:ident| $difference:expr;)*) => {
        $(
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl ActivationKernel for $name {
                waves! { @forms value slope bend difference, sin_cos as $sin_cos,
                    |$u| $value, $slope, $bend, |$v, $t| $difference }
                waves! { @forms easy_value easy_slope easy_bend easy_difference, sin_cos_bounded as $sin_cos,
                    |$u| $value, $slope, $bend, |$v, $t| $difference }
                const CHECKED: bool = true;
                #[inline(always)]
                fn easy(u: f64, t: f64) -> bool {
                    u.abs() + t.abs() <= SIN_COS_LIMIT
                }
            }
        )*
    };
    (@forms $f:ident $g:ident $h:ident $d:ident, $reduction:ident as $sin_cos:ident,
        |$u:ident| $value:expr, $slope:expr, $bend:expr, |$v:ident, $t:ident| $difference:expr) => {
        #[inline(always)]
        fn $f($u: f64) -> f64 {
            let $sin_cos = $reduction;
            $value
        }
        #[inline(always)]
        fn $g($u: f64) -> f64 {
            let $sin_cos = $reduction;
            $slope
        }
        #[inline(always)]
        fn $h($u: f64) -> f64 {
            let $sin_cos = $reduction;
            $bend
        }
        #[inline(always)]
        fn $d($v: f64, $t: f64) -> f64 {
            let $sin_cos = $reduction;
            $difference
        }
    };
}

waves! {
    Sin: wave, |u| wave(u).0, wave(u).1, -wave(u).0, |u, t| 2.0 * wave(u + 0.5 * t).1 * wave(0.5 * t).0;
    Cos: wave, |u| wave(u).1, -wave(u).0, -wave(u).1, |u, t| -2.0 * wave(u + 0.5 * t).0 * wave(0.5 * t).0;
}

const SQRT_HALF_PI: f64 = 1.253_314_137_315_500_3;
const INV_SQRT_TAU: f64 = 0.398_942_280_401_432_7;
const HALF_SQRT_PI: f64 = 0.886_226_925_452_758;
const SQRT_2_OVER_PI: f64 = FRAC_2_SQRT_PI * FRAC_1_SQRT_2;

kernels! {
    Tanh: |u| tanh(u), |u| tanh_slope(u), |u| -2.0 * tanh(u) * tanh_slope(u),
        |u, t| tanh(t) * (1.0 - tanh(u) * tanh(u + t)),
        with { const TOGETHER: bool = true; };
    ErfSqrt2: |u| erf(u * FRAC_1_SQRT_2), |u| SQRT_2_OVER_PI * exp(-0.5 * u * u), |u| -u * Self::slope(u),
        |u, t| gaussian_difference_of::<Self>(u, t),
        with { gaussian_differences! { |u, t| 1.0, SQRT_2_OVER_PI * normal_increment(u, t) } };
    ErfSqrtpi2: |u| erf(u * HALF_SQRT_PI), |u| exp(-FRAC_PI_4 * u * u), |u| -FRAC_PI_2 * u * Self::slope(u),
        |u, t| gaussian_difference_of::<Self>(u, t),
        with { gaussian_differences! {
            |u, t| SQRT_HALF_PI, normal_increment(SQRT_HALF_PI * u, SQRT_HALF_PI * t) * (1.0 / SQRT_HALF_PI)
        } };
    GaussCdf: |u| normal_cdf(u), |u| normal_pdf(u), |u| -u * normal_pdf(u),
        |u, t| gaussian_difference_of::<Self>(u, t),
        with { gaussian_differences! { |u, t| 1.0, INV_SQRT_TAU * normal_increment(u, t) } };
    Relu: |u| if u > 0.0 { u } else { 0.0 }, |u| step(u, 0.0), |_u| 0.0, |u, t| relu_difference(u, t);
    LeakyRelu: |u| if u > 0.0 { u } else { LEAK * u }, |u| step(u, LEAK), |_u| 0.0,
        |u, t| LEAK * t + (1.0 - LEAK) * relu_difference(u, t);
    Linear: |u| u, |_u| 1.0, |_u| 0.0, |_u, t| t;
    Gaussian: |u| exp(-0.5 * u * u), |u| -u * exp(-0.5 * u * u), |u| (u * u - 1.0) * exp(-0.5 * u * u),
        |u, t| gaussian_difference(u, t);
    Sigmoid: |u| sigmoid(u), |u| 0.25 * tanh_slope(0.5 * u), |u| -0.25 * tanh(0.5 * u) * tanh_slope(0.5 * u),
        |u, t| 0.5 * tanh(0.5 * t) * (1.0 - tanh(0.5 * u) * tanh(0.5 * (u + t)));
    Gelu: |u| u * normal_cdf(u), |u| normal_cdf(u) + u * normal_pdf(u), |u| (2.0 - u * u) * normal_pdf(u),
        |u, t| gaussian_difference_of::<Self>(u, t),
        with { gaussian_differences! {
            |u, t| 1.0, t * normal_cdf(u + t) + u * (INV_SQRT_TAU * normal_increment(u, t))
        } };
    Softplus: |u| ln_1p_exp(u), |u| sigmoid(u), |u| 0.25 * tanh_slope(0.5 * u), |u, t| softplus_difference(u, t);
}

/// `ln(1 + sigmoid(u) (e^t - 1))`, the plain difference where that is large.
#[inline(always)]
fn softplus_difference(u: f64, t: f64) -> f64 {
    let near = ln_1p_bounded(sigmoid(u) * expm1(t));
    let far = ln_1p_exp(u + t) - ln_1p_exp(u);
    if close(t) { near } else { far }
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
