//! Marks that stay on each other: the lower ones are rings around the uppermost, each larger than the next.

use super::trace::{Spot, Trace};
use plotters_backend::BackendCoord;

/// How much larger each ring is (0.85 points), and how many there are at most around one mark.
const STEP: i32 = 85;
const MOST: i32 = 3;

/// Half the size of a ring, or of a mark without others on it.
pub(super) fn size_at(level: i32, size: i32) -> i32 {
    size + level * STEP
}

/// Makes rings of marks that later ones stand on.
pub(super) fn nest(traces: &mut [Trace], size: i32) {
    let marks = |found: &Trace| !found.swath && !found.dots;
    let mut all: Vec<(BackendCoord, usize, usize)> = Vec::new();
    for (series, found) in traces.iter().enumerate().filter(|(_, found)| marks(found)) {
        let drawn = found.spots.iter().enumerate().filter(|(_, spot)| spot.seen());
        all.extend(drawn.map(|(index, spot)| (spot.at, series, index)));
    }
    all.sort_unstable();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse((all[i].1, all[i].2)));
    for i in order {
        let (at, series, index) = all[i];
        let near = |j: &usize| {
            let (other, later, _) = all[*j];
            later > series && distance(at, other) <= size
        };
        let left = all.partition_point(|(other, ..)| other.0 < at.0 - size);
        let right = all.partition_point(|(other, ..)| other.0 <= at.0 + size);
        let above: Vec<Spot> = (left..right).filter(near).map(|j| traces[all[j].1].spots[all[j].2]).collect();
        let spot = &mut traces[series].spots[index];
        // what is the same number by definition is one mark
        if spot.exact && above.iter().any(|other| other.exact && distance(other.at, at) <= 20) {
            spot.drawn = false;
            continue;
        }
        spot.level = above.iter().map(|other| other.level + 1).max().unwrap_or(0).min(MOST);
    }
}

pub(super) fn distance(a: BackendCoord, b: BackendCoord) -> i32 {
    let (dx, dy) = (f64::from(a.0 - b.0), f64::from(a.1 - b.1));
    (dx * dx + dy * dy).sqrt().min(1e6) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_ones_are_rings() {
        let series = |places: &[BackendCoord], exact: bool| Trace {
            spots: places.iter().map(|&at| Spot { exact, ..Spot::at(at) }).collect(),
            ..Trace::default()
        };
        let rows = [(1000, 1000), (2000, 1000)];
        let mut traces = [series(&rows, false), series(&[(1050, 1000), (2400, 1000)], false), series(&rows, false)];
        nest(&mut traces, 185);
        let levels: Vec<Vec<i32>> = traces.iter().map(|t| t.spots.iter().map(|s| s.level).collect()).collect();
        assert_eq!(levels, [[2, 1], [1, 0], [0, 0]]);
        // one input of all series is one mark
        let mut traces = [series(&rows, true), series(&rows, true)];
        nest(&mut traces, 185);
        let drawn: Vec<Vec<bool>> = traces.iter().map(|t| t.spots.iter().map(|s| s.drawn).collect()).collect();
        assert_eq!(drawn, [[false, false], [true, true]]);
    }
}
