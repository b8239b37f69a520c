//! Cycles of each stage of the exact-law sampler for one column of one neuron (tanh, two points, one thread), at every SIMD level.
//!
//! Words and normals are timed alone; the activation is what a network of tanh takes beyond a linear one; products (preactivations and Gram sums) are what the linear one takes beyond normals.

use neurodyn::model::{Activation, Ensemble, Inputs, Network, SymmetricMatrix, Width};
use neurodyn::numerics::processor::chain_of_four_cycles;
use neurodyn::numerics::simd::{self, Level};
use neurodyn::random::{Address, Role, fill_normals};
use neurodyn::simulation::{Macroscopic, Sampler, with_threads};
use std::hint::black_box;
use std::time::Instant;

const COUNT: usize = 4096;

fn main() {
    with_threads(Some(1), table).expect("a thread");
}

/// Least seconds of several runs, which is what the work takes when nothing else disturbs it.
fn seconds(mut work: impl FnMut()) -> f64 {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    (0..60).map(time).fold(f64::INFINITY, f64::min)
}

/// Seconds of a cycle.
fn cycle() -> f64 {
    const LINKS: u64 = 1_000_000;
    seconds(|| chain_of_four_cycles(LINKS)) / (4.0 * LINKS as f64)
}

fn table() {
    let cycle = cycle();
    println!("{:.2} GHz; nanoseconds and cycles for one column of one neuron", 1e-9 / cycle);
    println!("{:<8} {:>14} {:>14} {:>14} {:>14} {:>14}", "", "words", "normals", "products", "tanh", "together");
    for level in Level::available().filter(|level| *level != Level::Scalar) {
        simd::activate(level).expect("available");
        let mut words = vec![0; COUNT];
        let mut normals = vec![0.0; COUNT];
        let mut stream = Address { seed: 1, role: Role::NETWORK, point: 0, replica: 0 }.stream(0, 0);
        let of_words = seconds(|| stream.fill(black_box(&mut words))) / COUNT as f64;
        let of_normals = seconds(|| fill_normals(&mut stream, black_box(&mut normals))) / COUNT as f64;
        let [linear, tanh] = [Activation::Linear, Activation::Tanh].map(network);
        let stages = [of_words, of_normals - of_words, linear - of_normals, tanh - linear, tanh];
        let cells = stages.map(|time| format!("{:>8.2} {:>5.1}", 1e9 * time, time / cycle));
        println!("{:<8} {}", level.name(), cells.join(" "));
    }
}

/// Seconds of one column of one neuron of a wide network.
fn network(activation: Activation) -> f64 {
    let ensemble = Ensemble::new(activation, 0.9, 0.3).expect("an ensemble");
    let network = Network::uniform(ensemble, Width::new(7 * 1024).expect("a width"), 4).expect("a network");
    let gram = SymmetricMatrix::from_fn(2, |i, j| if i == j { 0.6 } else { 0.3 });
    let inputs = Inputs::points(gram).expect("inputs");
    let address = Address { seed: 1, role: Role::NETWORK, point: 0, replica: 0 };
    let work = || {
        black_box(Macroscopic.sample(&network, &inputs, &address)).expect("finite");
    };
    seconds(work) / (7.0 * 1024.0 * 4.0 * 2.0)
}
