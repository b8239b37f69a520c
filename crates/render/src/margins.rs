//! Ranges and ticks of a panel at a given size of its frame, and the room its labels need around it.

use super::error::Problem;
use super::frame::span;
use super::ranges::{ranges, whole};
use super::resolve::Content;
use super::scale::{Span, number};
use super::text::Ruler;
use super::ticks::{Kind, Room, Ticks, ticks};
use neurodyn_figure::{Axis, Panel, Scale, panel_letter};

/// Room around a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Margins {
    pub left: i32,
    pub right: i32,
    pub top: i32,
    pub bottom: i32,
}

/// Label of the strip of residuals.
pub(super) const STRIP_LABEL: &str = r"$\Delta / \mathrm{SE}$";

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

impl Gauge {
    /// Measures a panel whose frame, strip included, has this size.
    pub fn new(
        panel: &Panel,
        content: &Content,
        index: Option<usize>,
        (width, height): (i32, i32),
        ruler: &Ruler,
    ) -> Result<Self, Problem> {
        let ((x, x_known), (y, y_known)) = ranges(panel, content)?;
        let style = &ruler.style;
        let strip_height = style.strip_height(height);
        let main = if content.deviations.is_empty() { height } else { height - strip_height - style.strip_gap };
        let (across, up) = if panel.equal_aspect { fitted(&x, &y, (width, main)) } else { (width, main) };
        let x_room = Room { length: across, across: true, ruler };
        let y_room = Room { length: up, across: false, ruler };
        let measured = |known: bool, axis: &Axis, span: &Span, across: bool, room: &Room| match known {
            true => axis_ticks(axis, span, whole(content, across), room),
            // numbers on an axis without data would say what is not so
            false => Ok(Ticks::default()),
        };
        let x_ticks = measured(x_known, &panel.x, &x, true, &x_room)?;
        let y_ticks = measured(y_known, &panel.y, &y, false, &y_room)?;
        let strip = strip(content, Room { length: strip_height, ..y_room })?;
        let bar = bar(panel, content, y_room)?;
        let widest = |ticks: &Ticks| {
            let widths = ticks.major.iter().map(|(_, label)| Ok(ruler.tick(label)?.width));
            widths.collect::<Result<Vec<_>, Problem>>().map(|w| w.into_iter().max().unwrap_or(0))
        };
        let mut tick_width = widest(&y_ticks)?;
        if let Some((_, ticks)) = &strip {
            tick_width = tick_width.max(widest(ticks)?);
        }
        let (x_label, y_label) = (with_power(&panel.x.label, &x_ticks), with_power(&panel.y.label, &y_ticks));
        let letter = index.map(|index| format!(r"$\mathbf{{({})}}$", panel_letter(index)));
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
        gauge.margins.right = gauge.margins.right.max(super::ends::room(panel, content, ruler)?);
        Ok(gauge)
    }

    fn measure(&self, panel: &Panel, width: i32, ruler: &Ruler) -> Result<Margins, Problem> {
        let style = &ruler.style;
        let x_label = ruler.label(&self.x_label)?;
        let y_label = ruler.label(&self.y_label)?;
        let strip_label = if self.strip.is_some() { ruler.label(STRIP_LABEL)? } else { Default::default() };
        let tall = self.x_ticks.major.iter().map(|(_, label)| Ok(ruler.tick(label)?.height()));
        let tall = tall.collect::<Result<Vec<_>, Problem>>()?.into_iter().max().unwrap_or(0);
        let side = y_label.height().max(strip_label.height());
        let left = style.tick_gap + self.tick_width + if side > 0 { style.label_gap + side } else { 0 };
        let bottom = style.foot_gap + tall + if x_label.height() > 0 { style.label_gap + x_label.height() } else { 0 };
        // the last tick label stands out half its width
        let mut right = style.pad / 2;
        for (value, label) in &self.x_ticks.major {
            let end = (self.x.fraction(*value) * f64::from(width)).round() as i32 + ruler.tick(label)?.width / 2;
            right = right.max(end - width);
        }
        if let Some((_, _, label)) = &self.bar {
            right = right.max(
                style.bar_gap
                    + style.bar_width
                    + style.tick_gap
                    + self.bar_tick_width
                    + style.label_gap
                    + ruler.label(label)?.height(),
            );
        }
        let mut top = style.tick / 3;
        let headings = self.letter.iter().chain(panel.title.iter());
        for heading in headings {
            top = top.max(style.title_gap + ruler.label(heading)?.rise);
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

/// Size of a frame in which one unit is as long on both axes.
pub(super) fn fitted(x: &Span, y: &Span, (width, height): (i32, i32)) -> (i32, i32) {
    let (wide, high) = (x.high - x.low, y.high - y.low);
    let unit = (f64::from(width) / wide).min(f64::from(height) / high);
    ((unit * wide).round() as i32, (unit * high).round() as i32)
}

fn axis_ticks(axis: &Axis, span: &Span, whole: bool, room: &Room) -> Result<Ticks, Problem> {
    if let Some(values) = &axis.ticks {
        let inside = values.iter().copied().filter(|&value| span.holds(value));
        let major = inside.map(|value| (value, format!("${}$", number(value)))).collect();
        return Ok(Ticks { major, ..Ticks::default() });
    }
    let kind = match (axis.angle, whole) {
        (true, _) => Kind::Angle,
        (_, true) => Kind::Whole,
        _ => Kind::Any,
    };
    ticks(span, kind, room)
}

fn strip(content: &Content, room: Room) -> Result<Option<(Span, Ticks)>, Problem> {
    if content.deviations.is_empty() {
        return Ok(None);
    }
    let sizes = content.deviations.iter().flat_map(|d| &d.points).map(|(_, z)| z.abs());
    // the band at 2 always shows, and so does every point
    let limit = (sizes.fold(2.0, f64::max) * 1.12).max(3.2);
    let span = Span { scale: Scale::Linear, low: -limit, high: limit };
    let fixed = [-2, 0, 2].map(|z| (f64::from(z), format!("${z}$"))).to_vec();
    let ticks = if limit < 5.0 { Ticks { major: fixed, ..Ticks::default() } } else { ticks(&span, Kind::Any, &room)? };
    Ok(Some((span, ticks)))
}

fn bar(panel: &Panel, content: &Content, room: Room) -> Result<Option<(Span, Ticks, String)>, Problem> {
    let (Some(map), Some(grid)) = (&panel.heatmap, &content.heatmap) else { return Ok(None) };
    let mut axis = if map.log { Axis::log10("") } else { Axis::linear("") };
    if let Some((low, high)) = map.range {
        axis = axis.range(low, high);
    }
    let values: Vec<f64> = grid.present().collect();
    if values.is_empty() {
        return Ok(None);
    }
    let span = span(&axis, "colour", &values, 0.0)?;
    let ticks = ticks(&span, Kind::Any, &room)?;
    let label = with_power(&map.label, &ticks);
    Ok(Some((span, ticks, label)))
}
