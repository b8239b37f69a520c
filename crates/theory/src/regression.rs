//! What a wide random network can express of functions on half a great circle: linear regression of waves onto its last layer.
//!
//! At infinite width the neurons of layer `l` are independent functions of the angle with covariance `C_l(theta)`, and on `m`
//! equidistant angles the matrix `S_ij = C_l(theta_i - theta_j) / m` is a Toeplitz matrix. A ridge `r` leaves of a target `y` the residual
//! `r (K + r)^-1 y`, `K` being the sample covariance of `n` neurons. For `n -> infinity`, `K = S`, and the share of the mean square that is
//! left is
//!
//! ```text
//! e = r^2 y^T (S + r)^-2 y.
//! ```
//!
//! For finitely many neurons `r (K + r)^-1` behaves like `kappa (S + kappa)^-1` with a larger, effective ridge,
//!
//! ```text
//! kappa (1 - d(kappa) / n) = r,    d(kappa) = tr S (S + kappa)^-1,
//! ```
//!
//! the deterministic equivalent of Marchenko and Pastur (1967) for sample covariance matrices (Silverstein, J. Multivariate Anal. 55 (1995)
//! 331). Since `r^2 (K + r)^-2 = -r^2 d/dr (K + r)^-1`, it follows that
//!
//! ```text
//! e = (kappa - r kappa') y^T (S + kappa)^-1 y + r kappa kappa' y^T (S + kappa)^-2 y,   kappa' = d kappa / d r;
//! ```
//!
//! without a ridge `e = kappa / (lambda + kappa)` for an eigenfunction of eigenvalue `lambda`, and `d(kappa) = n`: the neurons span `n`
//! dimensions, whatever the depth, and depth only says which. The equivalent needs quadratic forms of the features to concentrate, so
//! many dimensions must matter. That is not so in the first layers without a ridge (layer 1 is a function of three normals): there it leaves
//! up to a half too little at the edge of what can be reached, even on hidden layers of infinite width.

use super::TheoryError;
use super::distance::{PairState, pair_trajectory};
use neurodyn_model::Ensemble;
use neurodyn_numerics::elementary::{cos, exp, ln, sin_cos};
use neurodyn_numerics::linalg::ToeplitzInverse;
use neurodyn_numerics::real::{Real, Series};
use neurodyn_numerics::roots::newton_bracketed;
use std::f64::consts::PI;

/// `C_l` at the lag `pi lag / points` of a great circle of this activity, for layers `0..=depth`.
pub fn half_circle(
    ensemble: &Ensemble,
    activity: f64,
    points: usize,
    lag: usize,
    depth: usize,
) -> Result<Vec<f64>, TheoryError> {
    let distance = 2.0 * activity * (1.0 - cos(PI * lag as f64 / points as f64));
    let input = PairState { activity, activity_difference: 0.0, distance };
    Ok(pair_trajectory(ensemble, input, depth)?.iter().map(PairState::overlap).collect())
}

/// Regression on the neurons of one layer.
#[derive(Debug, Clone)]
pub struct Regression {
    /// `C_l / m` at the lags.
    lags: Vec<f64>,
    ridge: f64,
    /// `kappa` and its slope in the ridge.
    effective: (f64, f64),
    inverse: ToeplitzInverse<Series>,
}

impl Regression {
    /// Regression with this ridge on `neurons` neurons, infinitely many for `None`, whose covariance at the lags is `overlaps`.
    /// The relative error of what is left is about 1e-16 over the effective ridge.
    pub fn new(overlaps: &[f64], ridge: f64, neurons: Option<f64>) -> Result<Self, TheoryError> {
        let lags: Vec<f64> = overlaps.iter().map(|c| c / overlaps.len() as f64).collect();
        let effective = match neurons {
            None => (ridge, 1.0),
            Some(neurons) => effective_ridge(&lags, ridge, neurons)?,
        };
        let inverse = resolvent(&lags, effective.0)?;
        Ok(Self { lags, ridge, effective, inverse })
    }

    /// The effective ridge `kappa`.
    pub fn effective_ridge(&self) -> f64 {
        self.effective.0
    }

    /// Degrees of freedom `d(kappa)`: the number of dimensions that the regression can use.
    pub fn degrees_of_freedom(&self) -> f64 {
        self.lags.len() as f64 - self.effective.0 * self.inverse.trace().value
    }

    /// Share of the mean square of a wave of `periods` whole periods on the half circle that the regression leaves, mean over its phase.
    pub fn unexplained(&self, periods: usize) -> f64 {
        let m = self.lags.len();
        // the angle is reduced as a whole number, so it is exact
        let turn = |j: usize| {
            let (sin, cos) = sin_cos(2.0 * PI * (periods * j % m) as f64 / m as f64);
            (cos, sin)
        };
        let form = self.inverse.wave(&(0..m).map(turn).collect::<Vec<_>>());
        let (kappa, slope) = self.effective;
        // the derivative of the form is that of the inverse, -(S + kappa)^-2
        (kappa - self.ridge * slope) * form.value - self.ridge * kappa * slope * form.first
    }
}

/// `(S + kappa)^-1` with its derivative in `kappa`.
fn resolvent(lags: &[f64], kappa: f64) -> Result<ToeplitzInverse<Series>, TheoryError> {
    let mut shifted: Vec<Series> = lags.iter().map(|lag| Series::constant(*lag)).collect();
    shifted[0] = Series { value: lags[0] + kappa, first: 1.0, second: 0.0 };
    let reason = "the ridge is lost in rounding";
    ToeplitzInverse::new(&shifted).ok_or(TheoryError::OutOfRegime { what: "regression", reason })
}

/// `kappa` and `d kappa / d r`, by Newton's method in `ln kappa`.
fn effective_ridge(lags: &[f64], ridge: f64, neurons: f64) -> Result<(f64, f64), TheoryError> {
    let m = lags.len() as f64;
    let mut failed = None;
    // 1 - d / n and kappa d' / n
    let mut used = |kappa: f64| match resolvent(lags, kappa) {
        Ok(inverse) => {
            let trace = inverse.trace();
            let degrees = m - kappa * trace.value;
            (1.0 - degrees / neurons, -kappa * (trace.value + kappa * trace.first) / neurons)
        }
        Err(error) => {
            failed = Some(error);
            (f64::NAN, f64::NAN)
        }
    };
    let low = ln(ridge);
    let high = ln(ridge + m * lags[0] / neurons);
    let root = newton_bracketed(low, high, low, |logarithm| {
        let kappa = exp(logarithm);
        let (free, slope) = used(kappa);
        (ridge / kappa - free, slope - ridge / kappa)
    });
    let kappa = match (root, failed) {
        (_, Some(error)) => return Err(error),
        (Err(source), None) => return Err(TheoryError::NoConvergence { what: "the effective ridge", source }),
        (Ok(root), None) => exp(root.x),
    };
    let inverse = resolvent(lags, kappa)?.trace();
    let free = 1.0 - (m - kappa * inverse.value) / neurons;
    let slope = -kappa * (inverse.value + kappa * inverse.first) / neurons;
    Ok((kappa, 1.0 / (free - slope)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::Activation;
    use neurodyn_numerics::linalg::symmetric_eigen;

    const M: usize = 64;

    fn overlaps(depth: usize) -> Vec<f64> {
        let ensemble = Ensemble::new(Activation::Tanh, 4.0, 0.3).expect("valid");
        (0..M).map(|lag| half_circle(&ensemble, 0.78, M, lag, depth).expect("finite")[depth]).collect()
    }

    /// By eigenvalues and eigenvectors: what is left of the wave, and the degrees of freedom.
    fn dense(overlaps: &[f64], regression: &Regression, ridge: f64, periods: usize) -> (f64, f64) {
        let eigen = symmetric_eigen(M, |i, j| overlaps[i.abs_diff(j)] / M as f64);
        let (kappa, slope) = regression.effective;
        let degrees = eigen.values.iter().map(|value| value / (value + kappa)).sum();
        let mut left = 0.0;
        for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
            let (mut real, mut imaginary) = (0.0, 0.0);
            for (j, entry) in vector.iter().enumerate() {
                let (sin, cos) = sin_cos(2.0 * PI * (periods * j) as f64 / M as f64);
                real += entry * cos;
                imaginary += entry * sin;
            }
            let share = (real * real + imaginary * imaginary) / M as f64;
            let resolvent = 1.0 / (value + kappa);
            left += share * ((kappa - ridge * slope) * resolvent + ridge * kappa * slope * resolvent * resolvent);
        }
        (left, degrees)
    }

    #[test]
    fn toeplitz_and_eigenvalues_agree() {
        for depth in [0, 1, 3, 6] {
            let overlaps = overlaps(depth);
            for (ridge, neurons) in [(1e-3, None), (1e-3, Some(30.0)), (1e-7, Some(20.0)), (1e-5, Some(500.0))] {
                let regression = Regression::new(&overlaps, ridge, neurons).expect("regular");
                for periods in [1, 3, 10, 25] {
                    let (left, degrees) = dense(&overlaps, &regression, ridge, periods);
                    let found = regression.unexplained(periods);
                    assert!((found - left).abs() < 1e-8, "{depth} {ridge} {neurons:?} {periods}: {found} {left}");
                    assert!((regression.degrees_of_freedom() / degrees - 1.0).abs() < 1e-7);
                    if let Some(neurons) = neurons {
                        let kappa = regression.effective_ridge();
                        assert!((kappa * (1.0 - degrees / neurons) / ridge - 1.0).abs() < 1e-5, "{kappa}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_slope_of_the_effective_ridge_is_its_difference_quotient() {
        let overlaps = overlaps(4);
        let kappa = |ridge| Regression::new(&overlaps, ridge, Some(25.0)).expect("regular").effective_ridge();
        let slope = Regression::new(&overlaps, 1e-3, Some(25.0)).expect("regular").effective.1;
        assert!(((kappa(1.001e-3) - kappa(0.999e-3)) / 2e-6 / slope - 1.0).abs() < 1e-5);
    }

    #[test]
    fn many_neurons_are_as_good_as_infinitely_many_and_few_are_all_used() {
        let overlaps = overlaps(5);
        let [infinite, many] =
            [None, Some(1e9)].map(|neurons| Regression::new(&overlaps, 1e-4, neurons).expect("regular"));
        for periods in [1, 5, 20] {
            assert!((infinite.unexplained(periods) / many.unexplained(periods) - 1.0).abs() < 1e-5);
        }
        // deep layers and hardly any ridge: as many dimensions as neurons
        let few = Regression::new(&overlaps, 1e-9, Some(10.0)).expect("regular");
        assert!((few.degrees_of_freedom() - 10.0).abs() < 1e-4, "{}", few.degrees_of_freedom());
        // white features: each wave is left with probability 1 - n / m
        let mut white = vec![0.0; M];
        white[0] = 0.6;
        let half = Regression::new(&white, 1e-9, Some(16.0)).expect("regular");
        assert!((half.unexplained(7) - 0.75).abs() < 1e-6, "{}", half.unexplained(7));
    }

    #[test]
    fn depth_reaches_higher_frequencies() {
        let left = |depth: usize, periods| {
            Regression::new(&overlaps(depth), 1e-3, None).expect("regular").unexplained(periods)
        };
        assert!(left(1, 8) > 0.8 && left(6, 8) < 0.05);
        assert!(Regression::new(&[1.0; 40], 0.0, None).is_err());
    }
}
