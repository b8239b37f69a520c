//! What a deep layer still knows of real inputs: regression of their labels on a layer of a wide random network, with every input left out once. Information
//! is lost over some correlation depths on either side of the transition (Schoenholz et al. 2017).
//!
//! At infinite width the neurons of a layer are a Gaussian process whose covariance is their Gram matrix `C`. A ridge of a fixed share of the mean activity
//! stands for finite precision: differences of inputs far below it are lost. With `M = C + ridge` the error on an input that was not learned from is
//! `(M^-1 y)_i / (M^-1)_ii`, exactly. Networks are judged by the extrapolation `2 m(2n) - m(n)` of two widths.

use crate::experiment::data::Given;
use crate::experiment::prelude::*;
use crate::numerics::linalg;
use crate::numerics::spread::{Triangle, alone};
use crate::theory::TheoryError;
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

/// Most classes of labels.
const MOST_CLASSES: usize = 1000;

/// The share of the variance of the targets that regression on a layer explains, and that of right classes.
type Explained = (f64, Option<f64>);

impl Params {
    fn ensemble(&self, sigma_w: f64) -> Result<Ensemble, RunError> {
        Ok(Ensemble { sigma_b: self.sigma_b, ..Ensemble::new(self.activation, sigma_w, 0.0)? })
    }

    /// What is learned.
    fn learned(&self) -> Result<linalg::Targets, RunError> {
        let refuse = |message: &str| RunError::Field { field: "parameters.inputs".into(), message: message.to_owned() };
        let labels = self.inputs.labels()?.ok_or_else(|| refuse("there are no labels to learn; give labels"))?;
        let targets = match self.targets {
            Targets::Numbers => linalg::Targets::numbers(labels),
            Targets::Classes => linalg::Targets::classes(labels),
        };
        if targets.count() > MOST_CLASSES {
            return Err(refuse(&format!("labels of {} classes, and {MOST_CLASSES} are the most", targets.count())));
        }
        if targets.are_constant() {
            return Err(refuse("all labels are the same, so there is nothing to learn"));
        }
        Ok(targets)
    }

    /// On a layer with this Gram matrix; nothing where the ridge is lost in rounding.
    fn explained(&self, learned: &linalg::Targets, gram: &Triangle) -> Option<Explained> {
        let activity = gram.iter().filter_map(|row| row.last()).sum::<f64>() / gram.len() as f64;
        learned.explained(gram, self.ridge * activity)
    }

    /// The same in every layer at infinite width, the input first, at each of these weight scales.
    fn in_theory(&self, run: &Run, scales: &[f64]) -> Result<Vec<Vec<Explained>>, RunError> {
        let (gram, learned) = (self.inputs.gram()?, self.learned()?);
        let depth = self.depth.max(deepest(&self.sampled.layers));
        run.map(scales, |&sigma_w| {
            let (theory, mut layers) = (run.theory(&self.ensemble(sigma_w)?), Vec::new());
            let mut see = |_, gram: &Triangle| layers.push(self.explained(&learned, gram));
            kernels(&theory, gram.clone(), depth, false, &alone, &mut see)?;
            let lost = TheoryError::OutOfRegime { what: "regression", reason: "the ridge is lost in rounding" };
            layers.into_iter().collect::<Option<Vec<_>>>().ok_or(lost.into())
        })
    }
}

impl Experiment for Params {
    /// Networks and what is learned from them.
    type Point = (Networks, linalg::Targets);
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

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
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
                points.keep(label, *replicas, networks.cost_of(*replicas), (networks, self.learned()?));
            }
        }
        Ok(())
    }

    fn observe(&self, (networks, learned): &Self::Point, at: &Address) -> Observed {
        let grams = networks.sample(at)?;
        let layers = self.sampled.layers.iter().map(|&layer| {
            let gram = &grams[layer];
            let rows = (0..gram.order()).map(|i| (0..=i).map(|j| gram.get(i, j)).collect()).collect();
            // where the ridge is lost in rounding there is no number, which is refused
            let (share, right) = self.explained(learned, &rows).unwrap_or((f64::NAN, None));
            [share, right.unwrap_or(0.0)]
        });
        Ok(layers.flatten().collect())
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        rows!(map, lines, layers);
        let scales = self.sigma_w.values();
        let shares = self.in_theory(run, scales)?;
        for (&sigma_w, shares) in scales.iter().zip(&shares) {
            for (layer, &(explained, right)) in shares.iter().enumerate().take(self.depth + 1) {
                map.push(row! { sigma_w, layer, explained, right });
            }
        }
        let sampled: Vec<f64> = self.sampled.sigma_w.iter().map(|scale| scale.get()).collect();
        let shares = self.in_theory(run, &sampled)?;
        for ((&sigma_w, shares), found) in sampled.iter().zip(&shares).zip(found.chunks(2)) {
            for (layer, &(explained, right)) in shares.iter().enumerate() {
                lines.push(row! { sigma_w, layer, explained, right });
            }
            for (index, &layer) in self.sampled.layers.iter().enumerate() {
                let mean = |network: usize, of: usize| found[network].mean(2 * index + of);
                let explained = Judged::new(shares[layer].0, extrapolated(&mean(0, 0), &mean(1, 0)));
                let right = (self.targets == Targets::Classes).then(|| Measured::new(mean(1, 1)));
                layers.push(row! { sigma_w, layer, replicas: self.sampled.replicas, explained, right });
            }
        }
        Ok(vec![map.table()?, self.depth_scales(run)?, lines.table()?, layers.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$").ramp();
        let explained = "variance explained";
        let map = Heatmap::new("map", "sigma_w", "layer", "explained", explained).smooth();
        let depths = |phase: Phase, column: &str, dash: Dash| {
            let rows = Select::table("scales").filter("phase", phase.name());
            Series::line(rows, "sigma_w", column, dash).colour(Colour::Ink)
        };
        let layer = Axis::linear(r"layer $l$").range(0.0, self.depth as f64);
        let map = Panel::new(Axis::linear(r"weight scale $\sigma_w$"), layer)
            .heatmap(map)
            .series(depths(Phase::Ordered, "depth_scale", Dash::Solid).key(r"$\xi_c$"))
            .series(depths(Phase::Chaotic, "depth_scale", Dash::Solid))
            .series(depths(Phase::Ordered, "reach", Dash::LongDash).key(r"$6 \xi_c$"))
            .series(depths(Phase::Chaotic, "reach", Dash::LongDash));
        let lines = over_layers(Axis::linear(explained).include(0.0))
            .series(Series::theory("lines", "layer", "explained").by(by.quiet()).key(r"theory, $n \to \infty$"))
            .series(Series::found("layers", "layer", "explained").by(&by).key("Monte Carlo"))
            .residual(Residual::new("layers", "layer", "explained").by(by.quiet()));
        let figure = Figure::new("data_regression", "What deep layers know of measured inputs")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; inputs of {inputs.file}, rows {inputs.rows}, centred by {inputs.centre}, scaled by {inputs.scale}; ridge {ridge} of the mean activity; n = {sampled.width}, {sampled.replicas networks} of each width")
            .describe(
                "Share of the variance of the labels that regression on a layer explains, on inputs that it has not seen, at infinite width, over weight scale \
                 and layer (a), with the correlation depth (solid) and six of it (dashed); the same against layer at some weight scales (b): lines are theory \
                 of infinite width, points Monte Carlo, extrapolated from two widths, with standard errors. 0 is what the mean of the labels explains.",
            )
            .grid(2, 72.0)
            .panels([map, lines]);
        vec![figure]
    }
}

impl Params {
    /// Correlation depths on both sides of the transition.
    fn depth_scales(&self, run: &Run) -> Result<Table, RunError> {
        let (first, last) =
            self.sigma_w.values().iter().fold((f64::INFINITY, 0.0f64), |(a, b), &w| (a.min(w), b.max(w)));
        let scales: Vec<f64> = even(first, last, FINE).collect();
        let rows = run.map(&scales, |&sigma_w| {
            let found = correlation_depth(&run.theory(&self.ensemble(sigma_w)?))?;
            let row = |(phase, scale): (Phase, f64)| {
                row! { sigma_w, phase: phase.name(), depth_scale: scale, reach: REACH * scale }
            };
            Ok(found.map(row))
        })?;
        table("scales", rows.into_iter().flatten())
    }
}

/// Weight scales at which correlation depths are drawn.
const FINE: usize = 401;
