//! Cost of the elementary functions and of random normals, per element and SIMD level.

use divan::Bencher;
use divan::counter::ItemsCount;
use neurodyn::numerics::simd::Level;
use neurodyn::numerics::vector::AT_LEVEL;
use neurodyn::random::{Address, Role, fill_normals_at};

const LENGTH: usize = 4096;

fn main() {
    divan::main();
}

fn cases() -> impl Iterator<Item = String> {
    AT_LEVEL
        .iter()
        .flat_map(|(name, _)| Level::available().skip(1).map(move |level| format!("{name}/{}", level.name())))
}

/// Throughput over a slice of 4096 numbers from 0.01 to 3.
#[divan::bench(args = cases())]
fn functions(bencher: Bencher, case: &str) {
    let (name, level) = case.split_once('/').expect("function and level");
    let level = Level::from_name(level).expect("a level");
    let (_, function) = AT_LEVEL.iter().find(|(known, _)| *known == name).expect("a function");
    let arguments: Vec<f64> = (0..LENGTH).map(|i| 0.01 + 2.99 * i as f64 / LENGTH as f64).collect();
    bencher
        .counter(ItemsCount::new(LENGTH))
        .with_inputs(|| arguments.clone())
        .bench_local_refs(|values| function(level, values));
}

/// ChaCha8 words and Box-Muller.
#[divan::bench(args = Level::available().skip(1).map(Level::name))]
fn normals(bencher: Bencher, level: &str) {
    let level = Level::from_name(level).expect("a level");
    let mut stream = Address { seed: 1, role: Role::NETWORK, point: 0, replica: 0 }.stream(0, 0);
    let mut values = vec![0.0; LENGTH];
    bencher.counter(ItemsCount::new(LENGTH)).bench_local(|| fill_normals_at(level, &mut stream, &mut values));
}

/// ChaCha8 words alone.
#[divan::bench]
fn words(bencher: Bencher) {
    let mut stream = Address { seed: 1, role: Role::NETWORK, point: 0, replica: 0 }.stream(0, 0);
    let mut values = vec![0; LENGTH];
    bencher.counter(ItemsCount::new(LENGTH)).bench_local(|| stream.fill(&mut values));
}
