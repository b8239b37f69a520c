//! The independence assumption of backpropagation at finite width: errors through the weights of the forward pass against errors through
//! independent weights, and the spread of their logarithm.

use crate::experiment::prelude::*;
use crate::simulation::{errors, explicit_errors};
use crate::theory::backward::error_laws;

parameters! {
    Params {
        activation, sigma_w: WeightScale, sigma_b, depth, sampled_every, widths, replicas: NetworkCount,
        narrowest: Width => "Narrower networks are shown, not judged: there terms beyond first order exceed a third of the standard error.",
        cases: Sections<Case> => "Widths at which explicit weights are compared with both laws.",
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
    excess: MonteCarlo "what was found less the same to first order in 1/n";
    rejected: Parameter "statistic above which a test of all fails at a familywise level of 1e-3, for so many networks";
    normal_distance: Approximation "distance of two normal laws of ln qt^1 whose means and variances are those of shared and of independent weights to first order in 1/n";
    limit: Parameter "scaled statistic above which a test of all fails at a familywise level of 1e-3";
}

impl Experiment for Params {
    /// Networks, how their errors are sampled, and every how many layers these are looked at, from the first on.
    type Point = (Networks, SamplerKind, usize);
    const UNJUDGED: &'static str = "
        all.excess | where terms beyond first order are small the same number is judged in table judged
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
        rows!(judged, all, tests, laws);
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
                    ("variance", Compared::variance(law.same.variance, &same)),
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
                        excess_z: cell.excess(), excess: Measured::new((cell.mc - first_order, cell.stderr)),
                    });
                }
            }
        }
        // 2 exp(-2 x^2) is the tail of the statistic
        let level = 1e-3 / (2 * self.cases.len()) as f64;
        let limit = (-0.5 * ln(0.5 * level)).sqrt();
        for (case, samples) in self.cases.iter().zip(samples.chunks(2)) {
            let mut explicit = samples[0].values(0);
            let &Case { width, replicas } = case;
            let scale = (0.5 * replicas as f64).sqrt();
            for (which, comparison) in ["same", "independent"].into_iter().enumerate() {
                let KolmogorovSmirnov { statistic, p_value } = same_law(&mut explicit, &mut samples[1].values(which));
                let (scaled, rejected) = (statistic * scale, limit / scale);
                tests.push(row! { width, comparison, replicas, statistic, scaled, p_value, rejected });
            }
        }
        let (least, most) = extent(self.cases.iter().map(|case| case.width.get() as f64));
        for width in geometric(0.75 * least, 1.4 * most, 41) {
            let width = Width::new(width.ceil() as u64)?;
            let law = error_laws(&run.theory(&ensemble), activity, &vec![width; self.depth])?[0];
            laws.push(row! { width, normal_distance: law.normal_distance() });
        }
        let limit = table("limit", [row! { limit }])?;
        Ok(vec![judged.table()?, all.table()?, tests.table()?, limit, laws.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let width = By::new("width", r"$n = {}$").ramp();
        let quiet = By::unlabelled("width").ramp();
        // marks of several widths stand beside each other, at the first layer and the last as well
        let layer = || Axis::linear(r"layer $l$").range(-0.2, self.depth as f64 + 0.2);
        // the extremes of the narrow networks, whose errors are small in all quantities
        let shown: Vec<f64> = self.widths.iter().map(|width| width.get() as f64).collect();
        let narrow: Vec<f64> = shown.iter().copied().filter(|&n| n < self.narrowest.get() as f64).collect();
        let (few, narrow) = match &narrow[..] {
            [first, .., last] => (vec![*first, *last], narrow.clone()),
            _ => (shown.clone(), shown.clone()),
        };
        let of = |quantity: &str, n: f64| Select::table("all").filter("quantity", quantity).filter("width", n);
        let law = |quantity: &str, label: &str, by: &By| {
            let line = Series::finite_width(of(quantity, few[0]), "layer", "first_order").key("theory, order $1/n$");
            let points = |&n| Series::measured(of(quantity, n), "layer", "found").by(by).key("Monte Carlo").in_place();
            Panel::new(layer(), Axis::linear(label)).series(line).all(few.iter().map(points))
        };
        // what is judged stands with the differences: the law of wide networks is that of all
        let rest = |quantity: &str, label: &str, widths: &[f64]| {
            let judged = Select::table("judged").filter("quantity", quantity);
            Panel::new(layer(), Axis::linear(label))
                .rule(Rule::Horizontal(0.0))
                .all(widths.iter().map(|&n| Series::measured(of(quantity, n), "layer", "excess").by(&width)))
                .residual(Residual::new(judged, "layer", "value").by(&width))
        };
        let comparison = By::new("comparison", "{}")
            .names([("same", "$D$ to shared weights"), ("independent", "$D$ to independent weights")]);
        let networks = self.cases.iter().map(|case| (case.width.get() as f64, case.replicas.to_string()));
        let tested: Vec<f64> = self.cases.iter().map(|case| case.width.get() as f64).collect();
        let (least, most) = extent(tested.iter().copied());
        let from = self.narrowest.get();
        vec![
            Figure::new("backward_width", "Errors of networks of finite width")
                .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {depth} layers; {replicas networks} of each width")
                .describe(format!(
                    "Logarithm of the variance of backpropagated errors through the weights of the forward pass: its mean over networks less \
                     the value of infinite width (a) and its variance (b), both times the width, against layer: theory to first order in 1/n dashed, \
                     the same for all widths; Monte Carlo of the narrow networks as points with their standard errors. Less this theory (c, d): \
                     terms of higher order, which the narrowest networks show; the points of wide networks are left out of (c), since their error grows as the root of \
                     the width. Judged is the theory from n = {from} on, also where these points are not drawn."
                ))
                .grid(2, 112.0)
                .shared_legend()
                .panel(law("same", r"scaled bias $n \langle \ln (\tilde{q}^l / \tilde{q}^l_\infty) \rangle$", &quiet))
                .panel(law("variance", r"scaled variance $n \Var \ln \tilde{q}^l$", &quiet))
                .panel(rest("same", "bias minus theory", &narrow))
                .panel(rest("variance", "variance minus theory", &shown)),
            Figure::new("backward_independence", "The independence assumption at finite width")
                .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {depth} layers; {replicas networks} of each width in (a) and (b)")
                .describe(format!(
                    "What the independence assumption misses: the mean logarithm of the variance of errors through the weights of the forward \
                     pass less that through independent weights, times the width, against layer, theory to first order in 1/n dashed, Monte Carlo of the \
                     narrow networks with standard errors (a); the same less this theory, for all widths (b), judged from n = {from} on. Largest \
                     distance D of the empirical distribution functions of the variance of errors through explicit weights and of its law with shared \
                     and with independent weights, against width (c): above the dotted line a test with the R networks named above the frame rejects, at \
                     a familywise level of 1e-3; dash-dotted, the distance of the two laws as normal ones of the logarithm with first-order means and \
                     variances. Where that is below the dotted line, the test cannot tell the laws apart."
                ))
                .grid(3, 76.0)
                .panel(law("difference", r"effect of shared weights $n \, \Delta \langle \ln \tilde{q}^l \rangle$", &width))
                .panel(rest("difference", "effect minus theory", &shown))
                .panel(
                    Panel::new(
                        Axis::log10(r"width $n$")
                            .range(0.75 * least, 1.35 * most)
                            .ticks(tested)
                            .opposite("number $R$ of networks", networks),
                        Axis::log10("Kolmogorov-Smirnov distance $D$").range(1.2e-3, 0.2),
                    )
                    .series(
                        Series::boundary(Select::table("tests").filter("comparison", "same"), "width", "rejected")
                            .label("rejected above"),
                    )
                    .series(Series::line("laws", "width", "normal_distance", Dash::DashDot).label("$D$ between these laws, if normal"))
                    .series(Series::points("tests", "width", "statistic").by(&comparison)),
                ),
        ]
    }
}
