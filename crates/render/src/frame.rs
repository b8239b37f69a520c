//! A frame on the page: ranges of its axes, positions of values, clipping to its edges.

use super::error::Problem;
use super::scale::{Span, decimal_value};
use neurodyn_figure::{Axis, Scale};
use neurodyn_numerics::elementary::log10;
use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters_backend::BackendCoord;

/// A rectangle on the page, in backend units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

impl Area {
    /// Width.
    pub fn width(&self) -> i32 {
        self.right - self.left
    }

    /// Height.
    pub fn height(&self) -> i32 {
        self.bottom - self.top
    }

    /// The same rectangle, larger on all sides.
    pub fn grown(&self, by: i32) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// Whether two rectangles share a point.
    pub fn meets(&self, other: &Self) -> bool {
        self.left <= other.right && other.left <= self.right && self.top <= other.bottom && other.top <= self.bottom
    }

    /// Whether a point lies inside.
    pub fn holds(&self, (x, y): BackendCoord) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// The part of a segment inside, if there is one (Liang and Barsky).
    pub fn clip(&self, from: BackendCoord, to: BackendCoord) -> Option<(BackendCoord, BackendCoord)> {
        let (x0, y0) = (f64::from(from.0), f64::from(from.1));
        let (dx, dy) = (f64::from(to.0) - x0, f64::from(to.1) - y0);
        let sides = [
            (-dx, x0 - f64::from(self.left)),
            (dx, f64::from(self.right) - x0),
            (-dy, y0 - f64::from(self.top)),
            (dy, f64::from(self.bottom) - y0),
        ];
        let (mut start, mut end) = (0.0_f64, 1.0_f64);
        for (p, q) in sides {
            if p == 0.0 {
                if q < 0.0 {
                    return None;
                }
            } else if p < 0.0 {
                start = start.max(q / p);
            } else {
                end = end.min(q / p);
            }
        }
        let at = |t: f64| ((x0 + t * dx).round() as i32, (y0 + t * dy).round() as i32);
        (start <= end).then(|| (at(start), at(end)))
    }

    /// The parts of a polyline inside.
    pub fn clip_line(&self, points: &[BackendCoord]) -> Vec<Vec<BackendCoord>> {
        let mut pieces: Vec<Vec<BackendCoord>> = Vec::new();
        for pair in points.windows(2) {
            let Some((from, to)) = self.clip(pair[0], pair[1]) else { continue };
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) && from == pair[0] => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        pieces
    }

    /// The part of a polygon inside (Sutherland and Hodgman).
    pub fn clip_polygon(&self, points: &[BackendCoord]) -> Vec<BackendCoord> {
        let mut points: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).collect();
        let edges =
            [(true, self.left, 1.0), (true, self.right, -1.0), (false, self.top, 1.0), (false, self.bottom, -1.0)];
        for (across, limit, sign) in edges {
            let limit = f64::from(limit);
            let depth = |p: (f64, f64)| sign * (if across { p.0 } else { p.1 } - limit);
            let mut kept = Vec::new();
            for (index, &to) in points.iter().enumerate() {
                let from = points[(index + points.len() - 1) % points.len()];
                let (a, b) = (depth(from), depth(to));
                if (a >= 0.0) != (b >= 0.0) {
                    let t = a / (a - b);
                    kept.push((from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1)));
                }
                if b >= 0.0 {
                    kept.push(to);
                }
            }
            points = kept;
        }
        points.into_iter().map(|(x, y)| (x.round() as i32, y.round() as i32)).collect()
    }
}

/// A frame: a rectangle and the coordinate system in it.
#[derive(Clone)]
pub(super) struct Frame {
    pub area: Area,
    pub x: Span,
    pub y: Span,
    coordinates: Cartesian2d<Span, Span>,
}

impl Frame {
    /// A frame over a rectangle.
    pub fn new(area: Area, x: Span, y: Span) -> Self {
        let coordinates = Cartesian2d::new(x, y, (area.left..area.right, area.bottom..area.top));
        Self { area, x, y, coordinates }
    }

    /// Where a point lies on the page, inside the frame or not.
    pub fn at(&self, x: f64, y: f64) -> BackendCoord {
        self.coordinates.translate(&(x, y))
    }

    /// Horizontal position of a value.
    pub fn x_at(&self, x: f64) -> i32 {
        self.at(x, self.y.low).0
    }

    /// Vertical position of a value; what a logarithm cannot show lies below.
    pub fn y_at(&self, y: f64) -> i32 {
        if self.y.scale == Scale::Log10 && y <= 0.0 { self.area.bottom } else { self.at(self.x.low, y).1 }
    }
}

/// The range of an axis: what is fixed, and elsewhere what the data need.
pub(super) fn span(axis: &Axis, which: &'static str, data: &[f64], padding: f64) -> Result<Span, Problem> {
    let logarithmic = axis.scale == Scale::Log10;
    let usable = |value: &f64| value.is_finite() && (!logarithmic || *value > 0.0);
    let mut values: Vec<f64> = data.iter().copied().filter(usable).collect();
    values.extend(axis.include.iter().copied().filter(usable));
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (mut low, mut high) = (axis.low.unwrap_or(least), axis.high.unwrap_or(most));
    let wrong = |low, high| Problem::Range { axis: which, low, high };
    if !usable(&low) || !usable(&high) || low > high || (low == high && axis.low.is_some() && axis.high.is_some()) {
        return Err(wrong(low, high));
    }
    // values that differ by rounding only are one value
    let narrow = if logarithmic { log10(high / low) < 1e-6 } else { high - low <= 1e-9 * low.abs().max(high.abs()) };
    let (stretch_low, stretch_high) = (axis.low.is_none(), axis.high.is_none());
    if narrow {
        let size = if low == 0.0 { 1.0 } else { 0.1 * low.abs() };
        if stretch_low {
            low = if logarithmic { low / 2.0 } else { low - size };
        }
        if stretch_high {
            high = if logarithmic { high * 2.0 } else { high + size };
        }
    } else if logarithmic {
        let by = neurodyn_numerics::elementary::exp(padding * (log10(high) - log10(low)) * std::f64::consts::LN_10);
        if stretch_low {
            low /= by;
        }
        if stretch_high {
            high *= by;
        }
    } else {
        let by = padding * 2.0 * (high / 2.0 - low / 2.0);
        if stretch_low {
            low -= by;
        }
        if stretch_high {
            high += by;
        }
    }
    if low < high && low.is_finite() && high.is_finite() && (!logarithmic || low >= decimal_value(1, -307)) {
        Ok(Span { scale: axis.scale, low, high, reversed: axis.reversed })
    } else {
        Err(wrong(low, high))
    }
}
