//! What a network is: activation, weight and bias scales, widths, and the inputs it is shown; and what the geometry of a
//! manifold is, given the Gram matrix of its derivatives.

pub mod activation;
mod ensemble;
mod geometry;
mod inputs;
mod manifold;

pub use activation::Activation;
pub use ensemble::{BiasStd, Ensemble, Network, ParameterError, WeightStd, Width};
pub use geometry::{JetGram, Measure};
pub use inputs::{Column, Inputs, SymmetricMatrix};
pub use manifold::{Jet, Manifold, ManifoldKind, index_pairs};
