//! Statistical neurodynamics of random deep networks: theory next to Monte Carlo, as reproducible figures.
//!
//! Layers import downwards only: `nearest`, `numerics`, `random` < `model` < `theory`, `simulation` < `table`, `figure`, `config` <
//! `experiments` < `golden`, `agreement` < `calibration`, `render`, `provenance`, `files` < `export`, `report` < `driver` < `cli`. `theory` and `simulation` never
//! see each other. ARCHITECTURE.md says why.

pub mod agreement;
pub mod calibration;
pub mod cli;
pub mod config;
pub mod driver;
pub mod experiments;
pub mod export;
pub mod figure;
pub mod files;
pub mod golden;
pub mod model;
pub mod nearest;
pub mod numerics;
pub mod provenance;
pub mod random;
pub mod render;
pub mod report;
pub mod simulation;
pub mod table;
pub mod theory;
