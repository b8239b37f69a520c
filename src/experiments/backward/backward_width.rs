//! The independence assumption of backpropagation at finite width: errors through the weights of the forward pass against errors through
//! independent weights, and the spread of their logarithm.

use crate::experiment::prelude::*;
use crate::simulation::{Errors, errors, explicit_errors};
use crate::theory::backward::error_laws;

parameters! {
    Params {
        activation: Activation,
        sigma_w: WeightScale,
        sigma_b: BiasStd,
        depth: Depth,
        sampled_every: Every,
        /// Numbers of neurons a layer, `n`, one network each.
        widths: List<Width>,
        replicas: NetworkCount,
        /// Narrower networks are shown, not judged: there terms beyond first order exceed a third of the standard error.
        narrowest: Width,
        /// Widths at which explicit weights are compared with both laws.
        cases: List<Case>,
    }

    /// One width with its number of networks in each sample.
    Case {
        width: Width,
        /// Number of networks in each sample.
        replicas: NetworkCount,
    }
}

columns! {
    quantity: Label "what the row holds: mean (same or independent weights), difference of the two, or variance";
    value {
        judged: Theory "n (E[ln qt^l] - ln qt^l at infinite width) (same, independent), n times the difference of these two, or n Var(ln qt^l)";
    }
    first_order: Theory "the same quantity to first order in 1/n";
    found: MonteCarlo "the same quantity over networks";
    excess_z: Verdict ["standard errors"] "found less first order, in standard errors";
    comparison: Label "explicit weights against their law given the forward pass (same), or against independent weights (independent)";
    statistic: Verdict "largest distance of the two empirical distributions of ln qt^1 (Kolmogorov-Smirnov)";
    scaled: Verdict "the statistic times the square root of half the number of networks";
    p_value: Verdict "p-value of the two-sample Kolmogorov-Smirnov test";
    limit: Parameter "scaled statistic above which a test of all fails at a familywise level of 1e-3";
}

pub struct BackwardWidth;

impl Experiment for BackwardWidth {
    type Params = Params;
    type Point = ();
    const COLUMNS: &'static [Meaning] = columns::ALL;
    const UNJUDGED: &'static str = "
        all.found | where terms beyond first order are small the same number is judged in table judged; elsewhere excess_z is their measured size
    ";

    fn tables(params: &Params, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let ensemble = Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b };
        let activity = activity_fixed_point(&ensemble)?.activity;
        let mut judged = Rows::new("judged");
        let mut all = Rows::new("all");
        for (point, &width) in params.widths.iter().enumerate() {
            let network = network(ensemble, width, params.depth)?;
            let laws = error_laws(&run.theory(&ensemble), activity, network.widths())?;
            let sampled = run
                .replicas(params.replicas, |replica| errors(&network, activity, &run.address(point as u64, replica)))?;
            let n = width.get() as f64;
            for layer in (1..=params.depth).step_by(params.sampled_every) {
                let law = &laws[layer - 1];
                let values = |of: &dyn Fn(&Errors) -> f64| sampled.iter().map(of).collect::<Vec<f64>>();
                let same = values(&|found| ln(found.same[layer - 1]) - law.log_variance);
                let independent = values(&|found| ln(found.independent[layer - 1]) - law.log_variance);
                let difference = values(&|found| ln(found.same[layer - 1] / found.independent[layer - 1]));
                let cells = [
                    ("same", Compared::of(0.0, &same, law.same.bias)),
                    ("independent", Compared::of(0.0, &independent, law.independent.bias)),
                    ("difference", Compared::of(law.same.bias - law.independent.bias, &difference, 0.0)),
                    ("variance", variance(law.same.variance, &same)),
                ];
                for (quantity, cell) in cells {
                    // in the last layer both have the same errors
                    if quantity == "difference" && layer == params.depth {
                        continue;
                    }
                    let cell = cell.times(n);
                    let first_order = cell.theory + cell.correction;
                    if width >= params.narrowest {
                        judged.push(row! { quantity, width, layer, replicas: params.replicas, value: cell });
                    }
                    all.push(row! {
                        quantity, width, layer, replicas: params.replicas, first_order, found: Measured::new((cell.mc, cell.stderr)),
                        excess_z: (cell.mc - first_order) / cell.stderr,
                    });
                }
            }
        }
        let mut tables = vec![judged.table()?, all.table()?];
        tables.extend(tests(params, run, &ensemble, activity)?);
        Ok(tables)
    }

    fn figures(_params: &Params) -> Vec<Figure> {
        let width = By::new("width", r"$n = {}$").ramp();
        let layer = || Axis::linear(r"layer $l$");
        let compare = |quantity: &str, label: &str| {
            let rows = |table: &str| crate::figure::Select::table(table).filter("quantity", quantity);
            let y = Axis::linear(label);
            Panel::new(layer(), if quantity == "variance" { y.low(0.0) } else { y })
                .series(Series::finite_width(rows("all"), "layer", "first_order").by(&width).key("theory, order $1/n$"))
                .series(Series::monte_carlo(rows("all"), "layer", "found", "found_error").by(&width).key("Monte Carlo"))
                .residual(Residual::new(rows("judged"), "layer", "value").correction("value_correction").by(&width))
        };
        let comparison = By::new("comparison", "{}")
            .names([("same", "law of the same weights"), ("independent", "independent weights")]);
        vec![
            Figure::new("backward_width", "Errors of networks of finite width")
                .describe(
                    "Logarithm of the variance of backpropagated errors through the weights of the forward pass: its mean over networks less \
                     the value of infinite width (a) and its variance (b), both times the width, against layer.",
                )
                .double()
                .height(76.0)
                .columns(2)
                .shared_legend()
                .panel(compare("same", r"$n \langle \ln (\tilde{q}^l / \tilde{q}^l_\infty) \rangle$"))
                .panel(compare("variance", r"scaled variance $n \Var \ln \tilde{q}^l$")),
            Figure::new("backward_independence", "The independence assumption at finite width")
                .describe(
                    "What the independence assumption misses: the mean logarithm of the variance of errors through the weights of the forward \
                     pass less that through independent weights, times the width, against layer (a); Kolmogorov-Smirnov statistic \
                     of explicit weights against either law, against width, with its limit at a familywise level of 1e-3 (b).",
                )
                .double()
                .height(76.0)
                .columns(2)
                .panel(compare("difference", r"same less independent, $n \Delta \langle \ln \tilde{q}^l \rangle$"))
                .panel(
                    Panel::new(Axis::log10(r"width $n$"), Axis::linear(r"statistic $\sqrt{R / 2} D$").low(0.0))
                        .series(Series::horizontals("limit", "limit").key("limit"))
                        .series(Series::points("tests", "width", "scaled").by(&comparison)),
                ),
        ]
    }
}

/// Variance over networks next to its theory, which is all of order 1/n.
fn variance(theory: f64, values: &[f64]) -> Compared {
    let found = Estimate::variance_of(values);
    Compared { theory, mc: found.mean, stderr: stderr(&found), correction: 0.0 }
}

/// Explicit weights against the law of the same weights and that of independent ones, in the first layer.
fn tests(params: &Params, run: &Run, ensemble: &Ensemble, activity: f64) -> Result<Vec<Table>, RunError> {
    let mut rows = Rows::new("tests");
    let inputs = Inputs::single(activity)?;
    for (index, case) in params.cases.iter().enumerate() {
        let network = network(*ensemble, case.width, params.depth)?;
        // two samples of networks with no draw in common
        let point = (params.widths.len() + 2 * index) as u64;
        let mut explicit = run.replicas(case.replicas, |replica| {
            Ok(explicit_errors(&network, &inputs, &run.address(point, replica))?.errors[0].get(0, 0))
        })?;
        let in_law = run.replicas(case.replicas, |replica| {
            let found = errors(&network, activity, &run.address(point + 1, replica))?;
            Ok([found.same[0], found.independent[0]])
        })?;
        for (which, name) in ["same", "independent"].into_iter().enumerate() {
            let mut in_law: Vec<f64> = in_law.iter().map(|v| v[which]).collect();
            let test = same_law(&mut explicit, &mut in_law);
            let scaled = test.statistic * (0.5 * case.replicas as f64).sqrt();
            rows.push(row! {
                width: case.width, comparison: name, replicas: case.replicas, statistic: test.statistic, scaled,
                p_value: test.p_value,
            });
        }
    }
    // 2 exp(-2 x^2) is the tail of the statistic
    let level = 1e-3 / (2 * params.cases.len()) as f64;
    let mut limit = Rows::new("limit");
    limit.push(row! { limit: (-0.5 * ln(0.5 * level)).sqrt() });
    Ok(vec![rows.table()?, limit.table()?])
}
