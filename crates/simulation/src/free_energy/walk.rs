//! Metropolis steps that leave the tempered posterior of the input weights unchanged.
//!
//! It is thin, `beta^(-1/2)`, across the optimal parameters and wide along them. Half of the step sizes are log-uniform from `beta^(-1/2)` to 1,
//! half within a factor `e^2` of the smallest. Steps are of one unit, of both along one direction, and, given a draw of the output
//! weights, of the separation `u = J_2 - J_1` at constant `v = (w_1 J_1 + w_2 J_2) / (w_1 + w_2)`, by a vector or by a factor: these follow the singular
//! region. Flipping the sign of a unit and swapping units would change no number (loss, prior and laws of the steps stay the same), so
//! they are left out.

use super::Swarm;
use neurodyn_model::{Regression, Target};
use neurodyn_numerics::elementary::{exp, ln, sin_cos_two_pi};
use neurodyn_random::{Normals, Stream, uniform};

/// Smaller half of the step sizes: from the smallest up to `e^2` times that.
const SMALL: f64 = 2.0;

/// Metropolis steps at one `beta`.
pub(super) struct Walk<'a> {
    target: &'a Target,
    units: usize,
    inputs: usize,
    beta: f64,
    /// `ln` of the ratio of the largest to the smallest step.
    range: f64,
    normals: Normals,
    uniforms: Stream,
    rows: Vec<f64>,
    direction: Vec<f64>,
}

impl<'a> Walk<'a> {
    pub fn new(target: &'a Target, units: usize, beta: f64, (normals, uniforms): (Normals, Stream)) -> Self {
        let inputs = target.teacher().inputs();
        let range = 0.5 * ln(1.0 + beta);
        let (rows, direction) = (vec![0.0; units * inputs], vec![0.0; inputs]);
        Self { target, units, inputs, beta, range, normals, uniforms, rows, direction }
    }

    fn uniform(&mut self) -> f64 {
        uniform(self.uniforms.word())
    }

    fn normal(&mut self) -> f64 {
        self.normals.next().unwrap_or(0.0)
    }

    /// A step size.
    fn size(&mut self) -> f64 {
        let u = 2.0 * self.uniform();
        if u < 1.0 { exp(-self.range * u) } else { exp(SMALL.min(self.range) * (u - 1.0) - self.range) }
    }

    /// A direction of random size.
    fn draw_direction(&mut self) {
        let size = self.size();
        for component in &mut self.direction {
            *component = size * self.normals.next().unwrap_or(0.0);
        }
    }

    /// Every kind of step once.
    pub fn sweep(&mut self, swarm: &mut Swarm, i: usize) {
        for unit in 0..self.units {
            self.draw_direction();
            self.rows.copy_from_slice(swarm.rows(i));
            for (row, step) in self.rows[unit * self.inputs..].iter_mut().zip(&self.direction) {
                *row += step;
            }
            let regression = swarm.regressions[i].changed(self.target, &self.rows, unit);
            self.decide(swarm, i, regression);
        }
        if self.units == 2 {
            self.draw_direction();
            let shares = sin_cos_two_pi(self.uniform());
            self.rows.copy_from_slice(swarm.rows(i));
            let (first, second) = self.rows.split_at_mut(self.inputs);
            for ((a, b), step) in first.iter_mut().zip(second).zip(&self.direction) {
                *a += shares.0 * step;
                *b += shares.1 * step;
            }
            let regression = Regression::new(self.target, &self.rows);
            self.decide(swarm, i, regression);
            self.separate(swarm, i, false);
            self.separate(swarm, i, true);
        }
    }

    /// Metropolis rule for the input weights proposed, output weights integrated.
    fn decide(&mut self, swarm: &mut Swarm, i: usize, regression: Regression) {
        let log = |r: &Regression| r.at(self.beta).log - 0.5 * r.square();
        let gain = log(&regression) - log(&swarm.regressions[i]);
        self.accept(swarm, i, regression, gain);
    }

    fn accept(&mut self, swarm: &mut Swarm, i: usize, regression: Regression, gain: f64) {
        if self.uniform() < exp(gain) {
            swarm.rows[i * swarm.width..(i + 1) * swarm.width].copy_from_slice(&self.rows);
            swarm.regressions[i] = regression;
        }
    }

    /// A step of the separation at constant `v`, given output weights, by a factor or by a vector. Units that point away from each
    /// other are taken as `J_1`, `-J_2` with `w_1`, `-w_2`; a step that changes which of the two is refused, so that the way back is the same.
    fn separate(&mut self, swarm: &mut Swarm, i: usize, factor: bool) {
        let here = swarm.regressions[i];
        let sign = here.sign();
        let normals = [self.normal(), self.normal()];
        let w = here.output_law(self.beta).draw(normals);
        let total = w[0] + sign * w[1];
        let shares = [sign * w[1] / total, w[0] / total];
        let mut volume = 0.0;
        self.rows.copy_from_slice(swarm.rows(i));
        if factor {
            let stretch = self.size() * self.normal();
            volume = self.inputs as f64 * stretch;
            let factor = exp(stretch) - 1.0;
            for (k, step) in self.direction.iter_mut().enumerate() {
                *step = factor * (sign * self.rows[self.inputs + k] - self.rows[k]);
            }
        } else {
            self.draw_direction();
        }
        let (first, second) = self.rows.split_at_mut(self.inputs);
        for ((a, b), step) in first.iter_mut().zip(second).zip(&self.direction) {
            *a -= shares[0] * step;
            *b += sign * shares[1] * step;
        }
        let there = Regression::new(self.target, &self.rows);
        if there.sign() == sign {
            let loss = 0.5 * self.beta * (there.twice_loss(w) - here.twice_loss(w));
            let gain = volume - loss - 0.5 * (there.square() - here.square());
            self.accept(swarm, i, there, gain);
        }
    }
}
