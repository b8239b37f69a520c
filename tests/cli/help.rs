//! Help: what it says of each command, that every example works as printed, manual pages, and what shells complete.

use super::{Answer, files_below, neurodyn, write};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A project with one shipped experiment, its golden data and its figure.
fn shipped_map() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = files_below(&root.join("tests/golden")).into_iter().map(|path| path.replace('\\', "/"));
    let golden = golden.filter(|path| path.contains("/activity_map."));
    let names = golden.map(|path| path.strip_prefix(&format!("{}/", root.display())).expect("below").to_owned());
    let others = ["experiments/activity_map.toml", "figures/activity_map.svg", "examples/two_unit.toml"];
    for name in names.chain(others.map(str::to_owned)) {
        write(folder.path(), &name, &std::fs::read_to_string(root.join(&name)).expect("text"));
    }
    folder
}

/// Runs a script with the program on its search path.
fn bash(root: &Path, script: &str) -> Answer {
    let program = Path::new(env!("CARGO_BIN_EXE_neurodyn"));
    let mut paths = vec![program.parent().expect("a folder").to_owned()];
    paths.extend(std::env::split_paths(&std::env::var_os("PATH").expect("a search path")));
    let output = Command::new("bash")
        .args(["--norc", "-c", script])
        .current_dir(root)
        .env("PATH", std::env::join_paths(paths).expect("a search path"))
        .output()
        .expect("bash runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Answer { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
}

/// The help of each command, by its path, in the order of the help itself; the program is "".
fn helps() -> Vec<(String, String)> {
    fn walk(path: &str, found: &mut Vec<(String, String)>) {
        let folder = tempfile::tempdir().expect("a folder");
        let arguments: Vec<&str> = path.split_whitespace().chain(["--help"]).collect();
        let answer = neurodyn(folder.path(), &arguments);
        assert_eq!(answer.code, 0, "{path}: {}", answer.err);
        found.push((path.to_owned(), answer.out.clone()));
        for (name, _) in listed(&answer.out) {
            walk(&format!("{path} {name}"), found);
        }
    }
    let mut found = Vec::new();
    walk("", &mut found);
    found
}

/// The commands that a help lists, and what it says of them.
fn listed(help: &str) -> Vec<(&str, &str)> {
    let lines = help.lines().skip_while(|line| !line.starts_with("Usage:")).take_while(|line| *line != "Options:");
    let pairs = lines.filter_map(|line| line.strip_prefix("  ")?.split_once("  "));
    let commands = pairs.filter(|(name, _)| name.starts_with(|c: char| c.is_ascii_lowercase()) && *name != "help");
    commands.map(|(name, about)| (name, about.trim_start())).collect()
}

/// The lines of the examples of a help, as one script.
fn examples(help: &str) -> String {
    let below = help.lines().skip_while(|line| !matches!(*line, "Example:" | "Examples:")).skip(1);
    below.take_while(|line| line.starts_with("  ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_command_says_in_one_line_what_it_is_for_and_its_examples_work() {
    let folder = shipped_map();
    let root = folder.path();
    std::fs::create_dir_all(root.join("examples/measure")).expect("created");
    for name in ["examples/measure/untrained.npz", "examples/measure/inputs.npy"] {
        std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(name), root.join(name)).expect("copied");
    }
    let helps = helps();
    assert!(helps.len() > 20 && helps.iter().any(|(path, _)| path == " shard merge"), "{}", helps.len());
    for (path, help) in &helps {
        for (name, about) in listed(help) {
            assert!(about.ends_with(|c: char| c.is_alphanumeric() || c == ')'), "{path} {name}: {about}");
        }
        for line in help.lines().filter(|line| !line.starts_with("Usage:")) {
            assert!(line.chars().count() <= 100, "{path}: {line}");
        }
        let script = examples(help);
        assert!(script.contains(&format!("neurodyn{path}")) && script.lines().count() <= 3, "{path}: {script:?}");
        let answer = bash(root, &format!("set -e\n{script}"));
        assert_eq!(answer.code, 0, "{path}: {script}{}", answer.err);
    }
    for name in
        ["experiments/my_map.toml", "figures/activity_map.pdf", "data/activity_map.columns.csv", "report/index.html"]
    {
        assert!(root.join(name).is_file(), "{name}");
    }
}

#[test]
fn commands_come_in_groups_and_flags_without_effect_are_not_shown() {
    let helps: BTreeMap<String, String> =
        helps().into_iter().map(|(path, help)| (path.trim().to_owned(), help)).collect();
    let top = &helps[""];
    let place = |text: &str| top.find(text).unwrap_or_else(|| panic!("{text} missing in {top}"));
    let order =
        ["Experiments:", "  run ", "  new ", "  draw ", "  cite ", "  theory ", "  schema ", "  man ", "Options:"];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{top}");
    for (command, shown, not_shown) in [
        ("run", &["--golden", "--root", "--jobs", "--quiet"][..], &[][..]),
        ("theory", &["--quiet", "gelu", "erf_sqrt2"], &["--golden", "--root", "--jobs"]),
        ("sample", &["--jobs", "gelu", "exact|explicit"], &["--golden", "--root"]),
        ("two-unit", &["--quiet"], &["--golden", "--root", "--jobs"]),
        ("shard status", &["--quiet"], &["--golden", "--root", "--jobs"]),
        ("shard merge", &["--golden", "--root", "--jobs"], &[]),
        ("completions", &["zsh"], &["--golden", "--root", "--jobs", "--quiet"]),
        ("man", &["--out"], &["--golden", "--root", "--jobs", "--quiet"]),
    ] {
        let help = &helps[command];
        assert!(shown.iter().all(|text| help.contains(text)), "{command}: {help}");
        assert!(!not_shown.iter().any(|text| help.contains(text)), "{command}: {help}");
    }
}

#[test]
fn there_is_a_manual_page_of_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    for out in ["one", "two"] {
        assert_eq!(neurodyn(root, &["man", "--out", out]).code, 0);
    }
    let commands = helps();
    let read = |out: &str, path: &str| {
        let name = format!("neurodyn{}.1", path.replace(' ', "-"));
        std::fs::read_to_string(root.join(out).join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    for (path, help) in &commands {
        let page = read("one", path);
        assert_eq!(page, read("two", path), "{path}");
        assert!(page.contains(".TH neurodyn") && page.contains(".SH EXAMPLES"), "{path}: {page}");
        let about = help.lines().next().expect("a line").replace('-', "\\-");
        assert!(page.contains(&about), "{path}: {about} missing in {page}");
        let words: Vec<&str> = ["man"].into_iter().chain(path.split_whitespace()).collect();
        assert_eq!(neurodyn(root, &words).out, page, "{path}");
    }
    assert_eq!(files_below(&root.join("one")).len(), commands.len());
    let answer = neurodyn(root, &["man", "shard", "mrege"]);
    assert!(answer.code == 2 && answer.err.contains("is merge meant?"), "{}", answer.err);
    write(root, "file", "");
    assert_eq!(neurodyn(root, &["man", "--out", "file"]).code, 2);
}

#[test]
fn bash_completes_names_of_the_project_and_of_the_program() {
    let folder = shipped_map();
    let root = folder.path();
    write(root, "experiments/other_map.toml", "");
    std::fs::create_dir(root.join("below")).expect("created");
    // what a shell would offer for the last of these words, in this folder
    let offered = |folder: &str, words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let last = words.len() - 1;
        let answer = bash(
            &root.join(folder),
            &format!(
                "source <(neurodyn completions bash)\n[[ $(complete -p neurodyn) == *'-F _clap_complete_neurodyn neurodyn' ]] || exit 3\n\
                 COMP_WORDS=({}) COMP_CWORD={last} COMP_TYPE=9\n\
                 _clap_complete_neurodyn neurodyn \"${{COMP_WORDS[{last}]}}\" \"${{COMP_WORDS[{last} - 1]}}\"\n\
                 printf '%s\\n' \"${{COMPREPLY[@]}}\"",
                quoted.join(" ")
            ),
        );
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{words:?}");
        answer.out.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    for (folder, words, found) in [
        ("", &["neurodyn", "run", "activity"][..], &["activity_map"][..]),
        ("below", &["neurodyn", "run", "activity_map", "oth"], &["other_map"]),
        ("", &["neurodyn", "shard", "merge", "act"], &["activity_map"]),
        ("", &["neurodyn", "new", "mine", "--from", "other"], &["other_map"]),
        ("", &["neurodyn", "run", "experiments/o"], &["experiments/other_map.toml"]),
        ("", &["neurodyn", "theory", "--activation", "gel"], &["gelu", "gelu_tanh"]),
        ("", &["neurodyn", "draw", "--format", "svg,p"], &["svg,pdf", "svg,png"]),
        ("", &["neurodyn", "verify", "figures/act"], &["figures/activity_map.svg"]),
        ("", &["neurodyn", "cite", "act"], &["activity_map"]),
        ("", &["neurodyn", "schema", "singular_sl"], &["singular_slow"]),
        ("", &["neurodyn", "sample", "--observables", "activity,d"], &["activity,distance"]),
        ("", &["neurodyn", "two-unit", "examples/"], &["examples/two_unit.toml"]),
        ("", &["neurodyn", "cal"], &["calibrate"]),
        ("", &["neurodyn", "run", "nothing"], &[""]),
    ] {
        assert_eq!(offered(folder, words), found, "{words:?}");
    }
    let all = offered("", &["neurodyn", "theory", "--activation", ""]);
    assert!(all.len() >= 13 && all.iter().any(|name| name == "softplus"), "{all:?}");
}

#[test]
fn every_shell_has_a_script_that_asks_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    for (shell, part) in [
        ("bash", "complete -o nospace"),
        ("zsh", "#compdef neurodyn"),
        ("fish", "complete --keep-order"),
        ("elvish", "arg-completer"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let answer = neurodyn(folder.path(), &["completions", shell]);
        assert!(answer.code == 0 && answer.out.contains(part), "{shell}: {}{}", answer.out, answer.err);
        assert!(answer.out.contains("NEURODYN_COMPLETE"), "{shell}: {}", answer.out);
    }
    let output =
        Command::new(env!("CARGO_BIN_EXE_neurodyn")).env("NEURODYN_COMPLETE", "tcsh").output().expect("it runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && error.contains("tcsh") && error.contains("bash"), "{error}");
}
