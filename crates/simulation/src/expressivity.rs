//! What random networks can express of functions on a curve: linear regression, with a ridge, of targets onto the neurons of a layer.
//!
//! With features `F` (points times neurons) and the matrix `K = F F^T / (n m)` of `m` points and `n` neurons, the residual of a target
//! `y` is `r (K + r)^-1 y` for the ridge `r`: that of the weights `w` that minimise `|y - F w|^2 / m + r n |w|^2`. It is computed in this
//! form for any `n`, by Cholesky factors; its relative error is about 1e-16 over `r` times the mean square of the features.

use super::chain_rule::ChainRule;
use super::cost::Work;
use super::explicit::{Layer, dense_inputs};
use super::gram::Columns;
use super::{SimulationError, parallel_map};
use neurodyn_model::{Ensemble, Inputs};
use neurodyn_numerics::elementary::{exp, sin_cos};
use neurodyn_numerics::linalg::Cholesky;
use neurodyn_numerics::product::products;
use neurodyn_numerics::sum::{add_scaled, dot};
use neurodyn_random::{Address, Role, fill_normals};
use std::f64::consts::PI;

/// Rows of `K` computed at once.
const ROWS: usize = 48;

/// Neurons of one layer at the points of a curve.
#[derive(Debug, Clone)]
pub struct Features {
    columns: Columns,
    points: usize,
    neurons: usize,
}

/// Hands the layers `1..=depth` of the network with explicit weights at this address to `see`, one after the other. All inputs must be
/// points; the network has `width` neurons in every layer but the input, which has as many as the inputs have dimensions.
pub fn see_layers<E: From<SimulationError>>(
    ensemble: &Ensemble,
    width: usize,
    depth: usize,
    inputs: &Inputs,
    address: &Address,
    mut see: impl FnMut(usize, &Features) -> Result<(), E>,
) -> Result<(), E> {
    let address = address.with_role(Role::WEIGHTS);
    let (kinds, rule) = (inputs.columns(), ChainRule::new(inputs.columns()));
    Work::explicit(width as f64, depth as f64, kinds.len() as f64).afford()?;
    let mut length = super::explicit::rank(inputs);
    let mut columns = dense_inputs(inputs, length)?;
    for index in 1..=depth {
        let layer = Layer { ensemble: *ensemble, kinds, rule: &rule, address, layer: index as u32 };
        columns = layer.next(&columns, length, width)?;
        length = width;
        let features = Features { columns, points: kinds.len(), neurons: width };
        see(index, &features)?;
        columns = features.columns;
    }
    Ok(())
}

impl Features {
    /// Values of one neuron along the curve.
    pub fn neuron(&self, neuron: usize) -> Vec<f64> {
        (0..self.points).map(|point| self.columns.column(point, self.neurons)[neuron]).collect()
    }

    /// Residuals of these targets, one after the other, regressed on the first `neurons` neurons with this ridge. Fails where rounding
    /// makes the matrix indefinite: the ridge is too small.
    pub fn residuals(&self, neurons: usize, ridge: f64, targets: &[f64]) -> Result<Vec<f64>, SimulationError> {
        let m = self.points;
        let neurons = neurons.min(self.neurons);
        let all = self.columns.vectors(neurons);
        let firsts: Vec<usize> = (0..m).step_by(ROWS).collect();
        let panels: Vec<Vec<f64>> = parallel_map(&firsts, |&first| {
            // as far as the diagonal
            let rows = all.range(first, first + ROWS);
            let columns = all.range(0, first + ROWS);
            let mut panel = vec![0.0; rows.count * columns.count];
            products(rows, columns, &mut panel);
            Ok::<_, SimulationError>(panel)
        })?;
        let mut matrix = vec![0.0; m * m];
        let scale = 1.0 / (neurons * m) as f64;
        for (&first, panel) in firsts.iter().zip(&panels) {
            let width = (first + ROWS).min(m);
            for (i, row) in panel.chunks(width).enumerate() {
                let target = &mut matrix[(first + i) * m..(first + i) * m + width];
                target.iter_mut().zip(row).for_each(|(entry, product)| *entry = product * scale);
                target[first + i] += ridge;
            }
        }
        let factor = Cholesky::new(m, matrix).ok_or(SimulationError::RidgeTooSmall { ridge })?;
        let mut sides = targets.to_vec();
        factor.solve(&mut sides);
        sides.iter_mut().for_each(|side| *side *= ridge);
        Ok(sides)
    }
}

/// `|r|^2` of each vector of this length.
pub fn squares(vectors: &[f64], length: usize) -> Vec<f64> {
    vectors.chunks(length).map(|vector| dot(vector, vector)).collect()
}

/// Waves of these frequencies on `m` angles, of unit length, cosine and sine of each.
pub fn waves(frequencies: &[usize], m: usize) -> Vec<f64> {
    let size = (2.0 / m as f64).sqrt();
    let mut waves = Vec::with_capacity(2 * frequencies.len() * m);
    for &frequency in frequencies {
        let turns: Vec<_> = (0..m).map(|j| sin_cos(2.0 * PI * (frequency * j % m) as f64 / m as f64)).collect();
        waves.extend(turns.iter().map(|(_, cos)| size * cos));
        waves.extend(turns.iter().map(|(sin, _)| size * sin));
    }
    waves
}

/// A random function of unit mean square on `m` angles, of frequencies from 1 to `highest`, whose power has fallen to `1 / e` at `bandwidth`.
pub fn random_function(m: usize, highest: usize, bandwidth: f64, at: &Address) -> Vec<f64> {
    let mut coefficients = vec![0.0; 2 * highest];
    fill_normals(&mut at.with_role(Role::EXPRESSIVITY).stream(0, 0), &mut coefficients);
    let mut target = vec![0.0; m];
    for (k, pair) in coefficients.chunks(2).enumerate() {
        let frequency = (k + 1) as f64;
        let size = exp(-0.5 * (frequency / bandwidth) * (frequency / bandwidth));
        for (value, wave) in pair.iter().zip(waves(&[k + 1], m).chunks(m)) {
            add_scaled(&mut target, size * value, wave);
        }
    }
    let square = squares(&target, m)[0] / m as f64;
    target.iter_mut().for_each(|value| *value /= square.sqrt());
    target
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::SymmetricMatrix;
    use neurodyn_numerics::elementary::{cos, sin};
    use std::f64::consts::PI;

    const M: usize = 60;

    fn inputs() -> Inputs {
        let gram = SymmetricMatrix::from_fn(M, |i, j| 0.7 * cos(PI * (i - j) as f64 / M as f64));
        Inputs::points(gram).expect("valid")
    }

    fn last_layer(width: usize, depth: usize) -> Features {
        let ensemble = Ensemble::new(neurodyn_model::Activation::Tanh, 2.5, 0.3).expect("valid");
        let address = Address { seed: 3, role: Role::NETWORK, point: 1, replica: 2 };
        let mut last = None;
        see_layers::<SimulationError>(&ensemble, width, depth, &inputs(), &address, |_, features| {
            last = Some(features.clone());
            Ok(())
        })
        .expect("finite");
        last.expect("a layer")
    }

    #[test]
    fn what_neurons_span_leaves_no_residual() {
        let features = last_layer(40, 3);
        let combined: Vec<f64> =
            features.neuron(3).iter().zip(features.neuron(17)).map(|(a, b)| 2.0 * a - 0.5 * b).collect();
        let square = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>();
        let left = features.residuals(40, 1e-10, &combined).expect("solved");
        assert!(square(&left) < 1e-8 * square(&combined), "{}", square(&left));
        // without these neurons something is left, and a large ridge leaves everything
        let left = features.residuals(3, 1e-10, &combined).expect("solved");
        assert!(square(&left) > 1e-3 * square(&combined));
        let left = features.residuals(40, 1e9, &combined).expect("solved");
        assert!((square(&left) / square(&combined) - 1.0).abs() < 1e-8);
    }

    #[test]
    fn residuals_are_those_of_the_normal_equations() {
        let (features, ridge, n) = (last_layer(30, 2), 1e-3, 25);
        let y: Vec<f64> = (0..M).map(|i| sin(0.9 * i as f64)).collect();
        let neurons: Vec<Vec<f64>> = (0..n).map(|neuron| features.neuron(neuron)).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let matrix: Vec<Vec<f64>> = (0..n)
            .map(|i| {
                let entry =
                    |j: usize| dot(&neurons[i], &neurons[j]) / (n * M) as f64 + if i == j { ridge } else { 0.0 };
                (0..n).map(entry).collect()
            })
            .collect();
        let side: Vec<f64> = neurons.iter().map(|neuron| dot(neuron, &y) / (n * M) as f64).collect();
        let weights = neurodyn_numerics::linalg::solve_positive(&matrix, &side, 0.0).expect("definite");
        let found = features.residuals(n, ridge, &y).expect("solved");
        for (i, found) in found.iter().enumerate() {
            let fit: f64 = neurons.iter().zip(&weights).map(|(neuron, weight)| neuron[i] * weight).sum();
            assert!((found - (y[i] - fit)).abs() < 1e-11);
        }
        assert!((squares(&found, M)[0] / dot(&found, &found) - 1.0).abs() < 1e-13);
    }

    #[test]
    fn layers_are_those_of_the_explicit_sampler() {
        use crate::{Explicit, Sampler};
        use neurodyn_model::{Activation, Network, Width};
        // with as many input neurons as dimensions, 2
        let ensemble = Ensemble::new(Activation::Tanh, 2.5, 0.3).expect("valid");
        let widths = [2, 2].map(|width| Width::new(width).expect("valid")).to_vec();
        let address = Address { seed: 3, role: Role::NETWORK, point: 1, replica: 2 };
        let network = Network::new(ensemble, widths).expect("valid");
        let trajectory = Explicit.sample(&network, &inputs(), &address).expect("finite");
        let features = last_layer(2, 2);
        let (a, b) = (features.neuron(0), features.neuron(1));
        for i in 0..M {
            for j in 0..=i {
                let overlap = 0.5 * (a[i] * a[j] + b[i] * b[j]);
                assert!((overlap - trajectory[2].get(i, j)).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn waves_are_orthonormal_and_random_functions_of_unit_mean_square() {
        let waves = waves(&[1, 3], 16);
        for (i, a) in waves.chunks(16).enumerate() {
            for (j, b) in waves.chunks(16).enumerate() {
                assert!((dot(a, b) - f64::from(u8::from(i == j))).abs() < 1e-14, "{i} {j}");
            }
        }
        let at = Address { seed: 2, role: Role::NETWORK, point: 0, replica: 0 };
        let target = random_function(16, 7, 2.0, &at);
        assert!((squares(&target, 16)[0] / 16.0 - 1.0).abs() < 1e-14);
        // nothing of the mean
        assert!(target.iter().sum::<f64>().abs() < 1e-12);
    }
}
