//! Free energy of a perceptron of one or two units at finite inverse temperature: `Z(beta) = E exp(-beta L)` over the prior `w ~ N(0, I)`,
//! `J ~ N(0, I)`, and `lambda_eff(beta) = -d ln Z / d ln beta = beta <L>`, which tends to the learning coefficient.
//!
//! Output weights are integrated exactly ([`Regression`]); what is left is an integral over one or two input weights. Its integrand
//! changes over a distance of about `beta^(-1/2)` from the lines `J_i = 0`, `J_i = +-B_k` and `J_1 = +-J_2`, at every scale from there to 1. Signs and order of the
//! units are symmetries, which leaves `0 < J_2 < J_1`. Between these lines distances are taken as `e^x` or `1 / (1 + e^-x)`: in `x` the
//! integrand is analytic near the real axis and the trapezoid rule converges geometrically. Errors of `lambda_eff` and `ln Z`: below
//! `1e-8 + 1e-15 beta`, rounding of the loss being the second part (tests: half the step and wider cuts, a plain grid, differences
//! of `ln Z`).

use super::units_needed;
use neurodyn_model::{ParameterError, Perceptron, Regression, Target};
use neurodyn_numerics::elementary::{exp, ln};

/// Step of the trapezoid rule.
const STEP: f64 = 0.2;
/// Distances are resolved from `exp(-REACH) / sqrt(beta)`.
const REACH: f64 = 20.0;
/// Input weights beyond it have no prior left, `exp(-50)`.
const FAR: f64 = 10.0;

/// The tempered posterior as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FreeEnergy {
    /// `ln Z(beta)`.
    pub log_partition: f64,
    /// `lambda_eff(beta) = beta <L>`.
    pub lambda: f64,
}

/// Free energies at these inverse temperatures, of a student of one unit (with one input, or with any number of them if the teacher is 0)
/// or of two units with one input.
pub fn free_energy(units: usize, teacher: &Perceptron, betas: &[f64]) -> Result<Vec<FreeEnergy>, ParameterError> {
    free_energy_with(units, teacher, betas, STEP, REACH)
}

fn free_energy_with(
    units: usize,
    teacher: &Perceptron,
    betas: &[f64],
    step: f64,
    reach: f64,
) -> Result<Vec<FreeEnergy>, ParameterError> {
    let bad = |name: &'static str, found: String, allowed| Err(ParameterError { name: name.into(), found, allowed });
    if !(1..=2).contains(&units) {
        return bad("units", units.to_string(), "1 or 2");
    }
    if let Some(beta) = betas.iter().find(|&&beta| !(beta > 0.0 && beta <= 1e13)) {
        return bad("betas", beta.to_string(), "numbers above 0, up to 1e13");
    }
    let zero = is_zero(teacher);
    if !has_free_energy(units, teacher) {
        let allowed =
            "1, or any number for one unit that learns a teacher of 0: else the integral has more than two dimensions";
        return bad("inputs", teacher.inputs().to_string(), allowed);
    }
    let breaks = if zero { vec![0.0] } else { breaks(teacher) };
    // the length of J is all that matters to a teacher of 0
    let power = teacher.inputs() - 1;
    let flat = if zero { Perceptron::new(vec![vec![0.0]], vec![0.0])? } else { teacher.clone() };
    let target = Target::new(flat)?;
    let hottest = betas.iter().fold(1.0f64, |most, beta| most.max(*beta));
    let rule = Rule { step, cut: reach + 0.5 * ln(hottest) };
    let mut sums = Sums { betas, prior: 0.0, partition: vec![0.0; betas.len()], energy: vec![0.0; betas.len()] };
    rule.visit(&breaks, |second, weight| {
        if units == 1 {
            let volume = (0..power).fold(weight, |volume, _| volume * second);
            sums.add(&Regression::new(&target, &[second]), volume);
        } else {
            let above = std::iter::once(second).chain(breaks.iter().copied().filter(|b| *b > second));
            rule.visit(&above.collect::<Vec<_>>(), |first, inner| {
                sums.add(&Regression::new(&target, &[first, second]), weight * inner);
            });
        }
    });
    Ok(sums.free_energies())
}

/// Whether [`free_energy`] covers this student and teacher.
pub fn has_free_energy(units: usize, teacher: &Perceptron) -> bool {
    (1..=2).contains(&units) && (teacher.inputs() == 1 || units == 1 && is_zero(teacher))
}

fn is_zero(teacher: &Perceptron) -> bool {
    units_needed(teacher) == 0
}

/// 0 and the distinct `|B_k|`, rising.
fn breaks(teacher: &Perceptron) -> Vec<f64> {
    let mut breaks: Vec<f64> = (0..teacher.units()).map(|k| teacher.input_weights(k)[0].abs()).collect();
    breaks.push(0.0);
    breaks.sort_by(f64::total_cmp);
    breaks.dedup();
    breaks
}

/// Trapezoid rule in `x`, out to `cut`.
struct Rule {
    step: f64,
    cut: f64,
}

impl Rule {
    /// Hands out nodes and weights between successive breaks and from the last one on.
    fn visit(&self, breaks: &[f64], mut f: impl FnMut(f64, f64)) {
        let last = breaks[breaks.len() - 1];
        let low = (self.cut / self.step) as i64 + 1;
        for pair in breaks.windows(2) {
            let width = pair[1] - pair[0];
            for i in -low..=low {
                let e = exp(-(i as f64 * self.step).abs());
                let near = width * e / (1.0 + e);
                let node = if i < 0 { pair[0] + near } else { pair[1] - near };
                f(node, self.step * near / (1.0 + e));
            }
        }
        for i in -low..=(ln(FAR) / self.step) as i64 {
            let distance = exp(i as f64 * self.step);
            f(last + distance, self.step * distance);
        }
    }
}

/// Sums over nodes: of the prior, and of `Z` and `Z beta <L>` at each `beta`.
struct Sums<'a> {
    betas: &'a [f64],
    prior: f64,
    partition: Vec<f64>,
    energy: Vec<f64>,
}

impl Sums<'_> {
    fn add(&mut self, regression: &Regression, weight: f64) {
        let prior = weight * exp(-0.5 * regression.square());
        self.prior += prior;
        if prior < 1e-40 {
            return;
        }
        for (k, &beta) in self.betas.iter().enumerate() {
            let tempered = regression.at(beta);
            let share = prior * exp(tempered.log);
            self.partition[k] += share;
            self.energy[k] += share * tempered.energy;
        }
    }

    fn free_energies(&self) -> Vec<FreeEnergy> {
        let both = self.partition.iter().zip(&self.energy);
        both.map(|(z, energy)| FreeEnergy { log_partition: ln(z / self.prior), lambda: energy / z }).collect()
    }
}

#[cfg(test)]
mod tests;
