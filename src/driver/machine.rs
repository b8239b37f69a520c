//! The record of a run: everything about the machine and the moment that figures must not hold.

use super::commit::commit;
use super::{Selected, Verdict};
use crate::numerics::simd;
use crate::simulation::threads;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine, the moment and the sources, as they are found.
pub(super) struct Machine {
    commit: Option<String>,
    host: Option<String>,
    threads: usize,
    simd: &'static str,
    peak_memory_kib: Option<u64>,
    unix_seconds: u64,
}

impl Machine {
    /// As they are now; the commit is that of this folder.
    pub(super) fn now(root: &Path) -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
        Self {
            commit: commit(root),
            host: host.map(|name| name.trim().to_owned()),
            threads: threads(),
            simd: simd::level().name(),
            peak_memory_kib: peak_memory(),
            unix_seconds: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()),
        }
    }
}

/// What goes into `run.json`. Tables by name, each with the digest of its Parquet file.
pub(super) fn record(
    experiment: &Selected,
    tables: &[(String, String)],
    verdict: &Verdict,
    seconds: f64,
    machine: &Machine,
) -> Value {
    json!({
        "experiment": experiment.id(),
        "seed": experiment.document.header.seed,
        "settings": experiment.document.settings,
        "tables": tables.iter().map(|(name, digest)| json!({ "name": name, "digest": digest })).collect::<Vec<_>>(),
        "agreement": verdict.agreement,
        "outcome": verdict.outcome,
        "version": env!("CARGO_PKG_VERSION"),
        "rustc": env!("NEURODYN_RUSTC"),
        "commit": machine.commit,
        "host": machine.host,
        "threads": machine.threads,
        "simd": machine.simd,
        "seconds": seconds,
        "peak_memory_kib": machine.peak_memory_kib,
        "finished_unix_seconds": machine.unix_seconds,
    })
}

/// Largest resident size of this process so far, in KiB, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
