//! The slow manifold near the singular region of two units, with `(v, w)` at their fast equilibrium.

use super::{FitError, Flow, FlowError, Learner, Learning, flow};
use neurodyn_model::{ParameterError, Perceptron, SingularCoordinates};
use neurodyn_numerics::elementary::ln;
use neurodyn_numerics::linalg::symmetric_eigen;

/// Adiabatic law of the slow trajectories, `|u|^2 - y^2 / 2 + w*^2 ln |y| = const` with `y = w_2 - w_1 = z w`: `|u|^2` at `z`, given a point
/// `(z_0, |u_0|^2)` of the trajectory and `w = w*`. `(v, w)` follow `(u, z)` at every moment; true to leading order in `|u|`.
pub fn adiabatic_law(w: f64, (z_0, square_0): (f64, f64), z: f64) -> f64 {
    let potential = |z: f64| 0.5 * z * z * w * w - w * w * ln((z * w).abs());
    square_0 + potential(z) - potential(z_0)
}

/// The frozen-coordinate law, `|u|^2 = (4 w*^2 / 3) ln((z^2 + 3)^2 / |z|) + const`, as we transcribe it from the literature (Wei et al. 2008;
/// Cousseau et al. 2008; Amari 2016, chapter 12): `(v, w)` are frozen at their values on the singular region, which misses shifts of
/// `v` of order `|u|` and of `w` of order `|u|^2` that move `z` as much.
pub fn frozen_law(w: f64, (z_0, square_0): (f64, f64), z: f64) -> f64 {
    let potential = |z: f64| {
        let sum = z * z + 3.0;
        4.0 / 3.0 * w * w * (2.0 * ln(sum) - ln(z.abs()))
    };
    square_0 + potential(z) - potential(z_0)
}

/// One teacher, and how fast `(v, w)` relax.
pub struct Slow {
    /// The teacher.
    pub learner: Learner,
    /// Slowest rate at which they do.
    pub fast: f64,
}

/// `|u|^2`, `y = w_2 - w_1` and `z` of a student.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlowPlace {
    /// `|u|^2`.
    pub square: f64,
    /// `y = w_2 - w_1`.
    pub y: f64,
    /// `z`.
    pub z: f64,
}

impl SlowPlace {
    /// Where this student of two units is.
    pub fn of(student: &Perceptron) -> Result<Self, ParameterError> {
        let here = SingularCoordinates::of(student)?;
        let separation = here.separation();
        Ok(Self { square: separation * separation, y: here.z * here.w, z: here.z })
    }
}

impl Slow {
    /// This teacher.
    pub fn new(learner: Learner) -> Result<Self, ParameterError> {
        let single = Perceptron::new(vec![learner.fit.v.clone()], vec![learner.fit.w])?;
        let hessian = learner.population.hessian(&single)?;
        let fast = symmetric_eigen(2, |i, j| hessian[i][j]).values[1];
        Ok(Self { learner, fast })
    }

    /// Two units at this separation and `z`, `(v, w)` at their fast equilibrium.
    pub fn start(&self, separation: f64, z: f64) -> Result<Perceptron, FitError> {
        self.learner.population.fast_equilibrium(&self.learner.at(z, separation))
    }

    /// The same, `(v, w)` relaxed along the flow by 5 of their own times.
    pub fn relaxed(&self, separation: f64, z: f64) -> Result<Perceptron, FlowError> {
        let start = self.start(separation, z)?;
        Flow::new(&self.learner.population, &start, Learning::Gradient).at(5.0 / self.fast)
    }

    /// Places of gradient flow from there at these times.
    pub fn path(&self, separation: f64, z: f64, times: &[f64]) -> Result<Vec<SlowPlace>, FlowError> {
        let students = flow(&self.learner.population, &self.relaxed(separation, z)?, Learning::Gradient, times)?;
        Ok(students.iter().map(SlowPlace::of).collect::<Result<_, ParameterError>>()?)
    }

    /// `|u|^2` by the adiabatic and by the frozen-coordinate law from one place to another. The adiabatic law is one of
    /// `y = w_2 - w_1`.
    pub fn laws(&self, from: &SlowPlace, to: &SlowPlace) -> [f64; 2] {
        let w = self.learner.fit.w;
        [adiabatic_law(w, (from.y / w, from.square), to.y / w), frozen_law(w, (from.z, from.square), to.z)]
    }

    /// `|change of the invariant| / |change of |u|^2|` of both laws, once `|u|^2` has changed by this share; none where it does not.
    pub fn drift(&self, separation: f64, z: f64, share: f64) -> Result<Option<[f64; 2]>, FlowError> {
        let start = self.relaxed(separation, z)?;
        let first = SlowPlace::of(&start)?;
        let slow = 1.0 / self.learner.stability.abs();
        let mut flow = Flow::new(&self.learner.population, &start, Learning::Gradient);
        for i in 1..=200 {
            let here = SlowPlace::of(&flow.at(0.02 * slow * f64::from(i))?)?;
            let change = here.square - first.square;
            if change != 0.0 && change.abs() >= share * first.square {
                return Ok(Some(self.laws(&first, &here).map(|law| ((here.square - law) / change).abs())));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::perceptron::Population;
    use neurodyn_model::Sigmoid;

    /// The invariant of the adiabatic law is kept ever better as the units come closer, that of the other is not.
    #[test]
    fn the_adiabatic_law_holds_near_the_singular_region() {
        let teacher = Perceptron::new(vec![vec![0.95], vec![1.05]], vec![1.0, 1.0]).expect("a network");
        let population = Population::new(Sigmoid::ErfSqrt2, teacher);
        let fit = population.best_one_unit().expect("found");
        let slow = Slow::new(Learner::new(population, fit).expect("one input")).expect("two parameters");
        let drift = |separation: f64| slow.drift(separation, 0.5, 0.02).expect("integrated").expect("moves");
        let [[near, frozen], [far, _]] = [drift(0.02), drift(0.08)];
        assert!(near < 0.5 * far && far < 0.3 && frozen > 0.3, "{near} {far} {frozen}");
    }
}
