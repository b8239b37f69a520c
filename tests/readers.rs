//! All that reads files of others, given the corpus of the fuzzer, the project's own files, and damaged copies of both: no panic, no hang.
//! `fuzz/run` does the same with a fuzzer, for longer.

#[path = "../fuzz/readers.rs"]
mod fuzzed;

use neurodyn::random::{Address, Role, Stream};
use std::path::Path;

fn files(folder: &str, extension: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| extension.is_empty() || path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("readable")).collect()
}

/// A number below `end`.
fn below(stream: &mut Stream, end: usize) -> usize {
    (stream.word() % end.max(1) as u64) as usize
}

/// A copy with some bytes changed, cut out, doubled, or put in from another file.
fn damaged(file: &[u8], other: &[u8], stream: &mut Stream) -> Vec<u8> {
    let mut copy = file.to_vec();
    for _ in 0..=below(stream, 4) {
        let (at, length) = (below(stream, copy.len() + 1), 1 + below(stream, 40));
        let end = (at + length).min(copy.len());
        match below(stream, 6) {
            0 => copy.truncate(at),
            1 => drop(copy.drain(at..end)),
            2 => copy[at..end].iter_mut().for_each(|byte| *byte ^= 1 << (length % 8)),
            3 => drop(copy.splice(at..end, b"1e309\"'[]{}=\n\\u0000<>&\xff".iter().copied())),
            4 => {
                let piece = copy[at..end].to_vec();
                drop(copy.splice(at..at, piece));
            }
            _ => {
                let from = below(stream, other.len() + 1);
                let piece = &other[from..(from + 8 * length).min(other.len())];
                drop(copy.splice(at..end, piece.iter().copied()));
            }
        }
    }
    copy
}

/// Reads the seeds, and copies of them with damage; as many as `READER_TIMES` says where it is set.
fn replay(read: fn(&[u8]), seeds: Vec<Vec<u8>>, point: u64, times: u64) {
    assert!(seeds.len() > 2);
    let asked = std::env::var("READER_TIMES").ok().and_then(|times| times.parse().ok());
    let times = asked.unwrap_or(times);
    seeds.iter().for_each(|seed| read(seed));
    for time in 0..times {
        let mut stream = Address { seed: 1, role: Role::NETWORK, point, replica: time }.stream(0, 0);
        let (file, other) = (below(&mut stream, seeds.len()), below(&mut stream, seeds.len()));
        read(&damaged(&seeds[file], &seeds[other], &mut stream));
    }
}

#[test]
fn experiment_files() {
    let seeds = [files("fuzz/corpus/experiment", ""), files("experiments", "toml")].concat();
    replay(fuzzed::experiment, seeds, 0, 5000);
}

#[test]
fn golden_data() {
    replay(fuzzed::golden, files("fuzz/corpus/golden", ""), 1, 20_000);
}

#[test]
fn students_and_teachers() {
    replay(fuzzed::two_unit, files("fuzz/corpus/two_unit", ""), 2, 5000);
}

#[test]
fn formulas() {
    replay(fuzzed::formula, files("fuzz/corpus/formula", ""), 4, 20_000);
}

#[test]
fn documents() {
    replay(fuzzed::document, files("fuzz/corpus/document", ""), 5, 5000);
}

#[test]
fn numbers_as_text() {
    let seeds = [files("fuzz/corpus/csv", ""), files("crates/model/src/yacht", "csv")].concat();
    replay(fuzzed::arrays, seeds, 8, 5000);
}

#[test]
fn arrays_in_idx() {
    replay(fuzzed::arrays, files("fuzz/corpus/idx", ""), 9, 20_000);
}

#[test]
fn tables_in_parquet() {
    replay(fuzzed::arrays, files("fuzz/corpus/parquet", ""), 10, 3000);
}

#[test]
fn figures() {
    let seeds = [files("fuzz/corpus/provenance", ""), files("figures", "svg").into_iter().take(3).collect()].concat();
    replay(fuzzed::provenance, seeds, 3, 1000);
}

#[test]
fn arrays() {
    for (point, folder) in (5..).zip(["npy", "npz", "safetensors"]) {
        replay(fuzzed::arrays, files(&format!("fuzz/corpus/{folder}"), ""), point, 20_000);
    }
}
