//! Linear regression of a teacher on one or two hidden units. The loss `L = (1/2) E[(f - T)^2]` of `f = sum_i w_i phi(J_i . x)` is quadratic in
//! the output weights, so at a prior `w ~ N(0, I)` they are integrated exactly at every inverse temperature `beta`:
//!
//! ```text
//! E_w exp(-beta L) = det(I + beta M)^(-1/2) exp(-(beta/2) r),     r = min_w [w.M w - 2 b.w + T.T + w.w / beta]
//! beta E[L | J]    = (1/2) tr(beta M (I + beta M)^-1) + beta L(w*),     w* = (M + I / beta)^-1 b
//! M_ij = E[phi(J_i.x) phi(J_j.x)],     b_i = E[phi(J_i.x) T(x)],     T.T = E[T^2]
//! ```
//!
//! `phi = erf(u / sqrt 2)`. Nothing but sums of products is subtracted: `r` is the quadratic form at its numerical minimum, where
//! the error of `w*` enters squared, so `beta r` is right to about `1e-15 beta (T.T + |w*|^2)`, and where it counts `|w*|^2 <= beta r` is of order 1.
//! The determinant comes from the pivots of `M + I / beta`, each of them `1 / beta` at least: right to about `1e-15 beta` relative.

use super::{ParameterError, Perceptron};
use crate::numerics::elementary::{atan2, ln};
use std::f64::consts::FRAC_2_PI;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `E[phi(a.x) phi(b.x)] = (2/pi) asin(a.b / sqrt((1 + a.a)(1 + b.b)))`, given the inner products; `phi = erf(u / sqrt 2)`.
#[inline]
pub fn overlap(aa: f64, bb: f64, ab: f64) -> f64 {
    // a.a b.b - (a.b)^2 is as good as exact here: its error is that of the angle, 1e-16
    FRAC_2_PI * atan2(ab, (1.0 + aa + bb + (aa * bb - ab * ab).max(0.0)).sqrt())
}

/// What is fitted: a teacher with the inner products of its units.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    teacher: Perceptron,
    squares: Vec<f64>,
    size: f64,
}

impl Target {
    /// This teacher, `erf_sqrt2`. Weights of 0 make the truth `T = 0`.
    pub fn new(teacher: Perceptron) -> Result<Self, ParameterError> {
        let units = 0..teacher.units();
        let row = |k: usize| teacher.input_weights(k);
        if let Some(found) = units.clone().flat_map(row).find(|x| x.abs() > 1e3) {
            let allowed = "numbers of size up to 1000";
            return Err(ParameterError { name: "input_weights", found: found.to_string(), allowed });
        }
        let squares: Vec<f64> = units.clone().map(|k| dot(row(k), row(k))).collect();
        let mut size = 0.0;
        for k in units.clone() {
            for l in units.clone() {
                let products = overlap(squares[k], squares[l], dot(row(k), row(l)));
                size += teacher.output_weight(k) * teacher.output_weight(l) * products;
            }
        }
        Ok(Self { teacher, squares, size: size.max(0.0) })
    }

    /// The teacher.
    pub fn teacher(&self) -> &Perceptron {
        &self.teacher
    }

    /// `b` of a unit with these input weights of square length `square`.
    #[inline]
    fn along(&self, unit: &[f64], square: f64) -> f64 {
        let mut sum = 0.0;
        for (k, &other) in self.squares.iter().enumerate() {
            let weight = self.teacher.output_weight(k);
            if weight != 0.0 {
                sum += weight * overlap(square, other, dot(unit, self.teacher.input_weights(k)));
            }
        }
        sum
    }
}

/// Second moments of one or two hidden units and the target; a missing second unit has none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Regression {
    squares: [f64; 2],
    m: [f64; 2],
    cross: f64,
    b: [f64; 2],
    size: f64,
}

/// The output weights integrated out, or some of them put in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tempered {
    /// `ln E_w exp(-beta L)`.
    pub log: f64,
    /// `beta E[L | J]`.
    pub energy: f64,
}

/// The normal law of the output weights given the input weights, `N(w*, (I + beta M)^-1)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutputLaw {
    /// `w*`.
    pub mean: [f64; 2],
    share: f64,
    sd: [f64; 2],
}

impl Regression {
    /// Of the rows `J_1` or `J_1, J_2` in one list, each as long as the teacher's.
    #[inline]
    pub fn new(target: &Target, rows: &[f64]) -> Self {
        let (first, second) = rows.split_at(target.teacher.inputs());
        let squares = [dot(first, first), dot(second, second)];
        let m = squares.map(|square| overlap(square, square, square));
        let (cross, b) = if second.is_empty() {
            (0.0, [target.along(first, squares[0]), 0.0])
        } else {
            let cross = overlap(squares[0], squares[1], dot(first, second));
            (cross, [target.along(first, squares[0]), target.along(second, squares[1])])
        };
        Self { squares, m, cross, b, size: target.size }
    }

    /// The same with one row (0 or 1) changed; cheaper than all anew.
    #[inline]
    pub fn changed(&self, target: &Target, rows: &[f64], unit: usize) -> Self {
        let (first, second) = rows.split_at(target.teacher.inputs());
        let row = if unit == 0 { first } else { second };
        let mut found = *self;
        found.squares[unit] = dot(row, row);
        found.m[unit] = overlap(found.squares[unit], found.squares[unit], found.squares[unit]);
        found.b[unit] = target.along(row, found.squares[unit]);
        if !second.is_empty() {
            found.cross = overlap(found.squares[0], found.squares[1], dot(first, second));
        }
        found
    }

    /// -1 where the units point away from each other, else 1.
    pub fn sign(&self) -> f64 {
        if self.cross < 0.0 { -1.0 } else { 1.0 }
    }

    /// `J_1.J_1 + J_2.J_2`.
    pub fn square(&self) -> f64 {
        self.squares[0] + self.squares[1]
    }

    /// `2 L` at these output weights.
    #[inline]
    pub fn twice_loss(&self, w: [f64; 2]) -> f64 {
        let quadratic = w[0] * w[0] * self.m[0] + w[1] * w[1] * self.m[1] + 2.0 * w[0] * w[1] * self.cross;
        quadratic - 2.0 * (w[0] * self.b[0] + w[1] * self.b[1]) + self.size
    }

    /// Pivots of `M + I / beta`, the share between them, and `w*`.
    #[inline]
    fn solve(&self, beta: f64) -> ([f64; 2], f64, [f64; 2]) {
        let p = 1.0 / beta;
        let first = self.m[0] + p;
        let share = self.cross / first;
        let second = (self.m[1] - share * self.cross).max(0.0) + p;
        let w2 = (self.b[1] - share * self.b[0]) / second;
        ([first, second], share, [(self.b[0] - self.cross * w2) / first, w2])
    }

    /// At inverse temperature `beta > 0`.
    #[inline]
    pub fn at(&self, beta: f64) -> Tempered {
        let ([first, second], share, w) = self.solve(beta);
        let loss = self.twice_loss(w).max(0.0);
        let penalty = w[0] * w[0] + w[1] * w[1];
        let log = -0.5 * (ln(beta * first * (beta * second)) + beta * loss + penalty);
        // 2 - tr (I + beta M)^-1
        let freedom = 2.0 - (1.0 + share * share) / (beta * second) - 1.0 / (beta * first);
        Tempered { log, energy: 0.5 * (freedom + beta * loss) }
    }

    /// The law of the output weights at `beta > 0`.
    #[inline]
    pub fn output_law(&self, beta: f64) -> OutputLaw {
        let ([first, second], share, mean) = self.solve(beta);
        OutputLaw { mean, share, sd: [1.0 / (beta * first).sqrt(), 1.0 / (beta * second).sqrt()] }
    }
}

impl OutputLaw {
    /// The draw that two standard normals make.
    #[inline]
    pub fn draw(&self, normals: [f64; 2]) -> [f64; 2] {
        let second = self.sd[1] * normals[1];
        [self.mean[0] - self.share * second + self.sd[0] * normals[0], self.mean[1] + second]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::elementary::exp;

    fn target() -> Target {
        Target::new(Perceptron::new(vec![vec![1.0, 0.3], vec![-0.4, 2.0]], vec![0.8, -0.5]).expect("valid"))
            .expect("valid")
    }

    /// Sums over a grid of output weights: `E_w exp(-beta L)`, and means of `beta L`, `w`, `w w^T` under it.
    fn brute_force(regression: &Regression, beta: f64) -> [f64; 7] {
        let step = 0.02;
        let mut sums = [0.0; 7];
        let grid: Vec<f64> = (-450..=450).map(|i| f64::from(i) * step).collect();
        for &a in &grid {
            for &b in &grid {
                let loss = 0.5 * beta * regression.twice_loss([a, b]);
                let weight = exp(-loss - 0.5 * (a * a + b * b)) * step * step * (0.5 * std::f64::consts::FRAC_1_PI);
                for (sum, value) in sums.iter_mut().zip([1.0, loss, a, b, a * a, a * b, b * b]) {
                    *sum += weight * value;
                }
            }
        }
        let z = sums[0];
        sums[1..].iter_mut().for_each(|sum| *sum /= z);
        sums
    }

    #[test]
    fn output_weights_are_integrated_exactly() {
        for (rows, one) in
            [(vec![0.5, 0.2, -1.0, 0.7], false), (vec![0.5, 0.2, 0.5, 0.201], false), (vec![0.9, -0.4], true)]
        {
            let regression = Regression::new(&target(), &rows);
            for beta in [0.3, 5.0, 200.0] {
                let [z, loss, a, b, aa, ab, bb] = brute_force(&regression, beta);
                let found = regression.at(beta);
                assert!((found.log - ln(z)).abs() < 1e-12 * (1.0 + beta), "{rows:?} {beta}: {found:?} {}", ln(z));
                assert!((found.energy - loss).abs() < 1e-11, "{rows:?} {beta}: {found:?} {loss}");
                let law = regression.output_law(beta);
                assert!((law.mean[0] - a).abs() < 1e-11 && (one || (law.mean[1] - b).abs() < 1e-11), "{law:?}");
                // columns of the map from normals to weights
                let [x, y] = [law.draw([1.0, 0.0]), law.draw([0.0, 1.0])].map(|w| [w[0] - a, w[1] - b]);
                let products = |i: usize, j: usize| x[i] * x[j] + y[i] * y[j];
                for ((i, j), exact) in [((0, 0), aa - a * a), ((0, 1), ab - a * b), ((1, 1), bb - b * b)] {
                    assert!((products(i, j) - exact).abs() < 1e-10, "{rows:?} {beta}: {i} {j}");
                }
            }
        }
    }

    #[test]
    fn changing_a_row_is_as_good_as_starting_anew() {
        let (target, before) = (target(), [0.5, 0.2, -1.0, 0.7]);
        for (unit, after) in [(0, [1.5, 0.1, -1.0, 0.7]), (1, [0.5, 0.2, 0.3, 0.2])] {
            let changed = Regression::new(&target, &before).changed(&target, &after, unit);
            assert_eq!(changed, Regression::new(&target, &after));
        }
        let (one, other) = ([0.4, 0.1], [0.3, -0.9]);
        let changed = Regression::new(&target, &one).changed(&target, &other, 0);
        assert_eq!(changed, Regression::new(&target, &other));
    }

    /// Where the student is the teacher nothing is left to lose, to within rounding, and the mean of `w` is the teacher's.
    #[test]
    fn a_perfect_fit_leaves_no_loss() {
        let regression = Regression::new(&target(), &[1.0, 0.3, -0.4, 2.0]);
        let w = regression.output_law(1e12).mean;
        assert!((w[0] - 0.8).abs() < 1e-10 && (w[1] + 0.5).abs() < 1e-10, "{w:?}");
        assert!(regression.twice_loss([0.8, -0.5]).abs() < 1e-15);
        // both output weights are regular here: beta <L> = 2/2
        assert!((regression.at(1e10).energy - 1.0).abs() < 1e-4);
    }

    #[test]
    fn large_weights_are_refused() {
        let teacher = Perceptron::new(vec![vec![2e3]], vec![1.0]).expect("valid");
        let error = Target::new(teacher).expect_err("refused");
        assert_eq!((error.name, error.found.as_str()), ("input_weights", "2000"));
    }
}
