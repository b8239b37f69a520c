//! Small explicit networks with linear outputs, and their derivatives example by example.

use crate::backward::{Signals, normals};
use neurodyn_model::{Activation, Ensemble};
use neurodyn_numerics::product::{Vectors, products};
use neurodyn_numerics::sum::add_scaled;
use neurodyn_random::{Address, Role};
use std::ops::Range;

/// A network with all its parameters: layer by layer, unit by unit, the weights of a unit followed by its bias.
#[derive(Debug, Clone, PartialEq)]
pub struct Mlp {
    activation: Activation,
    sizes: Vec<usize>,
    /// The parameters.
    pub parameters: Vec<f64>,
}

/// What went through a network for several examples.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// What each layer of weights is given, example by example, each followed by a 1.
    given: Vec<Vec<f64>>,
    /// `phi'` in each hidden layer, example by example.
    slopes: Vec<Vec<f64>>,
    /// Outputs, example by example.
    pub outputs: Vec<f64>,
    examples: usize,
}

impl Mlp {
    /// A random network: `sizes` are the numbers of inputs, of hidden units layer by layer, and of outputs. Row `i` of layer `l` comes from the
    /// stream `(l, i)` of the weights, its bias from the number after them.
    pub fn random(ensemble: &Ensemble, sizes: &[usize], address: &Address) -> Self {
        let mut parameters = Vec::new();
        for (layer, pair) in sizes.windows(2).enumerate() {
            let scale = ensemble.sigma_w.get() / (pair[0] as f64).sqrt();
            for unit in 0..pair[1] {
                let drawn = normals(address, Role::WEIGHTS, layer + 1, unit, pair[0] + 1);
                parameters.extend(drawn[..pair[0]].iter().map(|weight| scale * weight));
                parameters.push(ensemble.sigma_b.get() * drawn[pair[0]]);
            }
        }
        Self { activation: ensemble.activation, sizes: sizes.to_vec(), parameters }
    }

    /// The parameters of each unit, layer by layer.
    pub fn units(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        let mut units = Vec::new();
        for pair in self.sizes.windows(2) {
            for _ in 0..pair[1] {
                units.push(start..start + pair[0] + 1);
                start += pair[0] + 1;
            }
        }
        units
    }

    /// Where the parameters of a layer of weights (from 0) begin.
    fn start(&self, layer: usize) -> usize {
        self.sizes.windows(2).take(layer).map(|pair| (pair[0] + 1) * pair[1]).sum()
    }

    fn layer(&self, layer: usize) -> &[f64] {
        &self.parameters[self.start(layer)..self.start(layer + 1)]
    }

    /// Outputs for inputs that follow one another.
    pub fn pass(&self, inputs: &[f64]) -> Pass {
        let examples = inputs.len() / self.sizes[0];
        let mut pass = Pass { given: Vec::new(), slopes: Vec::new(), outputs: Vec::new(), examples };
        let mut values = inputs.to_vec();
        let layers = self.sizes.len() - 1;
        for layer in 0..layers {
            let (n, units) = (self.sizes[layer], self.sizes[layer + 1]);
            let given: Vec<f64> = values.chunks(n).flat_map(|x| x.iter().copied().chain([1.0])).collect();
            let of = |values, count| Vectors { values, stride: n + 1, count, length: n + 1 };
            let mut u = vec![0.0; examples * units];
            products(of(&given, examples), of(self.layer(layer), units), &mut u);
            pass.given.push(given);
            if layer + 1 < layers {
                let signals = Signals::new(self.activation, u);
                values = signals.values;
                pass.slopes.push(signals.slopes);
            } else {
                pass.outputs = u;
            }
        }
        pass
    }

    /// Derivatives of one output in the preactivations of each layer, example by example.
    fn errors(&self, pass: &Pass, output: usize) -> Vec<Vec<f64>> {
        let layers = self.sizes.len() - 1;
        let outputs = self.sizes[layers];
        let last = (0..pass.examples * outputs).map(|i| f64::from(u8::from(i % outputs == output))).collect();
        let mut errors: Vec<Vec<f64>> = vec![last];
        for layer in (1..layers).rev() {
            let (n, units) = (self.sizes[layer], self.sizes[layer + 1]);
            let mut back = vec![0.0; pass.examples * n];
            for (back, after) in back.chunks_mut(n).zip(errors[0].chunks(units)) {
                for (row, error) in self.layer(layer).chunks(n + 1).zip(after) {
                    add_scaled(back, *error, row);
                }
            }
            back.iter_mut().zip(&pass.slopes[layer - 1]).for_each(|(back, slope)| *back *= slope);
            errors.insert(0, back);
        }
        errors
    }

    /// `(1/T) sum_s r_s grad f(s)` of a single output, for residuals `r`.
    pub fn gradient(&self, pass: &Pass, residuals: &[f64]) -> Vec<f64> {
        let mut gradient = vec![0.0; self.parameters.len()];
        let scale = 1.0 / pass.examples as f64;
        for (layer, errors) in self.errors(pass, 0).iter().enumerate() {
            let (n, units) = (self.sizes[layer] + 1, self.sizes[layer + 1]);
            let rows = &mut gradient[self.start(layer)..self.start(layer + 1)];
            for (s, given) in pass.given[layer].chunks(n).enumerate() {
                for (unit, row) in rows.chunks_mut(n).enumerate() {
                    add_scaled(row, scale * residuals[s] * errors[s * units + unit], given);
                }
            }
        }
        gradient
    }

    /// Derivatives of one output in all parameters: for each parameter a vector over the examples.
    pub fn jacobian(&self, pass: &Pass, output: usize) -> Vec<f64> {
        let t = pass.examples;
        let mut jacobian = vec![0.0; self.parameters.len() * t];
        for (layer, errors) in self.errors(pass, output).iter().enumerate() {
            let (n, units) = (self.sizes[layer] + 1, self.sizes[layer + 1]);
            let start = self.start(layer);
            for (s, given) in pass.given[layer].chunks(n).enumerate() {
                for unit in 0..units {
                    for (j, x) in given.iter().enumerate() {
                        jacobian[(start + unit * n + j) * t + s] = errors[s * units + unit] * x;
                    }
                }
            }
        }
        jacobian
    }

    /// The Fisher information `(1/T) sum_s sum_o grad f_o(s) grad f_o(s)^T`, row by row.
    pub fn fisher(&self, pass: &Pass) -> Vec<f64> {
        let (count, t) = (self.parameters.len(), pass.examples);
        let mut fisher = vec![0.0; count * count];
        let mut part = vec![0.0; count * count];
        for output in 0..self.sizes[self.sizes.len() - 1] {
            let jacobian = self.jacobian(pass, output);
            let vectors = Vectors { values: &jacobian, stride: t, count, length: t };
            products(vectors, vectors, &mut part);
            fisher.iter_mut().zip(&part).for_each(|(sum, part)| *sum += part / t as f64);
        }
        fisher
    }

    /// Sizes of the elements of the Fisher information over the mean of its diagonal.
    pub fn relative_fisher(&self, pass: &Pass) -> Vec<f64> {
        let (fisher, count) = (self.fisher(pass), self.parameters.len());
        let mean = (0..count).map(|i| fisher[i * count + i]).sum::<f64>() / count as f64;
        fisher.into_iter().map(|element| (element / mean).abs()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal_inputs;

    #[test]
    fn sizes_are_relative_to_the_mean_of_the_diagonal() {
        let ensemble = Ensemble::new(Activation::Tanh, 1.5, 0.3).expect("valid");
        let address = Address { seed: 3, role: Role::NETWORK, point: 0, replica: 0 };
        let network = Mlp::random(&ensemble, &[3, 3, 2], &address);
        let pass = network.pass(&normal_inputs(3, 5, &address));
        let (sizes, fisher, count) = (network.relative_fisher(&pass), network.fisher(&pass), network.parameters.len());
        let diagonal: f64 = (0..count).map(|i| sizes[i * count + i]).sum();
        assert!((diagonal / count as f64 - 1.0).abs() < 1e-14, "{diagonal}");
        assert!(
            (sizes[1] / sizes[0] - (fisher[1] / fisher[0]).abs()).abs() < 1e-13
                && sizes.iter().all(|size| *size >= 0.0)
        );
    }
}
