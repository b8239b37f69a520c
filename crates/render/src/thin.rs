//! Fewer vertices and points where nobody could see them all, so that files stay small.

use plotters_backend::BackendCoord;
use std::collections::BTreeSet;

/// How far a drawn line may move, in hundredths of a point.
const TOLERANCE: f64 = 2.0;
/// Vertices that are thinned together; ends of chunks stay, so the work grows with their number alone.
const CHUNK: usize = 1024;
/// Sets larger than this are drawn as dots.
pub(super) const MANY: usize = 5000;
/// Most dots that are drawn.
const MOST: f64 = 70_000.0;

/// A polyline without the vertices that move it by no more than the tolerance (Douglas and Peucker, in fixed chunks, after
/// runs inside one column of the tolerance have become their first, least, greatest and last vertex).
pub(super) fn simplify(line: Vec<BackendCoord>) -> Vec<BackendCoord> {
    if line.len() < 3 {
        return line;
    }
    let line = columns(&line);
    let mut kept = vec![line[0]];
    let mut start = 0;
    while start + 1 < line.len() {
        let end = (start + CHUNK).min(line.len() - 1);
        keep(&line[start..=end], &mut kept);
        start = end;
    }
    kept
}

/// Runs inside one column become at most four vertices.
fn columns(line: &[BackendCoord]) -> Vec<BackendCoord> {
    let column = |point: &BackendCoord| point.0.div_euclid(TOLERANCE as i32);
    let mut kept = Vec::new();
    for run in line.chunk_by(|a, b| column(a) == column(b)) {
        if run.len() <= 4 {
            kept.extend_from_slice(run);
            continue;
        }
        let extreme = |sign: i32| {
            let best = run.iter().enumerate().max_by_key(|(index, point)| (sign * point.1, usize::MAX - index));
            best.map_or(0, |(index, _)| index)
        };
        let mut indices = [0, extreme(1), extreme(-1), run.len() - 1];
        indices.sort_unstable();
        kept.extend(
            indices.iter().enumerate().filter(|&(i, &at)| i == 0 || indices[i - 1] != at).map(|(_, &at)| run[at]),
        );
    }
    kept
}

/// Adds the vertices of a chunk that matter, without its first.
fn keep(chunk: &[BackendCoord], kept: &mut Vec<BackendCoord>) {
    let mut needed = vec![false; chunk.len()];
    let mut open = vec![(0, chunk.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let mut farthest = (TOLERANCE, from);
        for index in from + 1..to {
            let off = offset(chunk[index], chunk[from], chunk[to]);
            if off > farthest.0 {
                farthest = (off, index);
            }
        }
        let (_, middle) = farthest;
        if middle > from {
            needed[middle] = true;
            open.extend([(from, middle), (middle, to)]);
        }
    }
    needed[chunk.len() - 1] = true;
    kept.extend(chunk.iter().zip(&needed).skip(1).filter(|(_, needed)| **needed).map(|(point, _)| *point));
}

/// Distance of a point from a segment.
fn offset(point: BackendCoord, from: BackendCoord, to: BackendCoord) -> f64 {
    let vector = |a: BackendCoord, b: BackendCoord| (f64::from(b.0) - f64::from(a.0), f64::from(b.1) - f64::from(a.1));
    let ((dx, dy), (px, py)) = (vector(from, to), vector(from, point));
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 { ((px * dx + py * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (px - along * dx, py - along * dy);
    (x * x + y * y).sqrt()
}

/// Which of many points are drawn: the first in each cell of a grid so fine that dots of this size fill it.
pub(super) fn sparse(points: &[BackendCoord], dot: i32) -> Vec<usize> {
    if points.len() <= MANY {
        return (0..points.len()).collect();
    }
    let bound = |of: fn(&BackendCoord) -> i32| {
        let values = points.iter().map(of);
        f64::from(values.clone().max().unwrap_or(0)) - f64::from(values.min().unwrap_or(0)) + 1.0
    };
    let coarse = (bound(|p| p.0) * bound(|p| p.1) / MOST).sqrt().ceil() as i32;
    let cell = coarse.max(dot / 2).max(1);
    let mut taken = BTreeSet::new();
    let free =
        |&(_, point): &(usize, &BackendCoord)| taken.insert((point.0.div_euclid(cell), point.1.div_euclid(cell)));
    points.iter().enumerate().filter(free).map(|(index, _)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Largest distance of the vertices of a line from another line.
    fn moved(line: &[BackendCoord], kept: &[BackendCoord]) -> f64 {
        let near = |point: &BackendCoord| {
            kept.windows(2).map(|pair| offset(*point, pair[0], pair[1])).fold(f64::INFINITY, f64::min)
        };
        line.iter().map(near).fold(0.0, f64::max)
    }

    proptest! {
        #[test]
        fn lines_hardly_move(steps in proptest::collection::vec((-40..40i32, -400..400i32), 3..300)) {
            let mut at = (0, 0);
            let line: Vec<BackendCoord> = steps.iter().map(|&(dx, dy)| { at = (at.0 + dx, at.1 + dy); at }).collect();
            let kept = simplify(line.clone());
            prop_assert_eq!((kept.first(), kept.last()), (line.first(), line.last()));
            // the column is as wide as the tolerance, and what is left is moved by no more than another
            prop_assert!(moved(&line, &kept) <= 2.0 * TOLERANCE + 1e-9, "{}", moved(&line, &kept));
            prop_assert!(kept.len() <= line.len());
        }

        #[test]
        fn every_point_has_a_dot_nearby(count in 5001..9000usize, seed in 1..1000i32) {
            let spread = |i: usize, by: i32| (i as i32).wrapping_mul(by).rem_euclid(20_000);
            let points: Vec<BackendCoord> = (0..count).map(|i| (spread(i, 7919 * seed), spread(i, 104_729))).collect();
            let kept = sparse(&points, 60);
            prop_assert!(kept.len() <= MOST as usize);
            let drawn: Vec<BackendCoord> = kept.iter().map(|&index| points[index]).collect();
            for point in points.iter().step_by(97) {
                let near = drawn.iter().any(|d| (d.0 - point.0).abs() <= 120 && (d.1 - point.1).abs() <= 120);
                prop_assert!(near);
            }
        }
    }

    #[test]
    fn straight_lines_keep_their_ends_alone() {
        let line: Vec<BackendCoord> = (0..5000).map(|i| (i * 10, i * 20)).collect();
        assert!(simplify(line).len() <= 6);
    }
}
