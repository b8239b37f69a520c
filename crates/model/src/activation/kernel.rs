//! What an activation is to the loops of an [`super::Operation`]: branch-free values, derivatives and differences, inlined.

use super::ORDERS;

/// `phi` and its derivatives of order 1 to 5.
pub type Jet = [f64; ORDERS];

/// `phi`, its derivatives and its differences. Each is `#[inline(always)]`, as must be all it calls.
pub trait ActivationKernel: Sync + 'static {
    /// `phi(u)`.
    fn value(u: f64) -> f64;
    /// `phi'(u)`.
    fn slope(u: f64) -> f64;
    /// `phi''(u)`, 0 where it is not defined.
    fn bend(u: f64) -> f64;
    /// `phi(u + t) - phi(u)` to a few ulp of its size (of the local slope times `t`, where the slope is extremely small).
    fn difference(u: f64, t: f64) -> f64;
    /// `phi` and its derivatives up to the fifth, each in closed form. At a kink the slope is the mean of both sides, and higher derivatives,
    /// which are distributions, are 0.
    fn jet(u: f64) -> Jet;

    /// Whether the forms below are other than those above: cheaper, the same bits, but only where [`ActivationKernel::easy`] says so. Who
    /// has many arguments asks for all of them first.
    const CHECKED: bool = false;
    /// Whether the cheap forms hold for a point (`t = 0`) or a difference.
    #[inline(always)]
    fn easy(_u: f64, _t: f64) -> bool {
        true
    }
    /// [`ActivationKernel::value`] where that is easy.
    #[inline(always)]
    fn easy_value(u: f64) -> f64 {
        Self::value(u)
    }
    /// [`ActivationKernel::slope`] where that is easy.
    #[inline(always)]
    fn easy_slope(u: f64) -> f64 {
        Self::slope(u)
    }
    /// [`ActivationKernel::bend`] where that is easy.
    #[inline(always)]
    fn easy_bend(u: f64) -> f64 {
        Self::bend(u)
    }
    /// [`ActivationKernel::difference`] where that is easy.
    #[inline(always)]
    fn easy_difference(u: f64, t: f64) -> f64 {
        Self::difference(u, t)
    }

    /// Replaces each point by its [`ActivationKernel::easy_value`].
    #[inline(always)]
    fn easy_values(points: &mut [f64]) {
        for value in points {
            *value = Self::easy_value(*value);
        }
    }
    /// Replaces each `t` by its [`ActivationKernel::easy_difference`].
    #[inline(always)]
    fn easy_differences(points: &[f64], differences: &mut [f64]) {
        for (u, t) in points.iter().zip(differences) {
            *t = Self::easy_difference(*u, *t);
        }
    }
    /// [`ActivationKernel::easy_slope`] and [`ActivationKernel::easy_bend`] of each point.
    #[inline(always)]
    fn easy_derivatives(points: &[f64], slopes: &mut [f64], bends: &mut [f64]) {
        for ((u, slope), bend) in points.iter().zip(slopes).zip(bends) {
            *slope = Self::easy_slope(*u);
            *bend = Self::easy_bend(*u);
        }
    }
    /// Differences, then values: once what both need, where the cheap forms always hold.
    #[inline(always)]
    fn together(points: &mut [f64], differences: &mut [f64]) {
        Self::easy_differences(points, differences);
        Self::easy_values(points);
    }
}
