//! Draws frames, ticks, their labels, titles and colour bars.

use super::brush::Brush;
use super::colour::mapped;
use super::error::Problem;
use super::frame::{Area, Frame};
use super::layout::PlacedPanel;
use super::margins::STRIP_LABEL;
use super::paint::border;
use super::style::{INK, Style};
use super::ticks::Ticks;
use neurodyn_figure::{Dash, Panel};
use plotters::style::text_anchor::HPos;

/// Draws everything around the marks of a panel; its letter stands on the given line.
pub(super) fn axes(brush: &Brush, panel: &Panel, placed: &PlacedPanel, line: i32) -> Result<(), Problem> {
    let (frame, gauge) = (&placed.frame, &placed.gauge);
    let inwards = panel.heatmap.is_none();
    let lowest = placed.strip.as_ref().unwrap_or(frame);
    let both = [Some(frame), placed.strip.as_ref()];
    for frame in both.into_iter().flatten() {
        ticks_across(brush, frame, &gauge.x_ticks, inwards)?;
    }
    ticks_up(brush, frame, &gauge.y_ticks, inwards)?;
    if let (Some(strip), Some((_, ticks))) = (&placed.strip, &gauge.strip) {
        ticks_up(brush, strip, ticks, true)?;
    }
    for frame in both.into_iter().flatten() {
        border(brush, &frame.area)?;
    }
    across_labels(brush, placed, lowest)?;
    up_labels(brush, frame, &gauge.y_ticks)?;
    let style = brush.style();
    let side = frame.area.left - style.tick_gap - gauge.tick_width - style.label_gap;
    upright(brush, &gauge.y_label, side, middle(&frame.area))?;
    if let (Some(strip), Some((_, ticks))) = (&placed.strip, &gauge.strip) {
        up_labels(brush, strip, ticks)?;
        upright(brush, STRIP_LABEL, side, middle(&strip.area))?;
    }
    heading(brush, panel, placed, line)?;
    colour_bar(brush, panel, placed)
}

fn middle(area: &Area) -> i32 {
    (area.top + area.bottom) / 2
}

/// A label that reads upwards and ends at this x.
fn upright(brush: &Brush, label: &str, right: i32, middle: i32) -> Result<(), Problem> {
    let fall = brush.ruler.label(label)?.fall;
    brush.label(label, brush.style().label, (right - fall, middle), HPos::Center, true)
}

fn ticks_across(brush: &Brush, frame: &Frame, ticks: &Ticks, inwards: bool) -> Result<(), Problem> {
    let style = brush.style();
    let Area { top, bottom, .. } = frame.area;
    let major = ticks.major.iter().map(|(value, _)| (*value, style.major));
    let mut lines = Vec::new();
    for (value, length) in major.chain(ticks.minor.iter().map(|&value| (value, style.minor))) {
        let x = frame.x_at(value).clamp(frame.area.left, frame.area.right);
        if inwards {
            lines.push(vec![(x, bottom), (x, bottom - length)]);
            lines.push(vec![(x, top), (x, top + length)]);
        } else {
            lines.push(vec![(x, bottom), (x, bottom + length * 3 / 4)]);
        }
    }
    brush.lines(&lines, INK, style.tick_line, Dash::Solid)
}

fn ticks_up(brush: &Brush, frame: &Frame, ticks: &Ticks, inwards: bool) -> Result<(), Problem> {
    let style = brush.style();
    let Area { left, right, .. } = frame.area;
    let major = ticks.major.iter().map(|(value, _)| (*value, style.major));
    let mut lines = Vec::new();
    for (value, length) in major.chain(ticks.minor.iter().map(|&value| (value, style.minor))) {
        let y = frame.y_at(value).clamp(frame.area.top, frame.area.bottom);
        if inwards {
            lines.push(vec![(left, y), (left + length, y)]);
            lines.push(vec![(right, y), (right - length, y)]);
        } else {
            lines.push(vec![(left, y), (left - length * 3 / 4, y)]);
        }
    }
    brush.lines(&lines, INK, style.tick_line, Dash::Solid)
}

fn across_labels(brush: &Brush, placed: &PlacedPanel, lowest: &Frame) -> Result<(), Problem> {
    let (area, gauge, style) = (&lowest.area, &placed.gauge, brush.style());
    let mut tall = 0;
    for (_, label) in &gauge.x_ticks.major {
        tall = tall.max(brush.ruler.tick(label)?.height());
    }
    let fall =
        gauge.x_ticks.major.iter().try_fold(0, |f, (_, l)| Ok::<_, Problem>(f.max(brush.ruler.tick(l)?.fall)))?;
    let baseline = area.bottom + style.foot_gap + tall - fall;
    for (value, label) in &gauge.x_ticks.major {
        brush.label(label, style.tick, (lowest.x_at(*value), baseline), HPos::Center, false)?;
    }
    let rise = brush.ruler.label(&gauge.x_label)?.rise;
    let at = ((area.left + area.right) / 2, area.bottom + style.foot_gap + tall + style.label_gap + rise);
    brush.label(&gauge.x_label, style.label, at, HPos::Center, false)
}

fn up_labels(brush: &Brush, frame: &Frame, ticks: &Ticks) -> Result<(), Problem> {
    let style = brush.style();
    let drop = drop(style);
    for (value, label) in &ticks.major {
        brush.label(
            label,
            style.tick,
            (frame.area.left - style.tick_gap, frame.y_at(*value) + drop),
            HPos::Right,
            false,
        )?;
    }
    Ok(())
}

/// From the middle of a tick label to its baseline: digits stand on it and are two thirds of the size high.
fn drop(style: &Style) -> i32 {
    style.tick * 676 / 2000
}

/// The baseline of the letter and the title of a panel.
pub(super) fn headline(panel: &Panel, placed: &PlacedPanel, style: &Style) -> i32 {
    let area = &placed.frame.area;
    let above = placed.legend.as_ref().map(|(_, _, at)| at.1).filter(|&top| top < area.top);
    // a legend above the frame starts in the line of the letter, or under the title
    match (above, &panel.title) {
        (None, _) => area.top - style.title_gap,
        (Some(top), Some(_)) => top - style.title_legend_gap,
        (Some(top), None) => top + style.first_baseline,
    }
}

fn heading(brush: &Brush, panel: &Panel, placed: &PlacedPanel, line: i32) -> Result<(), Problem> {
    let area = &placed.frame.area;
    let baseline = headline(panel, placed, brush.style());
    if let Some(letter) = &placed.gauge.letter {
        brush.label(letter, brush.style().label, (placed.cell.left, line), HPos::Left, false)?;
    }
    if let Some(title) = &panel.title {
        brush.label(title, brush.style().label, ((area.left + area.right) / 2, baseline), HPos::Center, false)?;
    }
    Ok(())
}

fn colour_bar(brush: &Brush, panel: &Panel, placed: &PlacedPanel) -> Result<(), Problem> {
    const STEPS: i32 = 128;
    let (Some(map), Some((span, ticks, label))) = (&panel.heatmap, &placed.gauge.bar) else { return Ok(()) };
    let (main, style) = (&placed.frame.area, brush.style());
    let left = main.right + style.bar_gap;
    let area = Area { left, right: left + style.bar_width, ..*main };
    let at = |step: i32| area.bottom - area.height() * step / STEPS;
    brush.pen.open("colour bar");
    brush.pen.crisp(true);
    for step in 0..STEPS {
        let colour = mapped(map.map, (f64::from(step) + 0.5) / f64::from(STEPS));
        brush.fill(&Area { top: at(step + 1), bottom: at(step), ..area }, colour)?;
    }
    brush.pen.crisp(false);
    let frame = Frame::new(area, *span, *span);
    let mut lines = Vec::new();
    for (value, length) in
        ticks.major.iter().map(|t| (t.0, style.major)).chain(ticks.minor.iter().map(|&v| (v, style.minor)))
    {
        let y = frame.y_at(value).clamp(area.top, area.bottom);
        lines.push(vec![(area.right, y), (area.right + length * 3 / 4, y)]);
    }
    brush.lines(&lines, INK, style.tick_line, Dash::Solid)?;
    border(brush, &area)?;
    let drop = drop(style);
    for (value, label) in &ticks.major {
        brush.label(label, style.tick, (area.right + style.tick_gap, frame.y_at(*value) + drop), HPos::Left, false)?;
    }
    let side = area.right + style.tick_gap + placed.gauge.bar_tick_width + style.label_gap;
    let rise = brush.ruler.label(label)?.rise;
    brush.label(label, style.label, (side + rise, middle(&area)), HPos::Center, true)?;
    brush.pen.close();
    Ok(())
}
