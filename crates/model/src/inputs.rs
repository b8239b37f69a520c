//! What a network is shown: columns (points, differences to a point, tangents and second derivatives at a point) and their
//! Gram matrix per input component.

use super::{Jet, ParameterError, index_pairs};
use neurodyn_numerics::elementary::{cos, sin};

/// `sqrt(a b)` of two numbers that are not negative, to an ulp, without overflow or underflow on the way.
pub fn geometric_mean(a: f64, b: f64) -> f64 {
    let product = a * b;
    if a == b {
        a
    } else if (1e-290..1e290).contains(&product) {
        product.sqrt()
    } else {
        a.sqrt() * b.sqrt()
    }
}

/// Distance `D = (sqrt A - sqrt A')^2 + 2 sqrt(A A') (1 - c)` of two inputs of these activities and this correlation, without cancellation.
pub fn pair_distance(activity: f64, activity_prime: f64, correlation: f64) -> f64 {
    let split = root_difference(activity, activity_prime);
    split * split + 2.0 * geometric_mean(activity, activity_prime) * (1.0 - correlation)
}

/// `sqrt A' - sqrt A`, without cancellation: its square is the least distance of two inputs.
pub fn root_difference(activity: f64, activity_prime: f64) -> f64 {
    let roots = activity.sqrt() + activity_prime.sqrt();
    if roots > 0.0 { (activity_prime - activity) / roots } else { 0.0 }
}

/// A symmetric `m x m` matrix, stored in full, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct SymmetricMatrix {
    order: usize,
    entries: Vec<f64>,
}

impl SymmetricMatrix {
    /// Builds the matrix from `entry(i, j)` with `i >= j`.
    pub fn from_fn(order: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Self {
        let mut entries = vec![0.0; order * order];
        for i in 0..order {
            for j in 0..=i {
                entries[i * order + j] = entry(i, j);
            }
        }
        Self::from_lower(order, entries)
    }

    /// The matrix with these entries, row by row, on the diagonal and below it; those above it are written.
    ///
    /// # Panics
    /// If there are not `order * order` entries.
    pub fn from_lower(order: usize, mut entries: Vec<f64>) -> Self {
        assert_eq!(entries.len(), order * order, "entries");
        // in squares, so that what is read and what is written stay in the first cache
        const SIDE: usize = 32;
        for top in (0..order).step_by(SIDE) {
            for left in (0..=top).step_by(SIDE) {
                for i in top..order.min(top + SIDE) {
                    for j in left..i.min(left + SIDE) {
                        entries[j * order + i] = entries[i * order + j];
                    }
                }
            }
        }
        Self { order, entries }
    }

    /// Number of rows `m`.
    pub fn order(&self) -> usize {
        self.order
    }

    /// Entry `(i, j)`.
    pub fn get(&self, i: usize, j: usize) -> f64 {
        self.entries[i * self.order + j]
    }

    /// All entries, row by row.
    pub fn entries(&self) -> &[f64] {
        &self.entries
    }

    /// Squared distance `G_ii + G_jj - 2 G_ij` of two vectors whose products these are. Near vectors cancel: there a column that is their
    /// difference keeps what is lost here.
    pub fn distance(&self, i: usize, j: usize) -> f64 {
        self.get(i, i) + self.get(j, j) - 2.0 * self.get(i, j)
    }

    /// The same of all pairs `j < i`, row by row.
    pub fn distances(&self) -> impl Iterator<Item = f64> {
        (0..self.order).flat_map(move |i| (0..i).map(move |j| self.distance(i, j)))
    }
}

/// What one column of the propagated matrix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A point `x`: next layer `phi(u)`, bias included.
    State,
    /// A difference `x' - x` to the state column `of`: next layer `phi(u + t) - phi(u)`, computed without cancellation;
    /// the bias drops out.
    Difference {
        /// Index of the state column `x`; smaller than the index of this column.
        of: usize,
    },
    /// A tangent `e_a = d_a x` at the state column `of`: next layer `phi'(u) p_a`, `p_a` its preactivation; no bias.
    Tangent {
        /// Index of the state column `x`; smaller than the index of this column.
        of: usize,
    },
    /// A second derivative `H_ab = d_a d_b x` at the state column `of`: next layer `phi''(u) p_a p_b + phi'(u) s`, `s` its
    /// preactivation; no bias. Needs an activation that is twice differentiable.
    Second {
        /// Index of the state column `x`; smaller than the index of this column.
        of: usize,
        /// Indices of the tangent columns `e_a` and `e_b`, both at `of` and smaller than the index of this column.
        along: [usize; 2],
    },
}

impl Column {
    /// Whether the bias is added to its preactivations.
    pub fn has_bias(self) -> bool {
        self == Column::State
    }
}

/// Input columns with their Gram matrix `G_ij = (x_i . x_j) / n_0`.
///
/// Only the Gram matrix matters: every input with the same one gives the same law of all layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    columns: Vec<Column>,
    gram: SymmetricMatrix,
}

impl Inputs {
    /// Any set of columns. Fails when a column names one that is not there, not earlier or of the wrong kind, or the Gram
    /// matrix is not finite or has a negative diagonal.
    pub fn new(columns: Vec<Column>, gram: SymmetricMatrix) -> Result<Self, ParameterError> {
        let bad = |found: String, allowed| Err(ParameterError { name: "inputs".into(), found, allowed });
        if columns.is_empty() || gram.order() != columns.len() {
            return bad(
                format!("{} columns, Gram matrix of order {}", columns.len(), gram.order()),
                "one row and column for each input",
            );
        }
        for (j, column) in columns.iter().enumerate() {
            let is = |index: usize, expected: Column| index < j && columns[index] == expected;
            let fits = match *column {
                Column::State => true,
                Column::Difference { of } | Column::Tangent { of } => is(of, Column::State),
                Column::Second { of, along } => {
                    is(of, Column::State) && along.iter().all(|&tangent| is(tangent, Column::Tangent { of }))
                }
            };
            if !fits {
                let allowed = "differences and derivatives that name earlier columns of the same state";
                return bad(format!("column {j}, {column:?}"), allowed);
            }
            if !(gram.get(j, j) >= 0.0) {
                return bad(format!("{}", gram.get(j, j)), "a Gram matrix with a non-negative diagonal");
            }
        }
        if let Some(found) = gram.entries().iter().find(|g| !g.is_finite()) {
            return bad(format!("{found}"), "a finite Gram matrix");
        }
        Ok(Self { columns, gram })
    }

    /// One point of activity `A`.
    pub fn single(activity: f64) -> Result<Self, ParameterError> {
        Self::new(vec![Column::State], SymmetricMatrix::from_fn(1, |_, _| activity))
    }

    /// Two points of activities `A` and `A + activity_difference` at distance `D = |x' - x|^2 / n`, as the columns
    /// `(x, x' - x)`: `x . (x' - x) / n = (activity_difference - D) / 2`.
    pub fn pair(activity: f64, activity_difference: f64, distance: f64) -> Result<Self, ParameterError> {
        let cross = 0.5 * (activity_difference - distance);
        if !(cross * cross <= activity * distance * (1.0 + 1e-12)) {
            return Err(ParameterError {
                name: "distance".into(),
                found: format!("{distance} for activities {activity} and {}", activity + activity_difference),
                allowed: "between (sqrt A - sqrt A')^2 and (sqrt A + sqrt A')^2",
            });
        }
        Self::new(
            vec![Column::State, Column::Difference { of: 0 }],
            SymmetricMatrix::from_fn(2, |i, j| match (i, j) {
                (0, 0) => activity,
                (1, 1) => distance,
                _ => cross,
            }),
        )
    }

    /// Points given by their Gram matrix (no difference columns).
    pub fn points(gram: SymmetricMatrix) -> Result<Self, ParameterError> {
        Self::new(vec![Column::State; gram.order()], gram)
    }

    /// `count` points of one activity, any two of them of one overlap.
    pub fn equal(activity: f64, overlap: f64, count: usize) -> Result<Self, ParameterError> {
        Self::points(SymmetricMatrix::from_fn(count, |i, j| if i == j { activity } else { overlap }))
    }

    /// `count` points in equal steps along a great circle of this activity, which together make this angle (`2 pi`: the whole circle).
    pub fn around(activity: f64, angle: f64, count: usize) -> Result<Self, ParameterError> {
        let cosine = |steps: usize| cos(angle * steps as f64 / count as f64);
        Self::points(SymmetricMatrix::from_fn(count, |i, j| activity * cosine(i - j)))
    }

    /// A point of a great circle of this activity, and the differences to it of the points at these angles, without cancellation.
    pub fn arc(activity: f64, angles: &[f64]) -> Result<Self, ParameterError> {
        let half = |i: usize| 0.5 * angles[i - 1];
        let mut columns = vec![Column::State];
        columns.extend(vec![Column::Difference { of: 0 }; angles.len()]);
        let gram = SymmetricMatrix::from_fn(columns.len(), |i, j| match (i, j) {
            (0, 0) => activity,
            (i, 0) => -2.0 * activity * sin(half(i)) * sin(half(i)),
            (i, j) => 4.0 * activity * sin(half(i)) * sin(half(j)) * cos(half(i) - half(j)),
        });
        Self::new(columns, gram)
    }

    /// Points of a manifold with their derivatives up to `order` (0 to 2): for each point the columns `x`, `e_1` to `e_d`,
    /// `H_11`, `H_12`, ..., `H_dd`.
    pub fn jets(jets: &[Jet], order: usize) -> Result<Self, ParameterError> {
        let (mut columns, mut vectors) = (Vec::new(), Vec::new());
        for jet in jets {
            let of = columns.len();
            columns.push(Column::State);
            vectors.push(&jet.point);
            if order >= 1 {
                columns.extend(vec![Column::Tangent { of }; jet.tangents.len()]);
                vectors.extend(&jet.tangents);
            }
            if order >= 2 {
                let pairs = index_pairs(jet.tangents.len()).into_iter();
                columns.extend(pairs.map(|(a, b)| Column::Second { of, along: [of + 1 + a, of + 1 + b] }));
                vectors.extend(&jet.seconds);
            }
        }
        let dot = |i: usize, j: usize| vectors[i].iter().zip(vectors[j]).map(|(a, b)| a * b).sum();
        let gram = SymmetricMatrix::from_fn(columns.len(), dot);
        Self::new(columns, gram)
    }

    /// What each column is.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Gram matrix of the input layer.
    pub fn gram(&self) -> &SymmetricMatrix {
        &self.gram
    }
}

/// Squared distance of two points of a great circle of this activity, over the number of neurons: `4 A sin^2(angle / 2)`.
fn squared_chord(activity: f64, angle: f64) -> f64 {
    let half = sin(0.5 * angle);
    4.0 * activity * half * half
}

impl Inputs {
    /// A point of a great circle of this activity, and its differences to the points at the angles `h` and `-h`. Their sum is the second
    /// difference of the circle.
    pub fn with_neighbours(activity: f64, h: f64) -> Result<Self, ParameterError> {
        let (near, far) = (squared_chord(activity, h), squared_chord(activity, 2.0 * h));
        let gram = SymmetricMatrix::from_fn(3, |i, j| match (i, j) {
            (0, 0) => activity,
            (_, 0) => -0.5 * near,
            (1, 1) | (2, 2) => near,
            _ => near - 0.5 * far,
        });
        let difference = Column::Difference { of: 0 };
        Self::new(vec![Column::State, difference, difference], gram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_vectors() {
        let x = [[1.0, 2.0], [4.0, 6.0], [1.0, 0.0]];
        let gram = SymmetricMatrix::from_fn(3, |i, j| x[i][0] * x[j][0] + x[i][1] * x[j][1]);
        assert_eq!(gram.distances().collect::<Vec<_>>(), [25.0, 4.0, 45.0]);
        assert_eq!((gram.distance(0, 1), gram.distance(2, 2)), (25.0, 0.0));
    }

    /// The chord between the neighbours is that of twice the angle, and their second difference is nearly the squared radius times `h^4`.
    #[test]
    fn neighbours_are_on_the_circle() {
        let inputs = Inputs::with_neighbours(2.0, 0.1).expect("a circle");
        let gram = inputs.gram();
        let apart = gram.get(1, 1) + gram.get(2, 2) - 2.0 * gram.get(2, 1);
        assert!((apart - 8.0 * sin(0.1) * sin(0.1)).abs() < 1e-15, "{apart}");
        let second = gram.get(1, 1) + gram.get(2, 2) + 2.0 * gram.get(2, 1);
        assert!((second / 2e-4 - 1.0).abs() < 2e-3, "{second}");
    }

    /// The same points of a circle, as points and as differences to the first.
    #[test]
    fn an_arc_has_the_points_of_the_circle() {
        let circle = Inputs::around(0.7, std::f64::consts::TAU, 12).expect("points");
        let step = std::f64::consts::TAU / 12.0;
        let arc = Inputs::arc(0.7, &[step, 4.0 * step]).expect("a point and differences");
        let (points, arc) = (circle.gram(), arc.gram());
        let product = |i: usize, j: usize| points.get(i, j) - points.get(i, 0) - points.get(j, 0) + points.get(0, 0);
        for (a, i) in [(1, 1), (2, 4)] {
            assert!((arc.get(a, 0) - (points.get(i, 0) - points.get(0, 0))).abs() < 1e-15);
            for (b, j) in [(1, 1), (2, 4)] {
                assert!((arc.get(a, b) - product(i, j)).abs() < 1e-15, "{a} {b}");
            }
        }
    }
}
