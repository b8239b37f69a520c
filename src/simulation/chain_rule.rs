//! From preactivations to the columns of a layer: the activation for points, the chain rule for what belongs to them.

use super::gram::Columns;
use crate::model::Column;
use crate::model::activation::ActivationKernel;
use crate::numerics::simd::{Kernel, dispatch};
use std::marker::PhantomData;

/// Replaces the preactivations of `TILE` neurons by the columns of the layer. `together`: whether a point and its difference go in one
/// loop, which evaluates once what both need; the same bits either way.
#[inline(always)]
pub(super) fn activate<K: ActivationKernel, const TILE: usize>(
    kinds: &[Column],
    columns: &mut Columns,
    together: bool,
) {
    if let ([Column::State, Column::Difference { of: 0 }], true) = (kinds, together) {
        let (points, differences) = columns.two_mut(0, 1, TILE);
        for n in 0..TILE {
            let point = points[n];
            differences[n] = K::difference(point, differences[n]);
            points[n] = K::value(point);
        }
        return;
    }
    // what needs the preactivations of its point goes before the point
    derivatives::<K, TILE>(kinds, columns);
    for (i, kind) in kinds.iter().enumerate() {
        if let Column::Difference { of } = *kind {
            let (points, differences) = columns.two(of, i, TILE);
            let hard = hard::<K>(points, Some(differences));
            if hard > FEW {
                for n in 0..TILE {
                    differences[n] = K::difference(points[n], differences[n]);
                }
                continue;
            }
            let mut exact = [(0, 0.0); FEW];
            if hard > 0 {
                let found = (0..TILE).filter(|n| !K::easy(points[*n], differences[*n]));
                exact.iter_mut().zip(found).for_each(|(exact, n)| *exact = (n, one::<K>(points[n], differences[n])));
            }
            dispatch(EasyDifferences::<K, TILE> {
                points: points.as_array().expect("one tile"),
                differences: differences.as_mut_array().expect("one tile"),
                kernel: PhantomData,
            });
            exact[..hard].iter().for_each(|(n, value)| differences[*n] = *value);
        }
    }
    for (i, kind) in kinds.iter().enumerate() {
        if *kind == Column::State {
            let points = columns.column_mut(i, TILE);
            if all_easy::<K>(points) {
                dispatch(EasyValues::<K>(points, PhantomData));
            } else {
                points.iter_mut().for_each(|value| *value = K::value(*value));
            }
        }
    }
}

// Functions of their own, for in the midst of all the rest the compiler does not make vectors of the larger activations.

struct EasyValues<'a, K>(&'a mut [f64], PhantomData<K>);

impl<K: ActivationKernel> Kernel for EasyValues<'_, K> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for value in self.0 {
            *value = K::easy_value(*value);
        }
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

struct EasyDerivatives<'a, K, const TILE: usize> {
    points: &'a [f64; TILE],
    slopes: &'a mut [f64; TILE],
    bends: &'a mut [f64; TILE],
    kernel: PhantomData<K>,
}

impl<K: ActivationKernel, const TILE: usize> Kernel for EasyDerivatives<'_, K, TILE> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for n in 0..TILE {
            self.slopes[n] = K::easy_slope(self.points[n]);
            self.bends[n] = K::easy_bend(self.points[n]);
        }
    }
}

struct EasyDifferences<'a, K, const TILE: usize> {
    points: &'a [f64; TILE],
    differences: &'a mut [f64; TILE],
    kernel: PhantomData<K>,
}

impl<K: ActivationKernel, const TILE: usize> Kernel for EasyDifferences<'_, K, TILE> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for n in 0..TILE {
            self.differences[n] = K::easy_difference(self.points[n], self.differences[n]);
        }
    }
}

/// Hard differences of a tile that are computed one by one, after all others were computed as easy ones.
const FEW: usize = 32;

/// One hard difference; not inlined, or loops around it would not become vectors.
#[inline(never)]
fn one<K: ActivationKernel>(u: f64, t: f64) -> f64 {
    K::difference(u, t)
}

/// For how many of these points, or of the differences to them, the cheap forms of the activation may not be taken.
#[inline(always)]
fn hard<K: ActivationKernel>(points: &[f64], differences: Option<&[f64]>) -> usize {
    if !K::CHECKED {
        return 0;
    }
    // counted, not searched: that vectorises
    match differences {
        Some(differences) => points.iter().zip(differences).map(|(u, t)| usize::from(!K::easy(*u, *t))).sum(),
        None => points.iter().map(|u| usize::from(!K::easy(*u, 0.0))).sum(),
    }
}

/// Whether the cheap forms may be taken for all these points.
#[inline(always)]
fn all_easy<K: ActivationKernel>(points: &[f64]) -> bool {
    hard::<K>(points, None) == 0
}

/// Replaces the preactivations of tangents and second derivatives by the columns of the layer, by the chain rule.
#[inline(always)]
fn derivatives<K: ActivationKernel, const TILE: usize>(kinds: &[Column], columns: &mut Columns) {
    let is_tangent = |kind: &Column, point| *kind == Column::Tangent { of: point };
    for point in 0..kinds.len() {
        if !kinds.iter().any(|kind| is_tangent(kind, point)) {
            continue;
        }
        let (mut slopes, mut bends) = ([0.0; TILE], [0.0; TILE]);
        let preactivations: &[f64; TILE] = columns.column(point, TILE).as_array().expect("one tile");
        let bent = kinds.iter().any(|kind| matches!(kind, Column::Second { of, .. } if *of == point));
        // slope and bend in one loop, for what both need is then computed once
        match (all_easy::<K>(preactivations), bent) {
            (true, true) => dispatch(EasyDerivatives::<K, TILE> {
                points: preactivations,
                slopes: &mut slopes,
                bends: &mut bends,
                kernel: PhantomData,
            }),
            (true, false) => {
                slopes = *preactivations;
                dispatch(EasySlopes::<K>(&mut slopes, PhantomData));
            }
            (false, _) => {
                for n in 0..TILE {
                    (slopes[n], bends[n]) = (K::slope(preactivations[n]), K::bend(preactivations[n]));
                }
            }
        }
        // second derivatives need the preactivations of their tangents, so they go first
        for (i, kind) in kinds.iter().enumerate() {
            if let Column::Second { of, along: [a, b] } = *kind
                && of == point
            {
                let (earlier, second) = columns.before_mut(i, TILE);
                let (a, b) = (earlier.column(a, TILE), earlier.column(b, TILE));
                for n in 0..TILE {
                    second[n] = bends[n] * a[n] * b[n] + slopes[n] * second[n];
                }
            }
        }
        for (i, kind) in kinds.iter().enumerate() {
            if is_tangent(kind, point) {
                let tangent = columns.column_mut(i, TILE);
                for n in 0..TILE {
                    tangent[n] *= slopes[n];
                }
            }
        }
    }
}
