//! PDF files of others: which drawings stand on which page, what each says of itself, and whether two of them draw the same.
//!
//! A file is untrusted. What reading one may cost is bounded by the numbers of [`limits`]; beyond them it is refused with one message.
//! Nothing is mended: where a file contradicts itself it is damaged, since another program might read it in another way.
//!
//! Layers, from below: `limits`, `value`, `lexer` (bytes to values), `flate` (compressed streams), `xref` (where objects are), `file`
//! (objects by number), `pages`, `content` (operators), `drawings`, `figure` (one of them with all it needs), `difference`.

mod content;
mod difference;
mod drawings;
mod figure;
mod file;
mod flate;
mod lexer;
pub mod limits;
mod pages;
mod value;
mod xref;

pub use difference::difference;
pub use drawings::{Document, Drawing, Kind, read};
pub use figure::Figure;

/// Name of the resource of a figure that holds its provenance, and that its content refers to. Programs that make a part of another page
/// from a page may drop what hangs on the page itself, but never its resources.
pub const RESOURCE: &str = "neurodyn";

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// It contradicts itself, or what PDF is.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// It is a part of PDF that is not read here.
    #[error("cannot be read: {0}")]
    Unread(String),
    /// Reading it would cost too much.
    #[error("is refused: it has more than {most} {what}, the most that is read")]
    Beyond {
        /// What there is too much of.
        what: &'static str,
        /// The most of it.
        most: u64,
    },
}

fn damaged(reason: impl Into<String>) -> PdfError {
    PdfError::Damaged(reason.into())
}

#[cfg(test)]
mod tests;
