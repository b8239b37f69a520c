//! What covers what in a figure.

use super::arrange::{Arranged, NEAR};
use super::nest::{distance, size_at};
use super::resolve::{Mark, Shape};
use super::trace::Spot;
use plotters_backend::BackendCoord;

/// Rings whose radii differ by less than this are not told apart (0.6 points).
const APART: i32 = 60;

/// What covers what in a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Covering {
    /// Markers that are drawn.
    pub markers: usize,
    /// Those whose centre is within a point of that of a marker drawn later by another series, and of which nothing is seen around that.
    pub covered: usize,
    /// Those that are rings around others.
    pub rings: usize,
    /// Points, drawn as markers or in a line with a band.
    pub points: usize,
    /// Those that would be covered, if every point had a marker of one size at its place.
    pub covered_in_place: usize,
    /// Points with a standard error.
    pub errors: usize,
    /// Error bars that are drawn.
    pub bars: usize,
    /// Error bars that are drawn, but no longer than their marker.
    pub hidden_bars: usize,
    /// Markers that are not where their value is.
    pub moved: usize,
    /// Points that have no marker, because others take turns with them.
    pub left_out: usize,
}

impl Covering {
    /// Counts the marks of a frame; values that are exact are the same for all series.
    pub(super) fn count(&mut self, arranged: &Arranged, marks: &[Mark]) {
        let all = || arranged.traces.iter().filter(|found| !found.dots);
        let shown = |spot: &&Spot| spot.shown && !spot.exact;
        let homes: Vec<Vec<(BackendCoord, i32)>> =
            all().map(|found| found.spots.iter().filter(shown).map(|s| (s.home, 0)).collect()).collect();
        let drawn = |spot: &&Spot| spot.seen() && !spot.exact;
        let size = arranged.size;
        let markers = || all().filter(|found| !found.swath);
        let places: Vec<Vec<(BackendCoord, i32)>> = markers()
            .map(|found| found.spots.iter().filter(drawn).map(|s| (s.at, size_at(s.level, size))).collect())
            .collect();
        self.points += homes.iter().map(Vec::len).sum::<usize>();
        self.markers += places.iter().map(Vec::len).sum::<usize>();
        self.rings += places.iter().flatten().filter(|(_, radius)| *radius > size).count();
        self.covered_in_place += covered(&homes);
        self.covered += covered(&places);
        let spots = || markers().flat_map(|found| &found.spots);
        self.moved += spots().filter(|spot| spot.seen() && spot.at != spot.home).count();
        self.left_out += spots().filter(|spot| spot.shown && !spot.drawn && !spot.exact).count();
        for (mark, found) in marks.iter().zip(&arranged.traces) {
            if let Shape::Points(points) = &mark.shape {
                self.errors += points.iter().filter(|point| point.2 > 0.0).count();
            }
            for spot in found.spots.iter().filter(|spot| !found.swath && spot.bar.0 < spot.bar.1) {
                self.bars += 1;
                let reach = (spot.home.1 - spot.bar.0).max(spot.bar.1 - spot.home.1);
                self.hidden_bars += usize::from(spot.seen() && reach <= arranged.size);
            }
        }
    }
}

/// How many markers have one of a later series on them that leaves nothing of them to be seen.
fn covered(series: &[Vec<(BackendCoord, i32)>]) -> usize {
    let on = |(at, radius): &(BackendCoord, i32), (later, other): &(BackendCoord, i32)| {
        distance(*at, *later) <= NEAR && radius - other < APART
    };
    let hidden =
        |index: usize, mark: &&(BackendCoord, i32)| series[index + 1..].iter().flatten().any(|later| on(mark, later));
    (0..series.len()).map(|index| series[index].iter().filter(|mark| hidden(index, mark)).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::covered;

    #[test]
    fn rings_are_seen_and_rings_of_one_size_are_not() {
        let (ring, wide, disc) = (((0, 0), 280), ((0, 0), 375), ((20, 0), 185));
        assert_eq!(covered(&[vec![wide], vec![ring], vec![disc]]), 0);
        assert_eq!(covered(&[vec![ring], vec![ring], vec![disc]]), 1);
        assert_eq!(covered(&[vec![disc], vec![disc], vec![((300, 0), 185)]]), 1);
        // a ring that is drawn first but smaller is under the disc
        assert_eq!(covered(&[vec![disc], vec![ring]]), 1);
    }
}
