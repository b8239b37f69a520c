//! The correlation fixed point over the `(sigma_w, sigma_b)` plane (Poole et al. 2016, figures 2C and 2D) and the
//! correlation depth `xi_c`, which diverges on the boundary (Schoenholz et al. 2017, figures 2 and 3), with Monte Carlo of
//! deep networks across the transition.

use crate::experiment::prelude::*;
use crate::experiment::sampling;
use crate::model::BiasStd;
use crate::theory::distance::DistanceFixedPoint;
use crate::theory::phase::critical_sigma_w;

parameters! {
    Params {
        activation, sigma_w: WeightGrid, sigma_b: BiasGrid, depth_scale: DepthScale, across: Across,
    }

    /// Curves of the correlation depth.
    DepthScale {
        sigma_w: WeightGrid, sigma_b: BiasScales,
    }

    /// Deep simulated networks across the transition.
    Across {
        sigma_w: WeightGrid, sigma_b,
        initial_correlation: Correlation => "Correlation of the first preactivations.",
        depths: LayersOfNetwork => "Layers to show; the deepest is the depth of the networks.",
        width, replicas: Replicas,
    }
}

columns! {
    slope: Theory "slope K'(D-bar) of the distance map at its stable fixed point";
    depth_scale: Theory ["layers"] "correlation depth xi_c = -1 / ln K'(D-bar); it diverges where chi_1 = 1, and there is no row there";
    correlation {
        curve: Theory "correlation of preactivations in this layer at infinite width";
    }
    sigma_w {
        edges: Theory "critical sigma_w, where chi_1 = 1 at this sigma_b";
    }
}

/// Pairs of inputs across the transition.
pub struct Pairs {
    networks: Networks,
    input: PairState,
    /// The correlation of preactivations is 1 minus this times the distance.
    scale: f64,
}

impl Experiment for Params {
    type Point = Pairs;

    fn check(&self) -> Result<(), ParameterError> {
        let Across { sigma_w, sigma_b, .. } = &self.across;
        check_scales("sigma_w", self.sigma_w.values())?;
        check_scales("sigma_b", self.sigma_b.values())?;
        check_scales("depth_scale.sigma_w", self.depth_scale.sigma_w.values())?;
        check_scales("across.sigma_w", sigma_w.values())?;
        check_signal("across.sigma_b", self.activation, sigma_b.get(), sigma_w.values().iter().copied())
    }

    fn points(&self, points: &mut Points<Pairs>) -> Result<(), RunError> {
        let Across { sigma_w, sigma_b, initial_correlation, depths, width, replicas } = &self.across;
        for &w in sigma_w.values() {
            let ensemble = Ensemble { sigma_b: *sigma_b, ..Ensemble::new(self.activation, w, 0.0)? };
            // without a fixed point, or with one at 0, nothing can be correlated
            let Some(star) = settled(&ensemble)?.filter(|star| star.q > 0.0) else { continue };
            let field = "parameters.across.initial_correlation";
            let input = correlated(field, &ensemble, (star.activity, star.q), *initial_correlation)?;
            let networks = Networks::new(ensemble, *width, deepest(depths), pair(input)?)?;
            let (cost, scale) = (networks.cost(), 0.5 * w * w / star.q);
            // the table shows the correlation
            points.add(format!("sigma_w = {w}"), *replicas, cost, Pairs { networks, input, scale }).shown_times(scale);
        }
        let (all, kept) = (sigma_w.values().len(), points.len());
        points.left_out(all - kept, all, "their activity has no fixed point above 0");
        Ok(())
    }

    fn observe(&self, pairs: &Pairs, at: &Address) -> Observed {
        let layers = pairs.networks.sample(at)?;
        Ok(self.across.depths.iter().map(|&depth| distance(&layers[depth])).collect())
    }

    fn tables(&self, found: &[Found<Pairs>], run: &Run) -> Result<Tables, RunError> {
        Ok(vec![
            plane(self, run)?,
            contours(self, run)?,
            scales(self, run)?,
            edges(self)?,
            across(self, found, run)?,
            curve(self, found, run)?,
        ])
    }

    fn figures(&self) -> Vec<Figure> {
        let levels = |column: &str, values: &[f64]| {
            Contour::new("contours", "sigma_w", "sigma_b", column, values).dash(Dash::Solid).inline("${}$")
        };
        let correlation = map_of_scales("correlation_star", r"correlation $c^*$").range(0.0, 1.0);
        let growth = map_of_scales("chi_1", r"growth $\chi_1$").map(ColourMap::Diverging).log().range(0.125, 8.0);
        let weight = || Axis::linear(r"weight scale $\sigma_w$");
        let phase = |phase: &str| {
            Series::theory(Select::table("depth_scales").filter("phase", phase), "sigma_w", "depth_scale")
        };
        let depth = Panel::new(weight(), Axis::log10(r"correlation depth $\xi_c$").range(0.3, 100.0))
            .series(Series::verticals("edges", "sigma_w").by(By::unlabelled("sigma_b")).key(r"$\chi_1 = 1$"))
            .series(phase("ordered").by(By::new("sigma_b", r"$\sigma_b = {}$")))
            .series(phase("chaotic").by(By::unlabelled("sigma_b")));
        let by = By::new("depth", r"$l = {}$").ramp();
        let sigma_b = self.across.sigma_b.get();
        let across = Panel::new(weight(), Axis::linear(r"correlation $c^l$").range(0.0, 1.05))
            .title(format!(r"$\sigma_b = {sigma_b}$"))
            .marked_x(Select::table("edges").filter("sigma_b", sigma_b), "sigma_w", r"$\chi_1 = 1$")
            .series(Series::theory("curve", "sigma_w", "correlation").by(&by).key("theory"))
            .series(Series::found("across", "sigma_w", "correlation").by(&by).key("Monte Carlo"))
            .residual(Residual::new("across", "sigma_w", "correlation").by(by).uncorrected());
        vec![
            Figure::new("distance_phase", "Order and chaos over the plane of scales")
                .setting("phi(u) = {activation}")
                .describe(
                    "Fixed point of the correlation of preactivations (a) and of the susceptibility chi_1 (b) over weight and \
                     bias scale; dotted, the order-chaos boundary; solid, contours of what the colour shows.",
                )
                .grid(2, 66.0)
                .panel(over_scales(correlation.smooth()).contour(levels("correlation_star", &[0.2, 0.4, 0.6, 0.8])))
                .panel(over_scales(growth.smooth()).contour(levels("chi_1", &[0.25, 0.5, 1.5, 2.0, 2.5]))),
            Figure::new("correlation_depth", "Correlation depth")
                .setting("phi(u) = {activation}; in (b) initial correlation {across.initial_correlation}, n = {across.width}, {across.replicas networks} at each point")
                .describe(
                    "Correlation depth against weight scale (a), diverging on the order-chaos boundary (dotted), and the \
                     correlation of preactivations after several layers across the transition (b): lines are the theory of infinite width, points \
                     means over networks with their standard errors.",
                )
                .grid(2, 72.0)
                .panels([depth, across]),
        ]
    }
}

/// `chi_1` and the fixed point of the distance, where the activity has one.
fn fixed_point(params: &Params, run: &Run, w: f64, b: f64) -> Result<Option<(f64, DistanceFixedPoint)>, RunError> {
    let theory = run.theory(&Ensemble::new(params.activation, w, b)?);
    let Some(star) = settled(&theory)? else { return Ok(None) };
    Ok(Some((chi_1(&theory, star.q), distance_fixed_point(&theory, &star)?)))
}

fn plane(params: &Params, run: &Run) -> Result<Table, RunError> {
    let rows = run.map(&sampling::plane(&params.sigma_w, &params.sigma_b)?, |&(w, b)| {
        let (chi_1, found) = fixed_point(params, run, w, b)?.unzip();
        Ok(row! {
            sigma_w: w, sigma_b: b, chi_1, phase: chi_1.map_or("none", |chi_1| Phase::of(chi_1).name()),
            distance_star: found.map(|found| found.distance),
            correlation_star: found.map(|found| found.correlation.unwrap_or(1.0)),
            slope: found.map(|found| found.slope), iterations: found.map(|found| found.iterations),
        })
    })?;
    table("plane", rows)
}

/// What contours show, on a grid that is the finer the smaller the scales: all meet where the smallest signals begin to stay.
fn contours(params: &Params, run: &Run) -> Result<Table, RunError> {
    let squares = |values: &[f64]| -> Vec<f64> {
        let (first, last) = values.iter().fold((f64::INFINITY, 0.0f64), |(a, b), &x| (a.min(x), b.max(x)));
        even(0.0, 1.0, FINE).map(|t| first + (last - first) * t * t).collect()
    };
    let rows = run.map(&pairs(&squares(params.sigma_b.values()), &squares(params.sigma_w.values())), |&(b, w)| {
        let (chi_1, found) = fixed_point(params, run, w, b)?.unzip();
        let correlation_star = found.map(|found| found.correlation.unwrap_or(1.0));
        Ok(row! { sigma_w: w, sigma_b: b, chi_1, correlation_star })
    })?;
    table("contours", rows)
}

/// Grid points of the contours on each side.
const FINE: usize = 49;

fn scales(params: &Params, run: &Run) -> Result<Table, RunError> {
    let cells = pairs(&params.depth_scale.sigma_b, params.depth_scale.sigma_w.values());
    let rows = run.map(&cells, |&(sigma_b, sigma_w)| {
        let theory = run.theory(&Ensemble { sigma_b, ..Ensemble::new(params.activation, sigma_w, 0.0)? });
        // infinite on the boundary itself: the curve is cut there
        let found = correlation_depth(&theory)?;
        Ok(found.map(|(phase, depth_scale)| row! { sigma_b, phase: phase.name(), sigma_w, depth_scale }))
    })?;
    table("depth_scales", rows.into_iter().flatten())
}

/// The critical `sigma_w`; at some bias scales there is none.
fn edge(params: &Params, sigma_b: BiasStd) -> Result<Option<f64>, RunError> {
    Ok(existing(critical_sigma_w(params.activation, sigma_b.get()))?.map(|edge| edge.sigma_w))
}

fn edges(params: &Params) -> Result<Table, RunError> {
    rows!(edges);
    for &sigma_b in &params.depth_scale.sigma_b {
        edges.extend(edge(params, sigma_b)?.map(|sigma_w| row! { sigma_b, sigma_w }));
    }
    Ok(edges.table()?)
}

fn across(params: &Params, found: &[Found<Pairs>], run: &Run) -> Result<Table, RunError> {
    // all weight scales at once: the corrections of deep networks take as long as the samples
    let expected = run.map(found, |Found { point, .. }| pair_of_inputs(run, &point.networks.network, point.input))?;
    let mut rows = Rows::new("across");
    for (index, &depth) in params.across.depths.iter().enumerate() {
        for (found, expected) in found.iter().zip(&expected) {
            let (mean, Pairs { networks, scale, .. }) = (found.mean(index), &found.point);
            let correlation = (1.0 - scale * mean.mean, scale * stderr(&mean));
            let theory = 1.0 - scale * expected[depth].state.distance;
            let correlation = Corrected::new(theory, correlation, -scale * expected[depth].distance().bias);
            let sigma_w = networks.network.ensemble.sigma_w;
            rows.push(row! { depth, sigma_w, replicas: found.replicas(), correlation });
        }
    }
    Ok(rows.table()?)
}

/// Theory across the transition, with the edge itself.
fn curve(params: &Params, found: &[Found<Pairs>], run: &Run) -> Result<Table, RunError> {
    let Across { sigma_b, initial_correlation, depths, .. } = &params.across;
    let mut grid: Vec<f64> = found.iter().map(|found| found.point.networks.network.ensemble.sigma_w.get()).collect();
    let (first, last) = (grid.first().copied().unwrap_or(0.0), grid.last().copied().unwrap_or(0.0));
    grid.extend(edge(params, *sigma_b)?.filter(|edge| first < *edge && *edge < last));
    grid.sort_unstable_by(f64::total_cmp);
    let curves = run.map(depths, |&depth| {
        let curve = fine_curve(grid.iter().copied(), [first, last, 0.0, 1.05], |w| {
            let theory = run.theory(&Ensemble { sigma_b: *sigma_b, ..Ensemble::new(params.activation, w, 0.0)? });
            let Some(star) = settled(&theory)?.filter(|star| star.q > 0.0) else { return Ok(f64::NAN) };
            let input = PairState::equal(star.activity, 2.0 * star.q * (1.0 - initial_correlation) / (w * w));
            Ok(1.0 - 0.5 * w * w / star.q * pair_trajectory(&theory, input, depth)?[depth].distance)
        })?;
        let points = curve.into_iter().filter(|(_, correlation)| correlation.is_finite());
        Ok(points.map(|(sigma_w, correlation)| row! { depth, sigma_w, correlation }).collect::<Vec<_>>())
    })?;
    table("curve", curves.into_iter().flatten())
}
