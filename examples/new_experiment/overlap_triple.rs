//! Three inputs through the layers: mean and variance over networks of their three overlaps, next to theory with its 1/n corrections.

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation, sigma_w: WeightScale, sigma_b,
        input_activity: Positive => "Activity `A^0` of all three inputs.",
        input_overlaps: Plain<[f64; 3]> => "Overlaps of the inputs 1 and 2, 1 and 3, 2 and 3.",
        depth, width, replicas: Replicas,
    }
}

columns! {
    pair: Label "the two inputs, counted from 1";
    overlap: Theory "overlap C^l = x^l . x'^l / n of two signals, the mean over networks";
    variance: Theory "n times the variance of that overlap over networks";
}

/// Name and place of each pair.
const PAIRS: [(&str, usize, usize); 3] = [("1 and 2", 0, 1), ("1 and 3", 0, 2), ("2 and 3", 1, 2)];

impl Experiment for Params {
    type Point = Networks;

    fn check(&self) -> Result<(), ParameterError> {
        let [a, b, c] = self.input_overlaps.map(|overlap| overlap / self.input_activity);
        // the determinant of the Gram matrix, and its minors
        let possible = 1.0 + 2.0 * a * b * c > a * a + b * b + c * c && [a, b, c].iter().all(|x| x.abs() < 1.0);
        let (found, allowed) = (format!("{:?}", self.input_overlaps), "overlaps that three different inputs have");
        refuse_where(!possible, "input_overlaps", found, allowed)
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        let overlap = |i: usize, j: usize| self.input_overlaps[i + j - 1];
        let gram = SymmetricMatrix::from_fn(3, |i, j| if i == j { self.input_activity } else { overlap(i, j) });
        let networks = Networks::new(ensemble, self.width, self.depth, Inputs::points(gram)?)?;
        points.add("three inputs", self.replicas, networks.cost(), networks);
        Ok(())
    }

    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        let layers = networks.sample(at)?;
        Ok(layers.iter().flat_map(|gram| PAIRS.map(|(_, i, j)| gram.get(i, j))).collect())
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        let mut rows = Rows::new("overlaps");
        let n = self.width.get() as f64;
        for found in found {
            let network = &found.point.network;
            for (index, (pair, ..)) in PAIRS.into_iter().enumerate() {
                let input =
                    PairState::equal(self.input_activity, 2.0 * (self.input_activity - self.input_overlaps[index]));
                let theory = pair_corrections(&run.theory(&network.ensemble), input, network.widths())?;
                for (layer, theory) in theory.iter().enumerate() {
                    let observable = layer * PAIRS.len() + index;
                    let (mean, spread) = (found.mean(observable), found.moments().variance(observable));
                    let overlap = Compared::new(theory.state.overlap(), mean, theory.overlap().bias);
                    let spread = (n * spread.mean, n * stderr(&spread));
                    let variance = Judged::new(n * theory.overlap().variance, spread);
                    rows.push(row! { pair, layer, replicas: found.replicas(), overlap, variance });
                }
            }
        }
        Ok(vec![rows.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("pair", "{}");
        let panel = |y: &str, quantity: &str| {
            Panel::new(Axis::linear("layer $l$"), Axis::linear(y)).compare("overlaps", "layer", quantity, &by)
        };
        let figure = Figure::new("overlap_triple", "Three overlaps through the layers")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {width}, {replicas networks}")
            .describe(
                "Mean over networks (a) and n times the variance (b) of the three overlaps of three inputs against layer: theory \
                 as lines, simulated networks as points; the residuals of the mean include its 1/n correction.",
            )
            .double()
            .columns(2)
            .shared_legend();
        vec![figure.panel(panel("overlap $C^l$", "overlap")).panel(panel(r"$n \, \mathrm{Var}\, C^l$", "variance"))]
    }
}
