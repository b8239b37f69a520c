//! Programs of others: what each is for, how it is found, how to get it.

use super::probe::{find, first_line, output};
use std::path::{Path, PathBuf};

/// A program, a library or a style of LaTeX.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Tool {
    /// What it serves.
    pub part: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether it is there.
    pub found: bool,
    /// What it says it is, where it can be asked.
    pub version: Option<String>,
    /// What for.
    pub purpose: &'static str,
    /// How to get it.
    pub get: &'static str,
}

/// How something is found.
enum How {
    /// A program that says its version when called like this.
    Program(&'static [&'static str]),
    /// A program that is not run: it might write.
    Quiet,
    /// A file of LaTeX.
    Latex,
    /// A package of Python.
    Python(&'static str),
    /// A header of C, by its file.
    Header(&'static str),
    /// A toolchain of rustup.
    Toolchain,
}

use How::{Header, Latex, Program, Python, Quiet, Toolchain};

const VERSION: How = Program(&["--version"]);
const LATEX: &str = "apt-get install texlive-latex-base texlive-latex-recommended texlive-fonts-recommended";
const SCIENCE: &str = "apt-get install texlive-science";

/// A line of the table: part, name, how it is found, what for, how to get it.
type Wanted = (&'static str, &'static str, How, &'static str, &'static str);

/// Everything that any part wants, in the order in which it is shown. Packages are those of Debian and Ubuntu.
const WANTED: [Wanted; 30] = [
    ("build", "cargo", VERSION, "building; experiments and activations of one's own", "https://rustup.rs"),
    ("build", "cc", VERSION, "building: the linker", "apt-get install gcc libc6-dev"),
    ("build", "make", VERSION, "the commands of README", "apt-get install make"),
    ("paper", "pdflatex", VERSION, "make paper", LATEX),
    ("paper", "bibtex", VERSION, "make paper: citations", LATEX),
    ("paper", "lualatex", VERSION, "make paper", "apt-get install texlive-luatex"),
    ("paper", "booktabs.sty", Latex, "make paper: tables", LATEX),
    ("paper", "microtype.sty", Latex, "make paper: type", LATEX),
    ("paper", "mathptmx.sty", Latex, "make paper: Times", LATEX),
    ("paper", "siunitx.sty", Latex, "figures/numbers.tex in a paper", SCIENCE),
    ("paper", "xfp.sty", Latex, "figures/numbers.tex in a paper", LATEX),
    ("report", "chromium", Quiet, "make test-browser", "apt-get install chromium"),
    ("report", "chromedriver", Quiet, "make test-browser", "apt-get install chromium-driver"),
    ("book", "mdbook", VERSION, "the book, from docs", "cargo install mdbook"),
    (
        "cluster",
        "sbatch",
        VERSION,
        "shards on Slurm",
        "apt-get install slurm-client (for tests on one machine: slurm-wlm munge)",
    ),
    ("cluster", "hq", VERSION, "shards on HyperQueue", "https://github.com/It4innovations/hyperqueue/releases"),
    ("trust", "qemu-x86_64", VERSION, "make trust: bits under an emulator", "apt-get install qemu-user"),
    (
        "trust",
        "aarch64-linux-gnu-gcc",
        VERSION,
        "make trust: bits on ARM",
        "apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
    ),
    ("trust", "valgrind", VERSION, "make bench: instructions counted", "apt-get install valgrind"),
    (
        "trust",
        "TestU01",
        Header("TestU01.h"),
        "make trust: batteries for random words",
        "apt-get install libtestu01-0-dev (section non-free)",
    ),
    ("trust", "nightly", Toolchain, "make trust: address sanitizer, fuzzing", "rustup toolchain install nightly"),
    ("trust", "cargo-fuzz", VERSION, "make trust: fuzzing", "cargo install cargo-fuzz"),
    ("trust", "cargo-deny", VERSION, "make deny", "cargo install cargo-deny"),
    ("readers", "python3", VERSION, "make trust, make test-interop", "apt-get install python3 python3-venv"),
    ("readers", "pyarrow", Python("pyarrow"), "Parquet in Python", "pip install pyarrow"),
    ("readers", "pandas", Python("pandas"), "tables in Python", "pip install pandas"),
    ("readers", "R", VERSION, "tables in R, with its package arrow", "apt-get install r-base-core"),
    ("readers", "rsvg-convert", VERSION, "drawings in librsvg", "apt-get install librsvg2-bin"),
    ("readers", "inkscape", Quiet, "drawings in Inkscape", "apt-get install inkscape"),
    ("readers", "man", Quiet, "pages of neurodyn man", "apt-get install man-db"),
];

/// Looks for all of them at the same time, so that those that hang do not add up.
pub(super) fn look() -> Vec<Tool> {
    std::thread::scope(|scope| {
        let asked: Vec<_> = WANTED.iter().map(|wanted| scope.spawn(|| tool(wanted))).collect();
        // one that panicked is not there
        asked.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

fn tool((part, name, how, purpose, get): &'static Wanted) -> Tool {
    let (found, version) = match how {
        Program(arguments) => match find(name) {
            Some(path) => (true, first_line(&path, arguments)),
            None => (false, None),
        },
        Quiet => (find(name).is_some(), None),
        Latex => (latex(name), None),
        Python(package) => {
            let version = python(package);
            (version.is_some(), version)
        }
        Header(file) => {
            (["/usr/include", "/usr/local/include"].iter().any(|folder| Path::new(folder).join(file).is_file()), None)
        }
        Toolchain => (toolchain(name), None),
    };
    let version = version.map(|text| short(&text, name));
    Tool { part, name, found, version, purpose, get }
}

/// A style that kpsewhich knows; it is told to make none.
fn latex(file: &str) -> bool {
    find("kpsewhich").is_some_and(|program| output(&program, &["-no-mktex=tex", file]).is_some())
}

/// The version of a package of Python, which is not imported.
fn python(package: &str) -> Option<String> {
    let code = format!("import importlib.metadata as found; print(found.version({package:?}))");
    first_line(&find("python3")?, &["-B", "-I", "-c", &code])
}

/// Whether rustup has a toolchain of this name; rustup itself is not run, as it might install one.
fn toolchain(name: &str) -> bool {
    let home = std::env::home_dir().map(|home| home.join(".rustup"));
    let folder = std::env::var_os("RUSTUP_HOME").map(PathBuf::from).or(home);
    let entries = folder.and_then(|folder| std::fs::read_dir(folder.join("toolchains")).ok());
    entries.into_iter().flatten().flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(name))
}

/// The number in a line such as `pdfTeX 3.141592653-2.6-1.40.24 (TeX Live 2022/Debian)`: the first word with a digit and a dot.
fn short(line: &str, name: &str) -> String {
    let is_number =
        |word: &&str| word.contains('.') && word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let word = line.split([' ', ',', '(', ')']).find(is_number);
    word.unwrap_or(line).trim_start_matches(name).trim_matches(['-', 'v', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_the_numbers_in_what_programs_say() {
        for (line, name, version) in [
            ("pdfTeX 3.141592653-2.6-1.40.24 (TeX Live 2022/Debian)", "pdflatex", "3.141592653-2.6-1.40.24"),
            ("qemu-x86_64 version 7.2.17 (Debian 1:7.2+dfsg-7+deb12u16)", "qemu-x86_64", "7.2.17"),
            ("valgrind-3.19.0", "valgrind", "3.19.0"),
            ("mdbook v0.4.40", "mdbook", "0.4.40"),
            ("slurm-wlm 22.05.8", "sbatch", "22.05.8"),
            ("21.0.0", "pyarrow", "21.0.0"),
            ("This is LuaHBTeX, Version 1.15.0 (TeX Live 2022/Debian)", "lualatex", "1.15.0"),
            ("hq v0.27", "hq", "0.27"),
        ] {
            assert_eq!(short(line, name), version, "{line}");
        }
    }

    #[test]
    fn names_are_there_once_and_parts_together() {
        let mut parts: Vec<&str> = WANTED.iter().map(|wanted| wanted.0).collect();
        parts.dedup();
        let mut sorted = parts.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(parts.len(), sorted.len(), "{parts:?}");
        let mut names: Vec<&str> = WANTED.iter().map(|wanted| wanted.1).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), WANTED.len());
    }
}
