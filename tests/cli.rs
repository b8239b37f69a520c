//! The program as its users meet it: contracts, bad input, golden data, exit codes.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const SMALL: &str = r#"family = "activity"
title = "A small one"
seed = 11
values = 1

[parameters]
activation = "tanh"
sigma_w = [1.3, 2.5]
sigma_b = 0.3
initial_activities = [0.2, 1.0]
depth = 3
width = 200
replicas = 40
"#;

/// A project with one small experiment, a variant of `activity_convergence`.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}"));
    folder
}

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
    std::fs::write(path, text).expect("written");
}

struct Answer {
    code: i32,
    out: String,
    err: String,
}

fn neurodyn(root: &Path, arguments: &[&str]) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_neurodyn"));
    let output = command.current_dir(root).args(arguments).output().expect("it runs");
    Answer {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

fn json(root: &Path, arguments: &[&str]) -> Value {
    let answer = neurodyn(root, arguments);
    assert_eq!(answer.code, 0, "{}", answer.err);
    serde_json::from_str(&answer.out).expect("JSON")
}

/// Runs and accepts the small experiment.
fn accepted() -> TempDir {
    let folder = project();
    let root = folder.path();
    let first = neurodyn(root, &["run"]);
    assert_eq!(first.code, 2, "golden data are missing: {}", first.err);
    assert!(first.err.contains("neurodyn accept small"), "{}", first.err);
    assert_eq!(neurodyn(root, &["accept", "small"]).code, 0);
    folder
}

fn files_below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() { names.extend(files_below(&path)) } else { names.push(path.display().to_string()) }
    }
    names.sort();
    names
}

#[test]
fn run_accept_check_list_draw() {
    let folder = accepted();
    let root = folder.path();
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    assert!(svg.contains("<nd:seed>11</nd:seed>") && svg.contains("initial_activities"));
    for arguments in [vec!["run"], vec!["check"], vec!["run", "--jobs", "1", "--quiet"], vec!["draw", "small"]] {
        let answer = neurodyn(root, &arguments);
        assert_eq!((answer.code, answer.out.as_str()), (0, ""), "{arguments:?}: {}", answer.err);
        assert_eq!(std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn"), svg, "{arguments:?}");
    }
    let list = json(root, &["list", "--json"]);
    let row = &list.as_array().expect("an array")[0];
    assert_eq!(row["id"], "small");
    assert_eq!(row["family"], "activity");
    assert_eq!(row["seed"], 11);
    assert_eq!(row["figures"], serde_json::json!(["figures/small.svg"]));
    assert_eq!((row["state"].as_str(), row["reason"].as_str()), (Some("fresh"), Some("")));
    // a changed file makes the figure stale and the stored results useless
    write(
        root,
        "experiments/small.toml",
        &format!("experiment = \"activity_convergence\"\n{}", SMALL.replace("11", "12")),
    );
    assert_eq!(json(root, &["list", "--json"])[0]["state"], "stale");
    let draw = neurodyn(root, &["draw"]);
    assert!(draw.code == 2 && draw.err.contains("another version"), "{}", draw.err);
    std::fs::remove_file(root.join("figures/small.svg")).expect("removed");
    assert_eq!(json(root, &["list", "--json"])[0]["state"], "missing");
}

#[test]
fn one_golden_cell_off_by_1e_9_fails_the_check_and_is_named() {
    let folder = accepted();
    let root = folder.path();
    let path = root.join("tests/golden/small.layers.csv");
    let text = std::fs::read_to_string(&path).expect("golden data");
    let line = text.lines().nth(4).expect("a row");
    let cells: Vec<&str> = line.split(',').collect();
    let value: f64 = cells[4].parse().expect("a number");
    let changed = line.replacen(cells[4], &format!("{:?}", value * (1.0 + 1e-9)), 1);
    std::fs::write(&path, text.replacen(line, &changed, 1)).expect("written");
    let answer = neurodyn(root, &["check"]);
    assert_eq!(answer.code, 1, "{}", answer.err);
    for part in ["small.layers.csv", "column activity_theory", "row 4", "sigma_w = 1.3", "layer = 3", "relative 1.0e-9"]
    {
        assert!(answer.err.contains(part), "{part} missing in {}", answer.err);
    }
    assert!(root.join("tests/golden/small.layers.csv.new").is_file());
    assert_eq!(neurodyn(root, &["run"]).code, 1);
    assert_eq!(neurodyn(root, &["accept"]).code, 0);
    assert!(!root.join("tests/golden/small.layers.csv.new").exists());
    assert_eq!(neurodyn(root, &["check"]).code, 0);
}

#[test]
fn verdicts_in_json() {
    let folder = accepted();
    let root = folder.path();
    let check = json(root, &["check", "--json", "--quiet"]);
    let row = &check.as_array().expect("an array")[0];
    assert_eq!((row["id"].as_str(), row["outcome"].as_str()), (Some("small"), Some("fine")));
    assert_eq!((row["problems"].as_array().map(Vec::len), row["agreement"]["holds"].as_bool()), (Some(0), Some(true)));
    std::fs::remove_file(root.join("figures/small.svg")).expect("removed");
    let answer = neurodyn(root, &["check", "--json"]);
    let check: Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!((answer.code, check[0]["outcome"].as_str()), (1, Some("failed")));
    assert!(check[0]["problems"][0].as_str().is_some_and(|text| text.contains("small.svg is missing")), "{check}");
}

#[test]
fn golden_data_of_no_table_fail_the_check_until_accepted() {
    let folder = accepted();
    let root = folder.path();
    write(root, "tests/golden/small.old.csv", "a\n1\n");
    let answer = neurodyn(root, &["check"]);
    assert!(answer.code == 1 && answer.err.contains("small.old.csv belongs to no table"), "{}", answer.err);
    assert_eq!(neurodyn(root, &["accept"]).code, 0);
    assert_eq!(neurodyn(root, &["check"]).code, 0);
}

#[test]
fn only_what_was_looked_at_becomes_golden() {
    let folder = accepted();
    let root = folder.path();
    let waiting = root.join("tests/golden/small.layers.csv.new");
    // a later check found other numbers than those of the stored results
    std::fs::write(&waiting, "layer\n1\n").expect("written");
    let answer = neurodyn(root, &["accept"]);
    assert!(answer.code == 2 && answer.err.contains("small.layers.csv.new"), "{}", answer.err);
    assert!(waiting.exists());
    // where all is as it was, nothing waits any more
    assert_eq!(neurodyn(root, &["check"]).code, 0);
    assert!(!waiting.exists());
    // and where nothing was run, nothing is made
    let folder = project();
    let answer = neurodyn(folder.path(), &["accept"]);
    assert!(answer.code == 2 && answer.err.contains("neurodyn run small"), "{}", answer.err);
    assert_eq!(files_below(folder.path()).len(), 1);
    assert!(!folder.path().join("results").exists() && !folder.path().join("tests").exists());
}

#[test]
fn a_changed_or_missing_figure_fails_the_check() {
    let folder = accepted();
    let figure = folder.path().join("figures/small.svg");
    let svg = std::fs::read_to_string(&figure).expect("drawn");
    std::fs::write(&figure, svg.replacen("</svg>", " </svg>", 1)).expect("written");
    let answer = neurodyn(folder.path(), &["check"]);
    assert!(answer.code == 1 && answer.err.contains("small.svg is not what would be drawn"), "{}", answer.err);
    std::fs::remove_file(&figure).expect("removed");
    let answer = neurodyn(folder.path(), &["check"]);
    assert!(answer.code == 1 && answer.err.contains("small.svg is missing"), "{}", answer.err);
}

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
        ("depth = 3", "depth = 0", vec!["small.toml:12:", "parameters.depth: ", "0", "from 1"]),
        ("depth = 3", "depth = 100000000000", vec!["small.toml:12:", "to 1000000"]),
        ("\"activity\"", "\"acitvity\"", vec!["small.toml:2:", "acitvity", "distance"]),
        ("width = 200", "width = 0", vec!["small.toml:13:", "width", "0", "from 1"]),
        ("depth = 3", "depth = \"deep\"", vec!["small.toml:12:", "depth: ", "\"deep\"", "a whole number"]),
        (
            "activity_convergence",
            "activity_convergense",
            vec!["small.toml:1:", "activity_convergense", "activity_width"],
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
            "16, 32, 64]",
            "16, 32, 6400]",
            ["distance_critical.toml:", "sampled_layers is 6400", "depth"],
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

#[cfg(unix)]
#[test]
fn an_interrupt_stops_the_work_and_leaves_nothing_half_written() {
    let folder = project();
    let root = folder.path();
    let text = format!("experiment = \"activity_convergence\"\n{SMALL}");
    let text = text.replace("width = 200", "width = 100000").replace("replicas = 40", "replicas = 100000");
    write(root, "experiments/small.toml", &text);
    let mut child = Command::new(env!("CARGO_BIN_EXE_neurodyn"))
        .current_dir(root)
        .arg("run")
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut lines = BufReader::new(child.stderr.take().expect("its messages")).lines();
    assert_eq!(lines.next().expect("a line").expect("text"), "small: running");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let rest: Vec<String> = lines.map(|line| line.expect("text")).collect();
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{rest:?}");
    assert!(rest.iter().any(|line| line.contains("interrupted")), "{rest:?}");
    assert_eq!(files_below(root), [root.join("experiments/small.toml").display().to_string()]);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_neurodyn"))
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn theory_card_in_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let card = |arguments: &str| json(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
    let tanh = card("theory --activation tanh --sigma-w 2.5 --sigma-b 0.3 --depth 3 --correlation 0.5 --json");
    assert_eq!(tanh["phase"], "chaotic");
    for (field, exact) in [
        ("q_star", 4.079_123_875_282_246),
        ("activity_star", 0.638_259_820_045_159_3),
        ("activity_slope", 0.233_922_045_582_591_1),
        ("chi_1", 1.585_224_765_006_033),
        ("chi_2", 7.475_258_071_401_551),
        ("correlation_star", 0.122_103_747_305_585_4),
        ("distance_star", 1.145_935_220_603_712_8),
        ("depth_scale_q", 0.688_341_457_236_773_2),
        ("depth_scale_c", 5.108_918_989_166_762),
        ("critical_sigma_w", 1.395_583_975_154_902_2),
    ] {
        let found = tanh[field].as_f64().expect(field);
        assert!((found / exact - 1.0).abs() < 1e-10, "{field}: {found}");
    }
    let layers = tanh["layers"].as_array().expect("layers");
    assert_eq!(layers.len(), 4);
    assert_eq!(layers[0]["layer"], 0);
    assert_eq!(layers[0]["activity"], tanh["activity_star"]);
    assert!((layers[0]["correlation"].as_f64().expect("c") - 0.5).abs() < 1e-15);

    let stationary = card("theory --activation tanh --sigma-w 1.8 --sigma-b 0.3 --json");
    let found = stationary["finite_width"]["n_var_activity"].as_f64().expect("a number");
    assert!((found / 0.131_171_045_653_354_9 - 1.0).abs() < 1e-10);
    assert!(stationary.get("layers").is_none());

    let relu = card("theory --activation relu --sigma-w 2 --sigma-b 0.5 --depth 2 --activity 1 --json");
    assert!(relu["q_star"].is_null() && relu["reasons"]["q_star"].as_str().is_some_and(|why| why.contains("bound")));
    assert_eq!(relu["layers"][1]["activity"], 2.125);
    assert!(relu["layers"][1]["distance"].is_null());

    let tiny = card("theory --activation erf_sqrt2 --sigma-w 2 --sigma-b 0.3 --depth 1 --distance 1e-300 --json");
    let ratio = tiny["layers"][1]["distance"].as_f64().expect("D") / 1e-300;
    assert!((ratio / 1.158_600_809_208_319_4 - 1.0).abs() < 1e-12);
}

#[test]
fn samples_do_not_depend_on_threads_or_instructions() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = "sample --activation tanh --sigma-w 2.5 --sigma-b 0.3 --width 100,50,20 --depth 3 --activity 0.6 \
                --correlation 0.5 --replicas 40 --seed 3 --sampler";
    for sampler in ["macroscopic", "explicit"] {
        let run = |more: &str, level: Option<&str>| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_neurodyn"));
            command.current_dir(folder.path()).args(format!("{base} {sampler} {more}").split_whitespace());
            if let Some(level) = level {
                command.env("NEURODYN_SIMD", level);
            }
            let output = command.output().expect("it runs");
            (output.status.code(), String::from_utf8(output.stdout).expect("text"))
        };
        let (code, reference) = run("--json", None);
        assert_eq!(code, Some(0));
        for jobs in ["--json --jobs 1", "--json --jobs 2", "--json --jobs 3"] {
            assert_eq!(run(jobs, None).1, reference, "{sampler} {jobs}");
        }
        for level in ["scalar", "sse2", "avx2", "avx512"] {
            let (code, out) = run("--json", Some(level));
            assert!(code == Some(2) || out == reference, "{sampler} {level}");
        }
        assert_eq!(run("--json", Some("mmx")).0, Some(2));
        let value: Value = serde_json::from_str(&reference).expect("JSON");
        let layers = value["layers"].as_array().expect("layers");
        assert_eq!(layers.len(), 4);
        assert_eq!(layers[0]["overlap"]["mean"], 0.3);
        assert_eq!(layers[0]["distance"]["stderr"], 0.0);
        assert!(layers[3]["activity"]["stderr"].as_f64().is_some_and(|stderr| stderr > 0.0));
        let csv = run("--csv", None).1;
        assert_eq!(csv.lines().count(), 1 + 3 * 4);
        assert!(csv.starts_with("layer,observable,mean,stderr\n0,activity,0.6,0.0\n"), "{csv}");
    }
    // squares beyond the largest number are an error, not a gap
    let overflow = "sample --activation linear --sigma-w 1e40 --sigma-b 0 --width 10 --depth 2 --activity 1 \
                    --correlation 0.5 --replicas 3 --seed 1 --sampler macroscopic --json";
    let answer = neurodyn(folder.path(), &overflow.split_whitespace().collect::<Vec<_>>());
    assert!(answer.code == 2 && answer.out.is_empty() && answer.err.contains("layer 2"), "{}", answer.err);
    let one = base.replace("--replicas 40", "--replicas 1");
    let arguments = format!("{one} macroscopic --json");
    let single = json(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>());
    assert!(single["layers"][2]["activity"]["stderr"].is_null());
}

#[test]
fn bad_flags_name_flag_value_and_what_is_allowed() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = "sample --activation tanh --sigma-w 2.5 --sigma-b 0.3 --width 100 --depth 3 --activity 0.6 --correlation 0.5 \
                --replicas 4 --seed 3 --sampler macroscopic";
    for (from, to, parts) in [
        ("--sigma-w 2.5", "--sigma-w -2.5", vec!["--sigma-w", "-2.5", "from 0"]),
        ("--sigma-b 0.3", "--sigma-b nan", vec!["--sigma-b", "NaN", "from 0"]),
        ("--activation tanh", "--activation tahn", vec!["--activation", "tahn", "softplus"]),
        ("--width 100", "--width 0", vec!["--width", "0", "from 1"]),
        ("--width 100", "--width 10,20", vec!["--width", "2 numbers", "--depth"]),
        ("--correlation 0.5", "--correlation 1.5", vec!["--correlation", "1.5", "from -1 to 1"]),
        ("--replicas 4", "--replicas 0", vec!["--replicas", "0", "1.."]),
        ("--activity 0.6", "--activity -1", vec!["--activity", "-1", "0 or more"]),
        ("--sampler macroscopic", "--sampler magic", vec!["--sampler", "magic", "explicit"]),
        ("--seed 3", "", vec!["--seed"]),
        ("--width 100", "--width 100 --jobs 0", vec!["--jobs", "0"]),
        ("macroscopic", "explicit --width 100000", vec!["width"]),
    ] {
        let text = good.replacen(from, to, 1);
        let answer = neurodyn(folder.path(), &text.split_whitespace().collect::<Vec<_>>());
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{to}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{to}: {part} missing in {}", answer.err);
        }
    }
    let explicit = good.replace("--width 100", "--width 100000").replace("macroscopic", "explicit");
    let answer = neurodyn(folder.path(), &explicit.split_whitespace().collect::<Vec<_>>());
    assert!(answer.code == 2 && answer.err.contains("macroscopic"), "{}", answer.err);
}

#[test]
fn help_version_and_completions() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, part) in [
        (vec!["--help"], "Usage"),
        (vec!["--version"], "neurodyn"),
        (vec!["completions", "bash"], "complete"),
        (vec!["completions", "zsh"], "compdef"),
    ] {
        let answer = neurodyn(folder.path(), &arguments);
        assert!(answer.code == 0 && answer.out.contains(part), "{arguments:?}: {}", answer.err);
    }
    assert_eq!(neurodyn(folder.path(), &[]).code, 2);
    assert_eq!(neurodyn(folder.path(), &["fly"]).code, 2);
}
