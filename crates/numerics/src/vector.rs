//! The branch-free kernels of [`super::elementary`] over slices, at the active SIMD level.

use super::simd::{Level, dispatch, dispatch_at};

macro_rules! slices {
    ($($name:ident $function:ident $doc:literal;)*) => {
        $(
            #[doc = concat!("Replaces each `x` by `", stringify!($function), "(x)`: ", $doc)]
            pub fn $name(values: &mut [f64]) {
                dispatch(kernels::$name(values));
            }
        )*

        /// A kernel a function: calls through a function parameter would not be inlined.
        mod kernels {
            use crate::{elementary::within, simd::Kernel};
            $(
                #[allow(non_camel_case_types)]
                pub struct $name<'a>(pub &'a mut [f64]);

                impl Kernel for $name<'_> {
                    type Output = ();
                    #[inline(always)]
                    fn run(self) {
                        for value in self.0 {
                            *value = within::$function(*value);
                        }
                    }
                }
            )*
        }

        /// The functions above by name, at a given level; for tests and benchmarks.
        pub const AT_LEVEL: &[(&str, AtLevel)] =
            &[$((stringify!($function), |level, values| dispatch_at(level, kernels::$name(values))),)*];
    };
}

/// A function over a slice at a given level.
pub type AtLevel = fn(Level, &mut [f64]);

slices! {
    exp_slice exp "the exponential function.";
    expm1_slice expm1 "`exp(x) - 1`.";
    ln_slice ln "the natural logarithm.";
    sin_slice sin_bounded "the sine, NaN beyond `SIN_COS_LIMIT`.";
    cos_slice cos_bounded "the cosine, NaN beyond `SIN_COS_LIMIT`.";
    tanh_slice tanh "the hyperbolic tangent.";
    erf_slice erf "the error function.";
    normal_cdf_slice normal_cdf "the standard normal distribution function.";
    normal_pdf_slice normal_pdf "the standard normal density.";
    ln_1p_exp_slice ln_1p_exp "softplus.";
    sigmoid_slice sigmoid "the logistic function.";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Special values and a spread over all magnitudes and signs.
    fn inputs() -> Vec<f64> {
        let special = [
            0.0,
            5e-324,
            1e-310,
            f64::MIN_POSITIVE,
            1.0,
            0.55,
            0.5,
            5.95,
            20.0,
            40.0,
            709.8,
            745.2,
            1e6,
            1e300,
            f64::MAX,
        ];
        let mut values: Vec<f64> = special.into_iter().chain([f64::INFINITY, f64::NAN]).flat_map(|x| [x, -x]).collect();
        let mut bits = 0x9e37_79b9_7f4a_7c15u64;
        for k in 0..100_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let unit = (bits >> 11) as f64 / 9_007_199_254_740_992.0 - 0.5;
            values.push(unit * [2.0, 20.0, 100.0, 1500.0, 1e5][k % 5]);
            values.push(f64::from_bits(bits));
        }
        values
    }

    #[test]
    fn every_level_gives_the_bits_of_the_scalar_code() {
        let inputs = inputs();
        for (name, function) in AT_LEVEL {
            let mut scalar = inputs.clone();
            function(Level::Scalar, &mut scalar);
            for level in Level::available() {
                let mut found = inputs.clone();
                function(level, &mut found);
                for ((x, a), b) in inputs.iter().zip(&scalar).zip(&found) {
                    assert!(a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()), "{name} at {x:e}: {a:e} {b:e}");
                }
            }
        }
    }

    #[test]
    fn slices_agree_with_single_values() {
        let inputs = inputs();
        for (name, function) in AT_LEVEL {
            let mut slice = inputs.clone();
            function(Level::detect(), &mut slice);
            for (x, a) in inputs.iter().zip(&slice) {
                // one element: the code for what is left over, without vectors
                let mut single = [*x];
                function(Level::Scalar, &mut single);
                assert!(a.to_bits() == single[0].to_bits() || (a.is_nan() && single[0].is_nan()), "{name} at {x:e}");
            }
        }
    }
}
