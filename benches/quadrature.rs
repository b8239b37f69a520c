//! Time of Gaussian integrals and of what is built on them. Run with `cargo bench --bench quadrature`.

use divan::{Bencher, black_box};
use neurodyn::model::{Activation, Ensemble, Inputs, JetGram, Manifold, ManifoldKind, Width};
use neurodyn::numerics::quadrature::PairCovariance;
use neurodyn::theory::activity::activity_fixed_point;
use neurodyn::theory::card::{Request, card};
use neurodyn::theory::distance::distance_fixed_point;
use neurodyn::theory::jet::JetTheory;
use neurodyn::theory::moments::quadrature_second_moment;
use neurodyn::theory::overlap::{quadrature_overlap, quadrature_squared_difference};

fn main() {
    divan::main();
}

const ACTIVATIONS: [Activation; 4] = [Activation::Tanh, Activation::ErfSqrt2, Activation::Relu, Activation::Softplus];

/// `E[phi(u)^2]`, one integral.
#[divan::bench(args = ACTIVATIONS)]
fn second_moment(bencher: Bencher, activation: &Activation) {
    bencher.bench(|| quadrature_second_moment(black_box(*activation), 0, black_box(4.0)));
}

/// `E[phi(u) phi(v)]` at correlation 0.5.
#[divan::bench(args = ACTIVATIONS)]
fn overlap(bencher: Bencher, activation: &Activation) {
    let law = PairCovariance { q: 4.0, difference: 0.0, gap: 4.0 };
    bencher.bench(|| quadrature_overlap(black_box(*activation), black_box(&law)));
}

/// `E[(phi(v) - phi(u))^2]` at correlation 1 - 5e-13.
#[divan::bench(args = ACTIVATIONS)]
fn squared_difference(bencher: Bencher, activation: &Activation) {
    let law = PairCovariance { q: 4.0, difference: 0.0, gap: 4e-12 };
    bencher.bench(|| quadrature_squared_difference(black_box(*activation), black_box(&law)));
}

fn ensemble() -> Ensemble {
    Ensemble::new(Activation::Tanh, 2.5, 0.3).expect("an ensemble")
}

/// `q*` of tanh to 2 ulp.
#[divan::bench]
fn activity_fixed_point_tanh(bencher: Bencher) {
    bencher.bench(|| activity_fixed_point(black_box(&ensemble())));
}

/// `D-bar` of tanh.
#[divan::bench]
fn distance_fixed_point_tanh(bencher: Bencher) {
    let point = activity_fixed_point(&ensemble()).expect("exists");
    bencher.bench(|| distance_fixed_point(black_box(&ensemble()), black_box(&point)));
}

/// The whole theory card of tanh, without layers.
#[divan::bench]
fn theory_card_tanh(bencher: Bencher) {
    bencher.bench(|| card(black_box(&ensemble()), &Request::default()));
}

/// Jet of a curve or surface through one layer at infinite width, and mean and covariance at order 1/n; tanh.
#[divan::bench(args = [1, 2])]
fn jet_layer(bencher: Bencher, dimension: usize) {
    let (theory, input) = jet(dimension);
    bencher.bench(|| theory.map(black_box(&input)));
}

#[divan::bench(args = [1, 2])]
fn jet_corrections_layer(bencher: Bencher, dimension: usize) {
    let (theory, input) = jet(dimension);
    let width = [Width::new(1000).expect("a width")];
    bencher.bench(|| theory.corrections(black_box(&input), &width));
}

fn jet(dimension: usize) -> (JetTheory, JetGram<f64>) {
    let sphere = Manifold::new(ManifoldKind::SpherePatch { dimension, activity: 0.6 }).expect("a manifold");
    let inputs = Inputs::jets(&[sphere.jet(&vec![0.1; dimension])], 2).expect("inputs");
    let input = JetGram::of(inputs.gram(), dimension);
    (JetTheory::new(&ensemble(), &input).expect("smooth"), input)
}
