//! Singular learning: closed forms, averaged flows, online learning. One thread.

use divan::Bencher;
use divan::counter::ItemsCount;
use neurodyn::model::{Perceptron, Sigmoid};
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{LANES, OnlineTask};
use neurodyn::theory::perceptron::{Learning, Population, flow, online_moments};

fn main() {
    divan::main();
}

fn networks(inputs: usize) -> (Perceptron, Perceptron) {
    let network = |rows: [[f64; 2]; 2], outputs: [f64; 2]| {
        let wide = |row: &[f64; 2]| row.iter().copied().chain(vec![0.0; inputs - 2]).collect();
        Perceptron::new(rows.iter().map(wide).collect(), outputs.to_vec()).expect("a network")
    };
    (network([[1.0, 0.0], [-0.3, 0.8]], [1.0, 0.5]), network([[0.9, -0.2], [0.3, 0.9]], [0.7, 0.2]))
}

fn population(inputs: usize) -> (Population, Perceptron) {
    let (teacher, student) = networks(inputs);
    (Population::new(Sigmoid::ErfSqrt2, teacher), student)
}

#[divan::bench(args = [2, 100])]
fn loss(bencher: Bencher, inputs: usize) {
    let (population, student) = population(inputs);
    bencher.bench_local(|| population.loss(&student));
}

#[divan::bench(args = [2, 100])]
fn gradient(bencher: Bencher, inputs: usize) {
    let (population, student) = population(inputs);
    bencher.bench_local(|| population.gradient(&student));
}

#[divan::bench(args = [2, 100])]
fn fisher(bencher: Bencher, inputs: usize) {
    let (population, student) = population(inputs);
    bencher.bench_local(|| population.fisher(&student));
}

/// To time 10 at a local error of 1e-13.
#[divan::bench(args = [Learning::Gradient, Learning::Natural])]
fn averaged_flow(bencher: Bencher, learning: Learning) {
    let (population, student) = population(2);
    bencher.bench_local(|| flow(&population, &student, learning, &[10.0]));
}

/// Mean and covariance of linear noise to time 1.
#[divan::bench(sample_count = 5)]
fn linear_noise(bencher: Bencher) {
    let (population, student) = population(2);
    bencher.bench_local(|| online_moments(&population, &student, 0.1, &[1.0]));
}

const STEPS: u64 = 2000;

fn task(inputs: u64) -> OnlineTask {
    let (teacher, start) = networks(2);
    OnlineTask::new(Sigmoid::ErfSqrt2, teacher, start, inputs, 0.1 / inputs as f64, 0.1).expect("a task")
}

fn address(replica: u64) -> Address {
    Address { seed: 1, role: Role::NETWORK, point: 0, replica }
}

/// Steps of online learning in law; the number of inputs should not matter.
#[divan::bench(args = [4, 1000, 1_000_000_000])]
fn online_exact_law(bencher: Bencher, inputs: u64) {
    let task = task(inputs);
    let addresses: Vec<Address> = (0..LANES as u64).map(address).collect();
    bencher.counter(ItemsCount::new(STEPS * LANES as u64)).bench_local(|| task.sample_replicas(&[STEPS], &addresses));
}

/// Steps of online learning with explicit inputs.
#[divan::bench(args = [4, 1000], sample_count = 10)]
fn online_explicit(bencher: Bencher, inputs: u64) {
    let task = task(inputs);
    bencher.counter(ItemsCount::new(STEPS)).bench_local(|| task.sample_explicit(&[STEPS], &address(0)));
}
