//! What a network is: activation, weight and bias scales, widths, and the inputs it is shown; and what the geometry of a
//! manifold is, given the Gram matrix of its derivatives.

pub mod activation;
mod data;
mod dropout;
mod ensemble;
pub mod formula;
mod geometry;
mod inputs;
mod manifold;
pub mod nearest;
mod perceptron;
mod regression;
mod replicas;
mod scheme;
mod yacht;

pub use activation::Activation;
pub use data::{Centre, Matrix, Scale, Slice};
pub use dropout::Keep;
pub use ensemble::{BiasStd, Ensemble, Network, ParameterError, WeightStd, Width};
pub use formula::{Formula, FormulaError};
pub use geometry::{JetGram, Measure};
pub use inputs::{Column, Inputs, SymmetricMatrix, geometric_mean, pair_distance, root_difference};
pub use manifold::{Jet, Manifold, ManifoldKind, index_pairs};
pub use perceptron::{Perceptron, Sigmoid, SingularCoordinates, Weights, distance_to_singular_region};
pub use regression::{OutputLaw, Regression, Target, Tempered, overlap};
pub use replicas::Replicas;
pub use scheme::Scheme;
pub use yacht::{Examples, Measured, yacht};
