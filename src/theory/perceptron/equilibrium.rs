//! Fast coordinates `(v, w)` of two units at their equilibrium for given `(u, z)`.

use super::{FitError, Population};
use crate::model::{Perceptron, SingularCoordinates};
use crate::numerics::linalg::symmetric_eigen;
use crate::numerics::roots::NoConvergence;

impl Population {
    /// The pair of units with these `u` and `z` whose `(v, w)` minimise the loss, by Newton's method from those given; the gradient in
    /// `(v, w)` is then below 1e-12. The parameters are linear in `(v, w)`, so the reduced gradient and Hessian are exact.
    pub fn fast_equilibrium(&self, start: &SingularCoordinates) -> Result<Perceptron, FitError> {
        let mut here = start.clone();
        let n = here.v.len();
        let shares = [0.5 * (1.0 - here.z), 0.5 * (1.0 + here.z)];
        // entry (k, r) of the derivative of the parameters (w_1, w_2, J_1, J_2) in (v_1, ..., v_n, w)
        let derivative = |k: usize, r: usize| match (k, r) {
            (0 | 1, r) if r == n => shares[k],
            (k, r) if k >= 2 && r < n => f64::from(u8::from((k - 2) % n == r)),
            _ => 0.0,
        };
        let mut residual = f64::INFINITY;
        for _ in 0..100 {
            let student = here.perceptron()?;
            let (gradient, hessian) = (self.gradient(&student)?, self.hessian(&student)?);
            let size = gradient.len();
            let reduced = |r: usize| (0..size).map(|k| derivative(k, r) * gradient[k]).sum::<f64>();
            let slope: Vec<f64> = (0..=n).map(reduced).collect();
            let now = slope.iter().map(|g| g * g).sum::<f64>().sqrt();
            if now < 1e-12 {
                return Ok(student);
            }
            residual = now;
            let half: Vec<Vec<f64>> = (0..size)
                .map(|k| (0..=n).map(|s| (0..size).map(|l| hessian[k][l] * derivative(l, s)).sum()).collect())
                .collect();
            let bend = |r: usize, s: usize| (0..size).map(|k| derivative(k, r) * half[k][s]).sum::<f64>();
            let eigen = symmetric_eigen(n + 1, bend);
            let largest = eigen.values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
            let mut step = vec![0.0; n + 1];
            for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
                let along: f64 = vector.iter().zip(&slope).map(|(a, b)| a * b).sum();
                let curvature = value.abs().max(1e-9 * largest);
                step.iter_mut().zip(vector).for_each(|(s, v)| *s -= along / curvature * v);
            }
            let length = step.iter().map(|s| s * s).sum::<f64>().sqrt();
            let damping = if length > 0.3 { 0.3 / length } else { 1.0 };
            here.v.iter_mut().zip(&step).for_each(|(v, s)| *v += damping * s);
            here.w += damping * step[n];
        }
        Err(FitError::NoConvergence(NoConvergence { iterations: 100, residual }))
    }
}
