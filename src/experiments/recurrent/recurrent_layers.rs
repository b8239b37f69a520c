//! Recurrent networks against the theory of independent layers: activity, distance of two copies and overlap of one trajectory with its
//! own past. At infinite width single-time quantities are those of independent layers; the order 1/n is not.
//!
//! Theory is judged against the extrapolation `2 m(2n) - m(n)` of two widths, which has no term of order 1/n, whatever that is. Deviations
//! at single widths are shown beside the 1/n theory of independent layers and are not judged.

use crate::config::checked;
use crate::experiment::sampling::{activity, distance};
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Axis, By, Figure, Panel, Residual, Select, Series};
use crate::model::{Activation, BiasStd, Ensemble, Inputs, Network, ParameterError, WeightStd, Width};
use crate::simulation::{ConditionedMatrix, Estimate, Recurrent, Start, overlap_of};
use crate::table::{Rows, Table};
use crate::theory::distance::{PairState, pair_trajectory};
use crate::theory::finite_width::pair_corrections;
use crate::theory::recurrent::lag_overlaps;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation function `phi`.
    activation: Activation,
    /// Weight scales `sigma_w`, one curve each: weights are `N(0, sigma_w^2 / n)`.
    #[serde(with = "checked::List::<WeightStd>")]
    sigma_w: Vec<WeightStd>,
    /// Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.
    sigma_b: BiasStd,
    /// Activity of both starts.
    #[serde(with = "checked::Positive")]
    initial_activity: f64,
    /// Correlation of the two starts.
    #[serde(with = "checked::Correlation")]
    initial_correlation: f64,
    /// Number of steps.
    #[serde(with = "checked::Depth")]
    steps: usize,
    /// Lags `k` of the overlap with the past.
    #[serde(with = "checked::Layers")]
    lags: Vec<usize>,
    /// Widths at which deviations are shown.
    widths: Widths,
    /// Widths `n` and `2n` that are extrapolated.
    extrapolated: Extrapolated,
}

/// Widths at which deviations are shown.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Widths {
    /// Numbers of neurons `n`.
    #[serde(with = "checked::List::<Width>")]
    width: Vec<Width>,
    /// Number of networks a Monte Carlo mean is over.
    #[serde(with = "checked::Networks")]
    replicas: usize,
}

/// Widths `n` and `2n` that are extrapolated.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extrapolated {
    /// The smaller number of neurons `n`.
    width: Width,
    /// Number of networks of each width.
    #[serde(with = "checked::Networks")]
    replicas: usize,
}

/// The experiment.
pub struct RecurrentLayers;

impl Experiment for RecurrentLayers {
    type Params = Params;
    const COLUMNS: &'static str = "
        step | parameter | steps | number t of the step, 0 for the start
        lag | parameter | steps | lag k between the two states of one trajectory
        overlap | theory | | overlap x_t . x_(t-k) / n of a trajectory with its past
        quantity | label | | activity, or distance of two copies
        scaled_shift | Monte Carlo | | n times the deviation of the mean at this width from infinite-width theory
        scaled_shift_error | standard error | | its standard error
        layers_shift | theory | | the same for independent layers, to first order in 1/n
        scaled_variance | Monte Carlo | | n times the variance over networks
        scaled_variance_error | standard error | | its standard error
        layers_variance | theory | | the same for independent layers, to first order in 1/n
    ";
    const UNJUDGED: &'static str = "
        widths.scaled_shift | the measured size of the order 1/n, whose only theory is that of independent layers, another network
        widths.scaled_variance | the measured size of the order 1/n, whose only theory is that of independent layers, another network
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        let refused = |name, found: String, allowed| Err(ParameterError { name, found, allowed });
        if let Some(lag) = params.lags.iter().find(|&&lag| lag == 0 || lag > params.steps) {
            return refused("lags", lag.to_string(), "from 1 to the number of steps");
        }
        let shown = params.widths.width.iter().map(|width| ("widths.width", width.get()));
        for (name, width) in shown.chain([("extrapolated.width", params.extrapolated.width.get())]) {
            if !(3..=WIDEST).contains(&width) {
                return refused(name, width.to_string(), "from 3 to 1000000");
            }
        }
        Ok(())
    }

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let (judged, lags) = extrapolated(params, run)?;
        Ok(vec![judged, lags, widths(params, run)?])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let step = || Axis::linear(r"step $t$");
        let mut overlaps = Panel::new(step(), Axis::linear(format!(r"overlap $C(t, t - {})$", params.lags[0])));
        let first = Select::table("lags").filter("lag", params.lags[0] as i64);
        overlaps = overlaps.compare(&first, "step", "overlap", &by);
        let mut parting = Figure::new("recurrent_deviation", "Where recurrent networks and independent layers part")
            .describe(
                "Variance over networks of activity (top) and distance of two copies (bottom), times the width, against the step, at the \
                 smallest (left) and the largest weight scale (right): recurrent networks as points, 1/n theory of independent layers as \
                 lines. In order the state stays near its past, and one matrix and bias for all steps make networks differ more.",
            )
            .double()
            .height(130.0)
            .columns(2)
            .shared_legend();
        let scales = || params.sigma_w.iter().map(|w| w.get());
        let (least, most) = (scales().fold(f64::INFINITY, f64::min), scales().fold(0.0, f64::max));
        let by_width = By::new("width", r"$n = {}$").ramp();
        for (quantity, symbol) in [("activity", "A_t"), ("distance", "D_t")] {
            for sigma_w in [least, most] {
                let rows = Select::table("widths").filter("sigma_w", sigma_w).filter("quantity", quantity);
                let line = rows.clone().filter("width", params.widths.width[0].get() as i64);
                let points = Series::monte_carlo(&rows, "step", "scaled_variance", "scaled_variance_error");
                parting = parting.panel(
                    Panel::new(step(), Axis::linear(format!(r"$n \Var {symbol}$")).low(0.0))
                        .title(format!(r"$\sigma_w = {sigma_w}$"))
                        .series(Series::theory(&line, "step", "layers_variance").key("independent layers"))
                        .series(points.by(&by_width).key("recurrent")),
                );
            }
        }
        let compare = |quantity: &str, label: &str| {
            let [theory, mc, stderr] = ["theory", "mc", "stderr"].map(|part| format!("{quantity}_{part}"));
            Panel::new(step(), Axis::linear(label).low(0.0))
                .series(Series::theory("steps", "step", &theory).by(&by).key("theory"))
                .series(Series::monte_carlo("steps", "step", &mc, &stderr).by(&by).key("Monte Carlo"))
                .residual(Residual::new("steps", "step", quantity).by(&by))
        };
        vec![
            Figure::new("recurrent_layers", "Recurrent networks and independent layers")
                .describe(
                    "Activity, distance of two copies and overlap with the state one step before, of recurrent networks against the \
                     step: theory of independent layers as lines, Monte Carlo extrapolated from two widths as points.",
                )
                .double()
                .height(72.0)
                .columns(3)
                .shared_legend()
                .panel(compare("activity", r"activity $A_t$"))
                .panel(compare("distance", r"distance $D_t$"))
                .panel(overlaps),
            parting,
        ]
    }
}

/// Most neurons accepted: the past of some steps takes gigabytes.
const WIDEST: u64 = 1_000_000;

/// Activity and distance in each step, then the overlaps at each lag in each step that has them.
fn observe(
    params: &Params,
    run: &Run,
    ensemble: &Ensemble,
    n: usize,
    point: usize,
    count: usize,
) -> Result<Vec<Vec<f64>>, RunError> {
    let gap = 2.0 * params.initial_activity * (1.0 - params.initial_correlation);
    let inputs = Inputs::pair(params.initial_activity, 0.0, gap)?;
    run.replicas(count, |replica| {
        let address = run.address(point as u64, replica);
        let weights = ConditionedMatrix::new(ensemble, n, 2 * params.steps, &address)?;
        let mut network = Recurrent::new(ensemble.activation, weights, Start::cosines(&inputs, n)?);
        let longest = params.lags.iter().copied().max().unwrap_or(1);
        let mut past = vec![network.column(0).to_vec()];
        let (mut single, mut lagged) = (Vec::new(), Vec::new());
        for step in 0..=params.steps {
            if step > 0 {
                network.step();
                past.insert(0, network.column(0).to_vec());
                past.truncate(longest + 1);
            }
            let gram = network.gram();
            single.extend([activity(&gram), distance(&gram)]);
            for &lag in &params.lags {
                lagged.push(past.get(lag).map_or(0.0, |earlier| overlap_of(&past[0], earlier)));
            }
        }
        single.extend(lagged);
        Ok(single)
    })
}

fn column(samples: &[Vec<f64>], index: usize) -> Vec<f64> {
    samples.iter().map(|sample| sample[index]).collect()
}

/// `2 m(2n) - m(n)` with its standard error.
fn extrapolate(narrow: &[Vec<f64>], wide: &[Vec<f64>], index: usize) -> (f64, f64) {
    let [narrow, wide] = [narrow, wide].map(|samples| Estimate::of(&column(samples, index)));
    crate::experiment::sampling::extrapolated(&narrow, &wide)
}

struct Theory {
    pairs: Vec<PairState>,
    overlaps: Vec<Vec<f64>>,
}

fn theory(params: &Params, ensemble: &Ensemble) -> Result<Theory, RunError> {
    Ok(Theory {
        pairs: pair_trajectory(ensemble, start(params), params.steps)?,
        overlaps: lag_overlaps(ensemble, params.initial_activity, params.steps)?,
    })
}

fn start(params: &Params) -> PairState {
    let distance = 2.0 * params.initial_activity * (1.0 - params.initial_correlation);
    PairState { activity: params.initial_activity, activity_difference: 0.0, distance }
}

fn ensemble(params: &Params, sigma_w: WeightStd) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b }
}

fn extrapolated(params: &Params, run: &Run) -> Result<(Table, Table), RunError> {
    let mut steps = Rows::new(
        "steps",
        [
            "sigma_w",
            "step",
            "replicas",
            "activity_theory",
            "activity_mc",
            "activity_stderr",
            "distance_theory",
            "distance_mc",
            "distance_stderr",
        ],
    );
    let mut lags =
        Rows::new("lags", ["sigma_w", "lag", "step", "replicas", "overlap_theory", "overlap_mc", "overlap_stderr"]);
    let Extrapolated { width, replicas } = params.extrapolated;
    for (index, &sigma_w) in params.sigma_w.iter().enumerate() {
        let ensemble = ensemble(params, sigma_w);
        let narrow = observe(params, run, &ensemble, width.get() as usize, 2 * index, replicas)?;
        let wide = observe(params, run, &ensemble, 2 * width.get() as usize, 2 * index + 1, replicas)?;
        let Theory { pairs, overlaps } = theory(params, &run.theory(&ensemble))?;
        for (t, pair) in pairs.iter().enumerate() {
            let (activity, activity_stderr) = extrapolate(&narrow, &wide, 2 * t);
            let (distance, distance_stderr) = extrapolate(&narrow, &wide, 2 * t + 1);
            steps.push([
                sigma_w.get().into(),
                t.into(),
                replicas.into(),
                pair.activity.into(),
                activity.into(),
                activity_stderr.into(),
                pair.distance.into(),
                distance.into(),
                distance_stderr.into(),
            ]);
        }
        for (l, &lag) in params.lags.iter().enumerate() {
            for t in lag..=params.steps {
                let index = 2 * (params.steps + 1) + t * params.lags.len() + l;
                let (overlap, stderr) = extrapolate(&narrow, &wide, index);
                lags.push([
                    sigma_w.get().into(),
                    lag.into(),
                    t.into(),
                    replicas.into(),
                    overlaps[t][t - lag].into(),
                    overlap.into(),
                    stderr.into(),
                ]);
            }
        }
    }
    Ok((steps.table()?, lags.table()?))
}

fn widths(params: &Params, run: &Run) -> Result<Table, RunError> {
    let mut rows = Rows::new(
        "widths",
        [
            "sigma_w",
            "width",
            "quantity",
            "step",
            "replicas",
            "scaled_shift",
            "scaled_shift_error",
            "layers_shift",
            "scaled_variance",
            "scaled_variance_error",
            "layers_variance",
        ],
    );
    let mut point = 2 * params.sigma_w.len();
    for &sigma_w in &params.sigma_w {
        let ensemble = ensemble(params, sigma_w);
        let Theory { pairs, .. } = theory(params, &run.theory(&ensemble))?;
        for &width in &params.widths.width {
            let n = width.get() as f64;
            let samples = observe(params, run, &ensemble, width.get() as usize, point, params.widths.replicas)?;
            point += 1;
            let network = Network::uniform(ensemble, width, params.steps)?;
            let corrections = pair_corrections(&run.theory(&ensemble), start(params), network.widths())?;
            for (offset, quantity) in ["activity", "distance"].into_iter().enumerate() {
                for t in 0..=params.steps {
                    let values = column(&samples, 2 * t + offset);
                    let (mean, variance) = (Estimate::of(&values), Estimate::variance_of(&values));
                    let (exact, layers) = if offset == 0 {
                        (pairs[t].activity, corrections[t].activity())
                    } else {
                        (pairs[t].distance, corrections[t].distance())
                    };
                    rows.push([
                        sigma_w.get().into(),
                        width.get().into(),
                        quantity.into(),
                        t.into(),
                        values.len().into(),
                        (n * (mean.mean - exact)).into(),
                        (n * mean.stderr.unwrap_or(0.0)).into(),
                        (n * layers.bias).into(),
                        (n * variance.mean).into(),
                        (n * variance.stderr.unwrap_or(0.0)).into(),
                        (n * layers.variance).into(),
                    ]);
                }
            }
        }
    }
    Ok(rows.table()?)
}
