//! Where a sampled curve reaches a level.

/// Points of the interpolating polynomial.
const POINTS: usize = 6;

/// The first `x` at which the curve through `(x_i, y_i)`, `x` increasing, rises through `level`: between the first point at or above it and the
/// one before, on the polynomial through the six points around them (fewer at the ends: the six nearest). None where no point is as high, where
/// the first one already is, or where there are fewer than six.
///
/// For steps `h` the error of `y` is about `0.005 h^6` times its sixth derivative.
pub fn first_crossing(x: &[f64], y: &[f64], level: f64) -> Option<f64> {
    let above = y.iter().position(|value| *value >= level)?;
    if above == 0 || x.len() < POINTS || x.len() != y.len() {
        return None;
    }
    let first = (above.max(POINTS / 2) - POINTS / 2).min(x.len() - POINTS);
    let (x_near, y_near) = (&x[first..first + POINTS], &y[first..first + POINTS]);
    let (mut low, mut high) = (x[above - 1], x[above]);
    // the polynomial passes through both ends, so bisection holds a root between them
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if polynomial(x_near, y_near, middle) >= level {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(0.5 * (low + high))
}

/// Where values at the whole numbers from `first` on first reach a level, linear between them: `first` where the first one already is there,
/// none where none is.
pub fn first_at_or_above(first: usize, values: &[f64], level: f64) -> Option<f64> {
    let i = values.iter().position(|value| *value >= level)?;
    if i == 0 {
        return Some(first as f64);
    }
    Some((first + i - 1) as f64 + (level - values[i - 1]) / (values[i] - values[i - 1]))
}

/// The first `x` at which the straight lines between points `(x_i, y_i)`, `x` increasing, rise to `level` from below; none where they never do.
pub fn first_rise(x: &[f64], y: &[f64], level: f64) -> Option<f64> {
    let after = (1..y.len()).find(|&i| y[i - 1] < level && y[i] >= level)?;
    let (before, step) = (after - 1, x[after] - x[after - 1]);
    Some(x[before] + step * (level - y[before]) / (y[after] - y[before]))
}

/// Lagrange's polynomial.
fn polynomial(x: &[f64], y: &[f64], at: f64) -> f64 {
    let basis = |i: usize| (0..x.len()).filter(|&j| j != i).map(|j| (at - x[j]) / (x[i] - x[j])).product::<f64>();
    (0..x.len()).map(|i| y[i] * basis(i)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_found_where_the_lines_come_from_below() {
        let x = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(first_rise(&x, &[0.9, 0.2, 0.6, 0.7], 0.5), Some(3.5));
        assert_eq!(first_rise(&x, &[0.9, 0.8, 0.6, 0.7], 0.5), None);
        assert_eq!(first_rise(&x, &[0.1, 0.2, 0.3, 0.4], 0.5), None);
    }

    #[test]
    fn quintic_curves_are_crossed_exactly() {
        let curve = |x: f64| x * x * x * x * x - 0.3 * x * x + x;
        let x: Vec<f64> = (0..9).map(|i| 0.3 * f64::from(i) + 0.01 * f64::from(i * i)).collect();
        let y: Vec<f64> = x.iter().map(|x| curve(*x)).collect();
        for at in [0.05, 0.7, 1.3, 2.9] {
            let found = first_crossing(&x, &y, curve(at)).expect("inside");
            assert!((found - at).abs() < 1e-12, "{at} {found}");
        }
        assert!((first_crossing(&x, &y, y[4]).expect("a point") - x[4]).abs() < 1e-12);
    }

    #[test]
    fn curves_that_do_not_cross_say_so() {
        let x: Vec<f64> = (0..8).map(f64::from).collect();
        assert_eq!(first_crossing(&x, &x, 9.0), None);
        assert_eq!(first_crossing(&x, &x, -1.0), None);
        assert_eq!(first_crossing(&x[..5], &x[..5], 2.0), None);
    }

    #[test]
    fn the_error_is_of_sixth_order() {
        let error = |h: f64| {
            let x: Vec<f64> = (0..20).map(|i| 0.21 + h * (f64::from(i) - 9.5)).collect();
            let y: Vec<f64> = x.iter().map(|x| crate::elementary::tanh(*x)).collect();
            (first_crossing(&x, &y, crate::elementary::tanh(0.21)).expect("inside") - 0.21).abs()
        };
        let ratio = error(0.2) / error(0.1);
        assert!(error(0.1) < 1e-6 && ratio > 40.0 && ratio < 90.0, "{:e} {ratio}", error(0.1));
    }

    #[test]
    fn levels_between_whole_numbers_are_found() {
        let values = [0.0, 1.0, 5.0];
        assert_eq!(first_at_or_above(3, &values, 0.0), Some(3.0));
        assert_eq!(first_at_or_above(3, &values, 2.0), Some(4.25));
        assert_eq!(first_at_or_above(3, &values, 6.0), None);
    }
}
