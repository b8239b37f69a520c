//! Moments of many points at once: replicas in parallel, blocks in order, the same bits whoever computes them.

use super::{Moments, Prefix, SimulationError, parallel_map};
use neurodyn_model::Replicas;
use std::ops::Range;

/// Replicas of one block, the unit in which moments are summed.
pub const BLOCK_REPLICAS: u64 = 64;
/// Most blocks of one point.
pub const MOST_BLOCKS: u64 = Replicas::MOST.div_ceil(BLOCK_REPLICAS);
/// Level of the subtree of one batch of replicas.
const BATCH_LEVEL: u32 = 4;
const _: () = assert!(Replicas::BATCH == BLOCK_REPLICAS << BATCH_LEVEL);
/// Most blocks computed between two sums: keeps memory bounded, and the threads busy.
const BLOCKS_AT_ONCE: usize = 256;
/// Most replicas whose observables are kept at a time.
pub const REPLICAS_AT_ONCE: u64 = BLOCK_REPLICAS * BLOCKS_AT_ONCE as u64;

/// How many replicas one point gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    replicas: Replicas,
    scale: f64,
}

/// One block of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// The point.
    pub point: usize,
    /// Number of the block in this point.
    pub index: u64,
}

impl Budget {
    /// This many; a standard error asked for is that of the observables times `scale`.
    pub fn new(replicas: Replicas, scale: f64) -> Self {
        Self { replicas, scale }
    }

    /// Most replicas.
    pub fn at_most(&self) -> u64 {
        self.replicas.at_most()
    }

    /// Fewest replicas: with a standard error asked for, those before it is looked at.
    pub fn at_least(&self) -> u64 {
        match self.target_stderr() {
            Some(_) => self.at_most().min(Replicas::BATCH),
            None => self.at_most(),
        }
    }

    /// Most blocks.
    pub fn blocks(&self) -> u64 {
        self.at_most().div_ceil(BLOCK_REPLICAS)
    }

    /// Replicas of a block; the last one may have fewer.
    pub fn replicas_of(&self, block: u64) -> Range<u64> {
        block * BLOCK_REPLICAS..((block + 1) * BLOCK_REPLICAS).min(self.at_most())
    }

    /// Highest level of subtrees in which this point may be stored: where one looks at the standard error, a prefix must end.
    pub fn highest_level(&self) -> u32 {
        if self.replicas.target_stderr().is_some() { BATCH_LEVEL } else { 63 }
    }

    /// Standard error asked for.
    pub fn target_stderr(&self) -> Option<f64> {
        self.replicas.target_stderr()
    }

    /// The end of the batch that comes after this many blocks.
    fn next_stop(&self, blocks: u64) -> u64 {
        match self.target_stderr() {
            Some(_) => (blocks + (1 << BATCH_LEVEL)).min(self.blocks()),
            None => self.blocks(),
        }
    }

    /// Standard error reached, as it is compared with the one asked for.
    pub fn stderr(&self, moments: &Moments) -> f64 {
        moments.largest_stderr() * self.scale
    }

    /// The standard error reached and the one asked for, where the most replicas allowed were too few.
    pub fn missed(&self, moments: &Moments) -> Option<(f64, f64)> {
        let reached = self.stderr(moments);
        self.target_stderr().filter(|target| !(reached <= *target)).map(|target| (reached, target))
    }

    /// Whether this sum needs no more blocks: all are there, or a batch ends and the standard error is reached.
    pub fn is_done(&self, prefix: &Prefix) -> bool {
        let blocks = prefix.blocks();
        let reached =
            |target| blocks > 0 && blocks.is_multiple_of(1 << BATCH_LEVEL) && self.stderr(&prefix.total()) <= target;
        blocks == self.blocks() || self.target_stderr().is_some_and(reached)
    }
}

/// Sums the blocks of all points, each until its budget is done. `task` gives the observables of a replica of a point.
pub fn sweep(
    budgets: &[Budget],
    task: impl Fn(usize, u64) -> Result<Vec<f64>, SimulationError> + Sync,
) -> Result<Vec<Prefix>, SimulationError> {
    let mut prefixes = vec![Prefix::default(); budgets.len()];
    loop {
        let due: Vec<(usize, Range<u64>)> = (budgets.iter().zip(&prefixes).enumerate())
            .filter(|(_, (budget, prefix))| !budget.is_done(prefix))
            .map(|(point, (budget, prefix))| (point, prefix.blocks()..budget.next_stop(prefix.blocks())))
            .collect();
        if due.is_empty() {
            return Ok(prefixes);
        }
        let blocks = due.into_iter().flat_map(|(point, range)| range.map(move |index| Block { point, index }));
        each_block(budgets, blocks, &task, |block, moments| {
            // a single block fits everywhere
            let _ = prefixes[block.point].push(0, moments);
        })?;
    }
}

/// Computes these blocks in parallel and hands them on one by one in their order.
pub fn each_block(
    budgets: &[Budget],
    blocks: impl Iterator<Item = Block>,
    task: impl Fn(usize, u64) -> Result<Vec<f64>, SimulationError> + Sync,
    mut take: impl FnMut(Block, Moments),
) -> Result<(), SimulationError> {
    let mut blocks = blocks.peekable();
    while blocks.peek().is_some() {
        let some: Vec<Block> = blocks.by_ref().take(BLOCKS_AT_ONCE).collect();
        let replicas_of = |block: &Block| budgets[block.point].replicas_of(block.index);
        let replicas: Vec<(usize, u64)> =
            some.iter().flat_map(|block| replicas_of(block).map(|replica| (block.point, replica))).collect();
        // in parallel over replicas, since blocks of wide networks are few
        let observed = parallel_map(&replicas, |&(point, replica)| task(point, replica))?;
        let mut rest = observed.as_slice();
        let parts: Vec<(Range<u64>, &[Vec<f64>])> = some
            .iter()
            .map(|block| {
                let range = replicas_of(block);
                let part;
                (part, rest) = rest.split_at((range.end - range.start) as usize);
                (range, part)
            })
            .collect();
        let summed = parallel_map(&parts, |(range, values)| {
            let mut moments = Moments::default();
            for (replica, values) in range.clone().zip(*values) {
                moments.push(replica, values)?;
            }
            Ok::<_, SimulationError>(moments)
        })?;
        some.into_iter().zip(summed).for_each(|(block, moments)| take(block, moments));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Estimate, with_threads};

    /// A value with no pattern, from a point and a replica.
    fn value(point: usize, replica: u64) -> f64 {
        let mixed = (replica + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17 + point as u32);
        (mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    }

    fn task(point: usize, replica: u64) -> Result<Vec<f64>, SimulationError> {
        Ok(vec![value(point, replica), 3.0])
    }

    fn fixed(count: u64) -> Budget {
        Budget::new(Replicas::fixed(count).expect("allowed"), 1.0)
    }

    fn until(target: f64, at_most: u64) -> Budget {
        Budget::new(Replicas::until(target, at_most).expect("allowed"), 1.0)
    }

    #[test]
    fn all_threads_give_the_same_bits() {
        let budgets = [fixed(30), fixed(64), fixed(20_000), until(0.006, 5_000), until(1e-9, 2_100)];
        let run = |threads| with_threads(Some(threads), || sweep(&budgets, task)).expect("threads").expect("finite");
        let one = run(1);
        assert_eq!(run(2), one);
        assert_eq!(run(5), one);
        for (point, count) in [(0, 30), (1, 64), (2, 20_000), (4, 2_100)] {
            let values: Vec<f64> = (0..count).map(|replica| value(point, replica)).collect();
            let (found, exact) = (one[point].total().mean(0), Estimate::of(&values));
            assert_eq!(found.replicas as u64, count);
            assert!((found.mean - exact.mean).abs() < 1e-15);
            assert!((found.stderr.expect("many") / exact.stderr.expect("many") - 1.0).abs() < 1e-13);
        }
    }

    #[test]
    fn batches_run_until_the_standard_error_is_reached_and_no_further() {
        // sd 0.29: some 2300 replicas
        let target = 0.006;
        let total = sweep(&[until(target, 100_000)], task).expect("finite")[0].total();
        assert!(total.count() == 3 * Replicas::BATCH && total.largest_stderr() <= target, "{}", total.count());
        let before = sweep(&[fixed(2 * Replicas::BATCH)], task).expect("finite")[0].total();
        assert!(before.largest_stderr() > target);
        // the very bits of a fixed number
        assert_eq!(sweep(&[fixed(3 * Replicas::BATCH)], task).expect("finite")[0].total(), total);
        // a scale of the observables counts
        let scaled = Budget::new(Replicas::until(0.06, 100_000).expect("allowed"), 10.0);
        assert_eq!(sweep(&[scaled], task).expect("finite")[0].total(), total);
        // without spread, one batch
        let constant = sweep(&[until(1e-300, 100_000)], |_, _| Ok(vec![0.1])).expect("finite");
        assert_eq!(constant[0].total().count(), Replicas::BATCH);
    }

    #[test]
    fn the_first_error_in_order_wins() {
        let task = |point: usize, replica: u64| {
            if point == 1 && replica >= 40 { Ok(vec![f64::NAN]) } else { task(point, replica) }
        };
        let run = |threads| with_threads(Some(threads), || sweep(&[fixed(100), fixed(100)], task)).expect("threads");
        for threads in [1, 3] {
            assert_eq!(run(threads), Err(SimulationError::Observable { observable: 0, replica: 40 }));
        }
    }
}
