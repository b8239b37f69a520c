//! Many dot products at once: the product of a block of rows with a block of columns, both stored along the summed index.
//!
//! Every cell is the plain sum of its products in order, each added by a fused multiply-add: `s = fma(a_k, b_k, s)` from 0. So a cell
//! depends on nothing but its row and its column: not on how a product is cut into blocks, nor on the SIMD level, nor on what else is
//! multiplied. One product alone is better taken as [`sum::dot`](super::sum::dot), where additions do not wait for each other.
//!
//! Cells become outer products in registers (K. Goto and R. van de Geijn, "Anatomy of high-performance matrix multiplication", 2008): a
//! tile is a few vectors of cells along the side that is *packed* by many cells along the *other* side, whose numbers are read from
//! where they are, each for a whole vector. A sum goes on from one block of terms to the next in the same order. While a tile is summed,
//! what the next ones read is fetched.

use super::fused::fma;
use super::simd::{Kernel, Level, dispatch, dispatch_at, level, prefetch};

/// Most terms summed before the next tile is taken, so that the numbers of the other side that a tile reads stay in the first cache.
const DEPTH: usize = 256;
/// Vectors packed at once: [`DEPTH`] terms of them stay in the second cache.
const SIDE: usize = 96;
/// Vectors of the other side treated at once, which bounds the memory for sums.
const LONG_SIDE: usize = 1536;

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
    assert_eq!(rows.count * columns.count, out.len(), "products");
    products_apart(rows, columns, out, columns.count);
}

/// [`products`] with rows of `out` that begin `stride` apart. What lies between them stays.
///
/// # Panics
/// If the lengths differ or `out` is too short.
pub fn products_apart(rows: Vectors, columns: Vectors, out: &mut [f64], stride: usize) {
    assert_eq!(rows.length, columns.length, "lengths");
    // packing is paid once for each number of the smaller side
    compute(if rows.count <= columns.count {
        Places { packed: rows, other: columns, out, packed_step: stride, other_step: 1, before: None }
    } else {
        Places { packed: columns, other: rows, out, packed_step: 1, other_step: stride, before: None }
    });
}

/// Products of the vectors from `first` to before `last` with all up to themselves: `out[i - first][j]` for `j <= i`, rows `stride`
/// apart. Places of later `j` up to `last` hold their products or what they held.
///
/// # Panics
/// If `out` is too short.
pub fn products_below(all: Vectors, first: usize, last: usize, out: &mut [f64], stride: usize) {
    let (packed, other) = (all.range(first, last), all.range(0, last));
    compute(Places { packed, other, out, packed_step: stride, other_step: 1, before: Some(first) });
}

fn compute(places: Places) {
    if places.packed.count == 0 || places.other.count == 0 {
        return;
    }
    // as many cells as the registers of the level hold, or as there are
    match (level(), places.packed.count) {
        (Level::Avx512 | Level::Avx2, 0..=4) => dispatch_at(Level::Avx2, Tiles::<4, 1, 8, 0>(places)),
        (Level::Avx512, 5..=8) => dispatch(Tiles::<8, 1, 8, 0>(places)),
        (Level::Avx512, _) => dispatch(Tiles::<8, 2, 8, 2>(places)),
        (Level::Avx2, _) => dispatch(Tiles::<4, 2, 6, 1>(places)),
        // 32 registers, and numbers are multiplied from a lane without being spread
        (Level::Neon, _) => dispatch(Tiles::<2, 4, 6, 1>(places)),
        (Level::Sse2 | Level::Scalar, _) => dispatch(Tiles::<2, 2, 4, 1>(places)),
    }
}

/// Both sides, and where their cells go: that of vectors `i` and `j` to `i * packed_step + j * other_step`.
struct Places<'a> {
    packed: Vectors<'a>,
    other: Vectors<'a>,
    out: &'a mut [f64],
    packed_step: usize,
    other_step: usize,
    /// With a number `n`, cells of `j > n + i` are not asked for.
    before: Option<usize>,
}

/// The products in tiles of `V` vectors of `W` cells by `N` cells. With each term of a tile `P` lines of what comes next are fetched.
struct Tiles<'a, const W: usize, const V: usize, const N: usize, const P: usize>(Places<'a>);

type Tile<const W: usize, const V: usize, const N: usize> = [[[f64; W]; V]; N];

impl<const W: usize, const V: usize, const N: usize, const P: usize> Kernel for Tiles<'_, W, V, N, P> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Places { packed, other, out, packed_step, other_step, before } = self.0;
        let length = packed.length;
        if length == 0 {
            for i in 0..packed.count {
                for j in 0..other.count {
                    out[i * packed_step + j * other_step] = 0.0;
                }
            }
            return;
        }
        // blocks of one size: the last would else cost a pass for a few terms
        let blocks = length.div_ceil(DEPTH);
        let depth = length.div_ceil(blocks);
        let rows = packed.count.min(SIDE).div_ceil(V * W);
        let mut buffer = vec![0.0; rows * V * W * depth + 7];
        // a vector that lies across two cache lines costs twice as much
        let aligned = buffer.as_ptr().align_offset(64).min(7);
        // sums that go on in the next block
        let kept = if blocks > 1 { rows * other.count.min(LONG_SIDE).div_ceil(N) } else { 1 };
        let mut tiles: Vec<Tile<W, V, N>> = vec![[[[0.0; W]; V]; N]; kept];
        for first in (0..packed.count).step_by(SIDE) {
            let side = packed.range(first, first + SIDE);
            let rows = side.count.div_ceil(V * W);
            for start in (0..other.count).step_by(LONG_SIDE) {
                let columns = other.range(start, start + LONG_SIDE);
                for block in 0..blocks {
                    let (from, to) = (block * depth, ((block + 1) * depth).min(length));
                    let strips = buffer[aligned..].as_chunks_mut::<W>().0.as_chunks_mut::<V>().0;
                    let strips = &mut strips[..rows * (to - from)];
                    pack(side, from, to, strips);
                    for j in (0..columns.count).step_by(N) {
                        let wanted = before.map_or(0, |n| (start + j).saturating_sub(n + first) / (V * W));
                        let strips = strips[wanted.min(rows) * (to - from)..].chunks(to - from);
                        for (r, strip) in (wanted..).zip(strips) {
                            let at = if blocks > 1 { j / N * rows + r } else { 0 };
                            // the columns of the next tiles, shared among those of these
                            let ahead: [usize; P] =
                                std::array::from_fn(|p| (j + N + r * P + p) * columns.stride + from);
                            add_terms(strip, columns, j, from, &mut tiles[at..], ahead);
                            if block + 1 < blocks {
                                continue;
                            }
                            let i = r * V * W;
                            let corner = (first + i) * packed_step + (start + j) * other_step;
                            for n in 0..N.min(columns.count - j) {
                                let cells = tiles[at][n].as_flattened();
                                for (m, cell) in cells.iter().enumerate().take(side.count - i) {
                                    out[corner + m * packed_step + n * other_step] = *cell;
                                }
                            }
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

/// Adds to the first of these tiles the terms of the strip, those after `from`, with the columns after `first`. Meanwhile the next tile is
/// fetched, and at term `k` the lines of the columns' values `ahead + k`.
#[inline(always)]
fn add_terms<const W: usize, const V: usize, const N: usize, const P: usize>(
    strip: &[[[f64; W]; V]],
    columns: Vectors,
    first: usize,
    from: usize,
    tiles: &mut [Tile<W, V, N>],
    ahead: [usize; P],
) {
    let mut own: [&[f64]; N] = [&[]; N];
    for n in 0..N {
        // where columns are missing the last stands in; its cells go nowhere
        let start = (first + n).min(columns.count - 1) * columns.stride + from;
        own[n] = &columns.values[start..][..strip.len()];
    }
    let mut sums = if from == 0 { [[[0.0; W]; V]; N] } else { tiles[0] };
    for line in 0..(N * V * W).div_ceil(8) {
        prefetch(tiles.as_flattened().as_flattened().as_flattened(), N * V * W + 8 * line);
    }
    for (k, a) in strip.iter().enumerate() {
        for p in 0..P {
            prefetch(columns.values, ahead[p] + k);
        }
        for n in 0..N {
            let b = own[n][k];
            for v in 0..V {
                for w in 0..W {
                    sums[n][v][w] = fma(a[v][w], b, sums[n][v][w]);
                }
            }
        }
    }
    tiles[0] = sums;
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

    #[test]
    fn cells_below_the_diagonal_are_those_of_all() {
        let switch = Switch::take();
        let (count, length) = (131, 300);
        let values: Vec<f64> = (0..count * length).map(|i| sin(0.77 * i as f64)).collect();
        let all = Vectors { values: &values, stride: length, count, length };
        let mut whole = vec![0.0; count * count];
        products(all, all, &mut whole);
        for level in Level::available() {
            switch.to(level);
            let stride = count + 5;
            for (first, last) in [(0, 131), (0, 1), (40, 40), (7, 103), (96, 131), (3, 12)] {
                let mut out = vec![f64::NAN; (last - first) * stride];
                products_below(all, first, last, &mut out, stride);
                for (row, i) in out.chunks(stride).zip(first..) {
                    assert_eq!(row[..=i], whole[i * count..=i * count + i], "{level:?} {first} {last} row {i}");
                    assert!(row[last..].iter().all(|cell| cell.is_nan()), "{level:?} {first} {last} beyond row {i}");
                }
                let mut out = vec![f64::NAN; (last - first) * stride];
                products_apart(all.range(first, last), all, &mut out, stride);
                for (row, i) in out.chunks(stride).zip(first..) {
                    assert_eq!(row[..count], whole[i * count..][..count], "{level:?} {first} {last} row {i}");
                    assert!(row[count..].iter().all(|cell| cell.is_nan()), "{level:?} {first} {last} after row {i}");
                }
            }
        }
    }
}
