//! Gauss-Legendre nodes by Newton iteration on the Legendre recurrence.

use crate::elementary::cos;
use std::sync::LazyLock;

/// Nodes and weights on `[-1, 1]`.
#[derive(Debug, Clone, PartialEq)]
pub struct GaussLegendre {
    /// Nodes in increasing order.
    pub nodes: Vec<f64>,
    /// Weights, summing to 2.
    pub weights: Vec<f64>,
}

impl GaussLegendre {
    /// The `n`-point rule, exact for polynomials of degree `2n - 1`; nodes and weights are right to a few ulp.
    pub fn new(n: usize) -> Self {
        let mut nodes = vec![0.0; n];
        let mut weights = vec![0.0; n];
        for i in 0..n.div_ceil(2) {
            let mut x = cos(std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5));
            let mut slope = 1.0;
            for _ in 0..8 {
                let (mut previous, mut value) = (1.0, x);
                for k in 2..=n {
                    let k = k as f64;
                    (previous, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * previous) / k);
                }
                slope = n as f64 * (x * value - previous) / (x * x - 1.0);
                x -= value / slope;
            }
            if 2 * i + 1 == n {
                x = 0.0;
            }
            let weight = 2.0 / ((1.0 - x * x) * slope * slope);
            (nodes[i], nodes[n - 1 - i]) = (-x, x);
            (weights[i], weights[n - 1 - i]) = (weight, weight);
        }
        Self { nodes, weights }
    }

    /// The 16-point rule, computed once.
    pub fn sixteen() -> &'static Self {
        static RULE: LazyLock<GaussLegendre> = LazyLock::new(|| GaussLegendre::new(16));
        &RULE
    }
}

/// Positive nodes and weights of the 8-point rule on `[-1, 1]` (the rule is symmetric).
pub const GAUSS_LEGENDRE_8: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_for_polynomials_up_to_degree_2n_minus_1() {
        for n in [1, 2, 5, 8, 16, 20] {
            let rule = GaussLegendre::new(n);
            for degree in (0..2 * n).step_by(2) {
                let sum: f64 = rule
                    .nodes
                    .iter()
                    .zip(&rule.weights)
                    .map(|(&x, &w)| w * (0..degree).fold(1.0, |power, _| power * x))
                    .sum();
                let exact = 2.0 / (degree as f64 + 1.0);
                assert!((sum - exact).abs() < 1e-14, "n = {n}, degree {degree}: {sum} against {exact}");
            }
        }
    }

    #[test]
    fn constants_are_the_eight_point_rule() {
        let rule = GaussLegendre::new(8);
        for (i, (x, w)) in GAUSS_LEGENDRE_8.into_iter().enumerate() {
            assert!((rule.nodes[4 + i] - x).abs() < 1e-15 && (rule.weights[4 + i] - w).abs() < 1e-15);
        }
    }
}
