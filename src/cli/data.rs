//! `neurodyn data`.

use super::complete::figures_or_experiments;
use super::{Common, faults, print, progress, project};
use crate::driver::{self, Data as Written, Format, Outcome};
use anyhow::Result;
use clap::ValueHint;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn data activity_map --format csv --out data

Results of an earlier `neurodyn run` are needed; nothing is computed")]
pub(super) struct Data {
    /// Figures or experiments, by name; all by default
    #[arg(value_name = "FIGURE|ID", add = ArgValueCompleter::new(figures_or_experiments))]
    names: Vec<String>,
    /// Folder for the files
    #[arg(long, value_name = "DIR", default_value = "data", value_hint = ValueHint::DirPath)]
    out: PathBuf,
    /// Folder with `results` (default: the project folder)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    results: Option<PathBuf>,
    /// File formats of the tables
    #[arg(long, value_delimiter = ',', value_name = "LIST", default_value = "csv,parquet")]
    format: Vec<TableFormat>,
    /// Print JSON: the paths of the files
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum TableFormat {
    Csv,
    Parquet,
}

impl Data {
    pub(super) fn write(&self, common: &Common) -> Result<Outcome> {
        let formats: Vec<Format> = (self.format.iter())
            .map(|format| match format {
                TableFormat::Csv => Format::Csv,
                TableFormat::Parquet => Format::Parquet,
            })
            .collect();
        let project = project(common, &self.names)?;
        let mut outcome = faults(common, &project, self.names.is_empty());
        let Written { paths, left_out } =
            driver::data(&project, &self.names, &self.out, &formats, self.results.as_deref())?;
        for reason in &left_out {
            progress::say(reason);
            outcome = Outcome::Failed;
        }
        if self.json {
            let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            print(&format!("{}\n", serde_json::to_string_pretty(&shown)?))?;
        } else if !common.quiet {
            // with a slash at its end
            progress::say(&format!("{} files in {}", paths.len(), self.out.join("").display()));
        }
        Ok(outcome)
    }
}
