//! What the experiments about Fisher information share: inputs of one activity and one overlap, and the block of one unit.

use crate::experiment::prelude::*;
use crate::simulation::{UnitForms, unit_forms};
use crate::theory::fisher::UnitBlock;

parameters! {
    /// Units with standard normal inputs, whose blocks of the Fisher information are compared with their closed form.
    Unit {
        /// Lengths of their weights.
        sigma_w: List<WeightStd>,
        /// Number of components of their inputs.
        size: Count<2>,
        /// Number of inputs `T`, the smaller one where there are two.
        inputs: Few<10>,
        /// Number of units.
        replicas: NetworkCount,
        /// Points of the theory curves.
        curve: Count<2>,
    }
}

/// Values of a quantity of the block of a unit, each with the length of the weights and the direction.
pub type InDirection<T> = Vec<(f64, &'static str, T)>;

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

    /// Theory beside Monte Carlo of a quantity of the eigenvalue of the block along the weights and across them, and its theory on a curve of
    /// lengths. `found` has mean and standard error, along and across, for the length of an index.
    pub fn compare(
        &self,
        activation: Activation,
        quantity: impl Fn(f64) -> f64,
        run: &Run,
        found: impl Fn(usize, WeightStd) -> Result<[(f64, f64); 2], RunError>,
    ) -> Result<(InDirection<Judged>, InDirection<f64>), RunError> {
        let theory = |length: f64| {
            let length = length * run.theory_factor();
            let UnitBlock { along, across } = UnitBlock::new(activation, length * length);
            [("along", quantity(along)), ("across", quantity(across))]
        };
        let mut judged = Vec::new();
        for (index, length) in self.sigma_w.iter().enumerate() {
            for ((direction, theory), found) in theory(length.get()).into_iter().zip(found(index, *length)?) {
                judged.push((length.get(), direction, Judged::new(theory, found)));
            }
        }
        let curve = lengths(&self.sigma_w, self.curve).into_iter();
        let curve = curve.flat_map(|length| theory(length).map(|(direction, value)| (length, direction, value)));
        Ok((judged, curve.collect()))
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
