//! All experiments beside their golden data: each column has a meaning, what is measured is judged or named with a reason, and each figure says what it is
//! of; and the data that they read.

use neurodyn::agreement::is_judged;
use neurodyn::config::Document;
use neurodyn::experiment::Unjudged;
use neurodyn::experiment::columns::{Meaning, find};
use neurodyn::experiment::data::{Selection, Source};
use neurodyn::experiments::{self, FAMILIES, REGISTRY};
use neurodyn::model::{Centre, Scale};
use neurodyn::table::{Quantity, Table, Values};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Tables of each module with the columns of its golden data, without rows.
fn golden() -> BTreeMap<&'static str, Vec<Table>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut found: BTreeMap<&str, Vec<Table>> = BTreeMap::new();
    for file in std::fs::read_dir(folder).expect("golden data") {
        let path = file.expect("a file").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let (id, table) = name.split_once('.').unwrap_or((&name, "only"));
        let Some(entry) = REGISTRY.iter().find(|entry| entry.module == id) else { continue };
        let text = std::fs::read_to_string(&path).expect("a table");
        let columns = text.lines().next().expect("a header").split(',');
        let table = columns.fold(Table::new(table), |table, column| {
            table.with(column, Values::Number(Vec::new())).expect("columns of different names")
        });
        found.entry(entry.module).or_default().push(table);
    }
    found
}

#[test]
fn all_that_is_measured_is_judged_or_named_with_a_reason() {
    let golden = golden();
    for entry in REGISTRY {
        let tables = golden.get(entry.module).unwrap_or_else(|| panic!("{}: no golden data", entry.module));
        assert_eq!(entry.check_unjudged(tables, is_judged), Vec::<String>::new());
        let mut names = Vec::new();
        for Unjudged { quantity, reason } in entry.unjudged() {
            assert!(reason.len() > 15, "{}: no reason for {quantity}", entry.module);
            let there = |table: &&Table| {
                let columns = table.columns().iter().map(|(name, _)| name.as_str());
                entry.measured(table.name(), columns).iter().any(|q| format!("{}.{q}", table.name()) == quantity)
            };
            assert!(tables.iter().any(|table| there(&table)), "{}: {quantity} is not measured", entry.module);
            assert!(!names.contains(&quantity), "{}: {quantity} stands twice", entry.module);
            names.push(quantity);
        }
    }
}

#[test]
fn what_has_no_control_has_nothing_judged_and_what_has_one_has() {
    let golden = golden();
    for entry in REGISTRY {
        let judged = golden[entry.module].iter().any(|table| {
            table.columns().iter().any(|(name, _)| Quantity::MonteCarlo.of(name).is_some_and(|q| is_judged(table, q)))
        });
        let reason = entry.no_control.unwrap_or_default();
        assert_eq!(
            judged,
            entry.no_control.is_none(),
            "{}: needs a judged quantity or, in NO_CONTROL, the reason why it has no negative control; it says {reason:?}",
            entry.module
        );
        assert!(judged || reason.len() > 15, "{}: {reason:?} is no reason", entry.module);
    }
}

#[test]
fn a_column_that_escapes_is_found() {
    let entry = REGISTRY.iter().find(|entry| entry.module == "activity_map").expect("an entry");
    let table = |columns: &[&str]| {
        columns.iter().fold(Table::new("monte_carlo"), |table, column| {
            table.with(*column, Values::Number(Vec::new())).expect("a column")
        })
    };
    let found = |columns: &[&str]| entry.check_unjudged(&[table(columns)], is_judged);
    assert_eq!(found(&["next_q_mc", "next_q_stderr", "next_q_theory", "q"]), Vec::<String>::new());
    for escaped in [&["next_q_mc", "next_q_stderr", "next_q_theroy"][..], &["new", "new_error"], &["new_stderr"]] {
        let problems = found(escaped);
        assert!(problems.len() == 1 && problems[0].contains("measured but not judged"), "{problems:?}");
    }
}

#[test]
fn every_column_of_golden_data_has_a_meaning_and_every_meaning_a_column() {
    let golden = golden();
    let mut used: BTreeSet<*const Meaning> = BTreeSet::new();
    let mut missing = Vec::new();
    let tables: usize = golden.values().map(Vec::len).sum();
    // variants have the tables of their modules
    for entry in REGISTRY {
        for table in &golden[entry.module] {
            for (column, _) in table.columns() {
                match find(entry.columns, table.name(), column) {
                    Some((_, meaning)) => drop(used.insert(meaning)),
                    None => missing.push(format!("{}.{}: {column}", entry.module, table.name())),
                }
            }
        }
    }
    assert!(tables > 100 && missing.is_empty(), "without a meaning: {missing:#?}");
    for entry in REGISTRY {
        for meaning in entry.columns {
            assert!(used.contains(&std::ptr::from_ref(meaning)), "{}: no column is {meaning:?}", entry.module);
        }
    }
}

/// Every figure says what it is of, and in the shipped experiments nothing of that is missing.
#[test]
fn every_figure_says_what_it_is_of() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let words = |text: &str| text.split([';', ',']).count();
    for entry in REGISTRY {
        let document = Document::read(&folder.join(format!("{}.toml", entry.module))).expect("an experiment file");
        for figure in experiments::find(document).and_then(|found| found.figures()).expect("figures") {
            let (_, said) = figure.description.split_once("Parameters: ").expect("a sentence");
            let complete = figure.setting.is_some_and(|sentence| words(said) >= words(sentence));
            assert!(complete && !said.contains(['{', '}']), "{}: {said}", figure.name);
        }
    }
}

#[test]
fn every_family_is_shown_once() {
    let mut used: Vec<&str> = REGISTRY.iter().map(|entry| entry.family).collect();
    used.dedup();
    used.sort_unstable();
    let mut shown = FAMILIES.to_vec();
    shown.sort_unstable();
    assert_eq!(used, shown);
}

/// What the source says: 1797 images of 64 numbers from 0 to 16, so many of each digit.
#[test]
fn the_shipped_digits_are_those_of_their_source() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/data");
    let selection = Selection { array: None, rows: None, columns: None, centre: Centre::None, scale: Scale::None };
    let read = |name: &str| Source::open(&folder.join(name), None).and_then(|source| source.matrix(&selection));
    let images = read("digits-images.idx").expect("images");
    let labels = read("digits-labels.idx").expect("labels").column(0);
    assert_eq!((images.rows(), images.columns(), labels.len()), (1797, 64, 1797));
    let pixels: Vec<f64> = (0..1797).flat_map(|i| images.row(i).to_vec()).collect();
    assert!(pixels.iter().all(|pixel| (0.0..=16.0).contains(pixel) && pixel.fract() == 0.0));
    assert_eq!(pixels.iter().sum::<f64>(), 561_718.0);
    let counts: Vec<usize> =
        (0..10).map(|digit| labels.iter().filter(|label| **label == f64::from(digit)).count()).collect();
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    assert_eq!(labels[..5], [0.0, 1.0, 2.0, 3.0, 4.0]);
}
