//! The layers of a card: one or two signals, and curves of constant activity through the first.

use super::{Card, CardError, LayerRow, Request, Second};
use crate::TheoryError;
use crate::curvature::{CurveState, curve_trajectory, not_smooth};
use crate::metric::conformal_factors;
use crate::signals::{Signals, signal_trajectory};
use neurodyn_model::{Ensemble, ParameterError, geometric_mean, pair_distance, root_difference};

/// Values of the first layers, and why there are no more.
type Known = (Vec<f64>, Option<String>);

impl Card {
    /// Layers `0..=depth`; `reasons` gains why values of a curve are missing.
    pub(super) fn follow(
        &mut self,
        ensemble: &Ensemble,
        request: &Request,
        depth: usize,
    ) -> Result<Vec<LayerRow>, CardError> {
        let activity = self.input_activity(request)?;
        let mut rows = signals(ensemble, request, activity, depth)?;
        let (metric, why_metric) = metrics(ensemble, activity, depth);
        let ((curvature, why_curvature), (length, why_length)) = curves(ensemble, activity, request.curvature, depth);
        for (layer, row) in rows.iter_mut().enumerate() {
            row.metric = metric.get(layer).copied();
            row.curvature = curvature.get(layer).copied();
            row.gauss_map_length = length.get(layer).copied();
        }
        let reasons = [("metric", why_metric), ("curvature", why_curvature), ("gauss_map_length", why_length)];
        self.reasons.extend(reasons.into_iter().filter_map(|(field, reason)| Some((field, reason?))));
        Ok(rows)
    }

    /// The activity of the input: that given, or the fixed point.
    pub(super) fn input_activity(&self, request: &Request) -> Result<f64, CardError> {
        let reason = || self.reasons.get("q_star").cloned().unwrap_or_default();
        request.activity.or(self.activity_star).ok_or_else(|| CardError::NoActivity { reason: reason() })
    }
}

/// The inputs, the first of this activity; equal ones where there is no second.
pub(super) fn input(request: &Request, activity: f64) -> Result<Signals, CardError> {
    match request.second {
        None => Ok(Signals::new(activity, activity, activity, 0.0)),
        Some(second) => Ok(pair_input(activity, request.activity_prime.unwrap_or(activity), second)?),
    }
}

fn signals(ensemble: &Ensemble, request: &Request, activity: f64, depth: usize) -> Result<Vec<LayerRow>, CardError> {
    let prime = request.activity_prime.unwrap_or(activity);
    let curvature = request.curvature.unwrap_or(0.0);
    for (name, value) in [("--activity", activity), ("--activity-prime", prime), ("--curvature", curvature)] {
        if !(value.is_finite() && value >= 0.0) {
            return Err(bad(name, value, "a finite number, 0 or more"));
        }
    }
    let states = signal_trajectory(ensemble, input(request, activity)?, depth)?;
    let paired = request.second.is_some();
    let row = |(layer, state): (usize, &Signals)| LayerRow {
        layer,
        activity: state.activity(),
        activity_prime: paired.then(|| state.activity_prime()),
        overlap: paired.then(|| state.overlap()),
        correlation: match request.second {
            None => None,
            // as it was given, where rounding might move it
            Some(Second::Correlation(c)) if layer == 0 => state.correlation().map(|_| c),
            Some(_) => state.correlation(),
        },
        preactivation_correlation: if paired { state.preactivation_correlation(ensemble) } else { None },
        distance: paired.then(|| state.distance()),
        metric: None,
        curvature: None,
        gauss_map_length: None,
    };
    Ok(states.iter().enumerate().map(row).collect())
}

fn metrics(ensemble: &Ensemble, activity: f64, depth: usize) -> Known {
    let factors = |depth| conformal_factors(ensemble, activity, depth);
    match factors(depth) {
        Ok(metric) => (metric, None),
        Err(error) => (before(&error, factors), Some(error.reason())),
    }
}

/// The layers before the one that is not finite.
fn before<T>(error: &TheoryError, trajectory: impl Fn(usize) -> Result<Vec<T>, TheoryError>) -> Vec<T> {
    match error {
        TheoryError::NotFinite { layer, .. } => trajectory(layer.saturating_sub(1)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// `kappa^2` of the curve and the length of the Gauss map of the great circle.
fn curves(ensemble: &Ensemble, activity: f64, curvature: Option<f64>, depth: usize) -> (Known, Known) {
    let nothing = |reason: &str| ((Vec::new(), Some(reason.to_owned())), (Vec::new(), Some(reason.to_owned())));
    let circle = 1.0 / activity;
    if let Some(reason) = not_smooth(ensemble.activation) {
        return nothing(reason);
    }
    if activity == 0.0 {
        return nothing("the input activity is 0: a curve of constant activity is a single point");
    }
    if !circle.is_finite() {
        return nothing("the curvature of the great circle, 1 / A, overflows at this input activity");
    }
    let (states, stopped) = curve(ensemble, activity, circle, depth);
    let length = states.iter().map(|state| state.gauss_map_length).collect();
    let reason = stopped.then(|| {
        format!(
            "not followed from layer {} on, where the metric or the curvature of the circle is not finite",
            states.len()
        )
    });
    let first = match curvature {
        None => (states, stopped),
        Some(curvature) => curve(ensemble, activity, curvature, depth),
    };
    (curvatures(ensemble, first, depth), (length, reason))
}

/// Layers `0..=depth` of a curve, or those before one that is not finite, and whether there is such a one.
fn curve(ensemble: &Ensemble, activity: f64, curvature: f64, depth: usize) -> (Vec<CurveState>, bool) {
    let states = |depth| curve_trajectory(ensemble, activity, curvature, depth);
    match states(depth) {
        Ok(layers) => (layers, false),
        Err(error) => (before(&error, states), true),
    }
}

/// `kappa^2` of the curve whose first layers these are. It needs no metric, so where that overflows the rest begins anew.
fn curvatures(ensemble: &Ensemble, (mut states, mut stopped): (Vec<CurveState>, bool), depth: usize) -> Known {
    let mut values: Vec<f64> = states.iter().map(|state| state.curvature).collect();
    while stopped {
        let last = match states.last() {
            Some(last) if states.len() > 1 => *last,
            _ => {
                let reason = format!("not finite at layer {}", values.len());
                return (values, Some(reason));
            }
        };
        (states, stopped) = curve(ensemble, last.activity, last.curvature, depth + 1 - values.len());
        values.extend(states.iter().skip(1).map(|state| state.curvature));
    }
    (values, None)
}

fn bad(name: &'static str, found: f64, allowed: &'static str) -> CardError {
    CardError::Parameter(ParameterError { name: name.into(), found: found.to_string(), allowed })
}

/// The input pair; what was given is kept to the bit.
fn pair_input(activity: f64, prime: f64, second: Second) -> Result<Signals, CardError> {
    let reach = geometric_mean(activity, prime);
    let roots = activity.sqrt() + prime.sqrt();
    let split = root_difference(activity, prime);
    let slack = 1e-14 * (activity + prime);
    let (overlap, distance) = match second {
        Second::Correlation(c) => {
            if !(-1.0..=1.0).contains(&c) {
                return Err(bad("--correlation", c, "a number from -1 to 1"));
            }
            (c * reach, pair_distance(activity, prime, c))
        }
        Second::Overlap(overlap) => {
            if !(overlap.abs() <= reach + slack) {
                return Err(bad("--overlap", overlap, "at most sqrt(A A') in size"));
            }
            (overlap, (activity + prime - 2.0 * overlap).max(split * split))
        }
        Second::Distance(distance) => {
            let allowed = distance >= split * split - slack * f64::EPSILON && distance <= roots * roots + slack;
            if !allowed {
                return Err(bad("--distance", distance, "from (sqrt A - sqrt A')^2 to (sqrt A + sqrt A')^2"));
            }
            // where the distance is near the larger activity their difference is exact
            (0.5 * (activity.max(prime) - distance + activity.min(prime)), distance)
        }
    };
    Ok(Signals::new(activity, prime, overlap, distance))
}
