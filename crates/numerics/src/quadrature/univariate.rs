//! `E[f(u)]`, `u ~ N(0, q)`.

use super::pieces::panels::{self, Point};
use super::{CUT, Shape};
use crate::elementary::{asinh, exp, ln, normal_pdf, within};
use crate::simd::{Kernel, dispatch};
use crate::sum::{LANES, reduce};

/// Nodes and weights for `E[f(u)]` with `u ~ N(0, q)`, padded to whole chunks with nodes of weight 0: at the origin, or for pieces at the last node.
#[derive(Debug, Clone, PartialEq)]
pub struct Univariate {
    pub(super) nodes: Vec<f64>,
    pub(super) weights: Vec<f64>,
    count: usize,
    /// Padded with the last node, not with 0.
    repeats: bool,
}

/// Several functions of `u` to integrate.
pub trait Integrand<const K: usize> {
    /// The values at one chunk of nodes.
    fn values(&self, nodes: &[f64; CHUNK], values: &mut [[f64; CHUNK]; K]);
}

/// Nodes in a chunk.
pub const CHUNK: usize = 32;

impl Univariate {
    /// The rule for variance `q >= 0`. `q = 0` is the limit from above: the single point 0, or half a point on either side of a kink, where
    /// a jump has both its values.
    ///
    /// The nodes of an oscillating shape grow with its frequency and `sqrt q`: callers keep to [`Shape::largest_variance`].
    pub fn new(shape: Shape, q: f64) -> Self {
        Self::with_scale(shape, q, 1.0)
    }

    /// [`Univariate::new`] for integrands that are even, `f(-u) = f(u)`: half the nodes, `u >= 0` only.
    pub fn new_for_even_integrands(shape: Shape, q: f64) -> Self {
        if shape != Shape::Localised || q == 0.0 {
            return Self::new(shape, q).for_even_integrands();
        }
        // the nodes that would be left out are not computed
        let mut rule = sinh_nodes(q.sqrt(), 1.0, Side::NotNegative);
        rule.weights[1..rule.count].iter_mut().for_each(|weight| *weight *= 2.0);
        rule
    }

    /// The rule for an integrand that varies on `scale <= 1` near the origin.
    pub(super) fn with_scale(shape: Shape, q: f64, scale: f64) -> Self {
        debug_assert!(q >= 0.0 && q.is_finite());
        debug_assert!(q <= shape.largest_variance(), "{shape:?} at variance {q} takes too many nodes");
        let sd = q.sqrt();
        match shape {
            Shape::Pieces(pieces) => Self::of_points(&panels::univariate(pieces, sd)),
            Shape::KinkedAtZero if q == 0.0 => Self::of(vec![f64::MIN_POSITIVE, -f64::MIN_POSITIVE], vec![0.5, 0.5]),
            _ if q == 0.0 => Self::of(vec![0.0], vec![1.0]),
            Shape::Localised => sinh_nodes(sd, scale, Side::Both),
            Shape::Oscillating { frequency } => uniform_nodes(sd, frequency),
            Shape::KinkedAtZero => half_line_nodes(sd),
        }
    }

    fn of(mut nodes: Vec<f64>, mut weights: Vec<f64>) -> Self {
        let count = nodes.len();
        pad(&mut nodes);
        pad(&mut weights);
        Self { nodes, weights, count, repeats: false }
    }

    /// From the nodes on panels, padded with the last of them, lest a formula meets a place that it does not expect.
    pub(super) fn of_points(points: &[Point]) -> Self {
        let (nodes, weights) = points.iter().map(|point| (point.u, point.weight)).unzip();
        Self::of(nodes, weights).padded_with_last()
    }

    fn padded_with_last(mut self) -> Self {
        let last = self.nodes[self.count - 1];
        self.nodes[self.count..].fill(last);
        self.repeats = true;
        self
    }

    /// The same rule for integrands that are even, `f(-u) = f(u)`: half the nodes, `u >= 0` only.
    pub fn for_even_integrands(self) -> Self {
        let (mut nodes, mut weights) = (Vec::with_capacity(self.count / 2 + 1), Vec::with_capacity(self.count / 2 + 1));
        for (&u, &weight) in self.nodes[..self.count].iter().zip(&self.weights) {
            if u >= 0.0 {
                nodes.push(u);
                weights.push(if u > 0.0 { 2.0 * weight } else { weight });
            }
        }
        let rule = Self::of(nodes, weights);
        if self.repeats { rule.padded_with_last() } else { rule }
    }

    /// Number of evaluations.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Never true: a rule has nodes.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Every node with its weight, in order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        self.nodes[..self.count].iter().copied().zip(self.weights.iter().copied())
    }

    /// Hands out every node with its weight, in order.
    pub fn visit(&self, mut f: impl FnMut(f64, f64)) {
        self.pairs().for_each(|(u, weight)| f(u, weight));
    }

    /// `E[f_k(u)]` of several functions at once.
    pub fn expectations<const K: usize>(&self, mut f: impl FnMut(f64) -> [f64; K]) -> [f64; K] {
        let mut sums = [0.0; K];
        for (u, weight) in self.pairs() {
            let values = f(u);
            for k in 0..K {
                sums[k] += weight * values[k];
            }
        }
        sums
    }

    /// `E[f(u)]`.
    pub fn expectation(&self, mut f: impl FnMut(f64) -> f64) -> f64 {
        self.expectations(|u| [f(u)])[0]
    }

    /// [`Univariate::expectations`] at the active SIMD level; the same bits at each.
    pub fn integrate<const K: usize>(&self, f: &impl Integrand<K>) -> [f64; K] {
        dispatch(Integrate { rule: self, f })
    }
}

struct Integrate<'a, const K: usize, F> {
    rule: &'a Univariate,
    f: &'a F,
}

impl<const K: usize, F: Integrand<K>> Kernel for Integrate<'_, K, F> {
    type Output = [f64; K];

    #[inline(always)]
    fn run(self) -> [f64; K] {
        let mut sums = [[0.0; LANES]; K];
        let mut values = [[0.0; CHUNK]; K];
        for (nodes, weights) in self.rule.nodes.as_chunks::<CHUNK>().0.iter().zip(self.rule.weights.as_chunks().0) {
            self.f.values(nodes, &mut values);
            for k in 0..K {
                add_products(&mut sums[k], weights, &values[k]);
            }
        }
        sums.map(reduce)
    }
}

/// Adds the products of one chunk to eight lanes.
#[inline(always)]
pub(super) fn add_products(lanes: &mut [f64; LANES], a: &[f64; CHUNK], b: &[f64; CHUNK]) {
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        for i in 0..LANES {
            lanes[i] += a[i] * b[i];
        }
    }
}

/// Zeros to whole chunks.
pub(super) fn pad(values: &mut Vec<f64>) {
    values.resize(values.len().next_multiple_of(CHUNK), 0.0);
}

/// Which nodes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    NotNegative,
}

/// `u = a sinh(x)`, trapezoid in `x` with step 1/9.
fn sinh_nodes(sd: f64, scale: f64, side: Side) -> Univariate {
    const STEP: f64 = 1.0 / 9.0;
    let a = scale.min(sd);
    let count = (asinh(CUT * sd / a) / STEP) as i64 + 1;
    let first = if side == Side::Both { -count } else { 0 };
    let total = (count - first) as usize + 1;
    let mut nodes = Vec::with_capacity(total.next_multiple_of(CHUNK));
    nodes.extend((first..=count).map(|i| i as f64 * STEP));
    pad(&mut nodes);
    let mut weights = vec![0.0; nodes.len()];
    dispatch(SinhNodes { a, sd, step: STEP, nodes: &mut nodes, weights: &mut weights });
    nodes[total..].fill(0.0);
    weights[total..].fill(0.0);
    Univariate { nodes, weights, count: total, repeats: false }
}

/// From `x` to `a sinh(x)` and its weight.
struct SinhNodes<'a> {
    a: f64,
    sd: f64,
    step: f64,
    nodes: &'a mut [f64],
    weights: &'a mut [f64],
}

impl Kernel for SinhNodes<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let factor = self.step * self.a / self.sd;
        let chunks = self.nodes.as_chunks_mut::<CHUNK>().0.iter_mut().zip(self.weights.as_chunks_mut::<CHUNK>().0);
        for (nodes, weights) in chunks {
            for n in 0..CHUNK {
                let e = within::exp(nodes[n]);
                let (sinh, cosh) = (sinh_from_exp(nodes[n], e), 0.5 * (e + 1.0 / e));
                let u = self.a * sinh;
                nodes[n] = u;
                weights[n] = factor * cosh * within::normal_pdf(u / self.sd);
            }
        }
    }
}

/// `sinh(x)` given `e^x`; `x` is 0 or at least 1/20 in magnitude here, so the difference loses at most 5 bits, which
/// moves the node (not the weight) by 1e-15 relative.
#[inline(always)]
pub(super) fn sinh_from_exp(x: f64, e: f64) -> f64 {
    if x == 0.0 { 0.0 } else { 0.5 * (e - 1.0 / e) }
}

/// Plain trapezoid in `z = u / sd`: aliasing error `exp(-(2 pi / h - frequency sd)^2 / 2)`.
fn uniform_nodes(sd: f64, frequency: f64) -> Univariate {
    let step = 2.0 * std::f64::consts::PI / (frequency * sd + 15.0);
    let (nodes, weights) = uniform_grid(step).into_iter().map(|(z, weight)| (sd * z, weight)).unzip();
    Univariate::of(nodes, weights)
}

/// The trapezoid rule for a standard normal with this step.
pub(super) fn uniform_grid(step: f64) -> Vec<(f64, f64)> {
    let count = (CUT / step) as i64 + 1;
    (-count..=count).map(|i| i as f64 * step).map(|z| (z, step * normal_pdf(z))).collect()
}

/// Each half line by `u = sd e^x`, trapezoid in `x` from `e^-45`: resolves every scale near the kink.
fn half_line_nodes(sd: f64) -> Univariate {
    const STEP: f64 = 0.1;
    let upper = (ln(CUT) / STEP) as i64 + 1;
    let (mut nodes, mut weights) = (Vec::new(), Vec::new());
    for i in -450..=upper {
        let z = exp(i as f64 * STEP);
        let weight = STEP * z * normal_pdf(z);
        nodes.extend([sd * z, -sd * z]);
        weights.extend([weight, weight]);
    }
    Univariate::of(nodes, weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quadrature::pieces::tests::hard_tanh;
    use crate::simd::{Level, dispatch_at};

    #[test]
    fn gaussian_moments_are_exact_for_every_shape_and_scale() {
        for shape in [Shape::Localised, Shape::Oscillating { frequency: 4.0 }, Shape::KinkedAtZero, hard_tanh()] {
            for q in [1e-8, 1e-3, 0.5, 1.0, 30.0, 1e4] {
                let [one, second, fourth, eighth] = Univariate::new(shape, q)
                    .expectations(|u| [1.0, u * u, u * u * u * u, u * u * u * u * u * u * u * u]);
                assert!((one - 1.0).abs() < 2e-15, "{shape:?} {q}: {one}");
                assert!((second / q - 1.0).abs() < 4e-15, "{shape:?} {q}: {second}");
                assert!((fourth / (3.0 * q * q) - 1.0).abs() < 1e-14, "{shape:?} {q}: {fourth}");
                assert!((eighth / (105.0 * q * q * q * q) - 1.0).abs() < 1e-13, "{shape:?} {q}: {eighth}");
            }
        }
    }

    #[test]
    fn vectors_give_the_same_integrals_at_every_level() {
        struct Powers;
        impl Integrand<2> for Powers {
            #[inline(always)]
            fn values(&self, nodes: &[f64; CHUNK], [squares, bells]: &mut [[f64; CHUNK]; 2]) {
                for n in 0..CHUNK {
                    squares[n] = nodes[n] * nodes[n];
                    bells[n] = within::exp(-squares[n]);
                }
            }
        }
        for shape in [Shape::Localised, Shape::Oscillating { frequency: 4.0 }, Shape::KinkedAtZero, hard_tanh()] {
            for q in [1e-8, 0.5, 1e4] {
                let half = Univariate::new(shape, q).for_even_integrands();
                assert_eq!(Univariate::new_for_even_integrands(shape, q), half);
                for rule in [Univariate::new(shape, q), half] {
                    let plain = rule.expectations(|u| [u * u, exp(-u * u)]);
                    let found = rule.integrate(&Powers);
                    let close = |k: usize| (found[k] - plain[k]).abs() <= 1e-15 * 8.0 * plain[k];
                    assert!(close(0) && close(1), "{shape:?} {q}: {found:?} {plain:?}");
                    for level in Level::available() {
                        assert_eq!(dispatch_at(level, Integrate { rule: &rule, f: &Powers }), found);
                    }
                }
            }
        }
    }

    #[test]
    fn half_lines_see_a_jump_and_a_kink() {
        for q in [1e-8, 1.0, 1e4] {
            let rule = Univariate::new(Shape::KinkedAtZero, q);
            let [step, ramp] = rule.expectations(|u| [f64::from(u > 0.0), u.max(0.0)]);
            assert!((step - 0.5).abs() < 1e-15);
            let exact = (q / (2.0 * std::f64::consts::PI)).sqrt();
            assert!((ramp / exact - 1.0).abs() < 2e-15);
        }
    }

    #[test]
    fn zero_variance_is_a_point() {
        assert_eq!(Univariate::new(Shape::Localised, 0.0).expectation(|u| 3.0 + u), 3.0);
        let kinked = Univariate::new(Shape::KinkedAtZero, 0.0);
        assert_eq!(kinked.expectation(|u| if u > 0.0 { 5.0 } else { 1.0 }), 3.0);
        assert_eq!(kinked.for_even_integrands().expectation(|u| 3.0 + u), 3.0);
    }
}
