//! The data behind figures.

use super::{accepted, files_below, json, neurodyn, project, write};

/// The rows of a CSV file without quoted line ends, its fields split outside quotes.
fn rows(text: &str) -> Vec<Vec<String>> {
    let fields = |line: &str| {
        let mut quoted = false;
        let split = |letter: char| {
            quoted ^= letter == '"';
            letter == ',' && !quoted
        };
        line.split(split).map(|field| field.trim_matches('"').to_owned()).collect()
    };
    text.lines().map(fields).collect()
}

#[test]
fn tables_of_a_figure_come_with_what_their_columns_hold() {
    let folder = accepted();
    let root = folder.path();
    let before = files_below(root);
    let paths = json(root, &["data", "--json"]);
    let names: Vec<&str> = paths.as_array().expect("paths").iter().map(|path| path.as_str().expect("text")).collect();
    assert!(names.contains(&"data/small.layers.csv") && names.contains(&"data/small.columns.csv"), "{names:?}");
    assert_eq!(files_below(root).len(), before.len() + names.len());
    // the very tables of the results
    for (name, stored) in [("small.layers", "layers"), ("small.fixed_points", "fixed_points")] {
        for ending in ["csv", "parquet"] {
            let found = std::fs::read(root.join(format!("data/{name}.{ending}"))).expect("data");
            let result = std::fs::read(root.join(format!("results/small/{stored}.{ending}"))).expect("results");
            assert!(found == result, "{name}.{ending}");
        }
    }
    let text = std::fs::read_to_string(root.join("data/small.columns.csv")).expect("columns");
    let rows = rows(&text);
    assert_eq!(rows[0], ["table", "column", "kind", "role", "unit", "meaning", "figures"]);
    let of = |table: &str, column: &str| rows.iter().find(|row| row[0] == table && row[1] == column).expect("a row");
    let mean = of("layers", "activity_mc");
    assert_eq!(mean[2..5], ["number", "Monte Carlo", "dimensionless"]);
    assert!(mean[5].starts_with("Monte Carlo: activity A^l") && mean[6] == "small", "{mean:?}");
    assert_eq!(of("layers", "layer")[2..5], ["whole number", "parameter", "layers"]);
    assert!(of("fixed_points", "slope")[5].contains("slope of the activity map at A*"));
    let columns = |name: &str| {
        let text = std::fs::read_to_string(root.join(format!("data/small.{name}.csv"))).expect("a table");
        text.lines().next().expect("a header").split(',').count()
    };
    assert_eq!(rows.len() - 1, columns("layers") + columns("fixed_points"));
    assert!(rows.iter().all(|row| row.len() == 7 && row[..6].iter().enumerate().all(|(i, f)| i == 4 || !f.is_empty())));
    // beside the results too, and in the metadata of the Parquet files
    let beside = std::fs::read_to_string(root.join("results/small/columns.csv")).expect("columns");
    assert_eq!(beside, text);
    let parquet = std::fs::read(root.join("results/small/layers.parquet")).expect("Parquet");
    let meaning = format!("{} (Monte Carlo, dimensionless)", mean[5]);
    assert!(parquet.windows(meaning.len()).any(|window| window == meaning.as_bytes()));
}

#[test]
fn formats_and_folders_are_chosen() {
    let folder = accepted();
    let root = folder.path();
    let answer = neurodyn(root, &["data", "small", "--format", "parquet", "--out", "here/there"]);
    let names = files_below(&root.join("here/there"));
    assert_eq!((answer.code, answer.err), (0, format!("{} files in here/there/\n", names.len())));
    assert!(names.iter().any(|name| name.ends_with("small.layers.parquet")), "{names:?}");
    assert!(names.iter().all(|name| !name.ends_with(".csv") || name.ends_with("small.columns.csv")), "{names:?}");
    let answer = neurodyn(root, &["data", "--format", "xlsx"]);
    assert!(answer.code == 2 && answer.err.contains("possible values: csv, parquet"), "{}", answer.err);
}

#[test]
fn nothing_is_written_where_something_is_missing() {
    let folder = project();
    let root = folder.path();
    let answer = neurodyn(root, &["data"]);
    assert!(answer.code == 2 && answer.err.contains("compute them with: neurodyn run small"), "{}", answer.err);
    let answer = neurodyn(root, &["data", "tiny"]);
    let message = "no figure or experiment is called \"tiny\"; there are: small";
    assert!(answer.code == 2 && answer.err.contains(message), "{}", answer.err);
    assert!(!root.join("data").exists());
    let folder = accepted();
    let root = folder.path();
    // a folder in the place of one of the files
    write(root, "data/small.layers.csv/file", "");
    let answer = neurodyn(root, &["data"]);
    assert!(answer.code == 2 && answer.err.contains("small.layers.csv: cannot be written"), "{}", answer.err);
    assert_eq!(files_below(&root.join("data")).len(), 1);
    // results of another version of the file
    let text = std::fs::read_to_string(root.join("experiments/small.toml")).expect("the file");
    write(root, "experiments/small.toml", &text.replace("replicas = 40", "replicas = 41"));
    let answer = neurodyn(root, &["data", "--out", "new"]);
    assert!(answer.code == 2 && answer.err.contains("results of another version"), "{}", answer.err);
    assert!(!root.join("new").exists());
}
