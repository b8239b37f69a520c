//! Figures of `poole_expressivity`.

use super::Params;
use crate::experiment::prelude::*;
use crate::figure::Sharing;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    vec![expressivity(params), regression(params)]
}

/// The tenth of the half circle that shows a deep layer.
fn tenth() -> Axis {
    Axis::angle(r"angle $\theta$").range(0.0, PI / 10.0)
}

fn frequency() -> Axis {
    Axis::linear("frequency $k$")
}

fn expressivity(params: &Params) -> Figure {
    let mut figure = Figure::new("poole_expressivity", "Expressivity of deep and of wide random networks")
        .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {deep.width}, regression on {deep.neurons} neurons at {deep.points} points of the half circle with a ridge of {deep.ridge} in {deep.replicas networks}; {wide.points} points and {wide.replicas networks} of each width in (h)")
        .describe(
            "First row: a few neurons of one network (one of them black) along half a great circle, in two layers, and along a tenth of \
             it in a deeper one. Second row: a random function (grey) on a tenth of the half circle and its regression (dashed) on \
             the neurons of these layers. Third row: share of the mean square of a wave that regression leaves unexplained, against \
             its frequency, by layer (g) and, for one hidden layer, by its width (h); on (g) the frequency at which half is left, mean over \
             networks (rings) and by the deterministic equivalent (dash-dotted). Last (i): the same share in each layer, means over networks as \
             bands of their standard errors, deterministic equivalent dash-dotted. The equivalent is that of Gaussian functions of the angle \
             with the covariance of the layer at infinite width; neurons are bounded functions of such, of three variables alone in layer 1, and \
             reach less in the first layers, whatever the width of the hidden ones.",
        )
        .grid(3, 156.0)
        .panels(params.shown.layers.iter().map(|&layer| {
            // deep layers fill the frame with strokes
            let (table, angle) = if layer == deepest(&params.shown.layers) {
                ("fine", tenth())
            } else {
                ("neurons", Axis::angle(r"angle $\theta$").range(0.0, PI))
            };
            let neurons = Select::table(table).filter("layer", layer as i64);
            Panel::new(angle, Axis::linear("activation").range(-1.1, 1.1))
                .title(format!("layer $l = {layer}$"))
                .series(Series::join(&neurons, "angle", "value").by(By::unlabelled("neuron").grey()))
                .series(Series::line(neurons.filter("neuron", 1_i64), "angle", "value", Dash::Solid))
                .legend(Legend::Hidden)
        }))
        .panels(params.shown.layers.iter().enumerate().map(|(index, &layer)| {
            let rows = Select::table("prediction").filter("layer", layer as i64);
            let target = Series::line(&rows, "angle", "target", Dash::Solid).colour(Colour::Grey);
            let prediction = Series::line(&rows, "angle", "prediction", Dash::LongDash).colour(Colour::Nth(1));
            let lines = [(target, "target"), (prediction, "regression")];
            // the legend of the first is that of all
            let lines = lines.map(|(line, name)| if index == 0 { line.label(name) } else { line });
            Panel::new(tenth(), Axis::linear("target, regression").include(3.4))
                .title(format!("layer $l = {layer}$"))
                .all(lines)
        }));
    // each panel has its own labels, since the angles of a column differ
    figure.share_x = Sharing::Never;
    let map =
        |table: &str, y: &str| Heatmap::new(table, "frequency", y, "unexplained", "unexplained share").range(0.0, 1.0);
    let numbers = |values: &[usize]| values.iter().map(|value| *value as f64).collect::<Vec<_>>();
    let (layers, waves) = (numbers(&params.deep.layers), numbers(&params.deep.frequency));
    let by = By::new("layer", "$l = {}$").ramp();
    figure
        .panel(
            Panel::new(cells("frequency $k$", &waves), cells("layer $l$", &layers).ticks(layers.clone()))
                .title(format!("deep, ${}$ neurons", params.deep.neurons))
                .heatmap(map("deep", "layer"))
                .series(Series::line("halves", "half_equivalent", "layer", Dash::DashDot).label("equivalent"))
                .series(Series::points("halves", "half", "layer").label("networks"))
                .legend(Legend::Above),
        )
        .panel(
            Panel::new(cells("frequency $k$", &waves), Axis::exponent("width $n$"))
                .title("one hidden layer")
                .heatmap(map("wide", "log_width")),
        )
        .panel(
            Panel::new(frequency(), Axis::linear("unexplained share").range(-0.02, 1.02))
                .series(Series::line("deep", "frequency", "equivalent", Dash::DashDot).by(&by).label_at_end())
                .series(Series::measured("deep", "frequency", "unexplained").by(&by)),
        )
}

/// An axis of a heat map that reaches to the edges of its outer cells.
fn cells(label: &str, values: &[f64]) -> Axis {
    let [first, .., last] = values else { return Axis::linear(label) };
    let half = 0.5 * (last - first) / (values.len() - 1) as f64;
    Axis::linear(label).range(first - half, last + half)
}

/// A small number as a power of ten (markup).
fn power(value: f64) -> String {
    let digits = format!("{value:e}");
    match digits.split_once('e') {
        Some(("1", power)) => format!("10^{{{power}}}"),
        Some((factor, power)) => format!(r"{factor} \times 10^{{{power}}}"),
        None => digits,
    }
}

fn regression(params: &Params) -> Figure {
    let by = By::new("layer", "$l = {}$").ramp();
    Figure::new("poole_regression", "Regression on the layers of a random network")
        .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; in (a) {regression.points} points of the half circle, a ridge of {regression.ridge}, {regression.replicas networks} of n = {regression.width} and of twice the width; in (b) {deep.points} points, n = {deep.width}, {deep.neurons} neurons regressed on, a ridge of {deep.ridge}, {deep.replicas networks}")
        .describe(
            "Share of the mean square of a wave on half a great circle that ridge regression on the neurons of a layer leaves \
             unexplained, against its frequency, whole periods alone: infinite-width theory as lines, Monte Carlo extrapolated from \
             two widths as points with standard errors (a). With a ridge near 0: Monte Carlo minus the deterministic equivalent \
             for as many Gaussian functions of the angle with the covariance of the layer, as bands of standard errors (b): near the highest \
             frequencies that first layers reach, their neurons, which are no such functions, leave more.",
        )
        .grid(2, 80.0)
        .panel(
            Panel::new(Axis::log10("frequency $k$"), Axis::linear("unexplained share"))
                .title(format!("ridge ${}$", params.regression.ridge))
                .beside(("curve", "residual"), "regression", "frequency", "residual", &by),
        )
        .panel(
            Panel::new(frequency(), Axis::linear("Monte Carlo minus equivalent"))
                .title(format!("ridge ${}$, $n = {}$", power(params.deep.ridge), params.deep.width.get()))
                .rule(Rule::Horizontal(0.0))
                .series(Series::monte_carlo("deep", "frequency", "excess", "unexplained_error").by(&by))
                .series(Series::join("deep", "frequency", "excess").by(By::unlabelled("layer").ramp())),
        )
}
