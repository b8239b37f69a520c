//! Functions of single values at the active SIMD level, for code outside of kernels that calls them often.
//!
//! Code outside of kernels is compiled for the baseline, where each fused multiply-add is a call: the functions of [`super`] give the same
//! bits there but take four times as long.

use crate::numerics::simd::{Kernel, dispatch};

macro_rules! single {
    ($($name:ident)*) => {
        $(
            #[doc = concat!("[`", stringify!($name), "`](super::", stringify!($name), ").")]
            pub fn $name(x: f64) -> f64 {
                dispatch(kernels::$name(x))
            }
        )*

        mod kernels {
            use super::Kernel;
            $(
                #[allow(non_camel_case_types)]
                pub struct $name(pub f64);

                impl Kernel for $name {
                    type Output = f64;

                    #[inline(always)]
                    fn run(self) -> f64 {
                        super::super::$name(self.0)
                    }
                }
            )*
        }
    };
}

single! { exp expm1 ln sin cos tanh erf normal_cdf normal_pdf ln_1p_exp sigmoid asin }

#[cfg(test)]
mod tests {
    #[test]
    fn single_values_are_those_of_the_baseline() {
        for x in [-3.0, -0.4, 0.0, 1e-9, 0.3, 0.9, 17.0] {
            for (a, b) in [
                (super::exp(x), super::super::exp(x)),
                (super::tanh(x), super::super::tanh(x)),
                (super::normal_cdf(x), super::super::normal_cdf(x)),
                (super::sin(x), super::super::sin(x)),
            ] {
                assert_eq!(a.to_bits(), b.to_bits(), "{x}");
            }
        }
    }
}
