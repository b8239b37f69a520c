//! The activity fixed point and the depth of its approach over the `(sigma_w, sigma_b)` plane (Poole et al. 2016,
//! figures 1C and 1D), with the order-chaos boundary.

use crate::experiment::prelude::*;
use crate::theory::activity::{ActivityFixedPoint, activity_map};

parameters! {
    Params {
        activation,
        sigma_w: NonNegativeGrid => "Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.",
        sigma_b: BiasGrid,
        initial_activity: NonNegative => "Activity of the input whose approach is counted.",
        tolerance: Positive => "Distance to the fixed point, in activity, at which the approach counts as over.",
        longest: Count<1> => "Largest number of layers to count.",
    }
}

columns! {
    slope: Theory "slope of the activity map at A*";
    layers: Theory ["layers"] "layers until the activity is within the tolerance of A*, counted up to the largest number in the experiment file";
    crossing: Theory ["layers"] "the same between whole layers, the logarithm of the distance to A* being interpolated";
}

/// Numbers of layers that have a contour.
const LAYERS: [f64; 6] = [3.0, 4.0, 5.0, 7.0, 10.0, 20.0];

/// A number in the markup of labels, a power of ten as one.
fn power(value: f64) -> String {
    let exponent = log10(value).round();
    if (log10(value) - exponent).abs() < 1e-12 { format!("10^{{{exponent}}}") } else { value.to_string() }
}

impl Experiment for Params {
    type Point = ();
    const NO_CONTROL: Option<&'static str> = Some("theory alone; nothing is simulated");

    fn check(&self) -> Result<(), ParameterError> {
        check_scales("sigma_w", self.sigma_w.values())?;
        check_scales("sigma_b", self.sigma_b.values())
    }

    fn tables(&self, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let rows = run.map(&plane(&self.sigma_w, &self.sigma_b)?, |&(w, b)| {
            let theory = run.theory(&Ensemble::new(self.activation, w, b)?);
            let star = settled(&theory)?;
            let approach = |star: &ActivityFixedPoint| {
                let mut activity = self.initial_activity;
                let mut layers = 0usize;
                let (mut before, mut distance) = (f64::INFINITY, (activity - star.activity).abs());
                while distance > self.tolerance && layers < self.longest {
                    activity = activity_map(&theory, activity);
                    (before, distance) = (distance, (activity - star.activity).abs());
                    layers += 1;
                }
                let inside = layers > 0 && distance <= self.tolerance;
                let back = if inside { ln(self.tolerance / distance) / ln(before / distance) } else { 0.0 };
                // a distance of exactly 0 was reached somewhere in the last layer
                (layers, layers as f64 - if back.is_finite() { back } else { 1.0 })
            };
            let approach = star.as_ref().map(approach);
            Ok(row! {
                sigma_w: w, sigma_b: b, q_star: star.map(|star| star.q), activity_star: star.map(|star| star.activity),
                slope: star.map(|star| star.slope), chi_1: star.map(|star| chi_1(&theory, star.q)),
                layers: approach.map(|(layers, _)| layers), crossing: approach.map(|(_, crossing)| crossing), iterations: star.map(|star| star.iterations),
            })
        })?;
        let mut plane = Rows::new("plane");
        plane.extend(rows);
        Ok(vec![plane.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let layers = format!("layers $l$ until $|A^l - A^*| < {}$", power(self.tolerance));
        let levels = |column: &str, values: &[f64]| {
            Contour::new("plane", "sigma_w", "sigma_b", column, values).dash(Dash::Solid).inline("${}$")
        };
        let figure = Figure::new("activity_phase", "Activity fixed point over the plane of scales")
            .setting("phi(u) = {activation}; inputs of activity {initial_activity} in (c)")
            .describe(format!(
                "Fixed point of the activity (a) and of the preactivation variance (b), and number of layers until the activity of an input \
                 of activity A^0 = {} is within {} of the fixed point, interpolated between whole layers (c), over weight and bias scale; \
                 solid, contours; dotted, the order-chaos boundary.",
                self.initial_activity, self.tolerance
            ))
            .grid(3, 58.0)
            .panel(
                over_scales(map_of_scales("activity_star", r"activity $A^*$").smooth())
                    .contour(levels("activity_star", &[0.2, 0.4, 0.6, 0.8])),
            )
            .panel(
                over_scales(map_of_scales("q_star", r"variance $q^*$").smooth())
                    .contour(levels("q_star", &[5.0, 10.0, 20.0, 30.0])),
            )
            .panel(
                over_scales(map_of_scales("crossing", &layers).log().range(1.0, 40.0).smooth())
                    .contour(levels("crossing", &LAYERS)),
            );
        vec![figure]
    }
}
