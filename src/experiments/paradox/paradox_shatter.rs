//! Which depth tells points of a curve apart in every way: the margins of all dichotomies of points of a circle through the layers, the
//! spectrum of their Gram matrix, the depth that a margin takes, and how many dichotomies a narrow network can separate at all.

mod cover;
mod figures;

use crate::config::checked;
use crate::experiment::sampling::{Networks, check_chaos, log10, network, stderr};
use crate::experiment::sweep::Point;
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::Figure;
use crate::model::{
    Activation, BiasStd, Ensemble, Inputs, ParameterError, Replicas, SymmetricMatrix, WeightStd, Width,
};
use crate::numerics::convex::worst_dichotomy;
use crate::numerics::elementary::{cos, exp, ln};
use crate::numerics::linalg::solve_positive;
use crate::random::Address;
use crate::simulation::cost::OneNetwork;
use crate::simulation::{Moments, SimulationError};
use crate::table::{Rows, Table};
use crate::theory::activity::{activity_fixed_point, chi_1};
use crate::theory::distance::distance_fixed_point;
use crate::theory::finite_width::pair_corrections;
use crate::theory::paradox::circle::chord;
use crate::theory::paradox::shatter::{EvenPoints, equidistant_margin, even_points};
use cover::Cover;
use schemars::JsonSchema;
use serde::Deserialize;
use std::f64::consts::PI;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation function `phi`.
    activation: Activation,
    /// Weight scale `sigma_w`, in the chaotic phase: weights are `N(0, sigma_w^2 / n)`.
    #[serde(with = "checked::AboveZero::<WeightStd>")]
    sigma_w: WeightStd,
    /// Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.
    sigma_b: BiasStd,
    /// Number of layers `L`.
    #[serde(with = "checked::Depth")]
    depth: usize,
    /// Layer from which on margins are shown: before, the Gram matrix may be numerically singular.
    #[serde(with = "checked::Depth")]
    first_layer: usize,
    /// Share of the worst margin of equidistant points that counts as told apart.
    #[serde(with = "checked::Positive")]
    threshold: f64,
    /// All dichotomies of some points.
    margins: Margins,
    /// Spectra of Gram matrices.
    spectrum: Spectrum,
    /// Numbers of points along the curve of depths, at infinite width.
    #[serde(with = "checked::List::<usize>")]
    many_points: Vec<usize>,
    /// How many dichotomies are separable.
    cover: Cover,
}

/// All dichotomies of some points.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Margins {
    /// Numbers of points, even, from 4 to 16.
    #[serde(with = "checked::Points")]
    inputs: Vec<usize>,
    /// Numbers of neurons a layer, `n`, at least the number of points.
    #[serde(with = "checked::List::<Width>")]
    widths: Vec<Width>,
    /// Number of networks a Monte Carlo mean is over.
    replicas: Replicas,
    /// Neurons a layer of networks so wide that the margin of alternating labels is judged against infinite width.
    wide: Width,
    /// Number of these networks.
    wide_replicas: Replicas,
}

/// Spectra of Gram matrices.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Spectrum {
    /// Number of points.
    #[serde(with = "checked::Few::<3>")]
    inputs: usize,
    /// Neurons a layer, `n`.
    width: Width,
    /// Number of networks a Monte Carlo mean is over.
    replicas: Replicas,
}

/// The experiment.
pub struct ParadoxShatter;

impl Experiment for ParadoxShatter {
    type Params = Params;
    const SWEEPS: bool = true;
    const COLUMNS: &'static str = "
        inputs | parameter | inputs | number k of points, evenly spaced on a great circle of activity A*
        mode | parameter | | wave number p of a Fourier mode of the points
        eigenvalue | theory | | eigenvalue lambda_p of the Gram matrix at infinite width; in networks the quadratic form of the Gram matrix with the normed Fourier mode
        log_margin | theory | | log10 of the largest margin of the worst of all dichotomies (of x / sqrt n, hyperplanes through 0), mean over networks; in theory of infinite width
        log_alternating | theory | | log10 of the margin 1 / sqrt(y^T G^-1 y) of alternating labels y, mean over networks; in theory sqrt(lambda_(k/2) / k) at infinite width
        log_bound | theory | | log10 of the lower bound sqrt(lambda_min / k) on the margin of every dichotomy, infinite width
        log_limit | theory | | log10 of the worst margin of equidistant points
        shatter_depth | theory with correction | layers | layer (interpolated in the logarithm of the margin) from which on the worst margin exceeds the threshold, mean over networks; expected at infinite width
        reached | Monte Carlo | | share of networks whose worst margin exceeds the threshold in some layer, where it is not 1
        bound_depth | theory | layers | the same of the lower bound sqrt(lambda_min / k) at infinite width
        law | approximation | layers | its law 2 ln k / ln chi_1, through the last point
        fraction | theory | | share of all dichotomies that a hyperplane through 0 separates; in theory by Cover's count, whatever the points
        ratio | parameter | | k / n
    ";
    const UNJUDGED: &'static str = "
        margins.log_margin | the expected value is that of infinite width; the minimum over dichotomies has no known finite-width theory
        depths.shatter_depth | the expected value is that of infinite width; the depth follows from a minimum over dichotomies, without finite-width theory
        unreached.reached | shown only: the share of networks that never reach the threshold, without theory
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        check_chaos("sigma_w", &ensemble(params))?;
        if params.activation.is_odd() && params.sigma_b.get() < 1e-6 {
            let found = format!("{:?}", params.sigma_b.get());
            let allowed =
                "1e-6 or more for an odd activation, lest opposite inputs stay opposite and depend on each other";
            return Err(ParameterError { name: "sigma_b", found, allowed });
        }
        let refused = |name, found: String, allowed| Err(ParameterError { name, found, allowed });
        if params.first_layer > params.depth {
            return refused("first_layer", params.first_layer.to_string(), "at most the depth");
        }
        if !(params.threshold < 1.0) {
            return refused("threshold", params.threshold.to_string(), "below 1");
        }
        let Margins { inputs, widths, .. } = &params.margins;
        if let Some(k) = inputs.iter().find(|k| !(4..=16).contains(*k) || **k % 2 == 1) {
            return refused("margins.inputs", k.to_string(), "even, from 4 to 16");
        }
        let most = inputs.iter().copied().max().unwrap_or(0) as u64;
        if let Some(width) = widths.iter().find(|width| width.get() < most) {
            return refused("margins.widths", width.get().to_string(), "at least the number of points");
        }
        if let Some(k) = params.many_points.iter().find(|k| !(3..=2048).contains(*k)) {
            return refused("many_points", k.to_string(), "from 3 to 2048");
        }
        params.cover.check()
    }

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let ensemble = ensemble(params);
        let activity = activity_fixed_point(&ensemble)?.activity;
        let distance = distance_fixed_point(&ensemble, &activity_fixed_point(&ensemble)?)?.distance;
        let mut points = Vec::new();
        let Margins { inputs, widths, replicas, wide, wide_replicas } = &params.margins;
        for &k in inputs {
            let level = params.threshold * equidistant_margin(k, activity, distance);
            let all = widths.iter().map(|&width| (width, *replicas)).chain([(*wide, *wide_replicas)]);
            for (width, replicas) in all {
                points.push(case(params, ensemble, activity, k, width, replicas, Look::Margins { level })?);
            }
        }
        let Spectrum { inputs: k, width, replicas } = params.spectrum;
        points.push(case(params, ensemble, activity, k, width, replicas, Look::Spectrum)?);
        for (k, width) in params.cover.cases() {
            let look = Look::Cover(params.cover.clone());
            points.push(case(params, ensemble, activity, k, width, params.cover.replicas, look)?);
        }
        let found = run.sweep(&points, |case: &Case, at| case.observe(params, at))?;
        let theory = run.theory(&ensemble);
        let (margins, rest) = found.split_at(params.margins.inputs.len() * (params.margins.widths.len() + 1));
        let mut tables = self::margins(params, &theory, margins, run)?;
        tables.push(spectrum(params, &theory, &rest[0])?);
        tables.push(growth(params, &theory, run)?);
        tables.push(params.cover.table(&rest[1..])?);
        Ok(tables)
    }

    fn figures(params: &Params) -> Vec<Figure> {
        figures::figures(params)
    }
}

fn ensemble(params: &Params) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b }
}

/// Networks that see evenly spaced points, and what is looked at.
struct Case {
    networks: Networks,
    look: Look,
}

enum Look {
    /// Worst margins, and where they exceed this level.
    Margins { level: f64 },
    /// Quadratic forms of Fourier modes.
    Spectrum,
    /// Shares of separable dichotomies.
    Cover(Cover),
}

fn case(
    params: &Params,
    ensemble: Ensemble,
    activity: f64,
    k: usize,
    width: Width,
    replicas: Replicas,
    look: Look,
) -> Result<Point<Case>, RunError> {
    let gram = SymmetricMatrix::from_fn(k, |i, j| activity * cos(2.0 * PI * (i - j) as f64 / k as f64));
    let depth = if let Look::Cover(cover) = &look { cover.depth() } else { params.depth };
    let networks = Networks { network: network(ensemble, width, depth)?, inputs: Inputs::points(gram)? };
    let cost = OneNetwork::of(&networks.network, &networks.inputs);
    Ok(Point::new(format!("inputs = {k}, width = {}", width.get()), Case { networks, look }, replicas, cost))
}

impl Case {
    fn observe(&self, params: &Params, at: &Address) -> Result<Vec<f64>, SimulationError> {
        let grams = self.networks.sample(at)?;
        Ok(match &self.look {
            Look::Margins { level } => {
                let logs: Vec<f64> =
                    (params.first_layer..=params.depth).map(|layer| log_worst(&grams[layer])).collect();
                let mut values = logs.clone();
                let depth = first_layer_above(params.first_layer, &logs, log10(*level));
                values.extend([f64::from(u8::from(depth.is_some())), depth.unwrap_or(0.0)]);
                values.extend((params.first_layer..=params.depth).map(|layer| log_alternating(&grams[layer])));
                values
            }
            Look::Spectrum => grams[1..].iter().flat_map(modes).collect(),
            Look::Cover(cover) => cover.observe(&grams, at),
        })
    }
}

/// `log10` of the worst margin; NaN, which no mean takes, where the Gram matrix is numerically singular.
fn log_worst(gram: &SymmetricMatrix) -> f64 {
    worst_dichotomy(gram.order(), |i, j| gram.get(i, j)).map_or(f64::NAN, |(_, margin)| log10(margin))
}

/// `log10` of `1 / sqrt(y^T G^-1 y)` for alternating labels `y`; NaN where the Gram matrix is numerically singular.
fn log_alternating(gram: &SymmetricMatrix) -> f64 {
    let k = gram.order();
    let rows: Vec<Vec<f64>> = (0..k).map(|i| (0..k).map(|j| gram.get(i, j)).collect()).collect();
    let labels: Vec<f64> = (0..k).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let form = solve_positive(&rows, &labels, 0.0).map(|x| x.iter().zip(&labels).map(|(x, y)| x * y).sum::<f64>());
    form.map_or(f64::NAN, |form| -0.5 * log10(form))
}

/// Where a sequence over layers first reaches a level, linear between layers; the first layer where it already is there, none where it never is.
fn first_layer_above(first: usize, values: &[f64], level: f64) -> Option<f64> {
    let i = values.iter().position(|value| *value >= level)?;
    if i == 0 {
        return Some(first as f64);
    }
    Some((first + i - 1) as f64 + (level - values[i - 1]) / (values[i] - values[i - 1]))
}

/// `v_p^T G v_p` of the normed Fourier modes `p = 0..=k/2`, cosine and sine together.
fn modes(gram: &SymmetricMatrix) -> Vec<f64> {
    let k = gram.order();
    let form = |p: usize| {
        let term = |i: usize, j: usize| gram.get(i, j) * cos(2.0 * PI * ((p * i.abs_diff(j)) % k) as f64 / k as f64);
        (0..k).flat_map(|i| (0..k).map(move |j| (i, j))).map(|(i, j)| term(i, j)).sum::<f64>() / k as f64
    };
    (0..=k / 2).map(form).collect()
}

/// Worst margins layer by layer and width by width; the margin of alternating labels in wide networks, a smooth function of the Gram matrix, so
/// that it is judged against infinite width; and the depths at which they exceed the threshold.
fn margins(params: &Params, theory: &Ensemble, found: &[Moments], run: &Run) -> Result<Tables, RunError> {
    let point = activity_fixed_point(theory)?;
    let fixed = distance_fixed_point(theory, &point)?;
    let Margins { inputs, widths, wide, .. } = &params.margins;
    let expected = run.map(inputs, |&k| {
        let layers = even_points(theory, point.activity, k, params.depth)?;
        let worst = |layer: &EvenPoints| layer.worst_margin().map_or(f64::NAN, log10);
        let logs: Vec<f64> = layers[params.first_layer..].iter().map(worst).collect();
        Ok::<_, RunError>((layers, logs))
    })?;
    let mut curve = Rows::new("curve", ["inputs", "layer", "log_margin", "log_bound", "log_limit"]);
    let names = ["log_margin_expected", "log_margin_mc", "log_margin_stderr"];
    let [a, b, c] = names;
    let mut narrow = Rows::new("margins", ["inputs", "width", "layer", "replicas", a, b, c]);
    let [a, b, c] = ["log_alternating_theory", "log_alternating_mc", "log_alternating_stderr"];
    let mut judged = Rows::new("alternating", ["inputs", "width", "layer", "replicas", a, b, c]);
    let mut depths = Rows::new(
        "depths",
        ["width", "inputs", "replicas", "shatter_depth_expected", "shatter_depth_mc", "shatter_depth_stderr"],
    );
    let mut unreached = Rows::new("unreached", ["width", "inputs", "replicas", "reached"]);
    let mut next = found.iter();
    for (&k, (layers, logs)) in inputs.iter().zip(&expected) {
        let limit = equidistant_margin(k, point.activity, fixed.distance);
        for (index, log) in logs.iter().enumerate() {
            let layer = params.first_layer + index;
            let bound = log10(layers[layer].margin_bound());
            curve.push([k.into(), layer.into(), (*log).into(), bound.into(), log10(limit).into()]);
        }
        let depth = first_layer_above(params.first_layer, logs, log10(params.threshold * limit));
        for &width in widths.iter().chain([wide]) {
            let Some(moments) = next.next() else { break };
            for (index, log) in logs.iter().enumerate() {
                let (margin, layer) = (moments.mean(index), params.first_layer + index);
                let head = [k.into(), width.get().into(), layer.into(), moments.count().into()];
                let [a, b, c, d] = head.clone();
                narrow.push([a, b, c, d, (*log).into(), margin.mean.into(), stderr(&margin).into()]);
                if width == *wide {
                    let alternating = moments.mean(logs.len() + 2 + index);
                    let theory = log10((layers[layer].eigenvalues()[k / 2] / k as f64).sqrt());
                    let [a, b, c, d] = head;
                    judged.push([a, b, c, d, theory.into(), alternating.mean.into(), stderr(&alternating).into()]);
                }
            }
            let (reached, measured) = (moments.mean(logs.len()), moments.mean(logs.len() + 1));
            if reached.mean < 1.0 {
                // a mean over those alone that get there would say nothing of the others
                unreached.push([width.get().into(), k.into(), moments.count().into(), reached.mean.into()]);
            } else if let Some(depth) = depth {
                depths.push([
                    width.get().into(),
                    k.into(),
                    moments.count().into(),
                    depth.into(),
                    measured.mean.into(),
                    stderr(&measured).into(),
                ]);
            }
        }
    }
    Ok(vec![curve.table()?, narrow.table()?, judged.table()?, depths.table()?, unreached.table()?])
}

/// Quadratic forms of Fourier modes: linear in the Gram matrix, so that the corrections of the overlaps give theirs.
fn spectrum(params: &Params, theory: &Ensemble, found: &Moments) -> Result<Table, RunError> {
    let activity = activity_fixed_point(theory)?.activity;
    let Spectrum { inputs: k, width, .. } = params.spectrum;
    let layers = even_points(theory, activity, k, params.depth)?;
    let widths = vec![width; params.depth];
    let angle = |separation: usize| 2.0 * PI * separation as f64 / k as f64;
    let pairs: Vec<_> = (0..=k / 2)
        .map(|separation| pair_corrections(theory, chord(activity, angle(separation)), &widths))
        .collect::<Result<_, _>>()?;
    let mut rows = Rows::new(
        "spectrum",
        [
            "mode",
            "layer",
            "replicas",
            "eigenvalue_theory",
            "eigenvalue_mc",
            "eigenvalue_stderr",
            "eigenvalue_correction",
        ],
    );
    let mut index = 0;
    for layer in 1..=params.depth {
        let values = layers[layer].eigenvalues();
        for mode in 0..=k / 2 {
            let bias = |s: usize| pairs[s.min(k - s)][layer].overlap().bias;
            let correction: f64 = (0..k).map(|s| bias(s) * cos(angle((mode * s) % k))).sum();
            let form = found.mean(index);
            index += 1;
            rows.push([
                mode.into(),
                layer.into(),
                found.count().into(),
                values[mode].into(),
                form.mean.into(),
                stderr(&form).into(),
                correction.into(),
            ]);
        }
    }
    Ok(rows.table()?)
}

/// Depth at which the lower bound on all margins exceeds the threshold, for many points at infinite width: the spacing `2 pi / k` must have grown to
/// the crossover, so it is `2 ln k / ln chi_1` and a constant.
fn growth(params: &Params, theory: &Ensemble, run: &Run) -> Result<Table, RunError> {
    let point = activity_fixed_point(theory)?;
    let fixed = distance_fixed_point(theory, &point)?;
    let rate = 2.0 / ln(chi_1(theory, point.q));
    let found = run.map(&params.many_points, |&k| {
        let level = log10(params.threshold * equidistant_margin(k, point.activity, fixed.distance));
        // more than the law says
        let deepest = (rate * ln(k as f64)).ceil() as usize + params.depth;
        let layers = even_points(theory, point.activity, k, deepest)?;
        let bounds: Vec<f64> = layers[1..].iter().map(|layer| ln(layer.margin_bound().max(exp(-40.0)))).collect();
        Ok::<_, RunError>((k as f64, first_layer_above(1, &bounds, level / std::f64::consts::LOG10_E)))
    })?;
    let reached: Vec<(f64, f64)> = found.into_iter().filter_map(|(k, depth)| Some((k, depth?))).collect();
    let (most, last) = reached.last().copied().unwrap_or((1.0, 0.0));
    let mut rows = Rows::new("growth", ["inputs", "bound_depth", "law"]);
    for (k, depth) in reached {
        rows.push([(k as usize).into(), depth.into(), (last + rate * ln(k / most)).into()]);
    }
    Ok(rows.table()?)
}
