//! Linear and logarithmic ranges, and their ticks. Ticks are whole multiples of a decimal step, so labels are exact.

use crate::figure::Scale;
use crate::numerics::elementary::ln;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged};
use std::f64::consts::LOG10_E;
use std::ops::Range;

/// The range of an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub scale: Scale,
    pub low: f64,
    pub high: f64,
}

/// Positions further out than this are not told apart (backend units).
const FARTHEST: f64 = 1e8;

/// Decimal logarithm.
pub(super) fn log10(value: f64) -> f64 {
    ln(value) * LOG10_E
}

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

    /// Ticks, at most so many with labels.
    pub fn ticks(&self, most: usize) -> Ticks {
        match self.scale {
            Scale::Linear => linear_ticks(self.low, self.high, most.max(2)),
            Scale::Log10 => log_ticks(self.low, self.high, most.max(2)),
        }
    }
}

impl Ranged for Span {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let (start, end) = (f64::from(limit.0), f64::from(limit.1));
        (start + self.fraction(*value) * (end - start)).round().clamp(-FARTHEST, FARTHEST) as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        self.ticks(hint.max_num_points()).major.into_iter().map(|(value, _)| value).collect()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

/// Ticks of an axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Ticks {
    /// Values with labels (markup).
    pub major: Vec<(f64, String)>,
    /// Values without labels.
    pub minor: Vec<f64>,
    /// Power of ten by which the labels must be multiplied.
    pub exponent: i32,
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

/// Whole multiples of a step in a range, as first and last.
fn multiples(low: f64, high: f64, step: f64) -> (i64, i64) {
    ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64)
}

fn linear_ticks(low: f64, high: f64, most: usize) -> Ticks {
    let width = high / 2.0 - low / 2.0;
    let mut exponent = log10(width).floor() as i32 - 2;
    loop {
        for (mantissa, minor) in [(1, 5), (2, 4), (5, 5)] {
            let step = decimal_value(mantissa, exponent);
            if step == 0.0 || width / step > 1e3 {
                continue;
            }
            let (first, last) = multiples(low, high, step);
            if (last - first + 1) as f64 <= most as f64 {
                return labelled(low, high, (first, last), (mantissa, exponent), minor);
            }
        }
        exponent += 1;
    }
}

fn labelled(low: f64, high: f64, (first, last): (i64, i64), (mantissa, exponent): (i64, i32), minor: i64) -> Ticks {
    let largest = decimal_value(first.abs().max(last.abs()) * mantissa, exponent);
    let power = if largest >= 1e5 || (largest > 0.0 && largest < 1e-2) {
        log10(largest * 1.000_000_1).floor() as i32
    } else {
        0
    };
    let shift = exponent - power;
    // no more decimals than the step needs
    let major = (first..=last)
        .map(|i| (decimal_value(i * mantissa, exponent), format!("${}$", decimal(i * mantissa, shift))))
        .collect();
    let fine = decimal_value(mantissa, exponent) / minor as f64;
    let (start, end) = multiples(low, high, fine);
    let minor = (start..=end).filter(|i| i.rem_euclid(minor) != 0).map(|i| i as f64 * fine).collect();
    Ticks { major, minor, exponent: power }
}

fn log_ticks(low: f64, high: f64, most: usize) -> Ticks {
    let (first, last) = ((log10(low) - 1e-9).ceil() as i32, (log10(high) + 1e-9).floor() as i32);
    if last - first >= 1 {
        let stride = [1, 2, 3, 4, 5, 10, 20, 25, 50, 100, 200]
            .into_iter()
            .find(|&s| (last.div_euclid(s) - (first - 1).div_euclid(s)) as usize <= most)
            .unwrap_or(400);
        let labelled = |k: &i32| k.rem_euclid(stride) == 0;
        let major = (first..=last).filter(labelled).map(|k| (decimal_value(1, k), format!("$10^{{{k}}}$"))).collect();
        let minor = if stride > 1 {
            let fine = (1..stride).find(|s| stride % s == 0 && (last - first) / s <= 40).unwrap_or(stride);
            (first..=last).filter(|k| !labelled(k) && k % fine == 0).map(|k| decimal_value(1, k)).collect()
        } else {
            within(low, high, first - 1, last, &[2, 3, 4, 5, 6, 7, 8, 9])
        };
        return Ticks { major, minor, exponent: 0 };
    }
    let all: Vec<f64> = within(low, high, first - 1, last + 1, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for digits in [&[1, 2, 3, 4, 5, 6, 7, 8, 9][..], &[1, 2, 3, 5, 7], &[1, 2, 5], &[1, 3]] {
        let values = within(low, high, first - 1, last + 1, digits);
        if (3..=most).contains(&values.len()) {
            let minor = all.iter().copied().filter(|x| !values.contains(x)).collect();
            return Ticks {
                major: values.iter().map(|&x| (x, format!("${}$", number(x)))).collect(),
                minor,
                exponent: 0,
            };
        }
    }
    linear_ticks(low, high, most)
}

/// Multiples of powers of ten inside a range.
fn within(low: f64, high: f64, first: i32, last: i32, digits: &[i64]) -> Vec<f64> {
    let values = (first..=last).flat_map(|k| digits.iter().map(move |&digit| decimal_value(digit, k)));
    values.filter(|&x| x >= low * (1.0 - 1e-9) && x <= high * (1.0 + 1e-9)).collect()
}
