//! `neurodyn two-unit`: closed forms, null fields with reasons, trajectories in the order asked for, bad files.

use super::{json, neurodyn, write};
use serde_json::Value;

const FILE: &str = r#"phi = "erf_sqrt2"

[student]
input_weights = [[0.9, -0.2], [0.3, 1.1]]
output_weights = [0.7, -0.4]

[teacher]
input_weights = [[1.0, 0.0], [-0.3, 0.8]]
output_weights = [1.0, 0.5]
"#;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(|x| x.as_f64().expect("a number")).collect()
}

#[test]
fn everything_about_a_student_and_its_teacher() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.toml", FILE);
    let found = json(folder.path(), &["two-unit", "a.toml", "--json"]);
    let close = |found: f64, exact: f64| assert!((found / exact - 1.0).abs() < 1e-10, "{found} {exact}");
    close(found["loss"].as_f64().expect("a loss"), 0.175_189_399_201_113_1);
    let gradient = numbers(&found["gradient"]);
    assert_eq!(gradient.len(), 6);
    close(gradient[1], -0.361_120_049_891_525_36);
    close(numbers(&found["fisher"][0])[2], 0.131_937_138_873_335_05);
    assert!(found["fisher"].as_array().is_some_and(|rows| rows.len() == 6));
    let coordinates = &found["coordinates"];
    close(coordinates["z"].as_f64().expect("z"), -11.0 / 3.0);
    close(numbers(&coordinates["u"])[1], 1.3);
    close(coordinates["w"].as_f64().expect("w"), 0.3);
    close(found["distance_to_singular_region"].as_f64().expect("a distance"), 0.4);
    assert!(numbers(&found["one_unit_fit"]["v"]).len() == 2 && found["hessian_h"].is_array());
    assert!(found.get("trajectory").is_none() && found["reasons"].as_object().is_some_and(|r| r.is_empty()));
    let text = neurodyn(folder.path(), &["two-unit", "a.toml"]);
    assert!(text.code == 0 && text.out.contains("Fisher information"), "{}", text.out);
}

#[test]
fn trajectories_have_one_entry_a_time_in_the_order_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.toml", FILE);
    for (flow, exact) in [("gradient", -0.243_314_259_315_340_44), ("natural", -0.131_836_201_305_235_17)] {
        let found = json(folder.path(), &["two-unit", "a.toml", "--json", "--flow", flow, "--times", "1,0.5,0,0.5"]);
        let moments = found["trajectory"].as_array().expect("moments");
        let times: Vec<f64> = moments.iter().map(|moment| moment["time"].as_f64().expect("a time")).collect();
        assert_eq!(times, [1.0, 0.5, 0.0, 0.5]);
        assert_eq!(moments[1], moments[3]);
        assert_eq!(numbers(&moments[2]["parameters"]), [0.7, -0.4, 0.9, -0.2, 0.3, 1.1]);
        assert!((numbers(&moments[1]["parameters"])[1] / exact - 1.0).abs() < 1e-8);
        assert!(moments[0]["loss"].as_f64() < moments[1]["loss"].as_f64());
    }
}

#[test]
fn where_a_flow_ends_what_was_computed_is_printed_and_the_rest_has_a_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    // two equal units: the natural gradient exists nowhere
    write(root, "same.toml", &FILE.replace("[0.3, 1.1]", "[0.9, -0.2]"));
    let reason = "singular (smallest eigenvalue";
    let answer = neurodyn(root, &["two-unit", "same.toml", "--flow", "natural", "--times", "1"]);
    assert!(answer.code == 2 && answer.err.contains("same.toml: --flow: time 1: ") && answer.err.contains(reason));
    assert!(answer.out.contains("Fisher information") && answer.out.contains("time 1, the Fisher"), "{}", answer.out);
    // learning that meets a singularity at time 1.13
    write(root, "a.toml", FILE);
    let answer = neurodyn(root, &["two-unit", "a.toml", "--flow", "natural", "--times", "10,0.5,0,3", "--json"]);
    let found: Value = serde_json::from_str(&answer.out).expect("JSON");
    let moments = found["trajectory"].as_array().expect("moments");
    let times: Vec<f64> = moments.iter().map(|moment| moment["time"].as_f64().expect("a time")).collect();
    assert_eq!((answer.code, times), (2, vec![10.0, 0.5, 0.0, 3.0]), "{}", answer.err);
    for moment in [&moments[1], &moments[2]] {
        assert!(numbers(&moment["parameters"]).len() == 6 && moment.get("error").is_none(), "{moment}");
    }
    for moment in [&moments[0], &moments[3]] {
        assert!(moment["loss"].is_null() && moment["parameters"].is_null(), "{moment}");
        assert!(moment["error"].as_str().is_some_and(|error| answer.err.contains(error)), "{moment}");
        assert!(answer.err.contains("a.toml: --flow: time 3: more than"), "the first one that fails: {}", answer.err);
    }
    assert!(found["loss"].is_number() && found["fisher"].is_array());
}

#[test]
fn what_does_not_exist_is_null_with_a_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "b.toml", &FILE.replace("[0.7, -0.4]", "[0.4, -0.4]"));
    let found = json(folder.path(), &["two-unit", "b.toml", "--json"]);
    assert!(
        found["coordinates"].is_null()
            && found["reasons"]["coordinates"].as_str().is_some_and(|r| r.contains("w1 + w2"))
    );
    let three = FILE
        .replace("[[0.9, -0.2], [0.3, 1.1]]", "[[0.9, -0.2], [0.3, 1.1], [1, 1]]")
        .replace("[0.7, -0.4]", "[0.7, -0.4, 1]");
    write(folder.path(), "c.toml", &three);
    let found = json(folder.path(), &["two-unit", "c.toml", "--json"]);
    assert!(found["coordinates"].is_null() && found["distance_to_singular_region"].is_null());
    assert_eq!(numbers(&found["gradient"]).len(), 9);
}

#[test]
fn bad_files_and_flags_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "a.toml", FILE);
    for (name, from, to, parts) in [
        ("phi", "erf_sqrt2", "tanh", vec!["phi", "tanh", "gauss_cdf", ":1:"]),
        ("ragged", "[0.3, 1.1]", "[0.3]", vec!["student", "rows of 2 and 1", ":3:"]),
        ("few", "[1.0, 0.5]", "[1.0]", vec!["teacher", "output_weights"]),
        ("inputs", "[[1.0, 0.0], [-0.3, 0.8]]", "[[1.0], [0.8]]", vec!["2 inputs for 1"]),
        ("field", "phi =", "psi = 1\nphi =", vec!["psi"]),
    ] {
        write(folder.path(), &format!("{name}.toml"), &FILE.replacen(from, to, 1));
        let answer = neurodyn(folder.path(), &["two-unit", &format!("{name}.toml"), "--json"]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{name}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{name}: {part} missing in {}", answer.err);
        }
    }
    for (arguments, part) in [
        (vec!["a.toml", "--flow", "natural"], "--times"),
        (vec!["a.toml", "--times", "1"], "--flow"),
        (vec!["a.toml", "--flow", "steepest", "--times", "1"], "natural"),
        (vec!["a.toml", "--flow", "natural", "--times", "1,-1"], "-1"),
        (vec!["none.toml"], "none.toml"),
    ] {
        let answer = neurodyn(folder.path(), &[vec!["two-unit"], arguments].concat());
        assert!(answer.code == 2 && answer.out.is_empty() && answer.err.contains(part), "{part}: {}", answer.err);
    }
}
