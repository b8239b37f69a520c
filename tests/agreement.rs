//! The agreement test has teeth: every simulated experiment agrees with its theory, and a theory whose `sigma_w` (for
//! online learning, whose teacher; for free energies, whose temperature) is 2 % off is caught. Runs every experiment of the registry that
//! does not say why it has no such control, shortened where it is long, with the shipped parameters otherwise. Monte Carlo is computed once for
//! both verdicts.

use crate::shorter::SHORTER;
use crate::{done, pieces, shipped_text, with_run};
use libtest_mimic::Trial;
use neurodyn::agreement::judge;
use neurodyn::config::Document;
use neurodyn::experiment::{Entry, Tables};
use neurodyn::experiments::REGISTRY;
use neurodyn::golden::cells;
use std::path::Path;

pub fn trials() -> Vec<Trial> {
    let of_experiment = |entry: &Entry| {
        let module = entry.module;
        Trial::test(format!("agrees_and_a_wrong_theory_does_not::{module}"), move || {
            done(|| agrees_and_a_wrong_theory_does_not(module))
        })
    };
    let mut trials: Vec<Trial> =
        REGISTRY.iter().filter(|entry| entry.no_control.is_none()).map(of_experiment).collect();
    let others: [(&str, fn()); 5] = [
        ("only_experiments_with_a_control_are_shortened", only_experiments_with_a_control_are_shortened),
        ("what_has_no_correction_needs_none", what_has_no_correction_needs_none),
        ("both_samplers_have_one_law_under_dropout", both_samplers_have_one_law_under_dropout),
        ("both_ways_to_errors_have_one_law", both_ways_to_errors_have_one_law),
        ("both_samplers_have_one_law", both_samplers_have_one_law),
    ];
    trials.extend(others.into_iter().map(|(name, test)| Trial::test(name, move || done(test))));
    trials
}

fn document(name: &str, changes: &[(&str, &str)]) -> Document {
    let (path, mut text) = shipped_text(name);
    for (from, to) in changes {
        assert!(text.contains(from), "{name}: {from} is not in the file");
        text = text.replacen(from, to, 1);
    }
    Document::parse(&path, text).expect("valid")
}

fn tables(name: &str, changes: &[(&str, &str)]) -> Tables {
    let document = document(name, changes);
    with_run(&document, 1.0, |found, run| found.run(run, None)).expect("computed")
}

fn agrees_and_a_wrong_theory_does_not(name: &str) {
    let changes = SHORTER.iter().find(|(shorter, _)| *shorter == name).map_or(&[][..], |(_, changes)| changes);
    let document = document(name, changes);
    let pieces = pieces(&document, 1);
    let tables = |factor| with_run(&document, factor, |found, run| found.run(run, Some(&pieces)));
    let right = judge(&tables(1.0).expect("computed")).expect("judged");
    assert!(
        right.holds() && right.cells > 0,
        "{name}: {} cells judged, {:?}; what judges nothing says why in NO_CONTROL",
        right.cells,
        right.failures
    );
    let wrong = judge(&tables(1.02).expect("computed")).expect("judged");
    assert!(!wrong.holds(), "{name}: a theory with sigma_w 2 % off passes");
}

fn only_experiments_with_a_control_are_shortened() {
    for (index, (name, _)) in SHORTER.iter().enumerate() {
        let entry = REGISTRY.iter().find(|entry| entry.module == *name);
        assert!(entry.is_some_and(|entry| entry.no_control.is_none()), "{name}: no experiment with a negative control");
        assert!(SHORTER[..index].iter().all(|(other, _)| other != name), "{name} stands twice");
    }
}

/// Where the finite-width correction has no theory, its measured size stays below a third of the standard error.
fn what_has_no_correction_needs_none() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/metric_rotation.layers.csv");
    let golden = cells("layers", &std::fs::read_to_string(path).expect("golden data")).expect("a table");
    let column = golden.names.iter().position(|name| name == "bias_share").expect("shares");
    let shares: Vec<f64> = golden.rows.iter().map(|(_, row)| row[column].parse().expect("a number")).collect();
    assert!(shares.len() > 90 && shares.iter().all(|share| share.abs() < 1.0 / 3.0), "{shares:?}");
}

/// The same with masks: 32 tests.
fn both_samplers_have_one_law_under_dropout() {
    let tables =
        tables("dropout_map", &[("replicas = 400\n\n[parameters.witness]", "replicas = 30\n\n[parameters.witness]")]);
    let tests = tables.iter().find(|table| table.name() == "tests").expect("a table of tests");
    let p_values = tests.numbers("p_value").expect("p values");
    let smallest = p_values.iter().fold(1.0f64, |least, p| least.min(*p));
    assert!(p_values.len() == 32 && smallest > 1e-3 / 32.0, "{p_values:?}");
}

/// The same for the eigenvalues of the Fisher information: 18 tests.
fn both_ways_to_errors_have_one_law() {
    let tables = tables(
        "fisher_spectrum",
        &[
            ("[20, 50, 100, 200, 500, 1000, 2000, 5000]", "[200]"),
            ("depths = [2, 3, 5, 8]", "depths = [2]"),
            ("width = [100, 1000]", "width = [100]"),
            ("steps = 5", "steps = 1"),
        ],
    );
    let tests = tables.iter().find(|table| table.name() == "tests").expect("a table of tests");
    let p_values = tests.numbers("p_value").expect("p values");
    let smallest = p_values.iter().fold(1.0f64, |least, p| least.min(*p));
    assert!(p_values.len() == 18 && smallest > 1e-3 / 18.0, "{p_values:?}");
}

/// Exact law and explicit weights: 18 Kolmogorov-Smirnov tests at a familywise false-alarm rate of 1e-3.
fn both_samplers_have_one_law() {
    let tables =
        tables("sampler_law", &[("replicas = 1200", "replicas = 400"), ("replicas = 80\n", "replicas = 40\n")]);
    let tests = tables.iter().find(|table| table.name() == "tests").expect("a table of tests");
    let p_values = tests.numbers("p_value").expect("p values");
    let smallest = p_values.iter().fold(1.0f64, |least, p| least.min(*p));
    assert!(smallest > 1e-3 / p_values.len() as f64, "{p_values:?}");
}
