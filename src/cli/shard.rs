//! `neurodyn shard`: an experiment in parts, on any number of machines.

use super::complete::{experiment_ids, words};
use super::{Common, faults, print, print_script, progress, project};
use crate::driver::shard::{self, Engine, MOST, Planned, Script, Share};
use crate::driver::{self, Formats, Outcome, Project, Selected, Settings, duration};
use anyhow::{Context, Result, anyhow};
use clap::ValueHint;
use clap_complete::{ArgValueCandidates, ArgValueCompleter};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  neurodyn shard run activity_map --shard 0/2 --dir shards
  neurodyn shard run activity_map --shard 1/2 --dir shards
  neurodyn shard merge activity_map --dir shards")]
pub(super) struct Shard {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Say how an experiment is cut into shards, and how long they take
    Plan(Plan),
    /// Compute shards and store each in a file; those that are there already are left alone
    Run(Run),
    /// Say which shards a folder holds
    Status(Status),
    /// Put all shards together: tables, checks, figures as `neurodyn run` makes them
    Merge(Merge),
    /// Print a job script for a cluster
    Script(Box<Jobs>),
}

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn shard plan activity_map --shards 2")]
struct Plan {
    /// Experiment
    #[arg(value_name = "ID|FILE", add = ArgValueCompleter::new(experiment_ids))]
    id: String,
    /// Number of shards
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(1..=MOST))]
    shards: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  neurodyn shard run activity_map --shard 0/2 --dir shards
  neurodyn shard run activity_map --shard 1/2 --dir shards")]
struct Run {
    /// Experiment
    #[arg(value_name = "ID|FILE", add = ArgValueCompleter::new(experiment_ids))]
    id: String,
    /// Which shard: i/K with i from 0 to K - 1, or auto/K for the number in SLURM_ARRAY_TASK_ID or HQ_TASK_ID
    #[arg(long, value_name = "i/K|auto/K", allow_hyphen_values = true, value_parser = which)]
    shard: Which,
    /// Shards a task: number i then stands for the shards i P to i P + P - 1
    #[arg(long, value_name = "P", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=MOST))]
    pack: u64,
    /// Folder of the shard files
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: PathBuf,
}

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn shard status shards

Exit code 1 while shards are missing or damaged")]
struct Status {
    /// Folder of the shard files
    #[arg(value_hint = ValueHint::DirPath)]
    dir: PathBuf,
    /// Number of shards (default: what the files say)
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(1..=MOST))]
    shards: Option<u64>,
    /// Print only the tasks with missing shards, as a job array takes them (0-2,5); exit code 0
    #[arg(long, conflicts_with = "json")]
    missing: bool,
    /// Shards a task
    #[arg(long, value_name = "P", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=MOST))]
    pack: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn shard merge activity_map --dir shards")]
struct Merge {
    /// Experiment
    #[arg(value_name = "ID|FILE", add = ArgValueCompleter::new(experiment_ids))]
    id: String,
    /// Folder of the shard files
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: PathBuf,
    /// Folder for `figures` and `results` (default: the project folder)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn shard script activity_map --engine slurm --shards 100 --dir shards")]
struct Jobs {
    /// Experiment
    #[arg(value_name = "ID|FILE", add = ArgValueCompleter::new(experiment_ids))]
    id: String,
    /// What runs the jobs
    #[arg(long, value_name = "slurm|hyperqueue", value_parser = engine, add = ArgValueCandidates::new(words(["slurm", "hyperqueue"])))]
    engine: Engine,
    /// Number of shards
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(1..=MOST))]
    shards: u64,
    /// Folder of the shard files, seen by all machines
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: PathBuf,
    /// Folder for `figures` and `results` of the merge (default: the project folder)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// Most tasks at a time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST))]
    limit: Option<u64>,
    /// Time of a task, as Slurm takes it
    #[arg(long, value_name = "TIME", value_parser = word)]
    time: Option<String>,
    /// Memory of a task, as Slurm takes it
    #[arg(long, value_name = "SIZE", value_parser = word)]
    memory: Option<String>,
    /// Threads of a task
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=4096))]
    cpus: u64,
    /// Slurm partition
    #[arg(long, value_name = "NAME", value_parser = word)]
    partition: Option<String>,
    /// Slurm account
    #[arg(long, value_name = "NAME", value_parser = word)]
    account: Option<String>,
    /// MaxArraySize of the cluster (scontrol show config): more shards than that are packed
    #[arg(long, value_name = "N", default_value_t = 1001, value_parser = clap::value_parser!(u64).range(1..=4_000_001))]
    max_array_size: u64,
}

/// A shard by number, or by that of the task; and the number of shards.
#[derive(Clone, Copy)]
struct Which {
    number: Option<u64>,
    of: u64,
}

fn which(text: &str) -> Result<Which, String> {
    let wrong = || format!("{text:?} is not i/K or auto/K with K from 1 to {MOST} and i from 0 to K - 1");
    let (number, of) = text.split_once('/').ok_or_else(wrong)?;
    let of = of.parse().ok().filter(|of| (1..=MOST).contains(of)).ok_or_else(wrong)?;
    let number = match number {
        "auto" => None,
        number => Some(number.parse().ok().filter(|number| *number < of).ok_or_else(wrong)?),
    };
    Ok(Which { number, of })
}

fn engine(text: &str) -> Result<Engine, String> {
    match text {
        "slurm" => Ok(Engine::Slurm),
        "hyperqueue" => Ok(Engine::Hyperqueue),
        _ => Err(format!("{text:?} is not an engine; allowed: slurm, hyperqueue")),
    }
}

fn word(text: &str) -> Result<String, String> {
    let fine = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_graphic());
    if fine { Ok(text.to_owned()) } else { Err(format!("{text:?} is not one word")) }
}

/// Number of the task that this process is, from the engine that started it.
fn task_number() -> Result<u64> {
    const NAMES: [&str; 2] = ["SLURM_ARRAY_TASK_ID", "HQ_TASK_ID"];
    let Some((name, value)) = NAMES.iter().find_map(|name| Some((name, std::env::var(name).ok()?))) else {
        return Err(anyhow!("--shard auto needs {}, and neither is set", NAMES.join(" or ")));
    };
    value.parse().map_err(|_| anyhow!("{name} is {value:?}, not a whole number"))
}

impl Shard {
    pub(super) fn act(&self, common: &Common, interrupt: &AtomicBool) -> Result<Outcome> {
        match &self.command {
            Command::Plan(plan) => plan.print(common, interrupt),
            Command::Run(run) => run.act(common, interrupt),
            Command::Status(status) => status.print(common, interrupt),
            Command::Merge(merge) => merge.act(common, interrupt),
            Command::Script(jobs) => jobs.print(common, interrupt),
        }
    }
}

/// Does something with one experiment and the settings of a command.
fn with<T>(
    common: &Common,
    interrupt: &AtomicBool,
    id: &str,
    out: Option<&Path>,
    action: impl FnOnce(&Project, &Selected, &Settings) -> Result<T>,
) -> Result<T> {
    let names = [id.to_owned()];
    let project = project(common, &names)?;
    let selected = project.select(&names)?;
    faults(common, &project, false);
    let experiment = selected.first().ok_or_else(|| anyhow!("no experiment is called {id:?}"))?;
    let listener = progress::Progress::new(common.quiet, 1);
    let out = out.unwrap_or(&project.root).to_owned();
    let result =
        action(&project, experiment, &Settings { out, formats: Formats::default(), interrupt, listener: &listener });
    listener.finish();
    result
}

impl Plan {
    fn print(&self, common: &Common, interrupt: &AtomicBool) -> Result<Outcome> {
        let (plan, (toml, code)) = with(common, interrupt, &self.id, None, |project, experiment, _| {
            Ok((shard::plan(project, experiment)?, shard::identifiers(experiment)?))
        })?;
        let seconds = |work: u128| work as f64 * 1e-9;
        let of = self.shards;
        let mut shards: Vec<f64> = (0..of).map(|index| seconds(plan.work_of(Share { index, of }))).collect();
        if self.json {
            let point = |point: &Planned| {
                json!({
                    "label": point.label,
                    "replicas": point.budget.at_most(),
                    "target_stderr": point.budget.target_stderr(),
                    "blocks": point.budget.blocks(),
                    "seconds": point.work as f64 * 1e-9 * point.budget.at_most() as f64,
                })
            };
            let value = json!({
                "experiment": self.id,
                "toml": toml,
                "code": code,
                "blocks": plan.blocks(),
                "seconds": seconds(plan.work()),
                "points": plan.points().iter().map(point).collect::<Vec<_>>(),
                "shards": shards,
            });
            return print(&format!("{}\n", serde_json::to_string_pretty(&value)?));
        }
        let mut text = String::new();
        for point in plan.points() {
            let (replicas, blocks) = (point.budget.at_most(), point.budget.blocks());
            let most = if point.budget.target_stderr().is_some() { "at most " } else { "" };
            let time = point.work as f64 * 1e-9 * replicas as f64;
            text.push_str(&format!(
                "{}: {most}{replicas} replicas, {blocks} blocks, {}\n",
                point.label,
                duration(time)
            ));
        }
        shards.sort_by(f64::total_cmp);
        let [least, most] = [shards.first(), shards.last()].map(|time| duration(time.copied().unwrap_or(0.0)));
        let range = if least == most { least } else { format!("{least} to {most}") };
        text.push_str(&format!(
            "{}: {} points, {} blocks, some {} of one core; {of} shards of {range}\n",
            self.id,
            plan.points().len(),
            plan.blocks(),
            duration(seconds(plan.work()))
        ));
        print(&text)
    }
}

impl Run {
    fn act(&self, common: &Common, interrupt: &AtomicBool) -> Result<Outcome> {
        let number = match self.shard.number {
            Some(number) => number,
            None => task_number()?,
        };
        let shares = shard::task(number, self.pack, self.shard.of)?;
        with(common, interrupt, &self.id, None, |project, experiment, settings| {
            shard::run(project, experiment, &shares, &self.dir, settings)
        })?;
        Ok(Outcome::Fine)
    }
}

impl Status {
    fn print(&self, common: &Common, interrupt: &AtomicBool) -> Result<Outcome> {
        let listener = progress::Progress::new(common.quiet, 1);
        let settings = Settings { out: self.dir.clone(), formats: Formats::default(), interrupt, listener: &listener };
        let status = shard::status(&self.dir, self.shards, &settings)?;
        listener.finish();
        let mut tasks: Vec<u64> = status.missing.iter().map(|index| index / self.pack).collect();
        tasks.dedup();
        if self.missing {
            // nothing at all where nothing is missing, as scripts like it
            let text = shard::ranges(tasks);
            return print(&if text.is_empty() { text } else { format!("{text}\n") });
        }
        if self.json {
            print(&format!("{}\n", serde_json::to_string_pretty(&status)?))?;
        } else {
            let name = status.experiment.as_deref().unwrap_or("no experiment");
            let mut text = format!("{name}: {} of {} shards are there\n", status.whole.len(), status.shards);
            if !status.missing.is_empty() {
                text.push_str(&format!("missing: {}\n", shard::ranges(status.missing.iter().copied())));
            }
            status.damaged.iter().for_each(|line| text.push_str(&format!("{line}\n")));
            print(&text)?;
        }
        let complete = status.missing.is_empty() && status.damaged.is_empty();
        Ok(if complete { Outcome::Fine } else { Outcome::Failed })
    }
}

impl Merge {
    fn act(&self, common: &Common, interrupt: &AtomicBool) -> Result<Outcome> {
        let verdicts = with(common, interrupt, &self.id, self.out.as_deref(), |project, experiment, settings| {
            shard::merge(project, experiment, &self.dir, settings)
        })?;
        if self.json {
            print(&format!("{}\n", serde_json::to_string_pretty(&verdicts)?))?;
        }
        Ok(Outcome::of_all(verdicts.iter().map(|verdict| verdict.outcome)))
    }
}

impl Jobs {
    fn print(&self, common: &Common, interrupt: &AtomicBool) -> Result<Outcome> {
        let absolute = |path: &Path| {
            let path = std::path::absolute(path)
                .with_context(|| format!("{}: the current folder cannot be read", path.display()))?;
            match path.to_str() {
                Some(_) => Ok(path),
                None => Err(anyhow!("{}: a name that is not UTF-8, which a script cannot hold", path.display())),
            }
        };
        let (root, name) = with(common, interrupt, &self.id, None, |project, experiment, _| {
            // refuses what cannot be cut
            shard::plan(project, experiment)?;
            Ok((absolute(&project.root)?, experiment.id().to_owned()))
        })?;
        let file = driver::is_file(&self.id).then(|| absolute(Path::new(&self.id))).transpose()?;
        let script = Script {
            name,
            id: file.map_or_else(|| self.id.clone(), |file| file.display().to_string()),
            shards: self.shards,
            program: absolute(&super::program()?)?,
            root,
            folder: absolute(&self.dir)?,
            out: self.out.as_deref().map(absolute).transpose()?,
            limit: self.limit,
            time: self.time.clone(),
            memory: self.memory.clone(),
            cpus: self.cpus,
            partition: self.partition.clone(),
            account: self.account.clone(),
            max_array_size: self.max_array_size,
        };
        print_script(&script.text(self.engine))
    }
}
