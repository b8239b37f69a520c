//! `neurodyn schema`: what experiment files may hold, for editors.

use super::complete::modules;
use super::{Common, print, progress};
use crate::driver::{self, Outcome};
use anyhow::Result;
use clap::ValueHint;
use clap_complete::ArgValueCandidates;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn schema activity_map")]
pub(super) struct Schema {
    /// Module whose files are meant (default: any)
    #[arg(add = ArgValueCandidates::new(modules))]
    module: Option<String>,
    /// Write it to this folder, without a module those of all modules and of any, instead of printing it
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
}

impl Schema {
    pub(super) fn act(&self, common: &Common) -> Result<Outcome> {
        let module = self.module.as_deref();
        let Some(folder) = &self.out else { return print(&driver::schema(module)?) };
        let paths = driver::write_schemas(folder, module)?;
        if !common.quiet {
            progress::say(&format!("{}: {} schemas", folder.display(), paths.len()));
        }
        Ok(Outcome::Fine)
    }
}
