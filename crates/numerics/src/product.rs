//! Many dot products at once: the product of a block of rows with a block of columns, both stored along the summed index.
//!
//! Every cell is the plain sum of its products in order, each added by a fused multiply-add: `s = fma(a_k, b_k, s)` from 0. So a cell
//! depends on nothing but its row and its column: not on how a product is cut into blocks, nor on the SIMD level, nor on what else is
//! multiplied. One product alone is better taken as [`sum::dot`](super::sum::dot), where additions do not wait for each other.
//!
//! Cells become outer products in registers (K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", 2008): a
//! tile is a few vectors of cells along the side that is *packed* by many cells along the *other* side, whose numbers are read from
//! where they are, each for a whole vector. A sum goes on from one block of terms to the next in the same order.

use super::fused::fma;
use super::simd::{Kernel, Level, dispatch, dispatch_at, level};

/// Terms summed before the next tile is taken, so that the numbers of the other side that a tile reads stay in the first cache.
const DEPTH: usize = 192;
/// Vectors packed at once: [`DEPTH`] terms of them stay in the second cache.
const SIDE: usize = 96;
/// Vectors of the other side treated at once, which bounds the memory for sums.
const LONG_SIDE: usize = 768;

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
    fn part(&self, i: usize, from: usize, to: usize) -> &'a [f64] {
        &self.values[i * self.stride + from..i * self.stride + to]
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
    if out.is_empty() {
        return;
    }
    // packing is paid once for each number of the smaller side
    let places = if rows.count <= columns.count {
        Places { packed: rows, other: columns, out, packed_step: columns.count, other_step: 1 }
    } else {
        Places { packed: columns, other: rows, out, packed_step: 1, other_step: columns.count }
    };
    // as many cells as the registers of the level hold, or as there are
    match (level(), places.packed.count) {
        (Level::Avx512 | Level::Avx2, 0..=4) => dispatch_at(Level::Avx2, Tiles::<4, 1, 8>(places)),
        (Level::Avx512, 5..=8) => dispatch(Tiles::<8, 1, 8>(places)),
        (Level::Avx512, _) => dispatch(Tiles::<8, 2, 8>(places)),
        (Level::Avx2, _) => dispatch(Tiles::<4, 2, 6>(places)),
        // 32 registers, and numbers are multiplied from a lane without being spread
        (Level::Neon, _) => dispatch(Tiles::<2, 4, 6>(places)),
        (Level::Sse2 | Level::Scalar, _) => dispatch(Tiles::<2, 2, 4>(places)),
    }
}

/// Both sides, and where their cells go: that of vectors `i` and `j` to `i * packed_step + j * other_step`.
struct Places<'a> {
    packed: Vectors<'a>,
    other: Vectors<'a>,
    out: &'a mut [f64],
    packed_step: usize,
    other_step: usize,
}

/// The products in tiles of `V` vectors of `W` cells by `N` cells.
struct Tiles<'a, const W: usize, const V: usize, const N: usize>(Places<'a>);

type Tile<const W: usize, const V: usize, const N: usize> = [[[f64; W]; V]; N];

impl<const W: usize, const V: usize, const N: usize> Kernel for Tiles<'_, W, V, N> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Places { packed, other, out, packed_step, other_step } = self.0;
        let rows = packed.count.min(SIDE).div_ceil(V * W);
        let mut buffer = vec![0.0; rows * V * W * packed.length.min(DEPTH) + 7];
        // a vector that lies across two cache lines costs twice as much
        let aligned = buffer.as_ptr().align_offset(64).min(7);
        let mut tiles: Vec<Tile<W, V, N>> = vec![[[[0.0; W]; V]; N]; rows * other.count.min(LONG_SIDE).div_ceil(N)];
        for first in (0..packed.count).step_by(SIDE) {
            let side = packed.range(first, first + SIDE);
            let rows = side.count.div_ceil(V * W);
            for start in (0..other.count).step_by(LONG_SIDE) {
                let columns = other.range(start, start + LONG_SIDE);
                let tiles = &mut tiles[..rows * columns.count.div_ceil(N)];
                tiles.fill([[[0.0; W]; V]; N]);
                for from in (0..packed.length).step_by(DEPTH) {
                    let to = (from + DEPTH).min(packed.length);
                    let strips = buffer[aligned..].as_chunks_mut::<W>().0.as_chunks_mut::<V>().0;
                    let strips = &mut strips[..rows * (to - from)];
                    pack(side, from, to, strips);
                    add_block(strips, columns, from, to, tiles);
                }
                for (at, tile) in tiles.iter().enumerate() {
                    let (i, j) = (at % rows * V * W, at / rows * N);
                    let corner = (first + i) * packed_step + (start + j) * other_step;
                    for n in 0..N.min(columns.count - j) {
                        let cells = tile[n].as_flattened();
                        for (m, cell) in cells.iter().enumerate().take(side.count - i) {
                            out[corner + m * packed_step + n * other_step] = *cell;
                        }
                    }
                }
            }
        }
    }
}

/// These terms of `V * W` vectors side by side. Where a last strip lacks vectors it keeps what was there; those cells go nowhere.
#[inline(always)]
fn pack<const W: usize, const V: usize>(side: Vectors, from: usize, to: usize, strips: &mut [[[f64; W]; V]]) {
    for (s, strip) in strips.chunks_mut(to - from).enumerate() {
        for v in 0..V {
            for w in 0..W {
                let i = (s * V + v) * W + w;
                if i < side.count {
                    for (terms, value) in strip.iter_mut().zip(side.part(i, from, to)) {
                        terms[v][w] = *value;
                    }
                }
            }
        }
    }
}

/// These terms of all tiles: those of the first `N` columns, those of the next, and so on.
#[inline(always)]
fn add_block<const W: usize, const V: usize, const N: usize>(
    strips: &[[[f64; W]; V]],
    columns: Vectors,
    from: usize,
    to: usize,
    tiles: &mut [Tile<W, V, N>],
) {
    let rows = strips.len() / (to - from);
    for (q, tiles) in tiles.chunks_mut(rows).enumerate() {
        // where columns are missing the last stands in; its cells go nowhere
        let columns: [&[f64]; N] = std::array::from_fn(|n| columns.part((q * N + n).min(columns.count - 1), from, to));
        for (strip, tile) in strips.chunks(to - from).zip(tiles) {
            add_terms(strip, columns, tile);
        }
    }
}

#[inline(always)]
fn add_terms<const W: usize, const V: usize, const N: usize>(
    strip: &[[[f64; W]; V]],
    columns: [&[f64]; N],
    tile: &mut Tile<W, V, N>,
) {
    let columns = columns.map(|column| &column[..strip.len()]);
    let mut sums = *tile;
    for (k, a) in strip.iter().enumerate() {
        for n in 0..N {
            let b = columns[n][k];
            for v in 0..V {
                for w in 0..W {
                    sums[n][v][w] = fma(a[v][w], b, sums[n][v][w]);
                }
            }
        }
    }
    *tile = sums;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elementary::sin;
    use crate::simd::Switch;

    #[test]
    fn every_cell_is_a_sum_in_order_at_every_level() {
        let switch = Switch::take();
        let shapes =
            [(1, 1, 3), (4, 6, 8), (9, 13, 1000), (7, 2, 505), (3, 20, 0), (2, 5, 1013), (100, 3, 40), (5, 97, 300)];
        for (rows, columns, length) in
            shapes.into_iter().chain([(97, 99, 11), (0, 4, 5), (1, 9, 257), (98, 200, 3), (3, 800, 5), (20, 100, 2100)])
        {
            let stride = length + 3;
            let a: Vec<f64> = (0..rows * stride).map(|i| sin(0.37 * i as f64)).collect();
            let b: Vec<f64> = (0..columns * stride).map(|i| sin(1.1 * i as f64 + 0.2)).collect();
            let vectors = |values, count| Vectors { values, stride, count, length };
            let exact =
                |i: usize, j: usize| (0..length).fold(0.0, |sum, k| fma(a[i * stride + k], b[j * stride + k], sum));
            for level in Level::available() {
                switch.to(level);
                let mut out = vec![f64::NAN; rows * columns];
                products(vectors(&a, rows), vectors(&b, columns), &mut out);
                for (at, cell) in out.iter().enumerate() {
                    let exact = exact(at / columns, at % columns);
                    assert_eq!(cell.to_bits(), exact.to_bits(), "{level:?} {rows} {columns} {length} at {at}");
                }
            }
        }
    }
}
