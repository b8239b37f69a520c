//! Curvature of a great circle at finite width: the mean of `ln kappa^2` and its spread over networks against first-order (1/n) theory.
//!
//! Terms of order `1/n^2` are not in that theory. Networks in which they exceed a third of the standard error are therefore in a
//! table of their own, `narrow`, which states the measured excess over first order in standard errors and is not judged.

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation, sigma_w: WeightScale, sigma_b, widths, layers: LayersOfNetwork, replicas: NetworkCount,
        narrowest: Width => "Narrower networks are not judged.",
    }
}

columns! {
    first_order: Theory "mean: E[ln kappa^2] less its infinite-width value, sd: standard deviation of ln kappa^2 over networks; to first order in 1/n";
    value: Theory "mean: E[ln kappa^2] less its infinite-width value, sd: standard deviation of ln kappa^2 over networks";
    found: MonteCarlo "the same from networks: mean of ln kappa^2 less its infinite-width value, or its standard deviation";
}

/// Widths at which theory is drawn.
const GRID: usize = 61;

const CURVATURE: Measure = Measure::CurvatureSquared(0);

impl Experiment for Params {
    type Point = Jets;
    const UNJUDGED: &'static str = "
        narrow.found | terms beyond first order exceed a third of the standard error; excess_z is their measured size
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_signal("sigma_b", self.activation, self.sigma_b.get(), [self.sigma_w.get()])
    }

    fn points(&self, points: &mut Points<Jets>) -> Result<(), RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        for &width in &self.widths {
            let jets = circle_jets(Network::uniform(ensemble, width, deepest(&self.layers))?, 2)?;
            points.keep(format!("n = {}", width.get()), self.replicas, jets.cost(), jets);
        }
        Ok(())
    }

    fn observe(&self, jets: &Jets, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
        rows!(judged: "wide", narrow, lines);
        for (&width, found) in self.widths.iter().zip(found) {
            let sampled = JetSample::new(&found.point, found.rows(), run)?;
            for &layer in &self.layers {
                let infinite = ln(CURVATURE.of(&sampled.theory(layer, 0).state));
                let mean = sampled.mean_log(layer, CURVATURE).plus(-infinite);
                let sd = standard_deviation(sampled.variance(layer, CURVATURE, true));
                for (measure, value) in [("mean", mean), ("sd", sd)] {
                    let first_order = value.theory + value.correction;
                    lines.push(row! { measure, width, layer, first_order });
                    if width >= self.narrowest {
                        judged.push(row! { measure, width, layer, replicas: self.replicas, value });
                    } else {
                        let (found, excess_z) = (value.found(), value.excess());
                        narrow.push(row! { measure, width, layer, first_order, found, excess_z });
                    }
                }
            }
        }
        Ok(vec![judged.table()?, narrow.table()?, lines.table()?, grid(self, found, run)?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("layer", r"$l = {}$").ramp();
        let of = |table: &str, measure: &str| Select::table(table).filter("measure", measure);
        let panel = |measure: &str, y: Axis| {
            Panel::new(Axis::log10(r"width $n$"), y)
                .series(
                    Series::finite_width(of("grid", measure), "width", "first_order")
                        .by(&by)
                        .key("theory, order $1/n$"),
                )
                .marked(Rule::Vertical(0.9 * self.narrowest.get() as f64), "judged")
                .found(of("wide", measure), "width", "value", &by)
                .series(Series::measured(of("narrow", measure), "width", "found").by(&by))
        };
        vec![Figure::new("curvature_width", "Curvature at finite width")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {replicas networks} of each width")
            .describe(
                "Mean of the logarithm of the squared curvature of the image of a great circle, relative to infinite width \
                 (a), and its standard deviation over networks (b), against width in several layers of a chaotic network: theory to first \
                 order in 1/n dashed, networks as points with standard errors. Points are judged from the dotted line on, where terms of \
                 second order are small against their standard errors; in narrower networks they are seen.",
            )
            .grid(2, 76.0)
            .shared_legend()
            .panel(panel("mean", Axis::linear(r"mean of $\ln (\kappa^2 \! / \kappa_\infty^2)$")))
            .panel(panel("sd", Axis::log10(r"sd of $\ln \kappa^2$")).slope(-0.5, (0.12, 0.45), "$n^{-1/2}$"))]
    }
}

/// Theory between the widths that are simulated.
fn grid(params: &Params, found: &[Found<Jets>], run: &Run) -> Result<Table, RunError> {
    let (from, to) = extent(params.widths.iter().map(|width| width.get() as f64));
    let (theory, simulated) = (JetSample::new(&found[0].point, &[], run)?, params.widths[0].get() as f64);
    let mut rows = Rows::new("grid");
    for &layer in &params.layers {
        let first = theory.theory(layer, 0).of_log(|gram| CURVATURE.of(gram));
        for width in geometric(from, to, GRID) {
            // both are of first order in 1/n
            let bias = first.bias * simulated / width;
            let sd = (first.variance * simulated / width).sqrt();
            for (measure, first_order) in [("mean", bias), ("sd", sd)] {
                rows.push(row! { measure, width, layer, first_order });
            }
        }
    }
    Ok(rows.table()?)
}
/// Square root of a variance, errors by the delta method.
fn standard_deviation(variance: Compared) -> Compared {
    let sd = variance.mc.sqrt();
    Compared { theory: variance.theory.sqrt(), mc: sd, stderr: 0.5 * variance.stderr / sd, correction: 0.0 }
}
