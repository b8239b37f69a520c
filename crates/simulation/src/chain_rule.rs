//! From preactivations to the columns of a layer: the activation for points, the chain rule for what belongs to them.

use super::gram::Columns;
use neurodyn_model::Column;
use neurodyn_model::activation::Operation;
use neurodyn_numerics::fused::fma;
use neurodyn_numerics::simd::{Kernel, dispatch};

/// Replaces the preactivations of `TILE` neurons by the columns of the layer.
pub(super) fn activate<const TILE: usize>(operation: &dyn Operation, kinds: &[Column], columns: &mut Columns) {
    if let [Column::State, Column::Difference { of: 0 }] = kinds {
        let (points, differences) = columns.two_mut(0, 1, TILE);
        operation.values_and_differences(points, differences);
        return;
    }
    // what needs the preactivations of its point goes before the point
    derivatives::<TILE>(operation, kinds, columns);
    for (i, kind) in kinds.iter().enumerate() {
        if let Column::Difference { of } = *kind {
            let (points, differences) = columns.two(of, i, TILE);
            operation.differences(points, differences);
        }
    }
    for (i, kind) in kinds.iter().enumerate() {
        if *kind == Column::State {
            operation.values(columns.column_mut(i, TILE));
        }
    }
}

/// Replaces the preactivations of tangents and second derivatives by the columns of the layer, by the chain rule.
fn derivatives<const TILE: usize>(operation: &dyn Operation, kinds: &[Column], columns: &mut Columns) {
    for point in 0..kinds.len() {
        if !kinds.contains(&Column::Tangent { of: point }) {
            continue;
        }
        let (mut slopes, mut bends) = ([0.0; TILE], [0.0; TILE]);
        let preactivations = columns.column(point, TILE);
        if kinds.iter().any(|kind| matches!(kind, Column::Second { of, .. } if *of == point)) {
            operation.slopes_and_bends(preactivations, &mut slopes, &mut bends);
        } else {
            operation.slopes(preactivations, &mut slopes);
        }
        dispatch(ChainRule { kinds, point, slopes: &slopes, bends: &bends, columns });
    }
}

/// The chain rule for all columns that belong to one point.
struct ChainRule<'a, const TILE: usize> {
    kinds: &'a [Column],
    point: usize,
    slopes: &'a [f64; TILE],
    bends: &'a [f64; TILE],
    columns: &'a mut Columns,
}

impl<const TILE: usize> Kernel for ChainRule<'_, TILE> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        // second derivatives need the preactivations of their tangents, so they go first
        for (i, kind) in self.kinds.iter().enumerate() {
            if let Column::Second { of, along: [a, b] } = *kind
                && of == self.point
            {
                let (earlier, second) = self.columns.before_mut(i, TILE);
                let (a, b) = (earlier.column(a, TILE), earlier.column(b, TILE));
                for n in 0..TILE {
                    second[n] = fma(self.bends[n] * a[n], b[n], self.slopes[n] * second[n]);
                }
            }
        }
        for (i, kind) in self.kinds.iter().enumerate() {
            if *kind == (Column::Tangent { of: self.point }) {
                let tangent = self.columns.column_mut(i, TILE);
                for n in 0..TILE {
                    tangent[n] *= self.slopes[n];
                }
            }
        }
    }
}
