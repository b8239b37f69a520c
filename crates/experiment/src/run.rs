//! What an experiment gets to run with: its seed, the replica runner, progress, and the ensemble of its theory.

use neurodyn_config::ConfigError;
use neurodyn_model::{Ensemble, ParameterError, WeightStd};
use neurodyn_random::{Address, Role};
use neurodyn_simulation::{SimulationError, parallel_map};
use neurodyn_table::TableError;
use neurodyn_theory::TheoryError;
use neurodyn_theory::perceptron::{FitError, FlowError};
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why an experiment failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A field of the file, such as `parameters.width`.
    #[error("{field}: {message}")]
    Field {
        /// Its path.
        field: Cow<'static, str>,
        /// What was found and what is allowed.
        message: String,
    },
    /// A parameter.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The theory.
    #[error(transparent)]
    Theory(#[from] TheoryError),
    /// The best single unit.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// Averaged learning.
    #[error(transparent)]
    Flow(#[from] FlowError),
    /// Something that should change does not.
    #[error("{what} does not change as far as asked for; is the start on the singular region?")]
    Stalled {
        /// What.
        what: &'static str,
    },
    /// A measured network.
    #[error(transparent)]
    Measured(#[from] neurodyn_measured::MeasureError),
    /// The simulation.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// A table, a number that is not finite among them.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A stored sweep has a gap.
    #[error("{label}: block {first} is not among the stored ones")]
    Missing {
        /// The point.
        label: String,
        /// The first block missing.
        first: u64,
    },
    /// Two points would see the same random numbers.
    #[error("{first} and {second} have the same address of random numbers")]
    SharedAddress {
        /// One.
        first: String,
        /// The other.
        second: String,
    },
}

/// What a step of a run takes, as far as that is known before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Units of work that it hears of, at most.
    pub units: u64,
    /// Time of all of them on one processor, about; 0 where that is not known.
    pub nanoseconds: u64,
    /// Whether it may end earlier, where a standard error is reached.
    pub at_most: bool,
    /// Whether it is all Monte Carlo of the experiment, and units stand for equal times.
    pub whole: bool,
}

/// Context of one run.
pub struct Run<'a> {
    seed: u64,
    theory_factor: f64,
    pub(super) interrupt: &'a AtomicBool,
    pub(super) progress: &'a (dyn Fn(u64) + Sync),
    pub(super) expect: &'a (dyn Fn(Expected) + Sync),
    pub(super) warn: &'a (dyn Fn(&str) + Sync),
}

impl<'a> Run<'a> {
    /// A run with this seed. `interrupt` stops it between replicas; `progress` hears of finished units of work.
    pub fn new(seed: u64, interrupt: &'a AtomicBool, progress: &'a (dyn Fn(u64) + Sync)) -> Self {
        Self { seed, theory_factor: 1.0, interrupt, progress, expect: &|_| (), warn: &|_| () }
    }

    /// Says lines that the user should read.
    pub fn with_warnings(mut self, warn: &'a (dyn Fn(&str) + Sync)) -> Self {
        self.warn = warn;
        self
    }

    /// Says how many of the values asked for are blank since they do not exist.
    pub fn blank(&self, count: usize, of: usize, why: &str) {
        if count > 0 {
            (self.warn)(&format!("{count} of {of} values are blank: {why}"));
        }
    }

    /// Says what a step will take before it begins.
    pub fn with_expectations(mut self, expect: &'a (dyn Fn(Expected) + Sync)) -> Self {
        self.expect = expect;
        self
    }

    /// Makes the theory wrong on purpose: its `sigma_w` is multiplied by this. The agreement test must then fail.
    pub fn with_wrong_theory(mut self, factor: f64) -> Self {
        self.theory_factor = factor;
        self
    }

    /// What the scale of the theory is multiplied by: 1, but in a negative control.
    pub fn theory_factor(&self) -> f64 {
        self.theory_factor
    }

    /// The ensemble to use in theory for simulated networks of this one; the same, but in a negative control.
    pub fn theory(&self, ensemble: &Ensemble) -> Ensemble {
        let sigma_w = WeightStd::new(ensemble.sigma_w.get() * self.theory_factor).unwrap_or(ensemble.sigma_w);
        Ensemble { sigma_w, ..*ensemble }
    }

    /// Address of a replica at a point of the experiment's grid; the sampler puts in its own role.
    pub fn address(&self, point: u64, replica: u64) -> Address {
        Address { seed: self.seed, role: Role::NETWORK, point, replica }
    }

    /// Applies `task` to every item in parallel; results in order, the first error in order wins.
    pub fn map<I: Sync, T: Send>(
        &self,
        items: &[I],
        task: impl Fn(&I) -> Result<T, RunError> + Sync,
    ) -> Result<Vec<T>, RunError> {
        (self.expect)(Expected { units: items.len() as u64, nanoseconds: 0, at_most: false, whole: false });
        parallel_map(items, |item| {
            if self.interrupt.load(Ordering::Relaxed) {
                return Err(SimulationError::Interrupted.into());
            }
            let result = task(item)?;
            (self.progress)(1);
            Ok(result)
        })
    }
}
