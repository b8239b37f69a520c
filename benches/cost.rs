//! The cost of one layer of one network by the exact law: nanoseconds against width and columns, and the constants of
//! `docs/scaling.md` that are fitted to them.
//!
//! `t = a + d m + n (b m + c m^2)` for width `n` and `m` points, by least squares of relative errors; a difference column costs
//! `b + e` where a point costs `b`.

use neurodyn::model::{Activation, BiasStd, Ensemble, Inputs, Network, SymmetricMatrix, WeightStd, Width};
use neurodyn::numerics::simd;
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{Macroscopic, Sampler, with_threads};
use std::time::Instant;

const DEPTH: usize = 8;

fn network(activation: Activation, width: u64) -> Network {
    let ensemble = Ensemble {
        activation,
        sigma_w: WeightStd::new(1.8).expect("allowed"),
        sigma_b: BiasStd::new(0.3).expect("allowed"),
    };
    Network::uniform(ensemble, Width::new(width).expect("allowed"), DEPTH).expect("allowed")
}

/// Points, all at one overlap.
fn points(columns: usize) -> Inputs {
    Inputs::points(SymmetricMatrix::from_fn(columns, |i, j| if i == j { 0.6 } else { 0.1 })).expect("inputs")
}

/// Nanoseconds of one layer: the median of several runs of at least 20 ms.
fn layer(activation: Activation, width: u64, inputs: &Inputs) -> f64 {
    let network = network(activation, width);
    let sample = |replica| {
        let address = Address { seed: 1, role: Role::NETWORK, point: 0, replica };
        Macroscopic.sample(&network, inputs, &address).expect("finite");
    };
    let time = |replicas: u64| {
        let start = Instant::now();
        (0..replicas).for_each(sample);
        start.elapsed().as_secs_f64()
    };
    let replicas = (0.02 / time(1).max(1e-7)).ceil() as u64;
    let mut times: Vec<f64> = (0..9).map(|_| time(replicas) / replicas as f64).collect();
    times.sort_by(f64::total_cmp);
    times[4] * 1e9 / DEPTH as f64
}

/// Least squares of `sum_j x_j f_j(i) = 1`: the normal equations, by elimination.
fn fit<const N: usize>(rows: &[[f64; N]]) -> [f64; N] {
    let mut matrix: [[f64; N]; N] =
        std::array::from_fn(|i| std::array::from_fn(|j| rows.iter().map(|r| r[i] * r[j]).sum()));
    let mut right: [f64; N] = std::array::from_fn(|i| rows.iter().map(|r| r[i]).sum());
    for i in 0..N {
        let (pivot, value) = (matrix[i], right[i]);
        for j in (0..N).filter(|&j| j != i) {
            let factor = matrix[j][i] / pivot[i];
            matrix[j].iter_mut().zip(pivot).for_each(|(x, y)| *x -= factor * y);
            right[j] -= factor * value;
        }
    }
    std::array::from_fn(|i| right[i] / matrix[i][i])
}

fn main() {
    simd::initialise().expect("a level");
    with_threads(Some(1), table).expect("a thread");
}

fn table() {
    println!("one layer, tanh, one thread, {}: nanoseconds", simd::level().name());
    let mut cells = Vec::new();
    for columns in [1usize, 2, 4, 8, 24] {
        for width in [10u64, 100, 1000, 10_000, 100_000] {
            cells.push((width as f64, columns as f64, layer(Activation::Tanh, width, &points(columns))));
        }
    }
    let rows: Vec<[f64; 4]> = cells.iter().map(|(n, m, t)| [1.0 / t, m / t, n * m / t, n * m * m / t]).collect();
    let [a, d, b, c] = fit(&rows);
    println!("{:>8} {:>8} {:>12} {:>12} {:>8}", "width", "columns", "measured", "model", "ratio");
    for (n, m, t) in cells {
        let model = a + d * m + n * (b * m + c * m * m);
        println!("{n:>8} {m:>8} {t:>12.0} {model:>12.0} {:>8.2}", model / t);
    }
    let pair = Inputs::pair(0.6, 0.0, 0.3).expect("inputs");
    let e = layer(Activation::Tanh, 10_000, &pair) / 10_000.0 - (2.0 * b + 4.0 * c);
    println!("a = {a:.0} ns, d = {d:.0} ns, b = {b:.2} ns, c = {c:.3} ns, e = {e:.2} ns");
    println!("\nwidth 1000, a point and a difference, by activation: nanoseconds a layer");
    for activation in [Activation::Tanh, Activation::Relu, Activation::ErfSqrt2, Activation::Gelu, Activation::Sin] {
        println!("{:<12} {:>8.0}", activation.name(), layer(activation, 1000, &pair));
    }
}
