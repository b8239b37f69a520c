//! Bad input: one message that names the place, exit code 2, nothing written.

use super::{SMALL, accepted, files_below, neurodyn, project, write};
use std::path::Path;

#[test]
fn bad_experiment_files_are_named_with_line_and_field_before_any_work() {
    for (from, to, parts) in [
        ("replicas", "replcias", vec!["small.toml:14:", "replcias", "replicas"]),
        ("2.5]", "-2.5]", vec!["small.toml:9:", "sigma_w", "-2.5", "from 0 to 1e100"]),
        ("\"tanh\"", "\"tahn\"", vec!["small.toml:8:", "tahn", "erf_sqrt2"]),
        (
            "[0.2, 1.0]",
            "[]",
            vec!["small.toml:11:", "parameters.initial_activities: ", "empty grid", "at least one value"],
        ),
        ("[0.2, 1.0]", "{ from = 0.2, to = 1.0, cuont = 3 }", vec!["small.toml:11:46:", "cuont", "`count`"]),
        ("[1.3, 2.5]", "[]", vec!["small.toml:9:", "parameters.sigma_w: ", "empty grid", "at least one value"]),
        ("[0.2, 1.0]", "[-1.0]", vec!["small.toml:11:", "parameters.initial_activities: ", "-1", "0 or more"]),
        ("replicas = 40", "replicas = 29", vec!["small.toml:14:", "parameters.replicas: ", "29", "from 30"]),
        (
            "replicas = 40",
            "replicas = 40.5",
            vec!["small.toml:14:", "40.5", "a whole number or { target_stderr, at_most }"],
        ),
        (
            "replicas = 40",
            "replicas = { target_stderr = 0.0, at_most = 2000 }",
            vec!["small.toml:14:30:", "parameters.replicas.target_stderr: ", "0", "above 0"],
        ),
        (
            "replicas = 40",
            "replicas = { target_stderr = 1e-3, at_most = 1000 }",
            vec!["small.toml:14:46:", "parameters.replicas.at_most: ", "1000", "from 1024 (one batch)"],
        ),
        (
            "replicas = 40",
            "replicas = { target_stder = 1e-3, at_most = 2000 }",
            vec!["small.toml:14:", "target_stder", "`target_stderr`"],
        ),
        ("replicas = 40", "replicas = { target_stderr = 1e-3 }", vec!["small.toml:14:", "missing field `at_most`"]),
        ("depth = 3", "depth = 0", vec!["small.toml:12:", "parameters.depth: ", "0", "from 1"]),
        ("depth = 3", "depth = 100000000000", vec!["small.toml:12:", "to 1000000"]),
        ("\"activity\"", "\"acitvity\"", vec!["small.toml:2:", "acitvity", "distance"]),
        ("width = 200", "width = 0", vec!["small.toml:13:", "width", "0", "from 1"]),
        ("depth = 3", "depth = \"deep\"", vec!["small.toml:12:", "depth: ", "\"deep\"", "a whole number"]),
        (
            "activity_convergence",
            "activity_convergense",
            vec!["small.toml:1:", "activity_convergense", "is activity_convergence meant?"],
        ),
    ] {
        let folder = project();
        let text = format!("experiment = \"activity_convergence\"\n{SMALL}");
        assert!(text.contains(from));
        write(folder.path(), "experiments/small.toml", &text.replacen(from, to, 1));
        let answer = neurodyn(folder.path(), &["run"]);
        assert_eq!(answer.code, 2, "{to}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{to}: {part} missing in {}", answer.err);
        }
        assert_eq!(
            files_below(&folder.path().join("figures")).len() + files_below(&folder.path().join("results")).len(),
            0
        );
    }
}

#[test]
fn parameters_that_do_not_fit_together_are_named() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    for (name, from, to, parts) in [
        (
            "sampler_law",
            "layers = [1, 4]",
            "layers = [1, 5]",
            ["sampler_law.toml:", "layers is 5", "at most the depth"],
        ),
        (
            "distance_critical",
            "64, 128, 256]",
            "64, 128, 640000]",
            ["distance_critical.toml:", "sampled_layers is 640000", "depth"],
        ),
        ("distance_circle", "inputs = 24", "inputs = 23", ["distance_circle.toml:", "inputs is 23", "even"]),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let text = std::fs::read_to_string(shipped.join(format!("{name}.toml"))).expect("an experiment file");
        assert!(text.contains(from), "{name}: {from}");
        write(folder.path(), &format!("experiments/{name}.toml"), &text.replacen(from, to, 1));
        let answer = neurodyn(folder.path(), &["run"]);
        assert!(answer.code == 2 && !answer.err.contains("running"), "{name}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{name}: {part} missing in {}", answer.err);
        }
    }
}

#[test]
fn duplicate_seeds_name_both_files() {
    let folder = project();
    write(folder.path(), "experiments/twin.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}"));
    let answer = neurodyn(folder.path(), &["run", "small"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.contains("small.toml") && answer.err.contains("twin.toml") && answer.err.contains("seed 11"),
        "{}",
        answer.err
    );
}

#[test]
fn missing_and_malformed_golden_data() {
    let folder = project();
    let answer = neurodyn(folder.path(), &["check"]);
    assert!(answer.code == 2 && answer.err.contains("no golden data for small"), "{}", answer.err);
    let folder = accepted();
    let path = folder.path().join("tests/golden/small.layers.csv");
    let text = std::fs::read_to_string(&path).expect("golden data");
    std::fs::write(&path, text.replacen("1.3", "one", 1)).expect("written");
    let answer = neurodyn(folder.path(), &["check"]);
    assert!(answer.code == 2 && answer.err.contains("small.layers.csv:2:"), "{}", answer.err);
}

#[test]
fn an_output_that_cannot_be_written_fails_before_the_work() {
    let folder = project();
    write(folder.path(), "occupied", "a file where a folder should be");
    let answer = neurodyn(folder.path(), &["run", "--out", "occupied"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("occupied") && !answer.err.contains("running"), "{}", answer.err);
    let figure = folder.path().join("figures/small.svg");
    std::fs::create_dir_all(&figure).expect("created");
    let answer = neurodyn(folder.path(), &["run"]);
    assert!(answer.code == 2 && answer.err.contains("small.svg: cannot be written"), "{}", answer.err);
    assert!(!answer.err.contains("running"), "{}", answer.err);
}

#[test]
fn unknown_names_say_what_there_is() {
    let folder = project();
    let answer = neurodyn(folder.path(), &["run", "smal"]);
    assert!(answer.code == 2 && answer.err.contains("\"smal\"") && answer.err.contains("small"), "{}", answer.err);
    let nowhere = tempfile::tempdir().expect("a folder");
    let answer = neurodyn(nowhere.path(), &["list"]);
    assert!(answer.code == 2 && answer.err.contains("--root"), "{}", answer.err);
}

#[test]
fn a_computation_that_overflows_names_where() {
    let folder = project();
    let text = format!("experiment = \"activity_convergence\"\n{SMALL}");
    let text = text.replace("\"tanh\"", "\"linear\"").replace("[1.3, 2.5]", "[1e99]").replace("0.2, 1.0", "1.0");
    write(folder.path(), "experiments/small.toml", &text);
    let answer = neurodyn(folder.path(), &["run"]);
    assert!(answer.code == 2 && answer.err.contains("layer 2") && answer.err.contains("small.toml"), "{}", answer.err);
}
