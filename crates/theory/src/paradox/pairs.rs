//! Many inputs at equal distances: how far from equidistant a finite network makes their images.
//!
//! Start from `k` inputs of equal activity and equal distances (a simplex; what the layers tend to anyway). The images are exchangeable, so to
//! first order in 1/n the deviations of the distances from infinite width are Gaussian with
//! `D_ij - D = common + a_i + a_j + w_ij`, four independent parts. The variance of one pair is that of [`crate::finite_width`]. The
//! part `w_ij` of the pair alone belongs to an irreducible representation of the permutations of the inputs by itself, `(k - 2, 2)`, so its
//! linear dynamics decouple: `w_ij - w_ik - w_lj + w_lk = -2 (x_i - x_l) . (x_j - x_k) / n`, and
//!
//! ```text
//! Var w' = F'(C)^2 Var w + N / n,   F'(C) = sigma_w^2 E[phi'(u_i) phi'(u_j)],
//! N = E[(phi_i - phi_l)^2 (phi_j - phi_k)^2] = 4 E_z[Var(phi | z)^2],   u_i = sqrt(c q) z + sqrt((1 - c) q) xi_i.
//! ```
//!
//! Extremes over all `N = k (k - 1) / 2` pairs lie between two sets of *independent* Gaussian deviations: with the whole variance of a pair
//! (Sidak 1967: any centred Gaussian vector is at least as likely as independent ones to lie in a box), and with that of `w` alone
//! (Anderson 1955: adding an independent symmetric part can only make a symmetric convex set less likely).

use crate::TheoryError;
use crate::distance::{PairState, distance_slope, pair_trajectory};
use crate::finite_width::{Correction, pair_corrections};
use crate::given::Given;
use crate::roughness::check;
use neurodyn_model::{Activation, Ensemble, Width};
use neurodyn_numerics::elementary::{exp, ln, normal_cdf, pow};

/// First-order law of the distances of a simplex in one layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimplexLayer {
    /// Infinite-width distance.
    pub distance: f64,
    /// Of one pair: mean minus infinite width, and variance over networks.
    pub pair: Correction,
    /// Variance of the part that belongs to the pair alone.
    pub own: f64,
}

/// Law of a simplex of this state in layers `0..=L`, for widths of layers `1..=L`. `activity_difference` must be 0, the activity a fixed
/// point, and the activation smooth or a formula; the integrals are right to 1e-10.
pub fn simplex(ensemble: &Ensemble, input: PairState, widths: &[Width]) -> Result<Vec<SimplexLayer>, TheoryError> {
    let states = pair_trajectory(ensemble, input, widths.len())?;
    let pairs = pair_corrections(ensemble, input, widths)?;
    let mut own = 0.0;
    let mut layers = vec![SimplexLayer { distance: input.distance, pair: Correction::default(), own }];
    for (index, width) in widths.iter().enumerate() {
        let slope = distance_slope(ensemble, states[index].activity, states[index].distance);
        own = slope * slope * own + own_noise(ensemble, &states[index])? / width.get() as f64;
        let next = index + 1;
        layers.push(SimplexLayer { distance: states[next].distance, pair: pairs[next].distance(), own });
    }
    Ok(layers)
}

/// Largest variance of preactivations for which the spread of a simplex is computed.
pub const LARGEST_Q: f64 = 1e4;

/// `4 E_z[Var(phi(u) | z)^2]`: trapezoid rules in the common and in the private part of `u`, whose errors are below `exp(-2 pi^2 1.5^2)` for
/// the Gaussian and `exp(-2 pi (pi/2) / 0.1)` for activations analytic within `pi/2` of the real axis.
fn own_noise(ensemble: &Ensemble, state: &PairState) -> Result<f64, TheoryError> {
    let out = |reason| Err(TheoryError::OutOfRegime { what: "the spread of a simplex", reason });
    let formula = matches!(ensemble.activation, Activation::Formula(_));
    if !formula && !ensemble.activation.is_smooth() {
        return out("the activation has a kink, where the rule is not accurate");
    }
    let law = state.preactivations(ensemble);
    if !(law.q <= LARGEST_Q) {
        return out("the variance of the preactivations is above 1e4, where the rule takes too many points");
    }
    let (private, common) = (0.5 * law.gap, law.q - 0.5 * law.gap);
    if !(common >= -1e-12 * law.q) {
        return out("more than two inputs cannot all be as far apart");
    }
    if formula {
        check(ensemble.activation, 0, 4, "the spread of a simplex")?;
        return Ok(own_noise_of_formula(ensemble.activation, private, common.max(0.0)));
    }
    let mut total = 0.0;
    for (u, weight) in trapezoid(common.max(0.0)) {
        let (mut first, mut second) = (0.0, 0.0);
        // around the value without a private part, so that a small variance is no difference of large squares
        let centre = ensemble.activation.value(u);
        for (t, weight) in trapezoid(private) {
            let difference = ensemble.activation.value(u + t) - centre;
            first += weight * difference;
            second += weight * difference * difference;
        }
        let variance = second - first * first;
        total += weight * variance * variance;
    }
    Ok(4.0 * total)
}

/// The same with panels between the breaks of a formula. As a function of what is common, the variance varies on the scale of the private part, or
/// that of the panels if that is wider.
fn own_noise_of_formula(activation: Activation, private: f64, common: f64) -> f64 {
    let given = Given::new(activation);
    let (inner, outer) = (private.sqrt(), common.sqrt());
    let mut total = 0.0;
    for (u, weight) in given.blurred(outer, inner) {
        let (mut first, mut second) = (0.0, 0.0);
        let centre = activation.value(u);
        for (v, weight) in given.nodes(u, inner) {
            let difference = activation.value(v) - centre;
            first += weight * difference;
            second += weight * difference * difference;
        }
        let variance = second - first * first;
        total += weight * variance * variance;
    }
    4.0 * total
}

/// Nodes and weights of a Gaussian of this variance.
fn trapezoid(variance: f64) -> Vec<(f64, f64)> {
    let sd = variance.sqrt();
    if sd == 0.0 {
        return vec![(0.0, 1.0)];
    }
    let step = (0.1f64).min(sd / 1.5);
    let last = (9.0 * sd / step).ceil() as i64;
    let nodes: Vec<(f64, f64)> = (-last..=last)
        .map(|i| {
            let t = step * i as f64;
            (t, exp(-0.5 * t * t / variance))
        })
        .collect();
    let sum: f64 = nodes.iter().map(|node| node.1).sum();
    nodes.into_iter().map(|(t, weight)| (t, weight / sum)).collect()
}

/// Number of pairs of `k` inputs.
pub fn pair_count(k: usize) -> f64 {
    0.5 * k as f64 * (k as f64 - 1.0)
}

/// `P(|bias + sd Z| <= tolerance)`.
fn within(bias: f64, sd: f64, tolerance: f64) -> f64 {
    // the upper tails, so that a probability near 1 is left to the caller as it is
    1.0 - normal_cdf((bias - tolerance) / sd) - normal_cdf((-tolerance - bias) / sd)
}

/// Mean of the largest of `count` independent `|bias + sd Z|`: the integral over `x` of `1 - P(|.| <= x)^count`, by the trapezoid rule
/// (error about 1e-6 of `sd`).
pub fn expected_extreme(bias: f64, sd: f64, count: f64) -> f64 {
    const STEPS: usize = 4000;
    let end = bias.abs() + sd * (2.0 * ln(2.0 * count + 2.0)).sqrt() + 8.0 * sd;
    let step = end / STEPS as f64;
    let beyond = |i: usize| 1.0 - pow(within(bias, sd, step * i as f64).max(0.0), count);
    step * ((1..STEPS).map(beyond).sum::<f64>() + 0.5 * (beyond(0) + beyond(STEPS)))
}

/// Upper bound `sd sqrt(2 ln(2 count))` on the mean of the largest of `count` centred Gaussian deviations of this `sd`, whatever their correlations
/// (the union bound on the exponential moments; Boucheron, Lugosi, Massart 2013, theorem 2.5).
pub fn extreme_bound(sd: f64, count: f64) -> f64 {
    sd * (2.0 * ln(2.0 * count)).sqrt()
}

/// Mean of `ln K`, `K` being the number of inputs that can be added one by one until some pair deviates by more than `tolerance`
/// (at most `most`), were all pairs independent: `P(K >= k) = P(|bias + sd Z| <= tolerance)^(k (k-1) / 2)`.
pub fn expected_log_inputs(bias: f64, sd: f64, tolerance: f64, most: usize) -> f64 {
    let one = within(bias, sd, tolerance).max(0.0);
    (2..=most).map(|k| pow(one, pair_count(k)) * ln(k as f64 / (k as f64 - 1.0))).sum()
}

/// `k` at which half of all networks keep every pair within `tolerance`, were pairs independent: `P^(k (k-1) / 2) = 1/2`.
pub fn median_inputs(bias: f64, sd: f64, tolerance: f64) -> f64 {
    let outside = normal_cdf((bias - tolerance) / sd) + normal_cdf((-tolerance - bias) / sd);
    let pairs = -std::f64::consts::LN_2 / neurodyn_numerics::elementary::ln_1p(-outside);
    0.5 + (0.25 + 2.0 * pairs).sqrt()
}

/// The leading law `exp(tolerance^2 / (4 variance))`, `variance` being that of one pair, `v / n`.
pub fn leading_inputs(variance: f64, tolerance: f64) -> f64 {
    exp(0.25 * tolerance * tolerance / variance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::activity_fixed_point;
    use crate::distance::distance_fixed_point;
    use crate::moments::mean_square;

    fn start(activation: Activation, w: f64, b: f64) -> (Ensemble, PairState) {
        let ensemble = Ensemble::new(activation, w, b).expect("valid");
        let point = activity_fixed_point(&ensemble).expect("exists");
        let distance = distance_fixed_point(&ensemble, &point).expect("exists").distance;
        (ensemble, PairState { activity: point.activity, activity_difference: 0.0, distance })
    }

    #[test]
    fn scales_that_take_too_many_points_are_refused() {
        let (ensemble, state) = start(Activation::Tanh, 1e12, 0.3);
        let found = own_noise(&ensemble, &state);
        assert!(matches!(found, Err(TheoryError::OutOfRegime { .. })), "{found:?}");
    }

    /// The conditional variances add up: `2 E_z[Var(phi | z)]` is the distance itself.
    #[test]
    fn the_rule_gives_the_distance_back() {
        for (activation, w, b) in
            [(Activation::Tanh, 2.5, 0.3), (Activation::ErfSqrt2, 3.0, 0.5), (Activation::Sin, 1.5, 0.2)]
        {
            let (ensemble, state) = start(activation, w, b);
            let law = state.preactivations(&ensemble);
            let mut total = 0.0;
            for (u, weight) in trapezoid(law.q - 0.5 * law.gap) {
                let (mut first, mut second) = (0.0, 0.0);
                for (t, w) in trapezoid(0.5 * law.gap) {
                    let value = activation.value(u + t);
                    first += w * value;
                    second += w * value * value;
                }
                total += weight * (second - first * first);
            }
            assert!((2.0 * total / state.distance - 1.0).abs() < 1e-11, "{activation}: {total}");
        }
    }

    /// Odd activation, no bias: nothing is common at `D-bar`, so `N = 4 A^2`, and the part of a pair alone settles at `4 A^2 / (1 - s^2)`.
    #[test]
    fn without_correlations_it_is_a_closed_form() {
        let (ensemble, state) = start(Activation::Tanh, 2.0, 0.0);
        let a = mean_square(Activation::Tanh, ensemble.preactivation_variance(state.activity));
        assert!((own_noise(&ensemble, &state).expect("finite") / (4.0 * a * a) - 1.0).abs() < 1e-11);
        let widths = vec![Width::new(500).expect("valid"); 250];
        let last = simplex(&ensemble, state, &widths).expect("finite")[250];
        let slope = distance_slope(&ensemble, state.activity, state.distance);
        assert!((last.own * 500.0 * (1.0 - slope * slope) / (4.0 * a * a) - 1.0).abs() < 1e-10);
        assert!(last.own < last.pair.variance);
    }

    #[test]
    fn kinks_and_impossible_simplices_are_refused() {
        let relu = Ensemble::new(Activation::Relu, 1.0, 0.5).expect("valid");
        let state = PairState { activity: 0.5, activity_difference: 0.0, distance: 0.2 };
        assert!(own_noise(&relu, &state).is_err());
        let tanh = Ensemble::new(Activation::Tanh, 2.0, 0.0).expect("valid");
        assert!(own_noise(&tanh, &PairState { distance: 1.5, ..state }).is_err());
    }

    #[test]
    fn extremes_have_their_known_values_and_bounds() {
        // E|Z|, and E max(|Z_1|, |Z_2|) = 2 / sqrt(pi)
        let pi = std::f64::consts::PI;
        assert!((expected_extreme(0.0, 2.0, 1.0) - 2.0 * (2.0 / pi).sqrt()).abs() < 1e-5);
        assert!((expected_extreme(0.0, 1.0, 2.0) - 2.0 / pi.sqrt()).abs() < 1e-5);
        for count in [1.0, 10.0, 1e3, 1e6] {
            let found = expected_extreme(0.0, 0.3, count);
            assert!(found < extreme_bound(0.3, count), "{count}");
        }
        let ratio = expected_extreme(0.0, 1.0, 1e9) / extreme_bound(1.0, 1e9);
        assert!(ratio > 0.94 && ratio < 1.0, "{ratio}");
    }

    #[test]
    fn numbers_of_inputs_grow_as_the_leading_law_says() {
        // all or nothing
        assert!((expected_log_inputs(0.0, 1e-3, 1.0, 50) - ln(50.0)).abs() < 1e-12);
        assert!(expected_log_inputs(0.0, 1.0, 1e-9, 50) < 1e-8);
        let median = median_inputs(0.0, 0.1, 0.4);
        assert!((pow(within(0.0, 0.1, 0.4), pair_count(1) + 0.5 * median * (median - 1.0)) - 0.5).abs() < 1e-9);
        // ln k over its leading law tends to 1
        let rate = |sd: f64| ln(median_inputs(0.0, sd, 1.0)) / ln(leading_inputs(sd * sd, 1.0));
        assert!((rate(0.05) - 1.0).abs() < 0.02 && (rate(0.05) - 1.0).abs() < (rate(0.2) - 1.0).abs());
    }
}
