//! Finite-width fluctuations of the activity against first-order (1/n) theory.

use crate::experiment::prelude::*;
use crate::numerics::spacing::whole;
use crate::theory::finite_width::{Correction, stationary_activity};

parameters! {
    Params {
        activation, sigma_w: WeightStd, sigma_b, initial_activity, widths,
        layers: LayersOfNetwork => "Layers to report; the deepest one is the depth of the network.",
        replicas: Replicas,
        narrow: Narrow,
    }

    /// Narrow networks, so many that the bias of the mean stands out of its standard error.
    Narrow {
        widths, replicas: Replicas,
    }
}

columns! {
    scaled_variance: Theory "n Var(A^l), n times the variance over networks of the activity; in theory to first order in 1/n";
    scaled_bias: Theory "n (E[A^l] - A^l_inf), n times the mean activity less that of infinitely wide networks; in theory to first order in 1/n";
    sd: Theory "standard deviation over networks of the activity A^l; in theory to first order in 1/n";
    n_variance: Theory "n Var(A) of deep layers at A*, to first order in 1/n";
    activity {
        curve: Theory "mean activity E[A^l] to first order in 1/n";
    }
    deviation: MonteCarlo "mean activity over networks minus that of infinitely wide ones";
    bias: Theory "mean activity minus that of infinitely wide networks, to first order in 1/n";
    n_bias: Theory "n (E[A] - A*) of deep layers, to first order in 1/n";
}

impl Experiment for Params {
    type Point = Networks;
    const UNJUDGED: &'static str = "
        deviations.deviation | the mean that table means judges, less a constant
    ";

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        let inputs = Inputs::single(self.initial_activity)?;
        let samples =
            [("", &self.widths, self.replicas, 0), ("narrow, ", &self.narrow.widths, self.narrow.replicas, NARROW)];
        for (of, widths, replicas, first) in samples {
            for (index, &width) in widths.iter().enumerate() {
                let networks = Networks::new(ensemble, width, deepest(&self.layers), inputs.clone())?;
                let label = format!("{of}width = {}", width.get());
                points.add(label, replicas, networks.cost(), networks).at(first + index);
            }
        }
        Ok(())
    }

    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        let layers = networks.sample(at)?;
        Ok(self.layers.iter().map(|&layer| activity(&layers[layer])).collect())
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        rows!(means, variances, stationary, curve, deviations, narrow);
        for (place, found) in found.iter().enumerate() {
            let (network, replicas) = (&found.point.network, found.replicas());
            let SingleInput { activities, corrections } = single_input(run, network, self.initial_activity)?;
            let width = network.widths()[0];
            let n = width.get() as f64;
            for (index, &layer) in self.layers.iter().enumerate() {
                let (mean, Correction { bias, variance }) = (found.mean(index), corrections[layer]);
                let apart = mean.mean - activities[layer];
                if place >= self.widths.len() {
                    let scaled_bias = Judged::new(n * bias, (n * apart, n * stderr(&mean)));
                    narrow.push(row! { width, layer, replicas, scaled_bias });
                    continue;
                }
                means.push(row! { width, layer, replicas, activity: Compared::new(activities[layer], mean, bias) });
                deviations.push(row! { width, layer, replicas, deviation: Measured::new((apart, stderr(&mean))) });
                let found = found.moments().variance(index);
                variances.push(row! {
                    width, layer, replicas, scaled_variance: Judged::new(n * variance, found.times(n)),
                    sd: Judged::new(variance.sqrt(), found.root()),
                });
            }
        }
        let (narrowest, widest) = (self.widths.iter().min(), self.widths.iter().max());
        for n in narrowest.zip(widest).map_or(Vec::new(), |(from, to)| whole(from.get(), to.get(), DECADE)) {
            let network = Network::uniform(ensemble, Width::new(n)?, deepest(&self.layers))?;
            let SingleInput { activities, corrections } = single_input(run, &network, self.initial_activity)?;
            for &layer in &self.layers {
                let bias = corrections[layer].bias;
                curve.push(row! { width: n, layer, activity: activities[layer] + bias, bias });
            }
        }
        let theory = run.theory(&ensemble);
        let star = activity_fixed_point(&theory)?;
        let settled = stationary_activity(&theory, &star)?;
        stationary.push(row! {
            activity_star: star.activity, slope: star.slope, n_variance: settled.variance, n_bias: settled.bias,
        });
        Ok(tables![means, variances, stationary, curve, deviations, narrow].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("layer", r"$l = {}$");
        let width = |widths: &[Width]| {
            let widths: Vec<f64> = widths.iter().map(|width| width.get() as f64).collect();
            let axis = Axis::log10(r"width $n$");
            if widths.len() > LABELLED { axis } else { axis.ticks(widths) }
        };
        let theory = |table: &str, y: &str| Series::finite_width(table, "width", y).by(&by);
        let variance = Panel::new(width(&self.widths), Axis::linear(r"scaled variance $n \Var A^l$"))
            .series(theory("variances", "scaled_variance_theory").key("theory, order $1/n$"))
            .found("variances", "width", "scaled_variance", &by);
        let bias = Axis::linear(r"scaled bias $n (\langle A^l \rangle - A^l_\infty)$");
        let bias = Panel::new(width(&self.narrow.widths), bias)
            .series(theory("narrow", "scaled_bias_theory"))
            .found_unkeyed("narrow", "width", "scaled_bias", &by);
        let figure = Figure::new("activity_width", "Finite-width fluctuations of the activity")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; inputs of activity {initial_activity}; {replicas networks} at each width, {narrow.replicas networks} in (b)")
            .describe(
                "Variance of the activity over networks times the width (a), and its mean less that of infinitely wide networks, times \
                 the width, in many more networks that are narrow (b), against width: theory to first order in 1/n dashed; Monte Carlo as \
                 points with their standard errors.",
            )
            .grid(2, 76.0)
            .shared_legend()
            .panels([variance, bias]);
        vec![figure]
    }
}

/// Address of the random numbers of the first narrow networks: more of the others move none.
const NARROW: usize = 1 << 20;

/// So many widths have a label each.
const LABELLED: usize = 6;

/// Widths of the curves in a decade, close enough to draw them smooth.
const DECADE: f64 = 24.0;
