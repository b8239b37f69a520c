//! What the experiments about Fisher information share: inputs of one activity and one overlap, and the block of one unit.

use crate::config::checked;
use crate::experiment::{Run, RunError};
use crate::model::{Activation, Inputs, ParameterError, SymmetricMatrix, WeightStd};
use crate::simulation::{UnitForms, unit_forms};
use crate::table::{Rows, Table};
use crate::theory::distance::PairState;
use crate::theory::fisher::UnitBlock;
use schemars::JsonSchema;
use serde::Deserialize;

/// Units with standard normal inputs, whose blocks of the Fisher information are compared with their closed form.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Lengths of their weights.
    #[serde(with = "checked::List::<WeightStd>")]
    pub sigma_w: Vec<WeightStd>,
    /// Number of components of their inputs.
    #[serde(with = "checked::Count::<2>")]
    pub size: usize,
    /// Number of inputs `T`, the smaller one where there are two.
    #[serde(with = "checked::Few::<10>")]
    pub inputs: usize,
    /// Number of units.
    #[serde(with = "checked::Networks")]
    pub replicas: usize,
    /// Points of the theory curves.
    #[serde(with = "checked::Count::<2>")]
    pub curve: usize,
}

/// A quantity of the block of a unit, along its weights and across them.
pub struct OfBlock<T: Fn(f64) -> f64> {
    /// Its columns in the table `unit`: theory, Monte Carlo, standard error.
    pub columns: [&'static str; 3],
    /// It, from the eigenvalue of the block in that direction.
    pub of: T,
}

impl Unit {
    /// Sampled blocks of units with weights of this length and so many inputs.
    pub fn sample(
        &self,
        activation: Activation,
        (length, inputs): (WeightStd, usize),
        run: &Run,
        point: u64,
    ) -> Result<Vec<UnitForms>, RunError> {
        run.replicas(self.replicas, |replica| {
            unit_forms(activation, length.get(), self.size, inputs, &run.address(point, replica))
        })
    }

    /// Theory beside Monte Carlo, and theory on a curve of lengths. `found` has mean and standard error, along and across, for the length of an index.
    pub fn tables<T: Fn(f64) -> f64>(
        &self,
        activation: Activation,
        quantity: &OfBlock<T>,
        run: &Run,
        found: impl Fn(usize, WeightStd) -> Result<[(f64, f64); 2], RunError>,
    ) -> Result<(Table, Table), RunError> {
        let theory = |length: f64| {
            let length = length * run.theory_factor();
            let UnitBlock { along, across } = UnitBlock::new(activation, length * length);
            [("along", (quantity.of)(along)), ("across", (quantity.of)(across))]
        };
        let [expected, mc, stderr] = quantity.columns;
        let mut rows = Rows::new("unit", ["length", "direction", "replicas", expected, mc, stderr]);
        for (index, length) in self.sigma_w.iter().enumerate() {
            for ((direction, expected), (mean, stderr)) in theory(length.get()).into_iter().zip(found(index, *length)?)
            {
                rows.push([
                    length.get().into(),
                    direction.into(),
                    self.replicas.into(),
                    expected.into(),
                    mean.into(),
                    stderr.into(),
                ]);
            }
        }
        let mut curve = Rows::new("curve", ["direction", "length", "value"]);
        for length in lengths(&self.sigma_w, self.curve) {
            for (direction, value) in theory(length) {
                curve.push([direction.into(), length.into(), value.into()]);
            }
        }
        Ok((rows.table()?, curve.table()?))
    }
}

/// Inputs of one activity and one overlap, as theory sees any two of them.
pub fn pair(activity: f64, overlap: f64) -> PairState {
    PairState { activity, activity_difference: 0.0, distance: 2.0 * (activity - overlap) }
}

/// So many such inputs, with exactly this Gram matrix.
pub fn inputs(activity: f64, overlap: f64, count: usize) -> Result<Inputs, RunError> {
    Ok(Inputs::points(SymmetricMatrix::from_fn(count, |i, j| if i == j { activity } else { overlap }))?)
}

/// Refuses overlaps that inputs of this activity cannot have.
pub fn check_overlap(activity: f64, overlap: f64) -> Result<(), ParameterError> {
    if (0.0..activity).contains(&overlap) {
        Ok(())
    } else {
        let allowed = "from 0 to below input_activity";
        Err(ParameterError { name: "input_overlap", found: overlap.to_string(), allowed })
    }
}

/// So many lengths in equal steps from the least to the largest of these.
fn lengths(given: &[WeightStd], count: usize) -> Vec<f64> {
    let values = || given.iter().map(|length| length.get());
    let (from, to) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    (0..count).map(|i| from + (to - from) * i as f64 / (count - 1) as f64).collect()
}
