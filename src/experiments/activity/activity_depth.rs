//! The depth scale `xi_q` of the activity, the exponential approach it sets, and a network of unequal widths.

use crate::config::{Grid, checked};
use crate::experiment::sampling::{Networks, SingleInput, activity, in_layers, single_input, stderr};
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Axis, By, Dash, Figure, Panel, Residual, Series};
use crate::model::{Activation, BiasStd, Ensemble, Inputs, Network, Replicas, WeightStd, Width};
use crate::table::Rows;
use crate::theory::activity::{activity_fixed_point, activity_trajectory, depth_scale};
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation function `phi`.
    activation: Activation,
    /// Weight scales of the depth-scale curves.
    #[serde(with = "checked::NonNegativeGrid")]
    sigma_w: Grid,
    /// Bias scales `sigma_b`, one curve each: biases are `N(0, sigma_b^2)`.
    #[serde(with = "checked::List::<BiasStd>")]
    sigma_b: Vec<BiasStd>,
    /// Exponential approach to the fixed point.
    approach: Approach,
    /// A network whose width changes from layer to layer.
    unequal: Unequal,
}

/// Exponential approach to the fixed point.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approach {
    /// Weight scales `sigma_w`, one curve each: weights are `N(0, sigma_w^2 / n)`.
    #[serde(with = "checked::ListAboveZero::<WeightStd>")]
    sigma_w: Vec<WeightStd>,
    /// Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.
    sigma_b: BiasStd,
    /// Activity `A^0` of the input.
    #[serde(with = "checked::NonNegative")]
    initial_activity: f64,
    /// Number of layers `L`.
    #[serde(with = "checked::Depth")]
    depth: usize,
}

/// A network whose width changes from layer to layer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unequal {
    /// Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`.
    sigma_w: WeightStd,
    /// Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.
    sigma_b: BiasStd,
    /// Activity `A^0` of the input.
    #[serde(with = "checked::NonNegative")]
    initial_activity: f64,
    /// Neurons of each layer, from the first to the last.
    #[serde(with = "checked::List::<Width>")]
    widths: Vec<Width>,
    /// Number of networks.
    replicas: Replicas,
}

/// The experiment.
pub struct ActivityDepth;

impl Experiment for ActivityDepth {
    type Params = Params;
    const SWEEPS: bool = true;
    const COLUMNS: &'static str = "
        scales.depth_scale | theory | layers | depth scale xi_q = -1 / ln |slope| of the activity
        scales.slope | theory | | slope of the activity map at A*
        approach.gap | theory | | deviation |A^l - A*| of the activity from its fixed point
        approach.exponential | approximation | | exponential approach |slope|^l to A*, through the gap in the layer at half the depth
        unequal_widths.width | parameter | neurons | number n of neurons in this layer
        sd | theory | | standard deviation over networks of the activity A^l; in theory to first order in 1/n
    ";

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        // the simulation first: what computes a shard needs nothing else
        let unequal = unequal_widths(params, run)?;
        let mut scales = Rows::new("scales", ["sigma_b", "sigma_w", "depth_scale", "slope"]);
        for &sigma_b in &params.sigma_b {
            for &w in params.sigma_w.values() {
                let theory = run.theory(&Ensemble { sigma_b, ..Ensemble::new(params.activation, w, 0.0)? });
                let slope = activity_fixed_point(&theory)?.slope;
                // at a marginal point the scale is infinite: no row, and the curve ends there
                let Some(scale) = depth_scale(slope) else { continue };
                scales.push([sigma_b.get().into(), w.into(), scale.into(), slope.into()]);
            }
        }
        let mut approach = Rows::new("approach", ["sigma_w", "layer", "gap", "exponential"]);
        for &sigma_w in &params.approach.sigma_w {
            let (sigma_b, initial) = (params.approach.sigma_b, params.approach.initial_activity);
            let theory = run.theory(&Ensemble { activation: params.activation, sigma_w, sigma_b });
            let star = activity_fixed_point(&theory)?;
            let activities = activity_trajectory(&theory, initial, params.approach.depth)?;
            // the exponential is anchored where the approach has become linear
            let anchor = params.approach.depth / 2;
            for (layer, &value) in activities.iter().enumerate() {
                let gap = (value - star.activity).abs();
                let mut exponential = (activities[anchor] - star.activity).abs();
                for _ in layer..anchor {
                    exponential /= star.slope.abs();
                }
                for _ in anchor..layer {
                    exponential *= star.slope.abs();
                }
                if gap > 1e-13 {
                    approach.push([sigma_w.get().into(), layer.into(), gap.into(), exponential.into()]);
                }
            }
        }
        Ok(vec![scales.table()?, approach.table()?, unequal])
    }

    fn figures(_params: &Params) -> Vec<Figure> {
        vec![
            Figure::new("activity_depth", "Depth scale of the activity")
                .describe(
                    "Depth scale of the approach of the activity to its fixed point against weight scale (a), the approach \
                     itself with the exponential of that scale (b), and a network with a bottleneck: mean (c) and standard \
                     deviation (d) of the activity.",
                )
                .double()
                .height(120.0)
                .columns(2)
                .panel(
                    Panel::new(Axis::linear(r"weight scale $\sigma_w$"), Axis::linear(r"depth scale $\xi_q$").range(0.0, 8.0))
                        .series(Series::theory("scales", "sigma_w", "depth_scale").by(By::new("sigma_b", r"$\sigma_b = {}$"))),
                )
                .panel(
                    Panel::new(Axis::linear(r"layer $l$"), Axis::log10(r"distance to fixed point $|A^l - A^*|$").range(1e-13, 1.0))
                        .series(Series::points("approach", "layer", "gap").by(By::new("sigma_w", r"$\sigma_w = {}$").ramp()))
                        .series(
                            Series::line("approach", "layer", "exponential", Dash::Dotted)
                                .by(By::unlabelled("sigma_w").ramp())
                                .key(r"$\exp(-l/\xi_q)$"),
                        ),
                )
                .panel(
                    Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"mean activity $\langle A^l \rangle$"))
                        .title("network with a bottleneck")
                        .series(Series::theory("unequal_widths", "layer", "activity_theory").key(r"$n \to \infty$"))
                        .series(Series::finite_width("unequal_widths", "layer", "activity_expected").key("order $1/n$"))
                        .series(
                            Series::monte_carlo("unequal_widths", "layer", "activity_mc", "activity_stderr").key("Monte Carlo"),
                        )
                        .residual(Residual::new("unequal_widths", "layer", "activity").correction("activity_correction")),
                )
                .panel(
                    Panel::new(Axis::linear(r"layer $l$"), Axis::log10(r"sd of activity $A^l$"))
                        .title("network with a bottleneck")
                        .series(Series::finite_width("unequal_widths", "layer", "sd_theory").key("order $1/n$"))
                        .series(Series::monte_carlo("unequal_widths", "layer", "sd_mc", "sd_stderr").key("Monte Carlo"))
                        .residual(Residual::new("unequal_widths", "layer", "sd")),
                ),
        ]
    }
}

fn unequal_widths(params: &Params, run: &Run) -> Result<crate::table::Table, RunError> {
    let Unequal { sigma_w, sigma_b, initial_activity, widths, replicas } = &params.unequal;
    let ensemble = Ensemble { activation: params.activation, sigma_w: *sigma_w, sigma_b: *sigma_b };
    let network = Network::new(ensemble, widths.clone())?;
    let points =
        [Networks { network, inputs: Inputs::single(*initial_activity)? }.at("unequal widths".into(), *replicas)];
    let sampled = run.sweep(&points, |point, at| Ok(in_layers(&point.sample(at)?, activity)))?;
    let mut rows = Rows::new(
        "unequal_widths",
        [
            "layer",
            "width",
            "replicas",
            "activity_theory",
            "activity_mc",
            "activity_stderr",
            "activity_correction",
            "activity_expected",
            "sd_theory",
            "sd_mc",
            "sd_stderr",
        ],
    );
    for (point, moments) in points.iter().zip(sampled) {
        let SingleInput { activities, corrections } = single_input(run, &point.item().network, *initial_activity)?;
        for (index, width) in widths.iter().enumerate() {
            let layer = index + 1;
            let (found, variance) = (moments.mean(layer), moments.variance(layer));
            let sd = variance.mean.sqrt();
            rows.push([
                layer.into(),
                width.get().into(),
                moments.count().into(),
                activities[layer].into(),
                found.mean.into(),
                stderr(&found).into(),
                corrections[layer].bias.into(),
                (activities[layer] + corrections[layer].bias).into(),
                corrections[layer].variance.sqrt().into(),
                sd.into(),
                (0.5 * stderr(&variance) / sd).into(),
            ]);
        }
    }
    Ok(rows.table()?)
}
