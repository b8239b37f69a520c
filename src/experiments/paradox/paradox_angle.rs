//! How a continuous curve becomes equidistant: distance against angle on the image of a great circle, down to the smallest angles and up to
//! hundreds of layers, and the angle at which the one regime becomes the other, which shrinks like `chi_1^(-l/2)`.

mod figures;

use crate::config::{Grid, checked};
use crate::experiment::sampling::{Networks, check_chaos, check_layers, log10, network, stderr};
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::Figure;
use crate::model::{
    Activation, BiasStd, Column, Ensemble, Inputs, ParameterError, Replicas, SymmetricMatrix, WeightStd, Width,
};
use crate::numerics::elementary::{cos, ln, sin};
use crate::numerics::interpolation::first_crossing;
use crate::simulation::Moments;
use crate::table::{Rows, Table};
use crate::theory::activity::activity_fixed_point;
use crate::theory::distance::{distance_fixed_point, pair_trajectory};
use crate::theory::finite_width::{Correction, pair_corrections};
use crate::theory::paradox::circle::{Image, chord};
use schemars::JsonSchema;
use serde::Deserialize;
use std::f64::consts::LOG10_E;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation function `phi`.
    activation: Activation,
    /// Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.
    sigma_b: BiasStd,
    /// Neurons a layer, `n`.
    width: Width,
    /// Number of networks a Monte Carlo mean is over.
    replicas: Replicas,
    /// Deepest layer at which the mean of `ln D` is judged against first-order finite-width theory; below it, against the law of a random walk.
    judged_depth: usize,
    /// A little chaos: `chi_1` slightly above 1.
    weak: Chaos,
    /// Strong chaos.
    strong: Chaos,
}

/// One ensemble in the chaotic phase.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Chaos {
    /// Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`.
    #[serde(with = "checked::AboveZero::<WeightStd>")]
    sigma_w: WeightStd,
    /// Number of layers `L`.
    #[serde(with = "checked::Depth")]
    depth: usize,
    /// Angles along the curves.
    #[serde(with = "checked::NonNegativeGrid")]
    angles: Grid,
    /// Layers whose curves are shown.
    #[serde(with = "checked::Layers")]
    shown: Vec<usize>,
    /// Angles of the simulated points, all in the same networks; increasing.
    #[serde(with = "checked::NonNegativeGrid")]
    sampled_angles: Grid,
    /// Layers at which the crossover is measured.
    #[serde(with = "checked::Layers")]
    crossover_layers: Vec<usize>,
    /// First of these layers in the fit of the exponent.
    fit_from: usize,
}

/// The experiment.
pub struct ParadoxAngle;

impl Experiment for ParadoxAngle {
    type Params = Params;
    const SWEEPS: bool = true;
    const COLUMNS: &'static str = "
        angle | parameter | rad | angle theta between two inputs on a great circle of activity A*
        log_distance | theory | | log10 D^l, in networks the mean E[log10 D^l]
        deep.log_distance | theory | | log10 D^l in deep networks, its mean over networks; in theory with the metric a log-normal random walk in depth
        crossover_curve.log_angle | theory | | log10 of the crossover angle theta_l at which D^l = D-bar / 2
        log_angle | theory | | log10 of the crossover angle theta_l at which D^l of one network first is D-bar / 2, its mean over networks
        leading | approximation | | log10 of s / (sqrt(A*) chi_1^(l/2)), s being the scaled angle at which the Koenigs scaling function is D-bar / 2
        spread | theory | | variance over networks of ln theta_l, the crossover angle
        exponent | theory | | change of ln theta_l in one layer, fitted to the layers of each network by least squares; in theory -(1/2) ln chi_1
        half_angle | theory | | scaled angle s at which the Koenigs scaling function is D-bar / 2
    ";
    const UNJUDGED: &'static str = "
        deep.log_distance | below the judged depth first order in 1/n does not hold; its law there, a random walk in depth, is an approximation
        spread.spread | beside the random walk in depth, an approximation whose error grows with the layer and is not known
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        let names = [
            [
                "weak.sigma_w",
                "weak.shown",
                "weak.crossover_layers",
                "weak.angles",
                "weak.sampled_angles",
                "weak.fit_from",
            ],
            [
                "strong.sigma_w",
                "strong.shown",
                "strong.crossover_layers",
                "strong.angles",
                "strong.sampled_angles",
                "strong.fit_from",
            ],
        ];
        for ([sigma_w, shown, crossover_layers, angles, sampled_angles, fit_from], chaos) in
            names.into_iter().zip([&params.weak, &params.strong])
        {
            check_chaos(sigma_w, &ensemble(params, chaos))?;
            check_layers(shown, &chaos.shown, chaos.depth)?;
            check_layers(crossover_layers, &chaos.crossover_layers, chaos.depth)?;
            for (name, grid) in [(angles, &chaos.angles), (sampled_angles, &chaos.sampled_angles)] {
                let values = grid.values();
                if values[0] == 0.0 || !values.is_sorted_by(|a, b| a < b) || values[values.len() - 1] > 3.2 {
                    let found = format!("{} to {}", values[0], values[values.len() - 1]);
                    return Err(ParameterError { name, found, allowed: "increasing angles, above 0, up to pi" });
                }
            }
            if fitted(chaos).count() < 2 {
                let found = chaos.fit_from.to_string();
                return Err(ParameterError {
                    name: fit_from,
                    found,
                    allowed: "at least two crossover layers from there on",
                });
            }
        }
        Ok(())
    }

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let cases = [&params.weak, &params.strong];
        let ensembles = cases.map(|chaos| ensemble(params, chaos));
        let mut points = Vec::new();
        for (chaos, ensemble) in cases.into_iter().zip(ensembles) {
            let point = activity_fixed_point(&ensemble)?;
            let half = 0.5 * distance_fixed_point(&ensemble, &point)?.distance;
            let network = network(ensemble, params.width, chaos.depth)?;
            let inputs = arc(point.activity, chaos.sampled_angles.values())?;
            let label = format!("sigma_w = {}", chaos.sigma_w.get());
            points.push((chaos, half, Networks { network, inputs }.at(label, params.replicas)));
        }
        let (shapes, points): (Vec<_>, Vec<_>) = points.into_iter().map(|(chaos, half, p)| ((chaos, half), p)).unzip();
        let shape_of = |point: &Networks| {
            let found = shapes.iter().find(|(chaos, _)| chaos.sigma_w == point.network.ensemble.sigma_w);
            found.copied().unwrap_or(shapes[0])
        };
        let found = run.sweep(&points, |point, at| {
            let (chaos, half) = shape_of(point);
            Ok(observe(chaos, half, &point.sample(at)?))
        })?;
        let mut tables = Collected::new();
        for ((chaos, ensemble), moments) in cases.into_iter().zip(ensembles).zip(&found) {
            tables.add(params, chaos, &run.theory(&ensemble), moments, run)?;
        }
        tables.finish()
    }

    fn figures(params: &Params) -> Vec<Figure> {
        figures::figures(params)
    }
}

fn ensemble(params: &Params, chaos: &Chaos) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: chaos.sigma_w, sigma_b: params.sigma_b }
}

/// Crossover layers of the fit.
fn fitted(chaos: &Chaos) -> impl Iterator<Item = usize> {
    chaos.crossover_layers.iter().copied().filter(|&layer| layer >= chaos.fit_from)
}

/// A point of the circle, and the differences to it of the points at these angles.
fn arc(activity: f64, angles: &[f64]) -> Result<Inputs, RunError> {
    let half = |i: usize| 0.5 * angles[i - 1];
    let mut columns = vec![Column::State];
    columns.extend(vec![Column::Difference { of: 0 }; angles.len()]);
    let gram = SymmetricMatrix::from_fn(columns.len(), |i, j| match (i, j) {
        (0, 0) => activity,
        (i, 0) => -2.0 * activity * sin(half(i)) * sin(half(i)),
        (i, j) => 4.0 * activity * sin(half(i)) * sin(half(j)) * cos(half(i) - half(j)),
    });
    Ok(Inputs::new(columns, gram)?)
}

/// Of one network: `ln D` of shown layers and sampled angles, `ln theta` of crossover layers, the fitted exponent.
fn observe(chaos: &Chaos, half: f64, layers: &[SymmetricMatrix]) -> Vec<f64> {
    let count = chaos.sampled_angles.values().len();
    let curve = |layer: usize| (1..=count).map(move |i| ln(layers[layer].get(i, i))).collect::<Vec<f64>>();
    let angles: Vec<f64> = chaos.sampled_angles.values().iter().map(|angle| ln(*angle)).collect();
    let mut values: Vec<f64> = chaos.shown.iter().flat_map(|&layer| curve(layer)).collect();
    // a network without a crossover is an error of its own: the number is not finite
    let crossing = |layer: usize| first_crossing(&angles, &curve(layer), ln(half)).unwrap_or(f64::NAN);
    values.extend(chaos.crossover_layers.iter().map(|&layer| crossing(layer)));
    values.push(fit(chaos, crossing));
    values
}

/// Least-squares slope over the fitted layers.
fn fit(chaos: &Chaos, value: impl Fn(usize) -> f64) -> f64 {
    let count = fitted(chaos).count() as f64;
    let mean = fitted(chaos).map(|layer| layer as f64).sum::<f64>() / count;
    let square: f64 = fitted(chaos).map(|layer| (layer as f64 - mean) * (layer as f64 - mean)).sum();
    fitted(chaos).map(|layer| (layer as f64 - mean) * value(layer)).sum::<f64>() / square
}

/// The tables of both ensembles, under construction.
struct Collected {
    curve: Rows<4>,
    near: Rows<8>,
    deep: Rows<7>,
    crossover_curve: Rows<4>,
    crossover: Rows<7>,
    spread: Rows<6>,
    exponents: Rows<8>,
}

impl Collected {
    fn new() -> Self {
        Self {
            curve: Rows::new("curve", ["sigma_w", "layer", "angle", "log_distance"]),
            near: Rows::new(
                "monte_carlo",
                [
                    "sigma_w",
                    "layer",
                    "angle",
                    "replicas",
                    "log_distance_theory",
                    "log_distance_mc",
                    "log_distance_stderr",
                    "log_distance_correction",
                ],
            ),
            deep: Rows::new(
                "deep",
                [
                    "sigma_w",
                    "layer",
                    "angle",
                    "replicas",
                    "log_distance_expected",
                    "log_distance_mc",
                    "log_distance_stderr",
                ],
            ),
            crossover_curve: Rows::new("crossover_curve", ["sigma_w", "layer", "log_angle", "leading"]),
            crossover: Rows::new(
                "crossover",
                [
                    "sigma_w",
                    "layer",
                    "replicas",
                    "log_angle_theory",
                    "log_angle_mc",
                    "log_angle_stderr",
                    "log_angle_correction",
                ],
            ),
            spread: Rows::new(
                "spread",
                ["sigma_w", "layer", "replicas", "spread_expected", "spread_mc", "spread_stderr"],
            ),
            exponents: Rows::new(
                "exponents",
                [
                    "sigma_w",
                    "replicas",
                    "chi_1",
                    "half_angle",
                    "exponent_theory",
                    "exponent_mc",
                    "exponent_stderr",
                    "exponent_correction",
                ],
            ),
        }
    }

    fn add(
        &mut self,
        params: &Params,
        chaos: &Chaos,
        theory: &Ensemble,
        moments: &Moments,
        run: &Run,
    ) -> Result<(), RunError> {
        let sigma_w = chaos.sigma_w.get();
        let point = activity_fixed_point(theory)?;
        let fixed = distance_fixed_point(theory, &point)?;
        let image = Image::new(theory, &point, &fixed)?;
        let s = image.scaled(0.5 * fixed.distance)?;
        let curves = run.map(chaos.angles.values(), |&angle| {
            Ok::<_, RunError>(pair_trajectory(theory, chord(point.activity, angle), chaos.depth)?)
        })?;
        for &layer in &chaos.shown {
            for (&angle, states) in chaos.angles.values().iter().zip(&curves) {
                self.curve.push([sigma_w.into(), layer.into(), angle.into(), log10(states[layer].distance).into()]);
            }
        }
        self.distances(params, chaos, &image, theory, moments, run)?;
        for layer in 0..=chaos.depth {
            // shallow layers may nowhere be as far apart
            let Ok(angle) = image.angle(s, layer) else { continue };
            let leading = log10(image.leading_angle(s, layer));
            self.crossover_curve.push([sigma_w.into(), layer.into(), log10(angle).into(), leading.into()]);
        }
        let widths = vec![params.width; chaos.depth];
        let corrections = run.map(&chaos.crossover_layers, |&layer| {
            let angle = image.angle(s, layer)?;
            Ok::<_, RunError>((angle, image.angle_correction(angle, &widths[..layer])?))
        })?;
        let first = chaos.shown.len() * chaos.sampled_angles.values().len();
        let replicas = moments.count();
        for (index, (&layer, (angle, correction))) in chaos.crossover_layers.iter().zip(&corrections).enumerate() {
            let (found, spread) = (moments.mean(first + index), moments.variance(first + index));
            self.crossover.push([
                sigma_w.into(),
                layer.into(),
                replicas.into(),
                log10(*angle).into(),
                (LOG10_E * found.mean).into(),
                (LOG10_E * stderr(&found)).into(),
                (LOG10_E * correction.bias).into(),
            ]);
            self.spread.push([
                sigma_w.into(),
                layer.into(),
                replicas.into(),
                correction.variance.into(),
                spread.mean.into(),
                stderr(&spread).into(),
            ]);
        }
        let found = moments.mean(first + corrections.len());
        let bias = |layer: usize| {
            let place = chaos.crossover_layers.iter().position(|&other| other == layer);
            place.map_or(0.0, |index| corrections[index].1.bias)
        };
        self.exponents.push([
            sigma_w.into(),
            replicas.into(),
            image.chi_1().into(),
            s.into(),
            (-0.5 * ln(image.chi_1())).into(),
            found.mean.into(),
            stderr(&found).into(),
            fit(chaos, bias).into(),
        ]);
        Ok(())
    }

    /// `log10 D` at the sampled angles: judged where the depth is far below the width, against the law of a random walk elsewhere.
    fn distances(
        &mut self,
        params: &Params,
        chaos: &Chaos,
        image: &Image,
        theory: &Ensemble,
        moments: &Moments,
        run: &Run,
    ) -> Result<(), RunError> {
        let (sigma_w, replicas) = (chaos.sigma_w.get(), moments.count());
        let angles = chaos.sampled_angles.values();
        let widths = vec![params.width; chaos.depth];
        let near = chaos.shown.iter().copied().filter(|&layer| layer <= params.judged_depth).max().unwrap_or(0);
        let expected = run.map(angles, |&angle| {
            Ok::<_, RunError>(pair_corrections(theory, chord(image.activity(), angle), &widths[..near])?)
        })?;
        // so small that it is all metric
        let metric = pair_corrections(theory, chord(image.activity(), 1e-100), &widths)?;
        let table = image.table(-12.0, 12.0)?;
        for (index, &layer) in chaos.shown.iter().enumerate() {
            let walk: Correction = metric[layer].log_distance().unwrap_or_default();
            for (i, &angle) in angles.iter().enumerate() {
                let found = moments.mean(index * angles.len() + i);
                let head = [sigma_w.into(), layer.into(), angle.into(), replicas.into()];
                let [mc, error] = [found.mean, stderr(&found)].map(|value| (LOG10_E * value).into());
                let [a, b, c, d] = head;
                if layer <= params.judged_depth {
                    let theory = log10(expected[i][layer].state.distance);
                    let bias = expected[i][layer].log_distance().map_or(0.0, |c| c.bias) * LOG10_E;
                    self.near.push([a, b, c, d, theory.into(), mc, error, bias.into()]);
                } else {
                    let s = image.leading_scaled(angle, layer);
                    self.deep.push([a, b, c, d, (LOG10_E * image.lagged(&table, s, walk)).into(), mc, error]);
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Tables, RunError> {
        let tables: [Table; 7] = [
            self.curve.table()?,
            self.near.table()?,
            self.deep.table()?,
            self.crossover_curve.table()?,
            self.crossover.table()?,
            self.spread.table()?,
            self.exponents.table()?,
        ];
        Ok(tables.into())
    }
}
