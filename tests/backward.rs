//! Backpropagated errors: the samplers against each other, against identities that hold at every width, and to the bit.
//!
//! Statistical tests use fixed seeds, so they do not flicker.

use neurodyn::model::{Activation, Column, Ensemble, Inputs, Manifold, ManifoldKind, Network, SymmetricMatrix, Width};
use neurodyn::numerics::simd::{Level, Switch};
use neurodyn::numerics::statistics::{kolmogorov_smirnov_two_sample, mean_and_stderr, normal_critical};
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{SamplerKind, errors, explicit_errors, parallel_map};

const ALPHA: f64 = 1e-3;

fn network(activation: Activation, sigma_b: f64, widths: &[u64]) -> Network {
    network_of(Ensemble::new(activation, 2.5, sigma_b).expect("an ensemble"), widths)
}

fn network_of(ensemble: Ensemble, widths: &[u64]) -> Network {
    Network::new(ensemble, widths.iter().map(|n| Width::new(*n).expect("a width")).collect()).expect("a network")
}

fn address(point: u64, replica: u64) -> Address {
    Address { seed: 7, role: Role::NETWORK, point, replica }
}

fn over<T: Send>(replicas: u64, task: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let replicas: Vec<u64> = (0..replicas).collect();
    parallel_map(&replicas, |replica| Ok::<_, ()>(task(*replica))).expect("no errors")
}

#[test]
fn every_level_gives_the_same_bits_and_the_forward_pass_is_that_of_the_sampler() {
    let switch = Switch::take();
    let gram = SymmetricMatrix::from_fn(2, |i, j| if i == j { 0.8 } else { 0.3 });
    let inputs = Inputs::new(vec![Column::State; 2], gram).expect("inputs");
    for &activation in Activation::ALL {
        let network = network(activation, 0.3, &[37, 70, 21, 64]);
        let mut expected = None;
        for level in Level::available() {
            switch.to(level);
            let in_law = errors(&network, 0.8, &address(0, 1)).expect("finite");
            let explicit = explicit_errors(&network, &inputs, &address(0, 1)).expect("finite");
            let found = (in_law, explicit);
            assert_eq!(*expected.get_or_insert_with(|| found.clone()), found, "{activation} {level:?}");
        }
        let sampled = SamplerKind::Explicit.sampler().sample(&network, &inputs, &address(0, 1)).expect("finite");
        assert_eq!(expected.expect("a level").1.signals[1..], sampled[1..], "{activation}");
    }
}

/// The law given the forward pass is that of explicit weights; independent weights have another one in narrow networks, not for relu
/// without biases. Sines of large preactivations forget the part along the signals, so theirs are small. 8 tests at a familywise rate of [`ALPHA`],
/// those of another law far beyond it.
#[test]
fn the_exact_law_is_that_of_explicit_weights() {
    let inputs = Inputs::single(0.8).expect("inputs");
    let cases = [
        (Activation::Tanh, 2.5, 0.3, 0u64),
        (Activation::Tanh, 2.5, 0.0, 2),
        (Activation::Sin, 1.2, 0.5, 4),
        (Activation::Relu, 2.5, 0.0, 6),
    ];
    for (activation, sigma_w, sigma_b, point) in cases {
        let ensemble = Ensemble::new(activation, sigma_w, sigma_b).expect("an ensemble");
        let network = network_of(ensemble, &[6, 9, 7, 8, 6, 7, 8, 6, 7, 6]);
        let explicit = over(20_000, |r| {
            explicit_errors(&network, &inputs, &address(point, r)).expect("finite").errors[0].get(0, 0)
        });
        let in_law = over(20_000, |r| errors(&network, 0.8, &address(point + 1, r)).expect("finite"));
        let sorted = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values
        };
        let (explicit, same) = (sorted(explicit), sorted(in_law.iter().map(|found| found.same[0]).collect()));
        let independent = sorted(in_law.iter().map(|found| found.independent[0]).collect());
        let p = kolmogorov_smirnov_two_sample(&explicit, &same).p_value;
        assert!(p > ALPHA / 8.0, "{activation} {sigma_b}: {p}");
        let p = kolmogorov_smirnov_two_sample(&explicit, &independent).p_value;
        let same_law = activation == Activation::Relu;
        assert!(if same_law { p > ALPHA / 8.0 } else { p < 1e-6 }, "{activation} {sigma_b}: {p}");
    }
}

/// `n_1 sigma_w^2 E[qt^1] = n_L E[g^L / g^0]`, at every width: errors back and tangents forward have the mean square of one matrix.
#[test]
fn errors_back_mirror_tangents_forward() {
    let network = network(Activation::Tanh, 0.3, &[8, 13, 9, 10]);
    let circle = Manifold::new(ManifoldKind::GreatCircle { activity: 0.8 }).expect("a circle");
    let inputs = Inputs::jets(&[circle.jet(&[0.0])], 1).expect("inputs");
    let back = over(40_000, |r| 8.0 * 6.25 * errors(&network, 0.8, &address(20, r)).expect("finite").same[0]);
    let forward = over(40_000, |r| {
        let layers = SamplerKind::Macroscopic.sampler().sample(&network, &inputs, &address(21, r)).expect("finite");
        10.0 * layers[4].get(1, 1) / 0.8
    });
    let ((a, da), (b, db)) = (mean_and_stderr(&back), mean_and_stderr(&forward));
    let (da, db) = (da.expect("many"), db.expect("many"));
    let error = (da * da + db * db).sqrt();
    assert!((a - b).abs() < normal_critical(ALPHA) * error, "{a} {b} {error}");
    assert!(error < 0.03 * a);
}
