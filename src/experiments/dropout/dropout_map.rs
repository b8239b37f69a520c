//! One layer of the correlation of two copies with independent masks: 1 is no fixed point any more (Schoenholz et al. 2017, section 4);
//! and the law of masked networks against explicit weights and masks.

use super::copies::Copies;
use crate::experiment::prelude::*;
use crate::numerics::statistics::KolmogorovSmirnov;
use crate::theory::dropout::{correlation_map, dropout_fixed_point};

parameters! {
    Params {
        activation,
        sigma_w: WeightScales => "Weight scales `sigma_w`, one panel each: weights are `N(0, sigma_w^2 / n)`.",
        sigma_b, keep: Keeps,
        correlations: CorrelationGrid => "Correlations of preactivations along the curves.",
        sampled_correlations: CorrelationGrid => "Correlations of the simulated layers.",
        width, replicas: NetworkCount, witness: Witness,
    }

    /// Exact law against explicit weights and masks.
    Witness {
        correlation: Correlation => "Correlation of the first preactivations.",
        depth,
        layers: Layers => "Layers to compare.",
        width,
        replicas: NetworkCount => "Number of networks for each sampler.",
    }
}

columns! {
    correlation {
        _: Parameter "correlation c of the preactivations of two copies with independent masks, both of variance q*";
        witness: Theory "covariance sigma_w^2 C~ + sigma_b^2 of the preactivations that the layer feeds, over q*";
    }
    next_correlation: Theory "covariance sigma_w^2 C + sigma_b^2 of their preactivations one layer on, over q*";
    next_variance: Theory "variance sigma_w^2 A / rho + sigma_b^2 one layer on, over q*, the mean of the two copies";
    map_at_one: Theory "correlation one layer after correlation 1";
    q_star {
        fixed_points: Theory "fixed point q* = sigma_w^2 A* / rho + sigma_b^2 of the variance of preactivations";
    }
    correlation_star {
        fixed_points: Theory "fixed point c* of the correlation map of two copies";
    }
    chi_1 {
        fixed_points: Theory "slope sigma_w^2 E[phi'^2] of the correlation map at 1";
    }
    iterations {
        fixed_points: Solver ["iterations"] "evaluations of the maps that the solvers of q* and c* took";
    }
    slope: Theory "slope of the correlation map at c*";
    sampler: Label "macroscopic: exact law, masks alone explicit; explicit: weights and masks";
    variance: Theory "variance sigma_w^2 A~ + sigma_b^2 of the preactivations that the layer feeds, over q*";
    observable: Label "correlation or variance";
    expected: Theory "p-value expected at this rank among all tests if the two laws are one";
    change {
        change_curve: Theory "change c^(l+1) - c^l of the correlation in one layer";
        changes: MonteCarlo "change c^(l+1) - c^l of the correlation in one layer, mean over networks";
        change_zeros: Theory "change at the fixed point, 0";
    }
    p_value {
        uniformity: Parameter "p-value of the test";
        uniformity_band: Parameter "p-value";
    }
    excess: MonteCarlo "share of tests with a p-value up to this one (half of itself counted), less the p-value";
    low: Approximation "lower end of the 95 % band of the excess for independent uniform p-values (Kolmogorov)";
    high: Approximation "upper end of the 95 % band of the excess";
}

impl Experiment for Params {
    type Point = Copies;
    const UNJUDGED: &'static str = "
        changes.change | the judged next correlation less the correlation before, which is exact
        uniformity.excess | the rank of a p-value; its band is in table uniformity_band
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_layers("witness.layers", &self.witness.layers, self.witness.depth)
    }

    fn points(&self, points: &mut Points<Copies>) -> Result<(), RunError> {
        for (ensemble, keep) in cases(self) {
            for &c in self.sampled_correlations.values() {
                let field = "parameters.sampled_correlations";
                let copies = Copies { first: 1, ..Copies::new(field, ensemble, keep, c, self.width, 1)? };
                let label = format!("sigma_w = {}, keep = {}, correlation = {c}", ensemble.sigma_w.get(), keep.get());
                points.keep(label, self.replicas, copies.cost(), copies);
            }
        }
        let Witness { correlation, depth, width, replicas, .. } = self.witness;
        for (ensemble, keep) in cases(self) {
            // masks have one role in both samplers, which must not share them: points of their own
            for (name, sampler) in SAMPLERS {
                let field = "parameters.witness.correlation";
                let copies = Copies { sampler, ..Copies::new(field, ensemble, keep, correlation, width, depth)? };
                let label = format!("{name}, sigma_w = {}, keep = {}", ensemble.sigma_w.get(), keep.get());
                points.keep(label, replicas, copies.cost(), copies);
            }
        }
        Ok(())
    }

    fn observe(&self, copies: &Copies, at: &Address) -> Observed {
        copies.observe(at)
    }

    fn tables(&self, found: &[Found<Copies>], run: &Run) -> Result<Tables, RunError> {
        let (single, witnesses) = found.split_at(cases(self).len() * self.sampled_correlations.values().len());
        let [curve, fixed_points, change_curve, change_zeros] = infinite_width(self, run)?;
        let [monte_carlo, changes] = monte_carlo(single, run)?;
        let witness = witness(self, witnesses, run)?;
        let tables = [curve, fixed_points, monte_carlo].into_iter().chain(witness);
        Ok(tables.chain([change_curve, change_zeros, changes]).collect())
    }

    fn figures(&self) -> Vec<Figure> {
        let map = Figure::new("dropout_map", "Correlation map under dropout")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each point")
            .describe(
                "Change, in one layer, of the correlation of the preactivations of two copies of a network with \
                 independent masks, for several probabilities to keep a neuron and two weight scales: infinite-width \
                 theory as lines, means over single layers of finite networks as points, stable fixed points as open \
                 circles. With dropout, correlation 1 is not fixed.",
            )
            .grid(self.sigma_w.len(), 82.0)
            .shared_legend()
            .panel_each(("sigma_w", r"$\sigma_w = {}$"), self.sigma_w.iter().map(|w| w.get()), |of| {
                let by = By::new("keep", r"$\rho = {}$");
                let found = Series::monte_carlo(of("changes"), "correlation", "change", "change_error");
                Panel::new(Axis::linear(r"correlation $c^l$").range(0.0, 1.02), Axis::linear(r"change $c^{l+1} - c^l$"))
                    .rule(Rule::Horizontal(0.0))
                    .series(Series::theory(of("change_curve"), "correlation", "change").by(&by).key("theory"))
                    .series(found.by(&by).in_place().key("Monte Carlo"))
                    .residual(Residual::new(of("monte_carlo"), "correlation", "next_correlation").by(&by))
                    .series(
                        Series::points(of("change_zeros"), "correlation_star", "change").label("stable fixed point"),
                    )
            });
        let layers = &self.witness.layers;
        let tests = cases(self).len() * layers.len() * 2;
        let tests = Figure::new("dropout_tests", "Masked networks: exact law against explicit weights")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; keep probabilities {keep}; initial correlation {witness.correlation}; n = {witness.width}, {witness.replicas networks} by each way, layers {witness.layers}")
            .describe(format!(
                "Are networks sampled by their exact law those of explicit weights, with masks in both? Share of the two-sample \
                 Kolmogorov-Smirnov tests with a p-value of at most p, each test counting half of itself, less p, for all {tests} tests: \
                 correlation and variance of two copies in layers {} at {} weight scales and {} probabilities to keep a neuron. \
                 Samples of one law have uniform p-values. Shaded, where the share stays in 95 % of all cases if the tests are \
                 independent (Kolmogorov).",
                layers.iter().map(usize::to_string).collect::<Vec<_>>().join(" and "),
                self.sigma_w.len(),
                self.keep.len(),
            ))
            .height(62.0)
            .panel(uniformity("share of tests up to $p$, less $p$", Series::points("uniformity", "p_value", "excess")));
        vec![map, tests]
    }
}

const SAMPLERS: [(&str, SamplerKind); 2] =
    [("macroscopic", SamplerKind::Macroscopic), ("explicit", SamplerKind::Explicit)];

/// Every weight scale with every probability to keep a neuron.
fn cases(params: &Params) -> Vec<(Ensemble, Keep)> {
    let ensemble = |sigma_w| Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b };
    pairs(&params.sigma_w, &params.keep).into_iter().map(|(sigma_w, keep)| (ensemble(sigma_w), keep)).collect()
}

/// The map, its fixed points, and both as changes of the correlation, which tell curves near the diagonal apart.
fn infinite_width(params: &Params, run: &Run) -> Result<[Table; 4], RunError> {
    rows!(curve, fixed: "fixed_points", changes: "change_curve", zeros: "change_zeros");
    let values = params.correlations.values();
    for (ensemble, keep) in cases(params) {
        let (sigma_w, theory) = (ensemble.sigma_w, run.theory(&ensemble));
        let found = dropout_fixed_point(&theory, keep)?;
        let next = |correlation: f64| correlation_map(&theory, keep, &found, correlation);
        for &correlation in values {
            curve.push(row! { sigma_w, keep, correlation, next_correlation: next(correlation) });
        }
        for correlation in even(ends(values).0, ends(values).1, 2 * values.len() - 1) {
            changes.push(row! { sigma_w, keep, correlation, change: next(correlation) - correlation });
        }
        zeros.push(row! { sigma_w, keep, correlation_star: found.correlation, change: 0.0 });
        fixed.push(row! {
            sigma_w, keep, q_star: found.q, correlation_star: found.correlation,
            map_at_one: found.map_at_one, slope: found.slope, chi_1: found.chi_1, iterations: found.iterations,
        });
    }
    Ok(tables![curve, fixed, changes, zeros])
}

fn monte_carlo(found: &[Found<Copies>], run: &Run) -> Result<[Table; 2], RunError> {
    rows!(monte_carlo, changes);
    for found in found {
        let Copies { network, keep, correlation, .. } = &found.point;
        let (sigma_w, replicas, next) = (network.ensemble.sigma_w, found.replicas(), found.mean(0));
        let (theory, _) = &found.point.theory(run)?[1];
        monte_carlo.push(row! {
            sigma_w, keep, correlation, replicas,
            next_correlation: Judged::new(theory.correlation, next),
            next_variance: Judged::new(theory.variance, found.mean(1)),
        });
        let change = Measured::new((next.mean - correlation, stderr(&next)));
        changes.push(row! { sigma_w, keep, correlation, replicas, change });
    }
    Ok(tables![monte_carlo, changes])
}

/// Both samplers against theory, and against each other.
fn witness(params: &Params, found: &[Found<Copies>], run: &Run) -> Result<[Table; 5], RunError> {
    rows!(rows: "witness", tests, sorted, uniformity, limits: "uniformity_band");
    let mut by_p_value: Vec<(f64, Keep)> = Vec::new();
    for both in found.chunks(SAMPLERS.len()) {
        let Copies { ref network, keep, .. } = both[0].point;
        let (sigma_w, theory) = (network.ensemble.sigma_w, both[0].point.theory(run)?);
        for &layer in &params.witness.layers {
            let (expected, correction) = &theory[layer];
            let observables = [("correlation", 2 * layer), ("variance", 2 * layer + 1)];
            for ((sampler, _), found) in SAMPLERS.iter().zip(both) {
                let [c, v] = observables.map(|(_, index)| found.mean(index));
                rows.push(row! {
                    sampler: *sampler, sigma_w, keep, layer, replicas: found.replicas(),
                    correlation: Corrected::new(expected.correlation, c, correction.correlation),
                    variance: Corrected::new(expected.variance, v, correction.variance),
                });
            }
            for (observable, index) in observables {
                let test = same_law(&mut both[0].values(index), &mut both[1].values(index));
                let (replicas, KolmogorovSmirnov { statistic, p_value }) = (both[0].replicas(), test);
                by_p_value.push((p_value, keep));
                tests.push(row! { sigma_w, keep, observable, layer, replicas, statistic, p_value });
            }
        }
    }
    let count = by_p_value.len() as f64;
    let band = kolmogorov_band(count) / count.sqrt();
    for (keep, expected, p_value) in ranked(by_p_value) {
        sorted.push(row! { keep, expected, p_value });
        uniformity.push(row! { keep, p_value, excess: expected - p_value });
    }
    limits.extend([0.0, 1.0].map(|p_value| row! { p_value, low: -band, high: band }));
    Ok(tables![rows, tests, sorted, uniformity, limits])
}
