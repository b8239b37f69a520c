//! Dynamics near the singular region of two units, through the public interface.

use neurodyn::model::{Perceptron, Sigmoid, SingularCoordinates};
use neurodyn::numerics::linalg::symmetric_eigen;
use neurodyn::theory::perceptron::{
    Flow, FlowError, Learning, Population, adaptive_natural_flow, flow, online_moments,
};

fn perceptron(rows: &[&[f64]], outputs: &[f64]) -> Perceptron {
    Perceptron::new(rows.iter().map(|row| row.to_vec()).collect(), outputs.to_vec()).expect("valid")
}

/// A teacher of two units of one input for which `w* H > 0`.
fn population() -> Population {
    Population::new(Sigmoid::ErfSqrt2, perceptron(&[&[0.4], &[2.0]], &[1.0, 1.0]))
}

fn place(population: &Population, z: f64, u: f64) -> SingularCoordinates {
    let fit = population.best_one_unit().expect("a fit");
    SingularCoordinates { v: fit.v, w: fit.w, u: vec![u], z }
}

/// The flow that starts on the slow manifold stays there: its fast coordinates are those of the manifold at its `(u, z)` later, closer than
/// those of the minimum of the loss are.
#[test]
fn the_slow_manifold_is_invariant() {
    let population = population();
    for (z, u) in [(0.3, 0.2), (0.6, 0.1), (1.4, 0.2)] {
        let start = population.slow_manifold(&place(&population, z, u)).expect("a fit").expect("converges");
        let later = flow(&population, &start, Learning::Gradient, &[60.0]).expect("smooth").swap_remove(0);
        let here = SingularCoordinates::of(&later).expect("two units");
        let error = |there: Perceptron| {
            let there = SingularCoordinates::of(&there).expect("two units");
            (there.v[0] - here.v[0]).abs() + (there.w - here.w).abs()
        };
        let manifold = error(population.slow_manifold(&here).expect("a fit").expect("converges"));
        let minimum = error(population.fast_equilibrium(&here).expect("a fit"));
        assert!(manifold < 1e-4 && manifold < 0.02 * minimum, "{z} {u}: {manifold:e} against {minimum:e}");
    }
}

/// `L_v = 0` is not where the slow manifold is: `L_v = -2 z L_u / (1 + z^2)` to leading order.
#[test]
fn fast_coordinates_lag() {
    // units so close that the manifold is slow
    let population = Population::new(Sigmoid::ErfSqrt2, perceptron(&[&[1.4], &[1.6]], &[1.0, 1.0]));
    let start = population.slow_manifold(&place(&population, 0.5, 0.02)).expect("a fit").expect("converges");
    let gradient = population.gradient(&start).expect("fits");
    let z = SingularCoordinates::of(&start).expect("two units").z;
    // dL/dv = dL/dJ_1 + dL/dJ_2, dL/du = (-(1 + z) dL/dJ_1 + (1 - z) dL/dJ_2) / 2
    let (along, across) = (gradient[2] + gradient[3], 0.5 * (-(1.0 + z) * gradient[2] + (1.0 - z) * gradient[3]));
    let expected = -2.0 * z / (1.0 + z * z) * across;
    assert!((along / expected - 1.0).abs() < 0.02, "{along:e} {expected:e}");
}

/// Plateaus of gradient flow are left at the rate of the most negative eigenvalue of the Hessian on the singular region.
#[test]
fn separations_grow_at_the_rate_of_the_hessian() {
    let population = population();
    for z in [0.0, 0.4, -0.7] {
        let singular = place(&population, z, 0.0).perceptron().expect("valid");
        let hessian = population.hessian(&singular).expect("fits");
        let rate = -symmetric_eigen(4, |i, j| hessian[i][j]).values.iter().fold(f64::INFINITY, |a, b| a.min(*b));
        let start = population.slow_manifold(&place(&population, z, 1e-5)).expect("a fit").expect("converges");
        // once the fast directions have relaxed
        let later = flow(&population, &start, Learning::Gradient, &[100.0, 300.0]).expect("smooth");
        let [before, after] = [0, 1].map(|i| SingularCoordinates::of(&later[i]).expect("two units").separation());
        let grown = after / before;
        let expected = neurodyn::numerics::elementary::exp(200.0 * rate);
        assert!((grown / expected - 1.0).abs() < 1e-4, "{z}: {grown} {expected}");
    }
}

/// With a fast average the estimate of the Fisher information follows the student, and the flow is natural gradient flow.
#[test]
fn a_fast_average_gives_natural_gradient_flow() {
    let population = Population::new(Sigmoid::ErfSqrt2, perceptron(&[&[1.0, 0.0], &[-0.5, 1.2]], &[1.0, 1.2]));
    let start = perceptron(&[&[1.2, 0.3], &[-0.4, 1.0]], &[1.2, 1.1]);
    let exact = flow(&population, &start, Learning::Natural, &[1.0]).expect("regular").swap_remove(0);
    let error = |ratio: f64| {
        let found = adaptive_natural_flow(&population, &start, ratio, &[1.0]).expect("regular").swap_remove(0);
        found.parameters().iter().zip(exact.parameters()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    // the lag is of order 1 / ratio
    let (slow, fast) = (error(200.0), error(400.0));
    assert!(fast < 1e-3 && (slow / fast - 2.0).abs() < 0.05, "{slow:e} {fast:e}");
}

/// Natural gradient flow moves the function by the part of `T - f` that is tangent to the model, so that the loss falls like `exp(-2 t)` at
/// most, and nearly so where the model is nearly flat; some starts have no solution.
#[test]
fn natural_gradient_flow_ends_at_a_singularity_or_learns() {
    let population = Population::new(Sigmoid::ErfSqrt2, perceptron(&[&[1.0, 0.0], &[-0.3, 0.8]], &[1.0, 0.5]));
    // one output weight would have to change its sign: the flow leaves to infinite weights in a finite time
    let start = perceptron(&[&[0.9, -0.2], &[0.3, 0.9]], &[0.7, -0.2]);
    let error = Flow::new(&population, &start, Learning::Natural).at(1.0).expect_err("no solution");
    assert!(matches!(error, FlowError::Integration(_) | FlowError::SingularFisher { .. }), "{error}");
    let start = perceptron(&[&[1.1, -0.2], &[-0.3, 0.9]], &[0.8, 0.6]);
    let mut natural = Flow::new(&population, &start, Learning::Natural);
    let losses = [1.0, 0.0, 2.0].map(|time| population.loss(&natural.at(time).expect("regular")).expect("fits"));
    for (early, late) in [(losses[1], losses[0]), (losses[0], losses[2])] {
        let ratio = late / early / neurodyn::numerics::elementary::exp(-2.0);
        assert!((1.0..1.01).contains(&ratio), "{losses:?}");
    }
}

/// Label noise drives the output weights of units that are one together, `w_2 - w_1` decaying at the rate `eta sigma^2 E[phi'^2 x^2] / 2`,
/// but for the misfit of the single unit, which is 0 for a redundant teacher.
#[test]
fn noise_drifts_along_the_singular_region() {
    let population = Population::new(Sigmoid::ErfSqrt2, perceptron(&[&[1.5]], &[1.5]));
    let start = place(&population, 1.5, 0.0).perceptron().expect("valid");
    let sigma = 0.3;
    let moments = online_moments(&population, &start, sigma, &[100.0, 200.0]).expect("moments");
    let shift = |i: usize| moments[i].bias[1] - moments[i].bias[0];
    let squares = population.fisher(&perceptron(&[&[1.5]], &[1.0]))[1][1];
    let y = start.output_weight(1) - start.output_weight(0);
    let expected = -0.5 * sigma * sigma * squares * y;
    assert!(((shift(1) - shift(0)) / 100.0 / expected - 1.0).abs() < 1e-4, "{} {expected}", shift(1) - shift(0));
}
