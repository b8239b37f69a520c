//! The eigenvalues against width and depth, their histogram, and explicit weights against the exact law.

use super::{Case, Look, Params, Scales, columns};
use crate::experiment::prelude::*;
use crate::experiments::fisher::blocks::pair;
use crate::numerics::extrapolation::inverse_size;
use crate::theory::fisher::{Spectrum, trace_bias, weights};

type Sampled = Found<(Networks, Look)>;

/// What is looked at, and by which power of the width it is scaled.
pub(super) const QUANTITIES: [&str; 3] = ["mean", "second", "largest"];

pub(super) fn tables(params: &Params, found: &[Sampled], run: &Run) -> Result<Tables, RunError> {
    let ensembles = params.ensembles.len();
    let (widths, found) = found.split_at(ensembles * params.widths.width.len());
    let (depths, found) = found.split_at(2 * ensembles * params.extrapolated.depths.len());
    let (histogram, tests) = found.split_at(params.histogram.width.len());
    let (spectrum, widths) = (spectrum(params, depths, run)?, self::widths(params, widths, run)?);
    Ok([spectrum, widths, self::histogram(params, histogram, run)?, vec![self::tests(params, tests)?]].concat())
}

/// The trace judged with its bias, and all quantities unscaled.
fn widths(params: &Params, found: &[Sampled], run: &Run) -> Result<Tables, RunError> {
    rows!(trace, rows: "widths", relative, fits);
    let (least, most) = extent(params.widths.width.iter().map(|width| width.get() as f64));
    let state = pair(params.input_activity, params.input_overlap);
    let mut found = found.iter();
    let last = params.ensembles.len() as f64 - 1.0;
    for (rank, scales) in params.ensembles.iter().enumerate() {
        let (activation, theory) = (scales.activation, run.theory(&scales.ensemble()));
        let aside = exp(LANE * (rank as f64 - 0.5 * last));
        let spectrum = Spectrum::new(&theory, state, params.depth, params.inputs)?;
        let mut deviations = [const { Vec::new() }; QUANTITIES.len()];
        for (&width, found) in params.widths.width.iter().zip(found.by_ref()) {
            let (n, p) = (width.get() as f64, weights(width.get(), params.depth));
            let bias = trace_bias(&theory, params.input_activity, width, params.depth)?;
            let replicas = found.replicas();
            if width >= params.widths.narrowest {
                let value = Compared::new(spectrum.trace(), found.mean(0), bias);
                trace.push(row! { activation, width, replicas, value });
            }
            let exact = [spectrum.trace(), spectrum.square(), spectrum.largest()];
            let units = [n / p, n * n / p, n];
            for (k, quantity) in QUANTITIES.into_iter().enumerate() {
                let estimate = found.mean(k);
                let (mean, error) = (estimate.mean, stderr(&estimate));
                deviations[k].push((n, mean / exact[k] - 1.0, error / exact[k]));
                let first_order = if k == 0 { n * bias / exact[0] } else { 0.0 };
                let deviation = Measured::new((mean / exact[k] - 1.0, error / exact[k]));
                let (order, place) = (first_order / n, n * aside);
                relative.push(row! { activation, quantity, width, replicas, deviation, first_order: order, place });
                rows.push(row! {
                    activation, quantity, width, replicas, expected: units[k] * exact[k],
                    found: Measured::new((units[k] * mean, units[k] * error)),
                    shift: Measured::new((n * (mean / exact[k] - 1.0), n * error / exact[k])), first_order,
                });
            }
        }
        // that of the mean is known, and too small to be seen
        for (quantity, deviations) in QUANTITIES.into_iter().zip(&deviations).skip(1) {
            let order = inverse_size(deviations);
            let row = |n: f64| row! { activation, quantity, width: n, fitted: order / n, place: n * aside };
            fits.extend(geometric(least, most, CURVE).map(row));
        }
    }
    Ok(vec![trace.table()?, rows.table()?, relative.table()?, fits.table()?])
}

/// From one activation to the next at one width, in `ln n`.
const LANE: f64 = 0.12;

/// Widths at which fits are drawn.
const CURVE: usize = 81;

/// All quantities at infinite width, judged at some depths; theory at every depth.
fn spectrum(params: &Params, found: &[Sampled], run: &Run) -> Result<Tables, RunError> {
    rows!(judged: "spectrum", depths);
    let state = pair(params.input_activity, params.input_overlap);
    let mut found = found.chunks(2);
    for scales in &params.ensembles {
        let (activation, theory) = (scales.activation, run.theory(&scales.ensemble()));
        let exact = |depth: usize| {
            let theory = Spectrum::new(&theory, state, depth, params.inputs)?;
            Ok::<_, RunError>(QUANTITIES.into_iter().zip([theory.trace(), theory.square(), theory.largest()]))
        };
        for (&depth, found) in params.extrapolated.depths.iter().zip(found.by_ref()) {
            for (k, (quantity, exact)) in exact(depth)?.enumerate() {
                let spectrum = Judged::new(exact, extrapolated(&found[0].mean(k), &found[1].mean(k)));
                judged.push(row! { activation, quantity, depth, replicas: found[0].replicas(), spectrum });
            }
        }
        for depth in 2..=deepest(&params.extrapolated.depths) {
            depths.extend(exact(depth)?.map(|(quantity, expected)| row! { activation, quantity, depth, expected }));
        }
    }
    Ok(vec![judged.table()?, depths.table()?])
}

/// Mean numbers of eigenvalues in bins of equal ratio, and where theory has them.
fn histogram(params: &Params, found: &[Sampled], run: &Run) -> Result<Tables, RunError> {
    rows!(rows: "histogram", lines);
    let of = &params.histogram;
    let state = pair(params.input_activity, params.input_overlap);
    let theory = run.theory(&params.ensembles[0].ensemble());
    let step = std::f64::consts::LN_10 / of.bins as f64;
    for (&width, found) in of.width.iter().zip(found) {
        let eigenvalues = found.rows().iter().flatten().filter(|x| **x > 0.0);
        let mut bins: Vec<i64> = eigenvalues.map(|x| (ln(*x) / step).floor() as i64).collect();
        bins.sort_unstable();
        for same in bins.chunk_by(|a, b| a == b) {
            rows.push(row! {
                width, replicas: of.replicas, lower: exp(step * same[0] as f64),
                upper: exp(step * (same[0] + 1) as f64), count: same.len() as f64 / of.replicas as f64,
            });
        }
        let theory = Spectrum::new(&theory, state, params.depth, of.inputs)?;
        let places = [("largest", theory.largest()), ("others", theory.rest())];
        lines.extend(places.map(|(which, value)| row! { width, which, eigenvalue: width.get() as f64 * value }));
    }
    Ok(vec![rows.table()?, lines.table()?])
}

/// Explicit weights against the law.
fn tests(params: &Params, found: &[Sampled]) -> Result<Table, RunError> {
    let mut rows = Rows::new("tests");
    let mut found = found.chunks(2);
    for Scales { activation, .. } in &params.ensembles {
        for (&Case { width, replicas }, found) in params.cases.iter().zip(found.by_ref()) {
            for (k, quantity) in QUANTITIES.into_iter().enumerate() {
                let test = same_law(&mut found[0].values(k), &mut found[1].values(k));
                let KolmogorovSmirnov { statistic, p_value } = test;
                rows.push(row! { activation, quantity, width, replicas, statistic, p_value });
            }
        }
    }
    Ok(rows.table()?)
}
