//! Experiments in shards: any number of processes compute parts of a sweep, one merges them, to the bits of a single run.

mod file;
mod script;
mod store;

pub use crate::experiment::{Planned, Share};
pub use script::{Engine, Script};
pub use store::StoreError;

use super::compute::{failure, with_run};
use super::run::run_from;
use super::stamp::code_of;
use super::{Interrupted, Project, Selected, Settings, Verdict};
use crate::experiment::Plan;
use crate::files;
use anyhow::{Context, Result, anyhow};
use file::{Identity, Shard, name};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;
use store::Found;

/// Most shards of one sweep.
pub const MOST: u64 = 1_000_000;

/// What an experiment simulates, as a plan; refuses experiments that simulate nothing.
pub fn plan(project: &Project, experiment: &Selected) -> Result<Plan> {
    let plan = experiment.plan().map_err(|error| failure(experiment, error))?;
    if plan.points().is_empty() {
        let all = project.select(&[])?;
        let simulates = |other: &&Selected| other.plan().is_ok_and(|plan| !plan.points().is_empty());
        let can: Vec<&str> = all.iter().filter(simulates).map(Selected::id).collect();
        return Err(anyhow!(
            "{} cannot be cut into shards, since it simulates nothing; these can: {}",
            experiment.id(),
            can.join(", ")
        ));
    }
    Ok(plan)
}

fn identity(experiment: &Selected) -> Result<Identity> {
    let data = experiment.data().map_err(|error| failure(experiment, error))?;
    Ok(Identity::new(experiment.id(), &experiment.document.text, &data, code_of(experiment.entry.module)))
}

/// The code that shards of this program are computed by, and the digest of the experiment file.
pub fn identifiers(experiment: &Selected) -> Result<(String, String)> {
    let Identity { toml, code, .. } = identity(experiment)?;
    Ok((toml, code))
}

/// Computes these shards and stores each in a file of the folder; those that are there already, and whole, are left alone.
pub fn run(
    project: &Project,
    experiment: &Selected,
    shares: &[Share],
    folder: &Path,
    settings: &Settings,
) -> Result<()> {
    let plan = plan(project, experiment)?;
    files::check_writable(folder)?;
    let (id, identity) = (experiment.id(), identity(experiment)?);
    for &share in shares {
        let path = folder.join(name(share));
        let Share { index, of } = share;
        match path.exists().then(|| Shard::read(&path)) {
            Some(Ok(shard)) => {
                store::check_identity(&path, &shard.identity, &identity)?;
                if shard.share != share {
                    let Share { index, of } = shard.share;
                    return Err(anyhow!("{}: holds shard {index} of {of}; remove it", path.display()));
                }
                store::check_pieces(&path, &shard, &plan)?;
                settings.listener.line(&format!("{id}: shard {index} of {of} is there already"), false);
                continue;
            }
            Some(Err(damage)) => {
                let text = format!("{id}: {}: {damage}; computing it again", path.display());
                settings.listener.line(&text, true);
            }
            None => {}
        }
        let pieces = with_run(experiment, settings, |run| experiment.share(run, share))?
            .map_err(|error| failure(experiment, error))?;
        let shard = Shard { identity: identity.clone(), share, pieces };
        files::write(&path, shard.to_text()?.as_bytes())?;
        settings.listener.line(&format!("{id}: shard {index} of {of} stored in {}", path.display()), false);
        settings.listener.end();
    }
    Ok(())
}

/// Reads all shards and goes on as a single run would: tables, checks, figures.
pub fn merge(project: &Project, experiment: &Selected, folder: &Path, settings: &Settings) -> Result<Vec<Verdict>> {
    let plan = plan(project, experiment)?;
    let pieces = store::collect(folder, &identity(experiment)?, &plan)?;
    run_from(project, std::slice::from_ref(experiment), settings, Some(&pieces))
}

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Status {
    /// Experiment of the whole shards.
    pub experiment: Option<String>,
    /// Number of shards of the sweep.
    pub shards: u64,
    /// Shards with a whole file.
    pub whole: BTreeSet<u64>,
    /// Shards without.
    pub missing: BTreeSet<u64>,
    /// Files of no use, and why.
    pub damaged: Vec<String>,
}

/// Looks at a folder of this many shards, or of as many as its files say.
pub fn status(folder: &Path, shards: Option<u64>, settings: &Settings) -> Result<Status> {
    let (mut identity, mut of, mut whole, mut damaged) = (None, shards, BTreeSet::new(), Vec::new());
    for found in store::read(folder)? {
        if settings.interrupt.load(Ordering::Relaxed) {
            return Err(anyhow!(Interrupted));
        }
        let Found { path, shard } = found?;
        match shard {
            Ok(shard) => {
                let first = identity.get_or_insert_with(|| shard.identity.clone());
                store::check_identity(&path, &shard.identity, first)?;
                let of = *of.get_or_insert(shard.share.of);
                if of != shard.share.of {
                    let found = shard.share.of;
                    return Err(anyhow!("{}: one of {found} shards, but {of} were asked for", path.display()));
                }
                whole.insert(shard.share.index);
            }
            Err(damage) => damaged.push(format!("{}: {damage}", path.display())),
        }
    }
    let Some(shards) = of else {
        return Err(anyhow!(StoreError::Empty { path: folder.to_owned() }))
            .context("say how many there should be with --shards");
    };
    let missing = (0..shards).filter(|index| !whole.contains(index)).collect();
    Ok(Status { experiment: identity.map(|identity| identity.experiment), shards, whole, missing, damaged })
}

/// Shards of one task, where each task computes `pack` of them.
pub fn task(number: u64, pack: u64, of: u64) -> Result<Vec<Share>> {
    let tasks = of.div_ceil(pack);
    if number >= tasks {
        return Err(anyhow!("there is no task {number}: {of} shards, {pack} a task, are tasks 0 to {}", tasks - 1));
    }
    Ok((number * pack..((number + 1) * pack).min(of)).map(|index| Share { index, of }).collect())
}

/// Whole numbers as job arrays take them: `0-2,5`.
pub fn ranges(numbers: impl IntoIterator<Item = u64>) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == number => *end = number,
            _ => ranges.push((number, number)),
        }
    }
    let text = |(start, end): (u64, u64)| if start == end { start.to_string() } else { format!("{start}-{end}") };
    ranges.into_iter().map(text).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_cover_all_shards_once() {
        for (pack, of) in [(1u64, 7u64), (3, 7), (7, 7), (10, 7), (4, 8)] {
            let all: Vec<u64> = (0..of.div_ceil(pack))
                .flat_map(|number| task(number, pack, of).expect("a task"))
                .map(|s| s.index)
                .collect();
            assert_eq!(all, (0..of).collect::<Vec<u64>>());
            assert!(task(of.div_ceil(pack), pack, of).is_err());
        }
    }

    #[test]
    fn ranges_are_short() {
        assert_eq!(ranges([]), "");
        assert_eq!(ranges([4]), "4");
        assert_eq!(ranges([0, 1, 2, 5, 7, 8]), "0-2,5,7-8");
    }
}
