//! The branch-free kernels of [`super::elementary`] over slices, at the active SIMD level.

use super::elementary;
use super::simd::{Kernel, Level, dispatch, dispatch_at};

macro_rules! slices {
    ($($name:ident $function:ident $doc:literal;)*) => {
        $(
            #[doc = concat!("Replaces each `x` by `", stringify!($function), "(x)`: ", $doc)]
            pub fn $name(values: &mut [f64]) {
                map(values, elementary::$function);
            }
        )*

        /// The functions above by name, at a given level; for tests and benchmarks.
        pub const AT_LEVEL: &[(&str, fn(Level, &mut [f64]))] =
            &[$((stringify!($function), |level, values| map_at(level, values, elementary::$function)),)*];
    };
}

slices! {
    exp_slice exp "the exponential function.";
    expm1_slice expm1 "`exp(x) - 1`.";
    ln_slice ln "the natural logarithm.";
    sin_slice sin_bounded "the sine, NaN beyond [`elementary::SIN_COS_LIMIT`].";
    cos_slice cos_bounded "the cosine, NaN beyond [`elementary::SIN_COS_LIMIT`].";
    tanh_slice tanh "the hyperbolic tangent.";
    erf_slice erf "the error function.";
    normal_cdf_slice normal_cdf "the standard normal distribution function.";
    normal_pdf_slice normal_pdf "the standard normal density.";
    ln_1p_exp_slice ln_1p_exp "softplus.";
    sigmoid_slice sigmoid "the logistic function.";
}

struct Map<'a, F> {
    values: &'a mut [f64],
    function: F,
}

impl<F: Fn(f64) -> f64> Kernel for Map<'_, F> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        for value in self.values {
            *value = (self.function)(*value);
        }
    }
}

/// Replaces each value by `function(value)`. `function` should be an `#[inline(always)]` function item.
#[inline]
pub fn map(values: &mut [f64], function: impl Fn(f64) -> f64) {
    dispatch(Map { values, function });
}

/// [`map`] at a given level.
#[inline]
pub fn map_at(level: Level, values: &mut [f64], function: impl Fn(f64) -> f64) {
    dispatch_at(level, Map { values, function });
}
