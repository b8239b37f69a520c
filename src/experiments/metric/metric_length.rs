//! Total length of the images of curves, `L = int sqrt(g) dt`, through the layers: it grows or shrinks as `chi_1^(l/2)` whatever the
//! curve, once the activity has settled along it.

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b, depth, sampled_every, width,
        inputs: Few<1> => "Points of each curve, at the centres of equal intervals.",
        replicas: NetworkCount,
        curves: Sections<Curve> => "The curves.",
    }

    /// A curve and what it is called.
    Curve {
        name: Plain<String> => "What it is called in the figure.",
        manifold: Manifold => "The curve; of finite length.",
    }
}

columns! {
    relative_expected = "relative_expected";
    log_length_mc = "log_length_mc";
    log_length_error = "log_length_error";
    relative_mc = "relative_mc";
    relative_error = "relative_error";
    curve: Label "name of the curve";
    log_length {
        _: Theory "log10(L^l / L^0) of the length L = int sqrt(g) dt";
        rates: Theory "log10 of the growth by chi_1^(l/2) of the length";
    }
    relative {
        _: Theory "length ratio L^l / L^0 over chi_1^(l/2)";
        _.expected: Corrected "length ratio L^l / L^0 with its first-order (1/n) correction, over chi_1^(l/2)";
    }
    value: Theory "length ratio L^l / L^0, the mean over networks";
}

impl Experiment for Params {
    type Point = Jets;
    const UNJUDGED: &'static str = "
        layers.log_length | the logarithm of the judged length ratio of the same row
        layers.relative | the judged length ratio of the same row over chi_1^(l/2)
    ";

    fn check(&self) -> Result<(), ParameterError> {
        each("curves", &self.curves, |curve| {
            let wrong = curve.manifold.dimension() != 1 || curve.manifold.period().is_none();
            refuse_where(wrong, "manifold", &curve.name, "a curve of finite length")
        })
        .map(drop)
    }

    fn points(&self, points: &mut Points<Jets>) -> Result<(), RunError> {
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            let network = Network::uniform(ensemble, self.width, self.depth)?;
            for Curve { name, manifold } in &self.curves {
                let period = manifold.period().unwrap_or(1.0);
                let place = |i: usize| vec![period * (i as f64 + 0.5) / self.inputs as f64];
                let places: Vec<Vec<f64>> = (0..self.inputs).map(place).collect();
                let jets = Jets::new(network.clone(), manifold, &places, 1)?;
                points.keep(format!("{name}, sigma_w = {}", sigma_w.get()), self.replicas, jets.cost(), jets);
            }
        }
        Ok(())
    }

    fn observe(&self, jets: &Jets, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
        rows!(cells: "layers", lines, rates);
        let mut found = found.iter();
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            let theory = run.theory(&ensemble);
            let growth = chi_1(&theory, activity_fixed_point(&theory)?.q).sqrt();
            for (Curve { name, .. }, found) in self.curves.iter().zip(found.by_ref()) {
                let sampled = JetSample::new(&found.point, found.rows(), run)?;
                let mut scale = 1.0;
                let start = sampled.mean_over_points(0, Measure::Speed(0)).theory;
                for layer in 0..=self.depth {
                    let found = sampled.mean_over_points(layer, Measure::Speed(0)).times(1.0 / start);
                    lines.push(row! {
                        curve: name.as_str(), sigma_w, layer, log_length: log10(found.theory),
                        relative: found.theory / scale, relative_expected: (found.theory + found.correction) / scale,
                    });
                    if layer % self.sampled_every == 0 {
                        cells.push(row! {
                            curve: name.as_str(), sigma_w, layer, replicas: self.replicas, log_length_mc: log10(found.mc),
                            log_length_error: found.stderr / found.mc * LOG10_E, relative_mc: found.mc / scale,
                            relative_error: found.stderr / scale, value: found,
                        });
                    }
                    scale *= growth;
                }
            }
            let rate = log10(growth);
            rates.extend([0, self.depth].map(|layer| row! { sigma_w, layer, log_length: rate * layer as f64 }));
        }
        Ok(vec![lines.table()?, cells.table()?, rates.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("curve", "{}");
        let first = self.curves.first().map_or("", |curve| curve.name.as_str());
        let of_first = |table: &str| Select::table(table).filter("curve", first);
        vec![Figure::new("metric_length", "Length of curves through the layers")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {inputs} points of each curve in {replicas networks}")
            .describe(format!(
                "Length of the image of a curve ({first}) relative to that of the input, against layer, at one weight scale in the ordered and one \
                 in the chaotic phase (a): infinite-width theory as lines, means over networks as points, the rate chi_1^(l/2) of the fixed point \
                 dash-dotted. The same of several curves relative to this rate (b, c), with the 1/n correction dashed and standard errors as bars. \
                 Residuals are those of the length itself and include the 1/n correction."
            ))
            .grid(1 + self.sigma_w.len(), 82.0)
            .shared_legend()
            .panel(
                Panel::new(Axis::linear(r"layer $l$"), Axis::exponent(r"length $L^l / L^0$"))
                    .title(first)
                    .series(
                        Series::line("rates", "layer", "log_length", Dash::DashDot)
                            .by(By::unlabelled("sigma_w"))
                            .key(r"$\chi_1^{l/2}$"),
                    )
                    .series(Series::theory(of_first("lines"), "layer", "log_length").by(By::new("sigma_w", r"$\sigma_w = {}$")).label_at_end())
                    .series(
                        Series::monte_carlo(of_first("layers"), "layer", "log_length_mc", "log_length_error")
                            .by(By::unlabelled("sigma_w")),
                    ),
            )
            .panel_each(("sigma_w", r"$\sigma_w = {}$"), self.sigma_w.iter().map(|w| w.get()), |of| {
                Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"length $L^l / (L^0 \chi_1^{l/2})$"))
                    .series(Series::theory(of("lines"), "layer", "relative").by(&by).key("theory"))
                    .series(Series::finite_width(of("lines"), "layer", "relative_expected").by(&by).key("order $1/n$"))
                    .series(
                        Series::monte_carlo(of("layers"), "layer", "relative_mc", "relative_error")
                            .by(&by)
                            .in_place()
                            .key("Monte Carlo"),
                    )
                    .residual(Residual::new(of("layers"), "layer", "value").by(&by))
            })]
    }
}
