//! One table for the README: width 1000, depth 30, two inputs, tanh, by every method, measured in one run on the same
//! machine. Networks are sampled in parallel as experiments do it, so the time is that of all networks over their number.
//! The last row is an independent program in numpy (python3 with numpy; left out where there is none).

use neurodyn::model::{Activation, Ensemble, Inputs, Network, Perceptron, Sigmoid, SymmetricMatrix, Width};
use neurodyn::numerics::simd;
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{LANES, OnlineTask, SamplerKind, SimulationError, parallel_map, threads, with_threads};
use std::time::Instant;

/// Median and quartiles of the milliseconds for one network, over 9 rounds.
fn measure(kind: SamplerKind, inputs: &Inputs, networks: u64) -> [f64; 3] {
    let ensemble = Ensemble::new(Activation::Tanh, 1.5, 0.3).expect("an ensemble");
    let network = Network::uniform(ensemble, Width::new(1000).expect("a width"), 30).expect("a network");
    let mut times: Vec<f64> = (0..9)
        .map(|round| {
            let replicas: Vec<u64> = (0..networks).map(|k| round * networks + k).collect();
            let start = Instant::now();
            let address = |replica| Address { seed: 1, role: Role::NETWORK, point: 0, replica };
            let found = parallel_map(&replicas, |r| kind.sampler().sample(&network, inputs, &address(*r)));
            std::hint::black_box(found.expect("finite networks"));
            1e3 * start.elapsed().as_secs_f64() / networks as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    [times[4], times[2], times[6]]
}

/// Online learning of two units by two units in 1000 dimensions: 10^4 replicas of 10^5 steps, all threads.
fn online() {
    let network = |rows: [[f64; 2]; 2], outputs: [f64; 2]| {
        Perceptron::new(rows.map(|row| row.to_vec()).to_vec(), outputs.to_vec()).expect("a network")
    };
    let teacher = network([[1.0, 0.0], [-0.3, 0.8]], [1.0, 0.5]);
    let start = network([[0.9, -0.2], [0.3, 0.9]], [0.7, 0.2]);
    let task = OnlineTask::new(Sigmoid::ErfSqrt2, teacher, start, 1000, 1e-4, 0.1).expect("a task");
    let (replicas, steps) = (10_000, 100_000);
    let groups: Vec<Vec<Address>> = (0..replicas)
        .map(|replica| Address { seed: 1, role: Role::NETWORK, point: 0, replica })
        .collect::<Vec<_>>()
        .chunks(LANES)
        .map(<[Address]>::to_vec)
        .collect();
    let clock = Instant::now();
    let found = parallel_map(&groups, |group| Ok::<_, SimulationError>(task.sample_replicas(&[steps], group)));
    std::hint::black_box(found.expect("sampled"));
    let seconds = clock.elapsed().as_secs_f64();
    println!(
        "online learning in law, N = 1000, {replicas} replicas of {steps} steps, {} threads: {seconds:.1} s",
        threads()
    );
}

fn main() {
    let level = simd::initialise().expect("a SIMD level of this machine");
    let two = Inputs::points(SymmetricMatrix::from_fn(2, |i, j| if i == j { 1.0 } else { 0.75 })).expect("inputs");
    let pair = Inputs::pair(1.0, 0.0, 0.5).expect("inputs");
    println!("width 1000, depth 30, two inputs, tanh, {}", level.name());
    for count in [1, threads()] {
        let report = |name: &str, kind, inputs, networks| {
            let [median, low, high] = with_threads(Some(count), || measure(kind, inputs, networks)).expect("threads");
            println!("{name}, {count} threads: {median:.3} ms per network (quartiles {low:.3} to {high:.3})");
        };
        report("macroscopic, two points", SamplerKind::Macroscopic, &two, 100);
        report("macroscopic, point and difference", SamplerKind::Macroscopic, &pair, 100);
        report("explicit, two points", SamplerKind::Explicit, &two, 2);
    }
    if std::env::args().any(|a| a == "online") {
        online();
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/numpy_explicit.py");
    match std::process::Command::new("python3").arg(script).status() {
        Ok(status) if status.success() => {}
        other => eprintln!("numpy was not measured: {other:?}"),
    }
}
