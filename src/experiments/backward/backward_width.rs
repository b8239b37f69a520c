//! The independence assumption of backpropagation at finite width: errors through the weights of the forward pass against errors through
//! independent weights, and the spread of their logarithm.

use crate::experiment::prelude::*;
use crate::simulation::{errors, explicit_errors};
use crate::theory::backward::error_laws;

parameters! {
    Params {
        activation, sigma_w: WeightScale, sigma_b, depth, sampled_every, widths, replicas: NetworkCount,
        narrowest: Width => "Narrower networks are shown, not judged: there terms beyond first order exceed a third of the standard error.",
        cases: List<Case> => "Widths at which explicit weights are compared with both laws.",
    }

    /// One width with its number of networks in each sample.
    Case {
        width,
        replicas: NetworkCount => "Number of networks in each sample.",
    }
}

columns! {
    quantity: Label "what the row holds: mean (same or independent weights), difference of the two, or variance";
    value: Theory "n (E[ln qt^l] - ln qt^l at infinite width) (same, independent), n times the difference of these two, or n Var(ln qt^l)";
    first_order: Theory "the same quantity to first order in 1/n";
    found: MonteCarlo "the same quantity over networks";
    comparison: Label "explicit weights against their law given the forward pass (same), or against independent weights (independent)";
    statistic: Verdict "largest distance of the two empirical distributions of ln qt^1 (Kolmogorov-Smirnov)";
    scaled: Verdict "the statistic times the square root of half the number of networks";
    limit: Parameter "scaled statistic above which a test of all fails at a familywise level of 1e-3";
}

impl Experiment for Params {
    /// Networks, how their errors are sampled, and every how many layers these are looked at, from the first on.
    type Point = (Networks, SamplerKind, usize);
    const UNJUDGED: &'static str = "
        all.found | where terms beyond first order are small the same number is judged in table judged; elsewhere excess_z is their measured size
    ";

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        let inputs = Inputs::single(activity_fixed_point(&ensemble)?.activity)?;
        let all = self.widths.iter();
        let all = all.map(|&width| (SamplerKind::Macroscopic, width, self.replicas, self.sampled_every));
        // two samples of networks with no draw in common
        let cases = self.cases.iter().flat_map(|&Case { width, replicas }| {
            [SamplerKind::Explicit, SamplerKind::Macroscopic].map(|sampler| (sampler, width, replicas, self.depth))
        });
        for (sampler, width, replicas, every) in all.chain(cases) {
            let networks = Networks::new(ensemble, width, self.depth, inputs.clone())?;
            let (n, depth) = (width.get() as f64, self.depth as f64);
            let work = match sampler {
                SamplerKind::Explicit => Work::explicit(n, depth, 1.0),
                SamplerKind::Macroscopic => Work::errors(n * depth),
            };
            let label = format!("{sampler:?}, width = {n}");
            points.keep(label, replicas, OneNetwork::from(work), (networks, sampler, every));
        }
        Ok(())
    }

    /// Layer by layer: the variance of errors through explicit weights, or in law through the same weights and through independent ones.
    fn observe(&self, (Networks { network, inputs }, sampler, every): &Self::Point, at: &Address) -> Observed {
        if *sampler == SamplerKind::Explicit {
            return Ok(explicit_errors(network, inputs, at)?.errors.iter().step_by(*every).map(activity).collect());
        }
        let found = errors(network, activity(inputs.gram()), at)?;
        let layers = found.same.into_iter().zip(found.independent).step_by(*every);
        Ok(layers.flat_map(|(same, independent)| [same, independent]).collect())
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        let activity = activity_fixed_point(&ensemble)?.activity;
        let mut judged = Rows::new("judged");
        let mut all = Rows::new("all");
        let (found, samples) = found.split_at(self.widths.len());
        for (&width, found) in self.widths.iter().zip(found) {
            let laws = error_laws(&run.theory(&ensemble), activity, found.point.0.network.widths())?;
            let n = width.get() as f64;
            for (index, layer) in (1..=self.depth).step_by(self.sampled_every).enumerate() {
                let law = &laws[layer - 1];
                let [same, independent] = [0, 1].map(|which| found.values(2 * index + which));
                let difference: Vec<f64> = same.iter().zip(&independent).map(|(a, b)| ln(a / b)).collect();
                let [same, independent] = [same, independent]
                    .map(|values| values.into_iter().map(|x| ln(x) - law.log_variance).collect::<Vec<f64>>());
                let cells = [
                    ("same", Compared::of(0.0, &same, law.same.bias)),
                    ("independent", Compared::of(0.0, &independent, law.independent.bias)),
                    ("difference", Compared::of(law.same.bias - law.independent.bias, &difference, 0.0)),
                    ("variance", variance(law.same.variance, &same)),
                ];
                for (quantity, cell) in cells {
                    // in the last layer both have the same errors
                    if quantity == "difference" && layer == self.depth {
                        continue;
                    }
                    let cell = cell.times(n);
                    let first_order = cell.theory + cell.correction;
                    let replicas = found.replicas();
                    if width >= self.narrowest {
                        judged.push(row! { quantity, width, layer, replicas, value: cell });
                    }
                    all.push(row! {
                        quantity, width, layer, replicas, first_order, found: cell.found(),
                        excess_z: cell.excess(),
                    });
                }
            }
        }
        let mut tests = Rows::new("tests");
        for (case, samples) in self.cases.iter().zip(samples.chunks(2)) {
            let mut explicit = samples[0].values(0);
            for (which, comparison) in ["same", "independent"].into_iter().enumerate() {
                let test = same_law(&mut explicit, &mut samples[1].values(which));
                tests.push(row! {
                    width: case.width, comparison, replicas: case.replicas, statistic: test.statistic,
                    scaled: test.statistic * (0.5 * case.replicas as f64).sqrt(), p_value: test.p_value,
                });
            }
        }
        // 2 exp(-2 x^2) is the tail of the statistic
        let level = 1e-3 / (2 * self.cases.len()) as f64;
        let mut limit = Rows::new("limit");
        limit.push(row! { limit: (-0.5 * ln(0.5 * level)).sqrt() });
        Ok(vec![judged.table()?, all.table()?, tests.table()?, limit.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let width = By::new("width", r"$n = {}$").ramp();
        let layer = || Axis::linear(r"layer $l$");
        let compare = |quantity: &str, label: &str| {
            let rows = |table: &str| Select::table(table).filter("quantity", quantity);
            let y = Axis::linear(label);
            let judged = format!(r"residuals: $n \geq {}$", self.narrowest.get());
            let (place, anchor) = if quantity == "variance" {
                (Place::Frame(0.97, 0.92), Anchor::End)
            } else {
                (Place::Frame(0.97, 0.05), Anchor::End)
            };
            Panel::new(layer(), if quantity == "variance" { y.low(0.0) } else { y })
                .series(Series::finite_width(rows("all"), "layer", "first_order").by(&width).key("theory, order $1/n$"))
                .series(Series::monte_carlo(rows("all"), "layer", "found", "found_error").by(&width).key("Monte Carlo"))
                .note_at(judged, place, anchor)
                .residual(Residual::new(rows("judged"), "layer", "value").by(&width))
        };
        let comparison = By::new("comparison", "{}")
            .names([("same", "against shared weights"), ("independent", "against independent weights")]);
        vec![
            Figure::new("backward_width", "Errors of networks of finite width")
                .describe(
                    "Logarithm of the variance of backpropagated errors through the weights of the forward pass: its mean over networks less \
                     the value of infinite width (a) and its variance (b), both times the width, against layer: theory to first order in 1/n dashed, \
                     Monte Carlo as points with their standard errors. Only wide networks are judged; in narrow ones higher orders show.",
                )
                .grid(2, 76.0)
                .shared_legend()
                .panel(compare("same", r"scaled bias $n \langle \ln (\tilde{q}^l / \tilde{q}^l_\infty) \rangle$"))
                .panel(compare("variance", r"scaled variance $n \Var \ln \tilde{q}^l$")),
            Figure::new("backward_independence", "The independence assumption at finite width")
                .describe(
                    "What the independence assumption misses: the mean logarithm of the variance of errors through the weights of the forward \
                     pass less that through independent weights, times the width, against layer, theory to first order in 1/n dashed, Monte Carlo with \
                     standard errors (a); Kolmogorov-Smirnov statistic of errors through explicit weights against the law of shared and of independent \
                     weights, against width, joined to lead the eye, with the value above which one of them fails at a familywise level of 1e-3 (b).",
                )
                .grid(2, 76.0)
                .panel(compare("difference", r"effect of shared weights $n \, \Delta \langle \ln \tilde{q}^l \rangle$"))
                .panel(
                    Panel::new(Axis::log10(r"width $n$").range(15.0, 270.0), Axis::linear(r"Kolmogorov-Smirnov statistic $\sqrt{R / 2} \, D$").low(0.0))
                        .marked_y("limit", "limit", "rejected above")
                        .series(Series::join("tests", "width", "scaled").by(By::unlabelled("comparison")))
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
