//! Networks of one ensemble with what they see: points, or points of a manifold with their derivatives.

use super::cost::{OneNetwork, afford};
use super::{SamplerKind, SimulationError, Trajectory};
use neurodyn_model::{Ensemble, Inputs, Jet, JetGram, Manifold, Network, ParameterError, Width};
use neurodyn_random::Address;

/// Networks sampled in law, with their inputs.
pub struct Networks {
    /// The networks.
    pub network: Network,
    /// What they see.
    pub inputs: Inputs,
}

impl Networks {
    /// Networks of one width with these inputs.
    pub fn new(ensemble: Ensemble, width: Width, depth: usize, inputs: Inputs) -> Result<Self, ParameterError> {
        Ok(Self { network: Network::uniform(ensemble, width, depth)?, inputs })
    }

    /// What one of them costs.
    pub fn cost(&self) -> OneNetwork {
        OneNetwork::of(&self.network, &self.inputs)
    }

    /// The same, refused where so many of them, observed one by one, are beyond reason.
    pub fn cost_of(&self, replicas: usize) -> OneNetwork {
        OneNetwork { affordable: afford(&self.network, &self.inputs, replicas as u64), ..self.cost() }
    }

    /// The network at this address.
    pub fn sample(&self, address: &Address) -> Result<Trajectory, SimulationError> {
        SamplerKind::Macroscopic.sampler().sample(&self.network, &self.inputs, address)
    }
}

/// Points of a manifold with their derivatives in networks of one ensemble.
pub struct Jets {
    /// The networks.
    pub network: Network,
    /// Dimension of the manifold.
    pub dimension: usize,
    /// The points.
    pub jets: Vec<Jet>,
    /// 1 or 2.
    pub order: usize,
    inputs: Inputs,
    sampler: SamplerKind,
}

impl Jets {
    /// Jets of order 1 or 2 at these parameters of a manifold, all in the same networks, sampled in law.
    pub fn new(
        network: Network,
        manifold: &Manifold,
        parameters: &[Vec<f64>],
        order: usize,
    ) -> Result<Self, ParameterError> {
        let jets: Vec<Jet> = parameters.iter().map(|t| manifold.jet(t)).collect();
        let inputs = Inputs::jets(&jets, order)?;
        Ok(Self { network, dimension: manifold.dimension(), jets, order, inputs, sampler: SamplerKind::Macroscopic })
    }

    /// The same by another sampler.
    pub fn by(self, sampler: SamplerKind) -> Self {
        Self { sampler, ..self }
    }

    /// What one network costs.
    pub fn cost(&self) -> OneNetwork {
        OneNetwork::by(self.sampler, &self.network, &self.inputs)
    }

    /// Number of columns of one jet.
    pub fn columns(&self) -> usize {
        self.inputs.columns().len() / self.jets.len()
    }

    /// Entries of the Gram matrices of all jets of one network, layer by layer.
    pub fn observe(&self, at: &Address) -> Result<Vec<f64>, SimulationError> {
        let trajectory = self.sampler.sampler().sample(&self.network, &self.inputs, at)?;
        let (columns, dimension) = (self.columns(), self.dimension);
        let grams = trajectory.iter().flat_map(|gram| {
            (0..self.jets.len()).map(move |point| JetGram::at(gram, dimension, point * columns, columns))
        });
        Ok(grams.flat_map(|gram| gram.entries().to_vec()).collect())
    }

    /// The jet of a point in one layer of a network that was observed.
    pub fn seen(&self, network: &[f64], layer: usize, point: usize) -> JetGram<f64> {
        let columns = self.columns();
        let first = (layer * self.jets.len() + point) * (columns * (columns + 1) / 2);
        JetGram::new(self.dimension, columns, |i, j| network[first + i * (i + 1) / 2 + j])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::{Activation, ManifoldKind, Measure};

    /// What is put in order by one is found by the other: at the input both points of a great circle have its activity and metric.
    #[test]
    fn observed_jets_are_read_back() {
        let ensemble = Ensemble::new(Activation::Tanh, 1.5, 0.3).expect("scales");
        let network = Network::uniform(ensemble, Width::new(20).expect("a width"), 3).expect("a network");
        let circle = Manifold::new(ManifoldKind::GreatCircle { activity: 0.7 }).expect("a circle");
        let jets = Jets::new(network, &circle, &[vec![0.0], vec![1.0]], 2).expect("jets");
        let at = Address { seed: 3, role: neurodyn_random::Role::NETWORK, point: 0, replica: 0 };
        let seen = jets.observe(&at).expect("sampled");
        assert_eq!(seen.len(), 4 * 2 * 6);
        for point in 0..2 {
            let jet = jets.seen(&seen, 0, point);
            assert!((Measure::Activity.of(&jet) - 0.7).abs() < 1e-14);
            assert!((Measure::Metric(0, 0).of(&jet) - 0.7).abs() < 1e-14);
        }
        let deep = [0, 1].map(|point| Measure::Activity.of(&jets.seen(&seen, 3, point)));
        assert!(deep[0] != deep[1] && deep.iter().all(|activity| (0.1..1.0).contains(activity)), "{deep:?}");
    }
}
