//! `neurodyn measure`: networks of a test beside their ensemble, as the program prints, draws and verifies them; bad files.

use super::{json, neurodyn};
use neurodyn::arrays::{Array, npy};
use neurodyn::measured::{Given, drawn};
use neurodyn::model::{Activation, Ensemble};
use neurodyn::random::{Address, Normals, Role, uniform};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn address(replica: u64) -> Address {
    Address { seed: 77, role: Role::NETWORK, point: 0, replica }
}

/// A network of an ensemble, tanh.
fn network(width: usize, depth: usize, sigma_w: f64, replica: u64) -> Vec<Given> {
    drawn(&Ensemble::new(Activation::Tanh, sigma_w, 0.1).expect("valid"), width, depth, &address(replica))
}

/// A file of safetensors with these arrays, as 32-bit floats.
fn tensors(arrays: &[(String, Vec<usize>, Vec<f64>)]) -> Vec<u8> {
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    for (name, shape, values) in arrays {
        let start = data.len();
        values.iter().for_each(|value| data.extend_from_slice(&(*value as f32).to_le_bytes()));
        let described = serde_json::json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, data.len()] });
        header.insert(name.clone(), described);
    }
    let header = Value::Object(header).to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat()
}

/// Names of PyTorch, an activation being between the layers.
fn torch(layers: &[Given]) -> Vec<(String, Vec<usize>, Vec<f64>)> {
    let mut arrays = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        let (rows, columns) = (layer.weights.rows, layer.weights.columns);
        arrays.push((format!("{}.weight", 2 * at), vec![rows, columns], layer.weights.values.clone()));
        let biases = layer.biases.clone().unwrap_or_default();
        arrays.push((format!("{}.bias", 2 * at), vec![rows], biases));
    }
    arrays
}

fn save(folder: &TempDir, name: &str, layers: &[Given]) {
    fs::write(folder.path().join(name), tensors(&torch(layers))).expect("written");
}

fn save_inputs(folder: &TempDir, width: usize) {
    let values = Normals::new(address(9).stream(0, 0)).take(5 * width).collect();
    let array = Array { name: String::new(), shape: vec![5, width], values };
    fs::write(folder.path().join("X.npy"), npy::write(&array)).expect("written");
}

fn folder(width: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    save_inputs(&folder, width);
    folder
}

const GIVEN: [&str; 8] = ["--data", "X.npy", "--activation", "tanh", "--sigma-w", "1.5", "--sigma-b", "0.1"];

fn measure<'a>(models: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [&["measure"], models, rest].concat()
}

#[test]
fn a_network_of_the_ensemble_passes_and_one_two_percent_off_does_not() {
    let folder = folder(200);
    save(&folder, "good.safetensors", &network(200, 4, 1.5, 0));
    save(&folder, "off.safetensors", &network(200, 4, 1.53, 0));
    let found = json(folder.path(), &measure(&["good.safetensors"], &[&GIVEN[..], &["--json"]].concat()));
    let layers = found["layers"].as_array().expect("layers");
    assert_eq!((layers.len(), &found["verdict"]["alarmed"]), (4, &Value::Bool(false)));
    for layer in layers {
        let number = |value: &Value| value.as_f64().expect("a number");
        let (value, stderr) = (number(&layer["sigma_w"]["value"]), number(&layer["sigma_w"]["stderr"]));
        assert!((value - 1.5).abs() < 5.0 * stderr && stderr < 0.01, "{layer}");
        let (activity, theory) = (number(&layer["activity"]["found"]), number(&layer["activity"]["theory"]));
        let band = layer["activity"]["band"].as_array().expect("a band");
        let [low, high] = [0, 1].map(|at| number(&band[at]));
        assert!(low < theory && theory < high && (activity - theory).abs() < 2.0 * (high - low), "{layer}");
        assert_eq!((&layer["law"], &layer["n_in"], &layer["n_out"]), (&"normal".into(), &200.into(), &200.into()));
        assert!(layer["sigma_b"]["value"].is_f64() && layer["verdict"]["worst"]["p"].is_f64());
    }
    let both = neurodyn(folder.path(), &measure(&["good.safetensors", "off.safetensors"], &GIVEN));
    assert_eq!(both.code, 1, "{}", both.err);
    assert!(both.out.contains("good.safetensors: of the ensemble (course"), "{}", both.out);
    assert!(both.out.contains("off.safetensors: ALARM: layer 0: scale of the weights"), "{}", both.out);
    assert!(both.out.contains("1 of 2 networks alarmed;"), "{}", both.out);
    // at its own scales it is a network like others
    let fitted = neurodyn(folder.path(), &measure(&["off.safetensors"], &GIVEN[..4]));
    assert!(fitted.code == 0 && fitted.out.contains("scales fitted to each layer"), "{}{}", fitted.out, fitted.err);
}

#[test]
fn the_verdict_is_the_same_bits_whatever_the_threads() {
    let folder = folder(50);
    save(&folder, "a.safetensors", &network(50, 3, 1.5, 3));
    let once =
        neurodyn(folder.path(), &measure(&["a.safetensors"], &[&GIVEN[..], &["--json", "--jobs", "1"]].concat()));
    let twice =
        neurodyn(folder.path(), &measure(&["a.safetensors"], &[&GIVEN[..], &["--json", "--jobs", "2"]].concat()));
    assert!(once.code == 0 && once.out == twice.out);
}

#[test]
fn the_default_of_pytorch_is_recognised() {
    let folder = folder(120);
    let mut words = address(5).stream(0, 0);
    let mut even = |count: usize, bound: f64| (0..count).map(|_| bound * (2.0 * uniform(words.word()) - 1.0)).collect();
    let bound = 1.0 / 120f64.sqrt();
    let arrays: Vec<(String, Vec<usize>, Vec<f64>)> = [("fc1", 120, 120), ("fc2", 120, 120)]
        .into_iter()
        .flat_map(|(name, rows, columns)| {
            let weights = (format!("{name}.weight"), vec![rows, columns], even(rows * columns, bound));
            [weights, (format!("{name}.bias"), vec![rows], even(rows, bound))]
        })
        .collect();
    fs::write(folder.path().join("a.safetensors"), tensors(&arrays)).expect("written");
    let found = json(folder.path(), &["measure", "a.safetensors", "--data", "X.npy", "--activation", "relu", "--json"]);
    assert_eq!(found["verdict"]["alarmed"], Value::Bool(false), "{found}");
    for layer in found["layers"].as_array().expect("layers") {
        assert_eq!(layer["law"], "uniform");
        assert!(
            layer["schemes"].as_array().is_some_and(|all| all.iter().any(|one| one == "PyTorch nn.Linear, default"))
        );
        let sigma_w = layer["sigma_w"]["value"].as_f64().expect("a number");
        assert!((sigma_w * sigma_w - 1.0 / 3.0).abs() < 0.02, "{sigma_w}");
    }
    // normal weights of the same scale they are not
    let normal = neurodyn(
        folder.path(),
        &["measure", "a.safetensors", "--data", "X.npy", "--activation", "relu", "--law", "normal"],
    );
    assert!(normal.code == 1 && normal.out.contains("ALARM: layer fc.1: largest weight -"), "{}", normal.out);
}

#[test]
fn layers_are_listed_with_what_is_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let arrays = [
        ("dense/kernel:0".to_owned(), vec![3, 5], vec![0.1; 15]),
        ("dense/bias:0".to_owned(), vec![5], vec![0.0; 5]),
        ("dense_1/kernel:0".to_owned(), vec![5, 2], vec![0.1; 10]),
        ("norm/gamma".to_owned(), vec![5], vec![1.0; 5]),
    ];
    fs::write(folder.path().join("a.safetensors"), tensors(&arrays)).expect("written");
    let found = neurodyn(folder.path(), &["measure", "a.safetensors", "--list"]);
    assert_eq!(found.code, 0, "{}", found.err);
    assert_eq!(
        found.out,
        "a.safetensors: 2 layers\n\
         \x20 dense: 3 -> 5, weights dense/kernel:0, stored as n_in x n_out, biases dense/bias:0\n\
         \x20 dense.1: 5 -> 2, weights dense_1/kernel:0, stored as n_in x n_out, no biases\n\
         \x20 left out: norm/gamma: its name says neither weights nor biases\n"
    );
    let found = json(folder.path(), &["measure", "a.safetensors", "--list", "--json", "--layers", "dense_1"]);
    assert_eq!(found[0]["layers"][0]["name"], "dense.1");
    assert_eq!(found[0]["left_out"].as_array().map(Vec::len), Some(3), "{found}");
}

#[test]
fn a_figure_says_which_files_it_is_of() {
    let folder = folder(40);
    save(&folder, "a.safetensors", &network(40, 3, 1.5, 1));
    for ending in ["svg", "pdf", "png"] {
        let out = format!("a.{ending}");
        let drawn = neurodyn(folder.path(), &measure(&["a.safetensors"], &[&GIVEN[..], &["--out", &out]].concat()));
        assert_eq!(drawn.code, 0, "{}", drawn.err);
        let verified = neurodyn(folder.path(), &["verify", &out]);
        assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
        assert!(verified.out.contains("verified: numbers identical, drawing identical"), "{}", verified.out);
        assert!(verified.out.contains("it is of a.safetensors (SHA-256 "), "{}", verified.out);
    }
    // another number in the figure
    let figure = fs::read_to_string(folder.path().join("a.svg")).expect("a figure");
    let altered = figure.replacen("sigma_w = 1.5", "sigma_w = 1.6", 1);
    assert_ne!(altered, figure);
    fs::write(folder.path().join("altered.svg"), altered).expect("written");
    assert_eq!(neurodyn(folder.path(), &["verify", "altered.svg"]).code, 1);
    // another network under the same name
    save(&folder, "a.safetensors", &network(40, 3, 1.5, 2));
    let other = neurodyn(folder.path(), &["verify", "a.svg"]);
    assert!(
        other.code == 1 && other.out.contains("it is of a.safetensors with SHA-256 "),
        "{}{}",
        other.out,
        other.err
    );
    fs::remove_file(folder.path().join("X.npy")).expect("removed");
    let missing = neurodyn(folder.path(), &["verify", "a.svg"]);
    assert!(missing.code == 2 && missing.err.contains("it is of X.npy (SHA-256 "), "{}{}", missing.out, missing.err);
}

#[test]
fn bad_files_are_said_to_be_bad_and_leave_nothing() {
    let folder = folder(40);
    let root: &Path = folder.path();
    let mut broken = network(40, 2, 1.5, 1);
    save(&folder, "a.safetensors", &broken);
    broken[1].weights.values[7] = f64::NAN;
    save(&folder, "nan.safetensors", &broken);
    fs::write(root.join("empty.npz"), b"").expect("written");
    fs::write(root.join("half.npz"), b"PK\x03\x04 and no more").expect("written");
    fs::write(root.join("short.npy"), &fs::read(root.join("X.npy")).expect("a file")[..300]).expect("written");
    let narrow = Array { name: String::new(), shape: vec![2, 39], values: vec![1.0; 78] };
    fs::write(root.join("narrow.npy"), npy::write(&narrow)).expect("written");
    for (model, data, expected) in [
        ("none.npz", "X.npy", "none.npz: cannot be read"),
        ("empty.npz", "X.npy", "empty.npz: found an empty file; allowed is NPY, NPZ (numpy.savez), safetensors, IDX"),
        ("half.npz", "X.npy", "half.npz: found a damaged archive"),
        ("nan.safetensors", "X.npy", "array 2.weight: found NaN at place 7; allowed are finite numbers"),
        ("X.npy", "X.npy", "X.npy: found no weights among 1 arrays"),
        ("a.safetensors", "short.npy", "short.npy: found 172 bytes of numbers; allowed is 1600, for 5 x 40 of f64"),
        (
            "a.safetensors",
            "narrow.npy",
            "narrow.npy: found 2 x 39; allowed is a row of numbers for each input, 40 in each",
        ),
    ] {
        let arguments = ["measure", model, "--data", data, "--activation", "tanh", "--out", "a.svg"];
        let answer = neurodyn(root, &arguments);
        assert!(answer.code == 2 && answer.err.contains(expected), "{expected}: {}", answer.err);
        assert!(!root.join("a.svg").exists());
    }
    let arguments = |more: &[&'static str]| {
        [&["measure", "a.safetensors", "--data", "X.npy", "--activation", "tanh"], more].concat()
    };
    for (more, expected) in [
        (["--out", "a.gif"], "--out: found a.gif; allowed are names that end in .svg, .pdf, .png"),
        (["--layers", "7"], "--layers: found \"7\"; the layers of this file are 0, 2"),
        (["--law", "cauchy"], "\"cauchy\" is no law of weights; allowed: normal, uniform, truncated_normal"),
        (["--replicas", "10"], "10 is not in 1999..=1000000"),
    ] {
        let answer = neurodyn(root, &arguments(&more));
        assert!(answer.code == 2 && answer.err.contains(expected), "{expected}: {}", answer.err);
    }
}
