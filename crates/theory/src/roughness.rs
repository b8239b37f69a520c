//! Which moments an activation has, and why it has not the others, where it jumps, has kinks or diverges.

use super::TheoryError;
use neurodyn_model::Activation;
use neurodyn_model::activation::ORDERS;
use neurodyn_model::formula::{Break, Growth};
use neurodyn_numerics::elementary::ln;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// `phi` and its derivatives as messages say them.
const NAMES: [&str; ORDERS] = ["phi", "phi'", "phi''", "phi'''", "phi''''", "phi'''''"];

/// Powers `|u - b|^s` are not integrated below this `s`.
const STEEPEST: f64 = -0.85;

/// Why `E[|phi^(order)|^power]` does not exist; none where it does.
pub(crate) fn obstacle(activation: Activation, order: usize, power: i32) -> Option<&'static str> {
    let missing = || {
        let name = NAMES[order.min(ORDERS - 1)];
        if power == 1 { format!("{name} has no mean") } else { format!("{name}^{power} has no mean") }
    };
    let Activation::Formula(_) = activation else {
        // kinks at 0
        let rough = order >= 2 && !activation.is_smooth();
        return rough.then(|| kept(format!("phi' jumps at u = 0, so that {}", missing())));
    };
    let mut breaks = activation.breaks().iter();
    breaks.find_map(|one| why(activation, one, order, power)).map(|why| kept(format!("{why}, so that {}", missing())))
}

/// What a break has against a moment.
fn why(activation: Activation, one: &Break, order: usize, power: i32) -> Option<String> {
    for (k, jump) in one.jumps.iter().enumerate().take(order + 1) {
        if !jump.is_finite() {
            let exponent = exponent(activation, one.at, order);
            let diverges = f64::from(power) * exponent <= STEEPEST;
            return diverges.then(|| format!("{} diverges at u = {}", NAMES[order], one.at));
        }
        if *jump != 0.0 && k < order {
            return Some(format!("{} jumps at u = {}", NAMES[k], one.at));
        }
    }
    None
}

/// `s` of `|phi^(order)(u)| ~ |u - b|^s`, the smaller of both sides.
fn exponent(activation: Activation, at: f64, order: usize) -> f64 {
    let unit = 1e-6 * at.abs().max(1.0);
    let near = |side: f64, step: f64| activation.jet(at + side * step)[order].abs();
    let of = |side: f64| ln(near(side, unit) / near(side, unit / 64.0)) / ln(64.0);
    let sides = [of(-1.0), of(1.0)];
    sides.into_iter().filter(|s| s.is_finite()).fold(0.0, f64::min)
}

/// Fails where `E[phi'^2]` does not exist.
pub(crate) fn check_slopes(activation: Activation, what: &'static str) -> Result<(), TheoryError> {
    check(activation, 1, 2, what)
}

/// Fails where `E[|phi^(order)|^power]` does not exist.
pub(crate) fn check(activation: Activation, order: usize, power: i32, what: &'static str) -> Result<(), TheoryError> {
    match obstacle(activation, order, power) {
        Some(reason) => Err(TheoryError::OutOfRegime { what, reason }),
        None => Ok(()),
    }
}

/// Fails for a formula at variances of preactivations at which it is not known.
pub(crate) fn check_reach(activation: Activation, q: f64, what: &'static str) -> Result<(), TheoryError> {
    let Activation::Formula(formula) = activation else { return Ok(()) };
    if !is_beyond(activation, q) {
        return Ok(());
    }
    if q.is_finite() && formula.growth() != Growth::Faster {
        return Err(TheoryError::OutOfRegime { what, reason: beyond(activation) });
    }
    // it overflows on its way
    Ok(())
}

/// Whether a formula is not known at this variance of preactivations: its moments are given as infinite.
pub(crate) fn is_beyond(activation: Activation, q: f64) -> bool {
    matches!(activation, Activation::Formula(_)) && !(q <= activation.shape().largest_variance())
}

/// Why there is nothing beyond the largest variance.
pub(crate) fn beyond(activation: Activation) -> &'static str {
    let largest = activation.shape().largest_variance();
    kept(format!("the variance of the preactivations is above {largest:.3e}, where the formula is not resolved"))
}

/// A text that lives as long as the process; each once, and a formula has few.
fn kept(text: String) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = texts.get(text.as_str()) {
        return known;
    }
    let text: &'static str = text.leak();
    texts.insert(text);
    text
}
