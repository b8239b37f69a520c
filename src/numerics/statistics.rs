//! Estimates with standard errors, quantiles, and Kolmogorov-Smirnov tests.

use super::elementary::{erfc, exp, ln, ln_1p, ln_gamma};
use super::roots::newton_bracketed;
use super::sum::sum;

/// Mean, and its standard error `sd / sqrt(N)` with the unbiased variance; `None` for fewer than two values.
pub fn mean_and_stderr(values: &[f64]) -> (f64, Option<f64>) {
    let n = values.len() as f64;
    if let Some(&first) = values.first()
        && values.iter().all(|&value| value == first)
    {
        // a constant has no spread, not even that of the rounding of its mean
        return (first, (values.len() > 1).then_some(0.0));
    }
    let mean = sum(values.iter().copied()) / n;
    let stderr =
        (values.len() > 1).then(|| (sum(values.iter().map(|x| (x - mean) * (x - mean))) / (n - 1.0) / n).sqrt());
    (mean, stderr)
}

/// Unbiased variance, and its standard error `sqrt((m_4 - m_2^2 (N - 3) / (N - 1)) / N)` from the central moments;
/// `None` for fewer than four values.
pub fn variance_and_stderr(values: &[f64]) -> (f64, Option<f64>) {
    let n = values.len() as f64;
    let mean = sum(values.iter().copied()) / n;
    let second = sum(values.iter().map(|x| (x - mean) * (x - mean))) / n;
    let fourth = sum(values.iter().map(|x| (x - mean) * (x - mean) * (x - mean) * (x - mean))) / n;
    let variance = second * n / (n - 1.0);
    let stderr = (values.len() > 3).then(|| ((fourth - second * second * (n - 3.0) / (n - 1.0)).max(0.0) / n).sqrt());
    (variance, stderr)
}

/// `x` with `P(|Z| > x) = alpha` for a standard normal `Z`; relative error below 1e-12 for `alpha` from 1e-300 to 1.
pub fn normal_critical(alpha: f64) -> f64 {
    // in the logarithm the tail is nearly a parabola, which Newton's method likes
    let target = ln(alpha);
    let root = newton_bracketed(0.0, 40.0, 1.0, |x| {
        let tail = erfc(x * std::f64::consts::FRAC_1_SQRT_2);
        (ln(tail) - target, -2.0 * super::elementary::normal_pdf(x) / tail)
    });
    root.map_or(f64::NAN, |root| root.x)
}

/// `t` with `P(|T| > t) = alpha` for Student's `T` with `dof` degrees of freedom; relative error below 1e-10.
pub fn student_t_critical(alpha: f64, dof: f64) -> f64 {
    let target = ln(alpha);
    let log_norm = ln_gamma(0.5 * (dof + 1.0)) - ln_gamma(0.5 * dof) - 0.5 * ln(dof * std::f64::consts::PI);
    let root = newton_bracketed(0.0, 1e12, 1.0, |t| {
        let tail = incomplete_beta(0.5 * dof, 0.5, dof / (dof + t * t));
        let density = exp(log_norm - 0.5 * (dof + 1.0) * ln_1p(t * t / dof));
        (ln(tail) - target, -2.0 * density / tail)
    });
    root.map_or(f64::NAN, |root| root.x)
}

/// Regularised incomplete beta function `I_x(a, b)` by its continued fraction (modified Lentz).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = exp(ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * ln(x) + b * ln_1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, 1.0 - x) / b
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / guard(1.0 + term * d);
            c = guard(1.0 + term / c);
            step = c * d;
            fraction *= step;
        }
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}

/// Result of a Kolmogorov-Smirnov test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KolmogorovSmirnov {
    /// Largest distance of the distribution functions.
    pub statistic: f64,
    /// Asymptotic probability of a larger one under the null hypothesis (with Stephens' finite-sample correction).
    pub p_value: f64,
}

/// Two-sample test of sorted samples.
pub fn kolmogorov_smirnov_two_sample(a: &[f64], b: &[f64]) -> KolmogorovSmirnov {
    let (n, m) = (a.len() as f64, b.len() as f64);
    let (mut i, mut j, mut statistic) = (0, 0, 0.0f64);
    while i < a.len() && j < b.len() {
        let x = a[i].min(b[j]);
        while i < a.len() && a[i] <= x {
            i += 1;
        }
        while j < b.len() && b[j] <= x {
            j += 1;
        }
        statistic = statistic.max((i as f64 / n - j as f64 / m).abs());
    }
    KolmogorovSmirnov { statistic, p_value: kolmogorov_tail(statistic, n * m / (n + m)) }
}

/// One-sample test of a sorted sample against a distribution function.
pub fn kolmogorov_smirnov(sample: &[f64], cdf: impl Fn(f64) -> f64) -> KolmogorovSmirnov {
    let n = sample.len() as f64;
    let statistic = sample.iter().enumerate().fold(0.0f64, |largest, (i, &x)| {
        let probability = cdf(x);
        largest.max(probability - i as f64 / n).max((i + 1) as f64 / n - probability)
    });
    KolmogorovSmirnov { statistic, p_value: kolmogorov_tail(statistic, n) }
}

/// `2 sum_k (-1)^(k-1) exp(-2 k^2 x^2)` at `x = (sqrt n + 0.12 + 0.11 / sqrt n) D`.
fn kolmogorov_tail(statistic: f64, n: f64) -> f64 {
    let x = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * statistic;
    if x < 0.2 {
        return 1.0;
    }
    let mut total = 0.0;
    for k in 1..=100 {
        let k = f64::from(k);
        let term = 2.0 * exp(-2.0 * k * k * x * x);
        total += if k % 2.0 == 1.0 { term } else { -term };
        if term < 1e-300 {
            break;
        }
    }
    total.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_quantiles_match_high_precision_values() {
        for (alpha, dof, exact) in [
            (0.05, 1.0, 12.706_204_736_174_698),
            (0.05, 29.0, 2.045_229_642_132_703),
            (1e-6, 29.0, 6.170_056_101_418_831),
            (1e-9, 199.0, 6.416095736770737),
            (0.5, 3.0, 0.764_892_328_404_346),
        ] {
            let found = student_t_critical(alpha, dof);
            assert!((found / exact - 1.0).abs() < 1e-10, "{alpha} {dof}: {found} {exact}");
        }
    }

    #[test]
    fn normal_quantiles_match_high_precision_values() {
        for (alpha, exact) in
            [(0.05, 1.959_963_984_540_054), (0.5, 0.674_489_750_196_081_7), (1e-9, 6.109_410_204_869_397)]
        {
            let found = normal_critical(alpha);
            assert!((found / exact - 1.0).abs() < 1e-12, "{alpha}: {found} {exact}");
        }
        assert!((student_t_critical(0.01, 1e7) / normal_critical(0.01) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn estimates_of_known_samples() {
        let (mean, stderr) = mean_and_stderr(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(mean, 2.5);
        assert!((stderr.expect("four values") - 0.645_497_224_367_902_8).abs() < 1e-15);
        assert_eq!(mean_and_stderr(&[3.0]), (3.0, None));
        let (variance, stderr) = variance_and_stderr(&[1.0, 2.0, 3.0, 4.0]);
        assert!((variance - 5.0 / 3.0).abs() < 1e-15);
        // m_2 = 1.25, m_4 = 2.5625
        assert!((stderr.expect("four values") - ((2.5625f64 - 1.5625 / 3.0) / 4.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn kolmogorov_smirnov_sees_shifts_only() {
        let grid: Vec<f64> = (0..500).map(|i| (f64::from(i) + 0.5) / 500.0).collect();
        let shifted: Vec<f64> = grid.iter().map(|x| x + 0.2).collect();
        assert!(kolmogorov_smirnov_two_sample(&grid, &grid).p_value > 0.999);
        let far = kolmogorov_smirnov_two_sample(&grid, &shifted);
        assert!((far.statistic - 0.2).abs() < 3e-3 && far.p_value < 1e-8);
        assert!(kolmogorov_smirnov(&grid, |x| x).p_value > 0.999);
        assert!(kolmogorov_smirnov(&shifted, |x| x.clamp(0.0, 1.0)).p_value < 1e-15);
        // the 5 % point of the limiting distribution
        assert!((kolmogorov_tail(1.358_098_6 / 1e4, 1e8) - 0.05).abs() < 1e-5);
    }
}
