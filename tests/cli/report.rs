//! One page about the experiments.

use super::{SMALL, accepted, files_below, neurodyn, project, write};

fn page(root: &std::path::Path) -> String {
    std::fs::read_to_string(root.join("report/index.html")).expect("a page")
}

#[test]
fn the_page_holds_figures_numbers_agreement_timing_and_citation() {
    let folder = accepted();
    let root = folder.path();
    let answer = neurodyn(root, &["report"]);
    assert!(answer.code == 0 && answer.err.contains("report/index.html: 1 figure, "), "{}", answer.err);
    let html = page(root);
    let digest = super::json(root, &["cite", "small", "--json"])["digest"].as_str().expect("a digest").to_owned();
    for part in [
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
        "id=\"figure-small\"",
        "experiment small, seed 11, values 1 (SHA-256",
        &digest,
        "<span class=\"name\">initial_activities </span>= [0.2, 1.0]",
        "<th scope=\"row\">layers</th>",
        "Nothing differs: every number of 1 experiment",
        "Timing of the last run",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("http:") && !html.contains("https:"), "it asks for nothing");
    // a number of the table is there with all its digits
    let table = std::fs::read_to_string(root.join("results/small/layers.csv")).expect("a table");
    let names: Vec<&str> = table.lines().next().expect("a header").split(',').collect();
    let column = names.iter().position(|name| *name == "activity_mc").expect("a column");
    let cell = table.lines().last().expect("a row").split(',').nth(column).expect("a cell");
    assert!(html.contains(cell), "{cell}");
    // the same results give the same page, and nothing else is written
    let before = files_below(root);
    assert_eq!(neurodyn(root, &["report", "small", "--quiet"]).code, 0);
    assert_eq!((page(root), files_below(root)), (html, before));
}

#[test]
fn changed_values_are_shown_beside_the_old_ones() {
    let folder = accepted();
    let root = folder.path();
    let file = format!("experiment = \"activity_convergence\"\n{}", SMALL.replace("seed = 11", "seed = 12"));
    write(root, "experiments/small.toml", &file);
    assert_eq!(neurodyn(root, &["run", "--quiet"]).code, 1, "values changed");
    let before = files_below(root);
    assert_eq!(neurodyn(root, &["report"]).code, 0);
    let html = page(root);
    for part in [
        "<code>small</code> differs from golden data",
        "activity_mc",
        "within statistical error",
        "plot-small-old",
        "plot-small-new",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("Nothing differs"));
    assert_eq!(files_below(root).len(), before.len() + 1, "the report alone is new");
    // a golden column that the figure needs and that is gone
    let path = root.join("tests/golden/small.layers.csv");
    let golden = std::fs::read_to_string(&path).expect("golden data");
    std::fs::write(&path, golden.replacen("activity_theory", "other", 1)).expect("written");
    assert_eq!(neurodyn(root, &["report"]).code, 0);
    assert!(page(root).contains("Golden data do not draw this figure") && page(root).contains("activity_theory"));
}

#[test]
fn text_of_experiment_files_stays_text() {
    let folder = project();
    let root = folder.path();
    let hostile = "</title><script>alert(1)</script><img src=x onerror=alert(2)>";
    let file = SMALL.replace("A small one", hostile);
    write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n# {hostile}\n{file}"));
    assert_eq!(neurodyn(root, &["run", "--quiet"]).code, 0);
    let answer = neurodyn(root, &["report"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let html = page(root);
    assert!(!html.contains("<img") && !html.contains("<script>alert"), "{hostile}");
    assert!(html.contains("&lt;script&gt;alert(1)"));
    assert!(html.contains("There are no golden data to compare with for <code>small</code>"));
}

#[test]
fn what_is_missing_or_damaged_is_said_and_nothing_is_written() {
    let folder = project();
    let root = folder.path();
    let refused = |arguments: &[&str], parts: &[&str]| {
        let answer = neurodyn(root, arguments);
        assert_eq!(answer.code, 2, "{}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{part}: {}", answer.err);
        }
        assert!(!root.join("report").join("index.html").exists());
    };
    refused(&["report"], &["small: ", "results/small: no results here yet", "neurodyn run small"]);
    refused(&["report", "other"], &["no experiment is called \"other\""]);
    assert_eq!(neurodyn(root, &["run", "--quiet"]).code, 0);
    let record = root.join("results/small/run.json");
    let text = std::fs::read_to_string(&record).expect("a record");
    std::fs::write(&record, "{").expect("written");
    refused(&["report"], &["run.json: damaged", "neurodyn run small"]);
    std::fs::write(&record, text).expect("written");
    // a file where the folder has to be, and a folder where the file has to be
    write(root, "report", "in the way");
    refused(&["report"], &["report: cannot be created"]);
    std::fs::remove_file(root.join("report")).expect("removed");
    std::fs::create_dir_all(root.join("report/index.html/x")).expect("created");
    let answer = neurodyn(root, &["report"]);
    assert!(answer.code == 2 && answer.err.contains("index.html: cannot be written"), "{}", answer.err);
    std::fs::remove_dir_all(root.join("report")).expect("removed");
    // another version of the file
    let changed = SMALL.replace("replicas = 40", "replicas = 41");
    write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{changed}"));
    refused(&["report"], &["results of another version of experiments/small.toml"]);
}

#[test]
fn another_folder_holds_results_and_report() {
    let folder = project();
    let root = folder.path();
    assert_eq!(neurodyn(root, &["run", "--quiet", "--out", "elsewhere"]).code, 0);
    assert_eq!(neurodyn(root, &["report", "--out", "elsewhere", "--quiet"]).code, 0);
    assert!(root.join("elsewhere/report/index.html").is_file() && !root.join("report").exists());
}
