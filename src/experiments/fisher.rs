//! What the experiments about Fisher information share: inputs of one activity and one overlap.

use super::RunError;
use crate::model::{Inputs, ParameterError, SymmetricMatrix, WeightStd};
use crate::theory::distance::PairState;

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
pub fn lengths(given: &[WeightStd], count: usize) -> Vec<f64> {
    let values = || given.iter().map(|length| length.get());
    let (from, to) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    (0..count).map(|i| from + (to - from) * i as f64 / (count - 1) as f64).collect()
}
