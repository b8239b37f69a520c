//! Gradient descent of explicit networks at learning rates around `2 / lambda_max`.

use super::{Descent, Look, Params, columns};
use crate::experiment::prelude::*;
use crate::experiments::fisher::blocks::pair;
use crate::simulation::descend;
use crate::theory::TheoryError;
use crate::theory::fisher::{Spectrum, residual_growth};

/// Addresses below belong to the spectra.
pub(super) const FIRST: usize = 1 << 20;

/// Learning rates at which theory is drawn.
const CURVE: usize = 71;

/// The critical learning rate times the width, by theory.
pub(super) fn critical_rate(params: &Params, theory: &Ensemble) -> Result<f64, RunError> {
    let state = pair(params.input_activity, params.input_overlap);
    Ok(Spectrum::new(theory, state, params.depth, params.descent.inputs)?.critical_rate())
}

/// Growth of `ln(loss) / 2` in a step at each learning rate.
pub(super) fn growth(of: &Descent, network: &Network, inputs: &Inputs, rates: &[f64], at: &Address) -> Observed {
    let losses = descend(network, inputs, of.offset, rates, of.steps, at)?;
    Ok(losses.iter().map(|(before, after)| 0.5 * ln(after / before) / of.steps as f64).collect())
}

/// Growth judged at infinite width, and growth and shares of diverging networks at both widths.
pub(super) fn tables(params: &Params, found: &[Found<(Networks, Look)>], run: &Run) -> Result<Tables, RunError> {
    let of = &params.descent;
    rows!(judged: "descent", shares);
    for (width, found) in [of.width.get(), 2 * of.width.get()].into_iter().zip(found) {
        for (k, ratio) in of.ratios.iter().enumerate() {
            let growth = found.values(k);
            if growth.iter().any(|growth| !growth.is_finite()) {
                let message = format!(
                    "the losses of gradient descent in networks of the first of parameters.ensembles are no finite numbers at ratio {ratio:?} and \
                     offset {:?}; scales, ratios or offset must be more moderate",
                    of.offset
                );
                return Err(RunError::Field { field: "parameters.descent".into(), message });
            }
            let grew: Vec<f64> = growth.iter().map(|growth| f64::from(u8::from(*growth > 0.0))).collect();
            let [rate, diverged] = [&growth, &grew].map(|values| Measured::new(Estimate::of(values)));
            shares.push(row! { width, ratio: *ratio, replicas: found.replicas(), rate, diverged });
        }
    }
    // 1, but in a negative control, whose theory has another critical rate
    let ensemble = params.ensembles[0].ensemble();
    let factor = critical_rate(params, &ensemble)? / critical_rate(params, &run.theory(&ensemble))?;
    for (k, ratio) in of.ratios.iter().enumerate() {
        let reason = "the residual vanishes in one step at half the critical rate";
        let theory = residual_growth(ratio * factor).ok_or(TheoryError::OutOfRegime { what: "the growth", reason })?;
        let growth = Judged::new(theory, extrapolated(&found[0].mean(k), &found[1].mean(k)));
        judged.push(row! { ratio: *ratio, replicas: of.replicas, growth });
    }
    let (least, most) = extent(of.ratios.iter().copied());
    let curve = even(least, most, CURVE).map(|ratio| row! { ratio, growth: residual_growth(ratio * factor) });
    Ok(vec![judged.table()?, shares.table()?, table("growth", curve)?])
}
