//! Records the compiler version for `run.json`, and for each experiment a digest of the code that its numbers come from: stored shards and
//! `run --changed` go by it.

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What can move a number of any experiment: crates below the program, versions of all others, and what judges numbers.
const SHARED: &[&str] = &[
    "Cargo.lock",
    "crates/config/src",
    "crates/model/src",
    "crates/numerics/src",
    "crates/random/src",
    "crates/simulation/src",
    "crates/table/src",
    "crates/theory/src",
    "src/agreement.rs",
];
/// Experiments, and what they share.
const EXPERIMENTS: &str = "src/experiments";
/// Of these what draws or describes, and moves no number.
const DRAWING: &[&str] = &["drawing.rs", "schema.rs"];

fn main() {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = std::process::Command::new(rustc)
        .arg("--version")
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_else(|_| "unknown".to_owned());
    println!("cargo:rustc-env=NEURODYN_RUSTC={version}");
    println!("cargo:rerun-if-changed=build.rs");
    // crates below the program are not in its package; there Cargo.lock names them
    for source in SHARED.iter().chain([&EXPERIMENTS]).filter(|source| Path::new(source).exists()) {
        println!("cargo:rerun-if-changed={source}");
    }
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    if let Err(error) = std::fs::write(out.join("code.rs"), table(&version)) {
        panic!("{}: {error}", out.display());
    }
}

/// A Rust slice of names of experiments and digests of their code.
fn table(rustc: &str) -> String {
    // the registry names them; experiment files are not looked at, since an edited one needs no other program
    let registry = std::fs::read_to_string(Path::new(EXPERIMENTS).join("mod.rs")).unwrap_or_default();
    let rows = registry.lines().filter(|line| line.trim_start().starts_with("entry::<"));
    let modules: BTreeSet<String> = rows.filter_map(|row| Some(row.split('"').nth(1)?.to_owned())).collect();
    let own = |path: &Path| {
        let first = path.strip_prefix(EXPERIMENTS).ok().and_then(|rest| rest.iter().next());
        first.and_then(|name| modules.get(name.to_string_lossy().trim_end_matches(".rs"))).cloned()
    };
    let experiments = files(Path::new(EXPERIMENTS));
    let draws = |path: &Path| DRAWING.iter().any(|name| path == Path::new(EXPERIMENTS).join(name));
    let mut shared: Vec<PathBuf> = SHARED.iter().flat_map(|source| files(Path::new(source))).collect();
    shared.extend(experiments.iter().filter(|path| own(path).is_none() && !draws(path)).cloned());
    let shared = digest(rustc, &shared, false);
    let mut text = "&[".to_owned();
    for module in &modules {
        let files: Vec<PathBuf> =
            experiments.iter().filter(|path| own(path).as_ref() == Some(module)).cloned().collect();
        let _ = write!(text, "({module:?}, {:?}), ", digest(&shared, &files, true));
    }
    text + "]"
}

/// SHA-256 over a beginning, then name, length and bytes of each file, in the order of their names; without what draws, where that is asked for.
fn digest(beginning: &str, files: &[PathBuf], without_figures: bool) -> String {
    let mut files = files.to_vec();
    files.sort();
    let mut hasher = Sha256::new();
    hasher.update(format!("{beginning}\n").as_bytes());
    for file in files {
        let text = std::fs::read(&file).unwrap_or_default();
        let bytes = if without_figures { numbers(&String::from_utf8_lossy(&text)).into_bytes() } else { text };
        hasher.update(format!("{}\n{}\n", file.display(), bytes.len()).as_bytes());
        hasher.update(bytes);
    }
    hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A module without the function of its trait that draws: from its first line to the brace that closes it, as rustfmt sets both.
fn numbers(module: &str) -> String {
    let mut drawing = false;
    let kept = module.lines().filter(|line| {
        drawing |= line.starts_with("    fn figures(");
        let keep = !drawing;
        drawing &= *line != "    }";
        keep
    });
    kept.fold(String::new(), |text, line| text + line + "\n")
}

/// All files of a folder, or the file itself; none where it is not there, as in a package.
fn files(path: &Path) -> Vec<PathBuf> {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().flat_map(|entry| files(&entry.path())).collect(),
        Err(_) if path.exists() => vec![path.to_owned()],
        Err(_) => Vec::new(),
    }
}
