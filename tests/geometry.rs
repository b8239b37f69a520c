//! Tangents and second derivatives in the samplers: the same bits everywhere, one law for exact law and explicit weights,
//! finite differences of the images as a third witness, and means that are exact at every width in the first layer.
//!
//! Statistical tests use fixed seeds, so they do not flicker. Their thresholds keep the chance that a right program would
//! have failed at [`ALPHA`] for each test function (Bonferroni over the comparisons in it).

use neurodyn::model::{
    Activation, Column, Ensemble, Inputs, Jet, JetGram, Manifold, ManifoldKind, Measure, Network, SymmetricMatrix,
    Width, index_pairs,
};
use neurodyn::numerics::simd::{Level, activate};
use neurodyn::numerics::statistics::{kolmogorov_smirnov_two_sample, mean_and_stderr, normal_critical};
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{SamplerKind, SimulationError, Trajectory, parallel_map, with_threads};
use neurodyn::theory::curvature::constant_activity_map;

const ALPHA: f64 = 1e-3;
const BOTH: [SamplerKind; 2] = [SamplerKind::Macroscopic, SamplerKind::Explicit];

fn network(activation: Activation, sigma_w: f64, sigma_b: f64, widths: &[u64]) -> Network {
    let ensemble = Ensemble::new(activation, sigma_w, sigma_b).expect("an ensemble");
    Network::new(ensemble, widths.iter().map(|n| Width::new(*n).expect("a width")).collect()).expect("a network")
}

fn sample(kind: SamplerKind, network: &Network, inputs: &Inputs, point: u64, replicas: u64) -> Vec<Trajectory> {
    let replicas: Vec<u64> = (0..replicas).collect();
    let address = |replica| Address { seed: 5, role: Role::NETWORK, point, replica };
    parallel_map(&replicas, |r| kind.sampler().sample(network, inputs, &address(*r))).expect("finite networks")
}

fn jets(kind: ManifoldKind, places: &[&[f64]], order: usize) -> Inputs {
    let manifold = Manifold::new(kind).expect("a manifold");
    let jets: Vec<Jet> = places.iter().map(|t| manifold.jet(t)).collect();
    Inputs::jets(&jets, order).expect("inputs")
}

fn ellipse() -> ManifoldKind {
    ManifoldKind::Ellipse { semi_axes: [0.9, 0.5], centre: [0.3, -0.2, 0.4] }
}

fn surface() -> ManifoldKind {
    let (dimension, activity, length_scale, harmonics) = (2, 0.7, 1.0, 3);
    ManifoldKind::GaussianProcess { dimension, activity, length_scale, harmonics, components: 12, seed: 5 }
}

fn bits(trajectory: &Trajectory) -> Vec<u64> {
    trajectory.iter().flat_map(|gram| gram.entries().iter().map(|entry| entry.to_bits())).collect()
}

#[test]
fn every_thread_count_and_level_gives_the_same_bits() {
    let frames = jets(ellipse(), &[&[0.1], &[0.9]], 1);
    let bent = [jets(ellipse(), &[&[0.5]], 2), jets(surface(), &[&[0.5, 0.1]], 2)];
    for &activation in Activation::ALL {
        for inputs in std::iter::once(&frames).chain(bent.iter().filter(|_| activation.is_smooth())) {
            for (kind, widths) in
                [(SamplerKind::Macroscopic, &[77, 20_000, 1500]), (SamplerKind::Explicit, &[77, 300, 150])]
            {
                let network = network(activation, 1.4, 0.3, widths);
                let run = |threads, level| {
                    activate(level).expect("an available level");
                    let found = with_threads(Some(threads), || sample(kind, &network, inputs, 0, 2)).expect("threads");
                    found.iter().map(bits).collect::<Vec<_>>()
                };
                let expected = run(1, Level::Scalar);
                for (threads, level) in [(2, Level::Scalar), (3, Level::Scalar)]
                    .into_iter()
                    .chain(Level::available().map(|level| (2, level)))
                {
                    assert_eq!(run(threads, level), expected, "{activation} {kind:?} {threads} threads {level:?}");
                }
            }
        }
    }
}

/// What a curve and a surface are compared by.
const CURVE: [Measure; 8] = [
    Measure::Activity,
    Measure::Tilt(0),
    Measure::Sag(0),
    Measure::Metric(0, 0),
    Measure::Lean(0),
    Measure::Second((0, 0), (0, 0)),
    Measure::CurvatureSquared(0),
    Measure::TangentialShare(0),
];
const SURFACE: [Measure; 8] = [
    Measure::Metric(0, 0),
    Measure::Metric(0, 1),
    Measure::Second((0, 0), (0, 0)),
    Measure::Second((0, 1), (0, 1)),
    Measure::Second((0, 0), (1, 1)),
    Measure::VolumeElement,
    Measure::ExtrinsicCurvature,
    Measure::ScalarCurvature,
];
const FRAME: [Measure; 4] = [Measure::Activity, Measure::Tilt(0), Measure::Metric(0, 0), Measure::FrameCosine(0, 1)];

/// p-values of equal law for each measure and layer.
fn compare(
    samples: [&[Trajectory]; 2],
    dimension: usize,
    measures: &[Measure],
    layers: &[usize],
) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for &layer in layers {
        for &measure in measures {
            let [a, b] = samples.map(|sample| {
                let value = |t: &Trajectory| measure.of(&JetGram::of(&t[layer], dimension));
                let mut values: Vec<f64> = sample.iter().map(value).collect();
                values.sort_by(f64::total_cmp);
                values
            });
            found.push((format!("{measure:?} in layer {layer}"), kolmogorov_smirnov_two_sample(&a, &b).p_value));
        }
    }
    found
}

#[test]
fn both_samplers_have_the_same_law_of_jets() {
    let curve = jets(ellipse(), &[&[0.8]], 2);
    let patch = jets(surface(), &[&[0.3, 1.9]], 2);
    let frame = jets(surface(), &[&[0.3, 1.9]], 1);
    type Case<'a> = (&'a [u64], &'a Inputs, usize, &'a [Measure], Activation, u64);
    let cases: [Case; 8] = [
        (&[50; 5], &curve, 1, &CURVE, Activation::Tanh, 2000),
        (&[50; 5], &patch, 2, &SURFACE, Activation::ErfSqrt2, 2000),
        (&[50; 5], &frame, 2, &FRAME, Activation::Relu, 2000),
        (&[120, 20, 60, 30, 90], &curve, 1, &CURVE, Activation::Sin, 2000),
        (&[300; 5], &curve, 1, &CURVE, Activation::ErfSqrt2, 400),
        (&[300; 5], &patch, 2, &SURFACE, Activation::Tanh, 400),
        (&[2000; 5], &curve, 1, &CURVE, Activation::Tanh, 40),
        (&[2000; 5], &patch, 2, &SURFACE, Activation::Sin, 40),
    ];
    let mut tests = Vec::new();
    for (index, (widths, inputs, dimension, measures, activation, replicas)) in cases.into_iter().enumerate() {
        let network = network(activation, 1.5, 0.3, widths);
        let [exact, explicit] = BOTH.map(|kind| sample(kind, &network, inputs, index as u64, replicas));
        let found = compare([&exact, &explicit], dimension, measures, &[1, 2, 5]);
        tests.extend(found.into_iter().map(|(name, p)| (format!("{activation} {widths:?} {name}: {p:e}"), p)));
    }
    let threshold = ALPHA / tests.len() as f64;
    let least = tests.iter().fold(1.0f64, |least, (_, p)| least.min(*p));
    println!("{} tests, smallest p-value {least:e}, threshold {threshold:e}", tests.len());
    let failed: Vec<&str> = tests.iter().filter(|(_, p)| *p < threshold).map(|(name, _)| name.as_str()).collect();
    assert!(tests.len() == 180 && failed.is_empty(), "below {threshold:e}:\n{}", failed.join("\n"));
}

#[test]
fn a_weight_scale_that_is_off_is_seen_in_metric_and_curvature() {
    let curve = jets(ellipse(), &[&[0.8]], 2);
    let draw = |sigma_w: f64, kind| sample(kind, &network(Activation::Tanh, sigma_w, 0.3, &[300; 5]), &curve, 0, 1000);
    let (exact, explicit) = (draw(1.5 * 1.02, SamplerKind::Macroscopic), draw(1.5, SamplerKind::Explicit));
    let found = compare([&exact, &explicit], 1, &[Measure::Metric(0, 0), Measure::Second((0, 0), (0, 0))], &[5]);
    assert!(found.iter().all(|(_, p)| *p < 1e-6), "{found:?}");
}

/// Point, derivatives and differences to the points at `-2h`, `-h`, `h`, `2h`, all in one Gram matrix.
fn stencil(h: f64) -> Inputs {
    let manifold = Manifold::new(ellipse()).expect("a manifold");
    let t = 0.8;
    let jet = manifold.jet(&[t]);
    let mut vectors = vec![jet.point.clone(), jet.tangents[0].clone(), jet.seconds[0].clone()];
    for steps in [-2.0, -1.0, 1.0, 2.0] {
        let other = manifold.jet(&[t + steps * h]).point;
        vectors.push(other.iter().zip(&jet.point).map(|(a, b)| a - b).collect());
    }
    let difference = Column::Difference { of: 0 };
    let mut columns = vec![Column::State, Column::Tangent { of: 0 }, Column::Second { of: 0, along: [1, 1] }];
    columns.extend([difference; 4]);
    let dot = |i: usize, j: usize| vectors[i].iter().zip(&vectors[j]).map(|(a, b)| a * b).sum();
    Inputs::new(columns, SymmetricMatrix::from_fn(7, dot)).expect("inputs")
}

/// Squared length of a combination of columns, relative to that of column `of`.
fn squared(gram: &SymmetricMatrix, weights: [f64; 7], of: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..7 {
        for j in 0..7 {
            sum += weights[i] * weights[j] * gram.get(i, j);
        }
    }
    sum / gram.get(of, of)
}

/// Five-point quotients of the images are the propagated derivatives, in the same network.
///
/// Their errors are `h^4 / 30` times the fifth and `h^4 / 90` times the sixth derivative of the image, so the squares below fall by
/// 256 when `h` is halved. Rounding of the Gram matrix leaves `1e-16 / h^2` of `K` in the second one, 1e-12 here.
#[test]
fn finite_differences_are_a_third_witness() {
    let discrepancies = |trajectory: &Trajectory, h: f64| {
        let (a, b) = (1.0 / (12.0 * h), 1.0 / (12.0 * h * h));
        let gram = &trajectory[3];
        [
            squared(gram, [0.0, -1.0, 0.0, a, -8.0 * a, 8.0 * a, -a], 1),
            squared(gram, [0.0, 0.0, -1.0, -b, 16.0 * b, 16.0 * b, -b], 2),
        ]
    };
    for &activation in Activation::ALL.iter().filter(|activation| activation.is_smooth()) {
        let network = network(activation, 1.3, 0.3, &[60, 40, 50]);
        // explicit weights are the same whatever the inputs
        let [coarse, fine] =
            [0.04, 0.02].map(|h| discrepancies(&sample(SamplerKind::Explicit, &network, &stencil(h), 0, 1)[0], h));
        for (name, coarse, fine) in [("e", coarse[0], fine[0]), ("H", coarse[1], fine[1])] {
            assert!(fine < 1e-6, "{activation} {name}: {fine:e}");
            let ratio = coarse / fine;
            // nothing is left but rounding where the activation is linear
            assert!((200.0..300.0).contains(&ratio) || fine < 2e-12, "{activation} {name}: falls by {ratio}, {fine:e}");
        }
        let exact = discrepancies(&sample(SamplerKind::Macroscopic, &network, &stencil(0.02), 0, 1)[0], 0.02);
        assert!(exact[0] < 1e-6 && exact[1] < 1e-6, "{activation}: {exact:?}");
    }
}

#[test]
fn second_differences_of_relu_do_not_converge() {
    let kinds = |h: f64| {
        let full = stencil(h);
        let keep = [0, 3, 4, 5, 6];
        let columns = keep.map(|i| full.columns()[i]).to_vec();
        let gram = SymmetricMatrix::from_fn(5, |i, j| full.gram().get(keep[i], keep[j]));
        Inputs::new(columns, gram).expect("inputs")
    };
    for kind in BOTH {
        let second = |activation, h: f64| {
            let network = network(activation, 1.4, 0.3, &[2000]);
            let found = sample(kind, &network, &kinds(h), 0, 20);
            let of = |t: &Trajectory| (t[1].get(2, 2) + t[1].get(3, 3) + 2.0 * t[1].get(2, 3)) / (h * h * h * h);
            found.iter().map(of).sum::<f64>() / 20.0
        };
        // 10 times smaller steps, 10 times the sum: a kink of slope difference 1 in a share ~ h of the neurons
        let growth = second(Activation::Relu, 1e-3) / second(Activation::Relu, 1e-2);
        assert!((7.0..14.0).contains(&growth), "{kind:?}: {growth}");
        let steady = second(Activation::Tanh, 1e-3) / second(Activation::Tanh, 1e-2);
        assert!((steady - 1.0).abs() < 0.1, "{kind:?}: {steady}");
    }
}

/// In the first layer `E[g'] = chi_1 g` and `E[K'] = chi_1 K + chi_2 (g g + g g + g g)` hold at every width, for all index pairs.
#[test]
fn the_first_layer_is_unbiased_at_every_width() {
    let sphere = jets(ManifoldKind::SpherePatch { dimension: 2, activity: 0.8 }, &[&[0.4, -0.3]], 2);
    let input = JetGram::of(sphere.gram(), 2);
    let mut failed = Vec::new();
    let mut count = 0;
    for (index, (width, replicas)) in [(1, 20_000u64), (7, 20_000), (64, 5000), (1025, 1000)].into_iter().enumerate() {
        let network = network(Activation::Tanh, 1.6, 0.3, &[width]);
        let expected = constant_activity_map(&network.ensemble, &input).expect("constant activity");
        let found = sample(SamplerKind::Macroscopic, &network, &sphere, index as u64, replicas);
        for i in 0..6 {
            for j in 0..=i {
                let values: Vec<f64> = found.iter().map(|t| t[1].get(i, j)).collect();
                let (mean, stderr) = mean_and_stderr(&values);
                let z = (mean - expected.get(i, j)) / stderr.expect("many replicas");
                count += 1;
                if !(z.abs() < normal_critical(ALPHA / 84.0)) {
                    failed.push(format!("width {width}, ({i}, {j}): {z} standard errors"));
                }
            }
        }
    }
    assert!(count == 84 && failed.is_empty(), "{failed:?}");
}

#[test]
fn degenerate_jets_pass() {
    // a straight segment has H = 0; a great circle through networks without bias has H = -x; tangents may coincide
    let segment = jets(ManifoldKind::Segment { from: [0.5, 0.2, 0.0], to: [-0.3, 0.4, 0.1] }, &[&[0.3]], 2);
    let circle = jets(ManifoldKind::GreatCircle { activity: 0.6 }, &[&[0.3], &[0.3]], 2);
    for kind in BOTH {
        for inputs in [&segment, &circle] {
            let network = network(Activation::Tanh, 1.5, 0.0, &[200, 300, 100]);
            let found = &sample(kind, &network, inputs, 0, 1)[0];
            let last = JetGram::at(&found[3], 1, 0, 3);
            assert!(last.curvature_squared(0) > 0.0 && last.metric(0, 0) > 0.0);
            // twice the same point stays twice the same point
            if inputs.columns().len() == 6 {
                let twin = JetGram::at(&found[3], 1, 3, 3);
                let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-13 * b.abs();
                assert!(last.entries().iter().zip(twin.entries()).all(close), "{last:?} {twin:?}");
            }
        }
        // a linear network keeps a straight line straight
        let found = &sample(kind, &network(Activation::Linear, 1.5, 0.3, &[50, 60]), &segment, 0, 1)[0];
        assert_eq!(found[2].get(2, 2), 0.0);
    }
}

#[test]
fn what_has_no_derivative_is_refused() {
    let curve = jets(ellipse(), &[&[0.8]], 2);
    for kind in BOTH {
        for activation in [Activation::Relu, Activation::LeakyRelu] {
            let network = network(activation, 1.5, 0.3, &[20, 20]);
            let address = Address { seed: 1, role: Role::NETWORK, point: 0, replica: 0 };
            let error = kind.sampler().sample(&network, &curve, &address).expect_err("a kink");
            assert_eq!(error, SimulationError::NotSmooth { activation });
        }
    }
    let unit = |m: usize| SymmetricMatrix::from_fn(m, |i, j| f64::from(u8::from(i == j)));
    let (state, tangent) = (Column::State, Column::Tangent { of: 0 });
    for columns in [
        vec![tangent, state],
        vec![state, Column::Tangent { of: 1 }],
        vec![state, Column::Second { of: 0, along: [1, 1] }],
        vec![state, state, tangent, Column::Second { of: 1, along: [2, 2] }],
        vec![state, tangent, Column::Second { of: 0, along: [1, 2] }],
        vec![state, Column::Difference { of: 0 }, Column::Tangent { of: 1 }],
    ] {
        let order = columns.len();
        assert!(Inputs::new(columns.clone(), unit(order)).is_err(), "{columns:?}");
    }
    assert_eq!(index_pairs(2), [(0, 0), (0, 1), (1, 1)]);
}
