//! `neurodyn list`: experiments, their seeds, figures and states.

use super::{Common, Experiments, faults, print, project};
use crate::driver::{self, Outcome};
use anyhow::Result;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn list activity_map

States: fresh, stale (the file or its numbers are others since), missing; exit code 1 where a file cannot be used")]
pub(super) struct List {
    #[command(flatten)]
    experiments: Experiments,
}

impl List {
    pub(super) fn print(&self, common: &Common) -> Result<Outcome> {
        list(common, &self.experiments)
    }
}

fn list(common: &Common, experiments: &Experiments) -> Result<Outcome> {
    let project = project(common, &experiments.ids)?;
    let listings = driver::list(&project, &project.select(&experiments.ids)?)?;
    let outcome = faults(common, &project, experiments.ids.is_empty());
    if experiments.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&listings)?))?;
        return Ok(outcome);
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
            remark(if listing.due == driver::NOT_YET { "" } else { "would be computed: " }, &listing.due),
        ));
        // of those asked for by name
        if !experiments.ids.is_empty() {
            for unjudged in &listing.not_judged {
                text.push_str(&format!("  not judged: {}: {}\n", unjudged.quantity, unjudged.reason));
            }
            if let Some(reason) = listing.no_control {
                text.push_str(&format!("  no negative control: {reason}\n"));
            }
        }
    }
    print(&text)?;
    Ok(outcome)
}

fn remark(of: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("  ({of}{text})") }
}
