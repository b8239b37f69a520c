//! Draws a laid-out panel: heat map lowest, then bands, guides, lines, points, notes, axes and the legend.

use super::brush::Brush;
use super::colour::named;
use super::contour::{contour, contour_labels};
use super::error::Problem;
use super::frame::{Area, Frame};
use super::layout::{PlacedLegend, PlacedNote, PlacedPanel, obstacles, placed_notes};
use super::map;
use super::marked::marked_labels;
use super::resolve::{Content, Mark, Shape};
use super::style::{GREY, INK, PALE};
use super::trace::{deviations, marker_size, rule, trace};
use neurodyn_figure::{Dash, Panel};
use plotters::style::text_anchor::HPos;

/// Draws everything inside the frame of a panel, its strip and its legend.
pub(super) fn marks(brush: &Brush, panel: &Panel, content: &Content, placed: &PlacedPanel) -> Result<(), Problem> {
    let (frame, style) = (&placed.frame, brush.style());
    brush.pen.open("data");
    if let (Some(map), Some(grid), Some(shade)) = (&panel.heatmap, &content.heatmap, &placed.gauge.shade) {
        let smooth = map.smooth && grid.xs.len() > 1 && grid.ys.len() > 1;
        if smooth { map::smooth(brush, grid, frame, shade)? } else { map::cells(brush, grid, frame, shade)? }
    }
    for mark in content.marks.iter().filter(|mark| matches!(mark.shape, Shape::Band(_))) {
        for polygon in trace(&mark.shape, frame, style).polygons {
            brush.polygon(polygon, mark.colour, style.band)?;
        }
    }
    for &guide in panel.rules.iter().chain(content.marked.iter().map(|(rule, _)| rule)) {
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
    for (text, at, room) in marked_labels(content, frame, &brush.ruler)? {
        ground(brush, &room)?;
        brush.label(text, style.legend, at, HPos::Left, false)?;
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
        residuals(brush, content, strip, placed.residual_marker)?;
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

fn residuals(brush: &Brush, content: &Content, strip: &Frame, size: i32) -> Result<(), Problem> {
    let area = &strip.area;
    brush.fill(&Area { top: strip.y_at(2.0), bottom: strip.y_at(-2.0), ..*area }, PALE)?;
    brush.lines(
        &[vec![(area.left, strip.y_at(0.0)), (area.right, strip.y_at(0.0))]],
        GREY,
        brush.style().tick_line,
        Dash::Solid,
    )?;
    for deviation in &content.deviations {
        brush.markers(&deviations(deviation, strip), deviation.marker, deviation.colour, size)?;
    }
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
