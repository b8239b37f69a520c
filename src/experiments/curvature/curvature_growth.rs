//! Metric, second derivative and squared curvature of the image of a great circle in the ordered phase, on the edge of chaos
//! and in the chaotic phase, whose curvatures grow exponentially, grow linearly and saturate.
//!
//! All three spread log-normally over networks, so theory and Monte Carlo meet in means of logarithms.

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation, sigma_b, ordered, chaotic, depth, sampled_every, width, replicas: NetworkCount,
    }
}

columns! {
    log_metric: Theory "log10 of the metric g^l";
    log_second: Theory "log10 of the squared second derivative K = kappa^2 g^2";
    log_curvature: Theory "log10 of the squared curvature kappa^2";
    value: Theory "E[log10 of the measure]: metric g, second derivative K = |H|^2 / n, squared curvature kappa^2";
    regime: Label "what kappa^2 does in deep layers: linear (it grows by a constant a layer), saturating or shrinking";
    limit: Theory "linear: growth of kappa^2 a layer; saturating: log10 of the limit of kappa^2; shrinking: ln of its factor a layer";
}

/// Names and measures of the table.
const MEASURES: [(&str, Measure); 3] = [
    ("metric", Measure::Metric(0, 0)),
    ("second derivative", Measure::Second((0, 0), (0, 0))),
    ("curvature", Measure::CurvatureSquared(0)),
];

impl Experiment for Params {
    /// The phase, and jets of its networks.
    type Point = (&'static str, Jets);

    fn check(&self) -> Result<(), ParameterError> {
        check_phases(self.activation, self.sigma_b, self.ordered, self.chaotic)
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let Params { activation, sigma_b, ordered, chaotic, .. } = *self;
        for PhasePoint { phase, ensemble, .. } in three_phases(activation, sigma_b, ordered, chaotic)? {
            let jets = circle_jets(Network::uniform(ensemble, self.width, self.depth)?, 2)?;
            points.keep(phase, self.replicas, jets.cost(), (phase, jets));
        }
        Ok(())
    }

    fn observe(&self, (_, jets): &Self::Point, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        rows!(curve, cells: "layers", limits);
        for found in found {
            let (phase, ref jets) = found.point;
            let sampled = JetSample::new(jets, found.rows(), run)?;
            let ensemble = jets.network.ensemble;
            let (sigma_w, theory) = (ensemble.sigma_w, run.theory(&ensemble));
            let activity = activity_fixed_point(&ensemble)?.activity;
            for (layer, state) in curve_trajectory(&theory, activity, 1.0 / activity, self.depth)?.iter().enumerate() {
                let g = activity * state.metric;
                curve.push(row! {
                    phase, sigma_w, layer, log_metric: log10(g), log_second: log10(state.curvature * g * g),
                    log_curvature: log10(state.curvature),
                });
            }
            for (measure, of) in MEASURES {
                for layer in (0..=self.depth).step_by(self.sampled_every) {
                    let value = sampled.mean_log(layer, of).per_decade();
                    cells.push(row! { measure, phase, sigma_w, layer, replicas: self.replicas, value });
                }
            }
            let chi = Susceptibilities::at(&theory, activity_fixed_point(&theory)?.q)?;
            // within rounding of the boundary
            let critical = phase == "critical";
            let (regime, limit) = match chi.limit() {
                _ if critical => ("linear", 3.0 * chi.chi_2),
                CurvatureLimit::Linear { per_layer } => ("linear", per_layer),
                CurvatureLimit::Saturating { value } => ("saturating", log10(value)),
                CurvatureLimit::Shrinking { rate } => ("shrinking", ln(rate)),
            };
            limits.push(row! { phase, sigma_w, chi_1: chi.chi_1, chi_2: chi.chi_2, regime, limit });
        }
        Ok(vec![curve.table()?, cells.table()?, limits.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("phase", "{}").phase("phase");
        let panel = |measure: &str, column: &str, label: &str| {
            let rows = Select::table("layers").filter("measure", measure);
            Panel::new(Axis::linear(r"layer $l$"), Axis::exponent(label))
                .series(Series::theory("curve", "layer", column).by(&by).key("theory"))
                .found(&rows, "layer", "value", &by)
        };
        vec![Figure::new("curvature_growth", "Metric and curvature of a great circle through the layers")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; n = {width}, {replicas networks}")
            .describe(
                "Metric (a), squared second derivative (b) and squared curvature (c) of the image of a great circle \
                 against layer, in the ordered phase, on the edge of chaos and in the chaotic phase: theory of infinite \
                 width as lines, means of logarithms over networks as points; dotted, the limit of the curvature in the \
                 chaotic phase. Differences from theory include its 1/n correction.",
            )
            .grid(3, 76.0)
            .shared_legend()
            .panel(panel("metric", "log_metric", r"metric $g^l$"))
            .panel(panel("second derivative", "log_second", r"squared second derivative $K^l$"))
            .panel(
                panel("curvature", "log_curvature", r"squared curvature $(\kappa^l)^2$")
                    .marked_y(Select::table("limits").filter("regime", "saturating"), "limit", r"$l \to \infty$, chaotic"),
            )]
    }
}
