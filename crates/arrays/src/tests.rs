//! Files of each format as numpy and safetensors write them, and files that are no such thing.

use super::*;
use std::io::Write;
use std::path::Path;
use zip::write::SimpleFileOptions;

fn opened(bytes: &[u8]) -> Result<Archive, ArrayError> {
    Archive::from_bytes(Path::new("a.npz"), bytes.to_vec())
}

fn message(bytes: &[u8]) -> String {
    let read = opened(bytes)
        .and_then(|archive| archive.entries().iter().map(|entry| archive.array(entry)).collect::<Result<Vec<_>, _>>());
    read.expect_err("no such file").to_string()
}

/// An NPY file with this header.
fn npy_file(header: &str, numbers: &[u8]) -> Vec<u8> {
    [npy::MAGIC, &[1, 0], &(header.len() as u16).to_le_bytes(), header.as_bytes(), numbers].concat()
}

fn header(descr: &str, fortran: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}")
}

fn values(descr: &str, fortran: &str, shape: &str, numbers: &[u8]) -> Vec<f64> {
    let archive = opened(&npy_file(&header(descr, fortran, shape), numbers)).expect("an NPY file");
    archive.single().expect("an array").values
}

fn zipped(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, options).expect("a member");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)
}

fn deflated() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)
}

#[test]
fn all_types_in_both_orders_of_bytes() {
    assert_eq!(values("<f8", "False", "(2,)", &[1.5f64.to_le_bytes(), (-2.0f64).to_le_bytes()].concat()), [1.5, -2.0]);
    assert_eq!(values(">f8", "False", "(1,)", &1.5f64.to_be_bytes()), [1.5]);
    assert_eq!(values("<f4", "False", "()", &0.1f32.to_le_bytes()), [f64::from(0.1f32)]);
    assert_eq!(values(">f4", "False", "(1,)", &0.1f32.to_be_bytes()), [f64::from(0.1f32)]);
    // 1.5 as a half-precision number
    assert_eq!(values("<f2", "False", "(1,)", &[0x00, 0x3e]), [1.5]);
    assert_eq!(values(">i2", "False", "(1,)", &(-3i16).to_be_bytes()), [-3.0]);
    assert_eq!(values("<u8", "False", "(1,)", &7u64.to_le_bytes()), [7.0]);
    assert_eq!(values("|i1", "False", "(2,)", &[255, 1]), [-1.0, 1.0]);
    assert_eq!(values("|b1", "False", "(3,)", &[0, 1, 2]), [0.0, 1.0, 1.0]);
    assert_eq!(values("<f8", "False", "(0, 5)", &[]), [0.0; 0]);
}

#[test]
fn the_first_axis_may_run_fastest() {
    let bytes: Vec<u8> = (0..24u8).collect();
    let found = values("|u1", "True", "(2, 3, 4)", &bytes);
    let expected: Vec<f64> =
        (0..24).map(|at| (at / 12) as f64 + (2 * (at / 4 % 3)) as f64 + (6 * (at % 4)) as f64).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_is_written_is_read() {
    for shape in [vec![], vec![3], vec![2, 3], vec![1, 2, 3]] {
        let values = (0..shape.iter().product()).map(|at| 0.1 * at as f64).collect();
        let array = Array { name: String::new(), shape, values };
        let bytes = npy::write(&array);
        assert_eq!((bytes.len() - 8 * array.values.len()) % 64, 0);
        assert_eq!(opened(&bytes).expect("a file").single().expect("an array"), array);
    }
}

#[test]
fn archives_are_read_stored_and_deflated() {
    let weights = npy::write(&Array { name: String::new(), shape: vec![2, 2], values: vec![1.0, 2.0, 3.0, 4.0] });
    for options in [stored(), deflated()] {
        let bytes = zipped(&[("W1.npy", &weights), ("readme.txt", b"hello")], options);
        let archive = opened(&bytes).expect("an archive");
        let names: Vec<&str> = archive.entries().iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["W1", "readme.txt"]);
        assert_eq!(archive.array(&archive.entries()[0]).expect("an array").values, [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(archive.entries()[1].kind, None);
        assert!(message(&bytes).contains("array readme.txt: found numbers of type no NPY file"), "{}", message(&bytes));
    }
}

#[test]
fn a_byte_changed_in_an_archive_is_seen() {
    let weights = npy::write(&Array { name: String::new(), shape: vec![2], values: vec![1.0, 2.0] });
    let mut bytes = zipped(&[("W1.npy", &weights)], stored());
    let at = bytes.windows(8).position(|window| window == 2.0f64.to_le_bytes()).expect("the number");
    bytes[at] ^= 1;
    assert!(message(&bytes).contains("checksum"), "{}", message(&bytes));
}

#[test]
fn an_archive_that_unfolds_too_far_is_refused() {
    let zeros = npy::write(&Array { name: String::new(), shape: vec![1 << 20], values: vec![0.0; 1 << 20] });
    let bytes = zipped(&[("W1.npy", &zeros)], deflated());
    assert!(zeros.len() as u64 > 100 * bytes.len() as u64 + (1 << 20));
    assert!(message(&bytes).contains("allowed is 100 times its size and a MiB"), "{}", message(&bytes));
}

#[test]
fn tensors_are_read_in_the_order_of_their_numbers() {
    let header = br#"{"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header);
    bytes.extend_from_slice(&[0x80, 0x3f, 0x00, 0xc0]);
    bytes.extend_from_slice(&2.5f32.to_le_bytes());
    let archive = opened(&bytes).expect("a file");
    let arrays: Vec<Array> = archive.entries().iter().map(|entry| archive.array(entry).expect("an array")).collect();
    assert_eq!(arrays[0], Array { name: "b".to_owned(), shape: vec![2], values: vec![1.0, -2.0] });
    assert_eq!(arrays[1], Array { name: "a".to_owned(), shape: vec![1, 1], values: vec![2.5] });
    bytes.pop();
    assert!(message(&bytes).contains("a damaged file"), "{}", message(&bytes));
}

#[test]
fn what_is_wrong_is_said_with_what_is_allowed() {
    let cases = [
        (Vec::new(), "a.npz: found an empty file; allowed is NPY, NPZ (numpy.savez), safetensors, IDX"),
        (vec![0x80, 2], "found a Python pickle"),
        (b"PK\x03\x04".to_vec(), "a damaged archive"),
        (npy_file(&header("<c16", "False", "(1,)"), &[0; 16]), "found numbers of type <c16; allowed is bool, u8"),
        (
            npy_file(&header("<f8", "False", "(2,)"), &[0; 15]),
            "found 15 bytes of numbers; allowed is 16, for 2 numbers of f64",
        ),
        (npy_file(&header("<f8", "False", "(4294967296, 4294967296)"), &[]), "more numbers than can be counted"),
        (npy_file(&header("<f8", "Maybe", "(2,)"), &[0; 16]), "found the header"),
        (npy_file(&header("<f8", "False", "(99999999999999999999,)"), &[]), "found the header"),
        (npy_file("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2,)}", &[]), "entries have fields"),
        (npy_file("{'descr': '<f8', 'shape': (2,)}", &[0; 16]), "found the header"),
        ([npy::MAGIC, &[9, 0, 0, 0]].concat(), "version 9 of NPY"),
        ([npy::MAGIC, &[2, 0, 255, 255, 255, 255]].concat(), "a header of 4294967295 bytes; allowed is at most 65536"),
    ];
    for (bytes, expected) in cases {
        assert!(message(&bytes).contains(expected), "{expected}: {}", message(&bytes));
    }
}

/// An IDX file of these lengths.
fn idx_file(code: u8, shape: &[u32], numbers: &[u8]) -> Vec<u8> {
    let lengths: Vec<u8> = shape.iter().flat_map(|length| length.to_be_bytes()).collect();
    [&[0, 0, code, shape.len() as u8], lengths.as_slice(), numbers].concat()
}

fn single(bytes: &[u8]) -> Array {
    opened(bytes).and_then(|archive| archive.single()).expect("an array")
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).expect("written");
    writer.finish().expect("a file")
}

#[test]
fn idx_is_read_with_its_first_byte_first() {
    let images = single(&idx_file(8, &[2, 1, 3], &[0, 1, 2, 253, 254, 255]));
    assert_eq!((images.shape, images.values), (vec![2, 1, 3], vec![0.0, 1.0, 2.0, 253.0, 254.0, 255.0]));
    assert_eq!(single(&idx_file(9, &[1], &[255])).values, [-1.0]);
    assert_eq!(single(&idx_file(0x0b, &[2], &[0, 1, 255, 254])).values, [1.0, -2.0]);
    assert_eq!(single(&idx_file(0x0c, &[1], &[255, 255, 255, 254])).values, [-2.0]);
    assert_eq!(single(&idx_file(0x0d, &[1], &1.5f32.to_be_bytes())).values, [1.5]);
    let file = idx_file(0x0e, &[1], &0.1f64.to_be_bytes());
    assert_eq!(single(&file).values, [0.1]);
    let packed = gzipped(&file);
    assert_eq!(single(&packed).values, [0.1]);
    // the digest is that of the file, not of what is in it
    assert_eq!(opened(&packed).expect("a file").bytes(), packed);
    for (file, expected) in [
        (idx_file(8, &[u32::MAX, u32::MAX, u32::MAX], &[1]), "more numbers than can be counted"),
        (idx_file(8, &[1 << 20, 1 << 20], &[1]), "found 1 bytes of numbers; allowed is 1099511627776"),
        (idx_file(8, &[2], &[1, 2, 3]), "found 3 bytes of numbers; allowed is 2, for 2 numbers of u8"),
        (idx_file(0x0a, &[1], &[1]), "type 0x0a of IDX"),
        (vec![0, 0, 8, 3, 0, 0], "ends within its header"),
        (gzipped(&vec![0; 5 << 20]), "over"),
        (gzipped(b"PK\x03\x04"), "in a file of gzip"),
    ] {
        assert!(message(&file).contains(expected), "{expected}: {}", message(&file));
    }
}

#[test]
fn text_is_read_row_by_row() {
    for text in [
        "1,2.5\n-3e-2,4\n",
        "x,y\n1,2.5\n-3e-2,4",
        "\u{feff}x;y\r\n1;2.5\r\n-3e-2;4\r\n",
        "# savetxt\n1.0 2.5\n-3e-2 4\n",
        "1\t2.5\n\n-0.03\t4\n",
        "\"a, b\",c\n 1 , 2.5\n\"-0.03\",4\n",
    ] {
        let array = single(text.as_bytes());
        assert_eq!((array.shape, array.values), (vec![2, 2], vec![1.0, 2.5, -0.03, 4.0]), "{text:?}");
    }
    for (text, expected) in [
        ("1,2\n3\n", "found 1 cells in line 2; allowed is 2, as in the lines before"),
        ("1,2\n3,4,5\n", "found 3 cells in line 2"),
        ("a,b\n1,x\n", "found \"x\" in line 2, column 2; allowed is a number"),
        ("1,\n", "found \"\" in line 1, column 2"),
        ("1,2\na,b\n", "found \"a\" in line 2, column 1"),
    ] {
        assert!(message(text.as_bytes()).contains(expected), "{text:?}: {}", message(text.as_bytes()));
    }
    // what is no number to calculate with is a number of text: whoever calculates refuses it
    assert!(single(b"1,nan\n").values[1].is_nan());
}

#[test]
fn parquet_is_columns_of_numbers() {
    let table =
        neurodyn_table::Table::new("t").number("x", vec![0.1, -0.0]).and_then(|t| t.integer("n", vec![3, i64::MIN]));
    let bytes = neurodyn_table::frame::to_parquet(&table.expect("a table"), &[]).expect("bytes");
    let array = single(&bytes);
    assert_eq!((array.shape, array.values), (vec![2, 2], vec![0.1, 3.0, -0.0, i64::MIN as f64]));
    assert!(message(b"PAR1 and no more").contains("a damaged file"));
    let table = neurodyn_table::Table::new("t").text("x", vec!["a".to_owned()]).expect("a table");
    let bytes = neurodyn_table::frame::to_parquet(&table, &[]).expect("bytes");
    assert!(message(&bytes).contains("column x of"), "{}", message(&bytes));
}
