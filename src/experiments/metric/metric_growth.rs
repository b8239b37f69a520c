//! The metric of a great circle: exponential growth by `chi_1` a layer, and a random walk of its logarithm at finite width, so
//! that deep in a narrow network the mean of `g` is carried by rare networks while its logarithm stays typical.

use crate::config::checked;
use crate::experiment::VALUE;
use crate::experiment::geometry::{great_circle, jet_sample};
use crate::experiment::sampling::{log10, network};
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Axis, By, Figure, Panel, Residual, Select, Series};
use crate::model::{Activation, BiasStd, Ensemble, Measure, WeightStd, Width};
use crate::numerics::elementary::{exp, ln};
use crate::numerics::statistics::mean_and_stderr;
use crate::simulation::SamplerKind;
use crate::table::{Rows, Table};
use crate::theory::activity::activity_fixed_point;
use crate::theory::metric::{conformal_factors, metric_growth};
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation function `phi`.
    activation: Activation,
    /// Weight scales `sigma_w`, one curve each: weights are `N(0, sigma_w^2 / n)`.
    #[serde(with = "checked::ListAboveZero::<WeightStd>")]
    sigma_w: Vec<WeightStd>,
    /// Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.
    sigma_b: BiasStd,
    /// Neurons a layer, `n`.
    width: Width,
    /// Number of layers `L`.
    #[serde(with = "checked::Depth")]
    depth: usize,
    /// Monte Carlo is shown in every so many layers.
    #[serde(with = "checked::Count::<1>")]
    sampled_every: usize,
    /// Number of networks a Monte Carlo mean is over.
    #[serde(with = "checked::Networks")]
    replicas: usize,
    /// Spread of the metric over networks of several widths.
    spread: Spread,
}

/// Networks of several widths.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`.
    #[serde(with = "checked::AboveZero::<WeightStd>")]
    sigma_w: WeightStd,
    /// Numbers of neurons a layer, `n`, one network each.
    #[serde(with = "checked::List::<Width>")]
    widths: Vec<Width>,
    /// Number of layers `L`.
    #[serde(with = "checked::Depth")]
    depth: usize,
    /// Monte Carlo is shown in every so many layers.
    #[serde(with = "checked::Count::<1>")]
    sampled_every: usize,
    /// Number of networks a Monte Carlo mean is over.
    #[serde(with = "checked::Networks")]
    replicas: usize,
    /// The variance in narrower networks is shown, not judged: there terms beyond first order exceed a third of the standard
    /// error.
    narrowest: Width,
    /// Bins of the histogram between -4 and 4 standard deviations.
    #[serde(with = "checked::Count::<2>")]
    bins: usize,
}

/// The experiment.
pub struct MetricGrowth;

const METRIC: Measure = Measure::Metric(0, 0);

impl Experiment for MetricGrowth {
    type Params = Params;
    const COLUMNS: &'static str = "
        log_metric | theory | | log10(g^l / g^0) of the metric at infinite width, the sum of log10 chi_1 over the layers
        layers.value | theory | | E[log10(g^l / g^0)] of the metric, the g^0 of the great circle being A*
        variances.value | theory | | n Var(ln g^l), n times the variance over networks; in theory to first order in 1/n
        means.value | theory | | n (E[ln g^l] - ln g^l at infinite width)
        rate.variance | theory | | n Var(ln g^l) by the constant rate a layer of first-order theory at A*
        first_order | theory | | n Var(ln g^l) to first order in 1/n
        found | Monte Carlo | | n Var(ln g^l), n times the variance over networks
        excess_z | verdict | standard errors | found less first order, in standard errors
        log_of_mean | Monte Carlo | | n ln(mean of g^l over networks / g^l at infinite width), carried by rare networks
        low | parameter | | lower edge of the bin of (ln g - mean) / standard deviation, in the last layer
        high | parameter | | upper edge of the bin of (ln g - mean) / standard deviation
        histogram.density | Monte Carlo | | share of networks in the bin over its width
        x | parameter | | standard normal variable
        normal.density | theory | | density of the standard normal distribution at x
    ";
    const UNJUDGED: &'static str = "
        averages.log_of_mean | carried by rare networks, so its standard error is not to be trusted; shown to say so
        histogram.density | shown beside the standard normal law, which holds for many layers alone; bins have no standard error
        narrow.found | terms beyond first order exceed a third of the standard error; excess_z is their measured size
    ";

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let mut curve = Rows::new("curve", ["sigma_w", "layer", "log_metric"]);
        let [theory, mc, stderr, correction, expected] = VALUE;
        let mut layers =
            Rows::new("layers", ["sigma_w", "layer", "replicas", theory, mc, stderr, correction, expected]);
        for (point, &sigma_w) in params.sigma_w.iter().enumerate() {
            let ensemble = Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b };
            let activity = activity_fixed_point(&ensemble)?.activity;
            let factors = conformal_factors(&run.theory(&ensemble), activity, params.depth)?;
            for (layer, factor) in factors.into_iter().enumerate() {
                curve.push([sigma_w.get().into(), layer.into(), log10(factor).into()]);
            }
            let network = network(ensemble, params.width, params.depth)?;
            let place = (&great_circle(activity)?, &[vec![0.0]][..]);
            let sampled = jet_sample(run, SamplerKind::Macroscopic, &network, place, 1, (point, params.replicas))?;
            for layer in (0..=params.depth).step_by(params.sampled_every) {
                let found = sampled.mean_log(layer, METRIC).plus(-ln(activity)).per_decade();
                layers.push(found.row(&[sigma_w.get().into(), layer.into(), params.replicas.into()]));
            }
        }
        let mut tables = vec![curve.table()?, layers.table()?];
        tables.extend(spread(params, run)?);
        Ok(tables)
    }

    fn figures(_params: &Params) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let width = By::new("width", r"$n = {}$").ramp();
        let layer = || Axis::linear(r"layer $l$");
        vec![
            Figure::new("metric_growth", "Growth of the metric of a great circle")
                .describe(
                    "Decimal logarithm of the metric relative to that of the input, against layer, at three weight scales: \
                     the conformal law as lines, the mean over networks as points; the residuals include the 1/n correction.",
                )
                .height(70.0)
                .panel(
                    Panel::new(layer(), Axis::linear(r"metric $\log_{10} (g^l / g^0)$"))
                        .series(Series::theory("curve", "layer", "log_metric").by(&by).key("theory"))
                        .simulated("layers", "layer", &by, Some("Monte Carlo")),
                ),
            Figure::new("metric_spread", "Log-normal spread of the metric")
                .describe(
                    "Logarithm of the metric at finite width: its variance over networks, scaled by the width, against layer (a); \
                     the logarithm of the mean metric against the mean of its logarithm, both relative to infinite width (b); \
                     the standardised distribution in the last layer against the normal one (c).",
                )
                .double()
                .height(74.0)
                .columns(3)
                .shared_legend()
                .panel(
                    Panel::new(layer(), Axis::linear(r"scaled variance $n \Var \ln g^l$").low(0.0))
                        .series(Series::boundary("rate", "layer", "variance").key(r"asymptotic rate"))
                        .series(Series::finite_width("lines", "layer", "first_order").by(&width).key("theory, order $1/n$"))
                        .series(Series::monte_carlo("variances", "layer", "value_mc", "value_stderr").by(&width).key("Monte Carlo"))
                        .series(Series::monte_carlo("narrow", "layer", "found", "found_error").by(&width))
                        .residual(Residual::new("variances", "layer", "value").by(&width)),
                )
                .panel(
                    Panel::new(layer(), Axis::linear(r"$n \ln (g^l / g^l_\infty)$"))
                        .series(Series::finite_width("means", "layer", "value_expected").by(&width))
                        .series(Series::monte_carlo("means", "layer", "value_mc", "value_stderr").by(&width))
                        .series(Series::boundary("averages", "layer", "log_of_mean").by(&width).key(r"$\ln$ of the mean"))
                        .residual(Residual::new("means", "layer", "value").correction("value_correction").by(&width)),
                )
                .panel(
                    Panel::new(Axis::linear(r"standardised $\ln g^l$").range(-4.0, 4.0), Axis::linear("probability density").low(0.0))
                        .series(Series::histogram(Select::table("histogram"), "low", "high", "density").by(&width))
                        .series(Series::theory("normal", "x", "density").key("normal")),
                ),
        ]
    }
}

fn spread(params: &Params, run: &Run) -> Result<Vec<Table>, RunError> {
    let Spread { sigma_w, ref widths, depth, sampled_every, replicas, narrowest, bins } = params.spread;
    let ensemble = Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b };
    let theory = run.theory(&ensemble);
    let activity = activity_fixed_point(&ensemble)?.activity;
    let growth = metric_growth(&theory, &activity_fixed_point(&theory)?)?;
    let mut rate = Rows::new("rate", ["layer", "variance"]);
    for layer in [0, depth] {
        rate.push([layer.into(), (growth.variance_rate * layer as f64).into()]);
    }
    let [theory, mc, stderr, correction, expected] = VALUE;
    let columns = ["width", "layer", "replicas", theory, mc, stderr, correction, expected];
    let (mut variances, mut means) = (Rows::new("variances", columns), Rows::new("means", columns));
    let mut narrow = Rows::new("narrow", ["width", "layer", "first_order", "found", "found_error", "excess_z"]);
    let mut lines = Rows::new("lines", ["width", "layer", "first_order"]);
    let mut averages = Rows::new("averages", ["width", "layer", "log_of_mean"]);
    let mut histogram = Rows::new("histogram", ["width", "low", "high", "density"]);
    let circle = great_circle(activity)?;
    for (index, &width) in widths.iter().enumerate() {
        let network = network(ensemble, width, depth)?;
        let point = params.sigma_w.len() + index;
        let place = (&circle, &[vec![0.0]][..]);
        let sampled = jet_sample(run, SamplerKind::Macroscopic, &network, place, 1, (point, replicas))?;
        let n = width.get() as f64;
        for layer in (sampled_every..=depth).step_by(sampled_every) {
            let key = [width.get().into(), layer.into(), replicas.into()];
            let variance = sampled.variance(layer, METRIC, true).times(n);
            lines.push([width.get().into(), layer.into(), variance.theory.into()]);
            if width >= narrowest {
                variances.push(variance.row(&key));
            } else {
                narrow.push([
                    width.get().into(),
                    layer.into(),
                    variance.theory.into(),
                    variance.mc.into(),
                    variance.stderr.into(),
                    ((variance.mc - variance.theory) / variance.stderr).into(),
                ]);
            }
            let infinite = METRIC.of(&sampled.theory(layer, 0).state);
            means.push(sampled.mean_log(layer, METRIC).plus(-ln(infinite)).times(n).row(&key));
            let (mean, _) = mean_and_stderr(&sampled.values(layer, METRIC));
            averages.push([width.get().into(), layer.into(), (n * ln(mean / infinite)).into()]);
        }
        let logarithms: Vec<f64> = sampled.values(depth, METRIC).into_iter().map(ln).collect();
        let (mean, error) = mean_and_stderr(&logarithms);
        let sd = error.unwrap_or(1.0) * (replicas as f64).sqrt();
        let step = 8.0 / bins as f64;
        for bin in 0..bins {
            let (low, high) = (-4.0 + step * bin as f64, -4.0 + step * (bin + 1) as f64);
            let inside = logarithms.iter().map(|x| (x - mean) / sd).filter(|z| (low..high).contains(z)).count();
            let density = inside as f64 / replicas as f64 / step;
            histogram.push([width.get().into(), low.into(), high.into(), density.into()]);
        }
    }
    let mut normal = Rows::new("normal", ["x", "density"]);
    for i in 0..=80 {
        let x = -4.0 + 0.1 * f64::from(i);
        normal.push([x.into(), (exp(-0.5 * x * x) / std::f64::consts::TAU.sqrt()).into()]);
    }
    let mut tables = vec![rate.table()?, variances.table()?, means.table()?, averages.table()?, histogram.table()?];
    tables.extend([normal.table()?, lines.table()?, narrow.table()?]);
    Ok(tables)
}
