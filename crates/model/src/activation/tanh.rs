//! `tanh u`.

use super::definition::{Definition, Parity};
use super::kernel::{ActivationKernel, Jet};
use super::shared::logistic::{tanh_jet, tanh_slope};
use neurodyn_numerics::elementary::within::{TANH_TILE, tanh, tanh_each};

/// `tanh u`.
pub struct Tanh;

impl ActivationKernel for Tanh {
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
        let ((tiles, points), (changes, differences)) = (points.as_chunks(), differences.as_chunks_mut());
        for (tile, changes) in tiles.iter().zip(changes) {
            let mut points = *tile;
            in_tile(&mut points, changes);
        }
        for (u, t) in points.iter().zip(differences) {
            *t = Self::difference(*u, *t);
        }
    }

    #[inline(always)]
    fn together(points: &mut [f64], differences: &mut [f64]) {
        let ((tiles, points), (changes, differences)) = (points.as_chunks_mut(), differences.as_chunks_mut());
        for (tile, changes) in tiles.iter_mut().zip(changes) {
            in_tile(tile, changes);
        }
        for (u, t) in points.iter_mut().zip(differences) {
            (*u, *t) = (tanh(*u), Self::difference(*u, *t));
        }
    }
}

/// Replaces points by their values and changes of them by the differences of these.
#[inline(always)]
fn in_tile(points: &mut [f64; TANH_TILE], changes: &mut [f64; TANH_TILE]) {
    let mut sums = [0.0; TANH_TILE];
    for k in 0..TANH_TILE {
        sums[k] = points[k] + changes[k];
    }
    tanh_each(points);
    tanh_each(changes);
    tanh_each(&mut sums);
    for k in 0..TANH_TILE {
        changes[k] *= 1.0 - points[k] * sums[k];
    }
}

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
