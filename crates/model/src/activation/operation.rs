//! An activation as an operation on a tile of neurons: who applies it needs no code of its own for each activation, so each activation is
//! compiled once a SIMD level, and each sampler once a level.

use super::kernel::{ActivationKernel, Jet};
use neurodyn_numerics::simd::{Kernel, dispatch};
use std::marker::PhantomData;

/// What an activation does to one preactivation or to many. A tile may have any length, those of one call are equal; the bits of
/// an element depend on nothing but its arguments.
pub trait Operation: Sync {
    /// `phi(u)`.
    fn value(&self, u: f64) -> f64;
    /// `phi'(u)`.
    fn slope(&self, u: f64) -> f64;
    /// `phi(u + t) - phi(u)` to a few ulp of its size, however small `t` is.
    fn difference(&self, u: f64, t: f64) -> f64;
    /// `phi` and its derivatives of order 1 to 5. At a kink the slope is the mean of both sides, and higher derivatives are 0.
    fn jet(&self, u: f64) -> Jet;
    /// Replaces preactivations by `phi` of them.
    fn values(&self, points: &mut [f64]);
    /// `phi'` at these preactivations.
    fn slopes(&self, points: &[f64], slopes: &mut [f64]);
    /// `phi'` and `phi''`, the latter 0 where it is not defined.
    fn slopes_and_bends(&self, points: &[f64], slopes: &mut [f64], bends: &mut [f64]);
    /// [`Operation::jet`] at many points.
    fn jets(&self, points: &[f64]) -> Vec<Jet> {
        points.iter().map(|u| self.jet(*u)).collect()
    }
    /// Replaces each `t` by `phi(u + t) - phi(u)`.
    fn differences(&self, points: &[f64], differences: &mut [f64]);
    /// [`Operation::differences`], then [`Operation::values`].
    fn values_and_differences(&self, points: &mut [f64], differences: &mut [f64]);
}

/// The operation of a kernel.
pub(super) struct Compiled<K>(PhantomData<K>);

impl<K> Compiled<K> {
    pub(super) const NEW: Self = Self(PhantomData);
}

impl<K: ActivationKernel> Operation for Compiled<K> {
    fn value(&self, u: f64) -> f64 {
        dispatch(Value { u, kernel: PhantomData::<K> })
    }

    fn slope(&self, u: f64) -> f64 {
        dispatch(Slope { u, kernel: PhantomData::<K> })
    }

    fn difference(&self, u: f64, t: f64) -> f64 {
        dispatch(Difference { u, t, kernel: PhantomData::<K> })
    }

    fn jet(&self, u: f64) -> Jet {
        dispatch(SingleJet { u, kernel: PhantomData::<K> })
    }

    fn values(&self, points: &mut [f64]) {
        if all_easy::<K>(points) {
            dispatch(EasyValues::<K>(points, PhantomData));
        } else {
            points.iter_mut().for_each(|u| *u = self.value(*u));
        }
    }

    fn slopes(&self, points: &[f64], slopes: &mut [f64]) {
        assert_eq!(points.len(), slopes.len());
        if all_easy::<K>(points) {
            slopes.copy_from_slice(points);
            dispatch(EasySlopes::<K>(slopes, PhantomData));
        } else {
            slopes.iter_mut().zip(points).for_each(|(slope, u)| *slope = self.slope(*u));
        }
    }

    fn slopes_and_bends(&self, points: &[f64], slopes: &mut [f64], bends: &mut [f64]) {
        assert!(points.len() == slopes.len() && points.len() == bends.len());
        if all_easy::<K>(points) {
            dispatch(EasyDerivatives::<K> { points, slopes, bends, kernel: PhantomData });
        } else {
            for ((u, slope), bend) in points.iter().zip(slopes).zip(bends) {
                (*slope, *bend) = (self.slope(*u), dispatch(Bend { u: *u, kernel: PhantomData::<K> }));
            }
        }
    }

    fn differences(&self, points: &[f64], differences: &mut [f64]) {
        assert_eq!(points.len(), differences.len());
        let hard = hard::<K>(points, Some(differences));
        if hard > FEW {
            differences.iter_mut().zip(points).for_each(|(t, u)| *t = self.difference(*u, *t));
            return;
        }
        let mut exact = [(0, 0.0); FEW];
        if hard > 0 {
            let found = (0..points.len()).filter(|n| !K::easy(points[*n], differences[*n]));
            exact.iter_mut().zip(found).for_each(|(exact, n)| *exact = (n, self.difference(points[n], differences[n])));
        }
        dispatch(EasyDifferences::<K> { points, differences, kernel: PhantomData });
        exact[..hard].iter().for_each(|(n, value)| differences[*n] = *value);
    }

    fn values_and_differences(&self, points: &mut [f64], differences: &mut [f64]) {
        if K::CHECKED {
            self.differences(points, differences);
            self.values(points);
        } else {
            assert_eq!(points.len(), differences.len());
            dispatch(Together::<K> { points, differences, kernel: PhantomData });
        }
    }
}

/// Hard differences of a tile that are computed one by one, after all others were computed as easy ones.
const FEW: usize = 32;

/// For how many of these points, or of the differences to them, the cheap forms of the activation may not be taken.
fn hard<K: ActivationKernel>(points: &[f64], differences: Option<&[f64]>) -> usize {
    if !K::CHECKED {
        return 0;
    }
    dispatch(Hard::<K> { points, differences, kernel: PhantomData })
}

struct Hard<'a, K> {
    points: &'a [f64],
    differences: Option<&'a [f64]>,
    kernel: PhantomData<K>,
}

impl<K: ActivationKernel> Kernel for Hard<'_, K> {
    type Output = usize;

    // counted, not searched: that vectorises
    #[inline(always)]
    fn run(self) -> usize {
        let mut count = 0;
        match self.differences {
            Some(differences) => {
                for (u, t) in self.points.iter().zip(differences) {
                    count += usize::from(!K::easy(*u, *t));
                }
            }
            None => {
                for u in self.points {
                    count += usize::from(!K::easy(*u, 0.0));
                }
            }
        }
        count
    }
}

/// Whether the cheap forms may be taken for all these points.
fn all_easy<K: ActivationKernel>(points: &[f64]) -> bool {
    hard::<K>(points, None) == 0
}

/// Kernels of single values: called from code of the baseline, a fused multiply-add would be a call of its own.
macro_rules! single {
    ($($name:ident $method:ident($($argument:ident),*) -> $output:ty;)*) => {
        $(
            struct $name<K> {
                $($argument: f64,)*
                kernel: PhantomData<K>,
            }

            impl<K: ActivationKernel> Kernel for $name<K> {
                type Output = $output;

                #[inline(always)]
                fn run(self) -> $output {
                    K::$method($(self.$argument),*)
                }
            }
        )*
    };
}

single! {
    Value value(u) -> f64;
    Slope slope(u) -> f64;
    Bend bend(u) -> f64;
    SingleJet jet(u) -> Jet;
    Difference difference(u, t) -> f64;
}

struct EasyValues<'a, K>(&'a mut [f64], PhantomData<K>);

impl<K: ActivationKernel> Kernel for EasyValues<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        K::easy_values(self.0);
    }
}

struct EasySlopes<'a, K>(&'a mut [f64], PhantomData<K>);

impl<K: ActivationKernel> Kernel for EasySlopes<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for value in self.0 {
            *value = K::easy_slope(*value);
        }
    }
}

/// Slopes and bends: what both need is computed once.
struct EasyDerivatives<'a, K> {
    points: &'a [f64],
    slopes: &'a mut [f64],
    bends: &'a mut [f64],
    kernel: PhantomData<K>,
}

impl<K: ActivationKernel> Kernel for EasyDerivatives<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        K::easy_derivatives(self.points, self.slopes, self.bends);
    }
}

struct EasyDifferences<'a, K> {
    points: &'a [f64],
    differences: &'a mut [f64],
    kernel: PhantomData<K>,
}

impl<K: ActivationKernel> Kernel for EasyDifferences<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        K::easy_differences(self.points, self.differences);
    }
}

/// Points and differences, of an activation that needs no check.
struct Together<'a, K> {
    points: &'a mut [f64],
    differences: &'a mut [f64],
    kernel: PhantomData<K>,
}

impl<K: ActivationKernel> Kernel for Together<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        K::together(self.points, self.differences);
    }
}
