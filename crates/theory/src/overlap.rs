//! Gaussian integrals of two correlated preactivations: overlap `E[phi(u) phi(v)]`, its slope `E[phi'(u) phi'(v)]`, and
//! the mean squared difference `E[(phi(v) - phi(u))^2]`, each in a form that keeps its relative accuracy.
//!
//! Sources of the closed forms: Price's theorem; Cho and Saul 2009 (relu); Williams 1998 (erf); derived here for
//! `gelu`, `sin`, `cos` and `gaussian`, and checked against quadrature in tests.

mod jumps;

use super::moments::{mean_square, second_moment_slope};
use super::roughness::is_beyond;
use neurodyn_model::Activation;
use neurodyn_model::activation::{Operation, PairLaw};
use neurodyn_numerics::quadrature::{Bivariate, CHUNK, GAUSS_LEGENDRE_8, PairCovariance, PairIntegrand};

/// The rule for integrands that take an even number of factors `phi`, its derivatives or its differences.
pub(super) fn pair_rule(activation: Activation, law: &PairCovariance) -> Bivariate {
    even(activation, Bivariate::new(activation.shape(), law))
}

/// `phi(v)` at many nodes; those of a formula go together.
pub(super) fn values_along(activation: Activation, v: &[f64], values: &mut [f64]) {
    if let Activation::Formula(formula) = activation {
        values.copy_from_slice(v);
        return formula.values(values);
    }
    values.iter_mut().zip(v).for_each(|(value, v)| *value = activation.value(*v));
}

/// `phi(u + t) - phi(u)` likewise.
pub(super) fn differences_along(activation: Activation, u: f64, t: &[f64], differences: &mut [f64]) {
    if let Activation::Formula(formula) = activation {
        differences.copy_from_slice(t);
        return formula.differences(&vec![u; t.len()], differences);
    }
    differences.iter_mut().zip(t).for_each(|(difference, t)| *difference = activation.difference(u, *t));
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
    let law = PairLaw::of_covariance(low, high, covariance);
    activation.definition().overlap(&law).unwrap_or_else(|| {
        if is_beyond(activation, high) {
            return f64::INFINITY;
        }
        let rule = even(activation, Bivariate::of_covariance(activation.shape(), low, high, covariance));
        rule.integrate(&Product(activation.operation()))[0]
    })
}

/// [`overlap`] in closed form, where there is one.
pub fn closed_overlap(activation: Activation, law: &PairCovariance) -> Option<f64> {
    activation.definition().overlap(&PairLaw::of(law))
}

/// [`overlap`] by quadrature.
pub fn quadrature_overlap(activation: Activation, law: &PairCovariance) -> f64 {
    if is_pair_beyond(activation, law) {
        return f64::INFINITY;
    }
    pair_rule(activation, law).integrate(&Product(activation.operation()))[0]
}

/// `E[phi'(u) phi'(v)]`, the slope of the overlap in the covariance, to which jumps of `phi` contribute; infinite where they meet.
pub fn overlap_slope(activation: Activation, law: &PairCovariance) -> f64 {
    if !activation.is_continuous() {
        return jumps::overlap_slope(activation, law);
    }
    closed_overlap_slope(activation, law).unwrap_or_else(|| quadrature_overlap_slope(activation, law))
}

/// [`overlap_slope`] in closed form, where there is one.
pub fn closed_overlap_slope(activation: Activation, law: &PairCovariance) -> Option<f64> {
    activation.definition().overlap_slope(&PairLaw::of(law))
}

/// [`overlap_slope`] by quadrature.
pub fn quadrature_overlap_slope(activation: Activation, law: &PairCovariance) -> f64 {
    if is_pair_beyond(activation, law) {
        return f64::INFINITY;
    }
    pair_rule(activation, law).integrate(&SlopeProduct(activation.operation()))[0]
}

/// `E[(phi(v) - phi(u))^2]` to 1e-12 relative, for gaps down to 1e-300: a closed form without cancellation where there is
/// one, the difference of moments where that loses less than two digits, quadrature of the squared difference elsewhere. Never
/// negative: where inputs are equal it is 0, and a closed form that rounds to less than 0 is within its rounding of 0.
pub fn squared_difference(activation: Activation, law: &PairCovariance) -> f64 {
    if law.gap == 0.0 && law.difference == 0.0 {
        return 0.0;
    }
    if let Some(value) = closed_squared_difference(activation, law).or_else(|| jumps::near(activation, law)) {
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
    activation.definition().squared_difference(law)
}

/// [`squared_difference`] by quadrature.
pub fn quadrature_squared_difference(activation: Activation, law: &PairCovariance) -> f64 {
    if is_pair_beyond(activation, law) {
        return f64::INFINITY;
    }
    // scaled, so that gaps near the smallest numbers do not underflow when squared
    let unit = if law.gap > 0.0 { law.gap.sqrt() } else { 1.0 };
    let [mean] = pair_rule(activation, law).integrate(&ScaledSquare { unit, operation: activation.operation() });
    mean * unit * unit
}

/// Whether a formula is not known at one of both variances.
fn is_pair_beyond(activation: Activation, law: &PairCovariance) -> bool {
    is_beyond(activation, law.q.max(law.q_prime()))
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
