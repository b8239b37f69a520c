//! What experiments share: networks of one ensemble to sample, and their theory, layer by layer.

use crate::cells::{Corrected, Mean};
use crate::{Run, RunError};
use neurodyn_config::Grid;
use neurodyn_model::{Activation, Ensemble, Inputs, Network, ParameterError, SymmetricMatrix, WeightStd};
use neurodyn_numerics::elementary::log10;
use neurodyn_numerics::statistics::{KolmogorovSmirnov, kolmogorov_smirnov_two_sample};
use neurodyn_simulation::{Estimate, Pair, Trajectory, cost};
use neurodyn_theory::TheoryError;
use neurodyn_theory::activity::{ActivityFixedPoint, activity_fixed_point, activity_trajectory, chi_1};
use neurodyn_theory::distance::{PairState, Phase, distance_fixed_point};
use neurodyn_theory::finite_width::{Correction, PairCorrections, activity_corrections, pair_corrections};
use std::f64::consts::LOG10_E;

/// The fixed point reached from large activities; `None` where there is none, or where every activity is one.
pub fn settled(ensemble: &Ensemble) -> Result<Option<ActivityFixedPoint>, RunError> {
    existing(activity_fixed_point(ensemble))
}

/// Whether there is such a fixed point.
pub fn settles(ensemble: &Ensemble) -> bool {
    matches!(settled(ensemble), Ok(Some(_)))
}

/// Phase and correlation depth `xi_c`; `None` on the edge of chaos itself, where it is infinite, and where the activity has no fixed point.
pub fn correlation_depth(ensemble: &Ensemble) -> Result<Option<(Phase, f64)>, RunError> {
    let Some(star) = settled(ensemble)? else { return Ok(None) };
    let phase = Phase::of(chi_1(ensemble, star.q));
    Ok(distance_fixed_point(ensemble, &star)?.depth_scale(phase).map(|scale| (phase, scale)))
}

/// Theory of two inputs in this state with its 1/n corrections, layer by layer.
pub fn pair_of_inputs(run: &Run, network: &Network, input: PairState) -> Result<Vec<PairCorrections>, RunError> {
    Ok(pair_corrections(&run.theory(&network.ensemble), input, network.widths())?)
}

/// The mean of `log10 D` of two inputs.
pub fn log_distance(expected: &PairCorrections, found: impl Into<Mean>) -> Corrected {
    let bias = expected.log_distance().map_or(0.0, |correction| correction.bias);
    Corrected::new(log10(expected.state.distance), found, bias * LOG10_E)
}

/// The last of these layers.
pub fn deepest(layers: &[usize]) -> usize {
    layers.iter().copied().max().unwrap_or(1)
}

/// An observable in every layer, the input first.
pub fn in_layers(trajectory: &Trajectory, observable: impl Fn(&SymmetricMatrix) -> f64) -> Vec<f64> {
    trajectory.iter().map(observable).collect()
}

/// Infinite-width theory of one input with its 1/n corrections, layer by layer.
pub struct SingleInput {
    /// The activity.
    pub activities: Vec<f64>,
    /// Its correction, and its variance over networks.
    pub corrections: Vec<Correction>,
}

/// Theory of one input of this activity.
pub fn single_input(run: &Run, network: &Network, activity: f64) -> Result<SingleInput, RunError> {
    let theory = run.theory(&network.ensemble);
    Ok(SingleInput {
        activities: activity_trajectory(&theory, activity, network.depth())?,
        corrections: activity_corrections(&theory, activity, network.widths())?,
    })
}

/// Two inputs in this state, as the columns (point, difference).
pub fn pair(input: PairState) -> Result<Inputs, RunError> {
    Ok(Inputs::pair(input.activity, input.activity_difference, input.distance)?)
}

/// Refuses, at this field, a distance that two inputs of one activity cannot have.
pub fn check_distance(field: &'static str, ensemble: &Ensemble, activity: f64, distance: f64) -> Result<(), RunError> {
    if is_possible(activity, distance) {
        return Ok(());
    }
    let of = of_ensemble(ensemble);
    let message = format!(
        "{distance} is beyond the largest distance of two inputs of the activity of the fixed point of {of}, {:.3e}, so it must be from 0 to \
         that",
        4.0 * activity
    );
    Err(RunError::Field { field: field.into(), message })
}

/// Two inputs of activity `A` whose preactivations, of variance `q`, have the correlation `c`: their distance is `2 q (1 - c) / sigma_w^2`, and at
/// most `4 A`. Refuses, at this field, a correlation that no two inputs lead to.
pub fn correlated(
    field: &'static str,
    ensemble: &Ensemble,
    (activity, q): (f64, f64),
    c: f64,
) -> Result<PairState, RunError> {
    let weight = ensemble.sigma_w.squared();
    let distance = 2.0 * q * (1.0 - c) / weight;
    if is_possible(activity, distance) {
        return Ok(PairState::equal(activity, distance));
    }
    let least = ((1.0 - 2.0 * weight * activity / q) * 1e3).ceil() / 1e3;
    let of = of_ensemble(ensemble);
    let message = format!(
        "{c} is not the correlation of the preactivations of any two inputs of the activity of the fixed point of {of}; with the bias that \
         they share it must be from {least} to 1"
    );
    Err(RunError::Field { field: field.into(), message })
}

/// As [`Inputs::pair`] has it.
fn is_possible(activity: f64, distance: f64) -> bool {
    distance <= 4.0 * activity * (1.0 + 1e-12)
}

fn of_ensemble(ensemble: &Ensemble) -> String {
    let (sigma_w, sigma_b) = (ensemble.sigma_w.get(), ensemble.sigma_b.get());
    format!("{}, sigma_w = {sigma_w}, sigma_b = {sigma_b}", ensemble.activation)
}

/// `2 m(2n) - m(n)` of independent means at sizes `n` and `2n`, which has no term of order 1/n, with its standard error.
pub fn extrapolated(narrow: &Estimate, wide: &Estimate) -> (f64, f64) {
    let (a, b) = (stderr(narrow), stderr(wide));
    (2.0 * wide.mean - narrow.mean, (4.0 * b * b + a * a).sqrt())
}

/// Whether two samples are of one law; sorts them.
pub fn same_law(a: &mut [f64], b: &mut [f64]) -> KolmogorovSmirnov {
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    kolmogorov_smirnov_two_sample(a, b)
}

/// Standard error, 0 for a quantity without spread.
pub fn stderr(estimate: &Estimate) -> f64 {
    estimate.stderr.unwrap_or(0.0)
}

/// Least and largest of some values, one at least.
pub fn least_and_most<T: Ord + Copy>(values: &[T]) -> (T, T) {
    values.iter().fold((values[0], values[0]), |(least, most), &value| (least.min(value), most.max(value)))
}

/// First and last of some values, one at least.
pub fn ends(values: &[f64]) -> (f64, f64) {
    (values[0], values[values.len() - 1])
}

/// `A` of the first column.
pub fn activity(gram: &SymmetricMatrix) -> f64 {
    gram.get(0, 0)
}

/// `D` of a (point, difference) pair of columns.
pub fn distance(gram: &SymmetricMatrix) -> f64 {
    Pair::POINT_AND_DIFFERENCE.distance(gram)
}

/// `C = A + x . (x' - x) / n` of a (point, difference) pair of columns.
pub fn overlap(gram: &SymmetricMatrix) -> f64 {
    Pair::POINT_AND_DIFFERENCE.overlap(gram)
}

/// What was found, `None` where the theory says that it does not exist; other errors stay errors.
pub fn existing<T>(found: Result<T, impl Into<RunError>>) -> Result<Option<T>, RunError> {
    match found.map_err(Into::into) {
        Err(RunError::Theory(TheoryError::OutOfRegime { .. })) => Ok(None),
        found => found.map(Some),
    }
}

/// Each of these with each of those, which go round faster.
pub fn pairs<A: Copy, B: Copy>(slow: &[A], fast: &[B]) -> Vec<(A, B)> {
    slow.iter().flat_map(|&a| fast.iter().map(move |&b| (a, b))).collect()
}

/// Points `(sigma_w, sigma_b)` of a plane, row by row.
pub fn plane(sigma_w: &Grid, sigma_b: &Grid) -> Result<Vec<(f64, f64)>, RunError> {
    let (w, b) = (sigma_w.values(), sigma_b.values());
    cost::Work::theory(w.len() as f64 * b.len() as f64).afford()?;
    Ok(pairs(b, w).into_iter().map(|(b, w)| (w, b)).collect())
}

/// Refuses a parameter in which something was found that is not allowed.
pub fn refuse(name: &'static str, found: Option<impl ToString>, allowed: &'static str) -> Result<(), ParameterError> {
    found.map_or(Ok(()), |found| Err(ParameterError { name: name.into(), found: found.to_string(), allowed }))
}

/// Refuses a parameter where this holds.
pub fn refuse_where(
    holds: bool,
    name: &'static str,
    found: impl ToString,
    allowed: &'static str,
) -> Result<(), ParameterError> {
    refuse(name, holds.then_some(found), allowed)
}

/// Does this with each item of a list of sections. What is refused of an item is named by its place: `width` is then `list[1].width`.
pub fn each<T, R, E: InItem>(list: &str, items: &[T], mut of: impl FnMut(&T) -> Result<R, E>) -> Result<Vec<R>, E> {
    items.iter().enumerate().map(|(index, item)| of(item).map_err(|error| error.in_item(list, index))).collect()
}

/// An error that may be about an item of a list.
pub trait InItem {
    /// The same, about this item.
    fn in_item(self, list: &str, index: usize) -> Self;
}

impl InItem for ParameterError {
    fn in_item(self, list: &str, index: usize) -> Self {
        Self { name: format!("{list}[{index}].{}", self.name).into(), ..self }
    }
}

impl InItem for RunError {
    fn in_item(self, list: &str, index: usize) -> Self {
        match self {
            Self::Field { field, message } => {
                Self::Field { field: format!("parameters.{list}[{index}].{field}").into(), message }
            }
            Self::Parameter(error) => Self::Parameter(error.in_item(list, index)),
            other => other,
        }
    }
}

/// Refuses layers below the last one.
pub fn check_layers(name: &'static str, layers: &[usize], depth: usize) -> Result<(), ParameterError> {
    refuse(name, layers.iter().find(|&&layer| layer > depth), "at most the depth")
}

/// Refuses numbers that are no scales of weights or biases, before anything is computed.
pub fn check_scales(name: &'static str, scales: &[f64]) -> Result<(), ParameterError> {
    match scales.iter().find(|scale| WeightStd::new(**scale).is_err()) {
        Some(scale) => {
            Err(ParameterError { name: name.into(), found: format!("{scale:?}"), allowed: "a number from 0 to 1e100" })
        }
        None => Ok(()),
    }
}

/// Refuses networks without biases whose signals die out, where what is asked for needs a signal. Scales without a fixed point are
/// left to the theory, which says why there is none.
pub fn check_signal(
    name: &'static str,
    activation: Activation,
    sigma_b: f64,
    scales: impl IntoIterator<Item = f64>,
) -> Result<(), ParameterError> {
    // the square of a tiny bias scale is 0, too
    for sigma_w in scales.into_iter().filter(|_| sigma_b * sigma_b == 0.0) {
        let star = activity_fixed_point(&Ensemble::new(activation, sigma_w, sigma_b)?);
        if star.is_ok_and(|star| star.activity == 0.0) {
            let found = if sigma_b == 0.0 { "0".to_owned() } else { format!("{sigma_b:?}") };
            let found = format!("{found} at sigma_w = {sigma_w}");
            return Err(ParameterError {
                name: name.into(),
                found,
                allowed: "above 0 where signals die out without biases",
            });
        }
    }
    Ok(())
}

/// Refuses networks whose preactivations have a larger variance at the fixed point; `name` is the field of their `sigma_w`. Scales
/// without a fixed point are left to the theory, which says why there is none.
pub fn check_variance(
    name: &'static str,
    ensemble: &Ensemble,
    (largest, allowed): (f64, &'static str),
) -> Result<(), ParameterError> {
    let Ok(star) = activity_fixed_point(ensemble) else { return Ok(()) };
    if star.q <= largest {
        return Ok(());
    }
    let found = format!("{:?} at sigma_b = {:?}", ensemble.sigma_w.get(), ensemble.sigma_b.get());
    Err(ParameterError { name: name.into(), found, allowed })
}

/// Refuses networks that are not in the chaotic phase, where distances do not grow; `name` is the field of their `sigma_w`.
pub fn check_chaos(name: &'static str, ensemble: &Ensemble) -> Result<(), ParameterError> {
    let Ensemble { activation, sigma_w, .. } = ensemble;
    let Ok(star) = activity_fixed_point(ensemble) else {
        let found = format!("{activation} at sigma_w = {:?}", sigma_w.get());
        return Err(ParameterError {
            name: "activation".into(),
            found,
            allowed: "one whose activity has a fixed point",
        });
    };
    // what is not a number is not chaotic either
    if chi_1(ensemble, star.q) > 1.0 {
        return Ok(());
    }
    let allowed = "in the chaotic phase (chi_1 above 1), since distances do not grow elsewhere";
    Err(ParameterError { name: name.into(), found: format!("{:?}", sigma_w.get()), allowed })
}
