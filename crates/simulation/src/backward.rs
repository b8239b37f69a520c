//! Backpropagated errors of finite networks, `delta^L = phi'(u^L) o e` and `delta^l = phi'(u^l) o (W^(l+1))^T delta^(l+1)`, with `e` standard normal.
//!
//! [`errors`] samples one input in law, without weights: given the forward pass, a row-wise Gaussian matrix with `W x = u` is
//! `u x^T / |x|^2` and independent normals across `x`, so the way back needs `n` normals a layer. The bias is one more component of `x`. From the
//! same normals it takes the errors of weights that are independent of the forward pass: each of the two has its own exact law, and their
//! difference is the alignment along `x` alone. [`explicit_errors`] is the witness: it draws the weights of each layer again, from their
//! addresses, on the way back.

use super::SimulationError;
use super::cost::Work;
use super::explicit::{Explicit, ROWS, dense_inputs};
use super::gram::check_continuous;
use neurodyn_model::{Activation, Column, Inputs, Network, SymmetricMatrix};
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_numerics::sum::{add_scaled, dot};
use neurodyn_random::{Address, Role, fill_normals};

/// Errors of one input through one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Errors {
    /// `A^l` in layers `0..=L`.
    pub activities: Vec<f64>,
    /// `|delta^l|^2 / n_l` in layers `1..=L`, the weights of the way back being those of the way forward.
    pub same: Vec<f64>,
    /// The same with independent weights on the way back.
    pub independent: Vec<f64>,
}

/// Products of the signals and of the errors of several inputs through one network.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorGrams {
    /// `x_a . x_b / n_l` in layers `0..=L`.
    pub signals: Vec<SymmetricMatrix>,
    /// `delta_a . delta_b / n_l` in layers `1..=L`.
    pub errors: Vec<SymmetricMatrix>,
}

/// Signals of one layer: preactivations, `phi` and `phi'` of them.
pub(super) struct Signals {
    pub(super) preactivations: Vec<f64>,
    pub(super) values: Vec<f64>,
    pub(super) slopes: Vec<f64>,
}

impl Signals {
    pub(super) fn new(activation: Activation, preactivations: Vec<f64>) -> Self {
        let (mut values, mut slopes) = (preactivations.clone(), vec![0.0; preactivations.len()]);
        activation.operation().slopes(&preactivations, &mut slopes);
        activation.operation().values(&mut values);
        Self { preactivations, values, slopes }
    }

    /// `phi'(u) o h`.
    pub(super) fn pass(&self, mut errors: Vec<f64>) -> Vec<f64> {
        errors.iter_mut().zip(&self.slopes).for_each(|(error, slope)| *error *= slope);
        errors
    }
}

fn mean_square(vector: &[f64]) -> f64 {
    dot(vector, vector) / vector.len() as f64
}

pub(super) fn normals(address: &Address, role: Role, layer: usize, block: usize, count: usize) -> Vec<f64> {
    let mut normals = vec![0.0; count];
    fill_normals(&mut address.with_role(role).stream(layer as u32, block as u32), &mut normals);
    normals
}

pub(super) fn check(value: f64, layer: usize, address: &Address) -> Result<f64, SimulationError> {
    let fine = value.is_finite();
    if fine { Ok(value) } else { Err(SimulationError::NotFinite { layer, replica: address.replica }) }
}

/// The error `e` at the end of a network.
pub(super) fn readout(address: &Address, depth: usize, width: usize) -> Vec<f64> {
    normals(address, Role::READOUT_ERRORS, depth, 0, width)
}

/// Errors of one input of this activity, in law.
pub fn errors(network: &Network, activity: f64, address: &Address) -> Result<Errors, SimulationError> {
    check_continuous(network.ensemble.activation)?;
    Work::errors(network.widths().iter().map(|width| width.get() as f64).sum()).afford()?;
    let ensemble = &network.ensemble;
    let (mut activities, mut layers) = (vec![activity], Vec::new());
    for (index, width) in network.widths().iter().enumerate() {
        let sd = ensemble.preactivation_variance(activities[index]).sqrt();
        let mut u = normals(address, Role::PREACTIVATIONS, index + 1, 0, width.get() as usize);
        u.iter_mut().for_each(|u| *u *= sd);
        let signals = Signals::new(ensemble.activation, u);
        activities.push(check(mean_square(&signals.values), index + 1, address)?);
        layers.push(signals);
    }
    let depth = layers.len();
    let last = &layers[depth - 1];
    let mut same = last.pass(readout(address, depth, last.slopes.len()));
    let mut independent = same.clone();
    let mut found = Errors { activities, same: vec![mean_square(&same)], independent: vec![mean_square(&independent)] };
    for layer in (1..depth).rev() {
        let (here, after) = (&layers[layer - 1], &layers[layer]);
        let x = &here.values;
        let n = x.len();
        let mut xi = normals(address, Role::BACKWARD, layer, 0, n + 1);
        let last = xi.pop().unwrap_or_default();
        let scale = ensemble.sigma_w.get() / (n as f64).sqrt();
        // x with the component that carries the bias
        let square = dot(x, x) + ensemble.sigma_b.squared() / (scale * scale);
        let size = scale * dot(&same, &same).sqrt();
        // without signal and bias nothing is known of the weights; at sigma_w = 0 all is
        let known = if square > 0.0 && square.is_finite() {
            let along = (dot(x, &xi) + ensemble.sigma_b.get() / scale * last) / square;
            dot(&after.preactivations, &same) / square - size * along
        } else {
            0.0
        };
        let back = xi.iter().zip(x).map(|(xi, x)| size * xi + known * x).collect();
        let other = scale * dot(&independent, &independent).sqrt();
        same = here.pass(back);
        independent = here.pass(xi.iter().map(|xi| other * xi).collect());
        found.same.push(check(mean_square(&same), layer, address)?);
        found.independent.push(check(mean_square(&independent), layer, address)?);
    }
    found.same.reverse();
    found.independent.reverse();
    Ok(found)
}

/// Errors of several points through explicit weights, `e` being common to all of them.
pub fn explicit_errors(network: &Network, inputs: &Inputs, address: &Address) -> Result<ErrorGrams, SimulationError> {
    check_continuous(network.ensemble.activation)?;
    if let Some(width) = network.widths().iter().find(|width| width.get() > Explicit::WIDEST) {
        return Err(SimulationError::TooWide { width: width.get(), limit: Explicit::WIDEST });
    }
    let ensemble = &network.ensemble;
    let points: Vec<usize> =
        inputs.columns().iter().enumerate().filter(|(_, kind)| **kind == Column::State).map(|(c, _)| c).collect();
    let mut length = network.widths()[0].get() as usize;
    let dense = dense_inputs(inputs, length)?;
    let mut x: Vec<f64> = points.iter().flat_map(|&c| dense.column(c, length).to_vec()).collect();
    let mut found = ErrorGrams { signals: vec![gram(&x, length)], errors: Vec::new() };
    let mut layers: Vec<Vec<Signals>> = Vec::new();
    for (index, width) in network.widths().iter().enumerate() {
        let width = width.get() as usize;
        let scale = ensemble.sigma_w.get() / (length as f64).sqrt();
        let mut u = vec![vec![0.0; width]; points.len()];
        for first in (0..width).step_by(ROWS) {
            // each row of weights is followed by its bias
            let neurons = first..(first + ROWS).min(width);
            let rows = neurons.clone().map(|neuron| normals(address, Role::WEIGHTS, index + 1, neuron, length + 1));
            let weights = rows.collect::<Vec<_>>().concat();
            let all = Vectors { values: &weights, stride: length + 1, count: neurons.len(), length };
            let mut sums = vec![0.0; neurons.len() * points.len()];
            products(all, Vectors { values: &x, stride: length, count: points.len(), length }, &mut sums);
            for (row, (neuron, sums)) in neurons.zip(sums.chunks(points.len())).enumerate() {
                let bias = ensemble.sigma_b.get() * weights[row * (length + 1) + length];
                for (u, sum) in u.iter_mut().zip(sums) {
                    u[neuron] = sum * scale + bias;
                }
            }
        }
        let signals: Vec<Signals> = u.into_iter().map(|u| Signals::new(ensemble.activation, u)).collect();
        x = signals.iter().flat_map(|signals| signals.values.iter().copied()).collect();
        length = width;
        found.signals.push(gram(&x, length));
        check(found.signals[index + 1].entries().iter().sum(), index + 1, address)?;
        layers.push(signals);
    }
    let depth = layers.len();
    let e = readout(address, depth, length);
    let mut errors: Vec<Vec<f64>> = layers[depth - 1].iter().map(|signals| signals.pass(e.clone())).collect();
    found.errors.push(gram(&errors.concat(), length));
    for layer in (1..depth).rev() {
        let here = &layers[layer - 1];
        let n = here[0].values.len();
        let scale = ensemble.sigma_w.get() / (n as f64).sqrt();
        let mut back = vec![vec![0.0; n]; points.len()];
        for neuron in 0..errors[0].len() {
            let weights = normals(address, Role::WEIGHTS, layer + 1, neuron, n + 1);
            for (back, errors) in back.iter_mut().zip(&errors) {
                add_scaled(back, scale * errors[neuron], &weights);
            }
        }
        errors = here.iter().zip(back).map(|(signals, back)| signals.pass(back)).collect();
        found.errors.push(gram(&errors.concat(), n));
        check(found.errors[depth - layer].entries().iter().sum(), layer, address)?;
    }
    found.errors.reverse();
    Ok(found)
}

/// Products of vectors that follow one another, over their length.
pub(super) fn gram(vectors: &[f64], length: usize) -> SymmetricMatrix {
    let vector = |i: usize| &vectors[i * length..(i + 1) * length];
    SymmetricMatrix::from_fn(vectors.len() / length, |i, j| dot(vector(i), vector(j)) / length as f64)
}
