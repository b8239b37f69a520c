//! Tangents and second derivatives in the samplers: the same bits everywhere, one law for exact law and explicit
//! weights, finite differences of the images as a third witness, and means that are exact at every width in the first
//! layer.
//!
//! Statistical tests use fixed seeds, so they do not flicker. Their thresholds keep the chance that a right program
//! would have failed at [`ALPHA`] for each test function (Bonferroni over the comparisons in it).

mod differences;

use neurodyn::model::{
    Activation, Column, Ensemble, Inputs, Jet, JetGram, Manifold, ManifoldKind, Measure, Network, SymmetricMatrix,
    Width, index_pairs,
};
use neurodyn::numerics::elementary::asin;
use neurodyn::numerics::simd::{Level, Switch};
use neurodyn::numerics::statistics::{kolmogorov_smirnov_two_sample, mean_and_stderr, normal_critical};
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{SamplerKind, SimulationError, Trajectory, parallel_map, with_threads};
use neurodyn::theory::curvature::constant_activity_map;
use std::f64::consts::{FRAC_2_PI, PI};

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

// 12 blocks of neurons and 500 x 300 weights are beyond where each sampler starts to share out a layer
#[test]
fn every_thread_count_and_level_gives_the_same_bits() {
    let switch = Switch::take();
    let frames = jets(ellipse(), &[&[0.1], &[0.9]], 1);
    let bent = [jets(ellipse(), &[&[0.5]], 2), jets(surface(), &[&[0.5, 0.1]], 2)];
    for &activation in Activation::ALL {
        for inputs in std::iter::once(&frames).chain(bent.iter().filter(|_| activation.is_smooth())) {
            for (kind, widths) in
                [(SamplerKind::Macroscopic, &[77, 12_000, 1500]), (SamplerKind::Explicit, &[77, 500, 300])]
            {
                let network = network(activation, 1.4, 0.3, widths);
                let run = |threads, level| {
                    switch.to(level);
                    let found = with_threads(Some(threads), || sample(kind, &network, inputs, 0, 2)).expect("threads");
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

/// A number to compare the law of: an entry of the Gram matrix, or a measure of the jet that is all of it.
#[derive(Debug, Clone, Copy)]
enum Reading {
    Entry(usize, usize),
    Jet(Measure),
}

use Measure::*;
use Reading::{Entry, Jet as Of};

// Entries of a curve are x . e, x . H and e . H. A test by ranks of ln g is that of g.
const CURVE: [Reading; 11] = [
    Of(Activity),
    Entry(1, 0),
    Entry(2, 0),
    Entry(2, 1),
    Of(Tilt(0)),
    Of(Sag(0)),
    Of(Metric(0, 0)),
    Of(Lean(0)),
    Of(Second((0, 0), (0, 0))),
    Of(CurvatureSquared(0)),
    Of(TangentialShare(0)),
];
// the entry is e_2 . H_12
const SURFACE: [Reading; 9] = [
    Of(Metric(0, 0)),
    Of(Metric(0, 1)),
    Entry(4, 2),
    Of(Second((0, 0), (0, 0))),
    Of(Second((0, 1), (0, 1))),
    Of(Second((0, 0), (1, 1))),
    Of(VolumeElement),
    Of(ExtrinsicCurvature),
    Of(ScalarCurvature),
];
const FRAME: [Reading; 4] = [Of(Activity), Of(Tilt(0)), Of(Metric(0, 0)), Of(FrameCosine(0, 1))];
/// Two points of a curve: the jet of the second, and products of one with the other.
const TWO_POINTS: [Reading; 8] =
    [Entry(3, 0), Entry(4, 0), Entry(4, 1), Entry(5, 0), Entry(5, 1), Entry(5, 2), Entry(4, 4), Entry(5, 5)];

/// p-values of equal law for each reading and layer.
fn compare(
    samples: [&[Trajectory]; 2],
    dimension: usize,
    readings: &[Reading],
    layers: &[usize],
) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for &layer in layers {
        for &reading in readings {
            let [a, b] = samples.map(|sample| {
                let value = |t: &Trajectory| match reading {
                    Entry(i, j) => t[layer].get(i, j),
                    Of(measure) => measure.of(&JetGram::of(&t[layer], dimension)),
                };
                let mut values: Vec<f64> = sample.iter().map(value).collect();
                values.sort_by(f64::total_cmp);
                values
            });
            found.push((format!("{reading:?} in layer {layer}"), kolmogorov_smirnov_two_sample(&a, &b).p_value));
        }
    }
    found
}

#[test]
fn both_samplers_have_the_same_law_of_jets() {
    let curve = jets(ellipse(), &[&[0.8]], 2);
    let two_points = jets(ellipse(), &[&[0.1], &[0.9]], 2);
    let patch = jets(surface(), &[&[0.3, 1.9]], 2);
    let frame = jets(surface(), &[&[0.3, 1.9]], 1);
    type Case<'a> = (&'a [u64], &'a Inputs, usize, &'a [Reading], Activation, u64);
    let cases: [Case; 10] = [
        (&[50; 5], &curve, 1, &CURVE, Activation::Tanh, 2000),
        (&[50; 5], &patch, 2, &SURFACE, Activation::ErfSqrt2, 2000),
        (&[50; 5], &frame, 2, &FRAME, Activation::Relu, 2000),
        (&[120, 20, 60, 30, 90], &curve, 1, &CURVE, Activation::Sin, 2000),
        (&[300; 5], &curve, 1, &CURVE, Activation::ErfSqrt2, 400),
        (&[300; 5], &patch, 2, &SURFACE, Activation::Tanh, 400),
        (&[1100; 5], &curve, 1, &CURVE, Activation::Tanh, 40),
        (&[1100; 5], &patch, 2, &SURFACE, Activation::Sin, 40),
        (&[90, 30, 60, 20, 120], &patch, 2, &SURFACE, Activation::Tanh, 2000),
        (&[50; 5], &two_points, 1, &TWO_POINTS, Activation::Tanh, 2000),
    ];
    let mut tests = Vec::new();
    for (index, (widths, inputs, dimension, readings, activation, replicas)) in cases.into_iter().enumerate() {
        let network = network(activation, 1.5, 0.3, widths);
        let [exact, explicit] = BOTH.map(|kind| sample(kind, &network, inputs, index as u64, replicas));
        let found = compare([&exact, &explicit], dimension, readings, &[1, 2, 5]);
        tests.extend(found.into_iter().map(|(name, p)| (format!("{activation} {widths:?} {name}: {p:e}"), p)));
    }
    let threshold = ALPHA / tests.len() as f64;
    let least = tests.iter().fold(1.0f64, |least, (_, p)| least.min(*p));
    println!("{} tests, smallest p-value {least:e}, threshold {threshold:e}", tests.len());
    let failed: Vec<&str> = tests.iter().filter(|(_, p)| !(*p >= threshold)).map(|(name, _)| name.as_str()).collect();
    assert!(tests.len() == 276 && failed.is_empty(), "below {threshold:e}:\n{}", failed.join("\n"));
}

#[test]
fn a_weight_scale_that_is_off_is_seen_in_metric_and_curvature() {
    let curve = jets(ellipse(), &[&[0.8]], 2);
    let draw = |sigma_w: f64, kind| sample(kind, &network(Activation::Tanh, sigma_w, 0.3, &[300; 5]), &curve, 0, 1000);
    let (exact, explicit) = (draw(1.5 * 1.02, SamplerKind::Macroscopic), draw(1.5, SamplerKind::Explicit));
    let found = compare([&exact, &explicit], 1, &[Of(Metric(0, 0)), Of(Second((0, 0), (0, 0)))], &[5]);
    assert!(found.iter().all(|(_, p)| *p < 1e-6), "{found:?}");
}

/// A sphere patch in coordinates that are neither orthogonal nor geodesic: all entries are different.
fn sheared_patch() -> Inputs {
    let sphere = Manifold::new(ManifoldKind::SpherePatch { dimension: 2, activity: 0.8 }).expect("a manifold");
    let mut jet = sphere.jet(&[0.4, -0.3]);
    let plus = |a: &[f64], factor: f64, b: &[f64]| a.iter().zip(b).map(|(a, b)| a + factor * b).collect::<Vec<_>>();
    // e_2 + e_1 / 2 in the place of e_2
    jet.tangents[1] = plus(&jet.tangents[1], 0.5, &jet.tangents[0]);
    jet.seconds[2] = plus(&plus(&jet.seconds[2], 1.0, &jet.seconds[1]), 0.25, &jet.seconds[0]);
    jet.seconds[1] = plus(&jet.seconds[1], 0.5, &jet.seconds[0]);
    Inputs::jets(&[jet], 2).expect("inputs")
}

/// Mean of the Gram matrix of the first layer for `erf(u / sqrt 2)` where the activity is constant, in closed form:
/// with `r = 1 / (1 + 2 q)`, `E[phi^2] = (2 / pi) asin(q / (1 + q))`, `E[phi'^2] = (2 / pi) sqrt(r)` and
/// `E[phi''^2] = (2 / pi) q r sqrt(r)`.
fn closed_form(input: &JetGram<f64>, sigma_w: f64, sigma_b: f64) -> JetGram<f64> {
    let weight = sigma_w * sigma_w;
    let q = weight * input.activity() + sigma_b * sigma_b;
    let r = 1.0 / (1.0 + 2.0 * q);
    let (chi_1, chi_2) = (weight * FRAC_2_PI * r.sqrt(), weight * weight * FRAC_2_PI * q * r * r.sqrt());
    let g = |a: usize, b: usize| input.get(1 + a, 1 + b);
    let along = |column: usize| [(0, 0), (0, 1), (1, 1)][column - 3];
    JetGram::new(2, 6, |i, j| match (i, j) {
        (0, 0) => FRAC_2_PI * asin(q / (1.0 + q)),
        (3.., 3..) => {
            let ((a, b), (c, d)) = (along(i), along(j));
            chi_1 * input.get(i, j) + chi_2 * (g(a, b) * g(c, d) + g(a, c) * g(b, d) + g(a, d) * g(b, c))
        }
        _ => chi_1 * input.get(i, j),
    })
}

/// In the first layer `E[g'] = chi_1 g` and `E[K'] = chi_1 K + chi_2 (g g + g g + g g)` hold at every width, for all
/// index pairs.
#[test]
fn the_first_layer_is_unbiased_at_every_width() {
    use SamplerKind::{Explicit, Macroscopic};
    let patch = sheared_patch();
    let input = JetGram::of(patch.gram(), 2);
    let mut found = Vec::new();
    for activation in [Activation::Tanh, Activation::ErfSqrt2] {
        let theory =
            constant_activity_map(&network(activation, 1.6, 0.3, &[1]).ensemble, &input).expect("constant activity");
        let expected = if activation == Activation::ErfSqrt2 { closed_form(&input, 1.6, 0.3) } else { theory.clone() };
        for (expected, theory) in expected.entries().iter().zip(theory.entries()) {
            assert!((expected - theory).abs() < 1e-13, "{expected} {theory}");
        }
        for (index, (kind, width, replicas)) in [
            (Macroscopic, 1, 20_000),
            (Macroscopic, 7, 20_000),
            (Macroscopic, 64, 5000),
            (Macroscopic, 1025, 1000),
            (Explicit, 7, 20_000),
            (Explicit, 64, 5000),
        ]
        .into_iter()
        .enumerate()
        {
            let draws = sample(kind, &network(activation, 1.6, 0.3, &[width]), &patch, index as u64, replicas);
            for i in 0..6 {
                for j in 0..=i {
                    let values: Vec<f64> = draws.iter().map(|t| t[1].get(i, j)).collect();
                    let (mean, stderr) = mean_and_stderr(&values);
                    let z = (mean - expected.get(i, j)) / stderr.expect("many replicas");
                    found.push((z, format!("{activation} {kind:?} width {width}, ({i}, {j}): {z} standard errors")));
                }
            }
        }
    }
    let threshold = normal_critical(ALPHA / found.len() as f64);
    let largest = found.iter().fold(0.0f64, |largest, (z, _)| largest.max(z.abs()));
    println!("{} means, largest deviation {largest} of {threshold} standard errors", found.len());
    let failed: Vec<&str> = found.iter().filter(|(z, _)| !(z.abs() < threshold)).map(|(_, at)| at.as_str()).collect();
    assert!(found.len() == 252 && failed.is_empty(), "{failed:?}");
}

/// Points and derivatives are mirrored with the signs of the chain rule where `phi` is odd or even and has no bias, and
/// a parameter that runs twice as fast doubles tangents and quadruples second derivatives, to the bit.
#[test]
fn jets_follow_symmetries_of_the_activation_and_of_the_parameter() {
    let jet = Manifold::new(ellipse()).expect("a manifold").jet(&[0.8]);
    let scaled = |point: f64, tangent: f64, second: f64| {
        let times = |v: &[f64], factor: f64| v.iter().map(|x| factor * x).collect::<Vec<_>>();
        Jet {
            point: times(&jet.point, point),
            tangents: vec![times(&jet.tangents[0], tangent)],
            seconds: vec![times(&jet.seconds[0], second)],
        }
    };
    let mirrored = Inputs::jets(&[jet.clone(), scaled(-1.0, -1.0, -1.0)], 2).expect("inputs");
    let [plain, faster] = [jet.clone(), scaled(1.0, 2.0, 4.0)].map(|jet| Inputs::jets(&[jet], 2).expect("inputs"));
    let speed = [1.0, 2.0, 4.0];
    for kind in BOTH {
        for &activation in Activation::ALL.iter().filter(|activation| activation.is_odd() || activation.is_even()) {
            let sign = if activation.is_odd() { -1.0 } else { 1.0 };
            let found = &sample(kind, &network(activation, 1.5, 0.0, &[200, 100, 300]), &mirrored, 0, 1)[0];
            for gram in &found[1..] {
                for i in 0..3 {
                    for j in 0..3 {
                        let size = (gram.get(i, i) * gram.get(j, j)).sqrt();
                        let close = |other: f64| (other - gram.get(i, j)).abs() <= 1e-12 * size;
                        assert!(close(gram.get(i + 3, j + 3)), "{activation} {kind:?} ({i}, {j}): {gram:?}");
                        assert!(close(sign * gram.get(i, j + 3)), "{activation} {kind:?} ({i}, {j}): {gram:?}");
                    }
                }
            }
        }
        for &activation in Activation::ALL.iter().filter(|activation| activation.is_smooth()) {
            let network = network(activation, 1.5, 0.3, &[70, 100, 60]);
            let [slow, fast] = [&plain, &faster].map(|inputs| sample(kind, &network, inputs, 0, 1).remove(0));
            for (slow, fast) in slow.iter().zip(&fast) {
                for i in 0..3 {
                    for j in 0..=i {
                        assert_eq!(fast.get(i, j), speed[i] * speed[j] * slow.get(i, j), "{activation} {kind:?}");
                    }
                }
            }
        }
    }
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
    let [frame, curve] = [1, 2].map(|order| jets(ellipse(), &[&[0.8]], order));
    for kind in BOTH {
        for activation in [Activation::Relu, Activation::LeakyRelu] {
            let network = network(activation, 1.5, 0.3, &[20, 20]);
            let address = Address { seed: 1, role: Role::NETWORK, point: 0, replica: 0 };
            let error = kind.sampler().sample(&network, &curve, &address).expect_err("a kink");
            assert_eq!(error, SimulationError::NotSmooth { activation });
            // tangents need no second derivative
            assert!(kind.sampler().sample(&network, &frame, &address).is_ok());
        }
    }
}

#[test]
fn derivatives_of_other_columns_are_refused() {
    let unit = |m: usize| SymmetricMatrix::from_fn(m, |i, j| f64::from(u8::from(i == j)));
    let (state, tangent) = (Column::State, Column::Tangent { of: 0 });
    let difference = Column::Difference { of: 0 };
    let second = |a, b| Column::Second { of: 0, along: [a, b] };
    assert!(Inputs::new(vec![state, tangent, tangent, second(2, 1), second(1, 1), difference], unit(6)).is_ok());
    for columns in [
        // no state there, or none yet
        vec![tangent, state],
        vec![state, Column::Tangent { of: 1 }],
        vec![state, Column::Tangent { of: 7 }],
        vec![state, difference, Column::Tangent { of: 1 }],
        vec![state, tangent, Column::Tangent { of: 1 }],
        vec![state, tangent, Column::Difference { of: 1 }],
        vec![state, tangent, Column::Second { of: 1, along: [1, 1] }],
        // no tangents of that state there, or none yet
        vec![state, second(0, 0)],
        vec![state, second(1, 1)],
        vec![state, second(2, 2), tangent],
        vec![state, tangent, second(1, 2)],
        vec![state, tangent, second(9, 1)],
        vec![state, tangent, second(1, 1), second(1, 2)],
        vec![state, difference, second(1, 1)],
        vec![state, state, tangent, Column::Second { of: 1, along: [2, 2] }],
    ] {
        let order = columns.len();
        assert!(Inputs::new(columns.clone(), unit(order)).is_err(), "{columns:?}");
    }
    assert_eq!(index_pairs(2), [(0, 0), (0, 1), (1, 1)]);
}
