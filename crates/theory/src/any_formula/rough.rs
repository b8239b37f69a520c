//! Formulas with kinks, jumps and waves: all is finite, or refused with a reason, and derivatives are those of what they are derivatives of.

use super::*;

const ALL: [&str; 13] = [
    "silu",
    "elu",
    "selu",
    "hard_tanh",
    "relu6",
    "max(u - 0.7, 0)",
    "abs(u)",
    "relu_squared",
    "u + sin(3 * u) / 2",
    "tanh(20 * u)",
    "sign(u - 0.3)",
    "abs(u)^1.5",
    "sqrt(abs(u))",
];

fn activation(text: &str) -> Activation {
    text.parse().expect("a formula")
}

#[test]
fn all_is_finite_or_refused_with_a_reason() {
    let mut wrong = Vec::new();
    for text in ALL {
        let activation = activation(text);
        // where derivatives diverge, rules of pairs have a thousand nodes a side, and other tests look at some
        if text.contains("sqrt") || text.contains('^') {
            continue;
        }
        let waves = text.contains("sin");
        let mut laws = laws();
        // waves at large variances take their time: one such pair in place of seven
        if waves {
            let large = laws.pop().expect("laws");
            laws.retain(|law| law.q < 100.0);
            laws.push(large);
        }
        for (name, value, _) in moments(activation, &laws) {
            let value = value.expect("a number");
            // moments that are infinite are given as that
            if value.is_nan() || (!value.is_finite() && activation.is_continuous()) {
                wrong.push(format!("{text}, {name}: {value}"));
            }
        }
        for (w, b) in [(1.5, 0.3), (0.7, 0.0)] {
            let w = if waves { 0.6 * w } else { w };
            let ensemble = Ensemble::new(activation, w, b).expect("valid");
            for (name, value, _) in layers(&ensemble) {
                match value {
                    Ok(value) if !value.is_finite() => wrong.push(format!("{text} {w} {b}, {name}: {value}")),
                    Err(error) if error.reason().len() < 10 => wrong.push(format!("{text}, {name}: {error}")),
                    _ => {}
                }
            }
            let card = whole_card(&ensemble).unwrap_or_else(|error| error);
            let rows = card.split("stability").filter(|part| part.contains("chi_1: inf")).count();
            let jumps = if activation.is_continuous() { 0 } else { rows };
            if card.contains("NaN") || card.matches("inf,").count() > jumps {
                wrong.push(format!("{text} {w} {b}: {card}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_has_no_mean_says_why() {
    let reason = |text: &str, f: &dyn Fn(&Ensemble) -> Result<(), TheoryError>| {
        let ensemble = Ensemble::new(activation(text), 1.5, 0.3).expect("valid");
        f(&ensemble).expect_err("must be refused").to_string()
    };
    let metric = |ensemble: &Ensemble| conformal_factors(ensemble, 0.8, 2).map(drop);
    let errors = |ensemble: &Ensemble| error_laws(ensemble, 0.8, &[Width::new(10).expect("valid")]).map(drop);
    let bend = |ensemble: &Ensemble| chi_2(ensemble, 1.0).map(drop);
    let critical = |ensemble: &Ensemble| critical_sigma_w(ensemble.activation, 0.3).map(drop);
    assert_eq!(reason("sign(u - 0.3)", &metric), "the metric: phi jumps at u = 0.3, so that phi'^2 has no mean");
    assert_eq!(
        reason("sign(u - 0.3)", &critical),
        "critical_sigma_w: phi jumps at u = 0.3, so that phi'^2 has no mean"
    );
    assert!(reason("sign(u - 0.3)", &errors).contains("phi'^4 has no mean"));
    assert_eq!(reason("max(u - 0.7, 0)", &bend), "chi_2: phi' jumps at u = 0.7, so that phi''^2 has no mean");
    assert_eq!(reason("sqrt(abs(u))", &metric), "the metric: phi' diverges at u = 0, so that phi'^2 has no mean");
    assert_eq!(reason("abs(u)^1.5", &bend), "chi_2: phi'' diverges at u = 0, so that phi''^2 has no mean");
    assert!(chi_1(&Ensemble::new(activation("sign(u)"), 1.0, 0.0).expect("valid"), 1.0).is_infinite());
}

#[test]
fn continuous_time_takes_what_is_odd_smooth_bounded_and_steepest_at_0() {
    let error = |text: &str| MeanField::new(activation(text), 1.6).map(drop).expect_err("must be refused").reason();
    for text in ["silu", "hard_tanh", "sign(u)", "asinh(u)"] {
        assert!(error(text).contains("not odd, smooth and bounded"), "{text}");
    }
    assert!(error("tanh(u) + 3 * tanh(u)^3").contains("steepest at 0"));
}

/// Central differences of fourth order.
fn quotient(f: impl Fn(f64) -> f64, x: f64, step: f64) -> f64 {
    (8.0 * (f(x + step) - f(x - step)) - (f(x + 2.0 * step) - f(x - 2.0 * step))) / (12.0 * step)
}

#[test]
fn derivatives_are_those_of_the_moments() {
    for text in ALL {
        let activation = activation(text);
        for q in [0.05, 0.7, 9.0] {
            let check = |name: &str, found: f64, f: &dyn Fn(f64) -> f64| {
                let exact = quotient(f, q, 2e-3 * q);
                assert!(
                    (found - exact).abs() <= 1e-8 * (exact.abs() + f(q).abs() / q) + 1e-12,
                    "{text} {name} {q}: {found} {exact}"
                );
            };
            check("square", second_moment_slope(activation, q), &|q| mean_square(activation, q));
            check("slope", second_moment_curvature(activation, q), &|q| second_moment_slope(activation, q));
            if activation.is_continuous() {
                check("slopes", derivative_moment_slope(activation, q), &|q| derivative_mean_square(activation, q));
                check("bends", derivative_moment_curvature(activation, q), &|q| derivative_moment_slope(activation, q));
            }
        }
    }
}

/// The slope of the overlap is that of the overlap, jumps included; the distance is made of the same overlap; and small gaps grow by `chi_1`, or like
/// their root.
#[test]
fn pairs_are_consistent() {
    for text in ALL {
        let activation = activation(text);
        for (q, difference, k) in
            [(0.6, 0.0, 0.2), (0.6, 0.0, -0.5), (2.0, 1.0, 1.1), (0.05, 0.0, 0.045), (30.0, -10.0, 3.0)]
        {
            let law = |k: f64| PairCovariance { q, difference, gap: 2.0 * (q - k) + difference };
            let size = (mean_square(activation, q) * mean_square(activation, q + difference)).sqrt();
            let exact = quotient(|k| overlap(activation, &law(k)), k, 1e-3 * q);
            let found = overlap_slope(activation, &law(k));
            assert!((found - exact).abs() <= 2e-7 * (exact.abs() + size / q), "{text} {q} {k}: {found} {exact}");
            let apart = mean_square(activation, q) + mean_square(activation, q + difference)
                - 2.0 * overlap(activation, &law(k));
            let found = squared_difference(activation, &law(k));
            assert!((found - apart).abs() <= 1e-9 * (size + apart), "{text} {q} {k}: {found} {apart}");
        }
        let near = |gap: f64| squared_difference(activation, &PairCovariance { q: 0.6, difference: 0.0, gap });
        if activation.is_continuous() && text != "abs(u)^1.5" {
            let slope = derivative_mean_square(activation, 0.6);
            assert!((near(1e-12) / 1e-12 / slope - 1.0).abs() < 1e-5, "{text} {} {slope}", near(1e-12) / 1e-12);
        }
    }
    // nearer and nearer, with variances that differ as much as they can and without
    let step = activation("where(u > 0.3, u, 2 - u)");
    for share in [0.0, 0.9] {
        let law = |gap: f64| PairCovariance { q: 0.6, difference: share * 2.0 * (0.6 * gap).sqrt(), gap };
        let [above, below] = [1.01e-11, 0.99e-11].map(|gap| squared_difference(step, &law(0.6 * gap)) / gap.sqrt());
        assert!((above / below - 1.0).abs() < 1e-7, "{share}: {above} {below}");
    }
    // sign(u - b): E = 4 P(one of both is on each side) ~ 4 p(b) E|t| = 4 p(b) sqrt(2 gap / pi)
    let step = activation("sign(u - 0.3)");
    let density = neurodyn_numerics::elementary::normal_pdf(0.3 / 0.6f64.sqrt()) / 0.6f64.sqrt();
    for gap in [1e-10, 1e-30, 1e-200] {
        let law = PairCovariance { q: 0.6, difference: 0.0, gap };
        let exact = 4.0 * density * (2.0 * gap / std::f64::consts::PI).sqrt();
        assert!((squared_difference(step, &law) / exact - 1.0).abs() < 1e-4, "{gap}");
        assert!(
            (overlap_slope(step, &law) / (0.5 * exact / gap) - 1.0).abs() < 1e-4,
            "{gap}: {}",
            overlap_slope(step, &law)
        );
    }
}

/// A jump makes all networks chaotic: distances settle at a fixed point whose slope is that of the map.
#[test]
fn jumps_are_chaotic() {
    for text in ["sign(u - 0.3)", "sign(u)", "where(u > 0.2, u, -0.5)"] {
        let ensemble = Ensemble::new(activation(text), 0.8, 0.4).expect("valid");
        let point = activity_fixed_point(&ensemble).expect("exists");
        let fixed = distance_fixed_point(&ensemble, &point).expect("exists");
        let next = distance_map(&ensemble, point.activity, fixed.distance);
        assert!(fixed.distance > 0.0 && (next / fixed.distance - 1.0).abs() < 1e-12, "{text} {fixed:?}");
        let slope = quotient(|d| distance_map(&ensemble, point.activity, d), fixed.distance, 1e-3 * fixed.distance);
        let found = distance_slope(&ensemble, point.activity, fixed.distance);
        assert!((found - slope).abs() < 1e-8 && found < 1.0, "{text}: {found} {slope}");
    }
}
