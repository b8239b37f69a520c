//! From preactivations to the columns of a layer: the activation for points, the chain rule for what belongs to them.

use super::gram::Columns;
use neurodyn_model::Column;
use neurodyn_model::activation::Operation;
use neurodyn_numerics::fused::fma;
use neurodyn_numerics::simd::{Kernel, dispatch};

/// Which columns there are, sorted by what is done to them.
#[derive(Debug, Clone)]
pub(super) struct ChainRule {
    points: Vec<usize>,
    differences: Vec<Difference>,
    derivatives: Vec<Derivatives>,
}

#[derive(Debug, Clone, Copy)]
struct Difference {
    of: usize,
    column: usize,
}

/// The columns that belong to one point and need derivatives of the activation there.
#[derive(Debug, Clone)]
struct Derivatives {
    of: usize,
    tangents: Vec<usize>,
    seconds: Vec<Second>,
}

#[derive(Debug, Clone, Copy)]
struct Second {
    column: usize,
    along: [usize; 2],
}

impl ChainRule {
    pub(super) fn new(kinds: &[Column]) -> Self {
        let mut found = Self { points: Vec::new(), differences: Vec::new(), derivatives: Vec::new() };
        // where the derivatives at a point are; tangents come before second derivatives
        let mut places = vec![None; kinds.len()];
        for (column, kind) in kinds.iter().enumerate() {
            match *kind {
                Column::State => found.points.push(column),
                Column::Difference { of } => found.differences.push(Difference { of, column }),
                Column::Tangent { of } => {
                    let place = *places[of].get_or_insert_with(|| {
                        found.derivatives.push(Derivatives { of, tangents: Vec::new(), seconds: Vec::new() });
                        found.derivatives.len() - 1
                    });
                    found.derivatives[place].tangents.push(column);
                }
                Column::Second { of, along } => {
                    if let Some(place) = places[of] {
                        found.derivatives[place].seconds.push(Second { column, along });
                    }
                }
            }
        }
        found
    }

    /// Replaces the preactivations of `TILE` neurons by the columns of the layer.
    pub(super) fn apply<const TILE: usize>(&self, operation: &dyn Operation, columns: &mut Columns) {
        if let ([0], [Difference { of: 0, column: 1 }], []) = (&*self.points, &*self.differences, &*self.derivatives) {
            let (points, differences) = columns.two_mut(0, 1, TILE);
            operation.values_and_differences(points, differences);
            return;
        }
        // what needs the preactivations of its point goes before the point
        for derivatives in &self.derivatives {
            let (mut slopes, mut bends) = ([0.0; TILE], [0.0; TILE]);
            let preactivations = columns.column(derivatives.of, TILE);
            if derivatives.seconds.is_empty() {
                operation.slopes(preactivations, &mut slopes);
            } else {
                operation.slopes_and_bends(preactivations, &mut slopes, &mut bends);
            }
            dispatch(AtPoint { derivatives, slopes: &slopes, bends: &bends, columns });
        }
        for &Difference { of, column } in &self.differences {
            let (points, differences) = columns.two(of, column, TILE);
            operation.differences(points, differences);
        }
        for &point in &self.points {
            operation.values(columns.column_mut(point, TILE));
        }
    }
}

/// The chain rule for all columns that belong to one point.
struct AtPoint<'a, const TILE: usize> {
    derivatives: &'a Derivatives,
    slopes: &'a [f64; TILE],
    bends: &'a [f64; TILE],
    columns: &'a mut Columns,
}

impl<const TILE: usize> Kernel for AtPoint<'_, TILE> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        // second derivatives need the preactivations of their tangents, so they go first
        for &Second { column, along: [a, b] } in &self.derivatives.seconds {
            let (earlier, second) = self.columns.before_mut(column, TILE);
            let (a, b) = (earlier.column(a, TILE), earlier.column(b, TILE));
            for n in 0..TILE {
                second[n] = fma(self.bends[n] * a[n], b[n], self.slopes[n] * second[n]);
            }
        }
        for &column in &self.derivatives.tangents {
            let tangent = self.columns.column_mut(column, TILE);
            for n in 0..TILE {
                tangent[n] *= self.slopes[n];
            }
        }
    }
}
