//! What experiments on metric and curvature share: jets of one manifold through networks, next to their theory.

use super::cells::Compared;
use super::sampling::{check_signal, stderr, trajectories};
use super::{Run, RunError};
use crate::model::{
    Activation, BiasStd, Ensemble, Inputs, Jet, JetGram, Manifold, ManifoldKind, Measure, Network, ParameterError,
    WeightStd,
};
use crate::numerics::elementary::ln;
use crate::simulation::{Estimate, SamplerKind, Trajectory};
use crate::theory::activity::activity_fixed_point;
use crate::theory::jet::{JetCorrections, JetTheory};
use crate::theory::phase::critical_sigma_w;

/// Points of a manifold with their derivatives: samples, and theory with its 1/n corrections for each point, layer by layer.
pub struct JetSample {
    dimension: usize,
    columns: usize,
    pub sample: Vec<Trajectory>,
    theory: Vec<Vec<JetCorrections>>,
}

/// Theory next to Monte Carlo of the jets of order 1 or 2 at these parameters, all in the same networks.
pub fn jet_sample(
    run: &Run,
    sampler: SamplerKind,
    network: &Network,
    (manifold, parameters): (&Manifold, &[Vec<f64>]),
    order: usize,
    (point, replicas): (usize, usize),
) -> Result<JetSample, RunError> {
    let jets: Vec<Jet> = parameters.iter().map(|t| manifold.jet(t)).collect();
    let inputs = Inputs::jets(&jets, order)?;
    let dimension = manifold.dimension();
    let columns = inputs.columns().len() / jets.len();
    let theory = run.map(&jets, |jet| {
        let input = Inputs::jets(std::slice::from_ref(jet), order)?;
        let input = JetGram::of(input.gram(), dimension);
        let theory = JetTheory::new(&run.theory(&network.ensemble), &input)?;
        Ok::<_, RunError>(theory.corrections(&input, network.widths())?)
    })?;
    let sample = trajectories(run, sampler, network, &inputs, point, replicas)?;
    Ok(JetSample { dimension, columns, sample, theory })
}

impl JetSample {
    /// Jet of one point in one layer of one network.
    fn jet(&self, trajectory: &Trajectory, layer: usize, point: usize) -> JetGram<f64> {
        JetGram::at(&trajectory[layer], self.dimension, point * self.columns, self.columns)
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
