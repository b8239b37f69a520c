//! The activity map `A -> chi_0(A)` and the length map `q -> V(q)`, their fixed points, and one Monte Carlo layer
//! (Poole et al. 2016, figure 1A, in both conventions).

use crate::config::{Grid, checked};
use crate::experiment::sampling::{Networks, activity, network, settled, stderr};
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Axis, By, Figure, Panel, Residual, Rule, Series};
use crate::model::{Activation, BiasStd, Ensemble, Inputs, ParameterError, Replicas, WeightStd, Width};
use crate::table::Rows;
use crate::theory::activity::{chi_1, variance_map};
use crate::theory::moments::mean_square;
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
    /// Preactivation variances of the curves.
    #[serde(with = "checked::NonNegativeGrid")]
    variances: Grid,
    /// Preactivation variances of the simulated layers.
    #[serde(with = "checked::NonNegativeGrid")]
    sampled_variances: Grid,
    /// Neurons a layer, `n`.
    width: Width,
    /// Number of networks a Monte Carlo mean is over.
    replicas: Replicas,
}

/// The experiment.
pub struct ActivityMap;

impl Experiment for ActivityMap {
    type Params = Params;
    const SWEEPS: bool = true;
    const COLUMNS: &'static str = "
        q | parameter | | variance q = sigma_w^2 A + sigma_b^2 of the preactivations of one layer
        curve.activity | parameter | | activity A = (q - sigma_b^2) / sigma_w^2 of the input of that layer; negative where no input has this q
        monte_carlo.activity | parameter | | activity A = (q - sigma_b^2) / sigma_w^2 of the input of that layer
        next_q | theory | | variance V(q) of the preactivations one layer on (length map)
        next_activity | theory | | activity after one layer, E[phi(u)^2] with u ~ N(0, q)
        slope | theory | | slope of the activity map at A*
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        let least = params.sigma_b.squared() * (1.0 - 1e-12);
        match params.sampled_variances.values().iter().find(|&&q| q < least) {
            Some(q) => {
                let allowed = "at least sigma_b^2, the variance that a silent input has";
                Err(ParameterError { name: "sampled_variances", found: q.to_string(), allowed })
            }
            None => Ok(()),
        }
    }

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let mut curve = Rows::new("curve", ["sigma_w", "q", "activity", "next_q", "next_activity"]);
        let mut layer = Rows::new(
            "monte_carlo",
            [
                "sigma_w",
                "q",
                "replicas",
                "activity",
                "next_activity_theory",
                "next_activity_mc",
                "next_activity_stderr",
                "next_q_theory",
                "next_q_mc",
                "next_q_stderr",
            ],
        );
        let mut fixed =
            Rows::new("fixed_points", ["sigma_w", "q_star", "activity_star", "slope", "chi_1", "iterations"]);
        // the input whose first preactivations have this variance
        let input = |sigma_w: WeightStd, q: f64| (q - params.sigma_b.squared()) / sigma_w.squared();
        let mut points = Vec::new();
        for &sigma_w in &params.sigma_w {
            let ensemble = Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b };
            for &q in params.sampled_variances.values() {
                let inputs = Inputs::single(input(sigma_w, q))?;
                let networks = Networks { network: network(ensemble, params.width, 1)?, inputs };
                points.push(networks.at(format!("sigma_w = {}, q = {q}", sigma_w.get()), params.replicas));
            }
        }
        let sampled = run.sweep(&points, |point, at| Ok(vec![activity(&point.sample(at)?[1])]))?;
        let mut sampled = sampled.into_iter();
        for &sigma_w in &params.sigma_w {
            let ensemble = Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b };
            let theory = run.theory(&ensemble);
            let (weight, bias) = (sigma_w.squared(), params.sigma_b.squared());
            for &q in params.variances.values() {
                let next = mean_square(theory.activation, q);
                curve.push([
                    sigma_w.get().into(),
                    q.into(),
                    ((q - bias) / weight).into(),
                    variance_map(&theory, q).into(),
                    next.into(),
                ]);
            }
            for (&q, moments) in params.sampled_variances.values().iter().zip(sampled.by_ref()) {
                let (input, found) = (input(sigma_w, q), moments.mean(0));
                let expected = mean_square(theory.activation, theory.preactivation_variance(input));
                layer.push([
                    sigma_w.get().into(),
                    q.into(),
                    moments.count().into(),
                    input.into(),
                    expected.into(),
                    found.mean.into(),
                    stderr(&found).into(),
                    theory.preactivation_variance(expected).into(),
                    ensemble.preactivation_variance(found.mean).into(),
                    (weight * stderr(&found)).into(),
                ]);
            }
            // a map without a fixed point, or with every point fixed, has its curve all the same
            let Some(star) = settled(&theory)? else { continue };
            fixed.push([
                sigma_w.get().into(),
                star.q.into(),
                star.activity.into(),
                star.slope.into(),
                chi_1(&theory, star.q).into(),
                star.iterations.into(),
            ]);
        }
        Ok(vec![curve.table()?, layer.table()?, fixed.table()?])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let settles = |sigma_w: &WeightStd| {
            let ensemble = Ensemble { activation: params.activation, sigma_w: *sigma_w, sigma_b: params.sigma_b };
            matches!(settled(&ensemble), Ok(Some(_)))
        };
        let any = params.sigma_w.iter().any(settles);
        let panel = |x: Axis, y: &str, quantity: &str, column: &str, star: &str| {
            let panel = Panel::new(x.low(0.0), Axis::linear(y).low(0.0))
                .rule(Rule::Diagonal)
                .series(Series::theory("curve", column, &format!("next_{column}")).by(&by).key("theory"))
                .series(
                    Series::monte_carlo(
                        "monte_carlo",
                        column,
                        &format!("{quantity}_mc"),
                        &format!("{quantity}_stderr"),
                    )
                    .by(&by)
                    .key("Monte Carlo"),
                )
                .residual(Residual::new("monte_carlo", column, quantity).by(&by));
            // series of a table without rows cannot be drawn
            if any { panel.series(Series::points("fixed_points", star, star).label("fixed point")) } else { panel }
        };
        vec![
            Figure::new("activity_map", "Activity map and length map")
                .describe(
                    "One layer of the preactivation variance (a) and of the activity (b): infinite-width theory as lines, \
                     single layers of finite networks as points, fixed points on the diagonal.",
                )
                .double()
                .height(78.0)
                .columns(2)
                .shared_legend()
                .panel(panel(Axis::linear(r"preactivation variance $q^l$"), r"next variance $q^{l+1}$", "next_q", "q", "q_star"))
                .panel(panel(
                    Axis::linear(r"activity $A^l$").high(2.0),
                    r"next activity $A^{l+1}$",
                    "next_activity",
                    "activity",
                    "activity_star",
                )),
        ]
    }
}
