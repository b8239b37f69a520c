//! Fixed points of activations that approach lines: `phi(u) ~ rise u` far up, `phi(u) ~ fall u` far down (gelu, softplus).
//!
//! With `R(u) = phi(u)^2 - (slope of its line)^2 u^2` and `t = ln q`, the relative excess of the variance map is
//!
//! ```text
//! r(t) = V(q) / q - 1 = (gain - 1) + sigma_w^2 g(t) + sigma_b^2 e^-t,     gain = sigma_w^2 (rise^2 + fall^2) / 2,   g = E[R(u)] / q
//! ```
//!
//! `g` knows no scales. It is tabulated once for an activation, with its slope and, for the whole of each cell, a bound of `|g''|`. From
//! `g'' = E[R (z^4 - 8 z^2 + 9)] / (4 q)`, `z = u / sqrt q`, (two derivatives of the Gaussian weight) follows for every `q'` in `[q / x, q]`
//!
//! ```text
//! |g''(t')| <= x^(3/2) E[|R| P] / (4 q),     P = max of |y^2 - 8 y + 9| over z^2 <= y <= x z^2,
//! ```
//!
//! since `exp(-u^2 / 2q') <= exp(-u^2 / 2q)`. A cell whose bound rules out a root is left; one where the slope cannot vanish holds one root
//! or none, as the signs at its ends say; any other is halved. So no pair of roots is passed over, however near each other they are, down to
//! [`ROUNDING`]. Below the table `V` is expanded at 0 ([`Local`]); above it `E[R]` is below 1e-7 or constant and `V` a line.

use super::at;
use super::fixed_points::{FixedPoint, FixedPoints, Stability, Unreached, excess_gain};
use super::local::Local;
use super::near;
use crate::TheoryError;
use crate::moments::second_moment_curvature;
use neurodyn_model::activation::Operation;
use neurodyn_model::{Activation, Ensemble};
use neurodyn_numerics::elementary::{exp, ln};
use neurodyn_numerics::quadrature::{CHUNK, Integrand, Univariate};
use neurodyn_numerics::roots::newton_bracketed;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Smallest and largest `q` of the table; cells for each unit of `ln q`.
const LOWEST: f64 = 1e-8;
const HIGHEST: f64 = 1e16;
const CELLS: usize = 8;

/// Two roots are told apart where the excess between them is more than this part of its terms, ten times what the quadrature of `R` errs.
const ROUNDING: f64 = 1e-14;

/// The same for formulas, whose values may lose digits.
const ROUNDING_OF_FORMULAS: f64 = 1e-12;

/// `g` and `dg / d ln q` at one `q`.
#[derive(Debug, Clone, Copy)]
struct Node {
    q: f64,
    value: f64,
    slope: f64,
}

/// The part of the variance map that its lines leave.
#[derive(Debug)]
pub(super) struct Tails {
    activation: Activation,
    /// `(rise^2 + fall^2) / 2`.
    square: f64,
    nodes: Vec<Node>,
    /// Bound of `|g''|` between a node and the next.
    bends: Vec<f64>,
    /// Whether it is a formula: narrow cells are judged by the bend that is seen.
    seen: bool,
    rounding: f64,
}

impl Tails {
    /// The table of this activation; a shipped one must not be bounded.
    pub(super) fn of(activation: Activation) -> &'static Self {
        static TABLES: Mutex<BTreeMap<Activation, &'static Tails>> = Mutex::new(BTreeMap::new());
        let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        tables.entry(activation).or_insert_with(|| Box::leak(Box::new(Self::new(activation))))
    }

    fn new(activation: Activation) -> Self {
        let (fall, rise) = activation.tails();
        let seen = matches!(activation, Activation::Formula(_));
        let lowest = if seen { near::reach(activation) } else { LOWEST };
        let highest = if seen { HIGHEST.min(0.999 * activation.shape().largest_variance()) } else { HIGHEST };
        let ratio = exp(1.0 / CELLS as f64);
        let count = (ln(highest / lowest) * CELLS as f64) as usize + usize::from(!seen || highest == HIGHEST);
        let (mut nodes, mut bends) = (Vec::with_capacity(count + 1), Vec::with_capacity(count));
        for i in 0..=count {
            let q = lowest * exp(i as f64 / CELLS as f64);
            let [value, slope, bend] = remainder(activation, q, ratio);
            nodes.push(Node { q, value, slope });
            bends.push(bend);
        }
        bends.remove(0);
        let rounding = if seen { ROUNDING_OF_FORMULAS } else { ROUNDING };
        Self { activation, square: 0.5 * (fall * fall + rise * rise), nodes, bends, seen, rounding }
    }

    /// Every fixed point of an ensemble with this activation.
    pub(super) fn fixed_points(&self, ensemble: &Ensemble) -> Result<FixedPoints, TheoryError> {
        let excess = self.excess(ensemble);
        let local = Local::of(ensemble);
        let mut points = Vec::from_iter(local.silence(ensemble, 0));
        let stability = |slope: f64| if slope < 1.0 { Stability::Stable } else { Stability::Unstable };
        for q in local.roots(LOWEST) {
            let point = at(ensemble, q, 0);
            points.push(FixedPoint { point, stability: stability(point.slope) });
        }
        for root in excess.roots() {
            let (q, iterations) = excess.refined(&root)?;
            points.push(FixedPoint { point: at(ensemble, q, iterations), stability: root.stability });
        }
        let far = excess.bias / -excess.level;
        if far > HIGHEST && far.is_finite() {
            points.push(FixedPoint { point: at(ensemble, far, 0), stability: Stability::Stable });
        }
        let unreached = match excess.level {
            level if level > 0.0 => Some(Unreached::Growth),
            level if level == 0.0 && excess.at_the_end() > 0.0 => Some(Unreached::Drift),
            _ => points.last().is_some_and(|last| last.point.slope <= -1.0).then_some(Unreached::Cycle),
        };
        Ok(FixedPoints::with(points, unreached))
    }

    /// The relative excess of an ensemble.
    pub(super) fn excess(&self, ensemble: &Ensemble) -> Excess<'_> {
        let weight = ensemble.sigma_w.squared();
        Excess { tails: self, level: excess_gain(weight * self.square), weight, bias: ensemble.sigma_b.squared() }
    }

    /// Where the table begins.
    pub(super) fn lowest(&self) -> f64 {
        self.nodes[0].q
    }

    /// Where it ends.
    pub(super) fn highest(&self) -> f64 {
        self.nodes[self.nodes.len() - 1].q
    }

    fn node(&self, q: f64) -> Node {
        let [value, slope, _] = remainder(self.activation, q, 1.0);
        Node { q, value, slope }
    }
}

/// Between which `q` a root is, and what it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bracket {
    low: f64,
    high: f64,
    /// Which way the excess changes its sign.
    pub(super) stability: Stability,
}

/// `r(t)` of one ensemble.
pub(super) struct Excess<'a> {
    tails: &'a Tails,
    /// `gain - 1`.
    pub(super) level: f64,
    weight: f64,
    bias: f64,
}

/// One end of a cell: `r`, its slope in `ln q`, and the size of what rounds.
#[derive(Debug, Clone, Copy)]
struct End {
    q: f64,
    value: f64,
    slope: f64,
    terms: f64,
}

impl Excess<'_> {
    fn end(&self, node: &Node) -> End {
        let (mean, bias) = (self.weight * node.value, self.bias / node.q);
        End {
            q: node.q,
            value: self.level + (mean + bias),
            slope: self.weight * node.slope - bias,
            terms: mean.abs() + bias,
        }
    }

    /// Its sign beyond all scales, where the gain is 1.
    pub(super) fn at_the_end(&self) -> f64 {
        // what each layer adds, against what the remainder takes, which falls to 0 or a constant
        let last = self.tails.nodes.last().map_or(0.0, |node| self.weight * node.value * node.q);
        if self.bias > 0.0 { last.max(0.0) + self.bias } else { last }
    }

    /// `r` where the table begins.
    pub(super) fn first(&self) -> f64 {
        self.end(&self.tails.nodes[0]).value
    }

    /// `r` where the table ends.
    pub(super) fn last(&self) -> f64 {
        self.end(&self.tails.nodes[self.tails.nodes.len() - 1]).value
    }

    /// Where the table ends.
    pub(super) fn highest(&self) -> f64 {
        self.tails.highest()
    }

    /// Whether `V' = 1 + r + dr / d ln q` is nowhere below 0 above this `q`, where the table sees it.
    pub(super) fn rises_above(&self, q: f64) -> bool {
        let above = self.tails.nodes.iter().filter(|node| node.q > q);
        above.map(|node| self.end(node)).all(|end| 1.0 + end.value + end.slope >= -1e-12)
    }

    /// Every root in the table.
    pub(super) fn roots(&self) -> Vec<Bracket> {
        let mut roots = Vec::new();
        let mut low: Option<End> = None;
        for (index, node) in self.tails.nodes.iter().enumerate() {
            let high = self.end(node);
            if let Some(low) = low {
                let bend = self.weight * self.tails.bends[index - 1] + self.bias / low.q;
                self.search(low, high, 1.0 / CELLS as f64, bend, &mut roots);
            }
            low = Some(high);
        }
        roots
    }

    /// The roots between two ends `width` apart in `ln q`, where `|r''|` is at most `bend`.
    fn search(&self, low: End, high: End, width: f64, bound: f64, roots: &mut Vec<Bracket>) {
        let bend = if self.tails.seen && width * (16 * CELLS) as f64 <= 1.0 {
            bound.min(4.0 * (high.slope - low.slope).abs() / width)
        } else {
            bound
        };
        let swing = bend * width;
        let monotone = low.slope.abs().max(high.slope.abs()) > swing;
        let nearest = low.value.abs().min(high.value.abs());
        match (low.value >= 0.0, high.value >= 0.0) {
            (true, false) if monotone => {
                return roots.push(Bracket { low: low.q, high: high.q, stability: Stability::Stable });
            }
            (false, true) if monotone => {
                return roots.push(Bracket { low: low.q, high: high.q, stability: Stability::Unstable });
            }
            // linear interpolation errs by up to swing * width / 8
            (before, after) if before == after && (monotone || nearest > 0.125 * swing * width) => return,
            _ => {}
        }
        let rounding = self.tails.rounding * low.terms.max(high.terms);
        if 0.125 * swing * width < rounding {
            // neighbours of a marginal root are that root
            let known = roots
                .last()
                .is_some_and(|last| last.stability == Stability::Marginal && last.high * exp(4.0 * width) > low.q);
            if nearest <= rounding && !known {
                roots.push(Bracket { low: low.q, high: high.q, stability: Stability::Marginal });
            } else if known {
                roots.last_mut().expect("there is one").high = high.q;
            }
            return;
        }
        let middle = self.end(&self.tails.node(low.q * exp(0.5 * width)));
        self.search(low, middle, 0.5 * width, bound, roots);
        self.search(middle, high, 0.5 * width, bound, roots);
    }

    /// The root in a bracket, to 2 ulp or the rounding of the excess, and what it took.
    pub(super) fn refined(&self, bracket: &Bracket) -> Result<(f64, u32), TheoryError> {
        let sign = match bracket.stability {
            Stability::Stable => 1.0,
            Stability::Unstable => -1.0,
            Stability::Marginal => return Ok(((bracket.low * bracket.high).sqrt(), 0)),
        };
        let root = newton_bracketed(bracket.low, bracket.high, bracket.high, |q| {
            let end = self.end(&self.tails.node(q));
            (sign * end.value, sign * end.slope / q)
        });
        let root = root.map_err(|source| TheoryError::NoConvergence { what: "q_star", source })?;
        Ok((root.x, root.iterations))
    }
}

/// Where at this bias two fixed points meet, a stable one above: the roots of `q - E[phi^2] / E[phi^2]' = sigma_b^2` through which it falls,
/// as `(sigma_w, q)` with `sigma_w^2 = 1 / E[phi^2]'`; in ascending order of `q`, where the cells of the table see them.
pub(crate) fn saddle_nodes(activation: Activation, sigma_b: f64) -> Result<Vec<(f64, f64)>, TheoryError> {
    let tails = Tails::of(activation);
    let target = sigma_b * sigma_b;
    // q g' / (h + g') with h = E[phi^2] / q, without cancellation
    let excess = |node: &Node| node.q * node.slope / (tails.square + node.value + node.slope) - target;
    let mut found = Vec::new();
    for pair in tails.nodes.windows(2) {
        let [low, high] = pair else { continue };
        // waves leave of the slope of E[phi^2] nothing but rounding
        let rises = |node: &Node| {
            let (slope, terms) = (tails.square + node.value + node.slope, tails.square + node.value.abs());
            !tails.seen || slope > 1e-9 * terms
        };
        if rises(low) && rises(high) && excess(low) > 0.0 && excess(high) <= 0.0 {
            let root = newton_bracketed(low.q, high.q, high.q, |q| {
                let node = tails.node(q);
                let growth = tails.square + node.value + node.slope;
                let slope =
                    q * (tails.square + node.value) * second_moment_curvature(activation, q) / (growth * growth);
                (excess(&node), slope)
            });
            let root = root.map_err(|source| TheoryError::NoConvergence { what: "saddle-node", source })?;
            let node = tails.node(root.x);
            found.push(((1.0 / (tails.square + node.value + node.slope)).sqrt(), root.x));
        }
    }
    Ok(found)
}

/// `g`, its slope and the bound of its bend for `[q / ratio, q]`. The first two err by 1e-15 relative of their terms; the integrand of the
/// third has corners, so it may be 1e-3 off, and is raised by 2 %.
fn remainder(activation: Activation, q: f64, ratio: f64) -> [f64; 3] {
    let rule = Univariate::new(activation.shape(), q);
    let (fall, rise) = activation.tails();
    let weighted = Weighted { operation: activation.operation(), fall, rise, inverse: 1.0 / q, ratio };
    let [value, slope, bend] = rule.integrate(&weighted);
    [value / q, 0.5 * slope / q, 1.02 * 0.25 * ratio * ratio.sqrt() * bend / q]
}

struct Weighted {
    operation: &'static dyn Operation,
    fall: f64,
    rise: f64,
    inverse: f64,
    ratio: f64,
}

impl Integrand<3> for Weighted {
    #[inline(always)]
    fn values(&self, nodes: &[f64; CHUNK], [remainders, slopes, bends]: &mut [[f64; CHUNK]; 3]) {
        *remainders = *nodes;
        self.operation.values(remainders);
        for n in 0..CHUNK {
            let (u, value) = (nodes[n], remainders[n]);
            let line = if u > 0.0 { self.rise * u } else { self.fall * u };
            let remainder = (value - line) * (value + line);
            let (y, top) = (u * self.inverse * u, u * self.inverse * u * self.ratio);
            let (at_y, at_top) = (((y - 8.0) * y + 9.0).abs(), ((top - 8.0) * top + 9.0).abs());
            let ends = if at_y > at_top { at_y } else { at_top };
            // between its roots the parabola goes down to -7, at y = 4
            let inner = if y < 4.0 && top > 4.0 && ends < 7.0 { 7.0 } else { ends };
            remainders[n] = remainder;
            slopes[n] = remainder * (y - 3.0);
            bends[n] = remainder.abs() * inner;
        }
    }
}
