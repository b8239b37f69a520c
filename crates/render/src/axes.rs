//! Draws frames, ticks, their labels, titles and colour bars.

use super::brush::Brush;
use super::error::Problem;
use super::frame::{Area, Frame};
use super::layout::PlacedPanel;
use super::margins::{Opposite, STRIP_LABEL};
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
    let ticks_room = if gauge.tick_width > 0 { style.tick_gap + gauge.tick_width } else { 0 };
    let side = frame.area.left - ticks_room - style.label_gap;
    upright(brush, &gauge.y_label, side, middle(&frame.area))?;
    if let (Some(strip), Some((_, ticks))) = (&placed.strip, &gauge.strip) {
        up_labels(brush, strip, ticks)?;
        if ticks.labelled() {
            upright(brush, STRIP_LABEL, side, middle(&strip.area))?;
        }
    }
    opposite(brush, placed)?;
    heading(brush, panel, placed, line)?;
    colour_bar(brush, placed)
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
    if tall == 0 && gauge.x_label.is_empty() {
        return Ok(());
    }
    let baseline = area.bottom + style.foot_gap + tall - fall;
    for (value, label) in gauge.x_ticks.major.iter().filter(|(_, label)| !label.is_empty()) {
        brush.label(label, style.tick, (lowest.x_at(*value), baseline), HPos::Center, false)?;
    }
    let rise = brush.ruler.label(&gauge.x_label)?.rise;
    let at = ((area.left + area.right) / 2, area.bottom + style.foot_gap + tall + style.label_gap + rise);
    brush.label(&gauge.x_label, style.label, at, HPos::Center, false)
}

fn up_labels(brush: &Brush, frame: &Frame, ticks: &Ticks) -> Result<(), Problem> {
    let style = brush.style();
    let drop = drop(style);
    for (value, label) in ticks.major.iter().filter(|(_, label)| !label.is_empty()) {
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
        // the letter may stand beside the line that sums up residuals, a title may not
        (None, None) => area.top - style.title_gap - (placed.gauge.heading - style.verdict_row).max(0),
        (None, Some(_)) => area.top - placed.gauge.heading - style.title_gap,
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

/// The labels of the other side of the frame, with ticks of their own.
fn opposite(brush: &Brush, placed: &PlacedPanel) -> Result<(), Problem> {
    let (area, style) = (&placed.frame.area, brush.style());
    let Some(Opposite { ticks, label }) = &placed.gauge.opposite else { return Ok(()) };
    let (mut tall, mut fall) = (0, 0);
    for (_, text) in ticks {
        let extent = brush.ruler.tick(text)?;
        (tall, fall) = (tall.max(extent.height()), fall.max(extent.fall));
    }
    for (value, text) in ticks {
        let at = (placed.frame.x_at(*value), area.top - style.tick_gap - fall);
        brush.label(text, style.tick, at, HPos::Center, false)?;
    }
    let extent = brush.ruler.label(label)?;
    let at = ((area.left + area.right) / 2, area.top - style.tick_gap - tall - style.label_gap / 2 - extent.fall);
    brush.label(label, style.label, at, HPos::Center, false)
}

/// The line that sums up residuals, at the right end of the frame.
pub(super) fn summary(brush: &Brush, placed: &PlacedPanel, line: &str) -> Result<(), Problem> {
    let (area, style) = (&placed.frame.area, brush.style());
    let above = placed.gauge.opposite_height(&brush.ruler)? + style.verdict_gap;
    brush.label(line, style.verdict, (area.right, area.top - above), HPos::Right, false)
}

/// A colour bar; arrows at its ends say that some values lie beyond.
fn colour_bar(brush: &Brush, placed: &PlacedPanel) -> Result<(), Problem> {
    let (Some(shade), Some(bar)) = (&placed.gauge.shade, &placed.gauge.bar) else { return Ok(()) };
    let (main, style) = (&placed.frame.area, brush.style());
    let (left, arrow) = (main.right + style.bar_gap, style.bar_arrow);
    let right = left + style.bar_width;
    let room = |beyond: bool| if beyond { arrow } else { 0 };
    let (under, over) = shade.beyond;
    let area = Area { left, right, top: main.top + room(over), bottom: main.bottom - room(under) };
    let steps = shade.boxes() as i32;
    let at = |step: i32| area.bottom - area.height() * step / steps;
    brush.pen.open("colour bar");
    brush.pen.crisp(true);
    for step in 0..steps {
        let colour = shade.colour((f64::from(step) + 0.5) / f64::from(steps));
        brush.fill(&Area { top: at(step + 1), bottom: at(step), ..area }, colour)?;
    }
    brush.pen.crisp(false);
    let middle_x = (left + right) / 2;
    let tips = [(over, area.top, main.top, 2.0), (under, area.bottom, main.bottom, -1.0)];
    let mut outline = vec![(left, area.bottom), (left, area.top)];
    for (_, foot, tip, position) in tips.into_iter().filter(|tip| tip.0) {
        brush.polygon(vec![(left, foot), (middle_x, tip), (right, foot)], shade.colour(position), 1.0)?;
    }
    if over {
        outline.push((middle_x, main.top));
    }
    outline.extend([(right, area.top), (right, area.bottom)]);
    if under {
        outline.push((middle_x, main.bottom));
    }
    outline.push((left, area.bottom));
    let frame = Frame::new(area, bar.span, bar.span);
    let mut lines = Vec::new();
    let major = bar.ticks.major.iter().map(|tick| (tick.0, style.major));
    for (value, length) in major.chain(bar.ticks.minor.iter().map(|&value| (value, style.minor))) {
        let y = frame.y_at(value).clamp(area.top, area.bottom);
        lines.push(vec![(area.right, y), (area.right + length * 3 / 4, y)]);
    }
    brush.lines(&lines, INK, style.tick_line, Dash::Solid)?;
    if under || over {
        brush.lines(&[outline], INK, style.axis, Dash::Solid)?;
    } else {
        border(brush, &area)?;
    }
    let drop = drop(style);
    for (value, label) in &bar.ticks.major {
        brush.label(label, style.tick, (area.right + style.tick_gap, frame.y_at(*value) + drop), HPos::Left, false)?;
    }
    let side = area.right + style.tick_gap + bar.tick_width + style.label_gap;
    let rise = brush.ruler.label(&bar.label)?.rise;
    brush.label(&bar.label, style.label, (side + rise, middle(main)), HPos::Center, true)?;
    brush.pen.close();
    Ok(())
}
