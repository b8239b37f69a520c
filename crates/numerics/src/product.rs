//! Many dot products at once: the product of a block of rows with a block of columns, both stored along the summed index.
//!
//! Every cell is [`sum::dot`](super::sum::dot) of its row and column, to the bit: term `k` goes to lane `k mod 8`, lanes are added at the
//! end. So a product does not depend on how it is cut into blocks, on the SIMD level, or on what else is multiplied; a fused
//! multiply-add is never used. Blocks of cells only keep their lanes in registers.

use super::simd::{Kernel, Level, dispatch, level};
use super::sum::{LANES, reduce};

type Lanes = [f64; LANES];

/// Groups of eight terms summed before the next row is taken, so that a block of columns stays in the first cache.
const DEPTH: usize = 63;

/// `count` vectors of `length` numbers, `stride` apart.
#[derive(Debug, Clone, Copy)]
pub struct Vectors<'a> {
    /// The numbers.
    pub values: &'a [f64],
    /// Distance between the beginnings of neighbours.
    pub stride: usize,
    /// Number of vectors.
    pub count: usize,
    /// Numbers in each.
    pub length: usize,
}

impl<'a> Vectors<'a> {
    #[inline(always)]
    fn lanes(&self, i: usize, from: usize, to: usize) -> &'a [Lanes] {
        self.values[i * self.stride + from * LANES..i * self.stride + to * LANES].as_chunks().0
    }

    #[inline(always)]
    fn rest(&self, i: usize) -> &'a [f64] {
        let whole = self.length / LANES * LANES;
        &self.values[i * self.stride + whole..i * self.stride + self.length]
    }

    /// The vectors from `first` to before `last`.
    #[inline(always)]
    pub fn range(&self, first: usize, last: usize) -> Self {
        let last = last.min(self.count);
        Self { values: &self.values[first * self.stride..], count: last - first, ..*self }
    }
}

/// `out[i][j] = rows_i . columns_j`, `out` row by row.
///
/// # Panics
/// If the lengths differ or `out` has not one place for each product.
pub fn products(rows: Vectors, columns: Vectors, out: &mut [f64]) {
    assert_eq!(rows.length, columns.length, "lengths");
    assert_eq!(rows.count * columns.count, out.len(), "products");
    // as many cells as the registers of the level hold
    if level() == Level::Avx512 {
        dispatch(Products::<4, 6> { rows, columns, out });
    } else {
        dispatch(Products::<2, 2> { rows, columns, out });
    }
}

struct Products<'a, const R: usize, const C: usize> {
    rows: Vectors<'a>,
    columns: Vectors<'a>,
    out: &'a mut [f64],
}

impl<const R: usize, const C: usize> Kernel for Products<'_, R, C> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { rows, columns, out } = self;
        let mut lanes = vec![[[[0.0; LANES]; C]; R]; rows.count / R];
        let (whole_rows, whole_columns) = (rows.count / R * R, columns.count / C * C);
        for j in (0..whole_columns).step_by(C) {
            panel::<R, C>(rows, columns, j, &mut lanes);
            for (p, lanes) in lanes.iter().enumerate() {
                for r in 0..R {
                    for c in 0..C {
                        out[(p * R + r) * columns.count + j + c] =
                            finish(lanes[r][c], rows.rest(p * R + r), columns.rest(j + c));
                    }
                }
            }
        }
        for i in 0..rows.count {
            let from = if i < whole_rows { whole_columns } else { 0 };
            for j in from..columns.count {
                let mut lanes = [[[0.0; LANES]]];
                let whole = rows.length / LANES;
                step::<1, 1>([rows.lanes(i, 0, whole)], [columns.lanes(j, 0, whole)], &mut lanes);
                out[i * columns.count + j] = finish(lanes[0][0], rows.rest(i), columns.rest(j));
            }
        }
    }
}

/// Lanes of all whole row blocks with the `C` columns from `j` on.
#[inline(always)]
fn panel<const R: usize, const C: usize>(rows: Vectors, columns: Vectors, j: usize, lanes: &mut [[[Lanes; C]; R]]) {
    let whole = rows.length / LANES;
    lanes.fill([[[0.0; LANES]; C]; R]);
    let mut k = 0;
    while k < whole {
        let end = (k + DEPTH).min(whole);
        let b: [&[Lanes]; C] = std::array::from_fn(|c| columns.lanes(j + c, k, end));
        for (p, lanes) in lanes.iter_mut().enumerate() {
            let a: [&[Lanes]; R] = std::array::from_fn(|r| rows.lanes(p * R + r, k, end));
            step(a, b, lanes);
        }
        k = end;
    }
}

#[inline(always)]
fn step<const R: usize, const C: usize>(a: [&[Lanes]; R], b: [&[Lanes]; C], lanes: &mut [[Lanes; C]; R]) {
    let length = a[0].len();
    let (a, b) = (a.map(|row| &row[..length]), b.map(|column| &column[..length]));
    let mut sums = *lanes;
    for k in 0..length {
        for r in 0..R {
            for c in 0..C {
                for i in 0..LANES {
                    sums[r][c][i] += a[r][k][i] * b[c][k][i];
                }
            }
        }
    }
    *lanes = sums;
}

#[inline(always)]
fn finish(mut lanes: Lanes, a: &[f64], b: &[f64]) -> f64 {
    for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
        *lane += a * b;
    }
    reduce(lanes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elementary::sin;
    use crate::simd::activate;
    use crate::sum::dot;

    #[test]
    fn every_cell_is_a_dot_product_at_every_level() {
        for (rows, columns, length) in [(1, 1, 3), (4, 6, 8), (9, 13, 1000), (7, 2, 505), (3, 20, 0), (2, 5, 1013)] {
            let stride = length + 3;
            let a: Vec<f64> = (0..rows * stride).map(|i| sin(0.37 * i as f64)).collect();
            let b: Vec<f64> = (0..columns * stride).map(|i| sin(1.1 * i as f64 + 0.2)).collect();
            let vectors = |values, count| Vectors { values, stride, count, length };
            for level in Level::available() {
                activate(level).expect("available");
                let mut out = vec![f64::NAN; rows * columns];
                products(vectors(&a, rows), vectors(&b, columns), &mut out);
                for i in 0..rows {
                    for j in 0..columns {
                        let exact = dot(&a[i * stride..i * stride + length], &b[j * stride..j * stride + length]);
                        assert_eq!(
                            out[i * columns + j].to_bits(),
                            exact.to_bits(),
                            "{level:?} {rows} {columns} {length}"
                        );
                    }
                }
            }
        }
        activate(Level::detect()).expect("available");
    }
}
