use super::*;
use crate::activation::ORDERS;
use proptest::prelude::*;

fn formula(text: &str) -> &'static Formula {
    match Formula::activation(text, &BTreeMap::new()) {
        Ok(Activation::Formula(formula)) => formula,
        other => panic!("{text}: {other:?}"),
    }
}

/// The program of a formula, whether or not it is a shipped activation.
fn program(text: &str) -> Program {
    let expression = expression::parse(text, &BTreeMap::new()).expect("a formula");
    lower::lower(text, &expression).expect("operations")
}

fn error(text: &str) -> String {
    let constants = BTreeMap::new();
    Formula::activation(text, &constants).expect_err("must be refused").to_string()
}

/// One formula for each function, with an argument on which it is smooth.
const EACH: [&str; 26] = [
    "exp(0.4 * u)",
    "expm1(u / 3)",
    "ln(2 + u^2)",
    "ln_1p(u^2)",
    "sqrt(1 + u^2)",
    "abs(u) * u",
    "sign(u) * u^3",
    "tanh(1.3 * u)",
    "sinh(u / 2)",
    "cosh(u / 2) - 1",
    "erf(0.8 * u)",
    "erfc(u)",
    "sigmoid(2 * u)",
    "softplus(u) + softplus(-2 * u)",
    "sin(1.7 * u)",
    "cos(u) + u",
    "atan(2 * u)",
    "asinh(3 * u)",
    "normal_cdf(u - 0.3)",
    "u * normal_pdf(u)",
    "min(tanh(u), u / 2)",
    "max(u, -u, 1)",
    "u / (1 + u^2)",
    "(1 + u^2)^-0.75",
    "(1 + u^2)^(tanh(u))",
    "where(u > 0.5 or u < -0.5 and u > -2, tanh(u), u^3)",
];

#[test]
fn every_derivative_is_the_slope_of_the_one_before() {
    for text in EACH.into_iter().chain(NAMED.iter().map(|named| named.name)) {
        let program = program(text);
        for i in -60..60 {
            let u = f64::from(i) * 0.0713 + 0.011;
            let jet = program.jet(u);
            let near_break = breaks::breaks(&program).expect("few").iter().any(|one| (one.at - u).abs() < 0.01);
            assert_eq!(jet[0].to_bits(), program.value(u).to_bits(), "{text} at {u}");
            for k in 0..ORDERS - 1 {
                if near_break {
                    continue;
                }
                let h = 1e-3;
                let f = |u: f64| program.jet(u)[k];
                let quotient = (8.0 * (f(u + h) - f(u - h)) - (f(u + 2.0 * h) - f(u - 2.0 * h))) / (12.0 * h);
                let size = 1.0 + jet[k + 1].abs() + jet[k].abs();
                assert!(
                    (quotient - jet[k + 1]).abs() < 2e-8 * size * 60.0,
                    "{text} order {k} at {u}: {quotient} {}",
                    jet[k + 1]
                );
            }
        }
    }
}

#[test]
fn differences_are_exact_however_close() {
    for text in EACH.into_iter().chain(NAMED.iter().map(|named| named.name)) {
        let program = program(text);
        let breaks = breaks::breaks(&program).expect("few");
        for i in -70..70 {
            let u = f64::from(i) * 0.113 + 0.017;
            for t in [2.0, -0.7, 0.26, 0.24, -0.1, 1e-3, -1e-6, 1e-12, 1e-100] {
                let found = program.difference(u, t);
                let plain = program.value(u + t) - program.value(u);
                let size = 1.0 + program.value(u + t).abs() + program.value(u).abs();
                assert!((found - plain).abs() <= 2e-14 * (size + t.abs()), "{text} at {u} by {t}: {found:e} {plain:e}");
                // close: the slope and half the bend, to the next order
                let jet = program.jet(u);
                if t.abs() <= 1e-6 && breaks.iter().all(|one| (one.at - u).abs() > 1e-3) {
                    let taylor = t * (jet[1] + 0.5 * t * jet[2] + t * t / 6.0 * jet[3]);
                    let scale = t.abs() * (jet[1].abs() + 1e-3);
                    assert!((found - taylor).abs() <= 1e-11 * scale, "{text} at {u} by {t:e}: {found:e} {taylor:e}");
                }
            }
        }
    }
}

#[test]
fn tiles_give_the_bits_of_single_values() {
    for text in EACH.into_iter().chain(NAMED.iter().map(|named| named.name)) {
        let program = program(text);
        let points: Vec<f64> = (-80..90).map(|i| f64::from(i) * 0.137).collect();
        let steps: Vec<f64> = points.iter().enumerate().map(|(n, _)| [0.4, 1e-9, -0.1, 3.0, -1e-3][n % 5]).collect();
        program.series::<3>(&points, |first, count, series| {
            for n in 0..count {
                let jet = program.jet(points[first + n]);
                let found = [series[0][n], series[1][n], 2.0 * series[2][n]];
                assert!((0..3).all(|k| found[k].to_bits() == jet[k].to_bits()), "{text} at {}", points[first + n]);
            }
        });
        let (mut values, mut differences, mut alone, mut both) =
            (points.clone(), steps.clone(), steps.clone(), points.clone());
        program.values(&mut values);
        program.differences(&points, &mut alone);
        program.values_and_differences(&mut both, &mut differences);
        for n in 0..points.len() {
            let (value, difference) = (program.value(points[n]), program.difference(points[n], steps[n]));
            assert!([values[n], both[n]].iter().all(|found| found.to_bits() == value.to_bits()), "{text}");
            assert!([alone[n], differences[n]].iter().all(|found| found.to_bits() == difference.to_bits()), "{text}");
        }
    }
}

#[test]
fn shipped_activations_are_recognised() {
    for (text, name) in [
        ("tanh(u)", "tanh"),
        ("erf(u / sqrt(2))", "erf_sqrt2"),
        ("erf(u * sqrt(pi) / 2)", "erf_sqrtpi2"),
        ("normal_cdf(u)", "gauss_cdf"),
        ("max(u, 0)", "relu"),
        ("max(0, u)", "relu"),
        ("where(u > 0, u, 0)", "relu"),
        ("(u + abs(u)) / 2", "relu"),
        ("max(u, 0.01 * u)", "leaky_relu"),
        ("leaky_relu(u, 0.01)", "leaky_relu"),
        ("u", "linear"),
        ("sin(u)", "sin"),
        ("cos(u)", "cos"),
        ("exp(-u^2 / 2)", "gaussian"),
        ("1 / (1 + exp(-u))", "sigmoid"),
        ("u * normal_cdf(u)", "gelu"),
        ("u * erfc(-u / sqrt(2)) / 2", "gelu"),
        ("ln(1 + exp(u))", "softplus"),
        ("2 * sigmoid(2 * u) - 1", "tanh"),
        ("gelu", "gelu"),
        ("silu(u, 1) / sigmoid(u)", "linear"),
    ] {
        let found = Formula::activation(text, &BTreeMap::new()).map(Activation::name);
        assert_eq!(found, Ok(name), "{text}");
    }
    for text in [
        "tanh(1.000001 * u)",
        "where(u > 3, 1, tanh(u))",
        "leaky_relu(u, 0.0100001)",
        "u * sigmoid(1.702 * u)",
        "gelu_tanh",
    ] {
        formula(text);
    }
}

#[test]
fn formulas_are_written_as_they_are_read() {
    for (text, written) in [
        ("u*sigmoid( 1.702*u )", "u * sigmoid(1.702 * u)"),
        ("-u^2/3", "-u^2 / 3"),
        ("(-u)^2", "(-u)^2"),
        ("u-(u-1)", "u - (u - 1)"),
        ("2^-u + 1", "2^-u + 1"),
        ("silu(u)", "silu"),
        ("silu(u, 1)", "silu"),
        ("silu(u, 1.5)", "silu(u, 1.5)"),
        ("tanh(pi*u)", "tanh(3.141592653589793 * u)"),
        ("where(u>0 and (u<1 or u>2),u,u^3)", "where(u > 0 and (u < 1 or u > 2), u, u^3)"),
        ("u^2^3", "u^2^3"),
        ("(u^2)^3", "(u^2)^3"),
        ("u**3", "u^3"),
        ("1e-3*u + tanh(u)", "0.001 * u + tanh(u)"),
    ] {
        let once = expression::parse(text, &BTreeMap::new()).expect("a formula").to_string();
        assert_eq!(once, written);
        assert_eq!(expression::parse(&once, &BTreeMap::new()).expect("a formula").to_string(), once);
    }
    let constants = |pairs: &[(&str, f64)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    let with = |text: &str, pairs: &[(&str, f64)]| {
        Formula::activation(text, &constants(pairs)).map(Activation::name).map_err(|error| error.to_string())
    };
    assert_eq!(with("u * sigmoid(beta * u)", &[("beta", 1.702)]), Ok("u * sigmoid(1.702 * u)"));
    assert_eq!(with("silu", &[("slope", 1.702)]), Ok("silu(u, 1.702)"));
    assert_eq!(with("tanh(a * u)", &[("a", -2.0)]), Ok("tanh(-2 * u)"));
    assert!(with("tanh(u)", &[("b", 1.0)]).expect_err("unused").contains("does not use the constant \"b\""));
    assert!(with("tanh(b * u)", &[("b", f64::NAN)]).expect_err("not finite").contains("b = NaN"));
}

#[test]
fn errors_name_the_column_what_was_found_and_what_is_allowed() {
    for (text, parts) in [
        ("tahn(u)", &["column 1", "\"tahn\"", "tanh"][..]),
        ("2 * tanh(v)", &["column 10", "\"v\"", "known are u, pi, e"]),
        ("tanh(u", &["column 7", "the end", "column 5"]),
        ("tanh u", &["column 1", "needs its arguments: tanh(u)"]),
        ("2u", &["column 2", "\"u\"", "operator"]),
        ("u +", &["column 4", "the end"]),
        ("u + * 2", &["column 5", "\"*\""]),
        ("u $ 2", &["column 3", "'$'"]),
        ("where(u, 1, 2)", &["column 7", "comparison"]),
        ("where(u > 0, 1)", &["column 1", "2 arguments", "where(u > 0, a, b)"]),
        ("u > 0", &["a comparison stands where a number is needed"]),
        ("where(0 < u < 1, u, 0)", &["do not chain"]),
        ("silu(u, u)", &["slope", "must be a number"]),
        ("tanh(u, 2)", &["2 arguments", "tanh(u)"]),
        ("tanh", &[]),
        ("1 + 1", &["is 2 for every u"]),
        ("ln(-1) * u", &["constant part"]),
        ("ln(u)", &["must be finite"]),
        ("1 / u", &["must be finite"]),
        ("exp(u^2)", &["grows too fast"]),
        ("u^1000", &["power 1000"]),
        ("", &["column 1", "the end"]),
        ("max(u)", &["1 arguments", "max(a, b)"]),
        ("sign(sin(1000000 * u))", &[]),
        ("relu", &[]),
    ] {
        if parts.is_empty() {
            continue;
        }
        let found = error(text);
        assert!(parts.iter().all(|part| found.contains(part)), "{text}: {found}");
    }
    assert!(error(&"(".repeat(100)).contains("nested more than 64 deep"));
    assert!(error(&"u+".repeat(50_000)).contains("100000 bytes; at most 2000"));
    assert!(error(&format!("{}u{}", "(".repeat(900), ")".repeat(900))).contains("nested"));
    let long = (0..200).map(|i| format!("tanh({i} * u)")).collect::<Vec<_>>().join("+");
    assert!(error(&long).contains("bytes") || error(&long).contains("more than 256 operations"));
}

#[test]
fn breaks_are_found_with_what_jumps() {
    let found = |text: &str| -> Vec<(f64, usize)> {
        let all = breaks::breaks(&program(text)).expect("few");
        all.iter().map(|one| (one.at, one.continuous())).collect()
    };
    assert_eq!(found("tanh(u)"), []);
    assert_eq!(found("max(u, 0)"), [(0.0, 1)]);
    assert_eq!(found("max(u - 0.7, 0)"), [(0.7, 1)]);
    assert_eq!(found("hard_tanh"), [(-1.0, 1), (1.0, 1)]);
    assert_eq!(found("hard_swish"), [(-3.0, 1), (3.0, 1)]);
    assert_eq!(found("relu6"), [(0.0, 1), (6.0, 1)]);
    assert_eq!(found("elu"), [(0.0, 2)]);
    assert_eq!(found("selu"), [(0.0, 1)]);
    assert_eq!(found("relu_squared"), [(0.0, 2)]);
    assert_eq!(found("softsign"), [(0.0, 2)]);
    assert_eq!(found("sign(2 * u - 1)"), [(0.5, 0)]);
    assert_eq!(found("abs(u)^3"), [(0.0, 3)]);
    assert_eq!(found("where(u > 0, u, u)"), []);
    assert_eq!(found("sqrt(u^2)"), [(0.0, 1)]);
    assert_eq!(found("sqrt(abs(u))"), [(0.0, 1)]);
    assert_eq!(found("max(tanh(u), tanh(2 * u - 1))").len(), 1);
    let elu = breaks::breaks(&program("elu(u, 0.5)")).expect("few");
    assert_eq!(elu[0].jumps[..3], [0.0, 0.5, -0.5]);
    assert_eq!(breaks::breaks(&program("sign(sin(40 * u))")), Err(breaks::Broken::TooMany));
}

#[test]
fn symmetry_growth_and_homogeneity_are_found() {
    use Growth::{Faster, Lines};
    let facts = |text: &str| {
        let program = program(text);
        Facts::of(&program, facts::few_breaks(&program).expect("few")).expect("facts")
    };
    for (text, parity) in [
        ("atan(u)", Parity::Odd),
        ("u * normal_pdf(u)", Parity::Odd),
        ("softsign", Parity::Odd),
        ("hard_tanh", Parity::Odd),
        ("u^2 * tanh(u)", Parity::Odd),
        ("abs(u)", Parity::Even),
        ("ln(cosh(u))", Parity::Even),
        ("silu", Parity::None),
        ("elu", Parity::None),
        ("u^2", Parity::Even),
    ] {
        assert_eq!(facts(text).parity, parity, "{text}");
    }
    for (text, growth) in [
        ("silu", Lines { fall: 0.0, rise: 1.0 }),
        ("elu", Lines { fall: 0.0, rise: 1.0 }),
        ("asinh(u)", Lines { fall: 0.0, rise: 0.0 }),
        ("abs(u) / 2", Lines { fall: -0.5, rise: 0.5 }),
        ("relu_squared", Faster),
        ("u^2", Faster),
        ("exp(u)", Faster),
        ("sqrt(abs(u))", Lines { fall: 0.0, rise: 0.0 }),
        ("leaky_relu(u, 0.2)", Lines { fall: 0.2, rise: 1.0 }),
    ] {
        assert_eq!(facts(text).growth, growth, "{text}");
    }
    for (text, bound) in [
        ("atan(u)", std::f64::consts::FRAC_PI_2),
        ("softsign", 1.0),
        ("hard_tanh", 1.0),
        ("relu6", 6.0),
        ("sin(3 * u)", 1.0),
        ("u * exp(-u^2)", 0.43),
    ] {
        let Growth::Bounded(found) = facts(text).growth else { panic!("{text} is bounded") };
        assert!(found >= bound && found < 1.02 * bound, "{text}: {found}");
    }
    for (text, homogeneous) in [
        ("abs(u)", true),
        ("leaky_relu(u, 0.2)", true),
        ("2 * max(u, 0) - u", true),
        ("elu", false),
        ("max(u - 1, 0)", false),
        ("relu_squared", false),
    ] {
        assert_eq!(facts(text).rays.is_some(), homogeneous, "{text}");
    }
}

#[test]
fn labels_are_typeset() {
    for (text, label) in [
        ("u * sigmoid(1.702 * u)", r"$u\,\mathrm{sigmoid}(1.702\,u)$"),
        ("silu", "silu"),
        ("hard_tanh", r"hard\_tanh"),
        ("silu(u, 1.5)", r"silu$(u, 1.5)$"),
        ("atan(u)", r"$\mathrm{atan} u$"),
        ("where(u > 0, u, u^3)", r"$u \text{ where } u > 0\text{, else } u^{3}$"),
        ("sqrt(1 + u^2) - 1", r"$\sqrt{1 + u^{2}} - 1$"),
    ] {
        assert_eq!(formula(text).label, label);
    }
}

proptest! {
    /// Whatever is written: a formula or an error, in bounded time.
    #[test]
    fn nothing_written_panics(text in "[-u0-9.+*/^(), <>=a-z_]{0,60}") {
        if let Ok(expression) = expression::parse(&text, &BTreeMap::new()) {
            let again = expression.to_string();
            prop_assert_eq!(expression::parse(&again, &BTreeMap::new()).map(|one| one.to_string()), Ok(again));
        }
    }
}
