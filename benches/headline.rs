//! Online learning of two units by two units in 1000 dimensions: 10^4 replicas of 10^5 steps, all threads. Half a minute.

use neurodyn::model::{Perceptron, Sigmoid};
use neurodyn::numerics::simd;
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{LANES, OnlineTask, SimulationError, parallel_map, threads};
use std::time::Instant;

fn main() {
    simd::initialise().expect("a SIMD level of this machine");
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
