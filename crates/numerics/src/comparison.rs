//! A Monte Carlo mean against its theory: their difference in standard errors, and how much of it may be rounding.

/// Half the distance from 1 to the next number: the largest relative error of one rounded operation.
const UNIT: f64 = f64::EPSILON / 2.0;
/// Replicas that are averaged one after the other; means of blocks of so many are joined in a binary tree.
const BLOCK: f64 = 64.0;
/// Roundings of each value beyond those of averaging.
const OPERATIONS: f64 = 8.0;
/// Difference allowed where nothing is random, relative to the cell: values that follow from inputs alone are sums over coordinates in eight
/// lanes, `n / 8` roundings at most. This is what 72 000 coordinates may reach at worst, and millions do not reach in practice, where
/// roundings do not all have one sign.
const EXACT: f64 = 1e-12;
/// The same relative to the largest value of the column: a zero may come out of a difference of such values, [`OPERATIONS`] roundings each.
const EXACT_COLUMN: f64 = 1e-15;
/// Up to here nothing is remarkable.
const PLAIN: f64 = 2.0;

/// One mean over replicas beside what is expected of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Mean over replicas.
    pub mc: f64,
    /// Its standard error.
    pub stderr: f64,
    /// Number of replicas.
    pub replicas: f64,
    /// Theory.
    pub theory: f64,
    /// What is added to theory.
    pub correction: f64,
}

impl Comparison {
    /// Replicas where a table does not say how many: as many as leave most rounding before means are joined.
    pub const UNKNOWN: f64 = BLOCK;

    /// Mean minus theory and correction.
    pub fn difference(&self) -> f64 {
        self.mc - self.theory - self.correction
    }

    /// A bound on what rounding alone makes of the difference:
    /// `u ((a + 8) |mc| + 8 |theory| + 8 |correction|)`, `u = 2^-53`.
    ///
    /// *Averaging.* Step `k` of a running mean adds `(x_k - m) / k` to `m` and rounds once, by at most `u |m|`; the later steps up to `N`
    /// multiply that error by `k / N`, so `N` steps leave at most `(N + 1) / 2` roundings. (Those of `x_k - m` are `u` times the spread, of
    /// which the standard error is the measure.) Joining two means rounds once more and averages the errors they have. With blocks of 64,
    /// `a = (min(N, 64) + 1) / 2 + ceil(log2(N / 64))`. Compensated sums leave less.
    ///
    /// *Values.* A value of one replica is rounded when it is formed from sums over neurons, and in the unit that the table shows; so are
    /// theory and correction: a few operations of results as large as the value, taken as 8. Sums over `n` neurons themselves may be
    /// `u n / 8` off at worst, but they differ between replicas by about `n^(-1/2)`, far more.
    ///
    /// What spreads less than it rounds is a constant and something tiny, such as `1 - D` for `D = 1e-15`, so the size of the value is the
    /// size of what is rounded.
    pub fn rounding(&self) -> f64 {
        let joined = self.replicas / BLOCK;
        let levels =
            if joined > 1.0 { f64::from((joined.ceil() as u64).next_power_of_two().trailing_zeros()) } else { 0.0 };
        let averaging = (self.replicas.min(BLOCK) + 1.0) / 2.0 + levels;
        UNIT * ((averaging + OPERATIONS) * self.mc.abs() + OPERATIONS * (self.theory.abs() + self.correction.abs()))
    }

    /// The difference in standard errors. Beyond 2 rounding is taken off first, down to 2 at most, so a mean that differs from theory in
    /// the last place is not far away because its standard error is smaller still; `|z| > t` says `|difference| > t stderr + rounding` for
    /// every `t` from 2 on.
    pub fn z(&self) -> f64 {
        let z = self.difference() / self.stderr;
        if z.abs() <= PLAIN {
            return z;
        }
        z.signum() * ((self.difference().abs() - self.rounding()) / self.stderr).max(PLAIN)
    }

    /// Whether a value without spread is what it should be, in a column whose largest value is this.
    pub fn is_exact(&self, largest: f64) -> bool {
        self.difference().abs() <= EXACT * self.mc.abs().max(self.theory.abs()) + EXACT_COLUMN * largest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn comparison(mc: f64, stderr: f64, replicas: f64) -> Comparison {
        Comparison { mc, stderr, replicas, theory: 1.0, correction: 0.0 }
    }

    #[test]
    fn an_ulp_is_no_difference_and_a_hundred_are() {
        // standard error 0.12 ulp
        let ulp = f64::EPSILON;
        let near = comparison(1.0 + ulp, 0.12 * ulp, 60.0);
        assert!((near.difference() / near.stderr - 8.3).abs() < 0.1);
        assert_eq!(near.z(), 2.0);
        assert_eq!(comparison(1.0 - ulp, 0.12 * ulp, 60.0).z(), -2.0);
        // a large sample resolves 100 ulp: 62.5 units of rounding are 31.25 ulp at 1
        let far = comparison(1.0 + 100.0 * ulp, ulp, 1e6);
        assert!((far.rounding() / UNIT - (32.5 + 14.0 + 16.0)).abs() < 1e-6, "{}", far.rounding() / UNIT);
        assert!((far.z() - 68.75).abs() < 1e-6, "{}", far.z());
    }

    #[test]
    fn the_bound_counts_replicas_up_to_a_block_and_levels_beyond() {
        let units = |replicas: f64| comparison(1.0, 0.0, replicas).rounding() / UNIT - 2.0 * OPERATIONS;
        for (replicas, expected) in [(1.0, 1.0), (30.0, 15.5), (64.0, 32.5), (65.0, 33.5), (128.0, 33.5), (129.0, 34.5)]
        {
            assert!((units(replicas) - expected).abs() < 1e-9, "{replicas}: {}", units(replicas));
        }
    }

    #[test]
    fn ordinary_differences_are_what_they_were() {
        let plain = Comparison { mc: 0.51, stderr: 0.002, replicas: 400.0, theory: 0.5, correction: 1e-4 };
        let ratio = plain.difference() / plain.stderr;
        assert!(ratio > 4.0 && (plain.z() / ratio - 1.0).abs() < 1e-11);
    }

    proptest! {
        #[test]
        fn further_away_is_never_nearer(a in -300.0..300.0f64, b in -300.0..300.0f64, stderr in 0.01..50.0f64) {
            let at = |ulps: f64| comparison(1.0 + ulps * f64::EPSILON, stderr * f64::EPSILON, 1000.0);
            let (a, b) = (at(a), at(b));
            prop_assert!(a.difference() > b.difference() || a.z() <= b.z());
        }

        #[test]
        fn a_running_mean_rounds_less_than_the_bound(values in proptest::collection::vec(0.5..1.0f64, 30..64)) {
            // against the exact sum in integers of 2^-60
            let exact: i128 = values.iter().map(|x| (x * 1_152_921_504_606_846_976.0) as i128).sum();
            let (mut mean, mut count) = (0.0, 0.0);
            for x in &values {
                count += 1.0;
                mean += (x - mean) / count;
            }
            let off = (mean * 1_152_921_504_606_846_976.0) as i128 * values.len() as i128 - exact;
            let off = off as f64 / 1_152_921_504_606_846_976.0 / count;
            prop_assert!(off.abs() <= UNIT * ((count + 1.0) / 2.0 + 4.0) * mean, "{}", off / UNIT);
        }
    }
}
