//! Finite-width fluctuations of the activity against first-order (1/n) theory.

use crate::experiment::prelude::*;
use crate::theory::finite_width::stationary_activity;

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
    slope: Theory "slope of the activity map at A*";
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
        let samples =
            [("", &self.widths, self.replicas, 0), ("narrow, ", &self.narrow.widths, self.narrow.replicas, NARROW)];
        for (of, widths, replicas, first) in samples {
            for (index, &width) in widths.iter().enumerate() {
                let networks =
                    Networks::new(ensemble, width, deepest(&self.layers), Inputs::single(self.initial_activity)?)?;
                points
                    .add(format!("{of}width = {}", width.get()), replicas, networks.cost(), networks)
                    .at(first + index);
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
        let theory = run.theory(&ensemble);
        rows!(means, variances, deviations);
        let (found, more) = found.split_at(self.widths.len());
        for (&width, found) in self.widths.iter().zip(found) {
            let SingleInput { activities, corrections } =
                single_input(run, &found.point.network, self.initial_activity)?;
            let n = width.get() as f64;
            for (index, &layer) in self.layers.iter().enumerate() {
                means.push(row! {
                    width, layer, replicas: found.replicas(),
                    activity: Compared::new(activities[layer], found.mean(index), corrections[layer].bias),
                });
                let mean = found.mean(index);
                let deviation = Measured::new((mean.mean - activities[layer], stderr(&mean)));
                deviations.push(row! { width, layer, replicas: found.replicas(), deviation });
                let variance = found.moments().variance(index);
                let (sd, expected) = (variance.mean.sqrt(), corrections[layer].variance);
                variances.push(row! {
                    width, layer, replicas: found.replicas(),
                    scaled_variance: Judged::new(n * expected, (n * variance.mean, n * stderr(&variance))),
                    sd: Judged::new(expected.sqrt(), (sd, 0.5 * stderr(&variance) / sd)),
                });
            }
        }
        let mut narrow = Rows::new("narrow");
        for (&width, found) in self.narrow.widths.iter().zip(more) {
            let SingleInput { activities, corrections } =
                single_input(run, &found.point.network, self.initial_activity)?;
            let n = width.get() as f64;
            for (index, &layer) in self.layers.iter().enumerate() {
                let mean = found.mean(index);
                let bias = (n * (mean.mean - activities[layer]), n * stderr(&mean));
                let scaled_bias = Judged::new(n * corrections[layer].bias, bias);
                narrow.push(row! { width, layer, replicas: found.replicas(), scaled_bias });
            }
        }
        let mut curve = Rows::new("curve");
        for width in between(&self.widths) {
            let network = Network::uniform(ensemble, width, deepest(&self.layers))?;
            let SingleInput { activities, corrections } = single_input(run, &network, self.initial_activity)?;
            for &layer in &self.layers {
                let bias = corrections[layer].bias;
                curve.push(row! { width, layer, activity: activities[layer] + bias, bias });
            }
        }
        let star = activity_fixed_point(&theory)?;
        let settled = stationary_activity(&theory, &star)?;
        let mut stationary = Rows::new("stationary");
        stationary.push(row! {
            activity_star: star.activity, slope: star.slope, n_variance: settled.variance, n_bias: settled.bias,
        });
        let tables = [means.table()?, variances.table()?, stationary.table()?, curve.table()?, deviations.table()?];
        Ok(tables.into_iter().chain([narrow.table()?]).collect())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("layer", r"$l = {}$");
        let width = |widths: &[Width]| {
            let widths: Vec<f64> = widths.iter().map(|width| width.get() as f64).collect();
            let axis = Axis::log10(r"width $n$");
            if widths.len() > LABELLED { axis } else { axis.ticks(widths) }
        };
        let figure = Figure::new("activity_width", "Finite-width fluctuations of the activity")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; inputs of activity {initial_activity}; {replicas networks} at each width, {narrow.replicas networks} in (b)")
            .describe(
                "Variance of the activity over networks times the width (a), and its mean less that of infinitely wide networks, times \
                 the width, in many more networks that are narrow (b), against width: theory to first order in 1/n dashed; Monte Carlo as \
                 points with their standard errors.",
            )
            .grid(2, 76.0)
            .shared_legend()
            .panel(
                Panel::new(width(&self.widths), Axis::linear(r"scaled variance $n \Var A^l$"))
                    .series(
                        Series::finite_width("variances", "width", "scaled_variance_theory")
                            .by(&by)
                            .key("theory, order $1/n$"),
                    )
                    .found("variances", "width", "scaled_variance", &by),
            )
            .panel(
                Panel::new(
                    width(&self.narrow.widths),
                    Axis::linear(r"scaled bias $n (\langle A^l \rangle - A^l_\infty)$"),
                )
                .series(Series::finite_width("narrow", "width", "scaled_bias_theory").by(&by))
                .found_unkeyed("narrow", "width", "scaled_bias", &by),
            );
        vec![figure]
    }
}

/// Address of the random numbers of the first narrow networks: more of the others move none.
const NARROW: usize = 1 << 20;

/// So many widths have a label each.
const LABELLED: usize = 6;

/// Widths between the narrowest and the widest, close enough to draw a smooth curve.
fn between(widths: &[Width]) -> Vec<Width> {
    const DECADE: f64 = 24.0;
    let (Some(&least), Some(&most)) = (widths.iter().min(), widths.iter().max()) else { return Vec::new() };
    let (from, to) = (least.get() as f64, most.get() as f64);
    let count = (DECADE * log10(to / from)).ceil() as usize + 1;
    let inner = geometric(from, to, count.max(2)).filter_map(|n| Width::new(n.round() as u64).ok());
    let mut all: Vec<Width> = inner.filter(|width| (least..=most).contains(width)).chain([least, most]).collect();
    all.sort_unstable();
    all.dedup();
    all
}
