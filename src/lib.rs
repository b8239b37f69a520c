//! Statistical neurodynamics of random deep networks.
//!
//! Layers import downwards only: `numerics`, `random` < `model` < `theory`, `simulation` < `table`, `figure`,
//! `config` < `experiments` < `golden`, `agreement`, `render`, `provenance` < `driver`, `cli`.

pub mod model;
pub mod numerics;
pub mod random;
pub mod simulation;
pub mod table;
pub mod theory;
