//! Files and values beyond all bounds: one clear message, at once, whatever they say.

use super::{accepted, neurodyn, project, write};
use serde_json::Value;
use std::path::Path;

#[test]
fn steps_that_become_no_number_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out").display().to_string();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (id, setting) in [
        ("singular_slow", "parameters.spreads=[1e100]"),
        ("singular_slow", "parameters.centre=1e200"),
        ("singular_plateau", "parameters.length.centre=1e160"),
    ] {
        let answer = neurodyn(shipped, &["run", id, "--set", setting, "--out", &out]);
        assert_eq!(answer.code, 2, "{setting}: {}", answer.err);
        let field = setting.split('=').next().expect("a field");
        assert!(answer.err.contains(field) && !answer.err.contains("bug"), "{setting}: {}", answer.err);
    }
}

/// Shards of the small experiment, 0 of 2 and 1 of 2.
fn shards() -> tempfile::TempDir {
    let folder = accepted();
    for which in ["0/2", "1/2"] {
        let answer = neurodyn(folder.path(), &["shard", "run", "small", "--shard", which, "--dir", "shards"]);
        assert_eq!(answer.code, 0, "{}", answer.err);
    }
    folder
}

/// The file of a shard with its content changed, and the checksum that goes with it.
fn seal_again(path: &Path, change: &dyn Fn(&mut Value)) {
    use sha2::{Digest, Sha256};
    let text = std::fs::read_to_string(path).expect("a shard");
    let mut value: Value = serde_json::from_str(&text).expect("JSON");
    change(&mut value["content"]);
    // the order of the format, which a map of JSON does not keep
    let order = |value: &Value, names: &[&str]| {
        let fields = names.iter().map(|name| format!("\"{name}\":{}", value[name])).collect::<Vec<_>>();
        format!("{{{}}}", fields.join(","))
    };
    let content = &value["content"];
    let pieces = content["pieces"].as_array().expect("a list").iter();
    let pieces: Vec<String> =
        pieces.map(|piece| order(piece, &["point", "first", "level", "replicas", "moments"])).collect();
    let content = format!(
        "{{\"format\":{},\"identity\":{},\"shard\":{},\"of\":{},\"pieces\":[{}]}}",
        content["format"],
        order(&content["identity"], &["experiment", "toml", "code"]),
        content["shard"],
        content["of"],
        pieces.join(",")
    );
    let mut hasher = Sha256::new();
    hasher.update(format!("shard\n{}\n{content}", content.len()));
    let sha256: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(path, format!("{{\"sha256\":\"{sha256}\",\"content\":{content}}}\n")).expect("written");
}

#[test]
fn shard_files_with_a_right_checksum_and_wrong_numbers_are_damaged() {
    let folder = shards();
    let root = folder.path();
    let path = root.join("shards/shard-0-of-2.json");
    let good = std::fs::read(&path).expect("a shard");
    seal_again(&path, &|_| ());
    assert_eq!(std::fs::read(&path).expect("a shard"), good, "this test seals as the program does");
    type Change<'a> = &'a dyn Fn(&mut Value);
    let changes: [(Change, &str); 7] = [
        (&|content| content["of"] = 1_000_000_000u64.into(), "shard 0 of 1000000000, but there are 1 to 1000000"),
        (&|content| content["of"] = 0.into(), "shard 0 of 0"),
        (&|content| content["shard"] = 2.into(), "shard 2 of 2"),
        (&|content| content["pieces"][0]["level"] = 63.into(), "piece 0"),
        (&|content| content["pieces"][0]["first"] = u64::MAX.into(), "piece 0"),
        (&|content| content["pieces"][0]["replicas"] = u64::MAX.into(), "piece 0"),
        (&|content| content["pieces"][0]["moments"][0] = "7ff0000000000000".into(), "holds no moments"),
    ];
    for (change, message) in changes {
        std::fs::write(&path, &good).expect("written");
        seal_again(&path, change);
        let answer = neurodyn(root, &["shard", "status", "shards"]);
        assert!(answer.code == 1 && answer.out.contains(message), "{message}: {}{}", answer.out, answer.err);
        let answer = neurodyn(root, &["shard", "merge", "small", "--dir", "shards"]);
        assert!(answer.code == 2 && answer.err.contains(message), "{message}: {}", answer.err);
        // and computed again
        let answer = neurodyn(root, &["shard", "run", "small", "--shard", "0/2", "--dir", "shards"]);
        assert!(answer.code == 0 && std::fs::read(&path).expect("a shard") == good, "{message}: {}", answer.err);
    }
    let other = std::fs::read(root.join("shards/shard-1-of-2.json")).expect("a shard");
    // fewer observables than the experiment has, everywhere: what is read is no number
    for name in ["shards/shard-0-of-2.json", "shards/shard-1-of-2.json"] {
        seal_again(&root.join(name), &|content| {
            content["pieces"].as_array_mut().expect("a list").iter_mut().for_each(|piece| {
                piece.as_object_mut().expect("a piece").remove("moments");
            });
        });
    }
    let answer = neurodyn(root, &["shard", "merge", "small", "--dir", "shards"]);
    assert!(answer.code == 2 && !answer.err.contains("bug"), "{}", answer.err);
    // another shard under this name
    std::fs::write(&path, other).expect("written");
    let answer = neurodyn(root, &["shard", "run", "small", "--shard", "0/2", "--dir", "shards"]);
    assert!(answer.code == 2 && answer.err.contains("holds shard 1 of 2"), "{}", answer.err);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_wherever_a_file_is_meant() {
    let folder = accepted();
    let root = folder.path();
    let pipe = |name: &str| {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        let _ = std::fs::remove_file(&path);
        assert!(std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs").success());
    };
    const SAID: &str = "it is a pipe, a device or the like, not a file";
    pipe("pipe.toml");
    pipe("pipe.svg");
    for arguments in [
        vec!["run", "./pipe.toml"],
        vec!["verify", "pipe.svg"],
        vec!["verify", "/dev/zero"],
        vec!["new", "mine", "--from", "pipe.toml"],
        vec!["new", "mine", "--from", "pipe.svg"],
        vec!["two-unit", "pipe.toml"],
    ] {
        let answer = neurodyn(root, &arguments);
        assert!(answer.code != 0 && answer.err.contains(SAID), "{arguments:?}: {} {}", answer.out, answer.err);
    }
    pipe("shards/shard-0-of-2.json");
    let answer = neurodyn(root, &["shard", "status", "shards", "--shards", "2"]);
    assert!(answer.code == 1 && answer.out.contains(SAID), "{}{}", answer.out, answer.err);
    pipe("tests/golden/small.layers.csv");
    let answer = neurodyn(root, &["check"]);
    assert!(answer.code != 0 && answer.err.contains(SAID), "{}", answer.err);
    pipe("experiments/other.toml");
    let answer = neurodyn(root, &["run", "other"]);
    assert!(answer.code != 0 && answer.err.contains(SAID), "{}", answer.err);
}

#[test]
fn experiment_files_of_any_size_are_not_read_whole() {
    let folder = project();
    write(folder.path(), "huge.toml", "");
    let file = std::fs::File::options().write(true).open(folder.path().join("huge.toml")).expect("opened");
    // of holes, so it takes no place
    file.set_len(1 << 40).expect("a long file");
    let answer = neurodyn(folder.path(), &["run", "./huge.toml"]);
    assert!(answer.code == 2 && answer.err.contains("more than 16 MiB"), "{}", answer.err);
}

#[cfg(unix)]
#[test]
fn the_configuration_of_a_repository_runs_nothing() {
    let folder = project();
    let root = folder.path();
    let hash = "0123456789abcdef0123456789abcdef01234567";
    write(root, ".git/HEAD", "ref: refs/heads/main\n");
    write(root, ".git/refs/heads/main", &format!("{hash}\n"));
    write(root, ".git/objects/keep", "");
    let monitor = format!("[core]\n\trepositoryformatversion = 0\n\tfsmonitor = touch {}/ran; false\n", root.display());
    write(root, ".git/config", &monitor);
    // whatever is called git here hangs
    write(root, "bin/git", &format!("#!/bin/sh\ntouch {}/ran\nsleep 100\n", root.display()));
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(root.join("bin/git"), std::fs::Permissions::from_mode(0o755)).expect("set");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_neurodyn"));
    let path = format!("{}:{}", root.join("bin").display(), std::env::var("PATH").unwrap_or_default());
    let output = command.current_dir(root).env("PATH", path).args(["run", "--quiet"]).output().expect("it runs");
    assert!(output.status.code().is_some_and(|code| code != 101));
    let record = std::fs::read_to_string(root.join("results/small/run.json")).expect("a record");
    let record: Value = serde_json::from_str(&record).expect("JSON");
    assert_eq!(record["commit"], hash);
    assert!(!root.join("ran").exists(), "a program was run");
}
