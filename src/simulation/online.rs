//! Online learning of a perceptron, one fresh example a step: `theta <- theta - eta (f(x) - y) grad f(x)`, `y = T(x) + sigma xi`, `x ~ N(0, I_N)`.
//!
//! Explicit inputs cost `N` a step. The *exact law* of the same process needs only how the vectors `J_i` lie to each other and to the
//! teacher's `B_k`: they are kept as coordinates in an orthonormal basis, the first of which span the `B_k`, then one more for each `J_i` in
//! turn. The coordinates of an example there are independent standard normals, and what is left of it is a vector
//! orthogonal to all of them whose squared length is `chi^2` with the remaining degrees of freedom. A step leaves the basis along that vector;
//! rotations bring it back, which keeps all inner products, small differences `J_2 - J_1` included. The law of all order parameters at
//! all steps is that of explicit inputs, at a cost that does not depend on `N`.

use crate::model::{ParameterError, Perceptron, Sigmoid, SymmetricMatrix};
use crate::numerics::elementary::ln;
use crate::numerics::linalg::Factor;
use crate::random::{Address, Normals, Role, Stream, uniform};

/// What is learned, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct OnlineTask {
    phi: Sigmoid,
    teacher: Perceptron,
    start: Perceptron,
    inputs: u64,
    step: f64,
    noise: f64,
}

/// Student and teacher up to a rotation of the inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderParameters {
    /// `w_i`.
    pub output_weights: Vec<f64>,
    /// Inner products of `(J_1, ..., J_K, B_1, ..., B_M)`.
    pub products: SymmetricMatrix,
}

impl OnlineTask {
    /// Learning with step size `eta` and label noise `sigma` in `N` dimensions. Student and teacher are given in as many coordinates as
    /// they like; there must be one dimension for each of their units at least.
    pub fn new(
        phi: Sigmoid,
        teacher: Perceptron,
        start: Perceptron,
        inputs: u64,
        step: f64,
        noise: f64,
    ) -> Result<Self, ParameterError> {
        let bad = |name, found: String, allowed| Err(ParameterError { name, found, allowed });
        if start.inputs() != teacher.inputs() {
            let found = format!("{} coordinates for {} of the teacher", start.inputs(), teacher.inputs());
            return bad("the student", found, "given in as many coordinates as the teacher");
        }
        let needed = (start.units() + teacher.units()) as u64;
        if inputs < needed {
            return bad("inputs", inputs.to_string(), "at least the number of units of student and teacher together");
        }
        if !(step.is_finite() && step > 0.0) {
            return bad("step", step.to_string(), "a finite number above 0");
        }
        if !(noise.is_finite() && noise >= 0.0) {
            return bad("noise", noise.to_string(), "a finite number, 0 or more");
        }
        Ok(Self { phi, teacher, start, inputs, step, noise })
    }

    /// Inner products of the vectors of student and teacher at the start.
    fn products(&self) -> SymmetricMatrix {
        let k = self.start.units();
        let vector = |i: usize| if i < k { self.start.input_weights(i) } else { self.teacher.input_weights(i - k) };
        let dot = |i: usize, j: usize| vector(i).iter().zip(vector(j)).map(|(a, b)| a * b).sum();
        SymmetricMatrix::from_fn(k + self.teacher.units(), dot)
    }

    /// `(f - y) w_i phi'(h_i)` of each unit and the step of the output weights, given the fields.
    fn learn(&self, weights: &mut [f64], student: &[f64], teacher: &[f64], noise: f64) -> Vec<f64> {
        let values: Vec<f64> = student.iter().map(|h| self.phi.value(*h)).collect();
        let output: f64 = weights.iter().zip(&values).map(|(w, value)| w * value).sum();
        let target: f64 =
            teacher.iter().enumerate().map(|(k, h)| self.teacher.output_weight(k) * self.phi.value(*h)).sum();
        let error = output - target - self.noise * noise;
        let slopes = weights.iter().zip(student).map(|(w, h)| error * w * self.phi.slope(*h)).collect();
        weights.iter_mut().zip(&values).for_each(|(w, value)| *w -= self.step * error * value);
        slopes
    }

    /// Order parameters after these numbers of steps (in increasing order), in law, at a cost independent of `N`.
    pub fn sample(&self, steps: &[u64], address: &Address) -> Vec<OrderParameters> {
        let address = address.with_role(Role::EXAMPLES);
        let mut normals = Normals::new(address.stream(0, 0));
        let mut chi = ChiSquare { normals: Normals::new(address.stream(1, 0)), uniforms: address.stream(2, 0) };
        let (k, m) = (self.start.units(), self.teacher.units());
        let (mut student, teacher, span) = self.basis();
        let mut weights: Vec<f64> = (0..k).map(|i| self.start.output_weight(i)).collect();
        let rest = self.inputs - (span + k) as u64;
        let (mut done, mut found) = (0, Vec::with_capacity(steps.len()));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        for &steps in steps {
            while done < steps {
                let example: Vec<f64> = normals.by_ref().take(span + k).collect();
                let beyond = chi.draw(rest).sqrt();
                let noise = normals.next().unwrap_or(0.0);
                let fields: Vec<f64> = student.iter().map(|j| dot(j, &example)).collect();
                let targets: Vec<f64> = teacher.iter().map(|b| dot(b, &example)).collect();
                let slopes = self.learn(&mut weights, &fields, &targets, noise);
                for (j, slope) in student.iter_mut().zip(slopes) {
                    j.iter_mut().zip(&example).for_each(|(j, x)| *j -= self.step * slope * x);
                    j.push(-self.step * slope * beyond);
                }
                rotate_back(&mut student, span);
                done += 1;
            }
            let vector = |i: usize| if i < k { &student[i] } else { &teacher[i - k] };
            let products = SymmetricMatrix::from_fn(k + m, |i, j| dot(vector(i), vector(j)));
            found.push(OrderParameters { output_weights: weights.clone(), products });
        }
        found
    }

    /// Coordinates of student and teacher, and the dimension of the teacher's span. Student `i` has the teacher's coordinates and
    /// those of `i + 1` more dimensions.
    fn basis(&self) -> (Vec<Vec<f64>>, Vec<Vec<f64>>, usize) {
        let (k, m) = (self.start.units(), self.teacher.units());
        let products = self.products();
        // Gram-Schmidt, the teacher first
        let order: Vec<usize> = (k..k + m).chain(0..k).collect();
        let factor = Factor::new(k + m, |i, j| products.get(order[i], order[j]));
        let teacher_factor = Factor::new(m, |i, j| products.get(k + i, k + j));
        let span = teacher_factor.rank();
        let mut rows: Vec<Vec<f64>> = (0..k + m).map(|i| factor.row(i).to_vec()).collect();
        rows.iter_mut().for_each(|row| row.resize(span.max(factor.rank()) + k, 0.0));
        triangular(&mut rows, span, m);
        let width = span + k;
        rows.iter_mut().for_each(|row| row.truncate(width));
        let student = rows.split_off(m);
        rows.iter_mut().for_each(|row| row.truncate(span));
        (student, rows, span)
    }

    /// The same with inputs of `N` components.
    pub fn sample_explicit(&self, steps: &[u64], address: &Address) -> Vec<OrderParameters> {
        let address = address.with_role(Role::EXPLICIT_EXAMPLES);
        let mut normals = Normals::new(address.stream(0, 0));
        let (k, m, n) = (self.start.units(), self.teacher.units(), self.inputs as usize);
        let products = self.products();
        let factor = Factor::new(k + m, |i, j| products.get(i, j));
        let mut vectors: Vec<Vec<f64>> = (0..k + m).map(|i| factor.row(i).to_vec()).collect();
        vectors.iter_mut().for_each(|vector| vector.resize(n, 0.0));
        let mut weights: Vec<f64> = (0..k).map(|i| self.start.output_weight(i)).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (mut done, mut found) = (0, Vec::with_capacity(steps.len()));
        for &steps in steps {
            while done < steps {
                let example: Vec<f64> = normals.by_ref().take(n).collect();
                let noise = normals.next().unwrap_or(0.0);
                let fields: Vec<f64> = vectors.iter().map(|vector| dot(vector, &example)).collect();
                let slopes = self.learn(&mut weights, &fields[..k], &fields[k..], noise);
                for (vector, slope) in vectors.iter_mut().zip(slopes) {
                    vector.iter_mut().zip(&example).for_each(|(j, x)| *j -= self.step * slope * x);
                }
                done += 1;
            }
            let products = SymmetricMatrix::from_fn(k + m, |i, j| dot(&vectors[i], &vectors[j]));
            found.push(OrderParameters { output_weights: weights.clone(), products });
        }
        found
    }
}

/// Rotates coordinates `a` and `b` of all rows so that row `i` has none along `b`.
fn rotate(rows: &mut [Vec<f64>], i: usize, a: usize, b: usize) {
    let (x, y) = (rows[i][a], rows[i][b]);
    let length = (x * x + y * y).sqrt();
    if length > 0.0 && y != 0.0 {
        let (c, s) = (x / length, y / length);
        for row in rows.iter_mut() {
            let (x, y) = (row[a], row[b]);
            row[a] = c * x + s * y;
            row[b] = c * y - s * x;
        }
        rows[i][b] = 0.0;
    }
}

/// Brings rows to where the first `first` of them lie in the first `span` coordinates and each later one needs one more.
fn triangular(rows: &mut [Vec<f64>], span: usize, first: usize) {
    let width = rows[0].len();
    let mut pivot = 0;
    for i in 0..rows.len() {
        let target = if i < first { pivot } else { span + i - first };
        if target >= width {
            break;
        }
        for b in (target + 1..width).rev() {
            rotate(rows, i, target, b);
        }
        // a dependent row of the teacher takes no coordinate of its own
        let size: f64 = rows[i].iter().map(|x| x * x).sum();
        if i < first && pivot < span && rows[i][target] * rows[i][target] > 1e-28 * size {
            pivot += 1;
        }
    }
}

/// After a step along one new direction: student `i` again within the teacher's span and `i + 1` more coordinates.
fn rotate_back(student: &mut [Vec<f64>], span: usize) {
    let width = student[0].len();
    for i in 0..student.len() {
        for b in (span + i + 1..width).rev() {
            rotate(student, i, span + i, b);
        }
    }
    student.iter_mut().for_each(|j| j.truncate(width - 1));
}

/// Draws of `chi^2`, by Marsaglia and Tsang (2000) for two and more degrees of freedom.
struct ChiSquare {
    normals: Normals,
    uniforms: Stream,
}

impl ChiSquare {
    fn draw(&mut self, freedom: u64) -> f64 {
        let mut normal = || self.normals.next().unwrap_or(0.0);
        match freedom {
            0 => 0.0,
            1 => {
                let z = normal();
                z * z
            }
            _ => {
                let d = 0.5 * freedom as f64 - 1.0 / 3.0;
                let c = 1.0 / (9.0 * d).sqrt();
                loop {
                    let x = normal();
                    let u = uniform(self.uniforms.word());
                    let root = 1.0 + c * x;
                    let v = root * root * root;
                    if v > 0.0 && ln(u) < 0.5 * x * x + d - d * v + d * ln(v) {
                        return 2.0 * d * v;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::statistics::{kolmogorov_smirnov_two_sample, mean_and_stderr, variance_and_stderr};

    fn address(replica: u64) -> Address {
        Address { seed: 6, role: Role::NETWORK, point: 0, replica }
    }

    fn task(inputs: u64, step: f64, noise: f64) -> OnlineTask {
        let teacher = Perceptron::new(vec![vec![1.0, 0.0, 0.0], vec![-0.3, 0.8, 0.0]], vec![1.0, 0.5]);
        let start = Perceptron::new(vec![vec![0.9, -0.2, 0.1], vec![0.3, 0.6, -0.4]], vec![0.7, -0.4]);
        OnlineTask::new(Sigmoid::ErfSqrt2, teacher.expect("valid"), start.expect("valid"), inputs, step, noise)
            .expect("a task")
    }

    #[test]
    fn chi_squares_have_their_moments() {
        for freedom in [1u64, 2, 3, 7, 50, 1000] {
            let at = address(freedom);
            let mut chi = ChiSquare { normals: Normals::new(at.stream(1, 0)), uniforms: at.stream(2, 0) };
            let values: Vec<f64> = (0..40_000).map(|_| chi.draw(freedom)).collect();
            let n = freedom as f64;
            for ((found, stderr), exact) in [(mean_and_stderr(&values), n), (variance_and_stderr(&values), 2.0 * n)] {
                let z = (found - exact) / stderr.expect("many");
                assert!(z.abs() < 4.5, "{freedom}: {found} against {exact}, {z}");
            }
        }
    }

    #[test]
    fn the_start_is_the_start() {
        let task = task(20, 0.1, 0.0);
        let exact = task.products();
        for found in [task.sample(&[0], &address(0)), task.sample_explicit(&[0], &address(0))] {
            for (a, b) in found[0].products.entries().iter().zip(exact.entries()) {
                assert!((a - b).abs() < 1e-15, "{found:?}");
            }
        }
    }

    /// Dependent teachers and students of one vector take fewer dimensions.
    #[test]
    fn degenerate_vectors_keep_their_products() {
        let teacher = Perceptron::new(vec![vec![1.0, 0.0], vec![2.0, 0.0]], vec![1.0, 0.5]).expect("valid");
        let start = Perceptron::new(vec![vec![0.5, 0.5], vec![0.5, 0.5]], vec![0.7, 0.4]).expect("valid");
        let task = OnlineTask::new(Sigmoid::GaussCdf, teacher, start, 10, 0.3, 0.1).expect("a task");
        let found = task.sample(&[0, 50], &address(1));
        for (a, b) in found[0].products.entries().iter().zip(task.products().entries()) {
            assert!((a - b).abs() < 1e-14, "{found:?}");
        }
        // units that start as one and differ in output weights part
        assert!(found[1].products.get(0, 0) != found[1].products.get(1, 1));
    }

    /// 90 two-sample tests at a familywise false-alarm rate of 1e-3.
    #[test]
    fn both_samplers_have_one_law() {
        let mut smallest = 1.0f64;
        let mut count = 0;
        for (case, (inputs, step, noise)) in [(4, 0.5, 0.0), (10, 0.3, 0.2), (60, 0.05, 0.0)].into_iter().enumerate() {
            let task = task(inputs, step, noise);
            let steps = [1, 10, 100];
            let draw = |explicit: bool| -> Vec<Vec<OrderParameters>> {
                let at = |replica| Address { point: case as u64, ..address(replica) };
                (0..1500)
                    .map(|r| if explicit { task.sample_explicit(&steps, &at(r)) } else { task.sample(&steps, &at(r)) })
                    .collect()
            };
            let samples = [draw(false), draw(true)];
            for moment in 0..3 {
                let observables: [fn(&OrderParameters) -> f64; 10] = [
                    |o| o.output_weights[0],
                    |o| o.output_weights[1],
                    |o| o.products.get(0, 0),
                    |o| o.products.get(0, 1),
                    |o| o.products.get(1, 1),
                    |o| o.products.get(0, 2),
                    |o| o.products.get(0, 3),
                    |o| o.products.get(1, 2),
                    |o| o.products.get(1, 3),
                    |o| o.products.get(0, 0) + o.products.get(1, 1) - 2.0 * o.products.get(0, 1),
                ];
                for observable in observables {
                    let [a, b] = [0, 1].map(|s: usize| {
                        let mut values: Vec<f64> = samples[s].iter().map(|t| observable(&t[moment])).collect();
                        values.sort_by(f64::total_cmp);
                        values
                    });
                    smallest = smallest.min(kolmogorov_smirnov_two_sample(&a, &b).p_value);
                    count += 1;
                }
            }
        }
        assert!(count == 90 && smallest > 1e-3 / 90.0, "{smallest:e}");
    }

    /// The teacher does not move, and a student that is the teacher stays without noise (at step sizes that do not blow up rounding).
    #[test]
    fn a_student_that_knows_stays() {
        let teacher = Perceptron::new(vec![vec![1.0, 0.0], vec![-0.3, 0.8]], vec![1.0, 0.5]).expect("valid");
        let task = OnlineTask::new(Sigmoid::ErfSqrt2, teacher.clone(), teacher, 30, 0.02, 0.0).expect("a task");
        let found = task.sample(&[1000], &address(2)).swap_remove(0);
        for (a, b) in found.products.entries().iter().zip(task.products().entries()) {
            assert!((a - b).abs() < 1e-12, "{found:?}");
        }
    }
}
