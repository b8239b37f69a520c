//! Experiment files outside the repository: a program installed somewhere, and a file in a folder.

use super::{Answer, SMALL, files_below, neurodyn, write};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn lone() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "work/lone.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}"));
    folder
}

/// Runs a copy of the program that knows nothing of the repository, without a home.
fn installed(folder: &Path, at: &str, arguments: &[&str]) -> Answer {
    let program = folder.join("bin/neurodyn");
    if !program.exists() {
        std::fs::create_dir(folder.join("bin")).expect("created");
        std::fs::copy(env!("CARGO_BIN_EXE_neurodyn"), &program).expect("copied");
    }
    let mut command = Command::new(program);
    let output = command.current_dir(folder.join(at)).env_clear().args(arguments).output().expect("it runs");
    Answer {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

#[test]
fn a_file_alone_in_its_folder_runs_is_accepted_checked_listed_cited_and_varied() {
    let folder = lone();
    let root = folder.path();
    let program = |at: &str, arguments: &[&str]| installed(root, at, arguments);
    // from elsewhere
    let answer = program(".", &["run", "work/lone.toml"]);
    assert!(answer.code == 0 && answer.err.contains("neurodyn accept work/lone.toml\n"), "{}", answer.err);
    let work = root.join("work");
    assert!(work.join("figures/lone.svg").is_file() && work.join("results/lone/layers.csv").is_file());
    assert_eq!(program("work", &["accept", "lone.toml"]).code, 0);
    assert!(
        work.join("golden/lone.layers.csv").is_file() && !work.join("tests").exists() && !root.join("golden").exists()
    );
    for (at, name) in
        [("work", "lone.toml"), ("work", "./lone.toml"), (".", "work/lone.toml"), ("work/golden", "../lone.toml")]
    {
        let answer = program(at, &["check", name]);
        assert_eq!(answer.code, 0, "{at} {name}: {}", answer.err);
    }
    let answer = program("work", &["run", "--changed", "lone.toml"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let answer = program("work", &["run", "--changed", "lone.toml"]);
    assert!(answer.code == 0 && answer.err.contains("nothing changed"), "{}", answer.err);
    let answer = program(".", &["list", "work/lone.toml"]);
    assert!(answer.code == 0 && answer.out.contains("lone ") && answer.out.contains("fresh"), "{}", answer.out);
    for name in ["lone.toml", "figures/lone.svg"] {
        let answer = program("work", &["cite", name]);
        assert!(answer.code == 0 && answer.out.contains("experiment lone, seed 11"), "{name}: {}", answer.err);
    }
    let answer = program("work", &["run", "lone.toml", "--set", "seed=5"]);
    assert!(answer.code == 0 && work.join("quick/lone/figures/lone.svg").is_file(), "{}", answer.err);
    // a variant makes the folder a project, to which the file still belongs
    let answer = program("work", &["new", "mine", "--from", "lone.toml"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(
        work.join("experiments/mine.toml").is_file()
            && work.join("experiments/schema/activity_convergence.json").is_file()
    );
    assert_eq!(program("work", &["run", "mine"]).code, 0);
    assert_eq!(program("work", &["accept", "mine"]).code, 0);
    assert!(work.join("golden/mine.layers.csv").is_file());
    let answer = program("work", &["check", "mine", "lone.toml", "experiments/mine.toml"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_eq!(answer.err.matches("running").count(), 2, "{}", answer.err);
    assert_eq!(program("work/golden", &["check"]).code, 0);
}

#[test]
fn the_folder_of_golden_data_can_be_chosen() {
    let folder = lone();
    let root = folder.path();
    let name = "work/lone.toml";
    let answer = neurodyn(root, &["run", name, "--golden", "kept"]);
    assert!(answer.code == 0 && answer.err.contains("accept work/lone.toml --golden kept\n"), "{}", answer.err);
    assert_eq!(neurodyn(root, &["accept", name, "--golden", "kept"]).code, 0);
    assert!(root.join("kept/lone.layers.csv").is_file() && !root.join("work/golden").exists());
    assert_eq!(neurodyn(root, &["check", name, "--golden", "kept"]).code, 0);
    let answer = neurodyn(root, &["check", name]);
    assert!(answer.code == 2 && answer.err.contains("no golden data for lone"), "{}", answer.err);
    // where there is a folder tests, they are below it
    std::fs::create_dir(root.join("work/tests")).expect("created");
    assert_eq!(neurodyn(root, &["accept", name]).code, 0);
    assert!(root.join("work/tests/golden/lone.layers.csv").is_file());
}

#[test]
fn files_that_are_not_there_or_do_not_go_together_are_named() {
    let folder = lone();
    let root = folder.path();
    write(root, "other/lone.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}"));
    write(root, "work/twin.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}"));
    write(
        root,
        "project/experiments/lone.toml",
        &format!("experiment = \"activity_convergence\"\n{}", SMALL.replace("11", "12")),
    );
    write(root, "project/drafts/lone.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}"));
    let before = files_below(root);
    for (names, parts) in [
        (&["nothing.toml"][..], &["nothing.toml", "cannot be read"][..]),
        (&["work/lone.toml", "other/lone.toml"], &["work/lone.toml and other/lone.toml belong to two projects"]),
        (&["work/lone.toml", "work/twin.toml"], &["the same seed 11", "work/lone.toml"]),
        (
            &["project/drafts/lone.toml"],
            &["experiments/lone.toml and project/drafts/lone.toml would have one name, \"lone\""],
        ),
        (&["work/lone.toml", "small"], &["no experiment is called \"small\"", "lone"]),
        (&["lone"], &["no folder called experiments", "--root"]),
    ] {
        let answer = neurodyn(root, &[&["run"], names].concat());
        assert_eq!(answer.code, 2, "{names:?}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{names:?}: {part} missing in {}", answer.err);
        }
        assert_eq!(files_below(root), before, "{names:?}");
    }
}
