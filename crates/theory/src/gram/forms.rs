//! Closed forms of pair integrals for a row of pairs at once.

use neurodyn_model::activation::PairForm;
use neurodyn_numerics::elementary::within::asin;
use neurodyn_numerics::simd::{Kernel, dispatch};
use std::f64::consts::{FRAC_1_PI, FRAC_PI_2};

/// Replaces covariances `k` of preactivations of variances `q` and those given by overlaps, and fills in the slopes, if there is place for them.
///
/// Absolute accuracy a few ulp of `sqrt(E[phi(u)^2] E[phi(v)^2])`. Variances must be above 0, and their products must not overflow.
pub(super) fn row(form: PairForm, q: f64, variances: &[f64], k: &mut [f64], slopes: &mut [f64]) {
    let with_slopes = !slopes.is_empty();
    match form {
        PairForm::Arcsine { rate, offset, scale } => {
            let of = Arcsine { rate, offset, scale };
            if with_slopes {
                dispatch(Row::<_, true> { of, q, variances, k, slopes })
            } else {
                dispatch(Row::<_, false> { of, q, variances, k, slopes })
            }
        }
        PairForm::Kinked { leak } if with_slopes => {
            dispatch(Row::<_, true> { of: Kinked { leak }, q, variances, k, slopes })
        }
        PairForm::Kinked { leak } => dispatch(Row::<_, false> { of: Kinked { leak }, q, variances, k, slopes }),
        PairForm::Gelu if with_slopes => dispatch(Row::<_, true> { of: Gelu, q, variances, k, slopes }),
        PairForm::Gelu => dispatch(Row::<_, false> { of: Gelu, q, variances, k, slopes }),
    }
}

/// Overlap and slope of a pair; what is not used of both is not computed.
trait Form: Copy {
    fn pair(self, q: f64, q_prime: f64, k: f64) -> (f64, f64);
}

struct Row<'a, F, const SLOPES: bool> {
    of: F,
    q: f64,
    variances: &'a [f64],
    k: &'a mut [f64],
    slopes: &'a mut [f64],
}

impl<F: Form, const SLOPES: bool> Kernel for Row<'_, F, SLOPES> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        if SLOPES {
            for ((k, q_prime), slope) in self.k.iter_mut().zip(self.variances).zip(self.slopes) {
                (*k, *slope) = self.of.pair(self.q, *q_prime, *k);
            }
        } else {
            for (k, q_prime) in self.k.iter_mut().zip(self.variances) {
                *k = self.of.pair(self.q, *q_prime, *k).0;
            }
        }
    }
}

/// A cosine that rounding may have put beyond 1.
#[inline(always)]
fn cosine(ratio: f64) -> f64 {
    let low = if ratio < -1.0 { -1.0 } else { ratio };
    if low > 1.0 { 1.0 } else { low }
}

#[derive(Clone, Copy)]
struct Arcsine {
    rate: f64,
    offset: f64,
    scale: f64,
}

impl Form for Arcsine {
    #[inline(always)]
    fn pair(self, q: f64, q_prime: f64, k: f64) -> (f64, f64) {
        let Self { rate, offset, scale } = self;
        let size = (1.0 + rate * q) * (1.0 + rate * q_prime);
        let cross = rate * k;
        // not negative: 1 + r (q + q') is in it
        let determinant = size - cross * cross;
        (offset + scale * asin(cosine(cross / size.sqrt())), scale * rate / determinant.sqrt())
    }
}

/// `(sqrt(q q') / 2 pi) (sin + (pi - angle) cos)` of the part above 0 (Cho and Saul 2009). The root of the square of a number is the number, so equal
/// inputs are at no angle.
#[derive(Clone, Copy)]
struct Kinked {
    leak: f64,
}

impl Form for Kinked {
    #[inline(always)]
    fn pair(self, q: f64, q_prime: f64, k: f64) -> (f64, f64) {
        let size = (q * q_prime).sqrt();
        let cosine = cosine(k / size);
        let arc = asin(cosine);
        let sine = ((1.0 - cosine) * (1.0 + cosine)).sqrt();
        let above = size * (0.5 * FRAC_1_PI) * (sine + cosine * (FRAC_PI_2 + arc));
        let above = if above > 0.0 { above } else { 0.0 };
        let bend = (1.0 - self.leak) * (1.0 - self.leak);
        (self.leak * k + bend * above, self.leak + bend * (0.25 + 0.5 * FRAC_1_PI * arc))
    }
}

/// The forms of `activation/gelu.rs`.
#[derive(Clone, Copy)]
struct Gelu;

impl Form for Gelu {
    #[inline(always)]
    fn pair(self, q: f64, q_prime: f64, k: f64) -> (f64, f64) {
        let (p1, p2) = (1.0 + q, 1.0 + q_prime);
        let arc = asin(cosine(k / (p1 * p2).sqrt()));
        let e = 1.0 / p1 + 1.0 / p2;
        let free = q * q_prime - k * k;
        let gram = if free > 0.0 { free } else { 0.0 };
        let s = 1.0 + q + q_prime;
        let d = s + gram;
        let root = d.sqrt();
        let value = 0.5 * FRAC_1_PI * ((gram + k * k * e) / root + k * arc) + 0.25 * k;
        let bracket = (1.0 - s / p1 * ((s + 1.0) / p2) - gram * e) / d + 2.0 * e;
        (value, 0.25 + 0.5 * FRAC_1_PI * (arc + k * bracket / root))
    }
}
