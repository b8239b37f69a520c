//! How much room a label takes.

use super::error::Problem;
use super::frame::Area;
use super::style::Style;
use super::typeset::typeset;
use neurodyn_typeface::Fonts;
use plotters_backend::BackendCoord;
use std::rc::Rc;

/// Room of a label on the page, relative to the start of its baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Extent {
    pub width: i32,
    /// Height above the baseline.
    pub rise: i32,
    /// Depth below the baseline.
    pub fall: i32,
}

impl Extent {
    /// At least as high and deep as a line of ordinary letters, so that labels without ascenders keep their distance.
    pub fn lined(self, size: i32) -> Self {
        match self.width {
            0 => self,
            _ => Self { rise: self.rise.max(size * 68 / 100), fall: self.fall.max(size * 20 / 100), ..self },
        }
    }

    /// Total height.
    pub fn height(&self) -> i32 {
        self.rise + self.fall
    }

    /// The rectangle of a label whose baseline starts here.
    pub fn at(&self, (x, y): BackendCoord) -> Area {
        Area { left: x, top: y - self.rise, right: x + self.width, bottom: y + self.fall }
    }
}

/// Measures labels in the type of a style.
#[derive(Clone)]
pub(super) struct Ruler {
    pub fonts: Rc<Fonts>,
    pub style: Rc<Style>,
}

impl Ruler {
    /// The room of a label at a size.
    pub fn extent(&self, text: &str, size: i32) -> Result<Extent, Problem> {
        let line = typeset(&self.fonts, text)?;
        let units = |thousandths: f64| (thousandths * f64::from(size) / 1000.0).ceil() as i32;
        Ok(Extent { width: units(line.width), rise: units(line.top), fall: units(-line.bottom) })
    }

    /// The room of a tick label.
    pub fn tick(&self, text: &str) -> Result<Extent, Problem> {
        self.extent(text, self.style.tick)
    }

    /// The room of an axis label or a title.
    pub fn label(&self, text: &str) -> Result<Extent, Problem> {
        Ok(self.extent(text, self.style.label)?.lined(self.style.label))
    }

    /// The room of a note or a legend entry.
    pub fn note(&self, text: &str) -> Result<Extent, Problem> {
        self.extent(text, self.style.legend)
    }
}
