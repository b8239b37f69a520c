//! Computes, checks against golden data, draws and writes.

use super::comparison::Compared;
use super::compute::{assess, finish};
use super::output::{prepare, write_figures, write_results};
use super::stamp::{self, Due, Stamp};
use super::stored::Stored;
use super::writer::{self, Marker};
use super::{Outcome, Project, Selected, Settings, Verdict, contents, each, numbers};
use crate::experiment::data::stated_in;
use crate::experiment::{Pieces, Tables};
use crate::files;
use anyhow::Result;

/// Computes, checks against golden data, draws and writes.
pub fn run(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    run_from(project, selected, settings, None)
}

/// As [`run`], from stored pieces of the Monte Carlo where they are given.
pub(super) fn run_from(
    project: &Project,
    selected: &[Selected],
    settings: &Settings,
    stored: Option<&Pieces>,
) -> Result<Vec<Verdict>> {
    prepare(selected, settings)?;
    let verdicts = each(selected, settings, |experiment| run_one(project, experiment, settings, stored))?;
    numbers::write(project, selected, settings)?;
    Ok(verdicts)
}

/// As [`run`], but only where the experiment file, golden data, results, figures or the program are not those of the last faultless run.
pub fn run_changed(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    let stored = Stored::below(&settings.out);
    let verdicts = each(selected, settings, |experiment| {
        match Stamp::due(project, experiment, &settings.out, Some(&settings.formats)) {
            Due::Nothing(agreement) => {
                let figures = contents::figure_paths(experiment, &settings.formats)?;
                let figures = figures.iter().map(|path| settings.shown(path)).collect();
                settings.listener.line(&format!("{}: nothing changed", experiment.id()), false);
                settings.listener.end();
                Ok(Verdict { agreement, figures, ..Verdict::new(experiment) })
            }
            Due::Drawings(stamp, why) => match stored.tables(experiment) {
                Ok(tables) => redraw(experiment, settings, &tables, *stamp, &why),
                Err(_) => run_prepared(project, experiment, settings),
            },
            Due::Everything(_) => run_prepared(project, experiment, settings),
        }
    })?;
    numbers::write(project, selected, settings)?;
    Ok(verdicts)
}

fn run_prepared(project: &Project, experiment: &Selected, settings: &Settings) -> Result<Verdict> {
    prepare(std::slice::from_ref(experiment), settings)?;
    run_one(project, experiment, settings, None)
}

fn run_one(project: &Project, experiment: &Selected, settings: &Settings, stored: Option<&Pieces>) -> Result<Verdict> {
    let (tables, mut verdict, seconds) = assess(experiment, settings, stored)?;
    let compared = Compared::new(project, experiment, &tables, &mut verdict, settings)?;
    compared.say(project, &mut verdict, settings, |change| change.keep(project, experiment, settings))?;
    let _whole = files::together();
    let stamp = Marker::remove(&settings.out, stamp::path(experiment.id()))?;
    let results = write_results(project, experiment, &tables, &verdict, seconds, settings)?;
    let figures = write_figures(experiment, &tables, &mut verdict, settings)?;
    if verdict.outcome == Outcome::Fine
        && let Some(of_this) =
            Stamp::new(compared.digest, experiment, &settings.formats, results, figures, &verdict, &stated_in(&tables))
    {
        stamp.write(&of_this.to_bytes()?)?;
    }
    finish(settings, &verdict, seconds, &format!("drew {}", verdict.figures.join(" ")));
    Ok(verdict)
}

/// Draws again from the tables of a faultless run that would still be computed.
fn redraw(experiment: &Selected, settings: &Settings, tables: &Tables, of_run: Stamp, why: &str) -> Result<Verdict> {
    prepare(std::slice::from_ref(experiment), settings)?;
    let mut verdict = Verdict { agreement: of_run.agreement(), ..Verdict::new(experiment) };
    let _whole = files::together();
    let stamp = Marker::remove(&settings.out, stamp::path(experiment.id()))?;
    let figures = write_figures(experiment, tables, &mut verdict, settings)?;
    // its labels may have changed
    let copy = writer::write(&settings.out, &[contents::experiment_file(experiment)])?;
    stamp.write(&of_run.drawn(experiment, &settings.formats, copy, figures).to_bytes()?)?;
    settings.listener.line(&format!("{}: drawn again: {why}", experiment.id()), false);
    settings.listener.end();
    Ok(verdict)
}
