//! Mean-field theory of wide random networks and its first finite-width correction.
//!
//! Closed forms where they exist, quadrature elsewhere. Knows no random numbers and no simulation.

pub mod activity;
pub mod anisotropy;
#[cfg(test)]
mod any_formula;
pub mod backward;
pub mod card;
pub mod continuous;
pub mod critical;
pub mod curvature;
pub mod distance;
pub mod dropout;
pub mod finite_width;
pub mod fisher;
mod given;
pub mod gram;
pub mod initialisation;
pub mod jet;
pub mod koenigs;
mod layers;
pub mod metric;
pub mod moments;
pub mod ntk;
pub mod overlap;
pub mod paradox;
pub mod perceptron;
pub mod phase;
pub mod recurrent;
pub mod regression;
mod roughness;
pub mod signals;

use neurodyn_numerics::roots::NoConvergence;

/// Why a quantity cannot be given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TheoryError {
    /// A search did not converge.
    #[error("{what}: {source}")]
    NoConvergence {
        /// The quantity.
        what: &'static str,
        /// Iterations and residual.
        source: NoConvergence,
    },
    /// The quantity does not exist for these parameters.
    #[error("{what}: {reason}")]
    OutOfRegime {
        /// The quantity.
        what: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// A value overflows.
    #[error("{what} is not finite at layer {layer}")]
    NotFinite {
        /// The quantity.
        what: &'static str,
        /// Layer where it happened (0 = input).
        layer: usize,
    },
}

impl TheoryError {
    /// The reason alone, for readers who know the quantity.
    pub fn reason(&self) -> String {
        match self {
            TheoryError::NoConvergence { source, .. } => source.to_string(),
            TheoryError::OutOfRegime { reason, .. } => (*reason).to_owned(),
            TheoryError::NotFinite { layer, .. } => format!("not finite at layer {layer}"),
        }
    }
}
