use super::*;
use neurodyn_numerics::elementary::exp;

fn target() -> Target {
    Target::new(Perceptron::new(vec![vec![1.0, 0.3], vec![-0.4, 2.0]], vec![0.8, -0.5]).expect("valid")).expect("valid")
}

/// Sums over a grid of output weights: `E_w exp(-beta L)`, and means of `beta L`, `w`, `w w^T` under it.
fn brute_force(regression: &Regression, beta: f64) -> [f64; 7] {
    let step = 0.02;
    let mut sums = [0.0; 7];
    let grid: Vec<f64> = (-450..=450).map(|i| f64::from(i) * step).collect();
    for &a in &grid {
        for &b in &grid {
            let loss = 0.5 * beta * regression.twice_loss([a, b]);
            let weight = exp(-loss - 0.5 * (a * a + b * b)) * step * step * (0.5 * std::f64::consts::FRAC_1_PI);
            for (sum, value) in sums.iter_mut().zip([1.0, loss, a, b, a * a, a * b, b * b]) {
                *sum += weight * value;
            }
        }
    }
    let z = sums[0];
    sums[1..].iter_mut().for_each(|sum| *sum /= z);
    sums
}

#[test]
fn output_weights_are_integrated_exactly() {
    for (rows, one) in
        [(vec![0.5, 0.2, -1.0, 0.7], false), (vec![0.5, 0.2, 0.5, 0.201], false), (vec![0.9, -0.4], true)]
    {
        let regression = Regression::new(&target(), &rows);
        for beta in [0.3, 5.0, 200.0] {
            let [z, loss, a, b, aa, ab, bb] = brute_force(&regression, beta);
            let found = regression.at(beta);
            assert!((found.log - ln(z)).abs() < 1e-12 * (1.0 + beta), "{rows:?} {beta}: {found:?} {}", ln(z));
            assert!((found.energy - loss).abs() < 1e-11, "{rows:?} {beta}: {found:?} {loss}");
            let law = regression.output_law(beta);
            assert!((law.mean[0] - a).abs() < 1e-11 && (one || (law.mean[1] - b).abs() < 1e-11), "{law:?}");
            // columns of the map from normals to weights
            let [x, y] = [law.draw([1.0, 0.0]), law.draw([0.0, 1.0])].map(|w| [w[0] - a, w[1] - b]);
            let products = |i: usize, j: usize| x[i] * x[j] + y[i] * y[j];
            for ((i, j), exact) in [((0, 0), aa - a * a), ((0, 1), ab - a * b), ((1, 1), bb - b * b)] {
                assert!((products(i, j) - exact).abs() < 1e-10, "{rows:?} {beta}: {i} {j}");
            }
        }
    }
}

#[test]
fn changing_a_row_is_as_good_as_starting_anew() {
    let (target, before) = (target(), [0.5, 0.2, -1.0, 0.7]);
    for (unit, after) in [(0, [1.5, 0.1, -1.0, 0.7]), (1, [0.5, 0.2, 0.3, 0.2])] {
        let changed = Regression::new(&target, &before).changed(&target, &after, unit);
        assert_eq!(changed, Regression::new(&target, &after));
    }
    let (one, other) = ([0.4, 0.1], [0.3, -0.9]);
    let changed = Regression::new(&target, &one).changed(&target, &other, 0);
    assert_eq!(changed, Regression::new(&target, &other));
}

/// Where the student is the teacher nothing is left to lose, to within rounding, and the mean of `w` is the teacher's.
#[test]
fn a_perfect_fit_leaves_no_loss() {
    let regression = Regression::new(&target(), &[1.0, 0.3, -0.4, 2.0]);
    let w = regression.output_law(1e12).mean;
    assert!((w[0] - 0.8).abs() < 1e-10 && (w[1] + 0.5).abs() < 1e-10, "{w:?}");
    assert!(regression.twice_loss([0.8, -0.5]).abs() < 1e-15);
    // both output weights are regular here: beta <L> = 2/2
    assert!((regression.at(1e10).energy - 1.0).abs() < 1e-4);
}

#[test]
fn large_weights_are_refused() {
    let teacher = Perceptron::new(vec![vec![2e3]], vec![1.0]).expect("valid");
    let error = Target::new(teacher).expect_err("refused");
    assert_eq!((&*error.name, error.found.as_str()), ("input_weights", "2000"));
}
