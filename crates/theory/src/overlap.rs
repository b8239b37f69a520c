//! Gaussian integrals of two correlated preactivations: overlap `E[phi(u) phi(v)]`, its slope `E[phi'(u) phi'(v)]`, and
//! the mean squared difference `E[(phi(v) - phi(u))^2]`, each in a form that keeps its relative accuracy.
//!
//! Sources of the closed forms: Price's theorem; Cho and Saul 2009 (relu); Williams 1998 (erf); derived here for
//! `gelu`, `sin`, `cos` and `gaussian`, and checked against quadrature in tests.

use super::moments::{erf_rate, mean_square, second_moment_slope};
use neurodyn_model::Activation;
use neurodyn_model::activation::{LEAK, Operation};
use neurodyn_numerics::elementary::{atan2, cos, exp, expm1, sin};
use neurodyn_numerics::quadrature::{Bivariate, CHUNK, GAUSS_LEGENDRE_8, PairCovariance, PairIntegrand};
use std::f64::consts::{FRAC_1_PI, FRAC_2_PI, FRAC_PI_2, PI};

/// The rule for integrands that take an even number of factors `phi`, its derivatives or its differences.
pub(super) fn pair_rule(activation: Activation, law: &PairCovariance) -> Bivariate {
    even(activation, Bivariate::new(activation.shape(), law))
}

/// Half the nodes where the integrand is even.
fn even(activation: Activation, rule: Bivariate) -> Bivariate {
    if activation.is_odd() || activation.is_even() { rule.for_even_integrands() } else { rule }
}

/// `E[phi(u) phi(v)]`; absolute accuracy a few ulp of `sqrt(E[phi(u)^2] E[phi(v)^2])`.
pub fn overlap(activation: Activation, law: &PairCovariance) -> f64 {
    closed_overlap(activation, law).unwrap_or_else(|| quadrature_overlap(activation, law))
}

/// `E[phi(u) phi(v)]` of variances `q`, `q_prime` and this covariance, each right to rounding: absolute accuracy 1e-14 of
/// `sqrt(E[phi(u)^2] E[phi(v)^2])` in closed form and 1e-13 by quadrature, for ratios of the variances up to 1e12, where a [`PairCovariance`]
/// leaves the covariance with an error of an ulp of the larger variance.
pub fn overlap_of_covariance(activation: Activation, q: f64, q_prime: f64, covariance: f64) -> f64 {
    let (low, high) = (q.min(q_prime), q.max(q_prime));
    let entries = Entries::of_covariance(low, high, covariance);
    closed_overlap_of(activation, &entries).unwrap_or_else(|| {
        let rule = even(activation, Bivariate::of_covariance(activation.shape(), low, high, covariance));
        rule.integrate(&Product(activation.operation()))[0]
    })
}

/// The law as closed forms take it, each entry by itself.
struct Entries {
    q: f64,
    q_prime: f64,
    /// Covariance.
    k: f64,
    /// Variance of the difference.
    gap: f64,
    /// Variance of the second variable given the first.
    conditional: f64,
    /// `q1 q2 - k^2`.
    gram: f64,
}

impl Entries {
    fn of(law: &PairCovariance) -> Self {
        let slope = if law.q > 0.0 { law.cross() / law.q } else { 0.0 };
        Self {
            q: law.q,
            q_prime: law.q_prime(),
            k: law.covariance(),
            gap: law.gap,
            conditional: (law.gap - slope * law.cross()).max(0.0),
            // without cancellation
            gram: (law.q * law.gap - law.cross() * law.cross()).max(0.0),
        }
    }

    fn of_covariance(q: f64, q_prime: f64, k: f64) -> Self {
        let slope = if q > 0.0 { k / q } else { 0.0 };
        let conditional = (q_prime - slope * k).max(0.0);
        Self { q, q_prime, k, gap: (q + q_prime - 2.0 * k).max(0.0), conditional, gram: q * conditional }
    }
}

/// [`overlap`] in closed form, where there is one.
pub fn closed_overlap(activation: Activation, law: &PairCovariance) -> Option<f64> {
    closed_overlap_of(activation, &Entries::of(law))
}

fn closed_overlap_of(activation: Activation, law: &Entries) -> Option<f64> {
    let (total, k) = (law.q + law.q_prime, law.k);
    let value = match activation {
        Activation::ErfSqrt2 | Activation::ErfSqrtpi2 => erf_overlap(erf_rate(activation), law),
        Activation::GaussCdf => 0.25 + 0.25 * erf_overlap(1.0, law),
        Activation::Relu => relu_overlap(law),
        Activation::LeakyRelu => LEAK * k + (1.0 - LEAK) * (1.0 - LEAK) * relu_overlap(law),
        Activation::Linear => k,
        Activation::Sin => damped_sinh(law),
        Activation::Cos => 0.5 * (exp(-0.5 * law.gap) + exp(-0.5 * total - k)),
        Activation::Gaussian => 1.0 / determinant(1.0, law).sqrt(),
        Activation::Gelu => gelu_overlap(law),
        Activation::Tanh | Activation::Sigmoid | Activation::Softplus => return None,
    };
    Some(value)
}

/// [`overlap`] by quadrature.
pub fn quadrature_overlap(activation: Activation, law: &PairCovariance) -> f64 {
    pair_rule(activation, law).integrate(&Product(activation.operation()))[0]
}

/// `E[phi'(u) phi'(v)]`, the slope of the overlap in the covariance.
pub fn overlap_slope(activation: Activation, law: &PairCovariance) -> f64 {
    closed_overlap_slope(activation, law).unwrap_or_else(|| quadrature_overlap_slope(activation, law))
}

/// [`overlap_slope`] in closed form, where there is one.
pub fn closed_overlap_slope(activation: Activation, law: &PairCovariance) -> Option<f64> {
    let law = &Entries::of(law);
    let (total, k) = (law.q + law.q_prime, law.k);
    let value = match activation {
        Activation::ErfSqrt2 | Activation::ErfSqrtpi2 => erf_slope(erf_rate(activation), law),
        Activation::GaussCdf => 0.25 * erf_slope(1.0, law),
        Activation::Relu => 0.5 * (1.0 - relu_angle(law) / PI),
        Activation::LeakyRelu => LEAK + (1.0 - LEAK) * (1.0 - LEAK) * 0.5 * (1.0 - relu_angle(law) / PI),
        Activation::Linear => 1.0,
        Activation::Sin => 0.5 * (exp(-0.5 * law.gap) + exp(-0.5 * total - k)),
        Activation::Cos => damped_sinh(law),
        Activation::Gaussian => {
            let d = determinant(1.0, law);
            k / (d * d.sqrt())
        }
        Activation::Gelu => gelu_slope_of(law),
        Activation::Tanh | Activation::Sigmoid | Activation::Softplus => return None,
    };
    Some(value)
}

/// [`overlap_slope`] by quadrature.
pub fn quadrature_overlap_slope(activation: Activation, law: &PairCovariance) -> f64 {
    pair_rule(activation, law).integrate(&SlopeProduct(activation.operation()))[0]
}

/// `E[(phi(v) - phi(u))^2]` to 1e-12 relative, for gaps down to 1e-300: a closed form without cancellation where there is
/// one, the difference of moments where that loses less than two digits, quadrature of the squared difference elsewhere. Never
/// negative: where inputs are equal it is 0, and a closed form that rounds to less than 0 is within its rounding of 0.
pub fn squared_difference(activation: Activation, law: &PairCovariance) -> f64 {
    if law.gap == 0.0 && law.difference == 0.0 {
        return 0.0;
    }
    if let Some(value) = closed_squared_difference(activation, law) {
        return value.max(0.0);
    }
    if law.gap > 0.05 * (law.q + law.q_prime())
        && let Some(overlap) = closed_overlap(activation, law)
    {
        let m0 = |q| mean_square(activation, q);
        return (m0(law.q) + m0(law.q_prime()) - 2.0 * overlap).max(0.0);
    }
    quadrature_squared_difference(activation, law)
}

/// [`squared_difference`] in a closed form without cancellation, where there is one.
pub fn closed_squared_difference(activation: Activation, law: &PairCovariance) -> Option<f64> {
    let equal = law.difference == 0.0;
    let value = match activation {
        Activation::Linear => law.gap,
        Activation::Relu => relu_squared_difference(&Entries::of(law)),
        Activation::LeakyRelu => {
            LEAK * law.gap + (1.0 - LEAK) * (1.0 - LEAK) * relu_squared_difference(&Entries::of(law))
        }
        Activation::Sin => {
            let (near, far, split) = wave_parts(law);
            near * (1.0 + exp(far)) - split
        }
        Activation::Cos => {
            let (near, far, split) = wave_parts(law);
            split - near * expm1(far)
        }
        Activation::ErfSqrt2 | Activation::ErfSqrtpi2 if equal => {
            erf_squared_difference(erf_rate(activation), law.q, law.gap)
        }
        Activation::GaussCdf if equal => 0.25 * erf_squared_difference(1.0, law.q, law.gap),
        Activation::Gaussian if equal => {
            let b = 1.0 + 2.0 * law.q;
            let excess = law.gap * (law.q - 0.25 * law.gap);
            let (root, root_prime) = (b.sqrt(), (b + excess).sqrt());
            2.0 * excess / (root * root_prime * (root + root_prime))
        }
        _ => return None,
    };
    Some(value)
}

/// [`squared_difference`] by quadrature.
pub fn quadrature_squared_difference(activation: Activation, law: &PairCovariance) -> f64 {
    // scaled, so that gaps near the smallest numbers do not underflow when squared
    let unit = if law.gap > 0.0 { law.gap.sqrt() } else { 1.0 };
    let [mean] = pair_rule(activation, law).integrate(&ScaledSquare { unit, operation: activation.operation() });
    mean * unit * unit
}

/// `phi(u) phi(v)`.
struct Product(&'static dyn Operation);

impl PairIntegrand<1> for Product {
    type Prepared = f64;
    #[inline(always)]
    fn prepare(&self, u: f64) -> f64 {
        self.0.value(u)
    }
    #[inline(always)]
    fn values(&self, phi: f64, _u: f64, v: &[f64; CHUNK], _t: &[f64; CHUNK], [products]: &mut [[f64; CHUNK]; 1]) {
        *products = *v;
        self.0.values(products);
        products.iter_mut().for_each(|value| *value *= phi);
    }
}

/// `phi'(u) phi'(v)`.
struct SlopeProduct(&'static dyn Operation);

impl PairIntegrand<1> for SlopeProduct {
    type Prepared = f64;
    #[inline(always)]
    fn prepare(&self, u: f64) -> f64 {
        self.0.slope(u)
    }
    #[inline(always)]
    fn values(&self, slope: f64, _u: f64, v: &[f64; CHUNK], _t: &[f64; CHUNK], [products]: &mut [[f64; CHUNK]; 1]) {
        self.0.slopes(v, products);
        products.iter_mut().for_each(|value| *value *= slope);
    }
}

/// `((phi(v) - phi(u)) / unit)^2`.
struct ScaledSquare {
    unit: f64,
    operation: &'static dyn Operation,
}

impl PairIntegrand<1> for ScaledSquare {
    type Prepared = [f64; CHUNK];
    #[inline(always)]
    fn prepare(&self, u: f64) -> [f64; CHUNK] {
        [u; CHUNK]
    }
    #[inline(always)]
    fn values(
        &self,
        points: [f64; CHUNK],
        _u: f64,
        _v: &[f64; CHUNK],
        t: &[f64; CHUNK],
        [squares]: &mut [[f64; CHUNK]; 1],
    ) {
        *squares = *t;
        self.operation.differences(&points, squares);
        for square in squares {
            let difference = *square / self.unit;
            *square = difference * difference;
        }
    }
}

/// `E[phi(v)^2] - E[phi(u)^2]` for variances `q + difference` and `q`, without cancellation.
pub fn activity_difference(activation: Activation, q: f64, difference: f64) -> f64 {
    if difference == 0.0 {
        return 0.0;
    }
    if difference.abs() > 0.05 * q {
        let m0 = |q| mean_square(activation, q);
        return m0(q + difference) - m0(q);
    }
    let mut sum = 0.0;
    for (x, weight) in GAUSS_LEGENDRE_8 {
        for x in [-x, x] {
            sum += weight * second_moment_slope(activation, q + 0.5 * difference * (1.0 + x));
        }
    }
    0.5 * difference * sum
}

/// `(1 + r q1)(1 + r q2) - (r k)^2` with `q1 q2 - k^2` formed without cancellation.
fn determinant(rate: f64, law: &Entries) -> f64 {
    1.0 + rate * (law.q + law.q_prime) + rate * rate * law.gram
}

/// `asin(r k / sqrt((1 + r q1)(1 + r q2)))`.
fn arc(rate: f64, law: &Entries) -> f64 {
    atan2(rate * law.k, determinant(rate, law).sqrt())
}

/// `e^(-(q1 + q2)/2) sinh k`, without cancellation for small `k` and without overflow for large ones.
fn damped_sinh(law: &Entries) -> f64 {
    let k = law.k;
    let larger = exp(k.abs() - 0.5 * (law.q + law.q_prime));
    let size = -0.5 * larger * expm1(-2.0 * k.abs());
    if k < 0.0 { -size } else { size }
}

fn erf_overlap(rate: f64, law: &Entries) -> f64 {
    FRAC_2_PI * arc(rate, law)
}

fn erf_slope(rate: f64, law: &Entries) -> f64 {
    FRAC_2_PI * rate / determinant(rate, law).sqrt()
}

/// `(4/pi) (asin a - asin b)`, `a = s / (1 + s)`, `b = a - (g/2) / (1 + s)`, by the sine and cosine of the difference.
fn erf_squared_difference(rate: f64, q: f64, gap: f64) -> f64 {
    let (s, half) = (rate * q, 0.5 * rate * gap);
    let scale = 1.0 + s;
    let (a, b) = (s / scale, (s - half) / scale);
    let cos_a = (1.0 + 2.0 * s).sqrt() / scale;
    let cos_b = ((1.0 + half) * (1.0 + 2.0 * s - half)).max(0.0).sqrt() / scale;
    let sine = if b >= 0.0 { (half / scale) * (a + b) / (a * cos_b + b * cos_a) } else { a * cos_b - b * cos_a };
    if sine.is_nan() {
        return 0.0; // q = 0: both arcs vanish
    }
    2.0 * FRAC_2_PI * atan2(sine, cos_a * cos_b + a * b)
}

/// Angle between `u` and `v`, from `sin^2 = Var(v | u) / Var(v)`, accurate for small angles. Where both vanish it is that of equal
/// variables, the limit from above; where one does, a right angle.
fn relu_angle(law: &Entries) -> f64 {
    if law.q == 0.0 || law.q_prime == 0.0 {
        return if law.gap == 0.0 { 0.0 } else { FRAC_PI_2 };
    }
    atan2(law.q.sqrt() * law.conditional.sqrt(), law.k)
}

/// `sqrt(q1 q2) (sin th - th cos th) / pi`, the part of relu's integrals that is not linear in the covariance.
fn relu_bend(law: &Entries) -> f64 {
    if law.conditional == 0.0 {
        // parallel or opposite
        return if law.k < 0.0 { -law.k } else { 0.0 };
    }
    let angle = relu_angle(law);
    let bend = if angle < 0.5 {
        // sum over n >= 1 of (-1)^(n+1) 2n th^(2n+1) / (2n+1)!
        let square = angle * angle;
        let mut term = angle;
        let mut sum = 0.0;
        for n in 1..=9 {
            let n = f64::from(n);
            term *= square / ((2.0 * n) * (2.0 * n + 1.0));
            sum = if n % 2.0 == 1.0 { sum + 2.0 * n * term } else { sum - 2.0 * n * term };
        }
        sum
    } else {
        sin(angle) - angle * cos(angle)
    };
    law.q.sqrt() * law.q_prime.sqrt() * bend * FRAC_1_PI
}

/// Not negative, which rounding near opposite inputs would make it.
fn relu_overlap(law: &Entries) -> f64 {
    (0.5 * (law.k + relu_bend(law))).max(0.0)
}

fn relu_squared_difference(law: &Entries) -> f64 {
    0.5 * law.gap - relu_bend(law)
}

/// Parts of `E[(sin v - sin u)^2] = E[(1 + cos(u+v)) (1 - cos t)]` and its counterpart for cos: `1 - e^(-gap/2)`, the
/// exponent `-Var(u+v)/2`, and `e^(-q1-q2) (cosh(q2-q1) - 1)`.
fn wave_parts(law: &PairCovariance) -> (f64, f64, f64) {
    let total = law.q + law.q_prime();
    let excess = expm1(-law.difference.abs());
    let split = 0.5 * exp(law.difference.abs() - total) * excess * excess;
    (-expm1(-0.5 * law.gap), 0.5 * law.gap - total, split)
}

/// `E[u Phi(u) v Phi(v)]` by two integrations by parts: with `e = 1/(1+q1) + 1/(1+q2)` and `d` the determinant,
/// `k/4 + (k asin(.) + (q1 q2 - k^2 + e k^2) / sqrt d) / (2 pi)`.
fn gelu_overlap(law: &Entries) -> f64 {
    let k = law.k;
    let e = 1.0 / (1.0 + law.q) + 1.0 / (1.0 + law.q_prime);
    let bracket = law.gram + k * k * e;
    0.5 * FRAC_1_PI * (bracket / determinant(1.0, law).sqrt() + k * arc(1.0, law)) + 0.25 * k
}

/// Derivative of [`gelu_overlap`] in the covariance, with the terms of order `q` cancelled by hand.
pub(super) fn gelu_slope(law: &PairCovariance) -> f64 {
    gelu_slope_of(&Entries::of(law))
}

fn gelu_slope_of(law: &Entries) -> f64 {
    let (k, d) = (law.k, determinant(1.0, law));
    let (p1, p2) = (1.0 + law.q, 1.0 + law.q_prime);
    let (e, s) = (1.0 / p1 + 1.0 / p2, 1.0 + law.q + law.q_prime);
    let bracket = (1.0 - s / p1 * ((s + 1.0) / p2) - law.gram * e) / d + 2.0 * e;
    0.25 + 0.5 * FRAC_1_PI * (arc(1.0, law) + k * bracket / d.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moments::second_moment;

    fn laws() -> Vec<PairCovariance> {
        let mut laws = Vec::new();
        for q in [1e-8, 1e-2, 0.6, 4.0, 60.0, 1e4] {
            for relative in [1e-290, 1e-14, 1e-6, 1e-2, 0.5, 2.0, 3.5, 4.0] {
                laws.push(PairCovariance { q, difference: 0.0, gap: relative * q });
            }
            for (ratio, c) in [(0.25f64, 0.3), (0.25, 0.999_999), (3.0, -0.7), (1.0 + 1e-9, 0.9)] {
                let gap = ((1.0 - ratio.sqrt()) * (1.0 - ratio.sqrt()) + 2.0 * ratio.sqrt() * (1.0 - c)) * q;
                laws.push(PairCovariance { q, difference: (ratio - 1.0) * q, gap });
            }
        }
        laws
    }

    /// Oscillating integrands cancel at large variances: quadrature is then only absolutely accurate.
    fn hopeless(activation: Activation, law: &PairCovariance) -> bool {
        matches!(activation, Activation::Sin | Activation::Cos) && law.q > 100.0
    }

    #[test]
    fn overlap_closed_forms_and_quadrature_agree() {
        for &activation in Activation::ALL {
            for law in laws().iter().filter(|law| !hopeless(activation, law)) {
                let Some(closed) = closed_overlap(activation, law) else { continue };
                let m0 = |q| second_moment(activation, 0, q).expect("finite");
                let scale = (m0(law.q) * m0(law.q_prime())).sqrt();
                let found = quadrature_overlap(activation, law);
                assert!((found - closed).abs() <= 1e-12 * scale, "{activation} {law:?}: {found} against {closed}");
                let m1 = |q| second_moment(activation, 1, q).expect("finite");
                let scale = (m1(law.q) * m1(law.q_prime())).sqrt();
                let (found, closed) =
                    (quadrature_overlap_slope(activation, law), closed_overlap_slope(activation, law));
                let closed = closed.expect("closed like the overlap");
                assert!((found - closed).abs() <= 1e-12 * scale, "{activation} {law:?}: {found} against {closed}");
            }
        }
    }

    #[test]
    fn squared_differences_agree_to_1e_12_relative_down_to_1e_300() {
        for &activation in Activation::ALL {
            for law in laws().iter().filter(|law| !hopeless(activation, law)) {
                let Some(closed) = closed_squared_difference(activation, law) else { continue };
                let found = quadrature_squared_difference(activation, law);
                assert!((found - closed).abs() <= 1e-12 * closed, "{activation} {law:?}: {found:e} against {closed:e}");
            }
        }
    }

    #[test]
    fn squared_difference_is_the_difference_of_moments_when_that_is_safe() {
        for &activation in Activation::ALL {
            for law in laws().iter().filter(|law| law.gap > 0.3 * law.q && !hopeless(activation, law)) {
                let m0 = |q| second_moment(activation, 0, q).expect("finite");
                let plain = m0(law.q) + m0(law.q_prime()) - 2.0 * overlap(activation, law);
                let found = quadrature_squared_difference(activation, law);
                let scale = m0(law.q) + m0(law.q_prime());
                assert!((found - plain).abs() <= 2e-12 * scale, "{activation} {law:?}: {found} against {plain}");
            }
        }
    }

    #[test]
    fn activity_differences_keep_their_relative_accuracy() {
        for &activation in Activation::ALL {
            for q in [1e-3, 1.0, 30.0] {
                let tiny = activity_difference(activation, q, 1e-200);
                let exact = 1e-200 * second_moment_slope(activation, q);
                assert!((tiny - exact).abs() <= 1e-13 * exact.abs(), "{activation} {q}");
                let m0 = |q| second_moment(activation, 0, q).expect("finite");
                let found = activity_difference(activation, q, 0.04 * q);
                assert!((found - (m0(1.04 * q) - m0(q))).abs() < 1e-14 * (1.0 + m0(q)), "{activation} {q}");
            }
        }
    }
}
