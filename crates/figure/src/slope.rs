//! Triangles that show how something scales.

use super::Panel;

/// A right triangle whose long side has a slope: on logarithmic axes, a power law.
#[derive(Debug, Clone, PartialEq)]
pub struct Slope {
    /// Units up (decades on a logarithmic axis) for each unit across.
    pub power: f64,
    /// Where its left end stands, in fractions of the frame from the lower left corner.
    pub at: (f64, f64),
    /// How wide it is, as a fraction of the frame.
    pub width: f64,
    /// What stands beside it (markup).
    pub label: String,
}

impl Panel {
    /// Shows a slope by a triangle a fifth of the frame wide, its left end at fractions of the frame, with a label such as `$n^{-1/2}$`.
    pub fn slope(mut self, power: f64, (x, y): (f64, f64), label: impl Into<String>) -> Self {
        self.slopes.push(Slope { power, at: (x, y), width: 0.2, label: label.into() });
        self
    }
}
