//! `neurodyn report`: one page about the experiments, their figures, agreement, timing and changes of values.

use super::complete::experiment_ids;
use super::{Common, INTERRUPT, faults, progress, project};
use crate::driver::{self, Formats, Outcome, Settings};
use anyhow::{Result, anyhow};
use clap::ValueHint;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn report activity_map

Results of an earlier `neurodyn run` are needed; the page is report/index.html")]
pub(super) struct Report {
    /// Experiments, by name; all by default
    #[arg(value_name = "ID", add = ArgValueCompleter::new(experiment_ids))]
    ids: Vec<String>,
    /// Folder where `report` is written (default: the project folder)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// Folder with `results` (default: --out, and the project folder for what is not there)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    results: Option<PathBuf>,
}

impl Report {
    pub(super) fn write(&self, common: &Common) -> Result<Outcome> {
        let project = project(common, &self.ids)?;
        let selected = project.select(&self.ids)?;
        let mut outcome = faults(common, &project, self.ids.is_empty());
        if selected.is_empty() {
            return Err(anyhow!("{}: no experiment files", project.root.join("experiments").display()));
        }
        let listener = progress::Progress::new(common.quiet, selected.len());
        let out = self.out.as_ref().unwrap_or(&project.root).to_owned();
        let settings = Settings { out, formats: Formats::default(), interrupt: &INTERRUPT, listener: &listener };
        let written = driver::report(&project, &selected, &settings, self.results.as_deref());
        listener.finish();
        let written = written?;
        for reason in &written.left_out {
            progress::say(reason);
            outcome = Outcome::Failed;
        }
        if !common.quiet {
            let (path, figures) = (written.path.display(), written.figures);
            let end = if figures == 1 { "" } else { "s" };
            progress::say(&format!("{path}: {figures} figure{end}, {:.1} MB", written.bytes as f64 / 1e6));
        }
        Ok(outcome)
    }
}
