//! Figures of `poole_expressivity`.

use super::Params;
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    vec![expressivity(params), regression(params)]
}

fn frequency() -> Axis {
    Axis::linear("frequency $k$")
}

fn expressivity(params: &Params) -> Figure {
    let title = ("layer", "layer $l = {}$");
    let shown = || params.shown.layers.iter().map(|&layer| layer as i64);
    let figure = Figure::new("poole_expressivity", "Expressivity of deep and of wide random networks")
        .describe(
            "First row: a few neurons of one network along half a great circle, in three layers. Second row: a random \
             function (grey) on a tenth of the half circle and its regression (colour) on the neurons of these \
             layers. Third row: share of the mean square of a wave that regression leaves, against its frequency, by \
             layer and, for one hidden layer, by its width; dashed: where half is left by the deterministic \
             equivalent. Last: the same against the frequency in each layer, deterministic equivalent as dashed lines \
             and means over networks as points.",
        )
        .grid(3, 156.0)
        .panel_each(title, shown(), |of| {
            Panel::new(Axis::angle(r"angle $\theta$").range(0.0, PI), Axis::linear("activation").range(-1.1, 1.1))
                .series(Series::line(of("neurons"), "angle", "value", Dash::Solid).by(By::unlabelled("neuron")))
                .legend(Legend::Hidden)
        })
        .panel_each(title, shown(), |of| {
            let rows = of("prediction");
            Panel::new(Axis::angle(r"angle $\theta$").range(0.0, PI / 10.0), Axis::linear("target and regression"))
                .series(Series::line(&rows, "angle", "target", Dash::Solid).colour(Colour::Grey))
                .series(Series::line(&rows, "angle", "prediction", Dash::Dashed).colour(Colour::Nth(0)))
        });
    let map = |table: &str, y: &str| Heatmap::new(table, "frequency", y, "unexplained", "share left").range(0.0, 1.0);
    let half = |table: &str, y: &str, value: &str| Contour::new(table, "frequency", y, value, [0.5]).dash(Dash::Dashed);
    let numbers = |values: &[usize]| values.iter().map(|value| *value as f64).collect::<Vec<_>>();
    let (layers, waves) = (numbers(&params.deep.layers), numbers(&params.deep.frequency));
    figure
        .panel(
            Panel::new(cells("frequency $k$", &waves), cells("layer $l$", &layers).ticks(layers.clone()))
                .title(format!("deep, ${}$ neurons", params.deep.neurons))
                .heatmap(map("deep", "layer"))
                .contour(half("deep", "layer", "equivalent").colour(Colour::Ink)),
        )
        .panel(
            Panel::new(cells("frequency $k$", &waves), Axis::exponent("width $n$"))
                .title("one hidden layer")
                .heatmap(map("wide", "log_width")),
        )
        .panel(
            Panel::new(frequency(), Axis::linear("share left").range(-0.02, 1.02))
                .title("layers from dark to light")
                .series(Series::finite_width("deep", "frequency", "equivalent").by(By::unlabelled("layer").ramp()))
                .series(
                    Series::monte_carlo("deep", "frequency", "unexplained", "unexplained_error")
                        .by(By::unlabelled("layer").ramp()),
                ),
        )
}

/// An axis of a heat map that reaches to the edges of its outer cells.
fn cells(label: &str, values: &[f64]) -> Axis {
    let [first, .., last] = values else { return Axis::linear(label) };
    let half = 0.5 * (last - first) / (values.len() - 1) as f64;
    Axis::linear(label).range(first - half, last + half)
}

fn regression(params: &Params) -> Figure {
    let by = By::new("layer", "$l = {}$").ramp();
    Figure::new("poole_regression", "Regression on the layers of a random network")
        .describe(
            "Share of the mean square of a wave on half a great circle that ridge regression on the neurons of a \
             layer leaves, against its frequency: infinite-width theory as lines, Monte Carlo extrapolated from two \
             widths as points (a). Nearly without ridge: Monte Carlo minus the deterministic equivalent for finitely \
             many neurons on hidden layers of infinite width (b).",
        )
        .grid(2, 80.0)
        .panel(
            Panel::new(Axis::log10("frequency $k$"), Axis::linear("share left"))
                .title(format!("ridge ${}$", params.regression.ridge))
                .beside(("curve", "residual"), "regression", "frequency", "residual", &by),
        )
        .panel(
            Panel::new(frequency(), Axis::linear("share left, minus equivalent"))
                .title(format!("hardly any ridge, $n = {}$", params.deep.width.get()))
                .rule(Rule::Horizontal(0.0))
                .series(Series::line("deep", "frequency", "excess", Dash::Dotted).by(By::unlabelled("layer").ramp()))
                .series(Series::monte_carlo("deep", "frequency", "excess", "unexplained_error").by(&by)),
        )
}
