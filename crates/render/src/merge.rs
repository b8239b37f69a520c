//! Laws that do not depend on what splits a series are one line.

use super::ranges::ranges;
use super::resolve::{Content, Mark, Shape};
use super::scale::Span;
use super::style::INK;
use neurodyn_figure::Panel;

/// Lines that differ by less, as a fraction of their axis, are one: a tenth of a point on most pages.
const ALIKE: f64 = 1.0 / 1500.0;

/// Draws the lines of a split series once, in ink, where all of them coincide.
pub(super) fn merge(panel: &Panel, content: &mut Content) {
    let Ok(((x, true), (y, true))) = ranges(panel, content) else { return };
    for series in 0..panel.series.len() {
        let of = |mark: &&Mark| mark.origin.0 == series && mark.split && matches!(mark.shape, Shape::Line(..));
        let lines: Vec<&Mark> = content.marks.iter().filter(of).collect();
        let last = lines.iter().map(|mark| mark.origin.1).max().unwrap_or(0);
        let parts: Vec<Vec<(f64, f64)>> = (0..=last).map(|part| curve(&lines, part, [&x, &y])).collect();
        let drawn: Vec<usize> = (0..=last).filter(|&part| parts[part].len() > 1).collect();
        let Some(&longest) = drawn.iter().max_by_key(|&&part| (parts[part].len(), last - part)) else { continue };
        if drawn.len() < 2 || !drawn.iter().all(|&part| alike(&parts[part], &parts[longest])) {
            continue;
        }
        let named = |mark: &&Mark| mark.label.clone().map(|label| (label, mark.colour));
        let order: Vec<_> = lines.iter().filter_map(named).collect();
        content.order.extend(order);
        content.marks.retain(|mark| !of(&mark) || mark.origin.1 == longest);
        for mark in content.marks.iter_mut().filter(|mark| of(&&**mark)) {
            (mark.colour, mark.split, mark.label) = (INK, false, None);
        }
    }
}

/// The vertices of one part, as fractions of the axes.
fn curve(lines: &[&Mark], part: usize, [x, y]: [&Span; 2]) -> Vec<(f64, f64)> {
    let points = lines.iter().filter(|mark| mark.origin.1 == part).flat_map(|mark| match &mark.shape {
        Shape::Line(points, _) => points.as_slice(),
        _ => &[],
    });
    points.map(|&(a, b)| (x.fraction(a), y.fraction(b))).collect()
}

/// Whether a curve lies on another.
fn alike(one: &[(f64, f64)], other: &[(f64, f64)]) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= ALIKE;
    if one.len() == other.len() && one.iter().zip(other).all(|(a, b)| near(a.0, b.0)) {
        return one.iter().zip(other).all(|(a, b)| near(a.1, b.1));
    }
    let rises = |line: &[(f64, f64)]| line.windows(2).all(|pair| pair[0].0 < pair[1].0);
    rises(one) && rises(other) && one.iter().all(|&(x, y)| height(other, x).is_some_and(|there| near(y, there)))
}

/// The height of a rising polyline at an abscissa that it reaches.
fn height(line: &[(f64, f64)], x: f64) -> Option<f64> {
    let after = line.partition_point(|vertex| vertex.0 < x);
    let to = line.get(after)?;
    if to.0 == x {
        return Some(to.1);
    }
    let from = line.get(after.checked_sub(1)?)?;
    Some(from.1 + (to.1 - from.1) * (x - from.0) / (to.0 - from.0))
}
