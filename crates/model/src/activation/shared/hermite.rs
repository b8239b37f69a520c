//! Derivatives of Gaussians.

use crate::activation::kernel::Jet;

/// `g, g', ...` for a multiple `g` of `exp(-u^2/2)`: `g^(k) = (-1)^k He_k(u) g`.
#[inline(always)]
pub fn hermite_jet(u: f64, g: f64) -> Jet {
    let u2 = u * u;
    [g, -u * g, (u2 - 1.0) * g, -u * (u2 - 3.0) * g, ((u2 - 6.0) * u2 + 3.0) * g, -u * ((u2 - 10.0) * u2 + 15.0) * g]
}
