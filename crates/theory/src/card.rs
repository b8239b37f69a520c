//! The theory card: everything the mean-field theory says about one ensemble, in one serialisable record.

mod layers;
mod more;

use super::TheoryError;
use super::activity::{
    FixedPoint, FixedPoints, Stability, Unreached, activity_slope, chi_1, chi_2, depth_scale, excess_gain, fixed_points,
};
use super::distance::{Phase, distance_fixed_point};
use super::finite_width::stationary_activity;
use super::metric::metric_growth;
use super::ntk::KernelSums;
use super::phase::{ChiJump, chi_1_jump, critical_sigma_w};
use super::roughness::check_slopes;
use neurodyn_model::{Ensemble, Keep, ParameterError};
use serde::Serialize;
use std::collections::BTreeMap;

pub use more::Dropout;

/// How the second input is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Second {
    /// `c = C / sqrt(A A')`.
    Correlation(f64),
    /// `C`.
    Overlap(f64),
    /// `D = A + A' - 2C`.
    Distance(f64),
}

/// What to compute besides the fixed points.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    /// Number of layers to follow.
    pub depth: Option<usize>,
    /// Input activity; the fixed point when absent.
    pub activity: Option<f64>,
    /// Activity of the second input; equal to the first when absent.
    pub activity_prime: Option<f64>,
    /// The second input, if there is one.
    pub second: Option<Second>,
    /// `kappa^2` of the input curve whose curvature is followed; `1 / A`, that of the great circle, when absent.
    pub curvature: Option<f64>,
    /// Dropout: probability that a neuron is kept.
    pub keep: Option<Keep>,
    /// Places `s` of the Koenigs scaling function.
    pub koenigs: Option<Vec<f64>>,
    /// Whether to sum up the tangent kernel of the two inputs.
    pub ntk: bool,
}

/// Why a request cannot be met.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CardError {
    /// A parameter out of range.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The layers overflow.
    #[error(transparent)]
    Theory(#[from] TheoryError),
    /// A tangent kernel of one input.
    #[error("the tangent kernel is one of two inputs, but only one is given")]
    OneInput,
    /// No input activity given and no fixed point to fall back on.
    #[error("the input activity is not given and there is no fixed point to start from ({reason}); give --activity")]
    NoActivity {
        /// Why there is no fixed point.
        reason: String,
    },
}

/// First-order finite-width numbers at the fixed point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FiniteWidth {
    /// Stationary `n Var A`.
    pub n_var_activity: Option<f64>,
    /// `n d Var(ln g) / dl`: growth of the variance of the log of the metric, a layer.
    pub n_log_metric_variance_rate: Option<f64>,
}

/// A fixed point of the activity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FixedPointRow {
    /// Variance of the preactivations.
    pub q: f64,
    /// Activity.
    pub activity: f64,
    /// Slope of the activity map.
    pub slope: f64,
    /// `chi_1`.
    pub chi_1: f64,
    /// Whether it attracts.
    pub stability: Stability,
    /// Whether it is the one reached from large `q`, which the rest of the card is about.
    pub reached: bool,
}

/// One layer (0 = input) of one or two signals; fields of a second input that was not given are null.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LayerRow {
    /// Layer, 0 = input.
    pub layer: usize,
    /// `A`.
    pub activity: f64,
    /// `A'`.
    pub activity_prime: Option<f64>,
    /// `C`.
    pub overlap: Option<f64>,
    /// `C / sqrt(A A')` of this layer's signals.
    pub correlation: Option<f64>,
    /// `(sigma_w^2 C + sigma_b^2) / sqrt(q q')` of the preactivations that this layer feeds.
    pub preactivation_correlation: Option<f64>,
    /// `D`.
    pub distance: Option<f64>,
    /// `g^l / g^0` along a curve of constant activity.
    pub metric: Option<f64>,
    /// `kappa^2` of a curve of constant activity, in the `1/n` inner product: the square of a curvature of `x / sqrt(n)`.
    pub curvature: Option<f64>,
    /// Length of the curve of unit tangents of the great circle, `2 pi sqrt(g kappa^2)` with `g = A` and `kappa^2 = 1 / A` at the
    /// input, whatever the input `kappa^2` of the field `curvature`; in radians.
    pub gauss_map_length: Option<f64>,
}

/// The card. A quantity that does not exist is `None`, and `reasons` says why under its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    /// Activation name.
    pub activation: &'static str,
    /// Weight scale.
    pub sigma_w: f64,
    /// Bias scale.
    pub sigma_b: f64,
    /// Ordered, critical or chaotic, by `chi_1`.
    pub phase: Option<Phase>,
    /// Every fixed point, in ascending order of `q`; null where every activity is one.
    pub fixed_points: Option<Vec<FixedPointRow>>,
    /// `q*`, the stable fixed point reached from large `q`.
    pub q_star: Option<f64>,
    /// `A*`.
    pub activity_star: Option<f64>,
    /// `d chi_0 / dA` at the fixed point.
    pub activity_slope: Option<f64>,
    /// `sigma_w^2 E[phi'^2]` at `q*`.
    pub chi_1: Option<f64>,
    /// `sigma_w^4 E[phi''^2]` at `q*`.
    pub chi_2: Option<f64>,
    /// `c*` of preactivations.
    pub correlation_star: Option<f64>,
    /// `D-bar = 2 q* (1 - c*) / sigma_w^2`.
    pub distance_star: Option<f64>,
    /// `xi_q = -1 / ln |activity_slope|`.
    pub depth_scale_q: Option<f64>,
    /// `xi_c = -1 / ln K'(D-bar)`.
    pub depth_scale_c: Option<f64>,
    /// Smallest `sigma_w` with `chi_1 = 1` at this `sigma_b`.
    pub critical_sigma_w: Option<f64>,
    /// Where `chi_1` jumps over 1 at this `sigma_b`, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chi_1_jump: Option<ChiJump>,
    /// First-order finite-width numbers.
    pub finite_width: FiniteWidth,
    /// Layers `0..=depth`, when a depth was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layers: Option<Vec<LayerRow>>,
    /// Two copies with independent masks, when a probability to keep neurons was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropout: Option<Dropout>,
    /// `Dcal(s)` at the places asked for; null where there is no scaling function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub koenigs: Option<Option<Vec<f64>>>,
    /// Sums of the tangent kernel over the layers, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ntk: Option<KernelSums>,
    /// Why a field is null.
    pub reasons: BTreeMap<&'static str, String>,
}

/// Fills the card for one ensemble.
pub fn card(ensemble: &Ensemble, request: &Request) -> Result<Card, CardError> {
    let mut card = Card {
        activation: ensemble.activation.name(),
        sigma_w: ensemble.sigma_w.get(),
        sigma_b: ensemble.sigma_b.get(),
        phase: None,
        fixed_points: None,
        q_star: None,
        activity_star: None,
        activity_slope: None,
        chi_1: None,
        chi_2: None,
        correlation_star: None,
        distance_star: None,
        depth_scale_q: None,
        depth_scale_c: None,
        critical_sigma_w: None,
        chi_1_jump: None,
        finite_width: FiniteWidth { n_var_activity: None, n_log_metric_variance_rate: None },
        layers: None,
        dropout: None,
        koenigs: None,
        ntk: None,
        reasons: BTreeMap::new(),
    };
    card.fill_fixed_points(ensemble);
    card.fill_edge(ensemble);
    if let Some(depth) = request.depth {
        card.layers = Some(card.follow(ensemble, request, depth)?);
    }
    card.fill_more(ensemble, request)?;
    Ok(card)
}

fn rows(ensemble: &Ensemble, all: &FixedPoints) -> Vec<FixedPointRow> {
    let reached = all.reached().ok();
    let row = |found: &FixedPoint| FixedPointRow {
        q: found.point.q,
        activity: found.point.activity,
        slope: found.point.slope,
        chi_1: chi_1(ensemble, found.point.q),
        stability: found.stability,
        reached: reached == Some(found.point),
    };
    all.points.iter().map(row).collect()
}

fn keep<T>(
    reasons: &mut BTreeMap<&'static str, String>,
    field: &'static str,
    value: Result<T, TheoryError>,
) -> Option<T> {
    value.map_err(|error| reasons.insert(field, error.reason())).ok()
}

impl Card {
    fn fill_fixed_points(&mut self, ensemble: &Ensemble) {
        let all = fixed_points(ensemble);
        if let Ok(all) = &all {
            self.fixed_points = (all.unreached != Some(Unreached::Continuum)).then(|| rows(ensemble, all));
        }
        let point = match all.and_then(|all| all.reached()) {
            Ok(point) => point,
            Err(error) => return self.without_fixed_point(ensemble, &error.reason()),
        };
        let because = |reason: &'static str| TheoryError::OutOfRegime { what: "", reason };
        let chi_1 = chi_1(ensemble, point.q);
        let phase = Phase::of(chi_1);
        self.phase = Some(phase);
        let slopes = check_slopes(ensemble.activation, "chi_1").map(|()| chi_1);
        self.q_star = Some(point.q);
        self.activity_star = Some(point.activity);
        self.activity_slope = Some(point.slope);
        self.chi_1 = keep(&mut self.reasons, "chi_1", slopes);
        self.chi_2 = keep(&mut self.reasons, "chi_2", chi_2(ensemble, point.q));
        let marginal = because("infinite: the slope of the activity map is 1, so the approach is algebraic");
        self.depth_scale_q = keep(&mut self.reasons, "depth_scale_q", depth_scale(point.slope).ok_or(marginal));
        let noise = stationary_activity(ensemble, &point).map(|stationary| stationary.variance);
        self.finite_width.n_var_activity = keep(&mut self.reasons, "n_var_activity", noise);
        let growth = metric_growth(ensemble, &point).map(|growth| growth.variance_rate);
        self.finite_width.n_log_metric_variance_rate = keep(&mut self.reasons, "n_log_metric_variance_rate", growth);
        if let Some(found) = keep(&mut self.reasons, "distance_star", distance_fixed_point(ensemble, &point)) {
            self.distance_star = Some(found.distance);
            let silent = because("the signal dies out (q* = 0), so correlations have no limit of their own");
            self.correlation_star = keep(&mut self.reasons, "correlation_star", found.correlation.ok_or(silent));
            let critical = because("infinite: chi_1 = 1, so the approach is algebraic");
            self.depth_scale_c = keep(&mut self.reasons, "depth_scale_c", found.depth_scale(phase).ok_or(critical));
        } else {
            for field in ["correlation_star", "depth_scale_c"] {
                self.reasons.insert(field, "distance_star is not known".to_owned());
            }
        }
    }

    fn fill_edge(&mut self, ensemble: &Ensemble) {
        let (activation, sigma_b) = (ensemble.activation, ensemble.sigma_b.get());
        let critical = critical_sigma_w(activation, sigma_b).map(|point| point.sigma_w);
        self.critical_sigma_w = keep(&mut self.reasons, "critical_sigma_w", critical);
        self.chi_1_jump = chi_1_jump(activation, sigma_b).ok().flatten();
        if let (Some(jump), Some(reason)) = (&self.chi_1_jump, self.reasons.get_mut("critical_sigma_w")) {
            let ChiJump { sigma_w, q_below, q_above, .. } = jump;
            reason.push_str(&format!(
                "; it jumps over 1 at the saddle-node sigma_w = {sigma_w}, where q* goes from {q_below} to {q_above}"
            ));
        }
    }

    /// Homogeneous activations have `chi_1` and the activity slope at every `q`, so these survive.
    fn without_fixed_point(&mut self, ensemble: &Ensemble, reason: &str) {
        let mut missing = vec!["q_star", "activity_star", "correlation_star", "distance_star"];
        missing.extend(["n_var_activity", "n_log_metric_variance_rate"]);
        if ensemble.activation.is_homogeneous() {
            // 1 where it is 1 but for the rounding of sigma_w
            let told = |gain: f64| if excess_gain(gain) == 0.0 { 1.0 } else { gain };
            let chi_1 = told(chi_1(ensemble, 1.0));
            self.chi_1 = Some(chi_1);
            self.phase = Some(Phase::of(chi_1));
            self.activity_slope = Some(told(activity_slope(ensemble, 1.0)));
            self.chi_2 = keep(&mut self.reasons, "chi_2", chi_2(ensemble, 1.0));
        } else {
            missing.extend(["phase", "chi_1", "chi_2", "activity_slope"]);
        }
        missing.extend(["depth_scale_q", "depth_scale_c"]);
        if self.fixed_points.is_none() {
            missing.push("fixed_points");
        }
        for field in missing {
            self.reasons.insert(field, reason.to_owned());
        }
    }
}
