//! Statistical neurodynamics of random deep networks: theory next to Monte Carlo, as reproducible figures.
//!
//! The layers below the program are crates of their own, whose dependencies say what may use what; this crate holds the experiments, the
//! judgement of them and the commands, and names all layers in one place. ARCHITECTURE.md says why.

pub mod agreement;
pub mod calibration;
pub mod cli;
pub mod driver;
pub mod experiments;
pub mod report;

pub use neurodyn_arrays as arrays;
pub use neurodyn_config as config;
pub use neurodyn_config::nearest;
pub use neurodyn_experiment as experiment;
pub use neurodyn_export as export;
pub use neurodyn_figure as figure;
pub use neurodyn_files as files;
pub use neurodyn_measured as measured;
pub use neurodyn_model as model;
pub use neurodyn_numerics as numerics;
pub use neurodyn_pdf as pdf;
pub use neurodyn_provenance as provenance;
pub use neurodyn_random as random;
pub use neurodyn_render as render;
pub use neurodyn_simulation as simulation;
pub use neurodyn_table as table;
pub use neurodyn_table::golden;
pub use neurodyn_theory as theory;
