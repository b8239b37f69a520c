//! Estimates with standard errors, quantiles, and Kolmogorov-Smirnov tests.

use super::elementary::{erf, erfc, exp, expm1, ln, ln_1p, ln_gamma, normal_cdf};
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

/// Bins of equal width between -4 and 4 standard deviations about the mean, and how many of these values are in each: both ends, in standard
/// deviations, and the number.
pub fn standard_histogram(values: &[f64], bins: usize) -> Vec<(f64, f64, usize)> {
    let (mean, error) = mean_and_stderr(values);
    let sd = error.unwrap_or(1.0) * (values.len() as f64).sqrt();
    let step = 8.0 / bins as f64;
    let ends = (0..bins).map(|bin| (-4.0 + step * bin as f64, -4.0 + step * (bin + 1) as f64));
    let inside = |low, high| values.iter().map(|x| (x - mean) / sd).filter(|z| (low..high).contains(z)).count();
    ends.map(|(low, high)| (low, high, inside(low, high))).collect()
}

/// `x` with `P(|Z| > x) = alpha` for a standard normal `Z`; relative error below 1e-12 for `alpha` from 1e-300 to 1 (of
/// `1 - alpha`, above 1/2). NaN where there is no such number.
pub fn normal_critical(alpha: f64) -> f64 {
    if !(alpha > 0.0 && alpha <= 1.0) {
        return f64::NAN;
    }
    if alpha > 0.5 {
        // the probability within, since the tail has lost it
        let target = 1.0 - alpha;
        let root = newton_bracketed(0.0, 1.0, target, |x| {
            (target - erf(x * std::f64::consts::FRAC_1_SQRT_2), -2.0 * super::elementary::normal_pdf(x))
        });
        return root.map_or(f64::NAN, |root| root.x);
    }
    // in the logarithm the tail is nearly a parabola, which Newton's method likes
    let target = ln(alpha);
    let root = newton_bracketed(0.0, 40.0, 1.0, |x| {
        let tail = erfc(x * std::f64::consts::FRAC_1_SQRT_2);
        (ln(tail) - target, -2.0 * super::elementary::normal_pdf(x) / tail)
    });
    root.map_or(f64::NAN, |root| root.x)
}

/// `t` with `P(|T| > t) = alpha` for Student's `T` with `dof` degrees of freedom; relative error below 1e-10 for `alpha` from
/// 1e-300 to 1 and `dof` from 1. NaN where there is no such number.
///
/// In `u = sqrt(dof ln(1 + t^2 / dof))` the tail is nearly that of a normal variable: `z <= u <= z / sqrt(1 - 1 / (2 dof))`
/// with `z` its critical value (Wallace, Ann. Math. Stat. 30 (1959) 1121). From 1e5 degrees of freedom on, four terms of the
/// expansion of `t` in `1 / dof` (Abramowitz and Stegun 26.7.5).
pub fn student_t_critical(alpha: f64, dof: f64) -> f64 {
    let z = normal_critical(alpha);
    if !(z > 0.0 && dof >= 1.0) {
        return if z == 0.0 { z } else { f64::NAN };
    }
    if dof >= 1e5 {
        return student_t_expansion(z, dof);
    }
    let student = StudentTail::new(dof);
    let highest = z / (1.0 - 0.5 / dof).sqrt();
    let start = (z * (8.0 * dof + 3.0) / (8.0 * dof + 1.0)).min(highest);
    let root = newton_bracketed(z * (1.0 - 1e-9), highest * (1.0 + 1e-9), start, |u| {
        if alpha > 0.5 {
            let within = student.within(u);
            (ln(1.0 - alpha) - ln(within), -student.slope_over(u, ln(within)))
        } else {
            let log_tail = student.log_tail(u);
            (log_tail - ln(alpha), -student.slope_over(u, log_tail))
        }
    });
    root.map_or(f64::NAN, |root| student.t(root.x))
}

/// `P(T < t)` for Student's `T` with `dof` degrees of freedom, at least 1; within 1e-12. From 1e5 degrees of freedom on by the
/// normal law at `t (1 - 1 / (4 dof)) / sqrt(1 + t^2 / (2 dof))` (Abramowitz and Stegun 26.7.8), which is within 1e-10.
pub fn student_t_cdf(t: f64, dof: f64) -> f64 {
    if dof >= 1e5 {
        return normal_cdf(t * (1.0 - 0.25 / dof) / (1.0 + t * t / (2.0 * dof)).sqrt());
    }
    let u = (dof * ln_1p(t * t / dof)).sqrt();
    if u == 0.0 {
        return 0.5;
    }
    let tail = 0.5 * exp(StudentTail::new(dof).log_tail(u));
    if t < 0.0 { tail } else { 1.0 - tail }
}

/// `P(X > x)` for a `chi^2` variable `X` with `dof` degrees of freedom, by the series or the continued fraction of the incomplete gamma
/// function (Abramowitz and Stegun 6.5.29, 6.5.31); relative error below 1e-10 up to a million degrees of freedom.
pub fn chi_squared_tail(x: f64, dof: f64) -> f64 {
    if !(dof > 0.0 && x >= 0.0) {
        return f64::NAN;
    }
    let (a, x) = (0.5 * dof, 0.5 * x);
    if x == 0.0 {
        return 1.0;
    }
    let front = exp(a * ln(x) - x - ln_gamma(a));
    if x < a + 1.0 {
        let (mut term, mut total, mut n) = (1.0 / a, 1.0 / a, 1.0);
        while term > 1e-17 * total {
            term *= x / (a + n);
            total += term;
            n += 1.0;
        }
        return (1.0 - front * total).clamp(0.0, 1.0);
    }
    // Lentz
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let (mut value, mut n) = (d, 1.0);
    loop {
        let top = n * (a - n);
        b += 2.0;
        d = 1.0 / (top * d + b);
        c = b + top / c;
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-15 || n > 1e5 {
            return (front * value).clamp(0.0, 1.0);
        }
        n += 1.0;
    }
}

/// `P(X >= k)` for a binomial `X` of `n` trials with this chance.
pub fn binomial_tail(k: u64, n: u64, chance: f64) -> f64 {
    if k == 0 || chance >= 1.0 {
        return 1.0;
    }
    if !(chance > 0.0) || k > n {
        return 0.0;
    }
    let (log, log_other) = (ln(chance), ln_1p(-chance));
    let whole = ln_gamma(n as f64 + 1.0);
    let term = |j: u64| {
        let (j, rest) = (j as f64, (n - j) as f64);
        exp(whole - ln_gamma(j + 1.0) - ln_gamma(rest + 1.0) + j * log + rest * log_other)
    };
    // the shorter way
    let upper = k as f64 > n as f64 * chance;
    let total = if upper { sum((k..=n).map(term)) } else { 1.0 - sum((0..k).map(term)) };
    total.clamp(0.0, 1.0)
}

/// Interval of Clopper and Pearson (Biometrika 26 (1934) 404) for the chance of an event seen `k` times in `n`: each side is wrong
/// with a probability of at most `alpha / 2`.
pub fn binomial_interval(k: u64, n: u64, alpha: f64) -> (f64, f64) {
    // the tail rises with the chance
    let chance_of_tail = |k: u64, target: f64| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if binomial_tail(k, n, middle) < target {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    };
    let low = if k == 0 { 0.0 } else { chance_of_tail(k, 0.5 * alpha) };
    let high = if k >= n { 1.0 } else { chance_of_tail(k + 1, 1.0 - 0.5 * alpha) };
    (low, high)
}

fn student_t_expansion(z: f64, dof: f64) -> f64 {
    let y = z * z;
    let terms = [
        (y + 1.0) / 4.0,
        ((5.0 * y + 16.0) * y + 3.0) / 96.0,
        (((3.0 * y + 19.0) * y + 17.0) * y - 15.0) / 384.0,
        ((((79.0 * y + 776.0) * y + 1482.0) * y - 1920.0) * y - 945.0) / 92_160.0,
    ];
    z + z * terms.iter().rev().fold(0.0, |sum, term| (sum + term) / dof)
}

/// Two-sided tail of Student's law as a function of `u = sqrt(dof ln(1 + t^2 / dof))`: the incomplete beta function
/// `I_x(dof / 2, 1 / 2)` at `x = exp(-u^2 / dof)`, whose power `x^(dof / 2)` is `exp(-u^2 / 2)` without rounding in `dof`.
struct StudentTail {
    dof: f64,
    /// `ln B(dof / 2, 1 / 2)`.
    log_beta: f64,
}

impl StudentTail {
    fn new(dof: f64) -> Self {
        let a = 0.5 * dof;
        // ln Gamma(a + 1/2) - ln Gamma(a): Stirling's series, where the two would cancel
        let r = 1.0 / (a * a);
        let series = (((17.0 / 14_336.0 * r - 1.0 / 640.0) * r + 1.0 / 192.0) * r - 0.125) / a;
        let ratio = if a < 50.0 { ln_gamma(a + 0.5) - ln_gamma(a) } else { 0.5 * ln(a) + series };
        Self { dof, log_beta: 0.5 * ln(std::f64::consts::PI) - ratio }
    }

    fn t(&self, u: f64) -> f64 {
        let y = u * u / self.dof;
        // in two factors, since exp(y) may overflow
        self.dof.sqrt() * exp(0.5 * y) * (-expm1(-y)).sqrt()
    }

    /// `x^(dof/2) (1 - x)^(1/2) / B`, its logarithm.
    fn log_front(&self, u: f64) -> f64 {
        -0.5 * u * u + 0.5 * ln(-expm1(-u * u / self.dof)) - self.log_beta
    }

    /// `ln P(|T| > t)`.
    fn log_tail(&self, u: f64) -> f64 {
        let (a, x) = (0.5 * self.dof, exp(-u * u / self.dof));
        if x < (a + 1.0) / (a + 2.5) {
            self.log_front(u) + ln(beta_fraction(a, 0.5, x) / a)
        } else {
            ln_1p(-self.within(u))
        }
    }

    /// `P(|T| < t)`.
    fn within(&self, u: f64) -> f64 {
        let (a, y) = (0.5 * self.dof, -expm1(-u * u / self.dof));
        if 1.0 - y < (a + 1.0) / (a + 2.5) {
            1.0 - exp(self.log_front(u)) * beta_fraction(a, 0.5, 1.0 - y) / a
        } else {
            exp(self.log_front(u)) * beta_fraction(0.5, a, y) / 0.5
        }
    }

    /// `d P(|T| < t) / du` over `exp(log_probability)`.
    fn slope_over(&self, u: f64, log_probability: f64) -> f64 {
        let y = -expm1(-u * u / self.dof);
        2.0 * u / self.dof / y.sqrt() * exp(-0.5 * u * u - self.log_beta - log_probability)
    }
}

/// Continued fraction of the incomplete beta function (modified Lentz):
/// `I_x(a, b) = x^a (1 - x)^b / (a B(a, b))` times it, for `x` below `(a + 1) / (a + b + 2)`.
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

/// Least-squares slope of a line through these points.
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let mean = points.iter().map(|(x, _)| x).sum::<f64>() / points.len() as f64;
    let square: f64 = points.iter().map(|(x, _)| (x - mean) * (x - mean)).sum();
    points.iter().map(|(x, y)| (x - mean) * y).sum::<f64>() / square
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
    fn the_slope_of_a_line_is_found_and_that_of_scattered_points_is_between() {
        assert!((slope(&[(1.0, 5.0), (2.0, 3.0), (4.0, -1.0)]) + 2.0).abs() < 1e-15);
        assert!((slope(&[(0.0, 0.0), (1.0, 1.0), (2.0, 0.5)]) - 0.25).abs() < 1e-15);
    }

    #[test]
    fn chi_squared_is_that_of_one_normal_and_of_an_exponential() {
        for x in [0.01, 0.5, 1.0, 3.84, 10.0, 60.0] {
            let normal = erfc((x / 2.0_f64).sqrt());
            assert!((chi_squared_tail(x, 1.0) / normal - 1.0).abs() < 1e-10, "{x}");
            assert!((chi_squared_tail(x, 2.0) / exp(-x / 2.0) - 1.0).abs() < 1e-10, "{x}");
            // two degrees more add one term of the Poisson law
            let step = exp(20.0 * ln(x / 2.0) - x / 2.0 - ln_gamma(21.0));
            assert!((chi_squared_tail(x, 42.0) - chi_squared_tail(x, 40.0) - step).abs() < 1e-12, "{x}");
        }
        // 95 % points of tables
        for (dof, point) in [(1.0, 3.841_458_821), (10.0, 18.307_038_05), (100.0, 124.342_113_4)] {
            assert!((chi_squared_tail(point, dof) - 0.05).abs() < 1e-9, "{dof}");
        }
        assert_eq!(chi_squared_tail(0.0, 3.0), 1.0);
        assert!(chi_squared_tail(-1.0, 3.0).is_nan());
    }

    #[test]
    fn distribution_functions_invert_their_quantiles() {
        for dof in [1.0, 3.0, 29.0, 199.0, 9999.0, 1e5, 1e7] {
            for alpha in [0.9, 0.5, 0.05, 1e-3, 1e-6] {
                let t = student_t_critical(alpha, dof);
                let bound = if dof >= 1e5 { 1e-10 } else { 1e-12 };
                assert!((2.0 * student_t_cdf(-t, dof) - alpha).abs() < bound, "{dof} {alpha}");
                assert!((student_t_cdf(t, dof) + student_t_cdf(-t, dof) - 1.0).abs() < bound);
                let z = normal_critical(alpha);
                assert!((2.0 * normal_cdf(-z) - alpha).abs() < 1e-12);
            }
        }
        assert_eq!(student_t_cdf(0.0, 5.0), 0.5);
        // two and three degrees of freedom have closed forms
        let t: f64 = 1.3;
        assert!((student_t_cdf(t, 2.0) - 0.5 - t / (2.0 * (2.0 + t * t).sqrt())).abs() < 1e-13);
    }

    #[test]
    fn binomial_tails_and_intervals_match_exact_values() {
        assert!((binomial_tail(3, 5, 0.5) - 0.5).abs() < 1e-14);
        assert!((binomial_tail(1, 1000, 1e-3) - (1.0 - exp(1000.0 * ln_1p(-1e-3)))).abs() < 1e-12);
        assert!((binomial_tail(5, 5, 0.3) - 0.3f64 * 0.3 * 0.3 * 0.3 * 0.3).abs() < 1e-15);
        assert_eq!((binomial_tail(0, 7, 0.2), binomial_tail(8, 7, 0.2), binomial_tail(2, 7, 0.0)), (1.0, 0.0, 0.0));
        // none in n: 1 - (alpha / 2)^(1 / n)
        let (low, high) = binomial_interval(0, 1000, 0.05);
        assert!(low == 0.0 && (high + expm1(ln(0.025) / 1000.0)).abs() < 1e-12, "{high}");
        let (low, high) = binomial_interval(1000, 1000, 0.05);
        assert!(high == 1.0 && (low - exp(ln(0.025) / 1000.0)).abs() < 1e-12);
        // Clopper and Pearson: 3 of 10 at 95 %
        let (low, high) = binomial_interval(3, 10, 0.05);
        assert!((low - 0.066_739).abs() < 1e-5 && (high - 0.652_453).abs() < 1e-5, "{low} {high}");
    }

    #[test]
    fn student_quantiles_match_high_precision_values() {
        for (alpha, dof, exact) in [
            (0.05, 1.0, 12.706_204_736_174_698),
            (0.05, 29.0, 2.045_229_642_132_703),
            (1e-6, 29.0, 6.170_056_101_418_831),
            (1e-9, 199.0, 6.416095736770737),
            (0.5, 3.0, 0.764_892_328_404_346),
            (0.9, 29.0, 0.126_766_605_620_274_8),
            (1.0 - 1.0 / (1u32 << 30) as f64, 5.0, 1.226_694_101_533_048e-9),
            (1e-9, 1.0, 636_619_772.367_581_3),
            (1e-6, 1e4, 4.894_688_616_315_606),
            (1e-9, 1e7, 6.109_416_058_436_53),
            (1e-30, 29.0, 54.312_740_876_032_09),
            (1e-100, 999.0, 23.979_016_589_528_65),
            (1e-300, 3.0, 1.301_638_089_207_149_3e100),
        ] {
            let found = student_t_critical(alpha, dof);
            assert!((found / exact - 1.0).abs() < 2e-13, "{alpha} {dof}: {found} {exact}");
        }
        // where the expansion takes over
        let [below, above] = [1e5 - 0.001, 1e5].map(|dof| student_t_critical(1e-9, dof));
        assert!((below / above - 1.0).abs() < 1e-12);
        assert_eq!(student_t_critical(1.0, 5.0), 0.0);
        for (alpha, dof) in [(0.0, 5.0), (1.5, 5.0), (0.1, 0.0), (f64::NAN, 5.0), (0.1, f64::NAN)] {
            assert!(student_t_critical(alpha, dof).is_nan(), "{alpha} {dof}");
        }
    }

    #[test]
    fn normal_quantiles_match_high_precision_values() {
        for (alpha, exact) in [
            (0.05, 1.959_963_984_540_054),
            (0.5, 0.674_489_750_196_081_7),
            (1e-9, 6.109_410_204_869_397),
            (1e-300, 37.06578788077213),
            (0.75, 0.31863936396437516),
            (1.0 - 1.0 / (1u32 << 30) as f64, 1.1672397491666491e-9),
        ] {
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

    #[test]
    fn a_histogram_is_about_the_mean_in_standard_deviations() {
        // from -2 to 2 standard deviations
        let values = [8.0, 9.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 11.0, 12.0].map(|x| 3.0 * x);
        let bins = standard_histogram(&values, 5);
        assert_eq!(bins.iter().map(|bin| bin.2).collect::<Vec<_>>(), [0, 2, 7, 2, 0]);
        assert_eq!((bins[0].0, bins[4].1), (-4.0, 4.0));
    }
}
