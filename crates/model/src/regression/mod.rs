//! Linear regression of a teacher on one or two hidden units. The loss `L = (1/2) E[(f - T)^2]` of `f = sum_i w_i phi(J_i . x)` is quadratic in
//! the output weights, so at a prior `w ~ N(0, I)` they are integrated exactly at every inverse temperature `beta`:
//!
//! ```text
//! E_w exp(-beta L) = det(I + beta M)^(-1/2) exp(-(beta/2) r),     r = min_w [w.M w - 2 b.w + T.T + w.w / beta]
//! beta E[L | J]    = (1/2) tr(beta M (I + beta M)^-1) + beta L(w*),     w* = (M + I / beta)^-1 b
//! M_ij = E[phi(J_i.x) phi(J_j.x)],     b_i = E[phi(J_i.x) T(x)],     T.T = E[T^2]
//! ```
//!
//! `phi = erf(u / sqrt 2)`. Cancellation: `r` is taken as the quadratic form at its numerical minimum, where an error of `w*` enters squared,
//! so `beta r` is right to about `1e-15 beta (T.T + |w*|^2)`; where `exp(-beta r / 2)` counts, `|w*|^2 <= beta r` is of order 1. The determinant
//! is the product of the pivots of `M + I / beta`, each `1 / beta` at least: right to about `1e-15 beta` relative.

use super::{ParameterError, Perceptron};
use neurodyn_numerics::elementary::{atan2, ln};
use neurodyn_numerics::sum::dot;
use std::f64::consts::FRAC_2_PI;

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
            return Err(ParameterError { name: "input_weights".into(), found: found.to_string(), allowed });
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
mod tests;
