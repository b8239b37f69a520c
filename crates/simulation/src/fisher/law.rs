//! Signals and errors of many inputs in law, without weights.
//!
//! Forward, the preactivations of a neuron are `L z`, with `L L^T = sigma_w^2 X^T X / n + sigma_b^2 o o^T` and standard normals `z`. Backward, given
//! them, with the bias as one more component of `X` and `Q = sigma_w n^(-1/2) X L (L^T L)^(-1)`, whose columns are orthonormal and which the weights
//! take to `sigma_w n^(-1/2) z`: errors `D` of the layer after have, with `M M^T = D^T D` and standard normals `Xi`,
//!
//! ```text
//! W^T D = sigma_w n^(-1/2) (Q (Z^T D - Q^T Xi M^T) + Xi M^T)
//! ```
//!
//! `Z` being the `z` of all neurons. A layer takes as many normals a neuron as there are inputs, twice.

use super::SimulationError;
use crate::ErrorGrams;
use crate::backward::{Signals, check, gram, normals, readout};
use crate::cost::Work;
use crate::gram::{check_continuous, check_inputs};
use neurodyn_model::{Column, Inputs, Network, SymmetricMatrix};
use neurodyn_numerics::linalg::{Factor, solve_positive};
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_numerics::sum::{add_scaled, dot};
use neurodyn_random::{Address, Role};

/// One layer of all inputs.
struct Layer {
    /// Normals behind the preactivations, `rank` vectors.
    normals: Vec<f64>,
    factor: Factor,
    signals: Vec<Signals>,
}

fn vectors(values: &[f64], length: usize) -> Vectors<'_> {
    Vectors { values, stride: length, count: values.len() / length, length }
}

/// Products of signals and errors of several points in law, `e` being common to all of them.
pub fn error_grams_in_law(
    network: &Network,
    inputs: &Inputs,
    address: &Address,
) -> Result<ErrorGrams, SimulationError> {
    check_continuous(network.ensemble.activation)?;
    let columns = inputs.columns().iter().enumerate();
    let points: Vec<usize> = columns.filter(|(_, kind)| **kind == Column::State).map(|(c, _)| c).collect();
    let ensemble = &network.ensemble;
    let (weight, bias) = (ensemble.sigma_w.squared(), ensemble.sigma_b.squared());
    let m = points.len();
    Work::error_grams(network.widths().iter().map(|width| width.get() as f64).sum(), m as f64).afford()?;
    let start = SymmetricMatrix::from_fn(m, |i, j| inputs.gram().get(points[i], points[j]));
    let mut found = ErrorGrams { signals: vec![start], errors: Vec::new() };
    let mut layers: Vec<Layer> = Vec::new();
    for (index, width) in network.widths().iter().enumerate() {
        let n = width.get() as usize;
        let before = &found.signals[index];
        let factor = Factor::new(m, |i, j| weight * before.get(i, j) + bias);
        if index == 0 {
            check_inputs(before, &Factor::new(m, |i, j| before.get(i, j)))?;
        }
        let z: Vec<f64> =
            (0..factor.rank()).flat_map(|k| normals(address, Role::PREACTIVATIONS, index + 1, k, n)).collect();
        let signals: Vec<Signals> = (0..m)
            .map(|i| {
                let mut u = vec![0.0; n];
                factor.row(i).iter().zip(z.chunks(n)).for_each(|(entry, z)| add_scaled(&mut u, *entry, z));
                Signals::new(ensemble.activation, u)
            })
            .collect();
        found.signals.push(products_of(signals.iter().map(|signals| &signals.values[..]), n));
        check(found.signals[index + 1].entries().iter().sum(), index + 1, address)?;
        layers.push(Layer { normals: z, factor, signals });
    }
    let depth = layers.len();
    let last = &layers[depth - 1].signals;
    let e = readout(address, depth, last[0].slopes.len());
    let mut errors: Vec<f64> = last.iter().flat_map(|signals| signals.pass(e.clone())).collect();
    found.errors.push(gram(&errors, errors.len() / m));
    for layer in (1..depth).rev() {
        let (here, after) = (&layers[layer - 1], &layers[layer]);
        let back = back(network, here, after, &errors, (layer, address))?;
        errors = here.signals.iter().zip(back).flat_map(|(signals, back)| signals.pass(back)).collect();
        let length = errors.len() / m;
        found.errors.push(gram(&errors, length));
        check(found.errors[depth - layer].entries().iter().sum(), layer, address)?;
    }
    found.errors.reverse();
    Ok(found)
}

fn products_of<'a>(vectors: impl Iterator<Item = &'a [f64]>, length: usize) -> SymmetricMatrix {
    gram(&vectors.flatten().copied().collect::<Vec<f64>>(), length)
}

/// `W^T D`, a vector for each input.
fn back(
    network: &Network,
    here: &Layer,
    after: &Layer,
    errors: &[f64],
    (layer, address): (usize, &Address),
) -> Result<Vec<Vec<f64>>, SimulationError> {
    let ensemble = &network.ensemble;
    let m = here.signals.len();
    let (n, wide) = (here.signals[0].values.len(), errors.len() / m);
    let scale = ensemble.sigma_w.get() / (n as f64).sqrt();
    if scale == 0.0 {
        return Ok(vec![vec![0.0; n]; m]);
    }
    let error = |c: usize| &errors[c * wide..(c + 1) * wide];
    let root = Factor::new(m, |i, j| dot(error(i), error(j)));
    let xi: Vec<f64> = (0..root.rank()).flat_map(|k| normals(address, Role::BACKWARD, layer, k, n + 1)).collect();
    let ranks = (after.factor.rank(), root.rank());
    // Z^T D and X^T Xi
    let mut revealed = vec![0.0; ranks.0 * m];
    products(vectors(&after.normals, wide), vectors(errors, wide), &mut revealed);
    let x: Vec<f64> = here.signals.iter().flat_map(|signals| signals.values.iter().copied()).collect();
    let mut shared = vec![0.0; m * ranks.1];
    products(vectors(&x, n), Vectors { values: &xi, stride: n + 1, count: ranks.1, length: n }, &mut shared);
    let bias = ensemble.sigma_b.get() / scale;
    for row in shared.chunks_mut(ranks.1.max(1)) {
        row.iter_mut().enumerate().for_each(|(k, entry)| *entry += bias * xi[k * (n + 1) + n]);
    }
    // rows of scale L (L^T L)^-1, one an input
    let (factor, r) = (&after.factor, ranks.0);
    let square: Vec<Vec<f64>> =
        (0..r).map(|k| (0..r).map(|l| (0..m).map(|i| factor.row(i)[k] * factor.row(i)[l]).sum()).collect()).collect();
    let close = || SimulationError::TooClose { layer, replica: address.replica };
    let basis: Vec<Vec<f64>> = (0..m)
        .map(|i| {
            let solved = solve_positive(&square, factor.row(i), 0.0).ok_or_else(close)?;
            Ok(solved.into_iter().map(|entry| scale * entry).collect())
        })
        .collect::<Result<_, SimulationError>>()?;
    // Z^T D - Q^T Xi M^T
    let mut inner = revealed;
    for k in 0..r {
        for l in 0..ranks.1 {
            let projected: f64 = (0..m).map(|i| basis[i][k] * shared[i * ranks.1 + l]).sum();
            for c in 0..m {
                inner[k * m + c] -= projected * root.row(c)[l];
            }
        }
    }
    Ok((0..m)
        .map(|c| {
            let mut back = vec![0.0; n];
            for (i, signals) in here.signals.iter().enumerate() {
                let entry: f64 = (0..r).map(|k| basis[i][k] * inner[k * m + c]).sum();
                add_scaled(&mut back, scale * entry, &signals.values);
            }
            for (l, xi) in xi.chunks(n + 1).enumerate() {
                add_scaled(&mut back, scale * root.row(c)[l], &xi[..n]);
            }
            back
        })
        .collect())
}
