//! The tables of every experiment of the registry, in small, are the same from shards and from a single run. Points have some blocks of
//! replicas, so that shards cut through them.

use crate::{done, pieces, small, with_run};
use libtest_mimic::Trial;
use neurodyn::experiments::REGISTRY;
use neurodyn::table::frame::to_csv;

/// Number of shards that Monte Carlo is cut into.
const SHARDS: u64 = 3;
/// Three blocks of replicas, the last of them not full.
const REPLICAS: i64 = 150;

pub fn trials() -> Vec<Trial> {
    let of = |module: &'static str| {
        Trial::test(format!("shards_are_a_single_run::{module}"), move || done(|| shards_are_a_single_run(module)))
    };
    REGISTRY.iter().map(|entry| of(entry.module)).collect()
}

fn shards_are_a_single_run(module: &str) {
    let document = small::document(module, REPLICAS, Vec::new()).expect("valid");
    let pieces = pieces(&document, SHARDS);
    let merged = with_run(&document, 1.0, |found, run| found.run(run, Some(&pieces))).expect("merged");
    let single = with_run(&document, 1.0, |found, run| found.run(run, None)).expect("computed");
    for (merged, single) in merged.iter().zip(&single) {
        let [merged, single] = [merged, single].map(|table| to_csv(table).expect("text"));
        assert!(merged == single, "{module}: shards are not a single run");
    }
    assert_eq!(merged.len(), single.len());
}
