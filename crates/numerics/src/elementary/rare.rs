//! Functions used outside of hot loops, by the `libm` crate (pure Rust; the same bits on every machine).
//! Errors are below 1 ulp (`pow`, `acosh`, `asinh`, `atanh`, `sinh`, `cosh`: 2 ulp; `ln_gamma`: 1e-15 relative away from its zeros).

macro_rules! door {
    ($($(#[$doc:meta])* $name:ident = $target:path;)*) => {
        $($(#[$doc])*
        #[inline]
        pub fn $name(x: f64) -> f64 {
            $target(x)
        })*
    };
}

door! {
    /// `arccos x`; NaN for `|x| > 1`.
    acos = libm::acos;
    /// `arctan x`.
    atan = libm::atan;
    /// `sinh x`.
    sinh = libm::sinh;
    /// `cosh x`.
    cosh = libm::cosh;
    /// Inverse of `sinh`.
    asinh = libm::asinh;
    /// Inverse of `cosh` on `x >= 1`; NaN below.
    acosh = libm::acosh;
    /// Inverse of `tanh`; NaN for `|x| > 1`.
    atanh = libm::atanh;
    /// `ln(1 + x)`, relatively accurate for small `x`; NaN below -1.
    ln_1p = libm::log1p;
    /// `1 - erf(x)`, relatively accurate in the right tail.
    erfc = libm::erfc;
    /// `ln |Gamma(x)|`.
    ln_gamma = libm::lgamma;
}

/// Angle of the point `(x, y)`, in `[-pi, pi]`.
#[inline]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// `x^y`; NaN for negative `x` and fractional `y`.
#[inline]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}
