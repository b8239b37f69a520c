//! Laws of single weights: which of those that frameworks draw from fits.

use super::evidence::massart_log;
use neurodyn_numerics::elementary::normal_cdf;
use serde::Serialize;

/// A law of weights, of mean 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Law {
    /// Normal.
    Normal,
    /// Uniform, as `nn.Linear` draws.
    Uniform,
    /// Normal, cut off at two standard deviations, as Keras and Flax draw.
    TruncatedNormal,
    /// Rows or columns at right angles to each other.
    Orthogonal,
    /// All of them 0.
    Zero,
    /// None of these.
    Other,
}

/// Standard deviation of a standard normal variable that is cut off at 2.
pub(crate) const CUT: f64 = 0.879_625_661_034_239_8;
/// `P(|Z| < 2)`.
const WITHIN: f64 = 0.954_499_736_103_641_6;

impl Law {
    /// Laws of independent weights.
    pub const INDEPENDENT: [Law; 3] = [Law::Normal, Law::Uniform, Law::TruncatedNormal];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Law::Normal => "normal",
            Law::Uniform => "uniform",
            Law::TruncatedNormal => "truncated normal",
            Law::Orthogonal => "orthogonal",
            Law::Zero => "zero",
            Law::Other => "other",
        }
    }

    /// `P(X < x)` at standard deviation 1.
    pub(crate) fn cdf(self, x: f64) -> f64 {
        match self {
            Law::Uniform => (0.5 + x / 12f64.sqrt()).clamp(0.0, 1.0),
            Law::TruncatedNormal => ((normal_cdf((x * CUT).clamp(-2.0, 2.0)) - 0.5) / WITHIN + 0.5).clamp(0.0, 1.0),
            _ => normal_cdf(x),
        }
    }

    /// `E[X^4] / E[X^2]^2`.
    pub(crate) fn kurtosis(self) -> f64 {
        match self {
            Law::Uniform => 1.8,
            Law::TruncatedNormal => 2.365_5,
            _ => 3.0,
        }
    }

    /// Largest value at standard deviation 1, where there is one.
    pub(crate) fn bound(self) -> Option<f64> {
        match self {
            Law::Uniform => Some(3f64.sqrt()),
            Law::TruncatedNormal => Some(2.0 / CUT),
            _ => None,
        }
    }
}

/// Bins of a histogram of weights.
const BINS: usize = 4096;
/// Where it ends, in units of its scale.
const END: f64 = 8.0;

/// A histogram of weights, in units of a scale.
pub(crate) struct Histogram {
    scale: f64,
    count: usize,
    /// Numbers of values below each edge, and of all.
    below: Vec<usize>,
}

impl Histogram {
    pub(crate) fn new(values: &[f64], scale: f64) -> Self {
        let mut counts = vec![0usize; BINS + 2];
        let (inverse, per_unit) = (1.0 / scale, BINS as f64 / (2.0 * END));
        for value in values {
            // the first and the last are for what is beyond; a conversion ends at 0
            let place = (value * inverse + END) * per_unit + 1.0;
            counts[(place as usize).min(BINS + 1)] += 1;
        }
        let mut total = 0;
        let below = counts[..=BINS].iter().map(|count| {
            total += count;
            total
        });
        let below = below.collect();
        Self { scale, count: values.len(), below }
    }

    /// Largest distance of the distribution functions at the edges of bins, from this law at this standard deviation. At fewer places than all
    /// it can only be smaller.
    pub(crate) fn distance(&self, law: Law, sd: f64) -> f64 {
        let step = 2.0 * END / BINS as f64 * self.scale / sd;
        let far = |(index, &below): (usize, &usize)| {
            let edge = (index as f64 - 0.5 * BINS as f64) * step;
            (below as f64 / self.count as f64 - law.cdf(edge)).abs()
        };
        self.below.iter().enumerate().map(far).fold(0.0, f64::max)
    }

    /// Logarithm of a bound on the probability of such a distance.
    pub(crate) fn log(&self, law: Law, sd: f64) -> f64 {
        massart_log(self.distance(law, sd), self.count)
    }

    /// The laws of independent weights that are not excluded at their own standard deviation, the likeliest first, but the normal law before all.
    pub(crate) fn possible(&self) -> Vec<Law> {
        let logs = Law::INDEPENDENT.map(|law| (law, self.log(law, self.scale)));
        let mut possible: Vec<(Law, f64)> = logs.into_iter().filter(|(_, log)| *log > EXCLUDED).collect();
        possible
            .sort_by(|(a, left), (b, right)| (*b == Law::Normal).cmp(&(*a == Law::Normal)).then(right.total_cmp(left)));
        possible.into_iter().map(|(law, _)| law).collect()
    }
}

/// Logarithm of the probability below which a law is excluded, one in a thousand.
const EXCLUDED: f64 = -6.9;

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_random::{Address, Normals, Role, uniform};

    #[test]
    fn laws_are_told_apart() {
        let stream = || Address { seed: 1, role: Role::WEIGHTS, point: 0, replica: 0 }.stream(0, 0);
        let count = 20_000;
        let normal: Vec<f64> = Normals::new(stream()).take(count).collect();
        let truncated: Vec<f64> = Normals::new(stream()).filter(|z| z.abs() < 2.0).take(count).collect();
        let mut words = stream();
        let even: Vec<f64> = (0..count).map(|_| 2.0 * uniform(words.word()) - 1.0).collect();
        for (values, law) in [(normal, Law::Normal), (even.clone(), Law::Uniform), (truncated, Law::TruncatedNormal)] {
            let square = values.iter().map(|value| value * value).sum::<f64>() / count as f64;
            assert_eq!(Histogram::new(&values, square.sqrt()).possible(), [law]);
            let fourth = values.iter().map(|value| value * value * value * value).sum::<f64>() / count as f64;
            assert!((fourth / (square * square) - law.kurtosis()).abs() < 0.1, "{law:?}");
        }
        let cubes: Vec<f64> = even.iter().map(|value| value * value * value).collect();
        let square = cubes.iter().map(|value| value * value).sum::<f64>() / count as f64;
        assert!(Histogram::new(&cubes, square.sqrt()).possible().is_empty());
    }
}
