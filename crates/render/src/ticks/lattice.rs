//! Ticks on whole numbers that the data hold, where these leave out some at equal steps: odd layers, multiples of four.

use super::{Room, Ticks};
use crate::error::Problem;
use crate::scale::Span;

/// Ticks at every so many of the steps of the data, as near to the wanted number as keep apart; none where the data have no step.
pub(super) fn ticks(span: &Span, data: &[i64], room: &Room) -> Result<Option<Ticks>, Problem> {
    let Some((first, step)) = lattice(data) else { return Ok(None) };
    let inside = |from: i64, by: i64| -> Vec<i64> {
        let start = from + ((span.low - 1e-9 - from as f64) / by as f64).ceil() as i64 * by;
        (start..).step_by(by as usize).take_while(|&value| value as f64 <= span.high + 1e-9).collect()
    };
    let mut best: Option<(f64, Ticks)> = None;
    for skip in [1, 2, 3, 4, 5, 10, 20, 25, 50, 100] {
        // round numbers where the data hold some, else from the first on
        let by = step * skip;
        let from = if first % step == 0 { 0 } else { first };
        let values = inside(from, by);
        let major: Vec<(f64, String)> = values.iter().map(|&value| (value as f64, format!("${value}$"))).collect();
        if major.len() < 2 || room.clearance(span, &major)?.is_none() {
            continue;
        }
        let ratio = major.len() as f64 / room.wanted();
        let odd = if by % 10 == 0 || by < 10 { 0.0 } else { 0.15 };
        let score = -ratio.max(1.0 / ratio) - odd;
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            let minor = inside(from, step).into_iter().filter(|value| !values.contains(value));
            let minor = room.minor(span, minor.map(|value| value as f64).collect());
            best = Some((score, Ticks { major, minor, exponent: 0 }));
        }
    }
    Ok(best.map(|(_, ticks)| ticks))
}

/// The least of the data and the largest step that meets all of them, from two on; the first or the last may stand aside, as an input layer
/// or the last layer does.
fn lattice(data: &[i64]) -> Option<(i64, i64)> {
    let mut data = data.to_vec();
    data.sort_unstable();
    data.dedup();
    let of = |data: &[i64]| {
        let first = *data.first().filter(|_| data.len() > 2)?;
        let step = data.iter().map(|value| value.checked_sub(first)).try_fold(0, |a, b| Some(common(a, b?)))?;
        (step > 1 && step < 1 << 30).then_some((first, step))
    };
    of(&data).or_else(|| of(data.split_last()?.1)).or_else(|| of(data.split_first()?.1))
}

fn common(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { common(b, a % b) }
}
