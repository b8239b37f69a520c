//! The command line. Machine-readable output goes to standard output, everything else to standard error.
//!
//! Exit codes: 0 fine, 1 a check failed, 2 bad input or usage, 101 a bug of the program, 130 interrupted.

mod calibrate;
mod cite;
mod data;
mod flags;
mod interrupt;
mod list;
mod observables;
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

use crate::driver::{self, Formats, Interrupted, Outcome, Project, Settings, Verdict};
use crate::numerics::simd;
use crate::simulation::with_threads;
use anyhow::{Context, Result, anyhow};
use clap::{CommandFactory, Parser, Subcommand};
use flags::FormatFlags;
use interrupt::INTERRUPT;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Once;

/// Statistical neurodynamics of random deep networks: theory next to Monte Carlo, as reproducible figures.
#[derive(Parser)]
#[command(name = "neurodyn", version, propagate_version = true)]
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
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Folder of golden data (default: `tests/golden` of the project where it has a folder `tests`, else `golden`)
    #[arg(long, global = true, value_name = "DIR")]
    golden: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Compute experiments, check them against golden data, draw their figures
    Run(Run),
    /// Write the file of a new experiment, a variant of another one, here or in any folder
    New(New),
    /// Draw figures again from stored results
    Draw(Draw),
    /// Recompute and compare with golden data and committed figures, and write nothing; exit code 1 on any difference
    Check(Experiments),
    /// Make the results of the last run golden
    Accept(Accept),
    /// List experiments, their seeds, figures and states
    List(Experiments),
    /// Say what an experiment is: figures, parameters and what is allowed, tables, what is judged, cost
    Show(show::Show),
    /// Print the JSON Schema of experiment files, for editors that complete and check them
    Schema(schema::Schema),
    /// How to cite a figure: a sentence, BibTeX and Citation File Format, with seed and digest
    Cite(cite::Cite),
    /// Recompute figures from the provenance in them and say whether they come out the same; exit code 1 where one does not
    Verify(verify::Verify),
    /// Whether the statistics of experiments are true: standard errors, agreement test and its power over many seeds; exit code 1 where
    /// they are not
    Calibrate(calibrate::Calibrate),
    /// The data behind figures as CSV and Parquet, with what their columns hold, from stored results
    Data(data::Data),
    /// Write one page about the experiments from stored results: figures, agreement, timing, changes of values
    Report(report::Report),
    /// Write the reference pages of the book: experiments, commands, activations, as Markdown
    Reference(reference::Reference),
    /// An experiment in parts, on any number of machines
    Shard(shard::Shard),
    /// What the mean-field theory says about one ensemble of networks
    Theory(theory::Theory),
    /// Monte Carlo of one ensemble of finite networks
    Sample(sample::Sample),
    /// Singular learning of one student and teacher: loss, gradient, Fisher information, singular coordinates, trajectories
    TwoUnit(two_unit::TwoUnit),
    /// Print shell completions
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
}

#[derive(clap::Args, Clone)]
struct Experiments {
    /// Experiments, by name or by file (x.toml); all by default
    #[arg(value_name = "ID|FILE")]
    ids: Vec<String>,
    /// Print JSON: one object an experiment
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct WithOutput {
    #[command(flatten)]
    experiments: Experiments,
    /// Folder for `figures` and `results` (default: the project folder)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(clap::Args)]
struct Draw {
    #[command(flatten)]
    experiments: Experiments,
    /// Folder for `figures` (default: the project folder)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Folder with `results` (default: --out, and the project folder for what is not there)
    #[arg(long, value_name = "DIR")]
    results: Option<PathBuf>,
    #[command(flatten)]
    formats: FormatFlags,
}

#[derive(clap::Args)]
struct Accept {
    #[command(flatten)]
    with: WithOutput,
    /// Remove golden data for which the results have no table
    #[arg(long)]
    remove: bool,
}

#[derive(clap::Args)]
struct Run {
    #[command(flatten)]
    with: WithOutput,
    #[command(flatten)]
    formats: FormatFlags,
    /// Leave out what this program has computed from the same file, with nothing wrong and all that it wrote still there
    #[arg(long)]
    changed: bool,
    /// A quick look with another value, such as parameters.sigma_w=1.5 (params. for short); may be given again. Not compared with
    /// golden data, not citable, written to `quick/<ID>` or to --out
    #[arg(long, value_name = "PATH=VALUE", conflicts_with = "changed", allow_hyphen_values = true)]
    set: Vec<driver::Setting>,
}

#[derive(clap::Args)]
struct New {
    /// Its name
    name: String,
    /// What to vary: an experiment of this project, an experiment file, or a figure (SVG, PDF, PNG)
    #[arg(long, value_name = "ID|FILE")]
    from: String,
    /// Its seed (default: the largest of the project plus 1)
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs the program.
pub fn main() -> ExitCode {
    say_what_panics();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let text = error.render().to_string();
            if plain::plain(&text) == text {
                // help and version are not errors; printing fails only when nobody listens
                let _ = error.print();
            } else {
                progress::say(text.trim_end());
            }
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match execute(&arguments) {
        // a first run, without golden data, is no error
        Ok(Outcome::Fine | Outcome::Incomplete) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Ok(Outcome::Refused) => ExitCode::from(2),
        Err(error) if error.is::<Interrupted>() => {
            interrupt::farewell();
            ExitCode::from(interrupt::CODE)
        }
        Err(error) => {
            progress::say(&format!("neurodyn: error: {}", driver::one_line_each(&error)));
            ExitCode::from(2)
        }
    }
}

/// A panic is a bug, whatever the input: it is said in one line, of the first thread that has it. The exit code is 101.
fn say_what_panics() {
    static FIRST: Once = Once::new();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
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

fn bug(reason: &str, place: &str) -> String {
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
        Command::Run(Run { with, set, formats, .. }) if !set.is_empty() => quick(common, with, set, formats.formats()),
        Command::Run(Run { with, formats, changed, .. }) => {
            let run = if *changed { driver::run_changed } else { driver::run };
            with_project(common, with, formats.formats(), run)
        }
        Command::Draw(Draw { experiments, out, results, formats }) => {
            let with = WithOutput { experiments: experiments.clone(), out: out.clone() };
            with_project(common, &with, formats.formats(), |project, selected, settings| {
                driver::draw(project, selected, settings, results.as_deref())
            })
        }
        Command::Accept(Accept { with, remove }) => {
            with_project(common, with, Formats::default(), |project, selected, settings| {
                driver::accept(project, selected, settings, *remove)
            })
        }
        Command::Check(experiments) => {
            let with = WithOutput { experiments: experiments.clone(), out: None };
            with_project(common, &with, Formats::default(), driver::check)
        }
        Command::List(experiments) => list::list(common, experiments),
        Command::Show(show) => show.print(common),
        Command::New(new) => create(common, new),
        Command::Schema(schema) => schema.act(common),
        Command::Cite(cite) => cite.act(common),
        Command::Verify(verify) => verify.act(common, &INTERRUPT),
        Command::Calibrate(calibrate) => calibrate.act(common, &INTERRUPT),
        Command::Data(data) => data.write(common),
        Command::Report(report) => report.write(common),
        Command::Reference(reference) => reference.write(common),
        Command::Shard(shard) => shard.act(common, &INTERRUPT),
        Command::Theory(theory) => {
            let _progress = progress::Progress::of_command(common.quiet, "theory");
            theory.print()
        }
        Command::Sample(sample) => sample.print(common.quiet, &INTERRUPT),
        Command::TwoUnit(two_unit) => {
            let _progress = progress::Progress::of_command(common.quiet, "two-unit");
            two_unit.print()
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "neurodyn", &mut script);
            print_script(&String::from_utf8_lossy(&script))
        }
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

fn here() -> Result<PathBuf> {
    std::env::current_dir().context("the current folder cannot be read")
}

/// A new experiment in the project, or in this folder, which becomes one.
fn create(common: &Common, New { name, from, seed }: &New) -> Result<Outcome> {
    let root = match &common.root {
        Some(root) => root.clone(),
        None => Project::root_from(&here()?).or_else(|_| here())?,
    };
    let path = driver::create_variant(&root, name, from, *seed)?;
    progress::say(&format!("{}: change what you like, then: neurodyn run {name}", path.display()));
    Ok(Outcome::Fine)
}

fn with_project(
    common: &Common,
    with: &WithOutput,
    formats: Formats,
    action: impl FnOnce(&Project, &[driver::Selected], &Settings) -> Result<Vec<Verdict>>,
) -> Result<Outcome> {
    let WithOutput { experiments, out } = with;
    let (project, selected) = select(common, experiments)?;
    let listener = progress::Progress::new(common.quiet, selected.len());
    let out = out.as_ref().unwrap_or(&project.root).to_owned();
    let verdicts = action(&project, &selected, &Settings { out, formats, interrupt: &INTERRUPT, listener: &listener });
    listener.finish();
    conclude(&project, experiments, verdicts?)
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

fn conclude(project: &Project, experiments: &Experiments, mut verdicts: Vec<Verdict>) -> Result<Outcome> {
    if experiments.ids.is_empty() {
        verdicts.extend(project.faults().iter().map(Verdict::of_fault));
    }
    if experiments.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&verdicts)?))?;
    }
    Ok(Outcome::of_all(verdicts.iter().map(|verdict| verdict.outcome)))
}

/// Runs experiments with values of the command line, each into a folder of its own.
fn quick(
    common: &Common,
    WithOutput { experiments, out }: &WithOutput,
    set: &[driver::Setting],
    formats: Formats,
) -> Result<Outcome> {
    let (project, selected) = select(common, experiments)?;
    let selected = driver::with_settings(selected, set)?;
    let listener = progress::Progress::new(common.quiet, selected.len());
    let settings = |out| Settings { out, formats: formats.clone(), interrupt: &INTERRUPT, listener: &listener };
    let verdicts = driver::each(&selected, &settings(project.root.clone()), |experiment| {
        let out = out.clone().unwrap_or_else(|| project.root.join("quick").join(experiment.id()));
        driver::run_quick(&project, experiment, &settings(out))
    });
    listener.finish();
    conclude(&project, experiments, verdicts?)
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
