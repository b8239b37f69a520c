//! The numbers of a figure with the places where they are drawn, as plain data: for read-outs under a pointer or by keyboard.

use super::arrange::strip_marks;
use super::frame::Frame;
use super::layout::{Page, PlacedPanel};
use super::margins::STRIP_LABEL;
use super::plain::plain;
use super::resolve::{Content, Grid, Mark, Shape};
use super::style::Style;
use neurodyn_figure::{Figure, Heatmap, Panel, panel_letter};
use plotters_backend::BackendCoord;

/// The numbers drawn in one frame: that of a panel, or the strip of residuals under it.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelPoints {
    /// Letter of the panel, where a figure has several.
    pub letter: Option<String>,
    /// Title of the panel in plain text, where it has one.
    pub title: Option<String>,
    /// Left, top, right and bottom of the frame, in hundredths of a point on the page.
    pub frame: [i32; 4],
    /// What is drawn in it.
    pub series: Vec<SeriesPoints>,
}

/// The numbers of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesPoints {
    /// What it is, in plain text.
    pub label: String,
    /// Whether it fills the frame cell by cell, under all else.
    pub cells: bool,
    /// Its numbers, all columns equally long.
    pub columns: Vec<NamedNumbers>,
    /// Where they are drawn, in hundredths of a point on the page.
    pub at: Vec<BackendCoord>,
    /// Vertices of a line that are left out, being too near to the ones before to be told apart; of a large set of points
    /// without standard errors, those left out at equal steps.
    pub thinned: usize,
}

/// Some numbers with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedNumbers {
    /// Name, in plain text.
    pub name: String,
    /// Numbers.
    pub values: Vec<f64>,
}

/// Vertices of a line that are nearer than this on the page to the last one kept are left out, its end aside.
const NEAREST: f64 = 150.0;
/// Most points without standard errors.
const MOST: usize = 4000;

/// All numbers of a figure, frame by frame.
pub(super) fn points(figure: &Figure, contents: &[Content], page: &Page, style: &Style) -> Vec<PanelPoints> {
    let mut found = Vec::new();
    for (index, panel) in figure.panels.iter().enumerate() {
        let (content, placed) = (&contents[index], &page.panels[index]);
        let letter = (figure.panels.len() > 1).then(|| panel_letter(index));
        let title = panel.title.as_deref().map(words);
        let in_frame = |frame: &Frame, series: Vec<SeriesPoints>| {
            let area = frame.area;
            let series = series.into_iter().filter(|series| !series.at.is_empty()).collect();
            let frame = [area.left, area.top, area.right, area.bottom];
            PanelPoints { letter: letter.clone(), title: title.clone(), frame, series }
        };
        found.push(in_frame(&placed.frame, of_panel(contents, panel, content, placed, style)));
        if let Some(strip) = &placed.strip {
            found.push(in_frame(strip, residuals(contents, panel, content, (strip, style))));
        }
    }
    found
}

/// Labels are checked before anything is drawn.
fn words(markup: &str) -> String {
    plain(markup).unwrap_or_default()
}

/// What an axis shows: its label, or the letter for it.
fn axis(label: &str, letter: &str) -> String {
    let text = words(label);
    if text.trim().is_empty() { letter.to_owned() } else { text }
}

/// The numbers themselves are read out, logarithms too.
fn exponent(name: String, exponent: bool) -> String {
    if exponent { format!("log10 of {name}") } else { name }
}

fn of_panel(
    contents: &[Content],
    panel: &Panel,
    content: &Content,
    placed: &PlacedPanel,
    style: &Style,
) -> Vec<SeriesPoints> {
    let x = exponent(axis(&panel.x.label, "x"), panel.x.exponent);
    let y = exponent(axis(&panel.y.label, "y"), panel.y.exponent);
    let mut found = Vec::new();
    for (mark, drawn) in content.marks.iter().zip(&placed.marks(panel, content, style).traces) {
        let label = label(contents, mark, &y);
        let places: Vec<BackendCoord> = drawn.places().collect();
        found.push(of_mark(mark, &placed.frame, &places, label, [&x, &y]));
    }
    if let (Some(map), Some(grid)) = (&panel.heatmap, &content.heatmap) {
        found.push(cells(map, grid, &placed.frame, [&x, &y]));
    }
    found
}

/// What the legend says of a mark, its value before its meaning; else what its axis shows.
fn label(contents: &[Content], mark: &Mark, axis: &str) -> String {
    let named = |other: &&Mark| other.label.is_some() && other.split && mark.split && other.colour == mark.colour;
    let value = mark.label.as_ref().or_else(|| {
        // the value that another series of the same colour names
        contents.iter().flat_map(|content| &content.marks).find(named).and_then(|other| other.label.as_ref())
    });
    let parts: Vec<String> = value.into_iter().chain(&mark.key).map(|text| words(text)).collect();
    if parts.is_empty() { axis.to_owned() } else { parts.join(", ") }
}

/// Numbers, those of one mark together, with the places where they are drawn.
struct PlacedNumbers<const N: usize>(Vec<([f64; N], BackendCoord)>);

impl<const N: usize> PlacedNumbers<N> {
    fn series(self, label: String, names: [&str; N]) -> SeriesPoints {
        let column = |index: usize| NamedNumbers {
            name: names[index].to_owned(),
            values: self.0.iter().map(|(row, _)| row[index]).collect(),
        };
        let columns = (0..N).map(column).collect();
        let at = self.0.iter().map(|&(_, at)| at).collect();
        SeriesPoints { label, cells: false, columns, at, thinned: 0 }
    }
}

fn of_mark(mark: &Mark, frame: &Frame, places: &[BackendCoord], label: String, [x, y]: [&str; 2]) -> SeriesPoints {
    let (area, inside) = (frame.area, |at: &BackendCoord| frame.area.holds(*at));
    let held = |a: f64, b: f64| frame.x.holds(a) && frame.y.holds(b);
    let middle = |a: f64, low: f64, high: f64| {
        (frame.x_at(a), (frame.y_at(low).min(area.bottom) + frame.y_at(high).max(area.top)) / 2)
    };
    match &mark.shape {
        Shape::Line(points, _) => {
            let drawn = points.iter().filter(|(a, b)| held(*a, *b)).map(|&(a, b)| ([a, b], frame.at(a, b)));
            let (kept, thinned) = thin(drawn.collect());
            SeriesPoints { thinned, ..PlacedNumbers(kept).series(label, [x, y]) }
        }
        Shape::Points(points) => {
            let kept: Vec<_> = points.iter().filter(|(a, b, _)| held(*a, *b)).collect();
            // where they are drawn: beside their places, where others would hide them
            let at = |index: usize, a: f64, b: f64| places.get(index).copied().unwrap_or_else(|| frame.at(a, b));
            let placed = kept.into_iter().enumerate().map(|(index, &(a, b, error))| (a, b, error, at(index, a, b)));
            let kept: Vec<_> = placed.collect();
            if kept.iter().any(|point| point.2 > 0.0) {
                let rows = kept.into_iter().map(|(a, b, error, at)| ([a, b, error], at));
                PlacedNumbers(rows.collect()).series(label, [x, y, "standard error"])
            } else {
                let (all, every) = (kept.len(), kept.len().div_ceil(MOST).max(1));
                let rows = kept.into_iter().step_by(every).map(|(a, b, _, at)| ([a, b], at));
                let rows: Vec<_> = rows.collect();
                SeriesPoints { thinned: all - rows.len(), ..PlacedNumbers(rows).series(label, [x, y]) }
            }
        }
        Shape::Coloured(points, _) => {
            let kept = points.iter().filter(|(a, b, _)| held(*a, *b));
            let rows = kept.map(|&(a, b, _)| ([a, b], frame.at(a, b)));
            let (kept, thinned) = thin(rows.collect());
            SeriesPoints { thinned, ..PlacedNumbers(kept).series(label, [x, y]) }
        }
        Shape::Stack(points, heights) => {
            let rows = points.iter().zip(heights).map(|(&(a, low, high), &own)| ([a, own], middle(a, low, high)));
            PlacedNumbers(rows.filter(|(_, at)| inside(at)).collect()).series(label, [x, y])
        }
        Shape::Band(points) => {
            let rows = points.iter().map(|&(a, low, high)| ([a, low, high], middle(a, low, high)));
            PlacedNumbers(rows.filter(|(_, at)| inside(at)).collect()).series(label, [x, "lower end", "upper end"])
        }
        Shape::Steps(bins) => {
            let top = |from: f64, to: f64, height: f64| ((frame.x_at(from) + frame.x_at(to)) / 2, frame.y_at(height));
            let rows = bins.iter().map(|&(from, to, height)| ([from, to, height], top(from, to, height)));
            PlacedNumbers(rows.filter(|(_, at)| inside(at)).collect()).series(label, [&format!("{x} from"), "to", y])
        }
        Shape::Arrows(arrows) => {
            let rows = arrows.iter().filter(|arrow| held(arrow[0], arrow[1]));
            let rows = rows.map(|&arrow| (arrow, frame.at(arrow[0], arrow[1]))).collect();
            PlacedNumbers(rows).series(label, [x, y, "across", "up"])
        }
        Shape::Verticals(values) => {
            let middle = (area.top + area.bottom) / 2;
            let rows = values.iter().filter(|&&a| frame.x.holds(a)).map(|&a| ([a], (frame.x_at(a), middle)));
            PlacedNumbers(rows.collect()).series(label, [x])
        }
        Shape::Horizontals(values) => {
            let middle = (area.left + area.right) / 2;
            let rows = values.iter().filter(|&&b| frame.y.holds(b)).map(|&b| ([b], (middle, frame.y_at(b))));
            PlacedNumbers(rows.collect()).series(label, [y])
        }
    }
}

type Vertex = ([f64; 2], BackendCoord);

/// Leaves out vertices that nobody could point at; with the number of them.
fn thin(vertices: Vec<Vertex>) -> (Vec<Vertex>, usize) {
    let all = vertices.len();
    let mut kept: Vec<Vertex> = Vec::new();
    for (index, vertex) in vertices.into_iter().enumerate() {
        let far = |last: &Vertex| {
            let (dx, dy) = (f64::from(vertex.1.0 - last.1.0), f64::from(vertex.1.1 - last.1.1));
            dx * dx + dy * dy >= NEAREST * NEAREST
        };
        if index + 1 == all || kept.last().is_none_or(far) {
            kept.push(vertex);
        }
    }
    let thinned = all - kept.len();
    (kept, thinned)
}

fn cells(map: &Heatmap, grid: &Grid, frame: &Frame, [x, y]: [&str; 2]) -> SeriesPoints {
    let wide = grid.xs.len();
    let value = exponent(axis(&map.label, "value"), map.exponent);
    let rows = grid.values.iter().enumerate().filter_map(|(index, value)| {
        let (a, b) = (grid.xs[index % wide], grid.ys[index / wide]);
        Some(([a, b, (*value)?], frame.at(a, b)))
    });
    let rows = rows.filter(|(_, at)| frame.area.holds(*at)).collect();
    SeriesPoints { cells: true, ..PlacedNumbers(rows).series(value.clone(), [x, y, &value]) }
}

fn residuals(
    contents: &[Content],
    panel: &Panel,
    content: &Content,
    (strip, style): (&Frame, &Style),
) -> Vec<SeriesPoints> {
    let x = exponent(axis(&panel.x.label, "x"), panel.x.exponent);
    let z = words(STRIP_LABEL);
    let mut found = Vec::new();
    for (deviation, drawn) in content.deviations.iter().zip(strip_marks(content, strip, style).traces) {
        let named = |mark: &&Mark| mark.label.is_some() && mark.split && mark.colour == deviation.colour;
        let value = contents.iter().flat_map(|content| &content.marks).find(named);
        let value = value.and_then(|mark| mark.label.as_ref()).map(|text| format!("{}, ", words(text)));
        let label = format!("{}residual", value.unwrap_or_default());
        let inside = deviation.points.iter().filter(|(a, b)| strip.x.holds(*a) && strip.y.holds(*b));
        let rows = inside.zip(drawn.places()).map(|(&(a, b), at)| ([a, b], at)).collect();
        found.push(PlacedNumbers(rows).series(label, [&x, &z]));
    }
    found
}

#[cfg(test)]
mod tests;
