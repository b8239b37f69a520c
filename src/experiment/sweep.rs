//! Sweeps: the Monte Carlo of an experiment as one list of blocks, computed here, in shards, or read back.

use super::{Expected, Run, RunError};
use crate::model::Replicas;
use crate::random::Address;
use crate::simulation::cost::OneNetwork;
use crate::simulation::{Block, Budget, Estimate, Moments, Prefix, SimulationError, each_block, parallel_map, sweep};
use std::ops::Range;
use std::sync::atomic::Ordering;

/// The points that an experiment simulates, declared before anything is computed.
pub struct Points<P> {
    points: Vec<Point<P>>,
    notes: Vec<String>,
}

/// One point of a sweep: what to simulate there, how often, and how long one replica takes.
pub struct Point<P> {
    label: String,
    item: P,
    replicas: Replicas,
    cost: OneNetwork,
    scale: f64,
    address: u64,
    /// Replicas computed together, where the observables of each are kept; only their moments are where this is none.
    kept: Option<u64>,
}

impl<P> Default for Points<P> {
    fn default() -> Self {
        Self { points: Vec::new(), notes: Vec::new() }
    }
}

impl<P> Points<P> {
    /// A point of whose observables the moments are kept; `label` names it in messages, `cost` is that of one replica. A sweep fails before it
    /// begins where that is beyond reason. Its random numbers are those of the address that is its place in the list, counted from 0.
    pub fn add(&mut self, label: impl Into<String>, replicas: Replicas, cost: OneNetwork, item: P) -> &mut Point<P> {
        let index = self.points.len();
        let (label, address) = (label.into(), index as u64);
        self.points.push(Point { label, item, replicas, cost, scale: 1.0, address, kept: None });
        &mut self.points[index]
    }

    /// A point of which the observables of each replica are kept.
    pub fn keep(&mut self, label: impl Into<String>, replicas: usize, cost: OneNetwork, item: P) -> &mut Point<P> {
        let point = self.add(label, Replicas::few(replicas as u64), cost, item);
        point.kept = Some(1);
        point
    }

    /// Says how many of the points to be simulated are left out since nothing is there to simulate.
    pub fn left_out(&mut self, count: usize, of: usize, why: &str) {
        if count > 0 {
            self.notes.push(format!("{count} of {of} simulated points are left out: {why}"));
        }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether nothing is simulated.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}

impl<P> Point<P> {
    /// A point; `label` names it in messages, `cost` is that of one replica. A sweep fails before it begins where that is beyond reason.
    pub fn new(label: String, item: P, replicas: Replicas, cost: OneNetwork) -> Self {
        Self { label, item, replicas, cost, scale: 1.0, address: 0, kept: None }
    }

    /// Where what is shown is the observables times this: a standard error asked for is of what is shown.
    pub fn scaled(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// As [`Self::scaled`].
    pub fn shown_times(&mut self, scale: f64) -> &mut Self {
        self.scale = scale;
        self
    }

    /// Takes the random numbers of another address. No two points may have one.
    pub fn at(&mut self, address: usize) -> &mut Self {
        self.address = address as u64;
        self
    }

    /// Computes so many replicas together.
    pub fn in_groups(&mut self, size: usize) -> &mut Self {
        self.kept = Some(size as u64);
        self
    }

    /// What is simulated there.
    pub fn item(&self) -> &P {
        &self.item
    }
}

/// What was found in the replicas of a point, or of a part of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    /// Moments of the observables.
    Moments(Moments),
    /// The observables of each replica, in order.
    Kept(Vec<Vec<f64>>),
}

impl Sample {
    /// Number of replicas.
    pub fn count(&self) -> u64 {
        match self {
            Self::Moments(moments) => moments.count(),
            Self::Kept(rows) => rows.len() as u64,
        }
    }

    /// Number of observables; `None` where replicas do not agree on it.
    pub fn observables(&self) -> Option<usize> {
        match self {
            Self::Moments(moments) => Some(moments.observables()),
            Self::Kept(rows) => {
                let first = rows.first().map_or(0, Vec::len);
                rows.iter().all(|row| row.len() == first).then_some(first)
            }
        }
    }
}

/// A point and what was found there.
pub struct Found<P> {
    /// What was simulated.
    pub point: P,
    sample: Sample,
    moments: Moments,
}

impl<P> Found<P> {
    fn new(point: P, sample: Sample) -> Self {
        let moments = match &sample {
            Sample::Moments(moments) => moments.clone(),
            Sample::Kept(_) => Moments::default(),
        };
        Self { point, sample, moments }
    }

    /// Number of replicas.
    pub fn replicas(&self) -> u64 {
        self.sample.count()
    }

    /// Moments of the observables, where they are not kept one by one.
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// The observables of each replica, where they are kept.
    pub fn rows(&self) -> &[Vec<f64>] {
        match &self.sample {
            Sample::Moments(_) => &[],
            Sample::Kept(rows) => rows,
        }
    }

    /// One observable of each replica, where they are kept.
    pub fn values(&self, observable: usize) -> Vec<f64> {
        self.rows().iter().map(|row| row[observable]).collect()
    }

    /// Mean of an observable.
    pub fn mean(&self, observable: usize) -> Estimate {
        match &self.sample {
            Sample::Moments(moments) => moments.mean(observable),
            Sample::Kept(_) => Estimate::of(&self.values(observable)),
        }
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
    Stored(&'a [Vec<(Piece, Sample)>]),
}

impl Plan {
    fn of<P>(points: &[Point<P>]) -> Self {
        let planned = |point: &Point<P>| Planned {
            label: point.label.clone(),
            budget: Budget::new(point.replicas, point.scale),
            work: point.cost.nanoseconds.max(1),
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
                let pieces = pieces.into_iter().map(|(piece, moments)| (piece, Sample::Moments(moments))).collect();
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

/// Observables of a group of replicas of a point.
type Observe<'a, P> = &'a (dyn Fn(&P, &[Address]) -> Result<Vec<Vec<f64>>, SimulationError> + Sync);

impl Run<'_> {
    /// What is found at these points: computed here, in part, or read back.
    pub fn declared<P: Sync>(&self, points: Points<P>, observe: Observe<P>) -> Result<Vec<Found<P>>, RunError> {
        let Points { points, notes } = points;
        points.iter().try_for_each(|point| point.cost.affordable.clone())?;
        let plan = Plan::of(&points);
        let mut addresses = std::collections::BTreeMap::new();
        for point in &plan.points {
            if let Some(other) = addresses.insert(point.address, &point.label) {
                return Err(RunError::SharedAddress { first: other.clone(), second: point.label.clone() });
            }
        }
        let expect = |work: u128| {
            let work = u64::try_from(work).unwrap_or(u64::MAX);
            let at_most = plan.points.iter().any(|point| point.budget.target_stderr().is_some());
            let known = points.iter().all(|point| !point.cost.guessed);
            let nanoseconds = if known { work } else { 0 };
            (self.expect)(Expected { units: work, nanoseconds, at_most, whole: true });
        };
        let group = |point: usize, replicas: Range<u64>| {
            if self.interrupt.load(Ordering::Relaxed) {
                return Err(SimulationError::Interrupted);
            }
            let address = plan.points[point].address;
            let count = replicas.end - replicas.start;
            let addresses: Vec<Address> = replicas.map(|replica| self.address(address, replica)).collect();
            let found = observe(&points[point].item, &addresses)?;
            (self.progress)(plan.points[point].work * count);
            Ok(found)
        };
        let one = |point: usize, replica: u64| Ok(group(point, replica..replica + 1)?.pop().unwrap_or_default());
        let samples = match self.part {
            Part::Plan => return Err(RunError::Planned(plan)),
            Part::Share(share) => {
                expect(plan.work_of(share));
                let budgets: Vec<Budget> = plan.points.iter().map(|point| point.budget).collect();
                let (kept, summed): (Vec<Piece>, Vec<Piece>) =
                    plan.pieces(share).into_iter().partition(|piece| plan.points[piece.point].kept.is_some());
                let summed = compute(&budgets, &summed, one)?.into_iter();
                let mut pieces: Vec<(Piece, Sample)> =
                    summed.map(|(piece, moments)| (piece, Sample::Moments(moments))).collect();
                let ranges: Vec<(usize, Range<u64>)> = kept
                    .iter()
                    .map(|piece| {
                        let (budget, blocks) = (&plan.points[piece.point].budget, piece.blocks());
                        (piece.point, budget.replicas_of(blocks.start).start..budget.replicas_of(blocks.end - 1).end)
                    })
                    .collect();
                pieces.extend(kept.into_iter().zip(plan.each_group(&ranges, group)?));
                pieces.sort_by_key(|(piece, _)| *piece);
                return Err(RunError::Sharded(pieces));
            }
            Part::Stored(pieces) => plan.joined(pieces)?,
            Part::All => {
                expect(plan.work());
                let is_kept = |index: &usize| plan.points[*index].kept.is_some();
                let (kept, summed): (Vec<usize>, Vec<usize>) = (0..points.len()).partition(is_kept);
                let budgets: Vec<Budget> = summed.iter().map(|&index| plan.points[index].budget).collect();
                let moments = sweep(&budgets, |place, replica| one(summed[place], replica))?;
                let ranges: Vec<(usize, Range<u64>)> =
                    kept.iter().map(|&index| (index, 0..plan.points[index].budget.at_most())).collect();
                let rows = plan.each_group(&ranges, group)?;
                let moments = summed.into_iter().zip(moments.iter().map(|prefix| Sample::Moments(prefix.total())));
                let mut samples: Vec<(usize, Sample)> = moments.chain(kept.into_iter().zip(rows)).collect();
                samples.sort_by_key(|(index, _)| *index);
                samples.into_iter().map(|(_, sample)| sample).collect()
            }
        };
        notes.iter().for_each(|note| (self.warn)(note));
        for (point, sample) in plan.points.iter().zip(&samples) {
            if let Sample::Moments(moments) = sample
                && let Some((reached, target)) = point.budget.missed(moments)
            {
                let (label, replicas) = (&point.label, moments.count());
                (self.warn)(&format!(
                    "warning: {label}: the standard error is {reached:.2e} after {replicas} replicas, the most allowed; \
                     {target:e} was asked for"
                ));
            }
        }
        Ok(points.into_iter().zip(samples).map(|(point, sample)| Found::new(point.item, sample)).collect())
    }
}

impl Plan {
    /// The observables of these replicas of points, groups in parallel.
    fn each_group(
        &self,
        ranges: &[(usize, Range<u64>)],
        group: impl Fn(usize, Range<u64>) -> Result<Vec<Vec<f64>>, SimulationError> + Sync,
    ) -> Result<Vec<Sample>, SimulationError> {
        let groups = ranges.iter().enumerate().flat_map(|(place, (point, replicas))| {
            let size = self.points[*point].kept.unwrap_or(1);
            let starts = (replicas.start..replicas.end).step_by(size as usize);
            starts.map(move |start| (place, *point, start..(start + size).min(replicas.end)))
        });
        let groups: Vec<(usize, usize, Range<u64>)> = groups.collect();
        let found = parallel_map(&groups, |(_, point, replicas)| group(*point, replicas.clone()))?;
        let mut samples = vec![Vec::new(); ranges.len()];
        for ((place, ..), rows) in groups.into_iter().zip(found) {
            samples[place].extend(rows);
        }
        Ok(samples.into_iter().map(Sample::Kept).collect())
    }

    /// Joins stored pieces, each point until its budget is done.
    fn joined(&self, pieces: &[Vec<(Piece, Sample)>]) -> Result<Vec<Sample>, RunError> {
        let prefixes = |point: usize| {
            let plan = Plan { points: vec![self.points[point].clone()] };
            let stored = pieces.get(point).cloned().unwrap_or_default();
            let stored = stored.into_iter().map(|(piece, sample)| (Piece { point: 0, ..piece }, sample)).collect();
            Ok::<_, RunError>(join(&plan, &[stored])?.iter().map(Prefix::total).next().unwrap_or_default())
        };
        let sample = |(index, point): (usize, &Planned)| {
            if point.kept.is_none() {
                return Ok(Sample::Moments(prefixes(index)?));
            }
            let (mut rows, mut next) = (Vec::new(), 0);
            for (piece, sample) in pieces.get(index).map(Vec::as_slice).unwrap_or_default() {
                if piece.first == next
                    && let Sample::Kept(more) = sample
                {
                    rows.extend(more.iter().cloned());
                    next = piece.blocks().end;
                }
            }
            if rows.len() as u64 == point.budget.at_most() {
                Ok(Sample::Kept(rows))
            } else {
                Err(RunError::Missing { label: point.label.clone(), first: next })
            }
        };
        self.points.iter().enumerate().map(sample).collect()
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
fn join(plan: &Plan, pieces: &[Vec<(Piece, Sample)>]) -> Result<Vec<Prefix>, RunError> {
    let sum = |(index, point): (usize, &Planned)| {
        let mut prefix = Prefix::default();
        let mut stored = pieces.get(index).map(Vec::as_slice).unwrap_or_default().iter();
        while !point.budget.is_done(&prefix) {
            let first = prefix.blocks();
            let next = stored.next().filter(|(piece, _)| piece.first == first && piece.point == index);
            let next = next.and_then(|(piece, sample)| match sample {
                Sample::Moments(moments) => prefix.push(piece.level, moments.clone()),
                Sample::Kept(_) => None,
            });
            next.ok_or_else(|| RunError::Missing { label: point.label.clone(), first })?;
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
            let cost = OneNetwork { nanoseconds: work, guessed: false, affordable: Ok(()) };
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
