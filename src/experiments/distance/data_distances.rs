//! Distances of inputs that somebody measured through the layers, within classes and between them, in networks of several phases.
//!
//! All inputs go through each network together, by the exact law of their Gram matrix. Theory at infinite width is judged against the extrapolation
//! `2 m(2n) - m(n)` of two widths, which has no term of order 1/n.

use crate::experiment::data::Given;
use crate::experiment::prelude::*;
use crate::numerics::spread::alone;
use crate::theory::gram::kernels;

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b,
        inputs: Plain<Given> => "Inputs from a file, with their labels where there are any; an input is a row.",
        depth,
        width => "The smaller number of neurons a layer, `n`; the larger is `2n`.",
        replicas: WidthReplicas,
    }
}

columns! {
    pairs: Label "pairs of inputs that the mean is over: of the same class, of different classes, or all pairs where inputs have no labels";
    distance: Theory "squared distance D^l of two postactivations, mean over pairs of inputs and networks; Monte Carlo: 2 m(2n) - m(n) of two widths";
    ratio: Theory "mean distance between classes over that within classes, of one network; Monte Carlo: 2 m(2n) - m(n) of two widths";
}

/// Which pairs a mean is over, where inputs have labels.
const LABELLED: [&str; 2] = ["different classes", "same class"];
/// The same where they have none.
const UNLABELLED: [&str; 1] = ["all pairs"];

impl Params {
    fn kinds(&self) -> &'static [&'static str] {
        if self.inputs.is_labelled() { &LABELLED } else { &UNLABELLED }
    }

    /// The pairs of each kind.
    fn pairs(&self) -> Result<Vec<Vec<(usize, usize)>>, RunError> {
        let mut pairs = vec![Vec::new(); self.kinds().len()];
        let labels = self.inputs.labels()?;
        for i in 0..self.inputs.count()? {
            for j in 0..i {
                let kind = labels.map_or(0, |labels| usize::from(labels[i] == labels[j]));
                pairs[kind].push((i, j));
            }
        }
        match self.kinds().iter().zip(&pairs).find(|(_, pairs)| pairs.is_empty()) {
            None => Ok(pairs),
            Some((kind, _)) => {
                let message = format!("there are no pairs of inputs ({kind}); take more rows");
                Err(RunError::Field { field: "parameters.inputs".into(), message })
            }
        }
    }

    /// What is observed of a Gram matrix: the mean distance of each kind of pairs, then their ratio.
    fn observed(&self, pairs: &[Vec<(usize, usize)>], overlap: &dyn Fn(usize, usize) -> f64) -> Vec<f64> {
        let distance = |&(i, j): &(usize, usize)| overlap(i, i) + overlap(j, j) - 2.0 * overlap(i, j);
        let mean = |pairs: &Vec<(usize, usize)>| pairs.iter().map(distance).sum::<f64>() / pairs.len() as f64;
        let mut observed: Vec<f64> = pairs.iter().map(mean).collect();
        if let [between, within] = observed[..] {
            observed.push(between / within);
        }
        observed
    }

    fn ensemble(&self, sigma_w: WeightStd) -> Ensemble {
        Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b }
    }
}

impl Experiment for Params {
    /// Networks, and the pairs of each kind of what they are shown.
    type Point = (Networks, Vec<Vec<(usize, usize)>>);

    fn inputs(&self) -> Option<&Given> {
        Some(&self.inputs)
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let (gram, pairs) = (self.inputs.gram()?, self.pairs()?);
        let inputs = Inputs::points(SymmetricMatrix::from_fn(gram.len(), |i, j| gram[i][j]))?;
        for &sigma_w in &self.sigma_w {
            for width in [self.width, Width::new(2 * self.width.get())?] {
                let networks = Networks::new(self.ensemble(sigma_w), width, self.depth, inputs.clone())?;
                let label = format!("sigma_w = {}, width = {}", sigma_w.get(), width.get());
                points.keep(label, self.replicas, networks.cost_of(self.replicas), (networks, pairs.clone()));
            }
        }
        Ok(())
    }

    fn observe(&self, (networks, pairs): &Self::Point, at: &Address) -> Observed {
        let layers = networks.sample(at)?;
        Ok(layers.iter().flat_map(|gram| self.observed(pairs, &|i, j| gram.get(i, j))).collect())
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let (gram, pairs) = (self.inputs.gram()?, self.pairs()?);
        let theory = run.map(&self.sigma_w, |&sigma_w| {
            let mut layers = Vec::new();
            let theory = run.theory(&self.ensemble(sigma_w));
            kernels(&theory, gram.clone(), self.depth, false, &alone, &mut |_, gram| {
                layers.push(self.observed(&pairs, &|i, j| gram[i][j]));
            })?;
            Ok(layers)
        })?;
        let kinds = self.kinds();
        let each = kinds.len() + usize::from(kinds.len() == LABELLED.len());
        rows!(distances: "layers", ratios: "ratio");
        for ((&sigma_w, theory), found) in self.sigma_w.iter().zip(&theory).zip(found.chunks(2)) {
            for (layer, theory) in theory.iter().enumerate() {
                let of = |index: usize| {
                    let place = layer * each + index;
                    Judged::new(theory[index], extrapolated(&found[0].mean(place), &found[1].mean(place)))
                };
                for (kind, &pairs) in kinds.iter().enumerate() {
                    distances.push(row! { sigma_w, pairs, layer, replicas: self.replicas, distance: of(kind) });
                }
                if each > kinds.len() {
                    ratios.push(row! { sigma_w, layer, replicas: self.replicas, ratio: of(kinds.len()) });
                }
            }
        }
        Ok(if each > kinds.len() { tables![distances, ratios].into() } else { tables![distances].into() })
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$").ramp();
        let of = |kind: &str| Select::table("layers").filter("pairs", kind);
        let kinds = self.kinds();
        let mut panel = over_layers(Axis::log10(r"mean distance $D^l$"));
        for (index, kind) in kinds.iter().enumerate() {
            let line = if index == 0 { Dash::Solid } else { Dash::LongDash };
            panel = panel
                .series(Series::line(of(kind), "layer", "distance_theory", line).by(by.quiet().grey()).key(*kind))
                .series(Series::line(of(kind), "layer", "distance_theory", line).by(by.quiet()))
                .series(Series::found(of(kind), "layer", "distance").by(if index == 0 {
                    by.clone()
                } else {
                    by.quiet()
                }));
        }
        let panel = panel.residual(Residual::new("layers", "layer", "distance").by(by.quiet()));
        let figure = Figure::new("data_distances", "Distances of measured inputs through the layers")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; inputs of {inputs.file}, rows {inputs.rows}, centred by {inputs.centre}, scaled by {inputs.scale}; n = {width}, {replicas networks} of each width")
            .grid(2, 72.0);
        if kinds.len() < LABELLED.len() {
            let text = "Mean distance of all pairs of inputs against layer: lines are theory of infinite width, points Monte Carlo, extrapolated from two \
                        widths, with standard errors.";
            return vec![figure.columns(1).describe(text).panel(panel)];
        }
        let ratios = over_layers(Axis::linear(r"ratio of mean $D^l$, between over within classes").include(1.0))
            .series(Series::theory("ratio", "layer", "ratio_theory").by(by.quiet()).key(r"theory, $n \to \infty$"))
            .series(Series::found("ratio", "layer", "ratio").by(by.quiet()).key("Monte Carlo"))
            .residual(Residual::new("ratio", "layer", "ratio").by(by.quiet()));
        let text = "Mean distance of pairs of inputs against layer (a), of different classes and of the same class, and the ratio of both (b), at several \
                    weight scales: lines are theory of infinite width, points Monte Carlo, extrapolated from two widths, with standard errors.";
        vec![figure.describe(text).shared_legend().panel(panel).panel(ratios)]
    }
}
