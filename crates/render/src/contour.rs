//! Lines of equal value over a grid: marching squares on the bilinear field, joined into polylines.

use super::error::Problem;
use super::frame::{Area, Frame};
use super::resolve::{Content, Grid};
use super::template::fill_value;
use super::text::Ruler;
use neurodyn_figure::{Panel, Scale, Value};
use neurodyn_numerics::elementary::{exp, ln};
use plotters_backend::BackendCoord;
use std::collections::BTreeMap;

/// An edge of the grid: column, row and whether it runs upwards.
type Edge = (usize, usize, bool);

/// Longest side of a cell in which lines are straight (hundredths of a point), and most parts of a cell of the grid.
const CELL: f64 = 200.0;
const MOST_PARTS: f64 = 8.0;

/// The same field on cells too small to be seen: bilinear between the points of the grid, as scales of axes have it.
pub(super) fn refined(grid: &Grid, frame: &Frame) -> Grid {
    let (wide, high) = (grid.xs.len(), grid.ys.len());
    if wide < 2 || high < 2 {
        return grid.clone();
    }
    let parts = |length: i32, count: usize| {
        (f64::from(length) / (count - 1) as f64 / CELL).ceil().clamp(1.0, MOST_PARTS) as usize
    };
    let (across, up) = (parts(frame.area.width(), wide), parts(frame.area.height(), high));
    let mix = |a: f64, b: f64, t: f64, even: bool| match (t == 0.0, even) {
        (true, _) => a,
        (_, true) => a + t * (b - a),
        (_, false) => exp(ln(a) + t * (ln(b) - ln(a))),
    };
    let fine = |points: &[f64], parts: usize, scale: Scale| -> Vec<f64> {
        let inner = (0..(points.len() - 1) * parts).map(|i| {
            let (at, t) = (i / parts, (i % parts) as f64 / parts as f64);
            mix(points[at], points[at + 1], t, scale == Scale::Linear)
        });
        inner.chain(points.last().copied()).collect()
    };
    let (xs, ys) = (fine(&grid.xs, across, frame.x.scale), fine(&grid.ys, up, frame.y.scale));
    let value = |column: usize, row: usize| grid.values[row * wide + column];
    let mut values = Vec::with_capacity(xs.len() * ys.len());
    for j in 0..ys.len() {
        let (row, t) = (j / up, (j % up) as f64 / up as f64);
        for i in 0..xs.len() {
            let (column, s) = (i / across, (i % across) as f64 / across as f64);
            let along = |row: usize| match s == 0.0 {
                true => value(column, row),
                false => Some(mix(value(column, row)?, value(column + 1, row)?, s, !grid.log)),
            };
            values.push(match t == 0.0 {
                true => along(row),
                false => along(row).zip(along(row + 1)).map(|(a, b)| mix(a, b, t, !grid.log)),
            });
        }
    }
    Grid { xs, ys, values, log: grid.log }
}

/// Polylines on the page where the field has this value.
pub(super) fn contour(grid: &Grid, level: f64, frame: &Frame) -> Vec<Vec<BackendCoord>> {
    level_lines(&refined(grid, frame), level, frame)
}

/// Polylines on the page where the grid has this value.
pub(super) fn level_lines(grid: &Grid, level: f64, frame: &Frame) -> Vec<Vec<BackendCoord>> {
    let mut neighbours: BTreeMap<Edge, Vec<Edge>> = BTreeMap::new();
    for row in 0..grid.ys.len().saturating_sub(1) {
        for column in 0..grid.xs.len().saturating_sub(1) {
            for (a, b) in crossings(grid, level, column, row) {
                neighbours.entry(a).or_default().push(b);
                neighbours.entry(b).or_default().push(a);
            }
        }
    }
    let mut lines = Vec::new();
    // open lines first, from their ends; closed ones are left
    loop {
        let start =
            neighbours.iter().find(|(_, n)| n.len() == 1).or_else(|| neighbours.iter().find(|(_, n)| !n.is_empty()));
        let Some((&start, _)) = start else { break };
        let (mut line, mut here) = (vec![start], start);
        while let Some(next) = neighbours.get_mut(&here).and_then(Vec::pop) {
            if let Some(back) = neighbours.get_mut(&next)
                && let Some(index) = back.iter().position(|&edge| edge == here)
            {
                back.remove(index);
            }
            line.push(next);
            here = next;
        }
        lines.push(line.into_iter().map(|edge| position(grid, level, edge, frame)).collect());
    }
    lines
}

fn crossings(grid: &Grid, level: f64, column: usize, row: usize) -> Vec<(Edge, Edge)> {
    let value = |dx: usize, dy: usize| grid.values[(row + dy) * grid.xs.len() + column + dx];
    // a square with a corner missing has no line
    let (Some(a), Some(b), Some(c), Some(d)) = (value(0, 0), value(1, 0), value(1, 1), value(0, 1)) else {
        return Vec::new();
    };
    let above = [a, b, c, d].map(|v| v > level);
    let (bottom, right) = ((column, row, false), (column + 1, row, true));
    let (top, left) = ((column, row + 1, false), (column, row, true));
    let case = above.iter().enumerate().map(|(i, &a)| usize::from(a) << i).sum::<usize>();
    let middle = (a + b + c + d) / 4.0 > level;
    match case {
        1 | 14 => vec![(left, bottom)],
        2 | 13 => vec![(bottom, right)],
        3 | 12 => vec![(left, right)],
        4 | 11 => vec![(right, top)],
        6 | 9 => vec![(bottom, top)],
        7 | 8 => vec![(left, top)],
        // saddles: the middle decides which corners join
        5 if middle => vec![(left, top), (bottom, right)],
        10 if !middle => vec![(left, top), (bottom, right)],
        5 | 10 => vec![(left, bottom), (right, top)],
        _ => Vec::new(),
    }
}

fn position(grid: &Grid, level: f64, (column, row, upwards): Edge, frame: &Frame) -> BackendCoord {
    let other = if upwards { (column, row + 1) } else { (column + 1, row) };
    let value = |(c, r): (usize, usize)| grid.values[r * grid.xs.len() + c].unwrap_or(level);
    let at = |(c, r): (usize, usize)| frame.at(grid.xs[c], grid.ys[r]);
    let (from, to) = (value((column, row)), value(other));
    let share = match grid.log && from > 0.0 && to > 0.0 && level > 0.0 {
        true => ln(level / from) / ln(to / from),
        false => (level - from) / (to - from),
    };
    let ((x0, y0), (x1, y1)) = (at((column, row)), at(other));
    let mix = |a: i32, b: i32| (f64::from(a) + share * f64::from(b - a)).round() as i32;
    (mix(x0, x1), mix(y0, y1))
}

/// Labels on the contours of a panel: text, start of the baseline, room. Each stands as near the middle of its line as the
/// frame and the others leave room.
pub(super) fn contour_labels(
    panel: &Panel,
    content: &Content,
    frame: &Frame,
    ruler: &Ruler,
) -> Result<Vec<(String, BackendCoord, Area)>, Problem> {
    let inside = frame.area.grown(-ruler.style.inset);
    let mut placed: Vec<(String, BackendCoord, Area)> = Vec::new();
    for (lines, grid) in panel.contours.iter().zip(&content.contours) {
        let Some(template) = &lines.inline else { continue };
        for &level in &lines.levels {
            let text = fill_value(template, &Value::Number(level));
            let extent = ruler.note(&text)?;
            let longest = contour(grid, level, frame).into_iter().max_by_key(Vec::len).unwrap_or_default();
            let spots = [50, 60, 40, 70, 30, 80, 20, 90, 10].map(|percent| along(&longest, percent));
            let found = spots.into_iter().flatten().find_map(|(x, y)| {
                let at = (x - extent.width / 2, y + (extent.rise - extent.fall) / 2);
                let room = extent.at(at).grown(ruler.style.inset / 2);
                let free = inside.holds((room.left, room.top)) && inside.holds((room.right, room.bottom));
                (free && !placed.iter().any(|(_, _, other)| other.meets(&room))).then_some((at, room))
            });
            if let Some((at, room)) = found {
                placed.push((text, at, room));
            }
        }
    }
    Ok(placed)
}

/// The point at a share of the length of a polyline.
fn along(line: &[BackendCoord], percent: i64) -> Option<BackendCoord> {
    let step = |pair: &[BackendCoord]| {
        let (dx, dy) = (i64::from(pair[1].0 - pair[0].0), i64::from(pair[1].1 - pair[0].1));
        dx.abs().max(dy.abs())
    };
    let target = line.windows(2).map(step).sum::<i64>() * percent / 100;
    let mut passed = 0;
    line.windows(2).find_map(|pair| {
        passed += step(pair);
        (passed >= target).then_some(pair[1])
    })
}
