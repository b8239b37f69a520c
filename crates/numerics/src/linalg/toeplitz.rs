//! Inverses of symmetric positive definite Toeplitz matrices, `T_ij = t_|i-j|`, from their first column alone.

use crate::real::Real;

/// The inverse by the formula of Gohberg and Semencul: `T^-1 = (L L^T - U U^T) / x_0` with the Toeplitz triangles `L`, of first column
/// `x = T^-1 e_0`, and `U`, of first column `(0, x_(m-1), ..., x_1)`.
#[derive(Debug, Clone)]
pub struct ToeplitzInverse<R> {
    first: Vec<R>,
}

impl<R: Real> ToeplitzInverse<R> {
    /// The inverse, in `O(m^2)` by the recursion of Levinson and Durbin; none where a pivot is not positive. Relative errors are of the
    /// order of 1e-16 times the condition number (Cybenko, SIAM J. Sci. Stat. Comput. 1 (1980) 303).
    pub fn new(lags: &[R]) -> Option<Self> {
        let mut error = *lags.first()?;
        // the prediction-error filter of growing order
        let mut filter = vec![R::constant(1.0)];
        let mut reversed = Vec::with_capacity(lags.len());
        for (order, lag) in lags.iter().enumerate() {
            if !(error.value() > 0.0) {
                return None;
            }
            if order == 0 {
                continue;
            }
            let mut rest = *lag;
            for (coefficient, lag) in filter[1..].iter().zip(lags[1..order].iter().rev()) {
                rest = rest + *coefficient * *lag;
            }
            let reflection = -(rest / error);
            reversed.clear();
            reversed.extend(filter.iter().rev().copied());
            filter.push(R::constant(0.0));
            for (coefficient, back) in filter[1..].iter_mut().zip(&reversed) {
                *coefficient = *coefficient + reflection * *back;
            }
            error = error * (R::constant(1.0) - reflection * reflection);
        }
        if !(error.value() > 0.0) {
            return None;
        }
        Some(Self { first: filter.iter().map(|coefficient| *coefficient / error).collect() })
    }

    /// Sum of the diagonal of the inverse.
    pub fn trace(&self) -> R {
        let m = self.first.len() as f64;
        let terms = self.first.iter().enumerate();
        let sum = terms.fold(R::constant(0.0), |sum, (i, x)| sum + R::constant(m - 2.0 * i as f64) * *x * *x);
        sum / self.first[0]
    }

    /// `y^T T^-1 y` for a wave `y_j = sqrt(2 / m) cos(omega j + phase)`, mean over the phases; `turns[j]` is `(cos, sin)` of `omega j`.
    pub fn wave(&self, turns: &[(f64, f64)]) -> R {
        let zero = R::constant(0.0);
        let squares = |values: &mut dyn Iterator<Item = R>| {
            let (mut real, mut imaginary, mut total) = (zero, zero, zero);
            for (value, (cos, sin)) in values.zip(turns) {
                real = real + value * R::constant(*cos);
                imaginary = imaginary + value * R::constant(*sin);
                total = total + real * real + imaginary * imaginary;
            }
            total
        };
        let forward = squares(&mut self.first.iter().copied());
        let backward = squares(&mut std::iter::once(zero).chain(self.first[1..].iter().rev().copied()));
        (forward - backward) / (self.first[0] * R::constant(self.first.len() as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elementary::{exp, sin_cos};
    use crate::linalg::solve_positive;
    use crate::real::Series;

    const M: usize = 23;

    fn lags(shift: f64) -> Vec<f64> {
        (0..M).map(|i| exp(-0.02 * (i * i) as f64) + if i == 0 { shift } else { 0.0 }).collect()
    }

    fn form(lags: &[f64], y: &[f64]) -> f64 {
        let rows: Vec<Vec<f64>> = (0..M).map(|i| (0..M).map(|j| lags[i.abs_diff(j)]).collect()).collect();
        let x = solve_positive(&rows, y, 0.0).expect("definite");
        x.iter().zip(y).map(|(x, y)| x * y).sum()
    }

    #[test]
    fn trace_and_waves_are_those_of_the_dense_inverse() {
        let t = lags(0.03);
        let inverse = ToeplitzInverse::new(&t).expect("definite");
        let unit = |i: usize| (0..M).map(|j| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
        let trace: f64 = (0..M).map(|i| form(&t, &unit(i))).sum();
        assert!((inverse.trace() / trace - 1.0).abs() < 1e-12);
        for omega in [0.0, 0.3, 1.7] {
            let turns: Vec<(f64, f64)> = (0..M).map(|j| sin_cos(omega * j as f64)).map(|(s, c)| (c, s)).collect();
            let root = (2.0 / M as f64).sqrt();
            let cos: Vec<f64> = turns.iter().map(|(c, _)| root * c).collect();
            let sin: Vec<f64> = turns.iter().map(|(_, s)| root * s).collect();
            let mean = 0.5 * (form(&t, &cos) + form(&t, &sin));
            assert!((inverse.wave(&turns) / mean - 1.0).abs() < 1e-12, "{omega}");
        }
    }

    #[test]
    fn series_give_derivatives_in_the_ridge() {
        let series = |shift: f64| -> Vec<Series> {
            let mut t: Vec<Series> = lags(shift).into_iter().map(Series::constant).collect();
            t[0].first = 1.0;
            t
        };
        let trace = |shift| ToeplitzInverse::new(&lags(shift)).expect("definite").trace();
        let found = ToeplitzInverse::new(&series(0.05)).expect("definite").trace();
        let quotient = (trace(0.0501) - trace(0.0499)) / 2e-4;
        assert!((found.value / trace(0.05) - 1.0).abs() < 1e-13 && (found.first / quotient - 1.0).abs() < 1e-5);
    }

    #[test]
    fn matrices_that_are_not_definite_have_none() {
        assert!(ToeplitzInverse::new(&[1.0, 1.0, 1.0]).is_none());
        assert!(ToeplitzInverse::new(&[1.0, -2.0]).is_none());
        assert!(ToeplitzInverse::<f64>::new(&[]).is_none());
        assert!(ToeplitzInverse::new(&[0.0]).is_none());
    }
}
