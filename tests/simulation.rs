//! The samplers: reproducibility to the bit, agreement in law with each other, and hard cases.
//!
//! Statistical tests use fixed seeds, so they do not flicker. Their thresholds keep the chance that a right program would
//! have failed at [`ALPHA`] for each test function (Bonferroni over the comparisons in it).

use neurodyn::model::{Activation, Ensemble, Inputs, Network, SymmetricMatrix, Width};
use neurodyn::numerics::elementary::{asin, exp};
use neurodyn::numerics::simd::{Level, Switch};
use neurodyn::numerics::statistics::{KolmogorovSmirnov, kolmogorov_smirnov_two_sample, normal_critical};
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{Estimate, Pair, SamplerKind, SimulationError, Trajectory, parallel_map, with_threads};
use neurodyn::theory::distance::PairState;
use neurodyn::theory::finite_width::pair_corrections;
use std::f64::consts::FRAC_2_PI;

const ALPHA: f64 = 1e-3;

fn network(activation: Activation, sigma_w: f64, widths: &[u64]) -> Network {
    let ensemble = Ensemble::new(activation, sigma_w, 0.3).expect("an ensemble");
    Network::new(ensemble, widths.iter().map(|n| Width::new(*n).expect("a width")).collect()).expect("a network")
}

fn address(point: u64, replica: u64) -> Address {
    Address { seed: 2, role: Role::NETWORK, point, replica }
}

fn sample(kind: SamplerKind, network: &Network, inputs: &Inputs, point: u64, replicas: u64) -> Vec<Trajectory> {
    let replicas: Vec<u64> = (0..replicas).collect();
    parallel_map(&replicas, |r| kind.sampler().sample(network, inputs, &address(point, *r))).expect("finite networks")
}

fn points(m: usize, correlation: impl Fn(usize, usize) -> f64) -> Inputs {
    Inputs::points(SymmetricMatrix::from_fn(m, correlation)).expect("inputs")
}

fn kinds_of_inputs() -> Vec<Inputs> {
    vec![
        Inputs::single(1.2).expect("inputs"),
        Inputs::pair(1.0, 0.3, 0.5).expect("inputs"),
        points(2, |i, j| if i == j { 1.0 } else { 0.4 }),
        points(21, |i, j| exp(-0.1 * i.abs_diff(j) as f64)),
    ]
}

/// All bits of all layers.
fn bits(trajectory: &Trajectory) -> Vec<u64> {
    trajectory.iter().flat_map(|gram| gram.entries().iter().map(|entry| entry.to_bits())).collect()
}

#[test]
fn every_thread_count_and_level_gives_the_same_bits() {
    let switch = Switch::take();
    for &activation in Activation::ALL {
        for inputs in kinds_of_inputs() {
            for (kind, widths) in
                [(SamplerKind::Macroscopic, &[77, 12_000, 1500]), (SamplerKind::Explicit, &[77, 500, 150])]
            {
                let network = network(activation, 1.4, widths);
                let run = |threads, level| {
                    switch.to(level);
                    let found = with_threads(Some(threads), || sample(kind, &network, &inputs, 0, 2)).expect("threads");
                    found.iter().map(bits).collect::<Vec<_>>()
                };
                // the scalar level is slow, so it runs once
                let expected = run(1, Level::detect());
                for (threads, level) in Level::available().map(|level| (2, level)).chain([(3, Level::detect())]) {
                    assert_eq!(run(threads, level), expected, "{activation} {kind:?} {threads} threads {level:?}");
                }
            }
        }
    }
}

type Observable = (&'static str, fn(Pair, &SymmetricMatrix) -> f64);
const OBSERVABLES: [Observable; 3] =
    [("activity", Pair::activity), ("overlap", Pair::overlap), ("distance", Pair::distance)];

/// Tests of equal law for every observable and layer.
fn compare(inputs: &Inputs, a: &[Trajectory], b: &[Trajectory], layers: &[usize]) -> Vec<(String, KolmogorovSmirnov)> {
    let pair = Pair::of(inputs).expect("two inputs");
    let mut tests = Vec::new();
    for &layer in layers {
        for (name, observable) in OBSERVABLES {
            let sorted = |sample: &[Trajectory]| {
                let mut values: Vec<f64> = sample.iter().map(|t| observable(pair, &t[layer])).collect();
                values.sort_by(f64::total_cmp);
                values
            };
            let test = kolmogorov_smirnov_two_sample(&sorted(a), &sorted(b));
            tests.push((format!("{name} in layer {layer}: {test:?}"), test));
        }
    }
    tests
}

#[test]
fn both_samplers_have_the_same_law_at_every_width() {
    let pair = Inputs::pair(1.0, 0.3, 0.5).expect("inputs");
    let two = points(2, |i, j| if i == j { 1.0 + 0.5 * i as f64 } else { 0.4 });
    // n = 1 has inputs of one dimension, so they lie on one line
    let line = Inputs::pair(1.0, 1.25, 0.25).expect("inputs");
    let cases: [(&[u64], &Inputs, Activation, u64); 7] = [
        (&[1, 1, 1, 1], &line, Activation::Tanh, 2000),
        (&[20, 20, 20, 20], &pair, Activation::Tanh, 2000),
        (&[20, 20, 20, 20], &two, Activation::GaussCdf, 2000),
        (&[200, 200, 200, 200], &pair, Activation::Tanh, 400),
        (&[200, 200, 200, 200], &two, Activation::Relu, 400),
        (&[150, 7, 60, 300], &pair, Activation::ErfSqrt2, 1000),
        (&[1100, 1100, 1100, 1100], &pair, Activation::Tanh, 40),
    ];
    let mut tests = Vec::new();
    for (index, (widths, inputs, activation, replicas)) in cases.into_iter().enumerate() {
        let network = network(activation, 1.5, widths);
        let draw = |kind| sample(kind, &network, inputs, index as u64, replicas);
        let (exact, explicit) = (draw(SamplerKind::Macroscopic), draw(SamplerKind::Explicit));
        tests.extend(
            compare(inputs, &exact, &explicit, &[1, 2, 4])
                .into_iter()
                .map(|(name, t)| (format!("{widths:?} {name}"), t)),
        );
    }
    let threshold = ALPHA / tests.len() as f64;
    let failed: Vec<&str> =
        tests.iter().filter(|(_, t)| t.p_value < threshold).map(|(name, _)| name.as_str()).collect();
    assert!(failed.is_empty(), "p-value below {threshold:e}:\n{}", failed.join("\n"));
}

#[test]
fn a_weight_scale_that_is_off_is_seen() {
    let inputs = Inputs::pair(1.0, 0.3, 0.5).expect("inputs");
    let widths = [200; 4];
    let exact = sample(SamplerKind::Macroscopic, &network(Activation::Tanh, 1.5 * 1.02, &widths), &inputs, 0, 1000);
    let explicit = sample(SamplerKind::Explicit, &network(Activation::Tanh, 1.5, &widths), &inputs, 0, 1000);
    let (name, activity) = &compare(&inputs, &exact, &explicit, &[4])[0];
    assert!(activity.p_value < 1e-9, "2 % go unseen: {name}");
}

#[test]
fn the_first_layer_is_unbiased_at_every_width() {
    // E erf(u / sqrt 2)^2 = (2 / pi) asin(q / (1 + q))
    let inputs = Inputs::single(0.8).expect("inputs");
    let cases = [(1, 20_000u64), (7, 20_000), (64, 5000), (1000, 1000), (1025, 1000), (100_000, 20)];
    for (index, (width, replicas)) in cases.into_iter().enumerate() {
        let network = network(Activation::ErfSqrt2, 1.5, &[width]);
        let q = network.ensemble.preactivation_variance(0.8);
        let found = sample(SamplerKind::Macroscopic, &network, &inputs, index as u64, replicas);
        let found = Estimate::over(&found, 1, |gram| gram.get(0, 0));
        // 1.5 makes up for Student's tails at 20 replicas
        let deviation = (found.mean - FRAC_2_PI * asin(q / (1.0 + q))) / found.stderr.expect("many replicas");
        assert!(deviation.abs() < 1.5 * normal_critical(ALPHA / 6.0), "width {width}: {deviation} standard errors");
    }
}

#[test]
fn coincident_and_dependent_inputs() {
    let network = network(Activation::Tanh, 1.5, &[50, 2000]);
    for kind in [SamplerKind::Macroscopic, SamplerKind::Explicit] {
        let same = points(3, |_, _| 1.0);
        for gram in &sample(kind, &network, &same, 0, 1)[0] {
            assert!(gram.entries().iter().all(|entry| *entry == gram.get(0, 0)), "{kind:?}: {gram:?}");
        }
        // 40 points of a circle: rank 2
        let circle = points(40, |i, j| neurodyn::numerics::elementary::cos(0.1 * (i as f64 - j as f64)));
        let found = &sample(kind, &network, &circle, 0, 1)[0];
        assert!(found[2].entries().iter().all(|entry| entry.is_finite() && entry.abs() < 1.0));
        // an input of zeros only sees the bias
        let zero = points(2, |i, j| f64::from(u8::from(i == 1 && j == 1)));
        assert!(sample(kind, &network, &zero, 0, 1)[0][1].get(0, 0) > 0.0);
    }
}

#[test]
fn odd_units_keep_opposite_inputs_opposite() {
    let ensemble = Ensemble::new(Activation::Tanh, 2.0, 0.0).expect("an ensemble");
    let network = Network::uniform(ensemble, Width::new(300).expect("a width"), 5).expect("a network");
    let inputs = points(2, |i, j| if i == j { 1.0 } else { -1.0 });
    for kind in [SamplerKind::Macroscopic, SamplerKind::Explicit] {
        for gram in &sample(kind, &network, &inputs, 0, 1)[0] {
            assert!((gram.get(0, 1) + gram.get(0, 0)).abs() < 1e-13 && (gram.get(1, 1) - gram.get(0, 0)).abs() < 1e-13);
        }
    }
}

#[test]
fn tiny_distances_survive() {
    for kind in [SamplerKind::Macroscopic, SamplerKind::Explicit] {
        for &activation in Activation::ALL {
            let network = network(activation, 1.8, &[100, 70, 80, 90]);
            let growth = |distance: f64| {
                let inputs = Inputs::pair(1.0, 0.0, distance).expect("inputs");
                sample(kind, &network, &inputs, 0, 1)[0][4].get(1, 1) / distance
            };
            // small enough to be linear: the same weights stretch both alike
            let (small, tiny) = (growth(1e-24), growth(1e-280));
            assert!(tiny > 0.0 && (tiny / small - 1.0).abs() < 1e-8, "{kind:?} {activation}: {small} {tiny}");
        }
    }
}

#[test]
fn a_difference_column_means_what_a_second_point_means() {
    // the factor of (u, u' - u) differs from that of (u, u') by its first row, so both see the same neurons, but for rounding
    let pair = Inputs::pair(1.0, 0.5, 0.8).expect("inputs");
    let two = points(2, |i, j| [[1.0, 0.85], [0.85, 1.5]][i][j]);
    let network = network(Activation::Tanh, 1.5, &[400; 5]);
    for kind in [SamplerKind::Macroscopic, SamplerKind::Explicit] {
        let found = [&pair, &two].map(|inputs| {
            let view = Pair::of(inputs).expect("two inputs");
            let draw = sample(kind, &network, inputs, 0, 1).remove(0);
            draw.iter()
                .map(|gram| {
                    [Pair::activity, Pair::activity_prime, Pair::overlap, Pair::distance].map(|f| f(view, gram))
                })
                .collect::<Vec<_>>()
        });
        // a layer leaves some units of rounding and stretches what the ones before have left by sigma_w^2 at most, since no slope is above 1
        let mut bound = 4.0 * f64::EPSILON;
        for (layer, (a, b)) in found[0].iter().zip(&found[1]).enumerate() {
            let off = a.iter().zip(b).fold(0.0f64, |most, (a, b)| most.max((a - b).abs()));
            assert!(off <= bound, "{kind:?} layer {layer}: {off:e} {a:?} {b:?}");
            bound = 2.25 * bound + 4.0 * f64::EPSILON;
        }
    }
}

/// Formulas with kinks, jumps and waves: mean and spread of the distance over networks are those of theory to first order in 1/n.
#[test]
fn formulas_have_the_distances_of_their_theory() {
    const REPLICAS: u64 = 1500;
    let formulas = [
        "silu",
        "elu",
        "selu",
        "hard_tanh",
        "max(u - 0.7, 0)",
        "abs(u)",
        "u + sin(3 * u) / 2",
        "tanh(20 * u)",
        "sign(u - 0.3)",
    ];
    for (point, text) in formulas.into_iter().enumerate() {
        // behind a threshold a signal of unit weights dies out, and first order says nothing of it
        let sigma_w = if text == "max(u - 0.7, 0)" { 1.9 } else { 1.1 };
        let network = network(text.parse().expect("a formula"), sigma_w, &[400; 4]);
        let inputs = points(2, |i, j| if i == j { 1.0 } else { 0.4 });
        let pair = Pair::of(&inputs).expect("two inputs");
        let found = sample(SamplerKind::Macroscopic, &network, &inputs, 40 + point as u64, REPLICAS);
        let start = PairState { activity: 1.0, activity_difference: 0.0, distance: 1.2 };
        let theory = pair_corrections(&network.ensemble, start, network.widths()).expect("finite");
        let values: Vec<f64> = found.iter().map(|grams| pair.distance(&grams[4])).collect();
        let mean = values.iter().sum::<f64>() / REPLICAS as f64;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (REPLICAS - 1) as f64;
        let (distance, correction) = (theory[4].state.distance, theory[4].distance());
        let error = (variance / REPLICAS as f64).sqrt();
        assert!(
            (mean - distance - correction.bias).abs() < 4.5 * error,
            "{text}: {mean} {distance} {correction:?} {error}"
        );
        assert!((variance / correction.variance - 1.0).abs() < 0.25, "{text}: {variance} {correction:?}");
    }
}

#[test]
fn errors_say_where_and_why() {
    let inputs = Inputs::pair(1.0, 0.3, 0.5).expect("inputs");
    let huge = Network::uniform(
        Ensemble::new(Activation::Linear, 1e60, 0.0).expect("an ensemble"),
        Width::new(9).expect("a width"),
        9,
    );
    for kind in [SamplerKind::Macroscopic, SamplerKind::Explicit] {
        let error =
            kind.sampler().sample(huge.as_ref().expect("a network"), &inputs, &address(0, 4)).expect_err("overflow");
        assert_eq!(error, SimulationError::NotFinite { layer: 3, replica: 4 }, "{kind:?}");
    }
    let explicit = |widths: &[u64]| {
        SamplerKind::Explicit.sampler().sample(&network(Activation::Tanh, 1.0, widths), &inputs, &address(0, 0))
    };
    assert_eq!(explicit(&[1, 5]), Err(SimulationError::TooFewInputs { needed: 2, width: 1 }));
    assert!(matches!(explicit(&[5, 30_000]), Err(SimulationError::TooWide { width: 30_000, .. })));
}

#[test]
fn what_is_no_gram_matrix_is_refused() {
    let network = network(Activation::Tanh, 1.5, &[50, 50]);
    let draw = |kind: SamplerKind, inputs: &Inputs| kind.sampler().sample(&network, inputs, &address(0, 0));
    // correlations beyond 1 and of a triangle that does not close, and a product with a vector of length 0
    let indefinite = [
        points(2, |i, j| if i == j { 1.0 } else { 2.0 }),
        points(3, |i, j| if i == j { 1.0 } else { -0.6 }),
        points(2, |i, j| if i == j { i as f64 } else { 0.1 }),
    ];
    for kind in [SamplerKind::Macroscopic, SamplerKind::Explicit] {
        for inputs in &indefinite {
            let found = draw(kind, inputs);
            assert!(matches!(found, Err(SimulationError::Indefinite { defect }) if defect > 0.1), "{kind:?} {found:?}");
        }
        assert!(draw(kind, &points(2, |i, j| if i == j { 1.0 } else { 1.0 + 1e-12 })).is_ok());
    }
}
