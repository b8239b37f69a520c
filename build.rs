//! Records the compiler version for `run.json`, and for each experiment a digest of the code that its numbers come from: stored shards and
//! `run --changed` go by it, `run --changed` by a digest of all code, too. What the module of an experiment says of itself at its head is told
//! by `show` and the reference.

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What can move a number of any experiment: crates below the program, versions of all others, and what judges numbers.
const SHARED: &[&str] = &[
    "Cargo.lock",
    "crates/arrays/src",
    "crates/config/src",
    "crates/experiment/src",
    "crates/measured/src",
    "crates/model/src",
    "crates/numerics/src",
    "crates/random/src",
    "crates/simulation/src",
    "crates/table/src",
    "crates/theory/src",
    "src/agreement.rs",
];
/// Of these what draws or describes, and moves no number.
const DRAWING: &[&str] = &["crates/experiment/src/drawing.rs", "crates/experiment/src/schema.rs"];
/// The experiments, a folder for each family, and what its experiments share.
const EXPERIMENTS: &str = "src/experiments";
/// What the program is made of, beside the crates below it.
const PROGRAM: &[&str] = &["Cargo.lock", "Cargo.toml", "build.rs", "src"];
/// What a crate is made of; not its tests.
const CRATE: &[&str] = &["Cargo.toml", "assets", "src"];

fn main() {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = std::process::Command::new(rustc)
        .arg("--version")
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_else(|_| "unknown".to_owned());
    println!("cargo:rustc-env=NEURODYN_RUSTC={version}");
    // crates below the program are not in its package; there Cargo.lock names them
    let crates = std::fs::read_dir("crates").into_iter().flatten().flatten().map(|entry| entry.path());
    let of_crates = crates.flat_map(|path| CRATE.iter().map(move |part| path.join(part)));
    let sources: Vec<PathBuf> =
        PROGRAM.iter().map(PathBuf::from).chain(of_crates).filter(|source| source.exists()).collect();
    for source in &sources {
        println!("cargo:rerun-if-changed={}", source.display());
    }
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    let everything: Vec<PathBuf> = sources.iter().flat_map(|source| files(source)).collect();
    let program = format!("{:?}", digest(&version, &everything, false));
    for (name, text) in [("code.rs", table(&version)), ("program.rs", program), ("about.rs", about())] {
        if let Err(error) = std::fs::write(out.join(name), text) {
            panic!("{}: {error}", out.display());
        }
    }
}

/// A Rust slice of names of modules of experiments and what the comments at their heads say.
fn about() -> String {
    let mut text = "&[".to_owned();
    let mut modules = files(Path::new(EXPERIMENTS));
    modules.sort();
    for path in modules {
        let module = std::fs::read_to_string(&path).unwrap_or_default();
        let head: Vec<&str> = module.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let _ = write!(text, "({name:?}, {:?}), ", head.join("\n"));
    }
    text + "]"
}

/// A Rust slice of names of experiments and digests of their code.
fn table(rustc: &str) -> String {
    // the registry names them; experiment files are not looked at, since an edited one needs no other program
    let catalogue = Path::new(EXPERIMENTS).join("mod.rs");
    let registry = std::fs::read_to_string(&catalogue).unwrap_or_default();
    // lines `module;`
    let rows = registry.lines().filter_map(|line| line.strip_prefix("        ")?.strip_suffix(';'));
    let is_name = |row: &&str| row.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let modules: BTreeSet<String> = rows.filter(is_name).map(str::to_owned).collect();
    let own = |path: &Path| {
        let place = path.strip_prefix(EXPERIMENTS).ok().and_then(|rest| rest.iter().nth(1));
        place.and_then(|name| modules.get(name.to_string_lossy().trim_end_matches(".rs"))).cloned()
    };
    let draws = |path: &Path| {
        DRAWING.iter().any(|name| path == Path::new(name)) || path.file_name().is_some_and(|name| name == "figures.rs")
    };
    let experiments: Vec<PathBuf> =
        files(Path::new(EXPERIMENTS)).into_iter().filter(|path| *path != catalogue && !draws(path)).collect();
    let mut shared: Vec<PathBuf> =
        SHARED.iter().flat_map(|source| files(Path::new(source))).filter(|path| !draws(path)).collect();
    shared.extend(experiments.iter().filter(|path| own(path).is_none()).cloned());
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
