//! Free energy of a perceptron by sequential Monte Carlo: `Z(beta) = E exp(-beta L)` over the prior `w ~ N(0, I)`, `J ~ N(0, I)`, and `beta <L>`.
//!
//! Particles are input weights; output weights are integrated exactly ([`Regression`]). From the prior on, each rung of a ladder of `beta`
//! weights the particles, resamples them (systematically) and moves them by Metropolis steps that leave the tempered posterior
//! unchanged. One replica is one run of many particles. `Z_r` and `Z_r E_r` of a run are unbiased at any number of particles and
//! however slowly the steps mix, so replicas enter an estimate of `beta <L>` with weight `Z_r`. Slow mixing shows as a spread of `ln Z_r`: where
//! it comes near 1, or where a part of the posterior that matters is too rare to be met, standard errors are too small.

mod pooled;
mod walk;

pub use pooled::Pooled;

use neurodyn_model::{ParameterError, Perceptron, Regression, Target};
use neurodyn_numerics::elementary::{exp, ln};
use neurodyn_random::{Address, Normals, Role, uniform};
use walk::Walk;

/// A ladder of inverse temperatures for one student and teacher.
#[derive(Debug, Clone, PartialEq)]
pub struct Tempering {
    target: Target,
    units: usize,
    betas: Vec<f64>,
    particles: usize,
    sweeps: usize,
}

/// One rung of one replica.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rung {
    /// `ln Z_r`.
    pub log_partition: f64,
    /// `E_r`, mean of `beta E[L | J]` over particles and sweeps.
    pub energy: f64,
}

/// Particles side by side.
#[derive(Clone)]
struct Swarm {
    width: usize,
    rows: Vec<f64>,
    regressions: Vec<Regression>,
}

impl Swarm {
    fn rows(&self, i: usize) -> &[f64] {
        &self.rows[i * self.width..(i + 1) * self.width]
    }

    /// Particle `i` becomes a copy of particle `from` of another swarm.
    fn copy(&mut self, i: usize, other: &Swarm, from: usize) {
        self.rows[i * self.width..(i + 1) * self.width].copy_from_slice(other.rows(from));
        self.regressions[i] = other.regressions[from];
    }
}

impl Tempering {
    /// A student of one or two units; `betas` rise; some particles, and sweeps of steps at each of `betas`.
    pub fn new(
        units: usize,
        teacher: Perceptron,
        betas: Vec<f64>,
        particles: usize,
        sweeps: usize,
    ) -> Result<Self, ParameterError> {
        let bad =
            |name: &'static str, found: String, allowed| Err(ParameterError { name: name.into(), found, allowed });
        if !(1..=2).contains(&units) {
            return bad("units", units.to_string(), "1 or 2");
        }
        if betas.is_empty() || betas.iter().any(|beta| !(*beta > 0.0 && *beta <= 1e13)) {
            return bad("betas", format!("{betas:?}"), "at least one number, above 0 and up to 1e13");
        }
        if betas.windows(2).any(|pair| pair[0] >= pair[1]) {
            return bad("betas", format!("{betas:?}"), "in increasing order");
        }
        if !(2..=1_000_000).contains(&particles) {
            return bad("particles", particles.to_string(), "2 to a million");
        }
        if sweeps == 0 {
            return bad("sweeps", "0".into(), "at least 1");
        }
        Ok(Self { target: Target::new(teacher)?, units, betas, particles, sweeps })
    }

    /// The ladder.
    pub fn betas(&self) -> &[f64] {
        &self.betas
    }

    /// One replica: every rung in turn.
    pub fn sample(&self, address: &Address) -> Vec<Rung> {
        let address = address.with_role(Role::FREE_ENERGY);
        let width = self.units * self.target.teacher().inputs();
        let rows: Vec<f64> = Normals::new(address.stream(0, 0)).take(self.particles * width).collect();
        let regressions = rows.chunks(width).map(|rows| Regression::new(&self.target, rows)).collect();
        let mut swarm = Swarm { width, rows, regressions };
        let mut old = swarm.clone();
        let (mut log_partition, mut before) = (0.0, 0.0);
        let mut found = Vec::with_capacity(self.betas.len());
        for (layer, &beta) in (1..).zip(&self.betas) {
            let mut uniforms = address.stream(layer, 1);
            std::mem::swap(&mut swarm, &mut old);
            log_partition += resample(&old, &mut swarm, (before, beta), uniform(uniforms.word()));
            let normals = Normals::new(address.stream(layer, 0));
            let mut walk = Walk::new(&self.target, self.units, beta, (normals, uniforms));
            let mut energy = 0.0;
            for _ in 0..self.sweeps {
                for i in 0..self.particles {
                    walk.sweep(&mut swarm, i);
                    energy += swarm.regressions[i].at(beta).energy;
                }
            }
            energy /= (self.particles * self.sweeps) as f64;
            found.push(Rung { log_partition, energy });
            before = beta;
        }
        found
    }
}

/// Fills `new` with particles of `old` in proportion to `exp(-(beta - before) L)`; gives the logarithm of the mean of that.
fn resample(old: &Swarm, new: &mut Swarm, (before, beta): (f64, f64), place: f64) -> f64 {
    let log = |regression: &Regression, beta: f64| if beta > 0.0 { regression.at(beta).log } else { 0.0 };
    let logs: Vec<f64> = old.regressions.iter().map(|r| log(r, beta) - log(r, before)).collect();
    let most = logs.iter().fold(f64::NEG_INFINITY, |most, log| most.max(*log));
    let weights: Vec<f64> = logs.iter().map(|log| exp(log - most)).collect();
    let total: f64 = weights.iter().sum();
    let count = weights.len();
    let (mut from, mut passed) = (0, weights[0]);
    for i in 0..count {
        let wanted = (i as f64 + place) / count as f64 * total;
        while passed < wanted && from + 1 < count {
            from += 1;
            passed += weights[from];
        }
        new.copy(i, old, from);
    }
    most + ln(total / count as f64)
}
