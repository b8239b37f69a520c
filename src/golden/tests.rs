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
    assert!(changed("1,\"b,\"\"c\"\"\",0.25,0.01\n", "").to_string().contains("2 rows, golden data have 1"));
    let renamed = changed("activity_stderr", "old");
    assert_eq!((renamed.missing_columns.len(), renamed.extra_columns.len()), (1, 1));
}

#[test]
fn malformed_files_name_their_line() {
    for (from, to, line, part) in [
        ("0.25,0.01", "0.25", 3, "3 cells"),
        ("0.25,", "a quarter,", 3, "a number"),
        ("0,a", "0.5,a", 2, "whole number"),
        ("\"b,\"\"c\"\"\"", "\"b", 3, "quote"),
        ("0.25,", "inf,", 1, "finite"),
    ] {
        let error = parse("x.csv", &TEXT.replacen(from, to, 1), &table()).expect_err(to);
        assert!(error.line == line && error.to_string().contains(part), "{to}: {error}");
    }
    assert!(parse("x.csv", "", &table()).is_err());
}
