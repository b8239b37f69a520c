//! What every experiment of the registry must pass, one test for each.

mod agreement;
mod shards;
mod shorter;
mod small;
mod smoke;

use libtest_mimic::{Arguments, Failed};
use neurodyn::config::Document;
use neurodyn::experiment::{Loaded, Pieces, Run, Share};
use neurodyn::experiments::find;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

fn main() {
    let trials = [agreement::trials(), shards::trials(), smoke::trials()];
    libtest_mimic::run(&Arguments::from_args(), trials.into_iter().flatten().collect()).exit();
}

/// A test that panics where it fails.
fn done(test: impl FnOnce()) -> Result<(), Failed> {
    test();
    Ok(())
}

/// Place and text of the file of an experiment.
fn shipped_text(module: &str) -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("experiments/{module}.toml"));
    let text = std::fs::read_to_string(&path).expect("an experiment file");
    (path, text)
}

/// Lets an action run, with `sigma_w` of the theory multiplied by a factor.
fn with_run<T>(document: &Document, factor: f64, action: impl FnOnce(&Loaded, &Run) -> T) -> T {
    let interrupt = AtomicBool::new(false);
    let run = Run::new(document.header.seed, &interrupt, &|_| {}).with_wrong_theory(factor);
    action(&find(document.clone()).expect("known"), &run)
}

/// All Monte Carlo of a document, computed in so many shards.
fn pieces(document: &Document, shards: u64) -> Pieces {
    let plan = find(document.clone()).expect("known").plan().expect("a plan");
    let mut pieces = vec![Vec::new(); plan.points().len()];
    for index in 0..shards {
        let share = Share { index, of: shards };
        for (piece, sample) in with_run(document, 1.0, |found, run| found.share(run, share)).expect("computed") {
            pieces[piece.point].push((piece, sample));
        }
    }
    pieces
}
