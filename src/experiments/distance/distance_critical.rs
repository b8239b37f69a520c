//! On the critical line distances decay algebraically, `D^l ~ 4 / (chi_2 l)`, not exponentially.

use crate::experiment::prelude::*;
use crate::theory::activity::chi_2;
use crate::theory::phase::critical_sigma_w;

parameters! {
    Params {
        activation,
        sigma_b: NonNegative => "Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.",
        offsets: List<f64> => "Offsets of `sigma_w` from its critical value.",
        relative_distance: Positive => "Input distance in units of `2 A*`.",
        depth => "Depth of the theory.",
        sampled_layers: LayersOfNetwork => "Layers compared with Monte Carlo; the deepest is the depth of the simulated networks.",
        width, replicas: Replicas,
    }
}

columns! {
    offset: Parameter "offset of sigma_w from its critical value";
    asymptote: Approximation "distance 4 / (chi_2 l) to which D^l tends on the edge of chaos";
    compensated {
        _: Theory "D^l over that asymptote";
        monte_carlo: MonteCarlo "mean D^l over networks, over that asymptote";
    }
    sigma_w {
        edge: Theory "critical sigma_w, where chi_1 = 1";
    }
}

impl Experiment for Params {
    type Point = (Networks, PairState);
    const UNJUDGED: &'static str = "
        monte_carlo.compensated | the same mean is judged as distance
    ";

    fn check(&self) -> Result<(), ParameterError> {
        let dies = critical_sigma_w(self.activation, self.sigma_b).is_ok_and(|point| point.q == 0.0);
        let allowed = "above 0 for an activation whose signals die out on the edge without biases";
        refuse_where(dies, "sigma_b", self.sigma_b, allowed)?;
        let allowed = "above 0 and at most 2, which is opposite inputs";
        refuse_where(self.relative_distance > 2.0, "relative_distance", self.relative_distance, allowed)?;
        check_layers("sampled_layers", &self.sampled_layers, self.depth)
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let critical = critical_sigma_w(self.activation, self.sigma_b)?.sigma_w;
        for &offset in &self.offsets {
            let ensemble = Ensemble::new(self.activation, critical + offset, self.sigma_b).map_err(|_| {
                let allowed = "such that the critical sigma_w and it make a number from 0 to 1e100";
                ParameterError { name: "offsets".into(), found: format!("{offset:?}"), allowed }
            })?;
            // at the fixed activity, a given relative distance apart
            let activity = activity_fixed_point(&ensemble)?.activity;
            let input = PairState::equal(activity, 2.0 * activity * self.relative_distance);
            let networks = Networks::new(ensemble, self.width, deepest(&self.sampled_layers), pair(input)?)?;
            points.add(format!("offset = {offset}"), self.replicas, networks.cost(), (networks, input));
        }
        Ok(())
    }

    fn observe(&self, (networks, _): &Self::Point, at: &Address) -> Observed {
        let layers = networks.sample(at)?;
        Ok(self.sampled_layers.iter().map(|&layer| distance(&layers[layer])).collect())
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let critical = critical_sigma_w(self.activation, self.sigma_b)?.sigma_w;
        rows!(curve, sampled: "monte_carlo", edge);
        for (&offset, found) in self.offsets.iter().zip(found) {
            let phase = phase(offset);
            let (Networks { network, .. }, input) = &found.point;
            let theory = run.theory(&network.ensemble);
            let infinite = pair_trajectory(&theory, *input, self.depth)?;
            let chi_2 = chi_2(&theory, activity_fixed_point(&network.ensemble)?.q)?;
            for (layer, state) in infinite.iter().enumerate().skip(1) {
                let asymptote = 4.0 / (chi_2 * layer as f64);
                curve.push(row! {
                    offset, layer, distance: state.distance, asymptote, compensated: state.distance / asymptote, phase,
                });
            }
            let expected = pair_of_inputs(run, network, *input)?;
            for (index, &layer) in self.sampled_layers.iter().enumerate() {
                let (mean, correction) = (found.mean(index), expected[layer].distance().bias);
                sampled.push(row! {
                    offset, layer, replicas: found.replicas(),
                    distance: Corrected::new(expected[layer].state.distance, mean, correction),
                    compensated: Measured::new(mean.times(0.25 * chi_2 * layer as f64)), phase,
                });
            }
        }
        let ensemble = Ensemble::new(self.activation, critical, self.sigma_b)?;
        let chi_2 = chi_2(&ensemble, activity_fixed_point(&ensemble)?.q)?;
        edge.push(row! { sigma_b: self.sigma_b, sigma_w: critical, chi_2 });
        Ok(tables![curve, sampled, edge].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let named = self.offsets.iter().map(|&offset| {
            let place = if offset == 0.0 { String::new() } else { format!(r", $\sigma_w - \sigma_w^c = {offset}$") };
            (phase(offset), format!("{}{place}", phase(offset)))
        });
        let by = By::new("offset", "{}").phase("phase").names(named);
        let decay = Panel::new(Axis::log10(r"layer $l$"), Axis::log10(r"distance $D^l$").range(1e-4, 1.0))
            .series(Series::theory("curve", "layer", "distance").by(&by).key("theory"))
            .found("monte_carlo", "layer", "distance", by.quiet())
            .series(
                Series::line(Select::table("curve").filter("offset", 0.0), "layer", "asymptote", Dash::DashDot)
                    .colour(Colour::Ink)
                    .label(r"$4 / (\chi_2 l)$"),
            );
        let over = Axis::linear(r"distance $D^l$ over $4 / (\chi_2 l)$").range(0.0, 2.0);
        let compensated = Panel::new(Axis::log10(r"layer $l$"), over)
            .marked(Rule::Horizontal(1.0), r"$4 / (\chi_2 l)$")
            .legend(Legend::Hidden)
            .series(Series::theory("curve", "layer", "compensated").by(by.quiet()))
            .series(Series::monte_carlo("monte_carlo", "layer", "compensated", "compensated_error").by(by.quiet()));
        let figure = Figure::new("distance_critical", "Distance on the critical line")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; initial distance {relative_distance} times 2 A*; n = {width}, {replicas networks}")
            .describe(
                "Distance against layer on the order-chaos boundary and on either side of it, with the algebraic law of \
                 the boundary dash-dotted (a), and the distance in units of that law (b): solid lines are the theory of infinite width, points \
                 means over networks with their standard errors; the residuals include the 1/n correction.",
            )
            .grid(2, 72.0)
            .panel(decay)
            .panel(compensated);
        vec![figure]
    }
}

/// The phase on this side of the boundary.
fn phase(offset: f64) -> &'static str {
    match offset {
        below if below < 0.0 => "ordered",
        above if above > 0.0 => "chaotic",
        _ => "critical",
    }
}
