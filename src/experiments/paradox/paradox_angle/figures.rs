//! Figures of `paradox_angle`.

use super::Params;
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    vec![angles(params), crossover(params)]
}

fn angles(params: &Params) -> Figure {
    let by = || By::new("layer", r"$l = {}$").ramp();
    let mut layers: Vec<usize> = params.weak.shown.iter().chain(&params.strong.shown).copied().collect();
    layers.retain(|layer| *layer <= params.judged_depth);
    layers.sort_unstable();
    layers.dedup();
    Figure::new("paradox_angle", "Smooth at small angles, equidistant at large ones")
        .setting("phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {weak.sigma_w} in (a), sigma_w = {strong.sigma_w} in (b); n = {width}, {replicas networks}")
        .describe(format!(
            "Distance of two points on the image of a great circle against their angle after many layers, with chi_1 \
             little above 1 (a) and far above it (b): quadratic below an angle that shrinks from layer to layer, \
             constant above it. Infinite-width theory as lines; in deep layers the law at finite width, the metric being a \
             log-normal random walk in depth, dashed; means over networks of the logarithm as points, at every fourth of the \
             simulated angles. Differences from theory are those of layers {} at two angles each, the smallest and the one at \
             the crossover, since all small angles of a network differ from theory by one number; they include the 1/n correction. The \
             dashed laws are drawn, not judged.",
            layers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
        ))
        .grid(2, 88.0)
        .shared_legend()
        .panel_each(
            ("sigma_w", r"$\sigma_w = {}$"),
            [&params.weak, &params.strong].map(|chaos| chaos.sigma_w.get()),
            |of| {
                let walk = Series::finite_width(of("walk"), "angle", "log_distance_walk").by(by());
                let points = Series::monte_carlo(of("shown"), "angle", "seen", "seen_error").by(by()).in_place();
                Panel::new(Axis::log10(r"angle $\theta$"), Axis::exponent(r"distance $D^l$").range(-13.0, 0.8))
                    .series(Series::theory(of("fine"), "angle", "log_distance").by(by()).key(r"$n \to \infty$"))
                    .series(walk.key("finite $n$, random walk"))
                    .series(points.key("Monte Carlo"))
                    .residual(Residual::new(of("apart"), "angle", "log_distance").by(by()))
            },
        )
}

fn crossover(params: &Params) -> Figure {
    let by = || By::new("sigma_w", r"$\sigma_w = {}$");
    Figure::new("paradox_crossover", "Where smooth becomes equidistant")
        .setting("phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {weak.sigma_w} and {strong.sigma_w}; n = {width}, {replicas networks}")
        .describe(format!(
            "Crossover angle theta_l, at which two points of a great circle are first as far apart as half the fixed point of the distance, \
             against the layer l at two weight scales: exact infinite-width theory as lines, with its 1/n correction dashed, the leading law \
             s / (sqrt(A*) chi_1^(l/2)) dash-dotted, A* being the activity of the circle, chi_1 the growth of small squared distances in a layer \
             and s the scaled angle at which the Koenigs function of the distance is half the fixed point; means over networks of {} neurons a \
             layer of the logarithm as points. Differences from theory include the 1/n correction.",
            params.width.get()
        ))
        .height(72.0)
        .panel(
            Panel::new(Axis::linear(r"layer $l$"), Axis::exponent(r"crossover angle $\theta_l$"))
                .series(
                    Series::line("crossover_curve", "layer", "leading", Dash::DashDot)
                        .by(By::unlabelled("sigma_w").grey())
                        .key(r"$s / (\sqrt{A^*} \chi_1^{l/2})$"),
                )
                .series(Series::theory("crossover_curve", "layer", "log_angle").by(by()).key(r"$n \to \infty$"))
                .series(
                    Series::finite_width("corrected", "layer", "log_angle_expected").by(by()).key("theory, order $1/n$"),
                )
                .found("crossover", "layer", "log_angle", by()),
        )
}
