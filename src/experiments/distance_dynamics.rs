//! Distances through the layers, from 1e-12 up to their fixed point, and correlations from large separations
//! (Poole et al. 2016, figure 2B).
//!
//! Distances spread log-normally over networks, so theory and Monte Carlo meet in `E[log10 D]`, with its 1/n correction.

use super::sampling::{PairOfInputs, distance, log10, network, pair_of_inputs, stderr};
use super::{Experiment, Run, RunError, Tables};
use crate::config::{Grid, checked};
use crate::figure::{Axis, By, Figure, Panel, Residual, Select, Series};
use crate::model::{Activation, BiasStd, Ensemble, WeightStd, Width};
use crate::simulation::Estimate;
use crate::table::{Rows, Table};
use crate::theory::activity::{activity_fixed_point, chi_1};
use crate::theory::distance::{PairState, distance_fixed_point};
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    activation: Activation,
    #[serde(deserialize_with = "checked::list")]
    sigma_w: Vec<WeightStd>,
    sigma_b: BiasStd,
    width: Width,
    #[serde(deserialize_with = "checked::replicas")]
    replicas: usize,
    small: Small,
    large: Large,
}

/// Growth and decay of small distances.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Small {
    #[serde(deserialize_with = "checked::non_negative_grid")]
    initial_distances: Grid,
    #[serde(deserialize_with = "checked::depth")]
    depth: usize,
    /// Monte Carlo is shown in every so many layers.
    #[serde(deserialize_with = "checked::count::<1, _>")]
    sampled_every: usize,
}

/// Correlations of preactivations from large separations.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Large {
    #[serde(deserialize_with = "checked::correlation_grid")]
    initial_correlations: Grid,
    #[serde(deserialize_with = "checked::depth")]
    depth: usize,
}

/// The experiment.
pub struct DistanceDynamics;

impl Experiment for DistanceDynamics {
    type Params = Params;

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let mut fixed =
            Rows::new("fixed_points", ["sigma_w", "chi_1", "distance_star", "correlation_star", "iterations"]);
        for &sigma_w in &params.sigma_w {
            let theory = run.theory(&ensemble(params, sigma_w));
            let star = activity_fixed_point(&theory)?;
            let found = distance_fixed_point(&theory, &star)?;
            fixed.push([
                sigma_w.get().into(),
                chi_1(&theory, star.q).into(),
                found.distance.into(),
                found.correlation.unwrap_or(1.0).into(),
                found.iterations.into(),
            ]);
        }
        let [curve, small] = small(params, run)?;
        Ok(vec![curve, small, large(params, run)?, fixed.table()?])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        let mut small = Figure::new("distance_dynamics", "Growth and decay of small distances")
            .describe(
                "Decimal logarithm of the distance of two signals against layer, from four input distances at three weight \
                 scales: infinite-width theory as lines, mean over networks of the logarithm as points; the residuals include \
                 the 1/n correction.",
            )
            .double()
            .height(76.0)
            .columns(params.sigma_w.len())
            .shared_legend();
        let mut large = Figure::new("distance_correlation", "Correlation through the layers")
            .describe(
                "Correlation of preactivations against layer from three inputs at three weight scales; dotted, the fixed \
                 point. Residuals are those of the distance and include the 1/n correction.",
            )
            .double()
            .height(70.0)
            .columns(params.sigma_w.len())
            .shared_legend();
        for sigma_w in &params.sigma_w {
            let of = |table: &str| Select::table(table).filter("sigma_w", sigma_w.get());
            let title = format!(r"$\sigma_w = {}$", sigma_w.get());
            let by = By::new("initial_distance", r"$D^0 = {}$");
            small = small.panel(
                Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"$\log_{10} D^l$"))
                    .title(title.clone())
                    .series(Series::theory(of("curve"), "layer", "log_distance").by(&by).key("theory"))
                    .series(
                        Series::monte_carlo(of("small"), "layer", "log_distance_mc", "log_distance_stderr")
                            .by(&by)
                            .key("Monte Carlo"),
                    )
                    .residual(
                        Residual::new(of("small"), "layer", "log_distance")
                            .correction("log_distance_correction")
                            .by(&by),
                    ),
            );
            let by = By::new("initial_correlation", r"$c^0 = {}$");
            large = large.panel(
                Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"correlation $c^l$").range(0.0, 1.0))
                    .title(title)
                    .series(Series::horizontals(of("fixed_points"), "correlation_star"))
                    .series(Series::theory(of("large"), "layer", "correlation").by(&by).key("theory"))
                    .series(
                        Series::monte_carlo(of("large"), "layer", "correlation_mc", "correlation_stderr")
                            .by(&by)
                            .key("Monte Carlo"),
                    )
                    .residual(
                        Residual::new(of("large"), "layer", "distance").correction("distance_correction").by(&by),
                    ),
            );
        }
        vec![small, large]
    }
}

fn ensemble(params: &Params, sigma_w: WeightStd) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b }
}

fn small(params: &Params, run: &Run) -> Result<[Table; 2], RunError> {
    let mut curve = Rows::new("curve", ["sigma_w", "initial_distance", "layer", "log_distance"]);
    let mut rows = Rows::new(
        "small",
        [
            "sigma_w",
            "initial_distance",
            "layer",
            "replicas",
            "log_distance_theory",
            "log_distance_mc",
            "log_distance_stderr",
            "log_distance_correction",
        ],
    );
    let Small { initial_distances, depth, sampled_every } = &params.small;
    let mut point = 0;
    for &sigma_w in &params.sigma_w {
        let ensemble = ensemble(params, sigma_w);
        let activity = activity_fixed_point(&ensemble)?.activity;
        let network = network(ensemble, params.width, *depth)?;
        for &d in initial_distances.values() {
            let input = PairState { activity, activity_difference: 0.0, distance: d };
            let PairOfInputs { sample, states, corrections } =
                pair_of_inputs(run, &network, input, point, params.replicas)?;
            point += 1;
            for (layer, state) in states.iter().enumerate() {
                curve.push([sigma_w.get().into(), d.into(), layer.into(), log10(state.distance).into()]);
            }
            for layer in (0..=*depth).step_by((*sampled_every).max(1)) {
                let found = Estimate::over(&sample, layer, |gram| log10(distance(gram)));
                let correction = corrections[layer].log_distance().map_or(0.0, |c| c.bias) * std::f64::consts::LOG10_E;
                rows.push([
                    sigma_w.get().into(),
                    d.into(),
                    layer.into(),
                    params.replicas.into(),
                    log10(states[layer].distance).into(),
                    found.mean.into(),
                    stderr(&found).into(),
                    correction.into(),
                ]);
            }
        }
    }
    Ok([curve.table()?, rows.table()?])
}

fn large(params: &Params, run: &Run) -> Result<Table, RunError> {
    let mut rows = Rows::new(
        "large",
        [
            "sigma_w",
            "initial_correlation",
            "layer",
            "replicas",
            "correlation",
            "distance_theory",
            "distance_mc",
            "distance_stderr",
            "distance_correction",
            "correlation_mc",
            "correlation_stderr",
        ],
    );
    let Large { initial_correlations, depth } = &params.large;
    // the points of the grid after those of the other table
    let mut point = params.sigma_w.len() * params.small.initial_distances.values().len();
    for &sigma_w in &params.sigma_w {
        let ensemble = ensemble(params, sigma_w);
        let weight = sigma_w.squared();
        let star = activity_fixed_point(&ensemble)?;
        let network = network(ensemble, params.width, *depth)?;
        for &c in initial_correlations.values() {
            let d = 2.0 * star.q * (1.0 - c) / weight;
            let input = PairState { activity: star.activity, activity_difference: 0.0, distance: d };
            let PairOfInputs { sample, states, corrections } =
                pair_of_inputs(run, &network, input, point, params.replicas)?;
            point += 1;
            for layer in 0..=*depth {
                let found = Estimate::over(&sample, layer, distance);
                let scale = 0.5 * weight / star.q;
                rows.push([
                    sigma_w.get().into(),
                    c.into(),
                    layer.into(),
                    params.replicas.into(),
                    (1.0 - scale * states[layer].distance).into(),
                    states[layer].distance.into(),
                    found.mean.into(),
                    stderr(&found).into(),
                    corrections[layer].distance().bias.into(),
                    (1.0 - scale * found.mean).into(),
                    (scale * stderr(&found)).into(),
                ]);
            }
        }
    }
    Ok(rows.table()?)
}
