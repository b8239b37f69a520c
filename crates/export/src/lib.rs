//! Figures in other formats. The SVG that the renderer writes is the source; here it becomes a page of PDF (the same paths, still
//! vectors) or pixels. The same SVG and provenance give the same bytes: no fonts, no times, no random identifiers.

mod content;
mod live;
mod pdf;
mod png;

pub use png::{decode as decode_png, size as size_of_png};

use neurodyn_provenance::{Media, Provenance};
use neurodyn_typeface::LiveText;
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

/// A drawing.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its SVG.
    pub svg: &'a str,
    /// Where its labels are text: the SVG with outlines, in which the group of each label is called `label-0`, `label-1` and so on, and the labels.
    pub live: Option<(&'a str, &'a LiveText)>,
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(svg: &'a str) -> Self {
        Self { svg, live: None }
    }
}

impl<'a> From<&'a String> for Source<'a> {
    fn from(svg: &'a String) -> Self {
        svg.as_str().into()
    }
}

/// The bytes of a figure in this format.
pub fn export<'a>(
    source: impl Into<Source<'a>>,
    media: Media,
    provenance: &Provenance,
) -> Result<Vec<u8>, ExportError> {
    let Source { svg, live } = source.into();
    let failed = |reason: String| ExportError { name: provenance.figure.clone(), media, reason };
    if media == Media::Svg {
        return Ok(svg.as_bytes().to_vec());
    }
    // usvg reads outlines alone
    let drawing = live.map_or(svg, |(outlined, _)| outlined);
    let tree = Tree::from_str(drawing, &Options::default()).map_err(|error| failed(error.to_string()))?;
    match media {
        Media::Svg | Media::Pdf => pdf::page(&tree, live.map(|(_, text)| text), provenance),
        Media::Png => png::pixels(&tree, provenance),
    }
    .map_err(failed)
}

#[cfg(test)]
mod tests;
