//! Online learning of a perceptron, one fresh example a step: `theta <- theta - eta (f(x) - y) grad f(x)`, `y = T(x) + sigma xi`, `x ~ N(0, I_N)`.
//!
//! Explicit inputs cost `N` a step. The *exact law* of the same process needs only how the vectors `J_i` lie to each other and to the
//! teacher's `B_k`: they are kept as coordinates in an orthonormal basis, the first of which span the `B_k`, then one more for each `J_i` in
//! turn. The coordinates of an example there are independent standard normals, and what is left of it is a vector
//! orthogonal to all of them whose squared length is `chi^2` with the remaining degrees of freedom. A step leaves the basis along that vector;
//! rotations bring it back, which keeps all inner products, small differences `J_2 - J_1` included. The law of all order parameters at
//! all steps is that of explicit inputs, at a cost that does not depend on `N`.

mod basis;
mod chi_square;
mod course;
mod explicit;
mod lanes;
mod natural;

pub use course::Course;
pub use lanes::LANES;
pub use natural::{InverseFisher, Metric};

use neurodyn_model::{ParameterError, Perceptron, Sigmoid};
use neurodyn_random::Address;
use std::convert::Infallible;

/// What is learned, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct OnlineTask {
    phi: Sigmoid,
    teacher: Perceptron,
    start: Perceptron,
    /// Dimension of the span of the teacher's vectors.
    span: usize,
    inputs: u64,
    step: f64,
    noise: f64,
}

/// Students of one replica up to a common rotation of the inputs, which leaves the teacher where it is: see
/// [`OnlineTask::rotated_teacher`].
pub type Students = Vec<Perceptron>;

impl OnlineTask {
    /// Learning with step size `eta` and label noise `sigma` in `N` dimensions. Student and teacher are given in their first coordinates, at
    /// most `N`; the others are 0.
    pub fn new(
        phi: Sigmoid,
        teacher: Perceptron,
        start: Perceptron,
        inputs: u64,
        step: f64,
        noise: f64,
    ) -> Result<Self, ParameterError> {
        let bad =
            |name: &'static str, found: String, allowed| Err(ParameterError { name: name.into(), found, allowed });
        if start.inputs() != teacher.inputs() {
            let found = format!("{} coordinates for {} of the teacher", start.inputs(), teacher.inputs());
            return bad("the student", found, "given in as many coordinates as the teacher");
        }
        if inputs < start.inputs() as u64 {
            return bad("inputs", inputs.to_string(), "at least the number of coordinates of student and teacher");
        }
        if !(step.is_finite() && step > 0.0) {
            return bad("step", step.to_string(), "a finite number above 0");
        }
        if !(noise.is_finite() && noise >= 0.0) {
            return bad("noise", noise.to_string(), "a finite number, 0 or more");
        }
        let (span, teacher, start) = basis::in_common_basis(&teacher, &start, inputs);
        Ok(Self { phi, teacher, start, span, inputs, step, noise })
    }

    /// The teacher in the coordinates of the sampled students. Its vectors take the first coordinates, as many as they are independent;
    /// the student's take one more each, if there are so many inputs.
    pub fn rotated_teacher(&self) -> &Perceptron {
        &self.teacher
    }

    /// The student at the start in these coordinates.
    pub fn rotated_start(&self) -> &Perceptron {
        &self.start
    }

    /// A network in all `N` coordinates.
    fn explicit(&self, network: &Perceptron) -> Perceptron {
        network.padded(self.inputs as usize)
    }

    /// Students after these numbers of steps (in increasing order), in law, at a cost independent of `N`.
    pub fn sample(&self, steps: &[u64], address: &Address) -> Students {
        self.sample_replicas(steps, std::slice::from_ref(address)).swap_remove(0)
    }

    /// The same for several replicas, [`LANES`] at a time; each has the bits that [`OnlineTask::sample`] gives it alone.
    pub fn sample_replicas(&self, steps: &[u64], addresses: &[Address]) -> Vec<Students> {
        addresses.chunks(LANES).flat_map(|addresses| lanes::sample(self, steps, addresses)).collect()
    }

    /// The same with inputs of `N` components, one by one.
    pub fn sample_explicit(&self, steps: &[u64], address: &Address) -> Students {
        let Ok(students) = explicit::sample(self, steps, address, |_, gradient, _| Ok::<_, Infallible>(gradient));
        students
    }
}

#[cfg(test)]
mod tests;
