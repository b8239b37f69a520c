use super::*;
use neurodyn_numerics::elementary::{asin, exp};
use neurodyn_numerics::ode::{Integrator, Solution};
use std::convert::Infallible;
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

fn state(activation: Activation, gain: f64) -> MeanField {
    MeanField::new(activation, gain).expect("a state")
}

/// Gain, `D(0)` by a two-dimensional trapezoid sum over `ln cosh`, and the exponent by finite differences on a fine grid, both
/// computed elsewhere.
const TANH: [(f64, f64, f64); 4] = [
    (1.2, 0.242_628_895_986_704, 0.011_919_557_9),
    (1.5, 0.747_686_380_553_398, 0.046_746_219_5),
    (2.0, 1.924_805_413_737_058, 0.112_458_109_6),
    (4.0, 10.467_473_214_108_887, 0.341_468_953_6),
];

#[test]
fn values_of_tanh_are_those_of_another_method() {
    for (gain, variance, exponent) in TANH {
        let found = state(Activation::Tanh, gain);
        assert!((found.variance() / variance - 1.0).abs() < 1e-10, "{gain}: {}", found.variance());
        assert!((found.lyapunov_exponent() - exponent).abs() < 1e-7, "{gain}: {}", found.lyapunov_exponent());
    }
}

#[test]
fn the_variance_of_erf_solves_the_equation_in_closed_form() {
    // C(k) = (2/pi) asin(k / a), a = 1 + D(0), whose integral is k asin(k / a) + sqrt(a^2 - k^2) - a
    for gain in [1.3, 2.0, 5.0, 30.0] {
        let d = state(Activation::ErfSqrt2, gain).variance();
        let a = 1.0 + d;
        let integral = FRAC_2_PI * (d * asin(d / a) + (1.0 + 2.0 * d).sqrt() - a);
        assert!((gain * gain * integral / (0.5 * d * d) - 1.0).abs() < 1e-10, "{gain}: {d}");
    }
    // erf_sqrtpi2 is the same function of sqrt(pi/2) x
    let (a, b) = (state(Activation::ErfSqrt2, 2.5), state(Activation::ErfSqrtpi2, 2.5 / 1.253_314_137_315_500_3));
    assert!((b.variance() * FRAC_PI_2 / a.variance() - 1.0).abs() < 1e-10);
    assert!((a.lyapunov_exponent() - b.lyapunov_exponent()).abs() < 1e-9);
}

#[test]
fn the_autocorrelation_solves_its_equation() {
    for (activation, gain) in [(Activation::Tanh, 1.5), (Activation::Tanh, 4.0), (Activation::ErfSqrt2, 3.0)] {
        let found = state(activation, gain);
        let kernel = Kernel { activation, square: gain * gain, variance: found.variance() };
        let field = |y: &[f64]| Ok::<_, Infallible>(vec![y[1], y[0] * kernel.deficit(y[0].abs())]);
        let mut exact = Solution::new(field, vec![found.variance(), 0.0], Integrator::default());
        // an unstable equation: rounding grows like exp(r tau)
        for tau in [0.3, 1.0, 2.0, 5.0, 10.0] {
            let expected = exact.at(tau).expect("smooth")[0];
            let difference = (found.autocorrelation(tau) - expected).abs() / found.variance();
            assert!(difference < 1e-8, "{activation} {gain} {tau}: {difference:e}");
        }
        assert_eq!(found.autocorrelation(-2.0), found.autocorrelation(2.0));
        assert!((found.autocorrelation(0.0) / found.variance() - 1.0).abs() < 1e-15);
    }
}

#[test]
fn the_autocorrelation_ends_exponentially_at_the_rate_of_the_linearised_equation() {
    for gain in [1.2, 2.0, 6.0] {
        let found = state(Activation::Tanh, gain);
        let independent = PairCovariance { q: found.variance(), difference: 0.0, gap: 2.0 * found.variance() };
        let rate = (1.0 - gain * gain * overlap_slope(Activation::Tanh, &independent)).sqrt();
        assert!((found.decay_rate() / rate - 1.0).abs() < 1e-9, "{gain}: {} {rate}", found.decay_rate());
        for tau in [40.0, 200.0, 500.0] {
            let ratio = found.autocorrelation(tau / rate + 1.0) / found.autocorrelation(tau / rate);
            assert!((ratio / exp(-rate) - 1.0).abs() < 1e-9, "{gain} {tau}: {ratio}");
        }
    }
}

#[test]
fn near_the_transition_all_has_the_form_of_the_paper() {
    // epsilon = g - 1: D(0) = epsilon + (7/6) epsilon^2, r = D(0) / sqrt 3, D(tau) = D(0) / cosh(r tau), lambda = epsilon^2 / 2
    for epsilon in [1e-2, 1e-3] {
        let found = state(Activation::Tanh, 1.0 + epsilon);
        let expected = epsilon + 7.0 / 6.0 * epsilon * epsilon;
        assert!((found.variance() / expected - 1.0).abs() < 3.0 * epsilon * epsilon, "{epsilon}");
        assert!((found.decay_rate() * 3f64.sqrt() / epsilon - 1.0).abs() < 3.0 * epsilon, "{}", found.decay_rate());
        for x in [0.5, 1.5, 4.0] {
            let share = found.autocorrelation(x / found.decay_rate()) / found.variance();
            let sech = 2.0 / (exp(x) + exp(-x));
            assert!((share / sech - 1.0).abs() < 3.0 * epsilon, "{epsilon} {x}: {share} {sech}");
        }
        let ratio = found.lyapunov_exponent() / (0.5 * epsilon * epsilon);
        assert!((ratio - 1.0).abs() < 6.0 * epsilon, "{epsilon}: {ratio}");
    }
}

#[test]
fn below_the_transition_everything_dies() {
    for (activation, critical) in
        [(Activation::Tanh, 1.0), (Activation::ErfSqrt2, 1.253_314_137_315_500_3), (Activation::Sin, 1.0)]
    {
        assert!((critical_gain(activation) - critical).abs() < 1e-15);
        let dead = state(activation, 0.9 * critical);
        assert_eq!((dead.variance(), dead.autocorrelation(3.0)), (0.0, 0.0));
        assert!((dead.lyapunov_exponent() + 0.1).abs() < 1e-14 && (dead.decay_rate() - 0.1).abs() < 1e-14);
        let alive = state(activation, 1.1 * critical);
        assert!(alive.variance() > 0.0 && alive.lyapunov_exponent() > 0.0);
    }
}

#[test]
fn large_gains_approach_the_sign_function() {
    // phi = sign: C(k) = (2/pi) asin(k / D(0)), so D(0) / g^2 = 2 (1 - 2/pi)
    let found = state(Activation::Tanh, 300.0);
    assert!((found.variance() / 90_000.0 / (2.0 * (1.0 - FRAC_2_PI)) - 1.0).abs() < 1e-2, "{}", found.variance());
}

#[test]
fn what_has_no_such_state_says_why() {
    let refused = |activation, gain| MeanField::new(activation, gain).expect_err("none").reason();
    for activation in [Activation::Linear, Activation::Relu, Activation::GaussCdf, Activation::Cos] {
        assert!(refused(activation, 2.0).contains("not odd, smooth and bounded"), "{activation}");
    }
    for gain in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(refused(Activation::Tanh, gain).contains("positive number"));
    }
    assert!(refused(Activation::Tanh, 1.0 + 1e-15).contains("rounding"));
}

#[test]
fn tangents_below_the_transition_grow_as_modified_bessel_functions() {
    // ln I_0(1) and ln I_0(30) by the power series
    let bessel = [0.235_914_358_507_178_5, 27.384_701_433_171_937];
    let found = growth_in_time(0.5, 1.0, 30.0);
    assert!((found - (-1.0 + 0.5 * (bessel[1] - bessel[0]) / 29.0)).abs() < 1e-14, "{found}");
    let late = growth_in_time(0.8, 1000.0, 1100.0);
    assert!((late - (-0.2 - 0.25 * 0.095_310_179_804_324_9 / 100.0)).abs() < 1e-6, "{late}");
    // where all time counts, the start is that of a random vector
    assert!((growth_in_time(0.5, 0.0, 1e-3) + 1.0).abs() < 1e-3);
}
