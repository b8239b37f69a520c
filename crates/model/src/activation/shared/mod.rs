//! What several activations have in common.

pub mod arcs;
pub mod hermite;
pub mod increment;
pub mod kinks;
pub mod logistic;
pub mod waves;

/// Whether the difference is small enough to need more than a subtraction.
#[inline(always)]
pub fn close(t: f64) -> bool {
    t.abs() < 0.25
}
