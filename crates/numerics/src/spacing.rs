//! Numbers in equal steps or in equal ratios.

use super::elementary::{exp, ln, log10};

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

/// `count` numbers from `from` to `to` in equal ratios; but where these reach `turn`, in `steps` equal steps from there on.
pub fn geometric_then_even(from: f64, turn: f64, to: f64, [count, steps]: [usize; 2]) -> Vec<f64> {
    let mut all: Vec<f64> = geometric(from, to, count).collect();
    if to > turn {
        all.retain(|x| *x < turn);
        all.extend(even(turn, to, steps));
    }
    all
}

/// Whole numbers between two others, both above 0 and among them, in about equal ratios: so many a decade, or as many as there are.
pub fn whole(from: u64, to: u64, per_decade: f64) -> Vec<u64> {
    let (first, last) = (from as f64, to as f64);
    let count = (per_decade * log10(last / first)).ceil() as usize + 1;
    let inner = geometric(first, last, count.max(2)).map(|x| x.round() as u64).filter(|x| (from..=to).contains(x));
    let mut all: Vec<u64> = inner.chain([from, to]).collect();
    all.sort_unstable();
    all.dedup();
    all
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
        assert!(
            whole.len() == 9
                && (whole[8] - 1.0).abs() < 1e-14
                && whole[2] * whole[2] < 10.0 * whole[0] * whole[0] + 1e-12
        );
        assert_eq!(part, whole[..8]);
    }

    #[test]
    fn both_ends_and_the_middle_are_where_they_should_be() {
        assert_eq!(even(-1.0, 3.0, 3).collect::<Vec<f64>>(), [-1.0, 1.0, 3.0]);
        let found: Vec<f64> = geometric(0.01, 100.0, 5).collect();
        let exact = [0.01, 0.1, 1.0, 10.0, 100.0];
        assert!(found.iter().zip(exact).all(|(found, exact)| (found / exact - 1.0).abs() < 1e-14), "{found:?}");
    }

    #[test]
    fn equal_ratios_become_equal_steps() {
        let found = geometric_then_even(1.0, 5.0, 9.0, [3, 5]);
        assert!((found[1] - 3.0).abs() < 1e-14 && found[0] == 1.0, "{found:?}");
        assert_eq!(found[2..], [5.0, 6.0, 7.0, 8.0, 9.0]);
        assert_eq!(geometric_then_even(1.0, 5.0, 4.0, [3, 5]), geometric(1.0, 4.0, 3).collect::<Vec<f64>>());
    }

    #[test]
    fn whole_numbers_are_rising_and_have_both_ends() {
        assert_eq!(whole(1, 10, 3.0), [1, 2, 5, 10]);
        assert_eq!(whole(2, 5, 100.0), [2, 3, 4, 5]);
        assert_eq!(whole(7, 7, 24.0), [7]);
    }
}
