//! The search for panels that 16 points resolve.

use super::products::{EXPONENTS, Inside, PRODUCTS, Sums, Verdict};
use super::{BULK_FROM, Pieces};
use crate::elementary::exp;
use crate::quadrature::legendre::GaussLegendre;

/// A function that cannot be integrated by panels.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("at u = {at} {reason}")]
pub struct Unresolved {
    /// Where.
    pub at: f64,
    /// Why.
    pub reason: Reason,
}

/// Why a function is not resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The function, a derivative, or the fourth power of one.
    #[error("the function, its slope or its bend is not a number, or its fourth power is not finite")]
    NotFinite,
    /// A kink or a jump that is not among the breaks, or a formula that loses its digits.
    #[error("the function is not smooth on any scale")]
    NotSmooth,
    /// The budget of panels is spent.
    #[error("the function varies too fast: more than 2000 panels are needed")]
    TooFine,
}

/// A function has to be resolved up to here.
const REQUIRED: f64 = 12.0;
/// Panels on each side of the origin.
const PANELS: usize = 1000;
/// Panels looked at on each side of the origin.
const LOOKS: usize = 20_000;
/// What may be neglected of an expectation on each panel, where the Gaussian is as wide as [`BULK_FROM`].
const BULK: f64 = 1e-30;
/// `2^n`.
fn two_to(n: i32) -> f64 {
    f64::from_bits(((1023 + n) as u64) << 52)
}

/// See [`Pieces::resolve`].
pub(super) fn resolve(breaks: &[f64], mut evaluate: impl FnMut(&[f64], &mut [[f64; 3]])) -> Result<Pieces, Unresolved> {
    let mut breaks: Vec<f64> = breaks.iter().map(|b| b + 0.0).filter(|b| b.is_finite()).collect();
    breaks.sort_by(f64::total_cmp);
    breaks.dedup();
    let symmetric = breaks.iter().zip(breaks.iter().rev()).all(|(a, b)| *a == -b);
    let runs: &[&[f64]] = if symmetric { &[&[1.0, -1.0]] } else { &[&[1.0], &[-1.0]] };
    let (mut reach, mut divergent) = (f64::INFINITY, [false; PRODUCTS]);
    let mut found = Vec::new();
    for &signs in runs {
        let mut search = Search::new(&breaks, signs, &mut evaluate);
        reach = search.outwards()?.min(reach);
        divergent.iter_mut().zip(search.divergent).for_each(|(all, one)| *all |= one);
        found.push(search.found);
    }
    let square_integrable = [0, 1, 2].map(|k| {
        let square = [0, 1, 2].map(|n| if n == k { 2 } else { 0 });
        !EXPONENTS.iter().zip(divergent).any(|(exponents, divergent)| divergent && *exponents == square)
    });
    let expected = expected(&found);
    let mut edges = [[0.0; PRODUCTS], expected.map(|size| BULK * size)].map(|least| {
        let mut edges = vec![0.0];
        for (&signs, found) in runs.iter().zip(&found) {
            let mut search = Search::new(&breaks, signs, &mut evaluate);
            search.divergent = divergent;
            let ends = search.merged(found, &least);
            edges.extend(signs.iter().flat_map(|sign| ends.iter().map(move |end| sign * end)));
        }
        edges
    });
    edges.iter_mut().for_each(|edges| edges.sort_by(f64::total_cmp));
    Ok(Pieces::of(&breaks, edges, reach, square_integrable))
}

/// At least the integral of the magnitude of each product, times the Gaussian of deviation [`BULK_FROM`] without its factor.
fn expected(found: &[Vec<Panel>]) -> [f64; PRODUCTS] {
    let mut expected = [0.0; PRODUCTS];
    for panel in found.iter().flatten() {
        let z = panel.high / BULK_FROM;
        for sums in &panel.sums {
            expected.iter_mut().zip(&sums.size).for_each(|(sum, size)| *sum += size * exp(-0.5 * z * z));
        }
    }
    expected
}

/// A panel `low..high` of the distance from the origin, with what was found on each side that the search looks at.
#[derive(Debug, Clone)]
struct Panel {
    low: f64,
    high: f64,
    sums: Vec<Sums>,
}

/// The search outwards from the origin, on one side or on both together.
struct Search<'a, F> {
    evaluate: &'a mut F,
    signs: &'a [f64],
    /// Distances of breaks, ascending.
    breaks: Vec<f64>,
    /// Nodes and weights on `[0, 1]`.
    nodes: Vec<f64>,
    weights: Vec<f64>,
    /// For each side.
    inside: Vec<Inside>,
    found: Vec<Panel>,
    looks: usize,
    /// The side that the last difficulty was on.
    side: usize,
    /// Products that cannot be integrated across a break: they need not be resolved.
    divergent: [bool; PRODUCTS],
}

impl<'a, F: FnMut(&[f64], &mut [[f64; 3]])> Search<'a, F> {
    fn new(breaks: &[f64], signs: &'a [f64], evaluate: &'a mut F) -> Self {
        let rule = GaussLegendre::sixteen();
        let mut breaks: Vec<f64> =
            breaks.iter().filter(|&&b| b == 0.0 || signs.contains(&b.signum())).map(|b| b.abs()).collect();
        breaks.sort_by(f64::total_cmp);
        breaks.dedup();
        Self {
            evaluate,
            signs,
            breaks,
            nodes: rule.nodes.iter().map(|x| 0.5 * (1.0 + x)).collect(),
            weights: rule.weights.iter().map(|w| 0.5 * w).collect(),
            inside: vec![Inside::nothing(); signs.len()],
            found: Vec::new(),
            looks: 0,
            side: 0,
            divergent: [false; PRODUCTS],
        }
    }

    /// Fills `found`, and returns how far it goes.
    fn outwards(&mut self) -> Result<f64, Unresolved> {
        self.judge_breaks();
        let grid = self.grid();
        for ends in grid.windows(2) {
            let panel = self.panel(ends[0], ends[1]);
            if let Err(stop) = self.refine(panel, ends[1] - ends[0]) {
                let reach = self.found.last().map_or(0.0, |panel| panel.high);
                if reach < REQUIRED {
                    return Err(stop);
                }
                return Ok(reach);
            }
        }
        Ok(grid[grid.len() - 1])
    }

    /// Ends of the first panels: breaks, and a grid that keeps away from them.
    fn grid(&self) -> Vec<f64> {
        let (mut grid, mut place, mut step) = (vec![0.0], 0.0, 0.25);
        let last = (1_u64 << 40) as f64;
        while place < last {
            if place >= 16.0 {
                step = place;
            }
            place += step;
            if self.breaks.iter().all(|b| (b - place).abs() > 0.125 * step) {
                grid.push(place);
            }
        }
        grid.extend(self.breaks.iter().filter(|&&b| b > 0.0 && b < last));
        grid.sort_by(f64::total_cmp);
        grid
    }

    /// Looks at a panel, and at its halves until it is resolved; `base` is the width of the first.
    fn refine(&mut self, panel: Panel, base: f64) -> Result<(), Unresolved> {
        if self.found.len() >= PANELS || self.looks > LOOKS {
            return Err(self.stop(panel.low, Reason::TooFine));
        }
        let middle = 0.5 * (panel.low + panel.high);
        if let Some(side) = panel.sums.iter().position(|sums| !sums.finite) {
            self.side = side;
            // how far it is finite, to a hundredth
            if panel.low < REQUIRED || panel.high - panel.low < base / 64.0 {
                return Err(self.stop(panel.low, Reason::NotFinite));
            }
            let half = self.panel(panel.low, middle);
            self.refine(half, base)?;
            let half = self.panel(middle, panel.high);
            return self.refine(half, base);
        }
        let width = panel.high - panel.low;
        let halves = [self.panel(panel.low, middle), self.panel(middle, panel.high)];
        match self.compare(&panel, [&halves[0], &halves[1]], &[0.0; PRODUCTS]) {
            Verdict::Resolved => self.accept(panel, base),
            Verdict::Noisy => {
                let mut parts = Vec::new();
                let [left, right] = halves;
                if self.helps(left, 3, &mut parts) && self.helps(right, 3, &mut parts) {
                    parts.into_iter().for_each(|part| self.accept(part, base));
                } else {
                    self.accept(panel, base);
                }
            }
            Verdict::Coarse if 0.5 * width < (base * two_to(-50)).max(panel.high * two_to(-43)) => {
                if !self.breaks.contains(&panel.low) && !self.breaks.contains(&panel.high) {
                    return Err(self.stop(panel.low, Reason::NotSmooth));
                }
                self.accept(panel, base);
            }
            Verdict::Coarse => {
                let [left, right] = halves;
                self.refine(left, base)?;
                self.refine(right, base)?;
            }
        }
        Ok(())
    }

    /// Whether halving up to `levels` times resolves a panel without leave for lost digits.
    fn helps(&mut self, panel: Panel, levels: usize, parts: &mut Vec<Panel>) -> bool {
        let middle = 0.5 * (panel.low + panel.high);
        let halves = [self.panel(panel.low, middle), self.panel(middle, panel.high)];
        if self.compare(&panel, [&halves[0], &halves[1]], &[0.0; PRODUCTS]) == Verdict::Resolved {
            parts.push(panel);
            return true;
        }
        let [left, right] = halves;
        levels > 0 && self.helps(left, levels - 1, parts) && self.helps(right, levels - 1, parts)
    }

    fn accept(&mut self, panel: Panel, base: f64) {
        self.count(&panel, base);
        self.found.push(panel);
    }

    /// Counts a panel among those further in; not what piles up at a singularity.
    fn count(&mut self, panel: &Panel, base: f64) {
        if panel.high - panel.low < base / 1024.0 {
            return;
        }
        self.inside.iter_mut().zip(&panel.sums).for_each(|(inside, sums)| inside.add(sums));
    }

    fn stop(&self, at: f64, reason: Reason) -> Unresolved {
        Unresolved { at: self.signs[self.side] * at + 0.0, reason }
    }

    /// Looks at the products on a panel.
    fn panel(&mut self, low: f64, high: f64) -> Panel {
        self.looks += 1;
        let width = high - low;
        let places: Vec<f64> = (self.nodes.iter().rev().zip(&self.nodes))
            .map(|(rest, x)| if *x < 0.5 { low + width * x } else { high - width * rest })
            .collect();
        let mut sums = Vec::with_capacity(self.signs.len());
        let mut values = [[0.0; 3]; 16];
        for &sign in self.signs {
            let nodes: Vec<f64> = places.iter().map(|x| sign * x).collect();
            (self.evaluate)(&nodes, &mut values);
            sums.push(Sums::new(&places, &self.weights, width, &values, &self.breaks));
        }
        Panel { low, high, sums }
    }

    /// How the whole compares with its parts on the side where it is worse; errors of `least` pass.
    fn compare(&mut self, whole: &Panel, parts: [&Panel; 2], least: &[f64; PRODUCTS]) -> Verdict {
        let mut verdict = Verdict::Resolved;
        for (side, sums) in whole.sums.iter().enumerate() {
            let parts = parts.map(|part| &part.sums[side]);
            match sums.compare(parts, &self.inside[side], whole.high - whole.low, least, &self.divergent) {
                Verdict::Resolved => {}
                Verdict::Noisy => verdict = Verdict::Noisy,
                Verdict::Coarse => {
                    self.side = side;
                    return Verdict::Coarse;
                }
            }
        }
        verdict
    }

    /// Judges by the growth towards each break, over twelve octaves of the distance to it, which products can be integrated across.
    fn judge_breaks(&mut self) {
        let breaks = self.breaks.clone();
        for (n, &b) in breaks.iter().enumerate() {
            let below = n.checked_sub(1).map_or(b, |before| 0.5 * (b - breaks[before]));
            let above = breaks.get(n + 1).map_or(f64::INFINITY, |next| 0.5 * (next - b));
            for away in [-below.min(0.25), above.min(0.25)] {
                if away.abs() * two_to(-30) <= b * two_to(-43) {
                    continue;
                }
                let mut octave = |n: i32| {
                    let (one, other) = (b + away * two_to(n), b + away * two_to(n + 1));
                    self.panel(one.min(other), one.max(other))
                };
                let (near, far) = (octave(-30), octave(-18));
                for (near, far) in near.sums.iter().zip(&far.sums) {
                    for p in 0..PRODUCTS {
                        // 0.9 an octave
                        self.divergent[p] |= near.size[p] > 0.282 * far.size[p];
                    }
                }
            }
        }
    }

    /// Outer ends of the panels found, neighbours merged where one panel does.
    fn merged(&mut self, found: &[Panel], least: &[f64; PRODUCTS]) -> Vec<f64> {
        let mut edges = Vec::new();
        let mut last: Option<Panel> = None;
        for panel in found {
            if let Some(before) = last.take() {
                let whole =
                    if self.breaks.contains(&before.high) { None } else { Some(self.panel(before.low, panel.high)) };
                match whole {
                    Some(whole) if self.compare(&whole, [&before, panel], least) == Verdict::Resolved => {
                        last = Some(whole);
                        continue;
                    }
                    _ => {
                        edges.push(before.high);
                        self.count(&before, before.high.clamp(0.25, 16.0));
                    }
                }
            }
            last = Some(panel.clone());
        }
        edges.extend(last.map(|panel| panel.high));
        edges
    }
}
