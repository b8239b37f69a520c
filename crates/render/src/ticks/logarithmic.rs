//! Logarithmic ticks: powers of ten where there are some, simple multiples of them where the range is short.

use super::{Room, Ticks, decades, linear};
use crate::error::Problem;
use crate::scale::{Span, decimal_value, number};
use neurodyn_numerics::elementary::log10;

const STRIDES: [i32; 11] = [1, 2, 3, 4, 5, 10, 20, 25, 50, 100, 200];
const ALL: &[i64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9];

pub(super) fn ticks(span: &Span, room: &Room) -> Result<Ticks, Problem> {
    let (first, last) = ((log10(span.low) - 1e-9).ceil() as i32, (log10(span.high) + 1e-9).floor() as i32);
    let powers = last - first + 1;
    let readable = span.low >= 1e-3 && span.high <= 1e4;
    if powers >= 3 || (powers == 2 && (decades(span) > 1.75 || !readable)) {
        for stride in STRIDES {
            let ticks = decade_ticks(span, (first, last), stride, room);
            let few = ticks.major.len() as f64 <= room.wanted() + 3.0;
            if few && ticks.major.len() >= 2 && room.clearance(span, &ticks.major)?.is_some() {
                return Ok(ticks);
            }
        }
        // powers that are too few for any stride: the two outermost
        let ends = [first, last].map(|k| (decimal_value(1, k), format!("$10^{{{k}}}$")));
        return Ok(Ticks { major: ends.to_vec(), ..Ticks::default() });
    }
    let inside = |digits: &[i64]| within(span, first - 1, last + 1, digits);
    for (digits, most) in [(ALL, 6), (&[1, 2, 5][..], 6), (&[1, 2, 3, 5, 7], 6), (&[1, 3], 6)] {
        let values = inside(digits);
        let major: Vec<(f64, String)> = values.iter().map(|&x| (x, format!("${}$", number(x)))).collect();
        if (3..=most).contains(&major.len()) && room.clearance(span, &major)?.is_some() {
            let minor = inside(ALL).into_iter().filter(|x| !values.contains(x)).collect();
            return Ok(Ticks { major, minor: room.minor(span, minor), exponent: 0 });
        }
    }
    if powers == 2 {
        return Ok(decade_ticks(span, (first, last), 1, room));
    }
    linear::ticks(span, false, room)
}

/// Labels at every so many powers of ten.
fn decade_ticks(span: &Span, (first, last): (i32, i32), stride: i32, room: &Room) -> Ticks {
    let labelled = |k: &i32| k.rem_euclid(stride) == 0;
    let major = (first..=last).filter(labelled).map(|k| (decimal_value(1, k), format!("$10^{{{k}}}$"))).collect();
    let minor = if stride > 1 {
        let fine = (1..stride).find(|s| stride % s == 0 && (last - first) / s <= 40).unwrap_or(stride);
        (first..=last).filter(|k| !labelled(k) && k % fine == 0).map(|k| decimal_value(1, k)).collect()
    } else {
        let all = within(span, first - 1, last, &ALL[1..]);
        let tight = f64::from(room.length) / decades(span) < 8.0 * f64::from(room.ruler.style.minor);
        if tight { Vec::new() } else { all }
    };
    Ticks { major, minor, exponent: 0 }
}

/// Multiples of powers of ten inside a range.
fn within(span: &Span, first: i32, last: i32, digits: &[i64]) -> Vec<f64> {
    let values = (first..=last).flat_map(|k| digits.iter().map(move |&digit| decimal_value(digit, k)));
    values.filter(|&x| x >= span.low * (1.0 - 1e-9) && x <= span.high * (1.0 + 1e-9)).collect()
}
