//! Stored results become golden data.

use super::output::{Output, csv_files};
use super::{Project, Selected, Settings, Verdict, refused, write_numbers};
use crate::files;
use anyhow::{Result, anyhow};
use std::path::PathBuf;

/// What of one experiment becomes golden, and what goes.
struct Accepted {
    tables: Vec<(String, Vec<u8>)>,
    gone: Vec<PathBuf>,
}

/// Makes the stored tables golden. Golden data without a stored table go only where that is asked for; nothing is changed unless all that
/// is there can be accepted.
pub fn accept(project: &Project, selected: &[Selected], settings: &Settings, remove: bool) -> Result<Vec<Verdict>> {
    let output = Output::new(settings);
    let folder = project.golden_folder();
    let (mut verdicts, mut accepted) = (Vec::new(), Vec::new());
    for experiment in selected {
        let tables = match output.stored(experiment).and_then(|tables| csv_files(experiment.id(), &tables)) {
            Ok(tables) => tables,
            Err(error) => {
                verdicts.push(refused(selected, settings, experiment, error)?);
                continue;
            }
        };
        let gone = project.golden_files(experiment.id())?.into_iter();
        let gone = gone.filter(|path| !tables.iter().any(|(name, _)| path.ends_with(name))).collect();
        let one = Accepted { tables, gone };
        check(project, experiment, settings, &one, remove)?;
        accepted.push((experiment, one));
    }
    if accepted.is_empty() {
        return Ok(verdicts);
    }
    files::check_writable(&folder)?;
    for (name, _) in accepted.iter().flat_map(|(_, one)| &one.tables) {
        files::check_replaceable(&folder.join(name))?;
    }
    for (experiment, Accepted { tables, gone }) in &accepted {
        for (name, text) in tables {
            files::write(&folder.join(name), text)?;
            files::remove(&folder.join(format!("{name}.new")))?;
        }
        for path in gone {
            files::remove(path)?;
        }
        let names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
        let without = if gone.is_empty() { String::new() } else { format!("; removed {}", shown(gone)) };
        let text = format!("{}: golden data are now {}{without}", experiment.id(), names.join(", "));
        settings.report.line(&text, false);
        verdicts.push(Verdict::of(experiment));
    }
    write_numbers(project, selected, settings)?;
    Ok(verdicts)
}

/// Refuses what nobody has looked at, and what would be lost without having been asked for.
fn check(
    project: &Project,
    experiment: &Selected,
    settings: &Settings,
    Accepted { tables, gone }: &Accepted,
    remove: bool,
) -> Result<()> {
    for (name, text) in tables {
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
            shown(gone),
            settings.advice(project, "accept", experiment)
        ));
    }
    Ok(())
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
