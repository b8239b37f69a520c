//! What is seen of the dichotomies of many points in their Gram matrix: margins, and which a hyperplane through 0 separates.

use neurodyn_model::SymmetricMatrix;
use neurodyn_numerics::convex::{Separation, conditioned, points_of, separate, signed, worst_dichotomy};
use neurodyn_numerics::elementary::log10;
use neurodyn_numerics::linalg::solve_positive;

/// `log10` of the worst margin of all dichotomies; NaN where the Gram matrix is numerically singular.
pub fn log_worst_margin(gram: &SymmetricMatrix) -> f64 {
    worst_dichotomy(gram.order(), |i, j| gram.get(i, j)).map_or(f64::NAN, |(_, margin)| log10(margin))
}

/// `log10` of the margin `1 / sqrt(y^T G^-1 y)` for alternating labels `y`; NaN where the Gram matrix is numerically singular.
pub fn log_alternating_margin(gram: &SymmetricMatrix) -> f64 {
    let k = gram.order();
    let rows: Vec<Vec<f64>> = (0..k).map(|i| (0..k).map(|j| gram.get(i, j)).collect()).collect();
    let labels: Vec<f64> = (0..k).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let form = solve_positive(&rows, &labels, 0.0).map(|x| x.iter().zip(&labels).map(|(x, y)| x * y).sum::<f64>());
    form.map_or(f64::NAN, |form| -0.5 * log10(form))
}

/// Share of these labels, each the bits of a number, that a hyperplane through 0 separates; NaN where one is neither proven separable nor proven not
/// to be.
pub fn separable_share(gram: &SymmetricMatrix, labels: &[u64]) -> f64 {
    let points = conditioned(&points_of(gram.order(), |i, j| gram.get(i, j)));
    let separable = |labels: &u64| match separate(&signed(&points, *labels)) {
        Separation::Separable { .. } => 1.0,
        Separation::Inseparable { .. } => 0.0,
        Separation::Unresolved => f64::NAN,
    };
    labels.iter().map(separable).sum::<f64>() / labels.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orthogonal_points_have_one_margin_and_are_separable_in_every_way() {
        let gram = SymmetricMatrix::from_fn(4, |i, j| if i == j { 9.0 } else { 0.0 });
        // 3 / sqrt 4
        let margin = log10(1.5);
        assert!((log_worst_margin(&gram) - margin).abs() < 1e-14);
        assert!((log_alternating_margin(&gram) - margin).abs() < 1e-14);
        assert_eq!(separable_share(&gram, &(0..8).collect::<Vec<u64>>()), 1.0);
    }

    /// Two points of a line: labels may be opposite where the points are, and equal where they are not.
    #[test]
    fn points_of_a_line_are_separable_in_one_way() {
        let gram = SymmetricMatrix::from_fn(2, |i, j| if i == j { 1.0 } else { -1.0 });
        assert_eq!(separable_share(&gram, &[0b00, 0b01]), 0.5);
        assert!(log_worst_margin(&gram).is_nan());
    }
}
