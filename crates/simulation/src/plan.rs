//! The plan of a sweep: its blocks, and how they are cut into shards.

use super::{Block, Budget, Moments, Prefix, SimulationError, each_block};
use std::ops::Range;

/// All blocks of a sweep, in order: those of the first point, then those of the second, and so on.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    points: Vec<Planned>,
}

/// One point of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its name in messages.
    pub label: String,
    /// Its replicas.
    pub budget: Budget,
    /// Time of one replica, in a unit that all points share.
    pub work: u64,
    /// Whether that is right to a factor of a few only.
    pub guessed: bool,
    /// Address of its random numbers.
    pub address: u64,
    /// Replicas computed together, where the observables of each are kept.
    pub kept: Option<u64>,
}

/// A complete subtree of blocks of one point: `2^level` of them, or a single block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// The point.
    pub point: usize,
    /// Its first block, a multiple of their number.
    pub first: u64,
    /// Their number as a power of two.
    pub level: u32,
}

impl Piece {
    /// Its blocks.
    pub fn blocks(&self) -> Range<u64> {
        self.first..self.first + (1 << self.level)
    }
}

/// Shard `index` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// From 0.
    pub index: u64,
    /// Number of shards.
    pub of: u64,
}

impl Plan {
    /// Of these points.
    pub fn new(points: Vec<Planned>) -> Self {
        Self { points }
    }

    /// The points.
    pub fn points(&self) -> &[Planned] {
        &self.points
    }

    /// Number of blocks.
    pub fn blocks(&self) -> u64 {
        self.points.iter().map(|point| point.budget.blocks()).sum()
    }

    /// Time of all blocks.
    pub fn work(&self) -> u128 {
        self.points.iter().map(|point| u128::from(point.work) * u128::from(point.budget.at_most())).sum()
    }

    /// Time of the replicas that are computed in any case, before a standard error is looked at, as far as it is known.
    pub fn least_work(&self) -> u128 {
        let work = |point: &Planned| u128::from(point.work) * u128::from(point.budget.at_least());
        self.points.iter().filter(|point| !point.guessed).map(work).sum()
    }

    /// Time of a shard.
    pub fn work_of(&self, share: Share) -> u128 {
        let work = |piece: Piece| {
            let point = &self.points[piece.point];
            let end = point.budget.replicas_of(piece.blocks().end - 1).end;
            u128::from(point.work) * u128::from(end - point.budget.replicas_of(piece.first).start)
        };
        self.pieces(share).into_iter().map(work).sum()
    }

    /// The pieces of a shard: the blocks whose midpoints lie in its part of the time of all blocks.
    pub fn pieces(&self, share: Share) -> Vec<Piece> {
        let (total, of) = (self.work(), u128::from(share.of));
        // blocks begin in a shard when twice the time up to their middle reaches twice the time of the shards before
        let bound = |index: u64| 2 * total * u128::from(index);
        let (low, high) = (bound(share.index), bound(share.index + 1));
        let mut before = 0u128;
        let mut pieces = Vec::new();
        for (index, point) in self.points.iter().enumerate() {
            let middle_doubled = |block: u64| {
                let replicas = point.budget.replicas_of(block);
                2 * before + u128::from(point.work) * u128::from(replicas.start + replicas.end)
            };
            let from = |bound: u128| first(point.budget.blocks(), |block| middle_doubled(block) * of >= bound);
            subtrees(index, from(low)..from(high), point.budget.highest_level(), &mut pieces);
            before += u128::from(point.work) * u128::from(point.budget.at_most());
        }
        pieces
    }
}

/// The first of `0..count` for which this holds, given that it holds from there on; `count` where it never does.
fn first(count: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// Cuts consecutive blocks into the fewest complete subtrees.
fn subtrees(point: usize, blocks: Range<u64>, highest: u32, pieces: &mut Vec<Piece>) {
    let mut first = blocks.start;
    while first < blocks.end {
        let level = first.trailing_zeros().min((blocks.end - first).ilog2()).min(highest);
        pieces.push(Piece { point, first, level });
        first += 1 << level;
    }
}

/// Moments of pieces, first to last: `task` has the observables of a replica of a point.
pub fn compute_pieces(
    budgets: &[Budget],
    pieces: &[Piece],
    task: impl Fn(usize, u64) -> Result<Vec<f64>, SimulationError> + Sync,
) -> Result<Vec<(Piece, Moments)>, SimulationError> {
    let mut done = Vec::with_capacity(pieces.len());
    let mut prefix = Prefix::default();
    let mut open = pieces.iter();
    let mut piece = open.next();
    let blocks = pieces.iter().flat_map(|piece| piece.blocks().map(|index| Block { point: piece.point, index }));
    each_block(budgets, blocks, task, |_, moments| {
        // a single block fits everywhere
        let _ = prefix.push(0, moments);
        if let Some(current) = piece
            && prefix.blocks() == 1 << current.level
        {
            done.push((*current, std::mem::take(&mut prefix).total()));
            piece = open.next();
        }
    })?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::Replicas;

    fn plan() -> Plan {
        let planned = |(replicas, work): (u64, u64)| Planned {
            label: format!("{replicas} replicas"),
            budget: Budget::new(Replicas::fixed(replicas).expect("allowed"), 1.0),
            work,
            guessed: false,
            address: replicas,
            kept: None,
        };
        Plan::new([(1000, 3), (70, 500), (64, 1)].map(planned).to_vec())
    }

    /// Whatever their number, shards hold each block once, and pieces of single replicas have the moments of all.
    #[test]
    fn shards_hold_each_block_once() {
        let plan = plan();
        let budgets: Vec<Budget> = plan.points.iter().map(|point| point.budget).collect();
        for of in [1, 2, 5, 50] {
            let mut blocks = vec![0u64; 3];
            let mut replicas = 0;
            for index in 0..of {
                let pieces = plan.pieces(Share { index, of });
                pieces.iter().for_each(|piece| blocks[piece.point] += piece.blocks().end - piece.blocks().start);
                let task = |point: usize, replica: u64| Ok(vec![point as f64, replica as f64]);
                let found = compute_pieces(&budgets, &pieces, task).expect("finite");
                assert!(found.iter().map(|(piece, _)| *piece).eq(pieces));
                replicas += found.iter().map(|(_, moments)| moments.count()).sum::<u64>();
            }
            assert_eq!((blocks, replicas), (vec![16, 2, 1], 1134), "{of} shards");
        }
    }
}
