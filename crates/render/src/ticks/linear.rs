//! Linear ticks by the extension of Wilkinson's algorithm (Talbot, Lin and Hanrahan 2010): among steps of simple numbers the
//! one that is best in simplicity, coverage of the range, density and legibility together. All values are whole multiples of
//! a decimal unit, so labels are exact.

use super::{Room, Ticks};
use crate::error::Problem;
use crate::scale::{Span, decimal, decimal_value};
use neurodyn_numerics::elementary::log10;

/// Digits of simple steps, best first, and what each loses in simplicity: halves and fifths are read far more easily than the
/// others.
const STEPS: [(i64, f64); 6] = [(1, 0.0), (5, 0.2), (2, 0.25), (4, 1.0), (25, 1.2), (3, 1.5)];
/// Weights of simplicity, coverage, density and legibility.
const WEIGHTS: [f64; 4] = [0.25, 0.2, 0.5, 0.05];

/// Values `(start + i * skip) * mantissa * 10^exponent`.
#[derive(Debug, Clone, Copy)]
struct Sequence {
    start: i64,
    skip: i64,
    count: i64,
    mantissa: i64,
    exponent: i32,
}

impl Sequence {
    /// Mantissas of the values and their power of ten, without zeros that all of them end in.
    fn values(&self) -> (Vec<i64>, i32) {
        let mut exponent = self.exponent;
        let all = (0..self.count).map(|i| self.start.checked_add(i * self.skip)?.checked_mul(self.mantissa));
        let mut all: Vec<i64> = all.map_while(|value| value).collect();
        while all.iter().any(|&value| value != 0) && all.iter().all(|value| value % 10 == 0) {
            all.iter_mut().for_each(|value| *value /= 10);
            exponent += 1;
        }
        (all, exponent)
    }

    fn holds_zero(&self) -> bool {
        let last = self.start + (self.count - 1) * self.skip;
        self.start <= 0 && last >= 0 && self.start % self.skip == 0
    }
}

fn score(simplicity: f64, coverage: f64, density: f64, legibility: f64) -> f64 {
    WEIGHTS[0] * simplicity + WEIGHTS[1] * coverage + WEIGHTS[2] * density + WEIGHTS[3] * legibility
}

fn simplicity(loss: f64, skip: i64, zero: bool) -> f64 {
    1.0 - loss - (skip - 1) as f64 + f64::from(u8::from(zero))
}

/// How well labels from `low` to `high`, fractions of the range, reach its ends. The scale is wider than for labels that may
/// lie outside of the range, as these may not.
fn coverage(low: f64, high: f64) -> f64 {
    1.0 - 0.5 * ((1.0 - high) * (1.0 - high) + low * low) / 0.04
}

fn density(count: i64, extent: f64, wanted: f64) -> f64 {
    let ratio = ((count - 1) as f64 / extent) / (wanted - 1.0);
    2.0 - ratio.max(1.0 / ratio)
}

fn most_dense(count: i64, wanted: f64) -> f64 {
    let count = count as f64;
    if count >= wanted { 2.0 - (count - 1.0) / (wanted - 1.0) } else { 1.0 }
}

/// The best ticks inside a range; at whole numbers alone if asked for.
pub(super) fn ticks(span: &Span, whole: bool, room: &Room) -> Result<Ticks, Problem> {
    let mut best: Option<(f64, Sequence)> = None;
    search(span, room.wanted(), whole, &mut best, &mut |sequence| {
        let ticks = labelled(&sequence);
        let Some(clearance) = room.clearance(span, &ticks.major)? else { return Ok(None) };
        let digits = ticks.major.iter().map(|(_, label)| label.chars().filter(char::is_ascii_digit).count()).max();
        let brevity = 1.0 - 0.25 * digits.unwrap_or(0).saturating_sub(2) as f64;
        Ok(Some(0.5 * brevity + 0.5 * (2.0 - 1.5 / clearance.max(0.4)).min(1.0)))
    })?;
    if best.is_none() && whole {
        return ticks(span, false, room);
    }
    // a frame too small for two labels that keep apart: two that are far apart
    if best.is_none() {
        search(span, 2.0, false, &mut best, &mut |_| Ok(Some(1.0)))?;
    }
    let Some((_, sequence)) = best else { return Ok(Ticks::default()) };
    let minor = minor(span, &sequence, whole);
    Ok(Ticks { minor: room.minor(span, minor), ..labelled(&sequence) })
}

type Legibility<'a> = &'a mut dyn FnMut(Sequence) -> Result<Option<f64>, Problem>;

fn search(
    span: &Span,
    wanted: f64,
    whole: bool,
    best: &mut Option<(f64, Sequence)>,
    legibility: Legibility,
) -> Result<(), Problem> {
    // halves, so that the widest ranges do not overflow
    let half_width = span.high / 2.0 - span.low / 2.0;
    let reached = |best: &Option<(f64, Sequence)>, bound: f64| best.is_some_and(|(most, _)| bound < most);
    for skip in 1..=12 {
        for &(mantissa, loss) in &STEPS {
            let simplest = simplicity(loss, skip, true);
            if reached(best, score(simplest, 1.0, 1.0, 1.0)) {
                continue;
            }
            for count in 2..=12 {
                let dense = most_dense(count, wanted);
                if reached(best, score(simplest, 1.0, dense, 1.0)) {
                    break;
                }
                let least = log10(half_width / skip as f64) + std::f64::consts::LOG10_2 - log10((count + 1) as f64);
                let power = (least - log10(mantissa as f64)).ceil() as i32;
                for exponent in power..=power + 2 {
                    let unit = decimal_value(mantissa, exponent);
                    let step = unit * skip as f64;
                    let extent = step / 2.0 / half_width * (count - 1) as f64;
                    if !(unit > 0.0 && extent <= 1.0 + 1e-9) {
                        break;
                    }
                    let half = 0.5 * (1.0 - extent);
                    if reached(best, score(simplest, coverage(half, 1.0 - half), dense, 1.0)) {
                        continue;
                    }
                    let first = (span.low / unit - 1e-9).ceil();
                    let last = (span.high / unit + 1e-9).floor() - (skip * (count - 1)) as f64;
                    if !(first.abs() < 1e15 && last.abs() < 1e15) {
                        continue;
                    }
                    for start in first as i64..=last as i64 {
                        let sequence = Sequence { start, skip, count, mantissa, exponent };
                        // labels are multiples of their step
                        if start % skip != 0 {
                            continue;
                        }
                        if whole && sequence.values().1 < 0 {
                            continue;
                        }
                        let low = (start as f64 * unit / 2.0 - span.low / 2.0) / half_width;
                        let simple = simplicity(loss, skip, sequence.holds_zero());
                        let bound = score(
                            simple,
                            coverage(low, low + extent),
                            density(count, extent.max(1e-9), wanted).min(dense),
                            1.0,
                        );
                        if best.is_some_and(|(most, _)| bound <= most) {
                            continue;
                        }
                        if let Some(legible) = legibility(sequence)? {
                            let total = bound + WEIGHTS[3] * (legible - 1.0);
                            if best.is_none_or(|(most, _)| total > most) {
                                *best = Some((total, sequence));
                            }
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// Labels with no more decimals than needed, and a common power of ten where they would be long.
fn labelled(sequence: &Sequence) -> Ticks {
    let (values, exponent) = sequence.values();
    let largest = values.iter().map(|value| value.abs()).max().unwrap_or(0);
    let size = decimal_value(largest, exponent);
    let power = if size >= 1e5 || (size > 0.0 && size < 1e-2) { log10(size * 1.000_000_1).floor() as i32 } else { 0 };
    let major =
        values.iter().map(|&value| (decimal_value(value, exponent), format!("${}$", decimal(value, exponent - power))));
    Ticks { major: major.collect(), minor: Vec::new(), exponent: power }
}

/// Values between the labels.
fn minor(span: &Span, sequence: &Sequence, whole: bool) -> Vec<f64> {
    let (values, exponent) = sequence.values();
    let [first, second, ..] = values[..] else { return Vec::new() };
    let mut step = second - first;
    let mut zeros = 0;
    while step % 10 == 0 {
        (step, zeros) = (step / 10, zeros + 1);
    }
    let parts = match step {
        1 | 5 | 25 => 5,
        2 | 4 => 4,
        3 | 6 | 15 => 3,
        _ => 2,
    };
    // with two digits more every part is a whole number, so that values are exact
    let fine = 100 * (second - first) / parts;
    let value = |i: i64| decimal_value(i * fine, exponent - 2);
    let coarse = decimal_value(second - first, exponent);
    if whole && (coarse / parts as f64).fract() != 0.0 {
        // whole numbers between whole numbers, if they are few
        let between = coarse as i64;
        let all =
            (span.low.ceil() as i64..=span.high.floor() as i64).filter(|i| (i - values[0]).rem_euclid(between) != 0);
        return if between <= 5 && exponent == 0 { all.map(|i| i as f64).collect() } else { Vec::new() };
    }
    let (start, end) = ((span.low / value(1) - 1e-9).ceil(), (span.high / value(1) + 1e-9).floor());
    if !(start.abs() < 1e12 && end.abs() < 1e12 && end - start < 1e3) {
        return Vec::new();
    }
    let labelled = |i: i64| (i * fine - 100 * first).rem_euclid(100 * (second - first)) == 0;
    (start as i64..=end as i64).filter(|&i| !labelled(i)).map(value).collect()
}
