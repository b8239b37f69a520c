//! The commands that work on experiments: `run`, `new`, `draw`, `check`, `accept`.

use super::complete::{experiment_ids, sources};
use super::flags::FormatFlags;
use super::interrupt::INTERRUPT;
use super::{Common, here, print, progress, select};
use crate::driver::{self, Formats, Outcome, Project, Settings, Verdict};
use anyhow::Result;
use clap::ValueHint;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// The experiments that a command works on.
#[derive(clap::Args, Clone)]
pub(super) struct Experiments {
    /// Experiments, by name or by file (x.toml); all by default
    #[arg(value_name = "ID|FILE", add = ArgValueCompleter::new(experiment_ids))]
    pub(super) ids: Vec<String>,
    /// Print JSON: one object an experiment
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(clap::Args)]
struct WithOutput {
    #[command(flatten)]
    experiments: Experiments,
    /// Folder for `figures` and `results` (default: the project folder)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
}

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  neurodyn run activity_map
  neurodyn run activity_map --set parameters.sigma_w=1.5 --format svg,png

Exit code 1 where numbers are not the golden ones or theory and Monte Carlo disagree")]
pub(super) struct Run {
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
#[command(after_help = "\
Examples:
  neurodyn new my_map --from activity_map
  neurodyn new my_other_map --from figures/activity_map.svg

The file is written to `experiments` of the project, or of this folder where there is none; then: neurodyn run my_map")]
pub(super) struct New {
    /// Its name
    name: String,
    /// What to vary: an experiment or a figure of this project, or a file of one: x.toml, SVG, PDF, PNG
    #[arg(long, value_name = "ID|FILE", add = ArgValueCompleter::new(sources))]
    from: String,
    /// Its seed (default: the largest of the project plus 1)
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn draw activity_map --format pdf,png --theme light

Results of an earlier `neurodyn run` are needed; nothing is computed")]
pub(super) struct Draw {
    #[command(flatten)]
    experiments: Experiments,
    /// Folder for `figures` (default: the project folder)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// Folder with `results` (default: --out, and the project folder for what is not there)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    results: Option<PathBuf>,
    #[command(flatten)]
    formats: FormatFlags,
}

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn check activity_map

Exit code 1 on any difference")]
pub(super) struct Check {
    #[command(flatten)]
    experiments: Experiments,
}

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn accept activity_map")]
pub(super) struct Accept {
    #[command(flatten)]
    with: WithOutput,
    /// Remove golden data for which the results have no table
    #[arg(long)]
    remove: bool,
}

impl Run {
    pub(super) fn act(&self, common: &Common) -> Result<Outcome> {
        let formats = self.formats.formats();
        if !self.set.is_empty() {
            return self.quick(common, formats);
        }
        let run = if self.changed { driver::run_changed } else { driver::run };
        with_project(common, &self.with, formats, run)
    }

    /// Runs experiments with values of the command line, each into a folder of its own.
    fn quick(&self, common: &Common, formats: Formats) -> Result<Outcome> {
        let WithOutput { experiments, out } = &self.with;
        let (project, selected) = select(common, experiments)?;
        let selected = driver::with_settings(selected, &self.set)?;
        let listener = progress::Progress::new(common.quiet, selected.len());
        let settings = |out| Settings { out, formats: formats.clone(), interrupt: &INTERRUPT, listener: &listener };
        let verdicts = driver::each(&selected, &settings(project.root.clone()), |experiment| {
            let out = out.clone().unwrap_or_else(|| project.root.join("quick").join(experiment.id()));
            driver::run_quick(&project, experiment, &settings(out))
        });
        listener.finish();
        conclude(&project, experiments, verdicts?)
    }
}

impl New {
    /// A new experiment in the project, or in this folder, which becomes one.
    pub(super) fn act(&self, common: &Common) -> Result<Outcome> {
        let Self { name, from, seed } = self;
        let root = match &common.root {
            Some(root) => root.clone(),
            None => Project::root_from(&here()?).or_else(|_| here())?,
        };
        let path = driver::create_variant(&root, name, from, *seed)?;
        progress::say(&format!("{}: change what you like, then: neurodyn run {name}", path.display()));
        Ok(Outcome::Fine)
    }
}

impl Draw {
    pub(super) fn act(&self, common: &Common) -> Result<Outcome> {
        let Self { experiments, out, results, formats } = self;
        let with = WithOutput { experiments: experiments.clone(), out: out.clone() };
        with_project(common, &with, formats.formats(), |project, selected, settings| {
            driver::draw(project, selected, settings, results.as_deref())
        })
    }
}

impl Check {
    pub(super) fn act(&self, common: &Common) -> Result<Outcome> {
        let with = WithOutput { experiments: self.experiments.clone(), out: None };
        with_project(common, &with, Formats::default(), driver::check)
    }
}

impl Accept {
    pub(super) fn act(&self, common: &Common) -> Result<Outcome> {
        with_project(common, &self.with, Formats::default(), |project, selected, settings| {
            driver::accept(project, selected, settings, self.remove)
        })
    }
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

fn conclude(project: &Project, experiments: &Experiments, mut verdicts: Vec<Verdict>) -> Result<Outcome> {
    if experiments.ids.is_empty() {
        verdicts.extend(project.faults().iter().map(Verdict::of_fault));
    }
    if experiments.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&verdicts)?))?;
    }
    Ok(Outcome::of_all(verdicts.iter().map(|verdict| verdict.outcome)))
}
