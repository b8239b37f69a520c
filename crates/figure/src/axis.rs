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
