//! `neurodyn init`: published values, the shape of the answer, refusals, and the lines to paste.

use super::{json, neurodyn, write};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn asked(activation: &str, more: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["init", "--activation", activation, "--depth", "20", "--width", "400", "--json"];
    json(folder.path(), &[&words[..], more].concat())
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// Roberts, Yaida and Hanin (2022): `q* = (3 + sqrt 17) / 2`, `sigma_w^2 = 1.98305826`, `sigma_b^2 = 0.17292239`.
#[test]
fn gelu_has_the_published_point() {
    let found = asked("gelu", &[]);
    let keys: Vec<&String> = found.as_object().expect("an object").keys().collect();
    let expected =
        ["activation", "code", "critical", "depth", "frameworks", "gradient", "one_network", "signal", "width"];
    let mut keys: Vec<&str> = keys.into_iter().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, expected);
    let critical = &found["critical"];
    assert_eq!((&critical["kind"], &found["depth"], &found["width"]), (&"point".into(), &20.into(), &400.into()));
    let square = |name: &str| number(&critical[name]) * number(&critical[name]);
    assert!((square("sigma_w") - 1.983_058_26).abs() < 5e-9 && (square("sigma_b") - 0.172_922_39).abs() < 5e-9);
    assert!((number(&critical["q_star"]) - 0.5 * (3.0 + 17f64.sqrt())).abs() < 1e-10);
    for name in ["chi_1", "activity_slope"] {
        assert!((number(&critical[name]) - 1.0).abs() < 1e-10, "{critical}");
    }
    assert_eq!(number(&found["signal"]["input_activity"]), number(&found["signal"]["activity_star"]));
    assert!(number(&found["gradient"]["log10_ratio"]).abs() < 1e-10);
    // what frameworks would do loses the gradient
    let rows = found["frameworks"].as_array().expect("rows");
    let row = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("no {name}"));
    assert!(number(&row("pytorch")["log10_gradient"]) < -18.0 && number(&row("he")["log10_gradient"]) < -0.2);
    assert!(row("gain")["reason"].as_str().is_some_and(|reason| reason.contains("calculate_gain")));
    assert_eq!(number(&row("pytorch")["sigma_b"]), (1.0f64 / 1200.0).sqrt());
}

#[test]
fn lines_points_and_none_say_what_they_are() {
    let tanh = asked("tanh", &[]);
    let critical = &tanh["critical"];
    assert_eq!(
        (&critical["kind"], number(&critical["sigma_w"]), number(&critical["q_star"])),
        (&"line".into(), 1.0, 0.0)
    );
    assert!(critical["line"].as_array().is_some_and(|rows| rows.len() == 8) && critical.get("reason").is_none());
    assert_eq!((&tanh["gradient"]["law"], number(&tanh["gradient"]["exponent"])), (&"power".into(), -1.0));
    // `theory` has the same edge
    let biased = asked("tanh", &["--sigma-b", "0.05"]);
    assert!((number(&biased["critical"]["sigma_w"]) - 1.122_539_004_769_576).abs() < 1e-12);
    assert_eq!(biased["signal"]["law"], "exponential");
    let relu = asked("relu", &[]);
    assert!((number(&relu["critical"]["sigma_w"]) - 2f64.sqrt()).abs() < 1e-15);
    assert_eq!((&relu["critical"]["kind"], &relu["critical"]["q_star"]), (&"point".into(), &Value::Null));
    assert!(relu["critical"]["reason"].as_str().is_some_and(|reason| reason.contains("a point, not a line")));
    for (activation, more) in [("softplus", &[][..]), ("relu", &["--sigma-b", "0.1"]), ("gelu", &["--sigma-b", "0.3"])]
    {
        let none = asked(activation, more);
        assert_eq!((&none["critical"]["kind"], &none["code"]), (&"none".into(), &Value::Null), "{activation}");
        assert!(none["critical"]["reason"].is_string() && none["signal"].is_null() && none["one_network"].is_null());
        assert!(none["frameworks"].as_array().is_some_and(|rows| rows.len() == 5));
    }
}

#[test]
fn what_is_not_allowed_is_refused_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = [("--activation", "gelu"), ("--depth", "5"), ("--width", "10")];
    for (flag, value, said) in [
        ("--activation", "gelo", "is gelu meant?"),
        ("--depth", "0", "1..=10000"),
        ("--depth", "10001", "1..=10000"),
        ("--width", "0", "from 1 to 1e12"),
        ("--width", "2.5", "from 1 to 1e12"),
        ("--activity", "0", "above 0"),
        ("--activity", "-1", "above 0"),
        ("--sigma-b", "-1", "from 0 to 1e100"),
    ] {
        let mut words = vec!["init"];
        for (name, usual) in good {
            words.extend([name, if name == flag { value } else { usual }]);
        }
        if !good.iter().any(|(name, _)| *name == flag) {
            words.extend([flag, value]);
        }
        let found = neurodyn(folder.path(), &words);
        assert!(found.code == 2 && found.out.is_empty() && found.err.contains(said), "{flag} {value}: {}", found.err);
    }
}

/// The lines are run where their framework is installed, and are at least Python where a Python is.
#[test]
fn lines_to_paste_are_python() {
    if Command::new("python3").arg("--version").output().is_err() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let runs = |module: &str| {
        let script = format!("import importlib.util as u, sys; sys.exit(u.find_spec('{module}') is None)");
        Command::new("python3").args(["-c", &script]).status().is_ok_and(|status| status.success())
    };
    let frameworks =
        [("pytorch", "torch"), ("flax", "flax"), ("keras", "keras")].map(|(name, module)| (name, runs(module)));
    for activation in
        ["tanh", "relu", "leaky_relu", "gelu", "sin", "erf_sqrtpi2", "gauss_cdf", "gaussian", "linear", "sigmoid"]
    {
        let found = asked(activation, &[]);
        for (name, is_there) in frameworks {
            let lines = found["code"][name].as_str().expect("lines");
            assert!(lines.contains(&number(&found["critical"]["sigma_w"]).to_string()), "{lines}");
            let file = format!("{activation}_{name}.py");
            write(folder.path(), &file, lines);
            let compile = ["-m", "py_compile", &file];
            python(folder.path(), &compile[if is_there { 2 } else { 0 }..]);
        }
    }
}

fn python(folder: &Path, words: &[&str]) {
    let done = Command::new("python3").args(words).current_dir(folder).output().expect("python");
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
}
