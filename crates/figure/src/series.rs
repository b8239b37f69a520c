//! Lines, points, bands, steps, arrows and markers.

use super::{By, ColourMap, Select};
use neurodyn_numerics::quantity::Quantity;

/// Line pattern; each has one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dash {
    /// Theory of infinitely wide networks, or the only theory.
    Solid,
    /// Theory with its correction of order 1/n.
    Dashed,
    /// Boundaries and guides.
    Dotted,
    /// An approximation, a limit or a bound beside the theory.
    DashDot,
    /// Another algorithm, ensemble or law, beside the one in question.
    LongDash,
    /// Joins data, to lead the eye; thinner than theory.
    Join,
}

/// Colour of a series that is not split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Near black: the only series of its panel, guides.
    Ink,
    /// Mid grey.
    Grey,
    /// The n-th colour of the distinct palette, from 0.
    Nth(usize),
    /// Ordered phase (blue).
    Ordered,
    /// Critical (grey).
    Critical,
    /// Chaotic phase (red).
    Chaotic,
}

/// What is drawn for the rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Geometry {
    /// A polyline through (x, y) in row order.
    Line {
        /// Column on y.
        y: String,
        /// Pattern.
        dash: Dash,
    },
    /// Points, with error bars of one standard error if there is a column for it.
    Points {
        /// Column on y.
        y: String,
        /// Column of standard errors.
        stderr: Option<String>,
    },
    /// The area between two columns.
    Band {
        /// Column of lower ends.
        low: String,
        /// Column of upper ends.
        high: String,
    },
    /// A polyline through (x, y) in row order whose colour follows a third column.
    Coloured {
        /// Column on y.
        y: String,
        /// Column that the colour shows, from its least to its greatest value in the panel.
        value: String,
        /// Colour map.
        map: ColourMap,
    },
    /// An area of this height on top of those of the values before, at the same x.
    Stack {
        /// Column of heights.
        y: String,
    },
    /// A histogram whose bins are in the table: x is the lower bin edge.
    Steps {
        /// Column of upper bin edges.
        upper: String,
        /// Column of heights.
        y: String,
    },
    /// Arrows of one length on paper that show directions (u, v) in data units at (x, y).
    Arrows {
        /// Column on y.
        y: String,
        /// Column of x components.
        u: String,
        /// Column of y components.
        v: String,
    },
    /// Vertical lines over the whole height at x (fixed points, depth scales).
    Verticals,
    /// Horizontal lines over the whole width at the values of x's column.
    Horizontals,
}

/// Rows drawn in one way, split into one series per value of a column if asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The rows.
    pub rows: Select,
    /// Column on x.
    pub x: String,
    /// What is drawn.
    pub geometry: Geometry,
    /// Split.
    pub by: Option<By>,
    /// Colour where nothing splits.
    pub colour: Colour,
    /// Legend label (markup) where nothing splits.
    pub label: Option<String>,
    /// Legend entry that says what this mark means, such as `theory`, in the colours that it has.
    pub key: Option<String>,
    /// Whether labels stand where the lines end, in their colours, instead of in the legend. They stand in the legend all the same where a colour bar
    /// takes their room, or where they are too many.
    pub at_end: bool,
    /// Whether markers stay where their values are, the lower ones as rings around the others, as where all fall on one curve.
    pub in_place: bool,
}

impl Series {
    fn new(rows: impl Into<Select>, x: &str, geometry: Geometry) -> Self {
        let rows = rows.into();
        Self {
            rows,
            x: x.to_owned(),
            geometry,
            by: None,
            colour: Colour::Ink,
            label: None,
            key: None,
            at_end: false,
            in_place: false,
        }
    }

    /// Theory: a solid line.
    pub fn theory(rows: impl Into<Select>, x: &str, y: &str) -> Self {
        Self::line(rows, x, y, Dash::Solid)
    }

    /// Finite-width theory: a dashed line.
    pub fn finite_width(rows: impl Into<Select>, x: &str, y: &str) -> Self {
        Self::line(rows, x, y, Dash::Dashed)
    }

    /// Phase boundary: a dotted line.
    pub fn boundary(rows: impl Into<Select>, x: &str, y: &str) -> Self {
        Self::line(rows, x, y, Dash::Dotted)
    }

    /// A line of any pattern.
    pub fn line(rows: impl Into<Select>, x: &str, y: &str, dash: Dash) -> Self {
        Self::new(rows, x, Geometry::Line { y: y.to_owned(), dash })
    }

    /// A thin line that joins data in row order.
    pub fn join(rows: impl Into<Select>, x: &str, y: &str) -> Self {
        Self::line(rows, x, y, Dash::Join)
    }

    /// A line whose colour follows a column.
    pub fn coloured(rows: impl Into<Select>, x: &str, y: &str, value: &str, map: ColourMap) -> Self {
        Self::new(rows, x, Geometry::Coloured { y: y.to_owned(), value: value.to_owned(), map })
    }

    /// Areas on top of each other, one for each value that splits the rows, from the first up.
    pub fn stack(rows: impl Into<Select>, x: &str, y: &str) -> Self {
        Self::new(rows, x, Geometry::Stack { y: y.to_owned() })
    }

    /// Monte Carlo: points with their standard errors.
    pub fn monte_carlo(rows: impl Into<Select>, x: &str, y: &str, stderr: &str) -> Self {
        Self::new(rows, x, Geometry::Points { y: y.to_owned(), stderr: Some(stderr.to_owned()) })
    }

    /// The Monte Carlo of a quantity.
    pub fn found(rows: impl Into<Select>, x: &str, quantity: &str) -> Self {
        let [mc, stderr] = [Quantity::MonteCarlo, Quantity::StandardError].map(|part| part.column(quantity));
        Self::monte_carlo(rows, x, &mc, &stderr)
    }

    /// A quantity that was measured, whose column has its own name, with its errors.
    pub fn measured(rows: impl Into<Select>, x: &str, quantity: &str) -> Self {
        Self::monte_carlo(rows, x, quantity, &Quantity::Error.column(quantity))
    }

    /// Points without error bars.
    pub fn points(rows: impl Into<Select>, x: &str, y: &str) -> Self {
        Self::new(rows, x, Geometry::Points { y: y.to_owned(), stderr: None })
    }

    /// The area between two columns.
    pub fn band(rows: impl Into<Select>, x: &str, low: &str, high: &str) -> Self {
        Self::new(rows, x, Geometry::Band { low: low.to_owned(), high: high.to_owned() })
    }

    /// A histogram with bins from `lower` to `upper` of height `y`.
    pub fn histogram(rows: impl Into<Select>, lower: &str, upper: &str, y: &str) -> Self {
        Self::new(rows, lower, Geometry::Steps { upper: upper.to_owned(), y: y.to_owned() })
    }

    /// A vector field.
    pub fn arrows(rows: impl Into<Select>, x: &str, y: &str, u: &str, v: &str) -> Self {
        Self::new(rows, x, Geometry::Arrows { y: y.to_owned(), u: u.to_owned(), v: v.to_owned() })
    }

    /// Vertical dotted lines at the values of a column.
    pub fn verticals(rows: impl Into<Select>, x: &str) -> Self {
        Self::new(rows, x, Geometry::Verticals)
    }

    /// Horizontal dotted lines at the values of a column.
    pub fn horizontals(rows: impl Into<Select>, y: &str) -> Self {
        Self::new(rows, y, Geometry::Horizontals)
    }

    /// Splits into one series per value.
    pub fn by(mut self, by: impl Into<By>) -> Self {
        self.by = Some(by.into());
        self
    }

    /// Sets the colour.
    pub fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// Puts the series in the legend.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Puts the label of each line where it ends, in its colour, instead of into the legend.
    pub fn label_at_end(mut self) -> Self {
        self.at_end = true;
        self
    }

    /// Keeps markers where their values are, instead of side by side where they would hide each other; the lower ones are rings then.
    pub fn in_place(mut self) -> Self {
        self.in_place = true;
        self
    }

    /// Puts the meaning of the mark in the legend.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
}
