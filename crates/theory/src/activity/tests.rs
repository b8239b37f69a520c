use super::*;
use crate::moments::{second_moment_curvature, second_moment_slope};
use neurodyn_model::Activation;
use neurodyn_numerics::elementary::{exp, normal_pdf};
use proptest::prelude::*;
use std::sync::OnceLock;

fn ensemble(activation: Activation, sigma_w: f64, sigma_b: f64) -> Ensemble {
    Ensemble::new(activation, sigma_w, sigma_b).expect("valid")
}

#[test]
fn regimes_without_a_fixed_point_say_why() {
    let reason = |a, w, b| activity_fixed_point(&ensemble(a, w, b)).expect_err("none").reason();
    assert!(reason(Activation::Relu, 2.0, 0.5).contains("without bound"));
    assert!(reason(Activation::Linear, 1.0, 0.0).contains("every activity"));
    assert!(reason(Activation::Linear, 1.0, 0.1).contains("without bound"));
    assert!(reason(Activation::Softplus, 1.5, 0.1).contains("without bound"));
    assert!(reason(Activation::Gelu, 2.0, 0.0).contains("without bound"));
}

#[test]
fn odd_activations_without_bias_die_out_below_the_edge() {
    for (activation, edge) in
        [(Activation::Tanh, 1.0), (Activation::Sin, 1.0), (Activation::ErfSqrt2, 1.253_314_137_315_5)]
    {
        let below = activity_fixed_point(&ensemble(activation, 0.98 * edge, 0.0)).expect("exists");
        assert_eq!((below.q, below.activity), (0.0, 0.0));
        let above = activity_fixed_point(&ensemble(activation, 1.000_1 * edge, 0.0)).expect("exists");
        assert!(above.q > 1e-6 && above.q < 1e-3, "{activation} {}", above.q);
    }
    let gelu = activity_fixed_point(&ensemble(Activation::Gelu, 1.2, 0.0)).expect("exists");
    assert_eq!(gelu.q, 0.0);
}

/// Near the fixed point the distance is multiplied by the slope in each layer, so the crossing is a logarithm.
#[test]
fn layers_are_counted_until_the_activity_is_near() {
    let ensemble = ensemble(Activation::Tanh, 1.5, 0.3);
    let star = activity_fixed_point(&ensemble).expect("exists");
    let (layers, crossing) = layers_until(&ensemble, star.activity + 1e-4, star.activity, 1e-7, 1000);
    let exact = ln(1e-3) / ln(star.slope);
    assert!((crossing - exact).abs() < 0.01 && layers == exact.ceil() as usize, "{layers} {crossing} {exact}");
    assert_eq!(layers_until(&ensemble, star.activity, star.activity, 1e-7, 1000), (0, 0.0));
    assert_eq!(layers_until(&ensemble, 1.0, star.activity, 1e-12, 3), (3, 3.0));
}

proptest! {
    #[test]
    fn fixed_points_are_fixed_and_reached_from_large_q(
        w in 0.0f64..5.0, b in 0.0f64..3.0, index in 0..Activation::ALL.len()
    ) {
        let ensemble = ensemble(Activation::ALL[index], w, b);
        // far out a layer multiplies the variance by this, so iterates from there grow for ever, or not
        let (fall, rise) = ensemble.activation.tails();
        let gain = 0.5 * w * w * (fall * fall + rise * rise);
        prop_assume!((gain - 1.0).abs() > 1e-9);
        let found = activity_fixed_point(&ensemble);
        prop_assert_eq!(found.is_ok(), gain < 1.0, "{:?} {:?}", ensemble, found);
        if let Ok(point) = found {
            prop_assert!((variance_map(&ensemble, point.q) - point.q).abs() <= 1e-14 * point.q);
            prop_assert!(point.slope.abs() <= 1.0 + 1e-12);
            // the iteration itself, from far above
            let mut q = 50.0 * (1.0 + point.q);
            for _ in 0..3000 {
                q = variance_map(&ensemble, q);
            }
            let speed = 1.0 - point.slope.abs();
            prop_assume!(speed > 0.01);
            prop_assert!((q - point.q).abs() <= 1e-9 * (1.0 + point.q), "{ensemble:?} {point:?} {q}");
        }
    }
}

#[test]
fn mean_squares_of_bounded_activations_are_concave_or_fall() {
    for &activation in Activation::ALL.iter().filter(|activation| activation.bound().is_some()) {
        let grid = || (0..400).map(|i| 1e-6 * exp(0.05 * f64::from(i)));
        let concave = grid().all(|q| second_moment_curvature(activation, q) <= 1e-12 / q);
        let falls = grid().all(|q| second_moment_slope(activation, q) <= 0.0);
        assert!(
            concave || falls,
            "{activation}: the argument of fixed_points does not hold, it needs the table of tails"
        );
    }
}

#[test]
fn gain_1_is_told_from_its_neighbours() {
    let all = |a, w, b| fixed_points(&ensemble(a, w, b)).expect("found");
    let he = std::f64::consts::SQRT_2;
    for w in [he, he.next_down(), he.next_up()] {
        assert_eq!(all(Activation::Relu, w, 0.0).unreached, Some(Unreached::Continuum));
        assert_eq!(all(Activation::Relu, w, 0.2).unreached, Some(Unreached::Drift));
        assert_eq!(all(Activation::Softplus, w, 0.0).unreached, Some(Unreached::Drift));
        assert_eq!(all(Activation::Gelu, w, 0.3).unreached, Some(Unreached::Drift));
        let gelu = all(Activation::Gelu, w, 0.0);
        assert_eq!((gelu.points.len(), gelu.reached().expect("0 attracts").q), (1, 0.0));
        assert!(keeps_every_activity(&ensemble(Activation::Relu, w, 0.0)));
        assert!(!keeps_every_activity(&ensemble(Activation::Relu, w, 1e-3)));
    }
    assert_eq!(all(Activation::Linear, 1.0, 0.0).unreached, Some(Unreached::Continuum));
    assert_eq!(all(Activation::LeakyRelu, (2.0f64 / 1.0001).sqrt(), 0.0).unreached, Some(Unreached::Continuum));
    assert_eq!(all(Activation::Relu, he * (1.0 + 1e-14), 0.0).unreached, Some(Unreached::Growth));
    assert!(all(Activation::Relu, he * (1.0 - 1e-14), 0.2).reached().expect("exists").q > 1e11);
    // a growing gelu still has a silence that attracts
    let gelu = all(Activation::Gelu, 1.6, 0.0);
    assert_eq!(gelu.unreached, Some(Unreached::Growth));
    assert_eq!((gelu.points[0].point.q, gelu.points[0].stability), (0.0, Stability::Stable));
    assert_eq!(gelu.points.last().map(|last| last.stability), Some(Stability::Unstable));
}

/// `E[phi^2] / q` on 4000 places of `ln q` by the plain trapezoid rule of 6001 nodes in `z`: it knows nothing of lines or closed forms.
fn scan(activation: Activation) -> &'static [(f64, f64)] {
    static SCANS: [OnceLock<Vec<(f64, f64)>>; Activation::ALL.len()] =
        [const { OnceLock::new() }; Activation::ALL.len()];
    let index = Activation::ALL.iter().position(|one| *one == activation).expect("a shipped one");
    SCANS[index].get_or_init(|| {
        let place = |i: u32| {
            let q = 1e-7 * exp(f64::from(i) * 27.6 / 4000.0);
            let node = |k: i32| {
                let z = f64::from(k) * 0.004;
                let value = activation.value(q.sqrt() * z);
                0.004 * normal_pdf(z) * value * value
            };
            (q, (-3000..=3000).map(node).sum::<f64>() / q)
        };
        (0..4000).map(place).collect()
    })
}

/// Between neighbouring places of the scan whose excesses are beyond its errors there is an odd number of fixed points if the signs differ, else
/// an even one.
fn agrees_with_a_scan(ensemble: &Ensemble) -> Result<(), TestCaseError> {
    let found = fixed_points(ensemble).expect("no failure");
    let (weight, bias) = (ensemble.sigma_w.squared(), ensemble.sigma_b.squared());
    let places: Vec<(f64, f64)> = scan(ensemble.activation)
        .iter()
        .map(|&(q, ratio)| (q, weight * ratio + bias / q - 1.0))
        .filter(|(_, excess)| excess.abs() > 1e-8)
        .collect();
    prop_assume!(found.unreached != Some(Unreached::Continuum));
    let mut last = None;
    for pair in places.windows(2) {
        let ((low, before), (high, after)) = (pair[0], pair[1]);
        let inside = found.points.iter().filter(|found| (low..high).contains(&found.point.q));
        let crossings = inside.filter(|found| found.stability != Stability::Marginal).count();
        prop_assert_eq!(
            crossings % 2 == 1,
            (before > 0.0) != (after > 0.0),
            "{:?} from {} to {}: {:?}",
            ensemble,
            low,
            high,
            found
        );
        if (before > 0.0) != (after > 0.0) {
            last = Some((low, high));
        }
    }
    // at gain 1 to the accuracy of the scan without bias nothing is told
    let Some(&(top, sign)) = places.last() else { return Ok(()) };
    if let (Ok(reached), Some((low, _))) = (found.reached(), last) {
        prop_assert!(reached.q >= low, "{:?}: {:?} below {}", ensemble, reached, low);
    }
    if sign > 0.0 {
        prop_assert!(found.reached().is_err() || found.reached().is_ok_and(|reached| reached.q > top));
    }
    for FixedPoint { point, stability } in &found.points {
        prop_assert!((variance_map(ensemble, point.q) - point.q).abs() <= 2e-14 * point.q, "{ensemble:?} {point:?}");
        match stability {
            Stability::Stable => prop_assert!(point.slope < 1.0 + 1e-7),
            Stability::Unstable => prop_assert!(point.slope > 1.0 - 1e-7),
            Stability::Marginal => prop_assert!((point.slope - 1.0).abs() < 1e-5),
        }
    }
    prop_assert!(found.points.is_sorted_by(|a, b| a.point.q < b.point.q));
    Ok(())
}

const UNBOUNDED: [Activation; 5] =
    [Activation::Gelu, Activation::Softplus, Activation::Relu, Activation::LeakyRelu, Activation::Linear];

proptest! {
    #[test]
    fn no_fixed_point_of_an_unbounded_activation_is_passed_over(
        index in 0..UNBOUNDED.len(), w in 0.0f64..2.5, b in prop_oneof![Just(0.0), 0.0f64..1.5, (-9.0f64..0.0).prop_map(exp)]
    ) {
        agrees_with_a_scan(&ensemble(UNBOUNDED[index], w, b))?;
    }

    #[test]
    fn none_is_passed_over_near_critical_gain(
        index in 0..UNBOUNDED.len(), nearness in -20.0f64..-1.0, above: bool, b in prop_oneof![Just(0.0), (-9.0f64..0.0).prop_map(exp)]
    ) {
        let activation = UNBOUNDED[index];
        let (fall, rise) = activation.tails();
        let critical = (2.0 / (fall * fall + rise * rise)).sqrt();
        let off = exp(nearness);
        agrees_with_a_scan(&ensemble(activation, critical * if above { 1.0 + off } else { 1.0 - off }, b))?;
    }

    /// The line `q = q_s` has the sign of the distance to the saddle-node, however small that is: there are two roots around it or none.
    #[test]
    fn pairs_are_seen_however_near_they_are(log_q in -2.0f64..6.0, exponent in -11.0f64..-2.0, above: bool) {
        let q = exp(log_q);
        let (square, slope) = (mean_square(Activation::Gelu, q), second_moment_slope(Activation::Gelu, q));
        let bias = q - square / slope;
        prop_assume!(bias > 1e-6 * q);
        let off = exp(std::f64::consts::LN_10 * exponent);
        let weight = (1.0 + if above { off } else { -off }) / slope;
        let ensemble = ensemble(Activation::Gelu, weight.sqrt(), bias.sqrt());
        agrees_with_a_scan(&ensemble)?;
        let all = fixed_points(&ensemble).expect("no failure");
        // beyond q there is an odd number of roots if the excess is positive there, which ends negative
        let beyond = all.points.iter().filter(|found| found.point.q > q).count();
        let positive = variance_map(&ensemble, q) > q;
        prop_assert_eq!(positive, above);
        let gain = 0.5 * ensemble.sigma_w.squared();
        if gain < 1.0 - 1e-12 {
            prop_assert_eq!(beyond % 2 == 1, positive, "{:?} {:?}", ensemble, all);
        }
    }
}
