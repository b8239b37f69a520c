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
    let could = |index: usize, found: &Trace| {
        let mark = &content.marks[index];
        mark.look.dense.unwrap_or_else(|| mark.has_errors() && is_curve(found))
    };
    let dense: Vec<bool> = traces.iter().enumerate().map(|(i, t)| could(i, t) && touches(t, style)).collect();
    let decided = |index: usize| content.marks[index].look.dense;
    let become_bands = |traces: &mut Vec<Trace>, dense: &[bool]| {
        // all parts of a series look alike
        let of = |series: usize| (0..dense.len()).filter(move |&i| content.marks[i].origin.0 == series);
        for index in 0..dense.len() {
            let mark = &content.marks[index];
            let (all, some) = (of(mark.origin.0).count(), of(mark.origin.0).filter(|&i| dense[i]).count());
            if decided(index).unwrap_or(2 * some >= all && some > 0 && could(index, &traces[index]))
                && !traces[index].swath
            {
                let points = std::mem::take(&mut traces[index]);
                traces[index] = swath(mark, frame, style, points);
            }
        }
    };
    become_bands(&mut traces, &dense);
    // a mark without an error is a place, not a measurement
    let movable: Vec<bool> =
        content.marks.iter().map(|mark| !mark.in_place && (mark.split || mark.has_errors())).collect();
    let mut size = common_size(&traces, style);
    if !panel.equal_aspect {
        let mut dodged = dodge(&mut traces, &movable, size, style, &frame.area);
        let crowded: Vec<bool> = (0..traces.len())
            .map(|i| decided(i).is_none() && could(i, &traces[i]) && 3 * dodged.crowded[i] > traces[i].spots.len())
            .collect();
        if crowded.contains(&true) {
            become_bands(&mut traces, &crowded);
            size = common_size(&traces, style);
            dodged = dodge(&mut traces, &movable, size, style, &frame.area);
        }
        size = size.min(dodged.size);
    }
    for (mark, found) in content.marks.iter().zip(&mut traces) {
        for spot in &mut found.spots {
            if spot.shown && !spot.stands_out(size) || mark.look.bars == Some(false) {
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
    let size = dodge(&mut traces, &movable, size, style, &strip.area).size.min(size);
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

impl Spot {
    /// Whether its bar is seen beyond its marker.
    fn stands_out(&self, size: i32) -> bool {
        (self.home.1 - self.bar.0).max(self.bar.1 - self.home.1) > size * 5 / 4
    }

    /// Top and bottom of what is drawn.
    fn extent(&self, size: i32) -> (i32, i32) {
        let (top, bottom) = (self.home.1 - size, self.home.1 + size);
        if self.stands_out(size) { (top.min(self.bar.0), bottom.max(self.bar.1)) } else { (top, bottom) }
    }
}

/// Whether the points are those of a function, and many.
fn is_curve(found: &Trace) -> bool {
    let places: Vec<BackendCoord> = found.spots.iter().filter(|s| s.shown).map(|spot| spot.home).collect();
    !found.dots && places.len() >= FEW && places.windows(2).all(|pair| pair[0].0 < pair[1].0)
}

/// Whether there would be hardly any room between the smallest markers.
fn touches(found: &Trace, style: &Style) -> bool {
    let places: Vec<BackendCoord> = found.places().collect();
    let mut steps: Vec<i32> = places.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
    steps.sort_unstable();
    steps.get(steps.len() / 2).is_some_and(|&step| step < 3 * style.marker_least)
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

/// What came of putting markers side by side.
struct Dodged {
    /// Half the size at which most of them have room.
    size: i32,
    /// How many of each series have no room at any size.
    crowded: Vec<usize>,
}

/// Puts marks of different series that would cover each other side by side, symmetrically about where they belong, in the order of the series.
fn dodge(traces: &mut [Trace], movable: &[bool], size: i32, style: &Style, area: &Area) -> Dodged {
    let mut all: Vec<(Spot, Index)> = Vec::new();
    for (series, found) in traces.iter().enumerate() {
        if movable[series] && !found.swath && !found.dots {
            let shown = found.spots.iter().enumerate().filter(|(_, spot)| spot.shown);
            all.extend(shown.map(|(index, spot)| (*spot, (series, index))));
        }
    }
    all.sort_unstable_by_key(|(spot, index)| (spot.home, *index));
    let rooms: Vec<Vec<i32>> = traces.iter().map(|found| rooms(&found.spots)).collect();
    let mut sizes = Vec::new();
    let mut crowded = vec![0; traces.len()];
    for cluster in clusters(all, size) {
        let lanes = lanes(&cluster, size);
        let count = lanes.iter().max().map_or(0, |most| most + 1);
        if count < 2 {
            continue;
        }
        let room = cluster.iter().map(|(_, (series, index))| rooms[*series][*index]).min().unwrap_or(0);
        // side by side if there is room; else nearer, and smaller
        let apart = (2 * size).min(room * 17 / 20 / count);
        let heights = || cluster.iter().map(|(spot, _)| spot.home.1);
        let markers = heights().any(|a| heights().filter(|b| (a - b).abs() < 2 * size).count() > 1);
        if markers {
            sizes.push(apart * 11 / 20);
        }
        let home = cluster[0].0.home.0;
        let half = apart * (count - 1) / 2;
        let inside = (area.left - home + half).max(0) + (area.right - home - half).min(0);
        for ((_, (series, index)), lane) in cluster.iter().zip(&lanes) {
            crowded[*series] += usize::from(markers && apart < NEAR);
            let spot = &mut traces[*series].spots[*index];
            spot.at.0 = spot.home.0 - half + apart * lane + inside;
        }
    }
    // a few crowded places do not make all markers small
    sizes.sort_unstable();
    let fits = sizes.get(sizes.len() / 4).map_or(size, |&fits| fits.max(style.marker_least * 9 / 10));
    Dodged { size: size.min(fits), crowded }
}

/// Marks at one abscissa that touch, or whose error bars do.
fn clusters(sorted: Vec<(Spot, Index)>, size: i32) -> Vec<Vec<(Spot, Index)>> {
    let mut groups: Vec<Vec<(Spot, Index)>> = Vec::new();
    for entry in sorted {
        match groups.last_mut() {
            Some(group) if entry.0.home.0 - group[0].0.home.0 <= SAME => group.push(entry),
            _ => groups.push(vec![entry]),
        }
    }
    let mut clusters: Vec<Vec<(Spot, Index)>> = Vec::new();
    for mut group in groups {
        group.sort_unstable_by_key(|(spot, index)| (spot.extent(size).0, *index));
        let mut reached = i32::MIN;
        for entry in group {
            let (top, bottom) = entry.0.extent(size);
            match clusters.last_mut() {
                Some(cluster) if top < reached => cluster.push(entry),
                _ => clusters.push(vec![entry]),
            }
            reached = if top < reached { reached.max(bottom) } else { bottom };
        }
    }
    clusters
}

/// For each mark of a cluster the lane in which it covers none of another series.
fn lanes(cluster: &[(Spot, Index)], size: i32) -> Vec<i32> {
    let mut order: Vec<usize> = (0..cluster.len()).collect();
    order.sort_by_key(|&i| cluster[i].1);
    let mut lanes = vec![-1; cluster.len()];
    for &i in &order {
        let covers = |j: usize| {
            let ((top, bottom), (above, below)) = (cluster[i].0.extent(size), cluster[j].0.extent(size));
            top < below && above < bottom && cluster[i].1.0 != cluster[j].1.0
        };
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
    /// Counts the marks of a frame, without those that are to hide each other.
    pub(super) fn count(&mut self, arranged: &Arranged, marks: &[Mark]) {
        let meant = |index: usize| marks.get(index).is_some_and(|mark| mark.in_place);
        let counted = arranged.traces.iter().enumerate().filter(|(index, _)| !meant(*index)).map(|(_, found)| found);
        let all = counted.filter(|found| !found.dots);
        let homes: Vec<Vec<BackendCoord>> =
            all.clone().map(|found| found.spots.iter().filter(|s| s.shown).map(|s| s.home).collect()).collect();
        let places: Vec<Vec<BackendCoord>> =
            all.filter(|found| !found.swath).map(|found| found.places().collect()).collect();
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
        let size = dodge(&mut traces, &[true; 3], 185, &style, &AREA).size;
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
        let size = dodge(&mut traces, &[true; 3], 185, &style, &AREA).size;
        let most = traces.iter().flat_map(|t| &t.spots).map(|spot| (spot.at.0 - spot.home.0).abs()).max();
        assert!(most.is_some_and(|most| most > 0 && most < 170), "{most:?}");
        assert!(size < 185);
        // what may not move stays
        let mut fixed = [series(&rows), series(&rows)];
        dodge(&mut fixed, &[true, false], 185, &style, &AREA);
        assert_eq!(places(&fixed), vec![rows.clone(), rows]);
    }

    #[test]
    fn bars_that_would_cover_each_other_stand_side_by_side_too() {
        let style = Style::for_theme(crate::Theme::Print);
        let mut traces = [series(&[(1000, 3000)]), series(&[(1000, 5000)]), series(&[(1000, 8000)])];
        for found in &mut traces {
            let middle = found.spots[0].home.1;
            found.spots[0].bar = (middle - 1200, middle + 1200);
        }
        dodge(&mut traces, &[true; 3], 185, &style, &AREA);
        assert_eq!(places(&traces), [vec![(815, 3000)], vec![(1185, 5000)], vec![(1000, 8000)]]);
    }

    #[test]
    fn at_the_edge_of_a_frame_they_move_inwards_together() {
        let style = Style::for_theme(crate::Theme::Print);
        let mut traces = [series(&[(50, 100)]), series(&[(50, 100)])];
        dodge(&mut traces, &[true; 2], 185, &style, &AREA);
        assert_eq!(places(&traces), [vec![(0, 100)], vec![(370, 100)]]);
    }
}
