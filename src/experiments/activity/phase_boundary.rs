//! The order-chaos boundary `chi_1 = 1` of several activations (Poole et al. 2016, figure 2C; Schoenholz et al. 2017,
//! figure 1), with a Monte Carlo witness: on the boundary one layer multiplies tiny distances by exactly 1 on average.

use crate::config::{Grid, checked};
use crate::experiment::drawing::activations;
use crate::experiment::sampling::{Networks, distance, network, stderr};
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Anchor, Axis, By, Figure, Legend, Panel, Place, Residual, Rule, Series};
use crate::model::{Activation, Ensemble, Inputs, ParameterError, Replicas, Width};
use crate::table::Rows;
use crate::theory::activity::{activity_fixed_point, chi_1};
use crate::theory::phase::{boundary_curve, critical_sigma_w};
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation functions `phi`, one curve each.
    #[serde(with = "checked::List::<Activation>")]
    activations: Vec<Activation>,
    /// Smallest preactivation variance `q` on the curves, which it parametrises.
    #[serde(with = "checked::Positive")]
    smallest_q: f64,
    /// Largest preactivation variance `q` on the curves.
    #[serde(with = "checked::Positive")]
    largest_q: f64,
    /// Points of each curve.
    #[serde(with = "checked::Count::<2>")]
    points: usize,
    /// Bias scales at which the boundary is simulated.
    #[serde(with = "checked::NonNegativeGrid")]
    sampled_sigma_b: Grid,
    /// Distance of the two inputs, in units of the activity.
    #[serde(with = "checked::Positive")]
    relative_distance: f64,
    /// Neurons a layer, `n`.
    width: Width,
    /// Number of networks a Monte Carlo mean is over.
    replicas: Replicas,
    /// Points of the boundary quoted in the literature.
    quoted: Vec<Quoted>,
}

/// A published point of the boundary.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quoted {
    /// Activation function `phi`.
    activation: Activation,
    /// Weight variance `sigma_w^2`.
    #[serde(with = "checked::NonNegative")]
    sigma_w_squared: f64,
    /// Bias variance `sigma_b^2`.
    #[serde(with = "checked::NonNegative")]
    sigma_b_squared: f64,
}

/// The experiment.
pub struct PhaseBoundary;

impl Experiment for PhaseBoundary {
    type Params = Params;
    const SWEEPS: bool = true;
    const COLUMNS: &'static str = "
        q | parameter | | variance q* of the preactivations at this point of the boundary
        curve.sigma_w | theory | | weight scale on the boundary chi_1 = 1
        curve.sigma_b | theory | | bias scale on the boundary chi_1 = 1
        growth.sigma_w | theory | | critical sigma_w, where chi_1 = 1 at this sigma_b
        growth | theory | | factor D^1 / D^0 by which one layer multiplies a tiny squared distance; in theory chi_1
        quoted.sigma_w | literature | | weight scale of a published point of the boundary
        quoted.sigma_b | literature | | bias scale of a published point of the boundary
        sigma_w_theory | theory | | critical sigma_w at the bias scale of the published point
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        let silent = params.activations.iter().any(|activation| activation.value(0.0) == 0.0);
        if silent && params.sampled_sigma_b.values().contains(&0.0) {
            let allowed = "above 0 for activations that are 0 at 0, whose signals die out there";
            return Err(ParameterError { name: "sampled_sigma_b", found: "0".to_owned(), allowed });
        }
        if params.relative_distance <= 4.0 {
            return Ok(());
        }
        let (found, allowed) =
            (params.relative_distance.to_string(), "above 0 and at most 4, which is opposite inputs");
        Err(ParameterError { name: "relative_distance", found, allowed })
    }

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let mut curve = Rows::new("curve", ["activation", "q", "sigma_w", "sigma_b"]);
        let mut growth = Rows::new(
            "growth",
            ["activation", "sigma_b", "sigma_w", "replicas", "growth_theory", "growth_mc", "growth_stderr"],
        );
        let mut points = Vec::new();
        let mut edges = Vec::new();
        for &activation in &params.activations {
            for &sigma_b in params.sampled_sigma_b.values() {
                let Ok(edge) = critical_sigma_w(activation, sigma_b) else { continue };
                let ensemble = Ensemble::new(activation, edge.sigma_w, sigma_b)?;
                // homogeneous activations have no fixed point on the boundary; any activity will do
                let star = activity_fixed_point(&ensemble).map_or(1.0, |star| star.activity);
                let inputs = Inputs::pair(star, 0.0, params.relative_distance * star)?;
                let networks = Networks { network: network(ensemble, params.width, 1)?, inputs };
                points.push(networks.at(format!("{}, sigma_b = {sigma_b}", activation.name()), params.replicas));
                edges.push((ensemble, star));
            }
        }
        let sampled = run.sweep(&points, |point, at| {
            let layers = point.sample(at)?;
            Ok(vec![distance(&layers[1]) / distance(&layers[0])])
        })?;
        for ((ensemble, star), moments) in edges.iter().zip(sampled) {
            let (theory, found) = (run.theory(ensemble), moments.mean(0));
            let expected = chi_1(&theory, theory.preactivation_variance(*star));
            growth.push([
                ensemble.activation.name().into(),
                ensemble.sigma_b.get().into(),
                ensemble.sigma_w.get().into(),
                moments.count().into(),
                expected.into(),
                found.mean.into(),
                stderr(&found).into(),
            ]);
        }
        for &activation in &params.activations {
            if activation.is_homogeneous() {
                let edge = critical_sigma_w(activation, 0.0)?.sigma_w;
                // no fixed point there with a bias: the line itself, with the variance of a unit activity
                for sigma_b in [0.0, 10.0] {
                    let q = edge * edge + sigma_b * sigma_b;
                    curve.push([activation.name().into(), q.into(), edge.into(), sigma_b.into()]);
                }
            } else {
                // the end of the curve, where a network without bias is critical
                if let Ok(found) = critical_sigma_w(activation, 0.0) {
                    curve.push([activation.name().into(), found.q.into(), found.sigma_w.into(), 0.0.into()]);
                }
                for found in boundary_curve(activation, params.smallest_q, params.largest_q, params.points) {
                    let sigma_b = found.sigma_b_squared.sqrt();
                    curve.push([activation.name().into(), found.q.into(), found.sigma_w.into(), sigma_b.into()]);
                }
            }
        }
        let mut quoted = Rows::new("quoted", ["activation", "sigma_w", "sigma_b", "sigma_w_theory"]);
        for quote in &params.quoted {
            let sigma_b = quote.sigma_b_squared.sqrt();
            let edge = critical_sigma_w(quote.activation, sigma_b)?.sigma_w;
            quoted.push([
                quote.activation.name().into(),
                quote.sigma_w_squared.sqrt().into(),
                sigma_b.into(),
                edge.into(),
            ]);
        }
        Ok(vec![curve.table()?, growth.table()?, quoted.table()?])
    }

    fn figures(_params: &Params) -> Vec<Figure> {
        let by = activations(By::new("activation", "{}"));
        vec![
            Figure::new("phase_boundary", "Order-chaos boundary")
                .describe(
                    "The line on which small distances neither grow nor shrink, for six activations (a), and the growth of a \
                     tiny distance in one layer of finite networks on it (b), which theory puts at 1.",
                )
                .double()
                .height(72.0)
                .columns(2)
                .panel(
                    Panel::new(
                        Axis::linear(r"weight scale $\sigma_w$").range(0.0, 8.0),
                        Axis::linear(r"bias scale $\sigma_b$").range(0.0, 4.0),
                    )
                    .series(Series::boundary("curve", "sigma_w", "sigma_b").by(&by))
                    .series(Series::points("growth", "sigma_w", "sigma_b").by(By::unlabelled("activation")))
                    .series(Series::points("quoted", "sigma_w", "sigma_b").label(r"quoted, $\tanh u$"))
                    .note_at("ordered", Place::Frame(0.02, 0.9), Anchor::Start)
                    .note_at("chaotic", Place::Frame(0.87, 0.07), Anchor::Start),
                )
                .panel(
                    Panel::new(Axis::linear(r"bias scale $\sigma_b$"), Axis::linear(r"growth $D^1 / D^0$ on the edge"))
                        .rule(Rule::Horizontal(1.0))
                        .series(Series::monte_carlo("growth", "sigma_b", "growth_mc", "growth_stderr").by(&by))
                        .residual(Residual::new("growth", "sigma_b", "growth").by(By::unlabelled("activation")))
                        .legend(Legend::Hidden),
                ),
        ]
    }
}
