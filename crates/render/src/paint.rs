//! Draws a laid-out panel: heat map lowest, then bands, guides, lines, points, notes, axes and the legend.

use super::arrange::strip_marks;
use super::brush::Brush;
use super::colour::{mapped, named};
use super::contour::{contour, contour_labels};
use super::ends::{End, ends};
use super::error::Problem;
use super::frame::{Area, Frame};
use super::layout::{PlacedLegend, PlacedNote, PlacedPanel, obstacles, placed_notes};
use super::map;
use super::marked::marked_labels;
use super::resolve::{Content, Mark, Shape};
use super::style::{GREY, INK, PALE};
use super::trace::{rule, slope, slope_label};
use neurodyn_figure::{ColourMap, Dash, Panel, Slope};
use plotters::style::text_anchor::HPos;
use plotters_backend::BackendCoord;

/// Draws everything inside the frame of a panel and its strip.
pub(super) fn marks(brush: &Brush, panel: &Panel, content: &Content, placed: &PlacedPanel) -> Result<(), Problem> {
    let (frame, style) = (&placed.frame, brush.style());
    brush.pen.open("data");
    if let (Some(map), Some(grid), Some(shade)) = (&panel.heatmap, &content.heatmap, &placed.gauge.shade) {
        let smooth = map.smooth && grid.xs.len() > 1 && grid.ys.len() > 1;
        if smooth { map::smooth(brush, grid, frame, shade)? } else { map::cells(brush, grid, frame, shade)? }
    }
    let arranged = placed.marks(panel, content, style);
    let drawn = || content.marks.iter().zip(&arranged.traces);
    for (mark, traced) in drawn() {
        let opacity = if matches!(mark.shape, Shape::Stack(_)) { style.stack } else { style.band };
        for polygon in &traced.polygons {
            brush.polygon(polygon.clone(), mark.colour, opacity)?;
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
    for (mark, traced) in drawn().filter(|(mark, _)| guide(mark)) {
        brush.lines(&traced.lines, mark.colour, style.guide, Dash::Dotted)?;
    }
    for (mark, traced) in drawn().filter(|(_, traced)| traced.swath) {
        // under a line of theory, the points are wider than that and pale
        let law = |other: &Mark| matches!(other.shape, Shape::Line(..)) && other.colour == mark.colour;
        if content.marks.iter().any(law) {
            brush.faint(&traced.lines, mark.colour, style.swath, style.under)?;
        } else {
            brush.lines(&traced.lines, mark.colour, style.join, Dash::Join)?;
        }
    }
    for (mark, traced) in drawn().filter(|(mark, traced)| !guide(mark) && !traced.swath) {
        let dash = if let Shape::Line(_, dash) = mark.shape { dash } else { Dash::Solid };
        brush.lines(&traced.lines, mark.colour, style.weight(dash), dash)?;
        if let Shape::Coloured(_, map) = mark.shape {
            coloured(brush, &traced.coloured, map)?;
        }
        for &(from, to) in &traced.arrows {
            brush.arrow(from, to, mark.colour)?;
        }
    }
    // no bar on a marker of another series
    for (mark, traced) in drawn().filter(|(_, traced)| !traced.swath) {
        let bars = traced.spots.iter().filter(|spot| spot.bar.0 < spot.bar.1);
        let bars: Vec<_> = bars.map(|spot| vec![(spot.at.0, spot.bar.1), (spot.at.0, spot.bar.0)]).collect();
        brush.lines(&bars, mark.colour, style.error_bar, Dash::Solid)?;
    }
    for (mark, traced) in drawn().filter(|(_, traced)| !traced.swath) {
        let points: Vec<_> = traced.places().collect();
        if traced.dots {
            brush.pen.dots(&points, style.dot, mark.colour);
        } else {
            brush.markers(&points, mark.marker, mark.colour, arranged.size)?;
        }
    }
    for triangle in &panel.slopes {
        slope_triangle(brush, triangle, frame)?;
    }
    brush.pen.close();
    for (text, at, room) in contour_labels(panel, content, frame, &brush.ruler)? {
        ground(brush, &room)?;
        brush.label(&text, style.legend, at, HPos::Left, false)?;
    }
    for (text, at, room) in marked_labels(panel, content, frame, &brush.ruler)? {
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
    for End { text, colour, at, leader } in ends(panel, content, frame, &brush.ruler)? {
        let leader: Vec<_> = leader.map(|ends| ends.to_vec()).into_iter().collect();
        brush.lines(&leader, colour, style.leader, Dash::Solid)?;
        brush.label_in(colour, text, style.legend, at, HPos::Left, false)?;
    }
    if let Some(strip) = &placed.strip {
        residuals(brush, content, strip, placed.residual_marker)?;
    }
    Ok(())
}

/// Draws a line in its colours, on a light ground, so that it can be followed where it crosses itself.
fn coloured(brush: &Brush, pieces: &[(Vec<BackendCoord>, f64)], map: ColourMap) -> Result<(), Problem> {
    let style = brush.style();
    for (line, at) in pieces {
        brush.lines(std::slice::from_ref(line), style.paper, style.contour_ground + style.line, Dash::Solid)?;
        brush.lines(std::slice::from_ref(line), mapped(map, *at), style.line, Dash::Solid)?;
    }
    Ok(())
}

/// Draws a slope triangle with its label beside its upright side.
fn slope_triangle(brush: &Brush, triangle: &Slope, frame: &Frame) -> Result<(), Problem> {
    let (style, outline) = (brush.style(), slope(triangle, frame));
    let at = slope_label(&outline, style);
    brush.lines(&[outline], GREY, style.leader, Dash::Solid)?;
    brush.label(&triangle.label, style.legend, at, HPos::Left, false)
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
    let arranged = strip_marks(content, strip, brush.style());
    for (deviation, traced) in content.deviations.iter().zip(&arranged.traces) {
        let points: Vec<_> = traced.places().collect();
        brush.markers(&points, deviation.marker, deviation.colour, size)?;
    }
    Ok(())
}

/// Draws the legend of a panel or of the whole figure.
pub(super) fn legend(brush: &Brush, (entries, block, at): &PlacedLegend) -> Result<(), Problem> {
    let style = brush.style();
    brush.pen.open("legend");
    for (entry, place) in entries.iter().zip(&block.places) {
        let (x, baseline) = (at.0 + place.0, at.1 + place.1);
        brush.swatches((x, baseline - style.legend * 32 / 100), block.sample, &entry.swatches)?;
        let x = if entry.is_remark() { x } else { x + block.sample + style.sample_gap };
        brush.label(&entry.label, style.legend, (x, baseline), HPos::Left, false)?;
    }
    brush.pen.close();
    Ok(())
}

/// Lines of a frame.
pub(super) fn border(brush: &Brush, area: &Area) -> Result<(), Problem> {
    brush.outline(area, INK, brush.style().axis)
}
