//! A figure in pieces, to be put into a larger document: outlines of glyphs to share, the drawing, and the numbers in it.

use super::error::RenderError;
use super::points::{PanelPoints, points};
use super::{Composed, Look, compose};
use neurodyn_figure::Figure;
use neurodyn_table::Table;

/// A figure without its document. Coordinates are hundredths of a point, the drawing is in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Inline {
    /// Width and height of the page.
    pub size: (i32, i32),
    /// Definitions that the drawing refers to, one element each. They follow from the font alone, so figures can share them.
    pub definitions: Vec<String>,
    /// The drawing, without paper: elements of a group with `fill="none" stroke-linejoin="round"`.
    pub body: String,
    /// The numbers that are drawn, panel by panel.
    pub panels: Vec<PanelPoints>,
    /// What is to be said of the drawing, after its description.
    pub remarks: Vec<String>,
}

/// Draws a figure from the tables that it names, in pieces.
pub fn inline(figure: &Figure, tables: &[Table]) -> Result<Inline, RenderError> {
    let composed = compose(figure, tables, Look::new(None, figure.wish))?;
    let Composed { contents, page, drawn, style, remarks, .. } = composed;
    Ok(Inline {
        size: page.size,
        definitions: drawn.definitions.lines().map(str::to_owned).collect(),
        body: drawn.body,
        panels: points(figure, &contents, &page, &style),
        remarks,
    })
}
