//! Gram matrices of many inputs at infinite width: `G_ij = x_i . x_j / n` from layer to layer (Cho and Saul 2009; Lee et al. 2018, the
//! covariance of the network as a Gaussian process).

use super::TheoryError;
use super::moments::mean_square;
use super::overlap::overlap;
use super::roughness::check_reach;
use neurodyn_model::{Activation, Ensemble, SymmetricMatrix};
use neurodyn_numerics::elementary::within::asin;
use neurodyn_numerics::quadrature::PairCovariance;
use neurodyn_numerics::simd::{Kernel, dispatch};
use std::f64::consts::FRAC_2_PI;

/// The Gram matrix `depth` layers after `gram`. Fails where a layer overflows.
///
/// Absolute accuracy a few ulp of `sqrt(G_ii G_jj)` a layer: enough for a covariance; distances of near inputs are better followed as
/// [`super::distance::PairState`]. One `asin` an entry for the erf family, the pair integral of [`overlap`] for the others.
pub fn gram_after(ensemble: &Ensemble, gram: &SymmetricMatrix, depth: usize) -> Result<SymmetricMatrix, TheoryError> {
    let m = gram.order();
    let mut rows: Vec<Vec<f64>> = (0..m).map(|i| gram.entries()[i * m..i * m + i + 1].to_vec()).collect();
    for layer in 1..=depth {
        for value in rows.iter_mut().flatten() {
            *value = ensemble.preactivation_variance(*value);
        }
        if rows.iter().flatten().any(|value| !value.is_finite()) {
            return Err(TheoryError::NotFinite { what: "the Gram matrix", layer });
        }
        let largest = rows.iter().map(|row| row[row.len() - 1]).fold(0.0, f64::max);
        check_reach(ensemble.activation, largest, "the Gram matrix")?;
        match ensemble.activation.definition().arcsine_rate() {
            Some(rate) => dispatch(ArcsineLayer { rows: &mut rows, rate }),
            None => quadratures(ensemble.activation, &mut rows),
        }
    }
    Ok(SymmetricMatrix::from_fn(m, |i, j| rows[i][j]))
}

/// `(2/pi) asin(r k_ij / sqrt((1 + r k_ii)(1 + r k_jj)))` of the lower triangle.
struct ArcsineLayer<'a> {
    rows: &'a mut [Vec<f64>],
    rate: f64,
}

impl Kernel for ArcsineLayer<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let rate = self.rate;
        let scale: Vec<f64> = self.rows.iter().map(|row| 1.0 / (1.0 + rate * row[row.len() - 1]).sqrt()).collect();
        for (row, scale_i) in self.rows.iter_mut().zip(&scale) {
            let factor = rate * scale_i;
            for (value, scale_j) in row.iter_mut().zip(&scale) {
                *value = FRAC_2_PI * asin(*value * factor * scale_j);
            }
        }
    }
}

/// Pair integrals one by one.
fn quadratures(activation: Activation, rows: &mut [Vec<f64>]) {
    let variances: Vec<f64> = rows.iter().map(|row| row[row.len() - 1]).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        for (j, value) in row.iter_mut().enumerate() {
            let (q, q_prime) = (variances[i], variances[j]);
            *value = if i == j {
                mean_square(activation, q)
            } else {
                overlap(
                    activation,
                    &PairCovariance { q, difference: q_prime - q, gap: (q + q_prime - 2.0 * *value).max(0.0) },
                )
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::{PairState, pair_trajectory};

    #[test]
    fn every_pair_is_that_of_the_pair_trajectory() {
        let states = [(1.0, 0.0, 0.3), (1.0, -0.4, 0.9), (0.6, 0.7, 1.1)];
        for &activation in Activation::ALL {
            let ensemble = Ensemble::new(activation, 1.3, 0.2).expect("valid");
            for (activity, activity_difference, distance) in states {
                let state = PairState { activity, activity_difference, distance };
                let entry = |i, j| match (i, j) {
                    (0, 0) => activity,
                    (1, 1) => state.activity_prime(),
                    _ => state.overlap(),
                };
                let found = gram_after(&ensemble, &SymmetricMatrix::from_fn(2, entry), 4).expect("finite");
                let exact = pair_trajectory(&ensemble, state, 4).expect("finite")[4];
                let scale = exact.activity.max(exact.activity_prime());
                for (found, exact) in [
                    (found.get(0, 0), exact.activity),
                    (found.get(1, 1), exact.activity_prime()),
                    (found.get(1, 0), exact.overlap()),
                ] {
                    assert!((found - exact).abs() < 1e-12 * scale, "{activation} {state:?}: {found} {exact}");
                }
            }
        }
    }

    #[test]
    fn growth_without_bound_is_an_error() {
        let ensemble = Ensemble::new(Activation::Linear, 1e100, 0.0).expect("valid");
        let gram = SymmetricMatrix::from_fn(2, |i, j| if i == j { 1.0 } else { 0.5 });
        assert!(matches!(gram_after(&ensemble, &gram, 5), Err(TheoryError::NotFinite { layer: 2, .. })));
    }
}
