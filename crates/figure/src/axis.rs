//! Axes.

/// How values become positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps for equal differences.
    Linear,
    /// Equal steps for equal ratios; all values must be positive.
    Log10,
}

/// An axis. Where a limit is not set, the data set it.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Label (markup).
    pub label: String,
    /// Scale.
    pub scale: Scale,
    /// Lower limit; data below it are not drawn.
    pub low: Option<f64>,
    /// Upper limit; data above it are not drawn.
    pub high: Option<f64>,
    /// Values that an automatic range must reach.
    pub include: Vec<f64>,
    /// Ticks at these values only, instead of automatic ones.
    pub ticks: Option<Vec<f64>>,
    /// Whether ticks stand at multiples of a fraction of pi.
    pub angle: bool,
    /// Whether the data are decimal logarithms of what the label names: ticks are those of a logarithmic axis.
    pub exponent: bool,
    /// Whether values rise downwards, or to the left.
    pub reversed: bool,
    /// Second labels, on the other side of the frame.
    pub opposite: Option<Opposite>,
}

/// Labels of some values of an axis, on the other side of the frame: widths over layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Opposite {
    /// What they are (markup).
    pub label: String,
    /// Values of the axis with their labels (markup).
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis whose range follows the data.
    pub fn linear(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            scale: Scale::Linear,
            low: None,
            high: None,
            include: Vec::new(),
            ticks: None,
            angle: false,
            exponent: false,
            reversed: false,
            opposite: None,
        }
    }

    /// A linear axis of angles, with ticks at multiples of a fraction of pi.
    pub fn angle(label: impl Into<String>) -> Self {
        Self { angle: true, ..Self::linear(label) }
    }

    /// A logarithmic axis with powers of ten as ticks.
    pub fn log10(label: impl Into<String>) -> Self {
        Self { scale: Scale::Log10, ..Self::linear(label) }
    }

    /// An axis of decimal logarithms, such as means of them, with the ticks of a logarithmic axis; the label names what they are
    /// logarithms of.
    pub fn exponent(label: impl Into<String>) -> Self {
        Self { exponent: true, ..Self::linear(label) }
    }

    /// Lets values rise downwards, as rows of a matrix do, or to the left.
    pub fn reversed(mut self) -> Self {
        self.reversed = true;
        self
    }

    /// Puts second labels on the other side of the frame: above it for x.
    pub fn opposite<L: Into<String>>(
        mut self,
        label: impl Into<String>,
        ticks: impl IntoIterator<Item = (f64, L)>,
    ) -> Self {
        let ticks = ticks.into_iter().map(|(value, text)| (value, text.into())).collect();
        self.opposite = Some(Opposite { label: label.into(), ticks });
        self
    }

    /// Fixes both limits.
    pub fn range(mut self, low: f64, high: f64) -> Self {
        (self.low, self.high) = (Some(low), Some(high));
        self
    }

    /// Fixes the lower limit.
    pub fn low(mut self, low: f64) -> Self {
        self.low = Some(low);
        self
    }

    /// Fixes the upper limit.
    pub fn high(mut self, high: f64) -> Self {
        self.high = Some(high);
        self
    }

    /// Makes an automatic range reach this value.
    pub fn include(mut self, value: f64) -> Self {
        self.include.push(value);
        self
    }

    /// Puts ticks at these values only.
    pub fn ticks(mut self, values: impl Into<Vec<f64>>) -> Self {
        self.ticks = Some(values.into());
        self
    }
}
