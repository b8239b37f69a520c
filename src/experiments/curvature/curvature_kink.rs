//! Squared second difference of the image of a great circle, `|x(h) + x(-h) - 2 x(0)|^2 / (n h^4)`, against the step `h`: it tends to the
//! second derivative `K` for smooth activations and diverges as `1 / h` for relu, whose image of a smooth curve has corners.
//!
//! Its mean is `(4 D(h) - D(2h)) / h^4` with `D` the distance of points at that angle, so the theory of pairs and its 1/n correction
//! serve.

use crate::experiment::prelude::*;
use crate::theory::paradox::circle::chord;

parameters! {
    Params {
        activations, sigma_w: WeightScale, sigma_b,
        activity: Positive => "Activity `A` of the great circle.",
        layers: LayersOfNetwork,
        steps: PositiveGrid => "Steps of the second differences of the simulated networks, in radians.",
        width, replicas: NetworkCount,
        curve: Curve => "Steps of the theory curves.",
    }

    /// Steps of the theory curves, equal in the logarithm.
    Curve {
        from: Positive => "Smallest step, in radians.",
        to: Positive => "Largest step, in radians.",
        count: Count<2> => "Number of steps.",
    }
}

columns! {
    log_second_mc = "log_second_mc";
    log_second_error = "log_second_error";
    step: Parameter ["rad"] "step h, the angle between neighbouring points of the great circle";
    log_second {
        _: Theory "log10 of the squared second difference |x(h) + x(-h) - 2 x(0)|^2 / (n h^4)";
        smooth: Theory "log10 of the squared second derivative K, to which the squared second difference tends for h to 0";
    }
    value: Theory "squared second difference |x(h) + x(-h) - 2 x(0)|^2 / (n h^4), relative to its theory";
}

impl Experiment for Params {
    /// The step, and networks that see the three points.
    type Point = (f64, Networks);
    const UNJUDGED: &'static str = "
        steps.log_second | the logarithm of the judged value of the same row, times its theory
    ";

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        for &activation in &self.activations {
            let ensemble = Ensemble { activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
            for &h in self.steps.values() {
                let inputs = Inputs::with_neighbours(self.activity, h)?;
                let networks = Networks::new(ensemble, self.width, deepest(&self.layers), inputs)?;
                let cost = networks.cost_of(self.replicas);
                points.keep(format!("{activation}, h = {h}"), self.replicas, cost, (h, networks));
            }
        }
        Ok(())
    }

    /// Squared second difference, `|(x(h) - x(0)) + (x(-h) - x(0))|^2`, layer by layer.
    fn observe(&self, (h, networks): &Self::Point, at: &Address) -> Observed {
        let trajectory = networks.sample(at)?;
        let second = |gram: &SymmetricMatrix| gram.get(1, 1) + gram.get(2, 2) + 2.0 * gram.get(1, 2);
        Ok(self.layers.iter().map(|&layer| second(&trajectory[layer]) / (h * h * h * h)).collect())
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        rows!(cells: "steps", curve, smooth);
        let deepest = deepest(&self.layers);
        let activity = self.activity;
        for (&activation, found) in self.activations.iter().zip(found.chunks(self.steps.values().len())) {
            let law = run.theory(&Ensemble { activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b });
            let pair = |angle: f64| chord(activity, angle);
            let Curve { from, to, count } = self.curve;
            let steps: Vec<f64> = geometric(from, to, count).collect();
            let lines = run.map(&steps, |&h| {
                let [near, far] = [h, 2.0 * h].map(|angle| pair_trajectory(&law, pair(angle), deepest));
                let second = |(near, far): (&PairState, &PairState)| second_difference(near.distance, far.distance, h);
                Ok(near?.iter().zip(&far?).map(second).collect::<Vec<f64>>())
            })?;
            for &layer in &self.layers {
                for (&h, line) in steps.iter().zip(&lines) {
                    curve.push(row! { activation, layer, step: h, log_second: log10(line[layer]) });
                }
            }
            if activation.is_smooth() {
                let limit = curve_trajectory(&law, activity, 1.0 / activity, deepest)?;
                for &layer in &self.layers {
                    let g = activity * limit[layer].metric;
                    smooth.push(row! { activation, layer, log_second: log10(limit[layer].curvature * g * g) });
                }
            }
            for found in found {
                let (h, ref networks) = found.point;
                let widths = networks.network.widths();
                let (near, far) =
                    (pair_corrections(&law, pair(h), widths)?, pair_corrections(&law, pair(2.0 * h), widths)?);
                for (k, &layer) in self.layers.iter().enumerate() {
                    let (near, far) = (&near[layer], &far[layer]);
                    let theory = second_difference(near.state.distance, far.state.distance, h);
                    let correction = second_difference(near.distance().bias, far.distance().bias, h);
                    let found = Compared::of(theory, &found.values(k), correction);
                    cells.push(row! {
                        activation, layer, step: h, replicas: self.replicas, log_second_mc: log10(found.mc),
                        log_second_error: found.stderr / found.mc * LOG10_E, value: found.times(1.0 / theory),
                    });
                }
            }
        }
        Ok(vec![cells.table()?, curve.table()?, smooth.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = activations(By::new("activation", r"$\phi = {}$"));
        vec![Figure::new("curvature_kink", "Second differences of smooth and kinked activations")
            .setting("phi(u) = {activations}; sigma_w = {sigma_w}, sigma_b = {sigma_b}; circle of activity {activity}; n = {width}, {replicas networks}")
            .describe(
                "Squared second difference of the image of a great circle against its step, in two layers: for tanh and \
                 erf it tends to the squared second derivative (dotted), for relu it diverges as one over the step \
                 (triangle). Theory as lines, mean over networks as points with standard errors.",
            )
            .grid(self.layers.len(), 74.0)
            .shared_legend()
            .panel_each(("layer", "$l = {}$"), self.layers.iter().map(|&layer| layer as i64), |of| {
                let limit = Series::horizontals(of("smooth"), "log_second").by(By::unlabelled("activation"));
                let found = Series::monte_carlo(of("steps"), "step", "log_second_mc", "log_second_error").by(&by);
                Panel::new(Axis::log10(r"step $h$"), Axis::exponent(r"$|\Delta_h^2 x|^2 / (n h^4)$"))
                    .series(limit.key(r"second derivative, $h \to 0$"))
                    .series(Series::theory(of("curve"), "step", "log_second").by(&by).key("theory"))
                    .series(found.key("Monte Carlo"))
                    .slope(-1.0, (0.45, 0.88), "$h^{-1}$")
                    .residual(Residual::new(of("steps"), "step", "value").by(&by))
            })]
    }
}

/// `(4 D(h) - D(2h)) / h^4`.
fn second_difference(near: f64, far: f64, step: f64) -> f64 {
    (4.0 * near - far) / (step * step * step * step)
}
