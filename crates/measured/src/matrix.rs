//! What a matrix of weights is: sums over its entries, rows and columns, its largest singular values.

use neurodyn_numerics::linalg::symmetric_eigen;
use neurodyn_numerics::sum::{add_scaled, dot};
use neurodyn_random::{Address, Normals, Role};

/// Weights of a layer, a row for each of its neurons.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Neurons of the layer.
    pub rows: usize,
    /// Neurons of the layer before.
    pub columns: usize,
    /// The weights, row by row.
    pub values: Vec<f64>,
}

impl Matrix {
    /// A row.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.columns..(i + 1) * self.columns]
    }

    /// All rows.
    pub fn all_rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.columns)
    }

    /// The matrix with rows and columns exchanged.
    pub fn transposed(&self) -> Matrix {
        const BLOCK: usize = 32;
        let mut values = vec![0.0; self.values.len()];
        for first in (0..self.rows).step_by(BLOCK) {
            for second in (0..self.columns).step_by(BLOCK) {
                for i in first..(first + BLOCK).min(self.rows) {
                    for j in second..(second + BLOCK).min(self.columns) {
                        values[j * self.rows + i] = self.values[i * self.columns + j];
                    }
                }
            }
        }
        Matrix { rows: self.columns, columns: self.rows, values }
    }
}

/// Sums over the entries of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sums {
    pub(crate) count: usize,
    pub(crate) first: f64,
    pub(crate) second: f64,
    pub(crate) fourth: f64,
    pub(crate) largest: f64,
    /// Sums of squares of each row.
    pub(crate) rows: Vec<f64>,
    /// Sums of squares of each column.
    pub(crate) columns: Vec<f64>,
}

/// Sums that are taken side by side.
const LANES: usize = 8;

impl Sums {
    pub(crate) fn of(matrix: &Matrix) -> Self {
        let mut columns = vec![0.0; matrix.columns];
        let mut rows = Vec::with_capacity(matrix.rows);
        let (mut first, mut second, mut fourth, mut largest) = (0.0, 0.0, 0.0, 0.0f64);
        for row in matrix.all_rows() {
            let mut lanes = [[0.0; LANES]; 4];
            let (chunks, rest) = row.as_chunks::<LANES>();
            for chunk in chunks {
                for k in 0..LANES {
                    let square = chunk[k] * chunk[k];
                    lanes[0][k] += chunk[k];
                    lanes[1][k] += square;
                    lanes[2][k] += square * square;
                    lanes[3][k] = if square > lanes[3][k] { square } else { lanes[3][k] };
                }
            }
            for (k, value) in rest.iter().enumerate() {
                let square = value * value;
                lanes[0][k] += value;
                lanes[1][k] += square;
                lanes[2][k] += square * square;
                lanes[3][k] = if square > lanes[3][k] { square } else { lanes[3][k] };
            }
            for (sum, value) in columns.iter_mut().zip(row) {
                *sum += value * value;
            }
            let total = |lane: [f64; LANES]| lane.iter().sum::<f64>();
            let square = total(lanes[1]);
            rows.push(square);
            first += total(lanes[0]);
            second += square;
            fourth += total(lanes[2]);
            largest = lanes[3].iter().copied().fold(largest, f64::max);
        }
        let largest = largest.sqrt();
        Self { count: matrix.values.len(), first, second, fourth, largest, rows, columns }
    }

    /// Root of the mean square.
    pub(crate) fn scale(&self) -> f64 {
        (self.second / self.count.max(1) as f64).sqrt()
    }

    /// Relative standard error of the root of the mean square, whatever the law.
    pub(crate) fn relative_error(&self) -> f64 {
        let n = self.count as f64;
        if !(self.second > 0.0) {
            return 0.0;
        }
        ((n * self.fourth / (self.second * self.second) - 1.0).max(0.0) / (4.0 * n)).sqrt()
    }
}

/// Sum of products of pairs, and the sums of squares of their first and second members: under independence with a law that no rotation changes, the
/// product over the lengths times the root of the number is normal, or nearer to 0.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pairs {
    product: f64,
    firsts: f64,
    seconds: f64,
    count: usize,
}

impl Pairs {
    fn add(&mut self, first: &[f64], second: &[f64]) {
        self.product += dot(first, second);
        self.firsts += dot(first, first);
        self.seconds += dot(second, second);
        self.count += first.len();
    }

    /// Standard deviations; none where there are too few pairs.
    pub(crate) fn z(&self) -> Option<f64> {
        let lengths = (self.firsts * self.seconds).sqrt();
        (self.count >= 2 && lengths > 0.0).then(|| self.product / lengths * (self.count as f64).sqrt())
    }

    /// Of neighbours in a row, each number in one pair.
    pub(crate) fn in_rows(matrix: &Matrix) -> Self {
        let mut pairs = Self::default();
        let half = matrix.columns / 2;
        let (mut even, mut odd) = (vec![0.0; half], vec![0.0; half]);
        for row in matrix.all_rows() {
            for (k, pair) in row.as_chunks::<2>().0.iter().enumerate() {
                [even[k], odd[k]] = *pair;
            }
            pairs.add(&even, &odd);
        }
        pairs
    }

    /// Of neighbours in a column.
    pub(crate) fn in_columns(matrix: &Matrix) -> Self {
        let mut pairs = Self::default();
        for i in (1..matrix.rows).step_by(2) {
            pairs.add(matrix.row(i - 1), matrix.row(i));
        }
        pairs
    }

    /// Of two matrices of one shape.
    pub(crate) fn of(one: &Matrix, other: &Matrix) -> Self {
        let mut pairs = Self::default();
        for (one, other) in one.all_rows().zip(other.all_rows()) {
            pairs.add(one, other);
        }
        pairs
    }

    /// Of entries of a square matrix and those across its diagonal.
    pub(crate) fn across(matrix: &Matrix, transposed: &Matrix) -> Self {
        let mut pairs = Self::default();
        for i in 1..matrix.rows {
            pairs.add(&matrix.row(i)[..i], &transposed.row(i)[..i]);
        }
        pairs
    }
}

/// Whether its rows, or its columns where there are fewer, are of one length and at right angles: as many of them as are looked at.
pub(crate) fn is_orthogonal(matrix: &Matrix) -> bool {
    const LOOKED_AT: usize = 32;
    const ANGLE: f64 = 1e-3;
    let turned;
    let matrix = if matrix.rows > matrix.columns {
        turned = matrix.transposed();
        &turned
    } else {
        matrix
    };
    let count = matrix.rows.min(LOOKED_AT);
    let lengths: Vec<f64> = (0..count).map(|i| dot(matrix.row(i), matrix.row(i)).sqrt()).collect();
    let longest = lengths.iter().copied().fold(0.0, f64::max);
    count > 1
        && lengths.iter().all(|length| *length > (1.0 - ANGLE) * longest)
        && longest > 0.0
        && (0..count).all(|i| (0..i).all(|j| dot(matrix.row(i), matrix.row(j)).abs() < ANGLE * longest * longest))
}

/// Steps of the iteration of Lanczos, as Golub and Kahan (SIAM J. Numer. Anal. B 2 (1965) 205) have it for singular values.
const STEPS: usize = 20;

/// The largest singular values, from below: exact where they stand apart from the others, within about a percent at the edge of a continuum.
pub(crate) fn singular_values(matrix: &Matrix) -> Vec<f64> {
    let steps = STEPS.min(matrix.rows).min(matrix.columns);
    let mut left: Vec<Vec<f64>> = Vec::new();
    let mut right: Vec<Vec<f64>> = Vec::new();
    let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    // a direction that belongs to no network
    let address = Address { seed: 0, role: Role::WEIGHTS, point: u64::MAX, replica: 0 };
    let mut next: Vec<f64> = Normals::new(address.stream(0, 0)).take(matrix.columns).collect();
    let mut length = dot(&next, &next).sqrt();
    while diagonal.len() < steps && length > 0.0 {
        next.iter_mut().for_each(|value| *value /= length);
        right.push(next);
        let direction = &right[right.len() - 1];
        let mut image: Vec<f64> = matrix.all_rows().map(|row| dot(row, direction)).collect();
        across(&mut image, &left);
        let alpha = dot(&image, &image).sqrt();
        if diagonal.is_empty() && alpha == 0.0 {
            return vec![0.0];
        }
        diagonal.push(alpha);
        if alpha <= 1e-14 * diagonal[0] {
            break;
        }
        image.iter_mut().for_each(|value| *value /= alpha);
        let mut back = vec![0.0; matrix.columns];
        matrix.all_rows().zip(&image).for_each(|(row, value)| add_scaled(&mut back, *value, row));
        left.push(image);
        across(&mut back, &right);
        length = dot(&back, &back).sqrt();
        next = back;
        if length <= 1e-14 * diagonal[0] {
            break;
        }
        beside.push(length);
    }
    // B^T B of the bidiagonal matrix B
    let entry = |i: usize, j: usize| match i - j {
        0 => diagonal[i] * diagonal[i] + if i > 0 { beside[i - 1] * beside[i - 1] } else { 0.0 },
        1 => diagonal[j] * beside[j],
        _ => 0.0,
    };
    symmetric_eigen(diagonal.len(), entry).values.iter().map(|value| value.max(0.0).sqrt()).collect()
}

/// Leaves of a vector what is at right angles to these, twice for the sake of rounding.
fn across(vector: &mut [f64], others: &[Vec<f64>]) {
    for _ in 0..2 {
        for other in others {
            let along = dot(vector, other);
            add_scaled(vector, -along, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> f64) -> Matrix {
        let values = (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))).map(|(i, j)| entry(i, j)).collect();
        Matrix { rows, columns, values }
    }

    #[test]
    fn sums_are_those_of_the_entries() {
        let found = Sums::of(&matrix(3, 11, |i, j| i as f64 - 0.5 * j as f64));
        let entries: Vec<f64> = (0..3).flat_map(|i| (0..11).map(move |j| i as f64 - 0.5 * j as f64)).collect();
        assert_eq!(found.first, entries.iter().sum::<f64>());
        assert_eq!(found.second, entries.iter().map(|x| x * x).sum::<f64>());
        assert_eq!(found.fourth, entries.iter().map(|x| x * x * x * x).sum::<f64>());
        assert_eq!((found.largest, found.rows.len(), found.columns.len()), (5.0, 3, 11));
        assert_eq!(found.columns[10], 25.0 + 16.0 + 9.0);
    }

    #[test]
    fn singular_values_of_known_matrices() {
        // a product of two vectors, and a diagonal
        let one = singular_values(&matrix(6, 40, |i, j| (i + 1) as f64 * (1.0 + j as f64)));
        let length = |n: usize| (1..=n).map(|k| (k * k) as f64).sum::<f64>().sqrt();
        assert!((one[0] - length(6) * length(40)).abs() < 1e-9 * one[0], "{one:?}");
        let diagonal = singular_values(&matrix(8, 8, |i, j| if i == j { 1.0 + i as f64 } else { 0.0 }));
        for (k, value) in diagonal.iter().enumerate() {
            assert!((value - (8 - k) as f64).abs() < 1e-9, "{diagonal:?}");
        }
        assert_eq!(singular_values(&matrix(3, 3, |_, _| 0.0)), [0.0]);
    }

    #[test]
    fn rows_at_right_angles_are_seen() {
        let cosine = |i: usize, j: usize| {
            neurodyn_numerics::elementary::cos(std::f64::consts::PI * (j as f64 + 0.5) * (i + 1) as f64 / 50.0)
        };
        assert!(is_orthogonal(&matrix(20, 50, cosine)));
        assert!(is_orthogonal(&matrix(20, 50, cosine).transposed()));
        assert!(!is_orthogonal(&matrix(20, 50, |i, j| cosine(i, j) + 0.01 * j as f64)));
    }

    #[test]
    fn equal_neighbours_are_seen() {
        let random: Vec<f64> =
            Normals::new(Address { seed: 3, role: Role::WEIGHTS, point: 0, replica: 0 }.stream(0, 0))
                .take(400)
                .collect();
        let all = matrix(20, 20, |i, j| random[20 * i + j]);
        for pairs in [Pairs::in_rows(&all), Pairs::in_columns(&all), Pairs::across(&all, &all.transposed())] {
            assert!(pairs.z().is_some_and(|z| z.abs() < 4.0), "{pairs:?}");
        }
        let rows = matrix(20, 20, |i, j| random[20 * i + j / 2]);
        let symmetric = matrix(20, 20, |i, j| random[20 * i.max(j) + i.min(j)]);
        assert!(Pairs::in_rows(&rows).z().is_some_and(|z| z > 10.0));
        assert!(Pairs::in_columns(&rows.transposed()).z().is_some_and(|z| z > 10.0));
        assert!(Pairs::across(&symmetric, &symmetric.transposed()).z().is_some_and(|z| z > 10.0));
    }
}
