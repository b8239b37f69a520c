//! Ranges of the axes of a panel: what is fixed, and elsewhere what the data need.

use super::error::Problem;
use super::frame::span;
use super::resolve::{Content, Shape};
use super::scale::Span;
use super::thin::MANY;
use neurodyn_figure::{Axis, Panel, Rule, Scale};
use neurodyn_numerics::elementary::{exp, log10};
use std::f64::consts::LN_10;

/// The data on an axis where all are whole numbers, more than a few of them: those of points, if there are some.
pub(super) fn whole(content: &Content, across: bool) -> Option<Vec<f64>> {
    let (mut values, mut points): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for mark in &content.marks {
        let pick = |x: f64, y: f64| if across { x } else { y };
        match &mark.shape {
            Shape::Line(line, _) => values.extend(line.iter().map(|p| pick(p.0, p.1))),
            Shape::Points(all) => points.extend(all.iter().map(|p| pick(p.0, p.1))),
            Shape::Band(all) | Shape::Stack(all, _) | Shape::Coloured(all, _) => {
                values.extend(all.iter().map(|p| pick(p.0, p.1)));
            }
            Shape::Verticals(all) if across => values.extend(all),
            Shape::Horizontals(all) if !across => values.extend(all),
            Shape::Verticals(_) | Shape::Horizontals(_) => {}
            Shape::Steps(_) | Shape::Arrows(_) => return None,
        }
    }
    let distinct = |values: &[f64]| values.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let numbers = values.iter().chain(&points).all(|value| value.fract() == 0.0);
    if content.heatmap.is_some() || !numbers || distinct(&values) + distinct(&points) <= 3 {
        return None;
    }
    Some(if points.is_empty() { values } else { points })
}

/// The lower edge of the first cell around grid points and the upper edge of the last; none of one point.
pub(super) fn edges(points: &[f64], scale: Scale) -> Vec<f64> {
    let edge = |first: f64, second: f64| match scale {
        Scale::Linear => first - (second - first) / 2.0,
        Scale::Log10 => first * (first / second).sqrt(),
    };
    match (points, points) {
        ([first, second, ..], [.., before, last]) => vec![edge(*first, *second), edge(*last, *before)],
        _ => Vec::new(),
    }
}

/// Grid points and, where each fills a cell, the edges of the outer cells.
fn reach(points: &[f64], cells: bool, scale: Scale) -> Vec<f64> {
    let outer = if cells { edges(points, scale) } else { Vec::new() };
    points.iter().copied().chain(outer).collect()
}

/// How near a line is to the frame when it is lost in it, as a share of the range.
const ALONG: f64 = 0.003;
/// How far a limit that an author fixed gives way to a line that runs along it, as a share of the range.
const OPEN: f64 = 0.03;
/// The share of a range that half a marker takes, and each ring around it, and how many rings there are at most: in a frame of usual size.
const HALF: f64 = 0.024;
const RINGS: (f64, usize) = (0.008, 3);
/// Points nearer than this, as a share of the range, are at one place.
const ONE_PLACE: f64 = 0.005;
/// Whole numbers are shifted by less than this part of their step, and by half a marker for each further series.
const SHIFT: f64 = 0.43;

/// How far from a limit that an author fixed the frame has to be for marks that would lie on it, as a share of the range.
fn opened_for_marks(span: &Span, content: &Content, high: bool, other: &Span, across: bool) -> f64 {
    let pick = |p: &(f64, f64, f64)| if across { (p.0, p.1) } else { (p.1, p.0) };
    let from = |value: f64| if high { 1.0 - span.fraction(value) } else { span.fraction(value) };
    let mut near: Vec<(usize, f64, f64)> = Vec::new();
    for (series, mark) in content.marks.iter().enumerate() {
        let Shape::Points(all) = &mark.shape else { continue };
        let placed = all.iter().map(pick).filter(|p| span.holds(p.0) && other.holds(p.1)).take(MANY + 1);
        let placed: Vec<_> = placed.map(|p| (series, from(p.0), other.fraction(p.1))).collect();
        if placed.len() <= MANY {
            near.extend(placed.into_iter().filter(|p| p.1 < HALF + RINGS.0 * RINGS.1 as f64));
        }
    }
    let needed = |p: &(usize, f64, f64)| {
        let here =
            |q: &&(usize, f64, f64)| p.0 != q.0 && (p.1 - q.1).abs() < ONE_PLACE && (p.2 - q.2).abs() < ONE_PLACE;
        let room = HALF + RINGS.0 * near.iter().filter(here).count().min(RINGS.1) as f64;
        (room - p.1) / (1.0 - room)
    };
    near.iter().map(needed).fold(0.0, f64::max)
}

/// The same range, opened a little where a line runs along a limit of the frame and would be lost in it.
fn opened(span: Span, other: &Span, content: &Content, panel: &Panel, across: bool) -> Span {
    let axis = if across { &panel.x } else { &panel.y };
    let along = |limit: f64| {
        let on = |value: f64| (span.fraction(value) - span.fraction(limit)).abs() < ALONG;
        let runs = |line: &[(f64, f64)]| {
            let pick = |p: &(f64, f64)| if across { p.0 } else { p.1 };
            line.windows(2).any(|pair| on(pick(&pair[0])) && on(pick(&pair[1])))
        };
        let marks = content.marks.iter().any(|mark| match &mark.shape {
            Shape::Line(line, _) => runs(line),
            Shape::Verticals(all) => across && all.iter().copied().any(on),
            Shape::Horizontals(all) => !across && all.iter().copied().any(on),
            _ => false,
        });
        let guides = panel.rules.iter().chain(content.marked.iter().map(|(rule, _)| rule));
        let mut guides = guides.filter_map(|rule| match rule {
            Rule::Horizontal(y) => (!across).then_some(*y),
            Rule::Vertical(x) => across.then_some(*x),
            Rule::Diagonal => None,
        });
        marks || guides.any(on)
    };
    let by = |limit: Option<f64>, high: bool| {
        let Some(limit) = limit else { return 0.0 };
        let line = if along(limit) { OPEN } else { 0.0 };
        // a map fills its frame
        let marks = if panel.heatmap.is_some() { 0.0 } else { opened_for_marks(&span, content, high, other, across) };
        line.max(marks)
    };
    let (low, high) = (by(axis.low, false), by(axis.high, true));
    if low == 0.0 && high == 0.0 {
        return span;
    }
    match span.scale {
        Scale::Linear => {
            let size = span.high - span.low;
            Span { low: span.low - low * size, high: span.high + high * size, ..span }
        }
        Scale::Log10 => {
            let decades = log10(span.high) - log10(span.low);
            let factor = |share: f64| exp(share * decades * LN_10);
            Span { low: span.low / factor(low), high: span.high * factor(high), ..span }
        }
    }
}

/// The range of an axis, and whether it means anything: an axis without data has none of its own.
pub(super) type Range = (Span, bool);

/// The heights of a line between the limits of its axis, those where it meets them included.
fn visible(line: &[(f64, f64)], axis: &Axis) -> Vec<f64> {
    let (low, high) = (axis.low.unwrap_or(f64::NEG_INFINITY), axis.high.unwrap_or(f64::INFINITY));
    let mut heights: Vec<f64> = line.iter().filter(|p| low <= p.0 && p.0 <= high).map(|p| p.1).collect();
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let between = |limit: f64| (from.0 < limit) != (to.0 < limit) && from.0 != limit && to.0 != limit;
        let share = |limit: f64| match axis.scale {
            Scale::Linear => (limit - from.0) / (to.0 - from.0),
            Scale::Log10 => (log10(limit) - log10(from.0)) / (log10(to.0) - log10(from.0)),
        };
        heights.extend([low, high].into_iter().filter(|&limit| between(limit)).map(|limit| {
            // of heights on a logarithmic axis this is an end of a chord, no further than the ends of the piece
            from.1 + share(limit) * (to.1 - from.1)
        }));
    }
    heights
}

/// The ranges of both axes.
pub(super) fn ranges(panel: &Panel, content: &Content) -> Result<(Range, Range), Problem> {
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    let mut points = false;
    // what the limits of the horizontal axis hide needs no room
    let seen = |x: f64| panel.x.low.is_none_or(|low| low <= x) && panel.x.high.is_none_or(|high| x <= high);
    for mark in &content.marks {
        match &mark.shape {
            Shape::Line(line, _) => {
                xs.extend(line.iter().map(|p| p.0));
                ys.extend(visible(line, &panel.x));
            }
            Shape::Points(all) => {
                points = true;
                xs.extend(all.iter().map(|p| p.0));
                ys.extend(all.iter().filter(|p| seen(p.0)).flat_map(|p| [p.1, p.1 - p.2, p.1 + p.2]));
            }
            Shape::Coloured(all, _) => {
                xs.extend(all.iter().map(|p| p.0));
                ys.extend(visible(&all.iter().map(|p| (p.0, p.1)).collect::<Vec<_>>(), &panel.x));
            }
            Shape::Band(all) | Shape::Stack(all, _) => {
                xs.extend(all.iter().map(|p| p.0));
                for end in [|p: &(f64, f64, f64)| (p.0, p.1), |p: &(f64, f64, f64)| (p.0, p.2)] {
                    ys.extend(visible(&all.iter().map(end).collect::<Vec<_>>(), &panel.x));
                }
            }
            Shape::Steps(all) => {
                xs.extend(all.iter().flat_map(|p| [p.0, p.1]));
                ys.extend(all.iter().filter(|p| seen(p.0) || seen(p.1)).map(|p| p.2).chain([0.0]));
            }
            Shape::Arrows(all) => {
                points = true;
                xs.extend(all.iter().map(|p| p[0]));
                ys.extend(all.iter().filter(|p| seen(p[0])).map(|p| p[1]));
            }
            Shape::Verticals(all) => xs.extend(all),
            Shape::Horizontals(all) => ys.extend(all),
        }
    }
    for deviation in &content.deviations {
        points = true;
        xs.extend(deviation.points.iter().map(|p| p.0));
    }
    for rule in panel.rules.iter().chain(content.marked.iter().map(|(rule, _)| rule)) {
        match rule {
            Rule::Horizontal(y) => ys.push(*y),
            Rule::Vertical(x) => xs.push(*x),
            Rule::Diagonal => {}
        }
    }
    let cells = panel.heatmap.as_ref().is_some_and(|map| !map.smooth);
    if let Some(grid) = &content.heatmap {
        xs.extend(reach(&grid.xs, cells, panel.x.scale));
        ys.extend(reach(&grid.ys, cells, panel.y.scale));
    }
    for grid in &content.contours {
        xs.extend(&grid.xs);
        ys.extend(&grid.ys);
    }
    let tight = panel.heatmap.is_some();
    let (across, up) = match (tight, points) {
        (true, _) => (0.0, 0.0),
        (false, true) => (0.04f64.max(shifts(content, panel)), 0.05),
        (false, false) => (0.0, 0.05),
    };
    let named = panel.heatmap.is_some() || !panel.contours.is_empty() || !panel.series.is_empty();
    let range = |axis: &Axis, which, data: &[f64], padding| match span(axis, which, data, padding) {
        Ok(span) => Ok((span, true)),
        Err(problem) if named => stand_in(axis, data).map(|span| (span, false)).ok_or(problem),
        Err(problem) => Err(problem),
    };
    let (x, y) = (range(&panel.x, "x", &xs, across)?, range(&panel.y, "y", &ys, up)?);
    Ok(((opened(x.0, &y.0, content, panel, true), x.1), (opened(y.0, &x.0, content, panel, false), y.1)))
}

/// The room that marks of several series at whole numbers take when they stand side by side, as a share of the range.
fn shifts(content: &Content, panel: &Panel) -> f64 {
    let series = content.marks.iter().filter(|mark| mark.has_errors() && !mark.in_place).count();
    let Some(mut numbers) = whole(content, true).filter(|_| series > 1 && panel.x.scale == Scale::Linear) else {
        return 0.0;
    };
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    let steps = numbers.windows(2).map(|pair| pair[1] - pair[0]);
    let range = numbers.last().zip(numbers.first()).map_or(0.0, |(last, first)| last - first);
    let step = steps.fold(f64::INFINITY, f64::min) / range;
    if step.is_finite() { (SHIFT * step).min(HALF * (series - 1) as f64) + HALF } else { 0.0 }
}

/// Some range for an axis that no data lie on, up to a limit that is fixed.
fn stand_in(axis: &Axis, data: &[f64]) -> Option<Span> {
    let (low, high) = (axis.low, axis.high);
    let beyond = |&value: &f64| low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high);
    let unseen = |value: &f64| beyond(value) || axis.scale == Scale::Log10 && *value <= 0.0;
    if low.is_some() && high.is_some() || !data.iter().chain(&axis.include).all(unseen) {
        return None;
    }
    let (low, high) = match (axis.scale, low, high) {
        (Scale::Linear, low, Some(high)) => (low.unwrap_or(high - 1.0), high),
        (Scale::Linear, low, None) => (low.unwrap_or(0.0), low.unwrap_or(0.0) + 1.0),
        (Scale::Log10, low, Some(high)) => (low.unwrap_or(high / 10.0), high),
        (Scale::Log10, low, None) => (low.unwrap_or(1.0), 10.0 * low.unwrap_or(1.0)),
    };
    (low < high && (axis.scale == Scale::Linear || low > 0.0)).then_some(Span {
        scale: axis.scale,
        low,
        high,
        reversed: axis.reversed,
    })
}
