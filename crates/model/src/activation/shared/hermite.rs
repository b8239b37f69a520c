//! Derivatives of Gaussians.

use crate::activation::kernel::Jet;
use neurodyn_numerics::elementary::within::{erf, exp};
use std::f64::consts::{FRAC_2_SQRT_PI, SQRT_2};

/// `g, g', ...` for a multiple `g` of `exp(-u^2/2)`: `g^(k) = (-1)^k He_k(u) g`.
#[inline(always)]
pub fn hermite_jet(u: f64, g: f64) -> Jet {
    let u2 = u * u;
    [g, -u * g, (u2 - 1.0) * g, -u * (u2 - 3.0) * g, ((u2 - 6.0) * u2 + 3.0) * g, -u * ((u2 - 10.0) * u2 + 15.0) * g]
}

/// Of `erf(a u)`: derivatives are those of the Gaussian `exp(-x^2/2)`, `x = sqrt(2) a u`.
#[inline(always)]
pub fn erf_jet(u: f64, a: f64) -> Jet {
    let rate = SQRT_2 * a;
    let x = rate * u;
    let [g0, g1, g2, g3, g4, _] = hermite_jet(x, FRAC_2_SQRT_PI * a * exp(-0.5 * x * x));
    let r2 = rate * rate;
    [erf(a * u), g0, rate * g1, r2 * g2, rate * r2 * g3, r2 * r2 * g4]
}
