//! Fisher information of finite networks: its eigenvalues through the tangent kernel, in law and with explicit weights; its elements within and
//! between units; gradient descent and natural gradient learning of small explicit networks.

mod descent;
mod kernel;
mod law;
mod mlp;
mod natural;
mod spectrum;
mod units;

use super::SimulationError;
pub use descent::descend;
pub use kernel::tangent_kernel;
pub use law::error_grams_in_law;
pub use mlp::{Mlp, Pass};
pub use natural::{Directions, LearningRule, Moment, Task, learn};
pub use spectrum::{fisher_eigenvalues, scaled_fisher};
pub use units::{UnitForms, UnitSample, normal_inputs, unit_forms, unit_sample};
