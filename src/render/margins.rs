//! Ranges and ticks of a panel at a given size of its frame, and the room its labels need around it.

use super::error::Problem;
use super::frame::span;
use super::layout::strip_height;
use super::resolve::{Content, Shape};
use super::scale::{Span, Ticks, number};
use super::text::{LABEL, Ruler, TICK};
use crate::figure::{Axis, Panel, Rule, Scale};

/// From a frame to the tick labels at its sides.
pub(super) const TICK_GAP: i32 = 260;
/// From a frame to the tick labels below it.
pub(super) const FOOT_GAP: i32 = 340;
/// From tick labels to the label of an axis.
pub(super) const LABEL_GAP: i32 = 280;
/// From a frame to its colour bar.
pub(super) const BAR_GAP: i32 = 500;
/// Width of a colour bar.
pub(super) const BAR_WIDTH: i32 = 650;
/// From a frame to the baseline of its title.
pub(super) const TITLE_GAP: i32 = 430;

/// Room around a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Margins {
    pub left: i32,
    pub right: i32,
    pub top: i32,
    pub bottom: i32,
}

/// Label of the strip of residuals.
pub(super) const STRIP_LABEL: &str = r"$\Delta / \text{s.e.}$";

/// An axis measured at its length.
pub(super) struct Gauge {
    pub x: Span,
    pub y: Span,
    pub x_ticks: Ticks,
    pub y_ticks: Ticks,
    pub x_label: String,
    pub y_label: String,
    pub strip: Option<(Span, Ticks)>,
    pub bar: Option<(Span, Ticks, String)>,
    pub letter: Option<String>,
    /// Widest tick label on the left.
    pub tick_width: i32,
    /// Widest tick label of the colour bar.
    pub bar_tick_width: i32,
    pub margins: Margins,
}

/// The letter of a panel.
pub(super) fn letter(index: usize) -> String {
    let alphabet = "abcdefghijklmnopqrstuvwxyz";
    let last = alphabet.chars().nth(index % 26).unwrap_or('a');
    if index < 26 { last.to_string() } else { format!("{}{last}", letter(index / 26 - 1)) }
}

impl Gauge {
    /// Measures a panel whose frame, strip included, has this size.
    pub fn new(
        panel: &Panel,
        content: &Content,
        index: Option<usize>,
        (width, height): (i32, i32),
        ruler: &Ruler,
    ) -> Result<Self, Problem> {
        let (x, y) = ranges(panel, content)?;
        let main = if content.deviations.is_empty() { height } else { height - strip_height(height) - 350 };
        let x_ticks = ticks(&panel.x, &x, width, true, ruler)?;
        let y_ticks = ticks(&panel.y, &y, main, false, ruler)?;
        let strip = strip(content, strip_height(height), ruler)?;
        let bar = bar(panel, content, main, ruler)?;
        let widest = |ticks: &Ticks| {
            let widths = ticks.major.iter().map(|(_, label)| Ok(ruler.extent(label, TICK)?.width));
            widths.collect::<Result<Vec<_>, Problem>>().map(|w| w.into_iter().max().unwrap_or(0))
        };
        let mut tick_width = widest(&y_ticks)?;
        if let Some((_, ticks)) = &strip {
            tick_width = tick_width.max(widest(ticks)?);
        }
        let (x_label, y_label) = (with_power(&panel.x.label, &x_ticks), with_power(&panel.y.label, &y_ticks));
        let letter = index.map(|index| format!("({})", letter(index)));
        let mut gauge = Self {
            x,
            y,
            x_ticks,
            y_ticks,
            x_label,
            y_label,
            strip,
            bar_tick_width: bar.as_ref().map_or(Ok(0), |(_, ticks, _)| widest(ticks))?,
            bar,
            letter,
            tick_width,
            margins: Margins::default(),
        };
        gauge.margins = gauge.measure(panel, width, ruler)?;
        Ok(gauge)
    }

    fn measure(&self, panel: &Panel, width: i32, ruler: &Ruler) -> Result<Margins, Problem> {
        let x_label = ruler.extent(&self.x_label, LABEL)?.lined(LABEL);
        let y_label = ruler.extent(&self.y_label, LABEL)?.lined(LABEL);
        let strip_label =
            if self.strip.is_some() { ruler.extent(STRIP_LABEL, LABEL)?.lined(LABEL) } else { Default::default() };
        let tall = self.x_ticks.major.iter().map(|(_, label)| Ok(ruler.extent(label, TICK)?.height()));
        let tall = tall.collect::<Result<Vec<_>, Problem>>()?.into_iter().max().unwrap_or(0);
        let side = y_label.height().max(strip_label.height());
        let left = TICK_GAP + self.tick_width + if side > 0 { LABEL_GAP + side } else { 0 };
        let bottom = FOOT_GAP + tall + if x_label.height() > 0 { LABEL_GAP + x_label.height() } else { 0 };
        // the last tick label stands out half its width
        let mut right = 100;
        for (value, label) in &self.x_ticks.major {
            let end =
                (self.x.fraction(*value) * f64::from(width)).round() as i32 + ruler.extent(label, TICK)?.width / 2;
            right = right.max(end - width);
        }
        if let Some((_, _, label)) = &self.bar {
            right = right.max(
                BAR_GAP
                    + BAR_WIDTH
                    + TICK_GAP
                    + self.bar_tick_width
                    + LABEL_GAP
                    + ruler.extent(label, LABEL)?.lined(LABEL).height(),
            );
        }
        let mut top = TICK / 3;
        let headings = self.letter.iter().chain(panel.title.iter());
        for heading in headings {
            top = top.max(TITLE_GAP + ruler.extent(heading, LABEL)?.rise);
        }
        Ok(Margins { left, right, top, bottom })
    }
}

fn with_power(label: &str, ticks: &Ticks) -> String {
    match ticks.exponent {
        0 => label.to_owned(),
        power => format!("{label} ($10^{{{power}}}$)"),
    }
}

/// Ticks whose labels keep apart.
fn ticks(axis: &Axis, span: &Span, length: i32, across: bool, ruler: &Ruler) -> Result<Ticks, Problem> {
    if let Some(values) = &axis.ticks {
        let inside = values.iter().copied().filter(|&value| span.holds(value));
        let major = inside.map(|value| (value, format!("${}$", number(value)))).collect();
        return Ok(Ticks { major, ..Ticks::default() });
    }
    fitted(span, length, across, if across { 8 } else { 7 }, ruler)
}

fn fitted(span: &Span, length: i32, across: bool, most: usize, ruler: &Ruler) -> Result<Ticks, Problem> {
    let mut found = span.ticks(most);
    for count in (2..=most).rev() {
        found = span.ticks(count);
        let mut last = i32::MIN / 2;
        let mut apart = true;
        for (value, label) in &found.major {
            let at = (span.fraction(*value) * f64::from(length)).round() as i32;
            let extent = ruler.extent(label, TICK)?;
            let half = if across { extent.width / 2 + 250 } else { TICK * 3 / 4 };
            apart &= at - half >= last;
            last = at + half;
        }
        if apart {
            break;
        }
    }
    Ok(found)
}

fn strip(content: &Content, height: i32, ruler: &Ruler) -> Result<Option<(Span, Ticks)>, Problem> {
    if content.deviations.is_empty() {
        return Ok(None);
    }
    let sizes = content.deviations.iter().flat_map(|d| &d.points).map(|(_, z)| z.abs());
    // the band at 2 always shows, and so does every point
    let limit = (sizes.fold(2.0, f64::max) * 1.12).max(3.2);
    let span = Span { scale: Scale::Linear, low: -limit, high: limit };
    let mut ticks = fitted(&span, height, false, 5, ruler)?;
    if limit < 5.0 {
        ticks.major = [-2, 0, 2].map(|z| (f64::from(z), format!("${z}$"))).to_vec();
        ticks.minor = Vec::new();
    }
    Ok(Some((span, ticks)))
}

fn bar(panel: &Panel, content: &Content, height: i32, ruler: &Ruler) -> Result<Option<(Span, Ticks, String)>, Problem> {
    let (Some(map), Some(grid)) = (&panel.heatmap, &content.heatmap) else { return Ok(None) };
    let mut axis = if map.log { Axis::log10("") } else { Axis::linear("") };
    if let Some((low, high)) = map.range {
        axis = axis.range(low, high);
    }
    let span = span(&axis, "colour", &grid.values, 0.0)?;
    let ticks = fitted(&span, height, false, 6, ruler)?;
    let label = with_power(&map.label, &ticks);
    Ok(Some((span, ticks, label)))
}

fn ranges(panel: &Panel, content: &Content) -> Result<(Span, Span), Problem> {
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
