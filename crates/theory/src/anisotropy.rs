//! Anisotropy of the metric at finite width: how far one layer after another is from conformal.
//!
//! Where the activity is constant and the tangents are orthogonal and equal, `g^l_ab = g^l (delta_ab + X_ab)`. To order `1/sqrt n` the
//! traceless part of `X` is that of a symmetric Gaussian matrix with variance `V_l / n` off the diagonal and twice that on it,
//! `V_l = sum_(k<l) E[phi'^4] / E[phi'^2]^2`: noise of every layer is handed on unchanged, being relative. The eigenvalue ratio is then
//! `ln(lambda_max / lambda_min) = sqrt(V_l / n) s_d`, `s_d` the mean distance of the extreme eigenvalues of that ensemble
//! (the Gaussian orthogonal one), with relative corrections of order `l / n`.

use super::TheoryError;
use super::activity::activity_map;
use super::moments::{derivative_mean_square, slope_moments};
use super::roughness::check;
use neurodyn_model::{Ensemble, ParameterError};
use neurodyn_numerics::elementary::{erf, exp, normal_cdf};
use neurodyn_numerics::quadrature::GaussLegendre;

/// `V_l` in layers `0..=depth`, from an input of this activity. Fails where `E[phi'^4]` does not exist.
pub fn shear_variance(ensemble: &Ensemble, activity: f64, depth: usize) -> Result<Vec<f64>, TheoryError> {
    check(ensemble.activation, 1, 4, "the anisotropy of the metric")?;
    let (mut activity, mut sum) = (activity, 0.0);
    let mut variances = vec![sum];
    for _ in 0..depth {
        let q = ensemble.preactivation_variance(activity);
        let square = derivative_mean_square(ensemble.activation, q);
        if !(square > 0.0) {
            let reason = "the metric vanishes in one layer (chi_1 = 0)";
            return Err(TheoryError::OutOfRegime { what: "the anisotropy of the metric", reason });
        }
        sum += slope_moments(ensemble.activation, q).fourth / (square * square);
        activity = activity_map(ensemble, activity);
        variances.push(sum);
    }
    Ok(variances)
}

/// Largest dimension of [`mean_spread`].
pub const LARGEST: usize = 16;

/// `s_d = E[lambda_max - lambda_min]` of symmetric Gaussian `d x d` matrices with unit variance off the diagonal and 2 on it
/// (density of the eigenvalues `~ prod |l_i - l_j| exp(-sum l^2 / 4)`); 0 for `d = 1`, `sqrt(2 pi)` for `d = 2`.
///
/// `P(lambda_max < x)` is a Pfaffian (de Bruijn 1955) of integrals of Hermite polynomials over the half plane, which are formed
/// by panels of Gauss-Legendre; the mean is the integral of its distance to a normal distribution, by the trapezoid rule.
/// Accurate to 1e-9 up to `d = 16` (tests: closed forms and simulated matrices).
pub fn mean_spread(dimension: usize) -> Result<f64, ParameterError> {
    if !(1..=LARGEST).contains(&dimension) {
        let allowed = "a whole number from 1 to 16";
        return Err(ParameterError { name: "dimension".into(), found: dimension.to_string(), allowed });
    }
    // an odd order gets one row and column more, the integrals over the line
    let order = dimension + dimension % 2;
    let reach = 2.0 * (dimension as f64).sqrt() + 9.0;
    const STEP: f64 = 0.1;
    let steps = (2.0 * reach / STEP) as usize + 1;
    let rule = GaussLegendre::new(8);
    let mut matrix = vec![vec![0.0; order]; order];
    let mut pfaffians = Vec::with_capacity(steps);
    for k in 0..steps {
        let centre = -reach + (k as f64 + 0.5) * STEP;
        for (x, weight) in rule.nodes.iter().zip(&rule.weights) {
            let x = centre + 0.5 * STEP * x;
            let (functions, integrals) = weighted_polynomials(dimension, x);
            for i in 0..dimension {
                for j in 0..dimension {
                    let change = integrals[i] * functions[j] - integrals[j] * functions[i];
                    matrix[i][j] += 0.5 * STEP * weight * change;
                }
                if order > dimension {
                    matrix[i][dimension] = weighted_polynomials(dimension, centre + 0.5 * STEP).1[i];
                    matrix[dimension][i] = -matrix[i][dimension];
                }
            }
        }
        pfaffians.push(pfaffian(&matrix));
    }
    let total = pfaffians[steps - 1];
    let mean: f64 = (pfaffians.iter().enumerate())
        .map(|(k, p)| STEP * (normal_cdf(-reach + (k + 1) as f64 * STEP) - p / total))
        .sum();
    // the ensemble is symmetric under a change of sign
    Ok(if dimension == 1 { 0.0 } else { 2.0 * mean })
}

/// `p_i(x) = he_i(x / sqrt 2) exp(-x^2 / 4)` (Hermite polynomials of unit weight `exp(-y^2/2)`, normalised) and their integrals from
/// minus infinity, `i < count`.
fn weighted_polynomials(count: usize, x: f64) -> (Vec<f64>, Vec<f64>) {
    use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};
    let y = x * FRAC_1_SQRT_2;
    let weight = exp(-0.5 * y * y);
    let mut functions = vec![weight, y * weight];
    // the integral in y of He_(k+1) e^(-y^2/2) is -He_k e^(-y^2/2); factorials keep the size
    let mut integrals = vec![PI.sqrt() * (1.0 + erf(y * FRAC_1_SQRT_2)), -SQRT_2 * weight];
    for k in 1..count.max(2) {
        let scale = (k as f64 + 1.0).sqrt();
        functions.push((y * functions[k] - (k as f64).sqrt() * functions[k - 1]) / scale);
        integrals.push(-SQRT_2 * functions[k] / scale);
    }
    functions.truncate(count);
    integrals.truncate(count);
    (functions, integrals)
}

/// Pfaffian of an antisymmetric matrix of even order, by elimination with pivoting; the sign is that of the order given.
fn pfaffian(matrix: &[Vec<f64>]) -> f64 {
    let mut a = matrix.to_vec();
    let n = a.len();
    let mut product = 1.0;
    for k in (0..n).step_by(2) {
        let pivot = (k + 1..n).fold(k + 1, |best, i| if a[i][k].abs() > a[best][k].abs() { i } else { best });
        if pivot != k + 1 {
            a.swap(k + 1, pivot);
            a.iter_mut().for_each(|row| row.swap(k + 1, pivot));
            product = -product;
        }
        let head = a[k][k + 1];
        if head == 0.0 {
            return 0.0;
        }
        product *= head;
        for i in k + 2..n {
            for j in k + 2..n {
                let change = (a[k][i] * a[k + 1][j] - a[k + 1][i] * a[k][j]) / head;
                a[i][j] -= change;
            }
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jet::JetTheory;
    use neurodyn_model::{Activation, Inputs, JetGram, Manifold, ManifoldKind, Width};
    use neurodyn_numerics::linalg::symmetric_eigen;
    use neurodyn_numerics::statistics::mean_and_stderr;
    use neurodyn_random::{Address, Role, fill_normals};

    #[test]
    fn two_eigenvalues_repel_as_known() {
        assert_eq!(mean_spread(1), Ok(0.0));
        let exact = (2.0 * std::f64::consts::PI).sqrt();
        assert!((mean_spread(2).expect("in range") - exact).abs() < 1e-10, "{:?}", mean_spread(2));
        // with s = l_1 - l_3 and l_2 at (1 + t) / 2 of it the density is s^4 (1 - t^2) exp(-s^2 (3 + t^2) / 24), hence 18 / sqrt(6 pi)
        let exact = 18.0 / (6.0 * std::f64::consts::PI).sqrt();
        assert!((mean_spread(3).expect("in range") - exact).abs() < 1e-9, "{:?} {exact}", mean_spread(3));
        assert!(mean_spread(0).is_err() && mean_spread(17).is_err());
    }

    /// Simulated matrices, within 4 standard errors.
    #[test]
    fn larger_matrices_spread_as_simulated_ones() {
        for d in [4usize, 5, 8, 16] {
            let replicas = if d > 8 { 2000 } else { 6000 };
            let spreads: Vec<f64> = (0..replicas)
                .map(|replica| {
                    let mut normals = vec![0.0; d * d];
                    let address = Address { seed: 3, role: Role::NETWORK, point: d as u64, replica };
                    fill_normals(&mut address.stream(0, 0), &mut normals);
                    let half = std::f64::consts::FRAC_1_SQRT_2;
                    let values = symmetric_eigen(d, |i, j| half * (normals[i * d + j] + normals[j * d + i])).values;
                    values[0] - values[d - 1]
                })
                .collect();
            let (mean, error) = mean_and_stderr(&spreads);
            let exact = mean_spread(d).expect("in range");
            let z = (mean - exact) / error.expect("many");
            assert!(z.abs() < 4.0, "d = {d}: {mean} against {exact}, {z} standard errors");
        }
    }

    #[test]
    fn the_shear_is_the_variance_of_the_metric_off_the_diagonal() {
        let ensemble = Ensemble::new(Activation::Tanh, 2.0, 0.3).expect("valid");
        let sphere = Manifold::new(ManifoldKind::SpherePatch { dimension: 2, activity: 0.9 }).expect("valid");
        let inputs = Inputs::jets(&[sphere.jet(&[0.0, 0.0])], 1).expect("inputs");
        let input = JetGram::of(inputs.gram(), 2);
        let widths = vec![Width::new(1).expect("valid"); 6];
        let layers = JetTheory::new(&ensemble, &input).expect("tangents").corrections(&input, &widths).expect("finite");
        for (layer, exact) in layers.iter().zip(shear_variance(&ensemble, 0.9, 6).expect("finite")) {
            let found = layer.of(|gram| gram.metric(0, 1) / gram.metric(0, 0)).variance;
            assert!((found - exact).abs() <= 1e-11 * exact, "{found} {exact}");
        }
    }
}
