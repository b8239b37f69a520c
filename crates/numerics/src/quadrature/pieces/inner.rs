//! The rule for `v` given `u`, where functions of `v` are piecewise smooth.

use super::panels::{Blur, Place, WIDEST};
use super::{COARSE, Panels, Pieces};
use crate::quadrature::CUT;
use crate::quadrature::legendre::GaussLegendre;

/// Panels between edges within reach of `v`, or one coarse grid where `v` stays inside of wide panels; the point itself without a blur.
///
/// `v` is kept within the reach of the pieces: beyond lies less than `exp(-CUT^2 / 2)`, 1e-24, of the Gaussian.
#[derive(Debug, Clone)]
pub(in crate::quadrature) struct Given {
    panels: &'static Panels,
    blur: Blur,
    /// Where `u` is, for each node of the outer rule.
    pub(in crate::quadrature) places: Vec<Place>,
    gauss: &'static GaussLegendre,
    coarse: Vec<f64>,
}

impl Given {
    pub(in crate::quadrature) fn new(pieces: &'static Pieces, sd: f64, blur: Blur, places: Vec<Place>) -> Self {
        let count = (CUT / COARSE) as i64 + 1;
        let coarse = (-count..=count).map(|i| i as f64 * COARSE).collect();
        let panels = pieces.panels(sd.min(blur.deviation(sd)));
        Self { panels, blur, places, gauss: GaussLegendre::sixteen(), coarse }
    }

    /// Hands out standard normals `y` with their Lebesgue weights, and least and most that `v = mean + tau y` may be.
    #[inline(always)]
    pub(in crate::quadrature) fn visit(&self, place: Place, mut f: impl FnMut(f64, f64, [f64; 2])) {
        let (edges, tau) = (&self.panels.edges, self.blur.tau);
        let beyond = |edge: f64| self.blur.beyond(place, edge);
        let from = edges.partition_point(|&edge| beyond(edge) > CUT * tau).clamp(1, edges.len() - 1);
        let to = from + edges[from..edges.len() - 1].partition_point(|&edge| beyond(edge) >= -CUT * tau);
        let clipped = beyond(edges[0]) < CUT * tau || beyond(edges[edges.len() - 1]) > -CUT * tau;
        if !clipped && self.panels.is_wide_between(from, to, tau) {
            self.coarse.iter().for_each(|&y| f(y, COARSE, [f64::NEG_INFINITY, f64::INFINITY]));
            return;
        }
        let mut low = if clipped { (-beyond(edges[0]) / tau).max(-CUT) } else { -CUT };
        for n in from..=to {
            let high = (-beyond(edges[n]) / tau).min(CUT);
            let high = if n == to && !clipped { CUT } else { high };
            self.on_panels(low, high, self.limits(n), &mut f);
            low = high;
        }
    }

    /// Least and most that `v` may be, between the edges `n - 1` and `n`.
    #[inline]
    fn limits(&self, n: usize) -> [f64; 2] {
        let Panels { edges, broken } = self.panels;
        let least = if broken[n - 1] { edges[n - 1].next_up() } else { edges[n - 1] };
        [least, if broken[n] { edges[n].next_down() } else { edges[n] }]
    }

    /// `v` without a blur.
    pub(in crate::quadrature) fn point(&self, place: Place) -> f64 {
        let (edges, broken) = (&self.panels.edges, &self.panels.broken);
        let v = self.blur.beyond(place, 0.0);
        let next = edges.partition_point(|&edge| self.blur.beyond(place, edge) > 0.0).clamp(1, edges.len() - 1);
        let v = if broken[next - 1] { v.max(edges[next - 1].next_up()) } else { v };
        if broken[next] { v.min(edges[next].next_down()) } else { v }
    }

    #[inline(always)]
    fn on_panels(&self, low: f64, high: f64, limits: [f64; 2], f: &mut impl FnMut(f64, f64, [f64; 2])) {
        if high <= low {
            return;
        }
        let count = ((high - low) / WIDEST).ceil().max(1.0);
        let half = 0.5 * (high - low) / count;
        for panel in 0..count as i64 {
            let centre = low + (2 * panel + 1) as f64 * half;
            for (&x, &weight) in self.gauss.nodes.iter().zip(&self.gauss.weights) {
                f(centre + half * x, half * weight, limits);
            }
        }
    }
}
