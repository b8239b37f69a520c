//! A closed curve along which the activity varies: the exact law of the metric against the conformal law, which then holds only
//! up to a term of rank one that dies out as the activity settles.

use crate::experiment::prelude::*;
use crate::theory::jet::{JetCorrections, JetTheory};
use crate::theory::metric::conformal_factors;

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b,
        manifold: Manifold => "A closed curve.",
        angles: Count<2> => "Points of the theory curves, first and last the same.",
        layers: LayersOfNetwork, width,
        inputs: Few<1> => "Points of the curve in each network.",
        replicas: NetworkCount, decay: Decay,
    }

    /// The error of the conformal law through many layers.
    Decay {
        depth,
    }
}

columns! {
    log_metric_expected = "log_metric_expected";
    angle: Parameter "parameter of the closed curve";
    log_metric {
        _: Theory "ln(g^l / g^0) of the metric along the curve by the exact law";
        _.expected: Corrected "ln(g^l / g^0) of the metric along the curve by the exact law, with its first-order (1/n) correction";
    }
    log_conformal: Approximation "ln of the conformal factor, the product of chi_1 over the layers at the activity of this point";
    error: Theory "largest part, along the curve, of the error of the conformal law ln(g^l / g^0) - ln(factor) that is still to come after this layer";
    asymptote: Approximation "geometric tail slope^2 / chi_1 a layer (slope of the activity map at A*), through the error in layer 6";
    value: Theory "E[ln(g^l / g^0)] of the metric at this point of the curve";
}

const METRIC: Measure = Measure::Metric(0, 0);

/// How many steps of the curves that are drawn make one of table `curve`.
const FINER: usize = 5;

impl Experiment for Params {
    type Point = Jets;

    fn check(&self) -> Result<(), ParameterError> {
        let closed = self.manifold.dimension() == 1 && self.manifold.period().is_some();
        refuse_where(!closed, "manifold", format!("{:?}", self.manifold.kind()), "a closed curve or a segment")
    }

    fn points(&self, points: &mut Points<Jets>) -> Result<(), RunError> {
        let Params { activation, sigma_b, width, inputs, ref manifold, .. } = *self;
        let period = manifold.period().unwrap_or(1.0);
        let places: Vec<Vec<f64>> = (0..inputs).map(|i| vec![period * i as f64 / inputs as f64]).collect();
        for &sigma_w in &self.sigma_w {
            let network = Network::uniform(Ensemble { activation, sigma_w, sigma_b }, width, deepest(&self.layers))?;
            let jets = Jets::new(network, manifold, &places, 1)?;
            points.keep(format!("sigma_w = {}", sigma_w.get()), self.replicas, jets.cost(), jets);
        }
        Ok(())
    }

    fn observe(&self, jets: &Jets, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
        let period = self.manifold.period().unwrap_or(1.0);
        rows!(curve, fine, corrected, decay, cells: "layers");
        let depth = self.layers.iter().copied().fold(self.decay.depth, usize::max);
        let angles: Vec<f64> = even(0.0, period, self.angles).collect();
        // half the steps at both ends, where the curves of a symmetric ellipse turn sharply
        let steps = 2 * FINER * (self.angles - 1);
        let fine_angles = even(0.0, period, steps + 1).enumerate();
        let fine_angles: Vec<f64> =
            fine_angles.filter(|(i, _)| i % 2 == 0 || i.min(&(steps - i)) * 20 < steps).map(|(_, x)| x).collect();
        for (&sigma_w, found) in self.sigma_w.iter().zip(found) {
            let theory = run.theory(&found.point.network.ensemble);
            let widths = found.point.network.widths();
            let exact = |angle: f64| {
                let inputs = Inputs::jets(&[self.manifold.jet(&[angle])], 1)?;
                let input = JetGram::of(inputs.gram(), 1);
                Ok::<_, RunError>((JetTheory::new(&theory, &input)?, input))
            };
            // metric and conformal law relative to the input, for each angle and layer
            let law = |&angle: &f64| {
                let (exact, input) = exact(angle)?;
                let factors = conformal_factors(&theory, input.activity(), depth)?;
                let start = METRIC.of(&input);
                let law = |(jet, factor): (&JetGram<f64>, f64)| (ln(METRIC.of(jet) / start), ln(factor));
                Ok(exact.trajectory(&input, depth)?.iter().zip(factors).map(law).collect::<Vec<(f64, f64)>>())
            };
            let (laws, fine_laws) = (run.map(&angles, law)?, run.map(&fine_angles, law)?);
            for (rows, angles, laws) in [(&mut fine, &fine_angles, &fine_laws), (&mut curve, &angles, &laws)] {
                for &layer in &self.layers {
                    for (&angle, law) in angles.iter().zip(laws) {
                        let (log_metric, log_conformal) = law[layer];
                        rows.push(row! { sigma_w, layer, angle, log_metric, log_conformal });
                    }
                }
            }
            // the same with the correction of order 1/n
            let expected = run.map(&fine_angles, |&angle| {
                let (exact, input) = exact(angle)?;
                let (layers, start) = (exact.corrections(&input, widths)?, ln(METRIC.of(&input)));
                let of = |layer: &JetCorrections| {
                    ln(METRIC.of(&layer.state)) + layer.of_log(|gram| METRIC.of(gram)).bias - start
                };
                Ok(self.layers.iter().map(|&layer| of(&layers[layer])).collect::<Vec<f64>>())
            })?;
            for (place, &layer) in self.layers.iter().enumerate() {
                for (&angle, expected) in fine_angles.iter().zip(&expected) {
                    corrected.push(row! { sigma_w, layer, angle, log_metric_expected: expected[place] });
                }
            }
            let star = activity_fixed_point(&theory)?;
            // each layer adds a term that is this much smaller than the one before
            let ratio = star.slope * star.slope / chi_1(&theory, star.q);
            let error = |law: &Vec<(f64, f64)>, layer: usize| law[layer].0 - law[layer].1;
            let settled = laws.iter().map(|law| error(law, depth).abs()).fold(0.0, f64::max);
            // what is still to come after a layer, and its geometric tail anchored half way
            let left =
                |layer: usize| laws.iter().map(|law| (error(law, depth) - error(law, layer)).abs()).fold(0.0, f64::max);
            let anchor = 6.min(depth - 1);
            for layer in 1..depth {
                let steps = layer as i32 - anchor as i32;
                let factor = (0..steps.abs()).fold(1.0, |f, _| if steps > 0 { f * ratio } else { f / ratio });
                if left(layer) > 1e-12 * settled {
                    decay.push(row! { sigma_w, layer, error: left(layer), asymptote: left(anchor) * factor });
                }
            }
            let sampled = JetSample::new(&found.point, found.rows(), run)?;
            for &layer in &self.layers {
                for index in 0..self.inputs {
                    let angle = period * index as f64 / self.inputs as f64;
                    let start = ln(METRIC.of(&sampled.theory(0, index).state));
                    let found = sampled.mean_log_at(layer, index, METRIC).plus(-start);
                    cells.push(row! { sigma_w, layer, angle, replicas: self.replicas, value: found });
                }
            }
        }
        Ok(vec![curve.table()?, decay.table()?, cells.table()?, fine.table()?, corrected.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("layer", r"$l = {}$").ramp();
        let figure = Figure::new("metric_activity", "The metric along a curve of varying activity")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; ellipse of semi-axes {manifold.semi_axes} about ({manifold.centre}) in units of sqrt(n); n = {width}, {inputs} points of the curve in each of {replicas networks}")
            .describe(
                "Logarithm of the metric g^l(t) relative to that of the input along an off-centre ellipse of parameter t, in several \
                 layers l at three weight scales, each with a range of its own: exact law of infinite width as lines, with its 1/n \
                 correction dashed; conformal law, by which the metric grows by chi_1 at the activity of each point in each layer, in long \
                 dashes; means over networks as points. Differences from theory include the 1/n correction.",
            )
            .grid(self.sigma_w.len(), 76.0)
            .shared_legend()
            .panel_each(("sigma_w", r"$\sigma_w = {}$"), self.sigma_w.iter().map(|w| w.get()), |of| {
                Panel::new(
                    match self.manifold.period() {
                        Some(period) => Axis::angle(r"parameter $t$").range(0.0, period),
                        None => Axis::linear(r"parameter $t$").range(0.0, 1.0),
                    },
                    Axis::linear(r"metric $\ln (g^l(t) / g^0(t))$"),
                )
                .series(Series::theory(of("fine"), "angle", "log_metric").by(&by).key(r"exact law, $n \to \infty$"))
                .series(Series::finite_width(of("corrected"), "angle", "log_metric_expected").by(&by).key("exact law, order $1/n$"))
                .series(Series::line(of("fine"), "angle", "log_conformal", Dash::LongDash).by(&by).key("conformal law"))
                .found(of("layers"), "angle", "value", &by)
            });
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let decay = Figure::new("metric_conformal", "The conformal law becomes exact with depth")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; ellipse of semi-axes {manifold.semi_axes} about ({manifold.centre}) in units of sqrt(n)")
            .describe(
                "What the layers after layer l still add to the error of the conformal law for the logarithm of the metric of infinite \
                 width, largest over the curve, as points. Dash-dotted, its asymptote in proportion to (s^2 / chi_1)^l, drawn through \
                 layer 6: s is the slope of the activity map at its fixed point, chi_1 the factor by which the metric grows there.",
            )
            .height(62.0)
            .panel(
                Panel::new(
                    Axis::linear(r"layer $l$"),
                    Axis::log10("remaining error of the conformal law").range(1e-12, 1.0),
                )
                .series(Series::points("decay", "layer", "error").by(&by))
                .series(
                    Series::line("decay", "layer", "asymptote", Dash::DashDot)
                        .by(By::unlabelled("sigma_w"))
                        .key(r"$\propto (s^2 / \chi_1)^l$"),
                ),
            );
        vec![figure, decay]
    }
}
