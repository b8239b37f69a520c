//! Numbers in equal steps or in equal ratios.

use super::elementary::{exp, ln};

/// `count` numbers, two at least, from `from` to `to` in equal steps.
pub fn even(from: f64, to: f64, count: usize) -> impl Iterator<Item = f64> {
    (0..count).map(move |i| from + (to - from) * i as f64 / (count - 1) as f64)
}

/// These numbers with others in between, so that each step becomes so many equal ones.
pub fn finer(values: &[f64], parts: u32) -> Vec<f64> {
    let between = |pair: &[f64]| {
        let (from, to) = (pair[0], pair[1]);
        (0..parts).map(move |part| from + (to - from) * f64::from(part) / f64::from(parts)).collect::<Vec<f64>>()
    };
    values.windows(2).flat_map(between).chain(values.last().copied()).collect()
}

/// The least and the largest of these; infinite and 0 where there are none, or where none is above 0.
pub fn extent(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    values.into_iter().fold((f64::INFINITY, 0.0), |(least, most), x| (least.min(x), most.max(x)))
}

/// `from 10^(i / a_decade)` up to `to`, the last one included but for rounding.
pub fn decades(from: f64, to: f64, a_decade: usize) -> Vec<f64> {
    let step = std::f64::consts::LN_10 / a_decade as f64;
    let count = (ln(to / from) / step + 1e-6) as usize;
    (0..=count).map(|i| from * exp(i as f64 * step)).collect()
}

/// `count` numbers, two at least, from `from` to `to`, both above 0, in equal ratios.
pub fn geometric(from: f64, to: f64, count: usize) -> impl Iterator<Item = f64> {
    let span = ln(to / from);
    (0..count).map(move |i| from * exp(span * i as f64 / (count - 1) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_cut_into_equal_parts_and_decades_end_where_they_should() {
        assert_eq!(finer(&[0.0, 1.0, 3.0], 2), [0.0, 0.5, 1.0, 2.0, 3.0]);
        assert!(finer(&[], 3).is_empty());
        assert_eq!((extent([3.0, 0.5, 2.0]), extent([])), ((0.5, 3.0), (f64::INFINITY, 0.0)));
        let (whole, part) = (decades(0.01, 1.0, 4), decades(0.01, 0.99, 4));
        assert!(whole.len() == 9 && (whole[8] - 1.0).abs() < 1e-14 && (whole[2] / whole[0]).powi(2) < 10.0 + 1e-12);
        assert_eq!(part, whole[..8]);
    }

    #[test]
    fn both_ends_and_the_middle_are_where_they_should_be() {
        assert_eq!(even(-1.0, 3.0, 3).collect::<Vec<f64>>(), [-1.0, 1.0, 3.0]);
        let found: Vec<f64> = geometric(0.01, 100.0, 5).collect();
        let exact = [0.01, 0.1, 1.0, 10.0, 100.0];
        assert!(found.iter().zip(exact).all(|(found, exact)| (found / exact - 1.0).abs() < 1e-14), "{found:?}");
    }
}
