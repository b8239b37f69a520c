//! Kernels of many inputs at infinite width: the Gram matrix `G_ij = x_i . x_j / n` from layer to layer (Cho and Saul 2009; Lee et al. 2018,
//! the covariance of the network as a Gaussian process), and with it the tangent kernel (Jacot et al. 2018).
//!
//! With `k = sigma_w^2 C^(l-1) + sigma_b^2`, entry by entry,
//!
//! ```text
//! C^l = E[phi(u) phi(v)],   T_1 = C^0,   T_(l+1) = C^l + sigma_w^2 E[phi'(u) phi'(v)] T_l
//! ```
//!
//! `C^0 = X^T X / n`; `T_L` is the tangent kernel of `L` layers of weights over `n`, a linear output the last, the sum of
//! [`kernel_sums`](super::ntk::kernel_sums). Biases are no parameters.
//!
//! An entry depends on its pair of inputs alone, so its bits do not depend on which other inputs there are or on who computes its row.

mod forms;
mod series;
mod summary;
#[cfg(test)]
mod tests;

use super::TheoryError;
use super::moments::{derivative_mean_square, mean_square};
use super::overlap::{overlap, overlap_slope};
use super::roughness::{check_reach, check_slopes};
use neurodyn_model::{Activation, Ensemble, SymmetricMatrix};
use neurodyn_numerics::quadrature::PairCovariance;
use neurodyn_numerics::spread::{Spread, Triangle, alone};
use series::Series;
pub use summary::Summary;

/// Kernels of many inputs after some layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Kernels {
    /// Overlaps of the last layer's neurons.
    pub overlaps: Triangle,
    /// The tangent kernel of as many layers of weights, a linear output the last; empty where it was not asked for.
    pub tangent: Triangle,
}

/// The Gram matrix `depth` layers after `gram`. Fails where a layer overflows.
///
/// Absolute accuracy a few ulp of `sqrt(G_ii G_jj)` a layer in closed form and 1e-12 of it elsewhere: enough for a covariance; distances of near
/// inputs are better followed as [`super::distance::PairState`].
pub fn gram_after(ensemble: &Ensemble, gram: &SymmetricMatrix, depth: usize) -> Result<SymmetricMatrix, TheoryError> {
    let m = gram.order();
    let rows = (0..m).map(|i| gram.entries()[i * m..i * m + i + 1].to_vec()).collect();
    let found = kernels(ensemble, rows, depth, false, &alone, &mut |_, _| ())?;
    let rows = found.map_or(Vec::new(), |kernels| kernels.overlaps);
    Ok(SymmetricMatrix::from_fn(m, |i, j| rows[i][j]))
}

/// Kernels `depth` layers after `gram`, which is `C^0`, with the tangent kernel where asked for. `each` sees `C^l` of every layer from 0 on.
/// `None` where `spread` was stopped; fails where a layer overflows, and for the tangent kernel of no layer.
pub fn kernels(
    ensemble: &Ensemble,
    gram: Triangle,
    depth: usize,
    tangent: bool,
    spread: Spread,
    each: &mut dyn FnMut(usize, &Triangle),
) -> Result<Option<Kernels>, TheoryError> {
    let activation = ensemble.activation;
    if tangent && depth == 0 {
        let reason = "a network has at least one layer";
        return Err(TheoryError::OutOfRegime { what: "the tangent kernel", reason });
    }
    if tangent && depth > 1 {
        check_slopes(activation, "the tangent kernel")?;
    }
    let mut overlaps = gram;
    let mut sums = if tangent { overlaps.clone() } else { Triangle::new() };
    each(0, &overlaps);
    for layer in 1..=depth {
        // the last layer of weights is linear
        let slopes = tangent && layer < depth;
        let variances: Vec<f64> = overlaps
            .iter()
            .map(|row| row.last().map_or(0.0, |activity| ensemble.preactivation_variance(*activity)))
            .collect();
        let largest = variances.iter().copied().fold(0.0, f64::max);
        if variances.iter().any(|q| !q.is_finite()) {
            return Err(TheoryError::NotFinite { what: "the Gram matrix", layer });
        }
        check_reach(activation, largest, "the Gram matrix")?;
        let Some(prepared) = Layer::new(activation, variances, slopes, spread) else { return Ok(None) };
        let weight = ensemble.sigma_w.squared();
        let row = |i: usize| {
            let mut row = overlaps[i].clone();
            row.iter_mut().for_each(|value| *value = ensemble.preactivation_variance(*value));
            let mut slope = if slopes { vec![0.0; row.len()] } else { Vec::new() };
            prepared.row(i, &mut row, &mut slope);
            // the sums go behind the overlaps
            for j in 0..slope.len() {
                let sum = row[j] + weight * slope[j] * sums[i][j];
                row.push(sum);
            }
            row
        };
        let Some(mut rows) = spread(overlaps.len(), &row) else { return Ok(None) };
        if rows.iter().flatten().any(|value| !value.is_finite()) {
            return Err(TheoryError::NotFinite { what: "the Gram matrix", layer });
        }
        if slopes {
            sums = rows.iter_mut().enumerate().map(|(i, row)| row.split_off(i + 1)).collect();
        }
        overlaps = rows;
        each(layer, &overlaps);
    }
    Ok(Some(Kernels { overlaps, tangent: sums }))
}

/// One layer, ready for its pairs.
struct Layer {
    activation: Activation,
    /// Of the preactivations, input by input.
    variances: Vec<f64>,
    /// Of the covariances, where inputs have series.
    series: Option<Series>,
    /// Whether forms in vectors hold: no product of two variances overflows or is lost.
    moderate: bool,
}

impl Layer {
    fn new(activation: Activation, variances: Vec<f64>, slopes: bool, spread: Spread) -> Option<Self> {
        let moderate = variances.iter().all(|q| (1e-140..1e140).contains(q));
        let closed = overlap_is_closed(activation);
        let series = if closed { None } else { Some(Series::new(activation, &variances, slopes, spread)?) };
        Some(Self { activation, variances, series, moderate })
    }

    /// Replaces the covariances of preactivations of a row by overlaps, and fills in the slopes where there is place for them.
    fn row(&self, i: usize, row: &mut [f64], slopes: &mut [f64]) {
        let q = self.variances[i];
        let form = self.activation.definition().pair_form().filter(|_| self.moderate);
        match form {
            Some(form) => forms::row(form, q, &self.variances[..i], &mut row[..i], slopes),
            None => {
                for j in 0..i {
                    let (value, slope) = self.pair(i, j, row[j], !slopes.is_empty());
                    row[j] = value;
                    if let Some(place) = slopes.get_mut(j) {
                        *place = slope;
                    }
                }
            }
        }
        row[i] = mean_square(self.activation, q);
        if let Some(place) = slopes.get_mut(i) {
            *place = derivative_mean_square(self.activation, q);
        }
    }

    /// Overlap and slope of one pair of this covariance, by its series or else as theory has them for a single pair.
    fn pair(&self, i: usize, j: usize, covariance: f64, with_slope: bool) -> (f64, f64) {
        let (q, q_prime) = (self.variances[i], self.variances[j]);
        let found = self.series.as_ref().map_or([None; 2], |series| series.pair(i, j, q, q_prime, covariance));
        let law = PairCovariance { q, difference: q_prime - q, gap: (q + q_prime - 2.0 * covariance).max(0.0) };
        let value = found[0].unwrap_or_else(|| overlap(self.activation, &law));
        let slope = match found[1] {
            _ if !with_slope => 0.0,
            Some(slope) => slope,
            None => overlap_slope(self.activation, &law),
        };
        (value, slope)
    }
}

fn overlap_is_closed(activation: Activation) -> bool {
    super::overlap::closed_overlap(activation, &PairCovariance { q: 1.0, difference: 0.0, gap: 1.0 }).is_some()
}
