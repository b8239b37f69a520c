//! Convergence of the activity to its fixed point from several inputs (Poole et al. 2016, figure 1B).

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation,
        sigma_w: List<WeightStd> => "Weight scales `sigma_w`, one panel each: weights are `N(0, sigma_w^2 / n)`.",
        sigma_b,
        initial_activities: NonNegativeGrid => "Activities of the inputs.",
        depth, width, replicas: Replicas,
    }
}

columns! {
    initial_activity: Parameter "activity A^0 = |x^0|^2 / n of the input";
    slope: Theory "slope of the activity map at A*, the factor by which a small deviation from A* shrinks in one layer";
}

/// The last layer shown: beyond it all inputs have the activity of the fixed point.
const SHOWN: f64 = 5.0;

impl Experiment for Params {
    type Point = Networks;

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            for &initial in self.initial_activities.values() {
                let networks = Networks::new(ensemble, self.width, self.depth, Inputs::single(initial)?)?;
                let label = format!("sigma_w = {}, initial_activity = {initial}", sigma_w.get());
                points.add(label, self.replicas, networks.cost(), networks);
            }
        }
        Ok(())
    }

    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        Ok(in_layers(&networks.sample(at)?, activity))
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        rows!(layers, fixed: "fixed_points");
        for found in found {
            let Networks { network, inputs } = &found.point;
            let (sigma_w, initial_activity) = (network.ensemble.sigma_w, activity(inputs.gram()));
            let SingleInput { activities, corrections } = single_input(run, network, initial_activity)?;
            for layer in 0..=self.depth {
                layers.push(row! {
                    sigma_w, initial_activity, layer, replicas: found.replicas(),
                    activity: Corrected::new(activities[layer], found.mean(layer), corrections[layer].bias),
                });
            }
        }
        for &sigma_w in &self.sigma_w {
            let theory = run.theory(&Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b });
            let Some(star) = settled(&theory)? else { continue };
            fixed.push(row! { sigma_w, activity_star: star.activity, slope: star.slope, iterations: star.iterations });
        }
        Ok(tables![layers, fixed].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("initial_activity", r"$A^0 = {}$");
        let panel = |&sigma_w: &WeightStd| {
            let of = |table: &str| Select::table(table).filter("sigma_w", sigma_w.get());
            let layer = Axis::linear(r"layer $l$").range(-0.2, SHOWN + 0.5);
            let mut panel = Panel::new(layer, Axis::linear(r"activity $A^l$").low(0.0))
                .title(format!(r"$\sigma_w = {}$", sigma_w.get()));
            if settles(&Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b }) {
                let star = Series::horizontals(of("fixed_points"), "activity_star");
                panel = panel.series(star.key("fixed point $A^*$"));
            }
            panel.compare(of("layers"), "layer", "activity", &by)
        };
        let figure = Figure::new("activity_convergence", "Convergence of the activity")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each point")
            .describe(
                "Activity against layer from several inputs, one panel for each weight scale, in the first layers: lines are the theory of infinite \
                 width, points means over networks with their standard errors, dotted lines the fixed point. The sum of residuals is over all \
                 layers and includes the 1/n correction.",
            )
            .grid(self.sigma_w.len(), 72.0)
            .shared_legend()
            .panels(self.sigma_w.iter().map(panel));
        vec![figure]
    }
}
