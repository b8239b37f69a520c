//! Marks as lines, areas and points on the page, clipped to their frame.

use super::frame::{Area, Frame};
use super::legend::Obstacles;
use super::resolve::{Deviation, Shape};
use super::style::Style;
use super::thin::{MANY, simplify, sparse};
use neurodyn_figure::{Rule, Scale, Slope};
use plotters_backend::BackendCoord;
use std::f64::consts::LN_10;

/// Half the size of the markers of one series: smaller where they would hide each other and the line below.
pub(super) fn marker_size(points: &[BackendCoord], style: &Style) -> i32 {
    let mut steps: Vec<i32> = points
        .windows(2)
        .map(|pair| {
            let (dx, dy) = (f64::from(pair[1].0 - pair[0].0), f64::from(pair[1].1 - pair[0].1));
            (dx * dx + dy * dy).sqrt().min(1e6) as i32
        })
        .collect();
    steps.sort_unstable();
    let (least, most) = (style.marker_least, style.marker);
    steps.get(steps.len() / 2).map_or(most, |&step| (step * 38 / 100).clamp(least, most))
}

/// What spreads no more than this, relative to its value, is not random.
const EXACT: f64 = 1e-12;

/// A point with its error bar, seen or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// Where its marker is drawn.
    pub at: BackendCoord,
    /// Where its value is.
    pub home: BackendCoord,
    /// Whether its marker lies inside the frame.
    pub shown: bool,
    /// Whether its marker is drawn, if it is inside: of dense points and of equal ones some are left out.
    pub drawn: bool,
    /// Whether it is without an error in a series that has errors: an input, which is not random.
    pub exact: bool,
    /// How many marks stand on it, so that it is a ring around them.
    pub level: i32,
    /// Upper and lower end of its bar; the same where it has none.
    pub bar: (i32, i32),
}

impl Spot {
    /// A mark without an error bar.
    pub fn at(at: BackendCoord) -> Self {
        Self { at, home: at, shown: true, drawn: true, exact: false, level: 0, bar: (at.1, at.1) }
    }

    /// Whether its marker is drawn.
    pub fn seen(&self) -> bool {
        self.shown && self.drawn
    }
}

/// A mark on the page.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace {
    pub lines: Vec<Vec<BackendCoord>>,
    pub polygons: Vec<Vec<BackendCoord>>,
    pub spots: Vec<Spot>,
    /// Pieces of a line, each with a colour from 0 to 1.
    pub coloured: Vec<(Vec<BackendCoord>, f64)>,
    /// Whether the points are drawn as the lines and the polygons here, a line with a band.
    pub swath: bool,
    /// Whether the points are too many for markers.
    pub dots: bool,
    pub arrows: Vec<(BackendCoord, BackendCoord)>,
}

impl Trace {
    /// Where markers inside the frame stand, those too that are left out.
    pub fn places(&self) -> impl Iterator<Item = BackendCoord> {
        self.spots.iter().filter(|spot| spot.shown).map(|spot| spot.at)
    }

    /// Adds what a legend must not cover.
    pub fn obstruct(&self, obstacles: &mut Obstacles, style: &Style) {
        obstacles.lines.extend(self.lines.iter().cloned());
        obstacles.lines.extend(self.coloured.iter().map(|(line, _)| line.clone()));
        obstacles.lines.extend(self.arrows.iter().map(|&(from, to)| vec![from, to]));
        let spot = |&(x, y): &BackendCoord| Area { left: x, right: x, top: y, bottom: y }.grown(style.marker);
        for drawn in self.spots.iter().filter(|_| !self.swath) {
            if drawn.seen() {
                obstacles.areas.push(spot(&drawn.at));
            }
            obstacles.lines.push(vec![(drawn.at.0, drawn.bar.0), (drawn.at.0, drawn.bar.1)]);
        }
        for polygon in &self.polygons {
            obstacles.lines.push(polygon.iter().chain(polygon.first()).copied().collect());
            // the inside of a band: from each point to its mirror image on the other side
            let count = polygon.len();
            obstacles.lines.extend((0..count / 2).map(|i| vec![polygon[i], polygon[count - 1 - i]]));
        }
    }
}

/// A mark in its frame.
pub(super) fn trace(shape: &Shape, frame: &Frame, style: &Style) -> Trace {
    let mut found = Trace::default();
    let area = &frame.area;
    match shape {
        Shape::Line(points, _) => {
            let points: Vec<_> = points.iter().map(|&(x, y)| frame.at(x, y)).collect();
            found.lines = area.clip_line(&points).into_iter().map(simplify).collect();
        }
        Shape::Points(points) => {
            let all: Vec<BackendCoord> = points.iter().map(|&(x, y, _)| frame.at(x, y)).collect();
            found.dots = points.len() > MANY;
            let measured = points.iter().any(|point| point.2 > 0.0);
            for index in sparse(&all, style.dot) {
                let ((x, y, error), at) = (points[index], all[index]);
                let ends = [(at.0, frame.y_at(y - error)), (at.0, frame.y_at(y + error))];
                let bar = (error > 0.0).then(|| area.clip_line(&ends)).and_then(|pieces| {
                    pieces.into_iter().flatten().map(|end| end.1).collect::<Vec<_>>().try_into().ok()
                });
                let shown = frame.x.holds(x) && frame.y.holds(y);
                if frame.x.holds(x) && (shown || bar.is_some()) {
                    let [low, high]: [i32; 2] = bar.unwrap_or([at.1; 2]);
                    let exact = measured && error <= EXACT * y.abs();
                    found.spots.push(Spot { shown, exact, bar: (low.min(high), low.max(high)), ..Spot::at(at) });
                }
            }
        }
        Shape::Coloured(points, _) => found.coloured = coloured(points, frame),
        Shape::Band(points) | Shape::Stack(points, _) => {
            let low = points.iter().map(|&(x, low, _)| frame.at(x, low));
            let high = points.iter().rev().map(|&(x, _, high)| frame.at(x, high));
            let polygon = area.clip_polygon(&low.chain(high).collect::<Vec<_>>());
            if polygon.len() > 2 {
                found.polygons.push(polygon);
            }
        }
        Shape::Steps(bins) => {
            let base = frame.y_at(0.0).min(area.bottom);
            let mut outline: Vec<BackendCoord> = Vec::new();
            for &(lower, upper, height) in bins {
                let (left, right, top) = (frame.x_at(lower), frame.x_at(upper), frame.y_at(height));
                match outline.last() {
                    Some(&last) if last.0 == left => {}
                    Some(&last) => outline.extend([(last.0, base), (left, base)]),
                    None => outline.push((left, base)),
                }
                outline.extend([(left, top), (right, top)]);
            }
            if let Some(&last) = outline.last() {
                outline.push((last.0, base));
            }
            found.lines = area.clip_line(&outline);
        }
        Shape::Arrows(arrows) => found.arrows = arrow_ends(arrows, frame, style),
        Shape::Verticals(values) => {
            let inside = values.iter().filter(|&&x| frame.x.holds(x));
            found.lines = inside.map(|&x| vertical(frame, x)).collect();
        }
        Shape::Horizontals(values) => {
            let inside = values.iter().filter(|&&y| frame.y.holds(y));
            found.lines = inside.map(|&y| horizontal(frame, y)).collect();
        }
    }
    found
}

/// A line cut where its colour changes by a step that one could see.
fn coloured(points: &[(f64, f64, f64)], frame: &Frame) -> Vec<(Vec<BackendCoord>, f64)> {
    const STEPS: f64 = 64.0;
    let step = |pair: &[(f64, f64, f64)]| ((pair[0].2 + pair[1].2) * 0.5 * STEPS).floor();
    let mut pieces: Vec<(Vec<BackendCoord>, f64)> = Vec::new();
    for pair in points.windows(2) {
        let (from, to) = (frame.at(pair[0].0, pair[0].1), frame.at(pair[1].0, pair[1].1));
        let Some((from, to)) = frame.area.clip(from, to) else { continue };
        match pieces.last_mut() {
            Some((line, last)) if *last == step(pair) && line.last() == Some(&from) => line.push(to),
            _ => pieces.push((vec![from, to], step(pair))),
        }
    }
    pieces.into_iter().map(|(line, step)| (simplify(line), ((step + 0.5) / STEPS).min(1.0))).collect()
}

fn vertical(frame: &Frame, x: f64) -> Vec<BackendCoord> {
    vec![(frame.x_at(x), frame.area.bottom), (frame.x_at(x), frame.area.top)]
}

fn horizontal(frame: &Frame, y: f64) -> Vec<BackendCoord> {
    vec![(frame.area.left, frame.y_at(y)), (frame.area.right, frame.y_at(y))]
}

/// A guide in its frame.
pub(super) fn rule(rule: Rule, frame: &Frame) -> Vec<Vec<BackendCoord>> {
    match rule {
        Rule::Horizontal(y) if frame.y.holds(y) => vec![horizontal(frame, y)],
        Rule::Vertical(x) if frame.x.holds(x) => vec![vertical(frame, x)],
        Rule::Horizontal(_) | Rule::Vertical(_) => Vec::new(),
        Rule::Diagonal => {
            let (low, high) = (frame.x.low.max(frame.y.low), frame.x.high.min(frame.y.high));
            let same = frame.x.scale == frame.y.scale;
            let steps = if same { 1 } else { 64 };
            if low >= high {
                return Vec::new();
            }
            let at = |i: i32| low + (high - low) * f64::from(i) / f64::from(steps);
            frame.area.clip_line(&(0..=steps).map(|i| frame.at(at(i), at(i))).collect::<Vec<_>>())
        }
    }
}

/// The outline of a slope triangle: left end, right end, corner.
pub(super) fn slope(triangle: &Slope, frame: &Frame) -> Vec<BackendCoord> {
    let (width, height) = (f64::from(frame.area.width()), f64::from(frame.area.height()));
    let length = |span: &super::scale::Span| match span.scale {
        Scale::Linear => span.high - span.low,
        Scale::Log10 => {
            neurodyn_numerics::elementary::log10(span.high) - neurodyn_numerics::elementary::log10(span.low)
        }
    };
    let run = triangle.width * length(&frame.x);
    let rise = triangle.power * run / length(&frame.y) * height;
    let left = f64::from(frame.area.left) + triangle.at.0 * width;
    let foot = f64::from(frame.area.bottom) - triangle.at.1 * height;
    let at = |x: f64, y: f64| (x.round() as i32, y.round() as i32);
    let (from, to) = (at(left, foot), at(left + triangle.width * width, foot - rise));
    // the corner lies below a rising side and above a falling one
    vec![from, to, (to.0, from.1), from]
}

/// Where the label of a slope triangle starts: beside its upright side.
pub(super) fn slope_label(outline: &[BackendCoord], style: &Style) -> BackendCoord {
    let (from, to) = (outline[0], outline[1]);
    (to.0 + style.inset, (from.1 + to.1) / 2 + style.legend * 32 / 100)
}

/// Residuals in their strip.
pub(super) fn deviations(deviation: &Deviation, strip: &Frame) -> Trace {
    let inside = deviation.points.iter().filter(|(x, z)| strip.x.holds(*x) && strip.y.holds(*z));
    Trace { spots: inside.map(|&(x, z)| Spot::at(strip.at(x, z))).collect(), ..Trace::default() }
}

/// Tails and heads of arrows of one length, as long as their number leaves room for.
fn arrow_ends(arrows: &[[f64; 4]], frame: &Frame, style: &Style) -> Vec<(BackendCoord, BackendCoord)> {
    let (width, height) = (f64::from(frame.area.width()), f64::from(frame.area.height()));
    let half = (0.36 * (width * height / arrows.len().max(1) as f64).sqrt())
        .clamp(f64::from(style.arrow_half.0), f64::from(style.arrow_half.1));
    let speed = |span: &super::scale::Span, at: f64, by: f64| match span.scale {
        Scale::Linear => by / (span.high - span.low),
        Scale::Log10 => {
            by / (at
                * LN_10
                * (neurodyn_numerics::elementary::log10(span.high) - neurodyn_numerics::elementary::log10(span.low)))
        }
    };
    let mut ends = Vec::new();
    for &[x, y, u, v] in arrows.iter().filter(|a| frame.x.holds(a[0]) && frame.y.holds(a[1])) {
        let (dx, dy) = (width * speed(&frame.x, x, u), -height * speed(&frame.y, y, v));
        let length = (dx * dx + dy * dy).sqrt();
        if length > 0.0 && length.is_finite() {
            let (x, y) = frame.at(x, y);
            let (dx, dy) = ((dx / length * half).round() as i32, (dy / length * half).round() as i32);
            let (tail, head) = ((x - dx, y - dy), (x + dx, y + dy));
            if frame.area.grown(-style.minor).holds(tail) && frame.area.grown(-style.minor).holds(head) {
                ends.push((tail, head));
            }
        }
    }
    ends
}
