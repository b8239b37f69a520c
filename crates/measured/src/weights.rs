//! The weights and biases of one layer: scales, laws, and whether they are independent.

use super::evidence::{Test, What, any_of, massart_log, normal_log};
use super::law::{Histogram, Law};
use super::matrix::{Matrix, Pairs, Sums, is_orthogonal, singular_values};
use super::record::{Estimated, Spectrum};
use neurodyn_numerics::elementary::{erfc, ln, ln_1p};

/// A layer as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Its name.
    pub name: String,
    /// Weights.
    pub weights: Matrix,
    /// Biases; none where the file has none.
    pub biases: Option<Vec<f64>>,
}

/// Scales and law that weights are held against; each is known, or fitted to the layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scales {
    /// `sigma_w`.
    pub sigma_w: Option<f64>,
    /// `sigma_b`.
    pub sigma_b: Option<f64>,
    /// Law of single weights.
    pub law: Option<Law>,
}

/// What is found of the weights of a layer.
#[derive(Debug, Clone)]
pub(crate) struct Examined {
    pub(crate) sigma_w: Estimated,
    pub(crate) sigma_b: Option<Estimated>,
    pub(crate) law: Law,
    pub(crate) possible: Vec<Law>,
    pub(crate) schemes: Vec<&'static str>,
    pub(crate) spectrum: Spectrum,
    /// Scales held against.
    pub(crate) against: (f64, f64, Law),
    pub(crate) tests: Vec<Test>,
}

/// Chance of an outlier among the singular values of one matrix, in the logarithm: one in a million.
const OUTLIER: f64 = -13.8;

pub(crate) fn examine(layer: &Given, before: Option<&Given>, scales: Scales) -> Examined {
    let matrix = &layer.weights;
    let sums = Sums::of(matrix);
    let root = (matrix.columns as f64).sqrt();
    let scale = sums.scale();
    let sigma_w = Estimated { value: scale * root, stderr: scale * root * sums.relative_error() };
    let histogram = (scale > 0.0).then(|| Histogram::new(&matrix.values, scale));
    let mut possible = histogram.as_ref().map_or(Vec::new(), Histogram::possible);
    let law = if scale == 0.0 {
        Law::Zero
    } else if is_orthogonal(matrix) {
        Law::Orthogonal
    } else {
        possible.first().copied().unwrap_or(Law::Other)
    };
    possible.retain(|other| *other != law);
    let schemes = schemes(law, sigma_w, matrix.columns, matrix.rows);
    // what cannot be the law of independent weights is held against normal ones
    let tested = scales.law.unwrap_or(if Law::INDEPENDENT.contains(&law) { law } else { Law::Normal });
    let held = scales.sigma_w.unwrap_or(sigma_w.value);
    let (bias_scale, sigma_b) = biases(layer);
    let held_bias = scales.sigma_b.unwrap_or(bias_scale);
    let values = singular_values(matrix);
    let edge = held * (1.0 + (matrix.rows as f64 / matrix.columns as f64).sqrt());
    let largest = values.first().copied().unwrap_or(0.0);
    // P(s > edge + t) < exp(-n_in t^2 / (2 sigma_w^2)) (Davidson and Szarek, Handbook of the Geometry of Banach Spaces 1 (2001) 317)
    let beyond = edge + held * (-2.0 * OUTLIER).sqrt() / root;
    let outliers = values.iter().filter(|value| **value > beyond).count();
    let spectrum = Spectrum { largest, edge, outliers };
    let mut tests = Vec::new();
    if held > 0.0 {
        tests.extend(entries(&sums, histogram.as_ref(), held / root, tested, scales.sigma_w.is_some()));
        let excess = (largest - edge).max(0.0) * root / held;
        tests.push(Test::of_log(What::LargestSingularValue, -0.5 * excess * excess, 1.0));
    } else if scale > 0.0 {
        tests.push(Test::normal(What::WeightScale, f64::INFINITY));
    }
    let pairs = [
        (What::NeighboursInRows, Pairs::in_rows(matrix).z()),
        (What::NeighboursInColumns, Pairs::in_columns(matrix).z()),
        (What::Transposed, across(matrix)),
        (What::LayerBefore, before.and_then(|before| of_layer_before(matrix, &before.weights))),
    ];
    tests.extend(pairs.into_iter().filter_map(|(what, z)| Some(Test::normal(what, z?))));
    tests.extend(of_biases(layer, scales.sigma_b, bias_scale));
    Examined { sigma_w, sigma_b, law, possible, schemes, spectrum, against: (held, held_bias, tested), tests }
}

fn across(matrix: &Matrix) -> Option<f64> {
    (matrix.rows == matrix.columns).then(|| Pairs::across(matrix, &matrix.transposed()).z()).flatten()
}

fn of_layer_before(matrix: &Matrix, before: &Matrix) -> Option<f64> {
    let same = (matrix.rows, matrix.columns) == (before.rows, before.columns);
    same.then(|| Pairs::of(before, matrix).z()).flatten()
}

/// Tests of single weights, rows and columns, at this standard deviation of a weight.
fn entries(sums: &Sums, histogram: Option<&Histogram>, sd: f64, law: Law, given: bool) -> Vec<Test> {
    let count = sums.count as f64;
    let variance = sd * sd;
    let of_sum = |what, sum: f64, number: f64| of_squares(what, sum / variance, number, law);
    let mut tests = Vec::new();
    if given {
        tests.push(of_sum(What::WeightScale, sums.second, count));
    }
    tests.push(Test::normal(What::WeightMean, sums.first / (sd * count.sqrt())));
    if let Some(histogram) = histogram {
        tests.push(Test::of_log(What::WeightLaw, histogram.log(law, sd), 1.0));
    }
    let largest = sums.largest / sd;
    match law.bound() {
        None => tests.push(extreme(largest, sums.count)),
        // a fitted bound is not that of the law
        Some(bound) if given => {
            let share = largest / bound;
            // 32-bit numbers are rounded
            let log = if share > 1.0 + 1e-6 { f64::NEG_INFINITY } else { 0.0 };
            tests.push(Test::of_log(What::LargestWeight, log, 1.0));
        }
        Some(_) => {}
    }
    for (what, of, number) in
        [(What::Rows, &sums.rows, sums.columns.len()), (What::Columns, &sums.columns, sums.rows.len())]
    {
        // of one neuron the sum is the scale itself
        if of.len() < 2 {
            continue;
        }
        let (least, most) = of.iter().fold((f64::INFINITY, 0.0f64), |(least, most), &x| (least.min(x), most.max(x)));
        let worst = [least, most].map(|sum| of_sum(what, sum, number as f64));
        let worst = if worst[0].p < worst[1].p { worst[0] } else { worst[1] };
        let log = log_of(&worst);
        tests.push(Test::of_log(what, any_of(log, of.len()), worst.z.signum()));
    }
    tests
}

/// Logarithm of the probability of a test, however small.
fn log_of(test: &Test) -> f64 {
    if test.p > 1e-290 { ln(test.p) } else { normal_log(test.z.abs()) }
}

/// A sum of so many squares of standard deviation 1.
fn of_squares(what: What, sum: f64, number: f64, law: Law) -> Test {
    if law == Law::Normal {
        return Test::chi_squared(what, sum, number);
    }
    Test::normal(what, (sum - number) / ((law.kurtosis() - 1.0) * number).sqrt())
}

/// The largest of so many normal variables: too large or too small.
fn extreme(largest: f64, count: usize) -> Test {
    let tail = erfc(largest * std::f64::consts::FRAC_1_SQRT_2);
    let above = any_of(normal_log(largest), count);
    let below = count as f64 * ln_1p(-tail.min(1.0 - 1e-16));
    let (log, sign) = if above < below { (above, 1.0) } else { (below, -1.0) };
    Test::of_log(What::LargestWeight, (log + std::f64::consts::LN_2).min(0.0), sign)
}

/// Root of the mean square of the biases, and the same with its error where there are biases.
fn biases(layer: &Given) -> (f64, Option<Estimated>) {
    let Some(biases) = &layer.biases else { return (0.0, None) };
    let sums = Sums::of(&Matrix { rows: 1, columns: biases.len(), values: biases.clone() });
    let value = sums.scale();
    (value, Some(Estimated { value, stderr: value * sums.relative_error() }))
}

/// Tests of biases: those of the ensemble are normal; where a framework draws others, their law is not held against them unless the scale is given.
fn of_biases(layer: &Given, given: Option<f64>, fitted: f64) -> Vec<Test> {
    let none;
    let biases = match &layer.biases {
        Some(biases) => biases,
        // without biases they are 0
        None if given.is_some_and(|sigma_b| sigma_b > 0.0) => {
            none = vec![0.0; layer.weights.rows];
            &none
        }
        None => return Vec::new(),
    };
    let sums = Sums::of(&Matrix { rows: 1, columns: biases.len(), values: biases.clone() });
    let count = biases.len() as f64;
    match given {
        Some(0.0) => {
            let z = if sums.second == 0.0 { 0.0 } else { f64::INFINITY };
            vec![Test::normal(What::BiasScale, z)]
        }
        Some(sigma_b) => {
            let histogram = Histogram::new(biases, sigma_b);
            vec![
                Test::chi_squared(What::BiasScale, sums.second / (sigma_b * sigma_b), count),
                Test::normal(What::BiasMean, sums.first / (sigma_b * count.sqrt())),
                Test::of_log(What::BiasLaw, massart_log(histogram.distance(Law::Normal, sigma_b), biases.len()), 1.0),
            ]
        }
        None if fitted > 0.0 => vec![Test::normal(What::BiasMean, sums.first / (fitted * count.sqrt()))],
        None => Vec::new(),
    }
}

/// Names of initialisations of frameworks that have this law and, within five standard errors, this scale.
fn schemes(law: Law, sigma_w: Estimated, n_in: usize, n_out: usize) -> Vec<&'static str> {
    let xavier = 2.0 * n_in as f64 / (n_in + n_out) as f64;
    let squares: &[(&'static str, f64)] = match law {
        Law::Uniform => &[
            ("PyTorch nn.Linear, default", 1.0 / 3.0),
            ("Xavier (Glorot) uniform, Keras default", xavier),
            ("He (Kaiming) uniform", 2.0),
            ("LeCun uniform", 1.0),
        ],
        Law::Normal | Law::TruncatedNormal => {
            &[("Xavier (Glorot) normal", xavier), ("He (Kaiming) normal", 2.0), ("LeCun normal, Flax default", 1.0)]
        }
        Law::Orthogonal => {
            let shorter = n_in.min(n_out) as f64 / n_out as f64;
            return if (sigma_w.value * sigma_w.value - shorter).abs() < 1e-3 {
                vec!["orthogonal, gain 1"]
            } else {
                vec![]
            };
        }
        _ => &[],
    };
    let near = |square: f64| (sigma_w.value - square.sqrt()).abs() <= 5.0 * sigma_w.stderr + 1e-9;
    squares.iter().filter(|(_, square)| near(*square)).map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::chi_squared_log;
    use neurodyn_random::{Address, Normals, Role, uniform};

    fn layer(values: Vec<f64>, rows: usize) -> Given {
        let columns = values.len() / rows;
        Given { name: "1".to_owned(), weights: Matrix { rows, columns, values }, biases: None }
    }

    fn stream(replica: u64) -> neurodyn_random::Stream {
        Address { seed: 5, role: Role::WEIGHTS, point: 1, replica }.stream(0, 0)
    }

    const FITTED: Scales = Scales { sigma_w: None, sigma_b: None, law: None };

    #[test]
    fn normal_weights_are_let_pass_at_their_own_scale_and_no_other() {
        let sd = 1.5 / 10.0;
        for replica in 0..20 {
            let weights: Vec<f64> = Normals::new(stream(replica)).take(10_000).map(|z| sd * z).collect();
            let layer = layer(weights, 100);
            for sigma_w in [None, Some(1.5)] {
                let found = examine(&layer, None, Scales { sigma_w, ..FITTED });
                assert_eq!(found.law, Law::Normal);
                let worst = found.tests.iter().map(|test| test.p).fold(1.0, f64::min);
                assert!(worst > 1e-4, "{replica}: {:?}", found.tests);
            }
            let found = examine(&layer, None, Scales { sigma_w: Some(1.6), ..FITTED });
            assert!(found.tests.iter().any(|test| test.p < 1e-8), "{:?}", found.tests);
        }
    }

    #[test]
    fn the_default_of_a_framework_is_recognised() {
        let mut words = stream(0);
        let weights: Vec<f64> = (0..40_000).map(|_| 0.1 * (2.0 * uniform(words.word()) - 1.0)).collect();
        let found = examine(&layer(weights, 400), None, FITTED);
        assert_eq!((found.law, found.schemes), (Law::Uniform, vec!["PyTorch nn.Linear, default"]));
        let square = found.sigma_w.value * found.sigma_w.value;
        assert!((square - 1.0 / 3.0).abs() < 0.01, "{square}");
        let worst = found.tests.iter().map(|test| test.p).fold(1.0, f64::min);
        assert!(worst > 1e-4, "{:?}", found.tests);
    }

    #[test]
    fn what_was_learned_along_one_direction_is_an_outlier() {
        let mut weights: Vec<f64> = Normals::new(stream(9)).take(10_000).map(|z| 0.1 * z).collect();
        let found = examine(&layer(weights.clone(), 100), None, FITTED);
        assert_eq!(found.spectrum.outliers, 0);
        assert!(
            found.spectrum.largest > 0.9 * found.spectrum.edge && found.spectrum.largest < found.spectrum.edge + 0.3
        );
        weights
            .iter_mut()
            .enumerate()
            .for_each(|(at, weight)| *weight += 0.04 * if at / 100 % 2 == 0 { 1.0 } else { -1.0 });
        let found = examine(&layer(weights, 100), None, FITTED);
        assert_eq!(found.spectrum.outliers, 1);
        assert!(found.tests.iter().any(|test| test.what == What::LargestSingularValue && test.p < 1e-6));
    }

    #[test]
    fn missing_biases_are_zeros() {
        let weights: Vec<f64> = Normals::new(stream(2)).take(10_000).map(|z| 0.1 * z).collect();
        let found = examine(&layer(weights, 100), None, Scales { sigma_b: Some(0.3), ..FITTED });
        assert!(found.tests.iter().any(|test| test.what == What::BiasScale && test.p < 1e-12), "{:?}", found.tests);
        let (log, sign) = chi_squared_log(0.0, 100.0);
        assert!(log < -600.0 && sign < 0.0);
    }
}
