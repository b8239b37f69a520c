//! `neurodyn kernel`: the bits of the library, whatever the format; published values; refusals that come before any work.

use super::{json, neurodyn, write};
use neurodyn::arrays::{Archive, Array, npy};
use neurodyn::model::{Activation, Ensemble, SymmetricMatrix};
use neurodyn::table::{Table, frame};
use neurodyn::theory::gram::gram_after;
use serde_json::Value;
use std::path::Path;

const ROWS: usize = 7;
const COLUMNS: usize = 3;

fn values() -> Vec<f64> {
    (0..ROWS * COLUMNS).map(|k| ((k * k * 7 + 3 * k) % 23) as f64 - 11.0).collect()
}

fn inputs(root: &Path) {
    let array = Array { name: String::new(), shape: vec![ROWS, COLUMNS], values: values() };
    std::fs::write(root.join("x.npy"), npy::write(&array)).expect("written");
}

fn read(path: &Path) -> Array {
    Archive::open(path).and_then(|archive| archive.single()).expect("an array")
}

fn flags<'a>(activation: &'a str, depth: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let ensemble = ["--activation", activation, "--sigma-w", "1.4", "--sigma-b", "0.3", "--depth", depth];
    [ensemble.as_slice(), more].concat()
}

#[test]
fn files_hold_the_bits_of_the_library() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    inputs(root);
    let values = values();
    let product = |i: usize, j: usize| {
        // a fused sum in order
        (0..COLUMNS)
            .fold(0.0, |sum, k| neurodyn::numerics::fused::fma(values[i * COLUMNS + k], values[j * COLUMNS + k], sum))
    };
    let gram = SymmetricMatrix::from_fn(ROWS, |i, j| product(i, j) / COLUMNS as f64);
    for name in ["tanh", "relu", "gelu", "erf_sqrt2", "sin", "u * sigmoid(u)"] {
        let activation: Activation = name.parse().expect("an activation");
        let ensemble = Ensemble::new(activation, 1.4, 0.3).expect("valid");
        let exact = gram_after(&ensemble, &gram, 3).expect("finite");
        for threads in ["1", "2"] {
            let more = ["--out", "K.npy", "--ntk", "T.npy", "--jobs", threads, "--quiet"];
            let answer = neurodyn(root, &[&["kernel", "x.npy"], flags(name, "3", &more).as_slice()].concat());
            assert_eq!(answer.code, 0, "{}", answer.err);
            let found = read(&root.join("K.npy"));
            assert_eq!(found.shape, [ROWS, ROWS]);
            let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits();
            assert!(found.values.iter().zip(exact.entries()).all(same), "{name}");
            let tangent = read(&root.join("T.npy"));
            for (i, row) in tangent.values.chunks(ROWS).enumerate() {
                assert!(
                    row.iter()
                        .enumerate()
                        .all(|(j, value)| *value == tangent.values[j * ROWS + i] && *value > 0.0 || i != j)
                );
            }
        }
    }
}

#[test]
fn published_values_are_met() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/kernels.json");
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("readable")).expect("JSON");
    let number = |value: &Value| value.as_str().expect("a text").parse::<f64>().expect("a number");
    let numbers = |value: &Value| {
        let rows = value.as_array().expect("rows").iter();
        rows.flat_map(|row| row.as_array().expect("a row").iter().map(number).collect::<Vec<f64>>())
            .collect::<Vec<f64>>()
    };
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let inputs = reference["inputs"].as_array().expect("inputs");
    let line = |row: &Value| {
        row.as_array().expect("a row").iter().map(|x| x.as_str().expect("text")).collect::<Vec<_>>().join(",")
    };
    write(root, "x.csv", &(inputs.iter().map(line).collect::<Vec<_>>().join("\n") + "\n"));
    let depth = reference["depth"].to_string();
    let kernels = reference["kernels"].as_array().expect("kernels");
    assert!(kernels.len() >= 4);
    for kernel in kernels {
        let text = |name: &str| kernel[name].as_str().expect("a text");
        let ensemble = ["--activation", text("activation"), "--sigma-w", text("sigma_w"), "--sigma-b", text("sigma_b")];
        let rest = ["--depth", &depth, "--out", "K.npy", "--ntk", "T.npy", "--quiet"];
        let answer = neurodyn(root, &[["kernel", "x.csv"].as_slice(), &ensemble, &rest].concat());
        assert_eq!(answer.code, 0, "{}", answer.err);
        for (file, exact) in [("K.npy", &kernel["overlaps"]), ("T.npy", &kernel["tangent"])] {
            let (found, exact) = (read(&root.join(file)).values, numbers(exact));
            let size = exact.iter().fold(0.0f64, |size, x| size.max(x.abs()));
            for (found, exact) in found.iter().zip(&exact) {
                assert!((found - exact).abs() < 1e-12 * size, "{} {file}: {found} {exact}", text("activation"));
            }
        }
    }
}

#[test]
fn the_tangent_kernel_is_that_of_the_theory_card() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "x.csv", "1,0\n0.6,0.8\n");
    let more = ["--ntk", "T.npy", "--quiet", "--scale", "rows"];
    assert_eq!(neurodyn(root, &[&["kernel", "x.csv"], flags("tanh", "4", &more).as_slice()].concat()).code, 0);
    let ask = ["--activity", "1", "--correlation", "0.6", "--ntk", "--json"];
    let card = json(root, &[&["theory"], flags("tanh", "4", &ask).as_slice()].concat());
    let found = read(&root.join("T.npy")).values;
    for (value, name) in [(found[0], "kappa_1"), (found[1], "kappa_2")] {
        let exact = card["ntk"][name].as_f64().expect("a number");
        assert!((value / exact - 1.0).abs() < 1e-12, "{name}: {value} {exact}");
    }
}

/// NPY, CSV, IDX, gzip and Parquet of the same numbers.
#[test]
fn the_format_moves_no_bit() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    inputs(root);
    let all = values();
    let text: String = all.chunks(COLUMNS).map(|row| format!("{},{},{}\n", row[0], row[1], row[2])).collect();
    write(root, "x.csv", &format!("a,b,c\n{text}"));
    let mut idx = vec![0, 0, 0x0b, 2, 0, 0, 0, ROWS as u8, 0, 0, 0, COLUMNS as u8];
    all.iter().for_each(|value| idx.extend_from_slice(&(*value as i16).to_be_bytes()));
    std::fs::write(root.join("x.idx"), &idx).expect("written");
    let table = (0..COLUMNS).try_fold(Table::new("x"), |table, j| {
        table.number(format!("c{j}"), all.iter().skip(j).step_by(COLUMNS).copied().collect())
    });
    std::fs::write(root.join("x.parquet"), frame::to_parquet(&table.expect("a table"), &[]).expect("bytes"))
        .expect("written");
    let of = |file: &str| {
        let mut found =
            json(root, &[&["kernel", file, "--json", "--quiet"], flags("tanh", "2", &[]).as_slice()].concat());
        assert_eq!(found["rows"], ROWS);
        found["overlaps"].take()
    };
    let first = of("x.npy");
    assert_eq!(first.as_array().map(Vec::len), Some(ROWS));
    for file in ["x.csv", "x.idx", "x.parquet"] {
        assert_eq!(of(file), first, "{file}");
    }
    // parts of it, centred and scaled
    let more = ["--rows", "0,7,2", "--columns", "1,3", "--centre", "columns", "--scale", "rows"];
    let found = json(root, &[&["kernel", "x.csv", "--json", "--quiet"], flags("tanh", "1", &more).as_slice()].concat());
    assert_eq!(
        (&found["rows"], &found["columns"], &found["layers"][0]["activity"]),
        (&4.into(), &2.into(), &1.0.into())
    );
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_computed_or_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    inputs(root);
    write(root, "ragged.csv", "1,2\n3,4\n5\n");
    write(root, "word.csv", "x,y\n1,2\n3,four\n");
    write(root, "nan.csv", "1,2\nnan,4\n");
    write(root, "names.csv", "x,y\n");
    write(root, "cut.npy", "\u{1}");
    let short = |bytes: Vec<u8>, name: &str| std::fs::write(root.join(name), bytes).expect("written");
    let whole = std::fs::read(root.join("x.npy")).expect("readable");
    short(whole[..whole.len() - 1].to_vec(), "short.npy");
    short(vec![0, 0, 8, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], "huge.idx");
    short(vec![0, 0, 10, 1, 0, 0, 0, 1, 1], "type.idx");
    short(b"PAR1PAR1".to_vec(), "cut.parquet");
    short(vec![0x1f, 0x8b, 8, 0, 1], "cut.gz");
    let many = Array { name: String::new(), shape: vec![100_000, 1], values: vec![1.0; 100_000] };
    short(npy::write(&many), "many.npy");
    let before = super::files_below(root);
    let cases: &[(&str, &[&str], &str)] = &[
        ("ragged.csv", &[], "ragged.csv: found 1 cells in line 3; allowed is 2, as in the lines before"),
        ("word.csv", &[], "word.csv: found \"four\" in line 3, column 2; allowed is a number"),
        ("nan.csv", &[], "NaN in row 1, column 0, counted from 0"),
        ("names.csv", &[], "0 rows"),
        ("cut.npy", &[], "cut.npy: found none of them"),
        ("short.npy", &[], "short.npy: found 167 bytes of numbers; allowed is 168, for 7 x 3 of f64"),
        ("huge.idx", &[], "bytes of numbers; allowed is"),
        ("type.idx", &[], "type 0x0a of IDX"),
        ("cut.parquet", &[], "cut.parquet: found a damaged file"),
        ("cut.gz", &[], "cut.gz: found a damaged file"),
        ("absent.npy", &[], "absent.npy"),
        ("many.npy", &[], "whose kernels need"),
        ("x.npy", &["--rows", "0,8"], "[0, 8] of 7"),
        ("x.npy", &["--rows", "3,3"], "from below to"),
        ("x.npy", &["--array", "a"], "no array is called \"a\""),
        ("x.npy", &["--out", "x.npy"], "the inputs would be overwritten"),
        ("x.npy", &["--out", "K.npy", "--ntk", "K.npy"], "name one file"),
        ("x.npy", &["--centre", "median"], "must be none, columns, rows or all"),
    ];
    for (file, more, message) in cases {
        let answer = neurodyn(root, &[&["kernel", file, "--quiet"], flags("tanh", "2", more).as_slice()].concat());
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{file} {more:?}: {}", answer.err);
        assert!(answer.err.contains(message), "{file} {more:?}: {}", answer.err);
        assert_eq!(super::files_below(root), before, "{file} {more:?}");
    }
    // a jump has no tangent kernel
    let answer =
        neurodyn(root, &[&["kernel", "x.npy"], flags("sign(u)", "2", &["--ntk", "T.npy"]).as_slice()].concat());
    assert!(answer.code == 2 && answer.err.contains("the tangent kernel"), "{}", answer.err);
    assert_eq!(super::files_below(root), before);
}
