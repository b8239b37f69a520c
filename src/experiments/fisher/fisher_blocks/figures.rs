//! Figures.

use super::{OUTPUTS, Params};
use crate::experiment::prelude::*;

pub(super) fn figures(_params: &Params) -> Vec<Figure> {
    let by = By::new("outputs", "{}").names([(OUTPUTS[0], "one output"), (OUTPUTS[1], "$n$ outputs")]);
    let direction = By::new("direction", "{} $w$");
    let width = || Axis::log10(r"width $n$");
    let portrait = |outputs: &str, title: &str| {
        let rows = Select::table("portrait").filter("outputs", outputs);
        Panel::new(Axis::linear("parameter"), Axis::linear("parameter").reversed())
            .title(title)
            .heatmap(
                Heatmap::new(rows, "column", "row", "size", r"$|F_{ij}|$ over mean diagonal").log().range(1e-3, 10.0),
            )
            .equal_aspect()
    };
    let one = Select::table("sizes").filter("outputs", OUTPUTS[0]);
    vec![
        Figure::new("fisher_blocks", "Elements of the Fisher information within units and between them")
            .describe(
                "Size of elements of the Fisher information of the first weights between units, relative to those within the block of a unit, \
                 against width, for one output and for as many outputs as neurons (a); largest eigenvalue of the whole and of the blocks of single \
                 units, one output (b); eigenvalues of the block of one unit with normal inputs, along and across its weights, against \
                 their length (c). Theory as lines, Monte Carlo as points.",
            )
            .grid(3, 74.0)
            .panel(
                Panel::new(width(), Axis::log10("relative size between units"))
                    .series(Series::theory("sizes", "width", "relative").by(&by))
                    .series(Series::monte_carlo("sizes", "width", "relative_found", "relative_found_error").by(&by)),
            )
            .panel(
                Panel::new(width(), Axis::log10("largest eigenvalue"))
                    .series(Series::theory(&one, "width", "largest_limit").colour(Colour::Nth(0)))
                    .series(Series::monte_carlo(&one, "width", "largest", "largest_error").colour(Colour::Nth(0)).label("all elements"))
                    .series(Series::monte_carlo(&one, "width", "block", "block_error").colour(Colour::Nth(1)).label("blocks of units")),
            )
            .panel(
                Panel::new(Axis::linear(r"length $|w|$ of the weights"), Axis::linear("eigenvalue of the block").low(0.0))
                    .beside(("curve", "value"), "unit", "length", "eigenvalue", &direction),
            ),
        Figure::new("fisher_portrait", "The Fisher information of a small network")
            .describe(
                "Size of all elements of the Fisher information of one network with two hidden layers, over the mean of its diagonal, parameters \
                 ordered unit by unit: one output (a), as many outputs as neurons (b).",
            )
            .grid(2, 86.0)
            .panel(portrait(OUTPUTS[0], "one output"))
            .panel(portrait(OUTPUTS[1], "as many outputs as neurons")),
        Figure::new("fisher_elements", "Mean squares of elements of the Fisher information")
            .describe(
                "Mean squares of elements within units and between units, and mean of the tangent kernel over pairs of inputs, each scaled so that \
                 theory does not depend on width: theory as lines, Monte Carlo as points, residuals.",
            )
            .grid(3, 74.0)
            .shared_legend()
            .panel(judged("within", "within units, scaled", &by))
            .panel(judged("between", "between units, scaled", &by))
            .panel(judged("form", r"mean of $\Theta_{st}$ over $n O$", &by)),
    ]
}

fn judged(quantity: &str, label: &str, by: &By) -> Panel {
    let rows = Select::table("units").filter("quantity", quantity);
    Panel::new(Axis::log10(r"width $n$"), Axis::linear(label)).compare(&rows, "width", "value", by)
}
