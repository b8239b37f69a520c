//! What was found of a network, as it is printed, drawn and written as JSON.

use super::evidence::Test;
use super::law::Law;
use super::naming::LeftOut;
use serde::Serialize;

/// A number with its standard error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimated {
    /// The number.
    pub value: f64,
    /// Its standard error.
    pub stderr: f64,
}

/// A quantity of a layer beside what is expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Beside {
    /// Of this network on this data.
    pub found: f64,
    /// Of infinitely wide networks.
    pub theory: f64,
    /// Where 95 of 100 networks of these widths lie.
    pub band: [f64; 2],
    /// Standard deviations from the mean of networks of these widths (of the logarithm, for distance and tangent growth).
    pub z: f64,
}

/// The largest singular values of a matrix of weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spectrum {
    /// The largest singular value, from below.
    pub largest: f64,
    /// Where those of independent weights of this scale end: `sigma_w (1 + sqrt(n_out / n_in))`, the edge of Marchenko and Pastur.
    pub edge: f64,
    /// Singular values beyond what chance explains, at most 20: what was learned along single directions.
    pub outliers: usize,
}

/// What is said of a layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerVerdict {
    /// The least likely of its tests.
    pub worst: Test,
    /// Whether that is too unlikely, whatever the number of tests.
    pub alarmed: bool,
}

/// A layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Neurons of the layer before.
    pub n_in: usize,
    /// Neurons.
    pub n_out: usize,
    /// Root of `n_in` times the mean square of the weights.
    pub sigma_w: Estimated,
    /// Root of the mean square of the biases; none where there are no biases.
    pub sigma_b: Option<Estimated>,
    /// Law of single weights.
    pub law: Law,
    /// Laws that are not excluded either.
    pub possible: Vec<Law>,
    /// Initialisations of frameworks that have this law and this scale.
    pub schemes: Vec<&'static str>,
    /// Scales that it is held against.
    pub held_against: HeldAgainst,
    /// Activity.
    pub activity: Beside,
    /// Overlap, where there are several inputs.
    pub overlap: Option<Beside>,
    /// Distance, where there are several inputs.
    pub distance: Option<Beside>,
    /// Growth of a tangent, where there is one.
    pub tangent_growth: Option<Beside>,
    /// Singular values.
    pub spectrum: Spectrum,
    /// All tests.
    pub tests: Vec<Test>,
    /// What they say together.
    pub verdict: LayerVerdict,
}

/// Scales of the ensemble of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HeldAgainst {
    /// Of the weights.
    pub sigma_w: f64,
    /// Of the biases.
    pub sigma_b: f64,
    /// Law of single weights.
    pub law: Law,
}

/// What the network did with the data as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trajectory {
    /// The largest deviation of any quantity in any layer.
    pub z: f64,
    /// The share of networks of the ensemble whose largest deviation is no smaller.
    pub p: f64,
    /// Networks drawn.
    pub replicas: usize,
    /// Whether that is too few.
    pub alarmed: bool,
}

/// The verdict on all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Verdict {
    /// Whether the network is no network of its ensemble.
    pub alarmed: bool,
    /// Probability, or a bound on it, of an alarm on a network of the ensemble.
    pub familywise: f64,
    /// Number of tests of weights, biases and preactivations; half of the rate is divided among them, the other half is that of the trajectory.
    pub tests: usize,
    /// What the network did with the data as a whole.
    pub trajectory: Trajectory,
}

/// A network beside its ensemble.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Activation.
    pub activation: String,
    /// Whether the scales of the ensemble were given, or fitted to each layer.
    pub scales_given: bool,
    /// Inputs that were followed.
    pub inputs: usize,
    /// The layers.
    pub layers: Vec<Layer>,
    /// Arrays of the file that are no part of it.
    pub left_out: Vec<LeftOut>,
    /// The verdict.
    pub verdict: Verdict,
}
