//! Marks with their numbers: what a panel names, looked up in the tables and checked.

use super::absent::Absent;
use super::colour;
use super::data::{Marker, Palette, SelectedRows, said, select, split};
use super::error::Problem;
use super::ranges::edges;
use super::style::GREY;
use super::template::{fill_markup, fill_value};
use neurodyn_figure::{
    By, Colour, ColourMap, Colours, Contour, Dash, Geometry, Guide, Heatmap, Marked, Panel, Rule, Scale, Select,
    Series, Value,
};
use neurodyn_table::Table;
use plotters::style::RGBColor;

/// What is drawn for one part of a series.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Line(Vec<(f64, f64)>, Dash),
    /// Points; the third number is the standard error, or zero.
    Points(Vec<(f64, f64, f64)>),
    Band(Vec<(f64, f64, f64)>),
    /// A band that fills its place in a stack, and its own heights.
    Stack(Vec<(f64, f64, f64)>, Vec<f64>),
    /// A line whose third number is a colour from 0 to 1.
    Coloured(Vec<(f64, f64, f64)>, ColourMap),
    /// Lower edge, upper edge, height.
    Steps(Vec<(f64, f64, f64)>),
    Arrows(Vec<[f64; 4]>),
    Verticals(Vec<f64>),
    Horizontals(Vec<f64>),
}

/// One part of a series.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub shape: Shape,
    pub colour: RGBColor,
    pub marker: Marker,
    /// Whether it is one of several values.
    pub split: bool,
    pub label: Option<String>,
    pub key: Option<String>,
    /// Which series of the panel it belongs to, and which part of that it shows.
    pub origin: (usize, usize),
    /// Whether its label stands where its line ends.
    pub at_end: bool,
    /// Whether its markers stay where their values are.
    pub in_place: bool,
    pub look: Look,
}

/// What the size of the frame says of points.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    /// Whether they are so dense that they are drawn as a line with a band; nothing before it is known.
    pub dense: Option<bool>,
    /// Whether any of their error bars is longer than its marker.
    pub bars: Option<bool>,
    /// Whether the legend says here that no bar of the figure is.
    pub says_small: bool,
}

impl Mark {
    /// The number of its points, if they have standard errors and are those of a function.
    pub fn is_curve(&self) -> Option<usize> {
        let Shape::Points(points) = &self.shape else { return None };
        (self.has_errors() && points.windows(2).all(|pair| pair[0].0 < pair[1].0)).then_some(points.len())
    }

    /// Whether it has standard errors.
    pub fn has_errors(&self) -> bool {
        matches!(&self.shape, Shape::Points(points) if points.iter().any(|point| point.2 > 0.0))
    }
}

/// Values over a regular grid, row by row from low y; `None` where there is none. It may be empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    pub xs: Vec<f64>,
    pub ys: Vec<f64>,
    pub values: Vec<Option<f64>>,
    /// Whether it is the logarithm that changes evenly between points.
    pub log: bool,
}

impl Grid {
    /// The same field continued over the outer half of the cells at its borders.
    fn to_edges(&self, (x, y): (Scale, Scale)) -> Self {
        let (wide, high) = (self.xs.len(), self.ys.len());
        if wide < 2 || high < 2 {
            return self.clone();
        }
        let value = |column: usize, row: usize| self.values[row * wide + column];
        // half a step on from the last two of a row or a column, if they are there
        let beyond = |last: Option<f64>, before: Option<f64>| match (last?, before) {
            (last, Some(before)) if self.log => Some(last * (last / before).sqrt()),
            (last, Some(before)) => Some(last + (last - before) / 2.0),
            (last, None) => Some(last),
        };
        let row = |row: usize| -> Vec<Option<f64>> {
            let inner = (0..wide).map(|column| value(column, row));
            let first = beyond(value(0, row), value(1, row));
            let last = beyond(value(wide - 1, row), value(wide - 2, row));
            [first].into_iter().chain(inner).chain([last]).collect()
        };
        let mut rows: Vec<Vec<Option<f64>>> = (0..high).map(row).collect();
        let edge = |near: &[Option<f64>], far: &[Option<f64>]| -> Vec<Option<f64>> {
            near.iter().zip(far).map(|(&near, &far)| beyond(near, far)).collect()
        };
        let (first, last) = (edge(&rows[0], &rows[1]), edge(&rows[high - 1], &rows[high - 2]));
        rows.insert(0, first);
        rows.push(last);
        let wider = |points: &[f64], scale: Scale| {
            let ends = edges(points, scale);
            ends.first().copied().into_iter().chain(points.iter().copied()).chain(ends.last().copied()).collect()
        };
        Self { xs: wider(&self.xs, x), ys: wider(&self.ys, y), values: rows.concat(), log: self.log }
    }

    /// The values that are there.
    pub fn present(&self) -> impl Iterator<Item = f64> {
        self.values.iter().copied().flatten()
    }
}

/// Residuals of one part.
#[derive(Debug, Clone)]
pub(super) struct Deviation {
    /// Those of what is random; what is not is as it should be, and no residual.
    pub points: Vec<(f64, f64)>,
    /// Whether it is one of those of several layers, or its points are; all layers are of the same networks.
    pub layers: bool,
    pub colour: RGBColor,
    pub marker: Marker,
}

/// All numbers of a panel.
pub(super) struct Content {
    pub marks: Vec<Mark>,
    pub heatmap: Option<Grid>,
    pub contours: Vec<Grid>,
    pub deviations: Vec<Deviation>,
    /// The order of labels in the legend, where the marks no longer have it: labels with their colours.
    pub order: Vec<(String, RGBColor)>,
    /// Guides with names, which are empty where another line has the name.
    pub marked: Vec<(Rule, String)>,
    pub absent: Absent,
    /// Half the size of markers, the same in all panels of a figure; nothing before it is known.
    pub marker: Option<i32>,
}

impl Content {
    /// Whether a panel that names data has none.
    pub fn is_empty(&self, panel: &Panel) -> bool {
        let named = panel.heatmap.is_some() || !panel.contours.is_empty() || !panel.series.is_empty();
        let grids = self.heatmap.iter().chain(&self.contours).any(|grid| grid.present().next().is_some());
        named && self.marks.is_empty() && self.deviations.is_empty() && !grids
    }
}

/// Looks up what a panel names.
pub(super) fn resolve(panel: &Panel, tables: &[Table], palette: &Palette) -> Result<Content, Problem> {
    let logarithmic = (panel.x.scale == Scale::Log10, panel.y.scale == Scale::Log10);
    let mut lookup = Lookup { tables, palette, logarithmic, absent: Absent::default() };
    let mut marks = Vec::new();
    for (index, series) in panel.series.iter().enumerate() {
        marks.extend(lookup.marks(index, series)?);
    }
    level(&mut marks);
    let heatmap = panel.heatmap.as_ref().map(|map| lookup.heatmap(map)).transpose()?;
    let contours = panel.contours.iter().map(|contour| lookup.contour(contour)).collect::<Result<_, _>>()?;
    let mut deviations = Vec::new();
    for residual in &panel.residuals {
        deviations.extend(lookup.residuals(residual)?);
    }
    let marked = panel.marked.iter().map(|marked| lookup.marked(marked)).collect::<Result<Vec<_>, _>>()?.concat();
    let heatmap = heatmap.filter(|grid| !grid.values.is_empty());
    let cells = panel.heatmap.as_ref().is_some_and(|map| !map.smooth);
    let mut contours: Vec<Grid> = contours;
    for grid in &mut contours {
        grid.log = panel.heatmap.as_ref().is_some_and(|map| map.log) && grid.present().all(|value| value > 0.0);
        if cells {
            *grid = grid.to_edges((panel.x.scale, panel.y.scale));
        }
    }
    let absent = lookup.absent;
    let mut content = Content { marks, heatmap, contours, deviations, order: Vec::new(), marked, absent, marker: None };
    if !content.is_empty(panel) {
        content.absent.forget_empty_tables();
    }
    Ok(content)
}

/// Spreads the colours of lines that have one along their length over the panel.
fn level(marks: &mut [Mark]) {
    let values = |mark: &Mark| match &mark.shape {
        Shape::Coloured(points, _) => points.iter().map(|point| point.2).collect(),
        _ => Vec::new(),
    };
    let all: Vec<f64> = marks.iter().flat_map(values).collect();
    let (low, high) = all.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
    for mark in marks {
        if let Shape::Coloured(points, _) = &mut mark.shape {
            points.iter_mut().for_each(|p| p.2 = if high > low { (p.2 - low) / (high - low) } else { 0.5 });
        }
    }
}

/// The parts of a selection with their colours and values.
pub(super) type Parts<'a> = Vec<(SelectedRows<'a>, Option<(RGBColor, Marker)>, Option<Value>)>;

/// The value, or the markup that stands for it, put into a template.
fn named_value(template: &str, value: &Value, names: &[(String, String)]) -> String {
    let name = match value {
        Value::Text(text) => names.iter().find(|(named, _)| named == text),
        Value::Number(_) => None,
    };
    name.map_or_else(|| fill_value(template, value), |(_, name)| fill_markup(template, name))
}

/// Rows in which no column lacks its number, in runs that nothing interrupts.
pub(super) fn runs<const N: usize>(columns: [Vec<Option<f64>>; N]) -> Vec<Vec<[f64; N]>> {
    let complete = |row: usize| {
        let cells = columns.each_ref().map(|column| column[row]);
        cells.iter().all(Option::is_some).then(|| cells.map(Option::unwrap_or_default))
    };
    let rows: Vec<Option<[f64; N]>> = (0..columns[0].len()).map(complete).collect();
    let runs = rows.split(Option::is_none).filter(|run| !run.is_empty());
    runs.map(|run| run.iter().copied().flatten().collect()).collect()
}

/// All those rows as one shape; none if there are none.
fn whole<const N: usize, T>(
    columns: [Vec<Option<f64>>; N],
    point: impl Fn([f64; N]) -> T,
    shape: impl Fn(Vec<T>) -> Shape,
) -> Vec<Shape> {
    let points: Vec<T> = runs(columns).into_iter().flatten().map(point).collect();
    if points.is_empty() { Vec::new() } else { vec![shape(points)] }
}

/// Puts an area on top of what is piled up at its abscissae.
fn pile(shape: &mut Shape, piled: &mut Vec<(f64, f64)>) {
    let Shape::Stack(points, _) = shape else { return };
    for (x, low, high) in points {
        let at = piled.iter().position(|(known, _)| known == x).unwrap_or_else(|| {
            piled.push((*x, 0.0));
            piled.len() - 1
        });
        *low = piled[at].1;
        *high += *low;
        piled[at].1 = *high;
    }
}

/// A panel being looked up.
pub(super) struct Lookup<'a> {
    tables: &'a [Table],
    palette: &'a Palette,
    logarithmic: (bool, bool),
    absent: Absent,
}

impl<'a> Lookup<'a> {
    fn rows(&mut self, selection: &Select) -> Result<SelectedRows<'a>, Problem> {
        let rows = select(self.tables, selection)?;
        if rows.rows.is_empty() {
            self.absent.selection(selection);
        }
        Ok(rows)
    }

    pub(super) fn parts(&mut self, rows: &Select, by: Option<&By>) -> Result<Parts<'a>, Problem> {
        let rows = self.rows(rows)?;
        let Some(by) = by else { return Ok(vec![(rows, None, None)]) };
        let styled = |(value, part): (Value, SelectedRows<'a>)| {
            let style = self.palette.style(by, &value, &part)?;
            Ok((part, Some(style), Some(value)))
        };
        split(&rows, &by.column)?.into_iter().map(styled).collect()
    }

    pub(super) fn across(&mut self, rows: &SelectedRows<'_>, column: &str) -> Result<Vec<Option<f64>>, Problem> {
        rows.numbers(column, self.logarithmic.0, &mut self.absent)
    }

    fn up(&mut self, rows: &SelectedRows<'_>, column: &str) -> Result<Vec<Option<f64>>, Problem> {
        rows.numbers(column, self.logarithmic.1, &mut self.absent)
    }

    pub(super) fn plain(&mut self, rows: &SelectedRows<'_>, column: &str) -> Result<Vec<Option<f64>>, Problem> {
        rows.numbers(column, false, &mut self.absent)
    }

    fn marks(&mut self, index: usize, series: &Series) -> Result<Vec<Mark>, Problem> {
        let mut marks = Vec::new();
        let mut piled: Vec<(f64, f64)> = Vec::new();
        for (part, (rows, style, value)) in self.parts(&series.rows, series.by.as_ref())?.into_iter().enumerate() {
            let lone = match &series.geometry {
                Geometry::Points { stderr: None, .. } => Marker::Ring,
                _ => Marker::Circle,
            };
            let guide =
                matches!(series.geometry, Geometry::Verticals | Geometry::Horizontals) && series.colour == Colour::Ink;
            let own = if guide { GREY } else { colour::named(series.colour) };
            let (colour, marker) = style.unwrap_or((own, lone));
            let label = match (&series.by, &value) {
                (Some(by), Some(value)) => {
                    let shown = match &by.colours {
                        Colours::Phase(column) if *column != by.column => said(&rows, column)?,
                        _ => None,
                    };
                    by.label.as_ref().map(|template| named_value(template, shown.as_ref().unwrap_or(value), &by.names))
                }
                _ => series.label.clone(),
            };
            let mark = |shape| Mark {
                shape,
                colour,
                marker,
                split: value.is_some(),
                label: label.clone(),
                key: series.key.clone(),
                origin: (index, part),
                at_end: series.at_end,
                in_place: series.in_place,
                look: Look::default(),
            };
            let mut shapes = self.shapes(series, &rows)?;
            shapes.iter_mut().for_each(|shape| pile(shape, &mut piled));
            marks.extend(shapes.into_iter().map(mark));
        }
        Ok(marks)
    }

    /// Lines and bands are cut where a number is missing.
    fn shapes(&mut self, series: &Series, rows: &SelectedRows<'_>) -> Result<Vec<Shape>, Problem> {
        let triple = |[a, b, c]: [f64; 3]| (a, b, c);
        Ok(match &series.geometry {
            Geometry::Line { y, dash } => {
                let cut = runs([self.across(rows, &series.x)?, self.up(rows, y)?]);
                self.absent.forget_breaks(rows.table.name(), [&series.x, y]);
                cut.into_iter().map(|run| Shape::Line(run.into_iter().map(|[x, y]| (x, y)).collect(), *dash)).collect()
            }
            Geometry::Points { y, stderr } => {
                let errors = match stderr {
                    Some(stderr) => self.plain(rows, stderr)?,
                    None => vec![Some(0.0); rows.rows.len()],
                };
                whole([self.across(rows, &series.x)?, self.up(rows, y)?, errors], triple, Shape::Points)
            }
            Geometry::Band { low, high } => {
                let cut = runs([self.across(rows, &series.x)?, self.up(rows, low)?, self.up(rows, high)?]);
                cut.into_iter().map(|run| Shape::Band(run.into_iter().map(triple).collect())).collect()
            }
            Geometry::Stack { y } => {
                let cut = runs([self.across(rows, &series.x)?, self.plain(rows, y)?]);
                let of = |run: Vec<[f64; 2]>| {
                    let heights = run.iter().map(|[_, y]| *y).collect();
                    Shape::Stack(run.into_iter().map(|[x, y]| (x, 0.0, y)).collect(), heights)
                };
                cut.into_iter().map(of).collect()
            }
            Geometry::Coloured { y, value, map } => {
                let cut = runs([self.across(rows, &series.x)?, self.up(rows, y)?, self.plain(rows, value)?]);
                cut.into_iter().map(|run| Shape::Coloured(run.into_iter().map(triple).collect(), *map)).collect()
            }
            Geometry::Steps { upper, y } => {
                // empty bins have no height on a logarithmic scale; their tops lie below any range
                let columns = [self.across(rows, &series.x)?, self.across(rows, upper)?, self.plain(rows, y)?];
                whole(columns, triple, Shape::Steps)
            }
            Geometry::Arrows { y, u, v } => {
                let place = [self.across(rows, &series.x)?, self.up(rows, y)?];
                let [x, y] = place;
                whole([x, y, self.plain(rows, u)?, self.plain(rows, v)?], |arrow| arrow, Shape::Arrows)
            }
            Geometry::Verticals => whole([self.across(rows, &series.x)?], |[x]| x, Shape::Verticals),
            Geometry::Horizontals => whole([self.up(rows, &series.x)?], |[y]| y, Shape::Horizontals),
        })
    }

    /// The lines of a named guide, rising, with the name on the first.
    fn marked(&mut self, marked: &Marked) -> Result<Vec<(Rule, String)>, Problem> {
        let mut values = match &marked.guide {
            Guide::At(rule) => return Ok(vec![(*rule, marked.label.clone())]),
            Guide::Verticals(rows, column) => {
                let rows = self.rows(rows)?;
                self.across(&rows, column)?
            }
            Guide::Horizontals(rows, column) => {
                let rows = self.rows(rows)?;
                self.up(&rows, column)?
            }
        };
        values.sort_by(|a, b| a.unwrap_or(f64::INFINITY).total_cmp(&b.unwrap_or(f64::INFINITY)));
        values.dedup();
        let rule = if matches!(marked.guide, Guide::Verticals(..)) { Rule::Vertical } else { Rule::Horizontal };
        let name = |index: usize| if index == 0 { marked.label.clone() } else { String::new() };
        Ok(values.into_iter().flatten().enumerate().map(|(index, value)| (rule(value), name(index))).collect())
    }

    fn heatmap(&mut self, map: &Heatmap) -> Result<Grid, Problem> {
        // a bar of fixed range shows what lies beyond its low end in the colour of that end
        let grid = self.grid(&map.rows, (&map.x, &map.y, &map.value), map.log && map.range.is_none())?;
        if map.blanks_explained {
            self.absent.forget_missing(&map.rows.table, &map.value);
        }
        Ok(Grid { log: map.log, ..grid })
    }

    fn contour(&mut self, contour: &Contour) -> Result<Grid, Problem> {
        self.grid(&contour.rows, (&contour.x, &contour.y, &contour.value), false)
    }

    /// A tidy table as a grid.
    fn grid(&mut self, rows: &Select, (x, y, value): (&str, &str, &str), positive: bool) -> Result<Grid, Problem> {
        let rows = self.rows(rows)?;
        let values = rows.numbers(value, positive, &mut self.absent)?;
        let (across, up) = (self.across(&rows, x)?, self.up(&rows, y)?);
        let placed: Vec<(f64, f64, Option<f64>)> =
            across.iter().zip(&up).zip(values).filter_map(|((x, y), value)| Some(((*x)?, (*y)?, value))).collect();
        let distinct = |of: fn(&(f64, f64, Option<f64>)) -> f64| {
            let mut values: Vec<f64> = placed.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            values
        };
        let (xs, ys) = (distinct(|cell| cell.0), distinct(|cell| cell.1));
        let mut cells: Vec<Option<Option<f64>>> = vec![None; xs.len() * ys.len()];
        // a point that the experiment file names twice is one
        let mut twofold = false;
        for &(across, up, value) in &placed {
            let column = xs.partition_point(|&x| x < across);
            let row = ys.partition_point(|&y| y < up);
            let cell = &mut cells[row * xs.len() + column];
            twofold |= cell.is_some_and(|other| other != value);
            *cell = Some(value);
        }
        let complete: Option<Vec<Option<f64>>> = cells.into_iter().collect();
        match complete {
            Some(values) if !twofold => Ok(Grid { xs, ys, values, log: false }),
            _ => Err(Problem::NoGrid {
                table: rows.table.name().to_owned(),
                x: x.to_owned(),
                y: y.to_owned(),
                count: placed.len(),
                columns: xs.len(),
                rows: ys.len(),
            }),
        }
    }
}
