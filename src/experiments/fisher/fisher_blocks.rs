//! The unit-wise block structure of the Fisher information: elements within the blocks of units and between them, the law of their relative
//! size against width and number of outputs, the closed form of a block, and where the largest eigenvalue comes from.

use super::blocks::{Unit, check_overlap, pair};
use crate::experiment::prelude::*;
use crate::experiments::fisher::blocks::in_directions;
use crate::simulation::{Mlp, normal_inputs, unit_forms, unit_sample};
use crate::theory::fisher::{first_layer_form, unit_elements};

parameters! {
    Params {
        activation,
        sigma_w: WeightScale => "Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`, those of the outputs too.",
        sigma_b,
        input_activity: Positive => "Activity of all inputs.",
        input_overlap: NonNegative => "Overlap of any two inputs.",
        inputs: InputCount,
        widths: List<Width> => "Numbers of inputs and neurons `n` of networks with one hidden layer.",
        replicas: NetworkCount,
        unit: Unit => "The block of one unit with standard normal inputs.",
        portrait: Portrait => "One network drawn whole.",
    }

    /// A network with two hidden layers of one width, all of whose Fisher information is drawn.
    Portrait {
        width: Count<2> => "Numbers of inputs and neurons `n`.",
        inputs: Few<2> => "Number of inputs `T`, standard normal.",
    }
}

columns! {
    outputs: Label "one linear output, or as many as neurons";
    quantity: Label "mean square of elements of F within the blocks of units, or between units, times n^2 over O (O + 2) or O; or 1^T Theta 1 / (n T^2) over O";
    value {
        units: Theory "the quantity for the first weights of networks with one hidden layer; in theory exact at every width";
        curve: Theory "eigenvalue of the block of one unit at infinitely many inputs";
    }
    relative: Theory "size of elements between units relative to those within: root of the ratio of their mean squares";
    relative_found: MonteCarlo "the same from means over networks";
    largest: MonteCarlo "largest eigenvalue of the Fisher information of the first weights";
    largest_limit: Theory "the same at infinite width";
    block: MonteCarlo "largest eigenvalue of the blocks of all units";
    length: Parameter "length |w| of the weights of the unit";
    direction: Label "along the weights, or across them";
    eigenvalue: Theory "eigenvalue of the block of one unit with standard normal inputs; in theory a2 along, a0 across";
    row: Drawing "parameter, unit by unit";
    column: Drawing "parameter, unit by unit";
    size: MonteCarlo "size of the element of F over the mean of the diagonal";
    drawn: Drawing "the same, nothing where the element is exactly 0";
    edge: Label "of a layer, or of a unit";
    x: Drawing "column of a point of the line; nothing between two lines";
    y: Drawing "row of a point of the line";
}

/// Numbers of outputs by name.
const OUTPUTS: [&str; 2] = ["one", "as many as neurons"];

/// What is looked at.
pub enum Look {
    /// Networks with one hidden layer.
    Units { inputs: Inputs, width: usize, outputs: usize },
    /// One unit with weights of this length.
    Unit(WeightStd),
    /// One network drawn whole, with one output and with many.
    Portrait,
}

impl Experiment for Params {
    type Point = Look;
    const UNJUDGED: &'static str = "
        portrait.size | one matrix drawn, not a mean
        sizes.relative_found | the root of a ratio of means that are judged in table units
        sizes.largest | beside its limit at infinite width; no theory at finite width
        sizes.block | shown only: the largest eigenvalue over all blocks has no theory here
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_overlap(self.input_activity, self.input_overlap)?;
        let found = self.widths.iter().find(|width| !(2..=4000).contains(&width.get())).map(|width| width.get());
        refuse("widths", found, "from 2 to 4000")?;
        refuse_where(self.portrait.width > 20, "portrait", self.portrait.width, "a width of at most 20")?;
        let allowed = "inputs at least twice their size";
        refuse_where(self.unit.inputs < 2 * self.unit.size, "unit", self.unit.inputs, allowed)
    }

    fn points(&self, points: &mut Points<Look>) -> Result<(), RunError> {
        let shown = Inputs::equal(self.input_activity, self.input_overlap, self.inputs)?;
        for (place, name) in OUTPUTS.into_iter().enumerate() {
            for width in self.widths.iter().map(|width| width.get() as usize) {
                let (inputs, outputs) = (shown.clone(), outputs(place, width));
                let cost = Work::unit_blocks(width as f64, outputs as f64, self.inputs as f64);
                let (label, cost) = (format!("outputs: {name}, width = {width}"), OneNetwork::from(cost));
                points.keep(label, self.replicas, cost, Look::Units { inputs, width, outputs });
            }
        }
        let unit = &self.unit;
        for &length in &unit.sigma_w {
            let label = format!("unit, length = {}", length.get());
            points.keep(label, unit.replicas, unit.cost(unit.inputs), Look::Unit(length));
        }
        let (n, inputs) = (self.portrait.width as f64, self.portrait.inputs as f64);
        let cost = Work::unit_blocks(3.0 * n * (n + 1.0), n, inputs);
        points.keep("portrait", 1, OneNetwork::from(cost), Look::Portrait);
        Ok(())
    }

    fn observe(&self, look: &Look, at: &Address) -> Observed {
        match look {
            Look::Units { inputs, width, outputs } => {
                let found = unit_sample(&ensemble(self), inputs, *width, *outputs, at)?;
                Ok(vec![found.within, found.between, found.form, found.largest, found.largest_block])
            }
            Look::Unit(length) => {
                let Unit { size, inputs, .. } = self.unit;
                Ok(unit_forms(self.activation, length.get(), size, inputs, at)?.block.to_vec())
            }
            Look::Portrait => {
                let n = self.portrait.width;
                let shown = normal_inputs(n, self.portrait.inputs, at);
                let elements = |place: usize| {
                    let network = Mlp::random(&ensemble(self), &[n, n, n, outputs(place, n)], at);
                    network.relative_fisher(&network.pass(&shown))
                };
                Ok((0..OUTPUTS.len()).flat_map(elements).collect())
            }
        }
    }

    fn tables(&self, found: &[Found<Look>], run: &Run) -> Result<Tables, RunError> {
        let (units, found) = found.split_at(OUTPUTS.len() * self.widths.len());
        let (unit, portrait) = found.split_at(self.unit.sigma_w.len());
        Ok([self::units(self, units, run)?, self::unit(self, unit, run)?, self::portrait(self, &portrait[0])?].concat())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("outputs", "{}").names([(OUTPUTS[0], "one output"), (OUTPUTS[1], "$n$ outputs")]);
        let width = || Axis::log10(r"width $n$");
        let portrait = |place: usize| {
            let rows = Select::table("portrait").filter("outputs", OUTPUTS[place]);
            let n = self.portrait.width;
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
                        .series(Series::measured("sizes", "width", "relative_found").by(&by))
                        .slope(-0.5, (0.55, 0.6), "$n^{-1/2}$"),
                )
                .panel(
                    Panel::new(width(), Axis::log10("largest eigenvalue"))
                        .series(Series::theory(&one, "width", "largest_limit").label(r"all elements, $n \to \infty$"))
                        .series(Series::measured(&one, "width", "largest").label("all elements"))
                        .series(Series::join(&one, "width", "block").colour(Colour::Grey))
                        .series(Series::measured(&one, "width", "block").colour(Colour::Grey).label("blocks of units"))
                        .slope(1.0, (0.3, 0.62), "$n$"),
                )
                .panel(in_directions(Axis::linear("eigenvalue of the block").low(0.0), "eigenvalue")),
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
}

fn ensemble(params: &Params) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b }
}

/// Number of outputs of networks of `n` neurons.
fn outputs(place: usize, n: usize) -> usize {
    if place == 0 { 1 } else { n }
}

/// Elements within units and between them against width, with one output and with many.
fn units(params: &Params, found: &[Found<Look>], run: &Run) -> Result<Tables, RunError> {
    rows!(judged: "units", sizes);
    let theory = run.theory(&ensemble(params));
    let state = pair(params.input_activity, params.input_overlap);
    let mut found = found.iter();
    for (place, outputs) in OUTPUTS.into_iter().enumerate() {
        for (width, found) in params.widths.iter().zip(found.by_ref()) {
            let n = width.get() as usize;
            let count = self::outputs(place, n);
            let exact = unit_elements(&theory, state, params.inputs, count, width.get())?;
            let (o, square, replicas) = (count as f64, (n * n) as f64, found.replicas());
            let form = first_layer_form(&theory, state, params.inputs);
            let cells = [
                ("within", Compared::new(exact.within, found.mean(0), 0.0).times(square / (o * (o + 2.0)))),
                ("between", Compared::new(exact.between, found.mean(1), 0.0).times(square / o)),
                ("form", Compared::new(form * o * n as f64, found.mean(2), 0.0).times(1.0 / (o * n as f64))),
            ];
            for (quantity, Compared { theory, mc, stderr, .. }) in cells {
                let value = Judged { theory, mc, stderr };
                judged.push(row! { outputs, quantity, width, replicas, value });
            }
            let [within, between] = [&cells[0].1, &cells[1].1].map(|cell| (cell.mc, cell.stderr / cell.mc));
            let ratio = (between.0 / within.0 / (o + 2.0)).sqrt();
            let error = ratio * 0.5 * (within.1 * within.1 + between.1 * between.1).sqrt();
            sizes.push(row! {
                outputs, width, replicas, relative: exact.relative_size(),
                relative_found: Measured::new((ratio, error)), largest: Measured::new(found.mean(3)),
                largest_limit: form * o * n as f64, block: Measured::new(found.mean(4)),
            });
        }
    }
    Ok(vec![judged.table()?, sizes.table()?])
}

/// The block of one unit against its closed form.
fn unit(params: &Params, found: &[Found<Look>], run: &Run) -> Result<Tables, RunError> {
    let unit = &params.unit;
    let (judged, curve) =
        unit.compare(params.activation, |eigenvalue| eigenvalue, run, |index, k| found[index].mean(k));
    let judged = judged.into_iter();
    let judged =
        judged.map(|(length, direction, eigenvalue)| row! { length, direction, replicas: unit.replicas, eigenvalue });
    let curve = curve.into_iter().map(|(length, direction, value)| row! { direction, length, value });
    Ok(vec![table("unit", judged)?, table("curve", curve)?])
}

/// The whole Fisher information of one network with one output and with many.
fn portrait(params: &Params, found: &Found<Look>) -> Result<Tables, RunError> {
    rows!(rows: "portrait", edges);
    let n = params.portrait.width;
    let mut elements = found.rows().iter().flatten();
    for (place, outputs) in OUTPUTS.into_iter().enumerate() {
        let units = 2 * n + self::outputs(place, n);
        let count = (n + 1) * units;
        for (index, size) in elements.by_ref().take(count * count).enumerate() {
            let drawn = Some(*size).filter(|size| *size > 0.0);
            rows.push(row! { outputs, row: index / count, column: index % count, size: size.max(1e-12), drawn });
        }
        let (first, last) = (-0.5, count as f64 - 0.5);
        for unit in 1..units {
            let edge = if unit == n || unit == 2 * n { "layer" } else { "unit" };
            let at = ((n + 1) * unit) as f64 - 0.5;
            // down and across, with a gap after each
            let ends = [Some((at, first)), Some((at, last)), None, Some((first, at)), Some((last, at)), None];
            let row =
                |end: Option<(f64, f64)>| row! { outputs, edge, x: end.map(|end| end.0), y: end.map(|end| end.1) };
            edges.extend(ends.map(row));
        }
    }
    Ok(vec![rows.table()?, edges.table()?])
}

fn judged(quantity: &str, label: &str, by: &By) -> Panel {
    let rows = Select::table("units").filter("quantity", quantity);
    Panel::new(Axis::log10(r"width $n$"), Axis::linear(label).low(0.0)).compare(&rows, "width", "value", by).strip()
}
