//! `neurodyn cite`: how to cite a figure.

use super::complete::figure_names;
use super::{Common, faults, here, print, progress, project};
use crate::driver::{self, Outcome};
use anyhow::Result;
use clap_complete::ArgValueCompleter;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  neurodyn cite activity_map
  neurodyn cite --caption activity_map > activity_map.caption.tex
  neurodyn cite --bibtex figures/activity_map.svg")]
pub(super) struct Cite {
    /// Its name or path
    #[arg(add = ArgValueCompleter::new(figure_names))]
    figure: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print a whole caption in LaTeX
    #[arg(long, conflicts_with = "json")]
    caption: bool,
    /// Print its end alone: what the figure was computed by
    #[arg(long, conflicts_with_all = ["json", "caption"])]
    provenance: bool,
    /// Print the BibTeX entry alone
    #[arg(long, conflicts_with_all = ["json", "caption", "provenance"])]
    bibtex: bool,
}

impl Cite {
    pub(super) fn act(&self, common: &Common) -> Result<Outcome> {
        let Self { figure, json, caption, provenance, bibtex } = self;
        let (here, root) = (here()?, common.root.as_deref());
        let citation = match driver::figure_file(figure, root, &here) {
            Some(path) => {
                let cited = driver::cite_file(&path, root, common.golden.as_deref(), &here)?;
                cited.remarks.iter().for_each(|remark| progress::say(&format!("neurodyn: {remark}")));
                cited.citation
            }
            None => {
                let file = figure.ends_with(".toml").then(|| figure.clone());
                let project = project(common, &file.into_iter().collect::<Vec<_>>())?;
                faults(common, &project, false);
                driver::cite(&project, &project.select(&[])?, figure)?
            }
        };
        if *json {
            return print(&format!("{}\n", serde_json::to_string_pretty(&citation)?));
        }
        if *caption {
            return print(&format!("{}\n", citation.caption()));
        }
        if *provenance {
            return print(&format!("{}\n", citation.provenance()));
        }
        if *bibtex {
            return print(&format!("{}\n", citation.bibtex()));
        }
        print(&format!("{}\n\n{}\n\n{}\n", citation.sentence(), citation.bibtex(), citation.cff()))
    }
}
