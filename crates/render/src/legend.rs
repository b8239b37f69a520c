//! Legends: what they say, how much room they take, and where they cover nothing.

use super::colour::named;
use super::data::Marker;
use super::ends::labelled;
use super::error::Problem;
use super::frame::Area;
use super::resolve::{Content, Mark, Shape};
use super::style::Style;
use super::template::fill_value;
use super::text::Ruler;
use neurodyn_figure::{ColourMap, Dash, Panel, Value};
use plotters::style::RGBColor;
use plotters_backend::BackendCoord;

/// How a mark looks in a legend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sample {
    Line(Dash),
    Marker(Marker, bool),
    Band,
    Stack,
    /// Dense points, as a line in their band.
    Swath,
    /// A line that changes its colour.
    Coloured(ColourMap),
    Steps,
}

/// What is drawn beside a label, in one colour.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Swatch {
    pub colour: RGBColor,
    pub samples: Vec<Sample>,
}

/// One line of a legend: a label and what stands before it, side by side. A remark has nothing before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub label: String,
    pub swatches: Vec<Swatch>,
}

/// Most colours that a key shows.
const COLOURS: usize = 3;
/// What a legend says where no error bar of the figure is longer than its marker.
const SMALL_ERRORS: &str = "errors smaller than the symbols";

impl Entry {
    /// Whether it is a remark, which a legend can do without.
    pub fn is_remark(&self) -> bool {
        self.swatches.is_empty()
    }

    fn samples(&self) -> impl Iterator<Item = &Sample> {
        self.swatches.iter().flat_map(|swatch| &swatch.samples)
    }
}

fn sample(mark: &Mark) -> Sample {
    match &mark.shape {
        Shape::Line(_, dash) => Sample::Line(*dash),
        Shape::Points(_) if mark.look.dense == Some(true) => Sample::Swath,
        Shape::Points(_) => Sample::Marker(mark.marker, mark.look.bars.unwrap_or_else(|| mark.has_errors())),
        Shape::Band(_) => Sample::Band,
        Shape::Stack(..) => Sample::Stack,
        Shape::Coloured(_, map) => Sample::Coloured(*map),
        Shape::Steps(_) => Sample::Steps,
        Shape::Arrows(_) => Sample::Line(Dash::Solid),
        Shape::Verticals(_) | Shape::Horizontals(_) => Sample::Line(Dash::Dotted),
    }
}

/// A value: all that is drawn in its colour.
fn add_value(entries: &mut Vec<Entry>, label: &str, colour: RGBColor, sample: Sample) {
    let same = |entry: &&mut Entry| entry.label == label && entry.swatches[0].colour == colour;
    match entries.iter_mut().find(same) {
        Some(entry) => add_sample(&mut entry.swatches[0].samples, sample),
        None => {
            entries.push(Entry { label: label.to_owned(), swatches: vec![Swatch { colour, samples: vec![sample] }] })
        }
    }
}

/// A marker with a bar somewhere has one in the legend.
fn add_sample(samples: &mut Vec<Sample>, sample: Sample) {
    for known in samples.iter_mut() {
        if let (Sample::Marker(shape, bar), Sample::Marker(other, more)) = (&mut *known, sample)
            && *shape == other
        {
            *bar |= more;
            return;
        }
    }
    if !samples.contains(&sample) {
        samples.push(sample);
    }
}

/// What a mark means: one kind of sample, in the colours that it has.
fn add_key(entries: &mut Vec<Entry>, label: &str, colour: RGBColor, sample: Sample) {
    let kind = |sample: &Sample| match sample {
        Sample::Marker(..) => Sample::Marker(Marker::Circle, false),
        other => *other,
    };
    let Some(entry) = entries.iter_mut().find(|entry| entry.label == label) else {
        entries.push(Entry { label: label.to_owned(), swatches: vec![Swatch { colour, samples: vec![sample] }] });
        return;
    };
    if kind(&entry.swatches[0].samples[0]) != kind(&sample) {
        return;
    }
    match entry.swatches.iter_mut().find(|swatch| swatch.colour == colour) {
        Some(swatch) if matches!(sample, Sample::Marker(..)) => {
            if let (Sample::Marker(_, bar), Sample::Marker(_, more)) = (&mut swatch.samples[0], sample) {
                *bar |= more;
            }
        }
        Some(_) => {}
        None => entry.swatches.push(Swatch { colour, samples: vec![sample] }),
    }
}

/// One line and one marker are enough to show a colour: a solid line before others, a line before a histogram.
fn simplify(samples: &mut Vec<Sample>) {
    let rank = |sample: &Sample| match sample {
        Sample::Line(Dash::Solid) => 0,
        Sample::Line(Dash::Dashed) => 1,
        Sample::Line(Dash::LongDash) => 2,
        Sample::Line(Dash::DashDot) => 3,
        Sample::Line(Dash::Dotted) => 4,
        Sample::Steps => 5,
        // a join is no law
        Sample::Line(Dash::Join) => 6,
        Sample::Band | Sample::Stack | Sample::Swath | Sample::Coloured(_) | Sample::Marker(..) => 7,
    };
    let best = samples.iter().map(rank).min().unwrap_or(0);
    samples.retain(|sample| rank(sample) == 7 || rank(sample) == best);
}

/// The entries of some panels: parameter values first, then what the marks mean.
pub(super) fn entries(panels: &[(&Panel, &Content)]) -> Vec<Entry> {
    let (mut values, mut keys): (Vec<Entry>, Vec<Entry>) = (Vec::new(), Vec::new());
    for (panel, content) in panels {
        let direct = labelled(panel, content);
        for mark in &content.marks {
            let sample = sample(mark);
            let at_end = |label: &str| direct.iter().any(|(line, text)| *text == label && line.colour == mark.colour);
            if let Some(label) = mark.label.as_deref().filter(|label| !at_end(label)) {
                add_value(&mut values, label, mark.colour, sample);
            }
            if let Some(key) = &mark.key {
                add_key(&mut keys, key, mark.colour, sample);
            }
        }
        let drawn = panel.contours.iter().zip(&content.contours).filter(|(_, grid)| !grid.values.is_empty());
        for (contour, _) in drawn {
            for &level in &contour.levels {
                if let Some(label) = &contour.label {
                    let label = fill_value(label, &Value::Number(level));
                    add_value(&mut values, &label, named(contour.colour), Sample::Line(contour.dash));
                }
            }
        }
    }
    let marks = || panels.iter().flat_map(|(_, content)| &content.marks);
    // the markers of values that another series names
    for mark in marks().filter(|mark| mark.label.is_none()) {
        let (Sample::Marker(marker, bar), true) = (sample(mark), mark.marker != Marker::Ring) else { continue };
        for entry in values.iter_mut().filter(|entry| entry.swatches[0].colour == mark.colour && mark.split) {
            let samples = &mut entry.swatches[0].samples;
            if !samples.iter().any(|sample| matches!(sample, Sample::Marker(..))) {
                samples.push(Sample::Marker(marker, bar));
            }
        }
    }
    for entry in &mut values {
        simplify(&mut entry.swatches[0].samples);
    }
    let order: Vec<_> = panels.iter().flat_map(|(_, content)| &content.order).collect();
    let rank = |entry: &Entry| {
        let same = |(label, colour): &&(String, RGBColor)| *label == entry.label && *colour == entry.swatches[0].colour;
        order.iter().position(same).unwrap_or(order.len())
    };
    values.sort_by_key(rank);
    for entry in &mut keys {
        // the first, the middle and the last colour stand for all
        let count = entry.swatches.len();
        if count > COLOURS {
            entry.swatches = [0, count / 2, count - 1].map(|index| entry.swatches[index].clone()).to_vec();
        }
    }
    values.extend(keys);
    if !values.is_empty() && marks().any(|mark| mark.look.says_small) {
        values.push(Entry { label: SMALL_ERRORS.to_owned(), swatches: Vec::new() });
    }
    values
}

/// Width of the sample of an entry.
fn sample_width(entries: &[Entry], style: &Style) -> i32 {
    let long = |sample: &Sample| !matches!(sample, Sample::Marker(..));
    let many = |entry: &Entry| entry.swatches.len() > 1;
    if entries.iter().any(|entry| many(entry) || entry.samples().any(long)) {
        style.sample_line
    } else {
        style.sample_marker
    }
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

    /// With a remark after the last entry, or below it if there is no room.
    fn remarked(mut self, entries: &[Entry], remark: &Entry, width: i32, ruler: &Ruler) -> Result<Self, Problem> {
        let (style, own) = (&ruler.style, ruler.note(&remark.label)?.width);
        let (Some(last), Some(&(x, y))) = (entries.last(), self.places.last()) else { return Ok(self) };
        let after = x + self.sample + style.sample_gap + ruler.note(&last.label)?.width + style.column_gap;
        let at = if after + own <= width { (after, y) } else { (0, y + style.row) };
        self.height += at.1 - y;
        self.width = self.width.max(at.0 + own);
        self.places.push(at);
        Ok(self)
    }

    /// Entries in lines no wider than this, filled across in aligned columns.
    pub fn flow(entries: &[Entry], width: i32, ruler: &Ruler) -> Result<Self, Problem> {
        if let Some((remark, entries)) =
            entries.split_last().filter(|(last, rest)| last.is_remark() && !rest.is_empty())
        {
            return Self::flow(entries, width, ruler)?.remarked(entries, remark, width, ruler);
        }
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
