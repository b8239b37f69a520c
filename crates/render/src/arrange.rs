//! Points that hide nothing: one size a panel, side by side where they would cover each other, lines with bands where they are too many.

use super::frame::{Area, Frame};
use super::resolve::{Content, Mark, Shape};
use super::style::Style;
use super::trace::{Spot, Trace, deviations, marker_size, trace};
use neurodyn_figure::Panel;
use plotters_backend::BackendCoord;

/// Abscissae nearer than this are one (a tenth of a point).
const SAME: i32 = 10;
/// Series of fewer points are always drawn point by point.
const FEW: usize = 12;
/// Markers nearer than this, centre to centre, are not told apart (a point).
pub(super) const NEAR: i32 = 100;
/// Residuals are smaller than the points that they belong to.
const STRIP: (i32, i32) = (3, 4);

/// The marks of a panel, or of a strip, in their places.
pub(super) struct Arranged {
    pub traces: Vec<Trace>,
    /// Half the size of markers.
    pub size: i32,
}

/// Marks in the frame of a panel.
pub(super) fn arrange(panel: &Panel, content: &Content, frame: &Frame, style: &Style) -> Arranged {
    let mut traces: Vec<Trace> = content.marks.iter().map(|mark| trace(&mark.shape, frame, style)).collect();
    for (mark, found) in content.marks.iter().zip(&mut traces) {
        if mark.look.dense.unwrap_or_else(|| dense(mark, found, style)) {
            *found = swath(mark, frame, style, std::mem::take(found));
        }
    }
    let mut size = common_size(&traces, style);
    // a mark without an error is a place, not a measurement
    let moves = |mark: &Mark| mark.split || mark.has_errors();
    let movable: Vec<bool> = content.marks.iter().map(moves).collect();
    if !panel.equal_aspect {
        size = size.min(dodge(&mut traces, &movable, size, style, &frame.area));
    }
    for (mark, found) in content.marks.iter().zip(&mut traces) {
        for spot in &mut found.spots {
            // only what stands out from the marker is a bar
            let reach = (spot.home.1 - spot.bar.0).max(spot.bar.1 - spot.home.1);
            if spot.shown && reach <= size * 5 / 4 || mark.look.bars == Some(false) {
                spot.bar = (spot.home.1, spot.home.1);
            }
        }
    }
    Arranged { traces, size }
}

/// Residuals in their strip.
pub(super) fn strip_marks(content: &Content, strip: &Frame, style: &Style) -> Arranged {
    let mut traces: Vec<Trace> = content.deviations.iter().map(|deviation| deviations(deviation, strip)).collect();
    let size = common_size(&traces, style) * STRIP.0 / STRIP.1;
    let movable = vec![true; traces.len()];
    let size = dodge(&mut traces, &movable, size, style, &strip.area).min(size);
    Arranged { traces, size }
}

impl Trace {
    /// Whether any error bar is drawn.
    pub fn has_bars(&self) -> bool {
        !self.swath && self.spots.iter().any(|spot| spot.bar.0 < spot.bar.1)
    }
}

/// The least of the sizes that series of markers would have alone.
fn common_size(traces: &[Trace], style: &Style) -> i32 {
    let markers = traces.iter().filter(|found| !found.swath && !found.dots && !found.spots.is_empty());
    markers.map(|found| marker_size(&found.places().collect::<Vec<_>>(), style)).min().unwrap_or(style.marker)
}

/// Whether the points of a function are so near to each other that markers would touch.
fn dense(mark: &Mark, found: &Trace, style: &Style) -> bool {
    let places: Vec<BackendCoord> = found.places().collect();
    let rises = places.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let mut steps: Vec<i32> = places.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
    steps.sort_unstable();
    let near = steps.get(steps.len() / 2).is_some_and(|&step| step < 2 * style.marker_least);
    mark.has_errors() && !found.dots && places.len() >= FEW && rises && near
}

fn distance(a: BackendCoord, b: BackendCoord) -> i32 {
    let (dx, dy) = (f64::from(a.0 - b.0), f64::from(a.1 - b.1));
    (dx * dx + dy * dy).sqrt().min(1e6) as i32
}

/// Points as a line and the band of their standard errors.
fn swath(mark: &Mark, frame: &Frame, style: &Style, from: Trace) -> Trace {
    let Shape::Points(points) = &mark.shape else { return from };
    let line = Shape::Line(points.iter().map(|&(x, y, _)| (x, y)).collect(), neurodyn_figure::Dash::Join);
    let band = Shape::Band(points.iter().map(|&(x, y, error)| (x, y - error, y + error)).collect());
    let (lines, polygons) = (trace(&line, frame, style).lines, trace(&band, frame, style).polygons);
    Trace { lines, polygons, swath: true, ..from }
}

/// A marker: which series, which of its spots.
type Index = (usize, usize);

/// Puts markers of different series that would cover each other side by side, symmetrically about where they belong, in the order of the series; returns
/// the size at which they have room.
fn dodge(traces: &mut [Trace], movable: &[bool], size: i32, style: &Style, area: &Area) -> i32 {
    let mut all: Vec<(BackendCoord, Index)> = Vec::new();
    for (series, found) in traces.iter().enumerate() {
        if movable[series] && !found.swath && !found.dots {
            let shown = found.spots.iter().enumerate().filter(|(_, spot)| spot.shown);
            all.extend(shown.map(|(index, spot)| (spot.home, (series, index))));
        }
    }
    all.sort_unstable();
    let rooms: Vec<Vec<i32>> = traces.iter().map(|found| rooms(&found.spots)).collect();
    let mut groups: Vec<Vec<(BackendCoord, Index)>> = Vec::new();
    for spot in all {
        match groups.last_mut() {
            Some(group) if spot.0.0 - group[0].0.0 <= SAME => group.push(spot),
            _ => groups.push(vec![spot]),
        }
    }
    let mut least = size;
    for mut group in groups {
        group.sort_unstable_by_key(|(at, _)| at.1);
        // runs of neighbours that touch
        for cluster in group.chunk_by(|a, b| b.0.1 - a.0.1 < 2 * size) {
            let lanes = lanes(cluster, size);
            let count = lanes.iter().max().map_or(0, |most| most + 1);
            if count < 2 {
                continue;
            }
            let room = cluster.iter().map(|(_, (series, index))| rooms[*series][*index]).min().unwrap_or(0);
            // side by side if there is room; else nearer, and smaller
            let apart = (2 * size).min(room * 17 / 20 / count);
            least = least.min((apart * 11 / 20).max(style.marker_least * 3 / 4));
            let (first, last) = (cluster[0].0.0 - apart * (count - 1) / 2, cluster[0].0.0 + apart * (count - 1) / 2);
            let inside = (area.left - first).max(0) + (area.right - last).min(0);
            for ((_, (series, index)), lane) in cluster.iter().zip(&lanes) {
                let spot = &mut traces[*series].spots[*index];
                spot.at.0 = spot.home.0 - apart * (count - 1) / 2 + apart * lane + inside;
            }
        }
    }
    least
}

/// For each marker of a cluster the lane in which it covers none of another series.
fn lanes(cluster: &[(BackendCoord, Index)], size: i32) -> Vec<i32> {
    let mut order: Vec<usize> = (0..cluster.len()).collect();
    order.sort_by_key(|&i| cluster[i].1);
    let mut lanes = vec![-1; cluster.len()];
    for &i in &order {
        let covers = |j: usize| (cluster[i].0.1 - cluster[j].0.1).abs() < 2 * size && cluster[i].1.0 != cluster[j].1.0;
        let taken = |lane: i32| (0..cluster.len()).any(|j| lanes[j] == lane && covers(j));
        lanes[i] = (0..).find(|&lane| !taken(lane)).unwrap_or(0);
    }
    lanes
}

/// How far the neighbours of each spot of a series are, across.
fn rooms(spots: &[Spot]) -> Vec<i32> {
    let mut across: Vec<i32> = spots.iter().map(|spot| spot.home.0).collect();
    across.sort_unstable();
    across.dedup_by(|a, b| *a - *b <= SAME);
    let room = |spot: &Spot| {
        let after = across.partition_point(|&x| x <= spot.home.0 + SAME);
        let before = across.partition_point(|&x| x < spot.home.0 - SAME);
        let right = across.get(after).map_or(i32::MAX / 64, |x| x - spot.home.0);
        let left = before.checked_sub(1).map_or(i32::MAX / 64, |i| spot.home.0 - across[i]);
        left.min(right)
    };
    spots.iter().map(room).collect()
}

/// What covers what in a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Covering {
    /// Markers that are drawn.
    pub markers: usize,
    /// Those whose centre is within a point of that of a marker drawn later by another series.
    pub covered: usize,
    /// Points, drawn as markers or in a line with a band.
    pub points: usize,
    /// Those that would be covered so, if every point had a marker at its place.
    pub covered_in_place: usize,
    /// Points with a standard error.
    pub errors: usize,
    /// Error bars that are drawn.
    pub bars: usize,
    /// Error bars that are drawn, but no longer than their marker.
    pub hidden_bars: usize,
}

impl Covering {
    /// Counts the marks of a frame.
    pub(super) fn count(&mut self, arranged: &Arranged, marks: &[Mark]) {
        let all = arranged.traces.iter().filter(|found| !found.dots);
        let homes: Vec<Vec<BackendCoord>> =
            all.clone().map(|found| found.spots.iter().filter(|s| s.shown).map(|s| s.home).collect()).collect();
        let places: Vec<Vec<BackendCoord>> = all.filter(|found| !found.swath).map(|found| found.places().collect()).collect();
        self.points += homes.iter().map(Vec::len).sum::<usize>();
        self.markers += places.iter().map(Vec::len).sum::<usize>();
        self.covered_in_place += covered(&homes);
        self.covered += covered(&places);
        for (mark, found) in marks.iter().zip(&arranged.traces) {
            if let Shape::Points(points) = &mark.shape {
                self.errors += points.iter().filter(|point| point.2 > 0.0).count();
            }
            for spot in found.spots.iter().filter(|spot| !found.swath && spot.bar.0 < spot.bar.1) {
                self.bars += 1;
                let reach = (spot.home.1 - spot.bar.0).max(spot.bar.1 - spot.home.1);
                self.hidden_bars += usize::from(spot.shown && reach <= arranged.size);
            }
        }
    }
}

/// How many markers have one of a later series on them.
fn covered(series: &[Vec<BackendCoord>]) -> usize {
    let on = |at: &BackendCoord, later: &BackendCoord| distance(*at, *later) <= NEAR;
    let hidden = |index: usize, at: &&BackendCoord| series[index + 1..].iter().flatten().any(|later| on(at, later));
    (0..series.len()).map(|index| series[index].iter().filter(|at| hidden(index, at)).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area { left: 0, top: 0, right: 20_000, bottom: 10_000 };

    fn series(points: &[BackendCoord]) -> Trace {
        let spot = |&at: &BackendCoord| Spot { at, home: at, shown: true, bar: (at.1, at.1) };
        Trace { spots: points.iter().map(spot).collect(), ..Trace::default() }
    }

    fn places(traces: &[Trace]) -> Vec<Vec<BackendCoord>> {
        traces.iter().map(|found| found.places().collect()).collect()
    }

    #[test]
    fn markers_that_would_hide_each_other_stand_side_by_side() {
        let style = Style::for_theme(crate::Theme::Print);
        let rows = [(1000, 5000), (3000, 5000), (5000, 5000)];
        let mut traces = [series(&rows), series(&rows), series(&[(1000, 5050), (3000, 8000), (5000, 5100)])];
        assert_eq!(covered(&places(&traces)), 3 + 2);
        let size = dodge(&mut traces, &[true; 3], 185, &style, &AREA);
        let found = places(&traces);
        assert_eq!((covered(&found), size), (0, 185));
        // symmetric about where they belong, and only where they would cover each other
        assert_eq!([found[0][0].0, found[1][0].0, found[2][0].0], [1000 - 370, 1000, 1000 + 370]);
        assert_eq!([found[0][1].0, found[1][1].0, found[2][1].0], [3000 - 185, 3000 + 185, 3000]);
        assert!(traces.iter().flat_map(|t| &t.spots).all(|spot| spot.at.1 == spot.home.1));
    }

    #[test]
    fn they_stay_nearer_to_their_abscissa_than_to_the_next() {
        let style = Style::for_theme(crate::Theme::Print);
        let rows: Vec<BackendCoord> = (0..20).map(|i| (1000 + 400 * i, 5000)).collect();
        let mut traces = [series(&rows), series(&rows), series(&rows)];
        let size = dodge(&mut traces, &[true; 3], 185, &style, &AREA);
        let most = traces.iter().flat_map(|t| &t.spots).map(|spot| (spot.at.0 - spot.home.0).abs()).max();
        assert!(most.is_some_and(|most| most > 0 && most < 170), "{most:?}");
        assert!(size < 185);
        // what may not move stays
        let mut fixed = [series(&rows), series(&rows)];
        dodge(&mut fixed, &[true, false], 185, &style, &AREA);
        assert_eq!(places(&fixed), vec![rows.clone(), rows]);
    }

    #[test]
    fn at_the_edge_of_a_frame_they_move_inwards_together() {
        let style = Style::for_theme(crate::Theme::Print);
        let mut traces = [series(&[(50, 100)]), series(&[(50, 100)])];
        dodge(&mut traces, &[true; 2], 185, &style, &AREA);
        assert_eq!(places(&traces), [vec![(0, 100)], vec![(370, 100)]]);
    }
}
