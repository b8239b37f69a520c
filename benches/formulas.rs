//! Formulas beside shipped activations: nanoseconds a neuron for values, and for values and differences together, and the ratio of the two.
//! Each shipped activation is also run as its formula, which has the same operations.

use neurodyn::model::formula::{NAMED, WITH_A_FILE};
use neurodyn::model::{Activation, Formula};
use neurodyn::numerics::simd;
use std::time::Instant;

const TILE: usize = 1024;

/// The best of 30 runs of 200 tiles, in nanoseconds a neuron.
fn time(mut work: impl FnMut()) -> f64 {
    const TILES: usize = 200;
    let run = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..TILES).for_each(|_| work());
        start.elapsed().as_secs_f64() * 1e9 / (TILES * TILE) as f64
    };
    (0..30).map(|_| run(&mut work)).fold(f64::INFINITY, f64::min)
}

/// Of values, and of values with differences.
fn times(activation: Activation) -> [f64; 2] {
    let operation = activation.operation();
    let given: Vec<f64> = (0..TILE).map(|n| ((n as f64 * 0.618_033_988_75).fract() - 0.5) * 6.0).collect();
    let steps: Vec<f64> = given.iter().map(|u| 1e-3 * u + 1e-4).collect();
    let (mut points, mut differences) = (given.clone(), steps.clone());
    let values = time(|| {
        points.copy_from_slice(&given);
        operation.values(&mut points);
    });
    let both = time(|| {
        points.copy_from_slice(&given);
        differences.copy_from_slice(&steps);
        operation.values_and_differences(&mut points, &mut differences);
    });
    [values, both]
}

fn main() {
    println!("At {}, ns a neuron: values, then values with close differences", simd::level().name());
    println!(
        "{:>14}  {:>6} {:>6} {:>5}   {:>6} {:>6} {:>5}",
        "activation", "own", "formula", "ratio", "own", "formula", "ratio"
    );
    for &activation in Activation::ALL {
        let formula = Formula::unrecognised(&format!("{activation}(u)")).expect("a formula");
        let ([a, b], [c, d]) = (times(activation), times(formula));
        println!("{:>14}  {a:6.2} {c:7.2} {:5.2}   {b:6.2} {d:7.2} {:5.2}", activation.name(), c / a, d / b);
    }
    for named in &NAMED[WITH_A_FILE..] {
        let [a, b] = times(named.name.parse().expect("an activation"));
        println!("{:>14}  {:6} {a:7.2} {:5}   {:6} {b:7.2}", named.name, "", "", "");
    }
}
