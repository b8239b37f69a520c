//! One layer of the distance, `D -> K(D)`, at the fixed activity, its fixed points, and the same map for the correlation
//! of preactivations (Poole et al. 2016, figure 2A).

use crate::experiment::prelude::*;
use crate::theory::distance::distance_map;

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b,
        correlations: CorrelationGrid => "Correlations of preactivations along the curves, from 0 to 1.",
        sampled_correlations: CorrelationGrid => "Correlations of the simulated layers.",
        width, replicas: Replicas,
    }
}

columns! {
    distance: Parameter "squared distance D = |x - x'|^2 / n of the inputs of one layer, both of activity A*";
    correlation: Parameter "correlation c = 1 - sigma_w^2 D / (2 q*) of their preactivations";
    next_distance: Theory "squared distance K(D) after one layer";
    next_correlation: Theory "correlation 1 - sigma_w^2 K(D) / (2 q*) of the preactivations one layer on";
    slope: Theory "slope K'(D-bar) of the distance map at its stable fixed point";
}

impl Experiment for Params {
    type Point = Networks;

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            let input = activity_fixed_point(&ensemble)?;
            for &c in self.sampled_correlations.values() {
                let field = "parameters.sampled_correlations";
                let inputs = pair(correlated(field, &ensemble, (input.activity, input.q), c)?)?;
                let networks = Networks::new(ensemble, self.width, 1, inputs)?;
                let label = format!("sigma_w = {}, correlation = {c}", sigma_w.get());
                points.add(label, self.replicas, networks.cost(), networks);
            }
        }
        Ok(())
    }

    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        Ok(vec![distance(&networks.sample(at)?[1])])
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        rows!(curve, layer: "monte_carlo", fixed: "fixed_points");
        let mut found = found.iter();
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            let (theory, weight) = (run.theory(&ensemble), sigma_w.squared());
            let input = activity_fixed_point(&ensemble)?;
            let star = activity_fixed_point(&theory)?;
            let correlation_of = |q: f64, d: f64| 1.0 - 0.5 * weight * d / q;
            for &c in self.correlations.values() {
                let d = 2.0 * star.q * (1.0 - c) / weight;
                let next = distance_map(&theory, star.activity, d);
                curve.push(row! {
                    sigma_w, distance: d, next_distance: next, correlation: c,
                    next_correlation: correlation_of(star.q, next),
                });
            }
            for (&c, found) in self.sampled_correlations.values().iter().zip(found.by_ref()) {
                let (d, mean) = (distance(found.point.inputs.gram()), found.mean(0));
                let next = distance_map(&theory, input.activity, d);
                let correlation = (correlation_of(input.q, mean.mean), 0.5 * weight * stderr(&mean) / input.q);
                layer.push(row! {
                    sigma_w, distance: d, correlation: c, replicas: found.replicas(),
                    next_distance: Judged::new(next, mean),
                    next_correlation: Judged::new(correlation_of(input.q, next), correlation),
                });
            }
            let chi_1 = chi_1(&theory, star.q);
            let found = distance_fixed_point(&theory, &star)?;
            fixed.push(row! {
                sigma_w, phase: Phase::of(chi_1).name(), distance_star: found.distance,
                correlation_star: found.correlation.unwrap_or(1.0), slope: found.slope, chi_1,
                iterations: found.iterations,
            });
        }
        Ok(tables![curve, layer, fixed].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let panel = |axis: fn(&str) -> Axis, [x, y]: [&str; 2], column: &str| {
            let (next, star) = (format!("next_{column}"), format!("{column}_star"));
            Panel::new(axis(x), axis(y))
                .beside(("curve", &next), "monte_carlo", column, &next, &by)
                .series(Series::points("fixed_points", &star, &star).label("stable fixed point"))
        };
        let distance =
            panel(|label| Axis::linear(label).low(-0.04), [r"distance $D^l$", r"next distance $D^{l+1}$"], "distance");
        let correlation = panel(
            |label| Axis::linear(label).range(-0.04, 1.04),
            [r"correlation $c^l$ of preactivations", r"next correlation $c^{l+1}$"],
            "correlation",
        );
        let figure = Figure::new("distance_map", "Distance map and correlation map")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each point")
            .describe(
                "One layer of the distance at the fixed activity (a) and of the correlation of preactivations (b): \
                 infinite-width theory as lines, means over single layers of finite networks as points with their standard errors, stable \
                 fixed points as circles on the identity (dotted).",
            )
            .grid(2, 78.0)
            .panel(distance.marked(Rule::Diagonal, "identity"))
            .panel(correlation.rule(Rule::Diagonal).legend(Legend::Hidden));
        vec![figure]
    }
}
