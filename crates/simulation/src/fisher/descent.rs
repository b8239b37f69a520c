//! Gradient descent of the weights of explicit networks, close to where their errors vanish.

use super::{Mlp, SimulationError};
use crate::explicit::dense_inputs;
use neurodyn_model::{Inputs, Network};
use neurodyn_random::Address;

/// Losses `(1/2T) sum_s (f(s) - y_s)^2` before and after this many steps of gradient descent of the weights (not the biases) at each of these learning
/// rates. Labels are the outputs of the network at the start, less `offset`: what is to be learned is small and common to all inputs, so the
/// loss answers to the first eigenvalue of the Fisher information, and the network hardly changes.
pub fn descend(
    network: &Network,
    inputs: &Inputs,
    offset: f64,
    rates: &[f64],
    steps: usize,
    address: &Address,
) -> Result<Vec<(f64, f64)>, SimulationError> {
    let mut sizes: Vec<usize> = network.widths().iter().map(|width| width.get() as usize).collect();
    sizes.insert(0, sizes[0]);
    sizes.push(1);
    let columns = dense_inputs(inputs, sizes[0])?;
    let dense: Vec<f64> =
        (0..inputs.columns().len()).flat_map(|c| columns.column(c, sizes[0]).iter().copied()).collect();
    let start = Mlp::random(&network.ensemble, &sizes, address);
    let labels: Vec<f64> = start.pass(&dense).outputs.iter().map(|output| output - offset).collect();
    let biases: Vec<usize> = start.units().iter().map(|unit| unit.end - 1).collect();
    let residuals = |outputs: &[f64]| outputs.iter().zip(&labels).map(|(f, y)| f - y).collect::<Vec<f64>>();
    let loss = |residuals: &[f64]| 0.5 * residuals.iter().map(|r| r * r).sum::<f64>() / residuals.len() as f64;
    rates
        .iter()
        .map(|rate| {
            let mut learner = start.clone();
            let mut pass = learner.pass(&dense);
            let before = loss(&residuals(&pass.outputs));
            for _ in 0..steps {
                let mut gradient = learner.gradient(&pass, &residuals(&pass.outputs));
                biases.iter().for_each(|&bias| gradient[bias] = 0.0);
                learner.parameters.iter_mut().zip(&gradient).for_each(|(parameter, g)| *parameter -= rate * g);
                pass = learner.pass(&dense);
            }
            let after = loss(&residuals(&pass.outputs));
            let finite = before.is_finite() && after.is_finite();
            let failed = SimulationError::NotFinite { layer: sizes.len() - 1, replica: address.replica };
            if finite { Ok((before, after)) } else { Err(failed) }
        })
        .collect()
}
