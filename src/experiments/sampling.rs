//! Monte Carlo shared by the experiments: estimates over replicas of one ensemble, layer by layer.

use super::{Run, RunError};
use crate::model::{Ensemble, Inputs, Network, Width};
use crate::numerics::elementary::ln;
use crate::simulation::{Estimate, SamplerKind, Trajectory};

/// A network with one width for every layer, or one an entry.
pub fn network(ensemble: Ensemble, width: Width, depth: usize) -> Result<Network, RunError> {
    Ok(Network::uniform(ensemble, width, depth)?)
}

/// Trajectories of all replicas at one point of the experiment's grid.
pub fn trajectories(
    run: &Run,
    sampler: SamplerKind,
    network: &Network,
    inputs: &Inputs,
    point: usize,
    replicas: usize,
) -> Result<Vec<Trajectory>, RunError> {
    run.replicas(replicas, |replica| sampler.sampler().sample(network, inputs, &run.address(point as u64, replica)))
}

/// Mean and standard error of an observable in one layer.
pub fn estimate(
    trajectories: &[Trajectory],
    layer: usize,
    observable: impl Fn(&crate::model::SymmetricMatrix) -> f64,
) -> Estimate {
    let values: Vec<f64> = trajectories.iter().map(|t| observable(&t[layer])).collect();
    Estimate::of(&values)
}

/// Standard error, 0 for a quantity without spread.
pub fn stderr(estimate: &Estimate) -> f64 {
    estimate.stderr.unwrap_or(0.0)
}

/// `A` of the first column.
pub fn activity(gram: &crate::model::SymmetricMatrix) -> f64 {
    gram.get(0, 0)
}

/// `D` of a (point, difference) pair of columns.
pub fn distance(gram: &crate::model::SymmetricMatrix) -> f64 {
    gram.get(1, 1)
}

/// `C = A + x . (x' - x) / n` of a (point, difference) pair of columns.
pub fn overlap(gram: &crate::model::SymmetricMatrix) -> f64 {
    gram.get(0, 0) + gram.get(1, 0)
}

/// Decimal logarithm.
pub fn log10(x: f64) -> f64 {
    ln(x) * std::f64::consts::LOG10_E
}
