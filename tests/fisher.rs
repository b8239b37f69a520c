//! Fisher information of finite networks: the exact law against explicit weights, the dual spectrum against the primal one, derivatives against
//! differences, and what holds at every width.
//!
//! Statistical tests use fixed seeds, so they do not flicker.

use neurodyn::model::{Activation, Ensemble, Inputs, Network, SymmetricMatrix, Width};
use neurodyn::numerics::linalg::symmetric_eigen;
use neurodyn::numerics::simd::{Level, Switch};
use neurodyn::numerics::statistics::{kolmogorov_smirnov_two_sample, mean_and_stderr};
use neurodyn::random::{Address, Role, fill_normals};
use neurodyn::simulation::{
    Directions, Mlp, SimulationError, descend, error_grams_in_law, explicit_errors, normal_inputs, parallel_map,
    tangent_kernel, unit_sample,
};
use neurodyn::theory::distance::PairState;
use neurodyn::theory::fisher::{Spectrum, trace_bias};

const ALPHA: f64 = 1e-3;

fn network(activation: Activation, sigma_b: f64, widths: &[u64]) -> Network {
    let ensemble = Ensemble::new(activation, 1.7, sigma_b).expect("an ensemble");
    Network::new(ensemble, widths.iter().map(|n| Width::new(*n).expect("a width")).collect()).expect("a network")
}

fn inputs(count: usize, overlap: f64) -> Inputs {
    Inputs::points(SymmetricMatrix::from_fn(count, |i, j| if i == j { 1.0 } else { overlap })).expect("inputs")
}

fn address(point: u64, replica: u64) -> Address {
    Address { seed: 11, role: Role::NETWORK, point, replica }
}

fn over<T: Send>(replicas: u64, task: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let replicas: Vec<u64> = (0..replicas).collect();
    parallel_map(&replicas, |replica| Ok::<_, ()>(task(*replica))).expect("no errors")
}

/// Every entry of the tangent kernel, and its largest eigenvalue: 24 tests.
#[test]
fn the_law_of_many_errors_is_that_of_explicit_weights() {
    let cases = [
        (Activation::Tanh, 0.5, [7, 9, 6, 8]),
        (Activation::Tanh, 0.0, [6, 6, 6, 6]),
        (Activation::Relu, 0.3, [8, 6, 9, 7]),
        (Activation::Sin, 0.4, [6, 8, 7, 6]),
    ];
    for (index, (activation, sigma_b, widths)) in cases.into_iter().enumerate() {
        let network = network(activation, sigma_b, &widths);
        let inputs = inputs(4, 0.3);
        let observe = |kernel: &SymmetricMatrix| {
            let largest = symmetric_eigen(4, |i, j| kernel.get(i, j)).values[0];
            vec![kernel.get(0, 0), kernel.get(1, 0), kernel.get(3, 2), largest]
        };
        let point = 2 * index as u64;
        let explicit = over(8000, |r| {
            let grams = explicit_errors(&network, &inputs, &address(point, r)).expect("finite");
            [observe(&tangent_kernel(&network, &grams)), vec![grams.errors[0].get(1, 0), grams.errors[0].get(2, 2)]]
                .concat()
        });
        let in_law = over(8000, |r| {
            let grams = error_grams_in_law(&network, &inputs, &address(point + 1, r)).expect("finite");
            [observe(&tangent_kernel(&network, &grams)), vec![grams.errors[0].get(1, 0), grams.errors[0].get(2, 2)]]
                .concat()
        });
        for k in 0..6 {
            let sorted = |sample: &[Vec<f64>]| {
                let mut values: Vec<f64> = sample.iter().map(|x| x[k]).collect();
                values.sort_by(f64::total_cmp);
                values
            };
            let p = kolmogorov_smirnov_two_sample(&sorted(&explicit), &sorted(&in_law)).p_value;
            assert!(p > ALPHA / 24.0, "{activation} {k}: {p}");
        }
    }
}

/// Equal inputs, more inputs than neurons, no signal at all: the law has a lower rank, and gives equal inputs equal errors.
#[test]
fn degenerate_inputs_are_fine_and_close_ones_refused() {
    let gram = |overlap: f64| SymmetricMatrix::from_fn(3, |i, j| if i == j || i + j == 1 { 1.0 } else { overlap });
    let equal = Inputs::points(gram(0.3)).expect("inputs");
    let tanh = network(Activation::Tanh, 0.5, &[30, 20, 40]);
    let grams = error_grams_in_law(&tanh, &equal, &address(0, 0)).expect("finite");
    for errors in &grams.errors {
        assert!(
            (errors.get(0, 0) / errors.get(1, 0) - 1.0).abs() < 1e-9
                && (errors.get(0, 0) / errors.get(1, 1) - 1.0).abs() < 1e-9
        );
    }
    for activation in [Activation::Linear, Activation::Tanh] {
        let narrow = network(activation, 0.4, &[3, 3, 3]);
        let kernel =
            tangent_kernel(&narrow, &error_grams_in_law(&narrow, &inputs(9, 0.2), &address(1, 0)).expect("finite"));
        let values = symmetric_eigen(9, |i, j| kernel.get(i, j)).values;
        assert!(values[8] > -1e-12 * values[0], "{values:?}");
    }
    let silent = network(Activation::Tanh, 0.0, &[5, 5]);
    let zero = Inputs::points(SymmetricMatrix::from_fn(2, |_, _| 0.0)).expect("inputs");
    let grams = error_grams_in_law(&silent, &zero, &address(2, 0)).expect("finite");
    assert!((grams.errors[0].get(0, 0) / grams.errors[0].get(1, 0) - 1.0).abs() < 1e-9);
    // two inputs may be as close as they like: preactivations, and with them errors, differ in proportion to the root of the gap
    let apart = |gap: f64| {
        let close = Inputs::points(SymmetricMatrix::from_fn(2, |i, j| if i == j { 1.0 } else { 1.0 - gap }));
        let grams = error_grams_in_law(&tanh, &close.expect("inputs"), &address(3, 0)).expect("finite");
        (grams.errors[0].get(0, 0) / grams.errors[0].get(1, 0) - 1.0).abs()
    };
    let near = apart(1e-8) / 1e-4;
    for gap in [1e-10, 1e-12, 1e-14] {
        // what is beyond first order is below 1e-4, and the entry 1 - gap is rounded by EPSILON / 4
        let bound = near * (10.0 * 1e-4 + f64::EPSILON / gap);
        assert!((apart(gap) / gap.sqrt() - near).abs() < bound, "{gap}: {} {near}", apart(gap) / gap.sqrt());
    }
    // a gap that is rounding is none
    assert!(apart(1e-16) < 4.0 * f64::EPSILON);
    // beside a third input that is so small that it has no weight in the products of the others, equal ones are too close
    let beside = |size: f64| {
        let gram = SymmetricMatrix::from_fn(3, |i, j| match (i, j) {
            (0, 0) => size,
            (0, _) | (_, 0) => 0.3 * size.sqrt(),
            _ => 1.0,
        });
        let without_bias = network(Activation::Tanh, 0.0, &[30, 20, 40]);
        error_grams_in_law(&without_bias, &Inputs::points(gram).expect("inputs"), &address(4, 0))
    };
    assert!(beside(1e-8).is_ok());
    assert_eq!(beside(1e-20), Err(SimulationError::TooClose { layer: 2, replica: 0 }));
}

/// Primal: the Fisher information in all weights of a small explicit network. Dual: the tangent kernel from the products of its signals and errors.
#[test]
fn the_dual_spectrum_is_the_primal_one() {
    let network = network(Activation::Tanh, 0.5, &[5, 5, 5]);
    let inputs = inputs(4, 0.25);
    let here = address(3, 1);
    let mut small = Mlp::random(&network.ensemble, &[5, 5, 5, 5, 1], &here);
    // the witness has its output weights from the errors at the end
    let last = small.units().last().expect("an output").clone();
    let mut readout = vec![0.0; 5];
    fill_normals(&mut here.with_role(Role::READOUT_ERRORS).stream(3, 0), &mut readout);
    for (index, e) in last.clone().zip(&readout) {
        small.parameters[index] = 1.7 / 5.0f64.sqrt() * e;
    }
    let dense = dense(4, 5, 0.25);
    let pass = small.pass(&dense);
    let jacobian = small.jacobian(&pass, 0);
    let biases: Vec<usize> = small.units().iter().map(|unit| unit.end - 1).collect();
    let weights: Vec<usize> = (0..small.parameters.len()).filter(|i| !biases.contains(i)).collect();
    let grams = explicit_errors(&network, &inputs, &here).expect("finite");
    let kernel = tangent_kernel(&network, &grams);
    for s in 0..4 {
        for t in 0..4 {
            let direct: f64 = weights.iter().map(|&i| jacobian[4 * i + s] * jacobian[4 * i + t]).sum();
            assert!((direct / kernel.get(s, t) - 1.0).abs() < 1e-11, "{s} {t}: {direct} {}", kernel.get(s, t));
        }
    }
    let fisher = small.fisher(&pass);
    let count = small.parameters.len();
    let primal = symmetric_eigen(weights.len(), |i, j| fisher[weights[i] * count + weights[j]]).values;
    let dual = symmetric_eigen(4, |i, j| kernel.get(i, j) / 4.0).values;
    for (a, b) in primal.iter().zip(dual.iter().chain(&vec![0.0; 200])) {
        assert!((a - b).abs() < 1e-12 * dual[0], "{a} {b}");
    }
    let trace: f64 = weights.iter().map(|&i| fisher[i * count + i]).sum();
    assert!((trace - dual.iter().sum::<f64>()).abs() < 1e-12 * trace && primal[weights.len() - 1] > -1e-13 * dual[0]);
}

/// The inputs of explicit networks, as their columns are made: a DCT basis with the factor of the Gram matrix.
fn dense(count: usize, n: usize, overlap: f64) -> Vec<f64> {
    use neurodyn::numerics::elementary::cos;
    use neurodyn::numerics::linalg::Factor;
    let gram = inputs(count, overlap);
    let factor = Factor::new(count, |i, j| gram.gram().get(i, j));
    let mut dense = vec![0.0; count * n];
    for k in 0..factor.rank() {
        let scale = if k == 0 { 1.0 } else { std::f64::consts::SQRT_2 };
        for j in 0..n {
            let component = scale * cos(std::f64::consts::PI * (j as f64 + 0.5) * k as f64 / n as f64);
            (0..count).for_each(|c| dense[c * n + j] += factor.row(c)[k] * component);
        }
    }
    dense
}

#[test]
fn derivatives_are_those_of_differences() {
    for activation in [Activation::Tanh, Activation::ErfSqrt2, Activation::Gelu] {
        let ensemble = Ensemble::new(activation, 1.4, 0.3).expect("valid");
        let network = Mlp::random(&ensemble, &[3, 4, 5, 2], &address(4, 0));
        let inputs = normal_inputs(3, 6, &address(4, 0));
        let pass = network.pass(&inputs);
        for output in 0..2 {
            let jacobian = network.jacobian(&pass, output);
            for i in 0..network.parameters.len() {
                let step = 1e-5;
                let moved = |by: f64| {
                    let mut other = network.clone();
                    other.parameters[i] += by;
                    other.pass(&inputs).outputs
                };
                let (up, down) = (moved(step), moved(-step));
                for s in 0..6 {
                    let difference = (up[2 * s + output] - down[2 * s + output]) / (2.0 * step);
                    assert!(
                        (difference - jacobian[6 * i + s]).abs() < 1e-8 * (1.0 + difference.abs()),
                        "{activation} {i}"
                    );
                }
            }
        }
        // the gradient of a single output is the mean of its derivatives
        let network = Mlp::random(&ensemble, &[3, 4, 1], &address(4, 1));
        let (pass, residuals) = (network.pass(&inputs), [0.3, -1.0, 0.2, 0.0, 0.7, -0.4]);
        let jacobian = network.jacobian(&pass, 0);
        for (i, found) in network.gradient(&pass, &residuals).iter().enumerate() {
            let mean: f64 = (0..6).map(|s| residuals[s] * jacobian[6 * i + s] / 6.0).sum();
            assert!((mean - found).abs() < 1e-14);
        }
    }
}

/// Theory of the bias against many narrow networks.
#[test]
fn the_bias_of_the_trace_is_that_of_narrow_networks() {
    let state = PairState { activity: 0.8, activity_difference: 0.0, distance: 0.0 };
    let mut seen = 0;
    for (index, (activation, sigma_w, sigma_b, n, depth)) in [
        (Activation::Tanh, 3.0, 0.0, 40, 5),
        (Activation::Sin, 0.8, 0.5, 24, 4),
        (Activation::Gelu, 1.4, 0.0, 24, 4),
        (Activation::Sigmoid, 3.0, 0.0, 24, 4),
    ]
    .into_iter()
    .enumerate()
    {
        let width = Width::new(n).expect("valid");
        let ensemble = Ensemble::new(activation, sigma_w, sigma_b).expect("valid");
        let network = Network::uniform(ensemble, width, depth - 1).expect("a network");
        let single = Inputs::single(0.8).expect("inputs");
        let traces = over(120_000, |r| {
            let grams = error_grams_in_law(&network, &single, &address(20 + index as u64, r)).expect("finite");
            tangent_kernel(&network, &grams).get(0, 0) / n as f64
        });
        let (mean, stderr) = mean_and_stderr(&traces);
        let stderr = stderr.expect("many");
        let limit = Spectrum::new(&ensemble, state, depth, 1).expect("finite").trace();
        let bias = trace_bias(&ensemble, 0.8, width, depth).expect("finite");
        // beyond first order there is O(1/n^2): a share 2 L / n of it
        let beyond = 2.0 * depth as f64 / n as f64 * bias.abs();
        assert!((mean - limit - bias).abs() < 3.8 * stderr + beyond, "{activation}: {mean} {limit} {bias} {stderr}");
        seen += usize::from(bias.abs() > 6.0 * stderr);
    }
    assert!(seen >= 3, "{seen}");
}

#[test]
fn natural_directions_solve_their_equations_and_have_limits() {
    let fisher = [2.0, 0.3, 0.0, 0.0, 0.3, 1.0, 0.0, 0.0, 0.0, 0.0, 3.0, -0.4, 0.0, 0.0, -0.4, 0.5];
    let gradient = [1.0, -0.5, 0.25, 2.0];
    let units = [0..2, 2..4];
    // no elements between units: both are one
    let same = Directions::new(&fisher, &gradient, &units, 1e-3).expect("regular");
    assert!((same.cosine() - 1.0).abs() < 1e-14 && (same.length_ratio() - 1.0).abs() < 1e-14);
    for (i, g) in gradient.iter().enumerate() {
        let back: f64 = (0..4).map(|j| (fisher[4 * i + j] + if i == j { 1e-3 } else { 0.0 }) * same.natural[j]).sum();
        assert!((back - g).abs() < 1e-14);
    }
    // a large damping leaves the gradient
    let mut mixed = fisher;
    (mixed[3], mixed[12]) = (0.2, 0.2);
    let damped = Directions::new(&mixed, &gradient, &units, 1e9).expect("regular");
    assert!((damped.cosine() - 1.0).abs() < 1e-12);
    let different = Directions::new(&mixed, &gradient, &units, 1e-3).expect("regular");
    // both solve their own equations, and the cosine and the ratio of lengths are those of the solutions
    for i in 0..4 {
        let element = |j: usize| mixed[4 * i + j] + if i == j { 1e-3 } else { 0.0 };
        let whole: f64 = (0..4).map(|j| element(j) * different.natural[j]).sum();
        let unit: f64 = units[i / 2].clone().map(|j| element(j) * different.unit_wise[j]).sum();
        // sums of four products, each of size below 10
        assert!((whole - gradient[i]).abs() < 40.0 * f64::EPSILON && (unit - gradient[i]).abs() < 40.0 * f64::EPSILON);
    }
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (a, b) = (&different.natural, &different.unit_wise);
    let lengths = [a, b].map(|vector| dot(vector, vector).sqrt());
    assert!(
        (different.cosine() * lengths[0] * lengths[1] - dot(a, b)).abs()
            < 10.0 * f64::EPSILON * lengths[0] * lengths[1]
    );
    assert!((different.length_ratio() * lengths[0] / lengths[1] - 1.0).abs() < 10.0 * f64::EPSILON);
    assert!(Directions::new(&[0.0; 16], &gradient, &units, 0.0).is_none());
}

/// Near labels learning is linear: the loss follows the kernel.
#[test]
fn descent_follows_the_kernel() {
    let network = network(Activation::Tanh, 0.5, &[40, 40]);
    let inputs = inputs(5, 0.2);
    let here = address(6, 0);
    let small = Mlp::random(&network.ensemble, &[40, 40, 40, 1], &here);
    let jacobian = small.jacobian(&small.pass(&dense(5, 40, 0.2)), 0);
    let biases: Vec<usize> = small.units().iter().map(|unit| unit.end - 1).collect();
    let sums = jacobian.chunks(5).map(|over| over.iter().sum::<f64>() / 5.0);
    let form: f64 = sums.enumerate().filter(|(i, _)| !biases.contains(i)).map(|(_, sum)| sum * sum).sum();
    // a step takes the common residual r to r (1 - rate Theta / T), so its square falls by twice the rate times the form in ones, to first order
    let losses = descend(&network, &inputs, 1e-4, &[1e-4, 2e-4], 1, &here).expect("finite");
    let slope = |rate: f64, (before, after): (f64, f64)| (1.0 - after / before) / (2.0 * rate);
    let found = 2.0 * slope(1e-4, losses[0]) - slope(2e-4, losses[1]);
    assert!((found / form - 1.0).abs() < 1e-3, "{found} {form}");
    let [slow, fast] =
        [0.1, 30.0].map(|c| descend(&network, &inputs, 1e-6, &[c / form], 10, &here).expect("finite")[0]);
    assert!(slow.1 < slow.0 && fast.1 > fast.0);
}

#[test]
fn every_level_gives_the_same_bits() {
    let switch = Switch::take();
    let mut expected = None;
    for level in Level::available() {
        switch.to(level);
        let network = network(Activation::Tanh, 0.5, &[17, 30, 21]);
        let inputs = inputs(5, 0.2);
        let grams = error_grams_in_law(&network, &inputs, &address(7, 2)).expect("finite");
        let sample = unit_sample(&network.ensemble, &inputs, 13, 7, &address(8, 1)).expect("finite");
        let losses = descend(&network, &inputs, 0.1, &[0.01], 3, &address(9, 1)).expect("finite");
        let found = (grams, sample, losses);
        assert_eq!(*expected.get_or_insert_with(|| found.clone()), found, "{level:?}");
    }
}
