//! What samples show of their laws: distribution functions beside each other, p-values of many tests, histograms.

/// p-values of many tests in increasing order: what each belongs to, the p-value expected at its rank if all hypotheses are true, and its own.
pub fn ranked<T>(mut tests: Vec<(f64, T)>) -> impl Iterator<Item = (T, f64, f64)> {
    tests.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = tests.len() as f64;
    tests.into_iter().enumerate().map(move |(rank, (p_value, of))| (of, (rank as f64 + 0.5) / count, p_value))
}

/// Limits between which an empirical distribution function of so many values stays in 19 of 20 cases, less the true one (Kolmogorov),
/// times the root of their number: Stephens' approximation. Of two samples the number is half the harmonic mean of theirs.
pub fn kolmogorov_band(count: f64) -> f64 {
    1.358_1 / (1.0 + 0.12 / count.sqrt() + 0.11 / count)
}

/// Difference `sqrt(N / 2) (F_a - F_b)` of the distribution functions of two sorted samples of `N` values each, at values that even shares of
/// both together have at most: each share with its difference, from 0 to 1 in so many steps.
pub fn scaled_differences(a: &[f64], b: &[f64], steps: usize) -> Vec<(f64, f64)> {
    let mut all = [a, b].concat();
    all.sort_by(f64::total_cmp);
    let scale = (0.5 * a.len() as f64).sqrt();
    let share = |sample: &[f64], value: f64| sample.partition_point(|&x| x <= value) as f64 / sample.len() as f64;
    let place = |k: usize| {
        let value = all[(all.len() * k).div_ceil(steps) - 1];
        (k as f64 / steps as f64, scale * (share(a, value) - share(b, value)))
    };
    std::iter::once((0.0, 0.0)).chain((1..=steps).map(place)).collect()
}

/// A bin of a histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Its left end.
    pub lower: f64,
    /// Its centre.
    pub centre: f64,
    /// Its right end.
    pub upper: f64,
    /// Share of the values in it, over its width.
    pub density: f64,
}

/// Histogram of all values in `count` equal bins between two ends. Values beyond the ends are in no bin, but the shares are of all.
pub fn histogram(values: impl IntoIterator<Item = f64>, [from, to]: [f64; 2], count: usize) -> Vec<Bin> {
    let width = (to - from) / count as f64;
    let (mut counts, mut total) = (vec![0u64; count], 0u64);
    for value in values {
        let position = (value - from) / width;
        if position >= 0.0 && position < count as f64 {
            counts[position as usize] += 1;
        }
        total += 1;
    }
    let bin = |(index, &found): (usize, &u64)| {
        let centre = from + (index as f64 + 0.5) * width;
        let (lower, upper) = (centre - 0.5 * width, centre + 0.5 * width);
        Bin { lower, centre, upper, density: found as f64 / (total as f64 * width) }
    };
    counts.iter().enumerate().map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_ranked_by_their_p_values() {
        let found: Vec<_> = ranked(vec![(0.9, 'a'), (0.1, 'b')]).collect();
        assert_eq!(found, [('b', 0.25, 0.1), ('a', 0.75, 0.9)]);
    }

    /// Tables of the distribution of Kolmogorov's statistic: 0.4093 for 10 values, 1.3581 over the root of many.
    #[test]
    fn the_band_is_that_of_tables() {
        assert!((kolmogorov_band(10.0) / 10f64.sqrt() - 0.4093).abs() < 2e-3);
        assert_eq!(kolmogorov_band(f64::INFINITY), 1.358_1);
    }

    #[test]
    fn differences_are_those_of_the_distribution_functions() {
        let found = scaled_differences(&[1.0, 2.0], &[3.0, 4.0], 4);
        assert_eq!(found, [(0.0, 0.0), (0.25, 0.5), (0.5, 1.0), (0.75, 0.5), (1.0, 0.0)]);
        assert!(scaled_differences(&[1.0, 2.0, 5.0], &[1.0, 2.0, 5.0], 10).iter().all(|(_, d)| *d == 0.0));
    }

    #[test]
    fn a_histogram_has_the_share_within_its_ends() {
        let bins = histogram([-1.0, 0.0, 0.2, 0.5, 0.9, 1.0], [0.0, 1.0], 2);
        assert_eq!(bins[0], Bin { lower: 0.0, centre: 0.25, upper: 0.5, density: 2.0 / 3.0 });
        assert_eq!(bins[1].density, 2.0 / 3.0);
    }
}
