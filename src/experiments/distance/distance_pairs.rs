//! Equidistance: in the chaotic phase all pairwise distances of many inputs tend to one value, and the sharper the wider
//! the network. Inputs lie on a great circle, so that they start at all distances.

use crate::experiment::prelude::*;
use crate::numerics::elementary::normal_pdf;
use crate::numerics::empirical::{Bin, histogram};
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
            return Err(ParameterError { name: "sigma_w".into(), found, allowed }.into());
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
        Ok(networks.sample(at)?.iter().flat_map(SymmetricMatrix::distances).collect())
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        let theory = run.theory(&ensemble);
        let activity = activity_fixed_point(&ensemble)?.activity;
        let star = distance_fixed_point(&theory, &activity_fixed_point(&theory)?)?;
        let separations: Vec<usize> = (1..self.inputs).collect();
        rows!(layers, bins: "histogram", fixed: "fixed_point", corrected, density);
        let pairs = self.inputs * (self.inputs - 1) / 2;
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
            // in the last layer, the mixture over separations of the Gaussians of first-order theory
            let law = |(i, layers): (usize, &Vec<PairCorrections>)| {
                let (last, correction) = (layers[self.depth].state, layers[self.depth].distance());
                let weight = (separations.len() - i) as f64 / pairs as f64;
                let [mean, sd] =
                    [last.distance + correction.bias, correction.variance.sqrt()].map(|x| x / star.distance);
                (weight, mean, sd)
            };
            let laws: Vec<(f64, f64, f64)> = expected.iter().enumerate().map(law).collect();
            let part = |ratio: f64, (weight, mean, sd): &(f64, f64, f64)| weight * normal_pdf((ratio - mean) / sd) / sd;
            let mixture = |ratio: f64| laws.iter().map(|law| part(ratio, law)).sum::<f64>();
            let Histogram { from, to, bins: count } = self.histogram;
            let last = found.rows().iter().flat_map(|distances| &distances[self.depth * pairs..]);
            let found = histogram(last.map(|distance| distance / star.distance), [from, to], count);
            // a peak between the centres of bins is higher than at them
            let top = 1.5 * found.iter().fold(0.0, |top, bin| mixture(bin.centre).max(top));
            let centres = found.iter().map(|bin| bin.centre);
            let curve = fine_curve(centres, [from, to, 0.0, top], |ratio| Ok(mixture(ratio)))?;
            let seen = curve.into_iter().filter(|(_, value)| *value > 1e-4);
            density.extend(seen.map(|(ratio, value)| row! { width, ratio, gaussian_mixture: value }));
            bins.extend(found.into_iter().map(|Bin { lower, centre: ratio, upper, density }| {
                row! { width, lower, upper, ratio, density, gaussian_mixture: mixture(ratio) }
            }));
        }
        fixed.push(row! { distance_star: star.distance, slope: star.slope });
        Ok(tables![layers, bins, fixed, corrected, density].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("width", r"$n = {}$").ramp();
        let close = format!(r"share of pairs with $|D / \bar D - 1| < {}$", self.tolerance);
        // each width has layers of its own
        let turns = |rank: usize| {
            let width = self.widths[rank].get() as f64;
            Select::table("layers").filter("width", width).filter("turn", rank as f64)
        };
        let every = self.widths.len();
        let infinite = Series::theory("layers", "layer", "distance_theory").by(by.quiet().grey());
        let mut means = over_layers(Axis::linear(r"mean pair distance $D^l$"))
            .series(Series::horizontals("fixed_point", "distance_star").key(r"fixed point $\bar D$"))
            .series(infinite.key(r"theory, $n \to \infty$"))
            .residual(Residual::new("layers", "layer", "distance").by(by.quiet()));
        let mut shares = over_layers(Axis::linear(close).range(0.0, 1.05))
            .series(Series::join("layers", "layer", "equidistant").by(by.quiet()));
        for rank in 0..every {
            let found = Series::found(turns(rank), "layer", "distance");
            means = means.series(found.by(&by).key("Monte Carlo").in_place());
            shares = shares.series(Series::points(turns(rank), "layer", "equidistant").by(&by).in_place());
        }
        // beyond two widths the laws lie within a line of that of infinite width
        let narrow = self.widths.iter().take(2).map(|width| width.get() as f64);
        let means = narrow.fold(means, |panel, width| {
            let rows = Select::table("corrected").filter("width", width);
            panel.series(Series::finite_width(rows, "layer", "distance").by(by.quiet()))
        });
        let mixture = Series::finite_width("density", "ratio", "gaussian_mixture").by(by.quiet().grey());
        let ratio = Axis::linear(r"pair distance $D / \bar D$");
        let densities = Panel::new(ratio, Axis::linear("probability density").low(0.0))
            .series(Series::histogram("histogram", "lower", "upper", "density").by(&by).key("histogram"))
            .series(mixture.key("theory, order $1/n$"));
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
            .panels([densities, means, shares]);
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
