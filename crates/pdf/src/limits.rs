//! What reading one file may cost.

use super::PdfError;
use std::cell::Cell;

/// Most objects that a file may list.
pub const OBJECTS: u64 = 1_000_000;
/// Most sections of its cross-reference table.
pub const SECTIONS: u64 = 1000;
/// Most bytes of objects that are looked at, those that overlap counted each time.
pub const READ: u64 = 1 << 30;
/// Most values (numbers, names, texts of 32 bytes, ...) in all objects that are looked at; a dictionary takes as much memory as ten.
pub const VALUES: u64 = 4_000_000;
/// Most bytes of one text.
pub const TEXT: u64 = 16 << 20;
/// Most bytes of one stream when unfolded.
pub const STREAM: u64 = 64 << 20;
/// Most bytes of all streams when unfolded, one after the other.
pub const UNFOLDED: u64 = 256 << 20;
/// Most bytes of what is kept: streams that hold objects, and figures.
pub const KEPT: u64 = 128 << 20;
/// Most pages.
pub const PAGES: u64 = 20_000;
/// Most drawings on all pages.
pub const DRAWINGS: u64 = 20_000;
/// Deepest nesting: of arrays and dictionaries, of nodes above a page, of drawings in drawings, of references to references.
pub const DEPTH: u64 = 32;
/// Most operands of an operator.
pub const OPERANDS: u64 = 65_536;

/// What is left of a limit.
pub(crate) struct Budget {
    what: &'static str,
    most: u64,
    left: Cell<u64>,
}

impl Budget {
    pub(crate) fn new(what: &'static str, most: u64) -> Self {
        Self { what, most, left: Cell::new(most) }
    }

    /// Takes so much of it.
    pub(crate) fn take(&self, amount: u64) -> Result<(), PdfError> {
        match self.left.get().checked_sub(amount) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(PdfError::Beyond { what: self.what, most: self.most }),
        }
    }

    pub(crate) fn left(&self) -> u64 {
        self.left.get()
    }

    /// The error of taking too much.
    pub(crate) fn beyond(&self) -> PdfError {
        PdfError::Beyond { what: self.what, most: self.most }
    }
}

/// All that reading one file uses up.
pub(crate) struct Budgets {
    pub(crate) read: Budget,
    pub(crate) values: Budget,
    pub(crate) unfolded: Budget,
    pub(crate) kept: Budget,
}

impl Budgets {
    pub(crate) fn new() -> Self {
        Self {
            read: Budget::new("bytes of objects", READ),
            values: Budget::new("values", VALUES),
            unfolded: Budget::new("bytes of unfolded streams", UNFOLDED),
            kept: Budget::new("bytes of figures and packed objects", KEPT),
        }
    }
}

/// Refuses what lies deeper than [`DEPTH`].
pub(crate) fn check_depth(depth: u64) -> Result<(), PdfError> {
    if depth > DEPTH { Err(PdfError::Beyond { what: "levels of nesting", most: DEPTH }) } else { Ok(()) }
}
