//! Chaos at every depth is one curve: distances on a great circle after many layers against the angle scaled by what the layers stretch,
//! `s = sqrt(A) chi_1^(l/2) theta`, and the power law by which that curve ends at `D-bar`.

use crate::experiment::prelude::*;
use crate::theory::koenigs::{Koenigs, tail_exponent};
use crate::theory::paradox::circle::chord;
use std::f64::consts::LN_10;

parameters! {
    Params {
        activation, sigma_w: ChaoticWeight, sigma_b,
        layers: Layers => "Layers to show; the deepest is the depth of the networks.",
        angles: NonNegativeGrid => "Angles between two inputs on the circle, along the curves.",
        sampled_angles: NonNegativeGrid => "Angles of the simulated pairs.",
        width, replicas: Replicas,
        scaled_angles: NonNegativeGrid => "Scaled angles `s` along the universal curve.",
        tail: Tail,
    }

    /// The end of the universal curve.
    Tail {
        sigma_w: WeightScales => "Weight scales `sigma_w`, one curve each.",
        scaled_angles: NonNegativeGrid => "Scaled angles `s`.",
    }
}

columns! {
    angle: Parameter ["rad"] "angle theta between two inputs on a great circle of activity A*";
    scaled_angle: Parameter "s = sqrt(A*) chi_1^(l/2) theta";
    log_distance {
        fine_universal: Theory "log10 of the Koenigs scaling function Dcal(s), at points close enough to draw a smooth curve";
        _: Theory "log10 D^l, in networks the mean E[log10 D^l]";
        universal: Theory "log10 of the Koenigs scaling function Dcal(s)";
    }
    ratio {
        collapse: Theory "D^l over the Koenigs scaling function Dcal(s)";
        first_order: Corrected "geometric mean of D^l over networks, to first order in 1/n, over the Koenigs scaling function Dcal(s)";
        monte_carlo: MonteCarlo "geometric mean of D^l over networks, over the Koenigs scaling function Dcal(s)";
    }
    remainder: Theory "D-bar - Dcal(s)";
    power_law: Approximation "its law s^(-alpha), through the last point";
    sigma_w {
        exponents: Parameter "weight scale: weights are N(0, sigma_w^2 / n)";
    }
    exponent: Theory "alpha = 2 / (xi_c ln chi_1)";
    exponent_seen: Fit "minus the slope of ln(D-bar - Dcal) in ln s between the last point and sqrt(chi_1) before it";
}

/// Decimal logarithms of the distances shown.
const LOW: f64 = -9.0;
const HIGH: f64 = 0.6;

/// Decimal logarithms of the scaled angles shown.
const SCALED: [f64; 2] = [-5.0, 3.0];

/// Ratios shown of distances to the scaling function.
const RATIOS: [f64; 2] = [0.85, 1.4];

impl Experiment for Params {
    type Point = (Networks, PairState);
    const UNJUDGED: &'static str = "
        monte_carlo.ratio | the same mean is judged as log_distance
    ";

    fn check(&self) -> Result<(), ParameterError> {
        let scales = self.tail.sigma_w.iter().map(|&scale| ("tail.sigma_w", scale));
        for (name, sigma_w) in std::iter::once(("sigma_w", self.sigma_w)).chain(scales) {
            check_chaos(name, &ensemble(self, sigma_w))?;
        }
        let deepest = self.layers.iter().copied().max().unwrap_or(0);
        check_layers("layers", &self.layers, deepest)?;
        let grids = [
            ("angles", &self.angles),
            ("sampled_angles", &self.sampled_angles),
            ("scaled_angles", &self.scaled_angles),
            ("tail.scaled_angles", &self.tail.scaled_angles),
        ];
        for (name, grid) in grids {
            refuse_where(grid.values().contains(&0.0), name, 0, "above 0 (the axis is logarithmic)")?;
        }
        Ok(())
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let ensemble = ensemble(self, self.sigma_w);
        let point = activity_fixed_point(&ensemble)?;
        for &angle in self.sampled_angles.values() {
            let input = chord(point.activity, angle);
            let networks = Networks::new(ensemble, self.width, deepest(&self.layers).max(1), pair(input)?)?;
            points.add(format!("angle = {angle}"), self.replicas, networks.cost(), (networks, input));
        }
        Ok(())
    }

    fn observe(&self, (networks, _): &Self::Point, at: &Address) -> Observed {
        let layers = networks.sample(at)?;
        Ok(self.layers.iter().map(|&layer| log10(distance(&layers[layer]))).collect())
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let [curve, sampled] = circle(self, found, run)?;
        let [tail, exponents] = tail(self, run)?;
        Ok(vec![
            curve,
            sampled,
            universal(self, run)?,
            tail,
            exponents,
            fine(self, run)?,
            fine_universal(self, run)?,
            collapse(self, run)?,
            first_order(self, run)?,
        ])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = || By::new("layer", r"$l = {}$").ramp();
        let points = |x: &str| Series::found("monte_carlo", x, "log_distance").by(by()).key("Monte Carlo");
        let y = || Axis::exponent(r"distance $D^l$").range(LOW - 0.5, HIGH);
        let [first, last] = SCALED.map(|exponent| exp(exponent * LN_10));
        let scaled = || Axis::log10(r"scaled angle $s = \sqrt{A} \chi_1^{l/2} \theta$").range(first, last);
        let koenigs = Figure::new("distance_koenigs", "All depths on one curve")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each angle")
            .describe(format!(
                "Distance of two points of a great circle after several layers at sigma_w = {}, against their \
                 angle (a) and against the angle times the growth of lengths (b), where all depths fall on one curve, the \
                 Koenigs scaling function (dash-dotted): infinite-width theory as lines, mean over networks of the logarithm as \
                 points with its standard error. Distance over the scaling function (c), dashed with the 1/n correction of the mean \
                 logarithm: each layer leaves it where its angle is no longer small against pi, the deeper the later, and networks of finite width \
                 are below it, the deeper the more. Differences from theory include the 1/n correction.",
                self.sigma_w.get()
            ))
            .grid(3, 76.0)
            .shared_legend()
            .panel(
                Panel::new(Axis::log10(r"angle $\theta$"), y())
                    .series(Series::theory("fine", "angle", "log_distance").by(by()).key("theory"))
                    .series(points("angle"))
                    .residual(Residual::new("monte_carlo", "angle", "log_distance").by(by())),
            )
            .panel(
                Panel::new(scaled(), y())
                    .series(Series::theory("fine", "scaled_angle", "log_distance").by(By::unlabelled("layer").ramp()))
                    .series(points("scaled_angle").in_place())
                    .series(
                        Series::line("fine_universal", "scaled_angle", "log_distance", Dash::DashDot)
                            .label(r"scaling function, $l \to \infty$"),
                    ),
            )
            .panel(
                Panel::new(scaled(), Axis::linear("distance over scaling function").range(RATIOS[0], RATIOS[1]))
                    .rule(Rule::Horizontal(1.0))
                    .series(Series::theory("collapse", "scaled_angle", "ratio").by(By::unlabelled("layer").ramp()))
                    .series(
                        Series::finite_width("first_order", "scaled_angle", "ratio")
                            .by(By::unlabelled("layer").ramp())
                            .key("theory, order $1/n$"),
                    )
                    .series(Series::monte_carlo("monte_carlo", "scaled_angle", "ratio", "ratio_error").by(By::unlabelled("layer").ramp())),
            );
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let tail = Figure::new("distance_tail", "How the universal curve ends")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}")
            .describe(
                "What is missing of the Koenigs scaling function to the distance fixed point, against the scaled angle, at several \
                 weight scales; dash-dotted, the power law whose exponent is 2 over the correlation depth and the logarithm of \
                 chi_1, through the last point.",
            )
            .panel(
                Panel::new(Axis::log10(r"scaled angle $s$"), Axis::log10(r"distance to the fixed point $\bar D - D(s)$"))
                .series(Series::theory("tail", "scaled_angle", "remainder").by(&by).label_at_end())
                .series(
                    Series::line("tail", "scaled_angle", "power_law", Dash::DashDot)
                        .by(By::unlabelled("sigma_w").grey())
                        .key(r"$\propto s^{-2 / (\xi_c \ln \chi_1)}$"),
                ),
            );
        vec![koenigs, tail]
    }
}

fn ensemble(params: &Params, sigma_w: WeightStd) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b }
}

/// Curves and Monte Carlo of pairs on the circle.
fn circle(params: &Params, found: &[Found<(Networks, PairState)>], run: &Run) -> Result<[Table; 2], RunError> {
    let ensemble = ensemble(params, params.sigma_w);
    let point = activity_fixed_point(&ensemble)?;
    let growth = 0.5 * ln(chi_1(&ensemble, point.q));
    let scaled = |angle: f64, layer: usize| point.activity.sqrt() * angle * exp(growth * layer as f64);
    let theory = run.theory(&ensemble);
    let curves = run.map(params.angles.values(), |&angle| {
        Ok(pair_trajectory(&theory, chord(point.activity, angle), deepest(&params.layers).max(1))?)
    })?;
    let mut curve = Rows::new("curve");
    for &layer in &params.layers {
        for (&angle, states) in params.angles.values().iter().zip(&curves) {
            let value = log10(states[layer].distance);
            curve.push(row! { layer, angle, scaled_angle: scaled(angle, layer), log_distance: value });
        }
    }
    let expected =
        run.map(found, |Found { point: (networks, input), .. }| pair_of_inputs(run, &networks.network, *input))?;
    let koenigs = Koenigs::new(&theory, &activity_fixed_point(&theory)?)?;
    let mut rows = Rows::new("monte_carlo");
    for (index, &layer) in params.layers.iter().enumerate() {
        let pairs = params.sampled_angles.values().iter().zip(&expected).zip(found);
        for ((&angle, expected), found) in pairs {
            let correction = expected[layer].log_distance().map_or(0.0, |c| c.bias) * LOG10_E;
            let (scaled_angle, mean) = (scaled(angle, layer), found.mean(index));
            let ratio = exp(mean.mean * LN_10) / koenigs.scaling(scaled_angle)?;
            rows.push(row! {
                layer, angle, scaled_angle, replicas: found.replicas(),
                log_distance: Corrected::new(log10(expected[layer].state.distance), mean, correction),
                ratio: Measured::new((ratio, ratio * LN_10 * stderr(&mean))),
            });
        }
    }
    Ok([curve.table()?, rows.table()?])
}

fn universal(params: &Params, run: &Run) -> Result<Table, RunError> {
    let theory = run.theory(&ensemble(params, params.sigma_w));
    let koenigs = Koenigs::new(&theory, &activity_fixed_point(&theory)?)?;
    let mut rows = Rows::new("universal");
    for &s in params.scaled_angles.values() {
        rows.push(row! { scaled_angle: s, log_distance: log10(koenigs.scaling(s)?) });
    }
    Ok(rows.table()?)
}

/// The remainder for each weight scale, its law, and both exponents.
fn tail(params: &Params, run: &Run) -> Result<[Table; 2], RunError> {
    rows!(rows: "tail", exponents);
    let last = params.tail.scaled_angles.values().iter().copied().fold(0.0, f64::max);
    for &sigma_w in &params.tail.sigma_w {
        let theory = run.theory(&ensemble(params, sigma_w));
        let point = activity_fixed_point(&theory)?;
        let koenigs = Koenigs::new(&theory, &point)?;
        let fixed = distance_fixed_point(&theory, &point)?;
        let alpha = tail_exponent(&koenigs, &fixed);
        let remainder = |s: f64| Ok::<_, RunError>(fixed.distance - koenigs.scaling(s)?);
        let end = remainder(last)?;
        for &s in params.tail.scaled_angles.values() {
            let law = end * exp(-alpha * ln(s / last));
            rows.push(row! { sigma_w, scaled_angle: s, remainder: remainder(s)?, power_law: law });
        }
        let period = koenigs.chi_1().sqrt();
        let seen = ln(remainder(last / period)? / end) / ln(period);
        exponents.push(row! {
            sigma_w, chi_1: koenigs.chi_1(), distance_star: fixed.distance, exponent: alpha, exponent_seen: seen,
        });
    }
    Ok([rows.table()?, exponents.table()?])
}

/// The curves of all layers, where they are shown.
fn fine(params: &Params, run: &Run) -> Result<Table, RunError> {
    let ensemble = ensemble(params, params.sigma_w);
    let point = activity_fixed_point(&ensemble)?;
    let growth = 0.5 * ln(chi_1(&ensemble, point.q));
    let theory = run.theory(&ensemble);
    let grid: Vec<f64> = params.angles.values().iter().map(|&angle| log10(angle)).collect();
    let first = grid.first().copied().unwrap_or(0.0);
    let last = grid.last().copied().unwrap_or(1.0);
    let curves = run.map(&params.layers, |&layer| {
        fine_curve(grid.iter().copied(), [first, last, LOW, HIGH], |x| {
            let states = pair_trajectory(&theory, chord(point.activity, exp(x * LN_10)), layer.max(1))?;
            Ok(log10(states[layer].distance))
        })
    })?;
    let mut rows = Rows::new("fine");
    for (&layer, curve) in params.layers.iter().zip(curves) {
        for (x, log_distance) in curve.into_iter().filter(|(_, y)| *y > LOW - 1.0) {
            let angle = exp(x * LN_10);
            let scaled_angle = point.activity.sqrt() * angle * exp(growth * layer as f64);
            rows.push(row! { layer, angle, scaled_angle, log_distance });
        }
    }
    Ok(rows.table()?)
}

/// How far each layer is from the scaling function, at the angles of the circle.
fn collapse(params: &Params, run: &Run) -> Result<Table, RunError> {
    let ensemble = ensemble(params, params.sigma_w);
    let point = activity_fixed_point(&ensemble)?;
    let growth = 0.5 * ln(chi_1(&ensemble, point.q));
    let theory = run.theory(&ensemble);
    let koenigs = Koenigs::new(&theory, &activity_fixed_point(&theory)?)?;
    let grid: Vec<f64> = params.angles.values().iter().map(|&angle| log10(angle)).collect();
    let curves = run.map(&params.layers, |&layer| {
        let stretch = point.activity.sqrt() * exp(growth * layer as f64);
        let [left, right] = SCALED.map(|scaled| scaled - log10(stretch));
        let [low, high] = RATIOS;
        let curve = fine_curve(grid.iter().copied(), [left, right, low, high], |x| {
            let angle = exp(x * LN_10);
            let states = pair_trajectory(&theory, chord(point.activity, angle), layer.max(1))?;
            Ok(states[layer].distance / koenigs.scaling(stretch * angle)?)
        })?;
        Ok(curve.into_iter().map(|(x, ratio)| (stretch * exp(x * LN_10), ratio)).collect::<Vec<_>>())
    })?;
    let mut rows = Rows::new("collapse");
    for (&layer, curve) in params.layers.iter().zip(curves) {
        rows.extend(curve.into_iter().map(|(scaled_angle, ratio)| row! { layer, scaled_angle, ratio }));
    }
    Ok(rows.table()?)
}

/// The same for the mean over networks, where it is shown.
fn first_order(params: &Params, run: &Run) -> Result<Table, RunError> {
    let ensemble = ensemble(params, params.sigma_w);
    let point = activity_fixed_point(&ensemble)?;
    let growth = 0.5 * ln(chi_1(&ensemble, point.q));
    let theory = run.theory(&ensemble);
    let koenigs = Koenigs::new(&theory, &activity_fixed_point(&theory)?)?;
    let network = Network::uniform(ensemble, params.width, deepest(&params.layers).max(1))?;
    let angles = params.angles.values();
    let expected = run.map(angles, |&angle| pair_of_inputs(run, &network, chord(point.activity, angle)))?;
    let mut rows = Rows::new("first_order");
    for &layer in &params.layers {
        let stretch = point.activity.sqrt() * exp(growth * layer as f64);
        for (&angle, expected) in angles.iter().zip(&expected) {
            let scaled_angle = stretch * angle;
            let shown = log10(scaled_angle) >= SCALED[0] && log10(scaled_angle) <= SCALED[1];
            if let Some(correction) = expected[layer].log_distance().filter(|_| shown) {
                let ratio = expected[layer].state.distance * exp(correction.bias) / koenigs.scaling(scaled_angle)?;
                rows.push(row! { layer, scaled_angle, ratio });
            }
        }
    }
    Ok(rows.table()?)
}

/// The scaling function, where it is shown.
fn fine_universal(params: &Params, run: &Run) -> Result<Table, RunError> {
    let theory = run.theory(&ensemble(params, params.sigma_w));
    let koenigs = Koenigs::new(&theory, &activity_fixed_point(&theory)?)?;
    let [first, last] = SCALED;
    let curve =
        fine_curve(even(first, last, 65), [first, last, LOW, HIGH], |x| Ok(log10(koenigs.scaling(exp(x * LN_10))?)))?;
    let mut rows = Rows::new("fine_universal");
    let points = curve.into_iter().filter(|(_, y)| *y > LOW - 1.0);
    rows.extend(points.map(|(x, log_distance)| row! { scaled_angle: exp(x * LN_10), log_distance }));
    Ok(rows.table()?)
}
