//! Networks with weights, drawn as the explicit sampler draws them, and inputs for them.

use super::matrix::Matrix;
use super::weights::Given;
use neurodyn_model::Ensemble;
use neurodyn_numerics::sum::dot;
use neurodyn_random::{Address, Normals, Role, fill_normals};

/// A network of layers of one width, which its input has too.
pub fn drawn(ensemble: &Ensemble, width: usize, depth: usize, address: &Address) -> Vec<Given> {
    let address = address.with_role(Role::WEIGHTS);
    let scale = ensemble.sigma_w.get() / (width as f64).sqrt();
    let layer = |layer: usize| {
        let (mut values, mut biases) = (Vec::with_capacity(width * width), Vec::with_capacity(width));
        // each row of weights is followed by its bias
        let mut normals = vec![0.0; width + 1];
        for row in 0..width {
            fill_normals(&mut address.stream(layer as u32, row as u32), &mut normals);
            values.extend(normals[..width].iter().map(|normal| scale * normal));
            biases.push(ensemble.sigma_b.get() * normals[width]);
        }
        Given { name: layer.to_string(), weights: Matrix { rows: width, columns: width, values }, biases: Some(biases) }
    };
    (1..=depth).map(layer).collect()
}

/// Vectors in random directions, each with this activity.
pub fn directions(count: usize, length: usize, activity: f64, address: &Address) -> Vec<Vec<f64>> {
    let mut normals = Normals::new(address.with_role(Role::MANIFOLD).stream(0, 0));
    let vector = |_| {
        let mut vector: Vec<f64> = normals.by_ref().take(length).collect();
        let scale = (activity * length as f64 / dot(&vector, &vector)).sqrt();
        vector.iter_mut().for_each(|value| *value *= scale);
        vector
    };
    (0..count).map(vector).collect()
}

/// Root of `n_in` times the mean square of the weights, squared.
pub fn weight_variance(weights: &Matrix) -> f64 {
    dot(&weights.values, &weights.values) / weights.rows as f64
}
