//! Count, mean and central sums of several observables, one value a replica, and their sum over blocks of replicas in a fixed
//! tree.

use super::{Estimate, SimulationError};

/// Mean `m` and central sums `S_p = sum (x - m)^p`, `p` = 2, 3, 4, of one observable.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Central {
    mean: f64,
    second: f64,
    third: f64,
    fourth: f64,
}

/// Moments of the observables of a number of replicas: all that means, variances and the standard errors of both need.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moments {
    count: u64,
    observables: Vec<Central>,
}

impl Moments {
    /// Adds one replica (Welford's update, to fourth order as in Pebay, Sandia report SAND2008-6212, equations 2.1 with one
    /// new value). Refuses numbers that are not finite, and another number of observables than before.
    pub fn push(&mut self, replica: u64, values: &[f64]) -> Result<(), SimulationError> {
        if let Some(observable) = values.iter().position(|value| !value.is_finite()) {
            return Err(SimulationError::Observable { observable, replica });
        }
        if self.count == 0 {
            self.observables = vec![Central::default(); values.len()];
        } else if self.observables.len() != values.len() {
            return Err(SimulationError::Observables {
                expected: self.observables.len(),
                found: values.len(),
                replica,
            });
        }
        let before = self.count as f64;
        self.count += 1;
        let n = self.count as f64;
        for (c, &value) in self.observables.iter_mut().zip(values) {
            let delta = value - c.mean;
            let step = delta / n;
            let square = delta * step * before;
            c.mean += step;
            c.fourth +=
                square * step * step * (n * n - 3.0 * n + 3.0) + 6.0 * step * step * c.second - 4.0 * step * c.third;
            c.third += square * step * (n - 2.0) - 3.0 * step * c.second;
            c.second += square;
        }
        Ok(())
    }

    /// Moments of two disjoint sets of replicas together (Pebay, SAND2008-6212, equations 2.1, 2.2 and 3.1).
    pub fn join(&self, other: &Self) -> Self {
        if self.count == 0 {
            return other.clone();
        }
        if other.count == 0 {
            return self.clone();
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let n = a + b;
        let join = |(x, y): (&Central, &Central)| {
            let delta = y.mean - x.mean;
            let step = delta / n;
            let square = delta * step * a * b;
            Central {
                mean: x.mean + step * b,
                second: x.second + y.second + square,
                third: x.third + y.third + square * step * (a - b) + 3.0 * step * (a * y.second - b * x.second),
                fourth: x.fourth
                    + y.fourth
                    + square * step * step * (a * a - a * b + b * b)
                    + 6.0 * step * step * (a * a * y.second + b * b * x.second)
                    + 4.0 * step * (a * y.third - b * x.third),
            }
        };
        Self {
            count: self.count + other.count,
            observables: self.observables.iter().zip(&other.observables).map(join).collect(),
        }
    }

    /// Number of replicas.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Number of observables.
    pub fn observables(&self) -> usize {
        self.observables.len()
    }

    /// An observable; not a number where there is none such, as in a file that was tampered with.
    fn central(&self, observable: usize) -> Central {
        let none = Central { mean: f64::NAN, second: f64::NAN, third: f64::NAN, fourth: f64::NAN };
        self.observables.get(observable).copied().unwrap_or(none)
    }

    /// Mean of an observable with its standard error `sqrt(S_2 / (N - 1) / N)`.
    pub fn mean(&self, observable: usize) -> Estimate {
        let (n, c) = (self.count as f64, self.central(observable));
        let stderr = (self.count > 1).then(|| (c.second / (n - 1.0) / n).sqrt());
        Estimate { mean: c.mean, stderr, replicas: self.count as usize }
    }

    /// Unbiased variance of an observable with its standard error `sqrt((m_4 - m_2^2 (N - 3) / (N - 1)) / N)`,
    /// `m_p = S_p / N`.
    pub fn variance(&self, observable: usize) -> Estimate {
        let (n, c) = (self.count as f64, self.central(observable));
        let (second, fourth) = (c.second / n, c.fourth / n);
        let stderr = (self.count > 3).then(|| ((fourth - second * second * (n - 3.0) / (n - 1.0)).max(0.0) / n).sqrt());
        Estimate { mean: second * n / (n - 1.0), stderr, replicas: self.count as usize }
    }

    /// Largest standard error of the means; infinite for a single replica, and where squares overflow.
    pub fn largest_stderr(&self) -> f64 {
        let stderr = |observable| self.mean(observable).stderr.filter(|x| !x.is_nan()).unwrap_or(f64::INFINITY);
        (0..self.observables()).map(stderr).fold(0.0, f64::max)
    }

    /// Mean and central sums of orders 2, 3, 4 of each observable, for storage.
    pub fn parts(&self) -> Vec<[f64; 4]> {
        self.observables.iter().map(|c| [c.mean, c.second, c.third, c.fourth]).collect()
    }

    /// What [`Self::parts`] gave; `None` for numbers that no replicas have. (Sums of powers may overflow.)
    pub fn from_parts(count: u64, parts: &[[f64; 4]]) -> Option<Self> {
        let valid = |[mean, second, ..]: &[f64; 4]| mean.is_finite() && !(*second < 0.0);
        let observables = |&[mean, second, third, fourth]: &[f64; 4]| Central { mean, second, third, fourth };
        (count > 0 && parts.iter().all(valid))
            .then(|| Self { count, observables: parts.iter().map(observables).collect() })
    }
}

/// The sum of blocks `0, 1, 2, ...` of a point, in a tree that depends on their number alone: complete subtrees of `2^level`
/// blocks are joined as a binary counter carries, so every prefix is defined, whoever computed its subtrees.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prefix {
    blocks: u64,
    /// Subtrees by falling level: the binary digits of `blocks`.
    subtrees: Vec<(u32, Moments)>,
}

impl Prefix {
    /// Adds the next `2^level` blocks. Their first one must be a multiple of their number, or this is `None`.
    #[must_use]
    pub fn push(&mut self, level: u32, moments: Moments) -> Option<()> {
        let size = 1u64.checked_shl(level)?;
        if !self.blocks.is_multiple_of(size) {
            return None;
        }
        let (mut level, mut moments) = (level, moments);
        while let Some((_, left)) = self.subtrees.pop_if(|(other, _)| *other == level) {
            moments = left.join(&moments);
            level += 1;
        }
        self.subtrees.push((level, moments));
        self.blocks += size;
        Some(())
    }

    /// Number of blocks so far.
    pub fn blocks(&self) -> u64 {
        self.blocks
    }

    /// Their sum.
    pub fn total(&self) -> Moments {
        let right_to_left = self.subtrees.iter().rev().map(|(_, moments)| moments);
        right_to_left.fold(Moments::default(), |right, left| left.join(&right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moments(values: &[Vec<f64>]) -> Moments {
        let mut moments = Moments::default();
        for (replica, values) in values.iter().enumerate() {
            moments.push(replica as u64, values).expect("finite");
        }
        moments
    }

    fn close(found: f64, exact: f64, scale: f64) -> bool {
        (found - exact).abs() <= 1e-12 * scale
    }

    proptest! {
        /// Any split into consecutive blocks gives the two-pass numbers.
        #[test]
        fn blocks_agree_with_two_passes(
            values in proptest::collection::vec(proptest::collection::vec(-1e3f64..1e3, 2), 1..300),
            shift in -1e3f64..1e3,
            size in 1usize..70,
        ) {
            let values: Vec<Vec<f64>> = values.into_iter().map(|v| vec![v[0], v[1] * 1e-3 + shift]).collect();
            let mut prefix = Prefix::default();
            for block in values.chunks(size) {
                prefix.push(0, moments(block)).expect("aligned");
            }
            let total = prefix.total();
            prop_assert_eq!(total.count(), values.len() as u64);
            for i in 0..2 {
                let column: Vec<f64> = values.iter().map(|v| v[i]).collect();
                let n = column.len() as f64;
                let mean = column.iter().sum::<f64>() / n;
                let power = |x: f64, p: usize| std::iter::repeat_n(x, p).product::<f64>();
                let sums = |p: usize| column.iter().map(|x| power(x - mean, p)).sum::<f64>();
                let size = column.iter().fold(0.0f64, |m, x| m.max((x - mean).abs())) + 1e-13 * shift.abs();
                // each number carries a rounding of about 1e-15 shift, felt p times by a power
                let scale = |p: usize| power(size, p) + p as f64 * power(size, p - 1) * 1e-3 * shift.abs();
                let [m, second, third, fourth] = total.parts()[i];
                prop_assert!(close(m, mean, size + shift.abs()));
                prop_assert!(close(second, sums(2), n * scale(2)), "{second} {}", sums(2));
                prop_assert!(close(third, sums(3), n * scale(3)), "{third} {}", sums(3));
                prop_assert!(close(fourth, sums(4), n * scale(4)), "{fourth} {}", sums(4));
                let (mean, variance) = (Estimate::of(&column), Estimate::variance_of(&column));
                prop_assert!(close(total.mean(i).mean, mean.mean, size + shift.abs()));
                if let (Some(found), Some(exact)) = (total.mean(i).stderr, mean.stderr) {
                    prop_assert!(close(found, exact, scale(1)));
                }
                if let (Some(found), Some(exact)) = (total.variance(i).stderr, variance.stderr) {
                    prop_assert!((found * found - exact * exact).abs() <= 1e-12 * scale(4));
                }
            }
        }

        /// Subtrees summed elsewhere, cut anywhere, give the bits of block after block.
        #[test]
        fn the_tree_depends_on_the_number_of_blocks_alone(
            values in proptest::collection::vec(-1.0f64..1.0, 1..200),
            cuts in proptest::collection::vec(0usize..200, 0..6),
        ) {
            let blocks: Vec<Moments> = values.iter().map(|&x| moments(&[vec![x], vec![x * x]])).collect();
            let mut one_by_one = Prefix::default();
            for block in &blocks {
                one_by_one.push(0, block.clone()).expect("aligned");
            }
            let mut ends: Vec<usize> = cuts.into_iter().map(|cut| cut.min(blocks.len())).collect();
            ends.push(blocks.len());
            ends.sort_unstable();
            let (mut in_pieces, mut at) = (Prefix::default(), 0);
            for end in ends {
                while at < end {
                    let level = (0..8).rev().find(|level| at % (1 << level) == 0 && at + (1 << level) <= end).expect("0 fits");
                    let mut piece = Prefix::default();
                    for block in &blocks[at..at + (1 << level)] {
                        piece.push(0, block.clone()).expect("aligned");
                    }
                    in_pieces.push(level, piece.total()).expect("aligned");
                    at += 1 << level;
                }
            }
            prop_assert_eq!(&in_pieces, &one_by_one);
            prop_assert_eq!(in_pieces.total(), one_by_one.total());
        }
    }

    #[test]
    fn constants_have_no_spread() {
        let block = moments(&vec![vec![0.1]; 64]);
        let joined = block.join(&block).join(&moments(&[vec![0.1]]));
        assert_eq!(joined.parts(), [[0.1, 0.0, 0.0, 0.0]]);
        assert_eq!((joined.count(), joined.largest_stderr()), (129, 0.0));
        assert_eq!(moments(&[vec![0.1]]).largest_stderr(), f64::INFINITY);
    }

    #[test]
    fn what_is_not_finite_is_refused_with_its_place() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = Moments::default().push(7, &[1.0, value]).expect_err("not finite");
            assert_eq!(error, SimulationError::Observable { observable: 1, replica: 7 });
            assert_eq!(Moments::from_parts(3, &[[value, 1.0, 0.0, 1.0]]), None);
        }
        let mut moments = moments(&[vec![1.0]]);
        assert!(matches!(moments.push(1, &[1.0, 2.0]), Err(SimulationError::Observables { .. })));
        assert_eq!(Moments::from_parts(0, &[]), None);
        assert_eq!(Moments::from_parts(3, &[[0.0, -1.0, 0.0, 1.0]]), None);
    }

    #[test]
    fn squares_that_overflow_are_never_accurate_enough() {
        let large = moments(&[vec![1e200], vec![-1e200], vec![0.0]]);
        assert_eq!(large.largest_stderr(), f64::INFINITY);
        assert_eq!(large.mean(0).mean, 0.0);
        let parts = large.parts();
        let stored = Moments::from_parts(3, &parts).expect("a mean");
        let bits = |parts: &[[f64; 4]]| parts.concat().into_iter().map(f64::to_bits).collect::<Vec<u64>>();
        assert_eq!(bits(&stored.parts()), bits(&parts));
        assert_eq!(stored.join(&large).largest_stderr(), f64::INFINITY);
    }

    #[test]
    fn misplaced_subtrees_are_refused() {
        let mut prefix = Prefix::default();
        prefix.push(0, Moments::default()).expect("aligned");
        assert_eq!(prefix.push(1, Moments::default()), None);
        assert_eq!(prefix.push(64, Moments::default()), None);
    }
}
