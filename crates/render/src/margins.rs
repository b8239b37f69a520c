//! Ticks of a panel at a given size of its frame, and the room its labels need around it.

use super::error::Problem;
use super::resolve::Content;
use super::scale::{Span, number};
use super::shade::Shade;
use super::share::{Bar, Share, Shared, Strip};
use super::text::Ruler;
use super::ticks::{Kind, Room, Ticks, ticks};
use neurodyn_figure::{Axis, Heatmap, Panel, Scale, panel_letter};

/// Room around a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Margins {
    pub left: i32,
    pub right: i32,
    pub top: i32,
    pub bottom: i32,
}

/// Label of the strip of residuals, by the name that the line in place of a strip and the description have.
pub(super) const STRIP_LABEL: &str = "$z$";

/// The tick labels of the other side of a frame.
pub(super) struct Opposite {
    /// Values with labels that keep apart.
    pub ticks: Vec<(f64, String)>,
    pub label: String,
}

/// A colour bar measured at its length.
pub(super) struct BarGauge {
    /// Range of its ticks.
    pub span: Span,
    pub ticks: Ticks,
    pub label: String,
    /// Widest tick label.
    pub tick_width: i32,
}

/// A panel measured at the size of its frame.
pub(super) struct Gauge {
    pub x: Span,
    pub y: Span,
    pub x_ticks: Ticks,
    pub y_ticks: Ticks,
    /// Labels; none where a neighbour has them.
    pub x_label: String,
    pub y_label: String,
    pub strip: Option<(Span, Ticks)>,
    /// Whether the frame leaves room for a strip.
    pub strip_room: bool,
    pub shade: Option<Shade>,
    pub bar: Option<BarGauge>,
    pub letter: Option<String>,
    pub opposite: Option<Opposite>,
    /// Whether a line sums up the residuals.
    pub summed: bool,
    /// Widest tick label on the left.
    pub tick_width: i32,
    /// Height of what stands between the frame and its title.
    pub heading: i32,
    pub margins: Margins,
}

impl Gauge {
    /// Measures a panel whose frame, strip included, has this size.
    pub fn new(
        panel: &Panel,
        content: &Content,
        share: &Share,
        index: Option<usize>,
        (width, height): (i32, i32),
        ruler: &Ruler,
    ) -> Result<Self, Problem> {
        let style = &ruler.style;
        let (x, y) = (share.x.span, share.y.span);
        let strip_height = style.strip_height(height);
        let main = if share.strip_room { height - strip_height - style.strip_gap } else { height };
        let (across, up) = if panel.equal_aspect { fitted(&x, &y, (width, main)) } else { (width, main) };
        let x_room = Room { length: across, across: true, ruler };
        let y_room = Room { length: up, across: false, ruler };
        let measured = |axis: &Axis, shared: &Shared, room: &Room| match shared.known {
            true => axis_ticks(axis, shared, room),
            // numbers on an axis without data would say what is not so
            false => Ok(Ticks::default()),
        };
        let x_ticks = measured(&panel.x, &share.x, &x_room)?;
        let y_ticks = measured(&panel.y, &share.y, &y_room)?;
        let strip = share.strip.map(|strip| strip_ticks(strip, Room { length: strip_height, ..y_room })).transpose()?;
        let widest = |ticks: &Ticks| {
            let widths = ticks.major.iter().map(|(_, label)| Ok(ruler.tick(label)?.width));
            widths.collect::<Result<Vec<_>, Problem>>().map(|w| w.into_iter().max().unwrap_or(0))
        };
        let mut tick_width = if share.y.inner { 0 } else { widest(&y_ticks)? };
        if let (Some((_, ticks)), Some(Strip { inner: false, .. })) = (&strip, share.strip) {
            tick_width = tick_width.max(widest(ticks)?);
        }
        let label = |axis: &Axis, shared: &Shared, ticks: &Ticks| match shared.inner {
            true => String::new(),
            false => with_power(&axis.label, ticks),
        };
        let bar = match (&panel.heatmap, &share.bar) {
            (Some(map), Some(Bar { shade, inner: false })) => {
                let (span, ticks) = bar_ticks(map, shade, y_room)?;
                let (label, tick_width) = (with_power(&map.label, &ticks), widest(&ticks)?);
                Some(BarGauge { span, ticks, label, tick_width })
            }
            _ => None,
        };
        let summed = share.strip.is_none() && !content.deviations.is_empty();
        let mut gauge = Self {
            x,
            y,
            x_label: label(&panel.x, &share.x, &x_ticks),
            y_label: label(&panel.y, &share.y, &y_ticks),
            x_ticks: if share.x.inner { unlabelled(x_ticks) } else { x_ticks },
            y_ticks: if share.y.inner { unlabelled(y_ticks) } else { y_ticks },
            strip: strip.map(|(span, ticks)| match share.strip {
                Some(Strip { inner: true, .. }) => (span, unlabelled(ticks)),
                _ => (span, ticks),
            }),
            strip_room: share.strip_room,
            shade: share.bar.as_ref().map(|bar| bar.shade.clone()),
            bar,
            letter: index.map(|index| format!(r"$\mathbf{{({})}}$", panel_letter(index))),
            opposite: opposite(&panel.x, &x, &x_room)?,
            summed,
            tick_width,
            heading: 0,
            margins: Margins::default(),
        };
        gauge.heading = gauge.opposite_height(ruler)? + if summed { style.verdict_row } else { 0 };
        gauge.margins = gauge.measure(panel, width, ruler)?;
        gauge.margins.right = gauge.margins.right.max(super::ends::room(panel, content, ruler)?);
        Ok(gauge)
    }

    /// Height of the labels of the other side.
    pub fn opposite_height(&self, ruler: &Ruler) -> Result<i32, Problem> {
        let Some(Opposite { ticks, label }) = &self.opposite else { return Ok(0) };
        let style = &ruler.style;
        let mut tall = 0;
        for (_, text) in ticks {
            tall = tall.max(ruler.tick(text)?.height());
        }
        let label = ruler.label(label)?;
        Ok(style.tick_gap + tall + if label.width > 0 { style.label_gap * 3 / 2 + label.height() } else { 0 })
    }

    fn measure(&self, panel: &Panel, width: i32, ruler: &Ruler) -> Result<Margins, Problem> {
        let style = &ruler.style;
        let x_label = ruler.label(&self.x_label)?;
        let y_label = ruler.label(&self.y_label)?;
        let strip_labels = self.strip.as_ref().is_some_and(|(_, ticks)| ticks.labelled());
        let strip_label = if strip_labels { ruler.label(STRIP_LABEL)? } else { Default::default() };
        let tall = self.x_ticks.major.iter().map(|(_, label)| Ok(ruler.tick(label)?.height()));
        let tall = tall.collect::<Result<Vec<_>, Problem>>()?.into_iter().max().unwrap_or(0);
        let side = y_label.height().max(strip_label.height());
        let left = if self.tick_width > 0 { style.tick_gap + self.tick_width } else { 0 }
            + if side > 0 { style.label_gap + side } else { 0 };
        let bottom = if tall > 0 { style.foot_gap + tall } else { 0 }
            + if x_label.height() > 0 { style.label_gap + x_label.height() } else { 0 };
        // the last tick label stands out half its width
        let mut right = style.pad / 2;
        for (value, label) in &self.x_ticks.major {
            let at = if self.x.reversed { 1.0 - self.x.fraction(*value) } else { self.x.fraction(*value) };
            let end = (at * f64::from(width)).round() as i32 + ruler.tick(label)?.width / 2;
            right = right.max(end - width);
        }
        if let Some(BarGauge { label, tick_width, .. }) = &self.bar {
            let label = ruler.label(label)?.height();
            right = right.max(style.bar_gap + style.bar_width + style.tick_gap + tick_width + style.label_gap + label);
        }
        let mut top = style.tick / 3;
        let headings = self.letter.iter().chain(panel.title.iter());
        for heading in headings {
            top = top.max(style.title_gap + ruler.label(heading)?.rise);
        }
        if self.heading > 0 {
            // a line alone stands beside the letter
            top = top.max(self.opposite_height(ruler)? + style.verdict_row);
            if let Some(title) = &panel.title {
                top = top.max(self.heading + style.title_gap + ruler.label(title)?.rise);
            }
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

/// The same ticks without their labels.
fn unlabelled(ticks: Ticks) -> Ticks {
    Ticks { major: ticks.major.into_iter().map(|(value, _)| (value, String::new())).collect(), ..ticks }
}

fn axis_ticks(axis: &Axis, shared: &Shared, room: &Room) -> Result<Ticks, Problem> {
    let span = &shared.span;
    if let Some(values) = &axis.ticks {
        let inside = values.iter().copied().filter(|&value| span.holds(value));
        let text = |value: f64| if axis.exponent { format!("10^{{{value}}}") } else { number(value) };
        let major = inside.map(|value| (value, format!("${}$", text(value)))).collect();
        return Ok(Ticks { major, ..Ticks::default() });
    }
    let data: Option<Vec<i64>> =
        shared.whole.as_ref().map(|data| data.iter().filter(|value| value.abs() < 1e15).map(|&v| v as i64).collect());
    let kind = match (axis.angle, axis.exponent, &data) {
        (true, ..) => Kind::Angle,
        (_, true, _) => Kind::Exponent,
        (_, _, Some(data)) => Kind::Whole(data),
        _ => Kind::Any,
    };
    ticks(span, kind, room)
}

fn strip_ticks(strip: Strip, room: Room) -> Result<(Span, Ticks), Problem> {
    let limit = strip.limit;
    let span = Span { scale: Scale::Linear, low: -limit, high: limit, reversed: false };
    let fixed = [-2, 0, 2].map(|z| (f64::from(z), format!("${z}$"))).to_vec();
    let ticks = if limit < 5.0 { Ticks { major: fixed, ..Ticks::default() } } else { ticks(&span, Kind::Any, &room)? };
    Ok((span, ticks))
}

fn bar_ticks(map: &Heatmap, shade: &Shade, room: Room) -> Result<(Span, Ticks), Problem> {
    if let Some(edges) = &shade.classes {
        let span = Span { scale: Scale::Linear, low: 0.0, high: (edges.len() - 1) as f64, reversed: false };
        let text = |edge: f64| if map.exponent { format!("$10^{{{edge}}}$") } else { format!("${}$", number(edge)) };
        let all: Vec<(f64, String)> = edges.iter().enumerate().map(|(i, &edge)| (i as f64, text(edge))).collect();
        // as many labels as keep apart
        for stride in 1..all.len() {
            let major: Vec<(f64, String)> = all.iter().step_by(stride).cloned().collect();
            if room.clearance(&span, &major)?.is_some() {
                return Ok((span, Ticks { major, ..Ticks::default() }));
            }
        }
        return Ok((span, Ticks::default()));
    }
    let kind = if map.exponent { Kind::Exponent } else { Kind::Any };
    Ok((shade.span, ticks(&shade.span, kind, &room)?))
}

/// Labels of the other side, as many of them at equal steps as keep apart.
fn opposite(axis: &Axis, span: &Span, room: &Room) -> Result<Option<Opposite>, Problem> {
    let Some(other) = &axis.opposite else { return Ok(None) };
    let mut inside: Vec<(f64, String)> = other.ticks.iter().filter(|(value, _)| span.holds(*value)).cloned().collect();
    inside.sort_by(|a, b| a.0.total_cmp(&b.0));
    for stride in 1..=inside.len() {
        let ticks: Vec<(f64, String)> = inside.iter().step_by(stride).cloned().collect();
        if room.clearance(span, &ticks)?.is_some() {
            return Ok(Some(Opposite { ticks, label: other.label.clone() }));
        }
    }
    Ok(None)
}
