//! Figures of `paradox_dimension`.

use super::Params;
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    let by_layer = || By::new("layer", r"$l = {}$").ramp();
    let by_angle = || By::new("angle", r"$\theta = {}$").ramp();
    let by_angle_alone = || By::unlabelled("angle").ramp();
    let dimension = || Axis::log10(r"effective dimension $d$");
    let curves = Figure::new("paradox_dimension", "No finite dimension")
        .describe(
            "Effective dimension of the image of a circle against the scale at several depths, the limit of infinitely many layers dashed (a): 1 at small \
             scales, without bound where the scale nears that of equidistance. Against the angle (b): the scale below which the curve is smooth shrinks from \
             layer to layer. Against the width of the layers, up to ten million neurons, at three angles after few layers (c): mean over networks as points, one \
             standard deviation of the networks shaded, infinite-width theory as lines, residuals with the 1/n correction. The dimension is \
             -d ln N / d ln eps, N being the number of steps of size eps around the curve.",
        )
        .grid(3, 78.0)
        .panel(
            Panel::new(Axis::log10(r"scale $\epsilon$").low(0.02), dimension().range(0.8, 100.0))
                .rule(Rule::Horizontal(1.0))
                .series(Series::theory("curve", "scale", "dimension").by(by_layer()))
                .series(
                    Series::finite_width("universal", "scale", "dimension").colour(Colour::Ink).label(r"$l \to \infty$"),
                ),
        )
        .panel(
            Panel::new(Axis::log10(r"angle $\theta$"), dimension().range(0.8, 100.0))
                .rule(Rule::Horizontal(1.0))
                .series(Series::theory("curve", "angle", "dimension").by(by_layer())),
        )
        .panel(
            Panel::new(Axis::log10(r"width $n$"), Axis::linear(r"effective dimension $d$").range(0.8, 3.8))
                .series(Series::band("widths", "width", "low", "high").by(by_angle_alone()))
                .compare("widths", "width", "dimension", by_angle()),
        );
    let boxes = Figure::new("paradox_boxes", "Steps around simulated curves")
        .describe(format!(
            "Number of steps of one size that go around the image of a circle, against the size, in networks of {} neurons a layer (a): \
             infinite-width theory as lines, mean over networks as points, whole steps from sampled point to sampled point, \
             each too long by a part of their spacing, in grey. Effective dimension between neighbouring scales (b).",
            params.boxes.width.get()
        ))
        .grid(2, 84.0)
        .shared_legend()
        .panel(
            Panel::new(Axis::log10(r"scale $\epsilon$"), Axis::exponent(r"steps around the curve $N$"))
                .compare("boxes", "scale", "log_steps", by_layer())
                .series(Series::points("walks", "scale", "walk_mc").by(By::unlabelled("layer").grey()).key("whole steps")),
        )
        .panel(
            Panel::new(Axis::linear(r"$\epsilon^2 / \bar D$").range(0.0, 1.0), Axis::log10(r"effective dimension $d$").range(0.8, 30.0))
                .series(Series::finite_width("universal", "share", "dimension").colour(Colour::Ink).label(r"$l \to \infty$"))
                .series(Series::theory("box_dimensions", "share", "dimension_theory").by(by_layer()))
                .found_unkeyed("box_dimensions", "share", "dimension", by_layer()),
        );
    vec![curves, boxes]
}
