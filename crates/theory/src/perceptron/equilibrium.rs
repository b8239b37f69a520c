//! Fast coordinates `(v, w)` of two units for given `(u, z)`: at the minimum of the loss, and on the slow manifold of gradient flow.

use super::{FitError, Population, newton_step};
use neurodyn_model::{ParameterError, Perceptron, SingularCoordinates};
use neurodyn_numerics::linalg::solve_positive;
use neurodyn_numerics::roots::NoConvergence;
use neurodyn_numerics::sum::add_scaled;

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
            let step = newton_step(&slope, 1e-9, bend);
            let length = step.iter().map(|s| s * s).sum::<f64>().sqrt();
            let damping = if length > 0.3 { 0.3 / length } else { 1.0 };
            add_scaled(&mut here.v, damping, &step);
            here.w += damping * step[n];
        }
        Err(FitError::NoConvergence(NoConvergence { iterations: 100, residual }))
    }

    /// The point of the slow manifold of gradient flow with the `(u, z)` of `start`: `(v, w)` move as the manifold does. Found by
    /// elimination, first with `(v, w)` at rest, then with the rates that this manifold gives them: errors are of second
    /// order in the ratio of slow to fast rates. None where Newton's method does not converge (far from the singular region).
    pub fn slow_manifold(&self, start: &SingularCoordinates) -> Result<Option<Perceptron>, FitError> {
        let n = start.v.len();
        let Ok(near) = self.fast_equilibrium(start) else { return Ok(None) };
        let guess = SingularCoordinates::of(&near)?;
        let rest = vec![0.0; n + 1];
        let Some(first) = self.with_fast_rates(&guess, &rest)? else { return Ok(None) };
        let rates = self.rates(&first)?;
        // where the manifold goes in a short time, forwards and backwards
        let size = rates.z.abs() + rates.separation();
        if size == 0.0 {
            return Ok(Some(first.perceptron()?));
        }
        let t = 1e-4 / size;
        let moved = |t: f64| {
            let u = first.u.iter().zip(&rates.u).map(|(u, rate)| u + t * rate).collect();
            self.with_fast_rates(&SingularCoordinates { u, z: first.z + t * rates.z, ..first.clone() }, &rest)
        };
        let (Some(ahead), Some(behind)) = (moved(t)?, moved(-t)?) else { return Ok(None) };
        let follow: Vec<f64> = fast(&ahead).iter().zip(fast(&behind)).map(|(a, b)| (a - b) / (2.0 * t)).collect();
        match self.with_fast_rates(&first, &follow)? {
            Some(found) => Ok(Some(found.perceptron()?)),
            None => Ok(None),
        }
    }

    /// Rates of the coordinates under gradient flow.
    pub fn rates(&self, here: &SingularCoordinates) -> Result<SingularCoordinates, ParameterError> {
        let student = here.perceptron()?;
        let velocity: Vec<f64> = self.gradient(&student)?.iter().map(|g| -g).collect();
        SingularCoordinates::rates(&student, &velocity)
    }

    /// The point with the `(u, z)` of `start` at which gradient flow moves `(v, w)` at these rates, by Newton's method.
    fn with_fast_rates(
        &self,
        start: &SingularCoordinates,
        wanted: &[f64],
    ) -> Result<Option<SingularCoordinates>, ParameterError> {
        let mut here = start.clone();
        let size = wanted.len();
        let excess = |here: &SingularCoordinates| -> Result<Vec<f64>, ParameterError> {
            Ok(fast(&self.rates(here)?).iter().zip(wanted).map(|(rate, wanted)| rate - wanted).collect())
        };
        for _ in 0..40 {
            let now = excess(&here)?;
            let norm = now.iter().map(|x| x * x).sum::<f64>().sqrt();
            if norm < 1e-13 {
                return Ok(Some(here));
            }
            let mut slope = vec![vec![0.0; size]; size];
            for k in 0..size {
                let (ahead, behind) = (excess(&shifted(&here, k, 1e-5))?, excess(&shifted(&here, k, -1e-5))?);
                for i in 0..size {
                    slope[i][k] = (ahead[i] - behind[i]) / 2e-5;
                }
            }
            // least squares by the normal equations: sizes are those of rates, well conditioned near the region
            let normal: Vec<Vec<f64>> = (0..size)
                .map(|i| (0..size).map(|j| (0..size).map(|k| slope[k][i] * slope[k][j]).sum()).collect())
                .collect();
            let right: Vec<f64> = (0..size).map(|i| (0..size).map(|k| slope[k][i] * now[k]).sum()).collect();
            let Some(step) = solve_positive(&normal, &right, 0.0) else { return Ok(None) };
            let length = step.iter().map(|s| s * s).sum::<f64>().sqrt();
            let damping = if length > 0.3 { 0.3 / length } else { 1.0 };
            for (k, step) in step.iter().enumerate() {
                here = shifted(&here, k, -damping * step);
            }
            if length < 1e-12 {
                return Ok(Some(here));
            }
        }
        Ok(None)
    }
}

/// `(v, w)` in one list.
fn fast(here: &SingularCoordinates) -> Vec<f64> {
    here.v.iter().copied().chain([here.w]).collect()
}

/// With component `k` of `(v, w)` moved.
fn shifted(here: &SingularCoordinates, k: usize, by: f64) -> SingularCoordinates {
    let mut moved = here.clone();
    match moved.v.get_mut(k) {
        Some(v) => *v += by,
        None => moved.w += by,
    }
    moved
}
