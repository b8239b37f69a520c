//! Columns of a layer and their Gram sums, in a fixed order of additions.

use super::SimulationError;
use super::replicas::each_piece;
use neurodyn_model::{Activation, Column, Ensemble, Inputs, SymmetricMatrix};
use neurodyn_numerics::fused::fma;
use neurodyn_numerics::linalg::Factor;
use neurodyn_numerics::product::{Vectors, products_apart, products_below};
use neurodyn_numerics::sum::{LANES, dot_within, reduce};

/// Columns whose products are taken at once where there are as many: as many as a product packs.
const PANEL: usize = 96;
/// Columns copied by one thread at once.
const BAND: usize = 48;
/// From so many columns on their products are taken together.
const MANY: usize = 16;

/// `m` columns of equal length, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    count: usize,
    stride: usize,
    values: Vec<f64>,
}

impl Columns {
    pub(super) fn new(count: usize, stride: usize) -> Self {
        Self { count, stride, values: vec![0.0; count * stride] }
    }

    /// Of groups of neurons, `length` each (the last may hold fewer that count), the columns of all `neurons`; with all threads, if asked.
    pub(super) fn joined(groups: &[Columns], length: usize, neurons: usize, threads: bool) -> Self {
        let mut joined = Self::new(groups[0].count, neurons);
        let band = |at: usize, values: &mut [f64]| {
            for (column, c) in values.chunks_mut(neurons).zip(at * BAND..) {
                for (part, group) in column.chunks_mut(length).zip(groups) {
                    part.copy_from_slice(group.column(c, part.len()));
                }
            }
        };
        if threads {
            each_piece(&mut joined.values, neurons * BAND, &band);
        } else {
            joined.values.chunks_mut(neurons * BAND).enumerate().for_each(|(at, values)| band(at, values));
        }
        joined
    }

    /// Writes the products of these columns with some rows of weights.
    pub(super) fn multiply(&mut self, columns: Vectors, rows: Vectors) {
        products_apart(columns, rows, &mut self.values, self.stride);
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    #[inline(always)]
    pub(super) fn column(&self, i: usize, length: usize) -> &[f64] {
        &self.values[i * self.stride..i * self.stride + length]
    }

    #[inline(always)]
    pub(super) fn column_mut(&mut self, i: usize, length: usize) -> &mut [f64] {
        &mut self.values[i * self.stride..i * self.stride + length]
    }

    /// All columns, up to this length.
    #[inline(always)]
    pub(super) fn vectors(&self, length: usize) -> Vectors<'_> {
        Vectors { values: &self.values, stride: self.stride, count: self.count, length }
    }

    /// Columns `i` and a later `j`, both to write.
    #[inline(always)]
    pub(super) fn two_mut(&mut self, i: usize, j: usize, length: usize) -> (&mut [f64], &mut [f64]) {
        let (head, tail) = self.values.split_at_mut(j * self.stride);
        (&mut head[i * self.stride..i * self.stride + length], &mut tail[..length])
    }

    /// Column `i` to read and a later column `j` to write.
    #[inline(always)]
    pub(super) fn two(&mut self, i: usize, j: usize, length: usize) -> (&[f64], &mut [f64]) {
        let (earlier, column) = self.before_mut(j, length);
        (&earlier.values[i * earlier.stride..i * earlier.stride + length], column)
    }

    /// The columns before `j` to read, and `j` to write.
    #[inline(always)]
    pub(super) fn before_mut(&mut self, j: usize, length: usize) -> (Earlier<'_>, &mut [f64]) {
        let (head, tail) = self.values.split_at_mut(j * self.stride);
        (Earlier { stride: self.stride, values: head }, &mut tail[..length])
    }
}

/// The first columns of several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Earlier<'a> {
    stride: usize,
    values: &'a [f64],
}

impl<'a> Earlier<'a> {
    #[inline(always)]
    pub(super) fn column(&self, i: usize, length: usize) -> &'a [f64] {
        &self.values[i * self.stride..i * self.stride + length]
    }
}

/// Sum over neurons of the products of columns: the lower triangle, row by row.
#[derive(Debug, Clone)]
pub(super) struct GramSum {
    order: usize,
    entries: Vec<f64>,
}

impl GramSum {
    pub(super) fn new(order: usize) -> Self {
        Self { order, entries: vec![0.0; order * (order + 1) / 2] }
    }

    pub(super) fn add(&mut self, other: &GramSum) {
        for (total, part) in self.entries.iter_mut().zip(&other.entries) {
            *total += part;
        }
    }

    /// Adds the products of the columns from `first` on, as [`panel`] gives them.
    fn add_panel(&mut self, first: usize, products: &[f64]) {
        let width = (first + PANEL).min(self.order);
        for (row, products) in (first..width).zip(products.chunks(width)) {
            let start = row * (row + 1) / 2;
            for (entry, product) in self.entries[start..=start + row].iter_mut().zip(products) {
                *entry += product;
            }
        }
    }

    /// The Gram matrix: the sum over the number of neurons.
    pub(super) fn mean(&self, neurons: f64) -> SymmetricMatrix {
        SymmetricMatrix::from_fn(self.order, |i, j| self.entries[i * (i + 1) / 2 + j] / neurons)
    }
}

/// Adds the products of the first `length` neurons. Of few columns each product is a [`dot_within`] of its own, whether one or two rows
/// are taken at a time; of many it is a cell of [`products`].
#[inline(always)]
pub(super) fn accumulate(columns: &Columns, length: usize, sum: &mut GramSum) {
    let m = columns.count();
    if m >= MANY {
        for first in (0..m).step_by(PANEL) {
            sum.add_panel(first, &panel(columns, length, first));
        }
        return;
    }
    let mut i = 0;
    while i + 1 < m {
        let (first, second) = (columns.column(i, length), columns.column(i + 1, length));
        let (row, next) = (i * (i + 1) / 2, (i + 1) * (i + 2) / 2);
        for j in 0..=i {
            let (a, b) = two_dots(first, second, columns.column(j, length));
            sum.entries[row + j] += a;
            sum.entries[next + j] += b;
        }
        sum.entries[next + i + 1] += dot_within(second, second);
        i += 2;
    }
    if i < m {
        let last = columns.column(i, length);
        for j in 0..=i {
            sum.entries[i * (i + 1) / 2 + j] += dot_within(last, columns.column(j, length));
        }
    }
}

/// The Gram matrix of the first `length` neurons, with all threads where there is much to do.
pub(super) fn gram(columns: &Columns, length: usize) -> SymmetricMatrix {
    let m = columns.count();
    let neurons = length as f64;
    if m < PANEL {
        let mut sum = GramSum::new(m);
        accumulate(columns, length, &mut sum);
        return sum.mean(neurons);
    }
    let mut entries = vec![0.0; m * m];
    each_piece(&mut entries, PANEL * m, &|at, rows| {
        let first = at * PANEL;
        products_below(columns.vectors(length), first, (first + PANEL).min(m), rows, m);
        for (row, i) in rows.chunks_mut(m).zip(first..) {
            // a sum begins at 0, so that it is not -0
            row[..=i].iter_mut().for_each(|entry| *entry = (0.0 + *entry) / neurons);
        }
    });
    SymmetricMatrix::from_lower(m, entries)
}

/// Products of the columns from `first` on, [`PANEL`] of them, with all columns up to themselves; rows as long as the last.
fn panel(columns: &Columns, length: usize, first: usize) -> Vec<f64> {
    let last = (first + PANEL).min(columns.count());
    let mut out = vec![0.0; (last - first) * last];
    products_below(columns.vectors(length), first, last, &mut out, last);
    out
}

/// `(dot_within(a, c), dot_within(b, c))`, to the bit.
#[inline(always)]
fn two_dots(a: &[f64], b: &[f64], c: &[f64]) -> (f64, f64) {
    let (mut first, mut second) = ([0.0; LANES], [0.0; LANES]);
    let (a_chunks, a_rest) = a.as_chunks::<LANES>();
    let (b_chunks, b_rest) = b.as_chunks::<LANES>();
    let (c_chunks, c_rest) = c.as_chunks::<LANES>();
    for ((a, b), c) in a_chunks.iter().zip(b_chunks).zip(c_chunks) {
        for k in 0..LANES {
            first[k] = fma(a[k], c[k], first[k]);
            second[k] = fma(b[k], c[k], second[k]);
        }
    }
    for (k, ((a, b), c)) in a_rest.iter().zip(b_rest).zip(c_rest).enumerate() {
        first[k] = fma(*a, *c, first[k]);
        second[k] = fma(*b, *c, second[k]);
    }
    (reduce(first), reduce(second))
}

/// Fails when no inputs have this Gram matrix, as its `factor` (or that of the law of their preactivations) tells: a pivot
/// below `-1e-9`, five orders beyond rounding, or a product with a vector of length 0.
pub(super) fn check_inputs(gram: &SymmetricMatrix, factor: &Factor) -> Result<(), SimulationError> {
    const ROUNDING: f64 = 1e-9;
    let m = gram.order();
    let vanishing = |i: usize| gram.get(i, i) == 0.0;
    let orphan = (0..m).any(|i| vanishing(i) && (0..m).any(|j| gram.get(i, j) * gram.get(i, j) > 0.0));
    let defect = if orphan { f64::INFINITY } else { factor.defect() };
    if defect > ROUNDING { Err(SimulationError::Indefinite { defect }) } else { Ok(()) }
}

/// Fails when tangents or errors are to pass through a jump.
pub(super) fn check_continuous(activation: Activation) -> Result<(), SimulationError> {
    if activation.is_continuous() { Ok(()) } else { Err(SimulationError::NotContinuous { activation }) }
}

/// Fails when derivatives are to pass through an activation that has none.
pub(super) fn check_smooth(ensemble: &Ensemble, inputs: &Inputs) -> Result<(), SimulationError> {
    let has = |what: fn(&Column) -> bool| inputs.columns().iter().any(what);
    let activation = ensemble.activation;
    if has(|column| matches!(column, Column::Tangent { .. } | Column::Second { .. })) {
        check_continuous(activation)?;
    }
    if has(|column| matches!(column, Column::Second { .. })) && !activation.is_smooth() {
        return Err(SimulationError::NotSmooth { activation });
    }
    Ok(())
}

/// The matrix itself, or the error that names where it is not finite.
pub(super) fn check(gram: SymmetricMatrix, layer: usize, replica: u64) -> Result<SymmetricMatrix, SimulationError> {
    if gram.entries().iter().all(|entry| entry.is_finite()) {
        Ok(gram)
    } else {
        Err(SimulationError::NotFinite { layer, replica })
    }
}
