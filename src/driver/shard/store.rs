//! A folder of shard files: what is there, what is missing, and all of it as one sweep.

use super::file::{Damage, Identity, Shard, name};
use crate::experiment::{Piece, Plan, Sample, Share};
use std::path::{Path, PathBuf};

/// Why the shards in a folder do not make a complete sweep.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be read.
    #[error("{path}: cannot be read: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is of no use.
    #[error("{path}: {damage}; compute it again, or remove it")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        damage: Damage,
    },
    /// A file belongs to something else.
    #[error("{path}: computed for {what} {found}, but now it is {expected}; use another folder, or remove it")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: &'static str,
        /// In the file.
        found: String,
        /// Now.
        expected: String,
    },
    /// Two numbers of shards in one folder.
    #[error("{path}: one of {found} shards, but {other} is one of {expected}; use a folder for each number of shards")]
    Mixed {
        /// The file.
        path: PathBuf,
        /// Shards it is one of.
        found: u64,
        /// Another file.
        other: PathBuf,
        /// Shards that one is one of.
        expected: u64,
    },
    /// Two files of one shard with different numbers.
    #[error("{first} and {second} both hold shard {shard}, but differ in {blocks}; at most one is right")]
    Differs {
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// The shard.
        shard: u64,
        /// Where they differ.
        blocks: String,
    },
    /// A file with other blocks than those of its shard.
    #[error("{path}: does not hold {blocks}, as shard {shard} must")]
    Blocks {
        /// The file.
        path: PathBuf,
        /// The shard.
        shard: u64,
        /// The first blocks that are not as they should be.
        blocks: String,
    },
    /// Pieces of one point that saw different numbers of observables.
    #[error("{path}: the shards do not agree on how many observables {label} has; compute them again")]
    Observables {
        /// The folder.
        path: PathBuf,
        /// The point.
        label: String,
    },
    /// Some shards are not there.
    #[error("{path}: {count} of {of} shards are missing: {list}; compute them, then merge again")]
    Missing {
        /// The folder.
        path: PathBuf,
        /// How many.
        count: usize,
        /// Of how many.
        of: u64,
        /// The first of them, with their blocks.
        list: String,
    },
    /// No shards at all.
    #[error("{path}: no shard files; compute them with: neurodyn shard run")]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

/// A shard file, whole or damaged.
pub struct Found {
    /// The file.
    pub path: PathBuf,
    /// Its content.
    pub shard: Result<Shard, Damage>,
}

/// Paths of all shard files of a folder, in the order of their names; none where there is no folder.
fn paths(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let fail = |source| StoreError::Folder { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(fail)?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("shard-") && name.ends_with(".json") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Reads all shard files of a folder, one after the other; refuses whole ones of different numbers of shards.
pub fn read(folder: &Path) -> Result<impl Iterator<Item = Result<Found, StoreError>>, StoreError> {
    let mut first: Option<(PathBuf, u64)> = None;
    Ok(paths(folder)?.into_iter().map(move |path| {
        let shard = Shard::read(&path);
        if let Ok(shard) = &shard {
            let (other, expected) = first.get_or_insert_with(|| (path.clone(), shard.share.of));
            if *expected != shard.share.of {
                let (other, expected) = (other.clone(), *expected);
                return Err(StoreError::Mixed { path, found: shard.share.of, other, expected });
            }
        }
        Ok(Found { path, shard })
    }))
}

/// Refuses a shard of anything else.
pub fn check_identity(path: &Path, found: &Identity, expected: &Identity) -> Result<(), StoreError> {
    let pairs = [
        ("experiment", &found.experiment, &expected.experiment),
        ("an experiment file of digest", &found.toml, &expected.toml),
        ("code", &found.code, &expected.code),
    ];
    match pairs.into_iter().find(|(_, found, expected)| found != expected) {
        Some((what, found, expected)) => {
            Err(StoreError::Foreign { path: path.to_owned(), what, found: found.clone(), expected: expected.clone() })
        }
        None => Ok(()),
    }
}

/// All pieces of each point, first to last, from a folder that holds every shard of this plan once, or more often with the
/// same bits.
pub fn collect(folder: &Path, identity: &Identity, plan: &Plan) -> Result<Vec<Vec<(Piece, Sample)>>, StoreError> {
    let mut shards: std::collections::BTreeMap<u64, (PathBuf, Shard)> = std::collections::BTreeMap::new();
    for found in read(folder)? {
        let Found { path, shard } = found?;
        let shard = shard.map_err(|damage| StoreError::Damaged { path: path.clone(), damage })?;
        check_identity(&path, &shard.identity, identity)?;
        check_pieces(&path, &shard, plan)?;
        if let Some((first, other)) = shards.get(&shard.share.index) {
            let differs = other.pieces.iter().zip(&shard.pieces).find(|(one, two)| !same_bits(one, two));
            if let Some(((piece, _), _)) = differs {
                let (first, second, shard) = (first.clone(), path, shard.share.index);
                return Err(StoreError::Differs { first, second, shard, blocks: blocks(plan, *piece) });
            }
        }
        shards.insert(shard.share.index, (path, shard));
    }
    let of = shards.values().next().map(|(_, shard)| shard.share.of);
    let of = of.ok_or_else(|| StoreError::Empty { path: folder.to_owned() })?;
    let missing: Vec<u64> = (0..of).filter(|index| !shards.contains_key(index)).collect();
    if !missing.is_empty() {
        const SHOWN: usize = 5;
        let span = |&index: &u64| {
            let share = Share { index, of };
            let pieces = plan.pieces(share);
            match (pieces.first(), pieces.last()) {
                (Some(first), Some(last)) => {
                    format!("{} ({} to {})", name(share), blocks(plan, *first), blocks(plan, *last))
                }
                _ => format!("{} (no blocks)", name(share)),
            }
        };
        let mut list: Vec<String> = missing.iter().take(SHOWN).map(span).collect();
        if missing.len() > SHOWN {
            list.push("...".to_owned());
        }
        let (path, count) = (folder.to_owned(), missing.len());
        return Err(StoreError::Missing { path, count, of, list: list.join(", ") });
    }
    let mut points = vec![Vec::new(); plan.points().len()];
    for (piece, sample) in shards.into_values().flat_map(|(_, shard)| shard.pieces) {
        points[piece.point].push((piece, sample));
    }
    for (pieces, point) in points.iter().zip(plan.points()) {
        let mut counts = pieces.iter().map(|(_, sample): &(Piece, Sample)| sample.observables());
        let first = counts.next();
        if counts.any(|count| count.is_none() || Some(count) != first) {
            return Err(StoreError::Observables { path: folder.to_owned(), label: point.label.clone() });
        }
    }
    Ok(points)
}

/// Refuses other blocks than those of the shard, and other numbers of replicas.
pub fn check_pieces(path: &Path, shard: &Shard, plan: &Plan) -> Result<(), StoreError> {
    let expected = plan.pieces(shard.share);
    let fits = |piece: &Piece, stored: &(Piece, Sample)| {
        let point = &plan.points()[piece.point];
        let budget = &point.budget;
        let blocks = piece.blocks();
        let replicas = budget.replicas_of(blocks.end - 1).end - budget.replicas_of(blocks.start).start;
        let kind = matches!(stored.1, Sample::Kept(_)) == point.kept.is_some();
        *piece == stored.0 && stored.1.count() == replicas && kind
    };
    let wrong = |piece: Piece| StoreError::Blocks {
        path: path.to_owned(),
        shard: shard.share.index,
        blocks: blocks(plan, piece),
    };
    for (index, piece) in expected.iter().enumerate() {
        if !shard.pieces.get(index).is_some_and(|stored| fits(piece, stored)) {
            return Err(wrong(*piece));
        }
    }
    match shard.pieces.get(expected.len()) {
        Some((piece, _)) => Err(wrong(*piece)),
        None => Ok(()),
    }
}

fn same_bits((piece, sample): &(Piece, Sample), (other, others): &(Piece, Sample)) -> bool {
    let bits = |sample: &Sample| match sample {
        Sample::Moments(moments) => moments.parts().concat().into_iter().map(f64::to_bits).collect::<Vec<u64>>(),
        Sample::Kept(rows) => rows.concat().into_iter().map(f64::to_bits).collect(),
    };
    piece == other && sample.count() == others.count() && bits(sample) == bits(others)
}

/// Blocks of a piece, in words.
fn blocks(plan: &Plan, piece: Piece) -> String {
    let label = plan.points().get(piece.point).map_or("no point", |point| &point.label);
    let last = piece.blocks().end - 1;
    format!("{label}: blocks {}-{last}", piece.first)
}
