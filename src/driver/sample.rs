//! Monte Carlo of one ensemble, without an experiment.

use super::observables::{Columns, Observables};
use super::{Interrupted, Listener};
use crate::experiment::Expected;
use crate::model::{Network, Replicas};
use crate::random::{Address, Role};
use crate::simulation::{Budget, Estimate, Prefix, REPLICAS_AT_ONCE, SamplerKind, SimulationError, cost, sweep};
use anyhow::{Result, anyhow};
use std::sync::atomic::{AtomicBool, Ordering};

/// What is sampled.
#[derive(Debug, Clone)]
pub struct SampleRequest {
    /// The networks.
    pub network: Network,
    /// Activities of the two inputs.
    pub activities: [f64; 2],
    /// Their correlation, where there are two.
    pub correlation: Option<f64>,
    /// What is estimated.
    pub observables: Observables,
    /// How many networks.
    pub replicas: Replicas,
    /// Seed of the random numbers.
    pub seed: u64,
    /// How networks are sampled.
    pub sampler: SamplerKind,
}

/// Most numbers kept at a time while sampling, 8 bytes each.
const MOST_VALUES: u64 = 250_000_000;

impl SampleRequest {
    /// Numbers of one network: layers with the input, each with its observables.
    pub fn values(&self) -> usize {
        (self.network.depth() + 1) * self.observables.count()
    }
}

/// Estimates of the observables, in the order asked for, in every layer. `keep` sees what each network showed, layer by layer, in no order.
pub fn sample(
    request: &SampleRequest,
    keep: &(dyn Fn(u64, &[f64]) + Sync),
    listener: &(dyn Listener + Sync),
    interrupt: &AtomicBool,
) -> Result<Vec<Vec<Estimate>>> {
    let SampleRequest { network, activities, correlation, observables, replicas, seed, sampler } = request;
    let (count, depth) = (observables.count(), network.depth());
    let kept = replicas.at_most().min(REPLICAS_AT_ONCE);
    let values = kept.saturating_mul(depth as u64 + 1).saturating_mul(count as u64);
    if values > MOST_VALUES {
        return Err(anyhow!(
            "{kept} networks at --depth {depth} would keep {values} numbers ({} GB); at most {MOST_VALUES} are allowed",
            values / 125_000_000
        ));
    }
    let columns = Columns::new(observables, *activities, *correlation)?;
    let budget = Budget::new(*replicas, 1.0);
    let work = match sampler {
        SamplerKind::Macroscopic => cost::nanoseconds(network, &columns.inputs),
        // of explicit weights the time is not known
        SamplerKind::Explicit => 0,
    };
    listener.expect(Expected {
        units: replicas.at_most(),
        nanoseconds: work.saturating_mul(replicas.at_most()),
        at_most: replicas.target_stderr().is_some(),
        whole: true,
    });
    let sampled = sweep(&[budget], |_, replica| {
        if interrupt.load(Ordering::Relaxed) {
            return Err(SimulationError::Interrupted);
        }
        let address = Address { seed: *seed, role: Role::NETWORK, point: 0, replica };
        let trajectory = sampler.sampler().sample(network, &columns.inputs, &address)?;
        // all layers in one allocation
        let mut observed = Vec::with_capacity(trajectory.len() * count);
        for (layer, gram) in trajectory.iter().enumerate() {
            let width = layer.checked_sub(1).map(|index| network.widths()[index]);
            observed.extend(observables.of(&columns, gram, width));
        }
        keep(replica, &observed);
        listener.advance(1);
        Ok(observed)
    });
    let moments = match sampled {
        Err(SimulationError::Observable { observable, .. }) => {
            let name = observables.names().nth(observable % count).unwrap_or_default();
            return Err(anyhow!("layer {}: the {name} is not finite", observable / count));
        }
        Err(SimulationError::Interrupted) => return Err(anyhow!(Interrupted)),
        result => result?.first().map(Prefix::total).unwrap_or_default(),
    };
    if let Some((reached, _)) = budget.missed(&moments) {
        let replicas = moments.count();
        let text =
            format!("warning: the largest standard error is {reached:.2e} after {replicas} networks, the most allowed");
        listener.line(&text, true);
    }
    let estimate = |layer: usize, observable: usize| {
        let estimate = moments.mean(layer * count + observable);
        // the input is known exactly
        if layer == 0 { Estimate { stderr: Some(0.0), ..estimate } } else { estimate }
    };
    let layers: Vec<Vec<Estimate>> =
        (0..=depth).map(|layer| (0..count).map(|observable| estimate(layer, observable)).collect()).collect();
    for (layer, estimates) in layers.iter().enumerate() {
        for (name, Estimate { mean, stderr, .. }) in observables.names().zip(estimates) {
            if !(mean.is_finite() && stderr.is_none_or(f64::is_finite)) {
                return Err(anyhow!("layer {layer}: the mean or standard error of the {name} is not finite"));
            }
        }
    }
    Ok(layers)
}
