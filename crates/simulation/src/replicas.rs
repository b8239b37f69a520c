//! The only door to threads: a map over independent items whose results come back in order.

use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// Applies `task` to every item in parallel. Results are in the order of the items, and so is the first error, whatever the
/// number of threads.
pub fn parallel_map<I: Sync, T: Send, E: Send>(
    items: &[I],
    task: impl Fn(&I) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let results: Vec<Mutex<Option<Result<T, E>>>> = items.iter().map(|_| Mutex::new(None)).collect();
    each(items.len(), &|index| {
        let result = task(&items[index]);
        *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    });
    results.into_iter().filter_map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// Calls `task` with the numbers from 0 to `count`, in parallel. It is compiled once, and not with every task.
fn each(count: usize, task: &(dyn Fn(usize) + Sync)) {
    (0..count).into_par_iter().for_each(task);
}

/// Calls `task` with each piece of `values` of this length (the last may be shorter) and its number, in parallel; the last pieces first.
pub(super) fn each_piece(values: &mut [f64], length: usize, task: &(dyn Fn(usize, &mut [f64]) + Sync)) {
    values.par_chunks_mut(length).enumerate().rev().for_each(|(at, piece)| task(at, piece));
}

/// Both results, computed in parallel.
pub(super) fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

/// Applies `task` to the numbers from 0 to `count` in parallel. The results are in their order; nothing once `go_on` says no.
pub fn spread(
    count: usize,
    task: &(dyn Fn(usize) -> Vec<f64> + Sync),
    go_on: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<Vec<f64>>> {
    (0..count).into_par_iter().map(|index| go_on().then(|| task(index))).collect()
}

/// Runs `action` with this many threads (all processors for `None`).
pub fn with_threads<T: Send>(threads: Option<usize>, action: impl FnOnce() -> T + Send) -> Result<T, String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    Ok(pool.map_err(|error| error.to_string())?.install(action))
}

/// Number of threads in use.
pub fn threads() -> usize {
    rayon::current_num_threads()
}
