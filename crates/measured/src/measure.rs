//! From a file and data to a record.

use super::band::{Expectation, ExpectationError, LayerEnsemble, Values, values};
use super::law::Law;
use super::matrix::Matrix;
use super::naming::{self, Found, LeftOut, NamingError};
use super::record::{Beside, HeldAgainst, Layer, LayerVerdict, Measured, Trajectory, Verdict};
use super::signals::{Quantity, Signals, on_data};
use super::weights::{Examined, Given, Scales, examine};
use neurodyn_arrays::{Archive, Array, ArrayError, shape_text};
use neurodyn_model::{Activation, Ensemble, ParameterError, SymmetricMatrix, Width};
use neurodyn_simulation::parallel_map;
use std::path::{Path, PathBuf};

/// What cannot be measured.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum MeasureError {
    #[error(transparent)]
    Array(#[from] ArrayError),
    #[error("{file}: {error}")]
    Naming { file: PathBuf, error: NamingError },
    #[error("{file}: array {array}: found {found} at place {place}; allowed are finite numbers")]
    NotFinite { file: PathBuf, array: String, found: f64, place: usize },
    #[error(
        "{file}: found {found}; allowed is a row of numbers for each input, {needed} in each, as layer {layer} has inputs"
    )]
    Data { file: PathBuf, found: String, needed: usize, layer: String },
    #[error("{file}: the signal overflows in layer {layer}")]
    Overflow { file: PathBuf, layer: String },
    #[error("{file}: {error}")]
    Expectation { file: PathBuf, error: ExpectationError },
    #[error("{file}: {error}")]
    Parameter { file: PathBuf, error: ParameterError },
}

/// Rate of false alarms of all tests of one network together.
pub const FAMILYWISE: f64 = 1e-3;
/// Least number of drawn networks with which the trajectory can alarm.
pub const LEAST_REPLICAS: usize = 1999;

/// What a network is held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Activation of its layers.
    pub activation: Activation,
    /// Whether the last layer has none.
    pub linear_output: bool,
    /// Scales and law, where they are given.
    pub scales: Scales,
    /// Most inputs that are followed; the first rows of the data.
    pub inputs: usize,
    /// Networks drawn.
    pub replicas: usize,
}

/// A network read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// The file.
    pub file: PathBuf,
    /// Its layers.
    pub layers: Vec<Given>,
    /// What else the file holds.
    pub left_out: Vec<LeftOut>,
}

/// What a file holds, by the names of its arrays.
pub fn list(archive: &Archive, chosen: Option<&[String]>) -> Result<Found, MeasureError> {
    naming::find(archive.entries(), chosen)
        .map_err(|error| MeasureError::Naming { file: archive.file().to_owned(), error })
}

impl Network {
    /// Reads all layers of a file, or those chosen.
    pub fn read(archive: &Archive, chosen: Option<&[String]>) -> Result<Self, MeasureError> {
        let Found { layers, left_out } = list(archive, chosen)?;
        let entries = archive.entries();
        let layers = parallel_map(&layers, |layer| -> Result<Given, MeasureError> {
            let values = finite(archive, archive.array(&entries[layer.weights])?)?.values;
            let weights = if layer.transposed {
                Matrix { rows: layer.n_in, columns: layer.n_out, values }.transposed()
            } else {
                Matrix { rows: layer.n_out, columns: layer.n_in, values }
            };
            let biases = layer.biases.map(|at| finite(archive, archive.array(&entries[at])?)).transpose()?;
            Ok(Given { name: layer.name.clone(), weights, biases: biases.map(|array| array.values) })
        })?;
        Ok(Self { file: archive.file().to_owned(), layers, left_out })
    }
}

fn finite(archive: &Archive, array: Array) -> Result<Array, MeasureError> {
    match array.values.iter().position(|value| !value.is_finite()) {
        None => Ok(array),
        Some(place) => {
            let found = array.values[place];
            Err(MeasureError::NotFinite { file: archive.file().to_owned(), array: array.name, found, place })
        }
    }
}

/// Inputs, a row each.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    file: PathBuf,
    array: Array,
}

impl Data {
    /// Reads the only array of a file; all axes but the first are those of one input.
    pub fn read(archive: &Archive) -> Result<Self, MeasureError> {
        Ok(Self { file: archive.file().to_owned(), array: finite(archive, archive.single()?)? })
    }

    /// Inputs that are in memory; the name is for messages.
    pub fn of_rows(name: &Path, rows: &[&[f64]]) -> Self {
        let shape = vec![rows.len(), rows.first().map_or(0, |row| row.len())];
        Self { file: name.to_owned(), array: Array { name: String::new(), shape, values: rows.concat() } }
    }

    /// The first rows, at most so many; a vector is one input.
    fn rows(&self, most: usize, needed: usize, layer: &str) -> Result<Vec<&[f64]>, MeasureError> {
        let shape = &self.array.shape;
        let each: usize = if shape.len() < 2 { self.array.values.len() } else { shape[1..].iter().product() };
        if each != needed || self.array.values.is_empty() {
            let (file, layer) = (self.file.clone(), layer.to_owned());
            return Err(MeasureError::Data { file, found: shape_text(shape), needed, layer });
        }
        Ok(self.array.values.chunks_exact(each).take(most).collect())
    }
}

/// Measures networks, and keeps what was drawn for the last of them, since many that are held against one ensemble need the same.
#[derive(Debug, Default)]
pub struct Measurer {
    drawn: Option<(Drawn, Expectation)>,
}

/// What networks were drawn for.
#[derive(Debug, Clone, PartialEq)]
struct Drawn {
    gram: SymmetricMatrix,
    layers: Vec<LayerEnsemble>,
    replicas: usize,
}

impl Measurer {
    /// A network beside its ensemble.
    pub fn measure(&mut self, network: &Network, data: &Data, request: &Request) -> Result<Measured, MeasureError> {
        let file = &network.file;
        let places: Vec<usize> = (0..network.layers.len()).collect();
        let examined = parallel_map(&places, |&at| -> Result<Examined, MeasureError> {
            let before = at.checked_sub(1).map(|before| &network.layers[before]);
            Ok(examine(&network.layers[at], before, request.scales))
        })?;
        let first = &network.layers[0];
        let rows = data.rows(request.inputs, first.weights.columns, &first.name)?;
        let mut signals = Signals::new(&rows, request.activation);
        let columns = signals.columns().to_vec();
        let input = signals.gram();
        let mut layers = Vec::new();
        let mut found: Vec<Values> = Vec::new();
        let mut tests = Vec::new();
        for (at, (layer, examined)) in network.layers.iter().zip(&examined).enumerate() {
            let linear = request.linear_output && at + 1 == network.layers.len();
            let activation = if linear { Activation::Linear } else { request.activation };
            let (sigma_w, sigma_b, _) = examined.against;
            let refused = |error| MeasureError::Parameter { file: file.clone(), error };
            let ensemble = Ensemble::new(activation, sigma_w, sigma_b).map_err(refused)?;
            let width = Width::new(layer.weights.rows as u64).map_err(refused)?;
            layers.push(LayerEnsemble { ensemble, width });
            let none = vec![0.0; layer.weights.rows];
            let preactivations = signals.times(&layer.weights, layer.biases.as_ref().unwrap_or(&none));
            let on_data = on_data(&signals, &preactivations, [sigma_w * sigma_w, sigma_b * sigma_b]);
            tests.push([examined.tests.clone(), on_data.into_iter().collect()].concat());
            signals = preactivations.activated(activation);
            let gram = signals.gram();
            if !signals.is_finite() || gram.entries().iter().any(|entry| !entry.is_finite()) {
                return Err(MeasureError::Overflow { file: file.clone(), layer: layer.name.clone() });
            }
            found.push(values(&columns, &gram, &input));
        }
        let expectation = self.expectation(&columns, Drawn { gram: input, layers, replicas: request.replicas });
        let expectation = expectation.map_err(|error| MeasureError::Expectation { file: file.clone(), error })?;
        Ok(record(network, request, rows.len(), examined, tests, &found, expectation))
    }

    fn expectation(
        &mut self,
        columns: &[neurodyn_model::Column],
        wanted: Drawn,
    ) -> Result<&Expectation, ExpectationError> {
        let kept = match self.drawn.take().filter(|(drawn, _)| *drawn == wanted) {
            Some(kept) => kept,
            None => {
                let expectation = Expectation::new(columns, &wanted.gram, &wanted.layers, wanted.replicas)?;
                (wanted, expectation)
            }
        };
        Ok(&self.drawn.insert(kept).1)
    }
}

fn record(
    network: &Network,
    request: &Request,
    inputs: usize,
    examined: Vec<Examined>,
    tests: Vec<Vec<super::evidence::Test>>,
    found: &[Values],
    expectation: &Expectation,
) -> Measured {
    let count: usize = tests.iter().map(Vec::len).sum();
    // half of the rate for these, by Bonferroni, half for the trajectory
    let rate = 0.5 * FAMILYWISE;
    let (z, p) = expectation.trajectory(found);
    let trajectory = Trajectory { z, p, replicas: request.replicas, alarmed: p <= rate };
    let mut layers = Vec::new();
    for (at, ((given, examined), tests)) in network.layers.iter().zip(examined).zip(tests).enumerate() {
        let beside = |quantity: Quantity| {
            let (value, theory) = (found[at][quantity as usize]?, expectation.theory[at][quantity as usize]?);
            let z = expectation.deviation(at, quantity, value);
            Some(Beside { found: value, theory, band: expectation.band(at, quantity), z })
        };
        // the least likely; of those too unlikely for a number, the farthest
        let worst = tests.iter().copied().reduce(|worst, test| {
            let less = test.p < worst.p || test.p == worst.p && test.z.abs() > worst.z.abs();
            if less { test } else { worst }
        });
        let nothing = super::evidence::Test { what: super::evidence::What::WeightScale, z: 0.0, p: 1.0 };
        let worst = worst.unwrap_or(nothing);
        let (sigma_w, sigma_b, law) = examined.against;
        layers.push(Layer {
            name: given.name.clone(),
            n_in: given.weights.columns,
            n_out: given.weights.rows,
            sigma_w: examined.sigma_w,
            sigma_b: examined.sigma_b,
            law: examined.law,
            possible: examined.possible,
            schemes: examined.schemes,
            held_against: HeldAgainst { sigma_w, sigma_b, law },
            activity: beside(Quantity::Activity).unwrap_or(Beside { found: 0.0, theory: 0.0, band: [0.0; 2], z: 0.0 }),
            overlap: beside(Quantity::Overlap),
            distance: beside(Quantity::Distance),
            tangent_growth: beside(Quantity::TangentGrowth),
            spectrum: examined.spectrum,
            verdict: LayerVerdict { worst, alarmed: worst.p <= rate / count as f64 },
            tests,
        });
    }
    let alarmed = trajectory.alarmed || layers.iter().any(|layer| layer.verdict.alarmed);
    Measured {
        activation: request.activation.to_string(),
        scales_given: request.scales.sigma_w.is_some(),
        inputs,
        layers,
        left_out: network.left_out.clone(),
        verdict: Verdict { alarmed, familywise: FAMILYWISE, tests: count, trajectory },
    }
}

/// A law by its name.
pub fn law_named(name: &str) -> Option<Law> {
    Law::INDEPENDENT.into_iter().find(|law| law.words().replace(' ', "_") == name)
}
