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
#[allow(clippy::disallowed_methods)]
fn instruction(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}
