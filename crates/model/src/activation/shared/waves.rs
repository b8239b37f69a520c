//! Sine and cosine. Their Gaussian integrals: a wave of frequency `f` decays as `exp(-f^2 q / 2)`.

use crate::activation::definition::SlopeMoments;
use crate::activation::pair::PairLaw;
use neurodyn_numerics::elementary::{exp, expm1};
use neurodyn_numerics::quadrature::PairCovariance;

/// Formulas of `(sin, cos)`, written once for both reductions of their argument. They are easy as long as that needs no table.
macro_rules! waves {
    ($name:ident: $sin_cos:ident, |$u:ident| $value:expr, $slope:expr, $bend:expr, |$v:ident, $t:ident| $difference:expr, $jet:expr) => {
        impl $crate::activation::kernel::ActivationKernel for $name {
            waves! { @forms value slope bend difference, sin_cos as $sin_cos,
            |$u| $value, $slope, $bend, |$v, $t| $difference }
            waves! { @forms easy_value easy_slope easy_bend easy_difference, sin_cos_bounded as $sin_cos,
            |$u| $value, $slope, $bend, |$v, $t| $difference }
            const CHECKED: bool = true;
            #[inline(always)]
            fn easy(u: f64, t: f64) -> bool {
                u.abs() + t.abs() <= neurodyn_numerics::elementary::SIN_COS_LIMIT
            }
            #[inline(always)]
            fn jet($u: f64) -> $crate::activation::kernel::Jet {
                let $sin_cos = neurodyn_numerics::elementary::within::sin_cos;
                $jet
            }
        }
    };
    (@forms $f:ident $g:ident $h:ident $d:ident, $reduction:ident as $sin_cos:ident,
        |$u:ident| $value:expr, $slope:expr, $bend:expr, |$v:ident, $t:ident| $difference:expr) => {
        #[inline(always)]
        fn $f($u: f64) -> f64 {
            let $sin_cos = neurodyn_numerics::elementary::within::$reduction;
            $value
        }
        #[inline(always)]
        fn $g($u: f64) -> f64 {
            let $sin_cos = neurodyn_numerics::elementary::within::$reduction;
            $slope
        }
        #[inline(always)]
        fn $h($u: f64) -> f64 {
            let $sin_cos = neurodyn_numerics::elementary::within::$reduction;
            $bend
        }
        #[inline(always)]
        fn $d($v: f64, $t: f64) -> f64 {
            let $sin_cos = neurodyn_numerics::elementary::within::$reduction;
            $difference
        }
    };
}

pub(in crate::activation) use waves;

/// `E[sin^2]`.
pub fn sine_square(q: f64) -> f64 {
    -0.5 * expm1(-2.0 * q)
}

/// `E[cos^2]`.
pub fn cosine_square(q: f64) -> f64 {
    0.5 * (1.0 + exp(-2.0 * q))
}

/// `E[sin u sin v] = e^(-(q + q')/2) sinh k`, without cancellation for small `k` and without overflow for large ones.
pub fn sine_overlap(law: &PairLaw) -> f64 {
    let k = law.k;
    let larger = exp(k.abs() - 0.5 * (law.q + law.q_prime));
    let size = -0.5 * larger * expm1(-2.0 * k.abs());
    if k < 0.0 { -size } else { size }
}

/// `E[cos u cos v]`.
pub fn cosine_overlap(law: &PairLaw) -> f64 {
    0.5 * (exp(-0.5 * law.gap) + exp(-0.5 * (law.q + law.q_prime) - law.k))
}

/// `Var[phi^2]` of either.
pub fn square_variance(q: f64) -> f64 {
    let part = expm1(-4.0 * q);
    0.125 * part * part
}

/// Of the sine for `sign = 1`, of the cosine for -1.
pub fn slope_moments(sign: f64, q: f64) -> SlopeMoments {
    let part = expm1(-4.0 * q);
    SlopeMoments { fourth: wave_fourth(sign, q), both: -0.125 * expm1(-8.0 * q), mixed: -0.125 * part * part }
}

/// `E[cos^4]` for sign 1, `E[sin^4]` for -1: `(3 +- 4 exp(-2 q) + exp(-8 q)) / 8`, by `x = 1 - exp(-2 q)` where it is small.
fn wave_fourth(sign: f64, q: f64) -> f64 {
    let x = -expm1(-2.0 * q);
    // (1 - x)^4 - 4 (1 - x) + 3 = x^2 (6 - 4 x + x^2)
    let sine = 0.125 * x * x * (6.0 - 4.0 * x + x * x);
    if sign > 0.0 { sine + exp(-2.0 * q) } else { sine }
}

/// `E[phi'(u)^2 phi'(v)^2]`, products of `(1 +- cos 2u) / 2`: of the sine for `sign = 1`, of the cosine for -1.
pub fn squared_slope_overlap(sign: f64, law: &PairCovariance) -> f64 {
    let double = PairCovariance { q: 4.0 * law.q, difference: 4.0 * law.difference, gap: 4.0 * law.gap };
    let means = exp(-2.0 * law.q) + exp(-2.0 * law.q_prime());
    0.25 * (1.0 + sign * means + cosine_overlap(&PairLaw::of(&double)))
}

/// Parts of `E[(sin v - sin u)^2] = E[(1 + cos(u+v)) (1 - cos t)]` and its counterpart for cos: `1 - e^(-gap/2)`, the
/// exponent `-Var(u+v)/2`, and `e^(-q-q') (cosh(q'-q) - 1)`.
pub fn difference_parts(law: &PairCovariance) -> (f64, f64, f64) {
    let total = law.q + law.q_prime();
    let excess = expm1(-law.difference.abs());
    let split = 0.5 * exp(law.difference.abs() - total) * excess * excess;
    (-expm1(-0.5 * law.gap), 0.5 * law.gap - total, split)
}
