//! The unit-wise block structure of the Fisher information: elements within the blocks of units and between them, the law of their relative
//! size against width and number of outputs, the closed form of a block, and where the largest eigenvalue comes from.

mod figures;

use super::blocks::{OfBlock, Unit, check_overlap, inputs, pair};
use crate::config::checked;
use crate::experiment::compared;
use crate::experiment::sampling::stderr;
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::Figure;
use crate::model::{Activation, BiasStd, Ensemble, ParameterError, WeightStd, Width};
use crate::simulation::{Estimate, Mlp, UnitSample, normal_inputs, unit_sample};
use crate::table::{Cell, Rows, Table};
use crate::theory::fisher::{first_layer_form, unit_elements};
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation function `phi`.
    activation: Activation,
    /// Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`, those of the outputs too.
    #[serde(with = "checked::AboveZero::<WeightStd>")]
    sigma_w: WeightStd,
    /// Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.
    sigma_b: BiasStd,
    /// Activity of all inputs.
    #[serde(with = "checked::Positive")]
    input_activity: f64,
    /// Overlap of any two inputs.
    #[serde(with = "checked::NonNegative")]
    input_overlap: f64,
    /// Number of inputs `T`.
    #[serde(with = "checked::Few::<2>")]
    inputs: usize,
    /// Numbers of inputs and neurons `n` of networks with one hidden layer.
    #[serde(with = "checked::List::<Width>")]
    widths: Vec<Width>,
    /// Number of networks a Monte Carlo mean is over.
    #[serde(with = "checked::Networks")]
    replicas: usize,
    /// The block of one unit with standard normal inputs.
    unit: Unit,
    /// One network drawn whole.
    portrait: Portrait,
}

/// A network with two hidden layers of one width, all of whose Fisher information is drawn.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Portrait {
    /// Numbers of inputs and neurons `n`.
    #[serde(with = "checked::Count::<2>")]
    width: usize,
    /// Number of inputs `T`, standard normal.
    #[serde(with = "checked::Few::<2>")]
    inputs: usize,
}

/// The experiment.
pub struct FisherBlocks;

/// Numbers of outputs by name.
const OUTPUTS: [&str; 2] = ["one", "as many as neurons"];

impl Experiment for FisherBlocks {
    type Params = Params;
    const COLUMNS: &'static str = "
        outputs | label | | one linear output, or as many as neurons
        quantity | label | | mean square of elements of F within the blocks of units, or between units, times n^2 over O (O + 2) or O; or 1^T Theta 1 / (n T^2) over O
        units.value | theory | | the quantity for the first weights of networks with one hidden layer; in theory exact at every width
        relative | theory | | size of elements between units relative to those within: root of the ratio of their mean squares
        relative_found | Monte Carlo | | the same from means over networks
        largest | Monte Carlo | | largest eigenvalue of the Fisher information of the first weights
        largest_limit | theory | | the same at infinite width
        block | Monte Carlo | | largest eigenvalue of the blocks of all units
        length | parameter | | length |w| of the weights of the unit
        direction | label | | along the weights, or across them
        unit.eigenvalue | theory | | eigenvalue of the block of one unit with standard normal inputs; in theory a2 along, a0 across
        curve.value | theory | | eigenvalue of the block of one unit at infinitely many inputs
        row | drawing | | parameter, unit by unit
        column | drawing | | parameter, unit by unit
        size | Monte Carlo | | size of the element of F over the mean of the diagonal
    ";
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

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
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
    let columns = ["outputs", "quantity", "width", "replicas", "value_theory", "value_mc", "value_stderr"];
    let mut judged = Rows::new("units", columns);
    let mut sizes = Rows::new(
        "sizes",
        [
            "outputs",
            "width",
            "replicas",
            "relative",
            "relative_found",
            "relative_found_error",
            "largest",
            "largest_error",
            "largest_limit",
            "block",
            "block_error",
        ],
    );
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
                ("within", compared(exact.within, &values(&|x| x.within), 0.0).times(square / (o * (o + 2.0)))),
                ("between", compared(exact.between, &values(&|x| x.between), 0.0).times(square / o)),
                ("form", compared(form * o * n as f64, &values(&|x| x.form), 0.0).times(1.0 / (o * n as f64))),
            ];
            let key = |quantity: &str| -> [Cell; 4] {
                [name.into(), quantity.into(), width.get().into(), params.replicas.into()]
            };
            for (quantity, cell) in &cells {
                judged.push(cell.row(&key(quantity)));
            }
            let [within, between] = [&cells[0].1, &cells[1].1].map(|cell| (cell.mc, cell.stderr / cell.mc));
            let ratio = (between.0 / within.0 / (o + 2.0)).sqrt();
            let error = ratio * 0.5 * (within.1 * within.1 + between.1 * between.1).sqrt();
            let [largest, block] =
                [values(&|x| x.largest), values(&|x| x.largest_block)].map(|values| Estimate::of(&values));
            sizes.push([
                name.into(),
                width.get().into(),
                params.replicas.into(),
                exact.relative_size().into(),
                ratio.into(),
                error.into(),
                largest.mean.into(),
                stderr(&largest).into(),
                (form * o * n as f64).into(),
                block.mean.into(),
                stderr(&block).into(),
            ]);
        }
    }
    Ok((judged.table()?, sizes.table()?))
}

/// The block of one unit against its closed form.
fn unit(params: &Params, run: &Run) -> Result<(Table, Table), RunError> {
    let unit = &params.unit;
    let columns = ["eigenvalue_theory", "eigenvalue_mc", "eigenvalue_stderr"];
    let eigenvalue = OfBlock { columns, of: |eigenvalue| eigenvalue };
    unit.tables(params.activation, &eigenvalue, run, |index, length| {
        let point = (2 * params.widths.len() + index) as u64;
        let forms = unit.sample(params.activation, (length, unit.inputs), run, point)?;
        Ok([0, 1].map(|k| {
            let found = Estimate::of(&forms.iter().map(|forms| forms.block[k]).collect::<Vec<f64>>());
            (found.mean, stderr(&found))
        }))
    })
}

/// The whole Fisher information of one network with one output and with many.
fn portrait(params: &Params, run: &Run) -> Result<Table, RunError> {
    let mut rows = Rows::new("portrait", ["outputs", "row", "column", "size"]);
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
                rows.push([name.into(), i.into(), j.into(), size.max(1e-12).into()]);
            }
        }
    }
    Ok(rows.table()?)
}
