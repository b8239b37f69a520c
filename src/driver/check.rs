//! Computes again and compares with what is committed.

use super::comparison::Compared;
use super::compute::{assess, finish};
use super::contents::{self, FIGURES};
use super::{Outcome, Project, Selected, Settings, Verdict, each, numbers};
use crate::experiment::Tables;
use crate::figure::Figure;
use crate::files;
use crate::render::Look;
use anyhow::{Result, anyhow};

/// Recomputes and compares with golden data, theory with Monte Carlo, and drawings with the committed figures. Nothing is written.
pub fn check(project: &Project, selected: &[Selected], settings: &Settings) -> Result<Vec<Verdict>> {
    let mut verdicts = each(selected, settings, |experiment| check_one(project, experiment, settings))?;
    if let (Some(problem), Some(last)) = (numbers::check(project, selected, settings)?, verdicts.last_mut()) {
        last.problem(settings, Outcome::Failed, problem);
    }
    Ok(verdicts)
}

fn check_one(project: &Project, experiment: &Selected, settings: &Settings) -> Result<Verdict> {
    let again = format!("neurodyn run {}", experiment.called());
    if project.golden_files(experiment.id())?.is_empty() {
        return Err(anyhow!(
            "{}: no golden data for {}; run it, look at the figure, then make it golden with: neurodyn accept {}",
            project.golden_folder().display(),
            experiment.id(),
            experiment.called()
        ));
    }
    let (tables, mut verdict, seconds) = assess(experiment, settings, None)?;
    let compared = Compared::new(project, experiment, &tables, &mut verdict, settings)?;
    compared.say(project, &mut verdict, settings, |_| Ok(format!("comes with: {again}")))?;
    compare_figures(project, experiment, &tables, &mut verdict, settings)?;
    finish(settings, &verdict, seconds, if verdict.outcome == Outcome::Fine { "ok" } else { "FAILED" });
    Ok(verdict)
}

/// Compares the drawings with the committed figures.
fn compare_figures(
    project: &Project,
    experiment: &Selected,
    tables: &Tables,
    verdict: &mut Verdict,
    settings: &Settings,
) -> Result<()> {
    // a committed figure says how it was drawn
    let path_of = |figure: &str| project.root.join(FIGURES).join(format!("{figure}.svg"));
    let committed = |figure: &str| files::read(&path_of(figure)).ok();
    let look = |figure: &Figure| committed(&figure.name).and_then(|svg| Look::of_svg(&svg)).unwrap_or_default();
    for drawing in contents::draw(experiment, tables, look)? {
        let path = path_of(&drawing.provenance.figure);
        let problem = match files::bytes(&path) {
            Ok(committed) if files::is_text(&committed, &drawing.svg) => None,
            Ok(_) => Some("is not what would be drawn"),
            Err(_) => Some("is missing"),
        };
        if let Some(problem) = problem {
            let text = format!("{} {problem}; draw it with: neurodyn run {}", path.display(), experiment.called());
            verdict.problem(settings, Outcome::Failed, text);
        }
        verdict.figures.push(path.display().to_string());
    }
    Ok(())
}
