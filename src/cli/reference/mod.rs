//! `neurodyn reference`: the pages of the book that the program writes of itself.

mod activations;
mod commands;
mod initialisation;

use super::{Common, progress, project};
use crate::driver::{self, Outcome, Page};
use crate::model::Activation;
use anyhow::Result;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn reference --out docs/reference")]
pub(super) struct Reference {
    /// Folder for the pages, whose links are those of docs/reference. A SUMMARY.md beside it gets their names between its lines
    /// `<!-- generated: experiments -->` and `<!-- end -->`
    #[arg(long, value_name = "DIR", default_value = "docs/reference")]
    out: PathBuf,
}

impl Reference {
    pub(super) fn write(&self, common: &Common) -> Result<Outcome> {
        let project = project(common, &[])?;
        let pages = [
            Page { title: "Commands", file: "commands.md", text: commands::page() },
            Page { title: "What init answers", file: "initialisation.md", text: initialisation::page() },
            Page { title: "Activations", file: "activations.md", text: activations::page() },
        ];
        let names: Vec<&str> = Activation::ALL.iter().map(|activation| activation.name()).collect();
        let written = driver::write_reference(&project, &self.out, &pages, &names)?;
        if let Some(left) = &written.left {
            progress::say(left);
        }
        if !common.quiet {
            progress::say(&format!("{}: {} pages", self.out.display(), written.pages));
            if let Some(contents) = &written.contents {
                progress::say(&format!("{}: the pages are in it", contents.display()));
            }
        }
        Ok(Outcome::Fine)
    }
}
