//! Ctrl-C ends everything soon, whatever it is at, and leaves nothing half done.
#![cfg(unix)]

use super::{files_below, neurodyn, project};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What it says after it was interrupted in the middle of its work, its exit code, and how long it took to end.
fn stopped(root: &Path, arguments: &[&str]) -> (String, Option<i32>, Duration) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_neurodyn"))
        .current_dir(root)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    std::thread::sleep(Duration::from_millis(1000));
    assert_eq!(child.try_wait().expect("a state"), None, "{arguments:?} has ended by itself");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let start = Instant::now();
    let code = child.wait().expect("it ends").code();
    let mut said = String::new();
    child.stderr.take().expect("its messages").read_to_string(&mut said).expect("text");
    (said, code, start.elapsed())
}

#[test]
fn the_first_interrupt_is_acknowledged_and_ends_long_work() {
    let folder = project();
    let root = folder.path();
    let before = files_below(root);
    let ensemble = ["--activation", "tanh", "--sigma-w", "1.5", "--sigma-b", "0.3"];
    let wide =
        ["--width", "1000000000", "--depth", "10", "--activity", "1", "--correlation", "0.5", "--replicas", "20"];
    let sample = [&["sample", "--seed", "1", "--sampler", "macroscopic"][..], &ensemble, &wide].concat();
    let gelu = ["--activation", "gelu", "--sigma-w", "1.2", "--sigma-b", "0.3"];
    let theory = [&["theory", "--depth", "1000000", "--activity", "1", "--correlation", "0.5"][..], &gelu].concat();
    let run = vec!["run", "small", "--set", "params.width=1000000000"];
    let shard = vec!["run", "small", "--set", "params.width=1000000000", "--jobs", "1", "--quiet"];
    for arguments in [sample, theory, run, shard] {
        let (said, code, took) = stopped(root, &arguments);
        assert_eq!(code, Some(130), "{arguments:?}: {said}");
        assert!(said.contains("neurodyn: interrupting; again to stop at once\n"), "{arguments:?}: {said}");
        assert_eq!(said.matches("neurodyn: interrupted; ").count(), 1, "{arguments:?}: {said}");
        // half a second, on a machine with nothing else to do
        assert!(took < Duration::from_secs(10), "{arguments:?}: {took:?}");
    }
    // folders of a quick look may be there, but no file
    let files: Vec<String> = files_below(root).into_iter().filter(|name| !name.contains(".neurodyn-")).collect();
    assert_eq!(files, before);
}

#[test]
fn more_threads_than_twice_the_processors_are_refused_at_once() {
    let folder = project();
    let most = 2 * std::thread::available_parallelism().map_or(1, usize::from);
    for jobs in ["4096".to_owned(), (most + 1).to_string(), "0".to_owned(), "many".to_owned()] {
        let answer = neurodyn(folder.path(), &["list", "--jobs", &jobs]);
        assert_eq!(answer.code, 2, "{jobs}: {}", answer.err);
        assert!(answer.err.contains(&format!("from 1 to {most}, twice the processors")), "{jobs}: {}", answer.err);
    }
    assert_eq!(neurodyn(folder.path(), &["list", "--jobs", &most.to_string()]).code, 0);
}
