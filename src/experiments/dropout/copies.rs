//! What experiments on dropout share: two copies of a network with independent masks, started at their fixed variance.

use crate::experiment::prelude::*;
use crate::simulation::{Dropout, Sampler};
use crate::theory::dropout::{MaskedCorrections, dropout_fixed_point, masked_corrections, masked_trajectory};

/// Two copies of a network with independent masks. The first preactivations of both have variance `q*`, and this correlation.
pub struct Copies {
    pub network: Network,
    pub keep: Keep,
    /// Correlation of the first preactivations.
    pub correlation: f64,
    /// The first layer that is observed.
    pub first: usize,
    pub sampler: SamplerKind,
    /// State of the inputs, which have no masks.
    pub input: PairState,
    pub inputs: Inputs,
    /// Variance `q*` of the preactivations.
    pub q: f64,
}

/// What is seen of one layer: the covariance and the mean variance of the preactivations that it feeds, over `q*`. Linear in the masked
/// Gram matrix, so the conditional law of one layer has exactly the theory's mean.
pub struct Seen {
    pub correlation: f64,
    pub variance: f64,
}

impl Copies {
    /// Copies whose first preactivations have this correlation, which the file gives at this field.
    pub fn new(
        field: &'static str,
        ensemble: Ensemble,
        keep: Keep,
        correlation: f64,
        width: Width,
        depth: usize,
    ) -> Result<Self, RunError> {
        let q = dropout_fixed_point(&ensemble, keep)?.q;
        let (weight, bias) = (ensemble.sigma_w.squared(), ensemble.sigma_b.squared());
        let input = correlated(field, &ensemble, ((q - bias) / weight, q), correlation)?;
        let inputs = Inputs::equal(input.activity, input.overlap(), 2)?;
        let (network, sampler) = (Network::uniform(ensemble, width, depth)?, SamplerKind::Macroscopic);
        Ok(Self { network, keep, correlation, first: 0, sampler, input, inputs, q })
    }

    /// What one network costs.
    pub fn cost(&self) -> OneNetwork {
        OneNetwork::by(self.sampler, &self.network, &self.inputs)
    }

    /// Correlation and variance in each layer of the network at this address; the first layer is the input.
    pub fn observe(&self, at: &Address) -> Observed {
        let layers = Dropout { keep: self.keep, kind: self.sampler }.sample(&self.network, &self.inputs, at)?;
        let both = |gram: &SymmetricMatrix| {
            let activity = 0.5 * (gram.get(0, 0) + gram.get(1, 1));
            let Seen { correlation, variance } = self.seen(&self.network.ensemble, activity, gram.get(0, 1));
            [correlation, variance]
        };
        Ok(layers[self.first..].iter().flat_map(both).collect())
    }

    fn seen(&self, ensemble: &Ensemble, activity: f64, overlap: f64) -> Seen {
        let over = |product: f64| ensemble.preactivation_variance(product) / self.q;
        Seen { correlation: over(overlap), variance: over(activity) }
    }

    /// Infinite-width theory of the correlation in the last layer.
    pub fn deepest(&self, run: &Run) -> Result<f64, RunError> {
        let theory = run.theory(&self.network.ensemble);
        let layers = masked_trajectory(&theory, self.keep, self.input, self.network.widths().len())?;
        let last = layers.last().unwrap_or(&self.input);
        Ok(self.seen(&theory, last.activity, last.overlap()).correlation)
    }

    /// Infinite-width theory of what is seen in each layer, and its 1/n correction.
    pub fn theory(&self, run: &Run) -> Result<Vec<(Seen, Seen)>, RunError> {
        let theory = run.theory(&self.network.ensemble);
        let layers = masked_corrections(&theory, self.keep, self.input, self.network.widths())?;
        let scale = theory.sigma_w.squared() / self.q;
        let both = |layer: &MaskedCorrections| {
            let correction =
                Seen { correlation: scale * layer.overlap().bias, variance: scale * layer.activity().bias };
            (self.seen(&theory, layer.state.activity, layer.state.overlap()), correction)
        };
        Ok(layers.iter().map(both).collect())
    }
}
