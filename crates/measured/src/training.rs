//! A short training, to see what it makes of a network: gradient descent on all examples at once.

use super::matrix::Matrix;
use super::weights::Given;
use neurodyn_model::Activation;
use neurodyn_numerics::sum::{add_scaled, dot};

/// Examples, and how a network learns them: its output is `v . x^L / sqrt(n_L)` with fixed weights `v`, its loss half the mean square of the error.
#[derive(Debug, Clone, PartialEq)]
pub struct Training<'a> {
    /// Activation of all layers.
    pub activation: Activation,
    /// Inputs.
    pub inputs: &'a [Vec<f64>],
    /// What the output should be.
    pub targets: &'a [f64],
    /// Weights `v` of the output.
    pub readout: &'a [f64],
    /// Learning rate.
    pub rate: f64,
    /// Steps of gradient descent.
    pub steps: usize,
}

impl Training<'_> {
    /// Trains weights and biases, and returns the loss before each step and after the last. A step that raises the loss above ten times the first
    /// is taken back, and ends the training.
    pub fn train(&self, layers: &mut Vec<Given>) -> Vec<f64> {
        let (first, mut gradient) = self.gradient(layers);
        let mut losses = vec![first];
        for _ in 0..self.steps {
            let before = layers.clone();
            for (layer, (weights, biases)) in layers.iter_mut().zip(&gradient) {
                add_scaled(&mut layer.weights.values, -self.rate, &weights.values);
                if let Some(own) = &mut layer.biases {
                    add_scaled(own, -self.rate, biases);
                }
            }
            let (loss, next) = self.gradient(layers);
            // what is not a number has diverged
            if !(loss <= 10.0 * first) {
                *layers = before;
                break;
            }
            losses.push(loss);
            gradient = next;
        }
        losses
    }

    /// The loss, and its gradient with respect to weights and biases of each layer.
    fn gradient(&self, layers: &[Given]) -> (f64, Vec<(Matrix, Vec<f64>)>) {
        let zero = |layer: &Given| {
            let Matrix { rows, columns, .. } = layer.weights;
            (Matrix { rows, columns, values: vec![0.0; rows * columns] }, vec![0.0; rows])
        };
        let mut gradient: Vec<(Matrix, Vec<f64>)> = layers.iter().map(zero).collect();
        let share = 1.0 / self.inputs.len() as f64;
        let scale = 1.0 / (self.readout.len() as f64).sqrt();
        let mut loss = 0.0;
        let operation = self.activation.operation();
        for (input, target) in self.inputs.iter().zip(self.targets) {
            let mut signals = vec![input.clone()];
            let mut slopes: Vec<Vec<f64>> = Vec::new();
            for (layer, before) in layers.iter().zip(0..) {
                let signal = &signals[before];
                let mut next: Vec<f64> = layer.weights.all_rows().map(|row| dot(row, signal)).collect();
                if let Some(biases) = &layer.biases {
                    add_scaled(&mut next, 1.0, biases);
                }
                let mut slope = vec![0.0; next.len()];
                operation.slopes(&next, &mut slope);
                operation.values(&mut next);
                slopes.push(slope);
                signals.push(next);
            }
            let error = scale * dot(self.readout, &signals[layers.len()]) - target;
            loss += 0.5 * share * error * error;
            let mut errors: Vec<f64> = self.readout.iter().map(|v| share * error * scale * v).collect();
            for at in (0..layers.len()).rev() {
                errors.iter_mut().zip(&slopes[at]).for_each(|(error, slope)| *error *= slope);
                let (weights, biases) = &mut gradient[at];
                let mut back = vec![0.0; weights.columns];
                for (i, error) in errors.iter().enumerate() {
                    let columns = weights.columns;
                    add_scaled(&mut weights.values[i * columns..(i + 1) * columns], *error, &signals[at]);
                    add_scaled(&mut back, *error, layers[at].weights.row(i));
                }
                add_scaled(biases, 1.0, &errors);
                errors = back;
            }
        }
        (loss, gradient)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_random::{Address, Normals, Role};

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let mut normals = Normals::new(Address { seed: 4, role: Role::WEIGHTS, point: 0, replica: 0 }.stream(0, 0));
        let mut draw = |count: usize| normals.by_ref().take(count).collect::<Vec<f64>>();
        let sizes = [5, 7, 6];
        let mut layers: Vec<Given> = sizes
            .windows(2)
            .map(|pair| Given {
                name: String::new(),
                weights: Matrix { rows: pair[1], columns: pair[0], values: draw(pair[0] * pair[1]) },
                biases: Some(draw(pair[1])),
            })
            .collect();
        let (inputs, readout) = (vec![draw(5), draw(5)], draw(6));
        let training = Training {
            activation: Activation::Tanh,
            inputs: &inputs,
            targets: &[1.0, -0.5],
            readout: &readout,
            rate: 0.05,
            steps: 200,
        };
        let (_, gradient) = training.gradient(&layers);
        let step = 1e-6;
        for (layer, at) in [(0, 3), (0, 34), (1, 20)] {
            let loss = |layers: &mut [Given], shift: f64| {
                layers[layer].weights.values[at] += shift;
                let loss = training.gradient(layers).0;
                layers[layer].weights.values[at] -= shift;
                loss
            };
            let slope = (loss(&mut layers, step) - loss(&mut layers, -step)) / (2.0 * step);
            assert!((slope - gradient[layer].0.values[at]).abs() < 1e-8, "{layer} {at}");
        }
        let start = layers.clone();
        let losses = training.train(&mut layers);
        assert_eq!(losses.len(), 201);
        assert!(losses.windows(2).all(|pair| pair[1] < pair[0]), "{losses:?}");
        // far too fast, without an activation that could bound it
        let mut layers = start;
        let losses = Training { activation: Activation::Linear, rate: 10.0, ..training }.train(&mut layers);
        assert!(losses.len() < 200 && losses.iter().all(|loss| *loss <= 10.0 * losses[0]), "{losses:?}");
        assert!(layers.iter().all(|layer| layer.weights.values.iter().all(|weight| weight.is_finite())));
    }
}
