//! Online learning with a small step size `eta` about the averaged flow: mean to order `eta` and covariance to order `eta` (linear noise).
//!
//! `theta <- theta - eta (grad L + xi)` with `Cov xi = D = E[(f - T)^2 grad f grad f^T] - grad L grad L^T + sigma^2 G`. With `theta(t)` the gradient flow, `t`
//! the number of steps times `eta`, `E theta = theta(t) + eta b + O(eta^2)` and `Cov theta = eta S + O(eta^2)`,
//! `S' = -(H S + S H) + D`, `b' = -H b - (1/2) (grad^2 grad L) : S - (1/2) H grad L`; the last term is that of finite steps.

use super::{FlowError, Matrix, Population};
use neurodyn_model::{ParameterError, Perceptron};
use neurodyn_numerics::linalg::Factor;
use neurodyn_numerics::ode::{Integrator, Solution};
use neurodyn_numerics::quadrature::{Shape, Univariate};

/// Moments of the parameters at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct OnlineMoments {
    /// The averaged flow.
    pub student: Perceptron,
    /// `b`, in the order of [`Perceptron::parameters`].
    pub bias: Vec<f64>,
    /// `S`.
    pub covariance: Matrix,
}

/// Moments at these times for label noise of standard deviation `sigma`. Student and teacher must lie in the first two of their
/// input dimensions, where gradient noise is integrated numerically (trapezoid rule, error below 1e-10); the others may be any
/// number.
pub fn online_moments(
    population: &Population,
    start: &Perceptron,
    sigma: f64,
    times: &[f64],
) -> Result<Vec<OnlineMoments>, FlowError> {
    let rows = |network: &Perceptron| {
        (0..network.units()).any(|i| network.input_weights(i).iter().skip(2).any(|x| x * x > 0.0))
    };
    if rows(start) || rows(population.teacher()) {
        return Err(FlowError::Parameter(ParameterError {
            name: "input_weights".into(),
            found: "weights beyond the second input".into(),
            allowed: "0 beyond the second input",
        }));
    }
    let size = start.parameters().len();
    let field = |state: &[f64]| {
        let (parameters, rest) = state.split_at(size);
        let (bias, covariance) = rest.split_at(size);
        let student = start.with_parameters(parameters);
        let gradient = population.gradient(&student)?;
        let hessian = population.hessian(&student)?;
        let noise = gradient_noise(population, &student, &gradient, sigma);
        let s =
            |i: usize, j: usize| if i >= j { covariance[i * (i + 1) / 2 + j] } else { covariance[j * (j + 1) / 2 + i] };
        let bend = bend_along(population, &student, &gradient, &s)?;
        let mut velocity: Vec<f64> = gradient.iter().map(|g| -g).collect();
        for i in 0..size {
            let pulled: f64 = (0..size).map(|j| hessian[i][j] * (bias[j] + 0.5 * gradient[j])).sum();
            velocity.push(-pulled - 0.5 * bend[i]);
        }
        for i in 0..size {
            for j in 0..=i {
                let relaxed: f64 = (0..size).map(|k| hessian[i][k] * s(k, j) + s(i, k) * hessian[k][j]).sum();
                velocity.push(noise[i][j] - relaxed);
            }
        }
        Ok::<_, FlowError>(velocity)
    };
    let mut state = start.parameters();
    state.resize(2 * size + size * (size + 1) / 2, 0.0);
    // an ordinary start takes some hundred; of one with large weights the equations are stiff
    let integrator = Integrator { relative: 1e-9, absolute: 1e-10, most_steps: 10_000 };
    let mut solution = Solution::new(field, state, integrator);
    let at = |&time: &f64| {
        let state = solution.at(time)?;
        let covariance = |i: usize, j: usize| {
            let (i, j) = if i >= j { (i, j) } else { (j, i) };
            state[2 * size + i * (i + 1) / 2 + j]
        };
        Ok(OnlineMoments {
            student: start.with_parameters(&state[..size]),
            bias: state[size..2 * size].to_vec(),
            covariance: (0..size).map(|i| (0..size).map(|j| covariance(i, j)).collect()).collect(),
        })
    };
    times.iter().map(at).collect()
}

/// `(grad^2 grad L) : S = sum_k d^2/dt^2 grad L(theta + t l_k)`, `S = sum l_k l_k^T`, by second differences (error 1e-6 of its size).
fn bend_along(
    population: &Population,
    student: &Perceptron,
    gradient: &[f64],
    covariance: &impl Fn(usize, usize) -> f64,
) -> Result<Vec<f64>, ParameterError> {
    let size = gradient.len();
    let factor = Factor::new(size, |i, j| if i == j { covariance(i, j).max(0.0) } else { covariance(i, j) });
    let parameters = student.parameters();
    let mut bend = vec![0.0; size];
    for k in 0..factor.rank() {
        let direction: Vec<f64> = (0..size).map(|i| factor.row(i)[k]).collect();
        let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        if length == 0.0 {
            continue;
        }
        let t = 1e-3 / length;
        let moved = |sign: f64| {
            let shifted: Vec<f64> = parameters.iter().zip(&direction).map(|(p, d)| p + sign * t * d).collect();
            population.gradient(&student.with_parameters(&shifted))
        };
        let (ahead, behind) = (moved(1.0)?, moved(-1.0)?);
        for i in 0..size {
            bend[i] += (ahead[i] + behind[i] - 2.0 * gradient[i]) / (t * t);
        }
    }
    Ok(bend)
}

/// `D`.
fn gradient_noise(population: &Population, student: &Perceptron, gradient: &[f64], sigma: f64) -> Matrix {
    let phi = population.phi();
    let teacher = population.teacher();
    let (m, n) = (student.units(), student.inputs());
    let size = gradient.len();
    let mut noise: Matrix = population.fisher(student);
    noise.iter_mut().flatten().for_each(|entry| *entry *= sigma * sigma);
    // entries within the plane (or line), in the order w, J_1 (2), J_2 (2), ...
    let inputs = n.min(2);
    let plane = m + inputs * m;
    let mut sums = vec![0.0; plane * plane];
    let mut across = vec![0.0; m * m];
    let rule = Univariate::new(Shape::Oscillating { frequency: 3.0 }, 1.0);
    let mut derivative = vec![0.0; plane];
    let mut slopes = vec![0.0; m];
    let mut add = |[x, y]: [f64; 2], weight: f64| {
        if weight < 1e-18 {
            return;
        }
        let field = |network: &Perceptron, i: usize| {
            network.input_weights(i)[..inputs].iter().zip([x, y]).map(|(j, x)| j * x).sum::<f64>()
        };
        let mut error = 0.0;
        for i in 0..m {
            let u = field(student, i);
            derivative[i] = phi.value(u);
            slopes[i] = student.output_weight(i) * phi.slope(u);
            for (c, x) in [x, y].into_iter().take(inputs).enumerate() {
                derivative[m + inputs * i + c] = slopes[i] * x;
            }
            error += student.output_weight(i) * derivative[i];
        }
        for k in 0..teacher.units() {
            error -= teacher.output_weight(k) * phi.value(field(teacher, k));
        }
        let share = weight * error * error;
        for i in 0..plane {
            for j in 0..plane {
                sums[i * plane + j] += share * derivative[i] * derivative[j];
            }
        }
        for i in 0..m {
            for j in 0..m {
                across[i * m + j] += share * slopes[i] * slopes[j];
            }
        }
    };
    rule.visit(|x, weight_x| {
        if inputs == 1 {
            add([x, 0.0], weight_x);
        } else {
            rule.visit(|y, weight_y| add([x, y], weight_x * weight_y));
        }
    });
    // where an entry of the plane stands among all parameters
    let place = |k: usize| if k < m { k } else { m + (k - m) / inputs * n + (k - m) % inputs };
    for i in 0..plane {
        for j in 0..plane {
            noise[place(i)][place(j)] += sums[i * plane + j];
        }
    }
    for i in 0..m {
        for j in 0..m {
            for c in 2..n {
                noise[m + i * n + c][m + j * n + c] += across[i * m + j];
            }
        }
    }
    for i in 0..size {
        for j in 0..size {
            noise[i][j] -= gradient[i] * gradient[j];
        }
    }
    noise
}
