//! Figures of `paradox_angle`.

use super::Params;
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    vec![angles(params), crossover(params)]
}

fn angles(params: &Params) -> Figure {
    let by = || By::new("layer", r"$l = {}$").ramp();
    Figure::new("paradox_angle", "Smooth at small angles, equidistant at large ones")
        .describe(
            "Distance of two points on the image of a great circle against their angle after many layers, with chi_1 \
             little above 1 (a) and far above it (b): quadratic below an angle that shrinks from layer to layer, \
             constant above it. Infinite-width theory as lines, in deep layers the law of a random walk (dashed), \
             mean over networks of the logarithm as points. Residuals of layers far fewer than neurons, 1/n \
             correction included.",
        )
        .grid(2, 88.0)
        .shared_legend()
        .panel_each(
            ("sigma_w", r"$\sigma_w = {}$"),
            [&params.weak, &params.strong].map(|chaos| chaos.sigma_w.get()),
            |of| {
                let walk =
                    Series::finite_width(of("deep"), "angle", "log_distance_expected").by(by()).key("random walk");
                Panel::new(Axis::log10(r"angle $\theta$"), Axis::exponent(r"distance $D^l$").range(-13.0, 0.8))
                    .series(Series::theory(of("curve"), "angle", "log_distance").by(by()).key("theory"))
                    .series(walk)
                    .found(of("monte_carlo"), "angle", "log_distance", by())
                    .series(Series::found(of("deep"), "angle", "log_distance").by(by()))
            },
        )
}

fn crossover(params: &Params) -> Figure {
    let by = || By::new("sigma_w", r"$\sigma_w = {}$");
    let layer = || Axis::linear(r"layer $l$");
    Figure::new("paradox_crossover", "Where smooth becomes equidistant")
        .describe(format!(
            "Crossover angle, where the distance is half the fixed point, against the layer (a): exact infinite-width \
             theory as lines, the leading law of the Koenigs function dotted, mean over networks of {} neurons a \
             layer as points, residuals with the 1/n correction. Variance over networks of its logarithm (b), with \
             first-order theory dashed.",
            params.width.get()
        ))
        .grid(2, 80.0)
        .shared_legend()
        .panel(
            Panel::new(layer(), Axis::exponent(r"crossover angle $\theta_l$"))
                .series(
                    Series::boundary("crossover_curve", "layer", "leading")
                        .colour(Colour::Grey)
                        .by(By::unlabelled("sigma_w").grey())
                        .key(r"$s / (\sqrt{A} \chi_1^{l/2})$"),
                )
                .beside(("crossover_curve", "log_angle"), "crossover", "layer", "log_angle", by()),
        )
        .panel(
            Panel::new(layer(), Axis::linear(r"$\Var(\ln \theta_l)$").low(0.0))
                .series(Series::finite_width("spread", "layer", "spread_expected").by(by()).key("theory, order $1/n$"))
                .series(Series::found("spread", "layer", "spread").by(by())),
        )
}
