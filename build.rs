//! Records the compiler version for `run.json`, and a digest of the code that numbers come from for stored shards.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Everything that can move a number; drawing and commands cannot.
const SOURCES: &[&str] = &[
    "Cargo.lock",
    "crates/config/src",
    "crates/model/src",
    "crates/numerics/src",
    "crates/random/src",
    "crates/simulation/src",
    "crates/table/src",
    "crates/theory/src",
    "src/experiments",
];

fn main() {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = std::process::Command::new(rustc)
        .arg("--version")
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_else(|_| "unknown".to_owned());
    println!("cargo:rustc-env=NEURODYN_RUSTC={version}");
    println!("cargo:rustc-env=NEURODYN_CODE={}", digest());
    println!("cargo:rerun-if-changed=build.rs");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
    }
}

/// SHA-256 over name, length and bytes of each file, in the order of their names.
fn digest() -> String {
    let mut files = Vec::new();
    SOURCES.iter().for_each(|source| collect(Path::new(source), &mut files));
    files.sort();
    let mut hasher = Sha256::new();
    for file in files {
        // a file that is not there is not in the package either
        let bytes = std::fs::read(&file).unwrap_or_default();
        hasher.update(format!("{}\n{}\n", file.display(), bytes.len()).as_bytes());
        hasher.update(bytes);
    }
    hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(path.to_owned()),
    }
}
