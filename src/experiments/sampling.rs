//! What experiments share: samples of one ensemble next to its theory, layer by layer.

use super::{Run, RunError};
use crate::config::Grid;
use crate::model::{Ensemble, Inputs, Network, ParameterError, Width};
use crate::numerics::elementary::{exp, ln};
use crate::simulation::{Estimate, Pair, SamplerKind, Trajectory};
use crate::theory::activity::activity_trajectory;
use crate::theory::distance::{PairState, pair_trajectory};
use crate::theory::finite_width::{Correction, PairCorrections, activity_corrections, pair_corrections};

/// A network with one width for every layer.
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

/// One input: exact-law samples, infinite-width activities and their 1/n corrections, layer by layer.
pub struct SingleInput {
    pub sample: Vec<Trajectory>,
    pub activities: Vec<f64>,
    pub corrections: Vec<Correction>,
}

/// Theory next to Monte Carlo of one input of this activity.
pub fn single_input(
    run: &Run,
    network: &Network,
    activity: f64,
    point: usize,
    replicas: usize,
) -> Result<SingleInput, RunError> {
    let theory = run.theory(&network.ensemble);
    let inputs = Inputs::single(activity)?;
    Ok(SingleInput {
        sample: trajectories(run, SamplerKind::Macroscopic, network, &inputs, point, replicas)?,
        activities: activity_trajectory(&theory, activity, network.depth())?,
        corrections: activity_corrections(&theory, activity, network.widths())?,
    })
}

/// Two inputs: exact-law samples, infinite-width states and their 1/n corrections, layer by layer.
pub struct PairOfInputs {
    pub sample: Vec<Trajectory>,
    pub states: Vec<PairState>,
    pub corrections: Vec<PairCorrections>,
}

/// Theory next to Monte Carlo of two inputs in this state, as the columns (point, difference).
pub fn pair_of_inputs(
    run: &Run,
    network: &Network,
    input: PairState,
    point: usize,
    replicas: usize,
) -> Result<PairOfInputs, RunError> {
    let theory = run.theory(&network.ensemble);
    let inputs = Inputs::pair(input.activity, input.activity_difference, input.distance)?;
    Ok(PairOfInputs {
        sample: trajectories(run, SamplerKind::Macroscopic, network, &inputs, point, replicas)?,
        states: pair_trajectory(&theory, input, network.depth())?,
        corrections: pair_corrections(&theory, input, network.widths())?,
    })
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
    Pair::POINT_AND_DIFFERENCE.distance(gram)
}

/// `C = A + x . (x' - x) / n` of a (point, difference) pair of columns.
pub fn overlap(gram: &crate::model::SymmetricMatrix) -> f64 {
    Pair::POINT_AND_DIFFERENCE.overlap(gram)
}

/// Points `(sigma_w, sigma_b)` of a plane, row by row.
pub fn plane(sigma_w: &Grid, sigma_b: &Grid) -> Vec<(f64, f64)> {
    sigma_b.values().iter().flat_map(|&b| sigma_w.values().iter().map(move |&w| (w, b))).collect()
}

/// Refuses layers below the last one.
pub fn check_layers(name: &'static str, layers: &[usize], depth: usize) -> Result<(), ParameterError> {
    match layers.iter().find(|&&layer| layer > depth) {
        Some(layer) => Err(ParameterError { name, found: layer.to_string(), allowed: "at most the depth" }),
        None => Ok(()),
    }
}

/// Decimal logarithm.
pub fn log10(x: f64) -> f64 {
    ln(x) * std::f64::consts::LOG10_E
}

/// The `i`-th of `count` values from `from` to `to` in equal ratios.
pub fn geometric(from: f64, to: f64, i: usize, count: usize) -> f64 {
    from * exp(ln(to / from) * i as f64 / (count - 1) as f64)
}
