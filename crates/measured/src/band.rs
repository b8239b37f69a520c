//! Where one network of these widths lies: theory of infinitely wide networks, and networks drawn by the exact law.

use super::signals::Quantity;
use neurodyn_model::{Column, Ensemble, Inputs, Network, ParameterError, SymmetricMatrix, Width};
use neurodyn_random::{Address, Role};
use neurodyn_simulation::{Macroscopic, Sampler, SimulationError, cost, parallel_map};
use neurodyn_theory::TheoryError;
use neurodyn_theory::gram::gram_after;
use neurodyn_theory::metric::{activity_slope_map, metric_map};

/// The ensemble of each layer, with its width.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerEnsemble {
    /// Activation (linear, for a linear output) and scales.
    pub ensemble: Ensemble,
    /// Neurons.
    pub width: Width,
}

/// Quantities of one layer: [`Quantity::ALL`], where they exist.
pub type Values = [Option<f64>; 4];

/// The quantities of a layer.
pub fn values(columns: &[Column], gram: &SymmetricMatrix, input: &SymmetricMatrix) -> Values {
    Quantity::ALL.map(|quantity| quantity.of(columns, gram, input))
}

/// What is expected of networks of an ensemble.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// At infinite width, layer by layer.
    pub theory: Vec<Values>,
    /// Drawn networks: `replicas x layers x 4`, what does not exist being 0, each on its own scale.
    drawn: Vec<f64>,
    layers: usize,
    replicas: usize,
}

/// What cannot be expected.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ExpectationError {
    #[error(transparent)]
    Theory(#[from] TheoryError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}

/// Seed of the networks that a network is held against: a constant, so that a verdict is the same tomorrow.
const SEED: u64 = 20_251_128;

/// Nanoseconds, about, and bytes that the drawn networks take.
fn work(columns: &[Column], gram: &SymmetricMatrix, layers: &[LayerEnsemble], replicas: usize) -> Option<cost::Work> {
    let inputs = Inputs::new(columns.to_vec(), gram.clone()).ok()?;
    let of = |layer: &LayerEnsemble| {
        Network::new(layer.ensemble, vec![layer.width]).map_or(0, |network| cost::nanoseconds(&network, &inputs))
    };
    let nanoseconds: f64 = layers.iter().map(|layer| of(layer) as f64).sum();
    let cells = replicas as f64 * layers.len() as f64 * 4.0;
    Some(cost::Work { seconds: 1e-9 * nanoseconds * replicas as f64, bytes: 16.0 * cells })
}

impl Expectation {
    /// For inputs with this Gram matrix.
    pub fn new(
        columns: &[Column],
        gram: &SymmetricMatrix,
        layers: &[LayerEnsemble],
        replicas: usize,
    ) -> Result<Self, ExpectationError> {
        if let Some(work) = work(columns, gram, layers, replicas) {
            work.afford()?;
        }
        let theory = theory(columns, gram, layers)?;
        let indices: Vec<u64> = (0..replicas as u64).collect();
        let networks = parallel_map(&indices, |&replica| draw(columns, gram, layers, replica))?;
        let drawn = networks.into_iter().flatten().collect();
        Ok(Self { theory, drawn, layers: layers.len(), replicas })
    }

    fn cell(&self, replica: usize, layer: usize, quantity: usize) -> f64 {
        self.drawn[(replica * self.layers + layer) * 4 + quantity]
    }

    /// The interval that holds 95 of 100 networks.
    pub fn band(&self, layer: usize, quantity: Quantity) -> [f64; 2] {
        let index = quantity as usize;
        let mut cells: Vec<f64> = (0..self.replicas).map(|replica| self.cell(replica, layer, index)).collect();
        cells.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (cells.len().saturating_sub(1)) as f64;
            let (low, rest) = (place.floor() as usize, place.fract());
            let high = (low + 1).min(cells.len() - 1);
            let value = cells[low] + rest * (cells[high] - cells[low]);
            match quantity {
                Quantity::Distance | Quantity::TangentGrowth => neurodyn_numerics::elementary::exp(value),
                _ => value,
            }
        };
        [at(0.025), at(0.975)]
    }

    /// Standard deviations of what was found from the mean of the drawn networks.
    pub fn deviation(&self, layer: usize, quantity: Quantity, found: f64) -> f64 {
        let index = quantity as usize;
        let (mean, sd) = self.moments(layer, index, None);
        standardised(quantity.on_its_scale(found), mean, sd)
    }

    /// Mean and standard deviation over the drawn networks, and over one more where it is given.
    fn moments(&self, layer: usize, quantity: usize, more: Option<f64>) -> (f64, f64) {
        let cells = || (0..self.replicas).map(|replica| self.cell(replica, layer, quantity)).chain(more);
        let count = (self.replicas + usize::from(more.is_some())) as f64;
        let mean = cells().sum::<f64>() / count;
        let square = cells().map(|cell| (cell - mean) * (cell - mean)).sum::<f64>() / count;
        (mean, square.sqrt())
    }

    /// The largest deviation in any layer of any quantity, and the share of networks (this one among them) whose largest is no smaller: exact at
    /// any number of drawn networks, since the network counts as one of them.
    pub fn trajectory(&self, found: &[Values]) -> (f64, f64) {
        let mut own = 0.0f64;
        let mut others = vec![0.0f64; self.replicas];
        for (layer, values) in found.iter().enumerate() {
            for (quantity, value) in Quantity::ALL.into_iter().zip(values) {
                let Some(value) = value.map(|value| quantity.on_its_scale(value)) else { continue };
                let index = quantity as usize;
                let (mean, sd) = self.moments(layer, index, Some(value));
                own = own.max(standardised(value, mean, sd).abs());
                for (replica, other) in others.iter_mut().enumerate() {
                    *other = other.max(standardised(self.cell(replica, layer, index), mean, sd).abs());
                }
            }
        }
        let as_large = others.iter().filter(|other| **other >= own).count();
        (own, (as_large + 1) as f64 / (self.replicas + 1) as f64)
    }
}

fn standardised(value: f64, mean: f64, sd: f64) -> f64 {
    let difference = value - mean;
    if difference.abs() <= 1e-12 * mean.abs() { 0.0 } else { difference / sd }
}

/// The quantities of all layers of one network, drawn layer by layer.
fn draw(
    columns: &[Column],
    gram: &SymmetricMatrix,
    layers: &[LayerEnsemble],
    replica: u64,
) -> Result<Vec<f64>, SimulationError> {
    let mut cells = Vec::with_capacity(4 * layers.len());
    let mut current = gram.clone();
    for (index, layer) in layers.iter().enumerate() {
        // each layer has an address of its own, since each may have scales of its own
        let address = Address { seed: SEED, role: Role::NETWORK, point: index as u64, replica };
        let refused = |_: ParameterError| SimulationError::NotFinite { layer: index, replica };
        let inputs = Inputs::new(columns.to_vec(), current).map_err(refused)?;
        let network = Network::new(layer.ensemble, vec![layer.width]).map_err(refused)?;
        let trajectory = Macroscopic.sample(&network, &inputs, &address)?;
        current = trajectory.into_iter().next_back().unwrap_or_else(|| gram.clone());
        let of =
            |quantity: Quantity| quantity.of(columns, &current, gram).map_or(0.0, |value| quantity.on_its_scale(value));
        cells.extend(Quantity::ALL.map(of));
    }
    Ok(cells)
}

/// The quantities of all layers at infinite width.
fn theory(columns: &[Column], gram: &SymmetricMatrix, layers: &[LayerEnsemble]) -> Result<Vec<Values>, TheoryError> {
    let points = columns.iter().filter(|column| **column == Column::State).count();
    let of_points = |gram: &SymmetricMatrix| SymmetricMatrix::from_fn(points, |i, j| gram.get(i, j));
    let mut current = of_points(gram);
    // a tangent that is not at right angles to its point changes the activity too
    let tangent = (columns.len() > points).then(|| (gram.get(points, points), 2.0 * gram.get(points, 0)));
    let (mut metric, mut slope) = tangent.unwrap_or_default();
    let mut found = Vec::with_capacity(layers.len());
    for layer in layers {
        let ensemble = &layer.ensemble;
        let activity = current.get(0, 0);
        if tangent.is_some() {
            metric = metric_map(ensemble, activity, metric, [slope, slope]);
            slope = activity_slope_map(ensemble, activity, slope);
        }
        current = gram_after(ensemble, &current, 1)?;
        let mut values = values(&columns[..points], &current, &current);
        values[Quantity::TangentGrowth as usize] = tangent.map(|(first, _)| metric / first);
        found.push(values);
    }
    Ok(found)
}
