//! Safeguarded root finding with typed failure; never returns "the last iterate".

/// A search that did not converge.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("no convergence after {iterations} iterations (residual {residual:e})")]
pub struct NoConvergence {
    /// Iterations spent.
    pub iterations: u32,
    /// Size of the function at the last point.
    pub residual: f64,
}

/// A root with the work spent on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Root {
    /// Where the function vanishes.
    pub x: f64,
    /// Evaluations of the function.
    pub iterations: u32,
}

/// Root of `f` in `[low, high]`, where `f(low) >= 0 >= f(high)`, by Newton steps that fall back on bisection whenever
/// they leave the bracket or stall. `f` returns `(value, slope)`; starts from `start`.
///
/// Ends when a step is below 2 ulp of `x`, when steps below 1e-11 of `x` no longer halve (the rounding of `f` is reached), when
/// the value is exactly 0, or when the bracket has closed.
pub fn newton_bracketed(
    mut low: f64,
    mut high: f64,
    start: f64,
    mut f: impl FnMut(f64) -> (f64, f64),
) -> Result<Root, NoConvergence> {
    const LIMIT: u32 = 200;
    const PLATEAU: f64 = 1e-11;
    // a bracket that is none, such as one of numbers that overflowed
    if !(low <= high) || start.is_nan() {
        return Err(NoConvergence { iterations: 0, residual: f64::NAN });
    }
    let mut x = start.clamp(low, high);
    let mut previous_step = high - low;
    let mut residual = f64::INFINITY;
    for iterations in 1..=LIMIT {
        let (value, slope) = f(x);
        residual = value.abs();
        if value == 0.0 {
            return Ok(Root { x, iterations });
        }
        if !value.is_finite() {
            break;
        }
        if value > 0.0 {
            low = x;
        } else {
            high = x;
        }
        let mut next = x - value / slope;
        let inside = next > low && next < high;
        if !inside || (next - x).abs() > 0.5 * previous_step.abs() {
            // a tiny Newton step that no longer shrinks is the rounding of `f`, not a stall
            if (value / slope).abs() <= PLATEAU * x.abs() {
                return Ok(Root { x: next.clamp(low, high), iterations });
            }
            next = low + 0.5 * (high - low);
        }
        if !next.is_finite() {
            break;
        }
        previous_step = next - x;
        let tolerance = 2.0 * f64::EPSILON * next.abs();
        if previous_step.abs() <= tolerance || high - low <= tolerance {
            return Ok(Root { x: next, iterations });
        }
        x = next;
    }
    Err(NoConvergence { iterations: LIMIT, residual })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_simple_and_awkward_roots() {
        let root = newton_bracketed(0.0, 2.0, 2.0, |x| (2.0 - x * x, -2.0 * x)).expect("converges");
        assert!((root.x - std::f64::consts::SQRT_2).abs() < 4e-16 && root.iterations < 10);
        // triple root: Newton is slow, bisection takes over
        let flat =
            newton_bracketed(0.0, 3.0, 3.0, |x| ((1.0 - x) * (1.0 - x) * (1.0 - x), -3.0 * (1.0 - x) * (1.0 - x)));
        assert!((flat.expect("converges").x - 1.0).abs() < 1e-5);
        // useless slope
        let blind = newton_bracketed(0.0, 4.0, 0.1, |x| (3.0 - x, 0.0)).expect("converges");
        assert!((blind.x - 3.0).abs() < 1e-14);
    }

    #[test]
    fn says_when_it_fails() {
        assert!(newton_bracketed(0.0, 1.0, 0.5, |_| (f64::NAN, 1.0)).is_err());
        for (low, high, start) in [(1.0, 0.0, 0.5), (f64::NAN, 1.0, 0.5), (0.0, f64::NAN, 0.5), (0.0, 1.0, f64::NAN)] {
            assert!(newton_bracketed(low, high, start, |x| (0.5 - x, -1.0)).is_err(), "{low} {high} {start}");
        }
        let error = newton_bracketed(0.0, f64::INFINITY, 1.0, |_| (1.0, 0.0)).map(|root| root.x);
        assert!(error.is_err(), "{error:?}");
    }
}
