//! The order-chaos boundary `chi_1 = 1` in the `(sigma_w, sigma_b)` plane, parametrised without root finding by `q`:
//! `sigma_w^2 = 1 / E[phi'^2]`, `sigma_b^2 = q - sigma_w^2 E[phi^2]`.

use super::TheoryError;
use super::activity::{Stability, activity_fixed_point, chi_1, fixed_points, saddle_nodes};
use super::moments::{derivative_mean_square, derivative_moment_slope, mean_square, second_moment_slope};
use super::roughness::{check_slopes, is_beyond};
use neurodyn_model::{Activation, BiasStd, Ensemble, WeightStd};
use neurodyn_numerics::elementary::exp;
use neurodyn_numerics::roots::newton_bracketed;
use serde::Serialize;

/// A point of the boundary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundaryPoint {
    /// `sigma_w`.
    pub sigma_w: f64,
    /// `sigma_b^2`; negative where no network has this `q` at `chi_1 = 1`.
    pub sigma_b_squared: f64,
    /// Fixed point `q*` there.
    pub q: f64,
}

/// The boundary at preactivation variance `q > 0`.
pub fn boundary_point(activation: Activation, q: f64) -> BoundaryPoint {
    let (m0, m1) = (mean_square(activation, q), derivative_mean_square(activation, q));
    let square = 1.0 / m1;
    BoundaryPoint { sigma_w: square.sqrt(), sigma_b_squared: q - square * m0, q }
}

/// The smallest `sigma_w` with `chi_1 = 1` at this `sigma_b`, at the fixed point reached from large `q`.
///
/// Roots of `sigma_b^2(q)` are bracketed on a geometric grid of ratio 1.25 from 1e-10 to 1e8 and refined by Newton's
/// method; candidates whose `q` is not the fixed point reached from above are dropped. For homogeneous activations
/// `chi_1` does not depend on `q` and the boundary is the same for every `sigma_b`.
pub fn critical_sigma_w(activation: Activation, sigma_b: f64) -> Result<BoundaryPoint, TheoryError> {
    check_slopes(activation, "critical_sigma_w")?;
    let target = sigma_b * sigma_b;
    if activation.is_homogeneous() {
        let sigma_w = boundary_point(activation, 1.0).sigma_w;
        return Ok(BoundaryPoint { sigma_w, sigma_b_squared: target, q: f64::INFINITY });
    }
    let mut best: Option<BoundaryPoint> = None;
    let mut consider = |point: BoundaryPoint| {
        if best.is_none_or(|best| point.sigma_w < best.sigma_w) && is_reached(activation, sigma_b, &point) {
            best = Some(point);
        }
    };
    if sigma_b == 0.0 && activation.value(0.0) == 0.0 {
        // of a formula both slopes count
        let slope = match activation {
            Activation::Formula(_) => derivative_mean_square(activation, 0.0).sqrt(),
            _ => activation.derivative(0.0).abs(),
        };
        consider(BoundaryPoint { sigma_w: 1.0 / slope, sigma_b_squared: 0.0, q: 0.0 });
    }
    let excess = |q: f64| {
        let (m0, m1) = (mean_square(activation, q), derivative_mean_square(activation, q));
        let (m0_slope, m1_slope) = (second_moment_slope(activation, q), derivative_moment_slope(activation, q));
        (q - m0 / m1 - target, 1.0 - (m0_slope - m0 / m1 * m1_slope) / m1)
    };
    const RATIO: f64 = 1.25;
    let mut previous: Option<(f64, f64)> = None;
    let (mut q, last) = (1e-10, largest(activation));
    while q < last {
        let value = excess(q).0;
        if value.is_nan() {
            // a slope behind a threshold underflows
            q *= RATIO;
            continue;
        }
        if let Some((before, value_before)) = previous
            && (value_before > 0.0) != (value > 0.0)
        {
            let sign = if value_before > 0.0 { 1.0 } else { -1.0 };
            let root = newton_bracketed(before, q, q, |q| {
                let (value, slope) = excess(q);
                (sign * value, sign * slope)
            })
            .map_err(|source| TheoryError::NoConvergence { what: "critical_sigma_w", source })?;
            consider(boundary_point(activation, root.x));
        }
        previous = Some((q, value));
        q *= RATIO;
    }
    best.ok_or(TheoryError::OutOfRegime {
        what: "critical_sigma_w",
        reason: "no weight scale makes chi_1 = 1 at this sigma_b",
    })
}

/// The largest `q` at which a boundary is looked for.
pub(crate) fn largest(activation: Activation) -> f64 {
    match activation {
        Activation::Formula(_) => activation.shape().largest_variance().min(1e8),
        _ => 1e8,
    }
}

/// Where `chi_1` steps over 1 at one bias, with the fixed points below and above.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChiJump {
    /// Weight scale of the saddle-node.
    pub sigma_w: f64,
    /// Fixed point reached from large `q` just below that scale.
    pub q_below: f64,
    /// The one that appears there and is reached from then on.
    pub q_above: f64,
    /// `chi_1` at the first.
    pub chi_1_below: f64,
    /// `chi_1` at the second.
    pub chi_1_above: f64,
}

/// The first saddle-node at this bias where `chi_1` of the fixed point reached from large `q` jumps over 1 as `sigma_w` rises. Bounded and
/// homogeneous activations have at most one fixed point above 0, which moves continuously.
pub fn chi_1_jump(activation: Activation, sigma_b: f64) -> Result<Option<ChiJump>, TheoryError> {
    if has_one_fixed_point(activation) || !activation.is_continuous() {
        return Ok(None);
    }
    let mut jumps = Vec::new();
    for (sigma_w, q_above) in saddle_nodes(activation, sigma_b)? {
        let Ok(ensemble) = Ensemble::new(activation, sigma_w, sigma_b) else { continue };
        let all = fixed_points(&ensemble)?;
        // rounding may leave the pair, one point or none where they meet
        let is_last = all.points.iter().all(|found| found.point.q < q_above * (1.0 + MEETING));
        let mut lower = all.points.iter().rev().filter(|found| found.point.q < q_above * (1.0 - MEETING));
        let lower = lower.find(|found| found.stability == Stability::Stable);
        let (Some(lower), None, true) = (lower, all.unreached, is_last) else { continue };
        let (q_below, below, above) = (lower.point.q, chi_1(&ensemble, lower.point.q), chi_1(&ensemble, q_above));
        if below < 1.0 && above > 1.0 {
            jumps.push(ChiJump { sigma_w, q_below, q_above, chi_1_below: below, chi_1_above: above });
        }
    }
    Ok(jumps.into_iter().min_by(|a, b| a.sigma_w.total_cmp(&b.sigma_w)))
}

/// Points that meet in a saddle-node are no farther than this from it, relatively: the root of a rounding.
const MEETING: f64 = 1e-5;

/// Whether it is known that there is never more than one fixed point above 0, so that it is the one reached from large `q`.
fn has_one_fixed_point(activation: Activation) -> bool {
    let formula = matches!(activation, Activation::Formula(_));
    activation.is_homogeneous() || (!formula && activation.bound().is_some())
}

fn is_reached(activation: Activation, sigma_b: f64, point: &BoundaryPoint) -> bool {
    let Ok(ensemble) = Ensemble::new(activation, point.sigma_w, sigma_b) else { return false };
    // q* moves like the square root of a rounding near a marginal point, hence the wide margin
    activity_fixed_point(&ensemble).is_ok_and(|found| (found.q - point.q).abs() <= 1e-5 * point.q + 1e-7)
}

/// Points of the boundary for `q` from `low` to `high` in geometric steps, those with `sigma_b^2 >= 0` whose `q` is the fixed point reached
/// from large `q`. None where `phi` jumps.
pub fn boundary_curve(activation: Activation, low: f64, high: f64, count: usize) -> Vec<BoundaryPoint> {
    if !activation.is_continuous() {
        return Vec::new();
    }
    let ratio = neurodyn_numerics::elementary::ln(high / low) / (count.max(2) - 1) as f64;
    (0..count)
        .map(|i| boundary_point(activation, low * exp(ratio * i as f64)))
        .filter(|point| point.sigma_b_squared >= 0.0 && !is_beyond(activation, point.q))
        .filter(|point| has_one_fixed_point(activation) || is_reached(activation, point.sigma_b_squared.sqrt(), point))
        .collect()
}

/// Networks in one phase, at the fixed point of the activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhasePoint {
    /// `ordered`, `critical` or `chaotic`.
    pub phase: &'static str,
    /// The networks.
    pub ensemble: Ensemble,
    /// `A*`.
    pub activity: f64,
}

/// The three phases at one bias: ordered and chaotic ones at these weight scales, the critical one on the boundary.
pub fn three_phases(
    activation: Activation,
    sigma_b: BiasStd,
    ordered: WeightStd,
    chaotic: WeightStd,
) -> Result<[PhasePoint; 3], TheoryError> {
    let critical = critical_sigma_w(activation, sigma_b.get())?.sigma_w;
    let out_of_regime = |_| TheoryError::OutOfRegime { what: "critical_sigma_w", reason: "it is no weight scale" };
    let critical = WeightStd::new(critical).map_err(out_of_regime)?;
    let point = |phase, sigma_w| {
        let ensemble = Ensemble { activation, sigma_w, sigma_b };
        Ok::<_, TheoryError>(PhasePoint { phase, ensemble, activity: activity_fixed_point(&ensemble)?.activity })
    };
    Ok([point("ordered", ordered)?, point("critical", critical)?, point("chaotic", chaotic)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boundary_has_chi_1_equal_to_one_at_its_fixed_point() {
        for &activation in Activation::ALL {
            for sigma_b in [0.0, 0.05, 0.3, 1.0, 3.0] {
                let Ok(point) = critical_sigma_w(activation, sigma_b) else { continue };
                if activation.is_homogeneous() {
                    assert!(
                        (chi_1(&Ensemble::new(activation, point.sigma_w, sigma_b).expect("valid"), 1.0) - 1.0).abs()
                            < 1e-14
                    );
                    continue;
                }
                let ensemble = Ensemble::new(activation, point.sigma_w, sigma_b).expect("valid");
                let found = activity_fixed_point(&ensemble).expect("exists");
                assert!((chi_1(&ensemble, found.q) - 1.0).abs() < 1e-7, "{activation} {sigma_b}: {point:?} {found:?}");
            }
        }
    }

    #[test]
    fn known_edges() {
        let edge = |activation, sigma_b| critical_sigma_w(activation, sigma_b).expect("exists").sigma_w;
        assert_eq!(edge(Activation::Tanh, 0.0), 1.0);
        assert!((edge(Activation::ErfSqrt2, 0.0) - 1.253_314_137_315_500_3).abs() < 1e-15);
        assert!((edge(Activation::Relu, 0.7) - std::f64::consts::SQRT_2).abs() < 1e-15);
        assert_eq!(edge(Activation::Linear, 0.7), 1.0);
        assert!((edge(Activation::GaussCdf, 0.0) - 6.021).abs() < 1e-3);
        assert!(critical_sigma_w(Activation::Gelu, 0.0).is_err());
    }

    #[test]
    fn the_three_phases_are_on_both_sides_of_the_boundary() {
        let [ordered, chaotic] = [0.9, 2.5].map(|scale| WeightStd::new(scale).expect("a scale"));
        let bias = BiasStd::new(0.3).expect("a scale");
        let phases = three_phases(Activation::Tanh, bias, ordered, chaotic).expect("exist");
        let chi = phases.map(|point| chi_1(&point.ensemble, point.ensemble.preactivation_variance(point.activity)));
        assert!(chi[0] < 1.0 && (chi[1] - 1.0).abs() < 1e-7 && chi[2] > 1.0, "{chi:?}");
    }
}
