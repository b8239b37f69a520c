use super::*;
use neurodyn_model::Width;
use proptest::prelude::*;

fn keep(rho: f64) -> Keep {
    Keep::new(rho).expect("valid")
}

#[test]
fn masks_part_what_is_equal_and_leave_the_overlap() {
    let state = PairState { activity: 0.7, activity_difference: 0.2, distance: 0.3 };
    let found = masked(keep(0.8), &state);
    assert!((found.overlap() - state.overlap()).abs() < 1e-15);
    assert!((found.activity - 0.875).abs() < 1e-15 && (found.activity_prime() - 1.125).abs() < 1e-15);
    assert_eq!(masked(keep(1.0), &state), state);
}

#[test]
fn nothing_dropped_is_the_theory_without_dropout() {
    for sigma_w in [1.3, 2.5] {
        let ensemble = Ensemble::new(Activation::Tanh, sigma_w, 0.3).expect("valid");
        let star = activity_fixed_point(&ensemble).expect("exists");
        let pair = distance_fixed_point(&ensemble, &star).expect("exists");
        let found = dropout_fixed_point(&ensemble, keep(1.0)).expect("exists");
        assert_eq!((found.q, Some(found.correlation), found.map_at_one), (star.q, pair.correlation, 1.0));
        // and little dropped is near to it
        let near = dropout_fixed_point(&ensemble, keep(1.0 - 1e-9)).expect("exists");
        assert!((near.correlation - found.correlation).abs() < 1e-6 && near.correlation < found.correlation);
    }
}

#[test]
fn what_does_not_exist_says_why() {
    let none = |activation, w, b, rho| {
        let ensemble = Ensemble::new(activation, w, b).expect("valid");
        dropout_fixed_point(&ensemble, keep(rho)).expect_err("none").reason()
    };
    assert!(none(Activation::Tanh, 0.5, 0.0, 0.9).contains("dies out"));
    // dropout raises the gain of relu beyond 1
    assert!(none(Activation::Relu, 1.3, 0.3, 0.5).contains("without bound"));
}

#[test]
fn depth_is_finite_where_the_slope_at_1_is_1() {
    for (activation, sigma_b) in [(Activation::Tanh, 0.3), (Activation::ErfSqrt2, 0.1), (Activation::Sin, 0.5)] {
        let edge = crate::phase::critical_sigma_w(activation, sigma_b).expect("exists");
        let all = unit_slope(activation, sigma_b, keep(1.0)).expect("exists");
        assert!((all.sigma_w / edge.sigma_w - 1.0).abs() < 1e-12, "{activation}");
        for rho in [0.999, 0.9, 0.5] {
            let place = unit_slope(activation, sigma_b, keep(rho)).expect("exists");
            let ensemble = Ensemble::new(activation, place.sigma_w, sigma_b).expect("valid");
            let found = dropout_fixed_point(&ensemble, keep(rho)).expect("exists");
            assert!((found.chi_1 - 1.0).abs() < 1e-10, "{activation} {rho}: {found:?}");
            assert!(found.slope < 1.0 && found.depth_scale().is_some_and(|depth| depth < 100.0));
        }
    }
}

proptest! {
    #[test]
    fn fixed_points_are_fixed_and_reached_from_everywhere(
        w in 0.3f64..4.0, b in 0.05f64..1.0, rho in 0.3f64..0.99, index in 0..Activation::ALL.len()
    ) {
        let ensemble = Ensemble::new(Activation::ALL[index], w, b).expect("valid");
        if let Ok(found) = dropout_fixed_point(&ensemble, keep(rho)) {
            let image = correlation_map(&ensemble, keep(rho), &found, found.correlation);
            prop_assert!((image - found.correlation).abs() < 1e-12, "{ensemble:?} {found:?} {image}");
            let one = correlation_map(&ensemble, keep(rho), &found, 1.0);
            prop_assert!((one - found.map_at_one).abs() < 1e-14 && found.correlation < one && one < 1.0);
            prop_assert!(found.slope < 1.0 && found.slope <= found.chi_1 + 1e-12);
            prop_assume!(found.slope < 0.97);
            for start in [0.0, 1.0] {
                let mut c: f64 = start;
                // slopes up to 0.97 take some 800 layers to the last digits
                for _ in 0..2000 {
                    c = correlation_map(&ensemble, keep(rho), &found, c);
                    if (c - found.correlation).abs() < 1e-12 {
                        break;
                    }
                }
                prop_assert!((c - found.correlation).abs() < 1e-10, "{ensemble:?} {found:?} {c}");
            }
        }
    }
}

/// The masked recursion is stationary where the fixed point says so.
#[test]
fn trajectories_rest_at_the_fixed_point() {
    let ensemble = Ensemble::new(Activation::Tanh, 1.7, 0.3).expect("valid");
    let found = dropout_fixed_point(&ensemble, keep(0.8)).expect("exists");
    let start = PairState { activity: 0.2, activity_difference: 0.5, distance: 0.9 };
    let last = masked_trajectory(&ensemble, keep(0.8), start, 200).expect("finite")[200];
    let law = last.preactivations(&ensemble);
    assert!((law.q - found.q).abs() < 1e-12 && law.difference.abs() < 1e-12);
    assert!(law.correlation().is_some_and(|c| (c - found.correlation).abs() < 1e-12));
}

/// Linear networks: all moments of one layer in closed form, and the mean of every layer exact at every width.
#[test]
fn corrections_of_linear_networks_are_exact() {
    let ensemble = Ensemble::new(Activation::Linear, 0.8, 0.5).expect("valid");
    let (rho, n) = (0.6, 50.0);
    let input = PairState { activity: 1.0, activity_difference: 0.0, distance: 0.0 };
    let widths = vec![Width::new(50).expect("valid"); 2];
    let layers = masked_corrections(&ensemble, keep(rho), input, &widths).expect("finite");
    let q = 0.64 + 0.25;
    // identical preactivations in layer 1: E u^4 = 3 q^2
    let variance = (3.0 * q * q / (rho * rho * rho) - q * q / (rho * rho)) / n;
    let overlap = (3.0 * q * q / (rho * rho) - q * q) / n;
    assert!((layers[1].activity().variance / variance - 1.0).abs() < 1e-12);
    assert!((layers[1].overlap().variance / overlap - 1.0).abs() < 1e-12);
    assert!(layers.iter().all(|layer| layer.activity().bias.abs() < 1e-12 && layer.overlap().bias.abs() < 1e-12));
    // layer 2: C~ = mean of m m' u u' / rho^2; its mean is linear in the Gram matrix before, whose covariance it inherits
    let (q2, k2) = (0.64 * q / rho + 0.25, 0.64 * q + 0.25);
    let second = ((q2 * q2 + 2.0 * k2 * k2) / (rho * rho) - k2 * k2) / n + 0.64 * 0.64 * overlap;
    assert!((layers[2].overlap().variance / second - 1.0).abs() < 1e-12, "{}", layers[2].overlap().variance / second);
}

/// Jacobian and Hessian by way of the corrections themselves: without masks they are those of the theory without dropout.
#[test]
fn corrections_join_those_without_masks() {
    for activation in [Activation::Tanh, Activation::Gelu, Activation::Relu] {
        let ensemble = Ensemble::new(activation, 1.2, 0.3).expect("valid");
        let input = PairState { activity: 0.7, activity_difference: 0.1, distance: 0.4 };
        let widths = vec![Width::new(100).expect("valid"); 6];
        let all = masked_corrections(&ensemble, keep(1.0), input, &widths).expect("finite");
        let most = masked_corrections(&ensemble, keep(1.0 - 1e-9), input, &widths).expect("finite");
        for (all, most) in all.iter().zip(&most) {
            for (a, b) in [(all.activity(), most.activity()), (all.overlap(), most.overlap())] {
                assert!((a.bias - b.bias).abs() < 1e-7 * (1e-3 + a.bias.abs()), "{activation} {a:?} {b:?}");
                assert!((a.variance - b.variance).abs() < 1e-7 * (1e-3 + a.variance), "{activation} {a:?} {b:?}");
            }
        }
    }
}
