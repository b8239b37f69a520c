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
fn theory_of_a_curve_through_the_layers() {
    let folder = tempfile::tempdir().expect("a folder");
    let card = |arguments: &str| json(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
    let near = |found: &Value, exact: f64| {
        let found = found.as_f64().unwrap_or(f64::NAN);
        assert!((found / exact - 1.0).abs() < 1e-10, "{found} against {exact}");
    };
    let tanh = card("theory --activation tanh --sigma-w 2.5 --sigma-b 0.3 --depth 6 --json");
    let number = |field: &str| tanh[field].as_f64().expect(field);
    let (a, chi_1, chi_2) = (number("activity_star"), number("chi_1"), number("chi_2"));
    // at the fixed point: g = chi_1^l, the recursion of kappa^2 from the great circle, and 2 pi sqrt(A g kappa^2)
    let (mut metric, mut curvature) = (1.0, 1.0 / a);
    for layer in tanh["layers"].as_array().expect("layers") {
        near(&layer["metric"], metric);
        near(&layer["curvature"], curvature);
        near(&layer["gauss_map_length"], std::f64::consts::TAU * (a * metric * curvature).sqrt());
        metric *= chi_1;
        curvature = curvature / chi_1 + 3.0 * chi_2 / (chi_1 * chi_1);
    }
    let bent = card("theory --activation tanh --sigma-w 2.5 --sigma-b 0.3 --depth 1 --curvature 10 --json");
    near(&bent["layers"][1]["curvature"], 10.0 / chi_1 + 3.0 * chi_2 / (chi_1 * chi_1));
    assert_eq!(bent["layers"][1]["gauss_map_length"], tanh["layers"][1]["gauss_map_length"]);
    // off the fixed point the activity of each layer counts
    let off = card("theory --activation erf_sqrt2 --sigma-w 2 --sigma-b 0.3 --depth 1 --activity 0.9 --json");
    let q = 4.0 * 0.9 + 0.09;
    near(&off["layers"][1]["metric"], 4.0 * std::f64::consts::FRAC_2_PI / (1.0f64 + 2.0 * q).sqrt());
    for (activation, sigma_w, rate) in
        [("tanh", "1.8", 5.676_474_750_086_788), ("erf_sqrt2", "2", 4.900_004_911_960_492)]
    {
        let card = card(&format!("theory --activation {activation} --sigma-w {sigma_w} --sigma-b 0.3 --json"));
        near(&card["finite_width"]["n_log_metric_variance_rate"], rate);
    }
    let relu = card("theory --activation relu --sigma-w 1.2 --sigma-b 0.3 --depth 2 --json");
    near(&relu["layers"][2]["metric"], 0.72 * 0.72);
    for field in ["curvature", "gauss_map_length"] {
        assert!(relu["layers"][2][field].is_null(), "{relu}");
        assert!(relu["reasons"][field].as_str().is_some_and(|why| why.contains("corners")), "{relu}");
    }
    let silent = card("theory --activation tanh --sigma-w 0.5 --sigma-b 0 --depth 2 --json");
    assert!(silent["layers"][0]["curvature"].is_null() && silent["reasons"]["curvature"].is_string());
    // the metric overflows some 1500 layers down, the curvature never does
    let deep = card("theory --activation tanh --sigma-w 2.5 --sigma-b 0.3 --depth 2000 --json");
    assert!(deep["layers"][2000]["metric"].is_null() && deep["reasons"]["metric"].is_string());
    near(&deep["layers"][2000]["curvature"], 3.0 * chi_2 / (chi_1 * (chi_1 - 1.0)));
    let text = neurodyn(
        folder.path(),
        &"theory --activation tanh --sigma-w 2.5 --sigma-b 0.3 --depth 2".split(' ').collect::<Vec<_>>(),
    );
    assert!(text.code == 0 && text.out.contains("kappa^2") && text.out.contains("n d Var(ln g) / dl"), "{}", text.out);
    // both correlations of a layer say what they are of
    let pair = "theory --activation tanh --sigma-w 2.5 --sigma-b 0.3 --depth 2 --correlation 0.5";
    let text = neurodyn(folder.path(), &pair.split(' ').collect::<Vec<_>>());
    let head = text.out.lines().find(|line| line.trim_start().starts_with("layer ")).expect("a head");
    assert!(head.contains(" c (outputs) ") && head.contains(" c (preactivations) "), "{head}");
}

/// The values that tests/reference/values.json holds for dropout, the scaling function and the tangent kernel, by the program itself.
#[test]
fn what_a_card_holds_when_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let all: Value = serde_json::from_str(include_str!("../reference/values.json")).expect("JSON");
    let number = |value: &Value| value.as_str().expect("a decimal string").parse::<f64>().expect("a number");
    let mut seen = [0; 3];
    for entry in all["entries"].as_array().expect("entries") {
        let kind = entry["id"].as_str().and_then(|id| id.split('/').next()).expect("an id");
        let inputs = &entry["inputs"];
        let text = |name: &str| inputs[name].as_str().expect("text").to_owned();
        let (more, fields): (String, &[&str]) = match kind {
            "dropout" => (format!("--keep {}", text("keep")), &["q_star", "correlation_star", "map_at_one"]),
            "koenigs" => {
                let places = inputs["s"].as_array().expect("places").iter().map(|s| s.as_str().expect("text"));
                (format!("--koenigs {}", places.collect::<Vec<_>>().join(",")), &[])
            }
            "ntk" => {
                let (depth, a, c) = (&inputs["L"], text("A0"), text("C0"));
                (format!("--depth {depth} --activity {a} --overlap {c} --ntk"), &["kappa_1", "kappa_2"])
            }
            _ => continue,
        };
        seen[["dropout", "koenigs", "ntk"].iter().position(|name| *name == kind).expect("one of them")] += 1;
        let ensemble = format!("--activation {} --sigma-w {} --sigma-b {}", text("act"), text("sw"), text("sb"));
        let arguments = format!("theory {ensemble} {more}");
        let words: Vec<&str> = arguments.split(' ').collect();
        let card = json(folder.path(), &[&words[..], &["--json"]].concat());
        let found: Vec<&Value> = match kind {
            "koenigs" => card[kind].as_array().expect("values").iter().collect(),
            _ => fields.iter().map(|field| &card[kind][field]).collect(),
        };
        let exact: Vec<f64> = entry["value"].as_array().expect("values").iter().map(number).collect();
        assert_eq!(found.len(), exact.len());
        let text = neurodyn(folder.path(), &words);
        for (found, exact) in found.iter().zip(exact) {
            let value = found.as_f64().expect("a number");
            let digits = found.to_string();
            let shown = &digits[..digits.len().min(14)];
            assert!((value / exact - 1.0).abs() < 1e-10, "{arguments}: {value} against {exact}");
            assert!(text.code == 0 && text.out.contains(shown), "{arguments}: {}", text.out);
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    // what was not asked for is not there; what does not exist is null and says why
    let tanh = "theory --activation tanh --sigma-w 1.3 --sigma-b 0.3";
    let card =
        |more: &str| json(folder.path(), &format!("{tanh} {more} --json").split_whitespace().collect::<Vec<_>>());
    let plain = card("");
    assert!(["dropout", "koenigs", "ntk"].iter().all(|field| plain.get(field).is_none()));
    let ordered = card("--koenigs 1 --keep 1");
    assert!(
        ordered["koenigs"].is_null() && ordered["reasons"]["koenigs"].as_str().is_some_and(|why| why.contains("chi_1"))
    );
    assert_eq!(
        (&ordered["dropout"]["correlation_star"], &ordered["dropout"]["q_star"]),
        (&1.0.into(), &plain["q_star"])
    );
    for (more, parts) in [
        ("--keep 0", ["--keep", "from 1e-6 to 1"]),
        ("--keep 1.01", ["1.01", "from 1e-6 to 1"]),
        ("--keep half", ["half", "not a number"]),
        ("--koenigs 1,,2", ["--koenigs", "not a number"]),
        ("--koenigs 1,-2", ["-2", "0 or more"]),
        ("--ntk", ["--depth", "--overlap"]),
        ("--ntk --depth 3", ["--overlap", "required"]),
        ("--ntk --depth 0 --overlap 0.1", ["--depth is 0", "at least 1"]),
    ] {
        let arguments = format!("{tanh} {more}");
        let answer = neurodyn(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>());
        assert!(answer.code == 2 && answer.out.is_empty(), "{more}: {}", answer.err);
        assert!(parts.iter().all(|part| answer.err.contains(part)), "{more}: {}", answer.err);
    }
}

#[test]
fn sampled_observables_meet_their_theory() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &str| json(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>());
    let theory =
        run("theory --activation tanh --sigma-w 2.5 --sigma-b 0.3 --depth 5 --activity 0.8 --correlation 0.5 --json");
    let names = ["curvature", "distance", "metric", "activity", "overlap"];
    let base = "sample --activation tanh --sigma-w 2.5 --sigma-b 0.3 --depth 5 --activity 0.8 --seed 4 --json";
    for (sampler, width, replicas, correlation) in
        [("macroscopic", 4000, 200, "--correlation 0.5"), ("explicit", 400, 40, "--correlation 0.5")]
    {
        let found = run(&format!(
            "{base} {correlation} --width {width} --replicas {replicas} --sampler {sampler} --observables {}",
            names.join(",")
        ));
        for (layer, expected) in
            found["layers"].as_array().expect("layers").iter().zip(theory["layers"].as_array().expect("layers"))
        {
            let fields: Vec<&String> = layer.as_object().expect("an object").keys().collect();
            assert_eq!(fields.len(), 1 + names.len());
            for name in names {
                let mean = layer[name]["mean"].as_f64().expect(name);
                let stderr = layer[name]["stderr"].as_f64().expect(name);
                let exact = expected[name].as_f64().expect(name);
                // corrections of order 1/n are far below these errors
                let close = (mean - exact).abs() <= 5.0 * stderr + 1e-14;
                assert!(close, "{sampler} {name}: {mean} {stderr} {exact}");
            }
        }
    }
    // what is not asked for changes nothing: the columns are those needed
    let pair = run(&format!("{base} --correlation 0.5 --width 100 --replicas 40 --sampler macroscopic"));
    let chosen = run(&format!(
        "{base} --correlation 0.5 --width 100 --replicas 40 --sampler macroscopic --observables activity,overlap,distance"
    ));
    assert_eq!(pair, chosen);
    let alone = run(&format!("{base} --width 100 --replicas 40 --sampler macroscopic --observables metric"));
    assert_eq!(alone["layers"][0]["metric"]["mean"], 1.0);
    // in the order asked for, in every format
    let asked = format!("{} --width 100 --replicas 2 --sampler macroscopic --observables", base.replace("--json", ""));
    for format in ["--json", "--csv", ""] {
        let arguments = format!("{asked} curvature,activity,metric {format}");
        let answer = neurodyn(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>());
        let places = ["curvature", "activity", "metric"].map(|name| answer.out.find(name).expect(name));
        assert!(answer.code == 0 && places.is_sorted(), "{format}: {}", answer.out);
        assert!(!answer.out.contains("distance"), "{format}: {}", answer.out);
    }
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
        for level in ["scalar", "neon", "sse2", "avx2", "avx512"] {
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
fn samples_go_on_until_the_standard_error_is_reached() {
    let folder = tempfile::tempdir().expect("a folder");
    let base = "sample --activation tanh --sigma-w 2.5 --sigma-b 0.3 --width 100 --depth 3 --activity 0.6 \
                --correlation 0.5 --seed 3 --sampler macroscopic --json";
    let run = |flags: &str| json(folder.path(), &format!("{base} {flags}").split_whitespace().collect::<Vec<_>>());
    let largest = |found: &Value| {
        let layers = found["layers"].as_array().expect("layers");
        let names = ["activity", "overlap", "distance"];
        let stderr = |layer: &Value, name: &str| layer[name]["stderr"].as_f64().expect("a number");
        layers.iter().flat_map(|layer| names.map(|name| stderr(layer, name))).fold(0.0, f64::max)
    };
    let found = run("--target-stderr 2e-3 --at-most 100000");
    let batches = (1..20).find(|batches| run(&format!("--replicas {}", 1024 * batches)) == found).expect("batches");
    assert!(
        batches > 1 && largest(&found) <= 2e-3 && largest(&run(&format!("--replicas {}", 1024 * (batches - 1)))) > 2e-3
    );
    // what cannot be reached is said
    let text = format!("{base} --target-stderr 1e-9 --at-most 1500");
    let answer = neurodyn(folder.path(), &text.split_whitespace().collect::<Vec<_>>());
    assert!(answer.code == 0 && answer.err.contains("after 1500 networks, the most allowed"), "{}", answer.err);
    assert_eq!(serde_json::from_str::<Value>(&answer.out).expect("JSON"), run("--replicas 1500"));
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
        ("--correlation 0.5", "", vec!["--correlation"]),
        ("macroscopic", "macroscopic --observables metric,torsion", vec!["torsion", "curvature", "activity"]),
        ("macroscopic", "macroscopic --observables metric,metric", vec!["metric", "twice"]),
        ("macroscopic", "macroscopic --observables metric,,activity", vec!["--observables", "\"\"", "curvature"]),
        ("macroscopic", "macroscopic --observables=", vec!["--observables", "\"\"", "curvature"]),
        ("--correlation 0.5", "--observables metric,overlap", vec!["--correlation", "overlap"]),
        (
            "--depth 3 --activity 0.6 --correlation 0.5 --replicas 4",
            "--depth 100000 --activity 0.6 --correlation 0.5 --replicas 30000000",
            vec!["--depth 100000", "4915249152 numbers"],
        ),
        ("--replicas 4", "", vec!["--replicas"]),
        ("--replicas 4", "--target-stderr 1e-3", vec!["--at-most"]),
        (
            "--replicas 4",
            "--replicas 4 --target-stderr 1e-3 --at-most 2000",
            vec!["--target-stderr", "cannot be used with"],
        ),
        ("--replicas 4", "--target-stderr 0 --at-most 2000", vec!["target_stderr", "0", "above 0"]),
        ("--replicas 4", "--target-stderr 1e-3 --at-most 100", vec!["at_most", "100", "1024"]),
        ("--activity 0.6", "--activity 0 --observables metric", vec!["--activity 0", "great circle"]),
        ("--activation tanh", "--activation relu --observables curvature", vec!["relu", "kink"]),
    ] {
        let text = good.replacen(from, to, 1);
        let answer = neurodyn(folder.path(), &text.split_whitespace().collect::<Vec<_>>());
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{to}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{to}: {part} missing in {}", answer.err);
        }
    }
    let theory = "theory --activation tanh --sigma-w 2.5 --sigma-b 0.3";
    for (more, part) in [
        ("--curvature 3", "--depth"),
        ("--depth 2 --curvature -1", "0 or more"),
        ("--depth 2 --curvature inf", "a finite number"),
    ] {
        let arguments = format!("{theory} {more}");
        let answer = neurodyn(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>());
        assert!(answer.code == 2 && answer.out.is_empty(), "{more}: {}", answer.err);
        assert!(answer.err.contains("--curvature") && answer.err.contains(part), "{more}: {}", answer.err);
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

#[test]
fn theory_names_every_fixed_point_and_the_jump() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = |arguments: &str| arguments.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let card = |arguments: &str| {
        let words = words(&format!("theory {arguments} --json"));
        json(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let near = |found: &Value, exact: f64, tolerance: f64| {
        let found = found.as_f64().unwrap_or(f64::NAN);
        assert!((found / exact - 1.0).abs() < tolerance, "{found} against {exact}");
    };
    let gelu = card("--activation gelu --sigma-w 1.40902 --sigma-b 0.41 --depth 1500 --activity 2.64");
    assert_eq!(gelu["phase"], "chaotic");
    near(&gelu["q_star"], 5.414_998_440_500_51, 1e-9);
    near(&gelu["chi_1"], 1.011_007_545_604_208, 1e-9);
    let last = gelu["layers"][1500]["activity"].as_f64().expect("a number");
    assert!((last - gelu["activity_star"].as_f64().expect("A*")).abs() < 2e-3, "{last}");
    let points = gelu["fixed_points"].as_array().expect("a list");
    let names: Vec<_> = points.iter().map(|point| point["stability"].as_str().expect("a name")).collect();
    assert_eq!(names, ["stable", "unstable", "stable"]);
    assert!(points[2]["reached"] == true && points[0]["reached"] == false);
    near(&points[0]["q"], 1.727_846_247_703_95, 1e-10);
    assert!(gelu["critical_sigma_w"].is_null());
    assert!(gelu["reasons"]["critical_sigma_w"].as_str().is_some_and(|why| why.contains("saddle-node")));
    near(&gelu["chi_1_jump"]["sigma_w"], 1.409_012_421_184_725, 1e-13);
    near(&gelu["chi_1_jump"]["q_above"], 5.065_538_012_720, 1e-9);
    // just above its edge an odd activation leaves 0
    near(&card("--activation tanh --sigma-w 1.000000005 --sigma-b 0")["q_star"], 5.0e-9, 1e-6);
    // gain 1 to rounding: everything is kept, or nothing holds what grows
    let he = card("--activation relu --sigma-w 1.4142135623730951 --sigma-b 0 --depth 2 --activity 3");
    assert!(he["phase"] == "critical" && he["chi_1"] == 1.0 && he["fixed_points"].is_null(), "{he}");
    assert!(
        he["reasons"].as_object().expect("reasons").values().all(|why| !why.as_str().unwrap_or("").contains("bound"))
    );
    near(&he["layers"][2]["activity"], 3.0, 1e-14);
    for (ensemble, why) in [
        ("--activation softplus --sigma-w 1.4142135623730951 --sigma-b 0", "without bound"),
        ("--activation relu --sigma-w 1.4142135623730951 --sigma-b 0", "every activity"),
    ] {
        let card = card(ensemble);
        assert!(card["q_star"].is_null() && card["reasons"]["q_star"].as_str().is_some_and(|text| text.contains(why)));
    }
    let gelu = card("--activation gelu --sigma-w 1.414213562373095 --sigma-b 0");
    assert!(gelu["q_star"] == 0.0 && gelu["phase"] == "ordered");
    let masked = card("--activation relu --sigma-w 1 --sigma-b 0.2 --keep 0.5");
    assert!(masked["dropout"]["q_star"].is_null() && masked["reasons"]["dropout"].is_string());
}
