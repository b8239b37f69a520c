//! What experiments on metric and curvature share: jets of one manifold through networks, next to their theory.

use crate::cells::Compared;
use crate::sampling::check_signal;
use crate::{Run, RunError};
use neurodyn_model::{Activation, BiasStd, Inputs, JetGram, Manifold, Measure, Network, ParameterError, WeightStd};
use neurodyn_numerics::elementary::ln;
use neurodyn_simulation::Jets;
use neurodyn_theory::activity::activity_fixed_point;
use neurodyn_theory::jet::{JetCorrections, JetTheory};
use neurodyn_theory::phase::critical_sigma_w;

/// The jet of the great circle at the fixed point of the activity.
pub fn circle_jets(network: Network, order: usize) -> Result<Jets, RunError> {
    let activity = activity_fixed_point(&network.ensemble)?.activity;
    Ok(Jets::new(network, &Manifold::great_circle(activity)?, &[vec![0.0]], order)?)
}

/// Points of a manifold with their derivatives: samples, and theory with its 1/n corrections for each point, layer by layer.
pub struct JetSample<'a> {
    /// The manifold and its networks.
    pub jets: &'a Jets,
    /// What was observed of each network.
    pub networks: &'a [Vec<f64>],
    theory: Vec<Vec<JetCorrections>>,
}

impl<'a> JetSample<'a> {
    /// What was observed, next to its theory.
    pub fn new(jets: &'a Jets, networks: &'a [Vec<f64>], run: &Run) -> Result<Self, RunError> {
        let theory = run.map(&jets.jets, |jet| {
            let input = Inputs::jets(std::slice::from_ref(jet), jets.order)?;
            let input = JetGram::of(input.gram(), jets.dimension);
            let theory = JetTheory::new(&run.theory(&jets.network.ensemble), &input)?;
            Ok::<_, RunError>(theory.corrections(&input, jets.network.widths())?)
        })?;
        Ok(Self { jets, networks, theory })
    }

    /// Theory of one point in one layer.
    pub fn theory(&self, layer: usize, point: usize) -> &JetCorrections {
        &self.theory[point][layer]
    }

    /// One value a network, of the first point.
    pub fn values(&self, layer: usize, measure: Measure) -> Vec<f64> {
        self.values_at(layer, 0, measure)
    }

    fn values_at(&self, layer: usize, point: usize, measure: Measure) -> Vec<f64> {
        self.networks.iter().map(|t| measure.of(&self.jets.seen(t, layer, point))).collect()
    }

    /// The mean of a measure at the first point.
    pub fn mean(&self, layer: usize, measure: Measure) -> Compared {
        let expected = self.theory(layer, 0).of(|gram| measure.of(gram));
        let theory = measure.of(&self.theory(layer, 0).state);
        Compared::of(theory, &self.values(layer, measure), expected.bias)
    }

    /// The mean of the logarithm of a positive measure at the first point.
    pub fn mean_log(&self, layer: usize, measure: Measure) -> Compared {
        self.mean_log_at(layer, 0, measure)
    }

    /// The mean of the logarithm of a positive measure.
    pub fn mean_log_at(&self, layer: usize, point: usize, measure: Measure) -> Compared {
        let expected = self.theory(layer, point).of_log(|gram| measure.of(gram));
        let values: Vec<f64> = self.values_at(layer, point, measure).into_iter().map(ln).collect();
        Compared::of(ln(measure.of(&self.theory(layer, point).state)), &values, expected.bias)
    }

    /// The mean over points and networks of a measure.
    pub fn mean_over_points(&self, layer: usize, measure: Measure) -> Compared {
        let points = self.theory.len();
        let mean = |values: &dyn Fn(usize) -> f64| (0..points).map(values).sum::<f64>() / points as f64;
        let theory = mean(&|point| measure.of(&self.theory(layer, point).state));
        let correction = mean(&|point| self.theory(layer, point).of(|gram| measure.of(gram)).bias);
        let values: Vec<f64> =
            self.networks.iter().map(|t| mean(&|point| measure.of(&self.jets.seen(t, layer, point)))).collect();
        Compared::of(theory, &values, correction)
    }

    /// The variance over networks of a measure at the first point, or of its logarithm. There is none at infinite width, so all of
    /// the theory is of order 1/n.
    pub fn variance(&self, layer: usize, measure: Measure, logarithm: bool) -> Compared {
        let (theory, values) = (self.theory(layer, 0), self.values(layer, measure));
        if logarithm {
            let values: Vec<f64> = values.into_iter().map(ln).collect();
            return Compared::variance(theory.of_log(|gram| measure.of(gram)).variance, &values);
        }
        Compared::variance(theory.of(|gram| measure.of(gram)).variance, &values)
    }
}

/// Refuses networks without biases where the signal dies out in one of the three phases, the critical one among them.
pub fn check_phases(
    activation: Activation,
    sigma_b: BiasStd,
    ordered: WeightStd,
    chaotic: WeightStd,
) -> Result<(), ParameterError> {
    let critical = critical_sigma_w(activation, sigma_b.get()).map(|point| point.sigma_w);
    let scales = [ordered.get(), chaotic.get()].into_iter().chain(critical);
    check_signal("sigma_b", activation, sigma_b.get(), scales)
}
