//! The activity map `A -> chi_0(A)` and the length map `q -> V(q)`, their fixed points, and one Monte Carlo layer
//! (Poole et al. 2016, figure 1A, in both conventions).

use super::sampling::{activity, estimate, network, stderr, trajectories};
use super::{Experiment, Run, RunError, Tables};
use crate::config::Grid;
use crate::figure::{Axis, Figure, Mark, Panel, Select, Width as FigureWidth};
use crate::model::{Activation, BiasStd, Ensemble, Inputs, WeightStd, Width};
use crate::simulation::SamplerKind;
use crate::table::Rows;
use crate::theory::activity::{activity_fixed_point, activity_of_variance, chi_1, variance_map};
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    activation: Activation,
    sigma_w: Vec<WeightStd>,
    sigma_b: BiasStd,
    /// Preactivation variances of the curves.
    variances: Grid,
    /// Preactivation variances of the simulated layers.
    sampled_variances: Grid,
    width: Width,
    replicas: usize,
}

/// The experiment.
pub struct ActivityMap;

impl Experiment for ActivityMap {
    type Params = Params;

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let mut curve = Rows::new("curve", ["sigma_w", "q", "activity", "next_q", "next_activity"]);
        let mut layer = Rows::new(
            "monte_carlo",
            ["sigma_w", "q", "replicas", "activity", "next_activity_theory", "next_activity_mc", "next_activity_stderr",
             "next_q_theory", "next_q_mc", "next_q_stderr"],
        );
        let mut fixed = Rows::new(
            "fixed_points",
            ["sigma_w", "q_star", "activity_star", "slope", "chi_1", "iterations"],
        );
        let mut point = 0;
        for &sigma_w in &params.sigma_w {
            let ensemble = Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b };
            let theory = run.theory(&ensemble);
            let (weight, bias) = (sigma_w.squared(), params.sigma_b.squared());
            for &q in params.variances.values() {
                let next = activity_of_variance(theory.activation, q);
                curve.push([sigma_w.get().into(), q.into(), ((q - bias) / weight).into(), variance_map(&theory, q).into(), next.into()]);
            }
            for &q in params.sampled_variances.values() {
                // the input whose first preactivations have this variance
                let input = (q - bias) / weight;
                let inputs = Inputs::single(input)?;
                let network = network(ensemble, params.width, 1)?;
                let sample = trajectories(run, SamplerKind::Macroscopic, &network, &inputs, point, params.replicas)?;
                point += 1;
                let found = estimate(&sample, 1, activity);
                let expected = activity_of_variance(theory.activation, theory.preactivation_variance(input));
                layer.push([
                    sigma_w.get().into(), q.into(), params.replicas.into(), input.into(),
                    expected.into(), found.mean.into(), stderr(&found).into(),
                    theory.preactivation_variance(expected).into(),
                    ensemble.preactivation_variance(found.mean).into(),
                    (weight * stderr(&found)).into(),
                ]);
            }
            let star = activity_fixed_point(&theory)?;
            fixed.push([
                sigma_w.get().into(), star.q.into(), star.activity.into(), star.slope.into(),
                chi_1(&theory, star.q).into(), star.iterations.into(),
            ]);
        }
        Ok(vec![curve.table()?, layer.table()?, fixed.table()?])
    }

    fn figures(_params: &Params) -> Vec<Figure> {
        Vec::new()
    }
}
