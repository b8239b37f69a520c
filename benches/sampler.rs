//! Time to sample one network. One thread for narrow layers, all (`RAYON_NUM_THREADS`) for wide and explicit ones.

use divan::Bencher;
use neurodyn::model::{Activation, Ensemble, Inputs, Manifold, ManifoldKind, Network, SymmetricMatrix, Width};
use neurodyn::numerics::elementary::exp;
use neurodyn::random::{Address, Role};
use neurodyn::simulation::SamplerKind;

fn main() {
    divan::main();
}

fn network(activation: Activation, width: u64, depth: usize) -> Network {
    let ensemble = Ensemble::new(activation, 1.5, 0.3).expect("an ensemble");
    Network::uniform(ensemble, Width::new(width).expect("a width"), depth).expect("a network")
}

fn pair() -> Inputs {
    Inputs::pair(1.0, 0.0, 0.5).expect("two inputs")
}

fn run(bencher: Bencher, kind: SamplerKind, network: &Network, inputs: &Inputs) {
    let mut replica = 0;
    bencher.bench_local(|| {
        replica += 1;
        let address = Address { seed: 1, role: Role::NETWORK, point: 0, replica };
        kind.sampler().sample(network, inputs, &address).expect("a finite network")
    });
}

/// Width 1000, depth 30, a point and a difference.
#[divan::bench(args = Activation::ALL)]
fn macroscopic_pair(bencher: Bencher, activation: &Activation) {
    run(bencher, SamplerKind::Macroscopic, &network(*activation, 1000, 30), &pair());
}

/// Width 1000, depth 30, two points, tanh.
#[divan::bench]
fn macroscopic_two_points(bencher: Bencher) {
    let inputs =
        Inputs::points(SymmetricMatrix::from_fn(2, |i, j| if i == j { 1.0 } else { 0.75 })).expect("two inputs");
    run(bencher, SamplerKind::Macroscopic, &network(Activation::Tanh, 1000, 30), &inputs);
}

/// A jet of a sphere patch: point, tangents, second derivatives; 3 columns for a curve, 6 for a surface.
fn patch(dimension: usize) -> Inputs {
    let sphere = Manifold::new(ManifoldKind::SpherePatch { dimension, activity: 0.6 }).expect("a manifold");
    Inputs::jets(&[sphere.jet(&vec![0.0; dimension])], 2).expect("inputs")
}

/// Width 1000, depth 30, jet of a curve.
#[divan::bench(args = [Activation::Tanh, Activation::ErfSqrt2])]
fn macroscopic_curve(bencher: Bencher, activation: Activation) {
    run(bencher, SamplerKind::Macroscopic, &network(activation, 1000, 30), &patch(1));
}

/// Width 1000, depth 30, jet of a surface.
#[divan::bench(args = [Activation::Tanh, Activation::ErfSqrt2])]
fn macroscopic_surface(bencher: Bencher, activation: Activation) {
    run(bencher, SamplerKind::Macroscopic, &network(activation, 1000, 30), &patch(2));
}

/// One layer, jet of a surface, tanh; memory should not grow with the width.
#[divan::bench(args = [100_000, 1_000_000, 10_000_000], sample_count = 3)]
fn macroscopic_surface_layer(bencher: Bencher, width: u64) {
    run(bencher, SamplerKind::Macroscopic, &network(Activation::Tanh, width, 1), &patch(2));
}

/// Depth 30, jet of a surface, tanh.
#[divan::bench(args = [10_000, 100_000, 1_000_000], sample_count = 5)]
fn macroscopic_surface_width(bencher: Bencher, width: u64) {
    run(bencher, SamplerKind::Macroscopic, &network(Activation::Tanh, width, 30), &patch(2));
}

/// Width 1000, depth 10, jet of a curve, tanh.
#[divan::bench(sample_count = 5)]
fn explicit_jet(bencher: Bencher) {
    run(bencher, SamplerKind::Explicit, &network(Activation::Tanh, 1000, 10), &patch(1));
}

/// Depth 3, a point and a difference, tanh.
#[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000, 10_000_000], sample_count = 20)]
fn macroscopic_width(bencher: Bencher, width: u64) {
    run(bencher, SamplerKind::Macroscopic, &network(Activation::Tanh, width, 3), &pair());
}

/// Width 10^4, one layer, tanh.
#[divan::bench(args = [3, 10, 30, 100, 200, 400], sample_count = 10)]
fn macroscopic_points(bencher: Bencher, m: usize) {
    let inputs = Inputs::points(SymmetricMatrix::from_fn(m, |i, j| exp(-0.3 * (i - j) as f64))).expect("inputs");
    run(bencher, SamplerKind::Macroscopic, &network(Activation::Tanh, 10_000, 1), &inputs);
}

/// Width 1000, depth 30, a point and a difference, tanh.
#[divan::bench(sample_count = 5)]
fn explicit_pair(bencher: Bencher) {
    run(bencher, SamplerKind::Explicit, &network(Activation::Tanh, 1000, 30), &pair());
}
