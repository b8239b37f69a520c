//! Rows that are computed one by one, by whoever spreads them over threads: what computes them need not know.

/// A symmetric matrix as the rows of its lower triangle, the diagonal last in each.
pub type Triangle = Vec<Vec<f64>>;

/// Applies a task to the numbers from 0 to a count, in any order; the results in theirs, or nothing where it was stopped.
pub type Spread<'a> = &'a dyn Fn(usize, &(dyn Fn(usize) -> Vec<f64> + Sync)) -> Option<Vec<Vec<f64>>>;

/// One after the other, never stopped.
pub fn alone(count: usize, task: &(dyn Fn(usize) -> Vec<f64> + Sync)) -> Option<Vec<Vec<f64>>> {
    Some((0..count).map(task).collect())
}
