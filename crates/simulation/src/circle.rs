//! What is seen of the image of evenly spaced points of a circle in one layer, through its Gram matrix.

use neurodyn_model::SymmetricMatrix;
use neurodyn_numerics::elementary::{cos, ln};
use neurodyn_numerics::interpolation::first_crossing;
use std::f64::consts::PI;

/// The images of the points.
pub struct CircleImage<'a>(pub &'a SymmetricMatrix);

impl CircleImage<'_> {
    fn points(&self) -> usize {
        self.0.order()
    }

    fn distance(&self, i: usize, j: usize) -> f64 {
        let (i, j) = (i % self.points(), j % self.points());
        self.0.distance(i, j)
    }

    /// Mean of the overlap over all pairs `(i, i + separation)`.
    pub fn mean_overlap(&self, separation: usize) -> f64 {
        let m = self.points();
        (0..m).map(|i| self.0.get(i, (i + separation) % m)).sum::<f64>() / m as f64
    }

    /// Mean over all starts of the logarithm of the angle at which the distance to the start first is `level`; NaN where it never is.
    pub fn mean_log_step(&self, level: f64) -> f64 {
        let (points, half) = (self.points(), self.points() / 2);
        let angles: Vec<f64> = (1..=half).map(|j| ln(2.0 * PI * j as f64 / points as f64)).collect();
        let mut total = 0.0;
        for i in 0..points {
            let curve: Vec<f64> = (1..=half).map(|j| ln(self.distance(i, i + j))).collect();
            total += first_crossing(&angles, &curve, ln(level)).unwrap_or(f64::NAN);
        }
        total / points as f64
    }

    /// Steps from a point to the first one at least as far as `level`, once around from the first point.
    pub fn walk(&self, level: f64) -> usize {
        let (mut at, mut steps) = (0, 0);
        for j in 1..self.points() {
            if self.distance(at, j) >= level {
                (at, steps) = (j, steps + 1);
            }
        }
        steps + 1
    }

    /// `v_p^T G v_p` of the normed Fourier modes `p = 0..=k/2`, cosine and sine together.
    pub fn modes(&self) -> Vec<f64> {
        let k = self.points();
        let form = |p: usize| {
            let term =
                |i: usize, j: usize| self.0.get(i, j) * cos(2.0 * PI * ((p * i.abs_diff(j)) % k) as f64 / k as f64);
            (0..k).flat_map(|i| (0..k).map(move |j| (i, j))).map(|(i, j)| term(i, j)).sum::<f64>() / k as f64
        };
        (0..=k / 2).map(form).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_numerics::elementary::sin;

    /// On the circle itself chords are known, and the first mode holds everything.
    #[test]
    fn the_circle_itself_is_seen_as_it_is() {
        let gram = SymmetricMatrix::from_fn(60, |i, j| cos(2.0 * PI * (i - j) as f64 / 60.0));
        let circle = CircleImage(&gram);
        assert!((circle.mean_overlap(10) - 0.5).abs() < 1e-14);
        // between the ninth and the tenth point
        let chord = |angle: f64| 4.0 * sin(0.5 * angle) * sin(0.5 * angle);
        assert!((circle.mean_log_step(chord(0.31 * PI)) - ln(0.31 * PI)).abs() < 1e-6);
        // 18 degrees are three of 60 points
        assert_eq!(circle.walk(chord(0.99 * PI / 10.0)), 20);
        let modes = circle.modes();
        assert!((modes[1] - 30.0).abs() < 1e-12 && modes[0].abs() < 1e-12 && modes[2].abs() < 1e-12, "{modes:?}");
    }
}
