//! The colours of a heat map: where a value lies on its bar, and what lies beyond.

use super::colour::{ABSENT, above, below, mapped};
use super::scale::Span;
use neurodyn_figure::{ColourMap, Heatmap, Scale};
use plotters::style::RGBColor;

/// How values become colours.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shade {
    pub map: ColourMap,
    pub span: Span,
    /// Edges of classes, in place of a range that is even.
    pub classes: Option<Vec<f64>>,
    /// Whether values lie below and above.
    pub beyond: (bool, bool),
}

/// What shows these values of a map over a range.
pub(super) fn shade(map: &Heatmap, span: Span, values: impl IntoIterator<Item = f64>) -> Shade {
    let classes = map.classes.clone().filter(|edges| edges.len() > 1);
    let mut shade = Shade { map: map.map, span, classes, beyond: (false, false) };
    for value in values {
        let position = shade.position(value);
        shade.beyond.0 |= position < 0.0;
        shade.beyond.1 |= position > 1.0;
    }
    shade
}

impl Shade {
    /// Steps of colour from end to end.
    pub const STEPS: usize = 128;

    /// Where a value lies: from 0 to 1 inside the range, classes at equal steps.
    pub fn position(&self, value: f64) -> f64 {
        if let Some(edges) = &self.classes {
            let (index, count) = (edges.partition_point(|&edge| edge <= value), edges.len() - 1);
            return match index {
                0 => -1.0,
                index if index > count => 2.0,
                index => {
                    let (from, to) = (edges[index - 1], edges[index]);
                    ((index - 1) as f64 + (value - from) / (to - from)) / count as f64
                }
            };
        }
        // what a logarithm does not have lies beyond the low end
        if self.span.scale == Scale::Log10 && value <= 0.0 {
            return -1.0;
        }
        let fraction = self.span.fraction(value);
        if self.span.holds(value) { fraction.clamp(0.0, 1.0) } else { fraction.clamp(-1.0, 2.0) }
    }

    /// The colour at a position.
    pub fn colour(&self, position: f64) -> RGBColor {
        match position {
            p if p < 0.0 => below(self.map),
            p if p > 1.0 => above(self.map),
            p if self.classes.is_some() => {
                let count = self.boxes() as f64;
                mapped(self.map, ((p * count).floor().min(count - 1.0) + 0.5) / count)
            }
            p => mapped(self.map, p),
        }
    }

    /// The colour of a cell.
    pub fn cell(&self, value: Option<f64>) -> RGBColor {
        value.map_or(ABSENT, |value| self.colour(self.position(value)))
    }

    /// How many colours the bar has.
    pub fn boxes(&self) -> usize {
        self.classes.as_ref().map_or(Self::STEPS, |edges| edges.len() - 1)
    }
}
