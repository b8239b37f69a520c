//! The explicit weight matrix of a recurrent network: the witness of the exact law, and the choice for small networks and many steps.

use super::{RecurrentWeights, SimulationError};
use neurodyn_model::Ensemble;
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_random::{Address, Role, fill_normals};

/// `n x n` weights drawn once: row `i` from stream `(0, i)`, its bias from the number after its weights.
#[derive(Debug, Clone)]
pub struct WeightMatrix {
    order: usize,
    weights: Vec<f64>,
    bias: Vec<f64>,
    products: Vec<f64>,
}

impl WeightMatrix {
    /// Most neurons accepted: their weights take 200 MB.
    pub const WIDEST: usize = 5000;

    /// The matrix at this address.
    pub fn new(ensemble: &Ensemble, n: usize, address: &Address) -> Result<Self, SimulationError> {
        if n > Self::WIDEST {
            return Err(SimulationError::TooWide { width: n as u64, limit: Self::WIDEST as u64 });
        }
        let address = address.with_role(Role::WEIGHTS);
        let scale = ensemble.sigma_w.get() / (n as f64).sqrt();
        let (mut weights, mut bias) = (Vec::with_capacity(n * n), Vec::with_capacity(n));
        let mut row = vec![0.0; n + 1];
        for i in 0..n {
            fill_normals(&mut address.stream(0, i as u32), &mut row);
            weights.extend(row[..n].iter().map(|weight| scale * weight));
            bias.push(ensemble.sigma_b.get() * row[n]);
        }
        Ok(Self { order: n, weights, bias, products: Vec::new() })
    }
}

impl RecurrentWeights for WeightMatrix {
    fn order(&self) -> usize {
        self.order
    }

    fn multiply(&mut self, vectors: Vectors, images: &mut [f64]) {
        let n = self.order;
        self.products.resize(n * vectors.count, 0.0);
        let rows = Vectors { values: &self.weights, stride: n, count: n, length: n };
        products(rows, vectors, &mut self.products);
        for (i, row) in self.products.chunks(vectors.count).enumerate() {
            row.iter().enumerate().for_each(|(c, value)| images[c * n + i] = *value);
        }
    }

    fn bias(&self) -> &[f64] {
        &self.bias
    }
}
