//! From `lambda_eff` at several inverse temperatures to the learning coefficient, by the form that its poles give the approach.

use crate::experiment::prelude::*;
use crate::numerics::linalg::solve_positive;
use crate::simulation::{Pooled, Rung};
use crate::theory::perceptron::{LearningCoefficient, NextPole};

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
    pub coefficient: LearningCoefficient,
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
            return least_squares(points, |point| self.basis(point.log_beta), |point| point.value).map(Fit);
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
            let basis = |point: &Point| vec![1.0, near(point) * near(point) / order];
            let step = least_squares(points, basis, |point| point.value - lambda + near(point))?;
            lambda += step[0];
            // stays where the form has no pole within the points
            c = (c + step[1]).clamp(least, 100.0);
        }
        Some(Fit(vec![lambda, c]))
    }

    /// The fit to the rungs of replicas (by rung, then replica) at these `ln beta`, and the standard error of `lambda` by the jackknife
    /// over replicas; the weights are those of all of them.
    pub fn estimate(&self, log_betas: &[f64], rungs: &[Vec<Rung>]) -> Option<(Fit, f64)> {
        let points: Vec<Point> = (log_betas.iter().zip(rungs))
            .map(|(&log_beta, rungs)| {
                let pooled = Pooled::of(rungs);
                let variance = pooled.energy_stderr * pooled.energy_stderr;
                Point { log_beta, value: pooled.energy, weight: 1.0 / variance }
            })
            .collect();
        let estimate = self.fit(&points)?;
        let count = rungs.first()?.len();
        let without = (0..count).map(|left_out| {
            let reduced = points.iter().zip(rungs).map(|(point, rungs)| {
                let kept: Vec<Rung> = (0..count).filter(|r| *r != left_out).map(|r| rungs[r]).collect();
                Point { value: Pooled::of(&kept).energy, ..*point }
            });
            self.fit(&reduced.collect::<Vec<_>>()).map(|fit| fit.lambda())
        });
        let without = without.collect::<Option<Vec<f64>>>()?;
        let mean = without.iter().sum::<f64>() / count as f64;
        let squares: f64 = without.iter().map(|x| (x - mean) * (x - mean)).sum();
        Some((estimate, (squares * (count as f64 - 1.0) / count as f64).sqrt()))
    }
}

fn least_squares(
    points: &[Point],
    basis: impl Fn(&Point) -> Vec<f64>,
    value: impl Fn(&Point) -> f64,
) -> Option<Vec<f64>> {
    let rows: Vec<Vec<f64>> = points.iter().map(&basis).collect();
    let size = rows.first()?.len();
    if points.len() < size {
        return None;
    }
    let mut normal = vec![vec![0.0; size]; size];
    let mut right = vec![0.0; size];
    for (row, point) in rows.iter().zip(points) {
        for i in 0..size {
            right[i] += point.weight * row[i] * value(point);
            for j in 0..size {
                normal[i][j] += point.weight * row[i] * row[j];
            }
        }
    }
    solve_positive(&normal, &right, 0.0)
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
