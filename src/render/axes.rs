//! Draws frames, ticks, their labels, titles and colour bars.

use super::brush::{AXIS, Brush};
use super::colour::{INK, mapped};
use super::error::Problem;
use super::frame::{Area, Frame};
use super::layout::{Plan, TITLE_LEGEND_GAP};
use super::legend::FIRST_BASELINE;
use super::margins::{BAR_GAP, BAR_WIDTH, FOOT_GAP, LABEL_GAP, STRIP_LABEL, TICK_GAP, TITLE_GAP};
use super::paint::border;
use super::scale::Ticks;
use super::text::{LABEL, TICK};
use crate::figure::{Dash, Panel};
use plotters::style::text_anchor::HPos;

const MAJOR: i32 = 280;
const MINOR: i32 = 150;

/// Draws everything around the marks of a panel; its letter stands on the given line.
pub(super) fn axes(brush: &Brush, panel: &Panel, plan: &Plan, line: i32) -> Result<(), Problem> {
    let (frame, gauge) = (&plan.frame, &plan.gauge);
    let inwards = panel.heatmap.is_none();
    let lowest = plan.strip.as_ref().unwrap_or(frame);
    let both = [Some(frame), plan.strip.as_ref()];
    for frame in both.into_iter().flatten() {
        ticks_across(brush, frame, &gauge.x_ticks, inwards)?;
    }
    ticks_up(brush, frame, &gauge.y_ticks, inwards)?;
    if let (Some(strip), Some((_, ticks))) = (&plan.strip, &gauge.strip) {
        ticks_up(brush, strip, ticks, true)?;
    }
    for frame in both.into_iter().flatten() {
        border(brush, &frame.area)?;
    }
    across_labels(brush, plan, lowest)?;
    up_labels(brush, frame, &gauge.y_ticks)?;
    let side = frame.area.left - TICK_GAP - gauge.tick_width - LABEL_GAP;
    upright(brush, &gauge.y_label, side, middle(&frame.area))?;
    if let (Some(strip), Some((_, ticks))) = (&plan.strip, &gauge.strip) {
        up_labels(brush, strip, ticks)?;
        upright(brush, STRIP_LABEL, side, middle(&strip.area))?;
    }
    heading(brush, panel, plan, line)?;
    colour_bar(brush, panel, plan)
}

fn middle(area: &Area) -> i32 {
    (area.top + area.bottom) / 2
}

/// A label that reads upwards and ends at this x.
fn upright(brush: &Brush, label: &str, right: i32, middle: i32) -> Result<(), Problem> {
    let fall = brush.ruler.extent(label, LABEL)?.lined(LABEL).fall;
    brush.label(label, LABEL, (right - fall, middle), HPos::Center, true)
}

fn ticks_across(brush: &Brush, frame: &Frame, ticks: &Ticks, inwards: bool) -> Result<(), Problem> {
    let Area { top, bottom, .. } = frame.area;
    let major = ticks.major.iter().map(|(value, _)| (*value, MAJOR));
    let mut lines = Vec::new();
    for (value, length) in major.chain(ticks.minor.iter().map(|&value| (value, MINOR))) {
        let x = frame.x_at(value).clamp(frame.area.left, frame.area.right);
        if inwards {
            lines.push(vec![(x, bottom), (x, bottom - length)]);
            lines.push(vec![(x, top), (x, top + length)]);
        } else {
            lines.push(vec![(x, bottom), (x, bottom + length * 3 / 4)]);
        }
    }
    brush.lines(&lines, INK, AXIS - 5, Dash::Solid)
}

fn ticks_up(brush: &Brush, frame: &Frame, ticks: &Ticks, inwards: bool) -> Result<(), Problem> {
    let Area { left, right, .. } = frame.area;
    let major = ticks.major.iter().map(|(value, _)| (*value, MAJOR));
    let mut lines = Vec::new();
    for (value, length) in major.chain(ticks.minor.iter().map(|&value| (value, MINOR))) {
        let y = frame.y_at(value).clamp(frame.area.top, frame.area.bottom);
        if inwards {
            lines.push(vec![(left, y), (left + length, y)]);
            lines.push(vec![(right, y), (right - length, y)]);
        } else {
            lines.push(vec![(left, y), (left - length * 3 / 4, y)]);
        }
    }
    brush.lines(&lines, INK, AXIS - 5, Dash::Solid)
}

fn across_labels(brush: &Brush, plan: &Plan, lowest: &Frame) -> Result<(), Problem> {
    let (area, gauge) = (&lowest.area, &plan.gauge);
    let mut tall = 0;
    for (_, label) in &gauge.x_ticks.major {
        tall = tall.max(brush.ruler.extent(label, TICK)?.height());
    }
    let fall = gauge
        .x_ticks
        .major
        .iter()
        .try_fold(0, |f, (_, l)| Ok::<_, Problem>(f.max(brush.ruler.extent(l, TICK)?.fall)))?;
    let baseline = area.bottom + FOOT_GAP + tall - fall;
    for (value, label) in &gauge.x_ticks.major {
        brush.label(label, TICK, (lowest.x_at(*value), baseline), HPos::Center, false)?;
    }
    let rise = brush.ruler.extent(&gauge.x_label, LABEL)?.lined(LABEL).rise;
    let at = ((area.left + area.right) / 2, area.bottom + FOOT_GAP + tall + LABEL_GAP + rise);
    brush.label(&gauge.x_label, LABEL, at, HPos::Center, false)
}

fn up_labels(brush: &Brush, frame: &Frame, ticks: &Ticks) -> Result<(), Problem> {
    // digits stand on the baseline and are two thirds of the size high
    let drop = TICK * 676 / 2000;
    for (value, label) in &ticks.major {
        brush.label(label, TICK, (frame.area.left - TICK_GAP, frame.y_at(*value) + drop), HPos::Right, false)?;
    }
    Ok(())
}

/// The baseline of the letter and the title of a panel.
pub(super) fn headline(panel: &Panel, plan: &Plan) -> i32 {
    let area = &plan.frame.area;
    let above = plan.legend.as_ref().map(|(_, _, at)| at.1).filter(|&top| top < area.top);
    // a legend above the frame starts in the line of the letter, or under the title
    match (above, &panel.title) {
        (None, _) => area.top - TITLE_GAP,
        (Some(top), Some(_)) => top - TITLE_LEGEND_GAP,
        (Some(top), None) => top + FIRST_BASELINE,
    }
}

fn heading(brush: &Brush, panel: &Panel, plan: &Plan, line: i32) -> Result<(), Problem> {
    let area = &plan.frame.area;
    let baseline = headline(panel, plan);
    if let Some(letter) = &plan.gauge.letter {
        brush.label(letter, LABEL, (plan.cell.left, line), HPos::Left, false)?;
    }
    if let Some(title) = &panel.title {
        brush.label(title, LABEL, ((area.left + area.right) / 2, baseline), HPos::Center, false)?;
    }
    Ok(())
}

fn colour_bar(brush: &Brush, panel: &Panel, plan: &Plan) -> Result<(), Problem> {
    const STEPS: i32 = 64;
    let (Some(map), Some((span, ticks, label))) = (&panel.heatmap, &plan.gauge.bar) else { return Ok(()) };
    let main = &plan.frame.area;
    let left = main.right + BAR_GAP;
    let area = Area { left, right: left + BAR_WIDTH, ..*main };
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
    for (value, length) in ticks.major.iter().map(|t| (t.0, MAJOR)).chain(ticks.minor.iter().map(|&v| (v, MINOR))) {
        let y = frame.y_at(value).clamp(area.top, area.bottom);
        lines.push(vec![(area.right, y), (area.right + length * 3 / 4, y)]);
    }
    brush.lines(&lines, INK, AXIS - 5, Dash::Solid)?;
    border(brush, &area)?;
    let drop = TICK * 676 / 2000;
    for (value, label) in &ticks.major {
        brush.label(label, TICK, (area.right + TICK_GAP + 40, frame.y_at(*value) + drop), HPos::Left, false)?;
    }
    let side = area.right + TICK_GAP + plan.gauge.bar_tick_width + LABEL_GAP;
    let rise = brush.ruler.extent(label, LABEL)?.lined(LABEL).rise;
    brush.label(label, LABEL, (side + rise, middle(&area)), HPos::Center, true)?;
    brush.pen.close();
    Ok(())
}
