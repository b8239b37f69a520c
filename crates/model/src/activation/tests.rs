use super::*;
use neurodyn_numerics::quadrature::GaussLegendre;
use proptest::prelude::*;

/// Five-point difference quotient.
fn slope(f: impl Fn(f64) -> f64, u: f64) -> f64 {
    let h = 1e-3;
    (8.0 * (f(u + h) - f(u - h)) - (f(u + 2.0 * h) - f(u - 2.0 * h))) / (12.0 * h)
}

/// Value, slope and bend at `u` and the difference to `u + t`, as an element of tiles together with the point `beside` and differences
/// of `far` to it.
fn in_tiles(activation: Activation, u: f64, t: f64, beside: f64, far: f64) -> [f64; 4] {
    let operation = activation.operation();
    // more hard differences than are computed one by one
    let points = [[u; 40], [beside; 40]].concat();
    let (mut values, mut slopes, mut bends) = (points.clone(), points.clone(), points.clone());
    let mut differences = [[t; 40], [far; 40]].concat();
    operation.values(&mut values);
    operation.slopes_and_bends(&points, &mut slopes, &mut bends);
    operation.differences(&points, &mut differences);
    let mut slopes_alone = points.clone();
    operation.slopes(&points, &mut slopes_alone);
    assert_eq!(slopes_alone, slopes);
    let (mut together, mut both) = (points.clone(), [[t; 40], [far; 40]].concat());
    operation.values_and_differences(&mut together, &mut both);
    assert_eq!((&together, &both), (&values, &differences));
    let all = [values, slopes, bends, differences];
    all.map(|all| {
        assert!(all[..40].iter().all(|value| value.to_bits() == all[0].to_bits()));
        all[0]
    })
}

/// Where close differences pass from one formula to the next, and far out, they are the integral of the slope.
#[test]
fn close_differences_are_integrals_of_the_slope() {
    use Activation::{ErfSqrt2, ErfSqrtpi2, GaussCdf, Gelu, Softplus};
    let rule = GaussLegendre::new(24);
    for activation in [ErfSqrt2, ErfSqrtpi2, GaussCdf, Gelu, Softplus] {
        for u in [-24.0, -12.0, -8.2, -7.9, -3.0, -0.4, 0.0, 0.3, 2.0, 7.8, 8.1, 25.0] {
            for t in [-0.249, -0.11, -1e-3, 1e-9, 0.01, 0.13, 0.249] {
                let part =
                    |(x, weight): (&f64, &f64)| 0.5 * t * weight * activation.derivative(u + 0.5 * t * (1.0 + x));
                let parts: Vec<f64> = rule.nodes.iter().zip(&rule.weights).map(part).collect();
                let (integral, size): (f64, f64) = (parts.iter().sum(), parts.iter().map(|part| part.abs()).sum());
                let found = activation.difference(u, t);
                // the density is exp(-u^2/2), so the rounding of u counts u^2 times; and the integrals of both parts of gelu's
                // slope cancel near its minimum
                let scale = if activation == Activation::Gelu && u < 0.0 { size * (1.0 + u * u) } else { size };
                assert!(
                    (found - integral).abs() <= 1e-15 * (10.0 + u * u) * scale,
                    "{activation} {u} {t}: {found:e} {integral:e}"
                );
            }
        }
    }
}

#[test]
fn names_round_trip_and_wrong_ones_say_what_is_allowed() {
    for &activation in Activation::ALL {
        assert_eq!(activation.name().parse(), Ok(activation));
    }
    let error = "tahn".parse::<Activation>().expect_err("not a name").to_string();
    assert!(error.contains("\"tahn\"") && error.contains("is tanh meant?"), "{error}");
}

#[test]
fn values_at_known_points() {
    let near = |found: f64, exact: f64| assert!((found - exact).abs() < 2e-16 * (1.0 + exact.abs()), "{found} {exact}");
    near(Activation::Tanh.value(0.5), 0.462_117_157_260_009_8);
    near(Activation::ErfSqrt2.value(1.0), 0.682_689_492_137_085_9);
    near(Activation::ErfSqrtpi2.derivative(0.0), 1.0);
    near(Activation::ErfSqrt2.derivative(0.0), 0.797_884_560_802_865_4);
    near(Activation::GaussCdf.value(0.0), 0.5);
    near(Activation::LeakyRelu.value(-2.0), -0.02);
    near(Activation::Gelu.value(1.0), 0.841_344_746_068_542_9);
    near(Activation::Softplus.value(0.0), std::f64::consts::LN_2);
    near(Activation::Sigmoid.value(0.0), 0.5);
}

proptest! {
    #[test]
    fn each_derivative_is_the_slope_of_the_one_before(u in -6.0f64..6.0, index in 0..Activation::ALL.len()) {
        let activation = Activation::ALL[index];
        prop_assume!(activation.is_smooth() || u.abs() > 0.01);
        let jet = activation.jet(u);
        for k in 0..ORDERS - 1 {
            let quotient = slope(|u| activation.jet(u)[k], u);
            let next = jet[k + 1];
            prop_assert!((quotient - next).abs() < 1e-8, "{activation} order {k} at {u}: {quotient} {next}");
        }
        prop_assert!((jet[0] - activation.value(u)).abs() <= 4e-16 * jet[0].abs());
        prop_assert!((jet[1] - activation.derivative(u)).abs() <= 1e-15 * (1.0 + jet[1].abs()));
        prop_assert!((jet[2] - in_tiles(activation, u, 0.0, u, 0.0)[2]).abs() <= 4e-15 * (1.0 + jet[2].abs()), "{activation} at {u}");
    }

    #[test]
    fn differences_match_plain_ones_when_large_and_the_slope_when_tiny(
        u in -5.0f64..5.0, t in -3.0f64..3.0, index in 0..Activation::ALL.len()
    ) {
        let activation = Activation::ALL[index];
        let plain = activation.value(u + t) - activation.value(u);
        prop_assert!((activation.difference(u, t) - plain).abs() < 4e-15, "{activation} {u} {t}");
        prop_assert!((activation.jet_difference(u, t)[0] - plain).abs() < 4e-15);
        prop_assume!(activation.is_smooth() || u.abs() > 0.01);
        let tiny = t * 1e-200;
        let exact = activation.derivative(u) * tiny;
        prop_assert!((activation.difference(u, tiny) - exact).abs() <= 1e-13 * tiny.abs(), "{activation} {u} {tiny:e}");
        let differences = activation.jet_difference(u, tiny);
        for (difference, derivative) in differences.iter().zip(&activation.jet(u)[1..]) {
            prop_assert!((difference - derivative * tiny).abs() <= 1e-13 * tiny.abs());
        }
    }

    #[test]
    fn tiles_hold_what_is_computed_one_by_one_to_the_bit(u in -60.0f64..60.0, t in -3.0f64..3.0, scale in 0i32..4, index in 0..Activation::ALL.len()) {
        let (activation, t) = (Activation::ALL[index], t * [1.0, 0.1, 1e-3, 1e-9][scale as usize]);
        // 1e300 is no easy argument of sine and cosine, and a small difference to 50 is none of the Gaussian family
        let easy = in_tiles(activation, u, t, u, t);
        let beside_hard = in_tiles(activation, u, t, 1e300, 0.0);
        let beside_far = in_tiles(activation, u, t, 50.0, 0.2);
        let one = [activation.value(u), activation.derivative(u), easy[2], activation.difference(u, t)];
        for found in [beside_hard, beside_far, one] {
            prop_assert!(easy.iter().zip(&found).all(|(a, b)| a.to_bits() == b.to_bits()), "{activation} {u} {t}: {easy:?} {found:?}");
        }
    }

    #[test]
    fn odd_activations_are_odd(u in -30.0f64..30.0) {
        for &activation in Activation::ALL {
            let odd = activation.value(-u) == -activation.value(u);
            prop_assert!(odd || !activation.is_odd(), "{activation} at {u}");
        }
    }
}
