//! Panels: axes, marks and what explains them.

use super::{Axis, By, Contour, Heatmap, Select, Series, Slope};
use neurodyn_numerics::quantity::Quantity;

/// Where the legend of a panel goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legend {
    /// In an empty place inside the frame; above the frame if there is none.
    Auto,
    /// Above the frame.
    Above,
    /// No legend.
    Hidden,
}

/// A straight guide at a constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// y equals the constant.
    Horizontal(f64),
    /// x equals the constant.
    Vertical(f64),
    /// y = x.
    Diagonal,
}

/// Where a named guide is.
#[derive(Debug, Clone, PartialEq)]
pub enum Guide {
    /// At a constant.
    At(Rule),
    /// Vertical, at the values of a column.
    Verticals(Select, String),
    /// Horizontal, at the values of a column.
    Horizontals(Select, String),
}

/// A straight line with its name on it: a transition, a cap, a limit. Of several values the first has the name.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// Where it is.
    pub guide: Guide,
    /// What it is (markup).
    pub label: String,
}

/// Where a note stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// At (x, y) in data units.
    Data(f64, f64),
    /// At fractions of the frame from its lower left corner.
    Frame(f64, f64),
}

/// Which part of a note stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Left end of the text.
    Start,
    /// Middle of the text.
    Middle,
    /// Right end of the text.
    End,
}

/// What a note says (markup).
#[derive(Debug, Clone, PartialEq)]
pub enum Words {
    /// This.
    Fixed(String),
    /// What the data say at its place: the value there of the panel's first contour against the first level of that.
    Compared {
        /// Where it is below the level.
        below: String,
        /// Where it is not.
        above: String,
        /// Where there is no value.
        missing: String,
    },
}

/// Text inside the frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Its text.
    pub words: Words,
    /// Where it stands.
    pub place: Place,
    /// Which part of it stands there.
    pub anchor: Anchor,
}

/// What is under the panel where it says something, else one line above it: (Monte Carlo - theory - correction) / standard error, with a band at plus and minus 2.
/// It reads the columns [`Residual::COLUMNS`] of the quantity, the correction where there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    /// The rows.
    pub rows: Select,
    /// Column on x.
    pub x: String,
    /// What is compared.
    pub quantity: String,
    /// Whether the correction is part of the theory, where there is one.
    pub corrected: bool,
    /// Split.
    pub by: Option<By>,
}

impl Residual {
    /// What is read of the quantity.
    pub const COLUMNS: [Quantity; 4] =
        [Quantity::MonteCarlo, Quantity::Theory, Quantity::StandardError, Quantity::Correction];

    /// Residuals of one quantity.
    pub fn new(rows: impl Into<Select>, x: &str, quantity: &str) -> Self {
        let (x, quantity) = (x.to_owned(), quantity.to_owned());
        Self { rows: rows.into(), x, quantity, corrected: true, by: None }
    }

    /// Against theory alone, though there is a correction.
    pub fn uncorrected(mut self) -> Self {
        self.corrected = false;
        self
    }

    /// Splits into one series per value.
    pub fn by(mut self, by: impl Into<By>) -> Self {
        self.by = Some(by.into());
        self
    }
}

/// A frame with axes and marks. Heat maps lie lowest, then bands, guides, lines, points and notes.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Title (markup) above the frame, after the panel's letter.
    pub title: Option<String>,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// Heat map.
    pub heatmap: Option<Heatmap>,
    /// Contours.
    pub contours: Vec<Contour>,
    /// Lines, points, bands, steps, arrows and markers.
    pub series: Vec<Series>,
    /// Guides.
    pub rules: Vec<Rule>,
    /// Slope triangles.
    pub slopes: Vec<Slope>,
    /// Guides with names.
    pub marked: Vec<Marked>,
    /// Notes.
    pub notes: Vec<Note>,
    /// Residuals. They stand in a strip where they say something; where they are what chance makes of them, one line sums them up.
    pub residuals: Vec<Residual>,
    /// Whether the strip stands whatever it says.
    pub strip: bool,
    /// Where the legend goes.
    pub legend: Legend,
    /// Whether one unit on x is as long as one unit on y.
    pub equal_aspect: bool,
}

impl Panel {
    /// An empty panel.
    pub fn new(x: Axis, y: Axis) -> Self {
        Self {
            title: None,
            x,
            y,
            heatmap: None,
            contours: Vec::new(),
            series: Vec::new(),
            rules: Vec::new(),
            slopes: Vec::new(),
            marked: Vec::new(),
            notes: Vec::new(),
            residuals: Vec::new(),
            strip: false,
            legend: Legend::Auto,
            equal_aspect: false,
        }
    }

    /// Sets the title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Adds a line, points, a band, steps, arrows or markers.
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// Adds all of these.
    pub fn all(mut self, series: impl IntoIterator<Item = Series>) -> Self {
        self.series.extend(series);
        self
    }

    /// Theory as lines, Monte Carlo as points and the strip of residuals, all of one quantity of one table.
    pub fn compare(self, rows: impl Into<Select>, x: &str, quantity: &str, by: impl Into<Option<By>>) -> Self {
        let rows = rows.into();
        self.beside((&rows, &Quantity::Theory.column(quantity)), &rows, x, quantity, by)
    }

    /// Theory as lines from one table, Monte Carlo as points from another with the strip of its residuals.
    pub fn beside(
        self,
        (curve, y): (impl Into<Select>, &str),
        rows: impl Into<Select>,
        x: &str,
        quantity: &str,
        by: impl Into<Option<By>>,
    ) -> Self {
        let by = by.into();
        let theory = Series { by: by.clone(), ..Series::theory(curve, x, y) };
        self.series(theory.key("theory")).found(rows, x, quantity, by)
    }

    /// Monte Carlo as points, and the strip of its residuals.
    pub fn found(self, rows: impl Into<Select>, x: &str, quantity: &str, by: impl Into<Option<By>>) -> Self {
        let mut panel = self.found_unkeyed(rows, x, quantity, by);
        if let Some(points) = panel.series.last_mut() {
            points.key = Some("Monte Carlo".to_owned());
        }
        panel
    }

    /// The same without its entry in the legend, where another panel has it.
    pub fn found_unkeyed(self, rows: impl Into<Select>, x: &str, quantity: &str, by: impl Into<Option<By>>) -> Self {
        let (rows, by) = (rows.into(), by.into());
        self.series(Series { by: by.clone(), ..Series::found(&rows, x, quantity) })
            .residual(Residual { by, ..Residual::new(rows, x, quantity) })
    }

    /// Sets the heat map.
    pub fn heatmap(mut self, heatmap: Heatmap) -> Self {
        self.heatmap = Some(heatmap);
        self
    }

    /// Adds contours.
    pub fn contour(mut self, contour: Contour) -> Self {
        self.contours.push(contour);
        self
    }

    /// Adds a guide.
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Adds a note that starts at (x, y) in data units.
    pub fn note(self, text: impl Into<String>, x: f64, y: f64) -> Self {
        self.note_at(text, Place::Data(x, y), Anchor::Start)
    }

    /// Adds a note.
    pub fn note_at(mut self, text: impl Into<String>, place: Place, anchor: Anchor) -> Self {
        self.notes.push(Note { words: Words::Fixed(text.into()), place, anchor });
        self
    }

    /// Names the phases in a plane of weight and bias scale, at two of its corners, as the first contour tells them, which is of `chi_1` at 1.
    pub fn phases(mut self) -> Self {
        let [below, above, missing] = ["ordered", "chaotic", "no fixed point"].map(str::to_owned);
        let words = Words::Compared { below, above, missing };
        let corner = |x, y, anchor| Note { words: words.clone(), place: Place::Frame(x, y), anchor };
        self.notes.extend([corner(0.04, 0.9, Anchor::Start), corner(0.96, 0.06, Anchor::End)]);
        self
    }

    /// Says how something scales, at a place of the frame.
    pub fn scaling(self, law: &str, x: f64, y: f64) -> Self {
        self.note_at(format!(r"$\propto {law}$"), Place::Frame(x, y), Anchor::Start)
    }

    /// Adds residuals to the strip under the panel.
    pub fn residual(mut self, residual: Residual) -> Self {
        self.residuals.push(residual);
        self
    }

    /// Draws the strip of residuals even where one line would say as much.
    pub fn strip(mut self) -> Self {
        self.strip = true;
        self
    }

    /// Adds a guide with its name on it.
    pub fn marked(mut self, rule: Rule, label: impl Into<String>) -> Self {
        self.marked.push(Marked { guide: Guide::At(rule), label: label.into() });
        self
    }

    /// Adds vertical guides at the values of a column, with a name on the first.
    pub fn marked_x(mut self, rows: impl Into<Select>, column: &str, label: impl Into<String>) -> Self {
        let guide = Guide::Verticals(rows.into(), column.to_owned());
        self.marked.push(Marked { guide, label: label.into() });
        self
    }

    /// Adds horizontal guides at the values of a column, with a name on the first.
    pub fn marked_y(mut self, rows: impl Into<Select>, column: &str, label: impl Into<String>) -> Self {
        let guide = Guide::Horizontals(rows.into(), column.to_owned());
        self.marked.push(Marked { guide, label: label.into() });
        self
    }

    /// Says where the legend goes.
    pub fn legend(mut self, legend: Legend) -> Self {
        self.legend = legend;
        self
    }

    /// Makes one unit on x as long as one unit on y.
    pub fn equal_aspect(mut self) -> Self {
        self.equal_aspect = true;
        self
    }
}

/// The letter of the panel of this index: a to z, then aa, ab and so on.
pub fn panel_letter(index: usize) -> String {
    let last = char::from(b'a' + (index % 26) as u8);
    if index < 26 { last.to_string() } else { format!("{}{last}", panel_letter(index / 26 - 1)) }
}
