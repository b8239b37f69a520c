//! The source tree keeps its layers: imports go downwards only, and each outside crate has one door. Between crates the compiler sees to the
//! direction; that no more is allowed than is meant is seen to here.

use std::path::{Path, PathBuf};

/// Crates below the program, and those a crate may use.
const CRATES: &[(&str, &[&str])] = &[
    ("numerics", &[]),
    ("random", &["numerics"]),
    ("model", &["numerics", "random"]),
    ("theory", &["model", "numerics"]),
    ("simulation", &["model", "numerics", "random"]),
    ("measured", &["arrays", "model", "numerics", "random", "simulation", "theory"]),
    ("table", &["numerics"]),
    ("figure", &["numerics"]),
    ("files", &[]),
    ("arrays", &["files", "table"]),
    ("typeface", &["figure"]),
    ("config", &["figure", "files", "model", "numerics"]),
    ("render", &["figure", "numerics", "table", "typeface"]),
    ("provenance", &["config"]),
    (
        "experiment",
        &[
            "arrays",
            "config",
            "figure",
            "measured",
            "model",
            "numerics",
            "provenance",
            "random",
            "simulation",
            "table",
            "theory",
        ],
    ),
    ("pdf", &[]),
    ("export", &["figure", "pdf", "provenance", "typeface"]),
];

/// The crate above the program, and what of the program it may use.
const ABOVE: (&str, &[&str]) = (
    "python",
    &[
        "cli",
        "config",
        "driver",
        "export",
        "figure",
        "files",
        "measured",
        "model",
        "numerics",
        "provenance",
        "simulation",
        "table",
        "theory",
    ],
);

/// Modules of the program, and what a module may use besides itself: modules, and crates by the names the program gives them.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "experiments",
        &["experiment", "numerics", "random", "model", "theory", "simulation", "measured", "table", "figure", "config"],
    ),
    ("agreement", &["numerics", "table", "golden"]),
    ("calibration", &["numerics", "agreement"]),
    ("report", &["numerics", "table", "figure", "golden", "agreement", "render"]),
    (
        "driver",
        &[
            "nearest",
            "numerics",
            "random",
            "model",
            "theory",
            "simulation",
            "arrays",
            "measured",
            "table",
            "config",
            "experiment",
            "experiments",
            "figure",
            "golden",
            "agreement",
            "calibration",
            "render",
            "report",
            "provenance",
            "files",
            "export",
            "pdf",
        ],
    ),
    (
        "cli",
        &[
            "nearest",
            "numerics",
            "random",
            "model",
            "theory",
            "simulation",
            "measured",
            "config",
            "provenance",
            "export",
            "driver",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Outside crates and the only places that may name them.
const DOORS: &[(&str, &[&str])] = &[
    ("polars", &["table/frame.rs", "table/foreign/"]),
    ("plotters", &["render/"]),
    ("plotters_backend", &["render/"]),
    ("skrifa", &["typeface/"]),
    ("subsetter", &["typeface/"]),
    ("base64", &["typeface/"]),
    ("colorous", &["render/"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("ctrlc", &["cli/"]),
    ("anyhow", &["driver/", "cli/"]),
    ("rand", &["random/"]),
    ("rand_core", &["random/"]),
    ("rand_chacha", &["random/"]),
    ("rayon", &["simulation/"]),
    ("libm", &["numerics/elementary/", "numerics/fused.rs"]),
    ("toml", &["config/"]),
    ("sha2", &["provenance/"]),
    ("roxmltree", &["provenance/"]),
    ("png", &["provenance/", "export/"]),
    ("resvg", &["export/"]),
    ("pdf_writer", &["export/"]),
    ("miniz_oxide", &["export/", "pdf/flate.rs", "pdf/tests.rs"]),
    ("toml_edit", &["config/"]),
    // derived where the types of experiment files are
    ("schemars", &["config/", "figure/", "model/", "experiment/", "experiments/"]),
    ("tempfile", &["files/"]),
    ("strsim", &["model/nearest.rs"]),
    ("csv", &["arrays/text.rs"]),
    ("flate2", &["arrays/gzip.rs", "arrays/tests.rs"]),
    ("half", &["arrays/kind.rs"]),
    ("safetensors", &["arrays/tensors.rs"]),
    ("zip", &["arrays/"]),
    ("pyo3", &["python/"]),
    ("numpy", &["python/"]),
];

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let below = |folder: PathBuf, name: &str| {
        let mut paths = Vec::new();
        walk(&folder, &mut paths);
        paths.sort();
        let named = |path: PathBuf| {
            let place = path.strip_prefix(&folder).expect("below its folder").to_string_lossy().into_owned();
            (format!("{name}{place}"), std::fs::read_to_string(&path).expect("readable"))
        };
        paths.into_iter().map(named).collect::<Vec<(String, String)>>()
    };
    let names = CRATES.iter().map(|(name, _)| name).chain([&ABOVE.0]);
    let crates = names.flat_map(|name| below(root.join("crates").join(name).join("src"), &format!("{name}/")));
    below(root.join("src"), "").into_iter().chain(crates).collect()
}

/// Code without comments and without what follows `#[cfg(test)]`.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Names that follow `prefix`, such as the modules after `crate::`.
fn names_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == '$') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let parts = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').map(str::trim).collect(),
            None => vec![rest],
        };
        for part in parts {
            names.push(part.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect());
        }
    }
    names
}

#[test]
fn imports_go_downwards_only() {
    for (file, text) in sources() {
        let module = file.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        if file.ends_with("tests.rs") {
            continue;
        }
        let of_crate = CRATES.iter().find(|(name, _)| *name == module);
        let above = Some(&ABOVE).filter(|(name, _)| *name == module);
        let of_program = ALLOWED.iter().find(|(name, _)| *name == module);
        let Some((_, allowed)) = of_crate.or(of_program).or(above) else {
            panic!("{file}: module {module} has no place in the layers");
        };
        // paths that climb more than one module are written from the root, where this test sees them
        assert!(!code(&text).contains("super::super"), "{file} climbs with super::super");
        let prefix = match module {
            _ if of_crate.is_some() => "neurodyn_",
            "main" | "python" => "neurodyn::",
            _ => "crate::",
        };
        for name in names_after(&code(&text), prefix) {
            let fine = name == module || allowed.contains(&name.as_str());
            assert!(fine, "{file} imports {name}, but {module} may only use {allowed:?}");
        }
    }
}

#[test]
fn crates_depend_on_what_they_use_and_no_more() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates");
    let mut found: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    let mut meant: Vec<&str> = CRATES.iter().map(|(name, _)| *name).chain([ABOVE.0]).collect();
    meant.sort_unstable();
    assert_eq!(found, meant);
    for (name, allowed) in CRATES {
        let manifest = std::fs::read_to_string(folder.join(name).join("Cargo.toml")).expect("a manifest");
        let manifest: toml::Table = manifest.parse().expect("TOML");
        let dependencies = manifest["dependencies"].as_table().expect("a table");
        let ours: Vec<&str> = dependencies.keys().filter_map(|key| key.strip_prefix("neurodyn-")).collect();
        assert_eq!(&ours, allowed, "{name}");
        let sources = sources();
        let text: String = sources
            .iter()
            .filter(|(file, _)| file.starts_with(&format!("{name}/")))
            .map(|(_, text)| code(text))
            .collect();
        for key in dependencies.keys() {
            assert!(!names_after(&text, &key.replace('-', "_")).is_empty(), "{name} does not use {key}");
        }
    }
}

#[test]
fn each_outside_crate_has_one_door() {
    for (file, text) in sources() {
        let code = code(&text);
        for (name, doors) in DOORS {
            let used = !names_after(&code, &format!("{name}::")).is_empty() || code.contains(&format!("use {name};"));
            let fine = doors.iter().any(|door| file.starts_with(door));
            assert!(!used || fine, "{file} names {name}, whose only door is {doors:?}");
        }
    }
}

#[test]
fn unsafe_code_is_in_two_files() {
    for (file, text) in sources() {
        let used =
            code(&text).split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == "unsafe");
        assert!(!used || ["numerics/simd.rs", "numerics/fused.rs"].contains(&file.as_str()), "{file} has unsafe code");
    }
}

/// Documentation is not run (`doctest = false`), so no block of it may look as if it were.
#[test]
fn blocks_in_documentation_say_that_they_are_text() {
    let mut seen = 0;
    for (file, text) in sources() {
        let comments = text.lines().map(str::trim_start).filter(|line| line.starts_with("//"));
        let fences: Vec<&str> = comments.filter_map(|line| line.split_once("```").map(|(_, kind)| kind)).collect();
        assert!(fences.iter().step_by(2).all(|kind| *kind == "text"), "{file} has a block of {fences:?}");
        seen += fences.len();
    }
    assert!(seen > 0, "no blocks are found");
}

/// Where Cargo looks for no tests itself (`autotests = false`), a file that none names would be neither compiled nor run.
#[test]
fn every_file_of_tests_is_part_of_a_program() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let read = |name: String| std::fs::read_to_string(tests.join(name)).unwrap_or_default();
    let mut paths = Vec::new();
    for folder in [tests.clone(), tests.join("cli"), tests.join("geometry"), tests.join("render")] {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        paths.extend(entries.filter(|path| path.extension().is_some_and(|ending| ending == "rs")));
    }
    assert!(paths.len() > 50, "{paths:?}");
    for path in paths {
        let place = path.strip_prefix(&tests).expect("below it").to_string_lossy().replace('\\', "/");
        let (named, parents) = match place.split_once('/') {
            None => (place.as_str(), read("library.rs".into()) + &read("registry.rs".into())),
            Some((folder, name)) => (name, read(format!("{folder}.rs")) + &read(format!("{folder}/main.rs"))),
        };
        let line = format!("mod {};", named.trim_end_matches(".rs"));
        let is_named =
            parents.lines().any(|found| found == line) || parents.contains(&format!("#[path = \"{place}\"]"));
        assert!(is_named || ["library.rs", "registry.rs", "cli/main.rs"].contains(&place.as_str()), "{place}");
    }
}

#[test]
fn the_checks_themselves_see_violations() {
    assert_eq!(
        names_after("use crate::{theory, model::Width};\ncrate::table::Table", "crate::"),
        ["theory", "model", "table"]
    );
    assert_eq!(names_after("mycrate::x $crate::y", "crate::"), Vec::<String>::new());
    assert_eq!(code("a // crate::b\n#[cfg(test)]\nmod tests { crate::c }"), "a ");
}

#[test]
fn every_experiment_has_its_file_module_and_golden_data() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // parameters valid, seeds unique, no figure drawn twice
    let project = neurodyn::driver::Project::load(root).expect("a project");
    let faults: Vec<&str> = project.faults().iter().map(|fault| fault.message.as_str()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let selected = project.select(&[]).expect("valid experiments");
    let ids: Vec<&str> = selected.iter().map(neurodyn::driver::Selected::id).collect();
    for entry in neurodyn::experiments::REGISTRY {
        assert!(ids.contains(&entry.module), "{} has no file", entry.module);
        assert!(
            root.join(format!("src/experiments/{}/{}.rs", entry.family, entry.module)).is_file(),
            "{}",
            entry.module
        );
        assert!(project.has_golden(entry.module), "{} has no golden data", entry.module);
    }
    for id in &ids {
        // a module of its own, or a variant of another one
        assert!(project.has_golden(id), "{id} has no golden data");
    }
    for file in std::fs::read_dir(project.golden_folder()).expect("a folder") {
        let name = file.expect("an entry").file_name().to_string_lossy().into_owned();
        let id = name.split('.').next().unwrap_or_default();
        assert!(name.ends_with(".new") || ids.contains(&id), "tests/golden/{name} belongs to no experiment");
    }
}

#[test]
fn the_longest_name_of_an_experiment_leaves_room_for_all_that_is_added() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = neurodyn::driver::Project::load(root).expect("a project");
    let longest = "x".repeat(neurodyn::config::LONGEST_ID);
    let mut tried = 0;
    for experiment in project.select(&[]).expect("valid experiments") {
        let mut document = experiment.document.clone();
        document.header.experiment = Some(document.module().to_owned());
        document.id.clone_from(&longest);
        let figures = experiment.figures().expect("figures");
        let golden = project.golden_files(experiment.id()).expect("golden data");
        let tables = golden.iter().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned());
        for table in tables.chain(["x.columns.csv".to_owned()]) {
            let rest = &table[table.find('.').expect("an ending")..];
            for name in figures.iter().map(|figure| &figure.name).chain([&longest]) {
                // golden data with what waits beside them, and files of `neurodyn data`
                for ending in [".new", ".parquet"] {
                    let file = format!("{name}{rest}{ending}");
                    assert!(file.len() <= 255, "{}: {file}", experiment.id());
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 1000, "{tried}");
}
