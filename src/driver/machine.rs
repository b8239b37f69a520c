//! The record of a run: everything about the machine and the moment that figures must not hold.

use super::Selected;
use crate::agreement::Agreement;
use crate::numerics::simd;
use crate::simulation::threads;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// What goes into `run.json`.
pub(super) fn record(experiment: &Selected, tables: &[&str], agreement: &Agreement, seconds: f64) -> Value {
    let finished = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    json!({
        "experiment": experiment.id(),
        "seed": experiment.document.header.seed,
        "tables": tables,
        "agreement": {
            "cells": agreement.cells,
            "max_abs_z": agreement.worst.as_ref().map(|worst| worst.z.abs()),
            "allowed": agreement.worst.as_ref().map(|worst| worst.limit),
            "holds": agreement.holds(),
        },
        "version": env!("CARGO_PKG_VERSION"),
        "rustc": env!("NEURODYN_RUSTC"),
        "commit": commit(),
        "host": std::fs::read_to_string("/proc/sys/kernel/hostname").ok().map(|name| name.trim().to_owned()),
        "threads": threads(),
        "simd": simd::level().name(),
        "seconds": seconds,
        "peak_memory_kib": peak_memory(),
        "finished_unix_seconds": finished,
    })
}

fn commit() -> Option<String> {
    let output =
        std::process::Command::new("git").args(["describe", "--always", "--dirty", "--abbrev=40"]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Largest resident size of this process so far, in KiB, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
