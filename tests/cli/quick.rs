//! Quick looks: values set on the command line.

use super::{SMALL, accepted, files_below, json, neurodyn, write};
use serde_json::Value;

/// Files of the folders that a quick look leaves alone, with their bytes.
fn proper(root: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let below = ["experiments", "figures", "results", "tests"].map(|name| files_below(&root.join(name)));
    below.concat().into_iter().map(|name| (name.clone(), std::fs::read(&name).expect("readable"))).collect()
}

#[test]
fn a_quick_look_is_computed_from_the_values_given_and_touches_nothing_else() {
    let folder = accepted();
    let root = folder.path();
    let before = proper(root);
    let set =
        ["run", "small", "--set", "params.sigma_w=[1.2,1.8]", "--set", "seed=5", "--set", "title=a look", "--json"];
    let answer = neurodyn(root, &set);
    assert_eq!(answer.code, 0, "no golden data are asked for: {}", answer.err);
    let verdicts: Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!(verdicts[0]["agreement"]["holds"], true, "theory and Monte Carlo are still compared");
    assert_eq!(proper(root), before);
    let quick = root.join("quick/small");
    let table = std::fs::read_to_string(quick.join("results/small/layers.csv")).expect("a table");
    assert!(table.contains("\n1.2,") && table.contains("\n1.8,") && !table.contains("\n1.3,"), "{table}");
    let svg = std::fs::read_to_string(quick.join("figures/small.svg")).expect("drawn");
    for part in [
        "<nd:seed>5</nd:seed>",
        "<rdf:li>parameters.sigma_w=[1.2,1.8]</rdf:li><rdf:li>seed=5</rdf:li><rdf:li>title=\"a look\"</rdf:li></rdf:Seq></nd:settings>",
        "sigma_w = [1.2,1.8]\n",
        "(not citable)</title>",
        "Not citable: --set parameters.sigma_w=[1.2,1.8], --set seed=5",
    ] {
        assert!(svg.contains(part), "{part}");
    }
    // the figure proper says nothing of the kind
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    assert!(!svg.contains("nd:settings") && !svg.contains("citable"));
    // the same numbers as from a file with these values
    let other = tempfile::tempdir().expect("a folder");
    let text = SMALL.replace("[1.3, 2.5]", "[1.2, 1.8]").replace("seed = 11", "seed = 5");
    write(other.path(), "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{text}"));
    assert_eq!(neurodyn(other.path(), &["run"]).code, 0);
    let same = std::fs::read_to_string(other.path().join("results/small/layers.csv")).expect("a table");
    assert_eq!(table, same);
}

#[test]
fn what_is_absent_but_allowed_can_be_set() {
    let folder = accepted();
    let root = folder.path();
    write(root, "experiments/small.toml", SMALL);
    // the file does not name its module, and there is none of its name
    assert_eq!(neurodyn(root, &["list"]).code, 2);
    write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}"));
    let grid = "parameters.initial_activities={ from = 0.1, to = 1.0, count = 2 }";
    let answer = neurodyn(
        root,
        &["run", "small", "--set", grid, "--set", "params.initial_activities.scale=log", "--out", "there"],
    );
    assert_eq!(answer.code, 0, "{}", answer.err);
    let svg = std::fs::read_to_string(root.join("there/figures/small.svg")).expect("drawn");
    assert!(svg.contains("initial_activities = { from = 0.1, to = 1.0, count = 2, scale = \"log\" }"), "{svg}");
    assert!(!root.join("quick").exists());
}

#[test]
fn a_quick_look_is_not_cited_and_not_accepted() {
    let folder = accepted();
    let root = folder.path();
    assert_eq!(neurodyn(root, &["run", "small", "--set", "seed=5"]).code, 0);
    let before = proper(root);
    let answer = neurodyn(root, &["cite", "quick/small/figures/small.svg"]);
    assert!(answer.code == 2 && answer.err.contains("--set seed=5, which is not citable"), "{}", answer.err);
    for command in ["accept", "draw"] {
        let answer = neurodyn(root, &[command, "small", "--out", "quick/small"]);
        assert!(answer.code == 2 && answer.err.contains("a quick look with --set seed=5"), "{}", answer.err);
    }
    // the values of the file, but set
    assert_eq!(neurodyn(root, &["run", "small", "--set", "seed=11"]).code, 0);
    let answer = neurodyn(root, &["accept", "small", "--out", "quick/small"]);
    assert!(answer.code == 2 && answer.err.contains("a quick look with --set seed=11"), "{}", answer.err);
    assert_eq!(json(root, &["cite", "figures/small.svg", "--json"])["seed"], 11);
    let answer = neurodyn(root, &["run", "small", "--set", "seed=5", "--out", "."]);
    assert!(answer.code == 2 && answer.err.contains("choose another --out"), "{}", answer.err);
    assert_eq!(proper(root), before);
    // kept in a file it can be
    assert_eq!(neurodyn(root, &["new", "kept", "--from", "quick/small/figures/small.svg"]).code, 0);
}

#[test]
fn settings_that_do_not_fit_are_named_and_nothing_is_written() {
    let folder = accepted();
    let root = folder.path();
    let before = files_below(root);
    for (setting, parts) in [
        (
            "sigma_w=1.5",
            &["--set sigma_w=1.5", "unknown field `sigma_w`", "`parameters`", "is parameters.sigma_w meant?"][..],
        ),
        ("params.sigma_v=1.5", &["--set parameters.sigma_v=1.5", "unknown field `sigma_v`", "`sigma_w`", "`replicas`"]),
        ("params.sigma_w=wide", &["--set parameters.sigma_w=\"wide\"", "parameters.sigma_w: ", "\"wide\"", "a list"]),
        ("params.width=0", &["--set parameters.width=0", "0", "from 1"]),
        ("params.width=-5", &["--set parameters.width=-5", "-5"]),
        ("params.sigma_w[2]=1", &["--set parameters.sigma_w[2]=1", "a list of 2"]),
        ("params.activation=tahn", &["--set parameters.activation=\"tahn\"", "tahn", "erf_sqrt2"]),
        ("family=acitvity", &["--set family=\"acitvity\"", "is activity meant?"]),
        ("experiment=activity_mop", &["--set experiment=\"activity_mop\"", "activity_map"]),
        ("seed", &["--set", "PATH=VALUE"]),
        ("seed=[1", &["--set", "no value of TOML"]),
    ] {
        // the one to blame among several
        let answer = neurodyn(root, &["run", "small", "--set", "params.depth=2", "--set", setting]);
        assert_eq!(answer.code, 2, "{setting}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{setting}: {part} missing in {}", answer.err);
        }
        assert!(!answer.err.contains("running") && !answer.err.contains("depth=2"), "{setting}: {}", answer.err);
        assert_eq!(files_below(root), before, "{setting}");
    }
    let answer = neurodyn(root, &["run", "--changed", "--set", "seed=5"]);
    assert!(answer.code == 2 && answer.err.contains("--changed"), "{}", answer.err);
}
