//! Run-time choice of the SIMD level: one generic body is compiled for each level the processor may have.
//!
//! Vectors only change how many elements one instruction handles: every operation is an IEEE 754 operation rounded once,
//! so a body gives the same bits at each level. `unsafe` code is here and in [`super::fused`] alone.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Environment variable that forces a level.
pub const VARIABLE: &str = "NEURODYN_SIMD";

/// A set of vector instructions, in increasing order among those of one architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// No vector instructions beyond those of the target's baseline.
    Scalar = 1,
    /// NEON: 2 doubles, fused multiply-adds. The baseline of 64-bit ARM, so the same code as `Scalar` there.
    Neon,
    /// SSE2: 2 doubles. The baseline of x86-64, so the same code as `Scalar` there.
    Sse2,
    /// AVX2 and FMA: 4 doubles.
    Avx2,
    /// AVX-512 F, DQ, VL, BW, and FMA: 8 doubles.
    Avx512,
}

/// Why a level cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SimdError {
    /// Not the name of a level.
    #[error("{VARIABLE} is {found:?}, but must be one of {}", names(&Level::ALL))]
    UnknownLevel {
        /// The name found.
        found: String,
    },
    /// This machine lacks the level.
    #[error("{VARIABLE} asks for {}, but this machine has {}", .asked.name(), names(.available))]
    Unavailable {
        /// The level asked for.
        asked: Level,
        /// The levels of this machine.
        available: Vec<Level>,
    },
}

/// As messages list them.
fn names(levels: &[Level]) -> String {
    levels.iter().map(|level| level.name()).collect::<Vec<_>>().join(", ")
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 5] = [Level::Scalar, Level::Neon, Level::Sse2, Level::Avx2, Level::Avx512];

    /// Those of this architecture.
    const HERE: &[Level] = if cfg!(target_arch = "x86_64") {
        &[Level::Scalar, Level::Sse2, Level::Avx2, Level::Avx512]
    } else if cfg!(target_arch = "aarch64") {
        &[Level::Scalar, Level::Neon]
    } else {
        &[Level::Scalar]
    };

    /// The best level of this machine.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let fused = is_x86_feature_detected!("fma");
            let avx512 = fused
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw");
            if avx512 {
                Level::Avx512
            } else if fused && is_x86_feature_detected!("avx2") {
                Level::Avx2
            } else {
                Level::Sse2
            }
        }
        #[cfg(target_arch = "aarch64")]
        {
            Level::Neon
        }
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        Level::Scalar
    }

    /// The name used in the environment variable.
    pub fn name(self) -> &'static str {
        match self {
            Level::Scalar => "scalar",
            Level::Neon => "neon",
            Level::Sse2 => "sse2",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }

    /// The level of this name.
    pub fn from_name(name: &str) -> Result<Self, SimdError> {
        Self::ALL
            .into_iter()
            .find(|level| level.name() == name)
            .ok_or_else(|| SimdError::UnknownLevel { found: name.to_owned() })
    }

    /// The levels this machine has.
    pub fn available() -> impl Iterator<Item = Level> {
        let best = Self::detect();
        Self::HERE.iter().copied().filter(move |level| *level <= best)
    }
}

/// 0 stands for "not chosen yet".
static ACTIVE: AtomicU8 = AtomicU8::new(0);

/// Chooses the level: the best of this machine, or the one named by [`VARIABLE`].
pub fn initialise() -> Result<Level, SimdError> {
    match std::env::var_os(VARIABLE) {
        None => activate(Level::detect()),
        Some(name) => activate(Level::from_name(&name.to_string_lossy())?),
    }
}

/// Makes this level the active one, if the machine has it.
pub fn activate(level: Level) -> Result<Level, SimdError> {
    if !Level::available().any(|available| available == level) {
        return Err(SimdError::Unavailable { asked: level, available: Level::available().collect() });
    }
    ACTIVE.store(level as u8, Ordering::Relaxed);
    Ok(level)
}

/// The right to change the active level of the process, which one holder has at a time; at its end the level is as it was before. Tests that
/// speak of a level take it, since they run side by side in one process.
pub struct Switch {
    before: Level,
    _alone: MutexGuard<'static, ()>,
}

impl Switch {
    /// Waits until nobody else has it.
    pub fn take() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        // a test that failed while it had it left nothing undone: the level is set back where it is dropped
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        Self { before: level(), _alone: alone }
    }

    /// Makes this level the active one.
    ///
    /// # Panics
    /// If the machine does not have it.
    pub fn to(&self, level: Level) {
        activate(level).expect("a level of this machine");
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        ACTIVE.store(self.before as u8, Ordering::Relaxed);
    }
}

/// The active level. Before a successful [`initialise`] this is the best level of the machine.
#[inline]
pub fn level() -> Level {
    match ACTIVE.load(Ordering::Relaxed) {
        1 => Level::Scalar,
        2 => Level::Neon,
        3 => Level::Sse2,
        4 => Level::Avx2,
        5 => Level::Avx512,
        _ => {
            let best = Level::detect();
            ACTIVE.store(best as u8, Ordering::Relaxed);
            best
        }
    }
}

/// Asks for the cache line of `values[at]` before it is needed. That may lie beyond the end: nothing is read.
#[inline(always)]
pub fn prefetch(values: &[f64], at: usize) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which cannot fault whatever the address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(values.as_ptr().wrapping_add(at).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, at);
}

/// A computation that is compiled once for each level. `run` must be `#[inline(always)]`, as must all it calls in its
/// loops: what is not inlined is compiled for the baseline (right, but slow).
pub trait Kernel {
    /// Result.
    type Output;
    /// The computation.
    fn run(self) -> Self::Output;
}

/// Runs the kernel at the active level.
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    // SAFETY: only levels of this machine become active.
    unsafe { run_at(level(), kernel) }
}

/// Runs the kernel at a level (at the best one of the machine if that is lower), as tests and benchmarks do.
#[inline]
pub fn dispatch_at<K: Kernel>(level: Level, kernel: K) -> K::Output {
    // SAFETY: the level is one that `detect` has found.
    unsafe { run_at(level.min(Level::detect()), kernel) }
}

/// Runs the kernel at a level.
///
/// # Safety
/// The machine must have the level.
#[inline]
unsafe fn run_at<K: Kernel>(level: Level, kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    match level {
        // SAFETY: the caller promises that these instructions exist.
        Level::Avx512 => unsafe { avx512(kernel) },
        // SAFETY: as above.
        Level::Avx2 => unsafe { avx2(kernel) },
        Level::Scalar | Level::Neon | Level::Sse2 => kernel.run(),
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = level;
        kernel.run()
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
#[inline(never)]
fn avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,fma")]
#[inline(never)]
fn avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_wrong_ones_are_refused() {
        for level in Level::ALL {
            assert_eq!(Level::from_name(level.name()), Ok(level));
        }
        let error = Level::from_name("avx").expect_err("no such level").to_string();
        assert!(error.contains("\"avx\"") && error.contains("scalar, neon, sse2, avx2, avx512"), "{error}");
        let available = vec![Level::Scalar, Level::Sse2];
        let error = SimdError::Unavailable { asked: Level::Avx512, available }.to_string();
        assert_eq!(error, "NEURODYN_SIMD asks for avx512, but this machine has scalar, sse2");
    }

    #[test]
    fn one_at_a_time_switches_levels_and_leaves_the_one_before() {
        let before = {
            let switch = Switch::take();
            let before = level();
            for other in Level::available() {
                switch.to(other);
                assert_eq!(level(), other);
                let elsewhere = std::thread::spawn(|| drop(Switch::take()));
                std::thread::yield_now();
                assert!(!elsewhere.is_finished() && level() == other);
            }
            before
        };
        let _switch = Switch::take();
        assert_eq!(level(), before);
    }

    #[test]
    fn the_active_level_is_one_of_those_available() {
        assert!(Level::available().any(|available| available == level()));
        assert_eq!(Level::available().last(), Some(Level::detect()));
    }
}
