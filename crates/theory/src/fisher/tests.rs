use super::*;
use std::f64::consts::FRAC_2_PI;

fn ensemble(activation: Activation, sigma_w: f64, sigma_b: f64) -> Ensemble {
    Ensemble::new(activation, sigma_w, sigma_b).expect("valid")
}

fn state(activity: f64, overlap: f64) -> PairState {
    PairState { activity, activity_difference: 0.0, distance: 2.0 * (activity - overlap) }
}

#[test]
fn moments_are_those_of_the_eigenvalues() {
    for inputs in [1, 2, 7, 100] {
        let spectrum = Spectrum { kappa: KernelSums { kappa_1: 1.7, kappa_2: 0.4 }, inputs };
        let (largest, rest, others) = (spectrum.largest(), spectrum.rest(), inputs as f64 - 1.0);
        assert!((spectrum.trace() - (largest + others * rest)).abs() < 1e-14);
        assert!((spectrum.square() - (largest * largest + others * rest * rest)).abs() < 1e-14);
        assert!((spectrum.critical_rate() * largest - 2.0).abs() < 1e-15);
    }
}

#[test]
fn rates_around_the_critical_one_grow_above_it_alone() {
    for (ratio, sign) in [(0.2, -1.0), (0.9, -1.0), (1.1, 1.0), (2.0, 1.0)] {
        assert!(residual_growth(ratio).expect("finite") * sign > 0.0);
    }
    assert!(residual_growth(1.0).expect("finite").abs() < 1e-15 && residual_growth(0.5).is_none());
}

/// Linear networks and those of relu without biases: activities and errors are martingales that do not know of each other.
#[test]
fn where_signals_and_errors_are_martingales_the_trace_has_no_bias() {
    let width = Width::new(10).expect("valid");
    for (activation, sigma_b) in [(Activation::Linear, 0.0), (Activation::Linear, 0.5), (Activation::Relu, 0.0)] {
        for depth in 1..6 {
            let bias = trace_bias(&ensemble(activation, 1.3, sigma_b), 0.8, width, depth).expect("finite");
            assert!(bias.abs() < 1e-12, "{activation} {sigma_b} {depth}: {bias}");
        }
    }
    // of the activity alone there is none in one hidden layer, so that of tanh at depth 2 is that of the last activity: 0
    let tanh = ensemble(Activation::Tanh, 1.3, 0.2);
    assert!(trace_bias(&tanh, 0.8, width, 2).expect("finite").abs() < 1e-12);
    let (narrow, wide) =
        (trace_bias(&tanh, 0.8, width, 4), trace_bias(&tanh, 0.8, Width::new(1000).expect("valid"), 4));
    let (narrow, wide) = (narrow.expect("finite"), wide.expect("finite"));
    assert!(narrow.abs() > 1e-3 && (narrow / wide / 100.0 - 1.0).abs() < 1e-12, "{narrow} {wide}");
}

#[test]
fn the_block_of_a_unit_has_closed_forms_and_is_positive() {
    for q in [0.1, 1.0, 7.0] {
        let erf = UnitBlock::new(Activation::ErfSqrt2, q);
        let d = 1.0 + 2.0 * q;
        assert!((erf.across - FRAC_2_PI / d.sqrt()).abs() < 1e-14);
        assert!((erf.along - FRAC_2_PI / (d * d.sqrt())).abs() < 1e-14);
        for &activation in Activation::ALL {
            let block = UnitBlock::new(activation, q);
            let direct = Univariate::new(activation.shape(), q).expectation(|u| {
                let slope = activation.derivative(u);
                u * u / q * slope * slope
            });
            assert!((block.along / direct - 1.0).abs() < 1e-10, "{activation} {q}: {block:?} {direct}");
            assert!(block.across > 0.0 && block.along > 0.0);
        }
    }
}

#[test]
fn the_closed_inverse_is_the_inverse() {
    let (weights, vector) = ([0.6, -1.1, 0.3], [1.0, 0.2, -0.7]);
    let q: f64 = weights.iter().map(|w| w * w).sum();
    let block = UnitBlock::new(Activation::Tanh, q);
    let solved = block.solve(&weights, &vector);
    let along: f64 = weights.iter().zip(&solved).map(|(w, x)| w * x).sum::<f64>() * (block.along - block.across) / q;
    for i in 0..3 {
        assert!((block.across * solved[i] + along * weights[i] - vector[i]).abs() < 1e-15);
    }
}

#[test]
fn elements_between_units_have_closed_forms_and_a_limit() {
    let erf = ensemble(Activation::ErfSqrt2, 1.5, 0.4);
    let input = state(0.9, 0.2);
    let law = input.preactivations(&erf);
    let (q, k) = (law.q, law.covariance());
    let squares = FRAC_2_PI * FRAC_2_PI / ((1.0 + 2.0 * q) * (1.0 + 2.0 * q) - 4.0 * k * k).sqrt();
    assert!((squares_of_slopes(&erf, &law) - squares).abs() < 1e-13);
    // a single input and linear units: all elements are weights of outputs times inputs
    let linear = ensemble(Activation::Linear, 1.5, 0.4);
    for outputs in [1, 5, 200] {
        let elements = unit_elements(&linear, input, 1, outputs, 50).expect("finite");
        let ratio = 1.0 / (outputs as f64 + 2.0);
        assert!((elements.relative_size() - ratio.sqrt()).abs() < 1e-13);
    }
    // slopes that vary make the elements within larger
    let tanh = unit_elements(&ensemble(Activation::Tanh, 1.5, 0.4), input, 6, 100, 100).expect("finite");
    assert!(tanh.relative_size() < 1.0 / 102.0f64.sqrt() && tanh.relative_size() > 0.3 / 102.0f64.sqrt());
}

#[test]
fn parameters_are_counted_and_depths_refused() {
    assert_eq!(weights(10, 3), 210.0);
    let tanh = ensemble(Activation::Tanh, 1.3, 0.2);
    assert!(trace_bias(&tanh, 0.8, Width::new(10).expect("valid"), 0).is_err());
    assert!(Spectrum::new(&tanh, state(0.8, 0.1), 0, 5).is_err());
}
