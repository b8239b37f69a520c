//! The cost of one layer of one network by the exact law: the constants of `simulation::cost`, fitted to times, and how well the
//! constants that are in force there tell these times.

use neurodyn::model::{Activation, Ensemble, Inputs, Network, SymmetricMatrix, Width};
use neurodyn::numerics::simd;
use neurodyn::random::{Address, Role};
use neurodyn::simulation::cost::{CONSTANTS, nanoseconds};
use neurodyn::simulation::{Macroscopic, Sampler, with_threads};
use std::time::Instant;

const DEPTH: usize = 8;
const WIDTHS: [u64; 5] = [10, 100, 1000, 10_000, 100_000];

fn network(activation: Activation, width: u64) -> Network {
    // in the bounded phase of all of them
    let ensemble = Ensemble::new(activation, 0.9, 0.3).expect("an ensemble");
    Network::uniform(ensemble, Width::new(width).expect("a width"), DEPTH).expect("a network")
}

/// Points, all at one overlap.
fn points(columns: usize) -> Inputs {
    Inputs::points(SymmetricMatrix::from_fn(columns, |i, j| if i == j { 0.6 } else { 0.1 })).expect("inputs")
}

/// Nanoseconds of one layer: the median of several runs of at least 20 ms.
fn layer(network: &Network, inputs: &Inputs) -> f64 {
    let sample = |replica| {
        let address = Address { seed: 1, role: Role::NETWORK, point: 0, replica };
        Macroscopic.sample(network, inputs, &address).expect("finite");
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

/// A measured layer, and what the model says.
struct Cell {
    what: String,
    width: u64,
    measured: f64,
    model: f64,
}

fn cell(activation: Activation, width: u64, inputs: &Inputs, what: String) -> Cell {
    let network = network(activation, width);
    let model = nanoseconds(&network, inputs) as f64 / DEPTH as f64;
    Cell { what, width, measured: layer(&network, inputs), model }
}

fn main() {
    simd::initialise().expect("a level");
    with_threads(Some(1), table).expect("a thread");
}

fn table() {
    println!("one layer, one thread, {}", simd::level().name());
    let mut cells = Vec::new();
    let mut rows = Vec::new();
    for m in [1usize, 2, 4, 8, 24] {
        for width in WIDTHS {
            let cell = cell(Activation::Linear, width, &points(m), format!("linear, {m} points"));
            let (m, t) = (m as f64, cell.measured);
            let (drawn, computed) = (width.next_multiple_of(64) as f64, width.next_multiple_of(256) as f64);
            rows.push([m / t, m * drawn / t, m * m * computed / t]);
            cells.push(cell);
        }
    }
    let fitted = fit(&rows).map(|x| (1000.0 * x).round());
    println!("d, b, c: fitted {fitted:?} ps, in force {CONSTANTS:?} ps");
    let (one, pair) = (points(1), Inputs::pair(0.6, 0.0, 0.3).expect("inputs"));
    // beyond the linear activation, which stands for all the rest
    let beyond = |activation, inputs: &Inputs| {
        let time = |activation| layer(&network(activation, 10_240), inputs) / 10_240.0;
        1000.0 * (time(activation) - time(Activation::Linear))
    };
    println!("\npicoseconds of a point and of a difference: fitted, in force");
    for &activation in Activation::ALL {
        let value = beyond(activation, &one);
        let difference = beyond(activation, &pair) - value;
        println!("{:<12} {value:>8.0} {difference:>8.0}   {:?}", activation.name(), activation.cost());
        for width in WIDTHS {
            cells.push(cell(activation, width, &pair, format!("{activation}, pair")));
        }
        cells.push(cell(activation, 1000, &points(4), format!("{activation}, 4 points")));
    }
    println!("\n{:<22} {:>8} {:>12} {:>12} {:>8}", "nanoseconds a layer", "width", "measured", "model", "ratio");
    for Cell { what, width, measured, model } in &cells {
        println!("{what:<22} {width:>8} {measured:>12.0} {model:>12.0} {:>8.2}", model / measured);
    }
    let ratios = || cells.iter().map(|cell| cell.model / cell.measured);
    let (least, most) = (ratios().fold(f64::INFINITY, f64::min), ratios().fold(0.0, f64::max));
    println!("model / measured from {least:.2} to {most:.2}");
}
