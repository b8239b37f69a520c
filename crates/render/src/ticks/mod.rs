//! Ticks whose labels are exact, read well and keep apart.

mod exponent;
mod lattice;
mod linear;
mod logarithmic;

use super::error::Problem;
use super::scale::Span;
use super::text::Ruler;
use neurodyn_figure::Scale;
use neurodyn_numerics::elementary::log10;
use std::f64::consts::PI;

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

impl Ticks {
    /// Whether some have labels.
    pub fn labelled(&self) -> bool {
        self.major.iter().any(|(_, label)| !label.is_empty())
    }
}

/// Which values may carry ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// Any.
    Any,
    /// Whole numbers: layers, components. Those of the data are preferred.
    Whole(&'a [i64]),
    /// Decimal logarithms, shown as powers of ten.
    Exponent,
    /// Multiples of a fraction of pi.
    Angle,
}

/// The room that ticks have: the length of their axis, and which way it runs.
#[derive(Clone, Copy)]
pub(super) struct Room<'a> {
    pub length: i32,
    pub across: bool,
    pub ruler: &'a Ruler,
}

impl Room<'_> {
    /// How many labels suit the length.
    fn wanted(&self) -> f64 {
        let size = f64::from(self.ruler.style.tick);
        let apart = if self.across { 3.9 } else { 3.5 } * size;
        (f64::from(self.length) / apart).clamp(2.6, 7.5)
    }

    /// The least distance between two labels in units of the size of type; `None` where they come too near.
    pub fn clearance(&self, span: &Span, major: &[(f64, String)]) -> Result<Option<f64>, Problem> {
        let style = &self.ruler.style;
        let room = if self.across { style.tick_room } else { style.tick * 45 / 100 };
        let (mut least, mut last) = (i32::MAX, None);
        for (value, label) in major {
            let at = (span.fraction(*value) * f64::from(self.length)).round() as i32;
            let half = if self.across { self.ruler.tick(label)?.width / 2 } else { style.tick * 34 / 100 };
            if let Some(end) = last {
                least = least.min(at - half - end);
            }
            last = Some(at + half);
        }
        Ok((least >= room).then(|| f64::from(least) / f64::from(style.tick)))
    }

    /// Minor ticks, unless they would run together.
    fn minor(&self, span: &Span, values: Vec<f64>) -> Vec<f64> {
        let at = |value: f64| span.fraction(value) * f64::from(self.length);
        let tight = values.windows(2).any(|pair| at(pair[1]) - at(pair[0]) < f64::from(self.ruler.style.minor));
        if tight { Vec::new() } else { values }
    }
}

/// Ticks of a range, in rising order.
pub(super) fn ticks(span: &Span, kind: Kind<'_>, room: &Room) -> Result<Ticks, Problem> {
    match (span.scale, kind) {
        (Scale::Linear, Kind::Exponent) => exponent::ticks(span, room),
        (Scale::Linear, Kind::Whole(data)) => match lattice::ticks(span, data, room)? {
            Some(ticks) => Ok(ticks),
            None => linear::ticks(span, true, room),
        },
        (Scale::Linear, Kind::Angle) => match angles(span, room)? {
            Some(ticks) => Ok(ticks),
            None => linear::ticks(span, false, room),
        },
        (Scale::Linear, Kind::Any) => linear::ticks(span, false, room),
        (Scale::Log10, _) => logarithmic::ticks(span, room),
    }
}

/// Multiples of the finest fraction of pi whose labels keep apart.
fn angles(span: &Span, room: &Room) -> Result<Option<Ticks>, Problem> {
    let inside = |parts: i64, per: i64| -> Vec<i64> {
        let step = PI * parts as f64 / per as f64;
        let (first, last) = ((span.low / step - 1e-9).ceil(), (span.high / step + 1e-9).floor());
        if last - first > 1e3 { Vec::new() } else { (first as i64..=last as i64).collect() }
    };
    for (parts, per) in [(1, 4), (1, 2), (1, 1), (2, 1), (5, 1), (10, 1)] {
        let label = |i: &i64| {
            let (mut over, mut under) = (i * parts, per);
            while over % 2 == 0 && under % 2 == 0 {
                (over, under) = (over / 2, under / 2);
            }
            let pi = match over {
                0 => "0".to_owned(),
                1 => r"\pi".to_owned(),
                -1 => r"-\pi".to_owned(),
                _ => format!(r"{over}\pi"),
            };
            let text = if under == 1 { format!("${pi}$") } else { format!("${pi}/{under}$") };
            (PI * (i * parts) as f64 / per as f64, text)
        };
        let major: Vec<(f64, String)> = inside(parts, per).iter().map(label).collect();
        let few = major.len() as f64 <= room.wanted() + 1.0;
        if major.len() >= 2 && few && room.clearance(span, &major)?.is_some() {
            let fine = if per == 4 { inside(1, 8) } else { inside(1, 2 * per) };
            let fine = fine.into_iter().filter(|i| (i * per).rem_euclid(if per == 4 { 8 } else { 2 * per }) != 0);
            let minor = fine.map(|i| PI * i as f64 / if per == 4 { 8.0 } else { 2.0 * per as f64 }).collect();
            return Ok(Some(Ticks { major, minor: room.minor(span, minor), exponent: 0 }));
        }
    }
    Ok(None)
}

/// Decades between the ends of a range.
fn decades(span: &Span) -> f64 {
    log10(span.high) - log10(span.low)
}

#[cfg(test)]
mod tests;
