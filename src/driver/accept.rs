//! Stored results become golden data.

use super::contents::csv_files;
use super::stored::Stored;
use super::{AgreementSummary, Project, Selected, Settings, Verdict, numbers, refused, writer};
use crate::agreement::judge;
use crate::experiment::Tables;
use crate::files;
use anyhow::{Result, anyhow};
use std::path::{Path, PathBuf};

/// What of one experiment becomes golden, and which golden files go.
struct Accepted<'a> {
    experiment: &'a Selected,
    tables: Vec<writer::File>,
    gone: Vec<PathBuf>,
    /// In how many cells theory and Monte Carlo disagree, where they do.
    disagree: Option<String>,
}

/// Makes the stored tables golden. Golden data without a stored table go only where that is asked for; nothing is changed unless all that
/// is there can be accepted.
pub fn accept(project: &Project, selected: &[Selected], settings: &Settings, remove: bool) -> Result<Vec<Verdict>> {
    let results = Stored::below(&settings.out);
    let folder = project.golden_folder();
    let (mut verdicts, mut accepted) = (Vec::new(), Vec::new());
    for experiment in selected {
        match results
            .tables(experiment)
            .and_then(|tables| Ok((csv_files(experiment.id(), &tables)?, disagreement(&tables)?)))
        {
            Ok((tables, disagree)) => {
                accepted.push(Accepted { disagree, ..acceptable(project, experiment, settings, tables, remove)? });
            }
            Err(error) => verdicts.push(refused(selected, settings, experiment, error)?),
        }
    }
    if accepted.is_empty() {
        return Ok(verdicts);
    }
    writer::check(&folder, accepted.iter().flat_map(|one| &one.tables).map(|(name, _)| name.as_path()))?;
    for one in &accepted {
        replace(&folder, one)?;
        settings.listener.line(&one.sentence(), false);
        if let Some(disagree) = &one.disagree {
            let text = format!(
                "{}: its theory and Monte Carlo {disagree}; golden all the same, and check will go on saying so",
                one.experiment.id()
            );
            settings.listener.line(&text, true);
        }
        verdicts.push(Verdict::new(one.experiment));
    }
    numbers::write(project, selected, settings)?;
    Ok(verdicts)
}

/// Where theory and Monte Carlo disagree in the tables that become golden.
fn disagreement(tables: &Tables) -> Result<Option<String>> {
    Ok(AgreementSummary::from(&judge(tables)?).disagreement())
}

/// Writes the tables and removes what they replace.
fn replace(folder: &Path, one: &Accepted) -> Result<()> {
    writer::write(folder, &one.tables)?;
    for (name, _) in &one.tables {
        files::remove(&folder.join(format!("{}.new", name.display())))?;
    }
    for path in &one.gone {
        files::remove(path)?;
    }
    Ok(())
}

impl Accepted<'_> {
    fn sentence(&self) -> String {
        let names = shown(self.tables.iter().map(|(name, _)| name));
        let without = if self.gone.is_empty() { String::new() } else { format!("; removed {}", shown(&self.gone)) };
        format!("{}: golden data are now {names}{without}", self.experiment.id())
    }
}

/// Refuses tables that nobody has looked at, and the loss of golden data that nobody has asked for.
fn acceptable<'a>(
    project: &Project,
    experiment: &'a Selected,
    settings: &Settings,
    tables: Vec<(String, Vec<u8>)>,
    remove: bool,
) -> Result<Accepted<'a>> {
    let gone = project.golden_files(experiment.id())?.into_iter();
    let gone: Vec<PathBuf> = gone.filter(|path| !tables.iter().any(|(name, _)| path.ends_with(name))).collect();
    for (name, text) in &tables {
        // what a later run found, and the user looked at, must be what becomes golden
        let new = project.golden_folder().join(format!("{name}.new"));
        if std::fs::read(&new).is_ok_and(|waiting| waiting != *text) {
            return Err(anyhow!(
                "{}: not the table of the stored results; store it first: neurodyn run {}",
                new.display(),
                experiment.called()
            ));
        }
    }
    if !gone.is_empty() && !remove {
        return Err(anyhow!(
            "{}: no table of the stored results, so accepting them would remove it; where that is meant: {} --remove",
            shown(&gone),
            settings.advice(project, "accept", experiment)
        ));
    }
    let tables = tables.into_iter().map(|(name, text)| (name.into(), text)).collect();
    Ok(Accepted { experiment, tables, gone, disagree: None })
}

fn shown<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> String {
    paths.into_iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
