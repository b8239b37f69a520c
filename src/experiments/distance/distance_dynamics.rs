//! Distances through the layers, from 1e-12 up to their fixed point, and correlations from large separations
//! (Poole et al. 2016, figure 2B).
//!
//! Distances spread log-normally over networks, so theory and Monte Carlo meet in `E[log10 D]`, with its 1/n correction.

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b, width, replicas: Replicas, small: Small, large: Large,
    }

    /// Growth and decay of small distances.
    Small {
        initial_distances: PositiveGrid => "Distances `D^0` of the two inputs, both of the activity of the fixed point.",
        depth, sampled_every,
    }

    /// Correlations of preactivations from large separations.
    Large {
        initial_correlations: CorrelationGrid => "Correlations `c` of the first preactivations.",
        depth,
    }
}

columns! {
    sampled_correlation = "correlation";
    initial_distance: Parameter "squared distance D^0 = |x - x'|^2 / n of the inputs";
    initial_correlation: Parameter "correlation c of the first preactivations of the two inputs";
    log_distance: Theory "log10 D^l, in networks the mean E[log10 D^l]";
}

impl Experiment for Params {
    /// Networks and their two inputs: `log10 D` in some layers; `D` in all, where first preactivations of a given correlation are far apart.
    type Point = (Networks, PairState, Option<f64>);
    const UNJUDGED: &'static str = "
        large.correlation | the distance of the same row in another unit, 1 - sigma_w^2 D / (2 q*); the distance is judged
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_signal("sigma_b", self.activation, self.sigma_b.get(), self.sigma_w.iter().map(|scale| scale.get()))
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let Params { width, replicas, small, large, .. } = self;
        for &sigma_w in &self.sigma_w {
            let ensemble = ensemble(self, sigma_w);
            let activity = activity_fixed_point(&ensemble)?.activity;
            for &distance in small.initial_distances.values() {
                check_distance("parameters.small.initial_distances", &ensemble, activity, distance)?;
                let input = PairState::equal(activity, distance);
                let networks = Networks::new(ensemble, *width, small.depth, pair(input)?)?;
                let label = format!("sigma_w = {}, initial_distance = {distance}", sigma_w.get());
                points.add(label, *replicas, networks.cost(), (networks, input, None));
            }
        }
        for &sigma_w in &self.sigma_w {
            let ensemble = ensemble(self, sigma_w);
            let star = activity_fixed_point(&ensemble)?;
            for &c in large.initial_correlations.values() {
                let field = "parameters.large.initial_correlations";
                let input = correlated(field, &ensemble, (star.activity, star.q), c)?;
                let networks = Networks::new(ensemble, *width, large.depth, pair(input)?)?;
                let label = format!("sigma_w = {}, initial_correlation = {c}", sigma_w.get());
                points.add(label, *replicas, networks.cost(), (networks, input, Some(c)));
            }
        }
        Ok(())
    }

    fn observe(&self, (networks, _, correlation): &Self::Point, at: &Address) -> Observed {
        let layers = networks.sample(at)?;
        if correlation.is_some() {
            return Ok(in_layers(&layers, distance));
        }
        Ok(layers.iter().step_by(self.small.sampled_every).map(|layer| log10(distance(layer))).collect())
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        rows!(curve, small, large, fixed: "fixed_points");
        for found in found {
            let ((networks, input, correlation), replicas) = (&found.point, found.replicas());
            let (ensemble, initial_distance) = (networks.network.ensemble, input.distance);
            let sigma_w = ensemble.sigma_w;
            let expected = pair_of_inputs(run, &networks.network, *input)?;
            if let Some(initial_correlation) = *correlation {
                let scale = 0.5 * sigma_w.squared() / activity_fixed_point(&ensemble)?.q;
                for (layer, expected) in expected.iter().enumerate() {
                    let (state, mean) = (expected.state, found.mean(layer));
                    large.push(row! {
                        sigma_w, initial_correlation, layer, replicas, correlation: 1.0 - scale * state.distance,
                        distance: Corrected::new(state.distance, mean, expected.distance().bias),
                        sampled_correlation: Shown::new((1.0 - scale * mean.mean, scale * stderr(&mean))),
                    });
                }
                continue;
            }
            for (layer, expected) in expected.iter().enumerate() {
                curve.push(row! { sigma_w, initial_distance, layer, log_distance: log10(expected.state.distance) });
            }
            for (index, layer) in (0..expected.len()).step_by(self.small.sampled_every).enumerate() {
                let log_distance = log_distance(&expected[layer], found.mean(index));
                small.push(row! { sigma_w, initial_distance, layer, replicas, log_distance });
            }
        }
        for &sigma_w in &self.sigma_w {
            let theory = run.theory(&ensemble(self, sigma_w));
            let star = activity_fixed_point(&theory)?;
            let found = distance_fixed_point(&theory, &star)?;
            fixed.push(row! {
                sigma_w, chi_1: chi_1(&theory, star.q), distance_star: found.distance,
                correlation_star: found.correlation.unwrap_or(1.0), iterations: found.iterations,
            });
        }
        Ok(tables![curve, small, large, fixed].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let title = ("sigma_w", r"$\sigma_w = {}$");
        let scales = || self.sigma_w.iter().map(|sigma_w| sigma_w.get());
        let small = |of: &dyn Fn(&str) -> Select| {
            let by = By::new("initial_distance", r"$D^0 = {}$");
            let curve = (of("curve"), "log_distance");
            over_layers(Axis::exponent(r"distance $D^l$")).beside(curve, of("small"), "layer", "log_distance", by)
        };
        let large = |of: &dyn Fn(&str) -> Select| {
            let by = By::new("initial_correlation", r"$c^0 = {}$");
            over_layers(Axis::linear(r"correlation $c^l$").range(0.0, 1.0))
                .series(Series::horizontals(of("fixed_points"), "correlation_star").key("fixed point $c^*$"))
                .series(Series::theory(of("large"), "layer", "correlation").by(&by).key("theory"))
                .series(Series::found(of("large"), "layer", "correlation").by(&by).key("Monte Carlo"))
                .residual(Residual::new(of("large"), "layer", "distance").by(by))
        };
        vec![
            Figure::new("distance_dynamics", "Growth and decay of small distances")
                .setting("phi(u) = {activation}, sigma_b = {sigma_b}; initial distances D^0 = {small.initial_distances}; n = {width}, {replicas networks}")
                .describe(
                    "Distance of two signals against layer, from several input distances, one panel for each weight scale: infinite-width theory as \
                     lines, mean over networks of the logarithm as points with its standard error; the residuals include the 1/n correction.",
                )
                .grid(self.sigma_w.len(), 76.0)
                .shared_legend()
                .panel_each(title, scales(), small),
            Figure::new("distance_correlation", "Correlation through the layers")
                .setting("phi(u) = {activation}, sigma_b = {sigma_b}; initial correlations c^0 = {large.initial_correlations}; n = {width}, {replicas networks}")
                .describe(
                    "Correlation of preactivations against layer from several inputs, one panel for each weight scale: infinite-width theory as lines, \
                     means over networks as points with their standard errors; dotted, the fixed point. Residuals are those of the distance and include the 1/n correction.",
                )
                .grid(self.sigma_w.len(), 70.0)
                .shared_legend()
                .panel_each(title, scales(), large),
        ]
    }
}

fn ensemble(params: &Params, sigma_w: WeightStd) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b }
}
