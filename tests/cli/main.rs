//! The program as its users meet it: contracts, bad input, golden data, exit codes.

mod absent;
mod bad_input;
mod behaviour;
mod bounds;
mod calibrate;
mod citing;
mod data;
mod docs;
mod doctor;
mod drawing;
mod exchange;
mod findings;
mod help;
mod hostile;
mod init;
mod inputs;
mod interrupt;
mod kernel;
mod labels;
mod limits;
mod lone;
mod measure;
mod messages;
mod one_ensemble;
mod papers;
mod pipeline;
mod quick;
mod races;
mod ranges;
mod reference;
mod refusals;
mod report;
mod schema;
mod shard;
mod show;
mod two_unit;
mod variant;
mod verify;
mod zeros;

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
    project_of("activity_convergence", SMALL)
}

/// A project with one experiment, `small`, a variant of that one.
fn project_of(experiment: &str, text: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "experiments/small.toml", &format!("experiment = \"{experiment}\"\n{text}"));
    // so that golden data go to tests/golden, as in the repository
    std::fs::create_dir(folder.path().join("tests")).expect("created");
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

/// Starts the program on the experiment `small`, interrupts it when it has begun, and gives what it said after that.
#[cfg(unix)]
fn interrupted(root: &Path, arguments: &[&str]) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_neurodyn"))
        .current_dir(root)
        .args(arguments)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut lines = BufReader::new(child.stderr.take().expect("its messages")).lines();
    assert_eq!(lines.next().expect("a line").expect("text"), "small: running");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let rest: Vec<String> = lines.map(|line| line.expect("text")).collect();
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{rest:?}");
    rest
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
    assert_eq!(first.code, 0, "a first run is no error: {}", first.err);
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
