//! Figures as plain data: which columns of which tables are drawn, and what each mark means.
//!
//! A figure names tables and columns and holds no numbers of its own beyond levels, ranges and constants of the theory;
//! nothing is computed while drawing. The renderer (`render`) turns it, with the tables, into SVG.
//!
//! Style says each meaning once: theory is a solid line, Monte Carlo a point with its standard error, finite-width theory
//! is dashed, a boundary or a guide is dotted ([`Dash`]), and there is one colour per parameter value ([`Family`]). Points that would hide each
//! other stand side by side; where they are too many, they become a line with the band of their standard errors.
//!
//! Labels are written in a small markup: `$...$` is mathematics, Latin letters and Greek ones (`\sigma`, `\chi`, ...) italic.
//! `_` and `^` shift one symbol or a {group}, `'` is a prime, `^*` a star. `\bar D`, `\hat D`, `\tilde D`, `\dot D`, `\ddot D` and
//! `\sqrt{D}` decorate, `\mathrm{d}` and `\text{...}` are upright, `\mathbf` bold, `\Var`, `\ln`, `\erf`, ... are functions. `\,`, `\:`, `\;`,
//! `\!` and `\quad` are spaces; those around operators come by themselves. `\$`, `\_`, `\{` are literal.

use std::fmt::Display;

mod axis;
mod family;
mod field;
mod look;
mod panel;
mod select;
mod series;
mod slope;
mod usage;
mod venue;

pub use axis::{Axis, Opposite, Scale};
pub use family::{EDGE_SIGMA_W, FAMILIES, Family, PHASES, Phase};
pub use field::{ColourMap, Contour, Heatmap};
pub use look::{Face, Text, Wish};
pub use panel::{Anchor, Guide, Legend, Marked, Note, Panel, Place, Residual, Rule, Words, panel_letter};
pub use select::{By, Colours, Select, Value};
pub use series::{Colour, Dash, Geometry, Series};
pub use slope::Slope;
pub use venue::{Terms, Venue};

/// Printed width of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureWidth {
    /// One journal column, 86 mm.
    Single,
    /// Two journal columns, 178 mm.
    Double,
    /// So many hundredths of a millimetre.
    Hundredths(u32),
}

impl FigureWidth {
    /// So many millimetres.
    pub fn of_millimetres(millimetres: f64) -> Self {
        FigureWidth::Hundredths((millimetres * 100.0).round() as u32)
    }

    /// Width in millimetres, where no venue says another.
    pub fn millimetres(self) -> f64 {
        match self {
            FigureWidth::Single => 86.0,
            FigureWidth::Double => 178.0,
            FigureWidth::Hundredths(count) => f64::from(count) / 100.0,
        }
    }
}

/// Which panels of a row have one vertical axis, and which of a column one horizontal axis. They must have the same label, scale, ticks
/// and fixed limits; the range is then that of all, and tick labels stand once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Those of which none would become small in the range of all.
    Auto,
    /// All.
    Always,
    /// None: each has a range of its own.
    Never,
}

/// A figure: a grid of panels, filled row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// File stem, lower snake case, unique in the project.
    pub name: String,
    /// Plain title, kept in the file and read by screen readers; not drawn.
    pub title: String,
    /// Plain description of what the figure shows; not drawn.
    pub description: String,
    /// What it is of: the sentence about parameters that ends its description. In braces stands the path of a parameter of the experiment file, which
    /// may run through a list of sections, and after a space what there are so many of: `n = {width}, {replicas networks}`. What the file does
    /// not have is left out with its part: parts end at a semicolon or a comma.
    pub setting: Option<&'static str>,
    /// Printed width.
    pub width: FigureWidth,
    /// Printed height in millimetres.
    pub height_mm: f64,
    /// Panels in a row.
    pub columns: usize,
    /// The panels, row by row.
    pub panels: Vec<Panel>,
    /// One legend for all panels, above them, instead of one in each.
    pub shared_legend: bool,
    /// Horizontal axes of columns of panels.
    pub share_x: Sharing,
    /// Vertical axes of rows of panels.
    pub share_y: Sharing,
    /// What it asks for of its look.
    pub wish: Wish,
}

impl Figure {
    /// A figure one journal column wide and 62 mm high.
    pub fn new(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            description: String::new(),
            setting: None,
            width: FigureWidth::Single,
            height_mm: 62.0,
            columns: 1,
            panels: Vec::new(),
            shared_legend: false,
            share_x: Sharing::Auto,
            share_y: Sharing::Auto,
            wish: Wish::default(),
        }
    }

    /// Says what the figure shows.
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Says what the figure is of ([`Figure::setting`]).
    pub fn setting(mut self, sentence: &'static str) -> Self {
        self.setting = Some(sentence);
        self
    }

    /// Makes the figure two journal columns wide.
    pub fn double(mut self) -> Self {
        self.width = FigureWidth::Double;
        self
    }

    /// Sets the height in millimetres.
    pub fn height(mut self, millimetres: f64) -> Self {
        self.height_mm = millimetres;
        self
    }

    /// Sets the number of panels in a row.
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = columns;
        self
    }

    /// A grid two journal columns wide: so many panels in a row, and the height in millimetres.
    pub fn grid(self, columns: usize, millimetres: f64) -> Self {
        self.double().height(millimetres).columns(columns)
    }

    /// Appends a panel.
    pub fn panel(mut self, panel: Panel) -> Self {
        self.panels.push(panel);
        self
    }

    /// Appends panels.
    pub fn panels(mut self, panels: impl IntoIterator<Item = Panel>) -> Self {
        self.panels.extend(panels);
        self
    }

    /// Appends a panel for each value of a column, which its title shows in place of `{}`; what draws it is given the rows of any table
    /// that hold the value.
    pub fn panel_each<V: Into<Value> + Copy + Display>(
        self,
        (column, title): (&str, &str),
        values: impl IntoIterator<Item = V>,
        panel: impl Fn(&dyn Fn(&str) -> Select) -> Panel,
    ) -> Self {
        self.panels(values.into_iter().map(|value| {
            let rows = |table: &str| Select::table(table).filter(column, value);
            panel(&rows).title(title.replace("{}", &value.to_string()))
        }))
    }

    /// Draws one legend above all panels instead of one in each.
    pub fn shared_legend(mut self) -> Self {
        self.shared_legend = true;
        self
    }

    /// Gives the panels of a column one horizontal axis wherever they show the same on it.
    pub fn shared_x(mut self) -> Self {
        self.share_x = Sharing::Always;
        self
    }

    /// Gives the panels of a row one vertical axis wherever they show the same on it.
    pub fn shared_y(mut self) -> Self {
        self.share_y = Sharing::Always;
        self
    }

    /// Gives each panel axes of its own.
    pub fn own_axes(mut self) -> Self {
        (self.share_x, self.share_y) = (Sharing::Never, Sharing::Never);
        self
    }
}
