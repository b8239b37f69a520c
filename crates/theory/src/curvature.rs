//! Curvature of signals at infinite width: the source `chi_2`, the recursion of the second fundamental form, and what it makes of
//! curves, surfaces and their global measures (Amari, Karakida, Oizumi 2018; Poole et al. 2016 for curves).
//!
//! Inner products are those of `x / sqrt(n)`: `K_ab,cd = H_ab . H_cd / n`, `kappa^2` in the same units (the curvature of the curve in
//! `R^n` is `kappa / sqrt n`). Where the activity is constant along the manifold,
//! `K'_ab,cd = chi_1 K_ab,cd + chi_2 (g_ab g_cd + g_ac g_bd + g_ad g_bc)`: in orthonormal coordinates `|H_ab|^2` gains
//! `chi_2 (2 delta_ab + 1)`. Elsewhere [`super::jet`] has the exact law.
//!
//! Poole et al. use preactivations: `kappa-bar^2 = kappa^2 / sigma_w^2` of the layer before, and `chi_2 / sigma_w^2` for `chi_2`. Both
//! satisfy [`Susceptibilities::curvature_map`] with their own `chi_2`.

use super::TheoryError;
use super::activity::{activity_map, chi_1, chi_2};
use super::layers::Memo;
use super::roughness::obstacle;
use neurodyn_model::{Activation, Ensemble, JetGram, index_pairs};
use std::f64::consts::TAU;

/// Why activations with a kink have no curvature.
const NOT_SMOOTH: &str =
    "phi'' is not square-integrable at the kink: the image of a smooth curve has corners, not a curvature";

/// Why an activation has no curvature; none where it has one.
pub(super) fn not_smooth(activation: Activation) -> Option<&'static str> {
    match activation {
        Activation::Formula(_) => obstacle(activation, 2, 2),
        _ => (!activation.is_smooth()).then_some(NOT_SMOOTH),
    }
}

/// Both susceptibilities of a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Susceptibilities {
    /// `sigma_w^2 E[phi'^2]`.
    pub chi_1: f64,
    /// `sigma_w^4 E[phi''^2]`.
    pub chi_2: f64,
}

impl Susceptibilities {
    /// At this variance of preactivations; fails for activations that are not smooth.
    pub fn at(ensemble: &Ensemble, q: f64) -> Result<Self, TheoryError> {
        let chi_2 = chi_2(ensemble, q).map_err(|error| match not_smooth(ensemble.activation) {
            Some(reason) => TheoryError::OutOfRegime { what: "curvature", reason },
            None => error,
        })?;
        Ok(Self { chi_1: chi_1(ensemble, q), chi_2 })
    }

    /// The same for the `chi_2` of Poole et al., `sigma_w^2 E[phi''^2]`, which goes with curvature of preactivations.
    pub fn of_preactivations(self, ensemble: &Ensemble) -> Self {
        Self { chi_2: self.chi_2 / ensemble.sigma_w.squared(), ..self }
    }

    /// One layer of the squared curvature of a curve: `kappa^2 / chi_1 + 3 chi_2 / chi_1^2` (a recursion for the square).
    pub fn curvature_map(self, curvature: f64) -> f64 {
        self.extrinsic_map(1, curvature)
    }

    /// One layer of `gamma = g^ac g^bd K_ab,cd`, and likewise of `g^ab g^cd K_ab,cd`, of a manifold of dimension `d`:
    /// `gamma / chi_1 + d (d + 2) chi_2 / chi_1^2`.
    pub fn extrinsic_map(self, dimension: usize, curvature: f64) -> f64 {
        let d = dimension as f64;
        curvature / self.chi_1 + d * (d + 2.0) * self.chi_2 / (self.chi_1 * self.chi_1)
    }

    /// Where the squared curvature of a curve goes in deep networks.
    pub fn limit(self) -> CurvatureLimit {
        let Self { chi_1, chi_2 } = self;
        if chi_2 == 0.0 && chi_1 <= 1.0 {
            CurvatureLimit::Shrinking { rate: 1.0 / chi_1 }
        } else if chi_1 > 1.0 {
            CurvatureLimit::Saturating { value: 3.0 * chi_2 / (chi_1 * (chi_1 - 1.0)) }
        } else if chi_1 == 1.0 {
            CurvatureLimit::Linear { per_layer: 3.0 * chi_2 }
        } else {
            CurvatureLimit::Shrinking { rate: 1.0 / chi_1 }
        }
    }
}

/// Fate of the squared curvature of a curve in deep networks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CurvatureLimit {
    /// `chi_1 > 1`: `3 chi_2 / (chi_1 (chi_1 - 1))`; stretching undoes what folding adds.
    Saturating {
        /// The limit.
        value: f64,
    },
    /// `chi_1 = 1`: `kappa^2 ~ 3 chi_2 l`.
    Linear {
        /// Growth a layer.
        per_layer: f64,
    },
    /// `chi_1 < 1`: grows as `chi_1^-l`, because the curve shrinks.
    Shrinking {
        /// Factor a layer, `1 / chi_1`.
        rate: f64,
    },
}

/// A curve of constant activity in one layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurveState {
    /// `A`.
    pub activity: f64,
    /// `g^l / g^0`.
    pub metric: f64,
    /// `kappa^2`.
    pub curvature: f64,
    /// Length of the Gauss map, the curve of unit tangents, `int kappa sqrt(g) dt`, for a great circle followed once:
    /// `2 pi sqrt(g kappa^2)` with `g^0 = A^0`. The factors of `n` cancel. Grows as `chi_1^(l/2)` for `chi_1 > 1` and settles for
    /// `chi_1 < 1`.
    pub gauss_map_length: f64,
}

/// Layers `0..=depth` of a curve of constant activity `activity` and squared curvature `curvature`; a great circle has
/// `1 / activity`.
pub fn curve_trajectory(
    ensemble: &Ensemble,
    activity: f64,
    curvature: f64,
    depth: usize,
) -> Result<Vec<CurveState>, TheoryError> {
    let radius = activity;
    let length = |metric: f64, curvature: f64| TAU * (radius * metric * curvature).sqrt();
    let mut state = CurveState { activity, metric: 1.0, curvature, gauss_map_length: length(1.0, curvature) };
    // g kappa^2 is carried by itself: it settles where its factors vanish and overflow
    let mut product = curvature;
    let mut layers = vec![state];
    let mut known = Memo::new();
    for layer in 1..=depth {
        let (chi, activity) = known.of(state.activity, || {
            let chi = Susceptibilities::at(ensemble, ensemble.preactivation_variance(state.activity));
            chi.map(|chi| (chi, activity_map(ensemble, state.activity)))
        })?;
        product += 3.0 * chi.chi_2 / chi.chi_1 * state.metric;
        state = CurveState {
            activity,
            metric: chi.chi_1 * state.metric,
            curvature: chi.curvature_map(state.curvature),
            gauss_map_length: length(1.0, product),
        };
        if !(state.metric.is_finite() && state.curvature.is_finite() && state.gauss_map_length.is_finite()) {
            return Err(TheoryError::NotFinite { what: "the curvature", layer });
        }
        layers.push(state);
    }
    Ok(layers)
}

/// One layer of the whole jet where the activity is constant, `x . e_a = 0` and `x . H_ab = -g_ab n`, in closed form for all index
/// pairs; what [`super::jet`] computes without that assumption. The connection (`e_c . H_ab`) is multiplied by `chi_1`.
pub fn constant_activity_map(ensemble: &Ensemble, gram: &JetGram<f64>) -> Result<JetGram<f64>, TheoryError> {
    let d = gram.dimension();
    let rounding = 1e-12 * gram.activity();
    if (0..d).any(|a| gram.activity_slope(a) * gram.activity_slope(a) > rounding * gram.metric(a, a)) {
        return Err(TheoryError::OutOfRegime {
            what: "the curvature recursion",
            reason: "the activity varies along the manifold (x . e_a is not 0)",
        });
    }
    let Susceptibilities { chi_1, chi_2 } =
        Susceptibilities::at(ensemble, ensemble.preactivation_variance(gram.activity()))?;
    let pairs = index_pairs(d);
    let g = |a, b| gram.metric(a, b);
    let source =
        |(a, b): (usize, usize), (c, e): (usize, usize)| g(a, b) * g(c, e) + g(a, c) * g(b, e) + g(a, e) * g(b, c);
    Ok(JetGram::new(d, gram.order(), |i, j| match (i, j) {
        (0, 0) => activity_map(ensemble, gram.activity()),
        (i, 0) if i <= d => 0.0,
        (i, 0) => {
            let (a, b) = pairs[i - 1 - d];
            -chi_1 * g(a, b)
        }
        (i, j) if i > d && j > d => chi_1 * gram.get(i, j) + chi_2 * source(pairs[i - 1 - d], pairs[j - 1 - d]),
        (i, j) => chi_1 * gram.get(i, j),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::Activation;

    #[test]
    fn the_three_regimes_have_their_limits() {
        let chi = |chi_1, chi_2| Susceptibilities { chi_1, chi_2 };
        let iterate = |chi: Susceptibilities, layers: usize| (0..layers).fold(0.7, |k, _| chi.curvature_map(k));
        let CurvatureLimit::Saturating { value } = chi(1.5, 2.0).limit() else { panic!("saturates") };
        assert!((iterate(chi(1.5, 2.0), 100) / value - 1.0).abs() < 1e-14);
        assert_eq!(chi(1.0, 2.0).limit(), CurvatureLimit::Linear { per_layer: 6.0 });
        assert!((iterate(chi(1.0, 2.0), 101) - iterate(chi(1.0, 2.0), 100) - 6.0).abs() < 1e-12);
        let CurvatureLimit::Shrinking { rate } = chi(0.8, 2.0).limit() else { panic!("shrinks") };
        assert!((iterate(chi(0.8, 2.0), 101) / iterate(chi(0.8, 2.0), 100) - rate).abs() < 1e-8);
    }

    #[test]
    fn the_gauss_map_settles_in_order_and_grows_in_chaos() {
        let lengths = |sigma_w: f64| {
            let ensemble = Ensemble::new(Activation::Tanh, sigma_w, 0.3).expect("valid");
            let point = crate::activity::activity_fixed_point(&ensemble).expect("a fixed point");
            let chi = Susceptibilities::at(&ensemble, point.q).expect("smooth");
            let layers = curve_trajectory(&ensemble, point.activity, 1.0 / point.activity, 2000).expect("finite");
            (chi, point.activity, layers)
        };
        let (Susceptibilities { chi_1, chi_2 }, activity, layers) = lengths(1.1);
        // K_l / g_l -> 1 + 3 chi_2 g_0 / (chi_1 (1 - chi_1)) with g_0 = A
        let settled = TAU * (1.0 + 3.0 * chi_2 * activity / (chi_1 * (1.0 - chi_1))).sqrt();
        assert!((layers[2000].gauss_map_length / settled - 1.0).abs() < 1e-12);
        assert!((layers[0].gauss_map_length / TAU - 1.0).abs() < 1e-15);
        let (chi, _, layers) = lengths(1.5);
        let growth = layers[1000].gauss_map_length / layers[999].gauss_map_length;
        assert!((growth / chi.chi_1.sqrt() - 1.0).abs() < 1e-12);
        // Fenchel: a closed curve turns by at least 2 pi
        assert!(layers.iter().all(|layer| layer.gauss_map_length >= TAU * (1.0 - 1e-15)));
    }

    #[test]
    fn kinks_are_refused_with_a_reason() {
        let relu = Ensemble::new(Activation::Relu, 1.0, 0.3).expect("valid");
        let error = curve_trajectory(&relu, 1.0, 1.0, 3).expect_err("no curvature");
        assert!(error.to_string().contains("corners"), "{error}");
    }
}
