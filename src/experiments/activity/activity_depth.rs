//! The depth scale `xi_q` of the activity, the exponential approach it sets, and a network of unequal widths.

use crate::experiment::prelude::*;
use crate::theory::activity::{activity_trajectory, depth_scale};

parameters! {
    Params {
        activation,
        sigma_w: NonNegativeGrid => "Weight scales of the depth-scale curves.",
        sigma_b: BiasScales, approach: Approach, unequal: Unequal,
    }

    /// Exponential approach to the fixed point.
    Approach {
        sigma_w: WeightScales, sigma_b, initial_activity, depth,
    }

    /// A network whose width changes from layer to layer.
    Unequal {
        sigma_w: WeightStd, sigma_b, initial_activity,
        widths: List<Width> => "Neurons of each layer, from the first to the last.",
        replicas: Replicas => "Number of networks.",
    }
}

columns! {
    sigma_w {
        curve: Parameter "weight scale, at points close enough to draw a smooth curve";
    }
    depth_scale: Theory ["layers"] "depth scale xi_q = -1 / ln |slope| of the activity";
    gap: Theory "deviation |A^l - A*| of the activity from its fixed point";
    exponential: Approximation "exponential approach |slope|^l to A*, through the gap in the layer at half the depth";
    width {
        unequal_widths: Parameter ["neurons"] "number n of neurons in this layer";
    }
    sd: Theory "standard deviation over networks of the activity A^l; in theory to first order in 1/n";
}

/// The largest depth scale shown.
const TOP: f64 = 8.0;

impl Experiment for Params {
    type Point = Networks;

    fn check(&self) -> Result<(), ParameterError> {
        check_scales("sigma_w", self.sigma_w.values())
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let Unequal { sigma_w, sigma_b, initial_activity, ref widths, replicas } = self.unequal;
        let network = Network::new(Ensemble { activation: self.activation, sigma_w, sigma_b }, widths.clone())?;
        let networks = Networks { network, inputs: Inputs::single(initial_activity)? };
        points.add("unequal widths", replicas, networks.cost(), networks);
        Ok(())
    }

    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        Ok(in_layers(&networks.sample(at)?, activity))
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        rows!(scales, curve, approach, unequal: "unequal_widths");
        let grid = self.sigma_w.values();
        let (first, last) = ends(grid);
        for &sigma_b in &self.sigma_b {
            let slope = |w: f64| {
                let theory = run.theory(&Ensemble { sigma_b, ..Ensemble::new(self.activation, w, 0.0)? });
                Ok::<_, RunError>(activity_fixed_point(&theory)?.slope)
            };
            for &sigma_w in grid {
                let slope = slope(sigma_w)?;
                // at a marginal point the scale is infinite: no row, and the curve ends there
                scales.extend(depth_scale(slope).map(|depth_scale| row! { sigma_b, sigma_w, depth_scale, slope }));
            }
            let points = fine_curve(grid.iter().copied(), [first, last, 0.0, TOP], |w| {
                Ok(depth_scale(slope(w)?).unwrap_or(f64::INFINITY))
            })?;
            let points = points.into_iter().filter(|(_, scale)| scale.is_finite());
            curve.extend(points.map(|(sigma_w, depth_scale)| row! { sigma_b, sigma_w, depth_scale }));
        }
        for &sigma_w in &self.approach.sigma_w {
            let (sigma_b, initial) = (self.approach.sigma_b, self.approach.initial_activity);
            let theory = run.theory(&Ensemble { activation: self.activation, sigma_w, sigma_b });
            let star = activity_fixed_point(&theory)?;
            let activities = activity_trajectory(&theory, initial, self.approach.depth)?;
            // the exponential is anchored where the approach has become linear
            let anchor = self.approach.depth / 2;
            let anchored = (activities[anchor] - star.activity).abs();
            for (layer, &value) in activities.iter().enumerate() {
                let gap = (value - star.activity).abs();
                let before = (layer..anchor).fold(anchored, |gap, _| gap / star.slope.abs());
                let exponential = (anchor..layer).fold(before, |gap, _| gap * star.slope.abs());
                if gap > 1e-13 {
                    approach.push(row! { sigma_w, layer, gap, exponential });
                }
            }
        }
        for found in found {
            let network = &found.point.network;
            let SingleInput { activities, corrections } = single_input(run, network, self.unequal.initial_activity)?;
            for (layer, width) in (1..).zip(network.widths()) {
                unequal.push(row! {
                    layer, width, replicas: found.replicas(),
                    activity: Compared::new(activities[layer], found.mean(layer), corrections[layer].bias),
                    sd: Judged::new(corrections[layer].variance.sqrt(), found.moments().variance(layer).root()),
                });
            }
        }
        Ok(tables![scales, curve, approach, unequal].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let layer = || {
            let widths = self.unequal.widths.iter().enumerate();
            let labels = widths.map(|(layer, width)| (layer as f64 + 1.0, format!("${}$", width.get())));
            Axis::linear(r"layer $l$").opposite(r"width $n_l$", labels)
        };
        let scale =
            Panel::new(Axis::linear(r"weight scale $\sigma_w$"), Axis::linear(r"depth scale $\xi_q$").range(0.0, TOP))
                .series(Series::theory("curve", "sigma_w", "depth_scale").by(By::new("sigma_b", r"$\sigma_b = {}$")));
        let law = Series::line("approach", "layer", "exponential", Dash::DashDot).by(By::unlabelled("sigma_w"));
        let approach = over_layers(Axis::log10(r"distance to fixed point $|A^l - A^*|$").range(1e-13, 1.0))
            .series(Series::points("approach", "layer", "gap").by(By::new("sigma_w", r"$\sigma_w = {}$")).in_place())
            .series(law.key(r"$\propto \exp(-l/\xi_q)$"));
        let first_order = |y: &str| Series::finite_width("unequal_widths", "layer", y).key("order $1/n$");
        let mean = Panel::new(layer(), Axis::linear(r"mean activity $\langle A^l \rangle$"))
            .title("network with a bottleneck")
            .series(Series::theory("unequal_widths", "layer", "activity_theory").key(r"$n \to \infty$"))
            .series(first_order("activity_expected"))
            .found("unequal_widths", "layer", "activity", None);
        let spread = Panel::new(layer(), Axis::log10(r"sd of activity $A^l$"))
            .title("network with a bottleneck")
            .series(first_order("sd_theory"))
            .found("unequal_widths", "layer", "sd", None);
        let figure = Figure::new("activity_depth", "Depth scale of the activity")
            .setting("phi(u) = {activation}; sigma_b = {approach.sigma_b} and inputs of activity {approach.initial_activity} in (b); sigma_w = {unequal.sigma_w}, sigma_b = {unequal.sigma_b}, inputs of activity {unequal.initial_activity}, widths {unequal.widths} from layer to layer and {unequal.replicas networks} in (c) and (d)")
            .describe(
                "Depth scale of the approach of the activity to its fixed point against weight scale (a), the approach \
                 itself in the theory of infinite width, layer by layer, with the exponential of that scale, dash-dotted (b), and a network with a bottleneck: mean (c) and standard \
                 deviation (d) of the activity over networks, points with their standard errors beside the theory of infinite width (solid) \
                 and to first order in 1/n (dashed).",
            )
            .grid(2, 120.0)
            .panels([scale, approach, mean, spread]);
        vec![figure]
    }
}
