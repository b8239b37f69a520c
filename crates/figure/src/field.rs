//! Values over a regular grid.

use super::{Colour, Dash, Select};

/// Perceptually uniform colour maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourMap {
    /// Dark blue to yellow.
    Viridis,
    /// Dark blue to yellow, even for all kinds of colour vision.
    Cividis,
    /// Blue through white to red, for values on both sides of a meaningful middle.
    Diverging,
    /// Once around a circle of hues, for angles.
    Cyclic,
}

/// A heat map of a tidy table: one row for each point of a regular grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Heatmap {
    /// The rows.
    pub rows: Select,
    /// Column on x.
    pub x: String,
    /// Column on y.
    pub y: String,
    /// Column that the colour shows.
    pub value: String,
    /// Label of the colour bar (markup).
    pub label: String,
    /// Colour map.
    pub map: ColourMap,
    /// Whether the colour follows the logarithm of the value.
    pub log: bool,
    /// Whether the values are decimal logarithms of what the label names.
    pub exponent: bool,
    /// Range of the colour bar; values outside have colours of their own, shown by arrows at its ends.
    pub range: Option<(f64, f64)>,
    /// Edges of classes of one colour each.
    pub classes: Option<Vec<f64>>,
    /// Whether values are interpolated between grid points; else each fills a cell.
    pub smooth: bool,
    /// Whether the description of the figure says why some cells have no value.
    pub blanks_explained: bool,
}

impl Heatmap {
    /// A heat map in viridis whose range follows the data.
    pub fn new(rows: impl Into<Select>, x: &str, y: &str, value: &str, label: impl Into<String>) -> Self {
        let (x, y, value) = (x.to_owned(), y.to_owned(), value.to_owned());
        let (rows, label, map) = (rows.into(), label.into(), ColourMap::Viridis);
        let (log, exponent, range, classes, smooth) = (false, false, None, None, false);
        Self { rows, x, y, value, label, map, log, exponent, range, classes, smooth, blanks_explained: false }
    }

    /// Sets the colour map.
    pub fn map(mut self, map: ColourMap) -> Self {
        self.map = map;
        self
    }

    /// Lets the colour follow the logarithm.
    pub fn log(mut self) -> Self {
        self.log = true;
        self
    }

    /// Says that values are decimal logarithms: the bar has the ticks of a logarithmic one.
    pub fn exponent(mut self) -> Self {
        self.exponent = true;
        self
    }

    /// Interpolates between grid points, for fields that do not jump.
    pub fn smooth(mut self) -> Self {
        self.smooth = true;
        self
    }

    /// One colour from each edge up to the next, for whole numbers and what jumps; values before the first edge or from the last one on
    /// are beyond the range.
    pub fn classes(mut self, edges: impl Into<Vec<f64>>) -> Self {
        self.classes = Some(edges.into());
        self
    }

    /// For cells without a value of which the description of the figure says what they are: nothing else is said of them.
    pub fn blanks_explained(mut self) -> Self {
        self.blanks_explained = true;
        self
    }

    /// Fixes the range of the colour bar.
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }
}

/// Lines of equal value over a regular grid, interpolated linearly.
#[derive(Debug, Clone, PartialEq)]
pub struct Contour {
    /// The rows.
    pub rows: Select,
    /// Column on x.
    pub x: String,
    /// Column on y.
    pub y: String,
    /// Column with the values.
    pub value: String,
    /// Levels.
    pub levels: Vec<f64>,
    /// Colour of the lines.
    pub colour: Colour,
    /// Pattern of the lines.
    pub dash: Dash,
    /// Legend label (markup), with `{}` for the level.
    pub label: Option<String>,
    /// Label on the lines themselves (markup), with `{}` for the level.
    pub inline: Option<String>,
}

impl Contour {
    /// Dotted lines, as for phase boundaries.
    pub fn new(rows: impl Into<Select>, x: &str, y: &str, value: &str, levels: impl Into<Vec<f64>>) -> Self {
        Self {
            rows: rows.into(),
            x: x.to_owned(),
            y: y.to_owned(),
            value: value.to_owned(),
            levels: levels.into(),
            colour: Colour::Ink,
            dash: Dash::Dotted,
            label: None,
            inline: None,
        }
    }

    /// Puts the levels on the lines.
    pub fn inline(mut self, label: impl Into<String>) -> Self {
        self.inline = Some(label.into());
        self
    }

    /// Puts the levels in the legend.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the colour.
    pub fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// Sets the pattern.
    pub fn dash(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }
}
