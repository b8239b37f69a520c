//! Perceptrons with one hidden layer, `f(x) = sum_i w_i phi(J_i . x)`, `x ~ N(0, I_N)`: students and teachers of singular learning.

use super::ParameterError;
use crate::numerics::elementary::{erf, normal_cdf, normal_pdf};
use crate::numerics::sum::dot;
use serde::{Deserialize, Serialize};

/// The non-linearity of a hidden unit; both have Gaussian integrals in closed form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sigmoid {
    /// `erf(u / sqrt 2)`; odd.
    ErfSqrt2,
    /// The standard normal distribution function, `(1 + erf(u / sqrt 2)) / 2`.
    GaussCdf,
}

impl Sigmoid {
    /// `phi(u)`.
    #[inline(always)]
    pub fn value(self, u: f64) -> f64 {
        match self {
            Sigmoid::ErfSqrt2 => erf(u * std::f64::consts::FRAC_1_SQRT_2),
            Sigmoid::GaussCdf => normal_cdf(u),
        }
    }

    /// `phi'(u)`.
    #[inline(always)]
    pub fn slope(self, u: f64) -> f64 {
        self.steepness() * normal_pdf(u)
    }

    /// `phi'(u)` relative to the standard normal density.
    #[inline(always)]
    pub fn steepness(self) -> f64 {
        match self {
            Sigmoid::ErfSqrt2 => 2.0,
            Sigmoid::GaussCdf => 1.0,
        }
    }

    /// `E[phi'(w . x)]` at `|w|^2`, `phi'(0) / sqrt(1 + |w|^2)`; `E[phi(w . x) x]` is `w` times that (Stein's identity).
    pub fn mean_slope(self, square: f64) -> f64 {
        self.slope(0.0) / (1.0 + square).sqrt()
    }

    /// Factor of all integrals that hold a derivative of `phi` (and of `E[phi phi]` less its constant), relative to `erf_sqrt2`.
    pub fn scale(self) -> f64 {
        match self {
            Sigmoid::ErfSqrt2 => 1.0,
            Sigmoid::GaussCdf => 0.25,
        }
    }

    /// `E[phi]^2`.
    pub fn offset(self) -> f64 {
        match self {
            Sigmoid::ErfSqrt2 => 0.0,
            Sigmoid::GaussCdf => 0.25,
        }
    }

    /// Whether `phi(-u) = -phi(u)`.
    pub fn is_odd(self) -> bool {
        self == Sigmoid::ErfSqrt2
    }
}

/// Input weights `J_i` (one row a unit, all of the same length `N`) and output weights `w_i`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Weights", into = "Weights")]
pub struct Perceptron {
    input_weights: Vec<Vec<f64>>,
    output_weights: Vec<f64>,
}

/// The weights as files give them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// `J_i`.
    pub input_weights: Vec<Vec<f64>>,
    /// `w_i`.
    pub output_weights: Vec<f64>,
}

impl TryFrom<Weights> for Perceptron {
    type Error = ParameterError;

    fn try_from(weights: Weights) -> Result<Self, ParameterError> {
        Self::new(weights.input_weights, weights.output_weights)
    }
}

impl From<Perceptron> for Weights {
    fn from(perceptron: Perceptron) -> Self {
        Self { input_weights: perceptron.input_weights, output_weights: perceptron.output_weights }
    }
}

impl Perceptron {
    /// At least one unit and one input; finite weights.
    pub fn new(input_weights: Vec<Vec<f64>>, output_weights: Vec<f64>) -> Result<Self, ParameterError> {
        let bad = |name, found: String, allowed| Err(ParameterError { name, found, allowed });
        let inputs = input_weights.first().map_or(0, Vec::len);
        if inputs == 0 {
            return bad("input_weights", "empty".into(), "one row of at least one number for each unit");
        }
        if let Some(row) = input_weights.iter().find(|row| row.len() != inputs) {
            return bad("input_weights", format!("rows of {inputs} and {} numbers", row.len()), "rows of equal length");
        }
        if output_weights.len() != input_weights.len() {
            let found = format!("{} numbers for {} rows of input_weights", output_weights.len(), input_weights.len());
            return bad("output_weights", found, "one number for each unit");
        }
        if let Some(value) = input_weights.iter().flatten().find(|value| !(value.abs() <= 1e100)) {
            return bad("input_weights", value.to_string(), "numbers of size up to 1e100");
        }
        if let Some(value) = output_weights.iter().find(|value| !(value.abs() <= 1e100)) {
            return bad("output_weights", value.to_string(), "numbers of size up to 1e100");
        }
        Ok(Self { input_weights, output_weights })
    }

    /// Number of hidden units.
    pub fn units(&self) -> usize {
        self.output_weights.len()
    }

    /// Number of inputs `N`.
    pub fn inputs(&self) -> usize {
        self.input_weights[0].len()
    }

    /// `J_i`.
    pub fn input_weights(&self, unit: usize) -> &[f64] {
        &self.input_weights[unit]
    }

    /// `w_i`.
    pub fn output_weight(&self, unit: usize) -> f64 {
        self.output_weights[unit]
    }

    /// `J_i . B_k` with a unit of another perceptron of as many inputs (or of this one).
    pub fn overlap(&self, unit: usize, other: &Self, other_unit: usize) -> f64 {
        dot(&self.input_weights[unit], &other.input_weights[other_unit])
    }

    /// `f(x)`.
    pub fn output(&self, phi: Sigmoid, x: &[f64]) -> f64 {
        let units = self.input_weights.iter().zip(&self.output_weights);
        units.map(|(row, w)| w * phi.value(dot(row, x))).sum()
    }

    /// `grad f(x)`, in the order of [`Perceptron::parameters`].
    pub fn gradient(&self, phi: Sigmoid, x: &[f64]) -> Vec<f64> {
        let fields: Vec<f64> = self.input_weights.iter().map(|row| dot(row, x)).collect();
        let slopes = fields.iter().zip(&self.output_weights).map(|(h, w)| w * phi.slope(*h));
        let inputs = slopes.flat_map(|slope| x.iter().map(move |x| slope * x));
        fields.iter().map(|h| phi.value(*h)).chain(inputs).collect()
    }

    /// The network with all input weights times a factor.
    pub fn with_inputs_scaled(&self, factor: f64) -> Self {
        self.with_rows(self.input_weights.iter().map(|row| row.iter().map(|x| factor * x).collect()).collect())
    }

    /// `w_1, w_2, ..., J_1, J_2, ...` in one list.
    pub fn parameters(&self) -> Vec<f64> {
        self.output_weights.iter().chain(self.input_weights.iter().flatten()).copied().collect()
    }

    /// The perceptron of the same shape with these parameters.
    pub fn with_parameters(&self, parameters: &[f64]) -> Self {
        let (output, input) = parameters.split_at(self.units());
        Self {
            input_weights: input.chunks(self.inputs()).map(<[f64]>::to_vec).collect(),
            output_weights: output.to_vec(),
        }
    }
}

impl Perceptron {
    /// The same output weights with other input weights, one row a unit.
    pub(crate) fn with_rows(&self, input_weights: Vec<Vec<f64>>) -> Self {
        debug_assert_eq!(input_weights.len(), self.units());
        Self { input_weights, output_weights: self.output_weights.clone() }
    }

    /// The same input weights with other output weights.
    pub(crate) fn with_output_weights(mut self, output_weights: &[f64]) -> Self {
        self.output_weights.copy_from_slice(output_weights);
        self
    }
}

/// Coordinates of two units about the singular region: `w = w_1 + w_2`, `v = (w_1 J_1 + w_2 J_2) / w`, `u = J_2 - J_1`,
/// `z = (w_2 - w_1) / w` (Amari, Ozeki, Karakida, Yoshida, Okada 2018). The units are one where `u = 0` or `z = +-1`; swapping
/// them turns `(u, z)` into `(-u, -z)`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SingularCoordinates {
    /// `v`.
    pub v: Vec<f64>,
    /// `w`.
    pub w: f64,
    /// `u`.
    pub u: Vec<f64>,
    /// `z`.
    pub z: f64,
}

impl SingularCoordinates {
    /// Of two units; fails for another number of them and where `w_1 + w_2 = 0`.
    pub fn of(perceptron: &Perceptron) -> Result<Self, ParameterError> {
        let bad = |name, found: String, allowed| Err(ParameterError { name, found, allowed });
        if perceptron.units() != 2 {
            return bad("the number of units", perceptron.units().to_string(), "2 for these coordinates");
        }
        let [w1, w2] = [0, 1].map(|i| perceptron.output_weight(i));
        let w = w1 + w2;
        if w == 0.0 {
            return bad("w1 + w2", "0".into(), "another number: there z is infinite");
        }
        let pairs = || perceptron.input_weights(0).iter().zip(perceptron.input_weights(1));
        Ok(Self {
            v: pairs().map(|(a, b)| (w1 * a + w2 * b) / w).collect(),
            w,
            u: pairs().map(|(a, b)| b - a).collect(),
            z: (w2 - w1) / w,
        })
    }

    /// Back: `w_1 = w (1 - z) / 2`, `w_2 = w (1 + z) / 2`, `J_1 = v - (1 + z) u / 2`, `J_2 = v + (1 - z) u / 2`.
    pub fn perceptron(&self) -> Result<Perceptron, ParameterError> {
        let (left, right) = (0.5 * (1.0 - self.z), 0.5 * (1.0 + self.z));
        let row = |share: f64| self.v.iter().zip(&self.u).map(|(v, u)| v + share * u).collect();
        Perceptron::new(vec![row(-right), row(left)], vec![left * self.w, right * self.w])
    }

    /// Rates of change of the coordinates of two units whose parameters move at `velocity` (in the order of [`Perceptron::parameters`]).
    pub fn rates(perceptron: &Perceptron, velocity: &[f64]) -> Result<Self, ParameterError> {
        let here = Self::of(perceptron)?;
        let n = perceptron.inputs();
        let (w1, w2) = (perceptron.output_weight(0), perceptron.output_weight(1));
        let (output, input) = velocity.split_at(2);
        let (first, second) = input.split_at(n);
        let total = output[0] + output[1];
        let centre = |r: usize| {
            let (a, b) = (perceptron.input_weights(0)[r], perceptron.input_weights(1)[r]);
            (output[0] * a + w1 * first[r] + output[1] * b + w2 * second[r] - total * here.v[r]) / here.w
        };
        Ok(Self {
            v: (0..n).map(centre).collect(),
            w: total,
            u: (0..n).map(|r| second[r] - first[r]).collect(),
            z: (output[1] - output[0] - total * here.z) / here.w,
        })
    }

    /// `|u|`.
    pub fn separation(&self) -> f64 {
        self.u.iter().map(|u| u * u).sum::<f64>().sqrt()
    }

    /// Blow-down coordinates `c_1 = (1 - z^2) |u|^2`, `c_2 = z (1 - z^2) |u|^3`, in which all of the singular region is one point
    /// for each direction `u / |u|`: `f = w phi + (w/8) c_1 phi'' (e . x)^2 - (w/24) c_2 phi''' (e . x)^3 + O(|u|^4)` at `v . x`.
    pub fn blow_down(&self) -> [f64; 2] {
        let (size, open) = (self.separation(), (1.0 - self.z) * (1.0 + self.z));
        [open * size * size, self.z * open * size * size * size]
    }

    /// Rates of the blow-down coordinates, given those of the coordinates: `c_1' = 2 (1 - z^2) u . u' - 2 z z' |u|^2`,
    /// `c_2' = 3 z (1 - z^2) |u| u . u' + (1 - 3 z^2) z' |u|^3`.
    pub fn blow_down_rates(&self, rates: &Self) -> [f64; 2] {
        let (size, open) = (self.separation(), (1.0 - self.z) * (1.0 + self.z));
        let along = dot(&self.u, &rates.u);
        [
            2.0 * open * along - 2.0 * self.z * rates.z * size * size,
            3.0 * self.z * open * size * along + (1.0 - 3.0 * self.z * self.z) * rates.z * size * size * size,
        ]
    }
}

/// Euclidean distance of two units, in their parameters, to where the function is that of one unit:
/// the least of `|J_1 - J_2| / sqrt 2`, `|w_1|`, `|w_2|`, and for odd `phi` also `|J_1 + J_2| / sqrt 2`, `|J_1|`, `|J_2|`.
pub fn distance_to_singular_region(perceptron: &Perceptron, phi: Sigmoid) -> Result<f64, ParameterError> {
    if perceptron.units() != 2 {
        let found = perceptron.units().to_string();
        return Err(ParameterError { name: "the number of units", found, allowed: "2 for the singular region" });
    }
    let (a, b) = (perceptron.input_weights(0), perceptron.input_weights(1));
    let length = |sign_a: f64, sign_b: f64| {
        a.iter().zip(b).map(|(a, b)| (sign_a * a + sign_b * b) * (sign_a * a + sign_b * b)).sum::<f64>().sqrt()
    };
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let mut distances =
        vec![half * length(1.0, -1.0), perceptron.output_weight(0).abs(), perceptron.output_weight(1).abs()];
    if phi.is_odd() {
        distances.extend([half * length(1.0, 1.0), length(1.0, 0.0), length(0.0, 1.0)]);
    }
    Ok(distances.into_iter().fold(f64::INFINITY, f64::min))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn two(parameters: &[f64; 6]) -> Perceptron {
        let rows = vec![parameters[2..4].to_vec(), parameters[4..].to_vec()];
        Perceptron::new(rows, parameters[..2].to_vec()).expect("valid")
    }

    proptest! {
        #[test]
        fn coordinates_go_there_and_back(parameters in proptest::array::uniform6(-2.0f64..2.0)) {
            prop_assume!((parameters[0] + parameters[1]).abs() > 0.2);
            let perceptron = two(&parameters);
            let back = SingularCoordinates::of(&perceptron).expect("two units").perceptron().expect("valid");
            for (a, b) in perceptron.parameters().iter().zip(back.parameters()) {
                prop_assert!((a - b).abs() < 4e-14, "{a} {b}");
            }
            prop_assert_eq!(perceptron.with_parameters(&perceptron.parameters()), perceptron);
        }

        #[test]
        fn swapping_units_turns_u_and_z(parameters in proptest::array::uniform6(-2.0f64..2.0)) {
            prop_assume!((parameters[0] + parameters[1]).abs() > 0.2);
            let [w1, w2, a, b, c, d] = parameters;
            let here = SingularCoordinates::of(&two(&parameters)).expect("two units");
            let there = SingularCoordinates::of(&two(&[w2, w1, c, d, a, b])).expect("two units");
            prop_assert!((here.z + there.z).abs() < 1e-14 && (here.u[0] + there.u[0]).abs() < 1e-14);
        }
    }

    #[test]
    fn rates_are_those_of_the_coordinates() {
        let (place, velocity) = ([0.7, 0.4, 0.9, -0.2, 0.3, 0.8], [0.3, -0.5, 0.2, 0.7, -0.4, 0.1]);
        let moved = |t: f64| SingularCoordinates::of(&two(&std::array::from_fn(|i| place[i] + t * velocity[i])));
        let (ahead, behind) = (moved(1e-5).expect("two units"), moved(-1e-5).expect("two units"));
        let rates = SingularCoordinates::rates(&two(&place), &velocity).expect("two units");
        let list = |c: &SingularCoordinates| vec![c.v[0], c.v[1], c.w, c.u[0], c.u[1], c.z];
        let here = SingularCoordinates::of(&two(&place)).expect("two units");
        for (c, rate) in here.blow_down_rates(&rates).into_iter().enumerate() {
            let quotient = (ahead.blow_down()[c] - behind.blow_down()[c]) / 2e-5;
            assert!((rate - quotient).abs() < 1e-9, "{rate} {quotient}");
        }
        for ((rate, ahead), behind) in list(&rates).iter().zip(list(&ahead)).zip(list(&behind)) {
            assert!((rate - (ahead - behind) / 2e-5).abs() < 1e-9, "{rates:?}");
        }
    }

    #[test]
    fn the_singular_region_is_at_distance_0() {
        for parameters in
            [[0.5, 0.3, 1.0, 2.0, 1.0, 2.0], [0.0, 0.3, 1.0, 2.0, -0.5, 1.0], [0.5, 0.0, 1.0, 2.0, 3.0, 1.0]]
        {
            for phi in [Sigmoid::ErfSqrt2, Sigmoid::GaussCdf] {
                assert_eq!(distance_to_singular_region(&two(&parameters), phi), Ok(0.0));
            }
        }
        let opposite = two(&[0.5, 0.3, 1.0, 2.0, -1.0, -2.0]);
        assert_eq!(distance_to_singular_region(&opposite, Sigmoid::ErfSqrt2), Ok(0.0));
        assert_eq!(distance_to_singular_region(&opposite, Sigmoid::GaussCdf), Ok(0.3));
        assert!(SingularCoordinates::of(&two(&[0.5, -0.5, 1.0, 2.0, 3.0, 4.0])).is_err());
    }

    #[test]
    fn what_is_no_perceptron_is_refused() {
        for (input, output, part) in [
            (vec![], vec![], "input_weights"),
            (vec![vec![1.0], vec![1.0, 2.0]], vec![1.0, 1.0], "rows of 1 and 2"),
            (vec![vec![1.0]], vec![1.0, 1.0], "output_weights"),
            (vec![vec![f64::NAN]], vec![1.0], "NaN"),
        ] {
            let error = Perceptron::new(input, output).expect_err("refused").to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
