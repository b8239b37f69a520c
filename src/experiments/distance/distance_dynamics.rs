//! Distances through the layers, from 1e-12 up to their fixed point, and correlations from large separations
//! (Poole et al. 2016, figure 2B).
//!
//! Distances spread log-normally over networks, so theory and Monte Carlo meet in `E[log10 D]`, with its 1/n correction.

use crate::experiment::prelude::*;
use crate::experiment::sampling::{PairOfInputs, check_correlation, check_distance, pair, pair_of_inputs};
use crate::experiment::sweep::Point;
use crate::simulation::cost::OneNetwork;

parameters! {
    Params {
        activation: Activation,
        sigma_w: WeightScales,
        sigma_b: BiasStd,
        width: Width,
        replicas: Replicas,
        /// Growth and decay of small distances.
        small: Small,
        /// Correlations of preactivations from large separations.
        large: Large,
    }

    /// Growth and decay of small distances.
    Small {
        /// Distances `D^0` of the two inputs, both of the activity of the fixed point.
        initial_distances: PositiveGrid,
        depth: Depth,
        sampled_every: Every,
    }

    /// Correlations of preactivations from large separations.
    Large {
        /// Correlations `c` of the first preactivations.
        initial_correlations: CorrelationGrid,
        depth: Depth,
    }
}

columns! {
    sampled_correlation = "correlation";
    initial_distance: Parameter "squared distance D^0 = |x - x'|^2 / n of the inputs";
    initial_correlation: Parameter "correlation c of the first preactivations of the two inputs";
    log_distance: Theory "log10 D^l, in networks the mean E[log10 D^l]";
}

pub struct DistanceDynamics;

impl Experiment for DistanceDynamics {
    type Params = Params;
    type Point = ();
    const SWEEPS: bool = true;
    const COLUMNS: &'static [Meaning] = columns::ALL;
    const UNJUDGED: &'static str = "
        large.correlation | the distance of the same row in another unit, 1 - sigma_w^2 D / (2 q*); the distance is judged
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        check_signal("sigma_b", params.activation, params.sigma_b.get(), params.sigma_w.iter().map(|scale| scale.get()))
    }

    fn tables(params: &Params, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let mut points = small_points(params)?;
        let smalls = points.len();
        points.extend(large_points(params)?);
        let moments = run.sweep(&points, |pair, at| {
            let layers = pair.networks.sample(at)?;
            let small = |layer: &usize| log10(distance(&layers[*layer]));
            Ok(match pair.kind {
                Kind::Small => sampled_layers(&params.small).iter().map(small).collect(),
                Kind::Large => layers.iter().map(distance).collect(),
            })
        })?;
        let mut sampled: Vec<(&Sampled, &Moments)> = points.iter().map(Point::item).zip(&moments).collect();
        let larges = sampled.split_off(smalls);
        let mut fixed = Rows::new("fixed_points");
        for &sigma_w in &params.sigma_w {
            let theory = run.theory(&ensemble(params, sigma_w));
            let star = activity_fixed_point(&theory)?;
            let found = distance_fixed_point(&theory, &star)?;
            fixed.push(row! {
                sigma_w, chi_1: chi_1(&theory, star.q), distance_star: found.distance,
                correlation_star: found.correlation.unwrap_or(1.0), iterations: found.iterations,
            });
        }
        let [curve, small] = small(params, run, &sampled)?;
        Ok(vec![curve, small, large(run, &larges)?, fixed.table()?])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        let mut small = Figure::new("distance_dynamics", "Growth and decay of small distances")
            .describe(
                "Decimal logarithm of the distance of two signals against layer, from four input distances at three weight \
                 scales: infinite-width theory as lines, mean over networks of the logarithm as points; the residuals include \
                 the 1/n correction.",
            )
            .double()
            .height(76.0)
            .columns(params.sigma_w.len())
            .shared_legend();
        let mut large = Figure::new("distance_correlation", "Correlation through the layers")
            .describe(
                "Correlation of preactivations against layer from three inputs at three weight scales; dotted, the fixed \
                 point. Residuals are those of the distance and include the 1/n correction.",
            )
            .double()
            .height(70.0)
            .columns(params.sigma_w.len())
            .shared_legend();
        for sigma_w in &params.sigma_w {
            let of = |table: &str| Select::table(table).filter("sigma_w", sigma_w.get());
            let title = format!(r"$\sigma_w = {}$", sigma_w.get());
            let by = By::new("initial_distance", r"$D^0 = {}$");
            small = small.panel(
                Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"distance $\log_{10} D^l$"))
                    .title(title.clone())
                    .series(Series::theory(of("curve"), "layer", "log_distance").by(&by).key("theory"))
                    .series(
                        Series::monte_carlo(of("small"), "layer", "log_distance_mc", "log_distance_stderr")
                            .by(&by)
                            .key("Monte Carlo"),
                    )
                    .residual(
                        Residual::new(of("small"), "layer", "log_distance")
                            .correction("log_distance_correction")
                            .by(&by),
                    ),
            );
            let by = By::new("initial_correlation", r"$c^0 = {}$");
            large = large.panel(
                Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"correlation $c^l$").range(0.0, 1.0))
                    .title(title)
                    .series(Series::horizontals(of("fixed_points"), "correlation_star").key("fixed point $c^*$"))
                    .series(Series::theory(of("large"), "layer", "correlation").by(&by).key("theory"))
                    .series(
                        Series::monte_carlo(of("large"), "layer", "correlation_mc", "correlation_stderr")
                            .by(&by)
                            .key("Monte Carlo"),
                    )
                    .residual(
                        Residual::new(of("large"), "layer", "distance").correction("distance_correction").by(&by),
                    ),
            );
        }
        vec![small, large]
    }
}

fn ensemble(params: &Params, sigma_w: WeightStd) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b }
}

/// A pair of inputs and what is seen of it.
struct Sampled {
    networks: Networks,
    input: PairState,
    /// Its distance or its correlation, as the table names it.
    start: f64,
    kind: Kind,
}

enum Kind {
    /// `log10 D` in some layers.
    Small,
    /// `D` in all layers.
    Large,
}

fn point(
    params: &Params,
    kind: Kind,
    start: f64,
    sampled: (Ensemble, PairState, usize),
) -> Result<Point<Sampled>, RunError> {
    let (ensemble, input, depth) = sampled;
    let networks = Networks { network: network(ensemble, params.width, depth)?, inputs: pair(input)? };
    let name = match kind {
        Kind::Small => "initial_distance",
        Kind::Large => "initial_correlation",
    };
    let label = format!("sigma_w = {}, {name} = {start}", ensemble.sigma_w.get());
    let cost = OneNetwork::of(&networks.network, &networks.inputs);
    Ok(Point::new(label, Sampled { networks, input, start, kind }, params.replicas, cost))
}

fn small_points(params: &Params) -> Result<Vec<Point<Sampled>>, RunError> {
    let mut points = Vec::new();
    for &sigma_w in &params.sigma_w {
        let ensemble = ensemble(params, sigma_w);
        let activity = activity_fixed_point(&ensemble)?.activity;
        for &distance in params.small.initial_distances.values() {
            check_distance("parameters.small.initial_distances", &ensemble, activity, distance)?;
            let input = PairState { activity, activity_difference: 0.0, distance };
            points.push(point(params, Kind::Small, distance, (ensemble, input, params.small.depth))?);
        }
    }
    Ok(points)
}

fn large_points(params: &Params) -> Result<Vec<Point<Sampled>>, RunError> {
    let mut points = Vec::new();
    for &sigma_w in &params.sigma_w {
        let ensemble = ensemble(params, sigma_w);
        let star = activity_fixed_point(&ensemble)?;
        for &c in params.large.initial_correlations.values() {
            check_correlation("parameters.large.initial_correlations", &ensemble, (star.activity, star.q), c)?;
            let distance = 2.0 * star.q * (1.0 - c) / sigma_w.squared();
            let input = PairState { activity: star.activity, activity_difference: 0.0, distance };
            points.push(point(params, Kind::Large, c, (ensemble, input, params.large.depth))?);
        }
    }
    Ok(points)
}

fn sampled_layers(small: &Small) -> Vec<usize> {
    (0..=small.depth).step_by(small.sampled_every.max(1)).collect()
}

fn small(params: &Params, run: &Run, sampled: &[(&Sampled, &Moments)]) -> Result<[Table; 2], RunError> {
    let mut curve = Rows::new("curve");
    let mut rows = Rows::new("small");
    for (Sampled { networks, input, start, .. }, moments) in sampled {
        let network = &networks.network;
        let sigma_w = network.ensemble.sigma_w.get();
        let PairOfInputs { states, corrections } = pair_of_inputs(run, network, *input)?;
        for (layer, state) in states.iter().enumerate() {
            curve.push(row! { sigma_w, initial_distance: *start, layer, log_distance: log10(state.distance) });
        }
        for (index, layer) in sampled_layers(&params.small).into_iter().enumerate() {
            let found = moments.mean(index);
            let correction = corrections[layer].log_distance().map_or(0.0, |c| c.bias) * std::f64::consts::LOG10_E;
            rows.push(row! {
                sigma_w, initial_distance: *start, layer, replicas: moments.count(),
                log_distance: Corrected::new(log10(states[layer].distance), found, correction),
            });
        }
    }
    Ok([curve.table()?, rows.table()?])
}

fn large(run: &Run, sampled: &[(&Sampled, &Moments)]) -> Result<Table, RunError> {
    let mut rows = Rows::new("large");
    for (Sampled { networks, input, start, .. }, moments) in sampled {
        let network = &networks.network;
        let ensemble = &network.ensemble;
        let scale = 0.5 * ensemble.sigma_w.squared() / activity_fixed_point(ensemble)?.q;
        let PairOfInputs { states, corrections } = pair_of_inputs(run, network, *input)?;
        for (layer, state) in states.iter().enumerate() {
            let found = moments.mean(layer);
            rows.push(row! {
                sigma_w: ensemble.sigma_w, initial_correlation: *start, layer, replicas: moments.count(),
                correlation: 1.0 - scale * state.distance,
                distance: Corrected::new(state.distance, found, corrections[layer].distance().bias),
                sampled_correlation: Shown::new((1.0 - scale * found.mean, scale * stderr(&found))),
            });
        }
    }
    Ok(rows.table()?)
}
