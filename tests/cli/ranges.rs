//! What holds in mathematics holds in what is printed, to the last bit; what was given is given back.

use super::{json, neurodyn};
use serde_json::Value;

const ACTIVATIONS: [&str; 13] = [
    "tanh",
    "erf_sqrt2",
    "erf_sqrtpi2",
    "gauss_cdf",
    "relu",
    "leaky_relu",
    "linear",
    "sin",
    "cos",
    "gaussian",
    "sigmoid",
    "gelu",
    "softplus",
];

fn run(arguments: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    json(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>())
}

fn number(row: &Value, field: &str) -> f64 {
    row[field].as_f64().unwrap_or_else(|| panic!("{field} of {row}"))
}

#[test]
fn layers_keep_their_ranges_and_give_back_what_was_given() {
    let corners =
        [("0.5", "0.5", "-1"), ("1e-8", "1e4", "-0.9999999999999999"), ("1e4", "1e-8", "1"), ("1e-300", "1", "0.3")];
    for activation in ACTIVATIONS {
        for (activity, prime, c) in corners {
            let card = run(&format!(
                "theory --activation {activation} --sigma-w 1 --sigma-b 0 --depth 2 --activity {activity} \
                 --activity-prime {prime} --correlation {c} --json"
            ));
            let layers = card["layers"].as_array().expect("layers");
            let given = |text: &str| text.parse::<f64>().expect("a number");
            assert_eq!(
                ["activity", "activity_prime", "correlation"].map(|field| number(&layers[0], field)),
                [activity, prime, c].map(given)
            );
            for row in layers {
                let [a, b, overlap, d] =
                    ["activity", "activity_prime", "overlap", "distance"].map(|field| number(row, field));
                let reach = if a == b { a } else { a.sqrt() * b.sqrt() * (1.0 + 4.0 * f64::EPSILON) };
                assert!(a >= 0.0 && b >= 0.0 && d >= 0.0 && overlap.abs() <= reach, "{activation} {row}");
                for field in ["correlation", "preactivation_correlation"] {
                    assert!(row[field].as_f64().is_none_or(|c| c.abs() <= 1.0), "{activation} {row}");
                }
            }
        }
    }
    let relu = run("theory --activation relu --sigma-w 1 --sigma-b 0 --depth 1 --activity 0.5 --correlation -1 --json");
    assert_eq!([number(&relu["layers"][0], "correlation"), number(&relu["layers"][1], "overlap")], [-1.0, 0.0]);
    let given = run(
        "theory --activation tanh --sigma-w 1 --sigma-b 0 --depth 0 --activity 0.3 --activity-prime 0.7 --overlap 0.1 --json",
    );
    assert_eq!(number(&given["layers"][0], "overlap"), 0.1);
    let given = run(
        "theory --activation tanh --sigma-w 1 --sigma-b 0 --depth 0 --activity 0.3 --activity-prime 0.7 --distance 0.1 --json",
    );
    assert_eq!(number(&given["layers"][0], "distance"), 0.1);
}

/// At `q* = 0` each number of the card is the limit of small biases.
#[test]
fn a_card_at_rest_is_the_limit_of_small_biases() {
    for (activation, sigma_w) in
        [("relu", 1.2), ("leaky_relu", 1.2), ("linear", 0.8), ("tanh", 0.8), ("sin", 0.8), ("gelu", 1.1)]
    {
        let card =
            |bias: &str| run(&format!("theory --activation {activation} --sigma-w {sigma_w} --sigma-b {bias} --json"));
        let (rest, near) = (card("0"), card("1e-7"));
        assert_eq!(number(&rest, "q_star"), 0.0, "{activation}");
        for field in ["activity_slope", "chi_1", "depth_scale_q", "depth_scale_c"] {
            let (found, exact) = (number(&rest, field), number(&near, field));
            assert!((found / exact - 1.0).abs() < 1e-5, "{activation} {field}: {found} {exact}");
        }
        let rates = [&rest, &near].map(|card| number(&card["finite_width"], "n_log_metric_variance_rate"));
        assert!((rates[0] / rates[1] - 1.0).abs() < 1e-5, "{activation}: {rates:?}");
        assert_eq!(number(&rest["finite_width"], "n_var_activity"), 0.0);
    }
    let relu = run("theory --activation relu --sigma-w 1.2 --sigma-b 0 --json");
    assert!((number(&relu["finite_width"], "n_log_metric_variance_rate") - 5.0).abs() < 1e-13);
}

/// Grids for sines would grow with `sigma_w`, and layers that no longer change would be computed again.
#[test]
fn cards_cost_little_however_large_their_numbers_are() {
    let sine = run("theory --activation sin --sigma-w 1e7 --sigma-b 0.1 --depth 3 --correlation 0.5 --json");
    assert_eq!(number(&sine, "activity_star"), 0.5);
    // waves of all phases: 3 (3/8) / (1/4) - 1
    assert!((number(&sine["finite_width"], "n_log_metric_variance_rate") - 3.5).abs() < 1e-12);
    let deep = run(
        "theory --activation gelu --sigma-w 1.2 --sigma-b 0.5 --depth 100000 --activity 1 --correlation 0.5 --json",
    );
    let layers = deep["layers"].as_array().expect("layers");
    assert_eq!(layers.len(), 100_001);
    assert_eq!(layers[100_000]["activity"], layers[5000]["activity"]);
}

#[test]
fn samples_of_unequal_inputs_meet_their_theory() {
    let signals = "--activation tanh --sigma-w 1.8 --sigma-b 0.3 --depth 4 --activity 0.8 --activity-prime 0.05 --correlation -0.4 --json";
    let theory = run(&format!("theory {signals}"));
    for (sampler, width, replicas) in [("macroscopic", 4000, 200), ("explicit", 400, 60)] {
        let found =
            run(&format!("sample {signals} --width {width} --replicas {replicas} --seed 5 --sampler {sampler}"));
        for (layer, expected) in
            found["layers"].as_array().expect("layers").iter().zip(theory["layers"].as_array().expect("layers"))
        {
            for name in ["activity", "overlap", "distance"] {
                let [mean, stderr] = ["mean", "stderr"].map(|field| number(&layer[name], field));
                let exact = number(expected, name);
                assert!((mean - exact).abs() <= 5.0 * stderr + 1e-15, "{sampler} {name}: {mean} {stderr} {exact}");
            }
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let alone = "sample --activation tanh --sigma-w 1 --sigma-b 0 --width 9 --depth 1 --activity 1 --activity-prime 2 \
                 --observables activity --replicas 2 --seed 1 --sampler macroscopic";
    let answer = neurodyn(folder.path(), &alone.split_whitespace().collect::<Vec<_>>());
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("--correlation"), "{}", answer.err);
}

/// The image of a curve in networks of one neuron a layer is a line; in narrow ones rounding must not bend it backwards.
#[test]
fn curvature_of_narrow_networks_is_not_negative() {
    for (activation, sigma_w) in [("tanh", 1.5), ("softplus", 0.8), ("gelu", 2.0)] {
        for width in [1, 2] {
            for seed in 1..=6 {
                let found = run(&format!(
                    "sample --activation {activation} --sigma-w {sigma_w} --sigma-b 0.3 --width {width} --depth 6 --activity 1 \
                     --observables curvature --replicas 1 --seed {seed} --sampler macroscopic --json"
                ));
                for layer in &found["layers"].as_array().expect("layers")[1..] {
                    let curvature = number(&layer["curvature"], "mean");
                    assert!(
                        curvature >= 0.0 && (width > 1 || curvature == 0.0),
                        "{activation} {width} {seed}: {layer}"
                    );
                }
            }
        }
    }
}
