use super::*;
use crate::distance::{PairState, pair_trajectory};
use crate::ntk::kernel_sums;
use crate::ntk::signal_kernel_sums;
use crate::overlap::{quadrature_overlap, quadrature_overlap_slope};
use crate::signals::Signals;
use neurodyn_numerics::elementary::{acos, cos, sin};
use neurodyn_numerics::spread::alone;
use std::f64::consts::PI;

fn kernels_of(ensemble: &Ensemble, gram: &Triangle, depth: usize) -> Kernels {
    kernels(ensemble, gram.clone(), depth, true, &alone, &mut |_, _| ()).expect("finite").expect("not stopped")
}

/// Inputs of unequal norms at all angles.
fn gram(count: usize) -> Triangle {
    let norm = |i: usize| 0.5 + 0.13 * (i * 7 % count) as f64;
    (0..count).map(|i| (0..=i).map(|j| (norm(i) * norm(j)).sqrt() * cos(0.37 * (i - j) as f64)).collect()).collect()
}

fn formulas() -> Vec<Activation> {
    ["u * sigmoid(u)", "tanh(u - 1)", "max(min(u, 1), -1)"]
        .iter()
        .map(|text| text.parse().expect("a formula"))
        .collect()
}

#[test]
fn every_pair_is_that_of_the_pair_trajectory() {
    let states = [(1.0, 0.0, 0.3), (1.0, -0.4, 0.9), (0.6, 0.7, 1.1)];
    for activation in Activation::ALL.iter().copied().chain(formulas()) {
        let ensemble = Ensemble::new(activation, 1.3, 0.2).expect("valid");
        for (activity, activity_difference, distance) in states {
            let state = PairState { activity, activity_difference, distance };
            let entry = |i, j| match (i, j) {
                (0, 0) => activity,
                (1, 1) => state.activity_prime(),
                _ => state.overlap(),
            };
            let found = gram_after(&ensemble, &SymmetricMatrix::from_fn(2, entry), 4).expect("finite");
            let exact = pair_trajectory(&ensemble, state, 4).expect("finite")[4];
            let scale = exact.activity.max(exact.activity_prime());
            for (found, exact) in [
                (found.get(0, 0), exact.activity),
                (found.get(1, 1), exact.activity_prime()),
                (found.get(1, 0), exact.overlap()),
            ] {
                assert!((found - exact).abs() < 1e-12 * scale, "{activation} {state:?}: {found} {exact}");
            }
        }
    }
}

/// What goes in vectors, by series or pair by pair is what theory has for one pair, to 1e-12 of the size of its functions.
#[test]
fn rows_are_the_integrals_of_their_pairs() {
    for activation in Activation::ALL.iter().copied().chain(formulas()) {
        let shape_is_known = |q: f64| q <= activation.shape().largest_variance();
        for scale in [1e-6, 1e-2, 1.0, 6.0, 80.0] {
            let rows = gram(9);
            let variances: Vec<f64> = rows.iter().map(|row| scale * row[row.len() - 1]).collect();
            if !variances.iter().copied().all(shape_is_known) || hopeless(activation, scale) {
                continue;
            }
            let layer = Layer::new(activation, variances.clone(), true, &alone).expect("not stopped");
            for (i, row) in rows.iter().enumerate() {
                let mut row: Vec<f64> = row.iter().map(|value| scale * value).collect();
                let covariances = row.clone();
                let mut slopes = vec![0.0; row.len()];
                layer.row(i, &mut row, &mut slopes);
                for j in 0..i {
                    let (q, q_prime) = (variances[i], variances[j]);
                    let gap = q + q_prime - 2.0 * covariances[j];
                    let law = PairCovariance { q, difference: q_prime - q, gap };
                    let size = (mean_square(activation, q) * mean_square(activation, q_prime)).sqrt();
                    let error = (row[j] - quadrature_overlap(activation, &law)).abs();
                    assert!(error <= 2e-12 * size, "{activation} at {scale}, {i} {j}: {error:e} of {size}");
                    let size =
                        (derivative_mean_square(activation, q) * derivative_mean_square(activation, q_prime)).sqrt();
                    let error = (slopes[j] - quadrature_overlap_slope(activation, &law)).abs();
                    assert!(error <= 2e-12 * size, "slope of {activation} at {scale}, {i} {j}: {error:e} of {size}");
                }
            }
        }
    }
}

/// Oscillating integrands cancel at large variances.
fn hopeless(activation: Activation, scale: f64) -> bool {
    matches!(activation, Activation::Sin | Activation::Cos) && scale > 10.0
}

/// The series serves where it should: smooth activations at moderate variances need no quadrature of pairs.
#[test]
fn smooth_activations_go_by_series() {
    for activation in [Activation::Tanh, Activation::Sigmoid, Activation::Softplus, formulas()[0]] {
        let rows = gram(9);
        let variances: Vec<f64> = rows.iter().map(|row| row[row.len() - 1]).collect();
        let series = Series::new(activation, &variances, true, &alone).expect("not stopped");
        for (i, row) in rows.iter().enumerate() {
            for j in 0..i {
                let [value, slope] = series.pair(i, j, variances[i], variances[j], row[j]);
                assert!(value.is_some() && slope.is_some(), "{activation} {i} {j}");
            }
        }
    }
    // kinks too, but not of parallel inputs
    let (activation, variances) = (formulas()[2], [1.0, 1.3]);
    let series = Series::new(activation, &variances, true, &alone).expect("not stopped");
    let [value, slope] = series.pair(1, 0, 1.3, 1.0, 0.5);
    let law = PairCovariance { q: 1.3, difference: -0.3, gap: 1.3 };
    assert!((value.expect("a sum") - quadrature_overlap(activation, &law)).abs() < 1e-12);
    assert!((slope.expect("a sum") - quadrature_overlap_slope(activation, &law)).abs() < 1e-12);
    assert_eq!(series.pair(1, 0, 1.3, 1.0, 1.14), [None, None]);
}

/// Arccosine kernels in the angles of Cho and Saul (2009), layer by layer, and the recursion of Jacot et al. (2018) with them.
#[test]
fn kernels_of_relu_are_the_arccosine_kernels() {
    let ensemble = Ensemble::new(Activation::Relu, std::f64::consts::SQRT_2, 0.0).expect("valid");
    let angles = [0.0, 0.3, 1.1, 2.0, PI];
    let gram: Triangle = (0..5).map(|i| (0..=i).map(|j| cos(angles[i] - angles[j])).collect()).collect();
    let found = kernels_of(&ensemble, &gram, 3);
    for i in 0..5 {
        for j in 0..i {
            let mut cosine = gram[i][j];
            let mut tangent = cosine;
            for layer in 1..=3 {
                let angle = acos(cosine.clamp(-1.0, 1.0));
                // weights of variance 2 keep the norm
                cosine = (sin(angle) + (PI - angle) * cosine) / PI;
                if layer < 3 {
                    tangent = cosine + (PI - angle) / PI * tangent;
                }
            }
            assert!((found.overlaps[i][j] - cosine).abs() < 4e-14, "{i} {j}: {} {cosine}", found.overlaps[i][j]);
            assert!((found.tangent[i][j] - tangent).abs() < 4e-14, "{i} {j}: {} {tangent}", found.tangent[i][j]);
        }
    }
}

#[test]
fn tangent_kernels_are_the_kernel_sums() {
    for activation in Activation::ALL.iter().copied().chain(formulas()) {
        let ensemble = Ensemble::new(activation, 1.2, 0.3).expect("valid");
        let gram = vec![vec![0.8], vec![0.3, 0.8], vec![-0.2, 0.5, 1.7]];
        for depth in [1, 2, 5] {
            let found = kernels_of(&ensemble, &gram, depth).tangent;
            let near = PairState { activity: 0.8, activity_difference: 0.0, distance: 1.0 };
            let exact = kernel_sums(&ensemble, near, depth).expect("finite");
            assert!((found[1][0] / exact.kappa_2 - 1.0).abs() < 1e-11, "{activation} {depth}");
            assert!((found[0][0] / exact.kappa_1 - 1.0).abs() < 1e-11, "{activation} {depth}");
            let unequal = Signals::new(0.8, 1.7, -0.2, 2.9);
            let exact = signal_kernel_sums(&ensemble, unequal, depth).expect("finite");
            assert!((found[2][0] - exact.kappa_2).abs() < 1e-11 * exact.kappa_1, "{activation} {depth}");
        }
    }
}

#[test]
fn what_has_no_kernel_says_why() {
    let ensemble = Ensemble::new(Activation::Linear, 1e100, 0.0).expect("valid");
    let gram = SymmetricMatrix::from_fn(2, |i, j| if i == j { 1.0 } else { 0.5 });
    assert!(matches!(gram_after(&ensemble, &gram, 5), Err(TheoryError::NotFinite { layer: 2, .. })));
    let none = kernels(&ensemble, vec![vec![1.0]], 0, true, &alone, &mut |_, _| ());
    assert!(matches!(none, Err(TheoryError::OutOfRegime { .. })));
    let stopped = kernels(&ensemble, vec![vec![1.0]], 1, true, &|_, _| None, &mut |_, _| ());
    assert_eq!(stopped, Ok(None));
    // zeros stay zeros
    let silent = Ensemble::new(Activation::Tanh, 1.0, 0.0).expect("valid");
    let found = kernels_of(&silent, &vec![vec![0.0], vec![0.0, 1.0]], 3);
    assert_eq!((found.overlaps[0][0], found.overlaps[1][0]), (0.0, 0.0));
}
