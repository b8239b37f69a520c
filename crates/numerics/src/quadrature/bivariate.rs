//! `E[f(u, v)]` for a Gaussian pair, in the variables `(u, t = v - u)`, which keep full relative accuracy however close
//! the two are.

use super::law::PairCovariance;
use super::legendre::GaussLegendre;
use super::pieces::inner::Given;
use super::pieces::panels::{Blur, outer};
use super::univariate::{CHUNK, Univariate, add_products, pad, sinh_from_exp, uniform_grid};
use super::{CUT, Pieces, Shape};
use crate::elementary::{asinh, exp, normal_pdf, within};
use crate::simd::{Kernel, dispatch};
use crate::sum::{LANES, reduce};

/// One node: `u`, `v`, `t = v - u`, and the independent standard normals `(z, y)` with `u = sqrt(q) z`,
/// `t = slope u + tau y`.
///
/// In rules for pieces `u` and `v` are each on the right side of every break, also where the distance to it is below their rounding: they may be an ulp
/// off, more than `t`. Then `|t|` bounds how far either is from a break between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// First variable.
    pub u: f64,
    /// Second variable.
    pub v: f64,
    /// `v - u`, accurate to a few ulp even when tiny.
    pub t: f64,
    /// Standard normal behind `u`.
    pub z: f64,
    /// Standard normal behind `t` given `u`.
    pub y: f64,
}

/// Nodes of the inner rule, for `t` given `u`.
#[derive(Debug, Clone)]
enum Inner {
    /// `v` is `u` plus its regression, exactly.
    Point,
    /// A fixed grid of standard normals `y`.
    Uniform(Grid),
    /// `v = sinh(x)` around the origin, where the integrand varies on a scale much below `tau`: pairs `(v, dv)`; and
    /// the coarse grid for `u` so far out that `v` stays away from the origin.
    Sinh(Grid, Grid),
    /// Panels on either side of the kink at `v = 0`, or the coarse grid when the kink is out of reach.
    Split(&'static GaussLegendre, Grid),
    /// Panels between the edges of pieces.
    Pieces(Given),
}

/// A rule for `E[f(u, v)]`.
///
/// The outer rule is [`Univariate`] in `u`; the inner one integrates `t` given `u`: a plain trapezoid while the conditional
/// standard deviation `tau` is at most 2, beyond that the `sinh` map around `v = 0` (step 1/18, good to `exp(-38)` for
/// conditional means up to 10.5 tau), and split panels for a kink; for pieces see [`Shape::Pieces`]. Relative accuracy 1e-13 for integrands of one sign,
/// tested against closed forms for correlations from -1 to 1 - 1e-14 and gaps down to 1e-300.
#[derive(Debug, Clone)]
pub struct Bivariate {
    outer: Univariate,
    inner: Inner,
    sd: f64,
    slope: f64,
    tau: f64,
}

impl Bivariate {
    /// The rule for this law and shape of integrand.
    pub fn new(shape: Shape, law: &PairCovariance) -> Self {
        Self::of_regression(shape, law.q, law.regression())
    }

    /// The rule for `Var u = q`, `Var v = q_prime` and this covariance, each right to rounding however unequal the variances; for
    /// `q <= q_prime`, since `v` is formed as `u + t`.
    pub fn of_covariance(shape: Shape, q: f64, q_prime: f64, covariance: f64) -> Self {
        let slope = if q > 0.0 { covariance / q } else { 0.0 };
        let tau = (q_prime - slope * covariance).max(0.0).sqrt();
        Self::of_regression(shape, q, (slope - 1.0, tau))
    }

    /// The rule for `t = slope u + tau z`.
    fn of_regression(shape: Shape, q: f64, (slope, tau): (f64, f64)) -> Self {
        let inner = match shape {
            Shape::Pieces(pieces) => return Self::of_pieces(pieces, q, Blur { slope, tau }),
            _ if tau == 0.0 => Inner::Point,
            Shape::Localised if tau <= 2.0 => Inner::Uniform(Grid::uniform((0.24 / tau).min(0.42))),
            Shape::Localised => Inner::Sinh(sinh_grid(2.0 * CUT * tau + 2.0), Grid::uniform(0.42)),
            Shape::Oscillating { frequency } => {
                Inner::Uniform(Grid::uniform(2.0 * std::f64::consts::PI / (frequency * tau + 15.0)))
            }
            Shape::KinkedAtZero => Inner::Split(GaussLegendre::sixteen(), Grid::uniform(0.42)),
        };
        let scale = 1.0 / (1.0 + slope).abs().max(1.0);
        let outer = Univariate::with_scale(shape, q, scale);
        Self { outer, inner, sd: q.sqrt(), slope, tau }
    }

    fn of_pieces(pieces: &'static Pieces, q: f64, blur: Blur) -> Self {
        let sd = q.sqrt();
        let points = outer(pieces, sd, blur);
        let places = points.iter().map(|point| point.place).collect();
        let outer = Univariate::of_points(&points);
        Self { outer, inner: Inner::Pieces(Given::new(pieces, sd, blur, places)), sd, slope: blur.slope, tau: blur.tau }
    }

    /// The same rule for integrands that are even, `f(-u, -v) = f(u, v)`: half the nodes, `u >= 0` only.
    pub fn for_even_integrands(mut self) -> Self {
        if let Inner::Pieces(given) = &mut self.inner {
            let mut nodes = self.outer.pairs();
            given.places.retain(|_| nodes.next().is_some_and(|(u, _)| u >= 0.0));
        }
        self.outer = self.outer.for_even_integrands();
        self
    }

    /// Cholesky factor of the law of `(u, t)`: `u = sd z`, `t = cross z + tau y`; returns `(sd, cross, tau)`.
    pub fn factor(&self) -> (f64, f64, f64) {
        (self.sd, self.slope * self.sd, self.tau)
    }

    /// `E[f_k]` of several functions at once. `prepare` sees `u` once per outer node; `f` gets its result and the node.
    pub fn expectations<P, const K: usize>(
        &self,
        prepare: impl Fn(f64) -> P,
        f: impl Fn(&P, &Node) -> [f64; K],
    ) -> [f64; K] {
        self.expectations_along(prepare, |_, _, _, _| (), |prepared, _, node| f(prepared, node))
    }

    /// [`Bivariate::expectations`], where a number for each node is computed for all of one `u` together: `along` sees `u`, the nodes `v` and their
    /// `t`, and fills in as many numbers, which are 0 before.
    pub fn expectations_along<P, const K: usize>(
        &self,
        prepare: impl Fn(f64) -> P,
        along: impl Fn(f64, &[f64], &[f64], &mut [f64]),
        f: impl Fn(&P, f64, &Node) -> [f64; K],
    ) -> [f64; K] {
        let mut sums = [0.0; K];
        let mut line = Line::default();
        let mut numbers = Vec::new();
        for (n, (u, weight)) in self.outer.pairs().enumerate() {
            let prepared = prepare(u);
            let z = if self.sd > 0.0 { u / self.sd } else { 0.0 };
            self.line(n, u, &mut line);
            numbers.clear();
            numbers.resize(line.count, 0.0);
            along(u, &line.v[..line.count], &line.t[..line.count], &mut numbers);
            let mut inner = [0.0; K];
            for n in 0..line.count {
                let values = f(&prepared, numbers[n], &Node { u, v: line.v[n], t: line.t[n], z, y: line.y[n] });
                for k in 0..K {
                    inner[k] += line.weight[n] * values[k];
                }
            }
            for k in 0..K {
                sums[k] += weight * inner[k];
            }
        }
        sums
    }

    /// [`Bivariate::expectations`] at the active SIMD level; the same bits at each.
    pub fn integrate<const K: usize>(&self, f: &impl PairIntegrand<K>) -> [f64; K] {
        dispatch(Integrate { rule: self, f })
    }

    /// The inner rule at this `u`, the `n`th of the outer rule.
    #[inline(always)]
    fn line(&self, n: usize, u: f64, line: &mut Line) {
        let mean = self.slope * u;
        let centre = u + mean;
        line.clear();
        match &self.inner {
            Inner::Point => line.push(mean, centre, 0.0, 1.0),
            Inner::Uniform(grid) => line.on_grid(grid, u, mean, self.tau),
            Inner::Sinh(grid, coarse) => {
                if centre.abs() > CUT * self.tau + 2.0 {
                    line.on_grid(coarse, u, mean, self.tau);
                } else {
                    line.around_origin(grid, u, centre, self.tau);
                }
            }
            Inner::Split(panel, coarse) => {
                let kink = -centre / self.tau;
                if kink.abs() > CUT {
                    line.on_grid(coarse, u, mean, self.tau);
                } else {
                    line.on_panels(panel, -CUT, kink, u, mean, self.tau);
                    line.on_panels(panel, kink, CUT, u, mean, self.tau);
                }
            }
            Inner::Pieces(given) if self.tau == 0.0 => line.push(mean, given.point(given.places[n]), 0.0, 1.0),
            Inner::Pieces(given) => line.on_pieces(given, n, u, mean, self.tau),
        }
        line.finish();
    }
}

/// Several functions of a pair to integrate.
pub trait PairIntegrand<const K: usize> {
    /// What depends on `u` alone.
    type Prepared: Copy;
    /// Computed once for each `u`.
    fn prepare(&self, u: f64) -> Self::Prepared;
    /// The values at one chunk of nodes `(u, v)`, `t = v - u`.
    fn values(
        &self,
        prepared: Self::Prepared,
        u: f64,
        v: &[f64; CHUNK],
        t: &[f64; CHUNK],
        values: &mut [[f64; CHUNK]; K],
    );
}

struct Integrate<'a, const K: usize, F> {
    rule: &'a Bivariate,
    f: &'a F,
}

impl<const K: usize, F: PairIntegrand<K>> Kernel for Integrate<'_, K, F> {
    type Output = [f64; K];

    #[inline(always)]
    fn run(self) -> [f64; K] {
        let mut sums = [0.0; K];
        let mut line = Line::default();
        let mut values = [[0.0; CHUNK]; K];
        for (n, (u, weight)) in self.rule.outer.pairs().enumerate() {
            let prepared = self.f.prepare(u);
            self.rule.line(n, u, &mut line);
            let mut inner = [[0.0; LANES]; K];
            let places = line.v.as_chunks::<CHUNK>().0.iter().zip(line.t.as_chunks::<CHUNK>().0);
            for ((v, t), weights) in places.zip(line.weight.as_chunks::<CHUNK>().0) {
                self.f.values(prepared, u, v, t, &mut values);
                for k in 0..K {
                    add_products(&mut inner[k], weights, &values[k]);
                }
            }
            for k in 0..K {
                sums[k] += weight * reduce(inner[k]);
            }
        }
        sums
    }
}

/// Nodes for one `u`, padded to whole chunks with nodes of weight 0.
#[derive(Debug, Clone, Default)]
struct Line {
    t: Vec<f64>,
    v: Vec<f64>,
    y: Vec<f64>,
    weight: Vec<f64>,
    /// Lebesgue weights of `y`, where the rule has them.
    width: Vec<f64>,
    count: usize,
}

impl Line {
    fn clear(&mut self) {
        [&mut self.t, &mut self.v, &mut self.y, &mut self.weight, &mut self.width].into_iter().for_each(Vec::clear);
    }

    #[inline(always)]
    fn push(&mut self, t: f64, v: f64, y: f64, weight: f64) {
        self.t.push(t);
        self.v.push(v);
        self.y.push(y);
        self.weight.push(weight);
    }

    fn finish(&mut self) {
        self.count = self.weight.len();
        // padded with values that are there already, lest an integrand meets a place that it does not expect
        let last = self.count - 1;
        for values in [&mut self.t, &mut self.v, &mut self.y] {
            values.resize(self.count.next_multiple_of(CHUNK), values[last]);
        }
        pad(&mut self.weight);
    }

    #[inline(always)]
    fn on_grid(&mut self, grid: &Grid, u: f64, mean: f64, tau: f64) {
        self.y.extend_from_slice(&grid.place);
        self.weight.extend_from_slice(&grid.weight);
        self.t.extend(grid.place.iter().map(|y| mean + tau * y));
        self.v.extend(self.t.iter().map(|t| u + t));
    }

    /// `v` on a grid around the origin, as far as the Gaussian reaches.
    #[inline(always)]
    fn around_origin(&mut self, grid: &Grid, u: f64, centre: f64, tau: f64) {
        let from = grid.place.partition_point(|&v| v < centre - CUT * tau);
        let to = grid.place.partition_point(|&v| v <= centre + CUT * tau);
        self.v.extend_from_slice(&grid.place[from..to]);
        self.t.extend(self.v.iter().map(|v| v - u));
        self.y.extend(self.v.iter().map(|v| (v - centre) / tau));
        self.weigh();
        for (weight, dv) in self.weight.iter_mut().zip(&grid.weight[from..to]) {
            *weight *= dv / tau;
        }
    }

    /// The Gaussian's density at every `y`.
    #[inline(always)]
    fn weigh(&mut self) {
        // whole chunks, lest a few at the end are computed one by one
        self.weight.extend_from_slice(&self.y);
        pad(&mut self.weight);
        for chunk in self.weight.as_chunks_mut::<CHUNK>().0 {
            for n in 0..CHUNK {
                chunk[n] = within::normal_pdf(chunk[n]);
            }
        }
        self.weight.truncate(self.y.len());
    }

    #[inline(always)]
    fn on_pieces(&mut self, given: &Given, n: usize, u: f64, mean: f64, tau: f64) {
        given.visit(given.places[n], |y, width, [least, most]| {
            let t = mean + tau * y;
            self.t.push(t);
            // `v` may be too close to a break for the sum to be on its side
            self.v.push((u + t).max(least).min(most));
            self.y.push(y);
            self.width.push(width);
        });
        self.weigh();
        self.weight.iter_mut().zip(&self.width).for_each(|(weight, width)| *weight *= width);
    }

    fn on_panels(&mut self, panel: &GaussLegendre, low: f64, high: f64, u: f64, mean: f64, tau: f64) {
        let count = ((high - low) / 3.0) as i64 + 1;
        let half = 0.5 * (high - low) / count as f64;
        for i in 0..count {
            let centre = low + (2 * i + 1) as f64 * half;
            for (&x, &weight) in panel.nodes.iter().zip(&panel.weights) {
                let y = centre + half * x;
                let t = mean + tau * y;
                self.push(t, u + t, y, half * weight * normal_pdf(y));
            }
        }
    }
}

/// Places and weights.
#[derive(Debug, Clone)]
struct Grid {
    place: Vec<f64>,
    weight: Vec<f64>,
}

impl Grid {
    fn of(pairs: Vec<(f64, f64)>) -> Self {
        let (place, weight) = pairs.into_iter().unzip();
        Self { place, weight }
    }

    /// The trapezoid rule for a standard normal.
    fn uniform(step: f64) -> Self {
        Self::of(uniform_grid(step))
    }
}

/// `(sinh x, h cosh x)` on a grid of step 1/18 up to `reach`.
fn sinh_grid(reach: f64) -> Grid {
    const STEP: f64 = 1.0 / 18.0;
    let count = (asinh(reach) / STEP) as i64 + 1;
    let pair = |i: i64| {
        let x = i as f64 * STEP;
        let e = exp(x);
        (sinh_from_exp(x, e), STEP * 0.5 * (e + 1.0 / e))
    };
    Grid::of((-count..=count).map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quadrature::pieces::tests::hard_tanh;

    fn check(shape: Shape, law: PairCovariance) {
        check_rule(shape, law, &Bivariate::new(shape, &law));
        check_rule(shape, law, &Bivariate::new(shape, &law).for_even_integrands());
    }

    fn check_rule(shape: Shape, law: PairCovariance, rule: &Bivariate) {
        let [one, uu, vv, uv, tt] =
            rule.expectations(|_| (), |(), n| [1.0, n.u * n.u, n.v * n.v, n.u * n.v, n.t * n.t]);
        let close = |found: f64, exact: f64, scale: f64, what: &str| {
            assert!((found - exact).abs() <= 2e-14 * scale, "{shape:?} {law:?} {what}: {found} against {exact}");
        };
        close(one, 1.0, 1.0, "1");
        close(uu, law.q, law.q, "u^2");
        close(vv, law.q_prime(), law.q.max(law.q_prime()), "v^2");
        close(uv, law.covariance(), (law.q * law.q_prime()).sqrt().max(law.covariance().abs()), "u v");
        close(tt, law.gap, law.gap, "t^2");
    }

    #[test]
    fn second_moments_are_exact_in_every_corner() {
        for shape in [Shape::Localised, Shape::Oscillating { frequency: 2.0 }, Shape::KinkedAtZero, hard_tanh()] {
            for q in [1e-8, 0.3, 4.0, 50.0] {
                for relative_gap in [0.0, 1e-300, 1e-14, 1e-3, 0.5, 2.0, 3.9, 4.0] {
                    check(shape, PairCovariance { q, difference: 0.0, gap: relative_gap * q });
                }
                for ratio in [0.01, 0.3, 2.0, 30.0] {
                    let independent = PairCovariance { q, difference: (ratio - 1.0) * q, gap: (1.0 + ratio) * q };
                    check(shape, independent);
                    let near = PairCovariance { gap: (1.0 + ratio - 2.0 * 0.999 * ratio.sqrt()) * q, ..independent };
                    check(shape, near);
                }
            }
        }
    }
}
