//! Sweeps: the Monte Carlo of an experiment as one list of blocks, computed here, in shards, or read back.

use super::{Expected, Run, RunError};
use crate::model::Replicas;
use crate::random::Address;
use crate::simulation::cost::OneNetwork;
use crate::simulation::{Block, Budget, Moments, Prefix, SimulationError, each_block, sweep};
use std::ops::Range;
use std::sync::atomic::Ordering;

/// One point of a sweep: what to simulate there, how often, and how long one replica takes.
pub struct Point<P> {
    label: String,
    item: P,
    replicas: Replicas,
    cost: OneNetwork,
    scale: f64,
}

impl<P> Point<P> {
    /// A point; `label` names it in messages, `cost` is that of one replica. A sweep fails before it begins where that is beyond reason.
    pub fn new(label: String, item: P, replicas: Replicas, cost: OneNetwork) -> Self {
        Self { label, item, replicas, cost, scale: 1.0 }
    }

    /// Where what is shown is the observables times this: a standard error asked for is of what is shown.
    pub fn scaled(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// What is simulated there.
    pub fn item(&self) -> &P {
        &self.item
    }
}

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

/// What a run does when it comes to its sweep.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// Computes all blocks.
    All,
    /// Computes none, and ends with [`RunError::Planned`].
    Plan,
    /// Computes the blocks of one shard, and ends with [`RunError::Sharded`].
    Share(Share),
    /// Reads the pieces of each point, first to last.
    Stored(&'a [Vec<(Piece, Moments)>]),
}

impl Plan {
    fn of<P>(points: &[Point<P>]) -> Self {
        let planned = |point: &Point<P>| Planned {
            label: point.label.clone(),
            budget: Budget::new(point.replicas, point.scale),
            work: point.cost.nanoseconds.max(1),
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

    /// Time of the replicas that are computed in any case, before a standard error is looked at.
    pub fn least_work(&self) -> u128 {
        let work = |point: &Planned| u128::from(point.work) * u128::from(point.budget.at_least());
        self.points.iter().map(work).sum()
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

impl Run<'_> {
    /// Moments of the observables that `task` finds in each replica of each point, in the order of the points. An experiment may
    /// do this once: then its Monte Carlo can be cut into shards.
    pub fn sweep<P: Sync>(
        &self,
        points: &[Point<P>],
        task: impl Fn(&P, &Address) -> Result<Vec<f64>, SimulationError> + Sync,
    ) -> Result<Vec<Moments>, RunError> {
        if self.swept.swap(true, Ordering::Relaxed) {
            return Err(RunError::SecondSweep);
        }
        points.iter().try_for_each(|point| point.cost.affordable.clone())?;
        let plan = Plan::of(points);
        let budgets: Vec<Budget> = plan.points.iter().map(|point| point.budget).collect();
        let replica = |point: usize, replica: u64| {
            if self.interrupt.load(Ordering::Relaxed) {
                return Err(SimulationError::Interrupted);
            }
            let observed = task(&points[point].item, &self.address(point as u64, replica))?;
            (self.progress)(plan.points[point].work);
            Ok(observed)
        };
        let expect = |work: u128| {
            let work = u64::try_from(work).unwrap_or(u64::MAX);
            let at_most = budgets.iter().any(|budget| budget.target_stderr().is_some());
            (self.expect)(Expected { units: work, nanoseconds: work, at_most, whole: true });
        };
        let prefixes = match self.part {
            Part::All => {
                expect(plan.work());
                sweep(&budgets, replica)?
            }
            Part::Plan => return Err(RunError::Planned(plan)),
            Part::Share(share) => {
                expect(plan.work_of(share));
                let pieces = compute(&budgets, &plan.pieces(share), replica)?;
                return Err(RunError::Sharded(pieces));
            }
            Part::Stored(pieces) => join(&plan, pieces)?,
        };
        let moments: Vec<Moments> = prefixes.iter().map(Prefix::total).collect();
        for (point, moments) in plan.points.iter().zip(&moments) {
            if let Some((reached, target)) = point.budget.missed(moments) {
                let (label, replicas) = (&point.label, moments.count());
                (self.warn)(&format!(
                    "warning: {label}: the standard error is {reached:.2e} after {replicas} replicas, the most allowed; \
                     {target:e} was asked for"
                ));
            }
        }
        Ok(moments)
    }
}

/// Computes pieces, first to last.
fn compute(
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

/// Joins stored pieces, each point until its budget is done.
fn join(plan: &Plan, pieces: &[Vec<(Piece, Moments)>]) -> Result<Vec<Prefix>, RunError> {
    let sum = |(index, point): (usize, &Planned)| {
        let mut prefix = Prefix::default();
        let mut stored = pieces.get(index).map(Vec::as_slice).unwrap_or_default().iter();
        while !point.budget.is_done(&prefix) {
            let first = prefix.blocks();
            let next = stored.next().filter(|(piece, _)| piece.first == first && piece.point == index);
            next.and_then(|(piece, moments)| prefix.push(piece.level, moments.clone()))
                .ok_or_else(|| RunError::Missing { label: point.label.clone(), first })?;
        }
        Ok(prefix)
    };
    plan.points.iter().enumerate().map(sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::atomic::AtomicBool;

    fn points(shape: &[(u64, bool, u64)]) -> Vec<Point<usize>> {
        let point = |(index, &(count, until, work)): (usize, &(u64, bool, u64))| {
            let replicas =
                if until { Replicas::until(0.02, count + Replicas::BATCH) } else { Replicas::fixed(count + 30) };
            let cost = OneNetwork { nanoseconds: work, affordable: Ok(()) };
            Point::new(format!("point {index}"), index, replicas.expect("allowed"), cost)
        };
        shape.iter().enumerate().map(point).collect()
    }

    /// Some value of an address.
    fn task(item: &usize, address: &Address) -> Result<Vec<f64>, SimulationError> {
        let mixed = (address.point + 1)
            .wrapping_mul(0x9e37_79b9)
            .wrapping_add(address.replica)
            .wrapping_mul(0x94d0_49bb_1331_11eb);
        let value = (mixed.rotate_left(23).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64 / (1u64 << 53) as f64;
        Ok(vec![value, value * value + *item as f64])
    }

    fn outcome(points: &[Point<usize>], part: Part) -> Result<Vec<Moments>, RunError> {
        let interrupt = AtomicBool::new(false);
        Run::new(1, &interrupt, &|_| ()).with_part(part).sweep(points, task)
    }

    fn plan(points: &[Point<usize>]) -> Plan {
        match outcome(points, Part::Plan) {
            Err(RunError::Planned(plan)) => plan,
            _ => panic!("a plan"),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Any number of shards, merged, gives the bits of a single run, and each block is in one shard.
        #[test]
        fn shards_merge_to_the_bits_of_a_single_run(
            shape in proptest::collection::vec((0u64..4000, any::<bool>(), 1u64..1000), 1..5),
            of in 1u64..40,
        ) {
            let points = points(&shape);
            let plan = plan(&points);
            let mut stored = vec![Vec::new(); points.len()];
            let mut work = 0;
            for index in 0..of {
                let share = Share { index, of };
                let Err(RunError::Sharded(pieces)) = outcome(&points, Part::Share(share)) else { panic!("a shard") };
                let computed: Vec<Piece> = pieces.iter().map(|(piece, _)| *piece).collect();
                prop_assert_eq!(computed, plan.pieces(share));
                work += plan.work_of(share);
                for (piece, moments) in pieces {
                    stored[piece.point].push((piece, moments));
                }
            }
            prop_assert_eq!(work, plan.work());
            let covered: u64 = stored.iter().flatten().map(|(piece, _)| 1u64 << piece.level).sum();
            prop_assert_eq!(covered, plan.blocks());
            prop_assert_eq!(
                outcome(&points, Part::Stored(&stored)).expect("complete"),
                outcome(&points, Part::All).expect("finite")
            );
        }
    }

    #[test]
    fn shards_take_about_the_same_time() {
        let points = points(&[(10_000, false, 1000), (100_000, false, 10), (5_000, true, 300)]);
        let plan = plan(&points);
        for of in [2, 7, 20] {
            let works: Vec<u128> = (0..of).map(|index| plan.work_of(Share { index, of })).collect();
            let (low, high) = (works.iter().min().expect("some"), works.iter().max().expect("some"));
            // no worse than one block of the slowest point
            assert!(high - low <= 64 * 1000, "{of}: {works:?}");
        }
    }

    #[test]
    fn a_gap_is_named_and_a_second_sweep_refused() {
        let points = points(&[(570, false, 1)]);
        let Err(RunError::Sharded(mut pieces)) = outcome(&points, Part::Share(Share { index: 0, of: 1 })) else {
            panic!("a shard")
        };
        pieces.remove(1);
        let error = outcome(&points, Part::Stored(&[pieces])).expect_err("a gap").to_string();
        assert!(error.contains("point 0") && error.contains("block 8"), "{error}");
        let interrupt = AtomicBool::new(false);
        let run = Run::new(1, &interrupt, &|_| ());
        assert!(run.sweep(&points, task).is_ok());
        assert!(matches!(run.sweep(&points, task), Err(RunError::SecondSweep)));
    }
}
