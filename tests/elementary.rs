//! Accuracy of the elementary functions against 25-digit values, and their exact properties.

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
    ("exp", exp, 0.8, 0.6),
    ("expm1", expm1, 0.8, 0.0),
    ("ln", ln, 0.8, 0.0),
    ("sin", sin, 0.8, 0.0),
    ("cos", cos, 0.8, 0.0),
    ("sin_two_pi", |u| sin_cos_two_pi(u).0, 1.6, 0.0),
    ("cos_two_pi", |u| sin_cos_two_pi(u).1, 1.1, 0.0),
    ("tanh", tanh, 0.9, 0.0),
    ("erf", erf, 0.9, 0.0),
    ("normal_cdf", normal_cdf, 2.5, 1.0),
    ("normal_pdf", normal_pdf, 1.1, 1.0),
    ("ln_1p_exp", ln_1p_exp, 1.1, 1.0),
    ("sigmoid", sigmoid, 1.1, 1.0),
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
            failures.push(format!("{name}: {normal:?} (bound {bound}), subnormal {subnormal:?} (bound {subnormal_bound})"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
