//! The bundled typefaces: metrics and outlines of glyphs, subsets of the fonts, and labels as text.
//!
//! Units are thousandths of the font size, y upwards. Nothing is looked up on the machine: the fonts are part of the program.

mod fonts;
mod label;
mod subset;
mod web;

pub use fonts::{Cut, FontError, Fonts, Glyph, Metrics, family};
pub use label::{Bar, Label, LiveText, Run, Set};
pub use subset::{Descriptor, Subset};
pub use web::web_font;

#[cfg(test)]
mod tests;
