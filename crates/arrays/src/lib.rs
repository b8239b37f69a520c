//! Arrays in files of others: NPY, NPZ, safetensors, IDX, CSV, Parquet. What is listed costs no memory; what is read takes 8 bytes a number, and an archive may unfold to
//! [`MOST_UNFOLDED`] times its size. Nothing in a file is trusted: sizes are checked before anything is kept.

mod archive;
mod error;
mod gzip;
mod idx;
mod kind;
pub mod npy;
mod npz;
mod parquet;
mod tensors;
#[cfg(test)]
mod tests;
mod text;

pub use archive::{Archive, Entry};
pub use error::ArrayError;
pub use kind::{Kind, Order};
pub use neurodyn_table::foreign::panics_are_caught;
pub use npz::MOST_UNFOLDED;

/// Most bytes of a file: 8 GiB.
pub const MOST_BYTES: u64 = 8 << 30;
/// Most axes of an array.
pub const MOST_AXES: usize = 64;

/// Numbers with a name and a shape, the last axis running fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Its name in the file; empty in a file that holds one array without a name.
    pub name: String,
    /// Length of each axis; none for a single number.
    pub shape: Vec<usize>,
    /// All values, in row order.
    pub values: Vec<f64>,
}

impl Array {
    /// Rows and columns of an array with two axes.
    pub fn matrix(&self) -> Option<(usize, usize)> {
        match self.shape[..] {
            [rows, columns] => Some((rows, columns)),
            _ => None,
        }
    }
}

/// A shape as it is written: `3 x 4`.
pub fn shape_text(shape: &[usize]) -> String {
    match shape {
        [] => "a single number".to_owned(),
        [length] => format!("{length} numbers"),
        _ => shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" x "),
    }
}

/// Numbers of an array of this shape, unless there are more than can be counted.
fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |count, &length| count.checked_mul(length))
}
