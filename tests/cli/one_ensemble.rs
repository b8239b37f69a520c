//! One ensemble without an experiment: theory cards, samples, their flags, and help.

use super::{json, neurodyn};
use serde_json::Value;
use std::process::{Command, Stdio};

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
