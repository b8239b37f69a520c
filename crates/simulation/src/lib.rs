//! Monte Carlo of finite networks: the macroscopic exact-law sampler and explicit weights behind one interface.
//! Knows no theory.

mod backward;
mod chain_rule;
mod circle;
pub mod cost;
mod dichotomies;
mod dropout;
mod equidistance;
mod explicit;
mod expressivity;
mod fisher;
mod free_energy;
mod gram;
mod macroscopic;
mod moments;
mod networks;
mod observables;
mod online;
mod plan;
mod recurrent;
mod replicas;
mod sweep;

pub use backward::{ErrorGrams, Errors, errors, explicit_errors};
pub use circle::CircleImage;
pub use dichotomies::*;
pub use dropout::Dropout;
pub use equidistance::{PairDeviations, equidistant_prefix, own_variance};
pub use explicit::Explicit;
pub use expressivity::{Features, random_function, see_layers, squares, waves};
pub use fisher::*;
pub use free_energy::{Pooled, Rung, Tempering};
pub use macroscopic::{BLOCK, Macroscopic};
pub use moments::{Moments, Prefix};
pub use networks::{Jets, Networks};
pub use observables::*;
pub use online::*;
pub use plan::{Piece, Plan, Planned, Share, compute_pieces};
pub use recurrent::*;
pub use replicas::*;
pub use sweep::*;

use neurodyn_model::{Activation, Inputs, Network, SymmetricMatrix};
use neurodyn_random::Address;

/// What can go wrong while a network is sampled.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimulationError {
    /// A Gram matrix entry is infinite or not a number.
    #[error("layer {layer} of replica {replica}: the Gram matrix is not finite (the signal overflows)")]
    NotFinite {
        /// Layer where it happened (0 = input).
        layer: usize,
        /// Replica where it happened.
        replica: u64,
    },
    /// Online natural gradient learning met a singular Fisher information.
    #[error("the Fisher information is numerically singular at step {step} of replica {replica}")]
    SingularMetric {
        /// Step where it happened.
        step: u64,
        /// Replica where it happened.
        replica: u64,
    },
    /// No input vectors have the Gram matrix of the inputs.
    #[error("the Gram matrix of the inputs is not positive semidefinite (a scaled pivot is -{defect:e})")]
    Indefinite {
        /// Size of the negative pivot, of a matrix scaled to unit diagonal.
        defect: f64,
    },
    /// Second derivatives through an activation with a kink.
    #[error(
        "{activation} has no second derivative at its kink: the image of a smooth curve has corners, not a curvature"
    )]
    NotSmooth {
        /// The activation.
        activation: Activation,
    },
    /// Tangents of an activation with a jump.
    #[error("{activation} jumps, or its slope is not square-integrable: tangents and errors do not pass through it")]
    NotContinuous {
        /// The activation.
        activation: Activation,
    },
    /// Errors of inputs that are nearly one.
    #[error("layer {layer} of replica {replica}: two signals are too close to each other for the law of their errors")]
    TooClose {
        /// Layer where it happened.
        layer: usize,
        /// Replica where it happened.
        replica: u64,
    },
    /// Masks on columns that are no points.
    #[error(
        "dropout acts on points alone: masks of two points are independent, so a difference or a derivative has none of its own"
    )]
    MaskedDerivative,
    /// The explicit sampler would need inputs of more dimensions than the input layer has.
    #[error("explicit weights need an input width of at least {needed} for {needed} independent inputs, found {width}")]
    TooFewInputs {
        /// Rank of the input Gram matrix.
        needed: usize,
        /// Input width.
        width: u64,
    },
    /// The explicit sampler would need more memory than is sensible.
    #[error("explicit weights at width {width} are beyond the limit of {limit}; use the macroscopic sampler")]
    TooWide {
        /// Width asked for.
        width: u64,
        /// Largest width accepted.
        limit: u64,
    },
    /// Work beyond reason.
    #[error(
        "this would take about {} of one processor and {} of memory; accepted are at most an hour a network, 1000 hours a point of an \
         experiment, and 16 GiB",
        cost::duration(*seconds), cost::size(*bytes)
    )]
    TooLarge {
        /// Seconds of one processor, about.
        seconds: f64,
        /// Bytes, about.
        bytes: f64,
    },
    /// An observable is infinite or not a number.
    #[error("observable {observable} of replica {replica} is not a finite number")]
    Observable {
        /// Which, from 0.
        observable: usize,
        /// Replica where it happened.
        replica: u64,
    },
    /// Replicas of one point with unequal numbers of observables.
    #[error("{found} observables of replica {replica}, but {expected} before")]
    Observables {
        /// Number so far.
        expected: usize,
        /// Number now.
        found: usize,
        /// Replica where it happened.
        replica: u64,
    },
    /// A regression that rounding makes singular.
    #[error("regression with ridge {ridge:e}: the matrix is numerically singular; a ridge above 1e-13 helps")]
    RidgeTooSmall {
        /// The ridge.
        ridge: f64,
    },
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// Gram matrices of layers `0..=L` of one network, `G^l_ij = (x^l_i . x^l_j) / n_l`; index 0 is the input's.
pub type Trajectory = Vec<SymmetricMatrix>;

/// A way to sample finite networks.
pub trait Sampler: Sync {
    /// Gram matrices of all layers of the network at this address (seed, point, replica).
    fn sample(&self, network: &Network, inputs: &Inputs, address: &Address) -> Result<Trajectory, SimulationError>;
}

/// The samplers by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamplerKind {
    /// Exact law of the Gram matrices; no weights.
    Macroscopic,
    /// Explicit weight matrices.
    Explicit,
}

impl SamplerKind {
    /// The sampler of this name.
    pub fn sampler(self) -> &'static dyn Sampler {
        match self {
            SamplerKind::Macroscopic => &Macroscopic,
            SamplerKind::Explicit => &Explicit,
        }
    }
}
