//! Pairs through an activation that jumps, or whose slope diverges.

use super::{SlopeProduct, differences_along, is_pair_beyond, pair_rule};
use crate::finite_width::whitened_directions;
use crate::given::Given;
use neurodyn_model::Activation;
use neurodyn_numerics::elementary::{erf, normal_pdf};
use neurodyn_numerics::quadrature::{PairCovariance, Univariate};
use std::f64::consts::FRAC_1_SQRT_2;

/// Where `phi` jumps, and by what.
fn jumps(activation: Activation) -> Vec<(f64, f64)> {
    activation.breaks().iter().map(|one| (one.at, one.jumps[0])).filter(|(_, jump)| *jump != 0.0).collect()
}

/// Whether `phi` or its slope is not finite somewhere.
fn diverges(activation: Activation) -> bool {
    activation.breaks().iter().any(|one| !(one.jumps[0].is_finite() && one.jumps[1].is_finite()))
}

/// With `phi' = s + sum_b J_b delta(u - b)`, `s` what it is beside the jumps: `E[s(u) s(v)]`, and for each jump the density there times what `s` of the other
/// variable is on average, and the joint density of two jumps. Where slopes diverge, the derivative is taken on the weight
/// ([`slope_in_gap`]).
pub(super) fn overlap_slope(activation: Activation, law: &PairCovariance) -> f64 {
    if (law.gap == 0.0 && law.difference == 0.0) || is_pair_beyond(activation, law) {
        return f64::INFINITY;
    }
    if diverges(activation) {
        return slope_in_gap(activation, law);
    }
    let jumps = jumps(activation);
    let rule = pair_rule(activation, law);
    let (sd, _, tau) = rule.factor();
    let (q_prime, along) = (law.q_prime(), if law.q > 0.0 { law.cross() / law.q } else { 0.0 });
    let back = if q_prime > 0.0 { -0.5 * (law.gap + law.difference) / q_prime } else { 0.0 };
    let (sd_prime, tau_back) = (q_prime.sqrt(), if q_prime > 0.0 { tau * sd / q_prime.sqrt() } else { 0.0 });
    let given = Given::new(activation);
    let density = |at: f64, sd: f64| match (sd > 0.0, at == 0.0) {
        (true, _) => normal_pdf(at / sd) / sd,
        (false, zero) => {
            if zero {
                f64::INFINITY
            } else {
                0.0
            }
        }
    };
    let mut total = rule.integrate(&SlopeProduct(activation.operation()))[0];
    for &(at, jump) in &jumps {
        for (density, relative, spread) in [(density(at, sd), along, tau), (density(at, sd_prime), back, tau_back)] {
            if density > 0.0 {
                let mean = given.expectation(at + relative * at, spread, |v| activation.derivative(v));
                total += density * jump * mean;
            }
        }
        for &(other, other_jump) in &jumps {
            let both = density(at, sd);
            if both > 0.0 {
                total += both * density(other - at - along * at, tau) * jump * other_jump;
            }
        }
    }
    total
}

/// Below this share of the variances pairs are near.
const NEAR: f64 = 1e-11;

/// `E[(phi(v) - phi(u))^2]` of a pair so near that the rounding of a place by a jump is no longer small against `t = v - u`; none for other pairs
/// and where nothing jumps. With the mean `m = (u + v) / 2`, of variance `q_m`, a jump at `b` lies between both if `|m - b| < |t| / 2`, which
/// has the probability `p(m = b) E[|t| | m = b]` to relative order `gap / q`. With the slope `s` beside the jumps
///
/// ```text
/// E = sum_b p(b) (J_b^2 E[|t| | b] + 2 J_b s(b) E[t^2 | b]) + E[s^2 t^2].
/// ```
pub(super) fn near(activation: Activation, law: &PairCovariance) -> Option<f64> {
    let least = law.q.min(law.q_prime());
    if activation.is_continuous() || law.gap > NEAR * least || diverges(activation) || is_pair_beyond(activation, law) {
        return None;
    }
    let middle = law.q + 0.5 * law.difference - 0.25 * law.gap;
    // t given m: the covariance of both is half the difference of the variances
    let along = 0.5 * law.difference / middle;
    let spread = (law.gap - along * along * middle).max(0.0).sqrt();
    let mut total = 0.0;
    for one in activation.breaks().iter().filter(|one| one.jumps[0] != 0.0) {
        let (mean, density) = (along * one.at, normal_pdf(one.at / middle.sqrt()) / middle.sqrt());
        let share = if spread > 0.0 { mean / spread } else { f64::INFINITY.copysign(mean) };
        let size = if spread > 0.0 {
            2.0 * spread * normal_pdf(share) + mean * erf(share * FRAC_1_SQRT_2)
        } else {
            mean.abs()
        };
        let slope = one.below[1] + 0.5 * one.jumps[1];
        let jump = one.jumps[0];
        total += density * jump * (jump * size + 2.0 * slope * (mean * mean + spread * spread));
    }
    let (along, tau) = (law.cross() / law.q, pair_rule(activation, law).factor().2);
    let smooth = Univariate::new(activation.shape(), law.q).expectation(|u| {
        let slope = activation.derivative(u);
        slope * slope * (along * along * u * u + tau * tau)
    });
    Some(total + smooth)
}

/// The slope of `E[phi(u) phi(v)]` in the covariance as that of `E[(phi(v) - phi(u))^2]` in the gap, taken on the Gaussian weight; infinite for parallel
/// signals.
fn slope_in_gap(activation: Activation, law: &PairCovariance) -> f64 {
    let rule = pair_rule(activation, law);
    let (sd, cross, tau) = rule.factor();
    let unit = law.gap.sqrt();
    if sd == 0.0 || tau <= 1e-7 * unit {
        return if activation.is_even() { -f64::INFINITY } else { f64::INFINITY };
    }
    let [_, _, [zz, zy, yy]] = whitened_directions(sd, cross / unit, tau / unit, unit);
    let [mean] = rule.expectations_along(
        |_| (),
        |u, _, t, differences| differences_along(activation, u, t, differences),
        |(), difference, node| {
            let difference = difference / unit;
            let hermite = zz * (node.z * node.z - 1.0) + 2.0 * zy * node.z * node.y + yy * (node.y * node.y - 1.0);
            [difference * difference * hermite]
        },
    );
    0.5 * mean
}
