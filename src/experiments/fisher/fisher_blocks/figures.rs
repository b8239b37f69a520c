//! Figures.

use super::{OUTPUTS, Params, outputs};
use crate::experiment::prelude::*;
use crate::experiments::fisher::blocks::in_directions;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    let by = By::new("outputs", "{}").names([(OUTPUTS[0], "one output"), (OUTPUTS[1], "$n$ outputs")]);
    let width = || Axis::log10(r"width $n$");
    let portrait = |place: usize| {
        let rows = Select::table("portrait").filter("outputs", OUTPUTS[place]);
        let n = params.portrait.width;
        // parameters of each layer, those of a unit side by side
        let counts = [n, n, outputs(place, n)].map(|units| (units * (n + 1)) as f64);
        let (first, second) = (counts[0], counts[0] + counts[1]);
        let middles = [0.5 * first, first + 0.5 * counts[1], second + 0.5 * counts[2]].map(|middle| middle - 0.5);
        let layers = middles.into_iter().zip(["layer 1", "layer 2", "output"]);
        let edges = |edge: &str| Select::table("edges").filter("outputs", OUTPUTS[place]).filter("edge", edge);
        Panel::new(
            Axis::linear("parameter $j$").opposite(["one output", "as many outputs as neurons"][place], layers),
            Axis::linear("parameter $i$").reversed(),
        )
        .heatmap(
            Heatmap::new(rows, "column", "row", "drawn", r"$|F_{ij}|$ over mean diagonal")
                .log()
                .range(1e-6, 20.0)
                .blanks_explained(),
        )
        .equal_aspect()
        .series(Series::join(edges("unit"), "x", "y"))
        .series(Series::theory(edges("layer"), "x", "y"))
    };
    let one = Select::table("sizes").filter("outputs", OUTPUTS[0]);
    vec![
        Figure::new("fisher_blocks", "Elements of the Fisher information within units and between them")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {inputs} inputs of activity {input_activity} and overlap {input_overlap}, {replicas networks} of each width in (a) and (b); {unit.size} weights, {unit.inputs} inputs and {unit.replicas} units of each length in (c)")
            .describe(
                "Size of elements of the Fisher information of the first weights between units, relative to those within the block of a unit, \
                 against width, for one output and for as many outputs as neurons (a); largest eigenvalue of the whole, in proportion to the \
                 width by theory, and of the blocks of single units, joined to lead the eye, which grows more slowly, one output (b); eigenvalues of the \
                 block of one unit with normal inputs, along and across its weights, against their length (c). Theory as lines, Monte Carlo as \
                 points with standard errors.",
            )
            .grid(3, 74.0)
            .panel(
                Panel::new(width(), Axis::log10("relative size between units"))
                    .series(Series::theory("sizes", "width", "relative").by(&by))
                    .series(Series::monte_carlo("sizes", "width", "relative_found", "relative_found_error").by(&by))
                    .slope(-0.5, (0.55, 0.6), "$n^{-1/2}$"),
            )
            .panel(
                Panel::new(width(), Axis::log10("largest eigenvalue"))
                    .series(Series::theory(&one, "width", "largest_limit").colour(Colour::Ink).label(r"all elements, $n \to \infty$"))
                    .series(Series::monte_carlo(&one, "width", "largest", "largest_error").colour(Colour::Ink).label("all elements"))
                    .series(Series::join(&one, "width", "block").colour(Colour::Grey))
                    .series(Series::monte_carlo(&one, "width", "block", "block_error").colour(Colour::Grey).label("blocks of units"))
                    .slope(1.0, (0.3, 0.62), "$n$"),
            )
            .panel(
                in_directions(Axis::linear("eigenvalue of the block").low(0.0), "eigenvalue"),
            ),
        Figure::new("fisher_portrait", "The Fisher information of a small network")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {portrait.width} inputs and neurons a layer, {portrait.inputs} standard normal examples")
            .describe(
                "Size of all elements of the Fisher information of one network with two hidden layers, over the mean of its diagonal, parameters \
                 ordered unit by unit, those of a unit being its weights and its bias: one output (a), as many outputs as neurons (b). Thick lines, \
                 edges of layers; thin lines, edges of units; grey, elements that are exactly 0, those between the weights of different outputs. The dark cross in (a) is \
                 one unit whose weight to the output, a factor of all these elements, is small.",
            )
            .grid(2, 86.0)
            .panel(portrait(0))
            .panel(portrait(1)),
        Figure::new("fisher_elements", "Mean squares of elements of the Fisher information")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {inputs} inputs of activity {input_activity} and overlap {input_overlap}; {replicas networks} of each width")
            .describe(
                "Mean squares of elements of the Fisher information F within units (a) and between units (b), and mean over pairs of inputs s, t of \
                 the tangent kernel (c), times powers of the width n and functions of the number of outputs O with which theory does not depend \
                 on either: theory as lines, Monte Carlo as points with standard errors; below, their differences over standard errors.",
            )
            .grid(3, 78.0)
            .shared_legend()
            .panel(judged("within", r"mean $F_{ij}^2$ within units $\times \, n^2 / O (O + 2)$", &by))
            .panel(judged("between", r"mean $F_{ij}^2$ between units $\times \, n^2 / O$", &by))
            .panel(judged("form", r"mean kernel $\Theta_{st} / n O$", &by)),
    ]
}

fn judged(quantity: &str, label: &str, by: &By) -> Panel {
    let rows = Select::table("units").filter("quantity", quantity);
    Panel::new(Axis::log10(r"width $n$"), Axis::linear(label).low(0.0)).compare(&rows, "width", "value", by).strip()
}
