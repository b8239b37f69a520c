//! Tests of one hypothesis: how many standard deviations, and a probability that is not too small.

use neurodyn_numerics::elementary::{erfc, exp, ln, pow};
use neurodyn_numerics::statistics::{chi_squared_tail, normal_critical};
use serde::Serialize;

/// What a test looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The sum of squares of the weights, where the scale is given.
    WeightScale,
    /// The mean of the weights.
    WeightMean,
    /// The law of single weights.
    WeightLaw,
    /// The largest weight.
    LargestWeight,
    /// The lengths of rows, the weights of one neuron.
    Rows,
    /// The lengths of columns, the weights that one neuron feeds.
    Columns,
    /// Products of neighbours in a row.
    NeighboursInRows,
    /// Products of neighbours in a column.
    NeighboursInColumns,
    /// Products of weights there and back, of a square matrix.
    Transposed,
    /// Products with the weights of the layer before, of the same shape.
    LayerBefore,
    /// The largest singular value.
    LargestSingularValue,
    /// The sum of squares of the biases, where the scale is given.
    BiasScale,
    /// The mean of the biases.
    BiasMean,
    /// The law of single biases.
    BiasLaw,
    /// Preactivations on the data, whitened by what they should be given the layer before.
    OnData,
}

impl What {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            What::WeightScale => "scale of the weights",
            What::WeightMean => "mean of the weights",
            What::WeightLaw => "law of the weights",
            What::LargestWeight => "largest weight",
            What::Rows => "lengths of rows",
            What::Columns => "lengths of columns",
            What::NeighboursInRows => "neighbours in rows",
            What::NeighboursInColumns => "neighbours in columns",
            What::Transposed => "weights there and back",
            What::LayerBefore => "weights of the layer before",
            What::LargestSingularValue => "largest singular value",
            What::BiasScale => "scale of the biases",
            What::BiasMean => "mean of the biases",
            What::BiasLaw => "law of the biases",
            What::OnData => "preactivations on the data",
        }
    }
}

/// A test and its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Test {
    /// What it looks at.
    pub what: What,
    /// Standard deviations of a normal variable that would be as unlikely, with the sign of the deviation where there is one.
    pub z: f64,
    /// Probability of that or more under the ensemble, or a bound on it.
    pub p: f64,
}

impl Test {
    /// Of a standard normal variable.
    pub(crate) fn normal(what: What, z: f64) -> Test {
        // what is not a number deviates
        let z = if z.is_nan() { f64::INFINITY } else { z };
        Test { what, z, p: erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2) }
    }

    /// Of a logarithm of a probability, or a bound on it, and a sign.
    pub(crate) fn of_log(what: What, log: f64, sign: f64) -> Test {
        let log = if log.is_nan() { f64::NEG_INFINITY } else { log.min(0.0) };
        Test { what, z: sign * deviations(log), p: exp(log) }
    }

    /// Of a `chi^2` variable.
    pub(crate) fn chi_squared(what: What, x: f64, dof: f64) -> Test {
        let (log, sign) = chi_squared_log(x, dof);
        Test::of_log(what, log, sign)
    }
}

/// Standard deviations at which both tails of a normal variable have this probability.
fn deviations(log: f64) -> f64 {
    if log > -600.0 {
        return normal_critical(exp(log));
    }
    // the tail is a parabola in the logarithm
    let square = -2.0 * log;
    (square - ln(0.5 * std::f64::consts::PI * square)).max(0.0).sqrt()
}

/// From so many degrees of freedom on a `chi^2` variable is as good as normal after the cube root (Wilson and Hilferty, PNAS 17 (1931) 684).
const MANY: f64 = 1000.0;

/// Logarithm of the two-sided probability of a `chi^2` variable, and on which side it is.
pub(crate) fn chi_squared_log(x: f64, dof: f64) -> (f64, f64) {
    if dof >= MANY || x > 20.0 * dof + 1000.0 {
        let unit = 2.0 / (9.0 * dof);
        let z = (pow(x / dof, 1.0 / 3.0) - (1.0 - unit)) / unit.sqrt();
        return (normal_log(z.abs()), z.signum());
    }
    let tail = chi_squared_tail(x, dof);
    let (side, sign) = if tail < 0.5 { (tail, 1.0) } else { ((1.0 - tail).max(1e-300), -1.0) };
    (ln((2.0 * side).clamp(1e-300, 1.0)), sign)
}

/// Logarithm of `P(|Z| > z)`.
pub(crate) fn normal_log(z: f64) -> f64 {
    if z < 36.0 {
        return ln(erfc(z * std::f64::consts::FRAC_1_SQRT_2));
    }
    -0.5 * z * z - ln(z * (0.5 * std::f64::consts::PI).sqrt())
}

/// Logarithm of a bound on the probability that any of so many has this one.
pub(crate) fn any_of(log: f64, count: usize) -> f64 {
    (log + ln(count.max(1) as f64)).min(0.0)
}

/// Logarithm of the bound of Massart (Ann. Probab. 18 (1990) 1269) on the probability that an empirical distribution function of so many values is
/// anywhere this far from the true one.
pub(crate) fn massart_log(distance: f64, count: usize) -> f64 {
    (std::f64::consts::LN_2 - 2.0 * count as f64 * distance * distance).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_chi_squared_meet() {
        for z in [-4.0f64, -1.0, 0.5, 4.5] {
            let dof = MANY - 1.0;
            let x = dof + z * (2.0 * dof).sqrt();
            let exact = chi_squared_log(x, dof);
            let near = chi_squared_log(x * (dof + 1.0) / dof, dof + 1.0);
            assert_eq!(exact.1, near.1);
            assert!((exact.0 - near.0).abs() < 0.03 * (1.0 + exact.0.abs()), "{z}: {exact:?} {near:?}");
        }
    }

    #[test]
    fn deviations_go_with_probabilities() {
        for z in [0.5, 3.0, 10.0, 33.0, 60.0] {
            let test = Test::of_log(What::Rows, normal_log(z), 1.0);
            assert!((test.z - z).abs() < 1e-3 * z, "{z}: {test:?}");
        }
        assert_eq!(Test::normal(What::Rows, f64::NAN).p, 0.0);
    }
}
