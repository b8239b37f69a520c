//! Gradient descent of explicit networks at learning rates around `2 / lambda_max`.

use super::Params;
use super::columns;
use super::spectra::{extrapolate, hidden};
use crate::experiment::prelude::*;
use crate::experiments::fisher::blocks::{inputs, pair};
use crate::simulation::descend;
use crate::theory::TheoryError;
use crate::theory::fisher::{Spectrum, residual_growth};

/// Points of the grid below belong to the spectra.
const FIRST: u64 = 1 << 20;

/// Growth judged at infinite width, and growth and shares of diverging networks at both widths.
pub(super) fn tables(params: &Params, run: &Run) -> Result<Tables, RunError> {
    let of = &params.descent;
    let scales = &params.ensembles[0];
    let shown = inputs(params.input_activity, params.input_overlap, of.inputs)?;
    let state = pair(params.input_activity, params.input_overlap);
    let spectrum = Spectrum::new(&run.theory(&scales.ensemble()), state, params.depth, of.inputs)?;
    let mut judged = Rows::new("descent");
    let mut shares = Rows::new("shares");
    let mut growths: Vec<Vec<Vec<f64>>> = Vec::new();
    for (index, width) in [of.width, Width::new(2 * of.width.get())?].into_iter().enumerate() {
        let network = hidden(scales, width, params.depth)?;
        let critical = spectrum.critical_rate() / width.get() as f64;
        let rates: Vec<f64> = of.ratios.iter().map(|ratio| ratio * critical).collect();
        let sampled = run.replicas(of.replicas, |replica| {
            let address = run.address(FIRST + index as u64, replica);
            descend(&network, &shown, of.offset, &rates, of.steps, &address)
        })?;
        let mut found = Vec::new();
        for (k, ratio) in of.ratios.iter().enumerate() {
            let growth: Vec<f64> =
                sampled.iter().map(|losses| 0.5 * ln(losses[k].1 / losses[k].0) / of.steps as f64).collect();
            if growth.iter().any(|growth| !growth.is_finite()) {
                let message = format!(
                    "the losses of gradient descent in networks of the first of parameters.ensembles are no finite numbers at ratio {ratio:?} and \
                     offset {:?}; scales, ratios or offset must be more moderate",
                    of.offset
                );
                return Err(RunError::Field { field: "parameters.descent", message });
            }
            let grew: Vec<f64> = growth.iter().map(|growth| f64::from(u8::from(*growth > 0.0))).collect();
            let [rate, diverged] = [&growth, &grew].map(|values| Estimate::of(values));
            shares.push(row! {
                width, ratio: *ratio, replicas: of.replicas, rate: Measured::new(rate), diverged: Measured::new(diverged),
            });
            found.push(growth);
        }
        growths.push(found);
    }
    for (k, ratio) in of.ratios.iter().enumerate() {
        let (mc, error) = extrapolate(&growths[0][k], &growths[1][k]);
        let reason = "the residual vanishes in one step at half the critical rate";
        let theory = residual_growth(*ratio).ok_or(TheoryError::OutOfRegime { what: "the growth", reason })?;
        judged.push(row! { ratio: *ratio, replicas: of.replicas, growth: Judged::new(theory, (mc, error)) });
    }
    Ok(vec![judged.table()?, shares.table()?])
}
