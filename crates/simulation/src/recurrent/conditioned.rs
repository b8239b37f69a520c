//! A Gaussian matrix revealed only where it is looked at: products with a few vectors in their exact law, without the matrix.
//!
//! Let `Q` be an orthonormal basis of all vectors multiplied so far, and `W Q` their images. Since the entries of `W` are independent
//! `N(0, sigma_w^2 / n)`, `W` restricted to the complement of `Q` is independent of `W Q`. So with `r = x - Q Q^T x`,
//!
//! ```text
//! W x = (W Q) Q^T x + |r| W (r / |r|),     W (r / |r|) = (sigma_w / sqrt n) z,   z ~ N(0, I) fresh,
//! ```
//!
//! and `r / |r|` and its image are appended. The joint law of all products is that of an explicit matrix, at a cost of `O(n t)` a
//! product after `t` of them, in `2 n t` numbers. Two copies of a network share the matrix: their states go into the basis in turn.
//!
//! Orthogonalisation is done twice, which leaves inner products of the order of one rounding. A residual below [`SPAN`] of its vector is
//! taken for none: the past has all of it (fixed points, cycles, more products than neurons).

use super::RecurrentWeights;
use crate::SimulationError;
use crate::cost::Work;
use neurodyn_model::Ensemble;
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_numerics::simd::{Kernel, dispatch};
use neurodyn_numerics::sum::{add_scaled_within, dot};
use neurodyn_random::{Address, Role, fill_normals};

/// Share of a vector outside the span of the past below which it is rounding.
const SPAN: f64 = 1e-12;
/// Neurons of one stream, the unit of random addressing.
const BLOCK: usize = 1024;
/// Neurons combined at once, so that they stay in the first cache.
const TILE: usize = 512;

/// A weight matrix known on the span of the vectors it has met.
#[derive(Debug, Clone)]
pub struct ConditionedMatrix {
    order: usize,
    scale: f64,
    address: Address,
    basis: Vec<f64>,
    images: Vec<f64>,
    bias: Vec<f64>,
    rank: usize,
    residual: Vec<f64>,
}

impl ConditionedMatrix {
    /// A matrix of which nothing is known but its law, with its bias: block `b` of it from stream `(0, b)`, the image of direction `k`
    /// from streams `(k + 1, b)`. Memory for this many directions is set aside, if that is within reason.
    pub fn new(ensemble: &Ensemble, n: usize, directions: usize, address: &Address) -> Result<Self, SimulationError> {
        Work::recurrent(n as f64, directions.min(n) as f64).afford()?;
        let address = address.with_role(Role::RECURRENT);
        let mut bias = vec![0.0; n];
        fill(&address, 0, &mut bias, ensemble.sigma_b.get());
        let capacity = n * directions.min(n);
        Ok(Self {
            order: n,
            scale: ensemble.sigma_w.get() / (n as f64).sqrt(),
            address,
            basis: Vec::with_capacity(capacity),
            images: Vec::with_capacity(capacity),
            bias,
            rank: 0,
            residual: vec![0.0; n],
        })
    }

    /// Dimension of the span of the vectors met.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Largest deviation of the basis from orthonormality.
    pub fn defect(&self) -> f64 {
        let basis = vectors(&self.basis, self.order, self.rank);
        let mut gram = vec![0.0; self.rank * self.rank];
        products(basis, basis, &mut gram);
        let entries = gram.iter().enumerate();
        entries.fold(0.0, |most, (at, entry)| {
            let exact = if at / self.rank == at % self.rank { 1.0 } else { 0.0 };
            (entry - exact).abs().max(most)
        })
    }

    fn multiply_one(&mut self, x: &[f64], image: &mut [f64]) {
        let n = self.order;
        // by the largest component, so that tiny differences neither underflow nor overflow when squared
        let size = x.iter().fold(0.0f64, |most, value| most.max(value.abs()));
        image.fill(0.0);
        if size == 0.0 {
            return;
        }
        self.residual.iter_mut().zip(x).for_each(|(r, x)| *r = x / size);
        let length = norm(&self.residual);
        let mut coefficients = vec![0.0; self.rank];
        let mut overlaps = vec![0.0; self.rank];
        for _ in 0..2 {
            products(vectors(&self.basis, n, self.rank), vectors(&self.residual, n, 1), &mut overlaps);
            coefficients.iter_mut().zip(&overlaps).for_each(|(total, part)| *total += part);
            overlaps.iter_mut().for_each(|part| *part = -*part);
            dispatch(Combine { vectors: &self.basis, factors: &overlaps, target: &mut self.residual });
        }
        dispatch(Combine { vectors: &self.images, factors: &coefficients, target: image });
        let rest = norm(&self.residual);
        // a comparison that a NaN fails: what is not finite shows in the image
        if self.rank < n && !(rest <= SPAN * length) {
            self.basis.extend(self.residual.iter().map(|r| r / rest));
            self.images.resize((self.rank + 1) * n, 0.0);
            let fresh = &mut self.images[self.rank * n..];
            self.rank += 1;
            fill(&self.address, self.rank as u32, fresh, self.scale);
            dispatch(Combine { vectors: fresh, factors: &[rest], target: image });
        }
        image.iter_mut().for_each(|value| *value *= size);
    }
}

impl RecurrentWeights for ConditionedMatrix {
    fn order(&self) -> usize {
        self.order
    }

    fn multiply(&mut self, vectors: Vectors, images: &mut [f64]) {
        for (i, image) in images.chunks_mut(self.order).enumerate().take(vectors.count) {
            let from = i * vectors.stride;
            self.multiply_one(&vectors.values[from..from + self.order], image);
        }
    }

    fn bias(&self) -> &[f64] {
        &self.bias
    }
}

fn vectors(values: &[f64], length: usize, count: usize) -> Vectors<'_> {
    Vectors { values, stride: length, count, length }
}

fn norm(values: &[f64]) -> f64 {
    dot(values, values).sqrt()
}

/// Normals times `scale`, block after block.
fn fill(address: &Address, layer: u32, values: &mut [f64], scale: f64) {
    for (block, values) in values.chunks_mut(BLOCK).enumerate() {
        fill_normals(&mut address.stream(layer, block as u32), values);
        values.iter_mut().for_each(|value| *value *= scale);
    }
}

/// Adds `factor_k vector_k` for all `k` in order, component by component.
struct Combine<'a> {
    vectors: &'a [f64],
    factors: &'a [f64],
    target: &'a mut [f64],
}

impl Kernel for Combine<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let n = self.target.len();
        for (tile, target) in self.target.chunks_mut(TILE).enumerate() {
            for (k, &factor) in self.factors.iter().enumerate() {
                let from = k * n + tile * TILE;
                add_scaled_within(target, factor, &self.vectors[from..from + target.len()]);
            }
        }
    }
}
