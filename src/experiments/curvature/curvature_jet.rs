//! The six products of point, tangent and second derivative of a curve along which the activity varies, against the exact
//! recursion of the whole jet, which no assumption of constant activity enters.

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation, sigma_b, ordered, chaotic,
        manifold: Manifold => "A curve.",
        parameter: Plain<f64> => "Where on the curve.",
        depth, sampled_every, width, replicas: NetworkCount,
        lean_replicas: NetworkCount => "Number of further networks in which the cosine of `e` and `H` is measured a second time.",
    }
}

columns! {
    value: Theory "mean of the measure: activity A, tilt x.e / (|x| |e|), sag x.H / (n g), log10 metric g, lean e.H / (|e| |H|), log10 curvature kappa^2";
}

/// Names, measures, whether in logarithms, and labels. Products that grow are taken relative to those that set their scale.
const MEASURES: [(&str, Measure, bool, &str); 6] = [
    ("activity", Measure::Activity, false, r"activity $A^l$"),
    ("tilt", Measure::Tilt(0), false, r"cosine $x \cdot e / (|x| |e|)$"),
    ("sag", Measure::Sag(0), false, r"product $x \cdot H / (n g)$"),
    ("metric", Measure::Metric(0, 0), true, r"metric $g^l$"),
    ("lean", Measure::Lean(0), false, r"cosine $e \cdot H / (|e| |H|)$"),
    ("curvature", Measure::CurvatureSquared(0), true, r"squared curvature $(\kappa^l)^2$"),
];

/// What is drawn for the first layers alone, after which it stays.
const SETTLED: [&str; 3] = ["activity", "tilt", "sag"];

impl Experiment for Params {
    /// The phase, and jets of its networks.
    type Point = (&'static str, Jets);

    fn check(&self) -> Result<(), ParameterError> {
        let manifold = &self.manifold;
        refuse_where(manifold.dimension() != 1, "manifold", format!("{:?}", manifold.kind()), "a curve")
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let Params { activation, sigma_b, ordered, chaotic, ref manifold, .. } = *self;
        for (replicas, of) in [(self.replicas, ""), (self.lean_replicas, ", cosine of e and H")] {
            for PhasePoint { phase, ensemble, .. } in three_phases(activation, sigma_b, ordered, chaotic)? {
                let network = Network::uniform(ensemble, self.width, self.depth)?;
                let jets = Jets::new(network, manifold, &[vec![self.parameter]], 2)?;
                points.keep(format!("{phase}{of}"), replicas, jets.cost(), (phase, jets));
            }
        }
        Ok(())
    }

    fn observe(&self, (_, jets): &Self::Point, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        rows!(cells: "layers", lines, lean);
        let is_sampled = |layer: &usize| layer.is_multiple_of(self.sampled_every) || *layer <= 3;
        let (found, more) = found.split_at(found.len() / 2);
        for found in found {
            let (phase, ref jets) = found.point;
            let sampled = JetSample::new(jets, found.rows(), run)?;
            let (sigma_w, replicas) = (jets.network.ensemble.sigma_w, self.replicas);
            for (measure, of, logarithm, _) in MEASURES {
                let mean = |layer: usize| match logarithm {
                    true => sampled.mean_log(layer, of).per_decade(),
                    false => sampled.mean(layer, of),
                };
                for layer in 0..=self.depth {
                    let value = mean(layer);
                    lines.push(row! { measure, phase, sigma_w, layer, value: value.theory });
                    if is_sampled(&layer) {
                        cells.push(row! { measure, phase, sigma_w, layer, replicas, value });
                    }
                }
            }
        }
        for found in more {
            let (phase, ref jets) = found.point;
            let sampled = JetSample::new(jets, found.rows(), run)?;
            let (sigma_w, replicas) = (jets.network.ensemble.sigma_w, self.lean_replicas);
            let row = |layer| row! { phase, sigma_w, layer, replicas, value: sampled.mean(layer, Measure::Lean(0)) };
            lean.extend((0..=self.depth).filter(is_sampled).map(row));
        }
        Ok(vec![lines.table()?, cells.table()?, lean.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("phase", "{}").phase("phase");
        let panel = |(name, _, log, label): (&str, Measure, bool, &str)| {
            let of = |table: &str| Select::table(table).filter("measure", name);
            // what relaxes within a few layers fills its panel
            let layer = Axis::linear(r"layer $l$");
            let layer = match name {
                _ if SETTLED.contains(&name) => layer.high(12.9),
                // before, the three phases are on each other
                "curvature" => layer.low(3.4),
                _ => layer,
            };
            let rows = if name == "lean" { "lean".into() } else { of("layers") };
            Panel::new(layer, if log { Axis::exponent(label) } else { Axis::linear(label) })
                .series(Series::theory(of("lines"), "layer", "value").by(&by).key("theory"))
                .series(Series::finite_width(&rows, "layer", "value_expected").by(&by).key("theory, order $1/n$"))
                .found(rows, "layer", "value", &by)
        };
        vec![Figure::new("curvature_jet", "Jet of a curve of varying activity through the layers")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; ellipse of semi-axes {manifold.semi_axes} about ({manifold.centre}) in units of sqrt(n), at the parameter t = {parameter}; n = {width}, {replicas networks}")
            .describe(format!(
                "A curve x(t) on an off-centre ellipse at one point, with tangent e and second derivative H, against layer \
                 in three phases: activity (a), cosine of the angle between x and e (b), product of x and H over the \
                 metric g (c), which settle within the layers shown; metric (d), cosine of the angle between e and H \
                 (e), squared curvature once the phases part (f). Exact law of infinite width as solid lines, with its 1/n correction dashed, mean \
                 over networks as points with standard errors. All layers are of the same networks, so neighbouring points \
                 deviate together; (e) is of {} further networks, added after the {} of the other panels had \
                 deviated from theory in the deep layers of the critical phase; both samples are in the tables and judged. Differences from theory \
                 are those of all layers, in (a) to (c) and (f) of more than are drawn, and include the correction.",
                self.lean_replicas, self.replicas
            ))
            .grid(3, 130.0)
            .shared_legend()
            .panels(MEASURES.map(panel))]
    }
}
