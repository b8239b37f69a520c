//! Gaussian integrals of the error function: arcs (C. Williams, 1998), for `erf(sqrt(r/2) u)`. Those of `erf(u / sqrt 2)` have `r = 1`.

use crate::activation::pair::PairLaw;
use neurodyn_numerics::elementary::atan2;
use neurodyn_numerics::quadrature::PairCovariance;
use std::f64::consts::FRAC_2_PI;

/// `asin(s / (1 + s))`, accurate for every `s >= 0`.
pub fn asin_ratio(s: f64) -> f64 {
    atan2(s, (1.0 + 2.0 * s).sqrt())
}

/// `asin(r k / sqrt((1 + r q)(1 + r q')))`.
pub fn arc(rate: f64, law: &PairLaw) -> f64 {
    atan2(rate * law.k, law.determinant(rate).sqrt())
}

/// `E[phi^(order)(u)^2]`.
pub fn second_moment(rate: f64, order: usize, q: f64) -> Option<f64> {
    let s = rate * q;
    let d = 1.0 + 2.0 * s;
    match order {
        0 => Some(FRAC_2_PI * asin_ratio(s)),
        1 => Some(FRAC_2_PI * rate / d.sqrt()),
        2 => Some(FRAC_2_PI * rate * rate * s / (d * d.sqrt())),
        _ => None,
    }
}

/// `d E[phi^2] / dq`.
pub fn second_moment_slope(rate: f64, q: f64) -> f64 {
    let s = rate * q;
    FRAC_2_PI * rate / ((1.0 + s) * (1.0 + 2.0 * s).sqrt())
}

/// `E[phi(u) phi(v)]`.
pub fn overlap(rate: f64, law: &PairLaw) -> f64 {
    FRAC_2_PI * arc(rate, law)
}

/// `E[phi'(u) phi'(v)]`.
pub fn overlap_slope(rate: f64, law: &PairLaw) -> f64 {
    FRAC_2_PI * rate / law.determinant(rate).sqrt()
}

/// `E[(phi(v) - phi(u))^2]` of equal variances: `(4/pi) (asin a - asin b)`, `a = s / (1 + s)`, `b = a - (g/2) / (1 + s)`, by the sine and
/// cosine of the difference.
pub fn squared_difference(rate: f64, law: &PairCovariance) -> Option<f64> {
    if law.difference != 0.0 {
        return None;
    }
    let (s, half) = (rate * law.q, 0.5 * rate * law.gap);
    let scale = 1.0 + s;
    let (a, b) = (s / scale, (s - half) / scale);
    let cos_a = (1.0 + 2.0 * s).sqrt() / scale;
    let cos_b = ((1.0 + half) * (1.0 + 2.0 * s - half)).max(0.0).sqrt() / scale;
    let sine = if b >= 0.0 { (half / scale) * (a + b) / (a * cos_b + b * cos_a) } else { a * cos_b - b * cos_a };
    if sine.is_nan() {
        return Some(0.0); // q = 0: both arcs vanish
    }
    Some(2.0 * FRAC_2_PI * atan2(sine, cos_a * cos_b + a * b))
}
