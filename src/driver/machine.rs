//! The record of a run: everything about the machine and the moment that figures must not hold.

use super::commit::commit;
use super::{Project, Selected, Verdict};
use crate::numerics::simd;
use crate::simulation::threads;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// What goes into `run.json`. Tables by name, each with the digest of its Parquet file.
pub(super) fn record(
    project: &Project,
    experiment: &Selected,
    tables: &[(String, String)],
    verdict: &Verdict,
    seconds: f64,
) -> Value {
    let finished = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    json!({
        "experiment": experiment.id(),
        "seed": experiment.document.header.seed,
        "settings": experiment.document.settings,
        "tables": tables.iter().map(|(name, digest)| json!({ "name": name, "digest": digest })).collect::<Vec<_>>(),
        "agreement": verdict.agreement,
        "outcome": verdict.outcome,
        "version": env!("CARGO_PKG_VERSION"),
        "rustc": env!("NEURODYN_RUSTC"),
        "commit": commit(&project.root),
        "host": std::fs::read_to_string("/proc/sys/kernel/hostname").ok().map(|name| name.trim().to_owned()),
        "threads": threads(),
        "simd": simd::level().name(),
        "seconds": seconds,
        "peak_memory_kib": peak_memory(),
        "finished_unix_seconds": finished,
    })
}

/// Largest resident size of this process so far, in KiB, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
