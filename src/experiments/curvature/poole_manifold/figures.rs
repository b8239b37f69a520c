//! Figures of `poole_manifold`.

use super::{Params, SQUARE};
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    vec![manifold(params), spectrum(params)]
}

fn manifold(params: &Params) -> Figure {
    let mut figure = Figure::new("poole_manifold", "Image of a great circle in principal components")
        .setting("phi(u) = {activation}, sigma_b = {sigma_b}; {inputs} points on the circle, n = {width}")
        .describe(format!(
            "Image of a great circle in one network, coloured by the angle of the input, for several weight scales (rows) and layers \
             (columns): parallel projection of the first three principal components, over the square root of the width, in which \
             all panels and all three axes have one scale. Squares of the floor, which is spanned by components 1 and 2, have \
             side {SQUARE}; grey, the shadow of the curve on it; upright, component 3. Inputs are joined by straight lines: at the largest weight \
             scale and layer they do not resolve the curve.",
        ))
        .grid(params.layers.len(), 49.0 * params.sigma_w.len() as f64 + 6.0)
        .shared_legend()
        .shared_x()
        .shared_y();
    let axis = || Axis::linear("").ticks([]);
    for sigma_w in &params.sigma_w {
        for &layer in &params.layers {
            let of = |table: &str| Select::table(table).filter("sigma_w", sigma_w.get()).filter("layer", layer as i64);
            let shadow = of("ground").filter("part", "shadow");
            figure = figure.panel(
                Panel::new(axis(), axis())
                    .title(format!(r"$\sigma_w = {}$, $l = {layer}$", sigma_w.get()))
                    .series(Series::join(of("ground"), "right", "up").by(By::unlabelled("part").grey()))
                    .series(Series::line(shadow, "right", "up", Dash::Solid).colour(Colour::Grey))
                    .series(
                        Series::coloured(of("views"), "right", "up", "angle", ColourMap::Cyclic)
                            .label(r"angle $\theta$ of the input, from $0$ to $2 \pi$"),
                    )
                    .note_at("$1$", Place::Frame(0.3, 0.08), Anchor::Middle)
                    .note_at("$2$", Place::Frame(0.85, 0.14), Anchor::Middle)
                    .note_at("$3$", Place::Frame(0.33, 0.9), Anchor::Middle)
                    .equal_aspect(),
            );
        }
    }
    figure
}

fn spectrum(params: &Params) -> Figure {
    let by = By::new("layer", r"$l = {}$").ramp();
    Figure::new("poole_spectrum", "Shares of the principal components")
        .setting("phi(u) = {activation}, sigma_b = {sigma_b}; {inputs} points on the circle; n = {width}, {replicas networks}")
        .describe(
            "Share of the variance of the image of a great circle in each principal component, after several layers at three weight \
             scales, against the number of the component, largest first. At infinite width the cosine and the sine of a Fourier mode are two \
             components of one share (solid lines), and in networks they keep it on average (rings: mean of the two, over networks). Components \
             of a finite network (points: means over networks with standard errors) are fitted to it: the two of a mode repel, and where \
             the leading modes hold little of the variance their components take some from the higher ones.",
        )
        .grid(params.sigma_w.len(), 70.0)
        .shared_legend()
        .shared_y()
        .panel_each(("sigma_w", r"$\sigma_w = {}$"), params.sigma_w.iter().map(|w| w.get()), |of| {
            let components: Vec<f64> = (1..=params.components).map(|component| component as f64).collect();
            let mut panel = Panel::new(
                Axis::linear("principal component").ticks(components),
                Axis::log10("share of the variance"),
            );
            for mode in 0..params.components / 2 {
                let line = of("modes").filter("mode", mode as i64 + 1);
                panel = panel.series(Series::theory(line, "component", "share_infinite").by(&by).key(r"theory, $n \to \infty$"));
            }
            panel
                .series(Series::monte_carlo(of("shares"), "component", "share", "share_error").by(&by).key("Monte Carlo"))
                .series(Series::points(of("fourier"), "middle", "share").label("Fourier mode").in_place())
        })
}
