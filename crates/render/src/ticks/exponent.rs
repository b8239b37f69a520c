//! Ticks of decimal logarithms: those of a logarithmic axis, at the logarithms of their values.

use super::{Room, Ticks, linear, logarithmic};
use crate::error::Problem;
use crate::scale::Span;
use neurodyn_figure::Scale;
use neurodyn_numerics::elementary::{exp, log10};
use std::f64::consts::LN_10;

/// Numbers whose powers of ten are ordinary numbers.
const ORDINARY: f64 = 290.0;

pub(super) fn ticks(span: &Span, room: &Room) -> Result<Ticks, Problem> {
    if span.low < -ORDINARY || span.high > ORDINARY {
        let whole = linear::ticks(span, true, room)?;
        let major = whole.major.into_iter().map(|(value, _)| (value, format!("$10^{{{value}}}$"))).collect();
        return Ok(Ticks { major, ..Ticks::default() });
    }
    let power = |value: f64| exp(value * LN_10);
    let powers = Span { scale: Scale::Log10, low: power(span.low), high: power(span.high), reversed: span.reversed };
    let found = logarithmic::ticks(&powers, room)?;
    // a common power of ten belongs to the values, not to their logarithms
    let label = |label: String| match (found.exponent, label.strip_suffix('$')) {
        (0, _) | (_, None) => label,
        (power, Some(text)) => format!(r"{text} \times 10^{{{power}}}$"),
    };
    let major = found.major.into_iter().map(|(value, text)| (rounded(log10(value)), label(text))).collect();
    Ok(Ticks { major, minor: found.minor.into_iter().map(|value| rounded(log10(value))).collect(), exponent: 0 })
}

/// Powers of ten have whole logarithms.
fn rounded(logarithm: f64) -> f64 {
    let whole = logarithm.round();
    if (logarithm - whole).abs() < 1e-12 * whole.abs().max(1.0) { whole } else { logarithm }
}
