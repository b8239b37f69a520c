//! Equidistant, but how exactly? The spread of the distances of many inputs against the width and their number, the pair furthest off, and how many
//! inputs stay equidistant within a tolerance: a number that grows exponentially with the width.

mod figures;

use crate::experiment::prelude::*;
use crate::simulation::{PairDeviations, equidistant_prefix, own_variance};
use crate::theory::paradox::pairs::{
    LARGEST_Q, SimplexLayer, expected_extreme, expected_log_inputs, extreme_bound, leading_inputs, median_inputs,
    pair_count, simplex,
};

parameters! {
    Params {
        activation, sigma_w: ChaoticWeight, sigma_b, depth,
        widths: List<Width> => "Numbers of neurons a layer, `n`.",
        replicas: Replicas,
        inputs: PointCounts => "Numbers of inputs, `k`, from 4; the first of the most, all in the same networks.",
        judged_width: Width => "Widths below this are shown, not judged: their terms of second order in 1/n are not small.",
        tolerances: NonNegativeGrid => "Relative deviations from `D-bar` within which a pair counts as equidistant.",
        curve_widths: List<Width> => "Widths along the curves of theory.",
    }
}

columns! {
    inputs: Parameter ["inputs"] "number k of inputs";
    tolerance: Parameter "relative deviation from D-bar within which a pair counts as equidistant";
    distance: Theory "mean over the pairs of a network of the squared distance in the last layer";
    spread {
        _: Theory "n times the mean over pairs and networks of (D - D-bar)^2; in theory n Var D of one pair";
        curve: Theory "n Var D of one pair, first order in 1/n";
    }
    place: Drawing "the width times a factor for each number of inputs, so that all stand side by side about it";
    spread_seen: MonteCarlo "n times the mean over pairs and networks of (D - D-bar)^2";
    own_seen: MonteCarlo "n times the variance of the part of a distance that belongs to the pair alone";
    own: Theory "n times the variance of the part of a distance that belongs to the pair alone";
    extreme: Corrected "mean over networks of the largest |D / D-bar - 1| of all pairs; expected were pairs independent, with the whole variance of a pair";
    extreme_least: Theory "the same with the variance of the part of the pair alone: a lower bound (Anderson)";
    extreme_bound: Theory "upper bound sd sqrt(2 ln(k (k - 1))) on the mean of the largest deviation of Gaussian variables";
    log_inputs: Corrected "mean over networks of ln of the number of inputs, added one by one, of which all pairs stay within the tolerance; expected were pairs independent";
    log_inputs_most: Theory "the same with the variance of the part of the pair alone: an upper bound (Anderson)";
    independent {
        extremes_curve: Approximation "mean over networks of the largest |D / D-bar - 1| of all pairs, were pairs independent, with the whole variance of a pair";
        prefix_curve: Approximation "mean over networks of ln of the number of inputs of which all pairs stay within the tolerance, at most those simulated, were pairs independent";
    }
    bound {
        extremes_curve: Theory "the same with the variance of the part of the pair alone: a lower bound (Anderson)";
        prefix_curve: Theory "the same with the variance of the part of the pair alone: an upper bound (Anderson)";
    }
    log_cap: Parameter "ln of the number of inputs simulated";
    log_leading: Approximation "ln k* = n tolerance^2 D-bar^2 / (4 v), v = n Var D";
    log_median: Theory "ln of the number of inputs of which all pairs stay within the tolerance in half of all networks, were pairs independent";
}

impl Experiment for Params {
    /// Networks, and the distance `D-bar` of their inputs.
    type Point = (Networks, f64);
    const UNJUDGED: &'static str = "
        extremes.extreme | the expected value takes pairs for independent, which they are not; theory gives bounds alone
        inputs.log_inputs | the expected value takes pairs for independent, which they are not; theory gives an upper bound alone
        narrow.spread | below the judged width terms of second order in 1/n, which theory lacks, are not small
        beside.spread_seen | numbers of tables spread, where they are judged, and narrow
        beside.own_seen | numbers of tables spread, where they are judged, and narrow
        narrow.own | below the judged width terms of second order in 1/n, which theory lacks, are not small
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_chaos("sigma_w", &ensemble(self))?;
        let variance = (LARGEST_Q, "so small that preactivations have a variance of at most 1e4");
        check_variance("sigma_w", &ensemble(self), variance)?;
        refuse("inputs", self.inputs.iter().find(|k| !(4..=1000).contains(*k)), "from 4 to 1000")?;
        refuse_where(self.tolerances.values().contains(&0.0), "tolerances", 0, "above 0")
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let ensemble = ensemble(self);
        let start = start(&ensemble)?;
        let most = self.inputs.iter().copied().max().unwrap_or(4);
        for &width in &self.widths {
            let networks =
                Networks::new(ensemble, width, self.depth, Inputs::equal(start.activity, start.overlap(), most)?)?;
            let label = format!("width = {}", width.get());
            points.add(label, self.replicas, networks.cost(), (networks, start.distance));
        }
        Ok(())
    }

    /// For each number of inputs mean distance, mean square deviation from `D-bar`, variance of the part of the pair alone, largest relative
    /// deviation; for each tolerance the logarithm of the number of inputs that keep it.
    fn observe(&self, (networks, star): &Self::Point, at: &Address) -> Observed {
        let (gram, star) = (&networks.sample(at)?[self.depth], *star);
        let distance = |i: usize, j: usize| gram.get(i, i) + gram.get(j, j) - 2.0 * gram.get(i, j);
        let mut values = Vec::new();
        for &k in &self.inputs {
            let PairDeviations { mean, square, extreme } = PairDeviations::new(k, star, distance);
            values.extend([star + mean, square, own_variance(k, distance), extreme / star]);
        }
        let most = gram.order();
        for tolerance in self.tolerances.values() {
            let kept = equidistant_prefix(most, |i, j| (distance(i, j) - star).abs() <= tolerance * star);
            values.push(ln(kept as f64));
        }
        Ok(values)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let theory = run.theory(&ensemble(self));
        let expected = run.map(&self.widths, |&width| law(self, &theory, width))?;
        let mut tables = judged(self, &expected, found)?;
        tables.push(extremes(self, &expected, found)?);
        tables.push(inputs(self, &expected, found)?);
        tables.extend(curves(self, &theory, run)?);
        tables.extend(fine_curves(self, &theory, &expected, run)?);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        figures::figures(self)
    }
}

fn ensemble(params: &Params) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b }
}

/// Inputs at equal distances `D-bar`.
fn start(ensemble: &Ensemble) -> Result<PairState, RunError> {
    let point = activity_fixed_point(ensemble)?;
    let distance = distance_fixed_point(ensemble, &point)?.distance;
    Ok(PairState::equal(point.activity, distance))
}

/// Theory of the last layer.
fn law(params: &Params, theory: &Ensemble, width: Width) -> Result<SimplexLayer, RunError> {
    Ok(simplex(theory, start(theory)?, &vec![width; params.depth])?[params.depth])
}

/// Mean, spread and own part of the distances: judged where the network is wide, shown beside theory where it is not.
fn judged<P>(params: &Params, expected: &[SimplexLayer], found: &[Found<P>]) -> Result<Tables, RunError> {
    let (mut wide, mut narrow, mut beside) = (Rows::new("spread"), Rows::new("narrow"), Rows::new("beside"));
    let fewest = params.inputs.iter().copied().min().unwrap_or(0);
    let mut drawn: Vec<usize> = params.inputs.iter().copied().filter(|k| *k > fewest).collect();
    drawn.sort_unstable();
    for (index, &k) in params.inputs.iter().enumerate() {
        for ((width, layer), found) in params.widths.iter().zip(expected).zip(found) {
            let n = width.get() as f64;
            let [distance, spread, own] = [0, 1, 2].map(|i| found.mean(4 * index + i));
            let replicas = found.replicas();
            let (spread_theory, spread) = (n * layer.pair.variance, (n * spread.mean, n * stderr(&spread)));
            let (own_theory, own) = (n * layer.own, (n * own.mean, n * stderr(&own)));
            if let Some(rank) = drawn.iter().position(|other| *other == k) {
                beside.push(row! {
                    inputs: k, width, place: n * exp(LANE * (rank as f64 - 0.5 * (drawn.len() - 1) as f64)),
                    replicas, spread_seen: Measured::new(spread), own_seen: Measured::new(own),
                });
            }
            if *width < params.judged_width {
                narrow.push(row! {
                    inputs: k, width, replicas, spread: Expected::new(spread_theory, spread),
                    own: Expected::new(own_theory, own),
                });
            } else {
                wide.push(row! {
                    inputs: k, width, replicas, distance: Corrected::new(layer.distance, distance, layer.pair.bias),
                    spread: Judged::new(spread_theory, spread), own: Judged::new(own_theory, own),
                });
            }
        }
    }
    Ok(vec![wide.table()?, narrow.table()?, beside.table()?])
}

fn extremes<P>(params: &Params, expected: &[SimplexLayer], found: &[Found<P>]) -> Result<Table, RunError> {
    let mut rows = Rows::new("extremes");
    for ((width, layer), found) in params.widths.iter().zip(expected).zip(found) {
        let star = layer.distance;
        let (bias, sd, own) = (layer.pair.bias / star, layer.pair.variance.sqrt() / star, layer.own.sqrt() / star);
        for (index, &k) in params.inputs.iter().enumerate() {
            let extreme = found.mean(4 * index + 3);
            let count = pair_count(k);
            rows.push(row! {
                width, inputs: k, replicas: found.replicas(),
                extreme: Expected::new(expected_extreme(bias, sd, count), extreme),
                extreme_least: expected_extreme(0.0, own, count), extreme_bound: bias.abs() + extreme_bound(sd, count),
            });
        }
    }
    Ok(rows.table()?)
}

fn inputs<P>(params: &Params, expected: &[SimplexLayer], found: &[Found<P>]) -> Result<Table, RunError> {
    let mut rows = Rows::new("inputs");
    let most = params.inputs.iter().copied().max().unwrap_or(4);
    for (index, &tolerance) in params.tolerances.values().iter().enumerate() {
        for ((width, layer), found) in params.widths.iter().zip(expected).zip(found) {
            let kept = found.mean(4 * params.inputs.len() + index);
            let allowed = tolerance * layer.distance;
            rows.push(row! {
                tolerance, width, replicas: found.replicas(),
                log_inputs: Expected::new(expected_log_inputs(layer.pair.bias, layer.pair.variance.sqrt(), allowed, most), kept),
                log_inputs_most: expected_log_inputs(0.0, layer.own.sqrt(), allowed, most),
            });
        }
    }
    Ok(rows.table()?)
}

/// From one number of inputs to the next at one width, in `ln n`.
const LANE: f64 = 0.085;

/// Number of widths of the curves of equidistant inputs.
const FINE: usize = 121;

/// What independent pairs give and its bounds, at all numbers of inputs and along the width, and the number of inputs at which both end.
fn fine_curves(
    params: &Params,
    theory: &Ensemble,
    expected: &[SimplexLayer],
    run: &Run,
) -> Result<[Table; 3], RunError> {
    let (mut extremes, mut prefix, mut cap) =
        (Rows::new("extremes_curve"), Rows::new("prefix_curve"), Rows::new("prefix_cap"));
    let fewest = params.inputs.iter().copied().min().unwrap_or(4);
    let most = params.inputs.iter().copied().max().unwrap_or(4);
    let counts: Vec<usize> = (fewest..=most).filter(|k| *k < 16 || k % 4 == 0).collect();
    for (width, layer) in params.widths.iter().zip(expected) {
        let star = layer.distance;
        let (bias, sd, own) = (layer.pair.bias / star, layer.pair.variance.sqrt() / star, layer.own.sqrt() / star);
        for &k in &counts {
            let count = pair_count(k);
            let (independent, bound) = (expected_extreme(bias, sd, count), expected_extreme(0.0, own, count));
            extremes.push(row! { width, inputs: k, independent, bound });
        }
    }
    let ends = (params.widths.iter().min(), params.widths.iter().max());
    let (Some(narrowest), Some(widest)) = ends else { unreachable!("a list of widths is not empty") };
    // of order 1/n all three, so known at all widths from one
    let one = law(params, theory, *widest)?;
    let widths: Vec<f64> = geometric(narrowest.get() as f64, widest.get() as f64, FINE).collect();
    for &tolerance in params.tolerances.values() {
        let allowed = tolerance * one.distance;
        let found = run.map(&widths, |&n| {
            let ratio = widest.get() as f64 / n;
            let (bias, sd) = (ratio * one.pair.bias, (ratio * one.pair.variance).sqrt());
            let bound = expected_log_inputs(0.0, (ratio * one.own).sqrt(), allowed, most);
            Ok((expected_log_inputs(bias, sd, allowed, most), bound))
        })?;
        for (&width, (independent, bound)) in widths.iter().zip(found) {
            prefix.push(row! { tolerance, width, independent, bound });
        }
    }
    cap.push(row! { log_cap: ln(most as f64) });
    Ok([extremes.table()?, prefix.table()?, cap.table()?])
}

/// Spreads over the width, and numbers of inputs without an end to them.
fn curves(params: &Params, theory: &Ensemble, run: &Run) -> Result<[Table; 2], RunError> {
    let laws = run.map(&params.curve_widths, |&width| law(params, theory, width))?;
    let mut spreads = Rows::new("curve");
    for (width, layer) in params.curve_widths.iter().zip(&laws) {
        let n = width.get() as f64;
        spreads.push(row! { width, spread: n * layer.pair.variance, own: n * layer.own });
    }
    let mut rows = Rows::new("inputs_curve");
    for &tolerance in params.tolerances.values() {
        for (width, layer) in params.curve_widths.iter().zip(&laws) {
            let allowed = tolerance * layer.distance;
            let median = median_inputs(layer.pair.bias, layer.pair.variance.sqrt(), allowed);
            rows.push(row! {
                tolerance, width, log_median: ln(median), log_leading: ln(leading_inputs(layer.pair.variance, allowed)),
            });
        }
    }
    Ok([spreads.table()?, rows.table()?])
}
