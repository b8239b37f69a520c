//! `neurodyn show`: what an experiment is.

use super::complete::experiment_ids;
use super::{Common, faults, print, project};
use crate::driver::{self, Outcome};
use anyhow::{Result, anyhow};
use clap_complete::ArgValueCompleter;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn show activity_map")]
pub(super) struct Show {
    /// Experiment, by name or by file (x.toml)
    #[arg(value_name = "ID|FILE", add = ArgValueCompleter::new(experiment_ids))]
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) fn print(&self, common: &Common) -> Result<Outcome> {
        let names = [self.id.clone()];
        let project = project(common, &names)?;
        let selected = project.select(&names)?;
        faults(common, &project, false);
        let experiment = selected.first().ok_or_else(|| anyhow!("no experiment is called {:?}", self.id))?;
        let described = driver::describe(&project, experiment)?;
        if self.json {
            return print(&format!("{}\n", serde_json::to_string_pretty(&described)?));
        }
        print(&described.text())
    }
}
