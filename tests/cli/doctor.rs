//! `neurodyn doctor`: what is missing, how to get it, what is wrong with the project; nothing is written, nothing is waited for long.

use super::{SMALL, accepted, files_below, json, neurodyn, project, write};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The answer with this search path only.
fn with_path(root: &Path, path: &Path) -> (Value, String) {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_neurodyn"));
        let command = command.current_dir(root).args(arguments).env("PATH", path).env("RUSTUP_HOME", path);
        let output = command.output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    (serde_json::from_str(&run(&["doctor", "--json"])).expect("JSON"), run(&["doctor"]))
}

fn tool<'a>(health: &'a Value, name: &str) -> &'a Value {
    let tools = health["tools"].as_array().expect("a list");
    tools.iter().find(|tool| tool["name"] == name).unwrap_or_else(|| panic!("{name} missing in {health}"))
}

#[test]
fn what_is_missing_comes_with_the_way_to_get_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let (health, text) = with_path(root, root);
    for (name, get) in [
        ("pdflatex", "apt-get install texlive-latex-base"),
        ("siunitx.sty", "apt-get install texlive-science"),
        ("chromium", "apt-get install chromium"),
        ("mdbook", "cargo install mdbook"),
        ("sbatch", "slurm"),
        ("nightly", "rustup toolchain install nightly"),
        ("cargo-fuzz", "cargo install cargo-fuzz"),
        ("pyarrow", "pip install pyarrow"),
    ] {
        let found = tool(&health, name);
        assert_eq!(found["found"], false, "{name}");
        assert!(found["get"].as_str().is_some_and(|text| text.contains(get)), "{found}");
        let line = text.lines().find(|line| line.trim_start().starts_with(&format!("{name} "))).expect(name);
        assert!(line.contains("MISSING") && line.contains(get), "{line}");
    }
    for part in ["program", "tools", "project", "no_project"] {
        assert!(health.get(part).is_some(), "{part}");
    }
    assert!(health["project"].is_null() && text.contains("neurodyn new NAME --from"), "{text}");
    assert!(files_below(root).is_empty());
}

#[cfg(unix)]
#[test]
fn programs_are_asked_and_those_that_hang_are_left() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    for (name, text) in [
        ("valgrind", "#!/bin/sh\necho valgrind-9.8.7\n"),
        ("mdbook", "#!/bin/sh\nexit 3\n"),
        ("cargo-fuzz", "#!/bin/sh\nexec /bin/sleep 100\n"),
        ("bibtex", "no program"),
    ] {
        write(root, name, text);
        let mode = if name == "bibtex" { 0o644 } else { 0o755 };
        std::fs::set_permissions(root.join(name), PermissionsExt::from_mode(mode)).expect("set");
    }
    std::fs::create_dir_all(root.join("toolchains/nightly-2026-01-01")).expect("created");
    let before = files_below(root);
    let start = std::time::Instant::now();
    let (health, text) = with_path(root, root);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    for (name, found, version) in [
        ("valgrind", true, Value::from("9.8.7")),
        ("mdbook", true, Value::Null),
        ("cargo-fuzz", true, Value::Null),
        ("nightly", true, Value::Null),
        ("bibtex", false, Value::Null),
    ] {
        assert_eq!(
            (&tool(&health, name)["found"], &tool(&health, name)["version"]),
            (&Value::from(found), &version),
            "{name}"
        );
    }
    assert!(text.contains("9.8.7"), "{text}");
    assert_eq!(files_below(root), before, "nothing is written");
}

#[test]
fn the_project_is_whole_or_what_is_wrong_is_said() {
    let folder = accepted();
    let root = folder.path();
    let before = files_below(root);
    let whole = json(root, &["doctor", "--json"]);
    let project_of = |health: &Value, name: &str| health["project"][name].clone();
    for name in ["experiments", "with_golden", "with_results", "fresh"] {
        assert_eq!(project_of(&whole, name), 1, "{name}: {whole}");
    }
    assert_eq!(
        (project_of(&whole, "faults"), project_of(&whole, "not_fresh")),
        (Value::Array(vec![]), Value::Array(vec![]))
    );
    assert_eq!(files_below(root), before, "nothing is written");
    write(root, "experiments/broken.toml", "family = 1\n");
    let other = SMALL.replace("seed = 11", "seed = 12");
    write(root, "experiments/other.toml", &format!("experiment = \"activity_convergence\"\n{other}"));
    let answer = neurodyn(root, &["doctor"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    for part in [
        "project: ",
        "2 experiments, 1 with fresh figures",
        "golden data of 1 of 2",
        "results of 1 of 2",
        "cannot be used: experiments/broken.toml:1:",
        "not fresh: other: missing: figures/other.svg is not there",
    ] {
        assert!(answer.out.contains(part), "{part} missing in {}", answer.out);
    }
    // the project may be told
    let elsewhere = project();
    let found = json(elsewhere.path(), &["doctor", "--json", "--root", &root.display().to_string()]);
    assert_eq!(project_of(&found, "experiments"), 2);
}
