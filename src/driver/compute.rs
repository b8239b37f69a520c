//! Lets an experiment compute, and judges its tables by themselves.

use super::{Interrupted, Outcome, Selected, Settings, Verdict};
use crate::experiment::{Pieces, Run, RunError, Tables};
use crate::simulation::SimulationError;
use anyhow::{Result, anyhow};
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Computes one experiment and compares its tables with each other; with the seconds it took.
pub(super) fn assess(
    experiment: &Selected,
    settings: &Settings,
    stored: Option<&Pieces>,
) -> Result<(Tables, Verdict, f64)> {
    let mut verdict = Verdict::new(experiment);
    let start = Instant::now();
    let tables = compute(experiment, settings, stored)?.map_err(|error| failure(experiment, error))?;
    let seconds = start.elapsed().as_secs_f64();
    verdict.judge(experiment, &tables, settings)?;
    Ok((tables, verdict, seconds))
}

/// The error of an experiment, with its file.
pub(super) fn failure(experiment: &Selected, error: RunError) -> anyhow::Error {
    match error {
        // it names the file, and the line in it
        RunError::Config(error) => anyhow!(error),
        other => anyhow!(other).context(experiment.document.path.display().to_string()),
    }
}

/// Computes the tables of an experiment. A failure of its own is returned as a value; an interrupt is an error.
pub(super) fn compute(
    experiment: &Selected,
    settings: &Settings,
    stored: Option<&Pieces>,
) -> Result<std::result::Result<Tables, RunError>> {
    with_run(experiment, settings, |run| experiment.run(run, stored))
}

/// Lets an experiment compute something. A failure of its own is returned as a value; an interrupt is an error.
pub(super) fn with_run<T>(
    experiment: &Selected,
    settings: &Settings,
    action: impl FnOnce(&Run) -> std::result::Result<T, RunError>,
) -> Result<std::result::Result<T, RunError>> {
    if settings.interrupt.load(Ordering::Relaxed) {
        return Err(anyhow!(Interrupted));
    }
    let id = experiment.id();
    settings.listener.start(id);
    let progress = |units| settings.listener.advance(units);
    let warn = |text: &str| settings.listener.line(&format!("{id}: {text}"), true);
    let expect = |expected| settings.listener.expect(expected);
    let run = Run::new(experiment.document.header.seed, settings.interrupt, &progress).with_expectations(&expect);
    match action(&run.with_warnings(&warn)) {
        Err(RunError::Simulation(SimulationError::Interrupted)) => Err(anyhow!(Interrupted)),
        result => Ok(result),
    }
}

pub(super) fn finish(settings: &Settings, verdict: &Verdict, seconds: f64, word: &str) {
    let agreement = verdict.agreement.map(|agreement| format!("{agreement}, ")).unwrap_or_default();
    let text = format!("{}: {seconds:.1} s, {agreement}{word}", verdict.id);
    settings.listener.line(&text, verdict.outcome >= Outcome::Failed);
    settings.listener.end();
}
