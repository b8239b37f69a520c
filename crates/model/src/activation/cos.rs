//! `cos u`.

use super::definition::{Definition, Parity, SlopeMoments};
use super::pair::PairLaw;
use super::shared::waves::{self, waves};
use neurodyn_numerics::elementary::{exp, expm1};
use neurodyn_numerics::quadrature::{PairCovariance, Shape};

/// `cos u`.
pub struct Cos;

waves! {
    Cos: wave, |u| wave(u).1, -wave(u).0, -wave(u).1, |u, t| -2.0 * wave(u + 0.5 * t).0 * wave(0.5 * t).0, {
        let (s, c) = wave(u);
        [c, -s, -c, s, c, -s]
    }
}

impl Definition for Cos {
    fn label(&self) -> &'static str {
        r"$\cos u$"
    }

    fn cost(&self) -> [u64; 2] {
        [1_610, 4_060]
    }

    fn parity(&self) -> Parity {
        Parity::Even
    }

    fn shape(&self) -> Shape {
        // products of four
        Shape::Oscillating { frequency: 4.0 }
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        match order {
            0 | 2 => Some(waves::cosine_square(q)),
            1 => Some(waves::sine_square(q)),
            _ => None,
        }
    }

    fn second_moment_slope(&self, q: f64) -> Option<f64> {
        Some(-exp(-2.0 * q))
    }

    fn second_moment_curvature(&self, q: f64) -> Option<f64> {
        Some(2.0 * exp(-2.0 * q))
    }

    fn derivative_moment_slope(&self, q: f64) -> Option<f64> {
        Some(exp(-2.0 * q))
    }

    fn derivative_moment_curvature(&self, q: f64) -> Option<f64> {
        Some(-2.0 * exp(-2.0 * q))
    }

    fn square_variance(&self, q: f64) -> Option<f64> {
        Some(waves::square_variance(q))
    }

    fn slope_moments(&self, q: f64) -> Option<SlopeMoments> {
        Some(waves::slope_moments(-1.0, q))
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        Some(waves::cosine_overlap(law))
    }

    fn overlap_slope(&self, law: &PairLaw) -> Option<f64> {
        Some(waves::sine_overlap(law))
    }

    fn overlap_bend(&self, law: &PairLaw) -> Option<f64> {
        // the second derivative is minus the function
        self.overlap(law)
    }

    fn squared_slope_overlap(&self, law: &PairCovariance) -> Option<f64> {
        Some(waves::squared_slope_overlap(-1.0, law))
    }

    fn squared_difference(&self, law: &PairCovariance) -> Option<f64> {
        let (near, far, split) = waves::difference_parts(law);
        Some(split - near * expm1(far))
    }
}
