//! Curvature of a great circle over the `(sigma_w, sigma_b)` plane, the length of its Gauss map, and the curvature of deep networks
//! across the transition from order to chaos, on whose chaotic side it stays finite.

use crate::experiment::prelude::*;
use crate::theory::activity::ActivityFixedPoint;
use crate::theory::phase::critical_sigma_w;

parameters! {
    Params {
        activation, sigma_w: WeightGrid, sigma_b: BiasGrid,
        layer: Depth => "Layer shown over the plane.",
        across: Across,
    }

    /// Simulated networks across the transition.
    Across {
        sigma_w: WeightGrid, sigma_b,
        curve: Count<2> => "Points of the theory curves between the first and the last weight scale.",
        depths: LayersOfNetwork => "Layers to show; the deepest is the depth of the networks.",
        width, replicas: NetworkCount,
    }
}

columns! {
    log_curvature {
        plane: Theory "log10(kappa^2 A*) of the squared curvature in the layer shown; 0 in the input";
        curve: Theory "log10 of the squared curvature kappa^2 after these layers";
        limit: Theory "log10 of the limit of kappa^2 in deep layers, in the chaotic phase";
    }
    log_gauss_map: Theory "log10 of the length of the Gauss map over 2 pi in the layer shown";
    value: Theory "E[log10 kappa^2] of the squared curvature after these layers";
}

impl Experiment for Params {
    type Point = Jets;

    fn check(&self) -> Result<(), ParameterError> {
        let Params { activation, sigma_w, sigma_b, across, .. } = self;
        check_scales("sigma_w", sigma_w.values())?;
        check_scales("sigma_b", sigma_b.values())?;
        check_scales("across.sigma_w", across.sigma_w.values())?;
        for &sigma_b in sigma_b.values() {
            check_signal("sigma_b", *activation, sigma_b, sigma_w.values().iter().copied())?;
        }
        check_signal("across.sigma_b", *activation, across.sigma_b.get(), across.sigma_w.values().iter().copied())
    }

    fn points(&self, points: &mut Points<Jets>) -> Result<(), RunError> {
        // the plane is refused before anything is simulated
        plane(&self.sigma_w, &self.sigma_b)?;
        let Across { sigma_w, depths, width, replicas, .. } = &self.across;
        for (index, &w) in sigma_w.values().iter().enumerate() {
            let ensemble = across(self, w)?;
            if circle(&ensemble)?.is_some() {
                let jets = circle_jets(Network::uniform(ensemble, *width, deepest(depths))?, 2)?;
                points.keep(format!("sigma_w = {w}"), *replicas, jets.cost(), jets).at(index);
            }
        }
        let all = sigma_w.values().len();
        points.left_out(all - points.len(), all, "their activity has no fixed point above 0");
        Ok(())
    }

    fn observe(&self, jets: &Jets, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
        let rows = run.map(&plane(&self.sigma_w, &self.sigma_b)?, |&(sigma_w, sigma_b)| {
            let theory = run.theory(&Ensemble::new(self.activation, sigma_w, sigma_b)?);
            let law = |star: ActivityFixedPoint| {
                let chi = Susceptibilities::at(&theory, star.q)?;
                let last = curve_trajectory(&theory, star.activity, 1.0 / star.activity, self.layer)?[self.layer];
                Ok::<_, RunError>((chi, log10(last.curvature * star.activity), log10(last.gauss_map_length / TAU)))
            };
            let law = circle(&theory)?.map(law).transpose()?;
            Ok(row! {
                sigma_b, sigma_w, chi_1: law.map(|(chi, ..)| chi.chi_1), chi_2: law.map(|(chi, ..)| chi.chi_2),
                log_curvature: law.map(|(_, curvature, _)| curvature), log_gauss_map: law.map(|(.., gauss_map)| gauss_map),
            })
        })?;
        let mut tables = vec![table("plane", rows)?];
        tables.extend(transition(self, found, run)?);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        let depth = By::new("depth", r"$l = {}$").ramp();
        let title = format!("$l = {}$", self.layer);
        let curvature = map_of_scales("log_curvature", r"squared curvature $A^* \kappa^2$").exponent().smooth();
        let gauss_map = map_of_scales("log_gauss_map", r"length of Gauss map $L_G / 2 \pi$").exponent().smooth();
        let equal = |column: &str, powers: &[f64]| {
            Contour::new("plane", "sigma_w", "sigma_b", column, powers.to_vec()).dash(Dash::Solid).inline("$10^{{}}$")
        };
        vec![Figure::new("curvature_phase", "Curvature over the plane of scales and across the transition")
            .setting("phi(u) = {activation}; layer {layer} in (a) and (b); sigma_b = {across.sigma_b}, n = {across.width} and {across.replicas networks} at each point in (c)")
            .describe(
                "Squared curvature of the image of a great circle relative to that of the circle (a) and length of its Gauss map \
                 relative to 2 pi (b) over weight and bias scale, with lines of equal value (solid); dotted, the order-chaos \
                 boundary. Squared curvature in three layers across that boundary (c, dotted): theory as lines, mean over networks \
                 of the logarithm as points; dash-dotted, the limit of deep chaotic networks. Differences from theory include its \
                 1/n correction.",
            )
            .grid(3, 68.0)
            .panel(over_scales(curvature).title(title.clone()).contour(equal("log_curvature", &[2.0, 4.0, 6.0])))
            .panel(over_scales(gauss_map).title(title).contour(equal("log_gauss_map", &[1.0, 2.0])))
            .panel(
                Panel::new(Axis::linear(r"weight scale $\sigma_w$"), Axis::exponent(r"squared curvature $(\kappa^l)^2$"))
                    .marked_x("edge", "sigma_w", r"$\chi_1 = 1$")
                    .series(Series::line("limit", "sigma_w", "log_curvature", Dash::DashDot).key(r"$l \to \infty$"))
                    .series(Series::theory("curve", "sigma_w", "log_curvature").by(&depth).key("theory"))
                    .found("across", "sigma_w", "value", &depth),
            )]
    }
}

/// Where great circles of the activity fixed point are; `None` where there is none above 0.
fn circle(theory: &Ensemble) -> Result<Option<ActivityFixedPoint>, RunError> {
    Ok(settled(theory)?.filter(|star| star.activity > 0.0))
}

/// Networks across the transition.
fn across(params: &Params, sigma_w: f64) -> Result<Ensemble, RunError> {
    Ok(Ensemble::new(params.activation, sigma_w, params.across.sigma_b.get())?)
}

fn transition(params: &Params, found: &[Found<Jets>], run: &Run) -> Result<[Table; 4], RunError> {
    let Across { sigma_w, curve, depths, replicas, .. } = &params.across;
    let (first, last) = (sigma_w.values()[0], sigma_w.values()[sigma_w.values().len() - 1]);
    let scales: Vec<f64> = even(first, last, *curve).collect();
    let laws = run.map(&scales, |&w| {
        let theory = run.theory(&across(params, w)?);
        let Some(star) = circle(&theory)? else { return Ok(None) };
        let layers = curve_trajectory(&theory, star.activity, 1.0 / star.activity, deepest(depths))?;
        Ok(Some((w, Susceptibilities::at(&theory, star.q)?.limit(), layers)))
    })?;
    let laws: Vec<_> = laws.into_iter().flatten().collect();
    rows!(curves: "curve", cells: "across");
    for &depth in depths {
        for &(sigma_w, _, ref layers) in &laws {
            curves.push(row! { depth, sigma_w, log_curvature: log10(layers[depth].curvature) });
        }
    }
    let limit = laws.iter().filter_map(|&(sigma_w, fate, _)| match fate {
        CurvatureLimit::Saturating { value } => Some(row! { sigma_w, log_curvature: log10(value) }),
        // there is no limit on the ordered side
        _ => None,
    });
    for found in found {
        let sampled = JetSample::new(&found.point, found.rows(), run)?;
        let sigma_w = found.point.network.ensemble.sigma_w.get();
        for &depth in depths {
            let value = sampled.mean_log(depth, Measure::CurvatureSquared(0)).per_decade();
            cells.push(row! { depth, sigma_w, replicas: *replicas, value });
        }
    }
    // some activations have no boundary at this bias scale
    let edge = critical_sigma_w(params.activation, params.across.sigma_b.get()).ok().map(|point| point.sigma_w);
    let edge = edge.filter(|sigma_w| (first..=last).contains(sigma_w)).map(|sigma_w| row! { sigma_w });
    Ok([curves.table()?, table("limit", limit)?, cells.table()?, table("edge", edge)?])
}
