//! Experiments from file to figure: run, accept, check, list, draw, and what stops them.

use super::{SMALL, accepted, files_below, interrupted, json, neurodyn, project, write};
use serde_json::Value;
use std::path::Path;

#[test]
fn run_accept_check_list_draw() {
    let folder = accepted();
    let root = folder.path();
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    assert!(svg.contains("<nd:seed>11</nd:seed>") && svg.contains("initial_activities"));
    for arguments in [vec!["run"], vec!["check"], vec!["run", "--jobs", "1", "--quiet"], vec!["draw", "small"]] {
        let answer = neurodyn(root, &arguments);
        assert_eq!((answer.code, answer.out.as_str()), (0, ""), "{arguments:?}: {}", answer.err);
        assert_eq!(std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn"), svg, "{arguments:?}");
    }
    let list = json(root, &["list", "--json"]);
    let row = &list.as_array().expect("an array")[0];
    assert_eq!(row["id"], "small");
    assert_eq!(row["family"], "activity");
    assert_eq!(row["seed"], 11);
    assert_eq!(row["figures"], serde_json::json!(["figures/small.svg"]));
    assert_eq!((row["state"].as_str(), row["reason"].as_str()), (Some("fresh"), Some("")));
    // a figure without results, as in a fresh clone
    std::fs::rename(root.join("results"), root.join("kept")).expect("renamed");
    let listed = neurodyn(root, &["list"]).out;
    assert!(listed.ends_with("figures/small.svg  (not computed here yet)\n"), "{listed}");
    std::fs::rename(root.join("kept"), root.join("results")).expect("renamed");
    // a changed file makes the figure stale and the stored results useless
    write(
        root,
        "experiments/small.toml",
        &format!("experiment = \"activity_convergence\"\n{}", SMALL.replace("11", "12")),
    );
    assert_eq!(json(root, &["list", "--json"])[0]["state"], "stale");
    let draw = neurodyn(root, &["draw"]);
    assert!(draw.code == 2 && draw.err.contains("another version"), "{}", draw.err);
    std::fs::remove_file(root.join("figures/small.svg")).expect("removed");
    assert_eq!(json(root, &["list", "--json"])[0]["state"], "missing");
}

#[test]
fn one_golden_cell_off_by_1e_9_fails_the_check_and_is_named() {
    let folder = accepted();
    let root = folder.path();
    let path = root.join("tests/golden/small.layers.csv");
    let text = std::fs::read_to_string(&path).expect("golden data");
    let line = text.lines().nth(4).expect("a row");
    let cells: Vec<&str> = line.split(',').collect();
    let value: f64 = cells[4].parse().expect("a number");
    let changed = line.replacen(cells[4], &format!("{:?}", value * (1.0 + 1e-9)), 1);
    std::fs::write(&path, text.replacen(line, &changed, 1)).expect("written");
    let answer = neurodyn(root, &["check"]);
    assert_eq!(answer.code, 1, "{}", answer.err);
    for part in ["small.layers.csv", "column activity_theory", "row 4", "sigma_w = 1.3", "layer = 3", "relative 1.0e-9"]
    {
        assert!(answer.err.contains(part), "{part} missing in {}", answer.err);
    }
    let new = root.join("tests/golden/small.layers.csv.new");
    assert!(!new.exists(), "a check writes nothing");
    let answer = neurodyn(root, &["run"]);
    assert!(answer.code == 1 && answer.err.contains("the new table is"), "{}", answer.err);
    assert_eq!(
        std::fs::read(&new).expect("the new table"),
        std::fs::read(root.join("results/small/layers.csv")).expect("a table")
    );
    assert_eq!(neurodyn(root, &["accept"]).code, 0);
    assert!(!new.exists());
    assert_eq!(neurodyn(root, &["check"]).code, 0);
}

#[test]
fn verdicts_in_json() {
    let folder = accepted();
    let root = folder.path();
    let check = json(root, &["check", "--json", "--quiet"]);
    let row = &check.as_array().expect("an array")[0];
    assert_eq!((row["id"].as_str(), row["outcome"].as_str()), (Some("small"), Some("fine")));
    assert_eq!((row["problems"].as_array().map(Vec::len), row["agreement"]["holds"].as_bool()), (Some(0), Some(true)));
    std::fs::remove_file(root.join("figures/small.svg")).expect("removed");
    let answer = neurodyn(root, &["check", "--json"]);
    let check: Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!((answer.code, check[0]["outcome"].as_str()), (1, Some("failed")));
    assert!(check[0]["problems"][0].as_str().is_some_and(|text| text.contains("small.svg is missing")), "{check}");
}

#[test]
fn golden_data_of_no_table_fail_the_check_until_accepted() {
    let folder = accepted();
    let root = folder.path();
    write(root, "tests/golden/small.old.csv", "a\n1\n");
    let answer = neurodyn(root, &["check"]);
    assert!(answer.code == 1 && answer.err.contains("small.old.csv belongs to no table"), "{}", answer.err);
    assert!(answer.err.contains("neurodyn accept small --remove"), "{}", answer.err);
    let answer = neurodyn(root, &["accept"]);
    assert!(answer.code == 2 && answer.err.contains("small.old.csv: no table of the stored results"), "{}", answer.err);
    let answer = neurodyn(root, &["accept", "small", "--remove"]);
    assert!(answer.code == 0 && answer.err.contains("removed "), "{}", answer.err);
    assert_eq!(neurodyn(root, &["check"]).code, 0);
}

#[test]
fn only_what_was_looked_at_becomes_golden() {
    let folder = accepted();
    let root = folder.path();
    let waiting = root.join("tests/golden/small.layers.csv.new");
    // a later run found other numbers than those of the stored results
    std::fs::write(&waiting, "layer\n1\n").expect("written");
    let answer = neurodyn(root, &["accept"]);
    assert!(answer.code == 2 && answer.err.contains("small.layers.csv.new"), "{}", answer.err);
    assert!(waiting.exists());
    // where all is as it was, nothing waits any more
    assert_eq!(neurodyn(root, &["check"]).code, 0);
    assert!(waiting.exists(), "a check changes nothing");
    assert_eq!(neurodyn(root, &["run"]).code, 0);
    assert!(!waiting.exists());
    // and where nothing was run, nothing is made
    let folder = project();
    let answer = neurodyn(folder.path(), &["accept"]);
    assert!(answer.code == 2 && answer.err.contains("neurodyn run small"), "{}", answer.err);
    assert_eq!(files_below(folder.path()).len(), 1);
    assert!(!folder.path().join("results").exists() && !folder.path().join("tests/golden").exists());
}

#[test]
fn a_changed_or_missing_figure_fails_the_check() {
    let folder = accepted();
    let figure = folder.path().join("figures/small.svg");
    let svg = std::fs::read_to_string(&figure).expect("drawn");
    std::fs::write(&figure, svg.replacen("</svg>", " </svg>", 1)).expect("written");
    let answer = neurodyn(folder.path(), &["check"]);
    assert!(answer.code == 1 && answer.err.contains("small.svg is not what would be drawn"), "{}", answer.err);
    std::fs::remove_file(&figure).expect("removed");
    let answer = neurodyn(folder.path(), &["check"]);
    assert!(answer.code == 1 && answer.err.contains("small.svg is missing"), "{}", answer.err);
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_the_work_and_leaves_nothing_half_written() {
    let folder = project();
    let root = folder.path();
    let text = format!("experiment = \"activity_convergence\"\n{SMALL}");
    let text = text.replace("width = 200", "width = 100000").replace("replicas = 40", "replicas = 100000");
    write(root, "experiments/small.toml", &text);
    let rest = interrupted(root, &["run"]);
    assert!(rest.iter().any(|line| line.contains("interrupted")), "{rest:?}");
    assert_eq!(files_below(root), [root.join("experiments/small.toml").display().to_string()]);
}

#[test]
fn run_changed_computes_what_changed_and_nothing_else() {
    let folder = accepted();
    let root = folder.path();
    let due = || json(root, &["list", "--json"])[0]["due"].as_str().expect("text").to_owned();
    let computes = |why: &str| {
        assert!(due().contains(why), "{why}: {}", due());
        let answer = neurodyn(root, &["run", "--changed"]);
        assert!(answer.err.contains("small: running"), "{why}: {}", answer.err);
        answer.code
    };
    let draws = |why: &str| {
        assert!(due().contains(why), "{why}: {}", due());
        let answer = neurodyn(root, &["run", "--changed", "--json"]);
        assert!(
            answer.err.contains("small: drawn again: ") && !answer.err.contains("running"),
            "{why}: {}",
            answer.err
        );
        let verdicts: Value = serde_json::from_str(&answer.out).expect("JSON");
        assert_eq!((answer.code, &verdicts[0]["agreement"]["holds"]), (0, &Value::Bool(true)));
    };
    let rests = || {
        assert_eq!(due(), "");
        let answer = neurodyn(root, &["run", "--changed", "--json"]);
        let verdicts: Value = serde_json::from_str(&answer.out).expect("JSON");
        assert_eq!((answer.code, answer.err.as_str()), (0, "small: nothing changed\n"));
        assert_eq!(verdicts[0]["agreement"]["holds"], true);
        assert_eq!(verdicts[0]["figures"].as_array().map(Vec::len), Some(1));
    };
    // the first run had no golden data, so nothing is known to be right
    assert_eq!(computes("no complete and faultless run"), 0);
    rests();
    for name in ["results/small/layers.parquet", "results/small/run.json"] {
        let text = std::fs::read(root.join(name)).expect("readable");
        std::fs::write(root.join(name), [&text, b" ".as_slice()].concat()).expect("written");
        assert_eq!(computes(&format!("{name} changed")), 0);
        rests();
    }
    // of a figure only the drawing has to be done again
    let figure = root.join("figures/small.svg");
    let drawn = std::fs::read(&figure).expect("a figure");
    for change in
        [&|| std::fs::write(&figure, "<svg/>").expect("written"), &|| std::fs::remove_file(&figure).expect("removed")]
            as [&dyn Fn(); 2]
    {
        change();
        draws("figures/small.svg changed");
        assert!(std::fs::read(&figure).expect("a figure") == drawn);
        rests();
    }
    std::fs::write(root.join("results/small/stamp.json"), "{").expect("written");
    assert_eq!(computes("stamp.json is damaged"), 0);
    rests();
    // plain runs and checks compute whatever is there
    for command in ["run", "check"] {
        assert!(neurodyn(root, &[command]).err.contains("small: running"), "{command}");
    }
    // what is wrong once is wrong again
    let golden = root.join("tests/golden/small.layers.csv");
    let text = std::fs::read_to_string(&golden).expect("golden data");
    let line = text.lines().nth(1).expect("a row").to_owned();
    std::fs::write(&golden, text.replace(&line, &line.replace("0.2", "0.3"))).expect("written");
    assert_eq!(computes("golden data changed"), 1);
    assert_eq!(computes("no complete and faultless run"), 1);
    std::fs::write(&golden, &text).expect("written");
    assert_eq!(computes("no complete and faultless run"), 0);
    rests();
    // a title moves no number, and the figure is that of a whole run
    let file = format!("experiment = \"activity_convergence\"\n{}", SMALL.replace("A small one", "Another title"));
    write(root, "experiments/small.toml", &file);
    draws("experiments/small.toml changed, but not what it computes");
    rests();
    let drawn = std::fs::read(&figure).expect("a figure");
    assert_eq!(neurodyn(root, &["run"]).code, 0);
    assert!(std::fs::read(&figure).expect("a figure") == drawn);
    assert_eq!(neurodyn(root, &["verify", "figures/small.svg"]).code, 0);
    write(root, "experiments/small.toml", &file.replace("depth = 3", "depth = 4"));
    assert_eq!(computes("experiments/small.toml changed"), 1, "golden data are of another depth");
    write(root, "experiments/small.toml", &file);
    assert_eq!(computes("no complete and faultless run"), 0);
    // other formats are drawn from the tables as well
    let answer = neurodyn(root, &["run", "--changed", "--format", "pdf"]);
    assert!(answer.err.contains("drawn again: figures were written in other formats"), "{}", answer.err);
}

#[test]
fn every_experiment_has_a_digest_of_its_own_code() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = std::collections::BTreeSet::new();
    for module in ["activity_map", "distance_map", "metric_length", "singular_online"] {
        let plan = json(shipped, &["shard", "plan", module, "--shards", "2", "--json"]);
        let code = plan["code"].as_str().expect("a digest").rsplit(' ').next().expect("a digest").to_owned();
        assert_eq!(code.len(), 64, "{code}");
        assert!(found.insert(code), "{module}");
    }
}

#[test]
fn another_program_draws_again_what_comes_from_the_same_code() {
    let folder = accepted();
    let root = folder.path();
    assert_eq!(neurodyn(root, &["run"]).code, 0);
    let due = || json(root, &["list", "--json"])[0]["due"].clone();
    assert_eq!(due(), "");
    // as if another program had written the stamp
    let of_another = |digest: &str| {
        let stamp = root.join("results/small/stamp.json");
        let text = std::fs::read_to_string(&stamp).expect("a stamp");
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value[digest].as_str().expect("a digest").len(), 64);
        value[digest] = "0".repeat(64).into();
        std::fs::write(&stamp, value.to_string()).expect("written");
    };
    of_another("program");
    assert_eq!(due(), "the program changed, but not what its numbers come from");
    let said = neurodyn(root, &["run", "--changed"]).err;
    assert!(said.starts_with("small: drawn again: the program changed"), "{said}");
    assert_eq!(due(), "");
    // other code is other numbers
    of_another("code");
    assert_eq!(due(), "the code that its numbers come from changed");
    assert!(neurodyn(root, &["run", "--changed"]).err.contains("small: running"));
}
