//! Recurrent networks in continuous time, `dx/dt = -x + J phi(x)` (the derivative of `x`, the membrane potentials, not of the rates):
//! several trajectories of one network together, each with a tangent, `dp/dt = -p + J phi'(x) p`.
//!
//! Classical Runge-Kutta steps of fixed length. All columns go through one matrix product a stage. In the chaotic phase a single
//! trajectory parts from the exact one whatever the step; what the step must not move are stationary means (tests halve it).

use super::{ChainRule, RecurrentWeights, Start, TILE};
use crate::cost::Work;
use crate::gram::Columns;
use neurodyn_model::{Activation, Column};
use neurodyn_numerics::elementary::ln;
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_random::Address;

/// How a network is followed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContinuousPlan {
    /// Trajectories of a network, from independent normal starts.
    pub trajectories: usize,
    /// Time between samples.
    pub interval: f64,
    /// Runge-Kutta steps in an interval.
    pub steps: usize,
    /// Intervals before the first sample.
    pub transient: usize,
    /// Intervals from the first sample to the last.
    pub watched: usize,
    /// Largest lag, in intervals.
    pub longest_lag: usize,
    /// Neurons of the first trajectory whose course is kept.
    pub kept: usize,
}

impl ContinuousPlan {
    /// One trajectory over the same time with so many samples where there was one, and the courses of some neurons.
    pub fn of_neurons(&self, kept: usize, finer: usize) -> Self {
        Self {
            trajectories: 1,
            interval: self.interval / finer as f64,
            transient: self.transient * finer,
            watched: self.watched * finer,
            longest_lag: 0,
            kept,
            ..*self
        }
    }

    /// What a network of `n` neurons takes: four products of each trajectory, and as many of its tangent, in a Runge-Kutta step.
    pub fn work(&self, n: usize) -> Work {
        let products = 8 * self.trajectories * self.steps * (self.transient + self.watched);
        let square = (n * n) as f64;
        Work { seconds: 2e-10 * square * products as f64, bytes: 8.0 * square }
    }
}

/// What was seen of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct ContinuousTrace {
    /// `x(t) . x(t + tau) / n`, mean over times and trajectories, for lags of 0, 1, ... intervals.
    pub autocorrelation: Vec<f64>,
    /// Growth rate of the tangents per unit of time, mean over trajectories.
    pub exponent: f64,
    /// The samples of the neurons kept.
    pub courses: Vec<Vec<f64>>,
}

/// Follows the network with these weights (their bias is not used).
///
/// # Panics
/// If the plan has no trajectory, no step or a lag longer than the time watched.
pub fn follow(
    activation: Activation,
    mut weights: impl RecurrentWeights,
    plan: &ContinuousPlan,
    address: &Address,
) -> ContinuousTrace {
    followed(activation, &mut weights, plan, address)
}

/// The same, compiled once for all weights.
fn followed(
    activation: Activation,
    weights: &mut dyn RecurrentWeights,
    plan: &ContinuousPlan,
    address: &Address,
) -> ContinuousTrace {
    assert!(plan.trajectories > 0 && plan.steps > 0 && plan.longest_lag <= plan.watched, "plan");
    let (n, count) = (weights.order(), plan.trajectories);
    let mut network = Continuous::new(activation, weights, count, address);
    let step = plan.interval / plan.steps as f64;
    for _ in 0..plan.transient {
        network.interval(step, plan.steps);
    }
    let mut samples: Vec<Vec<f64>> = (0..count).map(|i| network.point(i).to_vec()).collect();
    let mut growth = 0.0;
    for _ in 0..plan.watched {
        growth += network.interval(step, plan.steps);
        (0..count).for_each(|i| samples[i].extend_from_slice(network.point(i)));
    }
    let courses = (0..plan.kept.min(n)).map(|neuron| samples[0].iter().skip(neuron).step_by(n).copied().collect());
    ContinuousTrace {
        autocorrelation: autocorrelation(&samples, n, plan.longest_lag),
        exponent: growth / (plan.watched as f64 * plan.interval),
        courses: courses.collect(),
    }
}

/// Means over times and trajectories of `x(t) . x(t + tau) / n`.
fn autocorrelation(samples: &[Vec<f64>], n: usize, longest: usize) -> Vec<f64> {
    let times = samples[0].len() / n;
    let mut sums = vec![0.0; longest + 1];
    let mut overlaps = vec![0.0; times * times];
    for values in samples {
        let states = Vectors { values, stride: n, count: times, length: n };
        products(states, states, &mut overlaps);
        for (lag, sum) in sums.iter_mut().enumerate() {
            let pairs = times - lag;
            *sum += (0..pairs).map(|t| overlaps[t * times + t + lag]).sum::<f64>() / pairs as f64;
        }
    }
    sums.iter().map(|sum| sum / (samples.len() * n) as f64).collect()
}

/// Points, then a tangent at each.
struct Continuous<'a> {
    activation: Activation,
    weights: &'a mut dyn RecurrentWeights,
    rule: ChainRule,
    columns: usize,
    state: Vec<f64>,
    /// The state within a step, activated, and three more of its size.
    rates: Columns,
    stage: Vec<f64>,
    slope: Vec<f64>,
    total: Vec<f64>,
}

impl<'a> Continuous<'a> {
    /// Points `i` and tangents `count + i` with independent standard normal components from stream `(0, i)` and `(0, count + i)`.
    fn new(activation: Activation, weights: &'a mut dyn RecurrentWeights, count: usize, address: &Address) -> Self {
        let n = weights.order();
        let start = Start::normal(2 * count, 1.0, n, address);
        let state: Vec<f64> = (0..2 * count).flat_map(|i| start.columns.column(i, n)).copied().collect();
        let points = (0..count).map(|_| Column::State);
        let kinds: Vec<Column> = points.chain((0..count).map(|of| Column::Tangent { of })).collect();
        let rule = ChainRule::new(&kinds);
        let other = vec![0.0; state.len()];
        let rates = Columns::new(2 * count, n);
        let mut network = Self {
            activation,
            weights,
            rule,
            columns: kinds.len(),
            state,
            rates,
            stage: other.clone(),
            slope: other.clone(),
            total: other,
        };
        network.renormalise();
        network
    }

    fn point(&self, i: usize) -> &[f64] {
        let n = self.weights.order();
        &self.state[i * n..(i + 1) * n]
    }

    /// Some steps; returns the mean logarithm of the growth of the tangents, which have the length `sqrt(n)` afterwards.
    fn interval(&mut self, step: f64, steps: usize) -> f64 {
        (0..steps).for_each(|_| self.step(step));
        self.renormalise()
    }

    /// Gives the tangents the length `sqrt(n)` and returns the mean logarithm of what it was over that.
    fn renormalise(&mut self) -> f64 {
        let (n, count) = (self.weights.order(), self.columns / 2);
        let mut total = 0.0;
        for tangent in self.state[count * n..].chunks_mut(n) {
            let length = super::overlap_of(tangent, tangent).sqrt();
            total += ln(length);
            tangent.iter_mut().for_each(|value| *value /= length);
        }
        total / count as f64
    }

    fn step(&mut self, step: f64) {
        self.stage.copy_from_slice(&self.state);
        self.total.copy_from_slice(&self.state);
        for (next, share) in [(0.5, 1.0 / 6.0), (0.5, 1.0 / 3.0), (1.0, 1.0 / 3.0), (0.0, 1.0 / 6.0)] {
            self.slope_of_the_stage();
            let parts = self.stage.iter_mut().zip(&mut self.total).zip(&self.slope).zip(&self.state);
            for (((stage, total), slope), state) in parts {
                *total += step * share * slope;
                *stage = state + step * next * slope;
            }
        }
        self.state.copy_from_slice(&self.total);
    }

    /// `-x + J phi(x)` and `-p + J phi'(x) p`.
    fn slope_of_the_stage(&mut self) {
        let n = self.weights.order();
        let mut tile = Columns::new(self.columns, TILE);
        for first in (0..n).step_by(TILE) {
            let count = TILE.min(n - first);
            for c in 0..self.columns {
                tile.column_mut(c, count).copy_from_slice(&self.stage[c * n + first..c * n + first + count]);
            }
            self.rule.apply::<TILE>(self.activation.operation(), &mut tile);
            for c in 0..self.columns {
                self.rates.column_mut(c, n)[first..first + count].copy_from_slice(tile.column(c, count));
            }
        }
        self.weights.multiply(self.rates.vectors(n), &mut self.slope);
        self.slope.iter_mut().zip(&self.stage).for_each(|(slope, stage)| *slope -= stage);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WeightMatrix;
    use neurodyn_model::Ensemble;
    use neurodyn_numerics::elementary::exp;
    use neurodyn_random::Role;

    const PLAN: ContinuousPlan =
        ContinuousPlan { trajectories: 2, interval: 1.0, steps: 4, transient: 0, watched: 12, longest_lag: 8, kept: 3 };

    fn network(activation: Activation, gain: f64, n: usize, plan: &ContinuousPlan) -> ContinuousTrace {
        replica(activation, gain, n, plan, 0)
    }

    fn replica(activation: Activation, gain: f64, n: usize, plan: &ContinuousPlan, replica: u64) -> ContinuousTrace {
        let ensemble = Ensemble::new(activation, gain, 0.0).expect("valid");
        let address = Address { seed: 5, role: Role::NETWORK, point: 0, replica };
        follow(activation, WeightMatrix::new(&ensemble, n, &address).expect("narrow"), plan, &address)
    }

    #[test]
    fn a_finer_plan_covers_the_same_time() {
        let plan = ContinuousPlan {
            trajectories: 3,
            interval: 0.5,
            steps: 4,
            transient: 10,
            watched: 20,
            longest_lag: 5,
            kept: 0,
        };
        let fine = plan.of_neurons(2, 4);
        assert_eq!((fine.trajectories, fine.kept, fine.longest_lag, fine.steps), (1, 2, 0, 4));
        assert_eq!(fine.interval * fine.watched as f64, plan.interval * plan.watched as f64);
        // three trajectories at a quarter of the samples
        assert_eq!(4.0 * plan.work(50).seconds, 3.0 * fine.work(50).seconds);
    }

    #[test]
    fn without_weights_all_decays_exponentially() {
        let plan = ContinuousPlan { steps: 40, ..PLAN };
        let trace = network(Activation::Tanh, 1e-12, 30, &plan);
        assert!((trace.exponent + 1.0).abs() < 1e-7, "{}", trace.exponent);
        for course in &trace.courses {
            let shrunk = course.iter().enumerate().map(|(t, x)| x / (course[0] * exp(-(t as f64))));
            assert!(shrunk.map(|ratio| ratio - 1.0).all(|error| error.abs() < 1e-5), "{course:?}");
        }
    }

    #[test]
    fn halving_the_step_divides_the_error_of_a_course_by_sixteen() {
        let course = |steps| network(Activation::Tanh, 2.0, 50, &ContinuousPlan { steps, watched: 8, ..PLAN }).courses;
        let (exact, coarse, fine) = (course(128), course(8), course(16));
        let error = |found: &[Vec<f64>]| {
            found.iter().flatten().zip(exact.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        let ratio = error(&coarse) / error(&fine);
        assert!((10.0..25.0).contains(&ratio) && error(&fine) < 1e-4, "{ratio} {}", error(&fine));
    }

    #[test]
    fn the_step_of_the_shipped_experiment_moves_means_by_less_than_their_standard_errors() {
        // the same networks and starts, as long as their trajectories stay together: standard errors there are 0.5 % and more
        let mean = |steps| {
            let plan = ContinuousPlan { steps, transient: 2, watched: 4, longest_lag: 0, ..PLAN };
            let squares = (0..10).map(|index| replica(Activation::Tanh, 4.0, 120, &plan, index).autocorrelation[0]);
            squares.sum::<f64>()
        };
        let (exact, shipped, halved) = (mean(32), mean(4), mean(8));
        let (error, rest) = ((shipped / exact - 1.0).abs(), (halved / exact - 1.0).abs());
        assert!(error < 1.5e-3 && rest < 2e-4, "{error} {rest}");
    }

    /// The matrix `e e^T - 1/2`, `e` of unit length: its eigenvalues are 1/2 for `e` and -1/2 across it.
    #[derive(Clone)]
    struct Mirror;

    impl RecurrentWeights for Mirror {
        fn order(&self) -> usize {
            4
        }

        fn multiply(&mut self, vectors: Vectors, images: &mut [f64]) {
            for (i, image) in images.chunks_mut(4).take(vectors.count).enumerate() {
                let x = &vectors.values[i * vectors.stride..i * vectors.stride + 4];
                let mean = x.iter().sum::<f64>() / 4.0;
                image.iter_mut().zip(x).for_each(|(image, x)| *image = mean - 0.5 * x);
            }
        }

        fn bias(&self) -> &[f64] {
            &[0.0; 4]
        }
    }

    #[test]
    fn linear_networks_decay_at_the_edge_of_their_spectrum() {
        // x' = -x + J x is -x/2 along e and -3x/2 across, of which exp(-30) = 1e-13 is left after the transient; a step of 1/16 takes what is along e
        // times the first five terms of exp(-1/32)
        let plan = ContinuousPlan { steps: 16, transient: 30, watched: 30, ..PLAN };
        let address = Address { seed: 5, role: Role::NETWORK, point: 0, replica: 0 };
        let trace = follow(Activation::Linear, Mirror, &plan, &address);
        let z = -1.0 / 32.0;
        let exact = 16.0 * ln(1.0 + z * (1.0 + z / 2.0 * (1.0 + z / 3.0 * (1.0 + z / 4.0))));
        assert!((trace.exponent - exact).abs() < 1e-12, "{} {exact}", trace.exponent);
        // states of a linear network are their own tangents
        for course in &trace.courses {
            let rate = ln(course[30] / course[0]) / 30.0;
            assert!((rate - exact).abs() < 1e-12, "{rate} {exact}");
        }
    }
}
