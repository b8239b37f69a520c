//! Tables beside their golden data.

use super::contents::{self, csv_files};
use super::{Outcome, Project, Selected, Settings, Verdict};
use crate::experiment::Tables;
use crate::files;
use crate::golden;
use anyhow::Result;

/// What came of the comparison with golden data.
#[derive(Default)]
pub(super) struct Compared {
    /// Digest of the golden data that were read.
    pub(super) digest: Option<String>,
    tables: Vec<Change>,
}

/// A table beside its golden data.
pub(super) struct Change {
    /// Name of the table.
    table: String,
    /// Name of the golden file.
    name: String,
    /// What it would hold now.
    text: Vec<u8>,
    /// The first difference, if there is one.
    difference: Option<String>,
}

impl Compared {
    /// Compares. Golden data that are missing or belong to no table are a problem of the verdict.
    pub(super) fn new(
        project: &Project,
        experiment: &Selected,
        tables: &Tables,
        verdict: &mut Verdict,
        settings: &Settings,
    ) -> Result<Self> {
        let folder = project.golden_folder();
        let golden = project.golden(experiment.id())?;
        let current = csv_files(experiment.id(), tables)?;
        let mut compared = Self { digest: golden.digest(), ..Self::default() };
        let accept = settings.advice(project, "accept", experiment);
        if golden.is_empty() {
            let text = match verdict.agreement.and_then(|agreement| agreement.disagreement()) {
                None => format!("no golden data yet; look at the figure, then make its numbers golden with: {accept}"),
                Some(disagree) => format!(
                    "no golden data yet; theory and Monte Carlo {disagree}: most often a width too small for the depth, or too few terms of \
                     the theory there. Change that and run it again, or make its numbers golden all the same with: {accept}"
                ),
            };
            verdict.problem(settings, Outcome::Incomplete, text);
            return Ok(compared);
        }
        for (table, (name, text)) in tables.iter().zip(current) {
            let path = folder.join(&name);
            let Some(old) = golden.text(&name) else {
                let text =
                    format!("{} is missing; look at the figure, then make it golden with: {accept}", path.display());
                verdict.problem(settings, Outcome::Failed, text);
                continue;
            };
            let difference = golden::compare(&golden::parse(&path.display().to_string(), old?, table)?, table);
            let difference = difference.map(|difference| difference.to_string());
            compared.tables.push(Change { table: table.name().to_owned(), name, text, difference });
        }
        for path in golden.paths() {
            if !tables.iter().any(|table| path.ends_with(golden::file_name(experiment.id(), table, tables.len()))) {
                let text = format!(
                    "{} belongs to no table; where that is meant, remove it with: {accept} --remove",
                    path.display()
                );
                verdict.problem(settings, Outcome::Failed, text);
            }
        }
        Ok(compared)
    }

    /// Says what differs, and of each table where the new one is to be had.
    pub(super) fn say(
        &self,
        project: &Project,
        verdict: &mut Verdict,
        settings: &Settings,
        place: impl Fn(&Change) -> Result<String>,
    ) -> Result<()> {
        for change in &self.tables {
            let place = place(change)?;
            if let Some(difference) = &change.difference {
                let path = project.golden_folder().join(&change.name);
                let text = format!("{}: {difference}\n  the new table {place}", path.display());
                verdict.problem(settings, Outcome::Failed, text);
            }
        }
        Ok(())
    }
}

impl Change {
    /// Writes a table that differs beside its golden data, and removes an earlier one where nothing differs any more. Returns where the table
    /// is: beside the golden data; outside of the project, or where golden data are read-only, among the results.
    pub(super) fn keep(&self, project: &Project, experiment: &Selected, settings: &Settings) -> Result<String> {
        let new = project.golden_folder().join(format!("{}.new", self.name));
        let own = files::same_folder(&settings.out, &project.root);
        if own && self.difference.is_none() && new.exists() {
            files::remove(&new)?;
        }
        let beside = own && self.difference.is_some() && files::write(&new, &self.text).is_ok();
        let stored = settings.out.join(contents::folder(experiment.id())).join(format!("{}.csv", self.table));
        Ok(format!("is {}", if beside { new } else { stored }.display()))
    }
}
