//! Draws a laid-out panel: heat map lowest, then bands, guides, lines, points, notes, axes and the legend.

use super::brush::Brush;
use super::colour::{mapped, named};
use super::contour::{contour, contour_labels};
use super::error::Problem;
use super::frame::{Area, Frame};
use super::layout::{PlacedLegend, PlacedNote, PlacedPanel, obstacles, placed_notes};
use super::resolve::{Content, Grid, Mark, Shape};
use super::scale::Span;
use super::style::{GREY, INK, PALE};
use super::trace::{deviations, marker_size, rule, trace};
use neurodyn_figure::{ColourMap, Dash, Panel, Scale};
use plotters::style::text_anchor::HPos;
use std::collections::BTreeMap;

/// Draws everything inside the frame of a panel, its strip and its legend.
pub(super) fn marks(brush: &Brush, panel: &Panel, content: &Content, placed: &PlacedPanel) -> Result<(), Problem> {
    let (frame, style) = (&placed.frame, brush.style());
    brush.pen.open("data");
    if let (Some(map), Some(grid), Some((span, ..))) = (&panel.heatmap, &content.heatmap, &placed.gauge.bar) {
        heatmap(brush, grid, frame, map.map, span)?;
    }
    for mark in content.marks.iter().filter(|mark| matches!(mark.shape, Shape::Band(_))) {
        for polygon in trace(&mark.shape, frame, style).polygons {
            brush.polygon(polygon, mark.colour, style.band)?;
        }
    }
    for &guide in &panel.rules {
        brush.lines(&rule(guide, frame), GREY, style.guide, Dash::Dotted)?;
    }
    for (lines, grid) in panel.contours.iter().zip(&content.contours) {
        for &level in &lines.levels {
            let traced = contour(grid, level, frame);
            if panel.heatmap.is_some() {
                // a light line under the dots, to be seen on dark and on bright cells
                brush.lines(&traced, style.paper, style.contour_ground, Dash::Solid)?;
            }
            brush.lines(&traced, named(lines.colour), style.contour, lines.dash)?;
        }
    }
    // guides under lines, lines under points
    let guide = |mark: &Mark| matches!(mark.shape, Shape::Verticals(_) | Shape::Horizontals(_));
    for mark in content.marks.iter().filter(|mark| guide(mark)) {
        brush.lines(&trace(&mark.shape, frame, style).lines, mark.colour, style.guide, Dash::Dotted)?;
    }
    for mark in content.marks.iter().filter(|mark| !guide(mark)) {
        let traced = trace(&mark.shape, frame, style);
        let dash = if let Shape::Line(_, dash) = mark.shape { dash } else { Dash::Solid };
        brush.lines(&traced.lines, mark.colour, style.weight(dash), dash)?;
        for (from, to) in traced.arrows {
            brush.arrow(from, to, mark.colour)?;
        }
    }
    for mark in &content.marks {
        let traced = trace(&mark.shape, frame, style);
        brush.lines(&traced.bars, mark.colour, style.error_bar, Dash::Solid)?;
        if traced.dots {
            brush.pen.dots(&traced.points, style.dot, mark.colour);
        } else {
            brush.markers(&traced.points, mark.marker, mark.colour, marker_size(&traced.points, style))?;
        }
    }
    brush.pen.close();
    for (text, at, room) in contour_labels(panel, content, frame, &brush.ruler)? {
        ground(brush, &room)?;
        brush.label(&text, style.legend, at, HPos::Left, false)?;
    }
    let covered = obstacles(&Panel { notes: Vec::new(), ..panel.clone() }, content, frame, &brush.ruler)?;
    if content.is_empty(panel) {
        blank(brush, &content.absent.lines(), &frame.area)?;
    }
    for PlacedNote { text, at, room } in placed_notes(panel, content, frame, &brush.ruler)? {
        if !covered.free(&room) {
            ground(brush, &room.grown(style.inset / 2))?;
        }
        brush.label(text, style.legend, at, HPos::Left, false)?;
    }
    if let Some(strip) = &placed.strip {
        residuals(brush, content, strip)?;
    }
    Ok(())
}

/// Lines of text in the middle of a panel without data.
fn blank(brush: &Brush, lines: &[String], area: &Area) -> Result<(), Problem> {
    let style = brush.style();
    let (across, middle) = ((area.left + area.right) / 2, (area.top + area.bottom) / 2);
    let first = middle - (lines.len() as i32 - 1) * style.row / 2;
    for (index, line) in lines.iter().enumerate() {
        let at = (across, first + index as i32 * style.row + style.legend * 32 / 100);
        brush.label(line, style.legend, at, HPos::Center, false)?;
    }
    Ok(())
}

/// A light ground for text on data.
fn ground(brush: &Brush, &Area { left, top, right, bottom }: &Area) -> Result<(), Problem> {
    let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
    brush.polygon(corners, brush.style().paper, brush.style().note)
}

fn residuals(brush: &Brush, content: &Content, strip: &Frame) -> Result<(), Problem> {
    let area = &strip.area;
    brush.fill(&Area { top: strip.y_at(2.0), bottom: strip.y_at(-2.0), ..*area }, PALE)?;
    brush.lines(
        &[vec![(area.left, strip.y_at(0.0)), (area.right, strip.y_at(0.0))]],
        GREY,
        brush.style().tick_line,
        Dash::Solid,
    )?;
    for deviation in &content.deviations {
        let points = deviations(deviation, strip);
        brush.markers(&points, deviation.marker, deviation.colour, marker_size(&points, brush.style()) * 3 / 4)?;
    }
    Ok(())
}

/// Edges of cells around grid points: halfway between neighbours, the frame at the ends and around a single one.
fn edges(centres: &[i32], low: i32, high: i32) -> Vec<i32> {
    if centres.len() < 2 {
        return if low < high { vec![low, high] } else { vec![high, low] };
    }
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
            let colour = grid.values[row * grid.xs.len() + column].map(|value| {
                // what a logarithm does not have lies beyond the low end
                let beyond = span.scale == Scale::Log10 && value <= 0.0;
                let colour = mapped(map, if beyond { 0.0 } else { span.fraction(value) });
                (colour.0, colour.1, colour.2)
            });
            let cell = Area { left: across[column], right: across[column + 1], top, bottom };
            run = match run {
                Some((same, area)) if Some(same) == colour => Some((same, Area { right: cell.right, ..area })),
                done => {
                    if let Some((colour, area)) = done {
                        cells.entry(colour).or_default().push(area);
                    }
                    colour.map(|colour| (colour, cell))
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
    let style = brush.style();
    brush.pen.open("legend");
    for (entry, place) in entries.iter().zip(&block.places) {
        let (x, baseline) = (at.0 + place.0, at.1 + place.1);
        brush.sample((x, baseline - style.legend * 32 / 100), block.sample, entry.colour, &entry.samples)?;
        brush.label(&entry.label, style.legend, (x + block.sample + style.sample_gap, baseline), HPos::Left, false)?;
    }
    brush.pen.close();
    Ok(())
}

/// Lines of a frame.
pub(super) fn border(brush: &Brush, area: &Area) -> Result<(), Problem> {
    brush.outline(area, INK, brush.style().axis)
}
