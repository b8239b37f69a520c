//! The paradox of equidistance: in the chaotic phase all distances tend to `D-bar`, yet the image of a curve is continuous.
//!
//! What resolves it: at every finite depth the image of a curve is smooth below an angle that shrinks like `chi_1^(-l/2)` and
//! equidistant above it ([`circle`]); at every finite width distances are only near to `D-bar`, by as much as `n` and the number of points
//! say ([`pairs`]); and points that no hyperplane told apart get there with a margin ([`shatter`]).

pub mod circle;
pub mod pairs;
pub mod shatter;
