//! The plan of a sweep: its blocks, and how they are cut into shards.

use super::points::Point;
use crate::simulation::Budget;
use std::ops::Range;

/// All blocks of a sweep, in order: those of the first point, then those of the second, and so on.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub(super) points: Vec<Planned>,
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
    pub(super) fn new<P>(points: &[Point<P>]) -> Self {
        let planned = |point: &Point<P>| Planned {
            label: point.label.clone(),
            budget: Budget::new(point.replicas, point.scale),
            work: point.cost.nanoseconds.max(1),
            guessed: point.cost.guessed,
            address: point.address,
            kept: point.kept,
        };
        Self { points: points.iter().map(planned).collect() }
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
