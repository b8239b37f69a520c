//! The activity fixed point and the depth of its approach over the `(sigma_w, sigma_b)` plane (Poole et al. 2016,
//! figures 1C and 1D), with the order-chaos boundary.

use crate::experiment::prelude::*;
use crate::theory::activity::layers_until;

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
            let approach = star
                .map(|star| layers_until(&theory, self.initial_activity, star.activity, self.tolerance, self.longest));
            let (layers, crossing) = approach.unzip();
            Ok(row! {
                sigma_w: w, sigma_b: b, q_star: star.map(|star| star.q), activity_star: star.map(|star| star.activity),
                slope: star.map(|star| star.slope), chi_1: star.map(|star| chi_1(&theory, star.q)), layers, crossing,
                iterations: star.map(|star| star.iterations),
            })
        })?;
        Ok(vec![table("plane", rows)?])
    }

    fn figures(&self) -> Vec<Figure> {
        let layers = format!("layers $l$ until $|A^l - A^*| < {}$", power(self.tolerance));
        let map = |map: Heatmap, column: &str, levels: &[f64]| {
            let contours = Contour::new("plane", "sigma_w", "sigma_b", column, levels).dash(Dash::Solid);
            over_scales(map.smooth()).contour(contours.inline("${}$"))
        };
        let activity = map_of_scales("activity_star", r"activity $A^*$");
        let variance = map_of_scales("q_star", r"variance $q^*$");
        let crossing = map_of_scales("crossing", &layers).log().range(1.0, 40.0);
        let figure = Figure::new("activity_phase", "Activity fixed point over the plane of scales")
            .setting("phi(u) = {activation}; inputs of activity {initial_activity} in (c)")
            .describe(format!(
                "Fixed point of the activity (a) and of the preactivation variance (b), and number of layers until the activity of an input \
                 of activity A^0 = {} is within {} of the fixed point, interpolated between whole layers (c), over weight and bias scale; \
                 solid, contours; dotted, the order-chaos boundary.",
                self.initial_activity, self.tolerance
            ))
            .grid(3, 58.0)
            .panel(map(activity, "activity_star", &[0.2, 0.4, 0.6, 0.8]))
            .panel(map(variance, "q_star", &[5.0, 10.0, 20.0, 30.0]))
            .panel(map(crossing, "crossing", &LAYERS));
        vec![figure]
    }
}
