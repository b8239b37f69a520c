//! Eigenvalues of the Fisher information other than 0, those of the tangent kernel over the number of inputs.

use super::{error_grams_in_law, tangent_kernel};
use crate::{SamplerKind, SimulationError, explicit_errors};
use neurodyn_model::{Inputs, Network};
use neurodyn_numerics::linalg::symmetric_eigen;
use neurodyn_random::Address;

/// The eigenvalues, the largest first.
pub fn fisher_eigenvalues(
    network: &Network,
    inputs: &Inputs,
    sampler: SamplerKind,
    at: &Address,
) -> Result<Vec<f64>, SimulationError> {
    let grams = match sampler {
        SamplerKind::Macroscopic => error_grams_in_law(network, inputs, at)?,
        SamplerKind::Explicit => explicit_errors(network, inputs, at)?,
    };
    let kernel = tangent_kernel(network, &grams);
    let count = kernel.order();
    Ok(symmetric_eigen(count, |i, j| kernel.get(i, j) / count as f64).values)
}

/// `tr F / n`, `tr F^2 / n^2` and `lambda_max / n`, `n` the width of the first layer.
pub fn scaled_fisher(
    network: &Network,
    inputs: &Inputs,
    sampler: SamplerKind,
    at: &Address,
) -> Result<[f64; 3], SimulationError> {
    let n = network.widths()[0].get() as f64;
    let values = fisher_eigenvalues(network, inputs, sampler, at)?;
    let (sum, squares) = values.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    Ok([sum / n, squares / (n * n), values[0] / n])
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::{Activation, Ensemble, SymmetricMatrix, Width};
    use neurodyn_random::Role;

    #[test]
    fn scaled_numbers_are_those_of_the_eigenvalues() {
        let ensemble = Ensemble::new(Activation::Tanh, 1.4, 0.2).expect("scales");
        let network = Network::uniform(ensemble, Width::new(30).expect("a width"), 2).expect("a network");
        let gram = SymmetricMatrix::from_fn(5, |i, j| if i == j { 1.0 } else { 0.3 });
        let inputs = Inputs::points(gram).expect("points");
        let at = Address { seed: 5, role: Role::NETWORK, point: 0, replica: 0 };
        for sampler in [SamplerKind::Macroscopic, SamplerKind::Explicit] {
            let values = fisher_eigenvalues(&network, &inputs, sampler, &at).expect("sampled");
            assert!(values.len() == 5 && values.is_sorted_by(|a, b| a >= b) && values[4] > 0.0, "{values:?}");
            let [mean, second, largest] = scaled_fisher(&network, &inputs, sampler, &at).expect("sampled");
            assert!((30.0 * mean - values.iter().sum::<f64>()).abs() < 1e-12 && 30.0 * largest == values[0]);
            assert!(second >= mean * mean / 5.0 && second <= mean * mean);
        }
    }
}
