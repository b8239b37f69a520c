//! The unit-wise block structure of the Fisher information: elements within the blocks of units and between them, the law of their relative
//! size against width and number of outputs, the closed form of a block, and where the largest eigenvalue comes from.

mod figures;

use super::blocks::{Unit, check_overlap, inputs, pair};
use crate::experiment::prelude::*;
use crate::simulation::{Mlp, UnitSample, normal_inputs, unit_sample};
use crate::theory::fisher::{first_layer_form, unit_elements};

parameters! {
    Params {
        activation: Activation,
        /// Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`, those of the outputs too.
        sigma_w: WeightScale,
        sigma_b: BiasStd,
        /// Activity of all inputs.
        input_activity: Positive,
        /// Overlap of any two inputs.
        input_overlap: NonNegative,
        /// Number of inputs `T`.
        inputs: Few<2>,
        /// Numbers of inputs and neurons `n` of networks with one hidden layer.
        widths: List<Width>,
        replicas: NetworkCount,
        /// The block of one unit with standard normal inputs.
        unit: Unit,
        /// One network drawn whole.
        portrait: Portrait,
    }

    /// A network with two hidden layers of one width, all of whose Fisher information is drawn.
    Portrait {
        /// Numbers of inputs and neurons `n`.
        width: Count<2>,
        /// Number of inputs `T`, standard normal.
        inputs: Few<2>,
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
    eigenvalue {
        unit: Theory "eigenvalue of the block of one unit with standard normal inputs; in theory a2 along, a0 across";
    }
    row: Drawing "parameter, unit by unit";
    column: Drawing "parameter, unit by unit";
    size: MonteCarlo "size of the element of F over the mean of the diagonal";
}

pub struct FisherBlocks;

/// Numbers of outputs by name.
const OUTPUTS: [&str; 2] = ["one", "as many as neurons"];

impl Experiment for FisherBlocks {
    type Params = Params;
    type Point = ();
    const COLUMNS: &'static [Meaning] = columns::ALL;
    const UNJUDGED: &'static str = "
        portrait.size | one matrix drawn, not a mean
        sizes.relative_found | the root of a ratio of means that are judged in table units
        sizes.largest | beside its limit at infinite width; no theory at finite width
        sizes.block | shown only: the largest eigenvalue over all blocks has no theory here
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        let bad = |name, found: String, allowed| Err(ParameterError { name, found, allowed });
        check_overlap(params.input_activity, params.input_overlap)?;
        if let Some(width) = params.widths.iter().find(|width| !(2..=4000).contains(&width.get())) {
            return bad("widths", width.get().to_string(), "from 2 to 4000");
        }
        if params.portrait.width > 20 {
            return bad("portrait", params.portrait.width.to_string(), "a width of at most 20");
        }
        if params.unit.inputs < 2 * params.unit.size {
            return bad("unit", params.unit.inputs.to_string(), "inputs at least twice their size");
        }
        Ok(())
    }

    fn tables(params: &Params, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let (units, sizes) = units(params, run)?;
        let (unit, curve) = unit(params, run)?;
        Ok(vec![units, sizes, unit, curve, portrait(params, run)?])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        figures::figures(params)
    }
}

fn ensemble(params: &Params) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b }
}

/// Elements within units and between them against width, with one output and with many.
fn units(params: &Params, run: &Run) -> Result<(Table, Table), RunError> {
    let mut judged = Rows::new("units");
    let mut sizes = Rows::new("sizes");
    let ensemble = ensemble(params);
    let theory = run.theory(&ensemble);
    let state = pair(params.input_activity, params.input_overlap);
    let shown = inputs(params.input_activity, params.input_overlap, params.inputs)?;
    for (place, name) in OUTPUTS.into_iter().enumerate() {
        for (index, width) in params.widths.iter().enumerate() {
            let n = width.get() as usize;
            let outputs = if place == 0 { 1 } else { n };
            let point = (place * params.widths.len() + index) as u64;
            let sampled = run.replicas(params.replicas, |replica| {
                unit_sample(&ensemble, &shown, n, outputs, &run.address(point, replica))
            })?;
            let values = |of: &dyn Fn(&UnitSample) -> f64| sampled.iter().map(of).collect::<Vec<f64>>();
            let exact = unit_elements(&theory, state, params.inputs, outputs, width.get());
            let (o, square) = (outputs as f64, (n * n) as f64);
            let form = first_layer_form(&theory, state, params.inputs);
            let cells = [
                ("within", Compared::of(exact.within, &values(&|x| x.within), 0.0).times(square / (o * (o + 2.0)))),
                ("between", Compared::of(exact.between, &values(&|x| x.between), 0.0).times(square / o)),
                ("form", Compared::of(form * o * n as f64, &values(&|x| x.form), 0.0).times(1.0 / (o * n as f64))),
            ];
            for (quantity, Compared { theory, mc, stderr, .. }) in cells {
                let value = Judged { theory, mc, stderr };
                judged.push(row! { outputs: name, quantity, width, replicas: params.replicas, value });
            }
            let [within, between] = [&cells[0].1, &cells[1].1].map(|cell| (cell.mc, cell.stderr / cell.mc));
            let ratio = (between.0 / within.0 / (o + 2.0)).sqrt();
            let error = ratio * 0.5 * (within.1 * within.1 + between.1 * between.1).sqrt();
            let [largest, block] =
                [values(&|x| x.largest), values(&|x| x.largest_block)].map(|values| Estimate::of(&values));
            sizes.push(row! {
                outputs: name, width, replicas: params.replicas, relative: exact.relative_size(),
                relative_found: Measured::new((ratio, error)), largest: Measured::new(largest),
                largest_limit: form * o * n as f64, block: Measured::new(block),
            });
        }
    }
    Ok((judged.table()?, sizes.table()?))
}

/// The block of one unit against its closed form.
fn unit(params: &Params, run: &Run) -> Result<(Table, Table), RunError> {
    let unit = &params.unit;
    let (judged, curve) = unit.compare(
        params.activation,
        |eigenvalue| eigenvalue,
        run,
        |index, length| {
            let point = (2 * params.widths.len() + index) as u64;
            let forms = unit.sample(params.activation, (length, unit.inputs), run, point)?;
            Ok([0, 1].map(|k| {
                let found = Estimate::of(&forms.iter().map(|forms| forms.block[k]).collect::<Vec<f64>>());
                (found.mean, stderr(&found))
            }))
        },
    )?;
    let (mut rows, mut lines) = (Rows::new("unit"), Rows::new("curve"));
    for (length, direction, eigenvalue) in judged {
        rows.push(row! { length, direction, replicas: unit.replicas, eigenvalue });
    }
    for (length, direction, value) in curve {
        lines.push(row! { direction, length, value });
    }
    Ok((rows.table()?, lines.table()?))
}

/// The whole Fisher information of one network with one output and with many.
fn portrait(params: &Params, run: &Run) -> Result<Table, RunError> {
    let mut rows = Rows::new("portrait");
    let n = params.portrait.width;
    let address = run.address((2 * params.widths.len() + params.unit.sigma_w.len()) as u64, 0);
    let shown = normal_inputs(n, params.portrait.inputs, &address);
    for (place, name) in OUTPUTS.into_iter().enumerate() {
        let sizes = [n, n, n, if place == 0 { 1 } else { n }];
        let network = Mlp::random(&ensemble(params), &sizes, &address);
        let fisher = network.fisher(&network.pass(&shown));
        let count = network.parameters.len();
        let mean = (0..count).map(|i| fisher[i * count + i]).sum::<f64>() / count as f64;
        for i in 0..count {
            for j in 0..count {
                let size = (fisher[i * count + j] / mean).abs();
                rows.push(row! { outputs: name, row: i, column: j, size: size.max(1e-12) });
            }
        }
    }
    Ok(rows.table()?)
}
