//! `a b + c`, rounded once.
//!
//! A fused multiply-add is an operation of IEEE 754, so its bits are the same wherever it exists. Code compiled for AVX2 or AVX-512 has the
//! instruction. Code compiled for the baseline of x86-64 calls the symbol `fma` of the C library, and implementations of that
//! have been wrong; so the symbol is defined here, with the instruction where the processor has it and the `libm` crate's software form
//! elsewhere.
#![allow(unsafe_code)]

/// `a b + c`, rounded once.
#[inline(always)]
#[allow(clippy::disallowed_methods)] // the one method of f64 that is exact everywhere, see above
pub fn fma(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

/// What the compiler calls for [`fma`] where there is no instruction, in place of the C library's.
// SAFETY: the same function as that of the C standard.
#[cfg(all(target_arch = "x86_64", not(target_feature = "fma")))]
#[unsafe(export_name = "fma")]
extern "C" fn fma_symbol(a: f64, b: f64, c: f64) -> f64 {
    if is_x86_feature_detected!("fma") {
        // SAFETY: the processor has the instruction.
        unsafe { instruction(a, b, c) }
    } else {
        libm::fma(a, b, c)
    }
}

#[cfg(all(target_arch = "x86_64", not(target_feature = "fma")))]
#[target_feature(enable = "fma")]
fn instruction(a: f64, b: f64, c: f64) -> f64 {
    use std::arch::x86_64::{_mm_cvtsd_f64, _mm_fmadd_sd, _mm_set_sd};
    // not `mul_add`: without optimisation that is a function of its own, compiled for the baseline, and calls the symbol again
    _mm_cvtsd_f64(_mm_fmadd_sd(_mm_set_sd(a), _mm_set_sd(b), _mm_set_sd(c)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Kernel, Level, dispatch_at};

    /// `fma` of each triple, in a loop of the level.
    struct All<'a>(&'a [[f64; 3]], Vec<f64>);

    impl Kernel for All<'_> {
        type Output = Vec<f64>;

        #[inline(always)]
        fn run(mut self) -> Vec<f64> {
            for (value, [a, b, c]) in self.1.iter_mut().zip(self.0) {
                *value = fma(*a, *b, *c);
            }
            self.1
        }
    }

    #[test]
    fn one_rounding_at_every_level_and_in_software() {
        let special = [0.0, -0.0, 1.0, -1.5, 5e-324, 1e-308, 1e-160, 1e160, f64::MAX, f64::INFINITY, f64::NAN];
        let mut triples: Vec<[f64; 3]> = special
            .iter()
            .flat_map(|a| special.iter().flat_map(|b| special.map(|c| [[*a, *b, c], [*a, -*b, c]])).collect::<Vec<_>>())
            .flatten()
            .collect();
        let mut bits = 0x9e37_79b9_7f4a_7c15u64;
        let mut next = || {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            bits ^ bits >> 29
        };
        for k in 0..100_000 {
            let [a, b] = [next(), next()].map(|bits| f64::from_bits(bits >> 12 | 0x3ff0_0000_0000_0000));
            let c = f64::from_bits(next());
            // any sizes; and a product that all but cancels
            triples.push([f64::from_bits(next()), f64::from_bits(next()), c]);
            triples.push([a, b, -f64::from_bits((a * b).to_bits() ^ (k % 4))]);
            triples.push([a, 5e-324 * (k % 9) as f64, 5e-324 * (k % 7) as f64]);
        }
        let exact: Vec<f64> = triples.iter().map(|[a, b, c]| libm::fma(*a, *b, *c)).collect();
        for level in Level::available() {
            let found = dispatch_at(level, All(&triples, vec![0.0; triples.len()]));
            for ((triple, a), b) in triples.iter().zip(&exact).zip(&found) {
                assert!(a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()), "{level:?} {triple:?}: {a:e} {b:e}");
            }
        }
        // half an ulp below 1, squared: lost by two roundings
        let near = 1.0 - f64::EPSILON / 2.0;
        assert_eq!(fma(near, near, -near * near), f64::EPSILON * f64::EPSILON / 4.0);
    }
}
