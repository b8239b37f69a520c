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
        let circle = Circle::new(self, run)?;
        let [tail, exponents] = tail(self, run)?;
        let [curve, sampled, first_order] = circle.at_angles(found, run)?;
        let [fine, collapse] = circle.curves(run)?;
        let [universal, fine_universal] = circle.universal()?;
        Ok(vec![curve, sampled, universal, tail, exponents, fine, fine_universal, collapse, first_order])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("layer", r"$l = {}$").ramp();
        let points = |x: &str| Series::found("monte_carlo", x, "log_distance").by(&by).key("Monte Carlo");
        let y = || Axis::exponent(r"distance $D^l$").range(LOW - 0.5, HIGH);
        let [first, last] = SCALED.map(|exponent| exp(exponent * LN_10));
        let scaled = || Axis::log10(r"scaled angle $s = \sqrt{A} \chi_1^{l/2} \theta$").range(first, last);
        let angles = Panel::new(Axis::log10(r"angle $\theta$"), y())
            .series(Series::theory("fine", "angle", "log_distance").by(&by).key("theory"))
            .series(points("angle"))
            .residual(Residual::new("monte_carlo", "angle", "log_distance").by(&by));
        let function = Series::line("fine_universal", "scaled_angle", "log_distance", Dash::DashDot);
        let all = Panel::new(scaled(), y())
            .series(Series::theory("fine", "scaled_angle", "log_distance").by(by.quiet()))
            .series(points("scaled_angle").in_place())
            .series(function.label(r"scaling function, $l \to \infty$"));
        let first_order = Series::finite_width("first_order", "scaled_angle", "ratio").by(by.quiet());
        let [low, high] = RATIOS;
        let ratios = Panel::new(scaled(), Axis::linear("distance over scaling function").range(low, high))
            .rule(Rule::Horizontal(1.0))
            .series(Series::theory("collapse", "scaled_angle", "ratio").by(by.quiet()))
            .series(first_order.key("theory, order $1/n$"))
            .series(Series::monte_carlo("monte_carlo", "scaled_angle", "ratio", "ratio_error").by(by.quiet()));
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
            .panels([angles, all, ratios]);
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let law = Series::line("tail", "scaled_angle", "power_law", Dash::DashDot).by(By::unlabelled("sigma_w").grey());
        let remainder = Axis::log10(r"distance to the fixed point $\bar D - D(s)$");
        let remainder = Panel::new(Axis::log10(r"scaled angle $s$"), remainder)
            .series(Series::theory("tail", "scaled_angle", "remainder").by(&by).label_at_end())
            .series(law.key(r"$\propto s^{-2 / (\xi_c \ln \chi_1)}$"));
        let tail = Figure::new("distance_tail", "How the universal curve ends")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}")
            .describe(
                "What is missing of the Koenigs scaling function to the distance fixed point, against the scaled angle, at several \
                 weight scales; dash-dotted, the power law whose exponent is 2 over the correlation depth and the logarithm of \
                 chi_1, through the last point.",
            )
            .panel(remainder);
        vec![koenigs, tail]
    }
}

fn ensemble(params: &Params, sigma_w: WeightStd) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b }
}

/// The circle at its fixed activity, the theory of what becomes of it, and the scaling function.
struct Circle<'a> {
    params: &'a Params,
    ensemble: Ensemble,
    activity: f64,
    /// `ln chi_1 / 2`.
    growth: f64,
    theory: Ensemble,
    koenigs: Koenigs,
}

impl<'a> Circle<'a> {
    fn new(params: &'a Params, run: &Run) -> Result<Self, RunError> {
        let ensemble = ensemble(params, params.sigma_w);
        let point = activity_fixed_point(&ensemble)?;
        let theory = run.theory(&ensemble);
        let koenigs = Koenigs::new(&theory, &activity_fixed_point(&theory)?)?;
        let growth = 0.5 * ln(chi_1(&ensemble, point.q));
        Ok(Self { params, ensemble, activity: point.activity, growth, theory, koenigs })
    }

    fn scaled(&self, angle: f64, layer: usize) -> f64 {
        self.activity.sqrt() * angle * exp(self.growth * layer as f64)
    }

    /// The scaled angle over the angle.
    fn stretch(&self, layer: usize) -> f64 {
        self.activity.sqrt() * exp(self.growth * layer as f64)
    }

    /// Layers at the angles of the circle and of the networks, and how far the mean over networks is from the scaling function, where it is shown.
    fn at_angles(&self, found: &[Found<(Networks, PairState)>], run: &Run) -> Result<[Table; 3], RunError> {
        let Params { layers, angles, sampled_angles, width, .. } = self.params;
        let network = Network::uniform(self.ensemble, *width, deepest(layers).max(1))?;
        let pair = |&angle: &f64| pair_of_inputs(run, &network, chord(self.activity, angle));
        let along = run.map(angles.values(), pair)?;
        let sampled = run.map(sampled_angles.values(), pair)?;
        rows!(curve, rows: "monte_carlo", first_order);
        for (index, &layer) in layers.iter().enumerate() {
            for (&angle, expected) in angles.values().iter().zip(&along) {
                let (state, scaled_angle) = (expected[layer].state, self.scaled(angle, layer));
                curve.push(row! { layer, angle, scaled_angle, log_distance: log10(state.distance) });
                let scaled_angle = self.stretch(layer) * angle;
                let shown = (SCALED[0]..=SCALED[1]).contains(&log10(scaled_angle));
                if let Some(correction) = expected[layer].log_distance().filter(|_| shown) {
                    let ratio = state.distance * exp(correction.bias) / self.koenigs.scaling(scaled_angle)?;
                    first_order.push(row! { layer, scaled_angle, ratio });
                }
            }
            for ((&angle, expected), found) in sampled_angles.values().iter().zip(&sampled).zip(found) {
                let (scaled_angle, mean) = (self.scaled(angle, layer), found.mean(index));
                let ratio = exp(mean.mean * LN_10) / self.koenigs.scaling(scaled_angle)?;
                rows.push(row! {
                    layer, angle, scaled_angle, replicas: found.replicas(),
                    log_distance: log_distance(&expected[layer], mean),
                    ratio: Measured::new((ratio, ratio * LN_10 * stderr(&mean))),
                });
            }
        }
        Ok(tables![curve, rows, first_order])
    }

    /// The curves of all layers, and how far each is from the scaling function, where they are shown.
    fn curves(&self, run: &Run) -> Result<[Table; 2], RunError> {
        let Params { layers, angles, .. } = self.params;
        let grid: Vec<f64> = angles.values().iter().map(|&angle| log10(angle)).collect();
        let (first, last) = ends(&grid);
        let curves = run.map(layers, |&layer| {
            let distance = |angle: f64| -> Result<f64, RunError> {
                Ok(pair_trajectory(&self.theory, chord(self.activity, angle), layer.max(1))?[layer].distance)
            };
            let stretch = self.stretch(layer);
            let ratio = |angle: f64| Ok(distance(angle)? / self.koenigs.scaling(stretch * angle)?);
            let [left, right] = SCALED.map(|scaled| scaled - log10(stretch));
            let (frame, ratios) = ([first, last, LOW, HIGH], [left, right, RATIOS[0], RATIOS[1]]);
            let fine = fine_curve(grid.iter().copied(), frame, |x| Ok(log10(distance(exp(x * LN_10))?)))?;
            Ok((fine, fine_curve(grid.iter().copied(), ratios, |x| ratio(exp(x * LN_10)))?))
        })?;
        rows!(fine, collapse);
        for (&layer, (distances, ratios)) in layers.iter().zip(curves) {
            for (x, log_distance) in distances.into_iter().filter(|(_, y)| *y > LOW - 1.0) {
                let angle = exp(x * LN_10);
                fine.push(row! { layer, angle, scaled_angle: self.scaled(angle, layer), log_distance });
            }
            for (x, ratio) in ratios {
                collapse.push(row! { layer, scaled_angle: self.stretch(layer) * exp(x * LN_10), ratio });
            }
        }
        Ok(tables![fine, collapse])
    }

    /// The scaling function, at the angles of the file and where it is shown.
    fn universal(&self) -> Result<[Table; 2], RunError> {
        rows!(universal, fine: "fine_universal");
        for &scaled_angle in self.params.scaled_angles.values() {
            universal.push(row! { scaled_angle, log_distance: log10(self.koenigs.scaling(scaled_angle)?) });
        }
        let [first, last] = SCALED;
        let value = |x: f64| Ok(log10(self.koenigs.scaling(exp(x * LN_10))?));
        let curve = fine_curve(even(first, last, 65), [first, last, LOW, HIGH], value)?;
        let shown = curve.into_iter().filter(|(_, y)| *y > LOW - 1.0);
        fine.extend(shown.map(|(x, log_distance)| row! { scaled_angle: exp(x * LN_10), log_distance }));
        Ok(tables![universal, fine])
    }
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
    Ok(tables![rows, exponents])
}
