//! Rules on the panels of a piecewise smooth function: their nodes, and the weights of a Gaussian.

use super::{COARSE, Panels, Pieces};
use crate::elementary::normal_pdf;
use crate::quadrature::CUT;
use crate::quadrature::legendre::GaussLegendre;
use crate::quadrature::univariate::uniform_grid;
use std::cmp::Ordering;

/// Widest panel, in standard deviations: 16 points give the Gaussian on it to `3e-16` of its largest value there.
pub(super) const WIDEST: f64 = 3.0;

/// A place next to a break, as the nearest number and a small rest: `high + low`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::quadrature) struct Place {
    pub(in crate::quadrature) high: f64,
    pub(in crate::quadrature) low: f64,
}

impl Place {
    pub(super) fn at(high: f64) -> Self {
        Self { high, low: 0.0 }
    }

    /// `high + rest`, without rounding.
    fn sum(high: f64, rest: f64) -> Self {
        let sum = high + rest;
        let back = sum - high;
        Self { high: sum, low: (high - (sum - back)) + (rest - back) }
    }

    fn plus(self, distance: f64) -> Self {
        Self::sum(self.high, self.low + distance)
    }

    fn minus(self, other: Self) -> f64 {
        (self.high - other.high) + (self.low - other.low)
    }

    fn order(&self, other: &Self) -> Ordering {
        self.high.total_cmp(&other.high).then(self.low.total_cmp(&other.low))
    }
}

/// A node of a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::quadrature) struct Point {
    pub(in crate::quadrature) place: Place,
    /// The number next to `place` that is on its side of every break.
    pub(in crate::quadrature) u: f64,
    pub(in crate::quadrature) weight: f64,
}

/// A linear map `v = u + slope u`, blurred by a Gaussian of deviation `tau`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::quadrature) struct Blur {
    pub(in crate::quadrature) slope: f64,
    pub(in crate::quadrature) tau: f64,
}

impl Blur {
    /// `v - edge` for the mean `v` of this `u`. Where `v` is near `u`, or near `-u`, it is right however close `edge` is.
    #[inline]
    pub(super) fn beyond(self, u: Place, edge: f64) -> f64 {
        if self.slope > -1.0 {
            ((u.high - edge) + u.low) + self.slope * u.high
        } else {
            (2.0 + self.slope) * u.high - ((u.high + edge) + u.low)
        }
    }

    /// Standard deviation of `v` for that of `u`.
    pub(super) fn deviation(self, sd: f64) -> f64 {
        let along = (1.0 + self.slope) * sd;
        (along * along + self.tau * self.tau).sqrt()
    }

    /// The `u` whose mean `v` is this edge.
    fn image(self, edge: f64) -> Place {
        if self.slope.abs() < 0.5 {
            Place::sum(edge, -self.slope * edge / (1.0 + self.slope))
        } else if (2.0 + self.slope).abs() < 0.5 {
            let rest = 2.0 + self.slope;
            Place::sum(-edge, -rest * edge / (1.0 - rest))
        } else {
            Place::at(edge / (1.0 + self.slope))
        }
    }
}

/// The rule for `u ~ N(0, sd^2)`.
pub(in crate::quadrature) fn univariate(pieces: &Pieces, sd: f64) -> Vec<Point> {
    match sd {
        0.0 => origin(pieces),
        _ if pieces.panels(sd).is_wide(sd) => uniform(sd),
        _ => Layout::new(pieces, pieces.panels(sd), sd).rule(),
    }
}

/// The rule for `u` of a pair: as [`univariate`], and what is a function of `v` alone, given `u`, is resolved too.
///
/// The expectation of `phi(v)` given `u` is `phi` blurred by `tau`. Around every break, and around panels narrower than the blur, panels have the width of
/// the blur as far as [`CUT`] of it; elsewhere the images of edges are edges. An image within 1/16 of its panel from an edge is left out: 16 points
/// then have to resolve a panel wider by that much, and err four times as much at most.
pub(in crate::quadrature) fn outer(pieces: &Pieces, sd: f64, blur: Blur) -> Vec<Point> {
    if sd == 0.0 {
        return origin(pieces);
    }
    let stretch = (1.0 + blur.slope).abs();
    let sd_v = blur.deviation(sd);
    let panels = pieces.panels(sd.min(sd_v));
    if panels.is_wide(sd.max(sd_v)) {
        return uniform(sd);
    }
    let mut layout = Layout::new(pieces, panels, sd);
    if blur.tau < stretch * sd {
        layout.add_images(blur, stretch);
    }
    layout.rule()
}

/// No variance: the origin, or half a point on either side of a break there.
fn origin(pieces: &Pieces) -> Vec<Point> {
    let point = |u: f64, weight: f64| Point { place: Place::at(u), u, weight };
    if pieces.breaks.contains(&0.0) {
        vec![point(f64::MIN_POSITIVE, 0.5), point(-f64::MIN_POSITIVE, 0.5)]
    } else {
        vec![point(0.0, 1.0)]
    }
}

fn uniform(sd: f64) -> Vec<Point> {
    let point = |(z, weight)| Point { place: Place::at(sd * z), u: sd * z, weight };
    uniform_grid(COARSE).into_iter().map(point).collect()
}

/// Ends of panels, and how wide panels may be where.
struct Layout<'a> {
    breaks: &'a [f64],
    panels: &'a Panels,
    sd: f64,
    cuts: Vec<Place>,
    /// Disjoint, ascending, with the widest panel that they allow.
    windows: Vec<(Place, Place)>,
    widest: f64,
}

impl<'a> Layout<'a> {
    fn new(pieces: &'a Pieces, panels: &'a Panels, sd: f64) -> Self {
        let end = (CUT * sd).min(pieces.reach);
        let mut cuts = vec![Place::at(-end)];
        cuts.extend(panels.edges.iter().filter(|edge| edge.abs() < end).map(|&edge| Place::at(edge)));
        cuts.push(Place::at(end));
        Self { breaks: &pieces.breaks, panels, sd, cuts, windows: Vec::new(), widest: f64::INFINITY }
    }

    fn add_images(&mut self, blur: Blur, stretch: f64) {
        let (edges, broken) = (&self.panels.edges, &self.panels.broken);
        let (first, last) = (self.cuts[0], self.cuts[self.cuts.len() - 1]);
        let scale = blur.tau / stretch;
        self.widest = WIDEST * scale;
        let mut images = Vec::new();
        for n in 1..edges.len() - 1 {
            let image = blur.image(edges[n]);
            let width = (edges[n + 1] - edges[n]).min(edges[n] - edges[n - 1]);
            if blur.tau > 0.0 && (broken[n] || width < WIDEST * blur.tau) {
                self.windows.push((image.plus(-CUT * scale), image.plus(CUT * scale)));
            } else if broken[n] {
                images.push((image, 0.0));
            } else {
                images.push((image, width / (16.0 * stretch)));
            }
        }
        self.windows.sort_by(|a, b| a.0.order(&b.0));
        self.windows.dedup_by(|next, kept| {
            let overlap = next.0.order(&kept.1).is_le();
            if overlap && next.1.order(&kept.1).is_gt() {
                kept.1 = next.1;
            }
            overlap
        });
        let own = self.cuts.clone();
        let far = |image: Place, least: f64| {
            let next = own.partition_point(|cut| cut.order(&image).is_lt());
            own[next.saturating_sub(1)..own.len().min(next + 1)].iter().all(|cut| cut.minus(image).abs() > least)
        };
        self.cuts.extend(images.into_iter().filter(|&(image, least)| far(image, least)).map(|(image, _)| image));
        self.cuts.extend(self.windows.iter().flat_map(|window| [window.0, window.1]));
        self.cuts.retain(|cut| cut.order(&first).is_ge() && cut.order(&last).is_le());
        self.cuts.sort_by(Place::order);
        self.cuts.dedup();
    }

    fn rule(&self) -> Vec<Point> {
        let gauss = GaussLegendre::sixteen();
        let mut rule = Vec::new();
        for ends in self.cuts.windows(2) {
            let (low, high) = (ends[0], ends[1]);
            let next = self.windows.partition_point(|window| window.1.order(&low).is_le());
            let blurred = self.windows.get(next).is_some_and(|window| window.0.order(&low).is_le());
            let widest = (WIDEST * self.sd).min(if blurred { self.widest } else { f64::INFINITY });
            let (width, breaks) = (high.minus(low), self.breaks);
            let next = breaks.partition_point(|&b| Place::at(b).order(&low).is_le());
            let least = next.checked_sub(1).map_or(f64::NEG_INFINITY, |n| breaks[n].next_up());
            let most = breaks.get(next).map_or(f64::INFINITY, |b| b.next_down());
            let count = (width / widest).ceil().max(1.0);
            let step = width / count;
            for panel in 0..count as usize {
                for (i, (&x, &weight)) in gauss.nodes.iter().zip(&gauss.weights).enumerate() {
                    // from the nearer end, and `1 + x` of the smaller
                    let from_low = panel as f64 + 0.5 * (1.0 + x);
                    let from_high = count - 1.0 - panel as f64 + 0.5 * (1.0 + gauss.nodes[15 - i]);
                    let place =
                        if from_low < from_high { low.plus(step * from_low) } else { high.plus(-step * from_high) };
                    let u = place.high.clamp(least, most);
                    let weight = 0.5 * weight * (step / self.sd) * normal_pdf(u / self.sd);
                    rule.push(Point { place, u, weight });
                }
            }
        }
        rule
    }
}
