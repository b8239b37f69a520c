//! Several processes at once.

use super::{Answer, accepted, files_below, json, neurodyn, project};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn start(root: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_neurodyn"));
    command.current_dir(root).args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs")
}

fn end(child: Child) -> Answer {
    let output = child.wait_with_output().expect("it ends");
    Answer {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

#[test]
fn new_experiments_at_once_have_seeds_of_their_own() {
    let folder = project();
    let root = folder.path();
    let names: Vec<String> = (0..16).map(|number| format!("new{number}")).collect();
    let children: Vec<Child> = names.iter().map(|name| start(root, &["new", name, "--from", "small"])).collect();
    for child in children {
        let answer = end(child);
        assert_eq!(answer.code, 0, "{}", answer.err);
    }
    let list = json(root, &["list", "--json"]);
    let seeds = list.as_array().expect("rows").iter().map(|row| row["seed"].as_u64().expect("a seed"));
    assert_eq!(seeds.collect::<BTreeSet<u64>>(), (11..28).collect());
    // nothing is left of what kept them apart
    let hidden =
        |name: &String| Path::new(name).file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    assert!(!files_below(root).iter().any(hidden), "{:?}", files_below(root));
}

#[test]
fn of_new_experiments_of_one_name_one_is_made() {
    let folder = accepted();
    let source = folder.path().join("figures/small.svg");
    let source = source.to_str().expect("a name");
    for _ in 0..3 {
        // in a folder that only becomes a project
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let children: Vec<Child> = (1..9)
            .map(|seed: u64| start(root, &["new", "mine", "--from", source, "--seed", &seed.to_string()]))
            .collect();
        let answers: Vec<Answer> = children.into_iter().map(end).collect();
        let made: Vec<usize> = (0..8).filter(|&index| answers[index].code == 0).collect();
        assert_eq!(made.len(), 1, "{made:?}");
        for answer in answers.iter().filter(|answer| answer.code != 0) {
            assert!(answer.code == 2 && answer.err.contains("mine.toml: is there already"), "{}", answer.err);
        }
        // the one that says so
        assert_eq!(json(root, &["list", "--json"])[0]["seed"], made[0] + 1);
        assert_eq!(files_below(root).len(), 2, "the file and its schema");
    }
}

#[cfg(unix)]
#[test]
fn a_new_experiment_waits_for_another_and_goes_on_when_that_has_ended() {
    let folder = project();
    let root = folder.path();
    let held = std::fs::File::open(root).expect("opened");
    held.lock().expect("locked");
    let mut child = start(root, &["new", "other", "--from", "small"]);
    let until = Instant::now() + Duration::from_millis(500);
    while Instant::now() < until {
        assert!(child.try_wait().expect("its state").is_none() && !root.join("experiments/other.toml").exists());
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(held);
    assert_eq!(end(child).code, 0);
    assert_eq!(neurodyn(root, &["list", "other"]).code, 0);
}

/// Changes a file as soon as the record of the run in hand is written, while its figures are still being made.
fn changed_during(change: impl Fn(&Path)) -> tempfile::TempDir {
    let folder = accepted();
    let root = folder.path();
    assert_eq!(neurodyn(root, &["run"]).code, 0);
    std::fs::remove_file(root.join("results/small/experiment.toml")).expect("removed");
    let child = start(root, &["run", "--format", "svg,png", "--dpi", "600"]);
    let until = Instant::now() + Duration::from_secs(120);
    while !root.join("results/small/experiment.toml").exists() {
        assert!(Instant::now() < until, "no results");
        std::thread::sleep(Duration::from_millis(1));
    }
    change(root);
    assert_eq!(end(child).code, 0);
    folder
}

fn due(root: &Path) -> String {
    json(root, &["list", "--json"])[0]["due"].as_str().expect("text").to_owned()
}

#[test]
fn what_is_stamped_is_what_was_compared_and_written() {
    let folder = changed_during(|_| ());
    assert_eq!(due(folder.path()), "");
    let folder = changed_during(|root| {
        let golden = root.join("tests/golden/small.layers.csv");
        let text = std::fs::read_to_string(&golden).expect("golden data");
        std::fs::write(&golden, text.replacen("1.3,0.2,", "1.3,0.3,", 1)).expect("written");
    });
    let root = folder.path();
    assert_eq!(due(root), "golden data changed");
    assert_eq!((neurodyn(root, &["run", "--changed"]).code, neurodyn(root, &["check"]).code), (1, 1));
    let folder = changed_during(|root| std::fs::write(root.join("results/small/layers.csv"), "x\n").expect("written"));
    assert_eq!(due(folder.path()), "results/small/layers.csv changed");
    let folder = changed_during(|root| {
        let path = root.join("experiments/small.toml");
        let text = std::fs::read_to_string(&path).expect("the file");
        std::fs::write(&path, text.replace("seed = 11", "seed = 12")).expect("written");
    });
    assert_eq!(due(folder.path()), "experiments/small.toml changed");
}
