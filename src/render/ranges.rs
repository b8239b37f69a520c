//! Ranges of the axes of a panel: what is fixed, and elsewhere what the data need.

use super::error::Problem;
use super::frame::span;
use super::resolve::{Content, Shape};
use super::scale::Span;
use crate::figure::{Panel, Rule};

/// Whether all data on an axis are whole numbers, more than a few of them.
pub(super) fn whole(content: &Content, across: bool) -> bool {
    let mut values: Vec<f64> = Vec::new();
    for mark in &content.marks {
        let pick = |x: f64, y: f64| if across { x } else { y };
        match &mark.shape {
            Shape::Line(line, _) => values.extend(line.iter().map(|p| pick(p.0, p.1))),
            Shape::Points(all) => values.extend(all.iter().map(|p| pick(p.0, p.1))),
            Shape::Band(all) => values.extend(all.iter().map(|p| pick(p.0, p.1))),
            Shape::Verticals(all) if across => values.extend(all),
            Shape::Horizontals(all) if !across => values.extend(all),
            Shape::Verticals(_) | Shape::Horizontals(_) => {}
            Shape::Steps(_) | Shape::Arrows(_) => return false,
        }
    }
    let distinct = values.windows(2).filter(|pair| pair[0] != pair[1]).count();
    distinct > 3 && content.heatmap.is_none() && values.iter().all(|value| value.fract() == 0.0)
}

pub(super) fn ranges(panel: &Panel, content: &Content) -> Result<(Span, Span), Problem> {
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
            Shape::Band(all) => {
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
    Ok((span(&panel.x, "x", &xs, across)?, span(&panel.y, "y", &ys, up)?))
}
