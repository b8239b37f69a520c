//! Our side of the comparison with other programs: the works of `benches/peers/`, one JSON line each, with one thread and with all.
//!
//! `make bench-peers` runs both sides in one session, checks that they computed the same, and prints the table.

use neurodyn::model::{Activation, Ensemble, Inputs, Manifold, ManifoldKind, Network, SymmetricMatrix, Width};
use neurodyn::numerics::elementary::cos;
use neurodyn::numerics::processor::multiply_adds;
use neurodyn::numerics::product::{Vectors, products};
use neurodyn::numerics::quadrature::PairCovariance;
use neurodyn::numerics::simd;
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{SamplerKind, SimulationError, Trajectory, parallel_map, spread, threads, with_threads};
use neurodyn::theory::TheoryError;
use neurodyn::theory::activity::{activity_fixed_point, chi_1, chi_2, depth_scale};
use neurodyn::theory::distance::{Phase, distance_fixed_point};
use neurodyn::theory::gram::{gram_after, kernels};
use neurodyn::theory::overlap::overlap;
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let level = simd::initialise().expect("a SIMD level of this machine");
    eprintln!("neurodyn {}, {}, {}", env!("CARGO_PKG_VERSION"), env!("NEURODYN_RUSTC"), level.name());
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for &(name, rounds, work) in WORKS {
        if wanted.is_empty() || wanted.iter().any(|other| other == name) {
            let mut counts = vec![1, threads()];
            counts.dedup();
            for count in counts {
                with_threads(Some(count), || measure(name, rounds, work)).expect("threads");
            }
        }
    }
}

/// Does the work once: how many units it was, and numbers for the other side to check.
type Work = fn(round: u64) -> (u64, Vec<f64>);

const WORKS: &[(&str, usize, Work)] = &[
    ("network_law", 9, |round| networks(SamplerKind::Macroscopic, round, 200)),
    ("network_explicit", 5, |round| networks(SamplerKind::Explicit, round, 2)),
    ("circle", 3, circle),
    ("circle_product", 5, |_| circle_product()),
    ("peak", 5, |_| peak()),
    ("q_star", 9, |_| q_star()),
    ("phase_plane", 3, |_| phase_plane()),
    ("covariance", 5, |_| covariance()),
    ("tangent_kernel", 5, |_| tangent_kernel()),
    ("formula_covariance", 3, |_| formula_covariance()),
    ("correlation_map", 9, |_| correlation_map()),
];

fn measure(name: &str, rounds: usize, work: Work) {
    // averaged over the rounds: what is random then varies less
    let mut check: Vec<f64> = Vec::new();
    let mut times: Vec<f64> = (0..=rounds as u64)
        .map(|round| {
            let start = Instant::now();
            let (units, numbers) = work(round);
            let share = (round + 1) as f64;
            check.resize(numbers.len(), 0.0);
            check.iter_mut().zip(&numbers).for_each(|(mean, number)| *mean += (number - *mean) / share);
            start.elapsed().as_secs_f64() / units as f64
        })
        .skip(1) // the first is to warm up
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(share * (times.len() - 1) as f64).round() as usize];
    println!(
        "{{\"work\": \"{name}\", \"peer\": \"neurodyn\", \"threads\": {}, \"seconds\": [{:e}, {:e}, {:e}], \"check\": {check:?}}}",
        threads(),
        at(0.25),
        at(0.5),
        at(0.75)
    );
}

fn tanh() -> Ensemble {
    Ensemble::new(Activation::Tanh, 1.5, 0.3).expect("an ensemble")
}

fn address(replica: u64) -> Address {
    Address { seed: 1, role: Role::NETWORK, point: 0, replica }
}

/// Two inputs through width 1000, depth 30; checks are the mean activity and overlap of the last layer.
fn networks(kind: SamplerKind, round: u64, count: u64) -> (u64, Vec<f64>) {
    let network = Network::uniform(tanh(), Width::new(1000).expect("a width"), 30).expect("a network");
    let inputs = Inputs::points(SymmetricMatrix::from_fn(2, |i, j| if i == j { 1.0 } else { 0.75 })).expect("inputs");
    let replicas: Vec<u64> = (0..count).map(|k| round * count + k).collect();
    let found: Result<Vec<Trajectory>, SimulationError> =
        parallel_map(&replicas, |&replica| kind.sampler().sample(&network, &inputs, &address(replica)));
    let found = found.expect("finite networks");
    let mean = |i, j| found.iter().map(|t| t[30].get(i, j)).sum::<f64>() / found.len() as f64;
    (count, vec![mean(0, 0), mean(1, 0)])
}

const POINTS: usize = 500;
const LAYERS: usize = 40;
/// Neurons computed at once by the sampler.
const ROWS: usize = 96;

/// 500 points of a great circle with first and second derivatives, explicit weights, width 1000, depth 40; Gram matrices
/// of every layer. Checks are the mean activity of the last layer, and of the first the mean squares of tangents and second
/// derivatives, which in the last vary too much from network to network.
fn circle(round: u64) -> (u64, Vec<f64>) {
    let circle = Manifold::new(ManifoldKind::GreatCircle { activity: 1.0 }).expect("a manifold");
    let jets: Vec<_> = (0..POINTS).map(|k| circle.jet(&[std::f64::consts::TAU * k as f64 / POINTS as f64])).collect();
    let inputs = Inputs::jets(&jets, 2).expect("inputs");
    let network = Network::uniform(tanh(), Width::new(1000).expect("a width"), LAYERS).expect("a network");
    let found = SamplerKind::Explicit.sampler().sample(&network, &inputs, &address(round)).expect("a finite network");
    let mean = |layer: usize, kind: usize| {
        (0..POINTS).map(|k| found[layer].get(3 * k + kind, 3 * k + kind)).sum::<f64>() / POINTS as f64
    };
    (1, vec![mean(LAYERS, 0), mean(1, 1), mean(1, 2)])
}

/// The products of that network alone: 1000 rows of 1000 weights with 1500 columns, forty times. The check is flops.
fn circle_product() -> (u64, Vec<f64>) {
    let numbers = |count: usize| (0..count).map(|i| 0.5 - 0.001 * (i % 997) as f64).collect::<Vec<_>>();
    let (rows, columns) = (numbers(1_000_000), numbers(1_500_000));
    let all = Vectors { values: &rows, stride: 1000, count: 1000, length: 1000 };
    let others = Vectors { values: &columns, stride: 1000, count: 1500, length: 1000 };
    let firsts = (0..1000).step_by(ROWS);
    let groups: Vec<usize> = firsts.clone().cycle().take(firsts.len() * LAYERS).collect();
    let done: Result<Vec<f64>, SimulationError> = parallel_map(&groups, |&first| {
        let rows = all.range(first, first + ROWS);
        let mut out = vec![0.0; rows.count * 1500];
        products(others, rows, &mut out);
        Ok(out[0])
    });
    black_box(done.expect("done"));
    (1, vec![2.0 * 1000.0 * 1000.0 * 1500.0 * LAYERS as f64])
}

/// Fused multiply-adds on registers alone: the peak of the processor. The check is flops.
fn peak() -> (u64, Vec<f64>) {
    let everyone: Vec<usize> = (0..threads()).collect();
    let done: Result<Vec<f64>, SimulationError> = parallel_map(&everyone, |_| Ok(multiply_adds(20_000_000)));
    (1, vec![done.expect("done").iter().sum()])
}

/// The plane `sigma_w` 1 to 5, `sigma_b` 0 to 4, 41 by 41.
fn plane() -> Vec<Ensemble> {
    let ensemble = |i: usize| Ensemble::new(Activation::Tanh, 1.0 + 0.1 * (i % 41) as f64, 0.1 * (i / 41) as f64);
    (0..41 * 41).map(|i| ensemble(i).expect("an ensemble")).collect()
}

fn q_star() -> (u64, Vec<f64>) {
    let found: Result<Vec<f64>, TheoryError> = parallel_map(&plane(), |e| Ok(activity_fixed_point(e)?.q));
    (1, found.expect("bounded").into_iter().step_by(100).collect())
}

/// `q*`, `c*`, `chi_1`, `chi_2` and both depth scales.
fn phase_plane() -> (u64, Vec<f64>) {
    let found: Result<Vec<_>, TheoryError> = parallel_map(&plane(), |e| {
        let point = activity_fixed_point(e)?;
        let distance = distance_fixed_point(e, &point)?;
        let slope = chi_1(e, point.q);
        black_box((chi_2(e, point.q)?, depth_scale(point.slope), distance.depth_scale(Phase::of(slope))));
        Ok((distance.correlation, slope))
    });
    let found = found.expect("every quantity exists");
    (1, found.iter().step_by(100).map(|(_, slope)| *slope).collect())
}

/// 500 inputs through 50 layers of erf. The check is a sample of the last covariance of preactivations.
fn covariance() -> (u64, Vec<f64>) {
    let ensemble = Ensemble::new(Activation::ErfSqrt2, 1.5, 0.3).expect("an ensemble");
    let gram = SymmetricMatrix::from_fn(500, |i, j| cos(0.01 * (i - j) as f64));
    let last = gram_after(&ensemble, &gram, 50).expect("finite");
    (1, (0..500).step_by(50).map(|i| last.get(i, 0)).collect())
}

/// Overlaps and tangent kernel of 500 inputs through 50 layers of weights with relu between them. The check is a sample of the tangent kernel.
fn tangent_kernel() -> (u64, Vec<f64>) {
    let ensemble = Ensemble::new(Activation::Relu, std::f64::consts::SQRT_2, 0.0).expect("an ensemble");
    let gram = (0..500).map(|i| (0..=i).map(|j| cos(0.01 * (i - j) as f64)).collect()).collect();
    let all = |count: usize, task: &(dyn Fn(usize) -> Vec<f64> + Sync)| spread(count, task, &|| true);
    let found = kernels(&ensemble, gram, 50, true, &all, &mut |_, _| ()).expect("finite").expect("not stopped");
    // on the diagonal neural-tangents is 1.6e-7 off (covariance.py)
    (1, (50..500).step_by(50).map(|i| found.tangent[i][0]).collect())
}

/// 40 inputs through 10 layers of `u sigmoid(u)`, given as a formula.
fn formula_covariance() -> (u64, Vec<f64>) {
    let activation = "u * sigmoid(u)".parse().expect("a formula");
    let ensemble = Ensemble::new(activation, 1.5, 0.3).expect("an ensemble");
    let gram = SymmetricMatrix::from_fn(40, |i, j| cos(0.1 * (i - j) as f64));
    let last = gram_after(&ensemble, &gram, 10).expect("finite");
    (1, (0..40).step_by(4).map(|i| last.get(i, 0)).collect())
}

/// The correlation map of tanh at its fixed point, 51 correlations from 0 to 1.
fn correlation_map() -> (u64, Vec<f64>) {
    let ensemble = tanh();
    let q = activity_fixed_point(&ensemble).expect("bounded").q;
    let map = |k: &u32| {
        let law = PairCovariance { q, difference: 0.0, gap: 2.0 * q * (1.0 - f64::from(*k) / 50.0) };
        Ok::<_, TheoryError>(ensemble.preactivation_variance(overlap(Activation::Tanh, &law)) / q)
    };
    (1, parallel_map(&(0..=50).collect::<Vec<_>>(), map).expect("finite"))
}
