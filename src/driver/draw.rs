//! Draws again from stored tables.

use super::output::{prepare_figures, write_figures};
use super::stored::Stored;
use super::{Project, Selected, Settings, Verdict, each};
use crate::experiment::Tables;
use anyhow::Result;
use std::path::Path;

/// Draws again from stored tables: those of `results`, without it those beside what is drawn, or else of the project.
pub fn draw(
    project: &Project,
    selected: &[Selected],
    settings: &Settings,
    results: Option<&Path>,
) -> Result<Vec<Verdict>> {
    let results = Stored::find(project, results, &settings.out);
    let stored: Vec<Result<Tables>> = selected.iter().map(|experiment| results.tables(experiment)).collect();
    if stored.iter().any(Result::is_ok) {
        prepare_figures(selected, settings)?;
    }
    let mut stored = stored.into_iter();
    each(selected, settings, |experiment| {
        let tables = stored.next().unwrap_or_else(|| results.tables(experiment))?;
        let mut verdict = Verdict::new(experiment);
        write_figures(experiment, &tables, &mut verdict, settings)?;
        settings.listener.line(&format!("{}: drew {}", experiment.id(), verdict.figures.join(" ")), false);
        Ok(verdict)
    })
}
