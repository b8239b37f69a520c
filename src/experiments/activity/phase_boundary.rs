//! The order-chaos boundary `chi_1 = 1` of several activations (Poole et al. 2016, figure 2C; Schoenholz et al. 2017,
//! figure 1), with a Monte Carlo witness: on the boundary one layer multiplies tiny distances by exactly 1 on average.

use crate::experiment::prelude::*;
use crate::theory::phase::{boundary_curve, critical_sigma_w};

parameters! {
    Params {
        activations,
        smallest_q: Positive => "Smallest preactivation variance `q` on the curves, which it parametrises.",
        largest_q: Positive => "Largest preactivation variance `q` on the curves.",
        points: Count<2> => "Points of each curve.",
        sampled_sigma_b: NonNegativeGrid => "Bias scales at which the boundary is simulated.",
        relative_distance: Positive => "Distance of the two inputs, in units of the activity.",
        width, replicas: Replicas,
        quoted: Vec<Quoted> => "Points of the boundary quoted in the literature.",
    }

    /// A published point of the boundary.
    Quoted {
        activation,
        sigma_w_squared: NonNegative => "Weight variance `sigma_w^2`.",
        sigma_b_squared: NonNegative => "Bias variance `sigma_b^2`.",
    }
}

columns! {
    sigma_w_theory = "sigma_w_theory";
    q: Parameter "variance q* of the preactivations at this point of the boundary";
    sigma_w {
        curve: Theory "weight scale on the boundary chi_1 = 1";
        growth: Theory "critical sigma_w, where chi_1 = 1 at this sigma_b";
        quoted: Literature "weight scale of a published point of the boundary";
        _.theory: Theory "critical sigma_w at the bias scale of the published point";
    }
    sigma_b {
        curve: Theory "bias scale on the boundary chi_1 = 1";
        quoted: Literature "bias scale of a published point of the boundary";
    }
    place: Drawing "the bias scale times a factor for each activation, so that all stand side by side about it";
    growth: Theory "factor D^1 / D^0 by which one layer multiplies a tiny squared distance; in theory chi_1";
}

/// From one activation to the next at one bias scale, in its logarithm.
const LANE: f64 = 0.045;

/// The largest bias scale that the plane shows.
const LARGEST_BIAS: f64 = 4.0;

/// Weight scales of a few points of the boundary of this activation, as far as the plane shows it.
fn shown_scales(params: &Params, activation: Activation) -> Vec<f64> {
    if activation.is_homogeneous() {
        return critical_sigma_w(activation, 0.0).map(|edge| edge.sigma_w).into_iter().collect();
    }
    let points = boundary_curve(activation, params.smallest_q, params.largest_q, 20);
    let shown = points.iter().filter(|point| point.sigma_b_squared <= LARGEST_BIAS * LARGEST_BIAS);
    shown.map(|point| point.sigma_w).collect()
}

impl Experiment for Params {
    type Point = Networks;

    fn check(&self) -> Result<(), ParameterError> {
        check_scales("sampled_sigma_b", self.sampled_sigma_b.values())?;
        let silent = self.activations.iter().any(|activation| activation.value(0.0) == 0.0);
        let allowed = "above 0 for activations that are 0 at 0, whose signals die out there";
        refuse_where(silent && self.sampled_sigma_b.values().contains(&0.0), "sampled_sigma_b", 0, allowed)?;
        let found = Some(self.relative_distance).filter(|distance| !(*distance <= 4.0));
        refuse("relative_distance", found, "above 0 and at most 4, which is opposite inputs")
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        for &activation in &self.activations {
            for &sigma_b in self.sampled_sigma_b.values() {
                let Ok(edge) = critical_sigma_w(activation, sigma_b) else { continue };
                let ensemble = Ensemble::new(activation, edge.sigma_w, sigma_b)?;
                // homogeneous activations have no fixed point on the boundary; any activity will do
                let star = activity_fixed_point(&ensemble).map_or(1.0, |star| star.activity);
                let inputs = Inputs::pair(star, 0.0, self.relative_distance * star)?;
                let networks = Networks::new(ensemble, self.width, 1, inputs)?;
                let label = format!("{}, sigma_b = {sigma_b}", activation.name());
                points.add(label, self.replicas, networks.cost(), networks);
            }
        }
        Ok(())
    }

    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        let layers = networks.sample(at)?;
        Ok(vec![distance(&layers[1]) / distance(&layers[0])])
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        rows!(rows: "growth", curve, quoted);
        let rank = |one: Activation| self.activations.iter().position(|other| *other == one).unwrap_or(0) as f64;
        let last = self.activations.len() as f64 - 1.0;
        for found in found {
            let Networks { network, inputs } = &found.point;
            let Ensemble { activation, sigma_w, sigma_b } = network.ensemble;
            let theory = run.theory(&network.ensemble);
            let expected = chi_1(&theory, theory.preactivation_variance(activity(inputs.gram())));
            let growth = Judged::new(expected, found.mean(0));
            let place = sigma_b.get() * exp(LANE * (rank(activation) - 0.5 * last));
            rows.push(row! { activation, sigma_b, sigma_w, replicas: found.replicas(), growth, place });
        }
        for &activation in &self.activations {
            let mut line = Vec::new();
            if activation.is_homogeneous() {
                let edge = critical_sigma_w(activation, 0.0)?.sigma_w;
                // no fixed point there with a bias: the line itself, with the variance of a unit activity
                line.extend([0.0, 10.0].map(|sigma_b| (edge * edge + sigma_b * sigma_b, edge, sigma_b)));
            } else {
                // the end of the curve, where a network without bias is critical
                line.extend(critical_sigma_w(activation, 0.0).map(|found| (found.q, found.sigma_w, 0.0)));
                let points = boundary_curve(activation, self.smallest_q, self.largest_q, self.points);
                line.extend(points.iter().map(|found| (found.q, found.sigma_w, found.sigma_b_squared.sqrt())));
            }
            curve.extend(line.into_iter().map(|(q, sigma_w, sigma_b)| row! { activation, q, sigma_w, sigma_b }));
        }
        for quote in &self.quoted {
            let sigma_b = quote.sigma_b_squared.sqrt();
            let sigma_w_theory = critical_sigma_w(quote.activation, sigma_b)?.sigma_w;
            let sigma_w = quote.sigma_w_squared.sqrt();
            quoted.push(row! { activation: quote.activation.name(), sigma_w, sigma_b, sigma_w_theory });
        }
        Ok(tables![curve, rows, quoted].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let sampled = self.sampled_sigma_b.values();
        let logarithmic = sampled.iter().all(|sigma_b| *sigma_b > 0.0);
        let bias = if logarithmic { Axis::log10 } else { Axis::linear };
        let by = activations(By::new("activation", "{}"));
        // from a little below the least scale on the curves to a little above the largest
        let scales: Vec<f64> = self.activations.iter().flat_map(|one| shown_scales(self, *one)).collect();
        let tenth = |scale: f64| (10.0 * scale).round() / 10.0;
        let low = tenth(0.9 * scales.iter().copied().fold(1.0, f64::min));
        let high = tenth((1.2 * scales.iter().copied().fold(1.0, f64::max)).max(5.0));
        let is_normal = self.activations.iter().any(|one| one.label().contains(r"\Phi"));
        let normal = if is_normal { ", Phi being the distribution function of the standard normal law" } else { "" };
        let published =
            if self.quoted.is_empty() { "" } else { "; circles, values of Schoenholz et al. (2017) for tanh" };
        let plane = Panel::new(
            Axis::log10(r"weight scale $\sigma_w$").range(low, high),
            Axis::linear(r"bias scale $\sigma_b$").range(0.0, LARGEST_BIAS),
        )
        .series(Series::theory("curve", "sigma_w", "sigma_b").by(&by))
        .series(Series::points("quoted", "sigma_w", "sigma_b").label(r"$\tanh u$, Schoenholz et al."))
        .note_at("ordered", Place::Frame(0.03, 0.9), Anchor::Start)
        .note_at("chaotic", Place::Frame(0.6, 0.07), Anchor::Middle);
        let bias = bias(r"bias scale $\sigma_b$".to_owned()).ticks(sampled);
        let growth = Panel::new(bias, Axis::linear(r"growth $D^1 / D^0$ on the boundary"))
            .series(Series::theory(Select::table("growth").order("place"), "place", "growth_theory"))
            .series(Series::found("growth", "place", "growth").by(&by).in_place())
            .residual(Residual::new("growth", "sigma_b", "growth").by(By::unlabelled("activation")));
        let figure = Figure::new("phase_boundary", "Order-chaos boundary")
            .setting("sigma_b = {sampled_sigma_b}, n = {width}, relative input distance {relative_distance} and {replicas networks} at each point of (b)")
            .describe(format!(
                "The line in the plane of weight and bias scale on which small distances neither grow nor shrink, for several activation functions of a \
                 preactivation u{normal} (a){published}. Factor by which one layer of finite \
                 networks on this line multiplies a tiny squared distance D, means with standard errors, 1 in \
                 theory (b): points of one bias scale stand side by side about their tick, in the order of the legend.",
            ))
            .grid(2, 72.0)
            .shared_legend()
            .panels([plane, growth]);
        vec![figure]
    }
}
