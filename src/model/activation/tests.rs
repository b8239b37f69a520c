use super::*;
use crate::numerics::quadrature::GaussLegendre;
use proptest::prelude::*;

/// Five-point difference quotient.
fn slope(f: impl Fn(f64) -> f64, u: f64) -> f64 {
    let h = 1e-3;
    (8.0 * (f(u + h) - f(u - h)) - (f(u + 2.0 * h) - f(u - 2.0 * h))) / (12.0 * h)
}

/// The second derivative as the samplers have it.
struct Bend(f64);

impl Visitor for Bend {
    type Output = f64;

    fn visit<K: ActivationKernel>(self) -> f64 {
        K::bend(self.0)
    }
}

/// Value, slope, bend and difference: the cheap forms (where they are right) and the usual ones.
struct Forms(f64, f64);

impl Visitor for Forms {
    type Output = [[f64; 4]; 2];

    fn visit<K: ActivationKernel>(self) -> Self::Output {
        let Self(u, t) = self;
        let usual = [K::value(u), K::slope(u), K::bend(u), K::difference(u, t)];
        let mut easy = usual;
        if K::easy(u, 0.0) {
            [easy[0], easy[1], easy[2]] = [K::easy_value(u), K::easy_slope(u), K::easy_bend(u)];
        }
        if K::easy(u, t) {
            easy[3] = K::easy_difference(u, t);
        }
        [easy, usual]
    }
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
    assert!(error.contains("\"tahn\"") && Activation::ALL.iter().all(|a| error.contains(a.name())), "{error}");
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
        prop_assert!((jet[2] - activation.visit(Bend(u))).abs() <= 4e-15 * (1.0 + jet[2].abs()), "{activation} at {u}");
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
    fn easy_forms_are_the_others_to_the_bit(u in -60.0f64..60.0, t in -3.0f64..3.0, scale in 0i32..4, index in 0..Activation::ALL.len()) {
        let (activation, t) = (Activation::ALL[index], t * [1.0, 0.1, 1e-3, 1e-9][scale as usize]);
        let [easy, usual] = activation.visit(Forms(u, t));
        prop_assert!(easy.iter().zip(&usual).all(|(a, b)| a.to_bits() == b.to_bits()), "{activation} {u} {t}: {easy:?} {usual:?}");
    }

    #[test]
    fn odd_activations_are_odd(u in -30.0f64..30.0) {
        for &activation in Activation::ALL {
            let odd = activation.value(-u) == -activation.value(u);
            prop_assert!(odd || !activation.is_odd(), "{activation} at {u}");
        }
    }
}
