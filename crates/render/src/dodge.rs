//! Marks of several series at one abscissa, side by side: each series in a lane of its own, the same wherever it would hide another or be
//! hidden, and only where the laws near a mark are so flat that it does not leave them. A mark that hides nothing stays.

use super::arrange::NEAR;
use super::frame::Area;
use super::trace::{Spot, Trace};
use plotters::style::RGBColor;
use plotters_backend::BackendCoord;

/// Abscissae nearer than this are one (a tenth of a point).
const SAME: i32 = 10;
/// A law may change over a shift by this part of a marker.
const STEEP: i32 = 3;

/// A line that a reader compares marks with.
pub(super) struct Law {
    /// Its colour; none where it is that of all series.
    pub colour: Option<RGBColor>,
    pub lines: Vec<Vec<BackendCoord>>,
}

/// What marks of a series may do where others would hide them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freedom {
    /// They may move.
    Aside,
    /// They may be left out: places, not measurements.
    Turns,
    /// Their author keeps them as they are.
    Fixed,
}

/// What limits shifts in a frame.
pub(super) struct Scene {
    /// Half the size of markers that have room.
    pub size: i32,
    /// Half the size of the smallest.
    pub least: i32,
    /// Whether only whole numbers have a place on the horizontal axis.
    pub whole: bool,
    /// Marks stay between these.
    pub bounds: (i32, i32),
    pub laws: Vec<Law>,
    /// The colour of each series, and what its marks may do.
    pub series: Vec<(RGBColor, Freedom)>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Dodged {
    /// Half the size at which most marks have room.
    pub size: i32,
    /// How many of each series have no room side by side.
    pub crowded: Vec<usize>,
    /// How many of each series stay on others, because a law near them is steep.
    pub stuck: Vec<usize>,
    /// Different abscissae of marks that may move, rising.
    pub abscissae: Vec<i32>,
}

/// A mark: which series, which of its spots.
type Index = (usize, usize);
type Entry = (Spot, Index);

impl Scene {
    /// A scene without laws, where all may move.
    pub fn flat(size: i32, least: i32, colours: impl IntoIterator<Item = RGBColor>, area: &Area) -> Self {
        let series = colours.into_iter().map(|colour| (colour, Freedom::Aside)).collect();
        Self { size, least, whole: true, bounds: (area.left, area.right), laws: Vec::new(), series }
    }

    /// Whether a mark may be moved by so much.
    fn allows(&self, spot: &Spot, (colour, freedom): (RGBColor, Freedom), by: i32) -> bool {
        let to = spot.home.0 + by;
        if freedom != Freedom::Aside || to < self.bounds.0 || to > self.bounds.1 {
            return false;
        }
        self.laws.iter().all(|law| {
            let near = |y: i32| law.colour == Some(colour) || (y - spot.home.1).abs() <= 4 * self.size;
            if law.colour.is_some_and(|own| own != colour) {
                return true;
            }
            law.lines.iter().all(|line| match height(line, spot.home.0, spot.home.1) {
                Some(here) if near(here) => {
                    let there = height(line, to, here).unwrap_or_else(|| beyond(line, to));
                    (there - here).abs() * STEEP <= 2 * self.size
                }
                _ => true,
            })
        })
    }
}

/// The height of a line over an abscissa, the nearest of several.
fn height(line: &[BackendCoord], x: i32, near: i32) -> Option<i32> {
    let over = line.windows(2).filter(|pair| pair[0].0.min(pair[1].0) <= x && x <= pair[0].0.max(pair[1].0));
    let at = |pair: &[BackendCoord]| {
        let (from, to) = (pair[0], pair[1]);
        let wide = f64::from(to.0 - from.0);
        let share = if wide == 0.0 { 0.5 } else { f64::from(x - from.0) / wide };
        (f64::from(from.1) + share * f64::from(to.1 - from.1)).round() as i32
    };
    over.map(at).min_by_key(|y| (y - near).abs())
}

/// The height of a line continued straight to an abscissa beyond the end that is nearest to it.
fn beyond(line: &[BackendCoord], x: i32) -> i32 {
    let Some(end) = line.iter().min_by_key(|point| (point.0 - x).abs()) else { return 0 };
    // from the next point that is a little apart, so that rounding gives no slope
    let other = line.iter().filter(|point| (point.0 - end.0).abs() >= 100).min_by_key(|point| (point.0 - end.0).abs());
    other.map_or(end.1, |other| {
        let slope = f64::from(end.1 - other.1) / f64::from(end.0 - other.0);
        end.1 + (slope * f64::from(x - end.0)).round().clamp(-1e8, 1e8) as i32
    })
}

/// Puts marks that would cover each other side by side, in the order of the series.
pub(super) fn dodge(traces: &mut [Trace], scene: &Scene) -> Dodged {
    let size = scene.size;
    let groups = groups(traces, scene);
    let count = traces.len();
    let mut touching = vec![vec![false; count]; count];
    for (a, b) in groups.iter().flat_map(|group| touches(group, size)) {
        (touching[a][b], touching[b][a]) = (true, true);
    }
    let lanes = lanes(&touching);
    // where no bar is to be seen, marks can be rings, at their places
    let barred = |group: &Vec<Entry>| group.iter().any(|(spot, _)| spot.reach() > size * 5 / 4);
    let worth = scene.whole || groups.iter().any(|group| barred(group) && !touches(group, size).is_empty());
    let abscissae: Vec<i32> = groups.iter().map(|group| group[0].0.home.0).collect();
    let mut sizes = Vec::new();
    let mut dodged = Dodged { size, crowded: vec![0; count], stuck: vec![0; count], abscissae: Vec::new() };
    let mut found: Vec<(Vec<Entry>, Option<i32>, i32, bool)> = Vec::new();
    for (place, group) in groups.iter().enumerate() {
        let before = place.checked_sub(1).map_or(i32::MAX / 64, |i| abscissae[place] - abscissae[i]);
        let room = abscissae.get(place + 1).map_or(i32::MAX / 64, |next| next - abscissae[place]).min(before);
        // on an axis of whole numbers nothing else can be meant
        let room = if scene.whole { room * 17 / 20 } else { room / 2 };
        for cluster in clusters(group, size) {
            let members = || cluster.iter().map(|entry| entry.1.0);
            let touching = members().any(|series| Some(series) != members().next());
            let moved: Vec<&Entry> = if touching { cluster.iter().collect() } else { Vec::new() };
            let most = moved.iter().map(|entry| lanes[entry.1.0].1).max().unwrap_or(1);
            if most < 2 {
                sizes.push(size);
                continue;
            }
            let apart = (2 * size).min(room / most);
            let markers = cluster.iter().enumerate().any(|(i, a)| {
                cluster[..i].iter().any(|b| a.1.0 != b.1.0 && (a.0.home.1 - b.0.home.1).abs() < 2 * size)
            });
            sizes.push(if markers { apart * 11 / 20 } else { size });
            let shift = |entry: &Entry, apart: i32| {
                let (lane, count) = lanes[entry.1.0];
                (2 * lane - count + 1) * apart / 2
            };
            let fits = |apart: i32| {
                let allowed = |e: &&Entry| scene.allows(&e.0, scene.series[e.1.0], shift(e, apart));
                apart >= NEAR * 6 / 5 && moved.iter().all(allowed)
            };
            let fit = [apart, apart * 3 / 4, apart / 2].into_iter().find(|&apart| worth && fits(apart));
            let moved = moved.into_iter().copied().collect();
            found.push((moved, fit, apart, markers));
        }
    }
    // side by side here and on each other there is hard to read: what most allow is done
    let needed = || found.iter().filter(|(.., markers)| *markers);
    let (fits, all) = (needed().filter(|(_, fit, ..)| fit.is_some()).count(), needed().count());
    let most = if scene.whole { 2 * fits >= all } else { 10 * fits >= 9 * all };
    for (moved, fit, apart, markers) in &found {
        match fit.filter(|_| most) {
            Some(apart) => {
                for entry in moved {
                    let (series, index) = entry.1;
                    let (lane, count) = lanes[series];
                    let spot = &mut traces[series].spots[index];
                    spot.at.0 = spot.home.0 + (2 * lane - count + 1) * apart / 2;
                }
            }
            None if *markers => {
                let counted = if *apart < NEAR * 6 / 5 { &mut dodged.crowded } else { &mut dodged.stuck };
                moved.iter().for_each(|entry| counted[entry.1.0] += 1);
            }
            None => {}
        }
    }
    // a few crowded places do not make all markers small
    sizes.sort_unstable();
    let fits = sizes.get(sizes.len() / 4).map_or(size, |&fits| fits.max(scene.least));
    Dodged { size: size.min(fits), abscissae, ..dodged }
}

/// Marks that may move, abscissa by abscissa.
fn groups(traces: &[Trace], scene: &Scene) -> Vec<Vec<Entry>> {
    let mut all: Vec<Entry> = Vec::new();
    for (series, found) in traces.iter().enumerate() {
        if scene.series[series].1 != Freedom::Fixed && !found.swath && !found.dots {
            let free = found.spots.iter().enumerate().filter(|(_, spot)| spot.shown && !spot.exact);
            all.extend(free.map(|(index, spot)| (*spot, (series, index))));
        }
    }
    all.sort_unstable_by_key(|(spot, index)| (spot.home, *index));
    let mut groups: Vec<Vec<Entry>> = Vec::new();
    for entry in all {
        match groups.last_mut() {
            Some(group) if entry.0.home.0 - group[0].0.home.0 <= SAME => group.push(entry),
            _ => groups.push(vec![entry]),
        }
    }
    groups
}

/// Whether two marks, or their bars, are on each other.
fn meet(a: &Entry, b: &Entry, size: i32) -> bool {
    let ((top, bottom), (above, below)) = (a.0.extent(size), b.0.extent(size));
    a.1.0 != b.1.0 && top < below && above < bottom
}

/// The series of a group of which some are on each other.
fn touches(group: &[Entry], size: i32) -> Vec<(usize, usize)> {
    let pairs = (0..group.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    pairs.filter(|&(i, j)| meet(&group[i], &group[j], size)).map(|(i, j)| (group[i].1.0, group[j].1.0)).collect()
}

/// Marks of one abscissa that are on each other, or not.
fn clusters(group: &[Entry], size: i32) -> Vec<Vec<Entry>> {
    let mut sorted = group.to_vec();
    sorted.sort_unstable_by_key(|(spot, index)| (spot.extent(size).0, *index));
    let mut clusters: Vec<Vec<Entry>> = Vec::new();
    let mut reached = i32::MIN;
    for entry in sorted {
        let (top, bottom) = entry.0.extent(size);
        match clusters.last_mut() {
            Some(cluster) if top < reached => cluster.push(entry),
            _ => clusters.push(vec![entry]),
        }
        reached = if top < reached { reached.max(bottom) } else { bottom };
    }
    clusters
}

/// The lane of each series, right of all those before it that it touches anywhere; and how many lanes those have together that touch.
fn lanes(touching: &[Vec<bool>]) -> Vec<(i32, i32)> {
    let count = touching.len();
    let mut lanes = vec![0; count];
    for series in 0..count {
        let left = (0..series).filter(|&other| touching[series][other]).map(|other| lanes[other] + 1);
        lanes[series] = left.max().unwrap_or(0);
    }
    let mut part: Vec<usize> = (0..count).collect();
    for (a, b) in (0..count).flat_map(|a| (0..a).map(move |b| (a, b))).filter(|&(a, b)| touching[a][b]) {
        let (old, new) = (part[a].max(part[b]), part[a].min(part[b]));
        part.iter_mut().filter(|part| **part == old).for_each(|part| *part = new);
    }
    let wide = |series: usize| (0..count).filter(|&o| part[o] == part[series]).map(|o| lanes[o] + 1).max().unwrap_or(1);
    (0..count).map(|series| (lanes[series], wide(series))).collect()
}

/// Where so many marks have to stay on each other, each series shows every n-th of its points, another one than the others: the mark of each
/// abscissa is then of one series, at its place. `free` says which series can spare points; true where any was left out.
pub(super) fn stagger(traces: &mut [Trace], dodged: &Dodged, free: &[bool]) -> bool {
    /// Fewest points that stay of a series.
    const LEAST: usize = 5;
    let held = |series: usize| dodged.stuck[series] + dodged.crowded[series];
    let stuck = |series: usize| 4 * held(series) > traces[series].spots.len() && free[series];
    let stuck: Vec<usize> = (0..traces.len()).filter(|&series| stuck(series)).collect();
    let count = stuck.len();
    if !(2..=4).contains(&count) {
        return false;
    }
    let turn = |spot: &Spot| dodged.abscissae.iter().position(|x| (x - spot.home.0).abs() <= SAME);
    let keeps = |rank: usize, spot: &Spot| turn(spot).is_none_or(|turn| turn % count == rank);
    let enough = |(rank, &series): (usize, &usize)| {
        let spots = || traces[series].spots.iter().filter(|spot| spot.shown);
        let kept = spots().filter(|spot| keeps(rank, spot)).count();
        kept >= LEAST && 2 * count * kept >= spots().count()
    };
    if !stuck.iter().enumerate().all(enough) {
        return false;
    }
    for (rank, &series) in stuck.iter().enumerate() {
        for spot in &mut traces[series].spots {
            spot.at = spot.home;
            spot.drawn = keeps(rank, spot);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    const AREA: Area = Area { left: 0, top: 0, right: 20_000, bottom: 10_000 };
    const COLOURS: [RGBColor; 3] = [RGBColor(1, 0, 0), RGBColor(2, 0, 0), RGBColor(3, 0, 0)];

    fn series(points: &[BackendCoord]) -> Trace {
        Trace { spots: points.iter().map(|&at| Spot::at(at)).collect(), ..Trace::default() }
    }

    fn across(traces: &[Trace]) -> Vec<Vec<i32>> {
        traces.iter().map(|found| found.spots.iter().map(|spot| spot.at.0).collect()).collect()
    }

    fn scene(laws: Vec<Law>) -> Scene {
        Scene { laws, ..Scene::flat(185, 160, COLOURS, &AREA) }
    }

    #[test]
    fn each_series_has_one_lane() {
        let rows = [(2000, 5000), (4000, 5000), (6000, 5000)];
        // the third meets the first alone, and only once
        let mut traces = [series(&rows), series(&[(2000, 5050), (4000, 5060)]), series(&[(2000, 9000), (6000, 5010)])];
        let dodged = dodge(&mut traces, &scene(Vec::new()));
        assert_eq!(dodged.size, 185);
        assert_eq!(across(&traces), [[1815, 3815, 5815].to_vec(), vec![2185, 4185], vec![2000, 6185]]);
        assert!(traces.iter().flat_map(|t| &t.spots).all(|spot| spot.at.1 == spot.home.1));
        // in one of many places, and in most, only there
        let many: Vec<BackendCoord> = (1..9).map(|i| (2000 * i, 5000)).collect();
        let far: Vec<BackendCoord> = (1..9).map(|i| (2000 * i, if i == 3 { 5000 } else { 8000 })).collect();
        let mut traces = [series(&many), series(&far)];
        dodge(&mut traces, &scene(Vec::new()));
        assert_eq!(across(&traces)[1], [2000, 4000, 6185, 8000, 10_000, 12_000, 14_000, 16_000]);
        let near: Vec<BackendCoord> = (1..9).map(|i| (2000 * i, if i < 3 { 8000 } else { 5000 })).collect();
        let mut traces = [series(&many), series(&near)];
        dodge(&mut traces, &scene(Vec::new()));
        assert_eq!(across(&traces)[1], [2000, 4000, 6185, 8185, 10_185, 12_185, 14_185, 16_185]);
    }

    #[test]
    fn marks_stay_on_laws_that_are_steep() {
        let law = |slope: i32, colour| Law { colour, lines: vec![vec![(0, 0), (10_000, 10_000 * slope / 10)]] };
        let of = |law: Law| {
            let mut traces = [series(&[(5000, 2500)]), series(&[(5000, 2550)])];
            let dodged = dodge(&mut traces, &scene(vec![law]));
            (across(&traces).concat(), dodged.stuck)
        };
        // half a marker aside, a law of slope 1/2 is a quarter of a marker away; one of slope 5 is far off
        assert_eq!(of(law(5, Some(COLOURS[0]))), (vec![4815, 5185], vec![0, 0, 0][..2].to_vec()));
        assert_eq!(of(law(50, Some(COLOURS[0]))), (vec![5000, 5000], vec![1, 1]));
        // that of all series counts where it is near, that of another never
        assert_eq!(of(Law { lines: vec![vec![(4900, 0), (5100, 5000)]], colour: None }).0, [5000, 5000]);
        assert_eq!(of(Law { lines: vec![vec![(4900, 6000), (5100, 9000)]], colour: None }).0, [4815, 5185]);
        assert_eq!(of(law(50, Some(COLOURS[2]))).0, [4815, 5185]);
        // a steep law that ends here is no less steep
        assert_eq!(of(Law { lines: vec![vec![(0, 12_500), (5000, 2500)]], colour: Some(COLOURS[0]) }).0, [5000, 5000]);
    }

    #[test]
    fn shifts_end_at_the_frame_and_what_is_exact_stays() {
        let mut traces = [series(&[(50, 100), (900, 100)]), series(&[(50, 100), (900, 100)])];
        for found in &mut traces {
            found.spots[1].exact = true;
        }
        dodge(&mut traces, &scene(Vec::new()));
        assert_eq!(across(&traces), [[50, 900], [50, 900]]);
        // nearer to their abscissa than to the next
        let rows: Vec<BackendCoord> = (1..21).map(|i| (500 * i, 5000)).collect();
        let mut traces = [series(&rows), series(&rows), series(&rows)];
        dodge(&mut traces, &scene(Vec::new()));
        assert!(traces.iter().flat_map(|t| &t.spots).all(|spot| (spot.at.0 - spot.home.0).abs() < 250));
        assert_eq!(across(&traces)[0][3], 2000 - 141);
        // without room none is moved
        let rows: Vec<BackendCoord> = (1..21).map(|i| (300 * i, 5000)).collect();
        let mut traces = [series(&rows), series(&rows), series(&rows)];
        let dodged = dodge(&mut traces, &scene(Vec::new()));
        assert_eq!((dodged.crowded, across(&traces)[2][3]), (vec![20; 3], 1200));
    }

    #[test]
    fn bars_that_would_cover_each_other_stand_side_by_side_too() {
        let mut traces = [series(&[(1000, 3000)]), series(&[(1000, 5000)])];
        for found in &mut traces {
            let middle = found.spots[0].home.1;
            found.spots[0].bar = (middle - 1200, middle + 1200);
        }
        dodge(&mut traces, &scene(Vec::new()));
        assert_eq!(across(&traces), [[815], [1185]]);
    }

    #[test]
    fn on_steep_laws_series_take_turns() {
        let rows: Vec<BackendCoord> = (1..13).map(|i| (1000 * i, 3000 * i)).collect();
        let mut traces = [series(&rows), series(&rows)];
        let law = Law { colour: None, lines: vec![rows.iter().map(|&(x, y)| (x, y * 3)).collect()] };
        let steep = Scene { laws: vec![law, Law { colour: None, lines: vec![rows.clone()] }], ..scene(Vec::new()) };
        let dodged = dodge(&mut traces, &steep);
        assert_eq!((&dodged.stuck, across(&traces)[0][0]), (&vec![12, 12], 1000));
        assert!(stagger(&mut traces, &dodged, &[true; 2]));
        let drawn = |series: usize| traces[series].spots.iter().map(|spot| spot.drawn).collect::<Vec<_>>();
        assert!(drawn(0).iter().zip(drawn(1)).all(|(first, second)| *first != second));
        assert_eq!(drawn(0).iter().filter(|drawn| **drawn).count(), 6);
        // few points are all shown
        let mut few = [series(&rows[..6]), series(&rows[..6])];
        let dodged = dodge(&mut few, &steep);
        assert!(!stagger(&mut few, &dodged, &[true; 2]));
    }
}
