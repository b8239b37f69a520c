//! Ranges of the axes of a panel: what is fixed, and elsewhere what the data need.

use super::error::Problem;
use super::frame::span;
use super::resolve::{Content, Shape};
use super::scale::Span;
use neurodyn_figure::{Axis, Panel, Rule, Scale};

/// Whether all data on an axis are whole numbers, more than a few of them.
pub(super) fn whole(content: &Content, across: bool) -> bool {
    let mut values: Vec<f64> = Vec::new();
    for mark in &content.marks {
        let pick = |x: f64, y: f64| if across { x } else { y };
        match &mark.shape {
            Shape::Line(line, _) => values.extend(line.iter().map(|p| pick(p.0, p.1))),
            Shape::Points(all) => values.extend(all.iter().map(|p| pick(p.0, p.1))),
            Shape::Band(all) | Shape::Stack(all) | Shape::Coloured(all, _) => {
                values.extend(all.iter().map(|p| pick(p.0, p.1)));
            }
            Shape::Verticals(all) if across => values.extend(all),
            Shape::Horizontals(all) if !across => values.extend(all),
            Shape::Verticals(_) | Shape::Horizontals(_) => {}
            Shape::Steps(_) | Shape::Arrows(_) => return false,
        }
    }
    let distinct = values.windows(2).filter(|pair| pair[0] != pair[1]).count();
    distinct > 3 && content.heatmap.is_none() && values.iter().all(|value| value.fract() == 0.0)
}

/// The range of an axis, and whether it means anything: an axis without data has none of its own.
pub(super) type Range = (Span, bool);

/// The ranges of both axes.
pub(super) fn ranges(panel: &Panel, content: &Content) -> Result<(Range, Range), Problem> {
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    let mut points = false;
    for mark in &content.marks {
        match &mark.shape {
            Shape::Line(line, _) => {
                xs.extend(line.iter().map(|p| p.0));
                ys.extend(line.iter().map(|p| p.1));
            }
            Shape::Points(all) => {
                points = true;
                xs.extend(all.iter().map(|p| p.0));
                ys.extend(all.iter().flat_map(|p| [p.1, p.1 - p.2, p.1 + p.2]));
            }
            Shape::Coloured(all, _) => {
                xs.extend(all.iter().map(|p| p.0));
                ys.extend(all.iter().map(|p| p.1));
            }
            Shape::Band(all) | Shape::Stack(all) => {
                xs.extend(all.iter().map(|p| p.0));
                ys.extend(all.iter().flat_map(|p| [p.1, p.2]));
            }
            Shape::Steps(all) => {
                xs.extend(all.iter().flat_map(|p| [p.0, p.1]));
                ys.extend(all.iter().map(|p| p.2).chain([0.0]));
            }
            Shape::Arrows(all) => {
                points = true;
                xs.extend(all.iter().map(|p| p[0]));
                ys.extend(all.iter().map(|p| p[1]));
            }
            Shape::Verticals(all) => xs.extend(all),
            Shape::Horizontals(all) => ys.extend(all),
        }
    }
    for deviation in &content.deviations {
        points = true;
        xs.extend(deviation.points.iter().map(|p| p.0));
    }
    for rule in &panel.rules {
        match rule {
            Rule::Horizontal(y) => ys.push(*y),
            Rule::Vertical(x) => xs.push(*x),
            Rule::Diagonal => {}
        }
    }
    for grid in content.heatmap.iter().chain(&content.contours) {
        xs.extend(&grid.xs);
        ys.extend(&grid.ys);
    }
    let tight = panel.heatmap.is_some();
    let (across, up) = match (tight, points) {
        (true, _) => (0.0, 0.0),
        (false, true) => (0.04, 0.05),
        (false, false) => (0.0, 0.05),
    };
    let named = panel.heatmap.is_some() || !panel.contours.is_empty() || !panel.series.is_empty();
    let range = |axis: &Axis, which, data: &[f64], padding| match span(axis, which, data, padding) {
        Ok(span) => Ok((span, true)),
        Err(problem) if named => stand_in(axis, data).map(|span| (span, false)).ok_or(problem),
        Err(problem) => Err(problem),
    };
    Ok((range(&panel.x, "x", &xs, across)?, range(&panel.y, "y", &ys, up)?))
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
    (low < high && (axis.scale == Scale::Linear || low > 0.0)).then_some(Span { scale: axis.scale, low, high })
}
