use super::*;
use crate::activity::{activity_fixed_point, activity_trajectory};
use crate::curvature::{constant_activity_map, curve_trajectory};
use crate::finite_width::activity_corrections;
use crate::metric::{activity_slope_map, metric_growth, metric_map};
use neurodyn_model::{Activation, Inputs, Manifold, ManifoldKind};

fn input(kind: ManifoldKind, t: &[f64], order: usize) -> JetGram<f64> {
    let manifold = Manifold::new(kind).expect("valid");
    let inputs = Inputs::jets(&[manifold.jet(t)], order).expect("inputs");
    JetGram::of(inputs.gram(), manifold.dimension())
}

fn ellipse(order: usize) -> JetGram<f64> {
    input(ManifoldKind::Ellipse { semi_axes: [1.0, 0.6], centre: [0.3, -0.1, 0.4] }, &[0.8], order)
}

fn surface(order: usize) -> JetGram<f64> {
    let kind = ManifoldKind::GaussianProcess {
        dimension: 2,
        activity: 0.7,
        length_scale: 1.0,
        harmonics: 3,
        components: 9,
        seed: 5,
    };
    input(kind, &[0.3, 1.9], order)
}

fn ensemble(activation: Activation, sigma_w: f64) -> Ensemble {
    Ensemble::new(activation, sigma_w, 0.3).expect("valid")
}

fn widths(width: u64, depth: usize) -> Vec<Width> {
    vec![Width::new(width).expect("valid"); depth]
}

/// A sphere has constant activity: the closed form for all index pairs is the exact law.
#[test]
fn constant_activity_has_the_closed_recursion_for_all_index_pairs() {
    for activation in [Activation::Tanh, Activation::ErfSqrt2, Activation::Sin, Activation::GaussCdf, Activation::Gelu]
    {
        let ensemble = ensemble(activation, 1.7);
        for (d, t) in [(1, vec![0.4]), (2, vec![0.5, -0.2]), (3, vec![0.1, 0.4, -0.6])] {
            let mut exact = input(ManifoldKind::SpherePatch { dimension: d, activity: 0.8 }, &t, 2);
            let mut closed = exact.clone();
            let theory = JetTheory::new(&ensemble, &exact).expect("smooth");
            for layer in 1..=3 {
                exact = theory.map(&exact).expect("finite");
                closed = constant_activity_map(&ensemble, &closed).expect("constant activity");
                for i in 0..exact.order() {
                    for j in 0..=i {
                        let size = (exact.get(i, i) * exact.get(j, j)).sqrt();
                        let error = (exact.get(i, j) - closed.get(i, j)).abs();
                        assert!(error <= 1e-12 * size, "{activation} d = {d}, layer {layer}, ({i}, {j}): {error:e}");
                    }
                }
            }
        }
    }
}

#[test]
fn varying_activity_adds_a_term_of_rank_one_to_the_metric() {
    for &activation in Activation::ALL {
        let ensemble = ensemble(activation, 1.4);
        let before = surface(1);
        let after = JetTheory::new(&ensemble, &before).expect("tangents only").map(&before).expect("finite");
        let slopes = [0, 1].map(|a| 2.0 * before.activity_slope(a));
        let activity = before.activity();
        for (a, b) in [(0, 0), (0, 1), (1, 1)] {
            let exact = metric_map(&ensemble, activity, before.metric(a, b), [slopes[a], slopes[b]]);
            let size = (after.metric(a, a) * after.metric(b, b)).sqrt();
            assert!((after.metric(a, b) - exact).abs() <= 1e-12 * size, "{activation} {a}{b}");
        }
        for a in 0..2 {
            let exact = 0.5 * activity_slope_map(&ensemble, activity, slopes[a]);
            let size = (after.activity() * after.metric(a, a)).sqrt();
            assert!((after.activity_slope(a) - exact).abs() <= 1e-12 * size, "{activation} {a}");
        }
    }
}

/// `J` and `Hess : Sigma` against difference quotients of the map itself.
#[test]
fn derivatives_are_those_of_the_map() {
    let cases = [
        (Activation::Tanh, ellipse(2)),
        (Activation::Gelu, ellipse(2)),
        (Activation::Sin, surface(2)),
        (Activation::Relu, surface(1)),
    ];
    for (activation, input) in cases {
        let ensemble = ensemble(activation, 1.5);
        let theory = JetTheory::new(&ensemble, &input).expect("fits");
        let entries = input.entries().len();
        // a direction of change that keeps the matrix positive definite
        let direction: Vec<f64> = (0..entries).map(|k| 0.3 * input.entries()[k] + 0.02 / (1 + k) as f64).collect();
        let moved = |steps: f64, h: f64| {
            let shifted: Vec<f64> = input.entries().iter().zip(&direction).map(|(x, d)| x + steps * h * d).collect();
            theory.map(&theory.gram(&shifted)).expect("finite")
        };
        let mut layer = JetCorrections {
            state: input.clone(),
            bias: direction.clone(),
            covariance: vec![vec![0.0; entries]; entries],
        };
        let first = theory.next(&layer, 1e300).expect("finite").bias;
        layer.bias = vec![0.0; entries];
        layer.covariance = direction.iter().map(|x| direction.iter().map(|y| x * y).collect()).collect();
        let next = theory.next(&layer, 1e300).expect("finite");
        let near = |h: f64, k: usize| [-2.0, -1.0, 0.0, 1.0, 2.0].map(|steps| moved(steps, h).entries()[k]);
        for k in 0..entries {
            let [a, b, _, d, e] = near(2e-3, k);
            let slope = (8.0 * (d - b) - (e - a)) / (12.0 * 2e-3);
            let [a, b, c, d, e] = near(1e-2, k);
            let bend = (16.0 * (b + d) - a - e - 30.0 * c) / (12.0 * 1e-4);
            let scale = 1.0 + slope.abs();
            assert!((first[k] - slope).abs() < 1e-8 * scale, "{activation} entry {k}: {slope} {}", first[k]);
            assert!(
                (2.0 * next.bias[k] - bend).abs() < 1e-6 * scale,
                "{activation} entry {k}: {bend} {}",
                next.bias[k]
            );
            assert!((next.covariance[k][k] - slope * slope).abs() < 1e-7 * scale * scale);
        }
    }
}

#[test]
fn the_activity_has_the_corrections_it_has_alone() {
    let ensemble = ensemble(Activation::Tanh, 2.0);
    let input = ellipse(2);
    let widths = widths(500, 12);
    let layers = JetTheory::new(&ensemble, &input).expect("smooth").corrections(&input, &widths).expect("finite");
    let alone = activity_corrections(&ensemble, input.activity(), &widths).expect("finite");
    for (layer, alone) in layers.iter().zip(&alone) {
        let found = layer.of(|gram| gram.activity());
        assert!((found.bias - alone.bias).abs() < 1e-16, "{found:?} {alone:?}");
        assert!((found.variance - alone.variance).abs() <= 1e-11 * alone.variance);
    }
}

/// At the activity fixed point the variance of `ln g` settles to the growth rate in closed form.
#[test]
fn the_variance_of_the_log_metric_grows_at_its_rate() {
    for activation in [Activation::Tanh, Activation::ErfSqrt2] {
        let ensemble = ensemble(activation, 1.9);
        let point = activity_fixed_point(&ensemble).expect("a fixed point");
        let input = input(ManifoldKind::GreatCircle { activity: point.activity }, &[0.0], 1);
        let theory = JetTheory::new(&ensemble, &input).expect("tangents");
        let layers = theory.corrections(&input, &widths(1, 80)).expect("finite");
        let variance = |layer: usize| layers[layer].of_log(|gram| gram.metric(0, 0)).variance;
        let rate = metric_growth(&ensemble, &point).expect("settles").variance_rate;
        assert!(((variance(80) - variance(79)) / rate - 1.0).abs() < 1e-9, "{rate} {}", variance(80) - variance(79));
    }
}

#[test]
fn curves_of_constant_activity_follow_the_curve_recursion() {
    let ensemble = ensemble(Activation::Tanh, 1.3);
    // off the activity fixed point
    let input = input(ManifoldKind::GreatCircle { activity: 1.4 }, &[0.3], 2);
    let jets = JetTheory::new(&ensemble, &input).expect("smooth").trajectory(&input, 30).expect("finite");
    let curve = curve_trajectory(&ensemble, 1.4, 1.0 / 1.4, 30).expect("finite");
    let activities = activity_trajectory(&ensemble, 1.4, 30).expect("finite");
    for ((jet, curve), activity) in jets.iter().zip(&curve).zip(activities) {
        assert!((jet.activity() / activity - 1.0).abs() < 1e-12);
        assert!((jet.metric(0, 0) / (1.4 * curve.metric) - 1.0).abs() < 1e-11);
        assert!((jet.curvature_squared(0) / curve.curvature - 1.0).abs() < 1e-11);
    }
}

#[test]
fn what_has_no_jet_is_refused() {
    let relu = ensemble(Activation::Relu, 1.0);
    assert!(JetTheory::new(&relu, &ellipse(2)).is_err() && JetTheory::new(&relu, &ellipse(1)).is_ok());
    let sphere = input(ManifoldKind::SpherePatch { dimension: 4, activity: 0.6 }, &[0.0; 4], 2);
    assert!(JetTheory::new(&ensemble(Activation::Tanh, 1.5), &sphere).is_err());
    let silent = Ensemble::new(Activation::Tanh, 1.0, 0.0).expect("valid");
    let nothing = JetGram::new(1, 3, |i, j| f64::from(u8::from(i == j && i > 0)));
    assert!(JetTheory::new(&silent, &nothing).expect("smooth").map(&nothing).is_err());
}
