//! Figures of `paradox_pairs`.

use crate::experiment::prelude::*;

pub(super) fn figures() -> Vec<Figure> {
    vec![spread(), equidistant()]
}

fn spread() -> Figure {
    let by_inputs = || By::new("inputs", r"$k = {}$").ramp();
    let panel = |axis: &str, quantity: &str| {
        let [mc, error] = ["mc", "stderr"].map(|part| format!("{quantity}_{part}"));
        Panel::new(Axis::log10(r"width $n$"), Axis::linear(axis).range(3.0, 6.5))
            .series(Series::finite_width("curve", "width", quantity).colour(Colour::Ink).key("theory, order $1/n$"))
            .series(Series::monte_carlo("narrow", "width", &mc, &error).by(by_inputs()))
            .series(Series::monte_carlo("spread", "width", &mc, &error).by(by_inputs()).key("Monte Carlo"))
            .residual(Residual::new("spread", "width", quantity).by(by_inputs()))
    };
    Figure::new("paradox_spread", "The spread of equidistance")
        .describe(
            "Variance of the distances of many inputs times the width, against the width, from as many as 96 inputs: of one pair (a), and of its part that no \
             sum over the two inputs explains (b). First-order theory dashed, Monte Carlo as points; residuals where the network is wide enough to be judged.",
        )
        .grid(2, 76.0)
        .shared_legend()
        .panel(panel(r"spread of a pair, $n \langle (D - \bar D)^2 \rangle$", "spread"))
        .panel(panel(r"its own part, $n \Var(w_{ij})$", "own"))
}

fn equidistant() -> Figure {
    let by_width = || By::new("width", r"$n = {}$").ramp();
    let by_tolerance = || By::new("tolerance", r"$\delta = {}$");
    Figure::new("paradox_pairs", "How many inputs are equidistant")
        .describe(
            "Largest relative deviation from the fixed point among all pairs against the number of inputs (a): were pairs independent (lines), \
             with the part of each pair alone, a lower bound (dotted), networks as points. Number of inputs whose pairs all stay within a relative tolerance \
             against the width (b): mean over networks of its logarithm, at most the number simulated, as points with what independent pairs give (lines) and its upper bound (dotted); \
             dashed, the median without such an end, which grows as exp(n delta^2 D^2 / 4 v).",
        )
        .grid(2, 76.0)
        .panel(
            Panel::new(Axis::log10(r"inputs $k$"), Axis::log10(r"largest $|D / \bar D - 1|$"))
                .series(Series::theory("extremes", "inputs", "extreme_expected").by(by_width()).key("independent pairs"))
                .series(
                    Series::boundary("extremes", "inputs", "extreme_least")
                        .by(By::unlabelled("width").ramp())
                        .key("lower bound"),
                )
                .series(Series::found("extremes", "inputs", "extreme").by(by_width()).key("Monte Carlo")),
        )
        .panel(
            Panel::new(Axis::log10(r"width $n$"), Axis::linear(r"equidistant inputs, $\ln k^*$").range(-0.2, 9.0))
                .series(
                    Series::finite_width("inputs_curve", "width", "log_median")
                        .by(By::unlabelled("tolerance"))
                        .key("in half of all networks"),
                )
                .series(Series::theory("inputs", "width", "log_inputs_expected").by(by_tolerance()).key("independent pairs"))
                .series(Series::boundary("inputs", "width", "log_inputs_most").by(By::unlabelled("tolerance")).key("upper bound"))
                .series(Series::found("inputs", "width", "log_inputs").by(by_tolerance())),
        )
}
