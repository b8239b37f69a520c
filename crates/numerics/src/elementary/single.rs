//! Single values at the active SIMD level, for code outside of kernels: that is compiled for the baseline, where each fused multiply-add
//! is a call. None is inlined, so they are as fast in code that is not optimised.

use super::within;
use crate::simd::{Kernel, dispatch};

macro_rules! single {
    ($($name:ident -> $output:ty: $doc:literal;)*) => {
        $(
            #[doc = $doc]
            #[doc = concat!("Errors: see [`within::", stringify!($name), "`].")]
            #[inline(never)]
            pub fn $name(x: f64) -> $output {
                dispatch(kernels::$name(x))
            }
        )*

        mod kernels {
            use super::{Kernel, within};
            $(
                #[allow(non_camel_case_types)]
                pub struct $name(pub f64);

                impl Kernel for $name {
                    type Output = $output;

                    #[inline(always)]
                    fn run(self) -> $output {
                        within::$name(self.0)
                    }
                }
            )*
        }
    };
}

single! {
    exp -> f64: "`exp(x)`.";
    expm1 -> f64: "`exp(x) - 1`.";
    ln -> f64: "`ln x`.";
    ln_1p_exp -> f64: "`ln(1 + exp x)`.";
    sigmoid -> f64: "`1 / (1 + exp(-x))`.";
    tanh -> f64: "`tanh x`.";
    erf -> f64: "`erf x`.";
    normal_cdf -> f64: "`Phi(x)`, the standard normal distribution function.";
    normal_pdf -> f64: "`exp(-x^2/2) / sqrt(2 pi)`.";
    asin -> f64: "`asin x`.";
    sin -> f64: "`sin x`.";
    cos -> f64: "`cos x`.";
    sin_cos -> (f64, f64): "`(sin x, cos x)`.";
    sin_cos_two_pi -> (f64, f64): "`(sin 2 pi u, cos 2 pi u)`.";
}

#[cfg(test)]
mod tests {
    use super::within;
    use crate::elementary;

    #[test]
    fn single_values_are_those_of_the_baseline() {
        for x in [-3.0, -0.4, 0.0, 1e-9, 0.3, 0.9, 17.0] {
            for (a, b) in [
                (elementary::exp(x), within::exp(x)),
                (elementary::tanh(x), within::tanh(x)),
                (elementary::normal_cdf(x), within::normal_cdf(x)),
                (elementary::sin(x), within::sin(x)),
                (elementary::sin_cos_two_pi(x).1, within::sin_cos_two_pi(x).1),
            ] {
                assert_eq!(a.to_bits(), b.to_bits(), "{x}");
            }
        }
    }
}
