//! Figures in other formats. The SVG that the renderer writes is the source; here it becomes a page of PDF (the same paths, still
//! vectors) or pixels. The same SVG and provenance give the same bytes: no fonts, no times, no random identifiers.

mod content;
mod pdf;
mod png;

pub use png::{decode as decode_png, size as size_of_png};

use neurodyn_provenance::{Media, Provenance};
use resvg::usvg::{Options, Tree};

/// Fewest and most pixels an inch.
pub const DPI: std::ops::RangeInclusive<u32> = 30..=1200;

/// Why an SVG cannot be converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}.{} cannot be made: {reason}", media.extension())]
pub struct ExportError {
    /// Name of the figure.
    pub name: String,
    /// What it was to become.
    pub media: Media,
    /// Why not.
    pub reason: String,
}

/// The bytes of a figure in this format.
pub fn export(svg: &str, media: Media, provenance: &Provenance) -> Result<Vec<u8>, ExportError> {
    let failed = |reason: String| ExportError { name: provenance.figure.clone(), media, reason };
    if media == Media::Svg {
        return Ok(svg.as_bytes().to_vec());
    }
    let tree = Tree::from_str(svg, &Options::default()).map_err(|error| failed(error.to_string()))?;
    match media {
        Media::Svg | Media::Pdf => pdf::page(&tree, provenance),
        Media::Png => png::pixels(&tree, provenance),
    }
    .map_err(failed)
}

#[cfg(test)]
mod tests;
