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
             constant above it. Infinite-width theory as lines; in deep layers the law at finite width, the metric being a \
             log-normal random walk in depth, dashed; means over networks of the logarithm as points, at every fourth of the \
             simulated angles. Residuals are those of layers far fewer than neurons, at all angles, and include the 1/n \
             correction.",
        )
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
                    .residual(Residual::new(of("monte_carlo"), "angle", "log_distance").by(by()))
            },
        )
}

fn crossover(params: &Params) -> Figure {
    let by = || By::new("sigma_w", r"$\sigma_w = {}$");
    let layer = || Axis::linear(r"layer $l$");
    Figure::new("paradox_crossover", "Where smooth becomes equidistant")
        .describe(format!(
            "Crossover angle, where the distance is half the fixed point, against the layer (a): exact infinite-width \
             theory as lines, with its 1/n correction dashed, the leading law s / (sqrt(A*) chi_1^(l/2)) of the Koenigs \
             function dash-dotted, mean over networks of {} neurons a layer as points with standard errors; residuals \
             include the 1/n correction. Variance over networks of its logarithm (b), first-order theory dashed, beside \
             which it is not judged: in deep layers terms of order (l/n)^2 are seen.",
            params.width.get()
        ))
        .grid(2, 80.0)
        .shared_legend()
        .panel(
            Panel::new(layer(), Axis::exponent(r"crossover angle $\theta_l$"))
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
        .panel(
            Panel::new(layer(), Axis::linear(r"$\Var(\ln \theta_l)$").low(0.0))
                .series(Series::finite_width("corrected", "layer", "spread_expected").by(by()))
                .series(Series::found("spread", "layer", "spread").by(by())),
        )
}
