//! Pair integrals of many inputs as Mehler's series: with the correlation `c` of two preactivations and the coefficients `a_k(q) = E[phi(sqrt(q) z) h_k(z)]`
//! in normalised Hermite polynomials,
//!
//! ```text
//! E[phi(u) phi(v)] = sum_k a_k(q) a_k(q') c^k
//! ```
//!
//! An input has its coefficients by itself, whatever its variance, so a pair is one sum. The rest after order `K` is at most
//! `|c|^(K+1) sqrt(R_K(q) R_K(q'))` (Cauchy and Schwarz), where `R_K` is what the first `K` squares leave of `E[phi^2]`: a pair is summed up until that
//! is below [`TOLERANCE`] of `sqrt(E[phi(u)^2] E[phi(v)^2])`, and has no series where it does not fall so far. Slopes likewise, with the
//! coefficients of `phi'`.

use crate::moments::{derivative_mean_square, mean_square};
use neurodyn_model::Activation;
use neurodyn_model::activation::Parity;
use neurodyn_numerics::elementary::normal_pdf;
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_numerics::quadrature::GaussLegendre;
use neurodyn_numerics::simd::{Kernel, dispatch};
use neurodyn_numerics::spread::Spread;
use neurodyn_numerics::sum::{LANES, reduce};

/// Largest rest of a sum.
const TOLERANCE: f64 = 1e-13;
/// Largest relative difference of `E[phi^2]` at these nodes from that of theory, beyond which an input has no series.
const RESOLVED: f64 = 1e-12;
/// Coefficients kept of an even or odd function, whose others vanish, and of any other.
const TERMS: [usize; 2] = [256, 512];
/// Nodes a panel.
const NODES: usize = 16;
/// Where panels end on either side of 0: near it they are short, since the bend of an activation is narrow where variances are large.
const FIRST: [f64; 5] = [0.0, 0.03, 0.08, 0.2, 0.5];
/// Beyond, `h_k` times the density is below 1e-18, up to the highest order.
const END: f64 = 13.0;
/// Inputs treated at once.
const BLOCK: usize = 32;

/// Coefficients of all inputs.
pub(super) struct Series {
    terms: usize,
    parity: Parity,
    values: Side,
    slopes: Side,
}

/// Those of `phi` or of `phi'`.
#[derive(Default)]
struct Side {
    /// Input by input.
    coefficients: Vec<f64>,
    /// Of each input, after each [`LANES`] of them: the root of the share of `E[phi^2]` that is left. Infinite where the nodes do not resolve it.
    rests: Vec<f64>,
}

/// Nodes for `z`, and the rows `w h_k(z)` on them.
struct Rule {
    z: Vec<f64>,
    weights: Vec<f64>,
    rows: Vec<f64>,
}

impl Series {
    /// Of these variances; `None` where `spread` was stopped.
    pub(super) fn new(activation: Activation, variances: &[f64], slopes: bool, spread: Spread) -> Option<Self> {
        let parity = activation.definition().parity();
        let terms = TERMS[usize::from(parity == Parity::None)];
        // kinks at the origin are where panels end anyway; others are at other places of z for each input
        let breaks: Vec<f64> = activation.breaks().iter().map(|one| one.at).filter(|at| *at != 0.0).collect();
        let (shared, size) = match breaks.is_empty() {
            true => (Some(Rule::new(parity, terms, &[])), BLOCK),
            false => (None, 1),
        };
        let blocks = variances.len().div_ceil(size);
        let block = |index: usize| {
            let of = &variances[index * size..variances.len().min((index + 1) * size)];
            match &shared {
                Some(rule) => rule.block(activation, of, slopes),
                None => {
                    let places: Vec<f64> = breaks.iter().map(|at| at.abs() / of[0].sqrt()).collect();
                    Rule::new(parity, terms, &places).block(activation, of, slopes)
                }
            }
        };
        let mut values = Side::default();
        let mut slope_side = Side::default();
        let rests = terms / LANES;
        for (index, numbers) in spread(blocks, &block)?.iter().enumerate() {
            let count = size.min(variances.len() - index * size);
            let (first, second) = numbers.split_at(count * (terms + rests));
            for (side, part) in
                [(&mut values, first), (&mut slope_side, second)].into_iter().filter(|(_, p)| !p.is_empty())
            {
                let (coefficients, left) = part.split_at(count * terms);
                side.coefficients.extend_from_slice(coefficients);
                side.rests.extend_from_slice(left);
            }
        }
        Some(Self { terms, parity, values, slopes: slope_side })
    }

    /// Overlap and slope of a pair of this covariance, where their series reach the tolerance.
    pub(super) fn pair(&self, i: usize, j: usize, q: f64, q_prime: f64, covariance: f64) -> [Option<f64>; 2] {
        let size = (q * q_prime).sqrt();
        if !(size > 0.0 && size.is_finite()) {
            return [None; 2];
        }
        let c = (covariance / size).clamp(-1.0, 1.0);
        let (ratio, odd, even) = match self.parity {
            Parity::Odd => (c * c, c, 1.0),
            Parity::Even => (c * c, 1.0, c),
            Parity::None => (c, 1.0, 1.0),
        };
        // phi' has the other parity
        [(&self.values, odd), (&self.slopes, even)]
            .map(|(side, first)| side.sum(self.terms, i, j, ratio).map(|sum| first * sum))
    }
}

impl Side {
    /// `sum_t a_t a'_t ratio^t`, where its rest falls below the tolerance.
    fn sum(&self, terms: usize, i: usize, j: usize, ratio: f64) -> Option<f64> {
        if self.coefficients.is_empty() {
            return None;
        }
        let rests = terms / LANES;
        let [a, a_prime] = [i, j].map(|input| &self.coefficients[input * terms..(input + 1) * terms]);
        let [left, left_prime] = [i, j].map(|input| &self.rests[input * rests..(input + 1) * rests]);
        dispatch(Sum { a, a_prime, left, left_prime, ratio })
    }
}

struct Sum<'a> {
    a: &'a [f64],
    a_prime: &'a [f64],
    left: &'a [f64],
    left_prime: &'a [f64],
    ratio: f64,
}

impl Kernel for Sum<'_> {
    type Output = Option<f64>;

    /// In eight lanes.
    #[inline(always)]
    fn run(self) -> Option<f64> {
        let Self { a, a_prime, left, left_prime, ratio } = self;
        let (square, fourth) = (ratio * ratio, (ratio * ratio) * (ratio * ratio));
        let mut powers =
            [1.0, ratio, square, square * ratio, fourth, fourth * ratio, fourth * square, fourth * (square * ratio)];
        let step = fourth * fourth;
        // it is seen at once where all blocks, whose number is a power of two, do not do
        let blocks = left.len();
        let mut last = step;
        (0..blocks.ilog2()).for_each(|_| last *= last);
        if !(last.abs() * left[blocks - 1] * left_prime[blocks - 1] <= TOLERANCE) {
            return None;
        }
        let mut lanes = [0.0; LANES];
        let mut reached = 1.0;
        let pairs = a.as_chunks::<LANES>().0.iter().zip(a_prime.as_chunks::<LANES>().0);
        for ((a, a_prime), (left, left_prime)) in pairs.zip(left.iter().zip(left_prime)) {
            for lane in 0..LANES {
                lanes[lane] += a[lane] * a_prime[lane] * powers[lane];
                powers[lane] *= step;
            }
            reached *= step;
            if reached.abs() * left * left_prime <= TOLERANCE {
                break;
            }
        }
        Some(reduce(lanes))
    }
}

impl Rule {
    /// Panels end at these places on either side of 0, too.
    fn new(parity: Parity, terms: usize, places: &[f64]) -> Self {
        let legendre = GaussLegendre::new(NODES);
        let mut ends = FIRST.to_vec();
        while ends[ends.len() - 1] < END {
            ends.push(ends[ends.len() - 1] + 0.5);
        }
        ends.extend(places.iter().filter(|place| **place < END));
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        let mut half: Vec<(f64, f64)> = Vec::new();
        for panel in ends.windows(2) {
            let (centre, radius) = (0.5 * (panel[0] + panel[1]), 0.5 * (panel[1] - panel[0]));
            let nodes = legendre.nodes.iter().zip(&legendre.weights);
            half.extend(nodes.map(|(x, weight)| (centre + radius * x, radius * weight)));
        }
        let of = |(z, weight): (f64, f64), factor: f64| (z, factor * weight * normal_pdf(z));
        let pairs: Vec<(f64, f64)> = match parity {
            // an even integrand on one side
            Parity::Odd | Parity::Even => half.iter().map(|&node| of(node, 2.0)).collect(),
            Parity::None => {
                let below = half.iter().rev().map(|&(z, weight)| of((-z, weight), 1.0));
                below.chain(half.iter().map(|&node| of(node, 1.0))).collect()
            }
        };
        let (z, weights): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let mut rows = Vec::with_capacity(terms * z.len());
        let (mut before, mut now) = (vec![0.0; z.len()], weights.clone());
        let (first, stride) = match parity {
            Parity::Odd => (1, 2),
            Parity::Even => (0, 2),
            Parity::None => (0, 1),
        };
        for order in 0..first + stride * terms {
            if order >= first && (order - first) % stride == 0 {
                rows.extend_from_slice(&now);
            }
            let next = ((order + 1) as f64).sqrt();
            let (above, below) = (1.0 / next, (order as f64).sqrt() / next);
            for n in 0..z.len() {
                let value = z[n] * now[n] * above - below * before[n];
                before[n] = now[n];
                now[n] = value;
            }
        }
        Self { z, weights, rows }
    }

    /// Coefficients and rests of `phi` at these variances, then those of `phi'`.
    fn block(&self, activation: Activation, variances: &[f64], slopes: bool) -> Vec<f64> {
        let (count, nodes) = (variances.len(), self.z.len());
        let terms = self.rows.len() / nodes;
        let mut points = Vec::with_capacity(count * nodes);
        for q in variances {
            let sd = q.sqrt();
            points.extend(self.z.iter().map(|z| sd * z));
        }
        let mut derivatives = vec![0.0; if slopes { points.len() } else { 0 }];
        if slopes {
            activation.operation().slopes(&points, &mut derivatives);
        }
        activation.operation().values(&mut points);
        let resolved = |input: usize, norm| is_near(norm, mean_square(activation, variances[input]));
        let mut out = self.project(terms, &points, resolved);
        if slopes {
            let parity = activation.definition().parity();
            let derived = self.derived(terms, parity, &out[..count * terms], variances);
            let blocks = terms / LANES;
            let known = |input: usize| out[count * terms + input * blocks].is_finite();
            let mut left = Vec::with_capacity(count * blocks);
            for (input, norm) in self.norms(&derivatives).into_iter().enumerate() {
                let resolved = known(input) && is_near(norm, derivative_mean_square(activation, variances[input]));
                left.extend(rests(&derived[input * terms..(input + 1) * terms], norm, resolved));
            }
            out.extend(derived);
            out.extend(left);
        }
        out
    }

    /// Sums of squares with the weights.
    fn norms(&self, values: &[f64]) -> Vec<f64> {
        let squares = |of: &[f64]| of.iter().zip(&self.weights).map(|(value, weight)| weight * value * value).sum();
        values.chunks(self.z.len()).map(squares).collect()
    }

    /// Coefficients of functions at the nodes, and what they leave.
    fn project(&self, terms: usize, values: &[f64], resolved: impl Fn(usize, f64) -> bool) -> Vec<f64> {
        let nodes = self.z.len();
        let count = values.len() / nodes;
        let mut out = vec![0.0; count * terms];
        let of = |values, count| Vectors { values, stride: nodes, count, length: nodes };
        products(of(values, count), of(&self.rows, terms), &mut out);
        for (input, norm) in self.norms(values).into_iter().enumerate() {
            let left = rests(&out[input * terms..(input + 1) * terms], norm, resolved(input, norm));
            out.extend(left);
        }
        out
    }

    /// Coefficients of `phi'` from those of `phi`: `E[phi'(s z) h_k] = sqrt(k + 1) a_(k+1) / s`.
    fn derived(&self, terms: usize, parity: Parity, of_phi: &[f64], variances: &[f64]) -> Vec<f64> {
        let mut out = Vec::with_capacity(of_phi.len());
        for (of, q) in of_phi.chunks(terms).zip(variances) {
            let scale = 1.0 / q.sqrt();
            out.extend((0..terms).map(|t| {
                let (from, order) = match parity {
                    Parity::Odd => (t, 2 * t + 1),
                    Parity::Even => (t + 1, 2 * t + 2),
                    Parity::None => (t + 1, t + 1),
                };
                of.get(from).map_or(0.0, |a| (order as f64).sqrt() * a * scale)
            }));
        }
        out
    }
}

/// Whether the nodes give this moment as theory does.
fn is_near(norm: f64, moment: f64) -> bool {
    (norm - moment).abs() <= RESOLVED * moment
}

/// What is left after each block of terms, its share as a root; never below rounding.
fn rests(coefficients: &[f64], norm: f64, resolved: bool) -> Vec<f64> {
    let mut left = norm;
    let blocks = coefficients.chunks(LANES).map(|block| {
        left -= block.iter().map(|a| a * a).sum::<f64>();
        let share = (left / norm).max(0.0) + f64::EPSILON;
        if resolved && norm > 0.0 { share.sqrt() } else { f64::INFINITY }
    });
    blocks.collect()
}
