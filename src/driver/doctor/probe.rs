//! Asks other programs what they are, without waiting for long.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Most time that a program has to say its version.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked at.
const TICK: Duration = Duration::from_millis(10);
/// Most bytes that are read of what it says.
const MOST: u64 = 10_000;

/// The file of a program on the search path.
pub(super) fn find(name: &str) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::var_os("PATH").map(|paths| std::env::split_paths(&paths).collect())?;
    let named = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    folders.into_iter().filter(|folder| folder.is_absolute()).map(|folder| folder.join(&named)).find(|path| runs(path))
}

#[cfg(unix)]
fn runs(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn runs(path: &Path) -> bool {
    path.is_file()
}

/// What a program prints; `None` where it fails, or says nothing in time.
pub(super) fn output(program: &Path, arguments: &[impl AsRef<OsStr>]) -> Option<String> {
    output_within(PATIENCE, program, arguments)
}

fn output_within(patience: Duration, program: &Path, arguments: &[impl AsRef<OsStr>]) -> Option<String> {
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let stdout = child.stdout.take()?;
    let (sender, receiver) = channel();
    // not joined: a program that the child has started may hold the pipe open
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let whole = stdout.take(MOST).read_to_end(&mut bytes);
        let _ = sender.send(whole.ok().map(|_| bytes));
    });
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.success(),
            Ok(None) if start.elapsed() < patience => std::thread::sleep(TICK),
            _ => break false,
        }
    };
    if !ended {
        let _ = child.kill();
        let _ = child.wait();
        return None;
    }
    let bytes = receiver.recv_timeout(patience.saturating_sub(start.elapsed()).max(TICK)).ok()??;
    String::from_utf8(bytes).ok()
}

/// The first line of what it prints.
pub(super) fn first_line(program: &Path, arguments: &[impl AsRef<OsStr>]) -> Option<String> {
    let text = output(program, arguments)?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn programs_that_hang_fail_or_talk_for_ever_are_not_waited_for() {
        let shell = find("sh").expect("a shell");
        assert_eq!(first_line(&shell, &["-c", "echo; echo two words"]).as_deref(), Some("two words"));
        assert_eq!(output(&shell, &["-c", "echo no; exit 3"]), None);
        let start = Instant::now();
        let short = Duration::from_millis(200);
        assert_eq!(output_within(short, &shell, &["-c", "echo no; exec sleep 60"]), None);
        assert_eq!(output_within(short, &shell, &["-c", "sleep 20 & echo no"]), None, "the pipe is still open");
        assert_eq!(output_within(short, &shell, &["-c", "while :; do echo no; done"]), None);
        assert!(start.elapsed() < Duration::from_secs(15));
        assert_eq!(find("no-program-has-this-name"), None);
    }
}
