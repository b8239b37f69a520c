//! Shards: the bytes of a single run from any number of parts, and what a merge refuses.

use super::{Answer, SMALL, accepted, files_below, interrupted, json, neurodyn, write};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

fn shard(root: &Path, which: &str, dir: &str) -> Answer {
    neurodyn(root, &["--quiet", "shard", "run", "small", "--shard", which, "--dir", dir])
}

fn merge(root: &Path, dir: &str) -> Answer {
    neurodyn(root, &["--quiet", "shard", "merge", "small", "--dir", dir, "--out", &format!("{dir}/out")])
}

/// Files below a folder that a run writes, without the records of the machine: names and bytes.
fn written(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let names = files_below(folder)
        .into_iter()
        .filter(|name| !["run.json", "stamp.json"].iter().any(|record| name.ends_with(record)));
    let relative = |name: &str| name.strip_prefix(&folder.display().to_string()).expect("below").to_owned();
    names.map(|name| (relative(&name), std::fs::read(&name).expect("readable"))).collect()
}

/// The small experiment with more replicas, some of them by standard error, run by one process into `single`.
fn single() -> TempDir {
    let folder = accepted();
    let root = folder.path();
    let text = SMALL.replace("replicas = 40", "replicas = { target_stderr = 6e-4, at_most = 3000 }");
    write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{text}"));
    assert_eq!(neurodyn(root, &["run", "--out", "single", "--quiet"]).code, 1, "golden data are of another file");
    assert_eq!(neurodyn(root, &["accept", "--out", "single"]).code, 0);
    folder
}

/// A folder with all three shards.
fn three() -> TempDir {
    let folder = single();
    for index in 0..3 {
        assert_eq!(shard(folder.path(), &format!("{index}/3"), "three").code, 0);
    }
    folder
}

fn file(root: &Path, index: u64) -> PathBuf {
    root.join(format!("three/shard-{index}-of-3.json"))
}

#[test]
fn any_number_of_shards_merges_to_the_bytes_of_a_single_run() {
    let folder = single();
    let root = folder.path();
    let expected = written(&root.join("single"));
    assert!(expected.len() >= 6, "{:?}", expected.iter().map(|(name, _)| name).collect::<Vec<_>>());
    for of in [1, 3, 7] {
        let dir = format!("shards{of}");
        // in any order, on any number of threads
        for index in (0..of).rev() {
            let which = format!("{index}/{of}");
            let jobs = format!("{}", 1 + index % 2);
            let answer = neurodyn(
                root,
                &["--jobs", &jobs, "--quiet", "shard", "run", "small", "--shard", &which, "--dir", &dir],
            );
            assert_eq!((answer.code, answer.out.as_str(), answer.err.as_str()), (0, "", ""), "{which}");
        }
        let answer = merge(root, &dir);
        assert_eq!(answer.code, 0, "{}", answer.err);
        assert!(written(&root.join(&dir).join("out")) == expected, "{of} shards");
    }
}

#[test]
fn a_cap_is_warned_of_and_told_by_the_tables() {
    let folder = single();
    let root = folder.path();
    let path = root.join("experiments/small.toml");
    let text = std::fs::read_to_string(&path).expect("read").replace("6e-4", "1e-9");
    std::fs::write(&path, text).expect("written");
    assert_eq!(shard(root, "0/1", "capped").code, 0);
    let answer = merge(root, "capped");
    for part in
        ["warning: sigma_w = 2.5, initial_activity = 1", "after 3000 replicas, the most allowed", "1e-9 was asked for"]
    {
        assert!(answer.err.contains(part), "{part}: {}", answer.err);
    }
    let run = neurodyn(root, &["run", "--quiet", "--out", "direct"]);
    assert!(run.err.contains("after 3000 replicas, the most allowed"), "{}", run.err);
    let table = std::fs::read_to_string(root.join("direct/results/small/layers.csv")).expect("a table");
    assert!(table.lines().skip(1).all(|line| line.split(',').nth(3) == Some("3000")), "{table}");
}

#[test]
fn what_is_there_is_left_alone_and_what_is_damaged_made_anew() {
    let folder = three();
    let root = folder.path();
    let before = std::fs::metadata(file(root, 1)).and_then(|data| data.modified()).expect("a time");
    let again = neurodyn(root, &["shard", "run", "small", "--shard", "1/3", "--dir", "three"]);
    assert!(again.code == 0 && again.err.contains("shard 1 of 3 is there already"), "{}", again.err);
    assert_eq!(std::fs::metadata(file(root, 1)).and_then(|data| data.modified()).expect("a time"), before);
    let whole = std::fs::read(file(root, 1)).expect("read");
    std::fs::write(file(root, 1), &whole[..whole.len() / 2]).expect("written");
    let status = neurodyn(root, &["shard", "status", "three"]);
    assert_eq!(status.code, 1);
    for part in ["2 of 3 shards are there", "missing: 1", "shard-1-of-3.json: damaged"] {
        assert!(status.out.contains(part), "{part}: {}", status.out);
    }
    let again = shard(root, "1/3", "three");
    assert!(
        again.code == 0 && again.err.contains("damaged") && again.err.contains("computing it again"),
        "{}",
        again.err
    );
    assert_eq!(std::fs::read(file(root, 1)).expect("read"), whole);
    let status = json(root, &["shard", "status", "three", "--json"]);
    assert_eq!(status["whole"], serde_json::json!([0, 1, 2]));
    assert_eq!((status["experiment"].as_str(), status["missing"].as_array().map(Vec::len)), (Some("small"), Some(0)));
}

#[test]
fn a_gap_is_refused_and_named() {
    let folder = three();
    let root = folder.path();
    std::fs::remove_file(file(root, 1)).expect("removed");
    let answer = merge(root, "three");
    assert_eq!(answer.code, 2, "{}", answer.err);
    for part in ["three: 1 of 3 shards are missing", "shard-1-of-3.json", "initial_activity", "blocks "] {
        assert!(answer.err.contains(part), "{part}: {}", answer.err);
    }
    assert!(!root.join("three/out").exists(), "nothing is written");
    let answer = merge(root, "nowhere");
    assert!(answer.code == 2 && answer.err.contains("nowhere: no shard files"), "{}", answer.err);
}

#[test]
fn damage_is_refused_and_named() {
    let folder = three();
    let root = folder.path();
    let text = std::fs::read_to_string(file(root, 2)).expect("read");
    // one bit of one number
    let at = text.find("\"moments\":[\"").expect("moments") + 14;
    let other = if &text[at..=at] == "0" { "1" } else { "0" };
    std::fs::write(file(root, 2), format!("{}{other}{}", &text[..at], &text[at + 1..])).expect("written");
    let answer = merge(root, "three");
    assert!(answer.code == 2 && answer.err.contains("shard-2-of-3.json: damaged: its checksum"), "{}", answer.err);
}

#[test]
fn shards_of_another_experiment_file_or_number_are_refused() {
    let folder = three();
    let root = folder.path();
    let path = root.join("experiments/small.toml");
    let text = std::fs::read_to_string(&path).expect("read");
    std::fs::write(&path, text.replace("seed = 11", "seed = 12")).expect("written");
    for answer in [merge(root, "three"), shard(root, "0/3", "three")] {
        assert_eq!(answer.code, 2, "{}", answer.err);
        for part in ["shard-0-of-3.json", "computed for an experiment file of digest", "but now it is"] {
            assert!(answer.err.contains(part), "{part}: {}", answer.err);
        }
    }
    std::fs::write(&path, text).expect("written");
    assert_eq!(merge(root, "three").code, 0);
    let whole = std::fs::read_to_string(file(root, 0)).expect("read");
    let version = format!("\"code\":\"{} ", env!("CARGO_PKG_VERSION"));
    std::fs::write(file(root, 0), reseal(&whole.replacen(&version, &format!("{version}0"), 1))).expect("written");
    let answer = merge(root, "three");
    assert!(answer.code == 2 && answer.err.contains("shard-0-of-3.json: computed for code"), "{}", answer.err);
    std::fs::write(file(root, 0), whole).expect("written");
    assert_eq!(shard(root, "0/2", "three").code, 0);
    let answer = merge(root, "three");
    assert!(answer.code == 2 && answer.err.contains("one of 3 shards"), "{}", answer.err);
}

#[test]
fn equal_duplicates_are_fine_and_others_refused() {
    let folder = three();
    let root = folder.path();
    std::fs::copy(file(root, 2), root.join("three/shard-copy.json")).expect("copied");
    assert_eq!(merge(root, "three").code, 0);
    // the same shard of a program that computes something else: a whole file with other numbers
    let text = std::fs::read_to_string(file(root, 2)).expect("read");
    let other = reseal(&text.replacen("[\"3f", "[\"3e", 1));
    std::fs::write(root.join("three/shard-copy.json"), other).expect("written");
    let answer = merge(root, "three");
    assert_eq!(answer.code, 2, "{}", answer.err);
    for part in ["shard-2-of-3.json and three/shard-copy.json", "shard 2", "differ in", "blocks "] {
        assert!(answer.err.contains(part), "{part}: {}", answer.err);
    }
    // and a shard with a block too few
    std::fs::remove_file(root.join("three/shard-copy.json")).expect("removed");
    let piece = text.find("{\"point\"").expect("a piece");
    let next = piece + text[piece..].find("},").expect("another") + 2;
    std::fs::write(file(root, 2), reseal(&format!("{}{}", &text[..piece], &text[next..]))).expect("written");
    let answer = merge(root, "three");
    assert!(answer.code == 2 && answer.err.contains("shard-2-of-3.json: does not hold"), "{}", answer.err);
}

/// The text with the checksum that belongs to its content.
fn reseal(text: &str) -> String {
    let start = text.find("\"content\":").expect("content") + 10;
    let content = text.trim_end().strip_suffix('}').map(|text| &text[start..]).expect("a whole file");
    format!(
        "{{\"sha256\":\"{}\",\"content\":{content}}}\n",
        neurodyn::provenance::digest([("shard", content.as_bytes())])
    )
}

#[test]
fn tasks_know_their_number_and_pack_shards() {
    let folder = single();
    let root = folder.path();
    let task = |variable: &str, number: &str, pack: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_neurodyn"));
        command.env_remove("SLURM_ARRAY_TASK_ID").env_remove("HQ_TASK_ID");
        if !variable.is_empty() {
            command.env(variable, number);
        }
        let arguments = ["--quiet", "shard", "run", "small", "--shard", "auto/5", "--pack", pack, "--dir", "auto"];
        let output = command.current_dir(root).args(arguments).output().expect("it runs");
        (output.status.code(), String::from_utf8(output.stderr).expect("text"))
    };
    assert_eq!(task("SLURM_ARRAY_TASK_ID", "0", "2"), (Some(0), String::new()));
    let missing =
        |pack: &str| neurodyn(root, &["shard", "status", "auto", "--shards", "5", "--missing", "--pack", pack]);
    assert_eq!((missing("1").out.as_str(), missing("1").code), ("2-4\n", 0));
    assert_eq!(missing("2").out, "1-2\n");
    assert_eq!(task("HQ_TASK_ID", "2", "2"), (Some(0), String::new()));
    assert_eq!(missing("1").out, "2-3\n");
    assert_eq!(task("HQ_TASK_ID", "1", "2"), (Some(0), String::new()));
    assert_eq!((missing("1").out.as_str(), missing("1").code), ("", 0));
    for (variable, number, part) in [
        ("", "", "SLURM_ARRAY_TASK_ID or HQ_TASK_ID"),
        ("HQ_TASK_ID", "3", "no task 3"),
        ("HQ_TASK_ID", "x", "HQ_TASK_ID is \"x\""),
    ] {
        let (code, text) = task(variable, number, "2");
        assert!(code == Some(2) && text.contains(part), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_stores_nothing() {
    let folder = single();
    let root = folder.path();
    let path = root.join("experiments/small.toml");
    let text = std::fs::read_to_string(&path).expect("read").replace("6e-4", "1e-9").replace("3000", "100000000");
    std::fs::write(&path, text).expect("written");
    interrupted(root, &["shard", "run", "small", "--shard", "0/2", "--dir", "stopped"]);
    assert_eq!(files_below(&root.join("stopped")), Vec::<String>::new());
}

#[test]
fn bad_flags_and_experiments_are_refused() {
    let folder = single();
    let root = folder.path();
    write(root, "experiments/law.toml", &shipped("activity_phase"));
    for (arguments, parts) in [
        ("run small --shard 3/3 --dir d", vec!["3/3", "i from 0 to K - 1"]),
        ("run small --shard 3 --dir d", vec!["i/K or auto/K"]),
        ("run small --shard -1/3 --dir d", vec!["-1/3"]),
        ("plan small --shards 0", vec!["--shards", "0"]),
        ("plan law --shards 3", vec!["law cannot be cut into shards", "these can: small"]),
        ("script law --engine slurm --shards 3 --dir d", vec!["law cannot be cut into shards"]),
        ("script small --engine pbs --shards 3 --dir d", vec!["pbs", "slurm, hyperqueue"]),
        ("status nowhere", vec!["nowhere: no shard files", "--shards"]),
        ("run big --shard 0/1 --dir d", vec!["no experiment is called", "small"]),
    ] {
        let mut words = vec!["shard"];
        words.extend(arguments.split(' '));
        let answer = neurodyn(root, &words);
        assert_eq!(answer.code, 2, "{arguments}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{arguments}: {part} missing in {}", answer.err);
        }
    }
}

fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("experiments/{name}.toml"));
    format!("experiment = \"{name}\"\n{}", std::fs::read_to_string(path).expect("a file"))
}

#[test]
fn the_plan_adds_up() {
    let folder = single();
    let plan = json(folder.path(), &["shard", "plan", "small", "--shards", "5", "--json"]);
    let sum = |of: &serde_json::Value, key: &str| {
        of.as_array().expect("an array").iter().map(|x| x[key].as_f64().expect("a number")).sum::<f64>()
    };
    assert_eq!(sum(&plan["points"], "replicas"), 4.0 * 3000.0);
    assert_eq!(plan["blocks"], 4 * 47);
    let shards: Vec<f64> = plan["shards"].as_array().expect("an array").iter().filter_map(|x| x.as_f64()).collect();
    assert!(
        shards.len() == 5
            && (shards.iter().sum::<f64>() / plan["seconds"].as_f64().expect("a number") - 1.0).abs() < 1e-9
    );
    assert_eq!(
        (plan["toml"].as_str().map(str::len), plan["points"][0]["target_stderr"].as_f64()),
        (Some(64), Some(6e-4))
    );
    let plan = neurodyn(folder.path(), &["shard", "plan", "small", "--shards", "1000"]).out;
    let end = plan.lines().last().expect("a line");
    assert!(end.contains(" ms of one core; 1000 shards of 0 s to ") && end.ends_with(" ms"), "{plan}");
}

/// Every experiment that simulates has a plan, and what simulates nothing says so.
#[test]
fn what_simulates_can_be_cut() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut simulate = 0;
    for entry in neurodyn::experiments::REGISTRY {
        let source = root.join(format!("src/experiments/{}/{}.rs", entry.family, entry.module));
        if std::fs::read_to_string(source).expect("a module").contains("type Point = ();") {
            let answer = neurodyn(root, &["shard", "plan", entry.module, "--shards", "2"]);
            assert!(answer.code == 2 && answer.err.contains("it simulates nothing"), "{}", answer.err);
            continue;
        }
        simulate += 1;
        let plan = json(root, &["shard", "plan", entry.module, "--shards", "2", "--json"]);
        assert!(plan["blocks"].as_u64().is_some_and(|blocks| blocks > 0), "{}", entry.module);
    }
    assert!(simulate > 40, "{simulate}");
}

/// A queue for the script's eyes: it runs each job at once and notes its options.
#[cfg(unix)]
const QUEUE: &str = r#"#!/usr/bin/env bash
set -eu
printf '%s\n' "$@" >>"$NOTES/options"
job=$(mktemp -p "$NOTES")
cat >"$job"
SLURM_ARRAY_TASK_ID=0 bash "$job" >&2
echo 7
"#;

#[test]
#[cfg(unix)]
fn no_word_of_a_printed_script_is_code() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("my proj $(touch PWN) `touch PWN` 'q' \"d\" 100%\nEND\ntouch PWN\n");
    write(&root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}"));
    std::fs::create_dir(root.join("tests")).expect("created");
    assert_eq!(neurodyn(&root, &["run", "--quiet"]).code, 0);
    assert_eq!(neurodyn(&root, &["accept", "small"]).code, 0);
    let (notes, bin) = (folder.path().join("notes"), folder.path().join("bin"));
    std::fs::create_dir(&notes).expect("created");
    for (name, text) in [("sbatch", QUEUE), ("squeue", "#!/bin/sh\n")] {
        write(&bin, name, text);
        std::fs::set_permissions(bin.join(name), std::fs::Permissions::from_mode(0o755)).expect("executable");
    }
    let arguments =
        ["shard", "script", "experiments/small.toml", "--engine", "slurm", "--shards", "1", "--dir", "sh $(touch PWN)"];
    let script = neurodyn(&root, &[&arguments[..], &["--out", "o'ut"]].concat());
    assert_eq!(script.code, 0, "{}", script.err);
    write(folder.path(), "submit.sh", &script.out);
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").expect("a path"));
    let submit = || {
        let mut command = Command::new("bash");
        let command = command.arg("submit.sh").current_dir(folder.path()).env("PATH", &path).env("NOTES", &notes);
        command.output().expect("bash")
    };
    // a queue that does not answer may hold the jobs
    std::fs::write(bin.join("squeue"), "#!/bin/sh\nexit 1\n").expect("written");
    let output = submit();
    let said = "squeue failed, so nobody knows whether neurodyn-small is in the queue; nothing was submitted\n";
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), said));
    assert!(!notes.join("options").exists());
    std::fs::write(bin.join("squeue"), "#!/bin/sh\n").expect("written");
    // the first time the array and the merge, the second time the merge alone
    for options in [2, 3] {
        let output = submit();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let noted = std::fs::read_to_string(notes.join("options")).expect("noted");
        assert_eq!(noted.matches("--job-name=neurodyn-small\n").count(), options, "{noted}");
        assert!(noted.contains("100%%") && !noted.contains("100%\n"), "{noted}");
    }
    assert!(root.join("o'ut/figures/small.svg").exists() && root.join("sh $(touch PWN)/shard-0-of-1.json").exists());
    let written = files_below(folder.path());
    assert!(!written.iter().any(|name| name.ends_with("/PWN")), "{written:?}");
}
