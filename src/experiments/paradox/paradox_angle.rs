//! How a continuous curve becomes equidistant: distance against angle on the image of a great circle, down to the smallest angles and up to
//! hundreds of layers, and the angle at which the one regime becomes the other, which shrinks like `chi_1^(-l/2)`.

use crate::experiment::prelude::*;
use crate::numerics::interpolation::first_crossing;
use crate::numerics::spacing::geometric_then_even;
use crate::numerics::statistics::slope;
use crate::theory::finite_width::Correction;
use crate::theory::paradox::circle::{Image, chord};

parameters! {
    Params {
        activation, sigma_b, width, replicas: Replicas,
        /// Deepest layer at which the mean of `ln D` is judged against first-order finite-width theory; below it, against the law of a random walk.
        judged_depth: Plain<usize>,
        weak: Chaos => "A little chaos: `chi_1` slightly above 1.",
        strong: Chaos => "Strong chaos.",
    }

    /// One ensemble in the chaotic phase.
    Chaos {
        sigma_w: WeightScale, depth,
        angles: NonNegativeGrid => "Angles along the curves.",
        shown: Layers => "Layers whose curves are shown.",
        sampled_angles: NonNegativeGrid => "Angles of the simulated points, all in the same networks; increasing.",
        crossover_layers: Layers => "Layers at which the crossover is measured.",
        fit_from: Plain<usize> => "First of these layers in the fit of the exponent.",
    }
}

columns! {
    angle: Parameter ["rad"] "angle theta between two inputs on a great circle of activity A*";
    log_distance {
        _: Theory "log10 D^l, in networks the mean E[log10 D^l]";
        deep: Theory "log10 D^l in deep networks, its mean over networks; in theory with the metric a log-normal random walk in depth";
    }
    log_angle {
        crossover_curve: Theory "log10 of the crossover angle theta_l at which D^l = D-bar / 2";
        _: Theory "log10 of the crossover angle theta_l at which D^l of one network first is D-bar / 2, its mean over networks";
    }
    leading: Approximation "log10 of s / (sqrt(A*) chi_1^(l/2)), s being the scaled angle at which the Koenigs scaling function is D-bar / 2";
    spread: Theory "variance over networks of ln theta_l, the crossover angle";
    exponent: Theory "change of ln theta_l in one layer, fitted to the layers of each network by least squares; in theory -(1/2) ln chi_1";
    log_angle_expected {
        corrected: Theory "log10 of the crossover angle with its first-order (1/n) correction";
    }
    spread_expected {
        corrected: Theory "variance over networks of ln theta_l, to first order in 1/n";
    }
    log_distance_walk: Theory "mean over networks of log10 D^l in deep networks, the metric being a log-normal random walk in depth";
    seen: MonteCarlo "mean over networks of log10 D^l, at every fourth of the simulated angles";
    half_angle: Theory "scaled angle s at which the Koenigs scaling function is D-bar / 2";
}

impl Experiment for Params {
    /// Weak or strong chaos by its place, half of its distance fixed point, and the networks.
    type Point = (usize, f64, Networks);
    const UNJUDGED: &'static str = "
        deep.log_distance | below the judged depth first order in 1/n does not hold; its law there, a random walk in depth, is an approximation
        shown.seen | some of the numbers of monte_carlo.log_distance, which is judged, and of deep.log_distance
        spread.spread | beside the random walk in depth, an approximation whose error grows with the layer and is not known
    ";

    fn check(&self) -> Result<(), ParameterError> {
        for (place, chaos) in [&self.weak, &self.strong].into_iter().enumerate() {
            let name = |weak: &'static str, strong: &'static str| [weak, strong][place];
            check_chaos(name("weak.sigma_w", "strong.sigma_w"), &ensemble(self, chaos))?;
            check_layers(name("weak.shown", "strong.shown"), &chaos.shown, chaos.depth)?;
            let crossover_layers = name("weak.crossover_layers", "strong.crossover_layers");
            check_layers(crossover_layers, &chaos.crossover_layers, chaos.depth)?;
            let (angles, sampled) =
                (name("weak.angles", "strong.angles"), name("weak.sampled_angles", "strong.sampled_angles"));
            for (name, grid) in [(angles, &chaos.angles), (sampled, &chaos.sampled_angles)] {
                let (first, last) = ends(grid.values());
                let wrong = first == 0.0 || !grid.values().is_sorted_by(|a, b| a < b) || last > LARGEST;
                refuse_where(wrong, name, format!("{first} to {last}"), "increasing angles, above 0, up to pi")?;
            }
            let fit_from = name("weak.fit_from", "strong.fit_from");
            let allowed = "at least two crossover layers from there on";
            refuse_where(fitted(chaos).count() < 2, fit_from, chaos.fit_from, allowed)?;
        }
        Ok(())
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        for (place, chaos) in [&self.weak, &self.strong].into_iter().enumerate() {
            let ensemble = ensemble(self, chaos);
            let fixed = pair_fixed_point(&ensemble)?;
            let inputs = Inputs::arc(fixed.activity, chaos.sampled_angles.values())?;
            let networks = Networks::new(ensemble, self.width, chaos.depth, inputs)?;
            let label = format!("sigma_w = {}", chaos.sigma_w.get());
            points.add(label, self.replicas, networks.cost(), (place, 0.5 * fixed.distance, networks));
        }
        Ok(())
    }

    /// `ln D` of shown layers and sampled angles, `ln theta` of crossover layers, the fitted exponent.
    fn observe(&self, (place, half, networks): &Self::Point, at: &Address) -> Observed {
        let chaos = [&self.weak, &self.strong][*place];
        let layers = networks.sample(at)?;
        let angles: Vec<f64> = chaos.sampled_angles.values().iter().map(|angle| ln(*angle)).collect();
        let curve = |layer: usize| (1..=angles.len()).map(|i| ln(layers[layer].get(i, i))).collect::<Vec<f64>>();
        let mut values: Vec<f64> = chaos.shown.iter().flat_map(|&layer| curve(layer)).collect();
        // a network without a crossover is an error of its own: the number is not finite
        let crossing = |layer: usize| first_crossing(&angles, &curve(layer), ln(*half)).unwrap_or(f64::NAN);
        values.extend(chaos.crossover_layers.iter().map(|&layer| crossing(layer)));
        values.push(fit(chaos, crossing));
        Ok(values)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let sampled = [&self.weak, &self.strong].into_iter().zip(found).map(|(chaos, found)| {
            let theory = run.theory(&ensemble(self, chaos));
            let image = Image::of(&theory)?;
            Ok(Sampled { chaos, theory, image, half: 0.5 * image.distance_star(), moments: found.moments() })
        });
        let sampled = sampled.collect::<Result<Vec<_>, RunError>>()?;
        let [near, deep, shown, walk, apart] = distances(self, &sampled, run)?;
        let [crossover_curve, crossover, spread, exponents, corrected] = angles(self, &sampled, run)?;
        let given = |chaos: &Chaos| chaos.angles.values().to_vec();
        let (curve, fine) = (curve("curve", &sampled, given, run)?, curve("fine", &sampled, fine_angles, run)?);
        let judged = [curve, near, deep, crossover_curve, crossover, spread, exponents];
        Ok(judged.into_iter().chain([fine, corrected, shown, walk, apart]).collect())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = || By::new("layer", r"$l = {}$").ramp();
        let mut layers: Vec<usize> = self.weak.shown.iter().chain(&self.strong.shown).copied().collect();
        layers.retain(|layer| *layer <= self.judged_depth);
        layers.sort_unstable();
        layers.dedup();
        let angles = Figure::new("paradox_angle", "Smooth at small angles, equidistant at large ones")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {weak.sigma_w} in (a), sigma_w = {strong.sigma_w} in (b); n = {width}, {replicas networks}")
            .describe(format!(
                "Distance of two points on the image of a great circle against their angle after many layers, with chi_1 \
                 little above 1 (a) and far above it (b): quadratic below an angle that shrinks from layer to layer, \
                 constant above it. Infinite-width theory as lines; in deep layers the law at finite width, the metric being a \
                 log-normal random walk in depth, dashed; means over networks of the logarithm as points, at every fourth of the \
                 simulated angles. Differences from theory are those of layers {} at two angles each, the smallest and the one at \
                 the crossover, since all small angles of a network differ from theory by one number; they include the 1/n correction. The \
                 dashed laws are drawn, not judged.",
                layers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
            ))
            .grid(2, 88.0)
            .shared_legend()
            .panel_each(
                ("sigma_w", r"$\sigma_w = {}$"),
                [&self.weak, &self.strong].map(|chaos| chaos.sigma_w.get()),
                |of| {
                    let walk = Series::finite_width(of("walk"), "angle", "log_distance_walk").by(by());
                    let points = Series::monte_carlo(of("shown"), "angle", "seen", "seen_error").by(by()).in_place();
                    Panel::new(Axis::log10(r"angle $\theta$"), Axis::exponent(r"distance $D^l$").range(-13.0, 0.8))
                        .series(Series::theory(of("fine"), "angle", "log_distance").by(by()).key(r"$n \to \infty$"))
                        .series(walk.key("finite $n$, random walk"))
                        .series(points.key("Monte Carlo"))
                        .residual(Residual::new(of("apart"), "angle", "log_distance").by(by()))
                },
            );
        let by = || By::new("sigma_w", r"$\sigma_w = {}$");
        let leading =
            Series::line("crossover_curve", "layer", "leading", Dash::DashDot).by(By::unlabelled("sigma_w").grey());
        let first_order = Series::finite_width("corrected", "layer", "log_angle_expected").by(by());
        let panel = over_layers(Axis::exponent(r"crossover angle $\theta_l$"))
            .series(leading.key(r"$s / (\sqrt{A^*} \chi_1^{l/2})$"))
            .series(Series::theory("crossover_curve", "layer", "log_angle").by(by()).key(r"$n \to \infty$"))
            .series(first_order.key("theory, order $1/n$"))
            .found("crossover", "layer", "log_angle", by());
        let crossover = Figure::new("paradox_crossover", "Where smooth becomes equidistant")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {weak.sigma_w} and {strong.sigma_w}; n = {width}, {replicas networks}")
            .describe(format!(
                "Crossover angle theta_l, at which two points of a great circle are first as far apart as half the fixed point of the distance, \
                 against the layer l at two weight scales: exact infinite-width theory as lines, with its 1/n correction dashed, the leading law \
                 s / (sqrt(A*) chi_1^(l/2)) dash-dotted, A* being the activity of the circle, chi_1 the growth of small squared distances in a layer \
                 and s the scaled angle at which the Koenigs function of the distance is half the fixed point; means over networks of {} neurons a \
                 layer of the logarithm as points. Differences from theory include the 1/n correction.",
                self.width.get()
            ))
            .height(72.0)
            .panel(panel);
        vec![angles, crossover]
    }
}

/// Half a turn, and what rounding of a grid may add to it.
const LARGEST: f64 = std::f64::consts::PI * (1.0 + 1e-14);

fn ensemble(params: &Params, chaos: &Chaos) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: chaos.sigma_w, sigma_b: params.sigma_b }
}

/// Crossover layers of the fit.
fn fitted(chaos: &Chaos) -> impl Iterator<Item = usize> {
    chaos.crossover_layers.iter().copied().filter(|&layer| layer >= chaos.fit_from)
}

/// Least-squares slope over the fitted layers.
fn fit(chaos: &Chaos, value: impl Fn(usize) -> f64) -> f64 {
    slope(&fitted(chaos).map(|layer| (layer as f64, value(layer))).collect::<Vec<_>>())
}

/// One ensemble, its theory and what was found.
struct Sampled<'a> {
    chaos: &'a Chaos,
    theory: Ensemble,
    image: Image,
    half: f64,
    moments: &'a Moments,
}

/// A table of distances along the curve, at these angles.
fn curve(
    name: &'static str,
    sampled: &[Sampled],
    angles: impl Fn(&Chaos) -> Vec<f64>,
    run: &Run,
) -> Result<Table, RunError> {
    let mut rows = Rows::new(name);
    for Sampled { chaos, theory, image, .. } in sampled {
        let angles = angles(chaos);
        let curves =
            run.map(&angles, |&angle| Ok(pair_trajectory(theory, chord(image.activity(), angle), chaos.depth)?))?;
        for &layer in &chaos.shown {
            for (&angle, states) in angles.iter().zip(&curves) {
                let log_distance = log10(states[layer].distance);
                rows.push(row! { sigma_w: chaos.sigma_w, layer, angle, log_distance });
            }
        }
    }
    Ok(rows.table()?)
}

/// The angles at which distances reach half of the fixed point, and to first order in 1/n in all of every few layers.
fn angles(params: &Params, sampled: &[Sampled], run: &Run) -> Result<[Table; 5], RunError> {
    rows!(crossover_curve, crossover, spreads: "spread", exponents, corrected);
    for Sampled { chaos, image, half, moments, .. } in sampled {
        let (sigma_w, replicas) = (chaos.sigma_w, moments.count());
        let s = image.scaled(*half)?;
        for layer in 0..=chaos.depth {
            // shallow layers may nowhere be as far apart
            let Ok(angle) = image.angle(s, layer) else { continue };
            let leading = log10(image.leading_angle(s, layer));
            crossover_curve.push(row! { sigma_w, layer, log_angle: log10(angle), leading });
        }
        let widths = vec![params.width; chaos.depth];
        let at = |layer: usize| -> Result<(f64, Correction), RunError> {
            let angle = image.angle(s, layer)?;
            Ok((angle, image.angle_correction(angle, &widths[..layer])?))
        };
        let corrections = run.map(&chaos.crossover_layers, |&layer| at(layer))?;
        let first = chaos.shown.len() * chaos.sampled_angles.values().len();
        for (index, (&layer, (angle, correction))) in chaos.crossover_layers.iter().zip(&corrections).enumerate() {
            let (found, spread) = (moments.mean(first + index), moments.variance(first + index));
            let log_angle = Corrected::new(log10(*angle), found.times(LOG10_E), LOG10_E * correction.bias);
            crossover.push(row! { sigma_w, layer, replicas, log_angle });
            spreads.push(row! { sigma_w, layer, replicas, spread: Expected::new(correction.variance, spread) });
        }
        let bias = |layer: usize| {
            let place = chaos.crossover_layers.iter().position(|&other| other == layer);
            place.map_or(0.0, |index| corrections[index].1.bias)
        };
        let found = moments.mean(first + corrections.len());
        let exponent = Corrected::new(-0.5 * ln(image.chi_1()), found, fit(chaos, bias));
        exponents.push(row! { sigma_w, replicas, chi_1: image.chi_1(), half_angle: s, exponent });
        let layers: Vec<usize> = (STEP..=chaos.depth).step_by(STEP).collect();
        let rows = run.map(&layers, |&layer| {
            // shallow layers may nowhere be as far apart
            Ok(existing(at(layer))?.map(|(angle, correction)| {
                let log_angle_expected = log10(angle) + LOG10_E * correction.bias;
                row! { sigma_w, layer, log_angle_expected, spread_expected: correction.variance }
            }))
        })?;
        corrected.extend(rows.into_iter().flatten());
    }
    Ok(tables![crossover_curve, crossover, spreads, exponents, corrected])
}

/// Angles of the curves that are drawn: as far down as the simulated ones, in steps too small to be seen; even near opposite points, where the
/// curves flatten.
fn fine_angles(chaos: &Chaos) -> Vec<f64> {
    let (first, last) = ends(chaos.angles.values());
    geometric_then_even(first.min(chaos.sampled_angles.values()[0]), WIDE, last, FINE)
}

/// Number of angles of the curves that are drawn, before and after even steps begin.
const FINE: [usize; 2] = [401, 41];
/// Where even steps begin.
const WIDE: f64 = 2.2;
/// Of the simulated angles one in so many is drawn.
const SPARSE: usize = 4;
/// Steps, in layers, of the corrected crossover.
const STEP: usize = 5;

/// `log10 D` at the sampled angles: judged where the depth is far below the width, against the law of a random walk elsewhere; and what is judged
/// at two angles a layer, the smallest and the last below the crossover, since small angles of one network differ from theory by one number.
fn distances(params: &Params, sampled: &[Sampled], run: &Run) -> Result<[Table; 5], RunError> {
    rows!(near: "monte_carlo", deep, shown, walks: "walk", apart);
    for Sampled { chaos, theory, image, half, moments } in sampled {
        let (sigma_w, replicas) = (chaos.sigma_w, moments.count());
        let angles = chaos.sampled_angles.values();
        let widths = vec![params.width; chaos.depth];
        let judged = chaos.shown.iter().copied().filter(|&layer| layer <= params.judged_depth).max().unwrap_or(0);
        let expected =
            run.map(angles, |&angle| Ok(pair_corrections(theory, chord(image.activity(), angle), &widths[..judged])?))?;
        // so small that it is all metric
        let metric = pair_corrections(theory, chord(image.activity(), 1e-100), &widths)?;
        let table = image.table(-12.0, 12.0)?;
        let scaled = image.scaled(*half)?;
        for (index, &layer) in chaos.shown.iter().enumerate() {
            let walk: Correction = metric[layer].log_distance().unwrap_or_default();
            if layer > params.judged_depth {
                walks.extend(run.map(&fine_angles(chaos), |&angle| {
                    let lagged = image.lagged(&table, image.leading_scaled(angle, layer), walk);
                    Ok(row! { sigma_w, layer, angle, log_distance_walk: LOG10_E * lagged })
                })?);
            }
            // shallow layers may nowhere be as far apart
            let crossover = image.angle(scaled, layer).unwrap_or(LARGEST);
            let crossing = angles.iter().rposition(|angle| *angle <= crossover).unwrap_or(0);
            for (i, &angle) in angles.iter().enumerate() {
                let found = moments.mean(index * angles.len() + i).times(LOG10_E);
                if i % SPARSE == 0 {
                    shown.push(row! { sigma_w, layer, angle, seen: Measured::new(found) });
                }
                if layer <= params.judged_depth {
                    let log_distance = log_distance(&expected[i][layer], found);
                    near.push(row! { sigma_w, layer, angle, replicas, log_distance });
                    if i == 0 || i == crossing {
                        apart.push(row! { sigma_w, layer, angle, replicas, log_distance });
                    }
                } else {
                    let lagged = image.lagged(&table, image.leading_scaled(angle, layer), walk);
                    let log_distance = Expected::new(LOG10_E * lagged, found);
                    deep.push(row! { sigma_w, layer, angle, replicas, log_distance });
                }
            }
        }
    }
    Ok(tables![near, deep, shown, walks, apart])
}
