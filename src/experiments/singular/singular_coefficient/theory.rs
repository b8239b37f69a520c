//! What theory says of the cases.

use super::columns;
use super::{Case, Params, decades};
use crate::experiment::prelude::*;
use crate::theory::perceptron::{FreeEnergy, LearningCoefficient, free_energy, has_free_energy, learning_coefficient};

/// Quadrature on a fine grid and on the rungs of the ladder; empty where there is none.
pub(super) struct Exact {
    pub curve: Vec<(f64, FreeEnergy)>,
    pub rungs: Vec<FreeEnergy>,
}

impl Exact {
    /// In a negative control the theory has another temperature: `beta <L>` with `<L>` at `factor beta`.
    pub fn of(params: &Params, case: &Case, factor: f64) -> Result<Self, RunError> {
        if !has_free_energy(case.units, &case.teacher) {
            return Ok(Self { curve: Vec::new(), rungs: Vec::new() });
        }
        let fine = decades(params.shown_from, case.largest, params.curve);
        let coarse = params.betas(case);
        let betas: Vec<f64> = fine.iter().chain(&coarse).map(|beta| factor * beta).collect();
        let mut found = free_energy(case.units, &case.teacher, &betas)?;
        found.iter_mut().for_each(|found| found.lambda /= factor);
        let rungs = found.split_off(fine.len());
        Ok(Self { curve: fine.into_iter().zip(found).collect(), rungs })
    }
}

/// Learning coefficients against the number of inputs; teachers have no weights on further inputs.
pub(super) fn known(params: &Params) -> Result<Table, RunError> {
    let mut rows = Rows::new("known");
    for (place, case) in params.cases.iter().enumerate() {
        if params.cases[..place].iter().any(|other| other.name == case.name) {
            continue;
        }
        for inputs in case.teacher.inputs()..=params.most_inputs {
            if let Some(LearningCoefficient { lambda, multiplicity }) =
                learning_coefficient(case.units, &case.teacher.padded(inputs))
            {
                let regular = 0.5 * (case.units * (inputs + 1)) as f64;
                let name = case.name.as_str();
                rows.push(row! { case: name, inputs, lambda, multiplicity, regular });
            }
        }
    }
    Ok(rows.table()?)
}
