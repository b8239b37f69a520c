//! Where small recurrent networks end: fixed points, cycles, quasi-periodic or chaotic orbits, and how many of them.

use super::{Recurrent, RecurrentWeights, Start, overlap_of};
use crate::cost::Work;
use neurodyn_model::Activation;
use neurodyn_numerics::elementary::ln;

/// What an orbit has become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attractor {
    /// The state no longer changes.
    FixedPoint,
    /// The state returns after this many steps, 2 at least.
    Cycle(usize),
    /// The state does not return within the steps watched, but neighbours do not part: quasi-periodic, or still settling.
    QuasiPeriodic,
    /// Neighbours part exponentially.
    Chaotic,
}

/// How orbits are judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttractorSearch {
    /// Steps before an orbit is looked at.
    pub settle: usize,
    /// Longest period looked for, and the steps it is looked at.
    pub watch: usize,
    /// Root mean square difference of two states that count as the same.
    pub tolerance: f64,
    /// Steps over which the Lyapunov exponent is measured.
    pub growth_steps: usize,
    /// Lyapunov exponent above which an orbit that does not return is chaotic.
    pub chaotic_above: f64,
}

/// What became of several starts of one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Attractors {
    /// Of each start.
    pub ends: Vec<Attractor>,
    /// Number of distinct attractors: fixed points and cycles by their states; all orbits that do not return count as one, so
    /// this is a lower bound.
    pub distinct: usize,
}

impl AttractorSearch {
    /// What a network of `n` neurons with explicit weights takes from so many starts.
    pub fn work(&self, n: usize, starts: usize) -> Work {
        let steps = starts * (self.settle + self.watch + 2 * self.growth_steps);
        let square = (n * n) as f64;
        Work { seconds: 1e-9 * square * steps as f64, bytes: 8.0 * square }
    }

    /// Follows `count` starts of a network together.
    pub fn run<W: RecurrentWeights + Clone>(&self, activation: Activation, weights: &W, start: Start) -> Attractors {
        let count = start.kinds.len();
        let mut network = Recurrent::new(activation, weights.clone(), start);
        (0..self.settle).for_each(|_| network.step());
        let mut orbits: Vec<Vec<Vec<f64>>> = (0..count).map(|i| vec![network.column(i).to_vec()]).collect();
        let mut periods: Vec<Option<usize>> = vec![None; count];
        for step in 1..=self.watch {
            network.step();
            for i in 0..count {
                if periods[i].is_none() {
                    let state = network.column(i);
                    if self.same(state, &orbits[i][0]) {
                        periods[i] = Some(step);
                    } else {
                        orbits[i].push(state.to_vec());
                    }
                }
            }
        }
        let mut ends = Vec::with_capacity(count);
        let mut found: Vec<usize> = Vec::new();
        let mut wandering = false;
        for i in 0..count {
            match periods[i] {
                Some(period) => {
                    ends.push(if period == 1 { Attractor::FixedPoint } else { Attractor::Cycle(period) });
                    let known = |&j: &usize| {
                        periods[j] == Some(period) && orbits[j].iter().any(|state| self.alike(state, &orbits[i][0]))
                    };
                    if !found.iter().any(known) {
                        found.push(i);
                    }
                }
                None => {
                    wandering = true;
                    let exponent = self.growth(activation, weights.clone(), network.column(i));
                    let chaotic = exponent > self.chaotic_above;
                    ends.push(if chaotic { Attractor::Chaotic } else { Attractor::QuasiPeriodic });
                }
            }
        }
        Attractors { ends, distinct: found.len() + usize::from(wandering) }
    }

    fn same(&self, x: &[f64], y: &[f64]) -> bool {
        distance(x, y) <= self.tolerance * self.tolerance
    }

    /// Whether two orbits, each within the tolerance of its attractor by its own measure, have met.
    fn alike(&self, x: &[f64], y: &[f64]) -> bool {
        distance(x, y) <= 1e4 * self.tolerance * self.tolerance
    }

    /// Growth rate of a tangent at this state.
    fn growth<W: RecurrentWeights>(&self, activation: Activation, weights: W, state: &[f64]) -> f64 {
        let mut network = Recurrent::new(activation, weights, Start::with_tangent(state));
        // the first half turns the tangent into the direction that grows most
        let mut total = 0.0;
        for step in 0..self.growth_steps {
            network.step();
            let logarithm = ln(network.renormalise(1));
            if 2 * step >= self.growth_steps {
                total += 0.5 * logarithm;
            }
        }
        total / (self.growth_steps - self.growth_steps.div_ceil(2)) as f64
    }
}

fn distance(x: &[f64], y: &[f64]) -> f64 {
    let difference: Vec<f64> = x.iter().zip(y).map(|(x, y)| x - y).collect();
    overlap_of(&difference, &difference)
}
