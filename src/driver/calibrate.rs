//! Experiments over many seeds: are their standard errors and their agreement test true?

use super::{Interrupted, Outcome, Selected, Settings, one_line_each};
use crate::agreement::{judge, judge_cells};
use crate::calibration::{Calibration, CalibrationError, Trial, summarise};
use crate::experiment::{Expected, Run, RunError, Tables};
use crate::simulation::parallel_map;
use anyhow::{Context, Result, anyhow};
use std::sync::atomic::Ordering;

/// Which seeds, and how wrong the theory is made to see whether that is noticed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seeds {
    /// The first one.
    pub first: u64,
    /// Number of them, which follow each other.
    pub count: u64,
    /// Factor of the theory's `sigma_w`; 1 to leave that out.
    pub wrong: f64,
}

/// One experiment over many seeds.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Calibrated {
    /// Its identifier.
    pub experiment: String,
    /// What was found, if it could be asked.
    #[serde(flatten)]
    pub calibration: Option<Calibration>,
    /// What does not hold, or why it could not be asked.
    pub failures: Vec<String>,
    /// Fine, too, where there is nothing to calibrate.
    pub outcome: Outcome,
}

/// Seeds that are computed at a time.
const BATCH: usize = 16;

/// Runs each experiment under all seeds, and once more with its theory made wrong. Nothing is written. An experiment that cannot be calibrated
/// does not stop the others; alone, its error is that of the command.
pub fn calibrate(selected: &[Selected], seeds: Seeds, settings: &Settings) -> Result<Vec<Calibrated>> {
    let each = |experiment: &Selected| match one(experiment, seeds, settings) {
        Err(error) if selected.len() > 1 && !error.is::<Interrupted>() => {
            settings.listener.end();
            let nothing = matches!(error.downcast_ref(), Some(CalibrationError::NoCells));
            let (experiment, failures) = (experiment.id().to_owned(), vec![one_line_each(&error)]);
            let outcome = if nothing { Outcome::Fine } else { Outcome::Refused };
            Ok(Calibrated { experiment, calibration: None, failures, outcome })
        }
        found => found,
    };
    selected.iter().map(each).collect()
}

fn one(experiment: &Selected, seeds: Seeds, settings: &Settings) -> Result<Calibrated> {
    let last = seeds.first.checked_add(seeds.count).ok_or_else(|| anyhow!("seeds end at {}", u64::MAX))?;
    settings.listener.start(experiment.id());
    let place = || format!("{}", experiment.document.path.display());
    settings.listener.expect(Expected { units: seeds.count, nanoseconds: 0, at_most: false, whole: false });
    let mut trials = Vec::new();
    for batch in (seeds.first..last).collect::<Vec<u64>>().chunks(BATCH) {
        let found: Result<Vec<Trial>, Failed> = parallel_map(batch, |&seed| {
            let (agreement, cells) = judge_cells(&tables(experiment, seed, 1.0, settings)?)?;
            let caught = if seeds.wrong == 1.0 {
                None
            } else {
                Some(!judge(&tables(experiment, seed, seeds.wrong, settings)?)?.holds())
            };
            settings.listener.advance(1);
            Ok(Trial { cells, holds: agreement.holds(), caught })
        });
        match found {
            Ok(found) => trials.extend(found),
            Err(Failed(error)) if settings.interrupt.load(Ordering::Relaxed) => {
                return Err(error.context(Interrupted));
            }
            Err(Failed(error)) => return Err(error).with_context(place),
        }
    }
    let calibration = summarise(&trials).with_context(place)?;
    settings.listener.end();
    let failures = calibration.failures();
    let outcome = if failures.is_empty() { Outcome::Fine } else { Outcome::Failed };
    Ok(Calibrated { experiment: experiment.id().to_owned(), failures, calibration: Some(calibration), outcome })
}

fn tables(experiment: &Selected, seed: u64, factor: f64, settings: &Settings) -> Result<Tables, RunError> {
    let run = Run::new(seed, settings.interrupt, &|_| {}).with_wrong_theory(factor);
    experiment.run(&run, None)
}

/// Any failure of one seed.
struct Failed(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}
