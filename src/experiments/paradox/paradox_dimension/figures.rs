//! Figures of `paradox_dimension`.

use super::Params;
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    let by_layer = || By::new("layer", r"$l = {}$").ramp();
    let by_angle_end = || By::new("angle", r"$\theta = {}$").ramp();
    let by_angle_alone = || By::unlabelled("angle").ramp();
    let dimension = || Axis::log10(r"effective dimension $d$");
    let curves = Figure::new("paradox_dimension", "No finite dimension")
        .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; in (c) {widths.depth} layers, {widths.samples.replicas} networks of n = {widths.samples.width}")
        .describe(
            "Effective dimension of the image of a circle against the scale at several depths, the limit of infinitely many layers dash-dotted (a): 1 at small \
             scales, without bound where the scale nears that of equidistance. Against the angle, same colours (b): the scale below which the curve is smooth \
             shrinks from layer to layer. Both up to a quarter of the circle, since opposite points bring a maximum of the distance. Against the width of the \
             layers, up to ten million neurons, at three angles after few layers (c): mean over networks as points, one standard deviation of the networks \
             shaded, infinite-width theory as lines, with its 1/n correction dashed. The dimension is -d ln N / d ln eps, N being the number of steps of size \
             eps around the curve.",
        )
        .grid(3, 78.0)
        .panel(
            Panel::new(Axis::log10(r"scale $\epsilon$").range(0.02, 3.0), dimension().range(0.8, 100.0))
                .rule(Rule::Horizontal(1.0))
                .series(Series::theory("arc", "scale", "dimension").by(by_layer()))
                .series(
                    Series::line("universal", "scale", "dimension", Dash::DashDot)
                        .colour(Colour::Ink)
                        .label(r"$l \to \infty$"),
                ),
        )
        .panel(
            Panel::new(Axis::log10(r"angle $\theta$").range(1e-8, 5.0), dimension().range(0.8, 100.0))
                .rule(Rule::Horizontal(1.0))
                .series(Series::theory("arc", "angle", "dimension").by(by_layer()))
                .legend(Legend::Hidden),
        )
        .panel(
            Panel::new(Axis::log10(r"width $n$"), Axis::linear(r"effective dimension $d$").range(0.8, 2.9))
                .series(Series::band("widths", "width", "low", "high").by(by_angle_alone()))
                .series(Series::theory("widths_curve", "width", "dimension").by(by_angle_end()).label_at_end().key(r"$n \to \infty$"))
                .series(
                    Series::finite_width("widths_curve", "width", "dimension_expected")
                        .by(by_angle_alone())
                        .key("theory, order $1/n$"),
                )
                .found("widths", "width", "dimension", by_angle_alone()),
        );
    let boxes = Figure::new("paradox_boxes", "Steps around simulated curves")
        .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {boxes.points} points on the circle; n = {boxes.width}, {boxes.replicas networks}")
        .describe(format!(
            "Number of steps of one size that go around the image of a circle, against the size eps, in networks of {} neurons a layer (a): \
             infinite-width theory as lines, mean over networks as points; thin lines join the numbers of whole steps from sampled point to \
             sampled point, each too long by a part of their spacing. Effective dimension d = -d ln N / d ln eps between neighbouring \
             sizes, against the square of the size over the fixed point D-bar of the squared distance of two points, the limit of infinitely \
             many layers dash-dotted (b). Differences from theory include the 1/n correction.",
            params.boxes.width.get()
        ))
        .grid(2, 84.0)
        .shared_legend()
        .panel(
            Panel::new(Axis::log10(r"size of a step $\epsilon$"), Axis::exponent(r"steps around the curve $N$"))
                .series(Series::join("walks", "scale", "walk_mc").by(By::unlabelled("layer").ramp()).key("whole steps"))
                .beside(("box_curve", "log_steps_theory"), "boxes", "scale", "log_steps", by_layer()),
        )
        .panel(
            Panel::new(Axis::log10(r"squared size $\epsilon^2 / \bar D$").range(0.02, 1.3), Axis::log10(r"effective dimension $d$").range(0.8, 30.0))
                .series(
                    Series::line("universal", "share", "dimension", Dash::DashDot)
                        .colour(Colour::Ink)
                        .label(r"$l \to \infty$"),
                )
                .series(Series::theory("box_dimension_curve", "share", "dimension").by(by_layer()))
                .found_unkeyed("box_dimensions", "share", "dimension", by_layer()),
        );
    vec![curves, boxes]
}
