//! Perceptrons with one hidden layer, `f(x) = sum_i w_i phi(J_i . x)`, `x ~ N(0, I_N)`: students and teachers of singular learning.

mod coordinates;

pub use coordinates::{SingularCoordinates, distance_to_singular_region};

use super::ParameterError;
use neurodyn_numerics::elementary::{normal_pdf, within};
use neurodyn_numerics::simd::{Kernel, dispatch};
use neurodyn_numerics::sum::dot;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The non-linearity of a hidden unit; both have Gaussian integrals in closed form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sigmoid {
    /// `erf(u / sqrt 2)`; odd.
    ErfSqrt2,
    /// The standard normal distribution function, `(1 + erf(u / sqrt 2)) / 2`.
    GaussCdf,
}

/// A single value at the active SIMD level.
struct Value {
    phi: Sigmoid,
    u: f64,
}

impl Kernel for Value {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        self.phi.value_within(self.u)
    }
}

impl Sigmoid {
    /// `phi(u)`.
    pub fn value(self, u: f64) -> f64 {
        dispatch(Value { phi: self, u })
    }

    /// [`Sigmoid::value`] inlined, for the bodies of kernels.
    #[inline(always)]
    pub fn value_within(self, u: f64) -> f64 {
        match self {
            Sigmoid::ErfSqrt2 => within::erf(u * std::f64::consts::FRAC_1_SQRT_2),
            Sigmoid::GaussCdf => within::normal_cdf(u),
        }
    }

    /// `phi'(u)`.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Weights", into = "Weights")]
pub struct Perceptron {
    input_weights: Vec<Vec<f64>>,
    output_weights: Vec<f64>,
}

/// The weights as files give them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Input weights `J_i`: one row a unit, all of as many numbers as there are inputs.
    #[schemars(length(min = 1), extend("items" = {
        "type": "array", "minItems": 1, "items": { "type": "number", "minimum": -1e100, "maximum": 1e100 }
    }))]
    pub input_weights: Vec<Vec<f64>>,
    /// Output weights `w_i`: one number a unit.
    #[schemars(length(min = 1), inner(range(min = -1e100, max = 1e100)))]
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
        let bad =
            |name: &'static str, found: String, allowed| Err(ParameterError { name: name.into(), found, allowed });
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

    /// Moves the parameters by `-rate` times a direction, in the order of [`Perceptron::parameters`].
    pub fn descend(&mut self, direction: &[f64], rate: f64) {
        let parameters = self.output_weights.iter_mut().chain(self.input_weights.iter_mut().flatten());
        parameters.zip(direction).for_each(|(parameter, d)| *parameter -= rate * d);
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
    /// The same network of this many inputs, without weights on those beyond its own.
    pub fn padded(&self, inputs: usize) -> Self {
        let row = |row: &Vec<f64>| row.iter().copied().chain(std::iter::repeat(0.0)).take(inputs).collect();
        self.with_rows(self.input_weights.iter().map(row).collect())
    }

    /// The same output weights with other input weights, one row a unit.
    pub fn with_rows(&self, input_weights: Vec<Vec<f64>>) -> Self {
        debug_assert_eq!(input_weights.len(), self.units());
        Self { input_weights, output_weights: self.output_weights.clone() }
    }

    /// The same input weights with other output weights.
    pub fn with_output_weights(mut self, output_weights: &[f64]) -> Self {
        self.output_weights.copy_from_slice(output_weights);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
