//! The six products of point, tangent and second derivative of a curve along which the activity varies, against the exact
//! recursion of the whole jet, which no assumption of constant activity enters.

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation, sigma_b, ordered, chaotic,
        manifold: Manifold => "A curve.",
        parameter: Plain<f64> => "Where on the curve.",
        depth, sampled_every, width, replicas: NetworkCount,
    }
}

columns! {
    value: Theory "mean of the measure: activity A, tilt x.e / (|x| |e|), sag x.H / (n g), log10 metric g, lean e.H / (|e| |H|), log10 curvature kappa^2";
}

/// Names, measures, whether in logarithms, and labels. Products that grow are taken relative to those that set their scale.
const MEASURES: [(&str, Measure, bool, &str); 6] = [
    ("activity", Measure::Activity, false, r"activity $A^l$"),
    ("tilt", Measure::Tilt(0), false, r"tilt $x \cdot e / (|x| |e|)$"),
    ("sag", Measure::Sag(0), false, r"sag $x \cdot H / (n g)$"),
    ("metric", Measure::Metric(0, 0), true, r"metric $g^l$"),
    ("lean", Measure::Lean(0), false, r"lean $e \cdot H / (|e| |H|)$"),
    ("curvature", Measure::CurvatureSquared(0), true, r"curvature $(\kappa^l)^2$"),
];

impl Experiment for Params {
    /// The phase, and jets of its networks.
    type Point = (&'static str, Jets);

    fn check(&self) -> Result<(), ParameterError> {
        let manifold = &self.manifold;
        refuse_where(manifold.dimension() != 1, "manifold", format!("{:?}", manifold.kind()), "a curve")
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let Params { activation, sigma_b, ordered, chaotic, ref manifold, .. } = *self;
        for PhasePoint { phase, ensemble, .. } in three_phases(activation, sigma_b, ordered, chaotic)? {
            let network = Network::uniform(ensemble, self.width, self.depth)?;
            let jets = Jets::new(network, manifold, &[vec![self.parameter]], 2)?;
            points.keep(phase, self.replicas, jets.cost(), (phase, jets));
        }
        Ok(())
    }

    fn observe(&self, (_, jets): &Self::Point, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let mut cells = Rows::new("layers");
        let mut lines = Rows::new("lines");
        for found in found {
            let (phase, ref jets) = found.point;
            let sampled = JetSample::new(jets, found.rows(), run)?;
            let sigma_w = jets.network.ensemble.sigma_w;
            for (name, measure, logarithm, _) in MEASURES {
                for layer in 0..=self.depth {
                    let found = if logarithm {
                        sampled.mean_log(layer, measure).per_decade()
                    } else {
                        sampled.mean(layer, measure)
                    };
                    lines.push(row! { measure: name, phase, sigma_w, layer, value: found.theory });
                    if layer % self.sampled_every == 0 || layer <= 3 {
                        cells
                            .push(row! { measure: name, phase, sigma_w, layer, replicas: self.replicas, value: found });
                    }
                }
            }
        }
        Ok(vec![lines.table()?, cells.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("phase", "{}").phase("phase");
        let panel = |(name, _, log, label): (&str, Measure, bool, &str)| {
            let of = |table: &str| Select::table(table).filter("measure", name);
            Panel::new(Axis::linear(r"layer $l$"), if log { Axis::exponent(label) } else { Axis::linear(label) })
                .beside((of("lines"), "value"), of("layers"), "layer", "value", &by)
        };
        let figure = Figure::new("curvature_jet", "Jet of a curve of varying activity through the layers")
            .describe(
                "Activity, tilt of the tangent against the point, product of point and second derivative, metric, \
                 connection and squared curvature at one point of an off-centre ellipse, against layer in three \
                 phases: exact infinite-width law as lines, mean over networks as points. Residuals include the \
                 1/n correction.",
            )
            .grid(3, 130.0)
            .shared_legend()
            .panels(MEASURES.map(panel));
        vec![figure]
    }
}
