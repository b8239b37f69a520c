//! Which figures follow from the experiment files and golden data as they are now.

use super::stamp::Stamp;
use super::{Project, Selected};
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
}

/// Experiments and whether their figures follow from the experiment file and golden data as they are now.
pub fn list(project: &Project, selected: &[Selected]) -> Result<Vec<Listing>> {
    selected.iter().map(|experiment| listing(project, experiment)).collect()
}

fn listing(project: &Project, experiment: &Selected) -> Result<Listing> {
    let document = &experiment.document;
    let names = experiment.entry.figures(document)?.into_iter().map(|figure| format!("figures/{}.svg", figure.name));
    let figures: Vec<String> = names.collect();
    let digest = project.golden_digest(&document.id)?;
    let mut verdict = ("fresh", String::new());
    for figure in &figures {
        let Ok(svg) = files::bytes(&project.root.join(figure)) else {
            verdict = ("missing", format!("{figure} is not there"));
            break;
        };
        let found = Provenance::from_file(&svg).map(|(_, provenance)| provenance);
        let reason = match (found, &digest) {
            (Err(_), _) => "has no readable provenance",
            (Ok(found), _) if found.toml != document.text => "was drawn from another experiment file",
            (_, None) => "has no golden data to compare with",
            (Ok(found), Some(digest)) if found.numbers.digest != *digest => {
                "was drawn from other numbers than the golden data"
            }
            _ => continue,
        };
        verdict = ("stale", format!("{figure} {reason}"));
    }
    let (state, reason) = verdict;
    let (id, family, seed) = (document.id.clone(), document.header.family.clone(), document.header.seed);
    let due = Stamp::holds(project, experiment, &project.root, None)?.err().unwrap_or_default();
    Ok(Listing { id, family, seed, figures, state, reason, due })
}
