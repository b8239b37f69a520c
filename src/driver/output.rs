//! Writes results and figures of one experiment: `contents` says which bytes, `writer` puts them on the disk.

use super::machine::Machine;
use super::writer::{self, Written};
use super::{Project, Selected, Settings, Verdict, contents};
use crate::experiment::Tables;
use crate::files;
use anyhow::Result;

/// Makes sure that results and figures can be written.
pub(super) fn prepare(selected: &[Selected], settings: &Settings) -> Result<()> {
    for experiment in selected {
        files::check_writable(&settings.out.join(contents::folder(experiment.id())))?;
    }
    prepare_figures(selected, settings)
}

/// Makes sure that figures can be written.
pub(super) fn prepare_figures(selected: &[Selected], settings: &Settings) -> Result<()> {
    files::check_writable(&settings.out.join(contents::FIGURES))?;
    for experiment in selected {
        for path in contents::figure_paths(experiment, &settings.formats)? {
            files::check_replaceable(&settings.out.join(path))?;
        }
    }
    Ok(())
}

/// Writes results; the experiment file is their marker.
pub(super) fn write_results(
    project: &Project,
    experiment: &Selected,
    tables: &Tables,
    verdict: &Verdict,
    seconds: f64,
    settings: &Settings,
) -> Result<Written> {
    let results = contents::results(experiment, tables, verdict, seconds, &Machine::now(&project.root))?;
    writer::write_marked(&settings.out, &results, &contents::experiment_file(experiment))
}

/// Draws all figures, then writes them and names them in the verdict.
pub(super) fn write_figures(
    experiment: &Selected,
    tables: &Tables,
    verdict: &mut Verdict,
    settings: &Settings,
) -> Result<Written> {
    let figures = writer::write(&settings.out, &contents::figures(experiment, tables, &settings.formats)?)?;
    verdict.figures = figures.iter().map(|(path, _)| settings.shown(path)).collect();
    Ok(figures)
}
