//! Which figures follow from the experiment files and golden data as they are now.

use super::given::MOST_BYTES;
use super::stamp::{Due, Stamp};
use super::{Project, Selected};
use crate::experiment::Unjudged;
use crate::files;
use crate::provenance::Provenance;
use anyhow::Result;

/// State of one experiment's figures.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Listing {
    /// Identifier.
    pub id: String,
    /// Family.
    pub family: String,
    /// Seed.
    pub seed: u64,
    /// Figure paths, relative to the project.
    pub figures: Vec<String>,
    /// `fresh`, `stale` or `missing`.
    pub state: &'static str,
    /// Why it is not fresh; empty when it is.
    pub reason: String,
    /// Why `run --changed` would compute it; empty where it would not.
    pub due: String,
    /// What is measured and not judged against theory, with the reasons.
    pub not_judged: Vec<NotJudged>,
    /// Why there is no negative control, where there is none.
    pub no_control: Option<&'static str>,
}

/// A measured quantity that is not judged.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct NotJudged {
    /// `table.quantity`.
    pub quantity: &'static str,
    /// Why not.
    pub reason: &'static str,
}

/// What an experiment does not judge.
pub(super) fn not_judged(experiment: &Selected) -> Vec<NotJudged> {
    let all = experiment.entry.unjudged().into_iter();
    all.map(|Unjudged { quantity, reason }| NotJudged { quantity, reason }).collect()
}

/// Experiments and whether their figures follow from the experiment file and golden data as they are now.
pub fn list(project: &Project, selected: &[Selected]) -> Result<Vec<Listing>> {
    selected.iter().map(|experiment| listing(project, experiment)).collect()
}

/// The same of one.
pub(super) fn listing(project: &Project, experiment: &Selected) -> Result<Listing> {
    let document = &experiment.document;
    let names = experiment.figure_names()?.into_iter().map(|name| format!("figures/{name}.svg"));
    let figures: Vec<String> = names.collect();
    let digest = project.golden_digest(&document.id);
    let mut verdict = ("fresh", String::new());
    for figure in &figures {
        let Ok(svg) = files::bytes_at_most(&project.root.join(figure), MOST_BYTES) else {
            verdict = ("missing", format!("{figure} is not there"));
            break;
        };
        let found = Provenance::from_file(&svg).map(|(_, provenance)| provenance);
        let reason = match (found, &digest) {
            (Err(_), _) => "has no readable provenance",
            (Ok(found), _) if found.toml != document.text => "was drawn from another experiment file",
            (_, Ok(None)) => "has no golden data to compare with",
            (_, Err(_)) => "has golden data that cannot be read",
            (Ok(found), Ok(Some(digest))) if found.numbers.digest != *digest => {
                "was drawn from other numbers than the golden data"
            }
            _ => continue,
        };
        verdict = ("stale", format!("{figure} {reason}"));
    }
    let (state, reason) = verdict;
    let (id, family, seed) = (document.id.clone(), document.header.family.clone(), document.header.seed);
    let due = match Stamp::due(project, experiment, &project.root, None) {
        Due::Nothing(_) => String::new(),
        Due::Drawings(_, why) | Due::Everything(why) => why,
    };
    let (not_judged, no_control) = (not_judged(experiment), experiment.entry.no_control);
    Ok(Listing { id, family, seed, figures, state, reason, due, not_judged, no_control })
}
