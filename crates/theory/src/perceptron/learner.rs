//! Two units of one input that learn a teacher near its best single unit: where the singular region attracts, and paths near it.

use super::{Flow, FlowError, Learning, OneUnitFit, Population, adiabatic_law};
use neurodyn_model::{ParameterError, SingularCoordinates};
use neurodyn_numerics::ode::Integrator;
use neurodyn_numerics::spacing::geometric;

/// A loss below it is 0 but for rounding.
pub const PERFECT: f64 = 1e-14;

/// A teacher of one input with its best single unit, near which two units learn it.
pub struct Learner {
    /// The teacher.
    pub population: Population,
    /// Its best single unit.
    pub fit: OneUnitFit,
    /// `H`.
    pub stability: f64,
}

/// A point of a trajectory in coordinates of the singular region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PathPoint {
    /// Time of the averaged flow.
    pub time: f64,
    /// `z = (w_2 - w_1) / (w_1 + w_2)`.
    pub z: f64,
    /// `u = J_2 - J_1`.
    pub u: f64,
    /// `w = w_1 + w_2`.
    pub w: f64,
    /// The loss.
    pub loss: f64,
}

impl Learner {
    /// This teacher with its best single unit.
    pub fn new(population: Population, fit: OneUnitFit) -> Result<Self, ParameterError> {
        let stability = population.stability(&fit)?[0][0];
        Ok(Self { population, fit, stability })
    }

    /// Two units at these `z` and `u`, with `w` and `v` of the best single unit.
    pub fn at(&self, z: f64, u: f64) -> SingularCoordinates {
        SingularCoordinates { v: self.fit.v.clone(), w: self.fit.w, u: vec![u], z }
    }

    /// `(1 - z^2) w* H`: the separation of the units grows where it is positive.
    pub fn growth(&self, z: f64) -> f64 {
        (1.0 - z * z) * self.fit.w * self.stability
    }

    /// Whether `u = 0` attracts at this `z`: everywhere where the best unit is perfect.
    pub fn attracts(&self, z: f64) -> bool {
        self.fit.loss < PERFECT || self.growth(z) < 0.0
    }

    /// Loss along a flow.
    pub fn loss(&self, flow: &mut Flow, time: f64) -> Result<f64, FlowError> {
        let student = flow.at(time)?;
        Ok(self.population.loss(&student)?)
    }

    /// When the loss along a flow falls through `level` between two times, after so many halvings of the interval; its later end.
    pub fn crossing(
        &self,
        flow: &mut Flow,
        level: f64,
        (mut low, mut high): (f64, f64),
        halvings: usize,
    ) -> Result<f64, FlowError> {
        for _ in 0..halvings {
            let middle = 0.5 * (low + high);
            if self.loss(flow, middle)? > level { low = middle } else { high = middle }
        }
        Ok(high)
    }

    /// When gradient flow from here, `(v, w)` at their fast equilibrium, has brought the loss below `level`, by 1 at the earliest; none where the units
    /// come closer than `caught` where they attract each other further, or where it has not by `last`.
    pub fn leaves(&self, z: f64, u: f64, level: f64, caught: f64, last: f64) -> Result<Option<f64>, FlowError> {
        let start = self.population.fast_equilibrium(&self.at(z, u))?;
        if self.population.loss(&start)? < level {
            return Ok(Some(1.0));
        }
        let integrator = Integrator { relative: 1e-9, absolute: 1e-10, most_steps: 100_000 };
        let mut flow = Flow::with_integrator(&self.population, &start, Learning::Gradient, integrator);
        let mut before = 1.0;
        for time in geometric(1.0, last, 81).skip(1) {
            let student = flow.at(time)?;
            if self.population.loss(&student)? < level {
                return Ok(Some(self.crossing(&mut flow, level, (before, time), 12)?));
            }
            let here = SingularCoordinates::of(&student)?;
            if here.separation() < caught && self.growth(here.z) < 0.0 {
                return Ok(None);
            }
            before = time;
        }
        Ok(None)
    }

    /// `(z', u')` on the slow manifold, if it reaches there.
    pub fn slow_rates(&self, z: f64, u: f64) -> Result<Option<(f64, f64)>, FlowError> {
        let Some(student) = self.population.slow_manifold(&self.at(z, u))? else { return Ok(None) };
        let rates = self.population.rates(&SingularCoordinates::of(&student)?)?;
        Ok(Some((rates.z, rates.u[0])))
    }

    /// Gradient flow at these times from the slow manifold here, or, where that does not reach, from the fast equilibrium.
    pub fn path(&self, z: f64, u: f64, times: impl Iterator<Item = f64>) -> Result<Vec<PathPoint>, FlowError> {
        let start = match self.population.slow_manifold(&self.at(z, u))? {
            Some(student) => student,
            None => self.population.fast_equilibrium(&self.at(z, u))?,
        };
        let mut flow = Flow::new(&self.population, &start, Learning::Gradient);
        let point = |time: f64| {
            let student = flow.at(time)?;
            let here = SingularCoordinates::of(&student)?;
            Ok(PathPoint { time, z: here.z, u: here.u[0], w: here.w, loss: self.population.loss(&student)? })
        };
        times.map(point).collect()
    }

    /// `|u|^2` at `z` by the adiabatic law through a point.
    pub fn adiabatic_square(&self, from: &PathPoint, z: f64) -> f64 {
        let w = self.fit.w;
        adiabatic_law(w, (from.z * from.w / w, from.u * from.u), z)
    }

    /// `(z, u)` on the adiabatic law through a point, on the branch that the point lies on: at so many steps from `low` to `high`, as far as it
    /// reaches.
    pub fn adiabatic_branch(&self, from: &PathPoint, (low, high): (f64, f64), steps: usize) -> Vec<(f64, f64)> {
        let point = |i: usize| low + (high - low) * i as f64 / steps as f64;
        let square = |i: usize| if point(i) * from.z > 0.0 { self.adiabatic_square(from, point(i)) } else { -1.0 };
        let own = (0..=steps).rfind(|&i| point(i) <= from.z).unwrap_or(0);
        let left = (0..=own).rev().take_while(|&i| square(i) >= 0.0).count();
        let right = (own + 1..=steps).take_while(|&i| square(i) >= 0.0).count();
        (own + 1 - left..=own + right).map(|i| (point(i), square(i).sqrt())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::{Perceptron, Sigmoid};

    fn learner() -> Learner {
        let teacher = Perceptron::new(vec![vec![0.5], vec![1.5]], vec![1.0, 1.0]).expect("a network");
        let population = Population::new(Sigmoid::ErfSqrt2, teacher);
        let fit = population.best_one_unit().expect("found");
        Learner::new(population, fit).expect("one input")
    }

    #[test]
    fn the_part_that_attracts_keeps_what_starts_near_it_and_the_other_does_not() {
        let learner = learner();
        assert_ne!(learner.attracts(0.5), learner.attracts(2.0));
        let (caught, free) = if learner.attracts(2.0) { (2.0, 0.5) } else { (0.5, 2.0) };
        let level = 0.5 * learner.fit.loss;
        let leaves = |z| learner.leaves(z, 0.05, level, 0.04, 1e6).expect("integrated");
        assert_eq!(leaves(caught), None);
        let time = leaves(free).expect("left");
        // the same flow, followed by hand
        let start = learner.population.fast_equilibrium(&learner.at(free, 0.05)).expect("found");
        let mut flow = Flow::new(&learner.population, &start, Learning::Gradient);
        let loss = learner.loss(&mut flow, time).expect("integrated");
        assert!(loss <= level && loss > 0.98 * level, "{loss} {level}");
    }

    #[test]
    fn paths_near_the_singular_region_keep_to_the_adiabatic_law() {
        let learner = learner();
        let path = learner.path(0.5, 0.02, geometric(1.0, 40.0, 5)).expect("integrated");
        let (first, last) = (path[0], path[4]);
        assert!(last.loss <= first.loss && last.u != first.u);
        let square = learner.adiabatic_square(&first, last.z * last.w / learner.fit.w);
        assert!(
            (square - last.u * last.u).abs() < 0.1 * (last.u * last.u - first.u * first.u).abs(),
            "{first:?} {last:?}"
        );
        // the branch passes the point, and ends where the law has no square or z changes its sign
        let branch = learner.adiabatic_branch(&first, (-2.0, 3.0), 500);
        assert!(branch.iter().any(|(z, u)| (z - first.z).abs() < 0.01 && (u - first.u).abs() < 0.01), "{branch:?}");
        assert!(
            branch.iter().all(|(z, u)| *z > 0.0 && u.is_finite()) && branch.windows(2).all(|two| two[0].0 < two[1].0)
        );
    }
}
