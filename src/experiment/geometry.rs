//! What experiments on metric and curvature share: jets of one manifold through networks, next to their theory.

use super::cells::Compared;
use super::sampling::{check_signal, stderr};
use super::{Observed, Run, RunError};
use crate::model::{
    Activation, BiasStd, Ensemble, Inputs, Jet, JetGram, Manifold, ManifoldKind, Measure, Network, ParameterError,
    WeightStd,
};
use crate::numerics::elementary::ln;
use crate::random::Address;
use crate::simulation::cost::OneNetwork;
use crate::simulation::{Estimate, SamplerKind};
use crate::theory::activity::activity_fixed_point;
use crate::theory::jet::{JetCorrections, JetTheory};
use crate::theory::phase::critical_sigma_w;

/// Points of a manifold with their derivatives in networks of one ensemble: what is simulated at a point of a sweep.
pub struct Jets {
    pub network: Network,
    dimension: usize,
    jets: Vec<Jet>,
    inputs: Inputs,
    order: usize,
    sampler: SamplerKind,
}

impl Jets {
    /// Jets of order 1 or 2 at these parameters of a manifold, all in the same networks, sampled in law.
    pub fn new(network: Network, manifold: &Manifold, parameters: &[Vec<f64>], order: usize) -> Result<Self, RunError> {
        let jets: Vec<Jet> = parameters.iter().map(|t| manifold.jet(t)).collect();
        let inputs = Inputs::jets(&jets, order)?;
        Ok(Self { network, dimension: manifold.dimension(), jets, inputs, order, sampler: SamplerKind::Macroscopic })
    }

    /// The jet of the great circle at the fixed point of the activity.
    pub fn of_circle(network: Network, order: usize) -> Result<Self, RunError> {
        let circle = great_circle(activity_fixed_point(&network.ensemble)?.activity)?;
        Self::new(network, &circle, &[vec![0.0]], order)
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
    fn columns(&self) -> usize {
        self.inputs.columns().len() / self.jets.len()
    }

    /// Gram matrices of all jets of one network, layer by layer.
    pub fn observe(&self, at: &Address) -> Observed {
        let trajectory = self.sampler.sampler().sample(&self.network, &self.inputs, at)?;
        let (columns, dimension) = (self.columns(), self.dimension);
        let grams = trajectory.iter().flat_map(|gram| {
            (0..self.jets.len()).map(move |point| JetGram::at(gram, dimension, point * columns, columns))
        });
        Ok(grams.flat_map(|gram| gram.entries().to_vec()).collect())
    }

    /// What was observed, next to its theory with corrections of order 1/n.
    pub fn compare<'a>(&self, run: &Run, rows: &'a [Vec<f64>]) -> Result<JetSample<'a>, RunError> {
        let dimension = self.dimension;
        let theory = run.map(&self.jets, |jet| {
            let input = Inputs::jets(std::slice::from_ref(jet), self.order)?;
            let input = JetGram::of(input.gram(), dimension);
            let theory = JetTheory::new(&run.theory(&self.network.ensemble), &input)?;
            Ok::<_, RunError>(theory.corrections(&input, self.network.widths())?)
        })?;
        Ok(JetSample { dimension, columns: self.columns(), sample: rows, theory })
    }
}

/// Points of a manifold with their derivatives: samples, and theory with its 1/n corrections for each point, layer by layer.
pub struct JetSample<'a> {
    dimension: usize,
    columns: usize,
    sample: &'a [Vec<f64>],
    theory: Vec<Vec<JetCorrections>>,
}

impl JetSample<'_> {
    /// Jet of one point in one layer of one network.
    pub fn jet(&self, network: &[f64], layer: usize, point: usize) -> JetGram<f64> {
        let size = self.columns * (self.columns + 1) / 2;
        let first = (layer * self.theory.len() + point) * size;
        JetGram::new(self.dimension, self.columns, |i, j| network[first + i * (i + 1) / 2 + j])
    }

    /// The networks.
    pub fn networks(&self) -> &[Vec<f64>] {
        self.sample
    }

    /// Theory of one point in one layer.
    pub fn theory(&self, layer: usize, point: usize) -> &JetCorrections {
        &self.theory[point][layer]
    }

    /// One value a network, of the first point.
    pub fn values(&self, layer: usize, measure: Measure) -> Vec<f64> {
        self.values_at(layer, 0, measure)
    }

    /// One value a network.
    pub fn values_at(&self, layer: usize, point: usize, measure: Measure) -> Vec<f64> {
        self.sample.iter().map(|t| measure.of(&self.jet(t, layer, point))).collect()
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
            self.sample.iter().map(|t| mean(&|point| measure.of(&self.jet(t, layer, point)))).collect();
        Compared::of(theory, &values, correction)
    }

    /// The variance over networks of a measure at the first point, or of its logarithm. There is none at infinite width, so all of
    /// the theory is of order 1/n.
    pub fn variance(&self, layer: usize, measure: Measure, logarithm: bool) -> Compared {
        let (expected, values) = if logarithm {
            let values = self.values(layer, measure).into_iter().map(ln).collect();
            (self.theory(layer, 0).of_log(|gram| measure.of(gram)), values)
        } else {
            (self.theory(layer, 0).of(|gram| measure.of(gram)), self.values(layer, measure))
        };
        let found = Estimate::variance_of(&values);
        Compared { theory: expected.variance, mc: found.mean, stderr: stderr(&found), correction: 0.0 }
    }
}

/// The great circle of this activity.
pub fn great_circle(activity: f64) -> Result<Manifold, RunError> {
    Ok(Manifold::new(ManifoldKind::GreatCircle { activity })?)
}

/// Networks in the ordered, the critical and the chaotic phase, at the activity fixed point.
pub struct PhasePoint {
    pub phase: &'static str,
    pub ensemble: Ensemble,
    pub activity: f64,
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

/// The phases at these weight scales, the critical one on the boundary.
pub fn three_phases(
    activation: Activation,
    sigma_b: BiasStd,
    ordered: WeightStd,
    chaotic: WeightStd,
) -> Result<Vec<PhasePoint>, RunError> {
    let critical = WeightStd::new(critical_sigma_w(activation, sigma_b.get())?.sigma_w)?;
    [("ordered", ordered), ("critical", critical), ("chaotic", chaotic)]
        .into_iter()
        .map(|(phase, sigma_w)| {
            let ensemble = Ensemble { activation, sigma_w, sigma_b };
            Ok(PhasePoint { phase, ensemble, activity: activity_fixed_point(&ensemble)?.activity })
        })
        .collect()
}
