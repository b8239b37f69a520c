//! Fixed points of formulas: closed forms, several of them, none, and a plain scan.

use super::*;
use neurodyn_model::Activation;
use neurodyn_numerics::elementary::exp;

fn of(text: &str, sigma_w: f64, sigma_b: f64) -> (Ensemble, FixedPoints) {
    let activation: Activation = text.parse().expect("a formula");
    let ensemble = Ensemble::new(activation, sigma_w, sigma_b).expect("valid");
    let found = fixed_points(&ensemble).expect("no failure");
    (ensemble, found)
}

fn shown(found: &FixedPoints) -> Vec<(f64, Stability)> {
    found.points.iter().map(|found| (found.point.q, found.stability)).collect()
}

fn close(found: f64, exact: f64) -> bool {
    (found - exact).abs() <= 1e-12 * exact.abs()
}

/// Klambauer et al. (2017): mean 0 and variance 1 are fixed, and there `d nu' / d nu = 0.782648`, which is the slope of the variance map, since the
/// mean is 0.
#[test]
fn selu_keeps_variance_1() {
    let (_, found) = of("selu", 1.0, 0.0);
    let star = found.reached().expect("exists");
    assert!((star.q - 1.0).abs() < 1e-9 && (star.slope - 0.782_648).abs() < 5e-7, "{star:?}");
    let [silence, one] = found.points[..] else { panic!("{found:?}") };
    assert_eq!((silence.point.q, silence.stability, one.stability), (0.0, Stability::Unstable, Stability::Stable));
    // the gain at 0 is that of both sides
    let (fall, rise) = (1.0507009873554805f64 * 1.6732632423543772, 1.0507009873554805f64);
    assert!(close(silence.point.slope, 0.5 * (fall * fall + rise * rise)), "{silence:?}");
}

/// `E[phi^2] = 3 q^2 / 2`.
#[test]
fn relu_squared_has_a_threshold_beyond_which_all_grows() {
    let (_, found) = of("relu_squared", 1.0, 0.0);
    assert_eq!(found.unreached, Some(Unreached::Growth));
    let [silence, edge] = found.points[..] else { panic!("{found:?}") };
    assert_eq!((silence.point.q, silence.stability, edge.stability), (0.0, Stability::Stable, Stability::Unstable));
    assert!(close(edge.point.q, 2.0 / 3.0), "{edge:?}");
    let (_, found) = of("relu_squared", 1.0, 0.1f64.sqrt());
    let [low, high] = found.points[..] else { panic!("{found:?}") };
    let root = 0.4f64.sqrt();
    assert!(close(low.point.q, (1.0 - root) / 3.0) && close(high.point.q, (1.0 + root) / 3.0), "{found:?}");
    assert_eq!((low.stability, high.stability), (Stability::Stable, Stability::Unstable));
    let (_, found) = of("relu_squared", 1.0, 0.5);
    assert!(found.points.is_empty() && found.unreached == Some(Unreached::Growth), "{found:?}");
    assert!(found.reached().expect_err("none").reason().contains("without bound"));
    // E[phi^2] = 3 q^2 and exp(2 q)
    let (_, found) = of("u^2", 1.0, 0.0);
    assert!(close(found.points[1].point.q, 1.0 / 3.0) && found.unreached == Some(Unreached::Growth), "{found:?}");
    let (_, found) = of("exp(u)", 0.3, 0.0);
    let [low, high] = found.points[..] else { panic!("{found:?}") };
    for point in [low, high] {
        assert!(close(0.09 * exp(2.0 * point.point.q), point.point.q), "{point:?}");
    }
    assert_eq!((low.stability, high.stability), (Stability::Stable, Stability::Unstable));
}

#[test]
fn several_fixed_points_are_all_found() {
    let (ensemble, found) = of("tanh(u)^3", 2.5, 0.1);
    let [low, edge, high] = found.points[..] else { panic!("{found:?}") };
    let stabilities = [low, edge, high].map(|found| found.stability);
    assert_eq!(stabilities, [Stability::Stable, Stability::Unstable, Stability::Stable]);
    assert_eq!(found.reached(), Ok(high.point));
    for found in &found.points {
        assert!(close(variance_map(&ensemble, found.point.q), found.point.q), "{found:?}");
    }
    // silence, an edge and a bump far from 0; from very large variances the bump is not met
    let (_, found) = of("9 * exp(-4 * (u - 2)^2)", 1.0, 0.0);
    assert!(found.points.len() >= 3, "{found:?}");
    let reached = found.reached().expect("settles");
    assert!(reached.q < found.points.last().expect("one").point.q, "{found:?}");
    // two steps of a staircase
    let (_, found) = of("0.5 * tanh(8 * u)^3 + 40 * tanh(0.1 * u)^3", 1.0, 0.003);
    assert_eq!(found.points.len(), 5, "{found:?}");
}

#[test]
fn kinks_at_0_count_with_both_slopes() {
    // V = w^2 (1 + 0.25) / 2 q below the first bend
    for (w, alive) in [(1.26, false), (1.27, true)] {
        let (_, found) = of("where(u > 0, tanh(u), 0.5 * tanh(u))", w, 0.0);
        assert_eq!(found.points.len(), 1 + usize::from(alive), "{w} {found:?}");
    }
    // |tanh u|: q - 2 q^2 + ..., and a bias so small that q* is in reach of the series: q^2 (2 w^2) = b^2
    let (_, found) = of("abs(tanh(u))", 1.0, 1e-8);
    let q = found.reached().expect("exists").q;
    assert!((q / (1e-8 / 2.0f64.sqrt()) - 1.0).abs() < 1e-6, "{found:?}");
    // half powers: (1 + |u|)^2 has the mean 1 + 2 sqrt(2 q / pi) + q; at w^2 = 1e-12 the excess is quadratic in sqrt q
    let (_, found) = of("1 + abs(u)", 1e-6, 0.0);
    let (s, w) = (found.reached().expect("exists").q.sqrt(), 1e-12);
    let mean = (2.0 / std::f64::consts::PI).sqrt();
    assert!(close(s, (w * mean + (w * w * mean * mean + w * (1.0 - w)).sqrt()) / (1.0 - w)), "{found:?}");
}

#[test]
fn slow_and_wavy_growth_settles_or_says_why_not() {
    // E[|u|] = sqrt(2 q / pi): q* = 2 w^4 / pi
    let (_, found) = of("sqrt(abs(u))", 1.3, 0.0);
    assert!(
        (found.reached().expect("exists").q / (2.0 * (1.3f64 * 1.3 * 1.3 * 1.3) / std::f64::consts::PI) - 1.0).abs()
            < 1e-10
    );
    assert_eq!(found.points[0].stability, Stability::Unstable);
    let (ensemble, found) = of("asinh(u)", 3.0, 0.2);
    assert!(close(variance_map(&ensemble, found.reached().expect("exists").q), found.reached().expect("exists").q));
    // gain 1 at infinity
    assert_eq!(of("max(u - 0.7, 0)", 2.0f64.sqrt() * 1.001, 0.3).1.unreached, Some(Unreached::Growth));
    assert_eq!(of("max(u + 0.7, 0)", 2.0f64.sqrt(), 0.3).1.unreached, Some(Unreached::Drift));
    assert_eq!(of("u + sin(3 * u) / 2", 1.01, 0.3).1.unreached, Some(Unreached::Growth));
    let (ensemble, found) = of("u + sin(3 * u) / 2", 0.9, 0.3);
    let star = found.reached().expect("exists");
    assert!(close(variance_map(&ensemble, star.q), star.q), "{found:?}");
    // homogeneous with two slopes
    assert_eq!(of("abs(u)", 1.0, 0.0).1.unreached, Some(Unreached::Continuum));
    assert!(close(of("abs(u)", 0.5, 0.3).1.reached().expect("exists").q, 0.09 / 0.75));
    // a sign: V = w^2 + b^2
    let star = of("sign(u - 0.3)", 1.1, 0.2).1.reached().expect("exists");
    assert!(close(star.q, 1.21 + 0.04) && star.slope.abs() < 1e-12, "{star:?}");
}

/// Changes of sign of `V(q) - q` on a fine grid, from values alone.
#[test]
fn none_is_passed_over_between_places_of_a_scan() {
    for text in [
        "silu",
        "elu",
        "hard_tanh",
        "relu6",
        "mish",
        "tanh(20 * u)",
        "u + sin(3 * u) / 2",
        "sin(u) + sin(5 * u)",
        "softsign",
        "hard_swish",
    ] {
        for (w, b) in [(0.8, 0.0), (1.3, 0.0), (1.9, 0.01), (2.4, 0.3), (0.3, 1e-6)] {
            let (ensemble, found) = of(text, w, b);
            let mut signs = Vec::new();
            for i in 0..400 {
                let q = 1e-7 * exp(0.06 * f64::from(i));
                let excess = variance_map(&ensemble, q) / q - 1.0;
                signs.push((q, excess));
            }
            for pair in signs.windows(2) {
                let inside = shown(&found).iter().filter(|(q, _)| (pair[0].0..pair[1].0).contains(q)).count();
                let clear = pair[0].1.abs().min(pair[1].1.abs()) > 1e-9;
                assert!(
                    !clear || (inside % 2 == 1) == ((pair[0].1 > 0.0) != (pair[1].1 > 0.0)),
                    "{text} {w} {b} {pair:?} {found:?}"
                );
            }
        }
    }
}
