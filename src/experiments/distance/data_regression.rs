//! What a deep layer still knows of real inputs: regression of their labels on a layer of a wide random network, with every input left out once. Information
//! is lost over some correlation depths on either side of the transition (Schoenholz et al. 2017).
//!
//! At infinite width the neurons of a layer are a Gaussian process whose covariance is their Gram matrix `C`. A ridge of a fixed share of the mean activity
//! stands for finite precision: differences of inputs far below it are lost. With `M = C + ridge` the error on an input that was not learned from is
//! `(M^-1 y)_i / (M^-1)_ii`, exactly. Networks are judged by the extrapolation `2 m(2n) - m(n)` of two widths.

use crate::experiment::data::Given;
use crate::experiment::prelude::*;
use crate::numerics::linalg::leave_one_out;
use crate::numerics::spread::{Triangle, alone};
use crate::theory::TheoryError;
use crate::theory::distance::Phase;
use crate::theory::gram::kernels;
use schemars::JsonSchema;
use serde::Deserialize;

parameters! {
    Params {
        activation, sigma_w: WeightGrid, sigma_b,
        inputs: Plain<Given> => "Inputs from a file, with the labels that are learned; an input is a row.",
        targets: Plain<Targets> => "What labels are.",
        ridge: Positive => "Ridge of the regression, over the mean activity of the layer.",
        depth, sampled: Sampled,
    }

    /// Simulated networks.
    Sampled {
        sigma_w: WeightScales, layers: Layers => "Layers to show; the deepest is the depth of the networks.",
        width => "The smaller number of neurons a layer, `n`; the larger is `2n`.",
        replicas: WidthReplicas,
    }
}

/// What labels are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Targets {
    /// Names of classes: each class is a target, 1 in it and 0 elsewhere.
    Classes,
    /// Numbers, one target.
    Numbers,
}

columns! {
    explained {
        layers: Theory "1 - e, e being the share of the mean square of the centred targets that the regression leaves, over inputs left out one by one; Monte Carlo: 2 m(2n) - m(n) of two widths";
        _: Theory "1 - e, e being the share of the mean square of the centred targets that the regression leaves, over inputs left out one by one, at infinite width";
    }
    right {
        layers: MonteCarlo "share of inputs, left out one by one, whose class has the largest prediction, over networks of the larger width";
        _: Theory "share of inputs, left out one by one, whose class has the largest prediction, at infinite width";
    }
    depth_scale: Theory ["layers"] "correlation depth xi_c = -1 / ln K'(D-bar); it diverges where chi_1 = 1, and there is no row there";
    reach: Theory ["layers"] "six correlation depths";
}

/// How many correlation depths Schoenholz et al. (2017) find networks can be trained through.
const REACH: f64 = 6.0;

/// Targets of all inputs, centred.
struct Learned {
    targets: Vec<Vec<f64>>,
    /// Of each target before it was centred.
    means: Vec<f64>,
    /// Which target is 1, where they are classes.
    classes: Option<Vec<usize>>,
    ridge: f64,
}

impl Learned {
    fn new(params: &Params) -> Result<Self, RunError> {
        let refuse = |message: &str| RunError::Field { field: "parameters.inputs", message: message.to_owned() };
        let labels = params.inputs.labels()?.ok_or_else(|| refuse("there are no labels to learn; give labels"))?;
        let (mut targets, classes) = match params.targets {
            Targets::Numbers => (vec![labels.to_vec()], None),
            Targets::Classes => {
                let mut names = labels.to_vec();
                names.sort_by(f64::total_cmp);
                names.dedup();
                let is = |name: &f64| labels.iter().map(|label| f64::from(u8::from(label == name))).collect();
                let of = |label: &f64| names.iter().position(|name| name == label).unwrap_or_default();
                (names.iter().map(is).collect::<Vec<Vec<f64>>>(), Some(labels.iter().map(of).collect()))
            }
        };
        if targets.len() > MOST_CLASSES {
            return Err(refuse(&format!("labels of {} classes, and {MOST_CLASSES} are the most", targets.len())));
        }
        let means: Vec<f64> = targets.iter().map(|target| target.iter().sum::<f64>() / labels.len() as f64).collect();
        for (target, mean) in targets.iter_mut().zip(&means) {
            target.iter_mut().for_each(|value| *value -= mean);
        }
        if targets.iter().flatten().all(|value| *value == 0.0) {
            return Err(refuse("all labels are the same, so there is nothing to learn"));
        }
        Ok(Self { targets, means, classes, ridge: params.ridge })
    }

    /// What regression on a layer with this Gram matrix explains, and the share of right classes; nothing where the ridge is lost in rounding.
    fn explained(&self, gram: &Triangle) -> Option<(f64, Option<f64>)> {
        let activity = gram.iter().filter_map(|row| row.last()).sum::<f64>() / gram.len() as f64;
        let errors = leave_one_out(gram, self.ridge * activity, &self.targets)?;
        let square = |values: &[Vec<f64>]| values.iter().flatten().map(|value| value * value).sum::<f64>();
        let share = 1.0 - square(&errors) / square(&self.targets);
        let predicted = |class: usize, i: usize| self.targets[class][i] - errors[class][i] + self.means[class];
        let right = self.classes.as_ref().map(|classes| {
            let best = |i: usize| (0..errors.len()).max_by(|&a, &b| predicted(a, i).total_cmp(&predicted(b, i)));
            let right = classes.iter().enumerate().filter(|(i, class)| best(*i) == Some(**class)).count();
            right as f64 / classes.len() as f64
        });
        Some((share, right))
    }
}

/// Most classes of labels.
const MOST_CLASSES: usize = 1000;

/// Networks and what is learned from them.
pub struct Shown {
    networks: Networks,
    learned: Learned,
}

impl Params {
    fn ensemble(&self, sigma_w: f64) -> Result<Ensemble, RunError> {
        Ok(Ensemble { sigma_b: self.sigma_b, ..Ensemble::new(self.activation, sigma_w, 0.0)? })
    }

    /// What is explained in every layer at infinite width, the input first.
    fn in_theory(
        &self,
        run: &Run,
        sigma_w: f64,
        learned: &Learned,
        gram: &Triangle,
    ) -> Result<Vec<(f64, Option<f64>)>, RunError> {
        let theory = run.theory(&self.ensemble(sigma_w)?);
        let depth = self.depth.max(deepest(&self.sampled.layers));
        let mut layers = Vec::new();
        kernels(&theory, gram.clone(), depth, false, &alone, &mut |_, gram| layers.push(learned.explained(gram)))?;
        let reason = "the ridge is lost in rounding";
        let lost = TheoryError::OutOfRegime { what: "regression", reason };
        layers.into_iter().collect::<Option<Vec<_>>>().ok_or(lost.into())
    }
}

impl Experiment for Params {
    type Point = Shown;
    const UNJUDGED: &'static str = "
        layers.right | shown only: counts of right classes jump, so that they have no expansion in 1/n to extrapolate
    ";

    fn inputs(&self) -> Option<&Given> {
        Some(&self.inputs)
    }

    fn check(&self) -> Result<(), ParameterError> {
        check_scales("sigma_w", self.sigma_w.values())?;
        refuse_where(!self.inputs.is_labelled(), "inputs", "no labels", "inputs with labels, which are learned")
    }

    fn points(&self, points: &mut Points<Shown>) -> Result<(), RunError> {
        let gram = self.inputs.gram()?;
        let (order, cells) = (gram.len() as f64, (self.sigma_w.values().len() * self.depth) as f64);
        Work { seconds: 1e-9 * order * order * order * cells, bytes: 32.0 * order * order }.afford()?;
        let inputs = Inputs::points(SymmetricMatrix::from_fn(gram.len(), |i, j| gram[i][j]))?;
        let Sampled { sigma_w, layers, width, replicas } = &self.sampled;
        for scale in sigma_w {
            for width in [*width, Width::new(2 * width.get())?] {
                let ensemble = self.ensemble(scale.get())?;
                let networks = Networks::new(ensemble, width, deepest(layers), inputs.clone())?;
                let label = format!("sigma_w = {}, width = {}", scale.get(), width.get());
                let (cost, learned) = (networks.cost_of(*replicas), Learned::new(self)?);
                points.keep(label, *replicas, cost, Shown { networks, learned });
            }
        }
        Ok(())
    }

    fn observe(&self, Shown { networks, learned }: &Shown, at: &Address) -> Observed {
        let grams = networks.sample(at)?;
        let layers = self.sampled.layers.iter().map(|&layer| {
            let gram = &grams[layer];
            let rows = (0..gram.order()).map(|i| (0..=i).map(|j| gram.get(i, j)).collect()).collect();
            // where the ridge is lost in rounding there is no number, which is refused
            let (share, right) = learned.explained(&rows).unwrap_or((f64::NAN, None));
            [share, right.unwrap_or(0.0)]
        });
        Ok(layers.flatten().collect())
    }

    fn tables(&self, found: &[Found<Shown>], run: &Run) -> Result<Tables, RunError> {
        let (gram, learned) = (self.inputs.gram()?, Learned::new(self)?);
        let mut map = Rows::new("map");
        let scales = self.sigma_w.values();
        let shares = run.map(scales, |&sigma_w| self.in_theory(run, sigma_w, &learned, &gram))?;
        for (&sigma_w, shares) in scales.iter().zip(&shares) {
            for (layer, &(explained, right)) in shares.iter().enumerate().take(self.depth + 1) {
                map.push(row! { sigma_w, layer, explained, right });
            }
        }
        rows!(lines, layers);
        let sampled: Vec<f64> = self.sampled.sigma_w.iter().map(|scale| scale.get()).collect();
        let shares = run.map(&sampled, |&sigma_w| self.in_theory(run, sigma_w, &learned, &gram))?;
        for ((&sigma_w, shares), found) in sampled.iter().zip(&shares).zip(found.chunks(2)) {
            for (layer, &(explained, right)) in shares.iter().enumerate() {
                lines.push(row! { sigma_w, layer, explained, right });
            }
            for (index, &layer) in self.sampled.layers.iter().enumerate() {
                let mean = |network: usize, of: usize| found[network].mean(2 * index + of);
                let explained = Judged::new(shares[layer].0, extrapolated(&mean(0, 0), &mean(1, 0)));
                let right = learned.classes.as_ref().map(|_| Measured::new(mean(1, 1)));
                layers.push(row! { sigma_w, layer, replicas: self.sampled.replicas, explained, right });
            }
        }
        Ok(vec![map.table()?, self.depth_scales(run)?, lines.table()?, layers.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$").ramp();
        let quiet = || By::unlabelled("sigma_w").ramp();
        let explained = "variance explained";
        let map = Heatmap::new("map", "sigma_w", "layer", "explained", explained).smooth();
        let depths = |phase: Phase, column: &str, dash: Dash| {
            let rows = Select::table("scales").filter("phase", phase.name());
            Series::line(rows, "sigma_w", column, dash).colour(Colour::Ink)
        };
        let figure = Figure::new("data_regression", "What deep layers know of measured inputs")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; inputs of {inputs.file}, rows {inputs.rows}, centred by {inputs.centre}, scaled by {inputs.scale}; ridge {ridge} of the mean activity; n = {sampled.width}, {sampled.replicas networks} of each width")
            .describe(
                "Share of the variance of the labels that regression on a layer explains, on inputs that it has not seen, at infinite width, over weight scale \
                 and layer (a), with the correlation depth (solid) and six of it (dashed); the same against layer at some weight scales (b): lines are theory \
                 of infinite width, points Monte Carlo, extrapolated from two widths, with standard errors. 0 is what the mean of the labels explains.",
            )
            .grid(2, 72.0)
            .panel(
                Panel::new(
                    Axis::linear(r"weight scale $\sigma_w$"),
                    Axis::linear(r"layer $l$").range(0.0, self.depth as f64),
                )
                .heatmap(map)
                .series(depths(Phase::Ordered, "depth_scale", Dash::Solid).key(r"$\xi_c$"))
                .series(depths(Phase::Chaotic, "depth_scale", Dash::Solid))
                .series(depths(Phase::Ordered, "reach", Dash::LongDash).key(r"$6 \xi_c$"))
                .series(depths(Phase::Chaotic, "reach", Dash::LongDash)),
            )
            .panel(
                Panel::new(Axis::linear(r"layer $l$"), Axis::linear(explained).include(0.0))
                    .series(Series::theory("lines", "layer", "explained").by(quiet()).key(r"theory, $n \to \infty$"))
                    .series(Series::found("layers", "layer", "explained").by(by).key("Monte Carlo"))
                    .residual(Residual::new("layers", "layer", "explained").by(quiet())),
            );
        vec![figure]
    }
}

impl Params {
    /// Correlation depths on both sides of the transition.
    fn depth_scales(&self, run: &Run) -> Result<Table, RunError> {
        let (first, last) =
            self.sigma_w.values().iter().fold((f64::INFINITY, 0.0f64), |(a, b), &w| (a.min(w), b.max(w)));
        let scales: Vec<f64> = even(first, last, FINE).collect();
        let found = run.map(&scales, |&sigma_w| {
            let theory = run.theory(&self.ensemble(sigma_w)?);
            let Some(star) = settled(&theory)? else { return Ok(None) };
            let phase = Phase::of(chi_1(&theory, star.q));
            Ok(distance_fixed_point(&theory, &star)?.depth_scale(phase).map(|scale| (phase, scale)))
        })?;
        let mut rows = Rows::new("scales");
        for (sigma_w, found) in scales.into_iter().zip(found) {
            if let Some((phase, depth_scale)) = found {
                rows.push(row! { sigma_w, phase: phase.name(), depth_scale, reach: REACH * depth_scale });
            }
        }
        Ok(rows.table()?)
    }
}

/// Weight scales at which correlation depths are drawn.
const FINE: usize = 401;
