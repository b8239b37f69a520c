//! The activity map `A -> chi_0(A)` and the length map `q -> V(q)`, their fixed points, and one Monte Carlo layer
//! (Poole et al. 2016, figure 1A, in both conventions).

use crate::experiment::prelude::*;
use crate::theory::activity::variance_map;
use crate::theory::moments::mean_square;
use std::f64::consts::LN_10;

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b,
        variances: NonNegativeGrid => "Preactivation variances of the curves.",
        sampled_variances: NonNegativeGrid => "Preactivation variances of the simulated layers.",
        width, replicas: Replicas,
    }
}

columns! {
    q: Parameter "variance q = sigma_w^2 A + sigma_b^2 of the preactivations of one layer";
    activity {
        fine: Parameter "activity A = (q - sigma_b^2) / sigma_w^2 of the input of that layer, at points close enough to draw a smooth curve";
        curve: Parameter "activity A = (q - sigma_b^2) / sigma_w^2 of the input of that layer; negative where no input has this q";
        monte_carlo: Parameter "activity A = (q - sigma_b^2) / sigma_w^2 of the input of that layer";
    }
    next_q: Theory "variance V(q) of the preactivations one layer on (length map)";
    next_activity: Theory "activity after one layer, E[phi(u)^2] with u ~ N(0, q)";
}

/// The least activity shown.
const LEAST: f64 = 0.03;

impl Experiment for Params {
    type Point = Networks;

    fn check(&self) -> Result<(), ParameterError> {
        let least = self.sigma_b.squared() * (1.0 - 1e-12);
        let found = self.sampled_variances.values().iter().find(|&&q| q < least);
        refuse("sampled_variances", found, "at least sigma_b^2, the variance that a silent input has")
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            for &q in self.sampled_variances.values() {
                let inputs = Inputs::single(input(&ensemble, q))?;
                let networks = Networks::new(ensemble, self.width, 1, inputs)?;
                points.add(format!("sigma_w = {}, q = {q}", sigma_w.get()), self.replicas, networks.cost(), networks);
            }
        }
        Ok(())
    }

    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        Ok(vec![activity(&networks.sample(at)?[1])])
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        rows!(curve, fine, layer: "monte_carlo", fixed: "fixed_points");
        let mut found = found.iter();
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            let theory = run.theory(&ensemble);
            for &q in self.variances.values() {
                let (activity, next_activity) = (input(&ensemble, q), mean_square(theory.activation, q));
                curve.push(row! { sigma_w, q, activity, next_q: variance_map(&theory, q), next_activity });
            }
            let most = self.variances.values().iter().map(|&q| input(&ensemble, q)).fold(LEAST, f64::max);
            let next = |activity: f64| mean_square(theory.activation, theory.preactivation_variance(activity));
            let frame = [log10(LEAST), log10(most), -2.0, 0.0];
            let grid = even(log10(LEAST), log10(most), 25);
            for (x, _) in fine_curve(grid, frame, |x| Ok(log10(next(exp(x * LN_10)))))? {
                let activity = exp(x * LN_10);
                let (q, next_activity) = (theory.preactivation_variance(activity), next(activity));
                let next_q = theory.preactivation_variance(next_activity);
                fine.push(row! { sigma_w, q, activity, next_q, next_activity });
            }
            for (&q, found) in self.sampled_variances.values().iter().zip(found.by_ref()) {
                let (activity, mean) = (input(&ensemble, q), found.mean(0));
                let expected = mean_square(theory.activation, theory.preactivation_variance(activity));
                let length = (ensemble.preactivation_variance(mean.mean), sigma_w.squared() * stderr(&mean));
                layer.push(row! {
                    sigma_w, q, replicas: found.replicas(), activity, next_activity: Judged::new(expected, mean),
                    next_q: Judged::new(theory.preactivation_variance(expected), length),
                });
            }
            // a map without a fixed point, or with every point fixed, has its curve all the same
            let Some(star) = settled(&theory)? else { continue };
            fixed.push(row! {
                sigma_w, q_star: star.q, activity_star: star.activity, slope: star.slope,
                chi_1: chi_1(&theory, star.q), iterations: star.iterations,
            });
        }
        Ok(tables![curve, fine, layer, fixed].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let ensemble = |&sigma_w: &WeightStd| Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
        let any = self.sigma_w.iter().any(|sigma_w| settles(&ensemble(sigma_w)));
        let panel = |x: Axis, y: &str, column: &str| {
            let next = format!("next_{column}");
            let panel = Panel::new(x, Axis::log10(y)).beside(("fine", &next), "monte_carlo", column, &next, &by);
            let star = format!("{column}_star");
            // series of a table without rows cannot be drawn
            if any { panel.series(Series::points("fixed_points", &star, &star).label("fixed point")) } else { panel }
        };
        let figure = Figure::new("activity_map", "Activity map and length map")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each point")
            .describe(
                "One layer of the preactivation variance (a) and of the activity (b): infinite-width theory as lines, \
                 means over single layers of finite networks as points with their standard errors, fixed points as circles on the identity (dotted).",
            )
            .grid(2, 78.0)
            .shared_legend()
            .panel(
                panel(Axis::log10(r"preactivation variance $q^l$"), r"next variance $q^{l+1}$", "q")
                    .marked(Rule::Diagonal, "identity"),
            )
            .panel(
                panel(Axis::log10(r"activity $A^l$").low(LEAST), r"next activity $A^{l+1}$", "activity")
                    .rule(Rule::Diagonal),
            );
        vec![figure]
    }
}

/// Activity of the input whose first preactivations have this variance.
fn input(ensemble: &Ensemble, q: f64) -> f64 {
    (q - ensemble.sigma_b.squared()) / ensemble.sigma_w.squared()
}
