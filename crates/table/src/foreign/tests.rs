use super::*;

const MOST: u64 = 1 << 20;

fn written(frame: &mut DataFrame, compression: ParquetCompression) -> Vec<u8> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).with_compression(compression).finish(frame).expect("written");
    bytes
}

fn sample() -> DataFrame {
    let columns = vec![
        Column::new("x".into(), [0.1 + 0.2, -0.0, 5e-324]),
        Column::new("layer".into(), [1i64, -2, 1 << 40]),
        Column::new("single".into(), [0.5f32, 1.5, -2.25]),
        Column::new("yes".into(), [true, false, true]),
        Column::new("count".into(), [3u32, 4, 5]),
    ];
    DataFrame::new(3, columns).expect("a frame")
}

fn every_compression() -> [ParquetCompression; 6] {
    use ParquetCompression::*;
    [Uncompressed, Snappy, Gzip(None), Brotli(None), Zstd(None), Lz4Raw]
}

#[test]
fn numbers_are_read_row_by_row_whatever_packs_them() {
    let expected =
        [0.1 + 0.2, 1.0, 0.5, 1.0, 3.0, -0.0, -2.0, 1.5, 0.0, 4.0, 5e-324, (1u64 << 40) as f64, -2.25, 1.0, 5.0];
    for compression in every_compression() {
        let bytes = written(&mut sample(), compression);
        assert_eq!(size_of_numbers(&bytes, MOST), Ok((3, 5)), "{compression:?}");
        let found = numbers(&bytes, MOST).expect("numbers");
        assert!(found.iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits()), "{compression:?} {found:?}");
    }
}

#[test]
fn pages_of_many_rows_are_counted() {
    let x: Vec<f64> = (0..200_000).map(|i| f64::from(i % 1000)).collect();
    let mut frame = DataFrame::new(x.len(), vec![Column::new("x".into(), &x)]).expect("a frame");
    for compression in every_compression() {
        let bytes = written(&mut frame, compression);
        assert_eq!(numbers(&bytes, 1 << 30).expect("numbers"), x);
        let error = size_of_numbers(&bytes, 1 << 20).expect_err("too large");
        assert!(error.found.starts_with("200000 rows of 1 columns"), "{error:?}");
    }
}

#[test]
fn what_is_no_number_is_named() {
    let of = |column: Column| {
        let bytes = written(&mut DataFrame::new(2, vec![column]).expect("a frame"), ParquetCompression::Uncompressed);
        numbers(&bytes, MOST).expect_err("no numbers").found
    };
    assert_eq!(of(Column::new("x".into(), ["a", "b"])), "column x of Utf8View");
    assert_eq!(of(Column::new("x".into(), [Some(1.0), None])), "nothing in column x, row 1 from 0");
}

#[test]
fn damaged_files_are_refused_without_a_panic_and_within_their_memory() {
    let whole = written(&mut sample(), ParquetCompression::Snappy);
    for at in 0..whole.len() {
        for change in [1, 0x80, 0xff] {
            let mut copy = whole.clone();
            copy[at] ^= change;
            let _ = numbers(&copy, MOST);
        }
        assert!(numbers(&whole[..at], MOST).is_err(), "{at}");
    }
    assert!(!panics_are_caught());
}
