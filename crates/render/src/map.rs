//! Draws heat maps: a cell for each grid point, or one area for each step of colour between interpolated lines.

use super::brush::Brush;
use super::colour::ABSENT;
use super::contour::{level_lines, refined};
use super::error::Problem;
use super::frame::{Area, Frame};
use super::resolve::Grid;
use super::scale::Span;
use super::shade::Shade;
use super::thin::simplify;
use plotters::style::RGBColor;
use plotters_backend::BackendCoord;
use std::collections::BTreeMap;

/// Draws a heat map cell by cell.
pub(super) fn cells(brush: &Brush, grid: &Grid, frame: &Frame, shade: &Shade) -> Result<(), Problem> {
    let area = &frame.area;
    let across: Vec<i32> = grid.xs.iter().map(|&x| frame.x_at(x)).collect();
    let up: Vec<i32> = grid.ys.iter().map(|&y| frame.y_at(y)).collect();
    let (across, up) = (edges(&across, area.left, area.right), edges(&up, area.top, area.bottom));
    // one path for each colour, runs of equal colour merged
    let mut found: BTreeMap<(u8, u8, u8), Vec<Area>> = BTreeMap::new();
    for row in 0..grid.ys.len() {
        let (top, bottom) = (up[row + 1].min(up[row]), up[row + 1].max(up[row]));
        let mut run: Option<((u8, u8, u8), Area)> = None;
        for column in 0..grid.xs.len() {
            let RGBColor(r, g, b) = shade.cell(grid.values[row * grid.xs.len() + column]);
            let (left, right) = (across[column].min(across[column + 1]), across[column].max(across[column + 1]));
            let cell = Area { left, right, top, bottom };
            run = match run {
                Some((same, area)) if same == (r, g, b) => {
                    Some((same, Area { left: area.left.min(left), right: area.right.max(right), ..area }))
                }
                done => {
                    if let Some((colour, area)) = done {
                        found.entry(colour).or_default().push(area);
                    }
                    Some(((r, g, b), cell))
                }
            };
        }
        if let Some((colour, area)) = run {
            found.entry(colour).or_default().push(area);
        }
    }
    brush.pen.crisp(true);
    for ((r, g, b), areas) in &found {
        for area in areas.iter().filter(|area| area.width() > 0 && area.height() > 0) {
            brush.fill(area, RGBColor(*r, *g, *b))?;
        }
    }
    brush.pen.crisp(false);
    Ok(())
}

/// Edges of cells around grid points: halfway between neighbours, the frame around a single one.
fn edges(centres: &[i32], low: i32, high: i32) -> Vec<i32> {
    if centres.len() < 2 {
        return if low < high { vec![low, high] } else { vec![high, low] };
    }
    let (first, last) = (centres[0], centres[centres.len() - 1]);
    let count = centres.len();
    let mut edges = vec![first - (centres[1] - first) / 2];
    edges.extend(centres.windows(2).map(|pair| (pair[0] + pair[1]) / 2));
    edges.push(last + (last - centres[count - 2]) / 2);
    edges.into_iter().map(|edge| edge.clamp(low.min(high), low.max(high))).collect()
}

/// Lower than every position of a bar.
const GROUND: f64 = -1e9;
/// Lower still: outside of the grid, and where there is no value.
const NOTHING: f64 = -1e30;

/// Draws a heat map as areas above rising levels, each on those below it, so that no seams show.
pub(super) fn smooth(brush: &Brush, grid: &Grid, frame: &Frame, shade: &Shade) -> Result<(), Problem> {
    let positions: Vec<Option<f64>> = grid.values.iter().map(|value| value.map(|v| shade.position(v))).collect();
    let framed = framed(frame, &refined(&Grid { values: positions.clone(), log: false, ..grid.clone() }, frame));
    let present: Vec<f64> = positions.iter().copied().flatten().collect();
    let least = present.iter().copied().fold(f64::INFINITY, f64::min);
    let most = present.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if positions.contains(&None) {
        brush.fill(&frame.area, ABSENT)?;
    }
    let steps = shade.boxes();
    // a plateau at an edge lies above it
    let edge = |step: usize| step as f64 / steps as f64 - 1e-9;
    // the lowest level that not all values exceed has all of the grid
    let mut levels = vec![(GROUND, shade.colour(-1.0))];
    levels.extend((0..steps).map(|step| (edge(step), shade.colour((step as f64 + 0.5) / steps as f64))));
    if shade.beyond.1 {
        levels.push((1.0 + 1e-9, shade.colour(2.0)));
    }
    let first = levels.iter().rposition(|&(level, _)| level <= least.min(1.0 - 0.5 / steps as f64)).unwrap_or(0);
    for (index, &(level, colour)) in levels.iter().enumerate().skip(first) {
        let level = if index == first { GROUND } else { level };
        if level >= most {
            break;
        }
        let loops: Vec<Vec<BackendCoord>> = level_lines(&framed, level, frame);
        brush.pen.region(&loops.into_iter().map(closed).collect::<Vec<_>>(), colour);
    }
    Ok(())
}

/// A closed line without vertices that nobody would miss.
fn closed(line: Vec<BackendCoord>) -> Vec<BackendCoord> {
    // in halves, since a line that ends where it starts has no direction
    let middle = line.len() / 2;
    let mut thin = simplify(line[..=middle.min(line.len() - 1)].to_vec());
    thin.pop();
    thin.extend(simplify(line[middle..].to_vec()));
    thin
}

/// The grid in a ring of nothing at its own border, so that lines of equal value close; or at the frame, where that is less than a cell further
/// out, as beside a map of cells.
fn framed(frame: &Frame, grid: &Grid) -> Grid {
    let (wide, high) = (grid.xs.len(), grid.ys.len());
    let (xs, ys) = (widened(&grid.xs, &frame.x), widened(&grid.ys, &frame.y));
    let inner = |at: usize, count: usize| at.saturating_sub(2).min(count - 1);
    let mut values = Vec::with_capacity(xs.len() * ys.len());
    for row in 0..ys.len() {
        for column in 0..xs.len() {
            let edge = row == 0 || column == 0 || row + 1 == ys.len() || column + 1 == xs.len();
            let value = grid.values[inner(row, high) * wide + inner(column, wide)];
            values.push(Some(if edge { NOTHING } else { value.unwrap_or(NOTHING) }));
        }
    }
    Grid { xs, ys, values, log: false }
}

/// Grid points with the ends of the area that they stand for, twice each.
fn widened(points: &[f64], span: &Span) -> Vec<f64> {
    let ([first, second, ..], [.., before, last]) = (points, points) else { return points.to_vec() };
    let place = |value: f64| span.fraction(value);
    // points of the refined grid are at least an eighth of a cell apart
    let near =
        |limit: f64, end: f64, next: f64| (place(limit) - place(end)).abs() < 8.0 * (place(end) - place(next)).abs();
    let (low, high) = (span.low.min(*first), span.high.max(*last));
    let low = if near(low, *first, *second) { low } else { *first };
    let high = if near(high, *last, *before) { high } else { *last };
    [&[low, low], points, &[high, high]].concat()
}
