//! The error function.

use super::exponential::Reduced;
use super::{fma, horner, polynomial};

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

/// `exp(x^2) erfc(x)` in `x - 3`, `1 <= x <= 5.95`; error times `exp(-x^2)` below 2^-56 before rounding.
const ERFC: [f64; 21] = [
    0.17900115118135468,
    -0.05437226000649564,
    0.015884371167099703,
    -0.004479431010796242,
    0.0012230389713342384,
    -0.00032412578168188055,
    8.355413837503355e-05,
    -2.0988643283828044e-05,
    5.147457930364504e-06,
    -1.2337496111416663e-06,
    2.875460046082889e-07,
    -6.747860748785533e-08,
    1.559070269576623e-08,
    -2.315722933242407e-09,
    9.997857507091471e-10,
    -3.685626411348342e-10,
    -1.4057491435985437e-10,
    -3.2186783197943246e-11,
    1.8008748037133826e-11,
    7.636864310585551e-12,
    1.1726560548314997e-12,
];

/// `erf(x) = 2 / sqrt(pi) int_0^x exp(-t^2) dt`. Error below 1 ulp, relatively accurate for the smallest `x`.
///
/// `x + x P(x^2)` below 1, `1 - exp(-x^2) P(x - 3)` beyond (1 from 5.95 on).
#[inline(always)]
pub fn erf(x: f64) -> f64 {
    let a = x.abs();
    let near = fma(a, horner(a * a, &ERF), a);
    let b = if a > 5.95 { 5.95 } else { a };
    let square = -(b * b);
    let reduced = Reduced::new(square, fma(-b, b, -square));
    let far = fma(-(1.0 + reduced.s), polynomial(b - 3.0, &ERFC) * reduced.scale(), 1.0);
    (if a < 1.0 { near } else { far }).copysign(x)
}
