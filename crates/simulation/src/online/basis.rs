//! Rotations of student and teacher into few coordinates. Only rotations, so that small differences of vectors keep their digits.

use neurodyn_model::Perceptron;
use neurodyn_numerics::linalg::Factor;

/// Dimension of the span of the teacher's vectors; teacher and student in coordinates of which so many span the teacher's vectors, each
/// vector of the student taking one more, or in `inputs` coordinates if these are fewer.
pub fn in_common_basis(teacher: &Perceptron, student: &Perceptron, inputs: u64) -> (usize, Perceptron, Perceptron) {
    let (k, m) = (student.units(), teacher.units());
    let dot = |i: usize, j: usize| {
        let (a, b) = (teacher.input_weights(i), teacher.input_weights(j));
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    };
    let span = Factor::new(m, dot).rank();
    let mut rows: Vec<Vec<f64>> = (0..m).map(|i| teacher.input_weights(i).to_vec()).collect();
    rows.extend((0..k).map(|i| student.input_weights(i).to_vec()));
    let width = if inputs < (span + k) as u64 { inputs as usize } else { span + k };
    rows.iter_mut().for_each(|row| row.resize(row.len().max(width), 0.0));
    triangular(&mut rows, span, m);
    rows.iter_mut().for_each(|row| row.truncate(width));
    let students = rows.split_off(m);
    // what rounding leaves of dependent vectors beyond their span
    rows.iter_mut().for_each(|row| row[span..].fill(0.0));
    (span, teacher.with_rows(rows), student.with_rows(students))
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
