//! Draws a laid-out panel: heat map lowest, then bands, guides, lines, points, notes, axes and the legend.

use super::brush::{AXIS, BAR, Brush, LINE};
use super::colour::{GREY, INK, PALE, WHITE, mapped, named};
use super::contour::contour;
use super::error::Problem;
use super::frame::{Area, Frame};
use super::layout::{PlacedLegend, Plan, note_place, obstacles};
use super::resolve::{Content, Grid, Mark, Shape};
use super::scale::Span;
use super::text::LEGEND;
use super::trace::{deviations, marker_size, rule, trace};
use crate::figure::{ColourMap, Dash, Panel};
use plotters::style::text_anchor::HPos;
use std::collections::BTreeMap;

/// Width of dotted guides and boundaries.
const GUIDE: u32 = 80;

/// Draws everything inside the frame of a panel, its strip and its legend.
pub(super) fn marks(brush: &Brush, panel: &Panel, content: &Content, plan: &Plan) -> Result<(), Problem> {
    let frame = &plan.frame;
    if let (Some(map), Some(grid), Some((span, ..))) = (&panel.heatmap, &content.heatmap, &plan.gauge.bar) {
        heatmap(brush, grid, frame, map.map, span)?;
    }
    for mark in content.marks.iter().filter(|mark| matches!(mark.shape, Shape::Band(_))) {
        for polygon in trace(&mark.shape, frame).polygons {
            brush.polygon(polygon, mark.colour, 0.22)?;
        }
    }
    for &guide in &panel.rules {
        brush.lines(&rule(guide, frame), GREY, GUIDE - 20, Dash::Dotted)?;
    }
    for (lines, grid) in panel.contours.iter().zip(&content.contours) {
        for &level in &lines.levels {
            let traced = contour(grid, level, frame);
            if panel.heatmap.is_some() {
                // a light line under the dots, to be seen on dark and on bright cells
                brush.lines(&traced, WHITE, LINE + 50, Dash::Solid)?;
            }
            brush.lines(&traced, named(lines.colour), LINE + 10, lines.dash)?;
        }
    }
    // guides under lines, lines under points
    let guide = |mark: &Mark| matches!(mark.shape, Shape::Verticals(_) | Shape::Horizontals(_));
    for mark in content.marks.iter().filter(|mark| guide(mark)) {
        brush.lines(&trace(&mark.shape, frame).lines, mark.colour, GUIDE, Dash::Dotted)?;
    }
    for mark in content.marks.iter().filter(|mark| !guide(mark)) {
        let traced = trace(&mark.shape, frame);
        let dash = if let Shape::Line(_, dash) = mark.shape { dash } else { Dash::Solid };
        brush.lines(&traced.lines, mark.colour, if dash == Dash::Dotted { GUIDE + 20 } else { LINE }, dash)?;
        for (from, to) in traced.arrows {
            brush.arrow(from, to, mark.colour)?;
        }
    }
    for mark in &content.marks {
        let traced = trace(&mark.shape, frame);
        brush.lines(&traced.bars, mark.colour, BAR, Dash::Solid)?;
        brush.markers(&traced.points, mark.marker, mark.colour, marker_size(&traced.points))?;
    }
    let covered = obstacles(&Panel { notes: Vec::new(), ..panel.clone() }, content, frame, &brush.ruler)?;
    for note in &panel.notes {
        let (at, room) = note_place(note, frame, &brush.ruler)?;
        if !covered.free(&room) {
            let Area { left, top, right, bottom } = room.grown(100);
            brush.polygon(vec![(left, top), (right, top), (right, bottom), (left, bottom)], WHITE, 0.85)?;
        }
        brush.label(&note.text, LEGEND, at, HPos::Left, false)?;
    }
    if let Some(strip) = &plan.strip {
        residuals(brush, content, strip)?;
    }
    Ok(())
}

fn residuals(brush: &Brush, content: &Content, strip: &Frame) -> Result<(), Problem> {
    let area = &strip.area;
    brush.fill(&Area { top: strip.y_at(2.0), bottom: strip.y_at(-2.0), ..*area }, PALE)?;
    brush.lines(&[vec![(area.left, strip.y_at(0.0)), (area.right, strip.y_at(0.0))]], GREY, 50, Dash::Solid)?;
    for deviation in &content.deviations {
        let points = deviations(deviation, strip);
        brush.markers(&points, deviation.marker, deviation.colour, marker_size(&points) * 3 / 4)?;
    }
    Ok(())
}

/// Edges of cells around grid points: halfway between neighbours, the frame at the ends.
fn edges(centres: &[i32], low: i32, high: i32) -> Vec<i32> {
    let (first, last) = (centres[0], centres[centres.len() - 1]);
    let count = centres.len();
    let mut edges = vec![first - (centres[1] - first) / 2];
    edges.extend(centres.windows(2).map(|pair| (pair[0] + pair[1]) / 2));
    edges.push(last + (last - centres[count - 2]) / 2);
    edges.into_iter().map(|edge| edge.clamp(low.min(high), low.max(high))).collect()
}

fn heatmap(brush: &Brush, grid: &Grid, frame: &Frame, map: ColourMap, span: &Span) -> Result<(), Problem> {
    let area = &frame.area;
    let across: Vec<i32> = grid.xs.iter().map(|&x| frame.x_at(x)).collect();
    let up: Vec<i32> = grid.ys.iter().map(|&y| frame.y_at(y)).collect();
    let (across, up) = (edges(&across, area.left, area.right), edges(&up, area.top, area.bottom));
    // one path for each colour, runs of equal colour merged
    let mut cells: BTreeMap<(u8, u8, u8), Vec<Area>> = BTreeMap::new();
    for row in 0..grid.ys.len() {
        let (top, bottom) = (up[row + 1].min(up[row]), up[row + 1].max(up[row]));
        let mut run: Option<((u8, u8, u8), Area)> = None;
        for column in 0..grid.xs.len() {
            let colour = mapped(map, span.fraction(grid.values[row * grid.xs.len() + column]));
            let colour = (colour.0, colour.1, colour.2);
            let cell = Area { left: across[column], right: across[column + 1], top, bottom };
            run = match run {
                Some((same, area)) if same == colour => Some((same, Area { right: cell.right, ..area })),
                done => {
                    if let Some((colour, area)) = done {
                        cells.entry(colour).or_default().push(area);
                    }
                    Some((colour, cell))
                }
            };
        }
        if let Some((colour, area)) = run {
            cells.entry(colour).or_default().push(area);
        }
    }
    brush.pen.crisp(true);
    for ((r, g, b), areas) in &cells {
        for area in areas.iter().filter(|area| area.width() > 0 && area.height() > 0) {
            brush.fill(area, plotters::style::RGBColor(*r, *g, *b))?;
        }
    }
    brush.pen.crisp(false);
    Ok(())
}

/// Draws the legend of a panel or of the whole figure.
pub(super) fn legend(brush: &Brush, (entries, block, at): &PlacedLegend) -> Result<(), Problem> {
    brush.pen.open("legend");
    for (entry, place) in entries.iter().zip(&block.places) {
        let (x, baseline) = (at.0 + place.0, at.1 + place.1);
        brush.sample((x, baseline - 240), block.sample, entry.colour, &entry.samples)?;
        brush.label(&entry.label, LEGEND, (x + block.text_offset(), baseline), HPos::Left, false)?;
    }
    brush.pen.close();
    Ok(())
}

/// Lines of a frame.
pub(super) fn border(brush: &Brush, area: &Area) -> Result<(), Problem> {
    brush.outline(area, INK, AXIS)
}
