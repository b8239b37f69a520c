//! Points that hide nothing: one size a figure, side by side where they would cover each other and laws are flat, rings around each other
//! elsewhere, lines with bands where they are too many.

use super::dodge::{Freedom, Law, Scene, dodge, stagger};
use super::frame::Frame;
use super::nest::{distance, nest, size_at};
use super::ranges::whole;
use super::resolve::{Content, Mark, Shape};
use super::style::{GREY, INK, Style};
use super::thin::simplify;
use super::trace::{Spot, Trace, deviations, marker_size, trace};
use neurodyn_figure::{Dash, Panel, Scale};
use plotters_backend::BackendCoord;

/// Series of fewer points are always drawn point by point.
const FEW: usize = 12;
/// Markers nearer than this, centre to centre, are not told apart (a point).
pub(super) const NEAR: i32 = 100;
/// Residuals are smaller than the points that they belong to.
const STRIP: (i32, i32) = (3, 4);
/// An error bar is drawn if it is seen beyond its marker by this much (a quarter of a point), in a panel without large residuals.
const HAIR: i32 = 25;
/// Residuals larger than this are looked at one by one.
const LARGE: f64 = 2.0;
/// Whole numbers that are farther apart are not counted, such as layers, but measured, such as times.
const COUNTED: f64 = 10.0;
/// Thinnest band of standard errors (half a point).
const THINNEST: i32 = 50;

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
    let mut size = content.marker.unwrap_or_else(|| common_size(&traces, style));
    if !panel.equal_aspect {
        let scene = Scene { size, ..scene(content, frame, style, &traces) };
        let mut dodged = dodge(&mut traces, &scene);
        let free: Vec<bool> = traces.iter().map(is_curve).collect();
        if !stagger(&mut traces, &dodged, &free) {
            let crowded: Vec<bool> = (0..traces.len())
                .map(|i| decided(i).is_none() && could(i, &traces[i]) && 3 * dodged.crowded[i] > traces[i].spots.len())
                .collect();
            if crowded.contains(&true) {
                become_bands(&mut traces, &crowded);
                traces.iter_mut().flat_map(|found| &mut found.spots).for_each(|spot| spot.at = spot.home);
                dodged = dodge(&mut traces, &scene);
            }
        }
        size = content.marker.unwrap_or_else(|| dodged.size.min(common_size(&traces, style)));
    }
    sparse(&mut traces, size);
    nest(&mut traces, size);
    let large = content.deviations.iter().flat_map(|found| &found.points).any(|(_, z)| z.abs() > LARGE);
    let least = if large { 0 } else { HAIR };
    for (mark, found) in content.marks.iter().zip(&mut traces) {
        for spot in &mut found.spots {
            let hidden = spot.shown && (!spot.drawn || spot.reach() <= size_at(spot.level, size) + least);
            if hidden || mark.look.bars == Some(false) {
                spot.bar = (spot.home.1, spot.home.1);
            }
        }
    }
    joins(content, &mut traces, frame);
    Arranged { traces, size }
}

/// The least distance of different numbers.
fn step(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    numbers.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min)
}

/// What limits shifts in the frame of a panel.
fn scene(content: &Content, frame: &Frame, style: &Style, traces: &[Trace]) -> Scene {
    let (least, area) = (style.marker_least, &frame.area);
    let whole = frame.x.scale == Scale::Linear && whole(content, true).is_some_and(|all| step(all) <= COUNTED);
    let freedom = |mark: &Mark| match (mark.in_place, mark.has_errors()) {
        (true, _) => Freedom::Fixed,
        (false, true) => Freedom::Aside,
        (false, false) => Freedom::Turns,
    };
    let series: Vec<_> = content.marks.iter().map(|mark| (mark.colour, freedom(mark))).collect();
    let lines = |index: usize| traces[index].lines.clone();
    let law = |(index, mark): (usize, &Mark)| match mark.shape {
        Shape::Line(_, dash) if dash != Dash::Join => {
            let neutral = [INK, GREY].contains(&mark.colour);
            Some(Law { colour: (!neutral).then_some(mark.colour), lines: lines(index) })
        }
        _ => None,
    };
    let mut laws: Vec<Law> = content.marks.iter().enumerate().filter_map(law).collect();
    if !whole {
        // points without a law are compared with each other
        for (mark, found) in content.marks.iter().zip(traces).filter(|(_, found)| !found.spots.is_empty()) {
            if !laws.iter().any(|law| law.colour.is_none_or(|own| own == mark.colour)) {
                laws.push(Law { colour: Some(mark.colour), lines: vec![found.places().collect()] });
            }
        }
    }
    // no mark stands on the frame, and none crosses zero to where no value is
    let inset = content.marker.unwrap_or(style.marker);
    let mut bounds = (area.left + inset, area.right - inset);
    if frame.x.scale == Scale::Linear && frame.x.low < 0.0 && frame.x.high > 0.0 {
        let zero = frame.x_at(0.0);
        let all = || traces.iter().flat_map(|found| &found.spots).map(|spot| spot.home.0);
        if all().all(|x| x >= zero) {
            bounds.0 = bounds.0.max(zero);
        } else if all().all(|x| x <= zero) {
            bounds.1 = bounds.1.min(zero);
        }
    }
    Scene { size: style.marker, least, whole, bounds, laws, series }
}

/// Lines that join marks run to where these are drawn.
fn joins(content: &Content, traces: &mut [Trace], frame: &Frame) {
    for (index, mark) in content.marks.iter().enumerate() {
        let Shape::Line(points, Dash::Join) = &mark.shape else { continue };
        let own = |other: &usize| content.marks[*other].colour == mark.colour;
        let spots: Vec<Spot> = (0..traces.len()).filter(own).flat_map(|i| traces[i].spots.clone()).collect();
        if spots.iter().all(|spot| spot.at == spot.home) {
            continue;
        }
        let near = |at: BackendCoord| spots.iter().find(|spot| distance(spot.home, at) <= 2).map_or(at, |spot| spot.at);
        let line: Vec<BackendCoord> = points.iter().map(|&(x, y)| near(frame.at(x, y))).collect();
        traces[index].lines = frame.area.clip_line(&line).into_iter().map(simplify).collect();
    }
}

/// Leaves out points of curves whose markers would be a rope: every second is drawn, every third, and so on.
fn sparse(traces: &mut [Trace], size: i32) {
    for found in traces.iter_mut().filter(|found| is_curve(found) && !found.swath) {
        let places: Vec<BackendCoord> = found.spots.iter().filter(|s| s.seen()).map(|spot| spot.at).collect();
        let mut steps: Vec<i32> = places.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
        steps.sort_unstable();
        let Some(&step) = steps.get(steps.len() / 2) else { continue };
        let every = (size * 12 / 5 + step - 1) / step.max(1);
        let every = usize::try_from(every).unwrap_or(1).min(places.len() / FEW * 2).max(1);
        for (index, spot) in found.spots.iter_mut().filter(|spot| spot.seen()).enumerate() {
            spot.drawn = index % every == 0;
        }
    }
}

/// Residuals in their strip.
pub(super) fn strip_marks(content: &Content, strip: &Frame, style: &Style) -> Arranged {
    let mut traces: Vec<Trace> = content.deviations.iter().map(|deviation| deviations(deviation, strip)).collect();
    let size = content.marker.unwrap_or_else(|| common_size(&traces, style)) * STRIP.0 / STRIP.1;
    let colours = content.deviations.iter().map(|deviation| deviation.colour);
    dodge(&mut traces, &Scene::flat(size, size, colours, &strip.area));
    nest(&mut traces, size);
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
    let places = |found: &Trace| found.spots.iter().filter(|spot| spot.seen()).map(|spot| spot.at).collect::<Vec<_>>();
    markers.map(|found| marker_size(&places(found), style)).min().unwrap_or(style.marker)
}

impl Spot {
    /// How far its bar reaches from its value.
    pub fn reach(&self) -> i32 {
        (self.home.1 - self.bar.0).max(self.bar.1 - self.home.1)
    }

    /// Top and bottom of what is drawn of a marker of this size, with its bar if that is seen well.
    pub fn extent(&self, size: i32) -> (i32, i32) {
        let (top, bottom) = (self.home.1 - size, self.home.1 + size);
        if self.reach() > size * 5 / 4 { (top.min(self.bar.0), bottom.max(self.bar.1)) } else { (top, bottom) }
    }
}

/// Whether the points are those of a function, and many.
fn is_curve(found: &Trace) -> bool {
    let places: Vec<BackendCoord> = found.spots.iter().filter(|s| s.shown).map(|spot| spot.home).collect();
    !found.dots && places.len() >= FEW && places.windows(2).all(|pair| pair[0].0 < pair[1].0)
}

/// Whether there would be hardly any room between markers.
fn touches(found: &Trace, style: &Style) -> bool {
    let places: Vec<BackendCoord> = found.places().collect();
    let mut steps: Vec<i32> = places.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
    steps.sort_unstable();
    steps.get(steps.len() / 2).is_some_and(|&step| step < style.dense)
}

/// Points as a line and the band of their standard errors, which is never so thin that it is not seen.
fn swath(mark: &Mark, frame: &Frame, style: &Style, from: Trace) -> Trace {
    let Shape::Points(points) = &mark.shape else { return from };
    let line = Shape::Line(points.iter().map(|&(x, y, _)| (x, y)).collect(), Dash::Join);
    let end = |x: f64, y: f64, error: f64, sign: i32| {
        let (at, end) = (frame.at(x, y), frame.at(x, y + f64::from(sign) * error));
        // values rise upwards unless the axis is reversed
        let up = if frame.y.reversed { sign } else { -sign };
        (at.0, if up < 0 { end.1.min(at.1 - THINNEST / 2) } else { end.1.max(at.1 + THINNEST / 2) })
    };
    let low = points.iter().map(|&(x, y, error)| end(x, y, error, -1));
    let high = points.iter().rev().map(|&(x, y, error)| end(x, y, error, 1));
    let polygon = frame.area.clip_polygon(&low.chain(high).collect::<Vec<_>>());
    let polygons = if polygon.len() > 2 { vec![polygon] } else { Vec::new() };
    Trace { lines: trace(&line, frame, style).lines, polygons, swath: true, ..from }
}
