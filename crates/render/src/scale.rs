//! Linear and logarithmic ranges, and numbers as labels write them.

use neurodyn_figure::Scale;
use neurodyn_numerics::elementary::log10;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged};
use std::ops::Range;

/// The range of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub scale: Scale,
    pub low: f64,
    pub high: f64,
    /// Whether values rise downwards, or to the left.
    pub reversed: bool,
}

/// Positions further out than this are not told apart (backend units).
const FARTHEST: f64 = 1e8;

/// `mantissa * 10^exponent`, correctly rounded.
pub(super) fn decimal_value(mantissa: i64, exponent: i32) -> f64 {
    format!("{mantissa}e{exponent}").parse().unwrap_or(f64::NAN)
}

impl Span {
    /// Where a value lies, from 0 at the low end to 1 at the high end.
    pub fn fraction(&self, value: f64) -> f64 {
        match self.scale {
            // halves, so that the widest ranges do not overflow
            Scale::Linear => (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0),
            Scale::Log10 => {
                let low = log10(self.low);
                (log10(value) - low) / (log10(self.high) - low)
            }
        }
    }

    /// Whether a value lies in the range, rounding aside.
    pub fn holds(&self, value: f64) -> bool {
        (-1e-9..=1.0 + 1e-9).contains(&self.fraction(value))
    }
}

impl Ranged for Span {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let (start, end) = (f64::from(limit.0), f64::from(limit.1));
        let fraction = self.fraction(*value);
        (start + if self.reversed { 1.0 - fraction } else { fraction } * (end - start))
            .round()
            .clamp(-FARTHEST, FARTHEST) as i32
    }

    /// Ticks are found elsewhere (`ticks`), where the room of their labels is known.
    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        Vec::new()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

/// A number in markup (for mathematics): plain, or with a power of ten.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-3..1e5).contains(&size) {
        return format!("{value}");
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some(("1", exponent)) => format!("10^{{{exponent}}}"),
        Some(("-1", exponent)) => format!("-10^{{{exponent}}}"),
        Some((mantissa, exponent)) => format!(r"{mantissa} \times 10^{{{exponent}}}"),
        None => text,
    }
}

/// `mantissa * 10^exponent` written out.
pub(super) fn decimal(mantissa: i64, exponent: i32) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = mantissa.unsigned_abs().to_string();
    if mantissa == 0 {
        return match exponent {
            ..0 => format!("0.{}", "0".repeat(exponent.unsigned_abs() as usize)),
            _ => "0".to_owned(),
        };
    }
    if exponent >= 0 {
        return format!("{sign}{digits}{}", "0".repeat(exponent as usize));
    }
    let places = exponent.unsigned_abs() as usize;
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    format!("{sign}{whole}.{fraction}")
}
