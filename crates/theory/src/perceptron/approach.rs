//! From `lambda_eff` at several inverse temperatures to the learning coefficient, by the form that its poles give the approach.

use super::{LearningCoefficient, NextPole};
use neurodyn_numerics::elementary::exp;
use neurodyn_numerics::linalg::weighted_least_squares;

/// `lambda_eff` at one temperature.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// `ln beta`.
    pub log_beta: f64,
    /// `lambda_eff`.
    pub value: f64,
    /// Inverse variance.
    pub weight: f64,
}

/// How `lambda_eff` approaches `lambda`: `lambda + beta^-gap (a_0 + a_1 ln beta + ...)` where `m = 1`, or `lambda - (m - 1) / (ln beta + c)`.
#[derive(Debug, Clone, Copy)]
pub struct Approach {
    /// `lambda` and `m`.
    pub coefficient: LearningCoefficient,
    /// The next pole.
    pub next: Option<NextPole>,
}

/// `lambda`, and what else the form has: `a_0, a_1, ...`, or `c`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit(Vec<f64>);

impl Fit {
    /// `lambda`.
    pub fn lambda(&self) -> f64 {
        self.0[0]
    }
}

impl Approach {
    /// How many numbers the fit finds.
    pub fn unknowns(&self) -> usize {
        if self.coefficient.multiplicity == 1 { self.basis(0.0).len() } else { 2 }
    }

    /// `1, beta^-gap, beta^-gap ln beta, ...`.
    fn basis(&self, log_beta: f64) -> Vec<f64> {
        let mut row = vec![1.0];
        if let Some(NextPole { gap, degree }) = self.next {
            let mut power = exp(-gap * log_beta);
            for _ in 0..=degree {
                row.push(power);
                power *= log_beta;
            }
        }
        row
    }

    /// `lambda_eff` of a fit.
    pub fn value(&self, fit: &Fit, log_beta: f64) -> f64 {
        if self.coefficient.multiplicity == 1 {
            return self.basis(log_beta).iter().zip(&fit.0).map(|(x, a)| x * a).sum();
        }
        fit.0[0] - f64::from(self.coefficient.multiplicity - 1) / (log_beta + fit.0[1])
    }

    /// Weighted least squares; none where the points do not determine it.
    pub fn fit(&self, points: &[Point]) -> Option<Fit> {
        if self.coefficient.multiplicity == 1 {
            return least_squares(points, |point| (self.basis(point.log_beta), point.value)).map(Fit);
        }
        // Gauss and Newton in lambda and c
        let order = f64::from(self.coefficient.multiplicity - 1);
        let (mut lambda, mut c) = (self.coefficient.lambda, 0.0f64);
        let first = points.iter().fold(f64::INFINITY, |least, point| least.min(point.log_beta));
        let least = -0.9 * first;
        if !(least <= 100.0) {
            return None;
        }
        for _ in 0..50 {
            let near = |point: &Point| order / (point.log_beta + c);
            let linear = |point: &Point| {
                let near = near(point);
                (vec![1.0, near * near / order], point.value - lambda + near)
            };
            let step = least_squares(points, linear)?;
            lambda += step[0];
            // stays where the form has no pole within the points
            c = (c + step[1]).clamp(least, 100.0);
        }
        Some(Fit(vec![lambda, c]))
    }

    /// The fit to points that are means over replicas, and the standard error of `lambda` by the jackknife over these: `without` gives the value
    /// of a point, by its place, without one of them. The weights stay those of all.
    pub fn estimate(
        &self,
        points: &[Point],
        replicas: usize,
        without: impl Fn(usize, usize) -> f64,
    ) -> Option<(Fit, f64)> {
        let estimate = self.fit(points)?;
        let left_out = |replica: usize| {
            let reduced = points.iter().enumerate().map(|(i, point)| Point { value: without(i, replica), ..*point });
            Some(self.fit(&reduced.collect::<Vec<_>>())?.lambda())
        };
        let lambdas = (0..replicas).map(left_out).collect::<Option<Vec<f64>>>()?;
        let mean = lambdas.iter().sum::<f64>() / replicas as f64;
        let squares: f64 = lambdas.iter().map(|x| (x - mean) * (x - mean)).sum();
        Some((estimate, (squares * (replicas as f64 - 1.0) / replicas as f64).sqrt()))
    }
}

/// Weighted least squares of what is linear in the unknowns: their factors and the value at each point.
fn least_squares(points: &[Point], linear: impl Fn(&Point) -> (Vec<f64>, f64)) -> Option<Vec<f64>> {
    let (rows, values): (Vec<Vec<f64>>, Vec<f64>) = points.iter().map(linear).unzip();
    weighted_least_squares(&rows, &values, &points.iter().map(|point| point.weight).collect::<Vec<f64>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The right form gives its own `lambda` back.
    #[test]
    fn the_forms_are_recovered() {
        let coefficient = |multiplicity| LearningCoefficient { lambda: 1.0, multiplicity };
        let logs = || (10..28).map(f64::from);
        let points = |f: &dyn Fn(f64) -> f64| -> Vec<Point> {
            logs().map(|x| Point { log_beta: x, value: f(x), weight: 1.0 + x }).collect()
        };
        let next = Some(NextPole { gap: 0.25, degree: 1 });
        let power = points(&|x| 1.3 + exp(-0.25 * x) * (2.0 - 0.5 * x));
        let found = Approach { coefficient: coefficient(1), next }.fit(&power).expect("fitted");
        assert!((found.lambda() - 1.3).abs() < 1e-9, "{found:?}");
        let double = points(&|x| 1.9 - 1.0 / (x + 3.0));
        let approach = Approach { coefficient: coefficient(2), next: None };
        let found = approach.fit(&double).expect("fitted");
        assert!((approach.value(&found, 17.0) - 1.85).abs() < 1e-9, "{found:?}");
        assert!((found.lambda() - 1.9).abs() < 1e-9, "{found:?}");
        assert_eq!(Approach { coefficient: coefficient(1), next }.fit(&power[..2]), None);
    }
}
