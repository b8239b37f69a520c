//! `E[f(u)]`, `u ~ N(0, q)`.

use super::{CUT, Shape};
use crate::numerics::elementary::{asinh, exp, ln, normal_pdf};

/// Nodes and weights for `E[f(u)]` with `u ~ N(0, q)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Univariate {
    pub(super) nodes: Vec<(f64, f64)>,
}

impl Univariate {
    /// The rule for variance `q >= 0`; `q = 0` is the single point 0.
    pub fn new(shape: Shape, q: f64) -> Self {
        Self::with_scale(shape, q, 1.0)
    }

    /// The rule for an integrand that varies on `scale <= 1` near the origin.
    pub(super) fn with_scale(shape: Shape, q: f64, scale: f64) -> Self {
        debug_assert!(q >= 0.0 && q.is_finite());
        if q == 0.0 {
            return Self { nodes: vec![(0.0, 1.0)] };
        }
        let sd = q.sqrt();
        let nodes = match shape {
            Shape::Localised => sinh_nodes(sd, scale),
            Shape::Oscillating { frequency } => uniform_nodes(sd, frequency),
            Shape::KinkedAtZero => half_line_nodes(sd),
        };
        Self { nodes }
    }

    /// Number of evaluations.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never true: a rule has nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Hands out every node with its weight, in order.
    pub fn visit(&self, mut f: impl FnMut(f64, f64)) {
        self.nodes.iter().for_each(|&(u, weight)| f(u, weight));
    }

    /// `E[f_k(u)]` of several functions at once.
    pub fn expectations<const K: usize>(&self, mut f: impl FnMut(f64) -> [f64; K]) -> [f64; K] {
        let mut sums = [0.0; K];
        for &(u, weight) in &self.nodes {
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
}

/// `u = a sinh(x)`, trapezoid in `x` with step 1/9.
fn sinh_nodes(sd: f64, scale: f64) -> Vec<(f64, f64)> {
    const STEP: f64 = 1.0 / 9.0;
    let a = scale.min(sd);
    let count = (asinh(CUT * sd / a) / STEP) as i64 + 1;
    (-count..=count)
        .map(|i| {
            let e = exp(i as f64 * STEP);
            let (sinh, cosh) = (sinh_from_exp(i as f64 * STEP, e), 0.5 * (e + 1.0 / e));
            let u = a * sinh;
            (u, STEP * a / sd * cosh * normal_pdf(u / sd))
        })
        .collect()
}

/// `sinh(x)` given `e^x`; `x` is 0 or at least 1/20 in magnitude here, so the difference loses at most 5 bits, which
/// moves the node (not the weight) by 1e-15 relative.
pub(super) fn sinh_from_exp(x: f64, e: f64) -> f64 {
    if x == 0.0 { 0.0 } else { 0.5 * (e - 1.0 / e) }
}

/// Plain trapezoid in `z = u / sd`: aliasing error `exp(-(2 pi / h - frequency sd)^2 / 2)`.
fn uniform_nodes(sd: f64, frequency: f64) -> Vec<(f64, f64)> {
    let step = 2.0 * std::f64::consts::PI / (frequency * sd + 15.0);
    uniform_grid(step).into_iter().map(|(z, weight)| (sd * z, weight)).collect()
}

/// The trapezoid rule for a standard normal with this step.
pub(super) fn uniform_grid(step: f64) -> Vec<(f64, f64)> {
    let count = (CUT / step) as i64 + 1;
    (-count..=count).map(|i| i as f64 * step).map(|z| (z, step * normal_pdf(z))).collect()
}

/// Each half line by `u = sd e^x`, trapezoid in `x` from `e^-45`: resolves every scale near the kink.
fn half_line_nodes(sd: f64) -> Vec<(f64, f64)> {
    const STEP: f64 = 0.1;
    let upper = (ln(CUT) / STEP) as i64 + 1;
    let mut nodes = Vec::with_capacity(2 * (451 + upper as usize));
    for i in -450..=upper {
        let z = exp(i as f64 * STEP);
        let weight = STEP * z * normal_pdf(z);
        nodes.push((sd * z, weight));
        nodes.push((-sd * z, weight));
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaussian_moments_are_exact_for_every_shape_and_scale() {
        for shape in [Shape::Localised, Shape::Oscillating { frequency: 4.0 }, Shape::KinkedAtZero] {
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
    }
}
