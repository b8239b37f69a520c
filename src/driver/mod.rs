//! The pipeline: load everything, compute, check, draw, write.

mod accept;
mod calibrate;
mod citation;
mod columns;
mod commit;
mod data;
mod deadline;
mod given;
mod latex;
mod listing;
mod machine;
mod numbers;
mod origin;
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
pub use accept::accept;
pub use calibrate::{Calibrated, Seeds, calibrate};
pub use citation::{Citation, Cited, cite, cite_file, figure_file};
pub use data::{Data, Format, data};
pub use listing::{Listing, NotJudged, list};
pub use origin::Origin;
pub use output::Formats;
pub use project::{Fault, Project, Selected, is_file};
pub use quick::{Setting, run_quick, with_settings};
pub use report::{Reported, report};
pub use schema::{schema, write_schemas};
pub use variant::create_variant;
pub use verdict::{AgreementSummary, Outcome, Verdict};
pub use verify::{Stated, Terms, Verification, Word, verify};

pub use crate::experiment::Expected;
use crate::experiment::{Pieces, Run, RunError, Tables};
use crate::files::{self, FileError};
use crate::simulation::SimulationError;
use anyhow::{Result, anyhow};
use output::{Output, Written};
use stamp::{Due, Stamp};
use std::path::{Path, PathBuf};
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

impl Settings<'_> {
    /// A command about what was written.
    fn advice(&self, project: &Project, command: &str, experiment: &Selected) -> String {
        let mut text = format!("neurodyn {command} {}", experiment.called());
        if self.out != project.root && !files::same_folder(&self.out, &project.root) {
            text.push_str(&format!(" --out {}", self.out.display()));
        }
        if let Some(folder) = project.chosen_golden() {
            text.push_str(&format!(" --golden {}", folder.display()));
        }
        text
    }
}

/// Computes, checks against golden data, draws and writes.
pub fn run(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    run_from(project, selected, settings, None)
}

/// As [`run`], but only where the experiment file, golden data, results, figures or the program are not those of the last faultless run.
pub fn run_changed(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    let output = Output::new(settings);
    let verdicts = each(selected, settings, |experiment| {
        match Stamp::due(project, experiment, &settings.out, Some(&settings.formats)) {
            Due::Nothing(agreement) => {
                let figures = output.figures(experiment)?.iter().map(|path| path.display().to_string()).collect();
                settings.report.line(&format!("{}: nothing changed", experiment.id()), false);
                settings.report.end();
                Ok(Verdict { agreement, figures, ..Verdict::of(experiment) })
            }
            Due::Drawings(stamp, why) => match output.stored(experiment) {
                Ok(tables) => redraw(experiment, settings, &tables, stamp, &why),
                Err(_) => run_prepared(project, experiment, settings),
            },
            Due::Everything(_) => run_prepared(project, experiment, settings),
        }
    })?;
    write_numbers(project, selected, settings)?;
    Ok(verdicts)
}

fn run_prepared(project: &Project, experiment: &Selected, settings: &Settings) -> Result<Verdict> {
    Output::new(settings).prepare(std::slice::from_ref(experiment))?;
    run_one(project, experiment, settings, None)
}

/// Draws again from the tables of a faultless run that would still be computed.
fn redraw(experiment: &Selected, settings: &Settings, tables: &Tables, stamp: Stamp, why: &str) -> Result<Verdict> {
    let output = Output::new(settings);
    output.prepare(std::slice::from_ref(experiment))?;
    let _whole = files::together();
    Stamp::remove(&settings.out, experiment.id())?;
    let figures = output.write_figures(experiment, tables)?;
    let verdict = Verdict { agreement: stamp.agreement(), figures: shown(&figures), ..Verdict::of(experiment) };
    stamp.drawn(experiment, settings, &output.write_experiment(experiment)?, &figures)?;
    settings.report.line(&format!("{}: drawn again: {why}", experiment.id()), false);
    settings.report.end();
    Ok(verdict)
}

/// As [`run`], from stored pieces of the Monte Carlo where they are given.
fn run_from(
    project: &Project,
    selected: &[Selected],
    settings: &Settings,
    stored: Option<&Pieces>,
) -> Result<Vec<Verdict>> {
    Output::new(settings).prepare(selected)?;
    let verdicts = each(selected, settings, |experiment| run_one(project, experiment, settings, stored))?;
    write_numbers(project, selected, settings)?;
    Ok(verdicts)
}

fn run_one(project: &Project, experiment: &Selected, settings: &Settings, stored: Option<&Pieces>) -> Result<Verdict> {
    let output = Output::new(settings);
    let (tables, mut verdict, seconds) = assess(experiment, settings, stored)?;
    let compared = verdict.compare_golden(project, experiment, &tables, settings)?;
    compared.say(project, &mut verdict, settings, |change| output.new_table(project, experiment, settings, change))?;
    let _whole = files::together();
    Stamp::remove(&settings.out, experiment.id())?;
    let results = output.write_results(project, experiment, &tables, &verdict, seconds)?;
    let figures = output.write_figures(experiment, &tables)?;
    verdict.figures = shown(&figures);
    if verdict.outcome == Outcome::Fine {
        Stamp::write(compared.digest, experiment, settings, &results, &figures, verdict.agreement)?;
    }
    finish(settings, &verdict, seconds, &format!("drew {}", verdict.figures.join(" ")));
    Ok(verdict)
}

/// Does the same with each experiment.
pub fn each(
    selected: &[Selected],
    settings: &Settings,
    mut one: impl FnMut(&Selected) -> Result<Verdict>,
) -> Result<Vec<Verdict>> {
    let one = |experiment| one(experiment).or_else(|error| refused(selected, settings, experiment, error));
    selected.iter().map(one).collect()
}

/// The verdict on an experiment that nothing can be done with, so that the others of a command go on: its fault is theirs in no way. Where
/// there are no others the error is that of the command, as are an interrupt and a disk that takes no more.
fn refused(selected: &[Selected], settings: &Settings, experiment: &Selected, error: anyhow::Error) -> Result<Verdict> {
    let of_output = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<FileError>().is_some_and(|error| error.action != "read")
    };
    if selected.len() == 1 || error.is::<Interrupted>() || error.chain().any(of_output) {
        return Err(error);
    }
    let mut verdict = Verdict::of(experiment);
    verdict.problem(settings, Outcome::Refused, one_line_each(&error));
    settings.report.end();
    Ok(verdict)
}

/// The error and its causes, without repeating a cause that the message already holds.
pub fn one_line_each(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let part = cause.to_string();
        if text.is_empty() {
            text = part;
        } else if !text.contains(&part) {
            text = format!("{text}: {part}");
        }
    }
    text
}

fn shown(written: &Written) -> Vec<String> {
    written.iter().map(|(path, _)| path.display().to_string()).collect()
}

/// The numbers that texts quote, of the whole project; `None` where no experiment names any, or where an experiment that was not selected
/// keeps them from being known, which is said.
fn known_numbers(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Option<String>> {
    let unknown = |why: &str| {
        settings.report.line(&format!("{}: left as it is: {why}", numbers::FILE), false);
        Ok(None)
    };
    match (numbers::tex(project, project.documents()), project.faults().first()) {
        (Err(error), _) => {
            numbers::tex(project, selected.iter().map(|experiment| &experiment.document))?;
            unknown(&one_line_each(&error))
        }
        (Ok(Some(_)), Some(fault)) => unknown(&format!("{} cannot be used", fault.path.display())),
        (found, _) => found,
    }
}

fn write_numbers(project: &Project, selected: &[Selected], settings: &Settings) -> Result<()> {
    match known_numbers(project, selected, settings)? {
        Some(text) => numbers::write(&text, &settings.out.join("figures")),
        None => Ok(()),
    }
}

/// Recomputes and compares with golden data, theory with Monte Carlo, and drawings with the committed figures. Nothing is written.
pub fn check(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    let mut verdicts = each(selected, settings, |experiment| check_one(project, experiment, settings))?;
    if let (Some(text), Some(last)) = (known_numbers(project, selected, settings)?, verdicts.last_mut()) {
        let path = project.root.join("figures").join(numbers::FILE);
        if !files::bytes(&path).is_ok_and(|there| files::is_text(&there, &text)) {
            let text = format!("{} is not what the golden data say; write it with: neurodyn run", path.display());
            last.problem(settings, Outcome::Failed, text);
        }
    }
    Ok(verdicts)
}

fn check_one(project: &Project, experiment: &Selected, settings: &Settings) -> Result<Verdict> {
    let again = format!("neurodyn run {}", experiment.called());
    if project.golden_files(experiment.id())?.is_empty() {
        return Err(anyhow!(
            "{}: no golden data for {}; run it, look at the figure, then make it golden with: neurodyn accept {}",
            project.golden_folder().display(),
            experiment.id(),
            experiment.called()
        ));
    }
    let (tables, mut verdict, seconds) = assess(experiment, settings, None)?;
    let compared = verdict.compare_golden(project, experiment, &tables, settings)?;
    compared.say(project, &mut verdict, settings, |_| Ok(format!("comes with: {again}")))?;
    // a committed figure says in which theme it was drawn
    let path_of = |figure: &str| project.root.join("figures").join(format!("{figure}.svg"));
    let committed = |figure: &str| files::read(&path_of(figure)).ok();
    let theme = |figure: &str| committed(figure).and_then(|svg| Theme::of_svg(&svg)).unwrap_or_default();
    for drawing in output::draw(experiment, &tables, theme)? {
        let path = path_of(&drawing.provenance.figure);
        let problem = match files::bytes(&path) {
            Ok(committed) if files::is_text(&committed, &drawing.svg) => None,
            Ok(_) => Some("is not what would be drawn"),
            Err(_) => Some("is missing"),
        };
        if let Some(problem) = problem {
            let text = format!("{} {problem}; draw it with: {again}", path.display());
            verdict.problem(settings, Outcome::Failed, text);
        }
        verdict.figures.push(path.display().to_string());
    }
    finish(settings, &verdict, seconds, if verdict.outcome == Outcome::Fine { "ok" } else { "FAILED" });
    Ok(verdict)
}

/// Computes one experiment and compares its tables with each other; with the seconds it took.
fn assess(experiment: &Selected, settings: &Settings, stored: Option<&Pieces>) -> Result<(Tables, Verdict, f64)> {
    let mut verdict = Verdict::of(experiment);
    let start = Instant::now();
    let tables = compute(experiment, settings, stored)?.map_err(|error| failure(experiment, error))?;
    let seconds = start.elapsed().as_secs_f64();
    verdict.judge(experiment, &tables, settings)?;
    Ok((tables, verdict, seconds))
}

/// The error of an experiment, with its file.
fn failure(experiment: &Selected, error: RunError) -> anyhow::Error {
    match error {
        // it names the file, and the line in it
        RunError::Config(error) => anyhow!(error),
        other => anyhow!(other).context(experiment.document.path.display().to_string()),
    }
}

/// Draws again from stored tables: those of `results`, without it those beside what is drawn, or else of the project.
pub fn draw(
    project: &Project,
    selected: &[Selected],
    settings: &Settings,
    results: Option<&Path>,
) -> Result<Vec<Verdict>> {
    let output = Output::of_stored(project, results, settings);
    let stored: Vec<Result<Tables>> = selected.iter().map(|experiment| output.stored(experiment)).collect();
    if stored.iter().any(Result::is_ok) {
        output.prepare_figures(selected)?;
    }
    let mut stored = stored.into_iter();
    each(selected, settings, |experiment| {
        let tables = stored.next().unwrap_or_else(|| output.stored(experiment))?;
        let mut verdict = Verdict::of(experiment);
        verdict.figures = shown(&output.write_figures(experiment, &tables)?);
        settings.report.line(&format!("{}: drew {}", experiment.id(), verdict.figures.join(" ")), false);
        Ok(verdict)
    })
}

/// Computes the tables of an experiment. A failure of its own is returned as a value; an interrupt is an error.
fn compute(
    experiment: &Selected,
    settings: &Settings,
    stored: Option<&Pieces>,
) -> Result<std::result::Result<Tables, RunError>> {
    with_run(experiment, settings, |run| experiment.entry.run(&experiment.document, run, stored))
}

/// Lets an experiment compute something. A failure of its own is returned as a value; an interrupt is an error.
fn with_run<T>(
    experiment: &Selected,
    settings: &Settings,
    action: impl FnOnce(&Run) -> std::result::Result<T, RunError>,
) -> Result<std::result::Result<T, RunError>> {
    if settings.interrupt.load(Ordering::Relaxed) {
        return Err(anyhow!(Interrupted));
    }
    let id = experiment.id();
    settings.report.start(id);
    let progress = |units| settings.report.advance(units);
    let warn = |text: &str| settings.report.line(&format!("{id}: {text}"), true);
    let expect = |expected| settings.report.expect(expected);
    let run = Run::new(experiment.document.header.seed, settings.interrupt, &progress).with_expectations(&expect);
    match action(&run.with_warnings(&warn)) {
        Err(RunError::Simulation(SimulationError::Interrupted)) => Err(anyhow!(Interrupted)),
        result => Ok(result),
    }
}

fn finish(settings: &Settings, verdict: &Verdict, seconds: f64, word: &str) {
    let agreement = verdict.agreement.map(|agreement| format!("{agreement}, ")).unwrap_or_default();
    let text = format!("{}: {seconds:.1} s, {agreement}{word}", verdict.id);
    settings.report.line(&text, verdict.outcome >= Outcome::Failed);
    settings.report.end();
}

/// The user asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("interrupted; what was finished before is complete, the rest is untouched")]
pub struct Interrupted;
