//! Marks with their numbers: what a panel names, looked up in the tables and checked.

use super::colour;
use super::data::{Marker, Palette, Rows, said, select, split};
use super::error::Problem;
use super::scale::number;
use super::style::{GREY, INK};
use super::template::{fill, fill_markup};
use crate::figure::{By, Cell, Colour, Colours, Dash, Geometry, Heatmap, Panel, Residual, Scale, Select, Series};
use crate::table::Table;
use plotters::style::RGBColor;

/// What is drawn for one part of a series.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Line(Vec<(f64, f64)>, Dash),
    /// Points; the third number is the standard error, or zero.
    Points(Vec<(f64, f64, f64)>),
    Band(Vec<(f64, f64, f64)>),
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
}

/// Values over a regular grid, row by row from low y.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub xs: Vec<f64>,
    pub ys: Vec<f64>,
    pub values: Vec<f64>,
}

/// Residuals of one part.
#[derive(Debug, Clone)]
pub(super) struct Deviation {
    pub points: Vec<(f64, f64)>,
    pub colour: RGBColor,
    pub marker: Marker,
}

/// All numbers of a panel.
pub(super) struct Content {
    pub marks: Vec<Mark>,
    pub heatmap: Option<Grid>,
    pub contours: Vec<Grid>,
    pub deviations: Vec<Deviation>,
}

/// Looks up what a panel names.
pub(super) fn resolve(panel: &Panel, tables: &[Table], palette: &Palette) -> Result<Content, Problem> {
    let logarithmic = (panel.x.scale == Scale::Log10, panel.y.scale == Scale::Log10);
    let mut marks = Vec::new();
    for series in &panel.series {
        marks.extend(series_marks(series, tables, palette, logarithmic)?);
    }
    let heatmap = match &panel.heatmap {
        Some(map) => Some(heatmap(map, tables, logarithmic)?),
        None => None,
    };
    let contour = |c: &crate::figure::Contour| grid(tables, &c.rows, (&c.x, &c.y, &c.value), logarithmic);
    let contours = panel.contours.iter().map(contour).collect::<Result<_, _>>()?;
    let mut deviations = Vec::new();
    for residual in &panel.residuals {
        deviations.extend(residuals(residual, tables, palette, logarithmic.0)?);
    }
    Ok(Content { marks, heatmap, contours, deviations })
}

/// The parts of a selection with their colours and values.
type Parts<'a> = Vec<(Rows<'a>, Option<(RGBColor, Marker)>, Option<Cell>)>;

fn parts<'a>(tables: &'a [Table], rows: &Select, by: Option<&By>, palette: &Palette) -> Result<Parts<'a>, Problem> {
    let rows = select(tables, rows)?;
    let Some(by) = by else { return Ok(vec![(rows, None, None)]) };
    let styled = |(value, part): (Cell, Rows<'a>)| {
        let style = palette.style(by, &value, &part)?;
        Ok((part, Some(style), Some(value)))
    };
    split(&rows, &by.column)?.into_iter().map(styled).collect()
}

/// The value in markup, put into a template.
pub(super) fn fill_cell(template: &str, value: &Cell) -> String {
    match value {
        Cell::Number(value) => fill(template, &number(*value), true),
        Cell::Text(value) => fill(template, value, false),
    }
}

/// The value, or the markup that stands for it, put into a template.
fn named_cell(template: &str, value: &Cell, names: &[(String, String)]) -> String {
    let name = match value {
        Cell::Text(text) => names.iter().find(|(named, _)| named == text),
        Cell::Number(_) => None,
    };
    name.map_or_else(|| fill_cell(template, value), |(_, name)| fill_markup(template, name))
}

fn series_marks(
    series: &Series,
    tables: &[Table],
    palette: &Palette,
    logarithmic: (bool, bool),
) -> Result<Vec<Mark>, Problem> {
    let mut marks = Vec::new();
    for (rows, style, value) in parts(tables, &series.rows, series.by.as_ref(), palette)? {
        let shape = shape(series, &rows, logarithmic)?;
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
                by.label.as_ref().map(|template| named_cell(template, shown.as_ref().unwrap_or(value), &by.names))
            }
            _ => series.label.clone(),
        };
        marks.push(Mark { shape, colour, marker, split: value.is_some(), label, key: series.key.clone() });
    }
    Ok(marks)
}

fn triples(a: Vec<f64>, b: Vec<f64>, c: Vec<f64>) -> Vec<(f64, f64, f64)> {
    a.into_iter().zip(b).zip(c).map(|((a, b), c)| (a, b, c)).collect()
}

fn shape(series: &Series, rows: &Rows<'_>, logarithmic: (bool, bool)) -> Result<Shape, Problem> {
    let x = || rows.on_scale(&series.x, logarithmic.0);
    let on_y = |column: &str| rows.on_scale(column, logarithmic.1);
    Ok(match &series.geometry {
        Geometry::Line { y, dash } => Shape::Line(x()?.into_iter().zip(on_y(y)?).collect(), *dash),
        Geometry::Points { y, stderr } => {
            let errors = match stderr {
                Some(stderr) => rows.numbers(stderr)?,
                None => vec![0.0; rows.rows.len()],
            };
            Shape::Points(triples(x()?, on_y(y)?, errors))
        }
        Geometry::Band { low, high } => Shape::Band(triples(x()?, on_y(low)?, on_y(high)?)),
        Geometry::Steps { upper, y } => {
            // empty bins have no height on a logarithmic scale; their tops lie below any range
            let heights = rows.numbers(y)?;
            Shape::Steps(triples(x()?, rows.on_scale(upper, logarithmic.0)?, heights))
        }
        Geometry::Arrows { y, u, v } => {
            let (x, y, u, v) = (x()?, on_y(y)?, rows.numbers(u)?, rows.numbers(v)?);
            Shape::Arrows((0..x.len()).map(|i| [x[i], y[i], u[i], v[i]]).collect())
        }
        Geometry::Verticals => Shape::Verticals(x()?),
        Geometry::Horizontals => Shape::Horizontals(on_y(&series.x)?),
    })
}

fn heatmap(map: &Heatmap, tables: &[Table], logarithmic: (bool, bool)) -> Result<Grid, Problem> {
    if map.log {
        select(tables, &map.rows)?.on_scale(&map.value, true)?;
    }
    grid(tables, &map.rows, (&map.x, &map.y, &map.value), logarithmic)
}

/// A tidy table as a grid.
fn grid(
    tables: &[Table],
    rows: &Select,
    (x, y, value): (&str, &str, &str),
    logarithmic: (bool, bool),
) -> Result<Grid, Problem> {
    let rows = select(tables, rows)?;
    let (across, up, values) =
        (rows.on_scale(x, logarithmic.0)?, rows.on_scale(y, logarithmic.1)?, rows.numbers(value)?);
    let distinct = |values: &[f64]| {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values
    };
    let (xs, ys) = (distinct(&across), distinct(&up));
    let mut cells: Vec<Option<f64>> = vec![None; xs.len() * ys.len()];
    for (index, value) in values.iter().enumerate() {
        let column = xs.partition_point(|&x| x < across[index]);
        let row = ys.partition_point(|&y| y < up[index]);
        cells[row * xs.len() + column] = Some(*value);
    }
    let complete: Option<Vec<f64>> = cells.into_iter().collect();
    match complete {
        Some(complete) if complete.len() == values.len() && xs.len() > 1 && ys.len() > 1 => {
            Ok(Grid { xs, ys, values: complete })
        }
        _ => Err(Problem::NoGrid {
            table: rows.table.name().to_owned(),
            x: x.to_owned(),
            y: y.to_owned(),
            count: values.len(),
            columns: xs.len(),
            rows: ys.len(),
        }),
    }
}

fn residuals(
    residual: &Residual,
    tables: &[Table],
    palette: &Palette,
    logarithmic: bool,
) -> Result<Vec<Deviation>, Problem> {
    let [mc, theory, stderr] = ["mc", "theory", "stderr"].map(|part| format!("{}_{part}", residual.quantity));
    let mut deviations = Vec::new();
    for (rows, style, _) in parts(tables, &residual.rows, residual.by.as_ref(), palette)? {
        let x = rows.on_scale(&residual.x, logarithmic)?;
        let (found, expected, errors) = (rows.numbers(&mc)?, rows.numbers(&theory)?, rows.numbers(&stderr)?);
        let corrections = match &residual.correction {
            Some(column) => rows.numbers(column)?,
            None => vec![0.0; x.len()],
        };
        let mut points = Vec::new();
        for i in 0..x.len() {
            let difference = found[i] - expected[i] - corrections[i];
            // what is not random (an input layer) agrees up to rounding
            let exact = difference.abs() <= 1e-12 * expected[i].abs().max(found[i].abs());
            points.push(match (exact && errors[i] == 0.0, difference / errors[i]) {
                (true, _) => (x[i], 0.0),
                (false, z) if z.is_finite() => (x[i], z),
                _ => {
                    let (table, quantity) = (rows.table.name().to_owned(), residual.quantity.clone());
                    return Err(Problem::NoError { table, column: stderr, quantity, difference });
                }
            });
        }
        let (colour, marker) = style.unwrap_or((INK, Marker::Circle));
        deviations.push(Deviation { points, colour, marker });
    }
    Ok(deviations)
}
