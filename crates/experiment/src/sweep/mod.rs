//! Sweeps: the Monte Carlo of an experiment as one list of blocks, computed here, in shards, or read back.

mod points;

pub use points::{Found, Point, Points, Sample};

use super::{Expected, Run, RunError};
use neurodyn_random::Address;
use neurodyn_simulation::{Budget, Prefix, SimulationError, compute_pieces, parallel_map, sweep};
pub use neurodyn_simulation::{Piece, Plan, Planned, Share};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::Ordering;

/// Pieces of each point, first to last.
pub type Pieces = Vec<SharedPieces>;

/// Pieces with what was simulated in each, as a share holds them.
pub type SharedPieces = Vec<(Piece, Sample)>;

/// Observables of a group of replicas of a point.
type Observe<'a, P> = &'a (dyn Fn(&P, &[Address]) -> Result<Vec<Vec<f64>>, SimulationError> + Sync);

/// Declared points with their plan.
pub struct Sweep<P> {
    points: Vec<Point<P>>,
    notes: Vec<String>,
    plan: Plan,
}

impl<P: Sync> Sweep<P> {
    /// Of these points. Refuses two that would see the same random numbers.
    pub fn new(points: Points<P>) -> Result<Self, RunError> {
        let Points { points, notes } = points;
        let plan = Plan::new(points.iter().map(Point::planned).collect());
        let mut addresses = BTreeMap::new();
        for point in plan.points() {
            if let Some(first) = addresses.insert(point.address, point.label.clone()) {
                return Err(RunError::SharedAddress { first, second: point.label.clone() });
            }
        }
        Ok(Self { points, notes, plan })
    }

    /// Its blocks.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What is found in all replicas.
    pub fn all(self, run: &Run, observe: Observe<P>) -> Result<Vec<Found<P>>, RunError> {
        self.begin(run, self.plan.work())?;
        let is_kept = |index: &usize| self.plan.points()[*index].kept.is_some();
        let (kept, summed): (Vec<usize>, Vec<usize>) = (0..self.points.len()).partition(is_kept);
        let budgets: Vec<Budget> = summed.iter().map(|&index| self.plan.points()[index].budget).collect();
        let prefixes = sweep(&budgets, |place, replica| self.one(run, observe, summed[place], replica))?;
        let ranges = kept.iter().map(|&index| (index, 0..self.plan.points()[index].budget.at_most()));
        let rows = self.rows(run, observe, &ranges.collect::<Vec<_>>())?;
        let moments = summed.into_iter().zip(prefixes.iter().map(|prefix| Sample::Moments(prefix.total())));
        let mut samples: Vec<(usize, Sample)> = moments.chain(kept.into_iter().zip(rows)).collect();
        samples.sort_by_key(|(index, _)| *index);
        Ok(self.found(run, samples.into_iter().map(|(_, sample)| sample)))
    }

    /// What is found in the blocks of one shard.
    pub fn share(self, run: &Run, observe: Observe<P>, share: Share) -> Result<SharedPieces, RunError> {
        self.begin(run, self.plan.work_of(share))?;
        let budgets: Vec<Budget> = self.plan.points().iter().map(|point| point.budget).collect();
        let (kept, summed): (Vec<Piece>, Vec<Piece>) =
            self.plan.pieces(share).into_iter().partition(|piece| self.plan.points()[piece.point].kept.is_some());
        let moments = compute_pieces(&budgets, &summed, |point, replica| self.one(run, observe, point, replica))?;
        let ranges = kept.iter().map(|piece| {
            let (budget, blocks) = (&budgets[piece.point], piece.blocks());
            (piece.point, budget.replicas_of(blocks.start).start..budget.replicas_of(blocks.end - 1).end)
        });
        let rows = self.rows(run, observe, &ranges.collect::<Vec<_>>())?;
        let moments = moments.into_iter().map(|(piece, moments)| (piece, Sample::Moments(moments)));
        let mut pieces: SharedPieces = moments.chain(kept.into_iter().zip(rows)).collect();
        pieces.sort_by_key(|(piece, _)| *piece);
        Ok(pieces)
    }

    /// What was found, from the pieces of all shards.
    pub fn stored(self, run: &Run, pieces: &Pieces) -> Result<Vec<Found<P>>, RunError> {
        let stored = |index: usize| pieces.get(index).map(Vec::as_slice).unwrap_or_default();
        let samples = self.plan.points().iter().enumerate().map(|(index, point)| join(point, stored(index)));
        let samples = samples.collect::<Result<Vec<Sample>, RunError>>()?;
        Ok(self.found(run, samples.into_iter()))
    }

    /// Refuses what is beyond reason, and says what this part will take.
    fn begin(&self, run: &Run, work: u128) -> Result<(), RunError> {
        self.points.iter().try_for_each(|point| point.cost.affordable.clone())?;
        let units = u64::try_from(work).unwrap_or(u64::MAX);
        let at_most = self.plan.points().iter().any(|point| point.budget.target_stderr().is_some());
        let known = self.points.iter().all(|point| !point.cost.guessed);
        (run.expect)(Expected { units, nanoseconds: if known { units } else { 0 }, at_most, whole: true });
        Ok(())
    }

    /// Observables of some replicas of a point.
    fn group(
        &self,
        run: &Run,
        observe: Observe<P>,
        point: usize,
        replicas: Range<u64>,
    ) -> Result<Vec<Vec<f64>>, SimulationError> {
        if run.interrupt.load(Ordering::Relaxed) {
            return Err(SimulationError::Interrupted);
        }
        let planned = &self.plan.points()[point];
        let work = planned.work.saturating_mul(replicas.end - replicas.start);
        let addresses: Vec<Address> = replicas.map(|replica| run.address(planned.address, replica)).collect();
        let found = observe(&self.points[point].item, &addresses)?;
        (run.progress)(work);
        Ok(found)
    }

    fn one(&self, run: &Run, observe: Observe<P>, point: usize, replica: u64) -> Result<Vec<f64>, SimulationError> {
        Ok(self.group(run, observe, point, replica..replica + 1)?.pop().unwrap_or_default())
    }

    /// The observables of these replicas of points, groups in parallel.
    fn rows(
        &self,
        run: &Run,
        observe: Observe<P>,
        ranges: &[(usize, Range<u64>)],
    ) -> Result<Vec<Sample>, SimulationError> {
        let groups = ranges.iter().enumerate().flat_map(|(place, (point, replicas))| {
            let size = self.plan.points()[*point].kept.unwrap_or(1);
            let starts = (replicas.start..replicas.end).step_by(size as usize);
            starts.map(move |start| (place, *point, start..(start + size).min(replicas.end)))
        });
        let groups: Vec<(usize, usize, Range<u64>)> = groups.collect();
        let found = parallel_map(&groups, |(_, point, replicas)| self.group(run, observe, *point, replicas.clone()))?;
        let mut samples = vec![Vec::new(); ranges.len()];
        for ((place, ..), rows) in groups.into_iter().zip(found) {
            samples[place].extend(rows);
        }
        Ok(samples.into_iter().map(Sample::Kept).collect())
    }

    /// The points with what was found there; says where a standard error was not reached.
    fn found(self, run: &Run, samples: impl Iterator<Item = Sample>) -> Vec<Found<P>> {
        self.notes.iter().for_each(|note| (run.warn)(note));
        let found = self.points.into_iter().zip(self.plan.points()).zip(samples).map(|((point, planned), sample)| {
            if let Sample::Moments(moments) = &sample
                && let Some((reached, target)) = planned.budget.missed(moments)
            {
                let (label, replicas) = (&planned.label, moments.count());
                (run.warn)(&format!(
                    "warning: {label}: the standard error is {reached:.2e} after {replicas} replicas, the most allowed; \
                     {target:e} was asked for"
                ));
            }
            Found::new(point.item, sample)
        });
        found.collect()
    }
}

/// Joins stored pieces of a point until its budget is done.
fn join(point: &Planned, pieces: &[(Piece, Sample)]) -> Result<Sample, RunError> {
    let missing = |first: u64| RunError::Missing { label: point.label.clone(), first };
    if point.kept.is_some() {
        let (mut rows, mut next) = (Vec::new(), 0);
        for (piece, sample) in pieces {
            match sample {
                Sample::Kept(more) if piece.first == next => rows.extend(more.iter().cloned()),
                _ => break,
            }
            next = piece.blocks().end;
        }
        let whole = rows.len() as u64 == point.budget.at_most();
        return if whole { Ok(Sample::Kept(rows)) } else { Err(missing(next)) };
    }
    let (mut prefix, mut stored) = (Prefix::default(), pieces.iter());
    while !point.budget.is_done(&prefix) {
        let first = prefix.blocks();
        match stored.next() {
            Some((piece, Sample::Moments(moments))) if piece.first == first => {
                prefix.push(piece.level, moments.clone()).ok_or_else(|| missing(first))?;
            }
            _ => return Err(missing(first)),
        }
    }
    Ok(Sample::Moments(prefix.total()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::Replicas;
    use neurodyn_simulation::Moments;
    use neurodyn_simulation::cost::OneNetwork;
    use proptest::prelude::*;
    use std::sync::atomic::AtomicBool;

    /// Points of moments and of kept samples, in groups and one by one.
    fn points(shape: &[(u64, bool, u64)]) -> Sweep<usize> {
        let mut points = Points::default();
        for (index, &(count, until, work)) in shape.iter().enumerate() {
            let cost = OneNetwork { nanoseconds: work, guessed: false, affordable: Ok(()) };
            let label = format!("point {index}");
            let replicas =
                if until { Replicas::until(0.02, count + Replicas::BATCH) } else { Replicas::fixed(count + 30) };
            match (until, count % 3) {
                (false, 1) => drop(points.keep(label, count as usize + 1, cost, index)),
                (false, 2) => drop(points.keep(label, count as usize + 1, cost, index).in_groups(16).at(100 + index)),
                _ => drop(points.add(label, replicas.expect("allowed"), cost, index)),
            }
        }
        Sweep::new(points).expect("addresses of their own")
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

    const OBSERVE: Observe<usize> = &|item, addresses| addresses.iter().map(|address| task(item, address)).collect();

    fn with_run<T>(action: impl FnOnce(&Run) -> T) -> T {
        action(&Run::new(1, &AtomicBool::new(false), &|_| ()))
    }

    fn samples(found: Vec<Found<usize>>) -> Vec<(usize, Moments, Vec<Vec<f64>>)> {
        found.into_iter().map(|found| (found.point, found.moments().clone(), found.rows().to_vec())).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Any number of shards, merged, gives the bits of a single run, and each block is in one shard.
        #[test]
        fn shards_merge_to_the_bits_of_a_single_run(
            shape in proptest::collection::vec((0u64..4000, any::<bool>(), 1u64..1000), 1..5),
            of in 1u64..40,
        ) {
            let plan = points(&shape).plan().clone();
            let mut stored = vec![Vec::new(); shape.len()];
            let mut work = 0;
            for index in 0..of {
                let share = Share { index, of };
                let pieces = with_run(|run| points(&shape).share(run, OBSERVE, share)).expect("finite");
                let computed: Vec<Piece> = pieces.iter().map(|(piece, _)| *piece).collect();
                prop_assert_eq!(computed, plan.pieces(share));
                work += plan.work_of(share);
                for (piece, sample) in pieces {
                    stored[piece.point].push((piece, sample));
                }
            }
            prop_assert_eq!(work, plan.work());
            let covered: u64 = stored.iter().flatten().map(|(piece, _)| 1u64 << piece.level).sum();
            prop_assert_eq!(covered, plan.blocks());
            let merged = with_run(|run| points(&shape).stored(run, &stored)).expect("complete");
            let single = with_run(|run| points(&shape).all(run, OBSERVE)).expect("finite");
            prop_assert_eq!(samples(merged), samples(single));
        }
    }

    #[test]
    fn shards_take_about_the_same_time() {
        let points = points(&[(10_000, false, 1000), (100_000, false, 10), (5_000, true, 300)]);
        let plan = points.plan();
        for of in [2, 7, 20] {
            let works: Vec<u128> = (0..of).map(|index| plan.work_of(Share { index, of })).collect();
            let (low, high) = (works.iter().min().expect("some"), works.iter().max().expect("some"));
            // no worse than one block of the slowest point
            assert!(high - low <= 64 * 1000, "{of}: {works:?}");
        }
    }

    #[test]
    fn a_gap_is_named() {
        for (replicas, label) in [(570, "point 0"), (571, "point 0"), (569, "point 0")] {
            let shape = [(replicas, false, 1)];
            let share = Share { index: 0, of: 1 };
            let pieces = with_run(|run| points(&shape).share(run, OBSERVE, share)).expect("finite");
            for missing in 0..pieces.len() {
                let mut pieces = pieces.clone();
                let (gap, _) = pieces.remove(missing);
                let error = with_run(|run| points(&shape).stored(run, &vec![pieces])).err().expect("a gap").to_string();
                let block = format!("block {}", gap.first);
                assert!(error.contains(label) && error.contains(&block), "{error}: {block}");
            }
        }
    }

    #[test]
    fn two_points_of_one_address_are_refused() {
        let cost = || OneNetwork { nanoseconds: 1, guessed: false, affordable: Ok(()) };
        let mut points = Points::default();
        points.keep("one", 30, cost(), 0);
        points.keep("two", 30, cost(), 0).at(0);
        let error = Sweep::new(points).err().expect("refused").to_string();
        assert_eq!(error, "one and two have the same address of random numbers");
    }
}
