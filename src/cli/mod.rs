//! The command line. Machine-readable output goes to standard output, everything else to standard error.
//!
//! Exit codes: 0 fine, 1 a check failed, 2 bad input or usage, 101 a bug of the program, 130 interrupted.

mod calibrate;
mod cite;
mod complete;
mod data;
mod doctor;
mod experiments;
mod flags;
mod help;
mod init;
mod interrupt;
mod kernel;
mod list;
mod man;
mod measure;
mod plain;
mod progress;
mod reference;
mod report;
mod sample;
mod schema;
mod shard;
mod show;
mod theory;
mod two_unit;
mod verify;

use crate::driver::{self, Interrupted, Outcome, Project};
use crate::numerics::simd;
use crate::simulation::with_threads;
use anyhow::{Context, Result, anyhow};
use clap::{Parser, Subcommand, ValueHint};
use experiments::Experiments;
use interrupt::INTERRUPT;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};

/// Statistical neurodynamics of random deep networks: theory next to Monte Carlo, reproducible figures
#[derive(Parser)]
#[command(name = "neurodyn", version, propagate_version = true)]
#[command(after_help = "\
Examples:
  neurodyn run activity_map
  neurodyn theory --activation tanh --sigma-w 1.5 --sigma-b 0.1

Exit codes: 0 fine, 1 a check failed, 2 bad input or usage, 101 a bug, 130 interrupted
More of a command: neurodyn COMMAND --help. What this machine lacks: neurodyn doctor")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args)]
struct Common {
    /// Number of threads, at most twice the processors; results do not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = flags::jobs)]
    jobs: Option<usize>,
    /// Say nothing but errors and failed checks
    #[arg(long, global = true)]
    quiet: bool,
    /// Project folder (default: the nearest one upwards with a folder `experiments`)
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    root: Option<PathBuf>,
    /// Folder of golden data (default: `tests/golden` of the project where it has a folder `tests`, else `golden`)
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    golden: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Compute experiments, check them against golden data, draw their figures
    Run(experiments::Run),
    /// Write the file of a new experiment, a variant of another one or of a figure
    New(experiments::New),
    /// Draw figures again from stored results, as SVG, PDF or PNG
    Draw(experiments::Draw),
    /// Compute again and compare with golden data and committed figures; writes nothing
    Check(experiments::Check),
    /// Make the results of the last run golden
    Accept(experiments::Accept),
    /// List experiments, their seeds, figures and states
    List(list::List),
    /// Say what an experiment is: parameters, figures, tables, what is judged, cost
    Show(show::Show),
    /// Compute an experiment in parts, on any number of machines
    Shard(shard::Shard),
    /// Say how to cite a figure: a sentence, BibTeX, Citation File Format
    Cite(cite::Cite),
    /// Write the data behind figures as CSV and Parquet, with what their columns hold
    Data(data::Data),
    /// Write one page about experiments: figures, agreement, timing, changes of values
    Report(report::Report),
    /// Compute figures again from their files alone and say whether they come out the same
    Verify(verify::Verify),
    /// Measure over many seeds whether standard errors and the agreement test are true
    Calibrate(calibrate::Calibrate),
    /// Print mean-field theory of one ensemble: fixed points, chi_1, depth scales and more
    Theory(theory::Theory),
    /// Print how to initialise a network: critical scales, what depth and width do, code
    Init(init::Init),
    /// Print means and standard errors over sampled networks of one ensemble (Monte Carlo)
    Sample(sample::Sample),
    /// Compute overlaps and tangent kernel of the inputs in a file, layer by layer
    Kernel(kernel::Kernel),
    /// Hold networks with weights of your own against their ensemble, on data of your own
    Measure(measure::Measure),
    /// Print loss, gradient, Fisher information of one student perceptron and its teacher
    TwoUnit(two_unit::TwoUnit),
    /// Print the JSON Schema of experiment files, for editors that complete and check them
    Schema(schema::Schema),
    /// Say which programs are there and which are missing, and how the project is
    Doctor(doctor::Doctor),
    /// Print a script that lets a shell complete commands, experiments, figures and more
    Completions(complete::Completions),
    /// Print a manual page, or write all of them
    Man(man::Man),
    /// Write the reference pages of the book, as Markdown
    Reference(reference::Reference),
}

pub use init::answer as initialisation;

/// Whether the program that runs is another, which has loaded this one.
static IN_ANOTHER: AtomicBool = AtomicBool::new(false);

/// Says that the program that runs is another, which has loaded this one.
pub fn is_in_another_program() {
    IN_ANOTHER.store(true, Ordering::Relaxed);
}

/// Runs the program with the words of a command line, its own name first, and says its exit code.
pub fn main(words: impl IntoIterator<Item = OsString>) -> u8 {
    say_what_panics();
    // a second call in one process would be another program's mistake, with the words of the first
    let words = WORDS.get_or_init(|| words.into_iter().collect());
    match complete::asked(words) {
        Ok(false) => {}
        Ok(true) => return 0,
        Err(error) => {
            progress::say(&format!("neurodyn: error: {error}"));
            return 2;
        }
    }
    let arguments = match help::arguments(words) {
        Ok(arguments) => arguments,
        Err(error) => {
            let text = error.render().to_string();
            if plain::plain(&text) == text {
                // help and version are not errors; printing fails only when nobody listens
                let _ = error.print();
            } else {
                progress::say(text.trim_end());
            }
            return if error.use_stderr() { 2 } else { 0 };
        }
    };
    match execute(&arguments) {
        // a first run, without golden data, is no error
        Ok(Outcome::Fine | Outcome::Incomplete) => 0,
        Ok(Outcome::Failed) => 1,
        Ok(Outcome::Refused) => 2,
        Err(error) if error.is::<Interrupted>() => {
            interrupt::farewell();
            interrupt::CODE
        }
        Err(error) => {
            progress::say(&format!("neurodyn: error: {}", driver::one_line_each(&error)));
            2
        }
    }
}

/// The words of the command line, the name of the program first.
static WORDS: OnceLock<Vec<OsString>> = OnceLock::new();

/// The name that the program was called by.
fn called() -> PathBuf {
    WORDS.get().and_then(|words| words.first()).map(PathBuf::from).unwrap_or_default()
}

/// A panic is a bug, whatever the input: it is said in one line, of the first thread that has it. The exit code is 101.
pub fn say_what_panics() {
    static FIRST: Once = Once::new();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if driver::panics_are_caught() {
            return;
        }
        FIRST.call_once(|| {
            let reason = panic.payload_as_str().unwrap_or("no reason given");
            let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
            // not through the progress bar, which may be what panicked
            let _ = writeln!(std::io::stderr(), "{}", bug(reason, &place.unwrap_or_default()));
            if std::env::var_os("RUST_BACKTRACE").is_some() {
                usual(panic);
            }
        });
    }));
}

/// What is said of a bug.
pub fn bug(reason: &str, place: &str) -> String {
    let reason = reason.lines().next().unwrap_or_default();
    format!(
        "neurodyn: this is a bug in neurodyn {}, please report it with the command and its files: {reason}{place}",
        env!("CARGO_PKG_VERSION")
    )
}

fn execute(arguments: &Arguments) -> Result<Outcome> {
    simd::initialise()?;
    interrupt::listen()?;
    with_threads(arguments.common.jobs, || act(arguments))
        .map_err(|error| anyhow!("the threads cannot be started: {error}"))?
}

fn act(arguments: &Arguments) -> Result<Outcome> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Run(run) => run.act(common),
        Command::New(new) => new.act(common),
        Command::Draw(draw) => draw.act(common),
        Command::Check(check) => check.act(common),
        Command::Accept(accept) => accept.act(common),
        Command::List(list) => list.print(common),
        Command::Show(show) => show.print(common),
        Command::Shard(shard) => shard.act(common, &INTERRUPT),
        Command::Cite(cite) => cite.act(common),
        Command::Data(data) => data.write(common),
        Command::Report(report) => report.write(common),
        Command::Verify(verify) => verify.act(common, &INTERRUPT),
        Command::Calibrate(calibrate) => calibrate.act(common, &INTERRUPT),
        Command::Theory(theory) => {
            let _progress = progress::Progress::of_command(common.quiet, "theory");
            theory.print()
        }
        Command::Init(init) => {
            let _progress = progress::Progress::of_command(common.quiet, "init");
            init.print()
        }
        Command::Sample(sample) => sample.print(common.quiet, &INTERRUPT),
        Command::Kernel(kernel) => kernel.act(common.quiet, &INTERRUPT),
        Command::Measure(measure) => measure.act(common.quiet, &INTERRUPT),
        Command::TwoUnit(two_unit) => {
            let _progress = progress::Progress::of_command(common.quiet, "two-unit");
            two_unit.print()
        }
        Command::Schema(schema) => schema.act(common),
        Command::Doctor(doctor) => doctor.print(common),
        Command::Completions(completions) => completions.print(),
        Command::Man(man) => man.act(),
        Command::Reference(reference) => reference.write(common),
    }
}

/// The project of these experiments.
fn project(common: &Common, names: &[String]) -> Result<Project> {
    let project = Project::find(names, common.root.as_deref(), &here()?)?;
    Ok(match &common.golden {
        Some(folder) => project.with_golden(folder),
        None => project,
    })
}

/// The file to call the program by: that which runs, or what has called it as a library.
fn program() -> Result<PathBuf> {
    if IN_ANOTHER.load(Ordering::Relaxed) {
        return Ok(called());
    }
    std::env::current_exe().context("the path of this program cannot be read")
}

fn here() -> Result<PathBuf> {
    std::env::current_dir().context("the current folder cannot be read")
}

/// Names files of the project that cannot be used. They stop no command; one over all experiments has failed all the same.
fn faults(common: &Common, project: &Project, all: bool) -> Outcome {
    for fault in project.faults() {
        if all || !common.quiet {
            progress::say(&format!("neurodyn: {}: {}", if all { "error" } else { "warning" }, fault.message));
        }
    }
    if all && !project.faults().is_empty() { Outcome::Failed } else { Outcome::Fine }
}

fn select(common: &Common, experiments: &Experiments) -> Result<(Project, Vec<driver::Selected>)> {
    let project = project(common, &experiments.ids)?;
    let selected = project.select(&experiments.ids)?;
    if selected.is_empty() {
        return Err(anyhow!("{}: no experiment files", project.root.join("experiments").display()));
    }
    faults(common, &project, experiments.ids.is_empty());
    Ok((project, selected))
}

/// Prints to standard output, without what terminals would obey.
fn print(text: &str) -> Result<Outcome> {
    print_as_it_is(&plain::plain(text))
}

/// Prints what another program is to read, to the last byte.
fn print_script(text: &str) -> Result<Outcome> {
    if std::io::stdout().is_terminal() { print(text) } else { print_as_it_is(text) }
}

/// A reader that has gone away is not an error.
fn print_as_it_is(text: &str) -> Result<Outcome> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(Outcome::Fine),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_is_one_line() {
        let line = bug("index out of bounds\nmore", " at src/x.rs:7");
        assert!(line.starts_with("neurodyn: this is a bug in neurodyn ") && !line.contains('\n'), "{line}");
        assert!(line.ends_with("index out of bounds at src/x.rs:7"), "{line}");
    }
}
