//! How deep correlations reach under dropout: the correlation depth has a peak and no divergence (Schoenholz et al. 2017, figure 6),
//! and copies of one input part.

use super::copies::Copies;
use crate::experiment::prelude::*;
use crate::numerics::maximum::maximum;
use crate::theory::activity::chi_2;
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
        let mut add = |purpose, field, label: String, (sigma_w, keep, correlation), (width, depth), replicas| {
            all += 1;
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            // without a fixed point there are no such copies
            if let Some(copies) = existing(Copies::new(field, ensemble, keep, correlation, width, depth))? {
                let first = if purpose == Purpose::Across { depth } else { 0 };
                points.add(label, replicas, copies.cost(), (purpose, Copies { first, ..copies }));
            }
            Ok::<_, RunError>(())
        };
        let Across { sigma_w, initial_correlation: c, depth, width, replicas } = &self.across;
        for (keep, w) in pairs(&self.keep, sigma_w) {
            let label = format!("keep = {}, sigma_w = {}", keep.get(), w.get());
            let field = "parameters.across.initial_correlation";
            add(Purpose::Across, field, label, (w, keep, *c), (*width, *depth), *replicas)?;
        }
        let labelled = |(w, keep, c): (WeightStd, Keep, f64)| {
            format!("sigma_w = {}, keep = {}, initial_correlation = {c}", w.get(), keep.get())
        };
        let Layers { sigma_w, initial_correlations, depth, width, replicas } = &self.layers;
        for (w, keep) in pairs(sigma_w, &self.keep) {
            for &c in initial_correlations.values() {
                let (start, field) = ((w, keep, c), "parameters.layers.initial_correlations");
                add(Purpose::Layers, field, labelled(start), start, (*width, *depth), *replicas)?;
            }
        }
        let Repeated { sigma_w, initial_correlation, replicas } = &self.repeated;
        for &keep in &self.keep {
            let (start, field) = ((*sigma_w, keep, *initial_correlation), "parameters.repeated.initial_correlation");
            let label = format!("again {}", labelled(start));
            add(Purpose::Repeated, field, label, start, (*width, *depth), *replicas)?;
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
                if purpose == Purpose::Across {
                    across.push(row! { keep, sigma_w, depth: layer, replicas, correlation, variance });
                    continue;
                }
                let table = if purpose == Purpose::Layers { &mut layers } else { &mut repeated };
                table.push(row! { sigma_w, keep, initial_correlation, layer, replicas, correlation, variance });
            }
        }
        let mut tables = vec![curves(self, run)?, near_edge(self, run)?, finite_depth(self, run)?];
        tables.extend(peaks(self, run)?);
        tables.extend(tables![across, layers, repeated]);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("keep", r"$\rho = {}$");
        let weight = || Axis::linear(r"weight scale $\sigma_w$");
        let of = |table: &str, branch: &str| Select::table(table).filter("branch", branch);
        let star = |branch: &str| {
            Series::line(of("curve", branch), "sigma_w", "correlation_star", Dash::DashDot).by(by.quiet())
        };
        let depth = self.across.depth;
        let correlations = Axis::linear(format!(r"correlation $c^{{{depth}}}$")).range(0.0, 1.05);
        let correlations = Panel::new(weight(), correlations)
            .series(Series::theory("finite_depth", "sigma_w", "correlation").by(&by).key("theory"))
            .series(star("ordered").key(r"$c^*$ at $\rho = 1$"))
            .series(star("chaotic"))
            .marked_x("edge", "sigma_w", r"$\chi_1 = 1$")
            .series(Series::found("across", "sigma_w", "correlation").by(&by).key("Monte Carlo"))
            .residual(Residual::new("across", "sigma_w", "correlation").by(&by));
        let depth_scale =
            |table: &str, branch: &str| Series::theory(of(table, branch), "sigma_w", "depth_scale").by(by.quiet());
        let depths = Panel::new(weight(), Axis::log10(r"correlation depth $\xi_c$").range(0.5, 150.0))
            .series(depth_scale("curve", "whole"))
            .series(depth_scale("curve", "ordered"))
            .series(depth_scale("curve", "chaotic"))
            .series(Series::verticals("edge", "sigma_w"))
            .series(depth_scale("near_edge", "ordered"))
            .series(depth_scale("near_edge", "chaotic"))
            .series(Series::points("unit_slope", "sigma_w", "depth_scale").label("slope 1 at $c = 1$"));
        let law = Series::line("peaks", "dropped", "depth_scale_approximate", Dash::DashDot);
        let largest = Axis::log10(r"largest depth $\max_{\sigma_w} \xi_c$").range(0.5, 150.0);
        let largest = Panel::new(Axis::log10(r"share dropped $1 - \rho$"), largest)
            .series(Series::theory("peaks", "dropped", "depth_scale").label("theory"))
            .series(law.label(r"$(2 (1/\rho - 1) A^* \chi_2)^{-1/2}$"));
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
            .panels([correlations, depths, largest]);
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
        let cases = pairs(self.layers.initial_correlations.values(), &self.layers.sigma_w);
        let layers = layers.panels(cases.into_iter().map(|(initial, sigma_w)| {
            let is_again = (sigma_w, initial) == (again.sigma_w, again.initial_correlation);
            let table = if is_again { "repeated" } else { "layers" };
            let sigma_w = sigma_w.get();
            let rows = Select::table(table).filter("sigma_w", sigma_w).filter("initial_correlation", initial);
            over_layers(Axis::linear(r"correlation $c^l$").low(0.0))
                .title(format!(r"$\sigma_w = {sigma_w}$, $c^0 = {initial}$"))
                .compare(rows, "layer", "correlation", &by)
        }));
        vec![depth_figure, layers]
    }
}

fn ensemble(params: &Params, sigma_w: f64) -> Result<Ensemble, ParameterError> {
    Ok(Ensemble { activation: params.activation, sigma_w: WeightStd::new(sigma_w)?, sigma_b: params.sigma_b })
}

fn curves(params: &Params, run: &Run) -> Result<Table, RunError> {
    let cells = pairs(&params.keep, params.sigma_w.values());
    let rows = run.map(&cells, |&(keep, sigma_w)| {
        // without a fixed point there is nothing to draw
        let Some(found) = fixed_point(params, run, keep, sigma_w)? else { return Ok(None) };
        let branch = if keep.is_all() { Phase::of(found.chi_1).name() } else { "whole" };
        // infinite on the edge of chaos itself: the curve is cut there
        Ok(found.depth_scale().map(|depth_scale| {
            row! {
                keep, branch, sigma_w, q_star: found.q, correlation_star: found.correlation,
                map_at_one: found.map_at_one, chi_1: found.chi_1, slope: found.slope, depth_scale,
            }
        }))
    })?;
    table("curve", rows.into_iter().flatten())
}

/// Correlation after the layers of the simulated networks, over their weight scales: near the edge of chaos it is not yet that of infinite depth.
fn finite_depth(params: &Params, run: &Run) -> Result<Table, RunError> {
    rows!(finite_depth);
    let Across { sigma_w, initial_correlation, depth, .. } = &params.across;
    let simulated = |w: &f64| sigma_w.iter().any(|x| x.get() <= *w) && sigma_w.iter().any(|x| x.get() >= *w);
    let scales: Vec<f64> = params.sigma_w.values().iter().copied().filter(simulated).collect();
    for &keep in params.keep.iter() {
        let rows = run.map(&scales, |&sigma_w| {
            // the start of the simulated networks, followed at infinite width alone
            let (field, ensemble) = ("parameters.across.initial_correlation", ensemble(params, sigma_w)?);
            let copies = Copies::new(field, ensemble, keep, *initial_correlation, Width::new(1)?, *depth);
            let found = existing(copies.and_then(|copies| copies.deepest(run)))?;
            Ok(found.map(|correlation| row! { keep, sigma_w, depth: *depth, correlation }))
        })?;
        finite_depth.extend(rows.into_iter().flatten());
    }
    Ok(finite_depth.table()?)
}

/// Correlation depth without dropout on both sides of the edge of chaos, where the curve of even steps ends too early.
fn near_edge(params: &Params, run: &Run) -> Result<Table, RunError> {
    rows!(near_edge);
    for &keep in params.keep.iter().filter(|keep| keep.is_all()) {
        let Some(edge) = place(params, run, keep)? else { continue };
        let near: Vec<f64> = geometric(NEAREST, FARTHEST, 61).collect();
        let (below, above) = (near.iter().rev().map(|x| edge * (1.0 - x)), near.iter().map(|x| edge * (1.0 + x)));
        let places: Vec<f64> = below.chain(above).collect();
        let rows = run.map(&places, |&sigma_w| {
            let row = |found: DropoutFixedPoint| {
                row! { keep, branch: Phase::of(found.chi_1).name(), sigma_w, depth_scale: depth(&found) }
            };
            Ok(fixed_point(params, run, keep, sigma_w)?.map(row))
        })?;
        near_edge.extend(rows.into_iter().flatten());
    }
    Ok(near_edge.table()?)
}

/// Relative distances from the edge of chaos between which the correlation depth is drawn on a grid of its own.
const NEAREST: f64 = 1e-3;
const FARTHEST: f64 = 0.05;

/// Weight scale at which the slope at 1 is 1; not every activation has such a place, nor a fixed point there.
fn place(params: &Params, run: &Run, keep: Keep) -> Result<Option<f64>, RunError> {
    let found = existing(unit_slope(params.activation, params.sigma_b.get(), keep))?;
    Ok(found.map(|point| point.sigma_w / run.theory_factor()))
}

fn fixed_point(params: &Params, run: &Run, keep: Keep, w: f64) -> Result<Option<DropoutFixedPoint>, RunError> {
    existing(dropout_fixed_point(&run.theory(&ensemble(params, w)?), keep))
}

fn depth(found: &DropoutFixedPoint) -> f64 {
    found.depth_scale().unwrap_or(f64::INFINITY)
}

/// Where the slope at 1 is 1, without dropout (the edge of chaos) and for the curves; and the largest depth for each share dropped.
fn peaks(params: &Params, run: &Run) -> Result<[Table; 3], RunError> {
    rows!(edge, unit: "unit_slope", peaks);
    for &keep in params.keep.iter().filter(|keep| !keep.is_all()) {
        let Some(sigma_w) = place(params, run, keep)? else { continue };
        let found = fixed_point(params, run, keep, sigma_w)?;
        unit.extend(found.map(|found| row! { keep, sigma_w, depth_scale: depth(&found) }));
    }
    edge.extend(place(params, run, Keep::new(1.0)?)?.map(|sigma_w| row! { sigma_w }));
    let rows = run.map(params.dropped.values(), |&dropped| {
        let keep = Keep::new(1.0 - dropped)?;
        let Some(place) = place(params, run, keep)? else { return Ok(None) };
        let Some(at_one) = fixed_point(params, run, keep, place)? else { return Ok(None) };
        let bend = existing(chi_2(&run.theory(&ensemble(params, place)?), at_one.q))?;
        let depth_scale_approximate =
            bend.map(|bend| 1.0 / (2.0 * keep.mask_variance() * at_one.activity * bend).sqrt());
        let scale = |w| fixed_point(params, run, keep, w).map(|found| found.map_or(0.0, |found| depth(&found)));
        let (sigma_w, depth_scale) = maximum(0.5 * place, 2.0 * place, scale)?;
        let depth_scale_at_one = depth(&at_one);
        Ok(Some(row! { dropped, sigma_w, depth_scale, depth_scale_at_one, depth_scale_approximate }))
    })?;
    peaks.extend(rows.into_iter().flatten());
    Ok(tables![edge, unit, peaks])
}
