//! Moments of formulas against high-precision values (`tests/reference/formulas.csv`, 20 digits, by the program beside it), and of the shipped
//! activations as formulas against themselves.

use super::*;

/// A quantity by its name in the file; infinite ones are not there.
fn found(activation: Activation, quantity: &str, q: f64) -> f64 {
    match quantity {
        "square" => mean_square(activation, q),
        "square_slope" => second_moment_slope(activation, q),
        "square_curvature" => second_moment_curvature(activation, q),
        "square_variance" => square_variance(activation, q),
        "slope" => derivative_mean_square(activation, q),
        "slope_slope" => derivative_moment_slope(activation, q),
        "slope_curvature" => derivative_moment_curvature(activation, q),
        "fourth" => slope_moments(activation, q).fourth,
        "both" => slope_moments(activation, q).both,
        other => panic!("{other}"),
    }
}

/// What is lost in rounding at most, where a quantity is that small: derivatives are no better known than the moment over powers of `q`.
fn rounding(activation: Activation, quantity: &str, q: f64) -> f64 {
    let (square, slope) = (mean_square(activation, q), derivative_mean_square(activation, q));
    match quantity {
        "square_slope" => 1e-15 * square / q,
        "square_curvature" => 1e-15 * square / (q * q),
        "slope_slope" => 1e-15 * slope / q,
        "slope_curvature" => 1e-15 * slope / (q * q),
        _ => 1e-26,
    }
}

#[test]
fn formulas_have_their_reference_values() {
    let mut wrong = Vec::new();
    for line in include_str!("../../../../tests/reference/formulas.csv").lines().skip(1) {
        let mut fields = line.rsplitn(4, ',');
        let mut field = || fields.next().expect("four fields");
        let (value, quantity, q, text) = (field(), field(), field(), field());
        let (exact, q): (f64, f64) = (value.parse().expect("a number"), q.parse().expect("a number"));
        let activation: Activation = text.parse().expect("a formula");
        let found = found(activation, quantity, q);
        let error = (found - exact).abs();
        if !(error <= 1e-10 * exact.abs() + rounding(activation, quantity, q)) {
            wrong.push(format!("{line}: {found:e}, off by {:e}", error / exact.abs()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
