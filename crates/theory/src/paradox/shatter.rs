//! When are `k` points of a circle told apart in every way? Dichotomies of their images by hyperplanes through the origin, and the margins.
//!
//! At the input the points lie in two dimensions, and `2 k` of the `2^k` dichotomies are separable. How many are in general position in `n`
//! dimensions does not depend on the points at all (Cover, IEEE Trans. Electron. Comput. 14 (1965) 326), so one layer of `n >= k` neurons
//! separates all, unless the activation keeps the points special. What depth adds is the margin: at infinite width the Gram matrix of equally
//! spaced points is circulant, its smallest eigenvalue grows from layer to layer to that of equidistant points, `A* - C*`, and
//!
//! ```text
//! sqrt(lambda_min / k) <= largest margin of the worst dichotomy,
//! ```
//!
//! with equality if `k` is even and the eigenvector of `lambda_min` is the alternating one: `1 / (y^T G^-1 y)` is the squared margin of the
//! minimum-norm solution of `y_i w . x_i = 1`, which is the largest where all its multipliers `y_i (G^-1 y)_i` are non-negative.
//! Margins are those of `x / sqrt n`.

use crate::TheoryError;
use crate::distance::pair_trajectory;
use crate::finite_width::pair_corrections;
use crate::paradox::circle::chord;
use neurodyn_model::{Ensemble, SymmetricMatrix, Width};
use neurodyn_numerics::convex::worst_dichotomy;
use neurodyn_numerics::elementary::cos;
use std::f64::consts::PI;

/// Images of `k` equally spaced points of a great circle of this activity, a fixed point, in one layer at infinite width.
#[derive(Debug, Clone, PartialEq)]
pub struct EvenPoints {
    /// `A`.
    pub activity: f64,
    /// Distances to the first point, of separations `0..k`.
    pub distances: Vec<f64>,
}

/// Layers `0..=depth` of `k` points.
pub fn even_points(ensemble: &Ensemble, activity: f64, k: usize, depth: usize) -> Result<Vec<EvenPoints>, TheoryError> {
    let half = (1..=k / 2).map(|separation| {
        let input = chord(activity, 2.0 * PI * separation as f64 / k as f64);
        pair_trajectory(ensemble, input, depth)
    });
    let half: Vec<_> = half.collect::<Result<_, _>>()?;
    let layer = |layer: usize| {
        let at = |separation: usize| match separation.min(k - separation) {
            0 => 0.0,
            near => half[near - 1][layer].distance,
        };
        let activity = half.first().map_or(activity, |states| states[layer].activity);
        EvenPoints { activity, distances: (0..k).map(at).collect() }
    };
    Ok((0..=depth).map(layer).collect())
}

/// Corrections of order 1/n of the mean quadratic forms of the Gram matrix with the normed Fourier modes `p = 0..=k/2`, for layers `0..=L` of
/// these widths: the forms are linear in the overlaps, so that the corrections of these give theirs.
pub fn mode_corrections(
    ensemble: &Ensemble,
    activity: f64,
    k: usize,
    widths: &[Width],
) -> Result<Vec<Vec<f64>>, TheoryError> {
    let angle = |separation: usize| 2.0 * PI * separation as f64 / k as f64;
    let pairs = (0..=k / 2).map(|separation| pair_corrections(ensemble, chord(activity, angle(separation)), widths));
    let pairs = pairs.collect::<Result<Vec<_>, _>>()?;
    let layer = |layer: usize| {
        let bias = |s: usize| pairs[s.min(k - s)][layer].overlap().bias;
        (0..=k / 2).map(|mode| (0..k).map(|s| bias(s) * cos(angle((mode * s) % k))).sum()).collect()
    };
    Ok((0..=widths.len()).map(layer).collect())
}

impl EvenPoints {
    /// Number of points.
    pub fn count(&self) -> usize {
        self.distances.len()
    }

    /// Eigenvalues `lambda_p = sum_j C(j) cos(2 pi p j / k)` of the Gram matrix, `p = 0..k`; absolute error a few ulp of `k A`.
    pub fn eigenvalues(&self) -> Vec<f64> {
        let k = self.count();
        let mode = |p: usize| {
            // the sum of the cosines alone is 0, so distances will do, and near points keep their accuracy
            let sum: f64 = self
                .distances
                .iter()
                .enumerate()
                .map(|(j, d)| d * cos(2.0 * PI * ((p * j) % k) as f64 / k as f64))
                .sum();
            if p == 0 { k as f64 * self.activity - 0.5 * sum } else { -0.5 * sum }
        };
        (0..k).map(mode).collect()
    }

    /// The smallest eigenvalue, and its mode.
    pub fn least(&self) -> (usize, f64) {
        let values = self.eigenvalues();
        let least = (0..values.len()).fold(0, |low, p| if values[p] < values[low] { p } else { low });
        (least, values[least])
    }

    /// The Gram matrix.
    pub fn gram(&self) -> SymmetricMatrix {
        SymmetricMatrix::from_fn(self.count(), |i, j| self.activity - 0.5 * self.distances[i - j])
    }

    /// Lower bound `sqrt(lambda_min / k)` on the margin of every dichotomy; 0 where rounding leaves nothing of the eigenvalue.
    pub fn margin_bound(&self) -> f64 {
        let (_, least) = self.least();
        let k = self.count() as f64;
        if least > 1e-14 * k * self.activity { (least / k).sqrt() } else { 0.0 }
    }

    /// The largest margin of the worst dichotomy, by trying all `2^(k-1)`; none where the Gram matrix is numerically singular.
    pub fn worst_margin(&self) -> Option<f64> {
        let gram = self.gram();
        worst_dichotomy(self.count(), |i, j| gram.get(i, j)).map(|(_, margin)| margin)
    }
}

/// Worst margin of `k` equidistant points of activity `A` and distance `D`: `G = (D/2) I + (A - D/2) 1 1^T`, so a dichotomy of label sum `s` has
/// `y^T G^-1 y = (2/D) (k - s^2 C / (D/2 + k C))`, largest at `s = 0`, or 1 for odd `k`.
pub fn equidistant_margin(k: usize, activity: f64, distance: f64) -> f64 {
    let (k, half) = (k as f64, 0.5 * distance);
    let overlap = activity - half;
    let odd = k % 2.0;
    (half / (k - odd * overlap / (half + k * overlap))).sqrt()
}

/// Share of the `2^k` dichotomies of `k` points in general position in `n` dimensions that a hyperplane through the origin separates:
/// `2^(1-k) sum_{i<n} binom(k-1, i)` (Cover 1965). Exact up to rounding, for `k` up to about 1000.
pub fn cover_fraction(k: usize, n: usize) -> f64 {
    if n >= k {
        return 1.0;
    }
    let mut term = 1.0;
    let mut sum = 0.0;
    for i in 0..n {
        sum += term;
        term *= (k - 1 - i) as f64 / (i + 1) as f64;
    }
    (1..k).fold(sum, |sum, _| 0.5 * sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::activity_fixed_point;
    use crate::distance::distance_fixed_point;
    use crate::finite_width::activity_corrections;
    use neurodyn_model::Activation;
    use neurodyn_numerics::linalg::symmetric_eigen;

    fn layers(k: usize, depth: usize) -> (Vec<EvenPoints>, f64, f64) {
        let ensemble = Ensemble::new(Activation::Tanh, 2.5, 0.3).expect("valid");
        let point = activity_fixed_point(&ensemble).expect("exists");
        let fixed = distance_fixed_point(&ensemble, &point).expect("exists");
        (even_points(&ensemble, point.activity, k, depth).expect("finite"), point.activity, fixed.distance)
    }

    #[test]
    fn eigenvalues_are_those_of_the_matrix() {
        for k in [5, 8] {
            let (layers, ..) = layers(k, 6);
            for layer in &layers {
                let mut found = layer.eigenvalues();
                found.sort_by(|a, b| b.total_cmp(a));
                let gram = layer.gram();
                let exact = symmetric_eigen(k, |i, j| gram.get(i, j)).values;
                assert!(found.iter().zip(&exact).all(|(a, b)| (a - b).abs() < 1e-13), "{found:?} {exact:?}");
            }
        }
    }

    /// The trace is the sum of the activities of all points.
    #[test]
    fn corrections_of_all_modes_sum_to_those_of_the_activities() {
        let ensemble = Ensemble::new(Activation::Tanh, 2.5, 0.3).expect("valid");
        let activity = activity_fixed_point(&ensemble).expect("exists").activity;
        let widths = [Width::new(50).expect("valid"); 3];
        let single = activity_corrections(&ensemble, activity, &widths).expect("finite");
        for k in [5, 8] {
            let found = mode_corrections(&ensemble, activity, k, &widths).expect("finite");
            for (modes, single) in found.iter().zip(&single) {
                let trace: f64 = (0..k).map(|mode| modes[mode.min(k - mode)]).sum();
                assert!((trace - k as f64 * single.bias).abs() < 1e-12, "{k}: {trace} {}", single.bias);
            }
            assert!(found[3].iter().all(|bias| bias.abs() > 1e-6), "{found:?}");
        }
    }

    #[test]
    fn the_input_is_two_dimensional_and_depth_makes_points_equidistant() {
        for k in [6, 9] {
            let (layers, activity, distance) = layers(k, 60);
            let start = layers[0].eigenvalues();
            assert_eq!(start.iter().filter(|x| **x > 1e-12).count(), 2);
            assert!(layers[0].margin_bound() == 0.0 && layers[0].worst_margin().is_none());
            let worst = layers[60].worst_margin().expect("definite");
            let limit = equidistant_margin(k, activity, distance);
            assert!((worst / limit - 1.0).abs() < 1e-4, "{k}: {worst} {limit}");
        }
    }

    /// The bound never exceeds the margin, and for even `k` they meet where the alternating mode is the least.
    #[test]
    fn the_bound_is_a_bound_and_is_reached_by_alternating_labels() {
        for k in [4, 6, 7, 8] {
            let (layers, ..) = layers(k, 12);
            for layer in &layers[3..] {
                let (bound, worst) = (layer.margin_bound(), layer.worst_margin().expect("definite"));
                assert!(bound <= worst * (1.0 + 1e-9), "{k}: {bound} {worst}");
                if k % 2 == 0 && layer.least().0 == k / 2 {
                    assert!((bound / worst - 1.0).abs() < 1e-8, "{k}: {bound} {worst}");
                }
            }
        }
    }

    #[test]
    fn cover_counts_halves_at_twice_the_dimension() {
        assert_eq!(cover_fraction(9, 2) * 512.0, 18.0);
        assert_eq!(cover_fraction(8, 8), 1.0);
        for n in [1, 4, 20] {
            assert!((cover_fraction(2 * n, n) - 0.5).abs() < 1e-12);
        }
        assert!((cover_fraction(9, 8) - (1.0 - 1.0 / 256.0)).abs() < 1e-15);
    }
}
