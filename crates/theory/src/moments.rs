//! Gaussian moments of one activation: `E[phi^(k)(u)^2]`, `u ~ N(0, q)`, and derivatives in `q`.
//!
//! Closed forms (orthant and Gaussian integrals) for all but `tanh`, `sigmoid` and `softplus`; the rule of
//! [`neurodyn_numerics::quadrature`] for the rest. Both are compared in tests for every activation that has both.
//! Relative accuracy 1e-12 for `q` from 1e-8 to 1e4 (closed forms: a few ulp).
//!
//! Formulas: 1e-10 for `q` from 1e-6 to 1e3, derivatives included (what kinks and jumps add is in `moments/derivatives.rs`). What is infinite is given
//! as infinite, and so is what is beyond the largest variance for which a formula is resolved.

pub(crate) mod derivatives;

use super::TheoryError;
use super::roughness::{beyond, is_beyond, obstacle};
use derivatives::Square;
use neurodyn_model::Activation;
use neurodyn_model::activation::{Operation, Parity, SlopeMoments};
use neurodyn_numerics::quadrature::{CHUNK, Integrand, Univariate};

/// `E[phi(u)^2]`, `u ~ N(0, q)`: the activity of a layer of this variance of preactivations.
pub fn mean_square(activation: Activation, q: f64) -> f64 {
    let moment = moment(activation, 0, q);
    largest(activation).map_or(moment, |largest| moment.min(largest))
}

/// The largest possible `phi^2`, which the rounding of a quadrature may step over. That of a formula is not known to the last digit.
fn largest(activation: Activation) -> Option<f64> {
    match activation {
        Activation::Formula(_) => None,
        _ => activation.bound().map(|bound| bound * bound),
    }
}

/// `E[phi'(u)^2]`, `u ~ N(0, q)`; infinite where `phi` jumps.
pub fn derivative_mean_square(activation: Activation, q: f64) -> f64 {
    if activation.is_continuous() { moment(activation, 1, q) } else { f64::INFINITY }
}

/// `E[phi^(order)(u)^2]` for `order` 0, 1 or 2; `None` where it is infinite (`phi''` of relu, `phi'` of what jumps).
pub fn second_moment(activation: Activation, order: usize, q: f64) -> Option<f64> {
    match order {
        0 => Some(mean_square(activation, q)),
        1 if !activation.is_continuous() => None,
        2 if !activation.is_smooth() => None,
        _ => Some(moment(activation, order, q)),
    }
}

/// In closed form where there is one, else by quadrature.
fn moment(activation: Activation, order: usize, q: f64) -> f64 {
    closed_second_moment(activation, order, q).unwrap_or_else(|| {
        if is_beyond(activation, q) { f64::INFINITY } else { quadrature_second_moment(activation, order, q) }
    })
}

/// [`second_moment`] in closed form, where there is one.
pub fn closed_second_moment(activation: Activation, order: usize, q: f64) -> Option<f64> {
    activation.definition().second_moment(order, q)
}

/// [`second_moment`] by quadrature.
///
/// # Panics
/// If the order is above 2.
pub fn quadrature_second_moment(activation: Activation, order: usize, q: f64) -> f64 {
    let [value, slope, bend, _] = quadrature_moments(activation, q);
    [value, slope, bend][order]
}

/// The rule for integrands that take an even number of factors `phi` and its derivatives.
fn square_rule(activation: Activation, q: f64) -> Univariate {
    match activation.definition().parity() {
        Parity::None => Univariate::new(activation.shape(), q),
        Parity::Odd | Parity::Even => Univariate::new_for_even_integrands(activation.shape(), q),
    }
}

/// `E[phi^2]`, `E[phi'^2]`, `E[phi''^2]` and `E[phi'^2 + phi phi'']` by one quadrature.
fn quadrature_moments(activation: Activation, q: f64) -> [f64; 4] {
    square_rule(activation, q).integrate(&Squares(activation.operation()))
}

struct Squares(&'static dyn Operation);

impl Integrand<4> for Squares {
    #[inline(always)]
    fn values(&self, nodes: &[f64; CHUNK], [value, slope, bend, product]: &mut [[f64; CHUNK]; 4]) {
        *value = *nodes;
        self.0.values(value);
        self.0.slopes_and_bends(nodes, slope, bend);
        for n in 0..CHUNK {
            product[n] = slope[n] * slope[n] + value[n] * bend[n];
            value[n] *= value[n];
            slope[n] *= slope[n];
            bend[n] *= bend[n];
        }
    }
}

/// `E[phi^2]` and its derivative in `q`, at the price of one.
pub fn mean_square_with_slope(activation: Activation, q: f64) -> (f64, f64) {
    match activation.definition().second_moment_slope(q) {
        None if q <= LARGE && !is_formula(activation) => {
            let [square, _, _, slope] = quadrature_moments(activation, q);
            (largest(activation).map_or(square, |largest| square.min(largest)), slope)
        }
        _ => (mean_square(activation, q), second_moment_slope(activation, q)),
    }
}

/// Above this `q` the two terms of `E[phi'^2 + phi phi'']` cancel, like `1/q`.
const LARGE: f64 = 1e3;

fn is_formula(activation: Activation) -> bool {
    matches!(activation, Activation::Formula(_))
}

/// A derivative in `q`, where a formula needs more than its derivatives beside the breaks.
fn of_formula(activation: Activation, square: Square, times: usize, q: f64) -> Option<f64> {
    if !is_formula(activation) {
        return None;
    }
    let infinite = is_beyond(activation, q) || (square == Square::Slope && !activation.is_continuous());
    Some(if infinite { f64::INFINITY } else { derivatives::derivative(activation, square, times, q) })
}

/// `d E[phi^2] / dq = E[phi'^2 + phi phi'']` (Price's theorem), the second derivative of `phi^2 / 2` as a distribution where `phi` breaks.
pub fn second_moment_slope(activation: Activation, q: f64) -> f64 {
    if let Some(slope) = activation.definition().second_moment_slope(q) {
        return slope;
    }
    if let Some(slope) = of_formula(activation, Square::Value, 1, q) {
        return slope;
    }
    if q <= LARGE {
        return quadrature_moments(activation, q)[3];
    }
    // there the derivative is taken on the weight instead
    let mean = Univariate::new(activation.shape(), q).expectation(|u| {
        let value = activation.value(u);
        value * value * (u / q * u - 1.0)
    });
    0.5 * mean / q
}

/// `d^2 E[phi^2] / dq^2 = (1/4) E[(phi^2)'''']`, `(phi^2)'''' = 2 phi phi'''' + 8 phi' phi''' + 6 phi''^2`.
pub fn second_moment_curvature(activation: Activation, q: f64) -> f64 {
    if activation.is_homogeneous() {
        return 0.0;
    }
    let closed = activation.definition().second_moment_curvature(q);
    if let Some(found) = closed.or_else(|| of_formula(activation, Square::Value, 2, q)) {
        return found;
    }
    Univariate::new(activation.shape(), q).expectation(|u| {
        let jet = activation.jet(u);
        0.5 * jet[0] * jet[4] + 2.0 * jet[1] * jet[3] + 1.5 * jet[2] * jet[2]
    })
}

/// `d E[phi'^2] / dq = E[phi''^2 + phi' phi''']`; 0 for the homogeneous activations.
pub fn derivative_moment_slope(activation: Activation, q: f64) -> f64 {
    if activation.is_homogeneous() {
        return 0.0;
    }
    let closed = activation.definition().derivative_moment_slope(q);
    if let Some(found) = closed.or_else(|| of_formula(activation, Square::Slope, 1, q)) {
        return found;
    }
    Univariate::new(activation.shape(), q).expectation(|u| {
        let jet = activation.jet(u);
        jet[2] * jet[2] + jet[1] * jet[3]
    })
}

/// `d^2 E[phi'^2] / dq^2 = E[phi'^2 (z^4 - 6 z^2 + 3)] / (4 q^2)`, `z = u / sqrt q`, so kinks need no derivatives; 0 for the homogeneous
/// activations. Its error is 1e-12 of `E[phi'^2] / q^2`, not of itself.
pub fn derivative_moment_curvature(activation: Activation, q: f64) -> f64 {
    if activation.is_homogeneous() {
        return 0.0;
    }
    let closed = activation.definition().derivative_moment_curvature(q);
    if let Some(found) = closed.or_else(|| of_formula(activation, Square::Slope, 2, q)) {
        return found;
    }
    let mean = Univariate::new(activation.shape(), q).expectation(|u| {
        let (slope, square) = (activation.jet(u)[1], u / q * u);
        slope * slope * ((square - 6.0) * square + 3.0)
    });
    0.25 * mean / (q * q)
}

/// `Var[phi^2] = E[phi^4] - E[phi^2]^2`, formed as the mean square of `phi^2 - E[phi^2]`.
pub fn square_variance(activation: Activation, q: f64) -> f64 {
    if let Some(closed) = activation.definition().square_variance(q) {
        return closed;
    }
    if is_beyond(activation, q) {
        return f64::INFINITY;
    }
    let rule = Univariate::new(activation.shape(), q);
    let square = |u: f64| {
        let value = activation.value(u);
        value * value
    };
    let mean = rule.expectation(square);
    rule.expectation(|u| (square(u) - mean) * (square(u) - mean))
}

/// [`SlopeMoments`] at this variance. Sines and cosines have closed forms (frequencies 2 and 4 of a wave decay as `exp(-2 q)` and
/// `exp(-8 q)`), so their cost does not grow with `q`. All are infinite where `E[phi'^4]` is.
pub fn slope_moments(activation: Activation, q: f64) -> SlopeMoments {
    if let Some(closed) = activation.definition().slope_moments(q) {
        return closed;
    }
    if is_beyond(activation, q) || obstacle(activation, 1, 4).is_some() {
        return SlopeMoments { fourth: f64::INFINITY, both: f64::INFINITY, mixed: f64::INFINITY };
    }
    let activity = mean_square(activation, q);
    let [fourth, both, mixed] = Univariate::new(activation.shape(), q).expectations(|u| {
        let [value, slope, ..] = activation.jet(u);
        let squared = slope * slope;
        [squared * squared, value * value * squared, (value * value - activity) * squared]
    });
    SlopeMoments { fourth, both, mixed }
}

/// Refuses variances of preactivations at which an oscillating activation would take too many nodes.
pub(super) fn check_nodes(activation: Activation, q: f64, what: &'static str) -> Result<(), TheoryError> {
    if q <= activation.shape().largest_variance() {
        return Ok(());
    }
    let reason = match activation {
        Activation::Formula(_) => beyond(activation),
        _ => "the activation oscillates too fast at this variance of preactivations (above 40000)",
    };
    Err(TheoryError::OutOfRegime { what, reason })
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_have_closed_moments_at_every_frequency() {
        for activation in [Activation::Sin, Activation::Cos] {
            for q in [1e-6, 0.01, 1.0, 30.0, 1e3] {
                let found = slope_moments(activation, q);
                let [fourth, both, mean, square] = Univariate::new(activation.shape(), q).expectations(|u| {
                    let [value, slope, ..] = activation.jet(u);
                    let (value, slope) = (value * value, slope * slope);
                    [slope * slope, value * slope, value, slope]
                });
                let close = |found: f64, exact: f64| (found - exact).abs() <= 1e-12 * exact.abs();
                assert!(close(found.fourth, fourth) && close(found.both, both), "{activation} {q}: {found:?}");
                assert!((found.mixed - (both - mean * square)).abs() < 1e-15, "{activation} {q}: {found:?}");
            }
            assert!(check_nodes(activation, 4e4, "x").is_ok() && check_nodes(activation, 4.1e4, "x").is_err());
            // far beyond any grid
            assert_eq!(slope_moments(activation, 1e20), SlopeMoments { fourth: 0.375, both: 0.125, mixed: -0.125 });
        }
        assert!(check_nodes(Activation::Tanh, 1e300, "x").is_ok());
    }

    #[test]
    fn at_variance_0_a_kink_has_both_its_slopes() {
        let leak = Activation::LeakyRelu.derivative(-1.0);
        for (activation, fourth) in
            [(Activation::Relu, 0.5), (Activation::LeakyRelu, 0.5 * (1.0 + leak * leak * leak * leak))]
        {
            let found = slope_moments(activation, 0.0);
            assert!((found.fourth - fourth).abs() < 1e-16 && found.mixed == 0.0, "{activation} {found:?}");
        }
    }

    #[test]
    fn closed_forms_and_quadrature_agree_over_twelve_decades_of_q() {
        for &activation in Activation::ALL {
            for order in 0..3 {
                for q in [1e-8, 1e-5, 1e-2, 0.3, 1.0, 7.0, 100.0, 1e4] {
                    let Some(closed) = closed_second_moment(activation, order, q) else { continue };
                    let quadrature = quadrature_second_moment(activation, order, q);
                    let error = (quadrature - closed).abs();
                    assert!(error <= 1e-12 * closed, "{activation} {order} {q}: {quadrature} against {closed}");
                }
            }
        }
    }

    #[test]
    fn slopes_are_difference_quotients_of_the_moments() {
        for &activation in Activation::ALL {
            for q in [0.05, 0.7, 4.0, 2e3] {
                let h = 1e-3 * q;
                let quotient = |f: &dyn Fn(f64) -> f64| {
                    (8.0 * (f(q + h) - f(q - h)) - (f(q + 2.0 * h) - f(q - 2.0 * h))) / (12.0 * h)
                };
                let close = |found: f64, exact: f64| (found - exact).abs() < 1e-9 * (1.0 + exact.abs());
                let m0 = |q: f64| second_moment(activation, 0, q).expect("finite");
                let m1 = |q: f64| second_moment(activation, 1, q).expect("finite");
                assert!(close(quotient(&m0), second_moment_slope(activation, q)), "{activation} {q}");
                assert!(close(quotient(&m1), derivative_moment_slope(activation, q)), "{activation} {q}");
                let slope = |q: f64| second_moment_slope(activation, q);
                assert!(close(quotient(&slope), second_moment_curvature(activation, q)), "{activation} {q}");
                let slope = |q: f64| derivative_moment_slope(activation, q);
                assert!(close(quotient(&slope), derivative_moment_curvature(activation, q)), "{activation} {q}");
            }
        }
    }

    #[test]
    fn variance_of_the_square_has_its_closed_values() {
        for q in [1e-6, 0.5, 1e3] {
            for (activation, factor) in [(Activation::Linear, 2.0), (Activation::Relu, 1.25)] {
                let found = square_variance(activation, q);
                assert!((found / (factor * q * q) - 1.0).abs() < 1e-12, "{activation} {q}: {found}");
            }
        }
        for activation in [Activation::Sin, Activation::Cos] {
            for q in [0.01, 1.0, 30.0] {
                let [second, fourth] = Univariate::new(activation.shape(), q).expectations(|u| {
                    let square = activation.value(u) * activation.value(u);
                    [square, square * square]
                });
                assert!((square_variance(activation, q) - (fourth - second * second)).abs() < 1e-14);
            }
        }
    }
}
