//! The six products of point, tangent and second derivative of a curve along which the activity varies, against the exact
//! recursion of the whole jet, which no assumption of constant activity enters.

use crate::config::checked;
use crate::experiment::VALUE;
use crate::experiment::geometry::{PhasePoint, jet_sample, three_phases};
use crate::experiment::sampling::network;
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Axis, By, Figure, Panel, Select, Series};
use crate::model::{Activation, BiasStd, Manifold, Measure, ParameterError, WeightStd, Width};
use crate::simulation::SamplerKind;
use crate::table::Rows;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation function `phi`.
    activation: Activation,
    /// Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.
    sigma_b: BiasStd,
    /// Weight scale in the ordered phase.
    #[serde(with = "checked::AboveZero::<WeightStd>")]
    ordered: WeightStd,
    /// Weight scale in the chaotic phase.
    #[serde(with = "checked::AboveZero::<WeightStd>")]
    chaotic: WeightStd,
    /// A curve.
    manifold: Manifold,
    /// Where on the curve.
    parameter: f64,
    /// Number of layers `L`.
    #[serde(with = "checked::Depth")]
    depth: usize,
    /// Monte Carlo is shown in every so many layers.
    #[serde(with = "checked::Count::<1>")]
    sampled_every: usize,
    /// Neurons a layer, `n`.
    width: Width,
    /// Number of networks a Monte Carlo mean is over.
    #[serde(with = "checked::Networks")]
    replicas: usize,
}

/// The experiment.
pub struct CurvatureJet;

/// Names, measures, whether in logarithms, and labels. Products that grow are taken relative to those that set their scale.
const MEASURES: [(&str, Measure, bool, &str); 6] = [
    ("activity", Measure::Activity, false, r"activity $A^l$"),
    ("tilt", Measure::Tilt(0), false, r"tilt $x \cdot e / (|x| |e|)$"),
    ("sag", Measure::Sag(0), false, r"sag $x \cdot H / (n g)$"),
    ("metric", Measure::Metric(0, 0), true, r"metric $\log_{10} g^l$"),
    ("lean", Measure::Lean(0), false, r"lean $e \cdot H / (|e| |H|)$"),
    ("curvature", Measure::CurvatureSquared(0), true, r"curvature $\log_{10} (\kappa^l)^2$"),
];

impl Experiment for CurvatureJet {
    type Params = Params;
    const COLUMNS: &'static str = "
        value | theory | | mean of the measure: activity A, tilt x.e / (|x| |e|), sag x.H / (n g), log10 metric g, lean e.H / (|e| |H|), log10 curvature kappa^2
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        let found = format!("{:?}", params.manifold.kind());
        if params.manifold.dimension() == 1 {
            Ok(())
        } else {
            Err(ParameterError { name: "manifold", found, allowed: "a curve" })
        }
    }

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let Params { activation, sigma_b, ordered, chaotic, depth, .. } = *params;
        let [theory, mc, stderr, correction, expected] = VALUE;
        let columns = ["measure", "phase", "sigma_w", "layer", "replicas", theory, mc, stderr, correction, expected];
        let mut cells = Rows::new("layers", columns);
        let mut lines = Rows::new("lines", ["measure", "phase", "sigma_w", "layer", "value"]);
        for (point, PhasePoint { phase, ensemble, .. }) in
            three_phases(activation, sigma_b, ordered, chaotic)?.into_iter().enumerate()
        {
            let network = network(ensemble, params.width, depth)?;
            let at = (&params.manifold, &[vec![params.parameter]][..]);
            let sampled = jet_sample(run, SamplerKind::Macroscopic, &network, at, 2, (point, params.replicas))?;
            let sigma_w = ensemble.sigma_w.get();
            for (name, measure, logarithm, _) in MEASURES {
                for layer in 0..=depth {
                    let found = if logarithm {
                        sampled.mean_log(layer, measure).per_decade()
                    } else {
                        sampled.mean(layer, measure)
                    };
                    lines.push([name.into(), phase.into(), sigma_w.into(), layer.into(), found.theory.into()]);
                    if layer % params.sampled_every == 0 || layer <= 3 {
                        cells.push(found.row(&[
                            name.into(),
                            phase.into(),
                            sigma_w.into(),
                            layer.into(),
                            params.replicas.into(),
                        ]));
                    }
                }
            }
        }
        Ok(vec![lines.table()?, cells.table()?])
    }

    fn figures(_params: &Params) -> Vec<Figure> {
        let by = By::new("phase", "{}").phase("phase");
        let mut figure = Figure::new("curvature_jet", "Jet of a curve of varying activity through the layers")
            .describe(
                "Activity, tilt of the tangent against the point, product of point and second derivative, metric, connection and \
                 squared curvature at one point of an off-centre ellipse, against layer in three phases: exact infinite-width law as \
                 lines, mean over networks as points. Residuals include the 1/n correction.",
            )
            .double()
            .height(130.0)
            .columns(3)
            .shared_legend();
        for (name, _, _, label) in MEASURES {
            let of = |table: &str| Select::table(table).filter("measure", name);
            figure = figure.panel(
                Panel::new(Axis::linear(r"layer $l$"), Axis::linear(label))
                    .series(Series::theory(of("lines"), "layer", "value").by(&by).key("theory"))
                    .simulated(of("layers"), "layer", &by, Some("Monte Carlo")),
            );
        }
        vec![figure]
    }
}
