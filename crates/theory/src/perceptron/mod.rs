//! Singular learning of perceptrons with one hidden layer: population loss, gradient, Hessian and Fisher information in closed form
//! for any number of student and teacher units; the best single unit; averaged learning; learning coefficients.
//!
//! Student `f(x) = sum_i w_i phi(J_i . x)`, teacher `T` of the same form, `x ~ N(0, I_N)`. With `phi = erf(u / sqrt 2)`, `I(a, b) = E[phi(a.x) phi(b.x)]` and
//! `V(a, b) = E[phi'(a.x) phi(b.x) x]`: `L = (1/2) E[(f - T)^2]`, `dL/dw_i = sum_j w_j I(J_i, J_j) - sum_k t_k I(J_i, B_k)`,
//! `dL/dJ_i = w_i [sum_j w_j V(J_i, J_j) - sum_k t_k V(J_i, B_k)]`. For `gauss_cdf` every integral with a derivative is a quarter of that,
//! and `E[phi phi]` a quarter plus a quarter of it. Rounding: 1e-15 of the largest term, so losses are right to 1e-16 absolute.

pub mod approach;
mod coefficient;
mod equilibrium;
mod flow;
mod free_energy;
mod integrals;
mod learner;
mod online;
mod order;
mod plateau;
mod slow;

pub use coefficient::{LearningCoefficient, NextPole, learning_coefficient, next_pole, units_needed};
pub use flow::{Flow, FlowError, Learning, adaptive_natural_flow, flow};
pub use free_energy::{FreeEnergy, free_energy, has_free_energy};
pub use learner::{Learner, PERFECT, PathPoint};
pub use online::{OnlineMoments, online_moments};
pub use order::OrderParameter;
pub use plateau::Plateau;
pub use slow::{Slow, SlowPlace, adiabatic_law, frozen_law};

use integrals::Products;
use neurodyn_model::{ParameterError, Perceptron, Sigmoid};
use neurodyn_numerics::linalg::{solve_positive, symmetric_eigen};
use neurodyn_numerics::roots::NoConvergence;

/// Square matrix by rows.
pub type Matrix = Vec<Vec<f64>>;

/// A student that learns a teacher, averaged over inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    phi: Sigmoid,
    teacher: Perceptron,
}

/// The best approximation of a teacher by one unit, `w phi(v . x)`.
#[derive(Debug, Clone, PartialEq)]
pub struct OneUnitFit {
    /// `w*`.
    pub w: f64,
    /// `v*`.
    pub v: Vec<f64>,
    /// Loss there.
    pub loss: f64,
    /// Newton steps taken.
    pub iterations: u32,
}

impl Population {
    /// This teacher.
    pub fn new(phi: Sigmoid, teacher: Perceptron) -> Self {
        Self { phi, teacher }
    }

    /// The teacher.
    pub fn teacher(&self) -> &Perceptron {
        &self.teacher
    }

    /// The non-linearity.
    pub fn phi(&self) -> Sigmoid {
        self.phi
    }

    fn check(&self, student: &Perceptron) -> Result<(), ParameterError> {
        let found = format!("{} inputs for {} of the teacher", student.inputs(), self.teacher.inputs());
        if student.inputs() == self.teacher.inputs() {
            Ok(())
        } else {
            Err(ParameterError {
                name: "the student".into(),
                found,
                allowed: "a network of as many inputs as the teacher",
            })
        }
    }

    /// Units of student and teacher together: output weights (the teacher's with a minus sign) and input weights.
    fn difference<'a>(&'a self, student: &'a Perceptron) -> Vec<(f64, &'a [f64])> {
        let student = (0..student.units()).map(|i| (student.output_weight(i), student.input_weights(i)));
        let teacher =
            (0..self.teacher.units()).map(|k| (-self.teacher.output_weight(k), self.teacher.input_weights(k)));
        student.chain(teacher).collect()
    }

    fn overlap(&self, products: &Products) -> f64 {
        self.phi.offset() + self.phi.scale() * products.overlap()
    }

    /// `L = (1/2) E[(f - T)^2]`.
    pub fn loss(&self, student: &Perceptron) -> Result<f64, ParameterError> {
        self.check(student)?;
        let units = self.difference(student);
        let mut sum = 0.0;
        for (i, (w, a)) in units.iter().enumerate() {
            sum += 0.5 * w * w * self.overlap(&Products::of(a, a));
            for (other, b) in &units[..i] {
                sum += w * other * self.overlap(&Products::of(a, b));
            }
        }
        Ok(sum)
    }

    /// `(dL/dw_1, dL/dw_2, ..., dL/dJ_1, dL/dJ_2, ...)`.
    pub fn gradient(&self, student: &Perceptron) -> Result<Vec<f64>, ParameterError> {
        self.check(student)?;
        let units = self.difference(student);
        let (m, n) = (student.units(), student.inputs());
        let mut gradient = vec![0.0; m * (1 + n)];
        for i in 0..m {
            let (w, a) = units[i];
            for (other, b) in &units {
                let products = Products::of(a, b);
                gradient[i] += other * self.overlap(&products);
                for (entry, v) in gradient[m + i * n..].iter_mut().zip(products.slope(a, b)) {
                    *entry += w * other * self.phi.scale() * v;
                }
            }
        }
        Ok(gradient)
    }

    /// Which of these students is the first whose loss is below a level.
    pub fn first_below(&self, students: &[Perceptron], level: f64) -> Result<Option<usize>, ParameterError> {
        for (i, student) in students.iter().enumerate() {
            if self.loss(student)? < level {
                return Ok(Some(i));
            }
        }
        Ok(None)
    }

    /// Eigenvalues of the Fisher information, largest first.
    pub fn fisher_eigenvalues(&self, student: &Perceptron) -> Vec<f64> {
        let fisher = self.fisher(student);
        symmetric_eigen(fisher.len(), |i, j| fisher[i][j]).values
    }

    /// Fisher information at noise variance 1, `G = E[grad f grad f^T]`; a matter of the student alone.
    pub fn fisher(&self, student: &Perceptron) -> Matrix {
        let (m, n) = (student.units(), student.inputs());
        let mut fisher = vec![vec![0.0; m * (1 + n)]; m * (1 + n)];
        let scale = self.phi.scale();
        for i in 0..m {
            for j in 0..m {
                let (a, b) = (student.input_weights(i), student.input_weights(j));
                let (wi, wj) = (student.output_weight(i), student.output_weight(j));
                let products = Products::of(a, b);
                fisher[i][j] = self.overlap(&products);
                // E[phi(J_j.x) w_i phi'(J_i.x) x]
                for (s, v) in products.slope(a, b).into_iter().enumerate() {
                    fisher[j][m + i * n + s] = scale * wi * v;
                    fisher[m + i * n + s][j] = scale * wi * v;
                }
                for r in 0..n {
                    for s in 0..n {
                        fisher[m + i * n + r][m + j * n + s] = scale * wi * wj * products.slopes(a, b, r, s);
                    }
                }
            }
        }
        // the same bits on both sides of the diagonal
        for i in 0..fisher.len() {
            for j in 0..i {
                fisher[j][i] = fisher[i][j];
            }
        }
        fisher
    }

    /// Hessian of the loss: the Fisher information plus `E[(f - T) d^2 f]`.
    pub fn hessian(&self, student: &Perceptron) -> Result<Matrix, ParameterError> {
        self.check(student)?;
        let mut hessian = self.fisher(student);
        let units = self.difference(student);
        let (m, n) = (student.units(), student.inputs());
        let scale = self.phi.scale();
        for i in 0..m {
            let (w, a) = units[i];
            for (other, b) in &units {
                let products = Products::of(a, b);
                for (r, v) in products.slope(a, b).into_iter().enumerate() {
                    hessian[i][m + i * n + r] += scale * other * v;
                    hessian[m + i * n + r][i] += scale * other * v;
                    for s in 0..n {
                        hessian[m + i * n + r][m + i * n + s] += scale * w * other * products.bend(a, b, r, s);
                    }
                }
            }
        }
        Ok(hessian)
    }

    /// The best single unit, by Newton's method from `start` with steps that are halved until the loss falls; the gradient is then
    /// below 1e-15 of the teacher's scale. A minimum of the loss is found, which depends on the start if there are several.
    pub fn one_unit_fit(&self, start: &Perceptron) -> Result<OneUnitFit, FitError> {
        self.check(start)?;
        let mut student = start.clone();
        let mut loss = self.loss(&student)?;
        let size = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>().sqrt();
        let mut residual = f64::INFINITY;
        for iterations in 0..200 {
            let gradient = self.gradient(&student)?;
            let now = size(&gradient);
            // quadratic convergence has ended in rounding
            if now <= 1e-16 || (now < 1e-12 && now >= 0.5 * residual) {
                let v = student.input_weights(0).to_vec();
                return Ok(OneUnitFit { w: student.output_weight(0), v, loss, iterations });
            }
            residual = now;
            let hessian = self.hessian(&student)?;
            let step = newton_step(&gradient, 1e-12, |i, j| hessian[i][j]);
            let mut length = 1.0;
            loop {
                let moved: Vec<f64> = student.parameters().iter().zip(&step).map(|(p, s)| p + length * s).collect();
                let next = student.with_parameters(&moved);
                let found = self.loss(&next)?;
                if found <= loss + 1e-15 || length < 1e-8 {
                    (student, loss) = (next, found);
                    break;
                }
                length *= 0.5;
            }
        }
        Err(FitError::NoConvergence(NoConvergence { iterations: 200, residual }))
    }

    /// The best of the single units found from each unit of the teacher and from their mean.
    pub fn best_one_unit(&self) -> Result<OneUnitFit, FitError> {
        let (n, units) = (self.teacher.inputs(), self.teacher.units());
        let weight: f64 = (0..units).map(|k| self.teacher.output_weight(k)).sum();
        let mut starts: Vec<(f64, Vec<f64>)> =
            (0..units).map(|k| (self.teacher.output_weight(k), self.teacher.input_weights(k).to_vec())).collect();
        if weight != 0.0 {
            let mean = |r: usize| {
                (0..units).map(|k| self.teacher.output_weight(k) * self.teacher.input_weights(k)[r]).sum::<f64>()
                    / weight
            };
            starts.push((weight, (0..n).map(mean).collect()));
        }
        let mut best: Option<OneUnitFit> = None;
        let mut last = FitError::NoConvergence(NoConvergence { iterations: 0, residual: f64::NAN });
        for (w, v) in starts {
            match Perceptron::new(vec![v], vec![w]).map_err(FitError::from).and_then(|start| self.one_unit_fit(&start))
            {
                Ok(fit) if best.as_ref().is_none_or(|best| fit.loss < best.loss) => best = Some(fit),
                Ok(_) => {}
                Err(error) => last = error,
            }
        }
        best.ok_or(last)
    }

    /// `H = E[(T - w* phi(v* . x)) phi''(v* . x) x x^T]` of a single unit: the part `|z| < 1` of the singular region attracts where `w* H` is
    /// negative definite, the part `|z| > 1` where it is positive definite.
    pub fn stability(&self, fit: &OneUnitFit) -> Result<Matrix, ParameterError> {
        let student = Perceptron::new(vec![fit.v.clone()], vec![fit.w])?;
        self.check(&student)?;
        let n = student.inputs();
        let mut found = vec![vec![0.0; n]; n];
        for (other, b) in self.difference(&student) {
            let products = Products::of(&fit.v, b);
            for r in 0..n {
                for s in 0..n {
                    found[r][s] -= self.phi.scale() * other * products.bend(&fit.v, b, r, s);
                }
            }
        }
        Ok(found)
    }

    /// `G^-1 grad L`, the natural gradient; fails with the smallest eigenvalue where the Fisher information is numerically singular.
    pub fn natural_gradient(&self, student: &Perceptron) -> Result<Vec<f64>, FlowError> {
        self.natural_gradient_where(student, 0.0)
    }

    /// `G^-1 v`; fails with the smallest eigenvalue where the Fisher information is numerically singular.
    pub fn solve_fisher(&self, student: &Perceptron, vector: &[f64]) -> Result<Vec<f64>, FlowError> {
        solve_metric(&self.fisher(student), vector, 0.0)
    }

    /// `G^-1`, by rows.
    pub fn inverse_fisher(&self, student: &Perceptron) -> Result<Matrix, FlowError> {
        let size = student.parameters().len();
        let unit = |i: usize| (0..size).map(|j| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
        (0..size).map(|i| self.solve_fisher(student, &unit(i))).collect()
    }

    /// [`Population::natural_gradient`], refused also where a pivot of the Fisher information, scaled to unit diagonal, is below `least`.
    fn natural_gradient_where(&self, student: &Perceptron, least: f64) -> Result<Vec<f64>, FlowError> {
        solve_metric(&self.fisher(student), &self.gradient(student)?, least)
    }
}

/// Newton's step with the sizes of the curvatures, `-|H|^-1 g`, so that it descends along directions of negative curvature too;
/// curvatures below `least` of the largest one count as that.
fn newton_step(gradient: &[f64], least: f64, hessian: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let eigen = symmetric_eigen(gradient.len(), hessian);
    let largest = eigen.values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    let mut step = vec![0.0; gradient.len()];
    for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
        let along: f64 = vector.iter().zip(gradient).map(|(a, b)| a * b).sum();
        let curvature = value.abs().max(least * largest);
        step.iter_mut().zip(vector).for_each(|(s, v)| *s -= along / curvature * v);
    }
    step
}

/// `G^-1 v` for a metric `G` of which no pivot (scaled to unit diagonal) is below `least`.
fn solve_metric(metric: &Matrix, vector: &[f64], least: f64) -> Result<Vec<f64>, FlowError> {
    solve_positive(metric, vector, least).ok_or_else(|| {
        let eigen = symmetric_eigen(vector.len(), |i, j| metric[i][j]);
        FlowError::SingularFisher { smallest: eigen.values[vector.len() - 1] }
    })
}

/// Why there is no best single unit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    /// A parameter.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The search.
    #[error("the best single unit: {0}")]
    NoConvergence(NoConvergence),
}

#[cfg(test)]
mod tests;
