//! Figures of `paradox_pairs`.

use super::Params;
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    vec![spread(params), equidistant(params)]
}

fn spread(params: &Params) -> Figure {
    let by_inputs = || By::new("inputs", r"$k = {}$").ramp();
    let panel = |axis: &str, quantity: &str, (low, high): (f64, f64)| {
        let [mc, error] = ["mc", "stderr"].map(|part| format!("{quantity}_{part}"));
        Panel::new(Axis::log10(r"width $n$"), Axis::linear(axis).range(low, high))
            .series(Series::finite_width("curve", "width", quantity).colour(Colour::Ink).key("theory, order $1/n$"))
            .series(Series::monte_carlo("narrow", "width", &mc, &error).by(by_inputs()))
            .series(Series::monte_carlo("spread", "width", &mc, &error).by(by_inputs()).key("Monte Carlo"))
            .residual(Residual::new("spread", "width", quantity).by(by_inputs()))
    };
    Figure::new("paradox_spread", "The spread of equidistance")
        .describe(format!(
            "Mean square deviation of the distances of k inputs from the fixed point, times the width, against the width (a), and the variance of the part \
             w_ij of a distance that no sum u_i + u_j over its two inputs explains (b), on the same scale. First-order theory, the same for all k, dashed; \
             means over networks as points with standard errors, side by side at one width. Residuals from n = {} on, where terms of second order are small.",
            params.judged_width.get()
        ))
        .grid(2, 66.0)
        .shared_legend()
        .panel(panel(r"spread of a pair $n \langle (D - \bar D)^2 \rangle$", "spread", (4.3, 5.9)))
        .panel(panel(r"pair-specific variance $n \Var w_{ij}$", "own", (3.4, 5.0)))
}

fn equidistant(params: &Params) -> Figure {
    let most = params.inputs.iter().copied().max().unwrap_or(4);
    let by_width = || By::new("width", r"$n = {}$").ramp();
    let by_width_alone = || By::unlabelled("width").ramp();
    let by_tolerance = || By::new("tolerance", r"$\delta = {}$");
    let by_tolerance_alone = || By::unlabelled("tolerance");
    Figure::new("paradox_pairs", "How many inputs are equidistant")
        .describe(format!(
            "Largest relative deviation from the fixed point among all pairs against the number of inputs (a): were pairs independent (lines), with the \
             part of each pair alone, a lower bound (dash-dotted), means over networks as points. Number of inputs whose pairs all stay within a relative \
             tolerance against the width (b): mean over networks of its logarithm, at most the {most} simulated (dotted), as points, with what independent \
             pairs give (lines) and its upper bound (dash-dotted); in long dashes the median of independent pairs without such an end, which grows as \
             exp(n delta^2 D^2 / 4 v)."
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
                    Series::line("inputs_curve", "width", "log_median", Dash::LongDash)
                        .by(by_tolerance_alone())
                        .key("median, no cap"),
                )
                .series(
                    Series::line("prefix_curve", "width", "bound", Dash::DashDot)
                        .by(by_tolerance_alone())
                        .key("upper bound"),
                )
                .series(
                    Series::theory("prefix_curve", "width", "independent").by(by_tolerance()).key("independent pairs"),
                )
                .series(Series::found("inputs", "width", "log_inputs").by(by_tolerance())),
        )
}
