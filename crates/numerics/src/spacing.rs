//! Numbers in equal steps or in equal ratios.

use super::elementary::{exp, ln};

/// `count` numbers, two at least, from `from` to `to` in equal steps.
pub fn even(from: f64, to: f64, count: usize) -> impl Iterator<Item = f64> {
    (0..count).map(move |i| from + (to - from) * i as f64 / (count - 1) as f64)
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
    fn both_ends_and_the_middle_are_where_they_should_be() {
        assert_eq!(even(-1.0, 3.0, 3).collect::<Vec<f64>>(), [-1.0, 1.0, 3.0]);
        let found: Vec<f64> = geometric(0.01, 100.0, 5).collect();
        let exact = [0.01, 0.1, 1.0, 10.0, 100.0];
        assert!(found.iter().zip(exact).all(|(found, exact)| (found / exact - 1.0).abs() < 1e-14), "{found:?}");
    }
}
