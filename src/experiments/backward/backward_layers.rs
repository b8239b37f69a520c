//! Backpropagated errors in three phases: their variance and the gradients against layer, forward tangents next to them, and the
//! correlation of the errors of two inputs.

use crate::experiment::prelude::*;
use crate::simulation::{errors, explicit_errors};
use crate::theory::backward::{error_correlations, error_laws, gradient_depth_scale, log_growth};

parameters! {
    Params {
        activation, sigma_b, ordered, chaotic, width, depth, sampled_every, replicas: NetworkCount,
        pair: Pair => "Errors of two inputs, through explicit weights.",
    }

    Pair {
        correlation: Correlation => "Correlation of the two inputs, from -1 to 1.",
        width, replicas: NetworkCount,
    }
}

columns! {
    log_error: Theory "log10 of the variance qt^l = |delta^l|^2 / n of backpropagated errors at infinite width";
    log_gradient: Theory "log10 of the mean square qt^l A^(l-1) of the gradient dE/dW^l at infinite width";
    value: Theory "E[log10 qt^l] (error), E[log10 (qt^l A^(l-1))] (gradient) or E[log10 (g^l / g^0)] (metric, forward)";
    log_metric: Theory "log10(g^l / g^0) of forward tangents at infinite width";
    growth: Theory "ln chi_1, slope of ln qt a layer on the way back";
    xi_grad: Theory ["layers"] "depth scale 1 / ln chi_1 of gradients: negative where they vanish, positive where they explode";
    error_correlation: Theory "correlation of the errors of two inputs at infinite width";
    found: MonteCarlo "mean over networks of delta . delta' / (|delta| |delta'|)";
}

const METRIC: Measure = Measure::Metric(0, 0);

/// What is looked at in the networks of a phase.
pub enum Look {
    /// Errors of an input of this activity, in law.
    Errors(Network, f64),
    /// A tangent on its way forward.
    Tangent(Jets),
    /// Errors of two inputs, through explicit weights.
    Pair(Networks),
}

impl Experiment for Params {
    type Point = Look;
    const UNJUDGED: &'static str = "
        pairs.found | beside the limit of infinite width; the correlation of errors has no finite-width theory here
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_phases(self.activation, self.sigma_b, self.ordered, self.chaotic)
    }

    fn points(&self, points: &mut Points<Look>) -> Result<(), RunError> {
        let phases = three_phases(self.activation, self.sigma_b, self.ordered, self.chaotic)?;
        let (count, &Pair { correlation, width, replicas }) = (phases.len(), &self.pair);
        for (index, PhasePoint { phase, ensemble, activity }) in phases.into_iter().enumerate() {
            let network = Network::uniform(ensemble, self.width, self.depth)?;
            let cost = OneNetwork::from(Work::errors(self.width.get() as f64 * self.depth as f64));
            let errors = Look::Errors(network.clone(), activity);
            points.keep(format!("errors, {phase}"), self.replicas, cost, errors).at(index);
            let jets = circle_jets(network, 1)?;
            let (cost, tangents) = (jets.cost(), Look::Tangent(jets));
            points.keep(format!("tangents, {phase}"), self.replicas, cost, tangents).at(count + index);
            let pair = Networks::new(ensemble, width, self.depth, Inputs::equal(activity, activity * correlation, 2)?)?;
            let cost = OneNetwork::explicit(&pair.network, &pair.inputs);
            points.keep(format!("two inputs, {phase}"), replicas, cost, Look::Pair(pair)).at(2 * count + index);
        }
        Ok(())
    }

    /// Layer by layer: logarithms of errors, then of gradients; jets; correlations of errors.
    fn observe(&self, look: &Look, at: &Address) -> Observed {
        match look {
            Look::Errors(network, activity) => {
                let found = errors(network, *activity, at)?;
                let gradients = found.same.iter().zip(&found.activities).map(|(error, activity)| ln(error * activity));
                Ok(found.same.iter().map(|error| ln(*error)).chain(gradients).collect())
            }
            Look::Tangent(jets) => jets.observe(at),
            Look::Pair(Networks { network, inputs }) => {
                let correlation = |e: &SymmetricMatrix| e.get(1, 0) / (e.get(0, 0) * e.get(1, 1)).sqrt();
                Ok(explicit_errors(network, inputs, at)?.errors.iter().map(correlation).collect())
            }
        }
    }

    fn tables(&self, found: &[Found<Look>], run: &Run) -> Result<Tables, RunError> {
        let phases = three_phases(self.activation, self.sigma_b, self.ordered, self.chaotic)?;
        rows!(curve, forward, cells: "layers", scales, pair_curve, pairs);
        let is_sampled = |layer: usize| (layer - 1).is_multiple_of(self.sampled_every) || layer == self.depth;
        for (place, found) in found.iter().enumerate() {
            // three points a phase
            let PhasePoint { phase, ensemble, activity } = phases[place / 3];
            let (sigma_w, theory) = (ensemble.sigma_w, run.theory(&ensemble));
            let row = |measure: &'static str, layer: usize, value: Compared| {
                row! { measure, phase, sigma_w, layer, replicas: found.replicas(), value: value.per_decade() }
            };
            match &found.point {
                Look::Errors(network, _) => {
                    for (index, law) in error_laws(&theory, activity, network.widths())?.iter().enumerate() {
                        let layer = index + 1;
                        let [log_error, log_gradient] = [law.log_variance, law.log_gradient].map(|x| x * LOG10_E);
                        curve.push(row! { phase, sigma_w, layer, log_error, log_gradient });
                        if is_sampled(layer) {
                            let [error, gradient] = [index, self.depth + index].map(|i| found.values(i));
                            let error = Compared::of(law.log_variance, &error, law.same.bias);
                            let gradient = Compared::of(law.log_gradient, &gradient, law.gradient_bias);
                            cells.extend([row("error", layer, error), row("gradient", layer, gradient)]);
                        }
                    }
                    let growth = log_growth(&theory, activity);
                    if let (Some(xi_grad), true) = (gradient_depth_scale(exp(growth)), phase != "critical") {
                        scales.push(row! { phase, sigma_w, growth, xi_grad });
                    }
                }
                Look::Tangent(jets) => {
                    let tangents = JetSample::new(jets, found.rows(), run)?;
                    for layer in 0..=self.depth {
                        let log_metric = log10(METRIC.of(&tangents.theory(layer, 0).state) / activity);
                        forward.push(row! { phase, sigma_w, layer, log_metric });
                        if layer % self.sampled_every == 0 {
                            cells.push(row("metric", layer, tangents.mean_log(layer, METRIC).plus(-ln(activity))));
                        }
                    }
                }
                Look::Pair(_) => {
                    let state = PairState::equal(activity, 2.0 * activity * (1.0 - self.pair.correlation));
                    let expected = error_correlations(&theory, state, self.depth)?;
                    for (layer, error_correlation) in (1..=self.depth).zip(expected) {
                        pair_curve.push(row! { phase, sigma_w, layer, error_correlation });
                        if is_sampled(layer) {
                            let (replicas, found) = (found.replicas(), Measured::new(found.mean(layer - 1)));
                            pairs.push(row! { phase, sigma_w, layer, replicas, error_correlation, found });
                        }
                    }
                }
            }
        }
        Ok(vec![curve.table()?, forward.table()?, cells.table()?, scales.table()?, pair_curve.table()?, pairs.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("phase", "{}").phase("phase");
        let layer = || Axis::linear(r"layer $l$");
        let panel = |measure: &str, label: &str, curve: &str, y: &str| {
            let rows = Select::table("layers").filter("measure", measure);
            Panel::new(layer(), Axis::exponent(label)).beside((curve, y), rows, "layer", "value", &by)
        };
        vec![
            Figure::new("backward_layers", "Signals forward and errors backward")
                .setting("phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; {depth} layers; n = {width}, {replicas networks}")
                .describe(
                    "Three phases against layer: the variance of backpropagated errors (a), which runs from the last \
                     layer to the first, and the metric of forward tangents (b), which runs the other way at the same rate. Lines: \
                     infinite width; points: means of logarithms over networks with their standard errors; the residuals include the 1/n correction.",
                )
                .grid(2, 76.0)
                .shared_legend()
                .panel(panel("error", r"variance of errors $\tilde{q}^l$", "curve", "log_error"))
                .panel(panel("metric", r"metric of tangents $g^l / g^0$", "forward", "log_metric")),
            Figure::new("backward_gradient", "Gradients, and errors of two inputs")
                .setting("phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; {depth} layers; n = {width}, {replicas networks} in (a); initial correlation {pair.correlation}, n = {pair.width}, {pair.replicas networks} in (b)")
                .describe(
                    "Mean square of the gradient of each layer's weights, in three phases (a); correlation of the \
                     errors of two inputs through explicit weights (b): lines are the theory of infinite width, points means over networks, of the \
                     logarithm in (a), with their standard errors.",
                )
                .grid(2, 76.0)
                .shared_legend()
                .panel(panel("gradient", r"mean square gradient $\tilde{q}^l A^{l-1}$", "curve", "log_gradient"))
                .panel(
                    Panel::new(layer(), Axis::linear("correlation of errors").range(-0.05, 1.05))
                        .series(Series::theory("pair_curve", "layer", "error_correlation").by(&by).key("theory"))
                        .series(Series::measured("pairs", "layer", "found").by(&by)),
                ),
        ]
    }
}
