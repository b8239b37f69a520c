//! Observables of the pairwise distances of many inputs.

/// Unbiased estimate of the variance of the part of a distance that belongs to the pair alone, from the distances of `k` exchangeable inputs, 4 or
/// more: what the best fit `D_ij = m + a_i + a_j` leaves, over its `k (k - 3) / 2` degrees of freedom.
pub fn own_variance(k: usize, distance: impl Fn(usize, usize) -> f64) -> f64 {
    let n = k as f64;
    let row = |i: usize| (0..k).filter(|&j| j != i).map(|j| distance(i, j)).sum::<f64>();
    let rows: Vec<f64> = (0..k).map(row).collect();
    let mean = rows.iter().sum::<f64>() / (n * (n - 1.0));
    // least squares of exchangeable pairs: a_i = (row_i - (k - 1) m) / (k - 2)
    let effects: Vec<f64> = rows.iter().map(|row| (row - (n - 1.0) * mean) / (n - 2.0)).collect();
    let mut square = 0.0;
    for i in 0..k {
        for j in 0..i {
            let left = distance(i, j) - mean - effects[i] - effects[j];
            square += left * left;
        }
    }
    square / (0.5 * n * (n - 3.0))
}

/// How far the distances of `k` inputs are from one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairDeviations {
    /// Mean deviation over all pairs.
    pub mean: f64,
    /// Mean square deviation.
    pub square: f64,
    /// Largest deviation, in size.
    pub extreme: f64,
}

impl PairDeviations {
    /// Of these distances from this value.
    pub fn new(k: usize, value: f64, distance: impl Fn(usize, usize) -> f64) -> Self {
        let (mut sum, mut square, mut extreme) = (0.0, 0.0, 0.0f64);
        for i in 0..k {
            for j in 0..i {
                let deviation = distance(i, j) - value;
                sum += deviation;
                square += deviation * deviation;
                extreme = extreme.max(deviation.abs());
            }
        }
        let pairs = (k * (k - 1) / 2) as f64;
        Self { mean: sum / pairs, square: square / pairs, extreme }
    }
}

/// The largest number of inputs, from the first on, of which all pairs are `within`; 1 at least.
pub fn equidistant_prefix(most: usize, within: impl Fn(usize, usize) -> bool) -> usize {
    (1..most).find(|&i| (0..i).any(|j| !within(i, j))).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_sum_over_inputs_belongs_to_no_pair() {
        let effect = |i: usize| (i * i % 7) as f64;
        assert!(own_variance(9, |i, j| 3.0 + effect(i) + effect(j)) < 1e-24);
        // four inputs, one contrast of pairs: 12 and 34 up by 1, 13 and 24 down by 1; two degrees of freedom
        let contrast = |i: usize, j: usize| match (i.min(j), i.max(j)) {
            (0, 1) | (2, 3) => 1.0,
            (0, 2) | (1, 3) => -1.0,
            _ => 0.0,
        };
        assert!((own_variance(4, |i, j| 5.0 + contrast(i, j)) - 2.0).abs() < 1e-14);
    }

    #[test]
    fn inputs_are_kept_until_a_pair_is_off() {
        assert_eq!(equidistant_prefix(6, |_, _| true), 6);
        assert_eq!(equidistant_prefix(6, |_, _| false), 1);
        assert_eq!(equidistant_prefix(6, |i, j| !(i == 4 && j == 2)), 4);
    }

    #[test]
    fn deviations_are_over_all_pairs() {
        let found = PairDeviations::new(3, 5.0, |i, j| (i + j) as f64);
        // 1, 2, 3 less 5
        assert_eq!(found, PairDeviations { mean: -3.0, square: 29.0 / 3.0, extreme: 4.0 });
    }
}
