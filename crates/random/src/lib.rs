//! Random numbers by address: the ChaCha key *is* the address of the draw, so no thread order matters.

mod address;
mod chacha;
mod normal;

pub use address::{Address, Role, Stream};
pub use normal::*;
