//! Figures of `paradox_pairs`.

use super::Params;
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    vec![spread(params), equidistant(params)]
}

fn spread(params: &Params) -> Figure {
    let by_inputs = || By::new("inputs", r"$k = {}$").ramp();
    let widths: Vec<f64> = params.widths.iter().map(|width| width.get() as f64).collect();
    let fewest = params.inputs.iter().copied().min().unwrap_or(0);
    let panel = |axis: &str, quantity: &str| {
        let [found, error] = ["seen", "seen_error"].map(|part| format!("{quantity}_{part}"));
        Panel::new(Axis::log10(r"width $n$").ticks(widths.clone()), Axis::linear(axis))
            .series(Series::finite_width("curve", "width", quantity).colour(Colour::Ink).key("theory, order $1/n$"))
            .series(
                Series::monte_carlo("beside", "place", &found, &error).by(by_inputs()).in_place().key("Monte Carlo"),
            )
            .residual(Residual::new("spread", "width", quantity).by(by_inputs()))
    };
    Figure::new("paradox_spread", "The spread of equidistance")
        .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; layer {depth}; {replicas networks} of each width")
        .describe(format!(
            "Mean square deviation of the distances D of k inputs from the fixed point, times the width n, against the width (a), and the variance of the \
             part w_ij of a distance that no sum u_i + u_j over its two inputs explains (b). First-order theory, the same for all k, dashed; means over \
             networks as points with standard errors, side by side at each width in the order of k; all k are inputs of the same networks, so they deviate together. The few pairs of k = {fewest} have errors too large to be \
             drawn. Differences from theory are those of all k from n = {} on, where terms of second order in 1/n are small.",
            params.judged_width.get()
        ))
        .grid(2, 66.0)
        .shared_legend()
        .panel(panel(r"spread of a pair $n \langle (D - \bar D)^2 \rangle$", "spread"))
        .panel(panel(r"pair-specific variance $n \Var w_{ij}$", "own"))
}

fn equidistant(params: &Params) -> Figure {
    let most = params.inputs.iter().copied().max().unwrap_or(4);
    let by_width = || By::new("width", r"$n = {}$").ramp();
    let by_width_alone = || By::unlabelled("width").ramp();
    let by_tolerance = || By::new("tolerance", r"$\delta = {}$");
    let by_tolerance_alone = || By::unlabelled("tolerance");
    Figure::new("paradox_pairs", "How many inputs are equidistant")
        .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; layer {depth}; {replicas networks} of each width")
        .describe(format!(
            "Largest relative deviation of a distance D from the fixed point D-bar among all pairs, against the number of inputs k (a): what independent \
             pairs would give as lines; the same with the part of each pair alone, a lower bound, dash-dotted; means over networks as points. Number k* of \
             inputs whose pairs all stay within a relative tolerance delta, against the width n (b): mean over networks of its logarithm, with the {most} \
             inputs simulated its largest value (dotted), as points; what independent pairs would give as lines, its upper bound dash-dotted. Long dashes, \
             the median of independent pairs with any number of inputs, which grows as exp(n delta^2 D-bar^2 / 4 v), v / n being the variance of a distance."
        ))
        .grid(2, 76.0)
        .panel(
            Panel::new(Axis::log10(r"inputs $k$"), Axis::log10(r"largest $|D / \bar D - 1|$"))
                .series(
                    Series::line("extremes_curve", "inputs", "bound", Dash::DashDot).by(by_width_alone()).key("lower bound"),
                )
                .series(
                    Series::theory("extremes_curve", "inputs", "independent")
                        .by(by_width())
                        .label_at_end()
                        .key("independent pairs"),
                )
                .series(Series::found("extremes", "inputs", "extreme").by(by_width_alone()).key("Monte Carlo")),
        )
        .panel(
            Panel::new(Axis::log10(r"width $n$"), Axis::linear(r"equidistant inputs $\ln k^*$").range(0.0, 7.0))
                .marked_y("prefix_cap", "log_cap", format!("${most}$ simulated"))
                .series(
                    Series::theory("prefix_curve", "width", "independent").by(by_tolerance()).key("independent pairs"),
                )
                .series(
                    Series::line("prefix_curve", "width", "bound", Dash::DashDot)
                        .by(by_tolerance_alone())
                        .key("upper bound"),
                )
                .series(
                    Series::line("inputs_curve", "width", "log_median", Dash::LongDash)
                        .by(by_tolerance_alone())
                        .key("median, any number"),
                )
                .series(Series::found("inputs", "width", "log_inputs").by(by_tolerance())),
        )
}
