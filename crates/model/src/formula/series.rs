//! Truncated Taylor series: how each operation acts on the coefficients `f^(k)(u) / k!`, `k < N`, of its operands.

use super::instruction::{Binary, Function};
use crate::activation::ORDERS;
use crate::activation::shared::hermite::{erf_jet, hermite_jet};
use crate::activation::shared::logistic::{sigmoid_jet, tanh_jet};
use neurodyn_numerics::elementary::within::{
    cos, cos_bounded, erf, exp, expm1, ln, ln_1p_exp, normal_cdf, normal_pdf, sigmoid, sin, sin_bounded, sin_cos,
    sin_cos_bounded, tanh,
};
use neurodyn_numerics::elementary::{asinh, atan, erfc, ln_1p, pow};

/// `N` coefficients.
pub type Series<const N: usize> = [f64; N];

/// `1 / k!`.
const INVERSE_FACTORIAL: [f64; ORDERS] = [1.0, 1.0, 0.5, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0];

/// `sinh x` to 2 ulp, from `expm1`.
#[inline(always)]
pub fn sinh(x: f64) -> f64 {
    let e = expm1(x.abs());
    (0.5 * (e + e / (e + 1.0))).copysign(x)
}

/// `cosh x` to 2 ulp.
#[inline(always)]
pub fn cosh(x: f64) -> f64 {
    let e = exp(x.abs());
    0.5 * (e + 1.0 / e)
}

/// 1 above 0, -1 below, 0 there.
#[inline(always)]
pub fn sign(x: f64) -> f64 {
    let below = if x < 0.0 { -1.0 } else { 0.0 };
    if x > 0.0 { 1.0 } else { below }
}

impl Function {
    /// Whether it has a form without branches for `|x| <=` [`SIN_COS_LIMIT`], which becomes vectors.
    #[inline(always)]
    pub fn has_bounded_form(self) -> bool {
        matches!(self, Function::Sin | Function::Cos)
    }

    /// `f(x)`; in the form for bounded arguments, the same bits there.
    #[inline(always)]
    pub fn value<const BOUNDED: bool>(self, x: f64) -> f64 {
        match self {
            Function::Negative => -x,
            Function::Exp => exp(x),
            Function::Expm1 => expm1(x),
            Function::Ln => ln(x),
            Function::Ln1p => ln_1p(x),
            Function::Sqrt => x.sqrt(),
            Function::Abs => x.abs(),
            Function::Sign => sign(x),
            Function::Tanh => tanh(x),
            Function::Sinh => sinh(x),
            Function::Cosh => cosh(x),
            Function::Erf => erf(x),
            Function::Erfc => erfc(x),
            Function::Sigmoid => sigmoid(x),
            Function::Softplus => ln_1p_exp(x),
            Function::Sin if BOUNDED => sin_bounded(x),
            Function::Cos if BOUNDED => cos_bounded(x),
            Function::Sin => sin(x),
            Function::Cos => cos(x),
            Function::Atan => atan(x),
            Function::Asinh => asinh(x),
            Function::NormalCdf => normal_cdf(x),
            Function::NormalPdf => normal_pdf(x),
        }
    }

    /// `f` and its derivatives of order 1 to 5 at `x`.
    #[inline(always)]
    fn derivatives<const BOUNDED: bool>(self, x: f64) -> [f64; ORDERS] {
        match self {
            Function::Negative => [-x, -1.0, 0.0, 0.0, 0.0, 0.0],
            Function::Exp => [exp(x); ORDERS],
            Function::Expm1 => {
                let e = exp(x);
                [expm1(x), e, e, e, e, e]
            }
            Function::Ln => powers(ln(x), 1.0 / x),
            Function::Ln1p => powers(ln_1p(x), 1.0 / (1.0 + x)),
            Function::Sqrt => {
                let (root, r) = (x.sqrt(), 1.0 / x);
                let d1 = 0.5 / root;
                let d2 = -0.5 * d1 * r;
                let d3 = -1.5 * d2 * r;
                let d4 = -2.5 * d3 * r;
                [root, d1, d2, d3, d4, -3.5 * d4 * r]
            }
            Function::Abs => [x.abs(), sign(x), 0.0, 0.0, 0.0, 0.0],
            Function::Sign => [sign(x), 0.0, 0.0, 0.0, 0.0, 0.0],
            Function::Tanh => tanh_jet(x),
            Function::Sinh => {
                let (s, c) = (sinh(x), cosh(x));
                [s, c, s, c, s, c]
            }
            Function::Cosh => {
                let (s, c) = (sinh(x), cosh(x));
                [c, s, c, s, c, s]
            }
            Function::Erf => erf_jet(x, 1.0),
            Function::Erfc => {
                let [_, d1, d2, d3, d4, d5] = erf_jet(x, 1.0);
                [erfc(x), -d1, -d2, -d3, -d4, -d5]
            }
            Function::Sigmoid => sigmoid_jet(x),
            Function::Softplus => {
                let [d1, d2, d3, d4, d5, _] = sigmoid_jet(x);
                [ln_1p_exp(x), d1, d2, d3, d4, d5]
            }
            Function::Sin => {
                let (s, c) = if BOUNDED { sin_cos_bounded(x) } else { sin_cos(x) };
                [s, c, -s, -c, s, c]
            }
            Function::Cos => {
                let (s, c) = if BOUNDED { sin_cos_bounded(x) } else { sin_cos(x) };
                [c, -s, -c, s, c, -s]
            }
            Function::Atan => {
                let (d, x2) = (1.0 / (1.0 + x * x), x * x);
                let d2 = d * d;
                [
                    atan(x),
                    d,
                    -2.0 * x * d2,
                    (6.0 * x2 - 2.0) * d2 * d,
                    24.0 * x * (1.0 - x2) * d2 * d2,
                    24.0 * ((5.0 * x2 - 10.0) * x2 + 1.0) * d2 * d2 * d,
                ]
            }
            Function::Asinh => {
                let (s2, x2) = (1.0 / (1.0 + x * x), x * x);
                let s = s2.sqrt();
                let (s3, s5) = (s * s2, s * s2 * s2);
                [
                    asinh(x),
                    s,
                    -x * s3,
                    (2.0 * x2 - 1.0) * s5,
                    x * (9.0 - 6.0 * x2) * s5 * s2,
                    ((24.0 * x2 - 72.0) * x2 + 9.0) * s5 * s2 * s2,
                ]
            }
            Function::NormalCdf => {
                let [d1, d2, d3, d4, d5, _] = hermite_jet(x, normal_pdf(x));
                [normal_cdf(x), d1, d2, d3, d4, d5]
            }
            Function::NormalPdf => hermite_jet(x, normal_pdf(x)),
        }
    }

    /// `f` of a series.
    #[inline(always)]
    pub fn series<const N: usize, const BOUNDED: bool>(self, a: &Series<N>) -> Series<N> {
        if N == 1 {
            let mut result = [0.0; N];
            result[0] = self.value::<BOUNDED>(a[0]);
            return result;
        }
        compose(&self.derivatives::<BOUNDED>(a[0]), a)
    }
}

/// `value, r, -r^2, 2 r^3, -6 r^4, 24 r^5`: a logarithm and its derivatives.
#[inline(always)]
fn powers(value: f64, r: f64) -> [f64; ORDERS] {
    let r2 = r * r;
    [value, r, -r2, 2.0 * r2 * r, -6.0 * r2 * r2, 24.0 * r2 * r2 * r]
}

/// `f(a)` from the derivatives of `f` at `a_0` (the formula of Faa di Bruno to fifth order).
#[inline(always)]
fn compose<const N: usize>(derivatives: &[f64; ORDERS], a: &Series<N>) -> Series<N> {
    let mut h = [0.0; ORDERS];
    h[1..N].copy_from_slice(&a[1..N]);
    let f: [f64; ORDERS] = std::array::from_fn(|k| derivatives[k] * INVERSE_FACTORIAL[k]);
    let (h11, h12) = (h[1] * h[1], h[1] * h[2]);
    let full = [
        f[0],
        f[1] * h[1],
        f[1] * h[2] + f[2] * h11,
        f[1] * h[3] + 2.0 * f[2] * h12 + f[3] * h11 * h[1],
        f[1] * h[4] + f[2] * (2.0 * h[1] * h[3] + h[2] * h[2]) + 3.0 * f[3] * h11 * h[2] + f[4] * h11 * h11,
        f[1] * h[5]
            + 2.0 * f[2] * (h[1] * h[4] + h[2] * h[3])
            + 3.0 * f[3] * (h11 * h[3] + h12 * h[2])
            + 4.0 * f[4] * h11 * h12
            + f[5] * h11 * h11 * h[1],
    ];
    std::array::from_fn(|k| full[k])
}

/// `a b`.
#[inline(always)]
pub fn product<const N: usize>(a: &Series<N>, b: &Series<N>) -> Series<N> {
    let mut result = [0.0; N];
    for k in 0..N {
        let mut sum = a[0] * b[k];
        for j in 1..=k {
            sum += a[j] * b[k - j];
        }
        result[k] = sum;
    }
    result
}

/// `a / b`.
#[inline(always)]
pub fn quotient<const N: usize>(a: &Series<N>, b: &Series<N>) -> Series<N> {
    let mut result = [0.0; N];
    for k in 0..N {
        let mut rest = a[k];
        for j in 1..=k {
            rest -= b[j] * result[k - j];
        }
        result[k] = rest / b[0];
    }
    result
}

/// `a^p` of a whole `p`, by squaring.
#[inline(always)]
pub fn power<const N: usize>(a: &Series<N>, exponent: i32) -> Series<N> {
    let mut one = [0.0; N];
    one[0] = 1.0;
    let (mut result, mut square, mut left) = (one, *a, exponent.unsigned_abs());
    let mut started = false;
    while left > 0 {
        if left & 1 == 1 {
            result = if started { product(&result, &square) } else { square };
            started = true;
        }
        left >>= 1;
        if left > 0 {
            square = product(&square, &square);
        }
    }
    if exponent < 0 { quotient(&one, &result) } else { result }
}

/// `a^p` of any `p`.
#[inline(always)]
pub fn real_power<const N: usize>(a: &Series<N>, exponent: f64) -> Series<N> {
    let value = pow(a[0], exponent);
    if N == 1 {
        let mut result = [0.0; N];
        result[0] = value;
        return result;
    }
    let mut derivatives = [value; ORDERS];
    for k in 1..ORDERS {
        derivatives[k] = derivatives[k - 1] * (exponent - (k - 1) as f64) / a[0];
    }
    compose(&derivatives, a)
}

impl Binary {
    /// `f` of two series. Where two branches meet, a minimum or a maximum is the mean of both.
    #[inline(always)]
    pub fn series<const N: usize>(self, a: &Series<N>, b: &Series<N>) -> Series<N> {
        let number = |truth: bool| {
            let mut result = [0.0; N];
            result[0] = if truth { 1.0 } else { 0.0 };
            result
        };
        match self {
            Binary::Add => std::array::from_fn(|k| a[k] + b[k]),
            Binary::Subtract => std::array::from_fn(|k| a[k] - b[k]),
            Binary::Multiply => product(a, b),
            Binary::Divide => quotient(a, b),
            Binary::Min => choose(a[0] < b[0], b[0] < a[0], a, b),
            Binary::Max => choose(a[0] > b[0], b[0] > a[0], a, b),
            Binary::Less => number(a[0] < b[0]),
            Binary::LessOrEqual => number(a[0] <= b[0]),
            Binary::And => number(a[0] * b[0] != 0.0),
            Binary::Or => number(a[0] + b[0] != 0.0),
        }
    }
}

/// One of two, or their mean; NaN where the two cannot be compared.
#[inline(always)]
fn choose<const N: usize>(first: bool, second: bool, a: &Series<N>, b: &Series<N>) -> Series<N> {
    std::array::from_fn(|k| {
        let mean = 0.5 * (a[k] + b[k]);
        let other = if second { b[k] } else { mean };
        if first { a[k] } else { other }
    })
}

/// `yes` where the condition holds, else `no`.
#[inline(always)]
pub fn branch<const N: usize>(condition: f64, yes: &Series<N>, no: &Series<N>) -> Series<N> {
    std::array::from_fn(|k| if condition != 0.0 { yes[k] } else { no[k] })
}
