//! The command line. Machine-readable output goes to standard output, everything else to standard error.
//!
//! Exit codes: 0 fine, 1 a check failed, 2 bad input or usage, 130 interrupted.

mod flags;
mod observables;
mod progress;
mod sample;
mod shard;
mod theory;
mod two_unit;

use crate::driver::{self, Interrupted, Outcome, Project, Settings, Verdict};
use crate::numerics::simd;
use crate::simulation::with_threads;
use anyhow::{Context, Result, anyhow};
use clap::{CommandFactory, Parser, Subcommand};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

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
    /// Number of threads; results do not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=4096))]
    jobs: Option<u64>,
    /// Say nothing but errors and failed checks
    #[arg(long, global = true)]
    quiet: bool,
    /// Project folder (default: the nearest one upwards with a folder `experiments`)
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Compute experiments, check them against golden data, draw their figures
    Run(Run),
    /// Write the file of a new experiment, a variant of another one, here or in any folder
    New(New),
    /// Draw figures again from stored results
    Draw(Draw),
    /// Recompute and compare with golden data and committed figures; exit code 1 on any difference
    Check(Experiments),
    /// Make the results of the last run golden
    Accept(WithOutput),
    /// List experiments, their seeds, figures and states
    List(Experiments),
    /// How to cite a figure: a sentence, BibTeX and Citation File Format, with seed and digest
    Cite(Cite),
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

#[derive(clap::Args)]
struct Experiments {
    /// Experiments, by name; all by default
    #[arg(value_name = "ID")]
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

/// What figures are drawn for.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Theme {
    /// White paper, for journals
    Print,
    /// Off-white ground, larger type and heavier lines, for screens and slides
    Light,
}

impl From<Theme> for driver::Theme {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::Print => driver::Theme::Print,
            Theme::Light => driver::Theme::Light,
        }
    }
}

#[derive(clap::Args)]
struct Draw {
    #[command(flatten)]
    with: WithOutput,
    /// What the figures are drawn for
    #[arg(long, value_enum, default_value_t = Theme::Print)]
    theme: Theme,
}

#[derive(clap::Args)]
struct Run {
    #[command(flatten)]
    drawn: Draw,
    /// Leave out what this program has computed from the same file, with nothing wrong and all that it wrote still there
    #[arg(long)]
    changed: bool,
}

#[derive(clap::Args)]
struct New {
    /// Its name
    name: String,
    /// What to vary: an experiment of this project, an experiment file, or an SVG figure
    #[arg(long, value_name = "ID|FILE")]
    from: String,
    /// Its seed (default: the largest of the project plus 1)
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(clap::Args)]
struct Cite {
    /// Its name or path
    figure: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Set by the first interrupt; work stops at the next replica.
static INTERRUPT: AtomicBool = AtomicBool::new(false);

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // help and version are not errors; printing fails only when nobody listens
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match execute(&arguments) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        Err(error) if error.is::<Interrupted>() => {
            progress::say(&format!("neurodyn: {error}"));
            ExitCode::from(130)
        }
        Err(error) => {
            progress::say(&format!("neurodyn: error: {}", one_line_each(&error)));
            ExitCode::from(2)
        }
    }
}

/// The error and its causes, without repeating a cause that the message already holds.
fn one_line_each(error: &anyhow::Error) -> String {
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

fn execute(arguments: &Arguments) -> Result<Outcome> {
    simd::initialise()?;
    ctrlc::set_handler(|| {
        if INTERRUPT.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .context("the interrupt handler cannot be set")?;
    let jobs = arguments.common.jobs.map(|jobs| jobs as usize);
    with_threads(jobs, || act(arguments)).map_err(|error| anyhow!("the threads cannot be started: {error}"))?
}

fn act(arguments: &Arguments) -> Result<Outcome> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Run(Run { drawn, changed }) => {
            draw(common, drawn, if *changed { driver::run_changed } else { driver::run })
        }
        Command::Draw(drawn) => draw(common, drawn, driver::draw),
        Command::Accept(with) => {
            with_project(common, &with.experiments, with.out.as_deref(), Theme::Print, driver::accept)
        }
        Command::Check(experiments) => with_project(common, experiments, None, Theme::Print, driver::check),
        Command::List(experiments) => list(common, experiments),
        Command::New(new) => create(common, new),
        Command::Cite(figure) => cite(common, figure),
        Command::Shard(shard) => shard.act(common, &INTERRUPT),
        Command::Theory(theory) => theory.print(),
        Command::Sample(sample) => sample.print(&INTERRUPT),
        Command::TwoUnit(two_unit) => two_unit.print(),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "neurodyn", &mut script);
            print(&String::from_utf8_lossy(&script))
        }
    }
}

fn project(common: &Common) -> Result<Project> {
    let root = match &common.root {
        Some(root) => root.clone(),
        None => Project::root_from(&here()?)?,
    };
    Project::load(&root)
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

type Action = fn(&Project, &[driver::Selected], &Settings) -> Result<Vec<Verdict>>;

fn draw(common: &Common, Draw { with, theme }: &Draw, action: Action) -> Result<Outcome> {
    with_project(common, &with.experiments, with.out.as_deref(), *theme, action)
}

fn with_project(
    common: &Common,
    experiments: &Experiments,
    out: Option<&Path>,
    theme: Theme,
    action: Action,
) -> Result<Outcome> {
    let project = project(common)?;
    let selected = project.select(&experiments.ids)?;
    if selected.is_empty() {
        return Err(anyhow!("{}: no experiment files", project.root.join("experiments").display()));
    }
    let report = progress::Progress::new(common.quiet, selected.len());
    let out = out.unwrap_or(&project.root).to_owned();
    let settings = Settings { out, theme: theme.into(), interrupt: &INTERRUPT, report: &report };
    let verdicts = action(&project, &selected, &settings);
    report.finish();
    let verdicts = verdicts?;
    if experiments.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&verdicts)?))?;
    }
    Ok(verdicts.iter().map(|verdict| verdict.outcome).max().unwrap_or_default())
}

fn list(common: &Common, experiments: &Experiments) -> Result<Outcome> {
    let project = project(common)?;
    let listings = driver::list(&project, &project.select(&experiments.ids)?)?;
    if experiments.json {
        return print(&format!("{}\n", serde_json::to_string_pretty(&listings)?));
    }
    let mut text = String::new();
    for listing in &listings {
        text.push_str(&format!(
            "{:<22} {:<9} seed {:<10} {:<8} {}{}{}\n",
            listing.id,
            listing.family,
            listing.seed,
            listing.state,
            listing.figures.join(" "),
            remark("", &listing.reason),
            remark("would be computed: ", &listing.due),
        ));
    }
    print(&text)
}

fn cite(common: &Common, Cite { figure, json }: &Cite) -> Result<Outcome> {
    let project = project(common)?;
    let citation = driver::cite(&project, &project.select(&[])?, figure)?;
    if *json {
        return print(&format!("{}\n", serde_json::to_string_pretty(&citation)?));
    }
    print(&format!("{}\n\n{}\n\n{}\n", citation.sentence(), citation.bibtex(), citation.cff()))
}

fn remark(of: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("  ({of}{text})") }
}

/// Prints to standard output; a reader that has gone away is not an error.
fn print(text: &str) -> Result<Outcome> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(Outcome::Fine),
    }
}
