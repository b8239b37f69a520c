//! The eigenvalues against width and depth, their histogram, and explicit weights against the exact law.

use super::columns;
use super::{Params, Scales};
use crate::experiment::prelude::*;
use crate::experiments::fisher::blocks::{inputs, pair};
use crate::numerics::linalg::symmetric_eigen;
use crate::simulation::{error_grams_in_law, explicit_errors, tangent_kernel};
use crate::theory::fisher::{Spectrum, trace_bias, weights};

/// What is looked at, and by which power of the width it is scaled.
pub(super) const QUANTITIES: [&str; 3] = ["mean", "second", "largest"];

pub(super) fn tables(params: &Params, run: &Run) -> Result<Tables, RunError> {
    let mut point = 0;
    let (trace, widths) = widths(params, run, &mut point)?;
    let spectrum = extrapolated(params, run, &mut point)?;
    let depths = depths(params, run)?;
    let (histogram, lines) = histogram(params, run, &mut point)?;
    Ok(vec![spectrum, depths, trace, widths, histogram, lines, tests(params, run, &mut point)?])
}

/// Hidden layers of a network with so many layers of weights.
pub(super) fn hidden(scales: &Scales, width: Width, depth: usize) -> Result<Network, RunError> {
    network(scales.ensemble(), width, depth - 1)
}

/// Eigenvalues of the Fisher information other than 0.
fn eigenvalues(kernel: &SymmetricMatrix) -> Vec<f64> {
    let count = kernel.order();
    symmetric_eigen(count, |i, j| kernel.get(i, j) / count as f64).values
}

/// `tr F / n`, `tr F^2 / n^2` and `lambda_max / n`.
fn scaled(kernel: &SymmetricMatrix, width: Width) -> [f64; 3] {
    let n = width.get() as f64;
    let values = eigenvalues(kernel);
    let (sum, squares) = values.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    [sum / n, squares / (n * n), values[0] / n]
}

fn sample(
    run: &Run,
    network: &Network,
    inputs: &Inputs,
    point: &mut u64,
    replicas: usize,
) -> Result<Vec<[f64; 3]>, RunError> {
    *point += 1;
    let at = *point;
    run.replicas(replicas, |replica| {
        let grams = error_grams_in_law(network, inputs, &run.address(at, replica))?;
        Ok(scaled(&tangent_kernel(network, &grams), network.widths()[0]))
    })
}

fn column(sample: &[[f64; 3]], index: usize) -> Vec<f64> {
    sample.iter().map(|values| values[index]).collect()
}

/// The trace judged with its bias, and all quantities unscaled.
fn widths(params: &Params, run: &Run, point: &mut u64) -> Result<(Table, Table), RunError> {
    let mut trace = Rows::new("trace");
    let mut rows = Rows::new("widths");
    let shown = inputs(params.input_activity, params.input_overlap, params.inputs)?;
    let state = pair(params.input_activity, params.input_overlap);
    for scales in &params.ensembles {
        let ensemble = run.theory(&scales.ensemble());
        let spectrum = Spectrum::new(&ensemble, state, params.depth, params.inputs)?;
        for &width in &params.widths.width {
            let network = hidden(scales, width, params.depth)?;
            let found = sample(run, &network, &shown, point, params.widths.replicas)?;
            let (n, p) = (width.get() as f64, weights(width.get(), params.depth));
            let bias = trace_bias(&ensemble, params.input_activity, width, params.depth)?;
            if width >= params.widths.narrowest {
                let cell = Compared::of(spectrum.trace(), &column(&found, 0), bias);
                trace.push(row! { activation: scales.activation.name(), width, replicas: found.len(), value: cell });
            }
            let exact = [spectrum.trace(), spectrum.square(), spectrum.largest()];
            let units = [n / p, n * n / p, n];
            for (k, quantity) in QUANTITIES.into_iter().enumerate() {
                let estimate = Estimate::of(&column(&found, k));
                let (mean, error) = (estimate.mean, stderr(&estimate));
                let first_order = if k == 0 { n * bias / exact[0] } else { 0.0 };
                rows.push(row! {
                    activation: scales.activation.name(), quantity, width, replicas: found.len(),
                    expected: units[k] * exact[k], found: Measured::new((units[k] * mean, units[k] * error)),
                    shift: Measured::new((n * (mean / exact[k] - 1.0), n * error / exact[k])), first_order,
                });
            }
        }
    }
    Ok((trace.table()?, rows.table()?))
}

/// All quantities at infinite width, against depth.
fn extrapolated(params: &Params, run: &Run, point: &mut u64) -> Result<Table, RunError> {
    let mut rows = Rows::new("spectrum");
    let shown = inputs(params.input_activity, params.input_overlap, params.inputs)?;
    let state = pair(params.input_activity, params.input_overlap);
    let twice = Width::new(2 * params.extrapolated.width.get())?;
    for scales in &params.ensembles {
        for &depth in &params.extrapolated.depths {
            let theory = Spectrum::new(&run.theory(&scales.ensemble()), state, depth, params.inputs)?;
            let mut of = |width| {
                let network = hidden(scales, width, depth)?;
                sample(run, &network, &shown, point, params.extrapolated.replicas)
            };
            let (narrow, wide) = (of(params.extrapolated.width)?, of(twice)?);
            let exact = [theory.trace(), theory.square(), theory.largest()];
            for (k, quantity) in QUANTITIES.into_iter().enumerate() {
                let (mc, error) = extrapolate(&column(&narrow, k), &column(&wide, k));
                rows.push(row! {
                    activation: scales.activation.name(), quantity, depth, replicas: narrow.len(),
                    spectrum: Judged::new(exact[k], (mc, error)),
                });
            }
        }
    }
    Ok(rows.table()?)
}

/// Theory at every depth.
fn depths(params: &Params, run: &Run) -> Result<Table, RunError> {
    let mut rows = Rows::new("depths");
    let state = pair(params.input_activity, params.input_overlap);
    let deepest = params.extrapolated.depths.iter().copied().max().unwrap_or(2);
    for scales in &params.ensembles {
        for depth in 2..=deepest {
            let theory = Spectrum::new(&run.theory(&scales.ensemble()), state, depth, params.inputs)?;
            let exact = [theory.trace(), theory.square(), theory.largest()];
            for (quantity, exact) in QUANTITIES.into_iter().zip(exact) {
                rows.push(row! { activation: scales.activation.name(), quantity, depth, expected: exact });
            }
        }
    }
    Ok(rows.table()?)
}

/// `2 m(2n) - m(n)` with its standard error.
pub(super) fn extrapolate(narrow: &[f64], wide: &[f64]) -> (f64, f64) {
    crate::experiment::sampling::extrapolated(&Estimate::of(narrow), &Estimate::of(wide))
}

/// Mean numbers of eigenvalues in bins of equal ratio, and where theory has them.
fn histogram(params: &Params, run: &Run, point: &mut u64) -> Result<(Table, Table), RunError> {
    let mut rows = Rows::new("histogram");
    let mut lines = Rows::new("lines");
    let of = &params.histogram;
    let shown = inputs(params.input_activity, params.input_overlap, of.inputs)?;
    let state = pair(params.input_activity, params.input_overlap);
    let scales = &params.ensembles[0];
    let step = std::f64::consts::LN_10 / of.bins as f64;
    for &width in &of.width {
        let network = hidden(scales, width, params.depth)?;
        *point += 1;
        let at = *point;
        let sampled = run.replicas(of.replicas, |replica| {
            let grams = error_grams_in_law(&network, &shown, &run.address(at, replica))?;
            Ok(eigenvalues(&tangent_kernel(&network, &grams)))
        })?;
        let mut bins: Vec<i64> =
            sampled.iter().flatten().filter(|x| **x > 0.0).map(|x| (ln(*x) / step).floor() as i64).collect();
        bins.sort_unstable();
        for same in bins.chunk_by(|a, b| a == b) {
            rows.push(row! {
                width, replicas: of.replicas, lower: exp(step * same[0] as f64),
                upper: exp(step * (same[0] + 1) as f64), count: same.len() as f64 / of.replicas as f64,
            });
        }
        let theory = Spectrum::new(&run.theory(&scales.ensemble()), state, params.depth, of.inputs)?;
        for (which, value) in [("largest", theory.largest()), ("others", theory.rest())] {
            lines.push(row! { width, which, eigenvalue: width.get() as f64 * value });
        }
    }
    Ok((rows.table()?, lines.table()?))
}

/// Explicit weights against the law, in samples with no draw in common.
fn tests(params: &Params, run: &Run, point: &mut u64) -> Result<Table, RunError> {
    let mut rows = Rows::new("tests");
    let shown = inputs(params.input_activity, params.input_overlap, params.inputs)?;
    for scales in &params.ensembles {
        for case in &params.cases {
            let network = hidden(scales, case.width, params.depth)?;
            let in_law = sample(run, &network, &shown, point, case.replicas)?;
            *point += 1;
            let at = *point;
            let explicit = run.replicas(case.replicas, |replica| {
                let grams = explicit_errors(&network, &shown, &run.address(at, replica))?;
                Ok(scaled(&tangent_kernel(&network, &grams), case.width))
            })?;
            for (k, quantity) in QUANTITIES.into_iter().enumerate() {
                let [mut a, mut b] = [column(&in_law, k), column(&explicit, k)];
                let test = same_law(&mut a, &mut b);
                rows.push(row! {
                    activation: scales.activation.name(), quantity, width: case.width, replicas: case.replicas,
                    statistic: test.statistic, p_value: test.p_value,
                });
            }
        }
    }
    Ok(rows.table()?)
}
