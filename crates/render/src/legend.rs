//! Legends: what they say, how much room they take, and where they cover nothing.

use super::colour::named;
use super::data::Marker;
use super::error::Problem;
use super::frame::Area;
use super::resolve::{Content, Mark, Shape};
use super::style::{GREY, Style};
use super::template::fill_value;
use super::text::Ruler;
use neurodyn_figure::{Dash, Panel, Value};
use plotters::style::RGBColor;
use plotters_backend::BackendCoord;

/// How a mark looks in a legend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sample {
    Line(Dash),
    Marker(Marker, bool),
    Band,
    Steps,
}

/// One line of a legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub label: String,
    pub colour: RGBColor,
    pub samples: Vec<Sample>,
}

fn sample(mark: &Mark) -> Sample {
    match &mark.shape {
        Shape::Line(_, dash) => Sample::Line(*dash),
        Shape::Points(points) => Sample::Marker(mark.marker, points.iter().any(|p| p.2 > 0.0)),
        Shape::Band(_) => Sample::Band,
        Shape::Steps(_) => Sample::Steps,
        Shape::Arrows(_) => Sample::Line(Dash::Solid),
        Shape::Verticals(_) | Shape::Horizontals(_) => Sample::Line(Dash::Dotted),
    }
}

fn add(entries: &mut Vec<Entry>, label: &str, colour: RGBColor, sample: Sample) {
    match entries.iter_mut().find(|entry| entry.label == label && entry.colour == colour) {
        Some(entry) if entry.samples.contains(&sample) => {}
        Some(entry) => entry.samples.push(sample),
        None => entries.push(Entry { label: label.to_owned(), colour, samples: vec![sample] }),
    }
}

/// One line and one marker are enough to show a colour: a solid line before others, a line before a histogram.
fn simplify(samples: &mut Vec<Sample>) {
    let rank = |sample: &Sample| match sample {
        Sample::Line(Dash::Solid) => 0,
        Sample::Line(Dash::Dashed) => 1,
        Sample::Line(Dash::Dotted) => 2,
        Sample::Steps => 3,
        Sample::Band | Sample::Marker(..) => 4,
    };
    let best = samples.iter().map(rank).min().unwrap_or(0);
    samples.retain(|sample| rank(sample) == 4 || rank(sample) == best);
}

/// The entries of some panels: parameter values first, then what the marks mean.
pub(super) fn entries(panels: &[(&Panel, &Content)]) -> Vec<Entry> {
    let (mut values, mut keys): (Vec<Entry>, Vec<Entry>) = (Vec::new(), Vec::new());
    for (panel, content) in panels {
        for mark in &content.marks {
            let sample = sample(mark);
            if let Some(label) = &mark.label {
                add(&mut values, label, mark.colour, sample);
            }
            if let Some(key) = &mark.key {
                // a key stands for all values, so it takes the shape of none
                let neutral = match sample {
                    Sample::Marker(marker, error) if marker != Marker::Ring => Sample::Marker(Marker::Circle, error),
                    other => other,
                };
                add(&mut keys, key, GREY, neutral);
            }
        }
        let drawn = panel.contours.iter().zip(&content.contours).filter(|(_, grid)| !grid.values.is_empty());
        for (contour, _) in drawn {
            for &level in &contour.levels {
                if let Some(label) = &contour.label {
                    let label = fill_value(label, &Value::Number(level));
                    add(&mut values, &label, named(contour.colour), Sample::Line(contour.dash));
                }
            }
        }
    }
    // the markers of values that another series names
    for mark in panels.iter().flat_map(|(_, content)| &content.marks).filter(|mark| mark.label.is_none()) {
        let (Sample::Marker(marker, _), true) = (sample(mark), mark.marker != Marker::Ring) else { continue };
        for entry in values.iter_mut().filter(|entry| entry.colour == mark.colour && mark.split) {
            if !entry.samples.iter().any(|sample| matches!(sample, Sample::Marker(..))) {
                entry.samples.push(Sample::Marker(marker, false));
            }
        }
    }
    for entry in &mut values {
        simplify(&mut entry.samples);
    }
    for entry in &mut keys {
        // one sample is enough to say what a key means
        entry.samples.truncate(1);
    }
    values.extend(keys);
    values
}

/// Width of the sample of an entry.
fn sample_width(entries: &[Entry], style: &Style) -> i32 {
    let long = |sample: &Sample| !matches!(sample, Sample::Marker(..));
    if entries.iter().any(|entry| entry.samples.iter().any(long)) { style.sample_line } else { style.sample_marker }
}

/// A legend with its entries in place, relative to its upper left corner: sample left, baseline.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Block {
    pub places: Vec<BackendCoord>,
    pub sample: i32,
    pub width: i32,
    pub height: i32,
}

impl Block {
    /// From the last baseline to the bottom.
    pub fn foot(style: &Style) -> i32 {
        style.row * 15 / 16 - style.first_baseline
    }

    fn height(rows: usize, style: &Style) -> i32 {
        (rows as i32 - 1) * style.row + style.first_baseline + Self::foot(style)
    }

    /// Entries in columns, filled downwards.
    pub fn columns(entries: &[Entry], columns: usize, ruler: &Ruler) -> Result<Self, Problem> {
        let style = &ruler.style;
        let rows = entries.len().div_ceil(columns.max(1)).max(1);
        let sample = sample_width(entries, style);
        let (mut x, mut places) = (0, Vec::new());
        for chunk in entries.chunks(rows) {
            let mut widest = 0;
            for (row, entry) in chunk.iter().enumerate() {
                widest = widest.max(ruler.note(&entry.label)?.width);
                places.push((x, style.first_baseline + row as i32 * style.row));
            }
            x += sample + style.sample_gap + widest + style.column_gap;
        }
        Ok(Self { places, sample, width: x - style.column_gap, height: Self::height(rows, style) })
    }

    /// Entries in lines no wider than this, filled across in aligned columns.
    pub fn flow(entries: &[Entry], width: i32, ruler: &Ruler) -> Result<Self, Problem> {
        let style = &ruler.style;
        let sample = sample_width(entries, style);
        let apart = sample + style.sample_gap + style.column_gap;
        let widths = entries.iter().map(|e| Ok(ruler.note(&e.label)?.width)).collect::<Result<Vec<_>, Problem>>()?;
        let one_line = widths.iter().map(|w| w + apart).sum::<i32>() - style.column_gap;
        let mut per_line = entries.len().max(1);
        let column = |count: usize, index: usize| widths.iter().skip(index).step_by(count).copied().max().unwrap_or(0);
        let total = |count: usize| (0..count).map(|i| column(count, i) + apart).sum::<i32>() - style.column_gap;
        let fits = |count: usize| if count >= entries.len() { one_line <= width } else { total(count) <= width };
        while per_line > 1 && !fits(per_line) {
            per_line -= 1;
        }
        // lines of equal length look calmer
        let lines = entries.len().div_ceil(per_line).max(1);
        per_line = entries.len().div_ceil(lines).max(1);
        let mut places = Vec::new();
        let mut x = 0;
        for (index, &own) in widths.iter().enumerate() {
            if index % per_line == 0 {
                x = 0;
            }
            places.push((x, style.first_baseline + (index / per_line) as i32 * style.row));
            x += apart + if lines == 1 { own } else { column(per_line, index % per_line) };
        }
        let full = if lines == 1 { one_line } else { total(per_line) };
        Ok(Self { places, sample, width: full, height: Self::height(lines, style) })
    }
}

/// What a legend must not cover.
#[derive(Debug, Clone, Default)]
pub(super) struct Obstacles {
    pub lines: Vec<Vec<BackendCoord>>,
    pub areas: Vec<Area>,
}

impl Obstacles {
    /// Whether a rectangle covers nothing.
    pub fn free(&self, area: &Area) -> bool {
        !self.areas.iter().any(|obstacle| obstacle.meets(area))
            && !self.lines.iter().any(|line| line.windows(2).any(|pair| area.clip(pair[0], pair[1]).is_some()))
    }
}

/// The emptiest place for a legend inside a frame, corners first; none if it would cover something everywhere.
pub(super) fn place(
    entries: &[Entry],
    frame: &Area,
    obstacles: &Obstacles,
    ruler: &Ruler,
) -> Result<Option<(Block, BackendCoord)>, Problem> {
    const STEPS: i32 = 12;
    let room = frame.grown(-ruler.style.legend_inset);
    let mut best: Option<(i32, Block, BackendCoord)> = None;
    for columns in 1..=entries.len().min(3) {
        let block = Block::columns(entries, columns, ruler)?;
        let (free_x, free_y) = (room.width() - block.width, room.height() - block.height);
        if free_x < 0 || free_y < 0 {
            continue;
        }
        for (i, j) in (0..=STEPS).flat_map(|i| (0..=STEPS).map(move |j| (i, j))) {
            let (x, y) = (room.left + free_x * i / STEPS, room.top + free_y * j / STEPS);
            let area = Area { left: x, top: y, right: x + block.width, bottom: y + block.height };
            let clearance =
                [150, 300, 500, 800, 1200].into_iter().take_while(|&by| obstacles.free(&area.grown(by))).count();
            // distance from a vertical edge and a horizontal edge of the frame: corners are best
            let (edge_x, edge_y) = (i.min(STEPS - i), j.min(STEPS - j));
            // away from a corner, samples must not pass for data
            let needed = if (edge_x, edge_y) == (0, 0) { 2 } else { 3 };
            if clearance < needed {
                continue;
            }
            let left = i32::from(i * 2 < STEPS);
            let score = 40 * clearance.min(3) as i32 + 5 * clearance as i32
                - 14 * (edge_x.min(2) + edge_y.min(2))
                - 4 * (edge_x + edge_y)
                - 30 * (columns as i32 - 1)
                - left
                - i32::from(j > 0);
            if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                best = Some((score, block.clone(), (x, y)));
            }
        }
    }
    Ok(best.map(|(_, block, at)| (block, at)))
}
