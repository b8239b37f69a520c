//! What a network is: activation, weight and bias scales, widths, and the inputs it is shown.

pub mod activation;
mod ensemble;
mod inputs;

pub use activation::Activation;
pub use ensemble::{BiasStd, Ensemble, Network, ParameterError, WeightStd, Width};
pub use inputs::{Column, Inputs, SymmetricMatrix};
