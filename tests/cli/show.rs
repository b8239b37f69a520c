//! `neurodyn show`: what an experiment is, for a person and as JSON.

use super::{accepted, files_below, json, neurodyn, project, write};
use serde_json::Value;
use std::path::Path;

fn shipped() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn find<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    let found = list.as_array().expect("a list").iter().find(|one| one[key] == name);
    found.unwrap_or_else(|| panic!("no {key} is {name}: {list:#}"))
}

#[test]
fn it_says_all_that_a_reader_asks() {
    let answer = neurodyn(shipped(), &["show", "distance_dynamics"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let words = answer.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "distance_dynamics: Distance through the layers family distance, seed 20180808, values 2, file experiments/distance_dynamics.toml",
        // the head of its file and that of its module
        "Distances through 40 layers from 1e-12 to 0.1, and correlations from 0.2 to 0.8. Distances through the layers, from 1e-12 up",
        "figures/distance_correlation.svg Correlation through the layers. Correlation of preactivations",
        "small.initial_distances = [1e-12, 1e-8, 1e-4, 0.1] Distances `D^0` of the two inputs",
        "Allowed: a whole number from 30 to 10^9; or a table { at_most, target_stderr }",
        "small: 132 rows, drawn in distance_dynamics",
        "layer parameter, layers: number l of the layer, 0 for the input",
        "JUDGED AGAINST THEORY large.distance, small.log_distance not judged: large.correlation: the distance of the same row",
        "chi-1 1.58522 fixed_points: chi_1, sigma_w = 2.5",
        "Simulated: 21 points of 100 replicas each. Estimated time",
        "neurodyn new my_distance_dynamics --from distance_dynamics",
    ] {
        assert!(words.contains(part), "{part:?} is not in:\n{}", answer.out);
    }
    let long = answer.out.lines().find(|line| line.chars().count() > 100);
    assert_eq!(long, None);
}

#[test]
fn json_says_the_same() {
    let found = json(shipped(), &["show", "sweep_activity", "--json"]);
    assert_eq!((found["id"].as_str(), found["module"].as_str()), (Some("sweep_activity"), Some("activity_width")));
    let replicas = find(&found["parameters"], "name", "replicas");
    assert_eq!(replicas["values"][0], "{ target_stderr = 1.5e-4, at_most = 50000 }");
    let means = find(&found["tables"], "name", "means");
    assert_eq!(find(&means["columns"], "name", "width")["unit"], "neurons");
    let mean = find(&found["numbers"], "name", "activity.mean.monte-carlo");
    assert_eq!((mean["value"].as_str(), mean["error"].as_str()), (Some("0.63880"), Some("0.00015")));
    assert_eq!(found["cost"]["groups"][0]["target_stderr"], 1.5e-4);
    assert!(found["cost"]["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0));
    let of_lists = json(shipped(), &["show", "fisher_spectrum", "--json"]);
    let activations = find(&of_lists["parameters"], "name", "ensembles[].activation");
    assert_eq!(activations["values"].as_array().map(Vec::len), Some(3));
    let theory = json(shipped(), &["show", "activity_phase", "--json"]);
    assert_eq!((theory["cost"]["points"].as_u64(), theory["judged"].as_array().map(Vec::len)), (Some(0), Some(0)));
    assert!(theory["no_control"].as_str().is_some_and(|reason| reason.len() > 15), "{theory:#}");
    assert!(!theory["tables"][0]["name"].as_str().expect("a name").is_empty(), "an only table has its name");
}

#[test]
fn what_is_not_there_yet_is_said() {
    let folder = project();
    let root = folder.path();
    let before = files_below(root);
    let answer = neurodyn(root, &["show", "experiments/small.toml"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(answer.out.contains("a variant of activity_convergence"), "{}", answer.out);
    assert!(answer.out.contains("They are known once it has run: neurodyn run small."), "{}", answer.out);
    assert!(!answer.out.contains("The last run"), "{}", answer.out);
    assert_eq!(files_below(root), before, "nothing is written");
    // results without golden data say what the tables are
    assert_eq!(neurodyn(root, &["run", "small"]).code, 0);
    let tables = json(root, &["show", "small", "--json"])["tables"].clone();
    let layers = find(&tables, "name", "layers");
    assert_eq!(find(&layers["columns"], "name", "activity_mc")["role"], "Monte Carlo");
    // a file in no project is called by its path
    let text = std::fs::read_to_string(root.join("experiments/small.toml")).expect("a file");
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "lone.toml", &text);
    let answer = neurodyn(folder.path(), &["show", "lone.toml"]);
    assert!(answer.out.contains("neurodyn new my_lone --from lone.toml"), "{}{}", answer.out, answer.err);
}

#[test]
fn the_last_run_is_shown_and_whether_it_is_of_this_file() {
    let folder = accepted();
    let root = folder.path();
    let answer = neurodyn(root, &["show", "small"]);
    assert!(
        answer.out.contains("The last run took ") && answer.out.contains("(results/small/run.json)"),
        "{}",
        answer.out
    );
    let run = json(root, &["show", "small", "--json"])["last_run"].clone();
    assert!(run["current"] == true && run["threads"].as_u64() >= Some(1), "{run:#}");
    let file = std::fs::read_to_string(root.join("experiments/small.toml")).expect("a file");
    write(root, "experiments/small.toml", &file.replace("sigma_b = 0.3", "sigma_b = 0.4"));
    assert_eq!(json(root, &["show", "small", "--json"])["last_run"]["current"], false);
}

#[test]
fn the_setting_that_it_shows_is_taken() {
    let folder = project();
    let root = folder.path();
    let setting = json(root, &["show", "small", "--json"])["setting"].as_str().expect("a setting").to_owned();
    let answer = neurodyn(root, &["run", "small", "--set", &setting]);
    assert_eq!(answer.code, 0, "{setting}: {}", answer.err);
}

#[test]
fn a_name_that_is_none_gets_the_nearest() {
    let answer = neurodyn(shipped(), &["show", "distance_dynamcis"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("is distance_dynamics meant?"), "{}", answer.err);
    assert_eq!(answer.out, "");
}
