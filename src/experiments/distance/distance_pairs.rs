//! Equidistance: in the chaotic phase all pairwise distances of many inputs tend to one value, and the sharper the wider
//! the network. Inputs lie on a great circle, so that they start at all distances.

use crate::experiment::prelude::*;
use crate::numerics::elementary::normal_pdf;
use crate::simulation::cost::afford;
use crate::theory::finite_width::PairCorrections;

parameters! {
    Params {
        activation, sigma_w: WeightScale, sigma_b,
        inputs: Few<2> => "Number of inputs on the circle.",
        depth, widths, replicas: NetworkCount,
        tolerance: Positive => "Relative deviation from `D-bar` within which a pair counts as equidistant.",
        histogram: Histogram => "Histogram of `D / D-bar`.",
    }

    Histogram {
        from: Plain<f64> => "Left end, in units of the mean distance `D-bar`.",
        to: Plain<f64> => "Right end, in units of the mean distance `D-bar`.",
        bins: Count<1> => "Number of bins.",
    }
}

columns! {
    distance {
        layers: Theory "mean over all pairs of inputs of the squared distance D^l";
        corrected: Theory "mean over all pairs of inputs of the squared distance D^l, to first order in 1/n";
    }
    ratio {
        _: Parameter "centre of the bin of D / D-bar";
        density: Parameter "D / D-bar, at points close enough to draw a smooth curve";
    }
    equidistant: MonteCarlo "share of pairs, over all networks, whose distance is within the tolerance of D-bar";
    spread: MonteCarlo "root mean square of D^l / D-bar - 1 over all pairs and networks";
    turn: Drawing "rank of the width whose marker stands in this layer";
    slope: Theory "slope K'(D-bar) of the distance map at its fixed point";
    lower: Parameter "lower edge of the bin of D / D-bar";
    upper: Parameter "upper edge of the bin of D / D-bar";
    density: MonteCarlo "density of D / D-bar over all pairs and networks in the last layer";
    gaussian_mixture: Theory "the same density as a mixture of Gaussians, one a separation, with means and variances to first order in 1/n";
}

impl Experiment for Params {
    type Point = Networks;
    const UNJUDGED: &'static str = "
        histogram.density | shown beside a mixture of Gaussians to first order in 1/n, which leaves out the skewness of narrow networks; bins have no standard error
        layers.equidistant | shown only: no theory of the share of pairs within a tolerance at finite width; it has no standard error
        layers.spread | shown only: a spread over pairs and networks without a standard error; paradox_pairs judges it in wide networks
    ";

    fn check(&self) -> Result<(), ParameterError> {
        let allowed = "above 0 for an even number of inputs, lest opposite ones stay exactly opposite";
        refuse_where(self.sigma_b.get() == 0.0 && self.inputs.is_multiple_of(2), "sigma_b", 0, allowed)?;
        check_signal("sigma_b", self.activation, self.sigma_b.get(), [self.sigma_w.get()])
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        let point = activity_fixed_point(&ensemble)?;
        if !(distance_fixed_point(&ensemble, &point)?.distance > 0.0) {
            let found = format!("{:?}", self.sigma_w.get());
            let allowed = "such that inputs stay apart (in the chaotic phase); all their distances die out";
            return Err(ParameterError { name: "sigma_w", found, allowed }.into());
        }
        let activity = point.activity;
        let gram = SymmetricMatrix::from_fn(self.inputs, |i, j| activity * cos(angle(self, i - j)));
        let inputs = Inputs::points(gram)?;
        for &width in &self.widths {
            let networks = Networks::new(ensemble, width, self.depth, inputs.clone())?;
            // all of them are kept
            afford(&networks.network, &networks.inputs, self.replicas as u64)?;
            points.keep(format!("width = {}", width.get()), self.replicas, networks.cost(), networks);
        }
        Ok(())
    }

    /// All pair distances, layer by layer.
    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        let pairs = |gram: &SymmetricMatrix| -> Vec<f64> {
            let distance = |i, j| gram.get(i, i) + gram.get(j, j) - 2.0 * gram.get(i, j);
            (0..gram.order()).flat_map(|i| (0..i).map(move |j| distance(i, j))).collect()
        };
        Ok(networks.sample(at)?.iter().flat_map(pairs).collect())
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        let theory = run.theory(&ensemble);
        let activity = activity_fixed_point(&ensemble)?.activity;
        let star = distance_fixed_point(&theory, &activity_fixed_point(&theory)?)?;
        let separations: Vec<usize> = (1..self.inputs).collect();
        rows!(layers, histogram, corrected, density);
        for (&width, found) in self.widths.iter().zip(found) {
            let expected = run.map(&separations, |&separation| {
                let distance = 2.0 * activity * (1.0 - cos(angle(self, separation)));
                let input = PairState::equal(activity, distance);
                Ok(pair_corrections(&theory, input, found.point.network.widths())?)
            })?;
            for layer in 0..=self.depth {
                let (distance, equidistant, spread) =
                    layer_summary(found.rows(), &expected, layer, star.distance, self.tolerance);
                corrected.push(row! { width, layer, distance: distance.theory + distance.correction });
                let turn = layer % self.widths.len();
                layers.push(row! { width, layer, replicas: found.replicas(), distance, equidistant, spread, turn });
            }
            let bins = distribution(self, found.rows(), &expected, star.distance);
            let Histogram { from, to, .. } = self.histogram;
            // a peak between the centres of bins is higher than at them
            let top = 1.5 * bins.iter().fold(0.0, |top, bin| bin[4].max(top));
            let frame = [from, to, 0.0, top];
            let curve = fine_curve(bins.iter().map(|bin| bin[2]), frame, |ratio| {
                Ok(mixture(self, &expected, star.distance, ratio))
            })?;
            let seen = curve.into_iter().filter(|(_, value)| *value > 1e-4);
            density.extend(seen.map(|(ratio, value)| row! { width, ratio, gaussian_mixture: value }));
            for bin in bins {
                let [lower, upper, ratio, density, gaussian] = bin;
                histogram.push(row! { width, lower, upper, ratio, density, gaussian_mixture: gaussian });
            }
        }
        let mut fixed = Rows::new("fixed_point");
        fixed.push(row! { distance_star: star.distance, slope: star.slope });
        Ok(vec![layers.table()?, histogram.table()?, fixed.table()?, corrected.table()?, density.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("width", r"$n = {}$").ramp();
        let close = format!(r"share of pairs with $|D / \bar D - 1| < {}$", self.tolerance);
        let quiet = || By::unlabelled("width").ramp();
        // each width has layers of its own
        let turns = |rank: usize| {
            let width = self.widths[rank].get() as f64;
            Select::table("layers").filter("width", width).filter("turn", rank as f64)
        };
        let every = self.widths.len();
        let means = (0..every).fold(
            Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"mean pair distance $D^l$"))
                .series(Series::horizontals("fixed_point", "distance_star").key(r"fixed point $\bar D$"))
                .series(
                    Series::theory("layers", "layer", "distance_theory")
                        .by(By::unlabelled("width").grey())
                        .key(r"theory, $n \to \infty$"),
                )
                .residual(Residual::new("layers", "layer", "distance").by(quiet())),
            |panel, rank| {
                panel.series(Series::found(turns(rank), "layer", "distance").by(&by).key("Monte Carlo").in_place())
            },
        );
        // beyond two widths the laws lie within a line of that of infinite width
        let narrow = self.widths.iter().take(2).map(|width| width.get() as f64);
        let means = narrow.fold(means, |panel, width| {
            let rows = Select::table("corrected").filter("width", width);
            panel.series(Series::finite_width(rows, "layer", "distance").by(quiet()))
        });
        let shares = (0..every).fold(
            Panel::new(Axis::linear(r"layer $l$"), Axis::linear(close).range(0.0, 1.05))
                .series(Series::join("layers", "layer", "equidistant").by(quiet())),
            |panel, rank| panel.series(Series::points(turns(rank), "layer", "equidistant").by(&by).in_place()),
        );
        let figure = Figure::new("distance_pairs", "Equidistance of many inputs")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {inputs} inputs on a great circle, {depth} layers; {replicas networks} of each width")
            .describe(format!(
                "Density of all pair distances in the last layer, relative to the fixed point (a), mean pair distance \
                 against layer (b) and share of pairs whose distance is close to the fixed point (c), at several widths: histograms and points are \
                 Monte Carlo, in (b) with standard errors, in (c) joined to lead the eye, each width with a point in every {every} layers; \
                 theory of infinite width solid, to first order in 1/n dashed, in (a) a mixture of Gaussians, in (b) at the two smallest widths, \
                 beyond which it cannot be told from the solid line."
            ))
            .grid(3, 70.0)
            .shared_legend()
            .panel(
                Panel::new(Axis::linear(r"pair distance $D / \bar D$"), Axis::linear("probability density").low(0.0))
                    .series(Series::histogram("histogram", "lower", "upper", "density").by(&by).key("histogram"))
                    .series(
                        Series::finite_width("density", "ratio", "gaussian_mixture")
                            .by(By::unlabelled("width").grey())
                            .key("theory, order $1/n$"),
                    ),
            )
            .panel(means)
            .panel(shares);
        vec![figure]
    }
}

/// Angle between inputs of this separation on the circle.
fn angle(params: &Params, separation: usize) -> f64 {
    2.0 * PI * separation as f64 / params.inputs as f64
}

/// Mean over all pairs of the distance in one layer, network by network, with the theory of the same mean; the share of
/// equidistant pairs; and the root mean square deviation from `D-bar`, relative to it.
fn layer_summary(
    sample: &[Vec<f64>],
    expected: &[Vec<PairCorrections>],
    layer: usize,
    star: f64,
    tolerance: f64,
) -> (Corrected, f64, f64) {
    let m = expected.len() + 1;
    let pairs = m * (m - 1) / 2;
    let count = pairs as f64;
    // separation s occurs m - s times among the ordered pairs j < i
    let weighted = |value: &dyn Fn(&PairCorrections) -> f64| {
        expected.iter().enumerate().map(|(i, layers)| (m - 1 - i) as f64 * value(&layers[layer])).sum::<f64>() / count
    };
    let networks = || sample.iter().map(|distances| &distances[layer * pairs..(layer + 1) * pairs]);
    let means: Vec<f64> = networks().map(|distances| distances.iter().sum::<f64>() / count).collect();
    let all = || networks().flatten().map(|distance| distance / star - 1.0);
    let total = count * sample.len() as f64;
    (
        Corrected::new(weighted(&|c| c.state.distance), Estimate::of(&means), weighted(&|c| c.distance().bias)),
        all().filter(|deviation| deviation.abs() < tolerance).count() as f64 / total,
        (all().map(|deviation| deviation * deviation).sum::<f64>() / total).sqrt(),
    )
}

/// Density of `D / D-bar` in the last layer: bin edges and centre, Monte Carlo, and the mixture over separations of the Gaussians of
/// first-order theory.
fn distribution(params: &Params, sample: &[Vec<f64>], expected: &[Vec<PairCorrections>], star: f64) -> Vec<[f64; 5]> {
    let Histogram { from, to, bins } = params.histogram;
    let width = (to - from) / bins as f64;
    let mut counts = vec![0u64; bins];
    let pairs = expected.len() * (expected.len() + 1) / 2;
    for distance in sample.iter().flat_map(|distances| &distances[params.depth * pairs..]) {
        let position = (distance / star - from) / width;
        if position >= 0.0 && position < bins as f64 {
            counts[position as usize] += 1;
        }
    }
    let total = (sample.len() * pairs) as f64;
    counts
        .iter()
        .enumerate()
        .map(|(bin, &count)| {
            let centre = from + (bin as f64 + 0.5) * width;
            let gaussian = mixture(params, expected, star, centre);
            [centre - 0.5 * width, centre + 0.5 * width, centre, count as f64 / (total * width), gaussian]
        })
        .collect()
}

/// The mixture at this distance, relative to `D-bar`.
fn mixture(params: &Params, expected: &[Vec<PairCorrections>], star: f64, ratio: f64) -> f64 {
    let pairs = expected.len() * (expected.len() + 1) / 2;
    let parts = expected.iter().enumerate().map(|(i, layers)| {
        let last = &layers[params.depth];
        let (correction, weight) = (last.distance(), (expected.len() - i) as f64 / pairs as f64);
        let sd = correction.variance.sqrt() / star;
        let mean = (last.state.distance + correction.bias) / star;
        weight * normal_pdf((ratio - mean) / sd) / sd
    });
    parts.sum()
}
