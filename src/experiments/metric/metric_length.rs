//! Total length of the images of curves, `L = int sqrt(g) dt`, through the layers: it grows or shrinks as `chi_1^(l/2)` whatever the
//! curve, once the activity has settled along it.

use crate::config::checked;
use crate::experiment::VALUE;
use crate::experiment::geometry::jet_sample;
use crate::experiment::sampling::{log10, network};
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Axis, By, Figure, Panel, Residual, Select, Series};
use crate::model::{Activation, BiasStd, Ensemble, Manifold, Measure, ParameterError, WeightStd, Width};
use crate::simulation::SamplerKind;
use crate::table::Rows;
use crate::theory::activity::{activity_fixed_point, chi_1};
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
    /// Number of layers `L`.
    #[serde(with = "checked::Depth")]
    depth: usize,
    /// Monte Carlo is shown in every so many layers.
    #[serde(with = "checked::Count::<1>")]
    sampled_every: usize,
    /// Neurons a layer, `n`.
    width: Width,
    /// Points of each curve, at the centres of equal intervals.
    #[serde(with = "checked::Few::<1>")]
    inputs: usize,
    /// Number of networks a Monte Carlo mean is over.
    #[serde(with = "checked::Networks")]
    replicas: usize,
    /// The curves.
    #[serde(with = "checked::List::<Curve>")]
    curves: Vec<Curve>,
}

/// A curve and what it is called.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// What it is called in the figure.
    name: String,
    /// The curve; of finite length.
    manifold: Manifold,
}

/// The experiment.
pub struct MetricLength;

impl Experiment for MetricLength {
    type Params = Params;
    const COLUMNS: &'static str = "
        curve | label | | name of the curve
        log_length | theory | | log10(L^l / L^0) of the length L = int sqrt(g) dt
        rates.log_length | theory | | log10 of the growth by chi_1^(l/2) of the length
        relative | theory | | length ratio L^l / L^0 over chi_1^(l/2)
        relative_expected | theory with correction | | length ratio L^l / L^0 with its first-order (1/n) correction, over chi_1^(l/2)
        value | theory | | length ratio L^l / L^0, the mean over networks
    ";
    const UNJUDGED: &'static str = "
        layers.log_length | the logarithm of the judged length ratio of the same row
        layers.relative | the judged length ratio of the same row over chi_1^(l/2)
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        for Curve { name, manifold } in &params.curves {
            if manifold.dimension() != 1 || manifold.period().is_none() {
                return Err(ParameterError { name: "curves", found: name.clone(), allowed: "curves of finite length" });
            }
        }
        Ok(())
    }

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let [theory, mc, stderr, correction, expected] = VALUE;
        let columns = [
            "curve",
            "sigma_w",
            "layer",
            "replicas",
            "log_length_mc",
            "log_length_error",
            "relative_mc",
            "relative_error",
            theory,
            mc,
            stderr,
            correction,
            expected,
        ];
        let mut cells = Rows::new("layers", columns);
        let mut lines =
            Rows::new("lines", ["curve", "sigma_w", "layer", "log_length", "relative", "relative_expected"]);
        let mut rates = Rows::new("rates", ["sigma_w", "layer", "log_length"]);
        let mut point = 0;
        for &sigma_w in &params.sigma_w {
            let ensemble = Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b };
            let theory = run.theory(&ensemble);
            let growth = chi_1(&theory, activity_fixed_point(&theory)?.q).sqrt();
            let network = network(ensemble, params.width, params.depth)?;
            for Curve { name, manifold } in &params.curves {
                let period = manifold.period().unwrap_or(1.0);
                let places: Vec<Vec<f64>> =
                    (0..params.inputs).map(|i| vec![period * (i as f64 + 0.5) / params.inputs as f64]).collect();
                let at = (manifold, &places[..]);
                let sampled = jet_sample(run, SamplerKind::Macroscopic, &network, at, 1, (point, params.replicas))?;
                point += 1;
                let mut scale = 1.0;
                let start = sampled.mean_over_points(0, Measure::Speed(0)).theory;
                for layer in 0..=params.depth {
                    let found = sampled.mean_over_points(layer, Measure::Speed(0)).times(1.0 / start);
                    lines.push([
                        name.as_str().into(),
                        sigma_w.get().into(),
                        layer.into(),
                        log10(found.theory).into(),
                        (found.theory / scale).into(),
                        ((found.theory + found.correction) / scale).into(),
                    ]);
                    if layer % params.sampled_every == 0 {
                        let row = found.row(&[
                            name.as_str().into(),
                            sigma_w.get().into(),
                            layer.into(),
                            params.replicas.into(),
                            log10(found.mc).into(),
                            (found.stderr / found.mc * std::f64::consts::LOG10_E).into(),
                            (found.mc / scale).into(),
                            (found.stderr / scale).into(),
                        ]);
                        cells.push(row);
                    }
                    scale *= growth;
                }
            }
            let rate = log10(growth);
            for layer in [0, params.depth] {
                rates.push([sigma_w.get().into(), layer.into(), (rate * layer as f64).into()]);
            }
        }
        Ok(vec![lines.table()?, cells.table()?, rates.table()?])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        let by = By::new("curve", "{}");
        let mut figure = Figure::new("metric_length", "Length of curves through the layers")
            .describe(
                "Decimal logarithm of the length of the images of five curves relative to that of the input, against layer, in \
                 the ordered and the chaotic phase (top), and the same relative to the rate chi_1^(l/2) of the fixed point, which is \
                 dotted above (bottom). Residuals are those of the length itself and include the 1/n correction.",
            )
            .double()
            .height(118.0)
            .columns(params.sigma_w.len())
            .shared_legend();
        let of = |table: &str, sigma_w: f64| Select::table(table).filter("sigma_w", sigma_w);
        for sigma_w in params.sigma_w.iter().map(|sigma_w| sigma_w.get()) {
            figure = figure.panel(
                Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"length $\log_{10} (L^l / L^0)$"))
                    .title(format!(r"$\sigma_w = {sigma_w}$"))
                    .series(Series::boundary(of("rates", sigma_w), "layer", "log_length").key(r"$\chi_1^{l/2}$"))
                    .series(Series::theory(of("lines", sigma_w), "layer", "log_length").by(&by).key("theory"))
                    .series(
                        Series::monte_carlo(of("layers", sigma_w), "layer", "log_length_mc", "log_length_error")
                            .by(&by)
                            .key("Monte Carlo"),
                    ),
            );
        }
        for sigma_w in params.sigma_w.iter().map(|sigma_w| sigma_w.get()) {
            let rows = of("layers", sigma_w);
            figure = figure.panel(
                Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"length $L^l / (L^0 \chi_1^{l/2})$"))
                    .series(Series::theory(of("lines", sigma_w), "layer", "relative").by(&by))
                    .series(
                        Series::finite_width(of("lines", sigma_w), "layer", "relative_expected")
                            .by(&by)
                            .key("order $1/n$"),
                    )
                    .series(Series::monte_carlo(&rows, "layer", "relative_mc", "relative_error").by(&by))
                    .residual(Residual::new(&rows, "layer", "value").correction("value_correction").by(&by)),
            );
        }
        vec![figure]
    }
}
