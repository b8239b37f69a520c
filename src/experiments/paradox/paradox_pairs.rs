//! Equidistant, but how exactly? The spread of the distances of many inputs against the width and their number, the pair furthest off, and how many
//! inputs stay equidistant within a tolerance: a number that grows exponentially with the width.

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
        // at equal distances `D-bar`
        let start = pair_fixed_point(&ensemble)?;
        let inputs = Inputs::equal(start.activity, start.overlap(), least_and_most(&self.inputs).1)?;
        for &width in &self.widths {
            let networks = Networks::new(ensemble, width, self.depth, inputs.clone())?;
            let label = format!("width = {}", width.get());
            points.add(label, self.replicas, networks.cost(), (networks, start.distance));
        }
        Ok(())
    }

    /// For each number of inputs mean distance, mean square deviation from `D-bar`, variance of the part of the pair alone, largest relative
    /// deviation; for each tolerance the logarithm of the number of inputs that keep it.
    fn observe(&self, (networks, star): &Self::Point, at: &Address) -> Observed {
        let (gram, star) = (&networks.sample(at)?[self.depth], *star);
        let distance = |i: usize, j: usize| gram.distance(i, j);
        let mut values = Vec::new();
        for &k in &self.inputs {
            let PairDeviations { mean, square, extreme } = PairDeviations::new(k, star, distance);
            values.extend([star + mean, square, own_variance(k, distance), extreme / star]);
        }
        for tolerance in self.tolerances.values() {
            let kept = equidistant_prefix(gram.order(), |i, j| (distance(i, j) - star).abs() <= tolerance * star);
            values.push(ln(kept as f64));
        }
        Ok(values)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let theory = run.theory(&ensemble(self));
        let expected = run.map(&self.widths, |&width| law(self, &theory, width))?;
        let [extremes, extremes_curve] = extremes(self, &expected, found)?;
        let [curve, inputs_curve, prefix_curve, prefix_cap] = curves(self, &theory, run)?;
        let mut tables = judged(self, &expected, found)?;
        let inputs = inputs(self, &expected, found)?;
        tables.extend([extremes, inputs, curve, inputs_curve, extremes_curve, prefix_curve, prefix_cap]);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("inputs", r"$k = {}$").ramp();
        let widths: Vec<f64> = self.widths.iter().map(|width| width.get() as f64).collect();
        let fewest = least_and_most(&self.inputs).0;
        let panel = |axis: &str, quantity: &str| {
            let [found, error] = ["seen", "seen_error"].map(|part| format!("{quantity}_{part}"));
            Panel::new(Axis::log10(r"width $n$").ticks(widths.clone()), Axis::linear(axis))
                .series(Series::finite_width("curve", "width", quantity).colour(Colour::Ink).key("theory, order $1/n$"))
                .series(Series::monte_carlo("beside", "place", &found, &error).by(&by).in_place().key("Monte Carlo"))
                .residual(Residual::new("spread", "width", quantity).by(&by))
        };
        let spread = Figure::new("paradox_spread", "The spread of equidistance")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; layer {depth}; {replicas networks} of each width")
            .describe(format!(
                "Mean square deviation of the distances D of k inputs from the fixed point, times the width n, against the width (a), and the variance of the \
                 part w_ij of a distance that no sum u_i + u_j over its two inputs explains (b). First-order theory, the same for all k, dashed; means over \
                 networks as points with standard errors, side by side at each width in the order of k; all k are inputs of the same networks, so they deviate together. The few pairs of k = {fewest} have errors too large to be \
                 drawn. Differences from theory are those of all k from n = {} on, where terms of second order in 1/n are small.",
                self.judged_width.get()
            ))
            .grid(2, 66.0)
            .shared_legend()
            .panel(panel(r"spread of a pair $n \langle (D - \bar D)^2 \rangle$", "spread"))
            .panel(panel(r"pair-specific variance $n \Var w_{ij}$", "own"));
        let most = least_and_most(&self.inputs).1;
        let (by_width, width) = (By::new("width", r"$n = {}$").ramp(), || By::unlabelled("width").ramp());
        let (by_tolerance, tolerance) = (By::new("tolerance", r"$\delta = {}$"), || By::unlabelled("tolerance"));
        let independent = Series::theory("extremes_curve", "inputs", "independent").by(by_width).label_at_end();
        let deviations = Panel::new(Axis::log10(r"inputs $k$"), Axis::log10(r"largest $|D / \bar D - 1|$"))
            .series(Series::line("extremes_curve", "inputs", "bound", Dash::DashDot).by(width()).key("lower bound"))
            .series(independent.key("independent pairs"))
            .series(Series::found("extremes", "inputs", "extreme").by(width()).key("Monte Carlo"));
        let log_inputs = Axis::linear(r"equidistant inputs $\ln k^*$").range(0.0, 7.0);
        let numbers = Panel::new(Axis::log10(r"width $n$"), log_inputs)
            .marked_y("prefix_cap", "log_cap", format!("${most}$ simulated"))
            .series(Series::theory("prefix_curve", "width", "independent").by(&by_tolerance).key("independent pairs"))
            .series(Series::line("prefix_curve", "width", "bound", Dash::DashDot).by(tolerance()).key("upper bound"))
            .series(
                Series::line("inputs_curve", "width", "log_median", Dash::LongDash)
                    .by(tolerance())
                    .key("median, any number"),
            )
            .series(Series::found("inputs", "width", "log_inputs").by(by_tolerance));
        let equidistant = Figure::new("paradox_pairs", "How many inputs are equidistant")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; layer {depth}; {replicas networks} of each width")
            .describe(format!(
                "Largest relative deviation of a distance D from the fixed point D-bar among all pairs, against the number of inputs k (a): what independent \
                 pairs would give as lines; the same with the part of each pair alone, a lower bound, dash-dotted; means over networks as points. Number k* of \
                 inputs whose pairs all stay within a relative tolerance delta, against the width n (b): mean over networks of its logarithm, with the {most} \
                 inputs simulated its largest value (dotted), as points; what independent pairs would give as lines, its upper bound dash-dotted. Long dashes, \
                 the median of independent pairs with any number of inputs, which grows as exp(n delta^2 D-bar^2 / 4 v), v / n being the variance of a distance."
            ))
            .grid(2, 76.0)
            .panels([deviations, numbers]);
        vec![spread, equidistant]
    }
}

fn ensemble(params: &Params) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b }
}

/// Theory of the last layer.
fn law(params: &Params, theory: &Ensemble, width: Width) -> Result<SimplexLayer, RunError> {
    Ok(simplex(theory, pair_fixed_point(theory)?, &vec![width; params.depth])?[params.depth])
}

/// Mean, spread and own part of the distances: judged where the network is wide, shown beside theory where it is not.
fn judged<P>(params: &Params, expected: &[SimplexLayer], found: &[Found<P>]) -> Result<Tables, RunError> {
    rows!(wide: "spread", narrow, beside);
    let (fewest, _) = least_and_most(&params.inputs);
    let mut drawn: Vec<usize> = params.inputs.iter().copied().filter(|k| *k > fewest).collect();
    drawn.sort_unstable();
    for (index, &k) in params.inputs.iter().enumerate() {
        for ((width, layer), found) in params.widths.iter().zip(expected).zip(found) {
            let n = width.get() as f64;
            let [distance, spread, own] = [0, 1, 2].map(|i| found.mean(4 * index + i));
            let replicas = found.replicas();
            let (spread_theory, spread) = (n * layer.pair.variance, spread.times(n));
            let (own_theory, own) = (n * layer.own, own.times(n));
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
    Ok(tables![wide, narrow, beside].into())
}

/// The largest deviation: what independent pairs give and its bounds, beside what was found and along the number of inputs.
fn extremes<P>(params: &Params, expected: &[SimplexLayer], found: &[Found<P>]) -> Result<[Table; 2], RunError> {
    rows!(extremes, curve: "extremes_curve");
    let (fewest, most) = least_and_most(&params.inputs);
    for ((width, layer), found) in params.widths.iter().zip(expected).zip(found) {
        let [bias, sd, own] =
            [layer.pair.bias, layer.pair.variance.sqrt(), layer.own.sqrt()].map(|x| x / layer.distance);
        let law = |count| (expected_extreme(bias, sd, count), expected_extreme(0.0, own, count));
        for (index, &k) in params.inputs.iter().enumerate() {
            let ((independent, extreme_least), count) = (law(pair_count(k)), pair_count(k));
            extremes.push(row! {
                width, inputs: k, replicas: found.replicas(),
                extreme: Expected::new(independent, found.mean(4 * index + 3)),
                extreme_least, extreme_bound: bias.abs() + extreme_bound(sd, count),
            });
        }
        for k in (fewest..=most).filter(|k| *k < 16 || k % 4 == 0) {
            let (independent, bound) = law(pair_count(k));
            curve.push(row! { width, inputs: k, independent, bound });
        }
    }
    Ok(tables![extremes, curve])
}

fn inputs<P>(params: &Params, expected: &[SimplexLayer], found: &[Found<P>]) -> Result<Table, RunError> {
    rows!(inputs);
    let (_, most) = least_and_most(&params.inputs);
    for (index, &tolerance) in params.tolerances.values().iter().enumerate() {
        for ((width, layer), found) in params.widths.iter().zip(expected).zip(found) {
            let (pair, allowed) = (layer.pair, tolerance * layer.distance);
            let independent = expected_log_inputs(pair.bias, pair.variance.sqrt(), allowed, most);
            inputs.push(row! {
                tolerance, width, replicas: found.replicas(),
                log_inputs: Expected::new(independent, found.mean(4 * params.inputs.len() + index)),
                log_inputs_most: expected_log_inputs(0.0, layer.own.sqrt(), allowed, most),
            });
        }
    }
    Ok(inputs.table()?)
}

/// From one number of inputs to the next at one width, in `ln n`.
const LANE: f64 = 0.085;

/// Number of widths of the curves of equidistant inputs.
const FINE: usize = 121;

/// Along the width: spreads; the number of inputs within a tolerance, were pairs independent, without an end to it, and up to those simulated.
fn curves(params: &Params, theory: &Ensemble, run: &Run) -> Result<[Table; 4], RunError> {
    rows!(spreads: "curve", inputs: "inputs_curve", prefix: "prefix_curve", cap: "prefix_cap");
    let laws = run.map(&params.curve_widths, |&width| law(params, theory, width))?;
    for (width, layer) in params.curve_widths.iter().zip(&laws) {
        let n = width.get() as f64;
        spreads.push(row! { width, spread: n * layer.pair.variance, own: n * layer.own });
    }
    let (_, most) = least_and_most(&params.inputs);
    let (narrowest, widest) = least_and_most(&params.widths);
    // of order 1/n all three, so known at all widths from one
    let one = law(params, theory, widest)?;
    let widths: Vec<f64> = geometric(narrowest.get() as f64, widest.get() as f64, FINE).collect();
    for &tolerance in params.tolerances.values() {
        for (width, layer) in params.curve_widths.iter().zip(&laws) {
            let (pair, allowed) = (layer.pair, tolerance * layer.distance);
            let log_median = ln(median_inputs(pair.bias, pair.variance.sqrt(), allowed));
            let log_leading = ln(leading_inputs(pair.variance, allowed));
            inputs.push(row! { tolerance, width, log_median, log_leading });
        }
        let allowed = tolerance * one.distance;
        prefix.extend(run.map(&widths, |&width| {
            let ratio = widest.get() as f64 / width;
            let (bias, sd) = (ratio * one.pair.bias, (ratio * one.pair.variance).sqrt());
            let bound = expected_log_inputs(0.0, (ratio * one.own).sqrt(), allowed, most);
            Ok(row! { tolerance, width, independent: expected_log_inputs(bias, sd, allowed, most), bound })
        })?);
    }
    cap.push(row! { log_cap: ln(most as f64) });
    Ok(tables![spreads, inputs, prefix, cap])
}
