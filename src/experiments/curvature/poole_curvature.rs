//! Extrinsic curvature, Euclidean length and Gauss-map length of the image of a great circle (Poole et al. 2016, figure 4, with
//! their parameters), by the exact law and, as a control, by explicit weights.
//!
//! Poole et al. work with preactivations, whose curvature is `kappa-bar = kappa / sigma_w`, metric `sigma_w^2 g` and input circle of
//! squared radius `q*`. Here the circle is one of inputs with activity `A*`, so its first image in preactivations has
//! `kappa-bar^2 = 1 / (sigma_w^2 A*)`, more than their `1 / q*` because the bias moves the centre of the circle without bending it. Their bands are
//! spreads over angles within one network; errors here are over networks.

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b, depth, width, replicas: NetworkCount,
        explicit: Explicit => "Networks with explicit weights, as a control.",
    }

    /// Networks with explicit weights.
    Explicit {
        depth, replicas: NetworkCount,
    }
}

columns! {
    log_curvature: Theory "log10 kappa-bar of the curvature of preactivations, kappa-bar = kappa / sigma_w";
    log_length: Theory "log10(L^l / L^0) of the length of the circle";
    log_gauss_map: Theory "log10 of the length of the Gauss map over 2 pi";
    log_published: Theory "log10 kappa-bar by the recursion of Poole et al. from their circle of preactivations, kappa-bar^2 = 1 / q*";
    seen: MonteCarlo "some of the values of table layers by the exact law";
    sampler: Label "how networks are sampled: exact law or explicit weights";
    value: Theory "curvature: E[log10 kappa-bar]; length: E[log10 sqrt(g^l / g^0)]; Gauss map: E[log10(kappa sqrt g)], its length over 2 pi";
}

/// Layers in which the curvature is drawn, and steps between those drawn of length and Gauss map.
const SHALLOW: usize = 8;
const STEP: usize = 4;

const MEASURES: [(&str, Measure); 3] =
    [("curvature", Measure::CurvatureSquared(0)), ("length", Measure::Speed(0)), ("Gauss map", Measure::Turning(0))];

impl Experiment for Params {
    /// How networks are sampled, and jets of these networks.
    type Point = (&'static str, Jets);
    const UNJUDGED: &'static str = "
        shown.seen | some of the values of layers.value, which is judged
    ";

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let Params { activation, sigma_b, width, depth, replicas, ref explicit, .. } = *self;
        for &sigma_w in &self.sigma_w {
            for (name, sampler, depth, replicas) in [
                ("exact law", SamplerKind::Macroscopic, depth, replicas),
                ("explicit weights", SamplerKind::Explicit, explicit.depth, explicit.replicas),
            ] {
                let network = Network::uniform(Ensemble { activation, sigma_w, sigma_b }, width, depth)?;
                let jets = circle_jets(network, 2)?.by(sampler);
                points.keep(format!("{name}, sigma_w = {}", sigma_w.get()), replicas, jets.cost(), (name, jets));
            }
        }
        Ok(())
    }

    fn observe(&self, (_, jets): &Self::Point, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        rows!(curve, cells: "layers", shown);
        for (&sigma_w, found) in self.sigma_w.iter().zip(found.chunks(2)) {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            let theory = run.theory(&ensemble);
            let star = activity_fixed_point(&ensemble)?;
            let bar = 0.5 * log10(sigma_w.squared());
            // the recursion of Poole et al. from their circle of preactivations
            let chi = Susceptibilities::at(&theory, star.q)?.of_preactivations(&theory);
            let mut published = 1.0 / star.q;
            let layers = curve_trajectory(&theory, star.activity, 1.0 / star.activity, self.depth)?;
            for (layer, state) in layers.iter().enumerate() {
                curve.push(row! {
                    sigma_w, layer, log_curvature: 0.5 * log10(state.curvature) - bar,
                    log_length: 0.5 * log10(state.metric), log_gauss_map: log10(state.gauss_map_length / TAU),
                    log_published: 0.5 * log10(published),
                });
                published = chi.curvature_map(published);
            }
            for found in found {
                let (sampler, ref jets) = found.point;
                let sampled = JetSample::new(jets, found.rows(), run)?;
                for (measure, of) in MEASURES {
                    for layer in 0..=jets.network.depth() {
                        let value = in_units(&sampled, layer, of, bar);
                        let seen = if measure == "curvature" { layer <= SHALLOW } else { layer % STEP == 0 };
                        if seen && sampler == "exact law" {
                            shown.push(row! { measure, sigma_w, layer, seen: value.found() });
                        }
                        cells.push(row! { measure, sampler, sigma_w, layer, replicas: found.replicas(), value });
                    }
                }
            }
        }
        Ok(vec![curve.table()?, cells.table()?, shown.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let panel = |measure: &str, column: &str, layer: Axis, label: &str| {
            let of = |table: &str| Select::table(table).filter("measure", measure);
            let sampled = of("layers").filter("sampler", "exact law");
            Panel::new(layer, Axis::exponent(label))
                .series(Series::theory("curve", "layer", column).by(&by).key("theory"))
                .series(Series::finite_width(&sampled, "layer", "value_expected").by(&by).key("theory, order $1/n$"))
                .series(Series::measured(of("shown"), "layer", "seen").by(&by).in_place().key("Monte Carlo"))
                .residual(Residual::new(sampled, "layer", "value").by(&by))
        };
        let layer = || Axis::linear(r"layer $l$");
        vec![Figure::new("poole_curvature", "Curvature and length of a propagated circle")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks}")
            .describe(
                "Curvature of the preactivations in the first layers (a), Euclidean length relative to that of the input (b), and length \
                 of the Gauss map over 2 pi (c) of the image of a great circle of inputs, against layer at three weight scales: theory of \
                 infinite width as solid lines, to first order in 1/n dashed; means over networks of the logarithm as points, in every fourth \
                 layer (b, c). Long dashes, the curvature from the initial value of Poole et al. (2016), whose square is 1 over the fixed point \
                 q* of the variance of preactivations; that of the inputs here is larger because of the bias, which is seen at the smallest \
                 weight scale alone. \
                 Differences from theory are those of all layers and include the 1/n correction.",
            )
            .grid(3, 76.0)
            .shared_legend()
            .panel(
                panel("curvature", "log_curvature", layer().high(SHALLOW as f64 + 0.3), r"curvature $\bar\kappa^l$").series(
                    Series::line("curve", "layer", "log_published", Dash::LongDash)
                        .by(By::unlabelled("sigma_w"))
                        .key(r"from $(\bar\kappa^0)^2 = 1 / q^*$"),
                ),
            )
            .panel(panel("length", "log_length", layer(), r"length $L_E^l / L_E^0$"))
            .panel(panel("Gauss map", "log_gauss_map", layer(), r"length of Gauss map $L_G^l / 2 \pi$"))]
    }
}

/// Decimal logarithms as the figure shows them.
fn in_units(sampled: &JetSample, layer: usize, measure: Measure, bar: f64) -> Compared {
    let found = sampled.mean_log(layer, measure);
    match measure {
        Measure::CurvatureSquared(_) => found.times(0.5).per_decade().plus(-bar),
        Measure::Speed(_) => found.plus(-ln(measure.of(&sampled.theory(0, 0).state))).per_decade(),
        _ => found.per_decade(),
    }
}
