//! Inputs of experiments from files: where they are, what is said when they are not, and that figures name them.

use super::{json, neurodyn, project_of, write};
use std::path::Path;
use tempfile::TempDir;

const DISTANCES: &str = r#"family = "distance"
title = "A small one"
seed = 11
values = 1

[parameters]
activation = "erf_sqrt2"
sigma_w = [2.5]
sigma_b = 0.2
depth = 2
width = 20
replicas = 30

[parameters.inputs]
file = "numbers/x.csv"
centre = "none"
scale = "rows"
labels = { file = "numbers/x.csv", column = 2 }
"#;

const NUMBERS: &str = "x,y,class\n1,0.2,0\n0.5,-1,1\n0.3,0.9,0\n-1,0.4,1\n0.7,0.6,1\n";

fn project() -> TempDir {
    let folder = project_of("data_distances", DISTANCES);
    write(folder.path(), "experiments/numbers/x.csv", NUMBERS);
    folder
}

fn accepted() -> TempDir {
    let folder = project();
    assert_eq!(neurodyn(folder.path(), &["run"]).code, 0);
    assert_eq!(neurodyn(folder.path(), &["accept", "small"]).code, 0);
    // once more, now that there is something to compare with
    assert_eq!(neurodyn(folder.path(), &["run"]).code, 0);
    folder
}

fn verdict(root: &Path, figure: &str) -> (i32, String, String) {
    let answer = neurodyn(root, &["verify", figure, "--json"]);
    let found: serde_json::Value = serde_json::from_str(&answer.out).expect("JSON");
    let said = format!("{} {}", found[0]["problems"], found[0]["refused"]);
    (answer.code, found[0]["verdict"].as_str().expect("a verdict").to_owned(), said)
}

#[test]
fn a_figure_says_which_data_it_is_of() {
    let folder = accepted();
    let root = folder.path();
    let figure = "figures/small.svg";
    let svg = std::fs::read_to_string(root.join(figure)).expect("a figure");
    assert!(svg.contains("<nd:data>") && svg.contains("numbers/x.csv</rdf:li>"));
    assert_eq!(verdict(root, figure).1, "verified");
    // a line more
    write(root, "experiments/numbers/x.csv", &format!("{NUMBERS}0,1,0\n"));
    let (code, word, said) = verdict(root, figure);
    assert!(
        code == 1 && word == "not_verified" && said.contains("the data differ: ") && said.contains("x.csv"),
        "{said}"
    );
    assert!(!said.contains("numbers: "), "{said}");
    let list = neurodyn(root, &["list", "--json"]).out;
    assert!(list.contains("x.csv changed"), "{list}");
    std::fs::remove_file(root.join("experiments/numbers/x.csv")).expect("removed");
    let (code, word, said) = verdict(root, figure);
    assert!(code == 2 && word == "refused" && said.contains("the data are missing: "), "{word} {said}");
    let run = neurodyn(root, &["run", "--changed"]);
    assert!(run.code == 2 && run.err.contains("x.csv") && run.err.contains("small.toml"), "{}", run.err);
    // the same again
    write(root, "experiments/numbers/x.csv", NUMBERS);
    assert_eq!(verdict(root, figure).1, "verified");
    let run = neurodyn(root, &["run", "--changed"]);
    assert!(run.err.contains("nothing changed"), "{}", run.err);
    // what states other data than its experiment names
    let digest =
        svg.split("<nd:data><rdf:Seq><rdf:li>").nth(1).and_then(|rest| rest.split(' ').next()).expect("a digest");
    for (altered, message) in [
        (svg.replacen(digest, &"0".repeat(64), 1), "the data differ"),
        (svg.replacen("numbers/x.csv</rdf:li>", "numbers/y.csv</rdf:li>", 1), "states no digest"),
    ] {
        write(root, "altered.svg", &altered);
        let (code, word, said) = verdict(root, "altered.svg");
        assert!(code == 1 && word == "not_verified" && said.contains(message), "{word} {said}");
    }
    // nothing outside of the project is read for a figure of somebody else
    write(root, "altered.svg", &svg.replace("numbers/x.csv", "../../secret.csv"));
    let (_, word, said) = verdict(root, "altered.svg");
    assert!(word == "refused" && said.contains("lie outside of"), "{word} {said}");
}

#[test]
fn shards_belong_to_their_data() {
    let folder = project();
    let root = folder.path();
    assert_eq!(neurodyn(root, &["shard", "run", "small", "--shard", "0/2", "--dir", "s"]).code, 0);
    write(root, "experiments/numbers/x.csv", &format!("{NUMBERS}0,1,0\n"));
    assert_eq!(neurodyn(root, &["shard", "run", "small", "--shard", "1/2", "--dir", "s"]).code, 0);
    let merged = neurodyn(root, &["shard", "merge", "small", "--dir", "s"]);
    assert!(merged.code == 2 && merged.err.contains("digest"), "{}", merged.err);
}

#[test]
fn what_is_wrong_with_data_is_said_at_the_line_that_names_them() {
    let folder = project();
    let root = folder.path();
    let text = std::fs::read_to_string(root.join("experiments/small.toml")).expect("a file");
    for (from, to, message) in [
        ("file = \"numbers/x.csv\"\ncentre", "file = \"numbers/z.csv\"\ncentre", "z.csv"),
        ("centre = \"none\"", "rows = [0, 9]\ncentre = \"none\"", "[0, 9] of 5"),
        ("centre = \"none\"", "centre = \"median\"", "median"),
        ("column = 2", "column = 7", "[7, 8] of 3"),
        ("file = \"numbers/x.csv\"\ncentre", "file = \"numbers\"\ncentre", "numbers"),
        ("scale = \"rows\"", "scale = \"rows\"\nsize = 3", "size"),
        ("scale = \"rows\"", "scale = \"rows\"\narray = \"a\"", "no array is called"),
    ] {
        assert!(text.contains(from), "{from}");
        write(root, "experiments/small.toml", &text.replacen(from, to, 1));
        let answer = neurodyn(root, &["run", "small"]);
        assert!(answer.code == 2 && answer.err.contains(message), "{to}: {}", answer.err);
        assert!(answer.err.contains("small.toml:"), "{to}: {}", answer.err);
        assert!(!root.join("figures/small.svg").exists() && !root.join("results/small/small.csv").exists());
    }
}

#[test]
fn inputs_without_labels_are_one_kind() {
    let text = DISTANCES.replace("labels = { file = \"numbers/x.csv\", column = 2 }\n", "columns = [0, 2]\n");
    let folder = project_of("data_distances", &text);
    let root = folder.path();
    write(root, "experiments/numbers/x.csv", NUMBERS);
    let answer = neurodyn(root, &["run", "--json"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let layers = std::fs::read_to_string(root.join("results/small/layers.csv")).expect("a table");
    assert!(layers.contains("all pairs") && !root.join("results/small/ratio.csv").exists(), "{layers}");
    let shown = json(root, &["show", "small", "--json"]);
    assert!(shown.to_string().contains("numbers/x.csv") || shown["parameters"].is_array(), "{shown}");
}
