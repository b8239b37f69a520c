use super::*;

fn table() -> Table {
    Table::new("layers")
        .integer("layer", vec![0, 1])
        .and_then(|t| t.text("name", vec!["a".into(), "b,\"c\"".into()]))
        .and_then(|t| t.number("activity_mc", vec![0.5, 0.25]))
        .and_then(|t| t.number("activity_stderr", vec![0.01, 0.01]))
        .expect("a table")
}

const TEXT: &str = "layer,name,activity_mc,activity_stderr\n0,a,0.5,0.01\n1,\"b,\"\"c\"\"\",0.25,0.01\n";

fn changed(from: &str, to: &str) -> Difference {
    let golden = parse("x.csv", &TEXT.replacen(from, to, 1), &table()).expect("readable");
    compare(&golden, &table()).expect("a difference")
}

#[test]
fn equal_tables_do_not_differ() {
    assert_eq!(compare(&parse("x.csv", TEXT, &table()).expect("readable"), &table()), None);
}

#[test]
fn the_worst_cell_is_named_and_classified() {
    let rounding = changed("0.25,", "0.25000000000000006,");
    assert_eq!(rounding.columns[0].class, Class::Rounding);
    let tiny = changed("0.25,", "0.25000000025,");
    let text = tiny.to_string();
    assert_eq!(tiny.columns[0].class, Class::Statistical);
    for part in ["table layers", "column activity_mc", "layer = 1", "0.25000000025", "relative 1.0e-9"] {
        assert!(text.contains(part), "{part} missing in {text}");
    }
    assert_eq!(changed("0.25,", "0.35,").columns[0].class, Class::Real);
    assert_eq!(changed("0.01\n", "0.011\n").columns[0].class, Class::Real);
    assert!(changed(",a,", ",z,").to_string().contains("golden z, now a"));
    assert_eq!(changed("0,a,0.5", "0,a,-0.0").columns[0].cells, 1);
}

#[test]
fn missing_rows_and_columns_are_reported() {
    let extra = changed("1,\"b,\"\"c\"\"\",0.25,0.01\n", "");
    assert!(extra.columns.is_empty() && extra.to_string().contains("1 extra row, first row 2 (layer = 1"), "{extra}");
    // a row that is gone from the front does not make all others differ
    let missing = changed("0,a,", "7,z,0.125,0.5\n0,a,");
    assert!(
        missing.columns.is_empty() && missing.to_string().contains("1 missing row, first row 1 (layer = 7"),
        "{missing}"
    );
    let renamed = changed("activity_stderr", "old");
    assert_eq!((renamed.missing_columns.len(), renamed.extra_columns.len()), (1, 1));
}

#[test]
fn malformed_files_name_their_line() {
    for (from, to, line, part) in [
        ("0.25,0.01", "0.25", 3, "3 cells"),
        ("0.25,", "a quarter,", 3, "a finite number"),
        ("0,a", "0.5,a", 2, "whole number"),
        ("\"b,\"\"c\"\"\"", "\"b", 3, "quote"),
        ("0.25,", "inf,", 3, "a finite number"),
    ] {
        let error = parse("x.csv", &TEXT.replacen(from, to, 1), &table()).expect_err(to);
        assert!(error.line == line && error.to_string().contains(part), "{to}: {error}");
    }
    assert!(parse("x.csv", "", &table()).is_err());
}

#[test]
fn a_column_is_of_the_kind_of_its_gravest_change() {
    let table = |mc: Vec<f64>, stderr: Vec<f64>| {
        Table::new("t")
            .integer("layer", vec![0, 1])
            .and_then(|t| t.integer("replicas", vec![200, 200]))
            .and_then(|t| t.number("a_mc", mc))
            .and_then(|t| t.number("a_stderr", stderr))
            .expect("a table")
    };
    // the first cell changes its sign, many units in the last place but no standard error; the second moves by ten of them
    let (golden, now) = (table(vec![-1e-9, 0.5], vec![0.01, 0.01]), table(vec![1e-9, 0.6], vec![0.01, 0.0104]));
    let difference = compare(&golden, &now).expect("a difference");
    assert_eq!((difference.columns[0].class, difference.columns[0].now.as_str()), (Class::Real, "0.6"));
    assert_eq!(difference.columns[1].class, Class::Statistical);
    // another seed: means that differ by 4.9 errors of one of them, 3.5 of their difference, and errors of variances, by a quarter
    let (golden, now) = (table(vec![0.0, 0.5], vec![0.01, 0.01]), table(vec![0.049, 0.5], vec![0.0125, 0.01]));
    let difference = compare(&golden, &now).expect("a difference");
    assert!(difference.columns.iter().all(|column| column.class == Class::Statistical), "{difference}");
}
