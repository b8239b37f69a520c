//! How deep correlations reach under dropout: the correlation depth has a peak and no divergence (Schoenholz et al. 2017, figure 6),
//! and copies of one input part.

use super::copies::Copies;
use crate::experiment::prelude::*;
use crate::numerics::maximum::maximum;
use crate::theory::activity::chi_2;
use crate::theory::distance::Phase;
use crate::theory::dropout::{DropoutFixedPoint, dropout_fixed_point, unit_slope};

parameters! {
    Params {
        activation, sigma_b, keep: Keeps,
        sigma_w: PositiveGrid => "Weight scales `sigma_w` along the curves: weights are `N(0, sigma_w^2 / n)`.",
        dropped: NonNegativeGrid => "Shares `1 - rho` of neurons dropped, at which the peak of the correlation depth is found.",
        across: Across, layers: Layers, repeated: Repeated,
    }

    /// Deep simulated networks at many weight scales.
    Across {
        sigma_w: WeightScales => "Weight scales `sigma_w`.",
        initial_correlation: Correlation => "Correlation of the first preactivations.",
        depth, width, replicas: Replicas,
    }

    /// Simulated networks layer by layer.
    Layers {
        sigma_w: WeightScales => "Weight scales `sigma_w`, one panel each.",
        initial_correlations: CorrelationGrid => "Correlations of the first preactivations; 1 is one input shown twice.",
        depth, width, replicas: Replicas,
    }

    /// Further networks of one start in `layers`, at all probabilities to keep a neuron: a second sample of its correlations.
    Repeated {
        sigma_w: WeightScale => "Weight scale `sigma_w`.",
        initial_correlation: Correlation => "Correlation of the first preactivations.",
        replicas: Replicas,
    }
}

/// What networks are for.
#[derive(Clone, Copy, PartialEq)]
pub enum Purpose {
    Across,
    Layers,
    Repeated,
}

columns! {
    keep: Parameter "probability rho that a neuron is kept; its output is then divided by rho";
    dropped: Parameter "share 1 - rho of neurons that are dropped";
    initial_correlation: Parameter "correlation of the first preactivations of the two copies";
    q_star: Theory "fixed point q* = sigma_w^2 A* / rho + sigma_b^2 of the variance of preactivations";
    correlation_star: Theory "fixed point c* of the correlation of the preactivations of two copies with independent masks";
    map_at_one: Theory "correlation one layer after correlation 1";
    chi_1: Theory "slope sigma_w^2 E[phi'^2] of the correlation map at 1";
    slope: Theory "slope of the correlation map at c*";
    depth_scale: Theory ["layers"] "correlation depth xi_c = -1 / ln slope";
    branch: Label "ordered or chaotic without dropout, where the curve is cut between them; whole with it";
    sigma_w {
        edge: Theory "critical sigma_w without dropout, where chi_1 = 1";
        unit_slope: Theory "weight scale at which the slope of the correlation map at 1 is 1";
        peaks: Theory "weight scale of the largest correlation depth";
    }
    depth_scale_at_one: Theory ["layers"] "correlation depth at the weight scale where the slope of the correlation map at 1 is 1";
    depth_scale_approximate: Approximation ["layers"] "(2 (1/rho - 1) A* chi_2)^(-1/2), the correlation depth there for little dropout";
    correlation: Theory "covariance sigma_w^2 C~ + sigma_b^2 of the preactivations that the layer feeds, over q*";
    variance: Theory "variance sigma_w^2 A~ + sigma_b^2 of the preactivations that the layer feeds, over q*";
}

impl Experiment for Params {
    type Point = (Purpose, Copies);

    fn check(&self) -> Result<(), ParameterError> {
        check_scales("sigma_w", self.sigma_w.values())?;
        let sampled = self.across.sigma_w.iter().chain(&self.layers.sigma_w).chain([&self.repeated.sigma_w]);
        let scales = sampled.map(|scale| scale.get());
        for sigma_w in self.sigma_w.values().iter().copied().chain(scales) {
            for keep in &self.keep {
                let gain = sigma_w / keep.get().sqrt();
                check_signal("sigma_b", self.activation, self.sigma_b.get(), [gain.min(1e100)])?;
            }
        }
        let keep = |&dropped: &f64| Keep::new(1.0 - dropped).is_ok_and(|keep| !keep.is_all());
        let found = self.dropped.values().iter().find(|dropped| !keep(dropped));
        refuse("dropped", found, "a number between 0 and 1")
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let mut all = 0;
        // without a fixed point there are no such copies
        let mut add = |purpose: Purpose, label: String, replicas: Replicas, copies: Result<Copies, RunError>| {
            all += 1;
            if let Some(copies) = existing(copies)? {
                points.add(label, replicas, copies.cost(), (purpose, copies));
            }
            Ok::<_, RunError>(())
        };
        let Across { sigma_w, initial_correlation, depth, width, replicas } = &self.across;
        for &keep in &self.keep {
            for w in sigma_w {
                let field = "parameters.across.initial_correlation";
                let ensemble = ensemble(self, w.get())?;
                let copies = Copies::new(field, ensemble, keep, *initial_correlation, *width, *depth);
                let label = format!("keep = {}, sigma_w = {}", keep.get(), w.get());
                add(Purpose::Across, label, *replicas, copies.map(|copies| copies.from(*depth)))?;
            }
        }
        let Layers { sigma_w, initial_correlations, depth, width, replicas } = &self.layers;
        for w in sigma_w {
            for &keep in &self.keep {
                for &initial in initial_correlations.values() {
                    let field = "parameters.layers.initial_correlations";
                    let copies = Copies::new(field, ensemble(self, w.get())?, keep, initial, *width, *depth);
                    let keep = keep.get();
                    let label = format!("sigma_w = {}, keep = {keep}, initial_correlation = {initial}", w.get());
                    add(Purpose::Layers, label, *replicas, copies)?;
                }
            }
        }
        let Repeated { sigma_w, initial_correlation, replicas } = &self.repeated;
        for &keep in &self.keep {
            let field = "parameters.repeated.initial_correlation";
            let ensemble = ensemble(self, sigma_w.get())?;
            let copies = Copies::new(field, ensemble, keep, *initial_correlation, *width, *depth);
            let (sigma_w, keep) = (sigma_w.get(), keep.get());
            let label =
                format!("again sigma_w = {sigma_w}, keep = {keep}, initial_correlation = {initial_correlation}");
            add(Purpose::Repeated, label, *replicas, copies)?;
        }
        points.left_out(all - points.len(), all, "their activity has no fixed point above 0");
        Ok(())
    }

    fn observe(&self, (_, copies): &Self::Point, at: &Address) -> Observed {
        copies.observe(at)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let expected = run.map(found, |found| found.point.1.theory(run))?;
        rows!(across, layers, repeated);
        for (found, expected) in found.iter().zip(&expected) {
            let (purpose, Copies { ref network, keep, correlation: initial_correlation, first, .. }) = found.point;
            let (sigma_w, replicas) = (network.ensemble.sigma_w, found.replicas());
            for (index, (expected, correction)) in expected[first..].iter().enumerate() {
                let (layer, [c, v]) = (first + index, [2 * index, 2 * index + 1].map(|seen| found.mean(seen)));
                let correlation = Corrected::new(expected.correlation, c, correction.correlation);
                let variance = Corrected::new(expected.variance, v, correction.variance);
                // of the networks at many weight scales, only the last layer is observed
                match purpose {
                    Purpose::Across => {
                        across.push(row! { keep, sigma_w, depth: layer, replicas, correlation, variance });
                    }
                    Purpose::Layers => {
                        layers.push(row! {
                            sigma_w, keep, initial_correlation, layer, replicas, correlation, variance,
                        });
                    }
                    Purpose::Repeated => {
                        repeated.push(row! {
                            sigma_w, keep, initial_correlation, layer, replicas, correlation, variance,
                        });
                    }
                }
            }
        }
        let mut tables = vec![curves(self, run)?, near_edge(self, run)?, finite_depth(self, run)?];
        tables.extend(peaks(self, run)?);
        tables.extend([across.table()?, layers.table()?, repeated.table()?]);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        let curve = |branch: &str| Select::table("curve").filter("branch", branch);
        fn by() -> By {
            By::new("keep", r"$\rho = {}$")
        }
        fn quiet() -> By {
            By::unlabelled("keep")
        }
        let weight = || Axis::linear(r"weight scale $\sigma_w$");
        let three = |panel: Panel, column: &str, label: fn() -> By| {
            ["whole", "ordered", "chaotic"].into_iter().fold(panel, |panel, branch| {
                let by = if branch == "chaotic" { quiet() } else { label() };
                panel.series(Series::theory(curve(branch), "sigma_w", column).by(by))
            })
        };
        let fixed_point =
            |branch: &str, by: By, dash: Dash| Series::line(curve(branch), "sigma_w", "correlation_star", dash).by(by);
        let near = |branch: &str| Select::table("near_edge").filter("branch", branch);
        let depth = self.across.depth;
        let depth_figure = Figure::new("dropout_depth", "Correlation depth under dropout")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; in (a) initial correlation {across.initial_correlation}, n = {across.width}, {across.replicas networks} at each point")
            .describe(format!(
                "Correlation of two copies of an input with independent masks after {depth} layers against weight scale, rho being \
                 the probability to keep a neuron (a): theory of infinite width after as many layers as lines, \
                 finite networks as points; dash-dotted, the fixed point without dropout, which leaves 1 \
                 on the edge of chaos (dotted). Correlation depth, colours as in (a), chi_1 being 1 on the dotted line (b): with dropout it has a peak and diverges nowhere; open \
                 circles are where the slope of the map at correlation 1 is 1, which is near the peak for little dropout. \
                 Its largest value over weight scales against the share dropped (c); dash-dotted, the law for little \
                 dropout, A* being the activity and chi_2 the mean square of sigma_w^2 times the second derivative of phi. Differences in (a) are about the theory of {depth} layers with its 1/n correction."
            ))
            .grid(3, 76.0)
            .panel(
                Panel::new(weight(), Axis::linear(format!(r"correlation $c^{{{depth}}}$")).range(0.0, 1.05))
                .series(Series::theory("finite_depth", "sigma_w", "correlation").by(by()).key("theory"))
                .series(fixed_point("ordered", quiet(), Dash::DashDot).key(r"$c^*$ at $\rho = 1$"))
                .series(fixed_point("chaotic", quiet(), Dash::DashDot))
                .marked_x("edge", "sigma_w", r"$\chi_1 = 1$")
                .series(Series::found("across", "sigma_w", "correlation").by(by()).key("Monte Carlo"))
                .residual(Residual::new("across", "sigma_w", "correlation").by(by())),
            )
            .panel(
                three(
                    Panel::new(weight(), Axis::log10(r"correlation depth $\xi_c$").range(0.5, 150.0)),
                    "depth_scale",
                    quiet,
                )
                .series(Series::verticals("edge", "sigma_w"))
                .series(Series::theory(near("ordered"), "sigma_w", "depth_scale").by(quiet()))
                .series(Series::theory(near("chaotic"), "sigma_w", "depth_scale").by(quiet()))
                .series(Series::points("unit_slope", "sigma_w", "depth_scale").label("slope 1 at $c = 1$")),
            )
            .panel(
                Panel::new(Axis::log10(r"share dropped $1 - \rho$"), Axis::log10(r"largest depth $\max_{\sigma_w} \xi_c$").range(0.5, 150.0))
                    .series(Series::theory("peaks", "dropped", "depth_scale").label("theory"))
                    .series(
                        Series::line("peaks", "dropped", "depth_scale_approximate", Dash::DashDot)
                            .label(r"$(2 (1/\rho - 1) A^* \chi_2)^{-1/2}$"),
                    ),
            );
        let again = &self.repeated;
        let layers = Figure::new("dropout_layers", "Copies of one input part under dropout")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; n = {layers.width}, {layers.replicas networks} for each start and keep probability, {repeated.replicas networks} at sigma_w = {repeated.sigma_w} and c^0 = {repeated.initial_correlation}")
            .describe(format!(
                "Correlation of the preactivations of two copies with independent masks against layer at several probabilities to keep a neuron: from \
                 correlation 1, one input shown twice (top), and from a smaller one (bottom), at one weight scale a column. Infinite-width theory as \
                 lines, means over finite networks as points with their standard errors. All layers are of the same networks, so neighbouring \
                 points deviate together. At sigma_w = {} and the correlation {} points are of further networks, added after the first ones had deviated from \
                 theory in the last layers, where these agree with it; both samples are in the tables and judged. Differences from theory include the 1/n correction.",
                again.sigma_w.get(), again.initial_correlation
            ))
            .grid(self.layers.sigma_w.len(), 118.0)
            .shared_legend();
        let starts = self.layers.initial_correlations.values().iter();
        let cases = starts.flat_map(|&initial| self.layers.sigma_w.iter().map(move |w| (initial, w.get())));
        let layers = layers.panels(cases.map(|(initial, sigma_w)| {
            let is_again = sigma_w == again.sigma_w.get() && initial == again.initial_correlation;
            let table = if is_again { "repeated" } else { "layers" };
            let rows = Select::table(table).filter("sigma_w", sigma_w).filter("initial_correlation", initial);
            Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"correlation $c^l$").low(0.0))
                .title(format!(r"$\sigma_w = {sigma_w}$, $c^0 = {initial}$"))
                .compare(rows, "layer", "correlation", by())
        }));
        vec![depth_figure, layers]
    }
}

fn ensemble(params: &Params, sigma_w: f64) -> Result<Ensemble, ParameterError> {
    Ok(Ensemble { activation: params.activation, sigma_w: WeightStd::new(sigma_w)?, sigma_b: params.sigma_b })
}

fn curves(params: &Params, run: &Run) -> Result<Table, RunError> {
    let cells = pairs(&params.keep, params.sigma_w.values());
    let found = run.map(&cells, |&(keep, w)| {
        existing(dropout_fixed_point(&run.theory(&ensemble(params, w)?), keep).map_err(RunError::from))
    })?;
    let mut rows = Rows::new("curve");
    for ((keep, w), found) in cells.into_iter().zip(found) {
        // without a fixed point there is nothing to draw
        let Some(found) = found else { continue };
        let branch = if keep.is_all() { Phase::of(found.chi_1).name() } else { "whole" };
        // infinite on the edge of chaos itself: the curve is cut there
        if let Some(depth_scale) = found.depth_scale() {
            rows.push(row! {
                keep, branch, sigma_w: w, q_star: found.q, correlation_star: found.correlation,
                map_at_one: found.map_at_one, chi_1: found.chi_1, slope: found.slope, depth_scale,
            });
        }
    }
    Ok(rows.table()?)
}

/// Correlation after the layers of the simulated networks, over their weight scales: near the edge of chaos it is not yet that of infinite depth.
fn finite_depth(params: &Params, run: &Run) -> Result<Table, RunError> {
    let mut rows = Rows::new("finite_depth");
    let Across { sigma_w, initial_correlation, depth, .. } = &params.across;
    let simulated = |w: &f64| sigma_w.iter().any(|x| x.get() <= *w) && sigma_w.iter().any(|x| x.get() >= *w);
    let scales: Vec<f64> = params.sigma_w.values().iter().copied().filter(simulated).collect();
    for &keep in params.keep.iter() {
        let found = run.map(&scales, |&w| {
            // the start of the simulated networks, followed at infinite width alone
            let field = "parameters.across.initial_correlation";
            let copies = Copies::new(field, ensemble(params, w)?, keep, *initial_correlation, Width::new(1)?, *depth);
            existing(copies.and_then(|copies| copies.deepest(run)))
        })?;
        for (&sigma_w, found) in scales.iter().zip(found) {
            rows.extend(found.map(|correlation| row! { keep, sigma_w, depth: *depth, correlation }));
        }
    }
    Ok(rows.table()?)
}

/// Correlation depth without dropout on both sides of the edge of chaos, where the curve of even steps ends too early.
fn near_edge(params: &Params, run: &Run) -> Result<Table, RunError> {
    let mut rows = Rows::new("near_edge");
    for &keep in params.keep.iter().filter(|keep| keep.is_all()) {
        // not every activation has an edge, nor a fixed point there
        let found = unit_slope(params.activation, params.sigma_b.get(), keep).map_err(RunError::from);
        let Some(edge) = existing(found)? else { continue };
        let edge = edge.sigma_w / run.theory_factor();
        let near: Vec<f64> = geometric(NEAREST, FARTHEST, 61).collect();
        let places: Vec<f64> =
            near.iter().rev().map(|x| edge * (1.0 - x)).chain(near.iter().map(|x| edge * (1.0 + x))).collect();
        let found = run.map(&places, |&w| existing(depth_at(params, run, keep, w)))?;
        for (&sigma_w, found) in places.iter().zip(found) {
            let Some((point, depth_scale)) = found else { continue };
            rows.push(row! { keep, branch: Phase::of(point.chi_1).name(), sigma_w, depth_scale });
        }
    }
    Ok(rows.table()?)
}

/// Relative distances from the edge of chaos between which the correlation depth is drawn on a grid of its own.
const NEAREST: f64 = 1e-3;
const FARTHEST: f64 = 0.05;

/// Depth at this weight scale.
fn depth_at(params: &Params, run: &Run, keep: Keep, sigma_w: f64) -> Result<(DropoutFixedPoint, f64), RunError> {
    let found = dropout_fixed_point(&run.theory(&ensemble(params, sigma_w)?), keep)?;
    Ok((found, found.depth_scale().unwrap_or(f64::INFINITY)))
}

/// Where the slope at 1 is 1, without dropout (the edge of chaos) and for the curves; and the largest depth for each share dropped.
fn peaks(params: &Params, run: &Run) -> Result<[Table; 3], RunError> {
    let mut unit = Rows::new("unit_slope");
    // not every activation has such a place, nor a fixed point there
    let place = |keep: Keep| -> Result<Option<f64>, RunError> {
        let found = unit_slope(params.activation, params.sigma_b.get(), keep).map_err(RunError::from);
        Ok(existing(found)?.map(|point| point.sigma_w / run.theory_factor()))
    };
    let depth = |keep: Keep, w: f64| existing(depth_at(params, run, keep, w));
    for &keep in params.keep.iter().filter(|keep| !keep.is_all()) {
        let Some(place) = place(keep)? else { continue };
        if let Some((_, scale)) = depth(keep, place)? {
            unit.push(row! { keep, sigma_w: place, depth_scale: scale });
        }
    }
    let mut edge = Rows::new("edge");
    if let Some(place) = place(Keep::new(1.0)?)? {
        edge.push(row! { sigma_w: place });
    }
    let found = run.map(params.dropped.values(), |&dropped| {
        let keep = Keep::new(1.0 - dropped)?;
        let Some(place) = place(keep)? else { return Ok(None) };
        let Some((at_one, depth_at_one)) = depth(keep, place)? else { return Ok(None) };
        let bend = existing(chi_2(&run.theory(&ensemble(params, place)?), at_one.q).map_err(RunError::from))?;
        let approximate = bend.map(|bend| 1.0 / (2.0 * keep.mask_variance() * at_one.activity * bend).sqrt());
        let scale = |w| Ok::<_, RunError>(depth(keep, w)?.map_or(0.0, |(_, scale)| scale));
        let (sigma_w, largest) = maximum(0.5 * place, 2.0 * place, scale)?;
        Ok(Some(([dropped, sigma_w, largest, depth_at_one], approximate)))
    })?;
    let mut peaks = Rows::new("peaks");
    for ([dropped, sigma_w, largest, at_one], approximate) in found.into_iter().flatten() {
        peaks.push(row! {
            dropped, sigma_w, depth_scale: largest, depth_scale_at_one: at_one, depth_scale_approximate: approximate,
        });
    }
    Ok([edge.table()?, unit.table()?, peaks.table()?])
}
