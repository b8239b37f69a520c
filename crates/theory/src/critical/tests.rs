//! Published values, closed forms and identities.

use super::*;
use crate::activity::{activity_map, activity_trajectory, variance_map};
use neurodyn_numerics::elementary::{atan2, erfc, exp, ln, tanh};
use neurodyn_numerics::quadrature::Univariate;

fn place(activation: Activation, sigma_b: Option<f64>) -> (Kind, Place) {
    let sigma_b = sigma_b.map(|sigma_b| BiasStd::new(sigma_b).expect("a scale"));
    let found = critical(activation, sigma_b).expect("an answer");
    (found.kind, found.place.unwrap_or_else(|| panic!("{activation}: {:?}", found.reason)))
}

fn close(found: f64, exact: f64, error: f64) {
    assert!((found - exact).abs() <= error * exact.abs(), "{found} against {exact}");
}

/// `q* = (3 + sqrt 17) / 2` from the closed form of the bend; the variances of Roberts, Yaida and Hanin (2022, section 5.3.4).
#[test]
fn gelu_is_critical_at_its_half_stable_point() {
    let (kind, place) = place(Activation::Gelu, None);
    assert_eq!(kind, Kind::Point);
    close(place.q.expect("a fixed point"), 0.5 * (3.0 + 17f64.sqrt()), 1e-12);
    close(place.ensemble.sigma_w.squared(), 1.983_058_26, 5e-9);
    close(place.ensemble.sigma_b.squared(), 0.172_922_39, 3e-8);
    close(place.chi_1, 1.0, 1e-12);
    close(place.activity_slope, 1.0, 1e-12);
    let laws = laws(&place);
    assert_eq!(laws.side, Some(Side::Above));
    let star = place.q.expect("a fixed point");
    for (factor, comes) in [(1.05, true), (0.95, false)] {
        let next = variance_map(&place.ensemble, factor * star);
        assert_eq!((next - star).abs() < (factor * star - star).abs(), comes, "{next}");
    }
}

#[test]
fn odd_activations_have_a_line_from_slope_one_at_silence() {
    let exact = [
        (Activation::Tanh, 1.0),
        (Activation::ErfSqrtpi2, 1.0),
        (Activation::ErfSqrt2, std::f64::consts::FRAC_PI_2.sqrt()),
        (Activation::Sin, 1.0),
    ];
    for (activation, sigma_w) in exact {
        let (kind, place) = place(activation, None);
        assert_eq!((kind, place.q, place.ensemble.sigma_b.get()), (Kind::Line, Some(0.0), 0.0), "{activation}");
        close(place.ensemble.sigma_w.get(), sigma_w, 4e-16);
        close(place.chi_1, 1.0, 1e-14);
        close(place.activity_slope, 1.0, 1e-14);
    }
}

/// Along a line the activity settles exponentially, and more slowly the nearer its end is.
#[test]
fn along_a_line_chi_1_stays_and_the_slope_falls() {
    for activation in [Activation::Tanh, Activation::ErfSqrt2, Activation::Sigmoid, Activation::Cos, Activation::Gelu] {
        let mut last = 1.0;
        for sigma_b in [0.5, 0.8, 1.3] {
            let (kind, place) = place(activation, Some(sigma_b));
            assert_eq!(kind, Kind::Line, "{activation} {sigma_b}");
            close(place.chi_1, 1.0, 1e-10);
            // that of gelu rises again to the 1 of its homogeneous limit
            let most = if activation == Activation::Gelu { 1.0 } else { last };
            assert!(place.activity_slope.abs() < most, "{activation} {place:?}");
            assert!(matches!(laws(&place), Laws { signal: Law::Exponential { .. }, gradient: Law::Kept, side: None }));
            last = place.activity_slope.abs();
        }
    }
}

/// `sigma_w^2 = sqrt(1 + 2q) pi/2`, `sigma_b^2 = q - asin(q/(1+q)) sqrt(1+2q)`.
#[test]
fn the_line_of_erf_is_its_closed_form() {
    for q in [0.03f64, 0.4, 2.0] {
        let root = (1.0 + 2.0 * q).sqrt();
        let bias = (q - atan2(q, root) * root).sqrt();
        let (_, place) = place(Activation::ErfSqrt2, Some(bias));
        close(place.q.expect("a fixed point"), q, 1e-10);
        close(place.ensemble.sigma_w.squared(), std::f64::consts::FRAC_PI_2 * root, 1e-10);
    }
}

/// Even activations: `q = coth q` for cos; `q = 1 + sqrt 2`, `sigma_w = 1 + sqrt 2` for the Gaussian.
#[test]
fn even_activations_have_a_line_without_a_doubly_critical_end() {
    let (kind, cos) = place(Activation::Cos, None);
    let q = cos.q.expect("a fixed point");
    assert_eq!(kind, Kind::Line);
    close(q * tanh(q), 1.0, 1e-12);
    close(cos.activity_slope, 1.0 - q, 1e-12);
    let (kind, bell) = place(Activation::Gaussian, None);
    assert_eq!(kind, Kind::Line);
    for value in [bell.q.expect("a fixed point"), bell.ensemble.sigma_w.get()] {
        close(value, 1.0 + std::f64::consts::SQRT_2, 1e-10);
    }
    close(bell.activity_slope, 1.0 - std::f64::consts::SQRT_2, 1e-10);
    assert!(!cos.is_doubly_critical() && !bell.is_doubly_critical());
}

#[test]
fn homogeneous_activations_have_a_point_and_no_line() {
    for (activation, leak) in [(Activation::Relu, 0.0), (Activation::LeakyRelu, 0.01), (Activation::Linear, 1.0)] {
        let (kind, place) = place(activation, None);
        assert_eq!((kind, place.q, place.ensemble.sigma_b.get()), (Kind::Point, None, 0.0));
        close(place.ensemble.sigma_w.squared(), 2.0 / (1.0 + leak * leak), 4e-16);
        close(place.chi_1, 1.0, 4e-16);
        close(place.activity_slope, 1.0, 4e-16);
        assert_eq!(laws(&place), Laws { signal: Law::Kept, gradient: Law::Kept, side: None });
        let biased = critical(activation, BiasStd::new(0.1).ok()).expect("an answer");
        assert!(biased.kind == Kind::None && biased.reason.is_some_and(|reason| reason.contains("sigma_b^2")));
    }
}

#[test]
fn what_has_no_critical_network_says_why() {
    let none = |activation, sigma_b: Option<f64>| {
        let found = critical(activation, sigma_b.and_then(|sigma_b| BiasStd::new(sigma_b).ok())).expect("an answer");
        assert_eq!((found.kind, found.place), (Kind::None, None), "{activation}");
        found.reason.expect("a reason")
    };
    assert!(none(Activation::Softplus, None).contains("E[phi phi''] > 0"));
    assert!(none(Activation::Softplus, Some(0.3)).contains("no weight scale"));
    assert!(none(Activation::Gelu, Some(0.3)).contains("begin at the half-stable point sigma_b = 0.4158393"));
}

/// The laws against the map itself, iterated: activities and the product of `chi_1` at depths that double.
#[test]
fn power_laws_are_those_of_many_layers() {
    for activation in [Activation::Tanh, Activation::ErfSqrt2, Activation::Sin] {
        let (_, place) = place(activation, None);
        let laws = laws(&place);
        let Law::Power { exponent, amplitude: Some(amplitude) } = laws.signal else { panic!("{laws:?}") };
        let Law::Power { exponent: gradient, .. } = laws.gradient else { panic!("{laws:?}") };
        close(exponent, -1.0, 1e-14);
        close(gradient, -1.0, 1e-12);
        let depth = 8000;
        let activities = activity_trajectory(&place.ensemble, 1.0, depth).expect("finite");
        close(activities[depth] * depth as f64, amplitude, 3e-3);
        let log = |upto: usize| -> f64 {
            let chi = |a: &f64| ln(chi_1(&place.ensemble, place.ensemble.preactivation_variance(*a)));
            activities[..upto].iter().map(chi).sum()
        };
        close((log(depth) - log(depth / 2)) / std::f64::consts::LN_2, gradient, 3e-3);
    }
    let (_, gelu) = place(Activation::Gelu, None);
    let laws = laws(&gelu);
    let Law::Power { exponent, amplitude: Some(amplitude) } = laws.signal else { panic!("{laws:?}") };
    let Law::Power { exponent: gradient, .. } = laws.gradient else { panic!("{laws:?}") };
    assert_eq!(exponent, -1.0);
    // 1 / (A - A*) grows by 1 / amplitude a layer, and ln chi_1 is the exponent of the gradient times that of A
    let star = activity_map(
        &gelu.ensemble,
        (gelu.q.expect("a point") - gelu.ensemble.sigma_b.squared()) / gelu.ensemble.sigma_w.squared(),
    );
    let above = star + 0.01;
    let next = activity_map(&gelu.ensemble, above);
    close(1.0 / (next - star) - 1.0 / (above - star), 1.0 / amplitude, 0.05);
    let chi = ln(chi_1(&gelu.ensemble, gelu.ensemble.preactivation_variance(above)));
    close(chi * amplitude / 0.01, gradient, 0.05);
}

/// `u sigmoid(u)`: at this `q*` the bend is 0, and these are the variances (Roberts, Yaida and Hanin 2022, section 5.3.4); a bias variance ten
/// times smaller is in several public codes.
#[test]
fn silu_has_the_bias_variance_of_its_half_stable_point() {
    let (q, weight, bias) = (14.320_173_618_0, 1.988_004_68, 0.555_143_17);
    let rule = Univariate::new(Activation::Sigmoid.shape(), q);
    let [square, slope_square, bend] = rule.expectations(|u| {
        let [s, first, second, ..] = Activation::Sigmoid.jet(u);
        let (value, slope, bend) = (u * s, s + u * first, 2.0 * first + u * second);
        [value * value, slope * slope, value * bend]
    });
    assert!(bend.abs() < 1e-12, "{bend}");
    close(weight * slope_square, 1.0, 5e-9);
    close(q - square / slope_square, bias, 1e-8);
}

/// Elu, whose second derivative jumps at 0: `E[phi^2]` is a closed form, and the map is iterated.
#[test]
fn a_jump_at_silence_makes_signals_fall_as_the_square() {
    let laws = laws::silence(&[0.0, 1.0, 1.0, 1.0, 1.0, 1.0], &[0.0, 1.0, 0.0, 0.0, 0.0, 0.0], 1.0);
    let Law::Power { exponent, amplitude: Some(amplitude) } = laws.signal else { panic!("{laws:?}") };
    assert_eq!((exponent, laws.gradient), (-2.0, Law::Power { exponent: -2.0, amplitude: None }));
    close(amplitude, std::f64::consts::TAU, 1e-14);
    let below = |x: f64| 0.5 * erfc(x / std::f64::consts::SQRT_2);
    let map = |q: f64| {
        let sd = q.sqrt();
        0.5 * q + exp(2.0 * q) * below(2.0 * sd) - 2.0 * exp(0.5 * q) * below(sd) + 0.5
    };
    let chi = |q: f64| 0.5 + exp(2.0 * q) * below(2.0 * q.sqrt());
    let (mut q, mut log) = (1.0, [0.0; 2]);
    for layer in 0..4000 {
        let part = usize::from(layer >= 2000);
        log[part] += ln(chi(q));
        q = map(q);
    }
    close(q * 4000.0 * 4000.0, amplitude, 0.02);
    close(log[1] / std::f64::consts::LN_2, -2.0, 0.02);
}
