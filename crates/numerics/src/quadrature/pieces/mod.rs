//! Where a function that is only piecewise smooth is resolved: [`Pieces`], found by [`Pieces::resolve`].

pub(super) mod inner;
pub(super) mod panels;
mod products;
mod search;

#[cfg(test)]
pub(super) mod tests;

pub use search::{Reason, Unresolved};

use super::CUT;

/// Narrowest smooth panel, in standard deviations, for which the plain trapezoid rule of step [`COARSE`] stands in for panels. 16 points
/// resolve a panel of width `w` to 1e-14 when there is no pole within 0.45 `w` of it: the rule then errs by `exp(-2 pi 0.45 w / COARSE)`,
/// 4e-17 at this width, before the bound of the Gaussian there, `exp(2.6^2 / 2)`: 1e-15.
pub(super) const WIDE: f64 = 5.8;

/// Step of that trapezoid rule, in standard deviations: `exp(-(2 pi / COARSE)^2 / 2)`, 2e-49, for a constant.
pub(super) const COARSE: f64 = 0.42;

/// Least deviation of Gaussians for which tails of the function need not be resolved on their own.
pub(super) const BULK_FROM: f64 = 0.5;

/// Where a function `phi` breaks, and panels on which 16 points of Gauss and Legendre resolve it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pieces {
    breaks: Vec<f64>,
    all: Panels,
    /// For deviations of [`BULK_FROM`] and more.
    bulk: Panels,
    reach: f64,
    square_integrable: [bool; 3],
}

/// Ends of panels, ascending, and which of them are breaks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panels {
    pub(super) edges: Vec<f64>,
    pub(super) broken: Vec<bool>,
}

impl Pieces {
    /// Finds the panels of a function, given every point where it or one of its derivatives jumps or is not finite, ascending. `evaluate`
    /// gives value, slope and bend (`phi, phi', phi''`) at nodes, which lie strictly inside of panels.
    ///
    /// Panels are halved until 16 points on the whole and 16 on each half agree for every product of up to four of `phi, phi', phi''`, to
    /// 1e-14 of the integral of the magnitude of the product on the panel, plus 2e-15 of that integral from the origin up to there (a
    /// Gaussian around 0 weighs what lies further in at least as much), plus what rounding of the nodes makes of it. Where halving does not help
    /// because the formula loses digits, 1e-12 of the panel's integral is let pass, and 1e-14 of the width times the product of the largest `|phi|`, `|phi'|`,
    /// `|phi''|` met so far.
    /// Neighbours are merged where one panel resolves both by the same measure.
    ///
    /// Gaussians of deviation 1/2 and more use fewer panels: where the integral of a product over a panel is below 1e-30 of its expectation it is
    /// not resolved. Products that cannot be integrated across a break are not resolved either.
    ///
    /// The first look is at panels of 1/4 up to 16 and of an octave beyond: what is narrower than about 1/50 (beyond 16: 1/50 of its place)
    /// and has tails below rounding may be missed. A kink that is not among the breaks is bisected to no avail and refused, unless it falls
    /// on a panel's edge.
    ///
    /// Next to a break with a singularity panels are halved down to `2^-50` of the first, or `2^-43` of the place of the break where that is
    /// more. What is left there is integrated as it is: for `f ~ |u - b|^s`, `s > -1`, with an error below `2^(-43 (1 + s))` of the integral up to a
    /// distance of 1. A close pair sees the singularity on the scale `tau` of its spread: then it is `(2^-43 / tau)^(1 + s)` of the integral up to a distance of `tau`.
    pub fn resolve(breaks: &[f64], evaluate: impl FnMut(&[f64], &mut [[f64; 3]])) -> Result<Self, Unresolved> {
        search::resolve(breaks, evaluate)
    }

    /// From what a search found, edges in full and for the bulk; those beyond `reach` are left out.
    fn of(breaks: &[f64], edges: [Vec<f64>; 2], reach: f64, square_integrable: [bool; 3]) -> Self {
        let inside = |list: &[f64]| list.iter().copied().filter(|edge| edge.abs() < reach).collect::<Vec<f64>>();
        let breaks = inside(breaks);
        let [all, bulk] = edges.map(|edges| {
            let mut edges = inside(&edges);
            edges.insert(0, -reach);
            edges.push(reach);
            let broken = edges.iter().map(|edge| breaks.contains(edge)).collect();
            Panels { edges, broken }
        });
        Self { breaks, all, bulk, reach, square_integrable }
    }

    /// The panels for a Gaussian of this deviation.
    pub(super) fn panels(&self, sd: f64) -> &Panels {
        if sd >= BULK_FROM { &self.bulk } else { &self.all }
    }

    /// Points where the function or one of its derivatives jumps or is not finite, ascending.
    pub fn breaks(&self) -> &[f64] {
        &self.breaks
    }

    /// Ends of the panels, ascending, from `-reach` to `reach`; 0 and every break is among them. They are symmetric when the breaks are.
    pub fn edges(&self) -> &[f64] {
        &self.all.edges
    }

    /// Largest `|u|` up to which the function is resolved.
    pub fn reach(&self) -> f64 {
        self.reach
    }

    /// Whether the squares of `phi`, `phi'`, `phi''` can be integrated across every break, judged by their growth towards it: as
    /// `|u - b|^s` with `s > -0.85`, beyond which little of the integral would be found.
    pub fn square_integrable(&self) -> [bool; 3] {
        self.square_integrable
    }

    /// Largest variance whose Gaussian is resolved.
    pub fn largest_variance(&self) -> f64 {
        (self.reach / CUT) * (self.reach / CUT)
    }
}

impl Panels {
    /// Whether the trapezoid rule of step [`COARSE`] does for a Gaussian of this deviation around 0.
    pub(super) fn is_wide(&self, sd: f64) -> bool {
        let from = self.edges.partition_point(|&edge| edge < -CUT * sd);
        let to = self.edges.partition_point(|&edge| edge <= CUT * sd);
        from > 0 && to < self.edges.len() && self.is_wide_between(from, to, sd)
    }

    /// Whether none of the edges `from..to` is a break, and all panels that touch them are wide against `sd`.
    #[inline]
    pub(super) fn is_wide_between(&self, from: usize, to: usize, sd: f64) -> bool {
        !self.broken[from..to].contains(&true)
            && self.edges[from - 1..=to].windows(2).all(|ends| ends[1] - ends[0] >= WIDE * sd)
    }
}
