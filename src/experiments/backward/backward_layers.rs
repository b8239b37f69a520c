//! Backpropagated errors in three phases: their variance and the gradients against layer, forward tangents next to them, and the
//! correlation of the errors of two inputs.

use crate::experiment::geometry::{PhasePoint, check_phases, great_circle, jet_sample, three_phases};
use crate::experiment::prelude::*;
use crate::model::Column;
use crate::numerics::statistics::mean_and_stderr;
use crate::simulation::{errors, explicit_errors};
use crate::theory::backward::{error_correlations, error_laws, gradient_depth_scale, log_growth};

parameters! {
    Params {
        activation: Activation,
        sigma_b: BiasStd,
        /// Weight scale in the ordered phase.
        ordered: WeightScale,
        /// Weight scale in the chaotic phase.
        chaotic: WeightScale,
        width: Width,
        depth: Depth,
        sampled_every: Every,
        replicas: NetworkCount,
        /// Errors of two inputs, through explicit weights.
        pair: Pair,
    }

    /// Two inputs.
    Pair {
        /// Correlation of the two inputs, from -1 to 1.
        correlation: Correlation,
        width: Width,
        replicas: NetworkCount,
    }
}

columns! {
    log_error: Theory "log10 of the variance qt^l = |delta^l|^2 / n of backpropagated errors at infinite width";
    log_gradient: Theory "log10 of the mean square qt^l A^(l-1) of the gradient dE/dW^l at infinite width";
    value {
        layers: Theory "E[log10 qt^l] (error), E[log10 (qt^l A^(l-1))] (gradient) or E[log10 (g^l / g^0)] (metric, forward)";
    }
    log_metric: Theory "log10(g^l / g^0) of forward tangents at infinite width";
    growth: Theory "ln chi_1, slope of ln qt a layer on the way back";
    xi_grad: Theory ["layers"] "depth scale 1 / ln chi_1 of gradients: negative where they vanish, positive where they explode";
    error_correlation: Theory "correlation of the errors of two inputs at infinite width";
    found: MonteCarlo "mean over networks of delta . delta' / (|delta| |delta'|)";
}

pub struct BackwardLayers;

const METRIC: Measure = Measure::Metric(0, 0);

impl Experiment for BackwardLayers {
    type Params = Params;
    type Point = ();
    const COLUMNS: &'static [Meaning] = columns::ALL;
    const UNJUDGED: &'static str = "
        pairs.found | beside the limit of infinite width; the correlation of errors has no finite-width theory here
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        check_phases(params.activation, params.sigma_b, params.ordered, params.chaotic)
    }

    fn tables(params: &Params, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let Params { activation, sigma_b, ordered, chaotic, .. } = *params;
        let phases = three_phases(activation, sigma_b, ordered, chaotic)?;
        let mut curve = Rows::new("curve");
        let mut forward = Rows::new("forward");
        let mut cells = Rows::new("layers");
        let mut scales = Rows::new("scales");
        for (point, PhasePoint { phase, ensemble, activity }) in phases.iter().enumerate() {
            let network = network(*ensemble, params.width, params.depth)?;
            let theory = run.theory(ensemble);
            let sigma_w = ensemble.sigma_w.get();
            let laws = error_laws(&theory, *activity, network.widths())?;
            let row = |measure: &'static str, layer: usize, value: Compared| {
                row! { measure, phase: *phase, sigma_w, layer, replicas: params.replicas, value }
            };
            let sampled = run.replicas(params.replicas, |replica| {
                errors(&network, *activity, &run.address(point as u64, replica))
            })?;
            for (index, law) in laws.iter().enumerate() {
                let layer = index + 1;
                let decimal = |x: f64| x * std::f64::consts::LOG10_E;
                let (log_error, log_gradient) = (decimal(law.log_variance), decimal(law.log_gradient));
                curve.push(row! { phase: *phase, sigma_w, layer, log_error, log_gradient });
                if index % params.sampled_every != 0 && layer != params.depth {
                    continue;
                }
                let error: Vec<f64> = sampled.iter().map(|found| ln(found.same[index])).collect();
                let gradient: Vec<f64> =
                    sampled.iter().map(|found| ln(found.same[index] * found.activities[index])).collect();
                let found = [
                    ("error", Compared::of(law.log_variance, &error, law.same.bias)),
                    ("gradient", Compared::of(law.log_gradient, &gradient, law.gradient_bias)),
                ];
                for (measure, found) in found {
                    cells.push(row(measure, layer, found.per_decade()));
                }
            }
            let place = (&great_circle(*activity)?, &[vec![0.0]][..]);
            let tangents =
                jet_sample(run, SamplerKind::Macroscopic, &network, place, 1, (point + phases.len(), params.replicas))?;
            for layer in 0..=params.depth {
                let level = log10(METRIC.of(&tangents.theory(layer, 0).state) / activity);
                forward.push(row! { phase: *phase, sigma_w, layer, log_metric: level });
                if layer % params.sampled_every == 0 {
                    let found = tangents.mean_log(layer, METRIC).plus(-ln(*activity)).per_decade();
                    cells.push(row("metric", layer, found));
                }
            }
            let growth = log_growth(&theory, *activity);
            if let (Some(scale), true) = (gradient_depth_scale(exp(growth)), *phase != "critical") {
                scales.push(row! { phase: *phase, sigma_w, growth, xi_grad: scale });
            }
        }
        let mut tables = vec![curve.table()?, forward.table()?, cells.table()?, scales.table()?];
        tables.extend(pairs(params, run, &phases)?);
        Ok(tables)
    }

    fn figures(_params: &Params) -> Vec<Figure> {
        let by = By::new("phase", "{}").phase("phase");
        let measure = |name: &str| Select::table("layers").filter("measure", name);
        let points = |panel: Panel, name: &str| {
            panel
                .series(
                    Series::monte_carlo(measure(name), "layer", "value_mc", "value_stderr").by(&by).key("Monte Carlo"),
                )
                .residual(Residual::new(measure(name), "layer", "value").correction("value_correction").by(&by))
        };
        let layer = || Axis::linear(r"layer $l$");
        let line = |table: &str, y: &str| Series::theory(table, "layer", y).by(&by).key("theory");
        vec![
            Figure::new("backward_layers", "Signals forward and errors backward")
                .describe(
                    "Decimal logarithms against layer in three phases: the variance of backpropagated errors (a), which runs from the last \
                     layer to the first, and the metric of forward tangents (b), which runs the other way at the same rate. Lines: \
                     infinite width; points: means over networks; the residuals include the 1/n correction.",
                )
                .double()
                .height(76.0)
                .columns(2)
                .shared_legend()
                .panel(points(
                    Panel::new(layer(), Axis::linear(r"errors $\log_{10} \tilde{q}^l$")).series(line("curve", "log_error")),
                    "error",
                ))
                .panel(points(
                    Panel::new(layer(), Axis::linear(r"tangents $\log_{10} (g^l / g^0)$"))
                        .series(line("forward", "log_metric")),
                    "metric",
                )),
            Figure::new("backward_gradient", "Gradients, and errors of two inputs")
                .describe(
                    "Decimal logarithm of the mean square of the gradient of each layer's weights, in three phases (a); correlation of the \
                     errors of two inputs through explicit weights (b): lines are the theory of infinite width.",
                )
                .double()
                .height(76.0)
                .columns(2)
                .shared_legend()
                .panel(points(
                    Panel::new(layer(), Axis::linear(r"gradient $\log_{10} (\tilde{q}^l A^{l-1})$"))
                        .series(line("curve", "log_gradient")),
                    "gradient",
                ))
                .panel(
                    Panel::new(layer(), Axis::linear("correlation of errors").low(0.0))
                        .series(line("pair_curve", "error_correlation"))
                        .series(Series::monte_carlo("pairs", "layer", "found", "found_error").by(&by)),
                ),
        ]
    }
}

/// Correlation of the errors of two inputs: theory of infinite width next to explicit weights.
fn pairs(params: &Params, run: &Run, phases: &[PhasePoint]) -> Result<Vec<Table>, RunError> {
    let Pair { correlation, width, replicas } = params.pair;
    let mut curve = Rows::new("pair_curve");
    let mut cells = Rows::new("pairs");
    for (index, PhasePoint { phase, ensemble, activity }) in phases.iter().enumerate() {
        let point = (2 * phases.len() + index) as u64;
        let state =
            PairState { activity: *activity, activity_difference: 0.0, distance: 2.0 * activity * (1.0 - correlation) };
        let expected = error_correlations(&run.theory(ensemble), state, params.depth)?;
        let gram = SymmetricMatrix::from_fn(2, |i, j| if i == j { *activity } else { activity * correlation });
        let inputs = Inputs::new(vec![Column::State; 2], gram)?;
        let network = network(*ensemble, width, params.depth)?;
        let sampled =
            run.replicas(replicas, |replica| explicit_errors(&network, &inputs, &run.address(point, replica)))?;
        for layer in 1..=params.depth {
            let theory = expected[layer - 1];
            curve.push(row! { phase: *phase, sigma_w: ensemble.sigma_w, layer, error_correlation: theory });
            if (layer - 1) % params.sampled_every != 0 && layer != params.depth {
                continue;
            }
            let values: Vec<f64> = sampled
                .iter()
                .map(|found| {
                    let errors = &found.errors[layer - 1];
                    errors.get(1, 0) / (errors.get(0, 0) * errors.get(1, 1)).sqrt()
                })
                .collect();
            let (mean, error) = mean_and_stderr(&values);
            cells.push(row! {
                phase: *phase, sigma_w: ensemble.sigma_w, layer, replicas, error_correlation: theory,
                found: Measured::new((mean, error.unwrap_or(0.0))),
            });
        }
    }
    Ok(vec![curve.table()?, cells.table()?])
}
