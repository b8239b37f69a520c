//! Fixed points of activations that a reader writes, of which nothing is known beforehand: several may be stable, and the map need not rise.
//!
//! The search is that of [`Tails`]: the bound on `|g''|` comes from the Gaussian weight alone, so it holds for kinks, jumps and waves too. Where
//! it says too little (waves, whose `|R|` is much larger than what is left of it), cells of 1/128 in `ln q` are judged by four times the bend that the
//! slopes at their ends show. What may be passed over is
//!
//! * two roots in such a cell, if the slope swings there and back between its ends;
//! * two roots between which the excess stays below 1e-12 of its terms: they are found as one marginal root, or not at all;
//! * roots below `q = 1e-30`, where `phi^2` has no Taylor series beside 0 (`sqrt(abs(u))`);
//! * roots beyond `q = 1e16`, but for the last, and beyond the largest variance for which the formula is resolved.

use super::fixed_points::{FixedPoint, FixedPoints, Stability, Unreached};
use super::near::{self, Near};
use super::tails::{Excess, Tails};
use super::{at, variance_map};
use crate::TheoryError;
use crate::moments::derivatives::sides_of_0;
use crate::roughness::is_beyond;
use neurodyn_model::Ensemble;
use neurodyn_model::formula::Growth;
use neurodyn_numerics::elementary::ln;
use neurodyn_numerics::roots::newton_bracketed;

/// Every fixed point of an ensemble with a formula.
pub(super) fn fixed_points(ensemble: &Ensemble) -> Result<FixedPoints, TheoryError> {
    let activation = ensemble.activation;
    let tails = Tails::of(activation);
    let excess = tails.excess(ensemble);
    let mut points = Vec::new();
    match Near::of(ensemble) {
        Some(near) => {
            points.extend(near.silence(ensemble));
            let roots = near.roots(tails.lowest());
            points.extend(roots.into_iter().map(|(q, stability)| point(ensemble, q, 0, stability)));
        }
        None => {
            let silent = ensemble.sigma_b.get() == 0.0 && sides_of_0(activation).iter().all(|jet| jet[0] == 0.0);
            let stability = if excess.first() <= 0.0 { Stability::Stable } else { Stability::Unstable };
            points.extend(silent.then(|| FixedPoint { point: at(ensemble, 0.0, 0), stability }));
        }
    }
    for root in excess.roots() {
        let (q, iterations) = excess.refined(&root)?;
        points.push(point(ensemble, q, iterations, root.stability));
    }
    let mut unreached = None;
    let last = excess.last();
    if grows_faster(ensemble) {
        unreached = Some(if last > 0.0 { Unreached::Growth } else { Unreached::Unresolved });
    } else if excess.level > 0.0 {
        unreached = Some(Unreached::Growth);
    } else if excess.level == 0.0 {
        unreached = (excess.at_the_end() > 0.0).then_some(Unreached::Drift);
    } else if last > 0.0 {
        match beyond(ensemble, tails.highest())? {
            Some(found) => points.push(found),
            None => unreached = Some(Unreached::Unresolved),
        }
    }
    if unreached.is_some() {
        return Ok(FixedPoints::with(points, unreached));
    }
    Ok(settled(ensemble, points, &excess))
}

fn grows_faster(ensemble: &Ensemble) -> bool {
    let grows = ensemble.activation.growth() == Growth::Faster;
    grows && ensemble.sigma_w.get() > 0.0
}

fn point(ensemble: &Ensemble, q: f64, iterations: u32, stability: Stability) -> FixedPoint {
    FixedPoint { point: at(ensemble, q, iterations), stability }
}

/// The last root, beyond the table.
fn beyond(ensemble: &Ensemble, from: f64) -> Result<Option<FixedPoint>, TheoryError> {
    let excess = |q: f64| variance_map(ensemble, q) - q;
    let (mut low, mut high) = (from, 16.0 * from);
    while !is_beyond(ensemble.activation, high) && excess(high) > 0.0 {
        (low, high) = (high, 16.0 * high);
    }
    if is_beyond(ensemble.activation, high) {
        return Ok(None);
    }
    let root = newton_bracketed(low, high, high, |q| (excess(q), super::activity_slope(ensemble, q) - 1.0));
    let root = root.map_err(|source| TheoryError::NoConvergence { what: "q_star", source })?;
    Ok(Some(point(ensemble, root.x, root.iterations, Stability::Stable)))
}

/// Most layers followed from large `q`.
const LAYERS: usize = 2000;

/// Which of the points is reached from large `q`: the last, where the map rises all the way down to it; else the one that layers settle on from the
/// upper end of the table (a bump has its image far below, wherever its last fixed point is).
///
/// They do settle: `d ln p_q(u) / d ln q = (u^2 / q - 1) / 2` is at least -1/2, so `d ln V / d ln q` is too, and a map of `ln q` whose slope is
/// nowhere below -1 has no cycle of two values, hence no other cycle (Sharkovsky), and all its orbits converge (Coppel 1955).
fn settled(ensemble: &Ensemble, points: Vec<FixedPoint>, excess: &Excess) -> FixedPoints {
    let Some(last) = points.last() else { return FixedPoints::with(points, None) };
    if last.stability != Stability::Unstable && excess.rises_above(last.point.q) {
        return FixedPoints::with(points, None);
    }
    let silent = 1e-3 * near::reach(ensemble.activation);
    let mut q = excess.highest();
    // from the logarithm of q, 0 being as near as what is silent
    let distance = |found: &FixedPoint, q: f64| (ln(q.max(silent)) - ln(found.point.q.max(silent))).abs();
    for _ in 0..LAYERS {
        q = variance_map(ensemble, q);
        if points.iter().any(|found| found.stability != Stability::Unstable && distance(found, q) < 1e-9) {
            break;
        }
    }
    let attracting = points.iter().enumerate().filter(|(_, found)| found.stability != Stability::Unstable);
    let settles = attracting.min_by(|a, b| distance(a.1, q).total_cmp(&distance(b.1, q))).map(|(index, _)| index);
    FixedPoints { points, unreached: None, settles }
}
