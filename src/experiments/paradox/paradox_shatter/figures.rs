//! Figures of `paradox_shatter`.

use super::Params;
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    vec![margins(params), spectrum(params)]
}

fn margins(params: &Params) -> Figure {
    let by_inputs = || By::new("inputs", r"$k = {}$").ramp();
    let by_width = || By::new("width", r"$n = {}$").ramp();
    let most = params.margins.inputs.last().copied().unwrap_or(0);
    let rows = |table: &str| Select::table(table).filter("inputs", most as i64);
    let wide = params.margins.wide.get();
    Figure::new("paradox_shatter", "Depth tells points apart in every way")
        .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {margins.wide} and {margins.wide_replicas networks} in (a), {margins.replicas networks} of each width in (b) and (c)")
        .describe(format!(
            "Margins of k evenly spaced points of a circle against the layer: of alternating labels in networks of {wide} neurons a layer \
             (a), with theory of infinite width as lines and the limit of equidistant points dash-dotted; of the worst of all \
             dichotomies of {most} points at several widths n (b). Layers share networks, so that the differences of one k from theory move \
             together; the term of order 1/n, which they do not include, is smaller than half a standard error. Those of k = 10, down to \
             -4.3 standard errors, are of these networks alone: in 300 networks of another seed they lie between -1.4 and 0.9. The layer \
             from which on the worst margin exceeds {} of that of equidistant points, m*, against the number of points (c): infinite width, for numbers whose \
             dichotomies can all be tried, as a line; by a lower bound on all margins dash-dotted; the law 2 ln k / ln chi_1 of this bound dotted. \
             Where several dichotomies are worst alike, for 6 and 10 points, the least of their margins lies below that of infinite width by \
             a term of order 1 / sqrt(n), so the depth lies above. Widths at which some network never gets there have no mark. Means over networks as points with standard errors.",
            params.threshold
        ))
        .grid(3, 84.0)
        .panel(
            Panel::new(Axis::linear(r"layer $l$"), Axis::exponent("margin of alternating labels"))
                .series(Series::line("curve", "layer", "log_limit", Dash::DashDot).by(By::unlabelled("inputs").ramp()).key("equidistant"))
                .compare("alternating", "layer", "log_alternating", by_inputs()),
        )
        .panel(
            Panel::new(Axis::linear(r"layer $l$"), Axis::exponent("worst margin"))
                .title(format!("$k = {most}$"))
                .series(
                    Series::theory(rows("curve"), "layer", "log_margin").colour(Colour::Ink).label(r"$n \to \infty$"),
                )
                .series(Series::found(rows("margins"), "layer", "log_margin").by(by_width())),
        )
        .panel(
            Panel::new(
                Axis::log10(r"points $k$").range(3.5, 100.0),
                Axis::linear(format!(r"first layer with margin above ${} m^*$", params.threshold)).range(0.0, 15.0),
            )
                .series(
                    Series::theory(Select::table("depths").filter("width", wide as i64), "inputs", "shatter_depth_expected")
                        .colour(Colour::Ink)
                        .label(r"$n \to \infty$"),
                )
                .series(
                    Series::line("growth", "inputs", "bound_depth", Dash::DashDot)
                        .colour(Colour::Grey)
                        .label(r"bound, $n \to \infty$"),
                )
                .series(Series::boundary("growth", "inputs", "law").colour(Colour::Ink).label(r"$2 \ln k / \ln \chi_1$"))
                .series(Series::found("depths", "inputs", "shatter_depth").by(by_width())),
        )
}

fn spectrum(params: &Params) -> Figure {
    let by_mode = || By::new("mode", r"$p = {}$").ramp();
    let by_width = || By::new("width", r"$n = {}$");
    let shown = params.cover.depth();
    Figure::new("paradox_spectrum", "From two dimensions to as many as points")
        .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {spectrum.width}, {spectrum.replicas networks} in (a); {cover.replicas networks} of each width in (b), all dichotomies of up to {cover.all_up_to} points and {cover.dichotomies} random ones of more")
        .describe(format!(
            "Eigenvalues of the Gram matrix of {} evenly spaced points of a circle, by wave number, layer by layer \
             (a): two at the input, all alike in the end; infinite-width theory as lines, means over networks of quadratic \
             forms of sampled Gram matrices as points, differences from theory with the 1/n correction. Share of the dichotomies of \
             points of the circle that a hyperplane through the origin separates, against the number of points over that of \
             neurons, in layer {shown} (b): Cover's count, which is the same in every layer, as lines through all numbers of points.",
            params.spectrum.inputs
        ))
        .grid(2, 76.0)
        .panel(
            Panel::new(Axis::linear(r"layer $l$"), Axis::log10(r"eigenvalue $\lambda_p$"))
                .series(Series::theory("spectrum", "layer", "eigenvalue_theory").by(by_mode()))
                .series(Series::found("spectrum", "layer", "eigenvalue").by(by_mode()).in_place())
                .residual(Residual::new("spectrum", "layer", "eigenvalue").by(by_mode())),
        )
        .panel(
            Panel::new(Axis::linear(r"points per neuron $k / n$"), Axis::linear("separable dichotomies").range(0.0, 1.05))
                .beside(("cover_curve", "fraction"), Select::table("cover").filter("layer", shown as i64), "ratio", "fraction", by_width()),
        )
}
