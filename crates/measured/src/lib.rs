//! One network with given weights beside the ensemble that it was drawn from: scales and laws of its weights, and what it does with data.
//!
//! The ensemble of a layer is `W_ij ~ N(0, sigma_w^2 / n_in)`, `b_i ~ N(0, sigma_b^2)`, all independent. Its scales are given, or those of the layer
//! itself. Tests of weights, biases and preactivations have exact laws or bounds on their tails; the course through the layers is held against
//! networks of the same widths drawn by the exact law.

mod band;
mod drawn;
mod evidence;
mod law;
mod matrix;
mod measure;
mod naming;
mod record;
mod signals;
mod training;
mod weights;

pub use band::{Expectation, ExpectationError, LayerEnsemble, Values, values};
pub use drawn::{directions, drawn, weight_variance};
pub use evidence::{Test, What};
pub use law::Law;
pub use matrix::Matrix;
pub use measure::*;
pub use naming::{Found, LeftOut, Named, NamingError};
pub use record::*;
pub use signals::{Quantity, Signals};
pub use training::Training;
pub use weights::{Given, Scales};
