//! Values at step size 0 from values at two step sizes.

/// A value at one step size, with its standard error.
#[derive(Debug, Clone, Copy)]
pub struct AtStep {
    /// The step size.
    pub step: f64,
    /// The value there.
    pub value: f64,
    /// Its standard error.
    pub stderr: f64,
}

/// Value and standard error at step size 0, from independent values at two step sizes; errors are of second order.
pub fn extrapolated(small: AtStep, large: AtStep) -> (f64, f64) {
    let range = large.step - small.step;
    let (a, b) = (large.step / range, small.step / range);
    let stderr = (a * a * small.stderr * small.stderr + b * b * large.stderr * large.stderr).sqrt();
    (a * small.value - b * large.value, stderr)
}

/// The `c` of `c / n` nearest to these deviations at sizes `n`, in units of their standard errors: (size, deviation, standard error) each.
pub fn inverse_size(deviations: &[(f64, f64, f64)]) -> f64 {
    let (above, below) = deviations.iter().fold((0.0, 0.0), |(above, below), (n, deviation, error)| {
        let weight = 1.0 / (n * error);
        (above + weight * deviation / error, below + weight * weight)
    });
    above / below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_inverse_size_is_found_and_sure_values_count_most() {
        let exact = inverse_size(&[(10.0, 0.3, 0.1), (100.0, 0.03, 0.02), (30.0, 0.1, 0.4)]);
        assert!((exact - 3.0).abs() < 1e-14, "{exact}");
        let near = inverse_size(&[(10.0, 0.3, 1e-6), (10.0, 0.5, 1e-3)]);
        assert!((near - 3.0).abs() < 1e-5 && near > 3.0, "{near}");
    }

    #[test]
    fn what_is_linear_in_the_step_drops_out() {
        let at = |step: f64, stderr| AtStep { step, value: 3.0 - 0.5 * step, stderr };
        let (value, stderr) = extrapolated(at(0.25, 0.3), at(0.5, 0.4));
        assert_eq!(value, 3.0);
        // 2 a - b
        assert!((stderr - f64::sqrt(4.0 * 0.09 + 0.16)).abs() < 1e-15);
    }
}
