//! The error function.

use super::exponential::Reduced;
use super::polynomial;

/// `erf(x) / x - 1` in `x^2`, `|x| <= 1`; error below 2^-56 before rounding.
const ERF: [f64; 12] = [
    0.12837916709551256,
    -0.37612638903183543,
    0.11283791670945159,
    -0.02686617064326027,
    0.0052239776072865625,
    -0.000854832598287394,
    0.0001205529510940345,
    -1.4924740484580211e-05,
    1.6447464712183857e-06,
    -1.6208760270995594e-07,
    1.3721137893742711e-08,
    -7.797685989081661e-10,
];

/// `exp(x^2) erfc(x)`, `1 <= x <= 5.95`; error times `exp(-x^2)` below 2^-58 before rounding, 2^-56 after.
const ERFC: [f64; 22] = [
    0.9999979872059475,
    -1.1283550083873075,
    0.999862606201663,
    -0.7517598557465536,
    0.49874675068984187,
    -0.298495698885873,
    0.16304045038498796,
    -0.08155929982031776,
    0.03724447942328867,
    -0.015395524379593043,
    0.005693140434706096,
    -0.0018581312530623556,
    0.0005277173024703797,
    -0.00012851050327946612,
    2.6415822096616737e-05,
    -4.502371981509653e-06,
    6.226521664042795e-07,
    -6.790357865227895e-08,
    5.60705280273911e-09,
    -3.2883836395340795e-10,
    1.218512380389366e-11,
    -2.1416730238035917e-13,
];

/// `erf(x) = 2 / sqrt(pi) int_0^x exp(-t^2) dt`. Error below ERF_ULP ulp, relatively accurate for the smallest `x`.
///
/// `x + x P(x^2)` below 1, `1 - exp(-x^2) P(x)` beyond (1 from 5.95 on).
#[inline(always)]
pub fn erf(x: f64) -> f64 {
    let a = x.abs();
    let near = a + a * polynomial(a * a, &ERF);
    let b = if a > 5.95 { 5.95 } else { a };
    let reduced = Reduced::new(-(b * b), 0.0);
    let far = 1.0 - (1.0 + reduced.s) * polynomial(b, &ERFC) * reduced.scale();
    (if a < 1.0 { near } else { far }).copysign(x)
}
