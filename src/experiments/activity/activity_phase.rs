//! The activity fixed point and the depth of its approach over the `(sigma_w, sigma_b)` plane (Poole et al. 2016,
//! figures 1C and 1D), with the order-chaos boundary.

use crate::config::{Grid, checked};
use crate::experiment::sampling::{fixed_point, plane};
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Axis, Contour, Figure, Heatmap, Panel};
use crate::model::{Activation, Ensemble};
use crate::table::Rows;
use crate::theory::activity::{ActivityFixedPoint, activity_map, chi_1};
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation function `phi`.
    activation: Activation,
    /// Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.
    #[serde(with = "checked::NonNegativeGrid")]
    sigma_w: Grid,
    /// Bias scales `sigma_b`: biases are `N(0, sigma_b^2)`.
    #[serde(with = "checked::NonNegativeGrid")]
    sigma_b: Grid,
    /// Activity of the input whose approach is counted.
    #[serde(with = "checked::NonNegative")]
    initial_activity: f64,
    /// Distance to the fixed point, in activity, at which the approach counts as over.
    #[serde(with = "checked::Positive")]
    tolerance: f64,
    /// Largest number of layers to count.
    #[serde(with = "checked::Count::<1>")]
    longest: usize,
}

/// The experiment.
pub struct ActivityPhase;

impl Experiment for ActivityPhase {
    type Params = Params;
    const COLUMNS: &'static str = "
        slope | theory | | slope of the activity map at A*
        layers | theory | layers | layers until the activity is within the tolerance of A*, counted up to the largest number in the experiment file
    ";
    const NO_CONTROL: Option<&'static str> = Some("theory alone; nothing is simulated");

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let rows = run.map(&plane(&params.sigma_w, &params.sigma_b)?, |&(w, b)| {
            let theory = run.theory(&Ensemble::new(params.activation, w, b)?);
            let star = fixed_point(&theory)?;
            let layers = |star: &ActivityFixedPoint| {
                let mut activity = params.initial_activity;
                let mut layers = 0usize;
                while (activity - star.activity).abs() > params.tolerance && layers < params.longest {
                    activity = activity_map(&theory, activity);
                    layers += 1;
                }
                layers
            };
            Ok::<_, RunError>([
                w.into(),
                b.into(),
                star.map(|star| star.q).into(),
                star.map(|star| star.activity).into(),
                star.map(|star| star.slope).into(),
                star.map(|star| chi_1(&theory, star.q)).into(),
                star.as_ref().map(layers).into(),
                star.map(|star| star.iterations).into(),
            ])
        })?;
        let mut plane = Rows::new(
            "plane",
            ["sigma_w", "sigma_b", "q_star", "activity_star", "slope", "chi_1", "layers", "iterations"],
        );
        rows.into_iter().for_each(|row| plane.push(row));
        Ok(vec![plane.table()?])
    }

    fn figures(_params: &Params) -> Vec<Figure> {
        let axes =
            || Panel::new(Axis::linear(r"weight scale $\sigma_w$"), Axis::linear(r"bias scale $\sigma_b$")).phases();
        let edge = || Contour::new("plane", "sigma_w", "sigma_b", "chi_1", vec![1.0]).inline(r"$\chi_1 = {}$");
        let map = |value: &str, label: &str| Heatmap::new("plane", "sigma_w", "sigma_b", value, label);
        vec![
            Figure::new("activity_phase", "Activity fixed point over the plane of scales")
                .describe(
                    "Fixed point of the activity (a), of the preactivation variance (b) and number of layers until an input \
                     has come close to it (c), over weight and bias scale; dotted, the order-chaos boundary.",
                )
                .double()
                .height(58.0)
                .columns(3)
                .panel(axes().heatmap(map("activity_star", r"activity $A^*$")).contour(edge()))
                .panel(axes().heatmap(map("q_star", r"variance $q^*$")).contour(edge()))
                .panel(axes().heatmap(map("layers", "layers to the fixed point").log().range(2.0, 40.0)).contour(edge())),
        ]
    }
}
