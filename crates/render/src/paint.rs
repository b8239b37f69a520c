//! Draws a laid-out panel: heat map lowest, then bands, guides, lines, points, notes, axes and the legend.

use super::arrange::{Arranged, strip_marks};
use super::bridge::{Segment, bridges, segments};
use super::brush::Brush;
use super::colour::{legible, mapped, named};
use super::contour::{contour, contour_labels};
use super::data::Marker;
use super::ends::{End, ends};
use super::error::Problem;
use super::frame::{Area, Frame};
use super::layout::{PlacedLegend, PlacedNote, PlacedPanel, obstacles, placed_notes};
use super::map;
use super::marked::marked_labels;
use super::nest::size_at;
use super::resolve::{Content, Mark, Shape};
use super::style::{GREY, INK, PALE};
use super::trace::{Trace, rule, slope, slope_label};
use neurodyn_figure::{Dash, Panel, Slope};
use plotters::style::RGBColor;
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
        let opacity = match mark.shape {
            Shape::Stack(..) => style.stack,
            Shape::Points(_) => style.under,
            _ => style.band,
        };
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
        brush.lines(&traced.lines, mark.colour, style.join, Dash::Join)?;
    }
    for (mark, traced) in drawn().filter(|(mark, traced)| !guide(mark) && !traced.swath) {
        let dash = if let Shape::Line(_, dash) = mark.shape { dash } else { Dash::Solid };
        brush.lines(&traced.lines, mark.colour, style.weight(dash), dash)?;
        for &(from, to) in &traced.arrows {
            brush.arrow(from, to, mark.colour)?;
        }
    }
    coloured(brush, content, &arranged.traces)?;
    // no bar on a marker of another series, and none on the whole of a shorter one
    let barred = |traced: &Trace| !traced.swath && traced.has_bars();
    let mut bars: Vec<(i32, RGBColor, Vec<BackendCoord>)> = Vec::new();
    for (mark, traced) in drawn().filter(|(_, traced)| barred(traced)) {
        for spot in traced.spots.iter().filter(|spot| spot.bar.0 < spot.bar.1) {
            let line = vec![(spot.at.0, spot.bar.1), (spot.at.0, spot.bar.0)];
            bars.push((spot.bar.0 - spot.bar.1, mark.colour, line));
        }
    }
    let met = |a: &[BackendCoord], b: &[BackendCoord]| a[0].0 == b[0].0 && a[1].1 < b[0].1 && b[1].1 < a[0].1;
    let crowded = |i: usize| (0..bars.len()).any(|j| bars[i].1 != bars[j].1 && met(&bars[i].2, &bars[j].2));
    let mut order: Vec<(i32, usize)> =
        (0..bars.len()).map(|i| if crowded(i) { (bars[i].0, i) } else { (i32::MIN, i) }).collect();
    order.sort_unstable();
    for (_, index) in order {
        let (_, colour, line) = &bars[index];
        brush.lines(std::slice::from_ref(line), *colour, style.error_bar, Dash::Solid)?;
    }
    markers(brush, &arranged, &content.marks.iter().map(|mark| (mark.marker, mark.colour)).collect::<Vec<_>>())?;
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
        brush.label_in(legible(colour), text, style.legend, at, HPos::Left, false)?;
    }
    if let Some(strip) = &placed.strip {
        residuals(brush, content, strip)?;
    }
    Ok(())
}

/// Draws markers, the widest rings first.
fn markers(brush: &Brush, arranged: &Arranged, looks: &[(Marker, RGBColor)]) -> Result<(), Problem> {
    let style = brush.style();
    let drawn = || arranged.traces.iter().zip(looks).filter(|(traced, _)| !traced.swath);
    for (traced, (_, colour)) in drawn().filter(|(traced, _)| traced.dots) {
        brush.pen.dots(&traced.places().collect::<Vec<_>>(), style.dot, *colour);
    }
    let levels = arranged.traces.iter().flat_map(|traced| &traced.spots).map(|spot| spot.level).max().unwrap_or(0);
    for level in (0..=levels).rev() {
        for (traced, (marker, colour)) in drawn().filter(|(traced, _)| !traced.dots) {
            let here = traced.spots.iter().filter(|spot| spot.seen() && spot.level == level);
            let points: Vec<BackendCoord> = here.map(|spot| spot.at).collect();
            match level {
                0 => brush.markers(&points, *marker, *colour, arranged.size)?,
                _ => brush.rings(&points, *marker, *colour, size_at(level, arranged.size))?,
            }
        }
    }
    Ok(())
}

/// Draws lines in their colours; where one of them passes over another, or over itself, on a light ground, so that it can be followed.
fn coloured(brush: &Brush, content: &Content, traces: &[Trace]) -> Result<(), Problem> {
    let style = brush.style();
    let mut pieces: Vec<(&[BackendCoord], RGBColor)> = Vec::new();
    for (mark, traced) in content.marks.iter().zip(traces) {
        let Shape::Coloured(_, map) = mark.shape else { continue };
        pieces.extend(traced.coloured.iter().map(|(line, at)| (line.as_slice(), mapped(map, *at))));
    }
    let whole = |line: &[BackendCoord], colour| brush.lines(&[line.to_vec()], colour, style.line, Dash::Solid);
    pieces.iter().try_for_each(|(line, colour)| whole(line, *colour))?;
    let segments: Vec<Segment> = segments(&pieces);
    for over in bridges(&segments, f64::from(style.bridge)) {
        let lines: Vec<Vec<BackendCoord>> = vec![over.iter().map(|(at, _)| *at).collect()];
        brush.lines(&lines, style.paper, style.bridge_ground, Dash::Solid)?;
        for pair in over.windows(2) {
            whole(&[pair[0].0, pair[1].0], pair[0].1)?;
        }
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

fn residuals(brush: &Brush, content: &Content, strip: &Frame) -> Result<(), Problem> {
    let area = &strip.area;
    brush.fill(&Area { top: strip.y_at(2.0), bottom: strip.y_at(-2.0), ..*area }, PALE)?;
    brush.lines(
        &[vec![(area.left, strip.y_at(0.0)), (area.right, strip.y_at(0.0))]],
        GREY,
        brush.style().tick_line,
        Dash::Solid,
    )?;
    let arranged = strip_marks(content, strip, brush.style());
    let looks: Vec<_> = content.deviations.iter().map(|deviation| (deviation.marker, deviation.colour)).collect();
    markers(brush, &arranged, &looks)
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
