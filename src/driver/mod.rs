//! The pipeline: load everything, compute, check, draw, write.

mod calibrate;
mod citation;
mod columns;
mod commit;
mod data;
mod listing;
mod machine;
mod numbers;
mod output;
mod project;
mod quick;
mod report;
mod schema;
pub mod shard;
mod stamp;
mod variant;
mod verdict;
mod verify;

pub use crate::agreement::ALPHA;
pub use crate::calibration::{Count, Estimate, LOOSE_ALPHA, Least};
pub use crate::files::when_nothing_is_written;
pub use crate::render::Theme;
pub use calibrate::{Calibrated, Seeds, calibrate};
pub use citation::{Citation, cite, file_of_figure};
pub use data::{Format, data};
pub use listing::{Listing, list};
pub use output::Formats;
pub use project::{Project, Selected, is_file};
pub use quick::{Setting, run_quick, with_settings};
pub use report::{Reported, report};
pub use schema::{schema, write_schemas};
pub use variant::create_variant;
pub use verdict::{AgreementSummary, Outcome, Verdict};
pub use verify::{Verification, verify};

pub use crate::experiments::Expected;
use crate::experiments::{Part, Run, RunError, Tables};
use crate::files;
use crate::simulation::SimulationError;
use anyhow::{Result, anyhow};
use output::{Output, Written, csv_files};
use stamp::Stamp;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Says what goes on; standard error in the program.
pub trait Report {
    /// An experiment starts.
    fn start(&self, id: &str);
    /// A step of it begins, which takes this.
    fn expect(&self, expected: Expected);
    /// Units of its work are done.
    fn advance(&self, units: u64);
    /// A line about it; important ones are said even when all else is to be quiet.
    fn line(&self, text: &str, important: bool);
    /// It is finished.
    fn end(&self);
}

/// Settings of a command.
pub struct Settings<'a> {
    /// Where `figures/` and `results/` are written.
    pub out: PathBuf,
    /// Formats of the figures.
    pub formats: Formats,
    /// Stops the work between replicas.
    pub interrupt: &'a AtomicBool,
    /// Progress.
    pub report: &'a (dyn Report + Sync),
}

/// Computes, checks against golden data, draws and writes.
pub fn run(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    run_part(project, selected, settings, Part::All)
}

/// As [`run`], but only where the experiment file, golden data, results, figures or the program are not those of the last faultless run.
pub fn run_changed(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    let output = Output::new(settings);
    let mut verdicts = Vec::new();
    for experiment in selected {
        verdicts.extend(match Stamp::holds(project, experiment, &settings.out, Some(&settings.formats))? {
            Ok(agreement) => {
                let figures = shown(&output.figures(experiment)?);
                settings.report.line(&format!("{}: nothing changed", experiment.id()), false);
                settings.report.end();
                vec![Verdict { agreement, figures, ..Verdict::of(experiment) }]
            }
            _ => run(project, std::slice::from_ref(experiment), settings)?,
        });
    }
    numbers::write(project, &settings.out.join("figures"))?;
    Ok(verdicts)
}

fn run_part(project: &Project, selected: &[Selected], settings: &Settings, part: Part) -> Result<Vec<Verdict>> {
    let output = Output::new(settings);
    output.prepare_results(selected)?;
    output.prepare_figures(selected)?;
    files::check_writable(&project.golden_folder())?;
    let mut verdicts = Vec::new();
    for experiment in selected {
        let (tables, mut verdict, seconds) = assess(Some(project), experiment, settings, part)?;
        let _whole = files::together();
        Stamp::remove(&settings.out, experiment.id())?;
        let mut written = output.write_results(project, experiment, &tables, &verdict, seconds)?;
        let figures = output.write_figures(experiment, &tables)?;
        verdict.figures = shown(&figures);
        written.extend(figures);
        if verdict.outcome == Outcome::Fine {
            Stamp::write(project, experiment, settings, &written, verdict.agreement)?;
        }
        finish(settings, &verdict, seconds, &format!("drew {}", verdict.figures.join(" ")));
        verdicts.push(verdict);
    }
    numbers::write(project, &settings.out.join("figures"))?;
    Ok(verdicts)
}

fn shown(paths: &Written) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}

/// Recomputes and compares with golden data, theory with Monte Carlo, and drawings with the committed figures.
pub fn check(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    let missing: Vec<&Selected> = selected.iter().filter(|experiment| !project.has_golden(experiment.id())).collect();
    if !missing.is_empty() {
        let folder = project.golden_folder();
        return Err(anyhow!(
            "{}: no golden data for {}; run it, look at the figure, then make it golden with: neurodyn accept {}",
            folder.display(),
            missing.iter().map(|experiment| experiment.id()).collect::<Vec<_>>().join(", "),
            missing.iter().map(|experiment| experiment.called()).collect::<Vec<_>>().join(" ")
        ));
    }
    files::check_writable(&project.golden_folder())?;
    let mut verdicts = Vec::new();
    for experiment in selected {
        let (tables, mut verdict, seconds) = assess(Some(project), experiment, settings, Part::All)?;
        // a committed figure says in which theme it was drawn
        let path_of = |figure: &str| project.root.join("figures").join(format!("{figure}.svg"));
        let committed = |figure: &str| files::read(&path_of(figure)).ok();
        let theme = |figure: &str| committed(figure).and_then(|svg| Theme::of_svg(&svg)).unwrap_or_default();
        for drawing in output::draw(experiment, &tables, theme)? {
            let path = path_of(&drawing.provenance.figure);
            let problem = match files::bytes(&path) {
                Ok(committed) if committed == drawing.svg.as_bytes() => None,
                Ok(_) => Some("is not what would be drawn"),
                Err(_) => Some("is missing"),
            };
            if let Some(problem) = problem {
                let text = format!("{} {problem}; draw it with: neurodyn run {}", path.display(), experiment.called());
                verdict.problem(settings, Outcome::Failed, text);
            }
            verdict.figures.push(path.display().to_string());
        }
        finish(settings, &verdict, seconds, if verdict.outcome == Outcome::Fine { "ok" } else { "FAILED" });
        verdicts.push(verdict);
    }
    if let (Some(text), Some(last)) = (numbers::tex(project)?, verdicts.last_mut()) {
        let path = project.root.join("figures").join(numbers::FILE);
        if files::bytes(&path).ok().as_deref() != Some(text.as_bytes()) {
            let text = format!("{} is not what the golden data say; write it with: neurodyn run", path.display());
            last.problem(settings, Outcome::Failed, text);
        }
    }
    Ok(verdicts)
}

/// Computes one experiment and compares its tables with each other and, where a project is given, with its golden data; with the seconds it took.
fn assess(
    golden: Option<&Project>,
    experiment: &Selected,
    settings: &Settings,
    part: Part,
) -> Result<(Tables, Verdict, f64)> {
    let mut verdict = Verdict::of(experiment);
    let start = Instant::now();
    let tables = compute(experiment, settings, part)?;
    let tables = tables.map_err(|error| match error {
        // it names the file, and the line in it
        RunError::Config(error) => anyhow!(error),
        other => anyhow!(other).context(experiment.document.path.display().to_string()),
    })?;
    let seconds = start.elapsed().as_secs_f64();
    verdict.judge(experiment, &tables, settings)?;
    if let Some(project) = golden {
        verdict.compare_golden(project, experiment, &tables, settings)?;
    }
    Ok((tables, verdict, seconds))
}

/// Draws again from stored tables.
pub fn draw(_: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    let output = Output::new(settings);
    let stored: Vec<Tables> = selected.iter().map(|experiment| output.stored(experiment)).collect::<Result<_>>()?;
    output.prepare_figures(selected)?;
    let mut verdicts = Vec::new();
    for (experiment, tables) in selected.iter().zip(&stored) {
        let mut verdict = Verdict::of(experiment);
        verdict.figures = shown(&output.write_figures(experiment, tables)?);
        settings.report.line(&format!("{}: drew {}", experiment.id(), verdict.figures.join(" ")), false);
        verdicts.push(verdict);
    }
    Ok(verdicts)
}

/// Makes the stored tables golden.
pub fn accept(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    let output = Output::new(settings);
    let folder = project.golden_folder();
    let mut accepted = Vec::new();
    for experiment in selected {
        let files = csv_files(experiment.id(), &output.stored(experiment)?)?;
        for (name, text) in &files {
            // what a later check found, and the user looked at, must be what becomes golden
            let new = folder.join(format!("{name}.new"));
            if files::bytes(&new).is_ok_and(|waiting| waiting != *text) {
                return Err(anyhow!(
                    "{}: not the table of the stored results; store it first: neurodyn run {}",
                    new.display(),
                    experiment.called()
                ));
            }
        }
        accepted.push(files);
    }
    files::check_writable(&folder)?;
    let _whole = files::together();
    let mut verdicts = Vec::new();
    for (experiment, current) in selected.iter().zip(&accepted) {
        for (name, text) in current {
            files::write(&folder.join(name), text)?;
            files::remove(&folder.join(format!("{name}.new")))?;
        }
        for path in project.golden_files(experiment.id())? {
            if !current.iter().any(|(name, _)| path.ends_with(name)) {
                files::remove(&path)?;
            }
        }
        let names: Vec<&str> = current.iter().map(|(name, _)| name.as_str()).collect();
        settings.report.line(&format!("{}: golden data are now {}", experiment.id(), names.join(", ")), false);
        verdicts.push(Verdict::of(experiment));
    }
    numbers::write(project, &settings.out.join("figures"))?;
    Ok(verdicts)
}

/// Runs one experiment; what it fails of is for the caller to judge, but an interrupt ends everything.
fn compute(experiment: &Selected, settings: &Settings, part: Part) -> Result<std::result::Result<Tables, RunError>> {
    if settings.interrupt.load(Ordering::Relaxed) {
        return Err(anyhow!(Interrupted));
    }
    let id = experiment.id();
    if !matches!(part, Part::Plan) {
        settings.report.start(id);
    }
    let progress = |units| settings.report.advance(units);
    let warn = |text: &str| settings.report.line(&format!("{id}: {text}"), true);
    let expect = |expected| settings.report.expect(expected);
    let run = Run::new(experiment.document.header.seed, settings.interrupt, &progress).with_expectations(&expect);
    match experiment.entry.run(&experiment.document, &run.with_warnings(&warn).with_part(part)) {
        Err(RunError::Simulation(SimulationError::Interrupted)) => Err(anyhow!(Interrupted)),
        result => Ok(result),
    }
}

fn finish(settings: &Settings, verdict: &Verdict, seconds: f64, word: &str) {
    let agreement = verdict.agreement.map(|agreement| format!("{agreement}, ")).unwrap_or_default();
    let text = format!("{}: {seconds:.1} s, {agreement}{word}", verdict.id);
    settings.report.line(&text, verdict.outcome != Outcome::Fine);
    settings.report.end();
}

/// The user asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("interrupted; what was finished before is complete, the rest is untouched")]
pub struct Interrupted;
