//! The pipeline: load everything, compute, check, draw, write.

mod machine;
mod output;
mod project;

pub use project::{Project, Selected};

use crate::agreement::{self, Agreement};
use crate::experiments::{Run, RunError, Tables};
use crate::files;
use crate::golden;
use crate::provenance::Provenance;
use crate::simulation::SimulationError;
use crate::table::frame;
use anyhow::{Context, Result, anyhow};
use output::{Output, csv_files};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// What a command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All is well.
    Fine,
    /// A check failed.
    Failed,
    /// Golden data are missing.
    Incomplete,
}

/// Says what goes on; standard error in the program.
pub trait Report {
    /// An experiment starts.
    fn start(&self, id: &str);
    /// A unit of its work is done.
    fn advance(&self, units: u64);
    /// A line about it; important ones are said even when all else is to be quiet.
    fn line(&self, text: &str, important: bool);
}

/// Settings of a command.
pub struct Settings<'a> {
    /// Where `figures/` and `results/` are written.
    pub out: PathBuf,
    /// Stops the work between replicas.
    pub interrupt: &'a AtomicBool,
    /// Progress.
    pub report: &'a (dyn Report + Sync),
}

/// Computes, checks against golden data, draws and writes.
pub fn run(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Outcome> {
    let output = Output::prepare(project, &settings.out, selected)?;
    let mut outcome = Outcome::Fine;
    for experiment in selected {
        let start = Instant::now();
        let tables = compute(experiment, settings)?;
        let seconds = start.elapsed().as_secs_f64();
        let agreement = judge(experiment, &tables, settings)?;
        let golden = compare_golden(project, experiment, &tables, settings)?;
        output.write_results(experiment, &tables, &agreement, seconds)?;
        let figures = output.write_figures(experiment, &tables)?;
        outcome = outcome.max(golden).max(if agreement.holds() { Outcome::Fine } else { Outcome::Failed });
        settings.report.line(
            &format!("{}: {seconds:.1} s, {}, drew {}", experiment.id(), summary(&agreement), figures.join(" ")),
            false,
        );
    }
    Ok(outcome)
}

/// Recomputes and compares with golden data, theory with Monte Carlo, and drawings with the committed figures.
pub fn check(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Outcome> {
    let missing: Vec<String> =
        selected.iter().filter(|e| !project.has_golden(e.id())).map(|e| e.id().to_owned()).collect();
    if !missing.is_empty() {
        let folder = project.golden_folder();
        return Err(anyhow!(
            "{}: no golden data for {}; run it, look at the figure, then make it golden with: neurodyn accept {}",
            folder.display(),
            missing.join(", "),
            missing.join(" ")
        ));
    }
    files::check_writable(&project.golden_folder())?;
    let mut outcome = Outcome::Fine;
    for experiment in selected {
        let start = Instant::now();
        let tables = compute(experiment, settings)?;
        let seconds = start.elapsed().as_secs_f64();
        let agreement = judge(experiment, &tables, settings)?;
        let mut verdict = compare_golden(project, experiment, &tables, settings)?;
        if !agreement.holds() {
            verdict = Outcome::Failed;
        }
        for (name, svg) in output::draw(experiment, &tables)? {
            let path = project.root.join("figures").join(&name);
            let problem = match std::fs::read_to_string(&path) {
                Ok(committed) if committed == svg => continue,
                Ok(_) => "is not what would be drawn",
                Err(_) => "is missing",
            };
            settings.report.line(&format!("{}: {} {problem}", experiment.id(), path.display()), true);
            verdict = Outcome::Failed;
        }
        outcome = outcome.max(verdict);
        let word = if verdict == Outcome::Fine { "ok" } else { "FAILED" };
        settings.report.line(
            &format!("{}: {word}, {seconds:.1} s, {}", experiment.id(), summary(&agreement)),
            verdict != Outcome::Fine,
        );
    }
    Ok(outcome)
}

/// Draws again from stored tables.
pub fn draw(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Outcome> {
    let output = Output::prepare(project, &settings.out, selected)?;
    let stored: Vec<Tables> = selected.iter().map(|experiment| output.stored(experiment)).collect::<Result<_>>()?;
    for (experiment, tables) in selected.iter().zip(&stored) {
        let figures = output.write_figures(experiment, tables)?;
        settings.report.line(&format!("{}: drew {}", experiment.id(), figures.join(" ")), false);
    }
    Ok(Outcome::Fine)
}

/// Makes the stored tables golden.
pub fn accept(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Outcome> {
    let output = Output::prepare(project, &settings.out, selected)?;
    files::check_writable(&project.golden_folder())?;
    let stored: Vec<Tables> = selected.iter().map(|experiment| output.stored(experiment)).collect::<Result<_>>()?;
    for (experiment, tables) in selected.iter().zip(&stored) {
        let current = csv_files(experiment.id(), tables)?;
        for (name, text) in &current {
            files::write(&project.golden_folder().join(name), text)?;
            // what was waiting for this decision
            let _ = std::fs::remove_file(project.golden_folder().join(format!("{name}.new")));
        }
        for path in project.golden_files(experiment.id())? {
            let kept = path.file_name().is_some_and(|name| current.iter().any(|(file, _)| name == file.as_str()));
            if !kept {
                std::fs::remove_file(&path).with_context(|| format!("{}: cannot be removed", path.display()))?;
            }
        }
        settings
            .report
            .line(&format!("{}: golden data are now those of {} tables", experiment.id(), tables.len()), false);
    }
    Ok(Outcome::Fine)
}

/// State of one experiment's figures.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Listing {
    /// Identifier.
    pub id: String,
    /// Family.
    pub family: String,
    /// Seed.
    pub seed: u64,
    /// Figure paths, relative to the project.
    pub figures: Vec<String>,
    /// `fresh`, `stale` or `missing`.
    pub state: &'static str,
    /// Why it is not fresh; empty when it is.
    pub reason: String,
}

/// Experiments and whether their figures follow from the experiment file and golden data as they are now.
pub fn list(project: &Project, selected: &[Selected]) -> Result<Vec<Listing>> {
    selected.iter().map(|experiment| listing(project, experiment)).collect()
}

fn listing(project: &Project, experiment: &Selected) -> Result<Listing> {
    let document = &experiment.document;
    let names = experiment.entry.figures(document)?.into_iter().map(|figure| format!("figures/{}.svg", figure.name));
    let figures: Vec<String> = names.collect();
    let digest = project.golden_digest(&document.id)?;
    let mut verdict = ("fresh", String::new());
    for figure in &figures {
        let Ok(svg) = std::fs::read_to_string(project.root.join(figure)) else {
            verdict = ("missing", format!("{figure} is not there"));
            break;
        };
        let reason = match (Provenance::from_svg(&svg), &digest) {
            (None, _) => "has no readable provenance",
            (Some(found), _) if found.toml != document.text => "was drawn from another experiment file",
            (_, None) => "has no golden data to compare with",
            (Some(found), Some(digest)) if found.digest != *digest => {
                "was drawn from other numbers than the golden data"
            }
            _ => continue,
        };
        verdict = ("stale", format!("{figure} {reason}"));
    }
    let (state, reason) = verdict;
    let (id, family, seed) = (document.id.clone(), document.header.family.clone(), document.header.seed);
    Ok(Listing { id, family, seed, figures, state, reason })
}

fn compute(experiment: &Selected, settings: &Settings) -> Result<Tables> {
    settings.report.start(experiment.id());
    let progress = |units| settings.report.advance(units);
    let run = Run::new(experiment.document.header.seed, settings.interrupt, &progress);
    match experiment.entry.run(&experiment.document, &run) {
        Err(RunError::Simulation(SimulationError::Interrupted)) => Err(anyhow!(Interrupted)),
        result => result.with_context(|| format!("{}", experiment.document.path.display())),
    }
}

/// The user asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("interrupted; what was finished before is complete, the rest is untouched")]
pub struct Interrupted;

fn judge(experiment: &Selected, tables: &Tables, settings: &Settings) -> Result<Agreement> {
    let agreement = agreement::judge(tables).with_context(|| format!("{}", experiment.document.path.display()))?;
    for failure in &agreement.failures {
        settings.report.line(&format!("{}: theory and Monte Carlo disagree: {failure}", experiment.id()), true);
    }
    Ok(agreement)
}

fn summary(agreement: &Agreement) -> String {
    match &agreement.worst {
        None => "nothing simulated next to theory".to_owned(),
        Some(worst) => format!(
            "theory and Monte Carlo {} in {} cells (max |z| {:.2}, allowed {:.2})",
            if agreement.holds() { "agree" } else { "disagree" },
            agreement.cells,
            worst.z.abs(),
            worst.limit
        ),
    }
}

fn compare_golden(project: &Project, experiment: &Selected, tables: &Tables, settings: &Settings) -> Result<Outcome> {
    let folder = project.golden_folder();
    let mut outcome = Outcome::Fine;
    for (table, (name, text)) in tables.iter().zip(csv_files(experiment.id(), tables)?) {
        let path = folder.join(&name);
        if !path.exists() {
            settings.report.line(
                &format!(
                    "{}: {} is missing; look at the figure, then make it golden with: neurodyn accept {}",
                    experiment.id(),
                    path.display(),
                    experiment.id()
                ),
                true,
            );
            outcome = outcome.max(Outcome::Incomplete);
            continue;
        }
        let old = golden::parse(&path.display().to_string(), &files::read(&path)?, table)?;
        if let Some(difference) = golden::compare(&old, table) {
            let new = folder.join(format!("{name}.new"));
            files::write(&new, &text)?;
            settings
                .report
                .line(&format!("{}: {difference}\n  the new table is {}", path.display(), new.display()), true);
            outcome = outcome.max(Outcome::Failed);
        }
    }
    Ok(outcome)
}

/// CSV text of a table, for commands that print one.
pub fn csv(table: &crate::table::Table) -> Result<Vec<u8>> {
    Ok(frame::to_csv(table)?)
}
