//! Accuracy of the elementary functions against 25-digit values, and their exact properties.

use neurodyn::numerics::elementary::within::sin_bounded;
use neurodyn::numerics::elementary::*;
use proptest::prelude::*;

/// `text` as `digits * 10^exponent`, with 31 significant digits.
fn decimal(text: &str) -> (i128, i32) {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().expect("an exponent");
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction:0<30}").parse().expect("digits");
    (if negative { -digits } else { digits }, exponent - 30)
}

fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().expect("a number")
}

/// `|found - exact|` in units in the last place of `exact`, given to 25 digits.
fn ulps(found: f64, exact: &str) -> f64 {
    let near: f64 = exact.parse().expect("a number");
    if !near.is_finite() || !found.is_finite() {
        return if near == found { 0.0 } else { f64::INFINITY };
    }
    let (a, b) = (decimal(&format!("{found:.30e}")), decimal(exact));
    // ulp = 2^k; as a decimal to avoid underflow
    let ulp = (near.abs().next_up() - near.abs()).max(5e-324);
    let (u, v) = decimal(&format!("{ulp:.30e}"));
    if (a.1 - b.1).abs() > 2 {
        return if found == 0.0 { b.0.abs() as f64 / u as f64 * power_of_ten(b.1 - v) } else { f64::INFINITY };
    }
    let base = a.1.min(b.1);
    let difference = a.0 * 10i128.pow((a.1 - base) as u32) - b.0 * 10i128.pow((b.1 - base) as u32);
    (difference.abs() as f64 / u as f64) * power_of_ten(base - v)
}

type Function = fn(f64) -> f64;
/// Name, function, bound in ulp for normal results, bound for subnormal results.
const FUNCTIONS: &[(&str, Function, f64, f64)] = &[
    ("exp", exp, 0.85, 0.85),
    ("expm1", expm1, 0.9, 0.0),
    ("ln", ln, 0.8, 0.0),
    ("sin", sin, 0.8, 0.0),
    ("cos", cos, 0.8, 0.0),
    ("sin_two_pi", |u| sin_cos_two_pi(u).0, 1.4, 0.0),
    ("cos_two_pi", |u| sin_cos_two_pi(u).1, 1.4, 0.0),
    ("tanh", tanh, 0.8, 0.0),
    ("erf", erf, 1.0, 0.0),
    ("normal_cdf", normal_cdf, 2.7, 0.7),
    ("normal_pdf", normal_pdf, 0.7, 0.7),
    ("ln_1p_exp", ln_1p_exp, 1.1, 0.85),
    ("sigmoid", sigmoid, 1.05, 0.85),
    ("asin", asin, 0.8, 0.0),
];

#[test]
fn errors_stay_below_the_stated_bounds() {
    let text = std::fs::read_to_string(
        std::env::var("NEURODYN_REFERENCE").unwrap_or_else(|_| "tests/reference/elementary.json".into()),
    )
    .expect("the reference values");
    let reference: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut failures = Vec::new();
    for &(name, function, bound, subnormal_bound) in FUNCTIONS {
        let rows = reference["values"][name].as_array().expect("rows of the function");
        assert!(rows.len() > 150, "{name}: {} rows", rows.len());
        let mut worst = [(0.0, 0.0, 0.0); 2];
        for row in rows {
            let x: f64 = row[0].as_str().and_then(|text| text.parse().ok()).expect("an argument");
            let exact = row[1].as_str().expect("a value");
            let found = function(x);
            let error = ulps(found, exact);
            let subnormal = exact.parse::<f64>().expect("a number").abs() < f64::MIN_POSITIVE;
            if error > worst[usize::from(subnormal)].0 {
                worst[usize::from(subnormal)] = (error, x, found);
            }
        }
        let [normal, subnormal] = worst;
        println!("{name}: {:.3} ulp at {:e}; subnormal {:.3} at {:e}", normal.0, normal.1, subnormal.0, subnormal.1);
        if normal.0 > bound || subnormal.0 > subnormal_bound {
            failures
                .push(format!("{name}: {normal:?} (bound {bound}), subnormal {subnormal:?} (bound {subnormal_bound})"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Name, function, arguments with their exact values.
type Special<'a> = (&'static str, Function, &'a [(f64, f64)]);

#[test]
fn special_values() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let cases: &[Special] = &[
        ("exp", exp, &[(0.0, 1.0), (-0.0, 1.0), (inf, inf), (-inf, 0.0), (710.0, inf), (-746.0, 0.0), (1e300, inf)]),
        (
            "expm1",
            expm1,
            &[(0.0, 0.0), (-0.0, -0.0), (5e-324, 5e-324), (inf, inf), (-inf, -1.0), (1e9, inf), (-60.0, -1.0)],
        ),
        ("ln", ln, &[(1.0, 0.0), (0.0, -inf), (-0.0, -inf), (inf, inf), (-1.0, nan), (-inf, nan), (-1e-320, nan)]),
        ("sin", sin, &[(0.0, 0.0), (-0.0, -0.0), (5e-324, 5e-324), (inf, nan), (-inf, nan)]),
        ("cos", cos, &[(0.0, 1.0), (-0.0, 1.0), (inf, nan)]),
        ("sin_bounded", sin_bounded, &[(1.1e6, nan), (-0.0, -0.0)]),
        ("tanh", tanh, &[(0.0, 0.0), (-0.0, -0.0), (5e-324, 5e-324), (inf, 1.0), (-inf, -1.0), (20.0, 1.0)]),
        ("erf", erf, &[(0.0, 0.0), (-0.0, -0.0), (inf, 1.0), (-inf, -1.0), (6.0, 1.0)]),
        ("normal_cdf", normal_cdf, &[(0.0, 0.5), (-0.0, 0.5), (inf, 1.0), (-inf, 0.0), (-39.0, 0.0), (9.0, 1.0)]),
        ("normal_pdf", normal_pdf, &[(inf, 0.0), (-inf, 0.0), (39.0, 0.0)]),
        ("ln_1p_exp", ln_1p_exp, &[(inf, inf), (-inf, 0.0), (-746.0, 0.0), (50.0, 50.0)]),
        ("asin", asin, &[(0.0, 0.0), (-0.0, -0.0), (5e-324, 5e-324), (1.5, nan), (-inf, nan)]),
        ("sigmoid", sigmoid, &[(0.0, 0.5), (inf, 1.0), (-inf, 0.0), (40.0, 1.0)]),
    ];
    for (name, function, values) in cases {
        assert!(function(nan).is_nan(), "{name}(NaN)");
        for &(x, exact) in *values {
            let found = function(x);
            assert!(
                found.to_bits() == exact.to_bits() || (found.is_nan() && exact.is_nan()),
                "{name}({x:e}) = {found:e}"
            );
        }
    }
    assert_eq!(sin_cos(1e22), libm::sincos(1e22));
}

fn close(a: f64, b: f64, ulp: f64) -> bool {
    (a - b).abs() <= ulp * f64::EPSILON * a.abs().max(b.abs())
}

proptest! {
    #[test]
    fn odd_functions_are_odd_and_even_ones_even(x in -1e3f64..1e3, scale in 0i32..300) {
        let x = x * power_of_ten(-scale);
        for function in [tanh, erf, sin, asin] {
            prop_assert_eq!(function(-x).to_bits(), (-function(x)).to_bits());
        }
        for function in [cos, normal_pdf] {
            prop_assert_eq!(function(-x).to_bits(), function(x).to_bits());
        }
    }

    #[test]
    fn monotone_functions_do_not_step_back_by_more_than_their_error(x in -40.0f64..40.0, step in 1e-15f64..1.0) {
        for function in [exp as Function, expm1, tanh, erf, normal_cdf, ln_1p_exp, sigmoid] {
            let (a, b) = (function(x), function(x + step));
            prop_assert!(b >= a || close(a, b, 6.0), "{a} {b}");
        }
    }

    #[test]
    fn identities(x in -30.0f64..30.0, y in 1e-300f64..1e300) {
        prop_assert!(close(exp(x) * exp(-x), 1.0, 4.0));
        // both are off by at most 0.9 units in the last place of their own, and so is their sum by half of one; what is below 1 has units of at most
        // EPSILON / 2, and a unit in the last place of a result is at most EPSILON times it
        let size = exp(x) + expm1(x).abs();
        prop_assert!((expm1(x) + 1.0 - exp(x)).abs() <= 0.9 * f64::EPSILON * size + 0.5 * f64::EPSILON * exp(x), "{x}");
        prop_assert!((ln(exp(x)) - x).abs() <= 2.0 * f64::EPSILON * (1.0 + x.abs()));
        prop_assert!(close(exp(ln(y)), y, 2.0 + ln(y).abs()));
        let (s, c) = sin_cos(x);
        prop_assert!(close(s * s + c * c, 1.0, 3.0));
        prop_assert!(close(sigmoid(x), exp(-ln_1p_exp(-x)), 3.0 + x.abs()));
        prop_assert!(close(normal_cdf(x) + normal_cdf(-x), 1.0, 2.0));
        prop_assert!((ln_1p_exp(x) - ln_1p_exp(-x) - x).abs() <= 2.0 * f64::EPSILON * (1.0 + x.abs()));
    }

    #[test]
    fn tiny_arguments_keep_relative_accuracy(x in 1.0f64..10.0, scale in 9i32..300) {
        let x = x * power_of_ten(-scale);
        prop_assert!(close(tanh(x), x, 1.0) && close(expm1(x), x + 0.5 * x * x, 1.0) && close(sin(x), x, 1.0));
        prop_assert!(close(erf(x), std::f64::consts::FRAC_2_SQRT_PI * x, 2.0));
    }
}
