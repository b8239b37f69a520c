//! Equidistance: in the chaotic phase all pairwise distances of many inputs tend to one value, and the sharper the wider
//! the network. Inputs lie on a great circle, so that they start at all distances.

use crate::experiment::prelude::*;
use crate::numerics::elementary::normal_pdf;
use crate::simulation::Trajectory;
use crate::theory::finite_width::{PairCorrections, pair_corrections};
use std::f64::consts::PI;

parameters! {
    Params {
        activation: Activation,
        sigma_w: WeightScale,
        sigma_b: BiasStd,
        /// Number of inputs on the circle.
        inputs: Few<2>,
        depth: Depth,
        /// Numbers of neurons a layer, `n`, one network each.
        widths: List<Width>,
        replicas: NetworkCount,
        /// Relative deviation from `D-bar` within which a pair counts as equidistant.
        tolerance: Positive,
        /// Histogram of `D / D-bar`.
        histogram: Histogram,
    }

    /// Bins of `D / D-bar`.
    Histogram {
        /// Left end, in units of the mean distance `D-bar`.
        from: Plain<f64>,
        /// Right end, in units of the mean distance `D-bar`.
        to: Plain<f64>,
        /// Number of bins.
        bins: Count<1>,
    }
}

columns! {
    distance {
        layers: Theory "mean over all pairs of inputs of the squared distance D^l";
    }
    equidistant: MonteCarlo "share of pairs, over all networks, whose distance is within the tolerance of D-bar";
    spread: MonteCarlo "root mean square of D^l / D-bar - 1 over all pairs and networks";
    slope: Theory "slope K'(D-bar) of the distance map at its fixed point";
    lower: Parameter "lower edge of the bin of D / D-bar";
    upper: Parameter "upper edge of the bin of D / D-bar";
    ratio: Parameter "centre of the bin of D / D-bar";
    density: MonteCarlo "density of D / D-bar over all pairs and networks in the last layer";
    gaussian_mixture: Theory "the same density as a mixture of Gaussians, one a separation, with means and variances to first order in 1/n";
}

pub struct DistancePairs;

/// All pair distances of one network and layer, with the separation of the pair on the circle.
fn pairs(gram: &SymmetricMatrix) -> impl Iterator<Item = (usize, f64)> {
    let m = gram.order();
    (0..m).flat_map(move |i| (0..i).map(move |j| (i - j, gram.get(i, i) + gram.get(j, j) - 2.0 * gram.get(i, j))))
}

impl Experiment for DistancePairs {
    type Params = Params;
    type Point = ();
    const COLUMNS: &'static [Meaning] = columns::ALL;
    const UNJUDGED: &'static str = "
        histogram.density | shown beside a mixture of Gaussians to first order in 1/n, which leaves out the skewness of narrow networks; bins have no standard error
        layers.equidistant | shown only: no theory of the share of pairs within a tolerance at finite width; it has no standard error
        layers.spread | shown only: a spread over pairs and networks without a standard error; paradox_pairs judges it in wide networks
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        if params.sigma_b.get() == 0.0 && params.inputs.is_multiple_of(2) {
            let allowed = "above 0 for an even number of inputs, lest opposite ones stay exactly opposite";
            return Err(ParameterError { name: "sigma_b", found: "0".to_owned(), allowed });
        }
        check_signal("sigma_b", params.activation, params.sigma_b.get(), [params.sigma_w.get()])
    }

    fn tables(params: &Params, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let ensemble = Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b };
        let theory = run.theory(&ensemble);
        let activity = activity_fixed_point(&ensemble)?.activity;
        let star = distance_fixed_point(&theory, &activity_fixed_point(&theory)?)?;
        let m = params.inputs;
        let angle = |separation: usize| 2.0 * PI * separation as f64 / m as f64;
        let gram = SymmetricMatrix::from_fn(m, |i, j| activity * cos(angle(i - j)));
        let inputs = Inputs::points(gram)?;
        let mut layers = Rows::new("layers");
        let mut histogram = Rows::new("histogram");
        for (point, &width) in params.widths.iter().enumerate() {
            let network = network(ensemble, width, params.depth)?;
            let sample = trajectories(run, SamplerKind::Macroscopic, &network, &inputs, point, params.replicas)?;
            let separations: Vec<usize> = (1..m).collect();
            let expected = run.map(&separations, |&separation| {
                let distance = 2.0 * activity * (1.0 - cos(angle(separation)));
                let input = PairState { activity, activity_difference: 0.0, distance };
                Ok::<_, RunError>(pair_corrections(&theory, input, network.widths())?)
            })?;
            for layer in 0..=params.depth {
                let row = layer_summary(&sample, &expected, layer, star.distance, params.tolerance);
                layers.push(row! {
                    width, layer, replicas: params.replicas,
                    distance: Corrected::new(row.theory, row.found, row.correction), equidistant: row.equidistant,
                    spread: row.spread,
                });
            }
            for bin in distribution(params, &sample, &expected, star.distance) {
                let [lower, upper, ratio, density, gaussian] = bin;
                histogram.push(row! { width, lower, upper, ratio, density, gaussian_mixture: gaussian });
            }
        }
        let mut fixed = Rows::new("fixed_point");
        fixed.push(row! { distance_star: star.distance, slope: star.slope });
        Ok(vec![layers.table()?, histogram.table()?, fixed.table()?])
    }

    fn figures(_params: &Params) -> Vec<Figure> {
        let by = By::new("width", r"$n = {}$").ramp();
        vec![
            Figure::new("distance_pairs", "Equidistance of many inputs")
                .describe(
                    "Density of all pair distances in the last layer, relative to the fixed point (a), mean pair distance \
                     against layer (b) and share of pairs within a tenth of the fixed point (c), at four widths: first-order \
                     theory dashed, Monte Carlo as points.",
                )
                .double()
                .height(70.0)
                .columns(3)
                .shared_legend()
                .panel(
                    Panel::new(Axis::linear(r"pair distance $D / \bar D$"), Axis::linear("probability density").low(0.0))
                        .series(
                            Series::finite_width("histogram", "ratio", "gaussian_mixture").by(&by).key("theory, order $1/n$"),
                        )
                        .series(Series::histogram("histogram", "lower", "upper", "density").by(&by)),
                )
                .panel(
                    Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"mean pair distance $D^l$"))
                        .series(Series::horizontals("fixed_point", "distance_star").key(r"fixed point $\bar D$"))
                        .series(Series::theory("layers", "layer", "distance_theory").by(&by).key("theory"))
                        .series(Series::monte_carlo("layers", "layer", "distance_mc", "distance_stderr").by(&by).key("Monte Carlo"))
                        .residual(Residual::new("layers", "layer", "distance").correction("distance_correction").by(&by)),
                )
                .panel(
                    Panel::new(Axis::linear(r"layer $l$"), Axis::linear("share of equidistant pairs").range(0.0, 1.05))
                        .series(Series::points("layers", "layer", "equidistant").by(&by)),
                ),
        ]
    }
}

struct LayerSummary {
    found: Estimate,
    theory: f64,
    correction: f64,
    equidistant: f64,
    spread: f64,
}

/// Mean over all pairs of the distance in one layer, network by network, with the theory of the same mean; the share of
/// equidistant pairs; and the root mean square deviation from `D-bar`, relative to it.
fn layer_summary(
    sample: &[Trajectory],
    expected: &[Vec<PairCorrections>],
    layer: usize,
    star: f64,
    tolerance: f64,
) -> LayerSummary {
    let m = expected.len() + 1;
    let count = (m * (m - 1) / 2) as f64;
    // separation s occurs m - s times among the ordered pairs j < i
    let weighted = |value: &dyn Fn(&PairCorrections) -> f64| {
        expected.iter().enumerate().map(|(i, layers)| (m - 1 - i) as f64 * value(&layers[layer])).sum::<f64>() / count
    };
    let means: Vec<f64> = sample.iter().map(|t| pairs(&t[layer]).map(|(_, d)| d).sum::<f64>() / count).collect();
    let all = || sample.iter().flat_map(|t| pairs(&t[layer])).map(|(_, d)| d / star - 1.0);
    let total = count * sample.len() as f64;
    LayerSummary {
        found: Estimate::of(&means),
        theory: weighted(&|c| c.state.distance),
        correction: weighted(&|c| c.distance().bias),
        equidistant: all().filter(|deviation| deviation.abs() < tolerance).count() as f64 / total,
        spread: (all().map(|deviation| deviation * deviation).sum::<f64>() / total).sqrt(),
    }
}

/// Density of `D / D-bar` in the last layer: bin edges and centre, Monte Carlo, and the mixture over separations of the Gaussians of
/// first-order theory.
fn distribution(params: &Params, sample: &[Trajectory], expected: &[Vec<PairCorrections>], star: f64) -> Vec<[f64; 5]> {
    let Histogram { from, to, bins } = params.histogram;
    let width = (to - from) / bins as f64;
    let mut counts = vec![0u64; bins];
    let mut total = 0u64;
    for trajectory in sample {
        for (_, distance) in pairs(&trajectory[params.depth]) {
            let position = (distance / star - from) / width;
            if position >= 0.0 && position < bins as f64 {
                counts[position as usize] += 1;
            }
            total += 1;
        }
    }
    let m = expected.len() + 1;
    let pair_count = (m * (m - 1) / 2) as f64;
    counts
        .iter()
        .enumerate()
        .map(|(bin, &count)| {
            let centre = from + (bin as f64 + 0.5) * width;
            let gaussian: f64 = expected
                .iter()
                .enumerate()
                .map(|(i, layers)| {
                    let last = &layers[params.depth];
                    let (correction, weight) = (last.distance(), (m - 1 - i) as f64 / pair_count);
                    let sd = correction.variance.sqrt() / star;
                    let mean = (last.state.distance + correction.bias) / star;
                    weight * normal_pdf((centre - mean) / sd) / sd
                })
                .sum();
            [centre - 0.5 * width, centre + 0.5 * width, centre, count as f64 / (total as f64 * width), gaussian]
        })
        .collect()
}
