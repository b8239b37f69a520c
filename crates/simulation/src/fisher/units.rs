//! Units of one hidden layer: elements of the Fisher information of the first weights within units and between them, the largest eigenvalues
//! of the whole and of the blocks, and the block of one unit with normal inputs.

use super::SimulationError;
use crate::backward::{Signals, normals};
use crate::cost::Work;
use crate::gram::check_inputs;
use neurodyn_model::{Activation, Ensemble, Inputs};
use neurodyn_numerics::linalg::{Factor, solve_positive, symmetric_eigen};
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_numerics::sum::{add_scaled, dot};
use neurodyn_random::{Address, Role};

/// The Fisher information of the first weights of one network with one hidden layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitSample {
    /// Mean square of elements within the blocks of units.
    pub within: f64,
    /// Mean square of elements between units.
    pub between: f64,
    /// Largest eigenvalue of the whole.
    pub largest: f64,
    /// Largest eigenvalue of all blocks.
    pub largest_block: f64,
    /// `1^T Theta 1 / T^2`, the form of the kernel in the vector of ones.
    pub form: f64,
}

/// A network of `width` inputs and hidden units and so many linear outputs with weights `N(0, sigma_w^2 / n)`; preactivations are drawn in law.
pub fn unit_sample(
    ensemble: &Ensemble,
    inputs: &Inputs,
    width: usize,
    outputs: usize,
    address: &Address,
) -> Result<UnitSample, SimulationError> {
    let (gram, m, n) = (inputs.gram(), inputs.columns().len(), width);
    Work::unit_blocks(n as f64, outputs as f64, m as f64).afford()?;
    let factor = Factor::new(m, |i, j| ensemble.preactivation_variance(gram.get(i, j)));
    check_inputs(gram, &Factor::new(m, |i, j| gram.get(i, j)))?;
    let z: Vec<Vec<f64>> = (0..factor.rank()).map(|k| normals(address, Role::PREACTIVATIONS, 1, k, n)).collect();
    let slopes: Vec<Vec<f64>> = (0..m)
        .map(|i| {
            let u = (0..n).map(|unit| factor.row(i).iter().zip(&z).map(|(entry, z)| entry * z[unit]).sum()).collect();
            Signals::new(ensemble.activation, u).slopes
        })
        .collect();
    // squares of V^T V, for each unit its outputs
    let v: Vec<f64> = (0..n).flat_map(|unit| normals(address, Role::WEIGHTS, 2, unit, outputs)).collect();
    let vectors = Vectors { values: &v, stride: outputs, count: n, length: outputs };
    let mut squares = vec![0.0; n * n];
    products(vectors, vectors, &mut squares);
    let scale = ensemble.sigma_w.squared() / n as f64;
    squares.iter_mut().for_each(|entry| *entry *= scale);
    let lengths: Vec<f64> = (0..n).map(|i| squares[i * n + i]).collect();
    squares.iter_mut().for_each(|entry| *entry *= *entry);
    let (mut within, mut between) = (0.0, 0.0);
    let mut kernel = vec![vec![0.0; m]; m];
    let mut passed = vec![0.0; n];
    for s in 0..m {
        for t in 0..=s {
            let both: Vec<f64> = slopes[s].iter().zip(&slopes[t]).map(|(a, b)| a * b).collect();
            let here: f64 = (0..n).map(|i| squares[i * n + i] * both[i] * both[i]).sum();
            products(
                Vectors { values: &squares, stride: n, count: n, length: n },
                Vectors { values: &both, stride: n, count: 1, length: n },
                &mut passed,
            );
            let weight = if s == t { 1.0 } else { 2.0 } * gram.get(s, t) * gram.get(s, t);
            within += weight * here;
            between += weight * (dot(&passed, &both) - here);
            kernel[s][t] = dot(&lengths, &both) * n as f64 * gram.get(s, t);
        }
    }
    let (count, units) = ((m * m) as f64, n as f64);
    let entry = |s: usize, t: usize| kernel[s.max(t)][s.min(t)] / m as f64;
    let largest_block = (0..n)
        .map(|i| {
            let block =
                |s: usize, t: usize| lengths[i] * slopes[s][i] * slopes[t][i] * units * gram.get(s, t) / m as f64;
            symmetric_eigen(m, block).values[0]
        })
        .fold(0.0, f64::max);
    Ok(UnitSample {
        within: within / (count * units),
        between: between / (count * units * (units - 1.0)),
        largest: symmetric_eigen(m, entry).values[0],
        largest_block,
        form: (0..m).flat_map(|s| (0..m).map(move |t| (s, t))).map(|(s, t)| entry(s, t)).sum::<f64>() / m as f64,
    })
}

/// What the block of a unit is along its weights and across them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitForms {
    /// `w^T B w / |w|^2` and `c^T B c`.
    pub block: [f64; 2],
    /// `w^T B^-1 w / |w|^2` and `c^T B^-1 c`.
    pub inverse: [f64; 2],
}

/// Forms of the block `B = (1/T) sum_s phi'(w . x_s)^2 x_s x_s^T` of one unit, with `T` standard normal inputs of `size`
/// components, weights of the given length in a random direction, and `c` a random unit vector across them.
pub fn unit_forms(
    activation: Activation,
    length: f64,
    size: usize,
    inputs: usize,
    address: &Address,
) -> Result<UnitForms, SimulationError> {
    let unit = |vector: &[f64]| {
        let norm = dot(vector, vector).sqrt();
        vector.iter().map(|x| x / norm).collect::<Vec<f64>>()
    };
    let along = unit(&normals(address, Role::WEIGHTS, 1, 0, size));
    let drawn = normals(address, Role::WEIGHTS, 1, 1, size);
    let shared = dot(&drawn, &along);
    let across = unit(&drawn.iter().zip(&along).map(|(x, w)| x - shared * w).collect::<Vec<f64>>());
    let x = normal_inputs(size, inputs, address);
    let u = x.chunks(size).map(|x| length * dot(x, &along)).collect();
    let slopes = Signals::new(activation, u).slopes;
    let mut block = vec![vec![0.0; size]; size];
    for (x, slope) in x.chunks(size).zip(&slopes) {
        for (row, a) in block.iter_mut().zip(x) {
            add_scaled(row, slope * slope * a / inputs as f64, x);
        }
    }
    let singular = SimulationError::SingularMetric { step: 0, replica: address.replica };
    let form = |vector: &[f64]| block.iter().zip(vector).map(|(row, entry)| entry * dot(row, vector)).sum::<f64>();
    let inverse = |vector: &[f64]| solve_positive(&block, vector, 0.0).map(|solved| dot(vector, &solved));
    match (inverse(&along), inverse(&across)) {
        (Some(first), Some(second)) => Ok(UnitForms { block: [form(&along), form(&across)], inverse: [first, second] }),
        _ => Err(singular),
    }
}

/// So many standard normal inputs of `size` components, one after the other.
pub fn normal_inputs(size: usize, count: usize, address: &Address) -> Vec<f64> {
    normals(address, Role::EXPLICIT_EXAMPLES, 1, 0, count * size)
}
