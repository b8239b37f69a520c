//! Finite-width fluctuations of the activity against first-order (1/n) theory.

use crate::experiment::prelude::*;
use crate::theory::finite_width::stationary_activity;

parameters! {
    Params {
        activation, sigma_w: WeightStd, sigma_b, initial_activity, widths,
        layers: LayersOfNetwork => "Layers to report; the deepest one is the depth of the network.",
        replicas: Replicas,
    }
}

columns! {
    scaled_variance: Theory "n Var(A^l), n times the variance over networks of the activity; in theory to first order in 1/n";
    sd: Theory "standard deviation over networks of the activity A^l; in theory to first order in 1/n";
    slope: Theory "slope of the activity map at A*";
    n_variance: Theory "n Var(A) of deep layers at A*, to first order in 1/n";
    n_bias: Theory "n (E[A] - A*) of deep layers, to first order in 1/n";
}

impl Experiment for Params {
    type Point = Networks;

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        for &width in &self.widths {
            let networks =
                Networks::new(ensemble, width, deepest(&self.layers), Inputs::single(self.initial_activity)?)?;
            points.add(format!("width = {}", width.get()), self.replicas, networks.cost(), networks);
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
        let mut means = Rows::new("means");
        let mut variances = Rows::new("variances");
        for (&width, found) in self.widths.iter().zip(found) {
            let SingleInput { activities, corrections } =
                single_input(run, &found.point.network, self.initial_activity)?;
            let n = width.get() as f64;
            for (index, &layer) in self.layers.iter().enumerate() {
                means.push(row! {
                    width, layer, replicas: found.replicas(),
                    activity: Compared::new(activities[layer], found.mean(index), corrections[layer].bias),
                });
                let variance = found.moments().variance(index);
                let (sd, expected) = (variance.mean.sqrt(), corrections[layer].variance);
                variances.push(row! {
                    width, layer, replicas: found.replicas(),
                    scaled_variance: Judged::new(n * expected, (n * variance.mean, n * stderr(&variance))),
                    sd: Judged::new(expected.sqrt(), (sd, 0.5 * stderr(&variance) / sd)),
                });
            }
        }
        let star = activity_fixed_point(&theory)?;
        let settled = stationary_activity(&theory, &star)?;
        let mut stationary = Rows::new("stationary");
        stationary.push(row! {
            activity_star: star.activity, slope: star.slope, n_variance: settled.variance, n_bias: settled.bias,
        });
        Ok(vec![means.table()?, variances.table()?, stationary.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("layer", r"$l = {}$");
        let width = || Axis::log10(r"width $n$");
        let figure = Figure::new("activity_width", "Finite-width fluctuations of the activity")
            .describe(
                "Standard deviation of the activity over networks against width (a), the same scaled by the width (b) and \
                 the mean (c): first-order theory as dashed lines, Monte Carlo as points.",
            )
            .grid(3, 70.0)
            .shared_legend()
            .panel(
                Panel::new(width(), Axis::log10(r"sd of activity $A^l$"))
                    .scaling("n^{-1/2}", 0.55, 0.72)
                    .series(Series::finite_width("variances", "width", "sd_theory").by(&by).key("theory, order $1/n$"))
                    .found("variances", "width", "sd", &by),
            )
            .panel(
                Panel::new(width(), Axis::linear(r"scaled variance $n \Var A^l$").low(0.0))
                    .series(Series::horizontals("stationary", "n_variance").key(r"stationary"))
                    .series(Series::finite_width("variances", "width", "scaled_variance_theory").by(&by))
                    .found_unkeyed("variances", "width", "scaled_variance", &by),
            )
            .panel(
                Panel::new(width(), Axis::linear(r"mean activity $\langle A^l \rangle$"))
                    .series(Series::theory("means", "width", "activity_theory").by(&by).key(r"$n \to \infty$"))
                    .series(Series::finite_width("means", "width", "activity_expected").by(&by))
                    .found_unkeyed("means", "width", "activity", &by),
            );
        vec![figure]
    }
}
