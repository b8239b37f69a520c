//! The exact law for several replicas at once, one a lane. Every lane does the same operations in the same order on numbers of its own
//! streams, so a replica has the same bits in any company.

use super::chi_square::ChiSquare;
use super::{OnlineTask, Students};
use neurodyn_model::Sigmoid;
use neurodyn_numerics::elementary::within::normal_pdf;
use neurodyn_numerics::simd::{Kernel, dispatch};
use neurodyn_random::{Address, CHUNK, Role, Stream, fill_normals};

/// Replicas at once.
pub const LANES: usize = 16;

/// One number of each replica.
type Lane = [f64; LANES];

/// Steps whose random numbers are drawn at once; a multiple of [`CHUNK`], so that no draw is lost.
const BLOCK: usize = CHUNK;

/// Students of up to [`LANES`] replicas after these numbers of steps.
pub fn sample(task: &OnlineTask, steps: &[u64], addresses: &[Address]) -> Vec<Students> {
    let mut group = Group::new(task, addresses);
    let mut found: Vec<Students> = vec![Vec::with_capacity(steps.len()); addresses.len()];
    let mut done = 0;
    for &steps in steps {
        while done < steps {
            if group.used == BLOCK {
                group.draw();
            }
            let count = (steps - done).min((BLOCK - group.used) as u64) as usize;
            dispatch(Steps { group: &mut group, count });
            done += count as u64;
        }
        for (lane, found) in found.iter_mut().enumerate() {
            let rows = group.student.iter().map(|row| row[..group.width].iter().map(|x| x[lane]).collect()).collect();
            let weights: Vec<f64> = group.weights.iter().map(|w| w[lane]).collect();
            found.push(task.rotated_start().with_rows(rows).with_output_weights(&weights));
        }
    }
    found
}

/// State of a group of replicas.
struct Group<'a> {
    task: &'a OnlineTask,
    /// Coordinates of the teacher, and of teacher and student together.
    span: usize,
    width: usize,
    /// Dimensions beyond these.
    rest: u64,
    /// `w_i`.
    weights: Vec<Lane>,
    /// Coordinates of `J_i`, and one of the direction in which a step leaves them.
    student: Vec<Vec<Lane>>,
    /// Fields and values of the student's units.
    fields: Vec<Lane>,
    values: Vec<Lane>,
    /// Teacher's coordinates and output weights.
    teacher: Vec<(Vec<f64>, f64)>,
    normals: Vec<Stream>,
    chi: Vec<ChiSquare>,
    /// For each step of a block: an example in the basis, the length of the rest of it, and the noise.
    numbers: Vec<Lane>,
    used: usize,
    drawn: Vec<f64>,
}

impl<'a> Group<'a> {
    fn new(task: &'a OnlineTask, addresses: &[Address]) -> Self {
        let (start, teacher) = (task.rotated_start(), task.rotated_teacher());
        let (k, width) = (start.units(), start.inputs());
        let span = task.span;
        let stream = |address: &Address, layer: u32| address.with_role(Role::EXAMPLES).stream(layer, 0);
        let rest = task.inputs - width as u64;
        Self {
            task,
            span,
            width,
            weights: (0..k).map(|i| [start.output_weight(i); LANES]).collect(),
            student: (0..k)
                .map(|i| start.input_weights(i).iter().chain(&[0.0]).map(|x| [*x; LANES]).collect())
                .collect(),
            fields: vec![[0.0; LANES]; k],
            values: vec![[0.0; LANES]; k],
            teacher: (0..teacher.units())
                .map(|i| (teacher.input_weights(i)[..span].to_vec(), teacher.output_weight(i)))
                .collect(),
            normals: addresses.iter().map(|address| stream(address, 0)).collect(),
            rest,
            chi: addresses.iter().map(|a| ChiSquare::new(rest, stream(a, 1), stream(a, 2))).collect(),
            numbers: vec![[0.0; LANES]; BLOCK * (width + 2)],
            used: BLOCK,
            drawn: vec![0.0; BLOCK * (width + 1)],
        }
    }

    /// Random numbers of the next block of steps.
    fn draw(&mut self) {
        let count = self.width + 2;
        for (lane, (normals, chi)) in self.normals.iter_mut().zip(&mut self.chi).enumerate() {
            fill_normals(normals, &mut self.drawn);
            for (step, drawn) in self.drawn.chunks_exact(self.width + 1).enumerate() {
                let numbers = &mut self.numbers[step * count..(step + 1) * count];
                for (number, drawn) in numbers.iter_mut().zip(drawn) {
                    number[lane] = *drawn;
                }
                numbers[count - 1][lane] = chi.draw().sqrt();
            }
        }
        self.used = 0;
    }
}

/// The next steps of a block.
struct Steps<'a, 'b> {
    group: &'a mut Group<'b>,
    count: usize,
}

impl Kernel for Steps<'_, '_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let count = self.group.width + 2;
        for step in self.group.used..self.group.used + self.count {
            self.group.step(step * count);
        }
        self.group.used += self.count;
    }
}

impl Group<'_> {
    /// One step with the random numbers from `first` on.
    #[inline(always)]
    fn step(&mut self, first: usize) {
        let Self { task, span, width, rest, weights, student, fields, values, teacher, numbers, .. } = self;
        let (span, width) = (*span, *width);
        let [example, noise, beyond] = [0, width, width + 1].map(|from| &numbers[first + from..]);
        let mut error = [0.0; LANES];
        for i in 0..weights.len() {
            project(&student[i][..width], example, &mut fields[i]);
            value(task.phi, &fields[i], &mut values[i]);
            for l in 0..LANES {
                error[l] += weights[i][l] * values[i][l];
            }
        }
        let mut target = [0.0; LANES];
        for (row, weight) in teacher.iter() {
            let mut field = [0.0; LANES];
            for (b, x) in row.iter().zip(example) {
                for l in 0..LANES {
                    field[l] += b * x[l];
                }
            }
            let mut output = [0.0; LANES];
            value(task.phi, &field, &mut output);
            for l in 0..LANES {
                target[l] += weight * output[l];
            }
        }
        for l in 0..LANES {
            error[l] = error[l] - target[l] - task.noise * noise[0][l];
        }
        let steepness = task.phi.steepness();
        for i in 0..weights.len() {
            // copies, so that the compiler knows that nothing here is the same memory
            let (field, output, weight) = (fields[i], values[i], weights[i]);
            let mut slope = [0.0; LANES];
            for l in 0..LANES {
                slope[l] = task.step * (error[l] * weight[l] * (steepness * normal_pdf(field[l])));
            }
            for l in 0..LANES {
                weights[i][l] = weight[l] - task.step * error[l] * output[l];
            }
            let row = &mut student[i];
            for (j, x) in row[..width].iter_mut().zip(example) {
                for l in 0..LANES {
                    j[l] -= slope[l] * x[l];
                }
            }
            for l in 0..LANES {
                row[width][l] = -slope[l] * beyond[0][l];
            }
        }
        // student i back to the teacher's span and i + 1 more coordinates, if the step has left these
        if *rest == 0 {
            return;
        }
        for i in 0..student.len() {
            for b in (span + i + 1..=width).rev() {
                rotate(&mut student[i..], span + i, b);
            }
        }
    }
}

/// `h = J . x`.
#[inline(always)]
fn project(row: &[Lane], example: &[Lane], field: &mut Lane) {
    *field = [0.0; LANES];
    for (j, x) in row.iter().zip(example) {
        for l in 0..LANES {
            field[l] += j[l] * x[l];
        }
    }
}

#[inline(always)]
fn value(phi: Sigmoid, fields: &Lane, values: &mut Lane) {
    // one loop each, so that both vectorise
    match phi {
        Sigmoid::ErfSqrt2 => {
            for l in 0..LANES {
                values[l] = Sigmoid::ErfSqrt2.value_within(fields[l]);
            }
        }
        Sigmoid::GaussCdf => {
            for l in 0..LANES {
                values[l] = Sigmoid::GaussCdf.value_within(fields[l]);
            }
        }
    }
}

/// Rotates coordinates `a` and `b` of all rows so that the first has none along `b`; earlier rows have none along either.
#[inline(always)]
fn rotate(rows: &mut [Vec<Lane>], a: usize, b: usize) {
    // copies, so that the compiler knows that the two coordinates are not one
    let (x, y) = (rows[0][a], rows[0][b]);
    let (mut cosine, mut sine) = ([0.0; LANES], [0.0; LANES]);
    for l in 0..LANES {
        let length = (x[l] * x[l] + y[l] * y[l]).sqrt();
        let turned = length > 0.0;
        cosine[l] = if turned { x[l] / length } else { 1.0 };
        sine[l] = if turned { y[l] / length } else { 0.0 };
    }
    for row in rows.iter_mut() {
        let (x, y) = (row[a], row[b]);
        for l in 0..LANES {
            row[a][l] = cosine[l] * x[l] + sine[l] * y[l];
        }
        for l in 0..LANES {
            row[b][l] = cosine[l] * y[l] - sine[l] * x[l];
        }
    }
    rows[0][b] = [0.0; LANES];
}
