//! `tanh u`.

use super::definition::{Definition, Parity};
use super::kernel::{ActivationKernel, Jet};
use super::shared::logistic::{tanh_jet, tanh_slope};
use neurodyn_numerics::elementary::within::{tanh, tanh_each};

/// `tanh u`.
pub struct Tanh;

impl ActivationKernel for Tanh {
    const TOGETHER: bool = true;

    #[inline(always)]
    fn value(u: f64) -> f64 {
        tanh(u)
    }

    #[inline(always)]
    fn slope(u: f64) -> f64 {
        tanh_slope(u)
    }

    #[inline(always)]
    fn bend(u: f64) -> f64 {
        -2.0 * tanh(u) * tanh_slope(u)
    }

    #[inline(always)]
    fn difference(u: f64, t: f64) -> f64 {
        tanh(t) * (1.0 - tanh(u) * tanh(u + t))
    }

    #[inline(always)]
    fn jet(u: f64) -> Jet {
        tanh_jet(u)
    }

    #[inline(always)]
    fn easy_values(points: &mut [f64]) {
        tanh_each(points);
    }

    #[inline(always)]
    fn easy_derivatives(points: &[f64], slopes: &mut [f64], bends: &mut [f64]) {
        bends.copy_from_slice(points);
        tanh_each(bends);
        for ((u, slope), bend) in points.iter().zip(slopes).zip(bends) {
            *slope = tanh_slope(*u);
            *bend *= -2.0 * *slope;
        }
    }

    #[inline(always)]
    fn easy_differences(points: &[f64], differences: &mut [f64]) {
        let mut copies = [0.0; TILE];
        for (points, differences) in points.chunks(TILE).zip(differences.chunks_mut(TILE)) {
            let copies = &mut copies[..points.len()];
            copies.copy_from_slice(points);
            Self::together(copies, differences);
        }
    }

    #[inline(always)]
    fn together(points: &mut [f64], differences: &mut [f64]) {
        let mut sums = [0.0; TILE];
        for (points, differences) in points.chunks_mut(TILE).zip(differences.chunks_mut(TILE)) {
            let sums = &mut sums[..points.len()];
            for (sum, (u, t)) in sums.iter_mut().zip(points.iter().zip(&*differences)) {
                *sum = u + t;
            }
            tanh_each(points);
            tanh_each(differences);
            tanh_each(sums);
            for ((t, u), sum) in differences.iter_mut().zip(&*points).zip(&*sums) {
                *t *= 1.0 - u * sum;
            }
        }
    }
}

/// Neurons whose differences are computed at once.
const TILE: usize = 256;

impl Definition for Tanh {
    fn label(&self) -> &'static str {
        r"$\tanh u$"
    }

    fn cost(&self) -> [u64; 2] {
        [1_310, 4_460]
    }

    fn parity(&self) -> Parity {
        Parity::Odd
    }
}
